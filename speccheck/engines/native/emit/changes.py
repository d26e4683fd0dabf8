"""Changes of containers where they lie: in a state, in a part, in a local."""

from collections.abc import Callable

from speccheck.domains.containers import Bags, Sets
from speccheck.domains.layout import Code, MapCode, MaskCode, SlotsCode
from speccheck.engines.native.emit import containers
from speccheck.engines.native.emit.analysis import of_state
from speccheck.engines.native.emit.forms import pack
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import Part, is_there, part_of, position, slot_of, stored
from speccheck.engines.native.emit.text import bare, is_number, is_plain, number_of, operand, word
from speccheck.program.expressions import Failure
from speccheck.program.statements import Change


def change(f: Function, one: Change) -> None:
    """Write a change. Arguments come first, as in Python."""
    texts = [f.value(argument) for argument in one.arguments]
    state = of_state(one.place)
    if state:
        f.before_write()
    part = part_of(f, one.place)
    match part.code:
        case MaskCode():
            _mask(f, part, part.code, one, pack(part.code.element.domain, texts[0]))
        case MapCode():
            _map(f, part, part.code, one, pack(part.code.key.domain, texts[0]))
        case SlotsCode():
            _slots(f, part, part.code, one, texts)
        case _:
            raise AssertionError(part.code)
    if state:
        f.written()


def _too_much(one: Change) -> Failure:
    """How it fails to put more into a container than it has room for: nobody said how long one in a variable of the rule may be."""
    return "domain" if of_state(one.place) else "beyond"


def _mask(f: Function, part: Part, code: MaskCode, one: Change, number: str) -> None:
    number = number if is_plain(number) else f.temporary("u64", number, "element")
    bit = containers.bit_of(f, part, number)
    if one.operation == "remove":
        f.fail_unless(bit, "error")
    at, bits = part.bits.text, part.bits
    capacity = code.domain.capacity  # type: ignore[attr-defined]
    if one.operation == "add" and capacity < code.element.domain.size:
        full = f"{containers.length_of_part(f, part)} >= {capacity}"
        f.fail_if(f"!{operand(bit)} && {full}", _too_much(one))
    if bits.wide:
        off = bits.plus(number_of(number)).offset if is_number(number) else f"{bits.offset}, {number}"
        off = off if ", " in off else f"{off}, 0"
        f.line(f"{'sc_set' if one.operation == 'add' else 'sc_unset'}({at}, {off});")
        return
    place = bits.plus(number_of(number)) if is_number(number) else bits.plus(0, number)
    f.line(place.write(1, "1" if one.operation == "add" else "0"))


def _map(f: Function, part: Part, code: MapCode, one: Change, key: str) -> None:
    slot = slot_of(f, part, key if is_plain(key) else f.temporary("u64", key, "k"))
    if one.operation == "delete_key":
        f.fail_unless(is_there(slot), "error")
    if slot.bits.wide:
        f.line(f"sc_clear({slot.bits.text}, {slot.bits.offset}, {code.slot_bits});")
    else:
        f.line(slot.bits.write(code.slot_bits, "0"))


def _slots(f: Function, part: Part, code: SlotsCode, one: Change, texts: list[str]) -> None:
    domain, element = part.domain, code.element.domain
    at, off, write_back = _in_words(f, part, code)
    of = containers.shape(code, off)

    def address(text: str) -> str:
        return containers.address(f, element, text)

    match one.operation:
        case "add" if isinstance(domain, Bags):
            e = address(texts[0])
            f.fail_if(f"!sc_insert({at}, {of}, sc_below({at}, {of}, {e}), {e})", _too_much(one))
        case "add":
            f.fail_if(f"!sc_include({at}, {of}, {address(texts[0])})", _too_much(one))
        case "discard":
            f.line(f"sc_exclude({at}, {of}, {address(texts[0])});")
        case "remove":
            assert isinstance(domain, Bags | Sets)
            f.fail_if(f"!sc_exclude({at}, {of}, {address(texts[0])})", "error")
        case "append":
            f.fail_if(f"!sc_append({at}, {of}, {address(texts[0])})", _too_much(one))
        case "insert":
            n = f.temporary("i64", f"(i64)sc_length({at}, {of})", "length")
            i = f.temporary("i64", f"sc_bound({bare(texts[0])}, {n}, 1)", "i")
            f.fail_if(f"!sc_insert({at}, {of}, (u64){i}, {address(texts[1])})", _too_much(one))
        case "delete":
            n = f.temporary("u64", f"sc_length({at}, {of})", "length")
            i = position(f, texts[0], n, one.arguments[0])
            f.fail_if(f"{word(i)} >= {n}", "error")
            f.line(f"sc_delete({at}, {of}, {word(i)});")
        case "reverse":
            a, b = (f.names.numbered("held") for _ in range(2))
            f.line(f"u64 {a}[{code.slot_bits // 64 + 2}] = {{0}}, {b}[{code.slot_bits // 64 + 2}] = {{0}};")
            f.line(f"sc_turn({at}, {of}, {a}, {b});")
        case _:
            raise AssertionError(one.operation)
    write_back()


def _in_words(f: Function, part: Part, code: Code) -> tuple[str, str, Callable[[], None]]:
    """Return a pointer to the words of a container, its offset there, and what writes them back where it lies in a register."""
    if part.bits.wide:
        return part.bits.text, part.bits.offset, lambda: None
    at, _ = containers.words(f, part)
    return at, "0", lambda: stored(f, part, at if code.wide else f"{at}[0]")
