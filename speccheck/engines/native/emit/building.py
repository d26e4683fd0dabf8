"""Building a container, element by element."""

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Sets
from speccheck.domains.layout import MapCode, MaskCode, SlotsCode, code_of
from speccheck.domains.tuples import FrozenSets
from speccheck.engines.native.emit import containers
from speccheck.engines.native.emit.bits import Bits
from speccheck.engines.native.emit.forms import pack
from speccheck.engines.native.emit.function import Function, Reason
from speccheck.engines.native.emit.places import Part, slot_of, stored
from speccheck.engines.native.emit.text import bare, is_plain


class Building:
    """A container that grows in a variable of its own. What does not fit into it fails."""

    def __init__(self, f: Function, domain: Domain, full: Reason) -> None:
        self.f, self.domain, self.code, self.full = f, domain, code_of(domain), full
        self.narrow = not isinstance(self.code, SlotsCode) and not self.code.wide
        if self.narrow:
            self.name = f.temporary("u64", "0", "made")
            self.part = Part(Bits(self.name, False, self.code.bits), domain)
        else:
            self.name = f.empty(domain, "made")
            self.part = Part(Bits(f"{self.name}.w", True, self.code.bits), domain)

    def add(self, text: str) -> None:
        """Add an element to a set or bag, or at the end of a list."""
        f, code = self.f, self.code
        match code:
            case MaskCode():
                number = bare(pack(code.element.domain, text))
                f.line(f"{self.name} |= 1ull << {number if is_plain(number) else f'({number})'};" if self.narrow else f"sc_set({self.name}.w, 0, {number});")
            case SlotsCode():
                of, e = containers.shape(code, "0"), containers.address(f, code.element.domain, text)
                match self.domain:
                    case Sets() | FrozenSets():
                        done = f"sc_include({self.name}.w, {of}, {e})"
                    case Bags():
                        done = f"sc_insert({self.name}.w, {of}, sc_below({self.name}.w, {of}, {e}), {e})"
                    case _:
                        done = f"sc_append({self.name}.w, {of}, {e})"
                f.fail_if(f"!{done}", self.full)
            case _:
                raise AssertionError(code)

    def put(self, key: str, text: str) -> None:
        """Give a key of a map a value."""
        code = self.code
        assert isinstance(code, MapCode)
        number = pack(code.key.domain, key)
        stored(self.f, slot_of(self.f, self.part, number if is_plain(number) else self.f.temporary("u64", number, "k")), text)

    def result(self) -> str:
        """Return the container."""
        if isinstance(self.code, MaskCode) and self.domain.capacity < self.code.element.domain.size:  # type: ignore[attr-defined]
            many = containers.length_of_part(self.f, self.part)
            self.f.fail_if(f"{many} > {self.domain.capacity}", self.full)  # type: ignore[attr-defined]
        return self.name if self.narrow or self.code.wide else f"{self.name}.w[0]"
