"""Sources: what a `for`, a comprehension or a `choose` goes through, as counters that a C loop moves."""

from collections.abc import Callable
from typing import assert_never

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags
from speccheck.domains.layout import MapCode, MaskCode, SlotsCode
from speccheck.domains.scalars import Integers
from speccheck.engines.native.emit import containers, orders
from speccheck.engines.native.emit.courses import Course, Made, named, numbers_of
from speccheck.engines.native.emit.forms import NotEmitted, unpack
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import Part, element_at, is_there, length_of, loaded, part_of, slot_of
from speccheck.engines.native.emit.text import signed, unsigned
from speccheck.program.expressions import (
    ContainerSource,
    EnumerateSource,
    RangeSource,
    ReferenceSource,
    Source,
    SubsetsSource,
    ValuesSource,
    ZipSource,
)


def course(f: Function, source: Source, hint: str = "i", any_order: bool = False) -> Course:
    """Return how to go through a source, after the lines that evaluate what it is made of. `any_order`: the order does not matter."""
    match source:
        case RangeSource():
            return _range(f, source, hint)
        case ValuesSource(domain):
            return _values(f, domain, hint)
        case ContainerSource():
            return _container(f, source, hint, any_order)
        case ReferenceSource():
            return _references(f, source, hint)
        case EnumerateSource(inner, start):
            return _enumerated(f, inner, f.value(start))
        case ZipSource(inner):
            return _zipped(f, inner)
        case SubsetsSource():
            return _subsets(f, source, hint)
        case _:
            assert_never(source)


def _counter(hint: str) -> str:
    """Return the name of a counter that is not the value."""
    return hint if hint.endswith("_at") else f"{hint}_at"


def _range(f: Function, source: RangeSource, hint: str) -> Course:
    start = f.value(source.start)
    stop = f.plain("i64", f.value(source.stop), "stop")
    i, step = f.names.fresh(hint), source.step
    # The last round must not step over the end of 64 bits.
    if abs(step) == 1:
        return Course([("i64", i, start)], f"{i} {'<' if step > 0 else '>'} {stop}", f"{i}{'++' if step > 0 else '--'}", (named(i),), simple=True)
    rounds = f.names.fresh("rounds")
    first = f.plain("i64", start, "first")
    near, far = (first, stop) if step > 0 else (stop, first)
    many = f"{near} < {far} ? ((u64){far} - (u64){near} + {abs(step) - 1}ull) / {abs(step)}ull : 0"
    advance = f"{rounds}--, {i} = (i64)((u64){i} + (u64){signed(step)})"
    return Course([("i64", i, first), ("u64", rounds, many)], rounds, advance, (named(i),))


def _values(f: Function, domain: Domain, hint: str) -> Course:
    if isinstance(domain, Integers):
        i = f.names.fresh(hint)
        return Course([("i64", i, signed(domain.low))], f"{i} <= {signed(domain.high)}", f"{i}++", (named(i),), simple=domain.high < 1 << 62)
    numbers = numbers_of(f, domain)
    i = f.names.fresh(hint)
    if isinstance(numbers, int):
        return Course([("u64", i, "0")], f"{i} < {unsigned(numbers)}", f"{i}++", (named(i),), simple=True)
    count, table = numbers
    return Course([("u64", i, "0")], f"{i} < {count}", f"{i}++", (lambda: f"{table}[{i}]",))


def _container(f: Function, source: ContainerSource, hint: str, any_order: bool) -> Course:
    return of_part(f, containers.view(f, source.container), source.what, hint, source.reverse, any_order)


def of_part(f: Function, part: Part, what: str = "elements", hint: str = "i", reverse: bool = False, any_order: bool = False) -> Course:
    """Return how to go through the container at a place."""
    code = part.code
    match code:
        case MaskCode():
            return _mask(f, part, code, hint, reverse, any_order)
        case MapCode():
            return _map(f, kept(f, part), code, hint, what, reverse, lambda slot: loaded(f, slot))
        case SlotsCode():
            return _slots(f, part, code, hint, what, reverse, any_order)
    raise AssertionError(code)


def _mask(f: Function, part: Part, code: MaskCode, hint: str, reverse: bool, any_order: bool) -> Course:
    element = code.element
    if not (element.monotone or any_order):
        i = f.names.fresh(_counter(hint))
        numbers = f.unit.in_order(element.domain)
        table = f.unit.number_table(element.domain)
        whole = kept(f, part)
        counter = ("u64", i, str(len(numbers)) if reverse else "0")
        at = f"{table}[{i}]" if not reverse else f"{table}[{i} - 1]"
        return Course(
            [counter],
            i if reverse else f"{i} < {len(numbers)}",
            f"{i}--" if reverse else f"{i}++",
            (lambda: unpack(element.domain, at),),
            lambda: containers.bit_of(f, whole, at),
            most=len(numbers),
        )
    if not code.wide:
        rest = f.names.fresh(f"{hint}s")
        lowest = f"(u64)__builtin_ctzll({rest})"
        highest = f"(63 - (u64)__builtin_clzll({rest}))"
        first = ("u64", rest, part.bits.read(code.bits))
        if reverse:
            return Course([first], rest, f"{rest} ^= 1ull << {highest}", (lambda: unpack(element.domain, highest),))
        return Course([first], rest, f"{rest} &= {rest} - 1", (lambda: unpack(element.domain, lowest),))
    whole = kept(f, part)
    i, at, off = f.names.fresh(_counter(hint)), whole.bits.text, whole.bits.offset
    if reverse:
        return Course(
            [("u64", i, str(code.bits))],
            i,
            f"{i}--",
            (lambda: unpack(element.domain, f"({i} - 1)"),),
            lambda: f"sc_bit({at}, {off}, {i} - 1)",
            most=code.bits,
        )
    first = ("u64", i, f"sc_next({at}, {off}, 0, {code.bits})")
    return Course([first], f"{i} < {code.bits}", f"{i} = sc_next({at}, {off}, {i} + 1, {code.bits})", (lambda: unpack(element.domain, i),))


def kept(f: Function, part: Part) -> Part:
    """Return a part as it is now, where it must outlive what is done to the state meanwhile."""
    if not f.hoisting:
        return part
    name = f.empty(part.domain, "kept")
    at, off = containers.words(f, part)
    f.line(f"sc_copy({name}.w, 0, {at}, {off}, {part.code.bits});")
    return containers.held(f, part.domain, name if part.code.wide else f"{name}.w[0]")


def _map(f: Function, part: Part, code: MapCode, hint: str, what: str, reverse: bool, of_slot: Callable[[Part], str]) -> Course:
    numbers = numbers_of(f, code.key.domain)
    i = f.names.fresh(hint if what != "values" else _counter(hint))
    count, table = (numbers, "") if isinstance(numbers, int) else numbers
    at = f"({i} - 1)" if reverse else i
    key = f"{table}[{at}]" if table else at
    slot: Made = lambda: of_slot(slot_of(f, part, key))  # noqa: E731
    key_value: Made = lambda: unpack(code.key.domain, key)  # noqa: E731
    values = {"elements": (key_value,), "values": (slot,), "items": (key_value, slot)}[what]
    return Course(
        [("u64", i, str(count) if reverse else "0")],
        i if reverse else f"{i} < {count}",
        f"{i}--" if reverse else f"{i}++",
        values,
        None if code.total else lambda: is_there(slot_of(f, part, key)),
        distinct=what != "values",
        most=count,
        simple=what == "elements" and not reverse and not table and not isinstance(code.key.domain, Integers),
    )


def _slots(f: Function, part: Part, code: SlotsCode, hint: str, what: str, reverse: bool, any_order: bool) -> Course:
    sorted_ = orders.is_sorted(code.domain)
    if sorted_ and not code.element.monotone and not any_order:
        part = orders.in_domain_order(f, part)
    part = kept(f, part)
    i, n = f.names.fresh(_counter(hint)), f.temporary("u64", length_of(part), "length")
    at = f"({i} - 1)" if reverse else i
    element: Made = lambda: loaded(f, element_at(f, part, at))  # noqa: E731
    values: tuple[Made, ...] = (element,)
    keep: Made | None = None
    if isinstance(code.domain, Bags):
        before = f"{i} == {n if reverse else 0} || "
        other = f"{i}" if reverse else f"({i} - 1)"
        keep = lambda: f"{before}{_differ(f, part, code, at, other)}"  # noqa: E731
        many: Made = lambda: _repeated(f, part, code, at)  # noqa: E731
        values = {"elements": (element,), "values": (many,), "items": (element, many)}[what]
    return Course(
        [("u64", i, n if reverse else "0")],
        i if reverse else f"{i} < {n}",
        f"{i}--" if reverse else f"{i}++",
        values,
        keep,
        distinct=sorted_ and what != "values",
        most=code.capacity,
    )


def _differ(f: Function, part: Part, code: SlotsCode, at: str, other: str) -> str:
    at_, off = containers.words(f, part)
    of = containers.shape(code, off)
    return f"!sc_same({at_}, sc_slot({of}, {at}), {at_}, sc_slot({of}, {other}), {code.slot_bits})"


def _repeated(f: Function, part: Part, code: SlotsCode, at: str) -> str:
    words, off = containers.words(f, part)
    element = loaded(f, element_at(f, part, at))
    return f"(i64)sc_count({words}, {containers.shape(code, off)}, {containers.address(f, code.element.domain, element)})"


def _references(f: Function, source: ReferenceSource, hint: str) -> Course:
    part = part_of(f, source.place)
    code = part.code
    if isinstance(code, MapCode):
        return _map(f, part, code, hint, source.what, False, lambda slot: slot.bits.offset)
    assert isinstance(code, SlotsCode)
    i, n = f.names.fresh(_counter(hint)), f.temporary("u64", length_of(part), "length")
    return Course([("u64", i, "0")], f"{i} < {n}", f"{i}++", (lambda: element_at(f, part, i).bits.offset,))


def _enumerated(f: Function, inner: Source, start: str) -> Course:
    one = gapless(f, course(f, inner))
    n = f.names.fresh("n")
    one.counters.append(("i64", n, start))
    one.advance = f"{one.advance}, {n}++"
    one.values = (named(n), *one.values)
    one.simple = False
    return one


def _zipped(f: Function, sources: tuple[Source, ...]) -> Course:
    all_ = [gapless(f, course(f, one)) for one in sources]
    return Course(
        [counter for one in all_ for counter in one.counters],
        " && ".join(f"({one.more})" for one in all_),
        ", ".join(one.advance for one in all_),
        tuple(value for one in all_ for value in one.values),
        distinct=False,
    )


def gapless(f: Function, one: Course) -> Course:
    """Return a course all of whose rounds count: what was to be passed over is collected first."""
    if one.keep is None:
        return one
    # Where things are passed over (partial maps, bags), remember which rounds count.
    (type_, name, first), *_ = one.counters
    rounds, n, i = f.names.numbered("rounds"), f.names.numbered("n"), f.names.fresh("i")
    f.declared.append(f"u64 {rounds}[{one.most}];")
    f.declared.append(f"u64 {n} = 0;")
    f.line(f"{n} = 0;")
    with f.block(f"for ({type_} {name} = {first}; {one.more}; {one.advance})"):
        f.line(f"if ({one.keep()}) {rounds}[{n}++] = {name};")
    f.declared.append(f"u64 {name} = 0;")
    return Course([("u64", i, "0")], f"{i} < {n} && ({name} = {rounds}[{i}], 1)", f"{i}++", one.values, None, one.distinct)


def _subsets(f: Function, source: SubsetsSource, hint: str) -> Course:
    part = containers.view(f, source.container)
    code = part.code
    low, high = (f.plain("i64", f.value(bound), "size") for bound in (source.low, source.high))
    if not isinstance(code, MaskCode) or code.wide:
        raise NotEmitted("subsets of a set of so many possible elements")
    whole = f.temporary("u64", part.bits.read(code.bits), "whole")
    i, more = f.names.fresh(hint), f.names.fresh("more")
    size = f"__builtin_popcountll({i})"
    return Course(
        [("u64", i, "0"), ("int", more, "1")],
        more,
        f"{i} = ({i} - {whole}) & {whole}, {more} = {i} != 0",
        (named(i),),
        lambda: f"{size} >= {low} && {size} <= {high}",
    )
