"""Places: from a variable, a reference or a local down some steps to some bits; what lies there, and how it is written."""

from dataclasses import dataclass
from typing import assert_never

from speccheck.domains.base import Domain
from speccheck.domains.layout import Code, MapCode, RecordCode, SlotsCode, UnionCode, code_of
from speccheck.domains.scalars import Integers
from speccheck.domains.unions import Union
from speccheck.engines.native.emit.bits import Bits
from speccheck.engines.native.emit.forms import ctype, pack, unpack
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.text import is_number, is_plain, number_of, word
from speccheck.program.expressions import AlternativeStep, Constant, Expression, FieldStep, ItemStep, KeyStep, Local, Place, Variable
from speccheck.program.places import failure_beside
from speccheck.program.types import Ref


@dataclass(frozen=True)
class Part:
    """A place that was found: the bits of a value. `present` is what the slot of a partial map adds to the number of its value (layout.MapCode), else 0.
    `integer`: a local that holds an integer itself, not its number.
    """

    bits: Bits
    domain: Domain
    present: int = 0
    integer: bool = False

    @property
    def code(self) -> Code:
        """The code of the value."""
        return code_of(self.domain)


def part_of(f: Function, place: Place) -> Part:
    """Return the bits of a place; the function fails where there is no such place."""
    part = _root(f, place.root)
    for step in place.steps:
        match step:
            case FieldStep(index):
                part = field_of(part, index)
            case KeyStep(key, sure):
                part = value_at(f, part, key, sure)
            case ItemStep(index, sure):
                part = item_at(f, part, index, sure)
            case AlternativeStep(number):
                code = part.code
                assert isinstance(code, UnionCode) and code.tag_shift is not None and isinstance(part.domain, Union)
                f.fail_if(f"{part.bits.plus(code.tag_shift).read(code.bits - code.tag_shift)} != {number}", failure_beside(part.domain, number))
                part = Part(part.bits, code.alternatives[number].domain)
            case _:
                assert_never(step)
    return part


def _root(f: Function, root: Variable | Local | Expression) -> Part:
    if isinstance(root, Variable):
        layout = f.unit.layout
        return Part(f.state(root.which).plus(layout.shifts[root.index]), layout.codes[root.index].domain)
    if isinstance(root, Expression):
        assert isinstance(root.type, Ref)
        return Part(f.state(root.type.which).plus(0, f.plain("u32", f.value(root), "ref")), root.type.domain)
    if isinstance(root.type, Ref):
        return Part(f.state(root.type.which).plus(0, f.declare(root)), root.type.domain)
    return Part(f.bits_of(root), root.type, integer=isinstance(root.type, Integers))


def field_of(part: Part, index: int) -> Part:
    """Return a field of a mutable record."""
    code = part.code
    assert isinstance(code, RecordCode)
    return Part(part.bits.plus(code.shifts[index]), code.fields[index].domain)


def at(f: Function, bits: Bits, off: str) -> Bits:
    """Return the bits at an offset that is computed; the offset is a name then."""
    if is_number(off):
        return bits.plus(number_of(off))
    whole = bits.plus(0, off)
    return Bits(bits.text, bits.wide, bits.total, 0, f.temporary("u32", whole.offset, "at"))


def slot_offset(count: int, index: str, width: int) -> str:
    """Return where slot `index` of `count` begins, the first one being highest."""
    if is_number(index):
        return str((count - 1 - number_of(index)) * width)
    off = f"({count - 1} - {index})" if count > 1 else f"(0 - {index})"
    return off if width == 1 else f"{off} * {width}"


def slot_of(f: Function, part: Part, key: str) -> Part:
    """Return the slot of a key, given by its number, in a map."""
    code = part.code
    assert isinstance(code, MapCode)
    key = key if is_plain(key) else f"({key})"
    return Part(at(f, part.bits, slot_offset(code.key.count, key, code.slot_bits)), code.value.domain, code.present)


def is_there(slot: Part) -> str:
    """Return the test whether a slot of a partial map holds a value."""
    width = slot.code.bits
    if slot.present > 1:
        return slot.bits.plus(width).read(1)
    return f"{slot.bits.read(slot.code.count.bit_length())} != 0"


def value_at(f: Function, part: Part, key: Expression, sure: bool) -> Part:
    """Return the value of a key in a map; the function fails where it is missing."""
    slot = slot_of(f, part, f.number(key))
    if slot.present and not sure:
        f.fail_unless(is_there(slot), "error")
    return slot


def item_at(f: Function, part: Part, index: Expression, sure: bool) -> Part:
    """Return an element of a list or sequence; the function fails where the index is out of range."""
    code = part.code
    assert isinstance(code, SlotsCode)
    text = f.value(index)
    if not sure:
        text = position(f, text, length_of(part), index)
        f.fail_if(f"{word(text)} >= {length_of(part)}", "error")
    elif isinstance(index, Constant):
        text = str(index.value)
    return element_at(f, part, text)


def position(f: Function, text: str, length: str, index: Expression) -> str:
    """Return a Python index counted from the beginning, as a name; it may be out of range."""
    if isinstance(index, Constant) and index.value >= 0:
        return str(index.value)
    if isinstance(index.type, Integers) and index.type.low >= 0:
        return f.plain("i64", text, "i")
    name = f.temporary("i64", text, "i")
    f.line(f"if ({name} < 0) {name} += (i64){length};")
    return name


def element_at(f: Function, part: Part, index: str) -> Part:
    """Return the element with an index that is in range."""
    code = part.code
    assert isinstance(code, SlotsCode)
    index = index if is_plain(index) else f"({index})"
    return Part(at(f, part.bits, slot_offset(code.capacity, index, code.slot_bits)), code.element.domain)


def length_of(part: Part) -> str:
    """Return the length of a list, sequence, bag or sorted set."""
    code = part.code
    assert isinstance(code, SlotsCode)
    return part.bits.plus(code.length_shift).read(code.length_bits)


def loaded(f: Function, part: Part) -> str:
    """Return the value at a place; a struct is a name."""
    code = part.code
    if part.integer:
        return part.bits.text
    if code.wide:
        bits = part.bits
        if bits.text.endswith(".w") and bits.offset == "0" and bits.total == code.bits:
            return bits.text.removesuffix(".w")
        name = f.empty(part.domain, "part")
        f.line(f"sc_copy({name}.w, 0, {bits.text}, {bits.offset}, {code.bits});")
        return name
    if part.present == 1:
        return unpack(part.domain, f"({part.bits.read(code.count.bit_length())} - 1)")
    return unpack(part.domain, part.bits.read(code.bits))


def stored(f: Function, part: Part, value: str) -> None:
    """Write a value to a place."""
    code = part.code
    if part.integer:
        f.line(f"{part.bits.text} = {value};")
    elif code.wide:
        f.line(f"sc_copy({pointer(part.bits)}, {part.bits.offset}, {value}.w, 0, {code.bits});")
    elif part.present == 1:
        number = pack(part.domain, value)
        number = str(number_of(number) + 1) if is_number(number) else f"({number} + 1)"
        f.line(part.bits.write(code.count.bit_length(), number))
    elif text := part.bits.write(code.bits, pack(part.domain, value)):
        f.line(text)
    if part.present > 1:
        f.line(part.bits.plus(code.bits).write(1, "1"))


def pointer(bits: Bits) -> str:
    """Return the address of the words that hold the bits."""
    return bits.text if bits.wide else f"&{bits.text}"


def offset_of(part: Part) -> str:
    """Return the offset of a part in its state."""
    return part.bits.offset


def c_of(part: Part) -> str:
    """Return the C type of the value at a place."""
    return ctype(part.domain)
