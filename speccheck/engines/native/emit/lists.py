"""Lists and sequences: slices, concatenation, sorting."""

from collections.abc import Callable

from speccheck.domains.layout import SlotsCode
from speccheck.engines.native.emit import building, compare, containers, convert, courses, orders
from speccheck.engines.native.emit.bits import Bits
from speccheck.engines.native.emit.forms import ctype
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import Part, element_at, length_of, loaded, stored
from speccheck.program.expressions import Concatenate, Slice, Sorted
from speccheck.program.types import Ref


def slice_of(f: Function, e: Slice) -> str:
    """Return a part of a list, with Python's meaning of the bounds."""
    part = containers.view(f, e.container)
    assert isinstance(part.code, SlotsCode) and not isinstance(e.type, Ref)
    n = f.temporary("i64", f"(i64){length_of(part)}", "length")
    bounds = [None if one is None else f.plain("i64", f.value(one), "bound") for one in (e.start, e.stop)]
    step = "1" if e.step is None else f.plain("i64", f.value(e.step), "step")
    if e.step is not None:
        f.fail_if(f"{step} == 0", "error")
    start, stop = bounds
    up = step == "1"
    first = f.temporary("i64", f"sc_bound({start}, {n}, {step})" if start is not None else "0" if up else f"{step} < 0 ? {n} - 1 : 0", "first")
    end = f.temporary("i64", f"sc_bound({stop}, {n}, {step})" if stop is not None else n if up else f"{step} < 0 ? -1 : {n}", "end")
    made = building.Building(f, e.type, "beyond")
    i = f.names.fresh("i")
    more = f"{i} < {end}" if up else f"{step} > 0 ? {i} < {end} : {i} > {end}"
    with f.block(f"for (i64 {i} = {first}; {more}; {i} = (i64)((u64){i} + (u64){step}))" if not up else f"for (i64 {i} = {first}; {more}; {i}++)"):
        made.add(convert.converted(f, loaded(f, element_at(f, part, i)), part.code.element.domain, e.type.element, None))  # type: ignore[attr-defined]
    return made.result()


def concatenated(f: Function, e: Concatenate) -> str:
    """Return lists one after the other."""
    assert not isinstance(e.type, Ref)
    made = building.Building(f, e.type, "beyond")
    views = [containers.view(f, one) for one in e.parts]
    for part in views:
        with courses.loop(f, courses.plain_slots(f, part)) as (text,):
            made.add(convert.converted(f, text, part.code.element.domain, e.type.element, "beyond"))  # type: ignore[attr-defined]
    return made.result()


def sorted_of(f: Function, e: Sorted) -> str:
    """Return a sorted copy of a list."""
    part = containers.view(f, e.value)
    code = part.code
    assert isinstance(code, SlotsCode)
    name = f.empty(part.domain, "ordered")
    at, off = containers.words(f, part)
    f.line(f"sc_copy({name}.w, 0, {at}, {off}, {code.bits});")
    made = Part(Bits(f"{name}.w", True, code.bits), part.domain)
    if e.key is None:
        domain = code.element.domain
        _sort(f, made, lambda x, y: compare.compared(f, domain, x, y), e.reverse)
    else:
        _sort_by_key(f, made, e)
    return name if code.wide else f"{name}.w[0]"


def _sort(f: Function, made: Part, order: Callable[[str, str], str], reverse: bool) -> None:
    orders.sort(f, made, (lambda x, y: order(y, x)) if reverse else order)


def _sort_by_key(f: Function, made: Part, e: Sorted) -> None:
    """Evaluate the key of each element once, in order, then sort by them."""
    code = made.code
    assert isinstance(code, SlotsCode) and e.key is not None and e.variable is not None and not isinstance(e.key.type, Ref)
    key_type = ctype(e.key.type)
    keys = f.names.numbered("keys")
    f.declared.append(f"{key_type} {keys}[{max(1, code.capacity)}];")
    n, i, j = f.temporary("u64", length_of(made), "length"), f.names.fresh("i"), f.names.fresh("j")
    with f.block(f"for (u64 {i} = 0; {i} < {n}; {i}++)"):
        element = loaded(f, element_at(f, made, i))
        variable = f.locals[e.variable.name] = f.names.fresh(e.variable.name)
        f.line(f"{ctype(e.variable.type)} {variable} = {element};")
        key = f.temporary(key_type, f.value(e.key), "key")
        f.line(f"u64 {j} = {i};")
        with f.block(f"for (; {j} > 0; {j}--)"):
            before = f.temporary(key_type, f"{keys}[{j} - 1]", "left")
            pair = (before, key) if not e.reverse else (key, before)
            f.line(f"if ({compare.compared(f, e.key.type, *pair)} <= 0) break;")
            f.line(f"{keys}[{j}] = {before};")
            moved = f.plain(ctype(code.element.domain), loaded(f, element_at(f, made, f"({j} - 1)")), "left")
            stored(f, element_at(f, made, j), moved)
        f.line(f"{keys}[{j}] = {key};")
        stored(f, element_at(f, made, j), variable)
