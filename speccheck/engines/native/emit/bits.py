"""Where some bits lie: in a register or in words of memory, at an offset that is known or computed. One scheme for states, parts, and values of locals."""

from dataclasses import dataclass, replace

from speccheck.engines.native.emit.text import bare, is_number, number_of, operand, split_remark, unsigned, word


def mask(width: int) -> str:
    """Return `width` ones."""
    ones = (1 << width) - 1
    return f"{ones}" if width <= 7 else f"{ones:#x}" if width <= 31 else f"{ones:#x}ull"


@dataclass(frozen=True)
class Bits:
    """A string of bits. `text` is a `u64` (narrow) or a pointer to words (wide); `total` bits of it are used, those above are 0."""

    text: str
    wide: bool
    total: int
    const: int = 0
    dyn: str = ""

    def plus(self, const: int, dyn: str = "") -> "Bits":
        """Return the place some bits higher."""
        return replace(self, const=self.const + const, dyn=f"{self.dyn} + {dyn}" if self.dyn and dyn else self.dyn or dyn)

    @property
    def offset(self) -> str:
        """The offset as a C expression."""
        if not self.dyn:
            return str(self.const)
        return f"{self.const} + {self.dyn}" if self.const else self.dyn

    def read(self, width: int) -> str:
        """Return the number in the lowest `width` bits from here, at most 64."""
        if width == 0:
            return "0"
        if self.wide and (self.dyn or self.const % 64 + width > 64):
            return f"sc_get({self.text}, {self.offset}, {width})"
        text, shift, total = self.text, self.const, self.total
        if self.wide:
            text, shift, total = f"{text}[{shift // 64}]", shift % 64, min(64, total - shift // 64 * 64)
        shifted = text
        if self.dyn:
            shifted = f"({text} >> ({self.offset}))" if not self.dyn.isidentifier() or self.const else f"({text} >> {self.dyn})"
        elif shift:
            shifted = f"({text} >> {shift})"
        if width == 64 or (not self.dyn and shift + width >= total):
            return shifted
        return f"({shifted} & {mask(width)})"

    def write(self, width: int, value: str) -> str:
        """Return the statement that writes a number into the lowest `width` bits from here, at most 64."""
        if width == 0:
            return ""
        if self.wide:
            return f"sc_put({self.text}, {self.offset}, {width}, {bare(value)});"
        at, off = self.text, f"({self.offset})" if (self.dyn and not self.dyn.isidentifier()) or (self.dyn and self.const) else self.offset
        if not self.dyn and self.const == 0 and width >= self.total:
            return f"{at} = {bare(value)};"
        ones = word(mask(width))
        here = f"({ones} << {off})" if off != "0" else ones
        if is_number(value):
            number, note = number_of(value), split_remark(value)[1]
            if not self.dyn:
                here, put = word(unsigned((1 << width) - 1 << self.const)), word(unsigned(number << self.const))
            else:
                put = f"({word(unsigned(number))} << {off})"
            if number == 0:
                return f"{at} &= ~{here};{note}"
            if number == (1 << width) - 1:
                return f"{at} |= {bare(here)};{note}"
            return f"{at} = ({at} & ~{here}) | {put};{note}"
        return f"{at} = ({at} & ~{here}) | " + (f"({value if value.isidentifier() else word(value)} << {off});" if off != "0" else f"{operand(value)};")
