"""Canonical: what a model that is reduced by symmetry defines for `runtime/canonical.h`, and the function that makes a state canonical.

static void sc_canonical(u64 *s)
{
    sc_arrange(s, 0, 10);        ten resource managers, separate
}
"""

from typing import Any

from speccheck.domains.mentions import Division, divided
from speccheck.engines.native.emit.colours import Colours
from speccheck.engines.native.emit.exchange import exchange_of
from speccheck.engines.native.emit.function import Function


def division_of(unit: Any) -> Division | None:
    """Return how the sorts of a model are reduced; None if they are not."""
    if not unit.model.symmetry:
        return None
    division = divided([one.domain for one in unit.program.variables], unit.model.symmetric)
    return division if division.members else None


def head_of(division: Division) -> list[str]:
    """Return the lines that come before all functions."""
    return [f"#define SC_LINKED {0 if division.few else _linked(division)}", '#include "canonical.h"']


def _linked(division: Division) -> int:
    return sum(len(sort) for sort in division.linked)


def functions_of(unit: Any, division: Division) -> list[Function]:
    """Return the functions that `canonical.h` asks for, and the one that the runtime calls."""
    colours = [] if division.few else [Colours(unit, division).sums()]
    return [_exchange(unit, division), *colours, _canonical(unit, division)]


def _exchange(unit: Any, division: Division) -> Function:
    """A member's number says its sort."""
    f = Function(unit, "reads")
    f.head = "static void sc_exchange(u64 *s, u32 i, u32 j)"
    for sort, span in division.spans.items():
        number = "{}" if not span.start else f"{{}} - {span.start}"
        call = f"{exchange_of(unit, sort)}(s, {number.format('i')}, {number.format('j')});"
        f.line(call if span.stop == len(division.members) else f"if (i < {span.stop}) {{ {call} return; }}")
    return f


def _canonical(unit: Any, division: Division) -> Function:
    f = Function(unit, "reads")
    f.head = "static void sc_canonical(u64 *s)"
    for sort in division.separate:
        span = division.spans[sort]
        f.line(f"sc_arrange(s, {span.start}, {len(span)}); /* {sort.__name__} */")
    if division.linked and division.few:
        f.line(f"static const u8 walk[][2] = {{{', '.join(f'{{{i}, {j}}}' for i, j in division.walk)}}};")
        f.line(f"sc_try_all(s, walk, {len(division.walk)});")
    elif division.linked:
        starts = [str(division.spans[sort].start) for sort in division.linked for _ in sort]
        f.line(f"static const u32 starts[] = {{{', '.join(starts)}}};")
        f.line("sc_choose(s, starts);")
    return f
