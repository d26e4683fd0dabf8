"""Questions to containers: length, membership, items, counts. A container that lies in a state is asked there, without being copied."""

from collections.abc import Callable

from speccheck.domains.base import Domain
from speccheck.domains.layout import MapCode, MaskCode, SlotsCode, code_of
from speccheck.engines.native.emit.bits import Bits
from speccheck.engines.native.emit.forms import ctype, is_wide, pack
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import Part, element_at, is_there, length_of, loaded, part_of, position, slot_of
from speccheck.engines.native.emit.text import bare, is_number, is_plain, number_of, word
from speccheck.program.expressions import Contains, Count, Expression, GetItem, IndexOf, Length, Load
from speccheck.program.types import Ref


def view(f: Function, expression: Expression) -> Part:
    """Return where the value of a container lies."""
    if isinstance(expression, Load) and not isinstance(expression.type, Ref):
        part = part_of(f, expression.place)
        if part.present != 1:
            return part
        return held(f, expression.type, loaded(f, part))
    assert not isinstance(expression.type, Ref)
    return held(f, expression.type, f.value(expression))


def held(f: Function, domain: Domain, text: str) -> Part:
    """Return the part that a value is, which is no integer."""
    code = code_of(domain)
    if code.wide:
        return Part(Bits(f"{text}.w", True, code.bits), domain)
    return Part(Bits(f.plain("u64", text, "c"), False, code.bits), domain)


def words(f: Function, part: Part) -> tuple[str, str]:
    """Return a pointer to the words that hold a part, and its offset there; a narrow one is put into memory."""
    if part.bits.wide:
        return part.bits.text, part.bits.offset
    name = f.empty(part.domain, "w")
    f.line(f"{name}.w[0] = {bare(part.bits.read(part.code.bits))};")
    return f"{name}.w", "0"


def shape(code: SlotsCode, off: str) -> str:
    """Return the description of slots for the functions of values.h."""
    return f"SC_SLOTS({off}, {code.capacity}, {code.slot_bits}, {code.length_bits})"


def address(f: Function, domain: Domain, text: str) -> str:
    """Return a pointer to the words of a value."""
    if is_wide(domain):
        return f"{text}.w"
    name = f.names.numbered("e")
    if f.hoisting:
        f.declared.append(f"u64 {name}[2] = {{0}};")
        f.line(f"{name}[0] = {bare(pack(domain, text))};")
    else:
        f.line(f"u64 {name}[2] = {{{bare(pack(domain, text))}}};")
    return name


def bit_of(f: Function, part: Part, number: str) -> str:
    """Return the bit of a mask."""
    if is_number(number):
        return part.bits.plus(number_of(number)).read(1)
    if part.bits.wide:
        return f"sc_bit({part.bits.text}, {part.bits.offset}, {bare(number)})"
    return part.bits.plus(0, number if is_plain(number) else f"({number})").read(1)


def length(f: Function, e: Length) -> str:
    """Return the number of elements."""
    part = view(f, e.value)
    return length_of_part(f, part)


def length_of_part(f: Function, part: Part) -> str:
    """Return the number of elements of a container, as an integer."""
    code = part.code
    match code:
        case MaskCode() if part.bits.wide:
            return f"(i64)sc_ones({part.bits.text}, {part.bits.offset}, {code.bits})"
        case MaskCode():
            return f"(i64)__builtin_popcountll({bare(part.bits.read(code.bits))})"
        case SlotsCode():
            return f"(i64){length_of(part)}"
        case MapCode(total=True):
            return str(code.key.domain.size)
        case MapCode():
            name = f.temporary("i64", "0", "length")
            i = f.names.fresh("i")
            with f.block(f"for (u64 {i} = 0; {i} < {code.key.count}; {i}++)"):
                f.line(f"{name} += {bare(is_there(slot_of(f, part, i)))};")
            return name
    raise AssertionError(code)


def contains(f: Function, e: Contains) -> str:
    """Return whether an element is there."""
    part = view(f, e.container)
    code = part.code
    match code:
        case MaskCode():
            return bit_of(f, part, f.number(e.element))
        case MapCode(total=True):
            f.value(e.element)
            return "1"
        case MapCode():
            return f"({is_there(slot_of(f, part, f.number(e.element)))})"
        case SlotsCode():
            text = f.value(e.element)
            at, off = words(f, part)
            of = shape(code, off)
            return f"(sc_find({at}, {of}, {address(f, code.element.domain, text)}, 0) < sc_length({at}, {of}))"
    raise AssertionError(code)


def count(f: Function, e: Count) -> str:
    """Return how often an element is there."""
    part = view(f, e.container)
    text = f.value(e.element)
    assert isinstance(part.code, SlotsCode)
    at, off = words(f, part)
    return f"(i64)sc_count({at}, {shape(part.code, off)}, {address(f, part.code.element.domain, text)})"


def index_of(f: Function, e: IndexOf) -> str:
    """Return the index of the first equal element."""
    part = view(f, e.container)
    text = f.value(e.element)
    assert isinstance(part.code, SlotsCode)
    at, off = words(f, part)
    of = shape(part.code, off)
    name = f.temporary("i64", f"(i64)sc_find({at}, {of}, {address(f, part.code.element.domain, text)}, 0)", "i")
    f.fail_if(f"{word(name)} == sc_length({at}, {of})", "error")
    return name


def item(f: Function, e: GetItem, converted: Callable[[str, Domain], str]) -> str:
    """Return the value of a key or the element at an index. `converted` makes a value of the container's one of the result's, which may have a default, too."""
    part = view(f, e.container)
    code = part.code
    if isinstance(code, MapCode):
        found = slot_of(f, part, f.plain("u64", f.number(e.key), "k"))
        test = "" if code.total else f"({is_there(found)})"
    else:
        assert isinstance(code, SlotsCode)
        size = f.temporary("u64", length_of(part), "length")
        index = position(f, f.value(e.key), size, e.key)
        found, test = Part(part.bits, code.element.domain), f"({word(index)} < {size})"
    if e.default is None:
        if test:
            f.fail_unless(test, "error")
        return loaded(f, found if isinstance(code, MapCode) else element_at(f, part, index))
    c = ctype(e.type)
    if not test:
        f.value(e.default)  # Python evaluates it, and it may fail
        return converted(loaded(f, found), found.domain)
    name = f.temporary(c, f.value(e.default), "item")
    with f.block(f"if {test}"):
        there = found if isinstance(code, MapCode) else element_at(f, part, index)
        f.line(f"{name} = {bare(converted(loaded(f, there), there.domain))};")
    return name
