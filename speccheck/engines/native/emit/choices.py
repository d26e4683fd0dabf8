"""`choose`. Where no loop or call is around it, it is a point to which an action comes back for the next alternative; anywhere else the action is run again
from its start for each sequence of choices.

    again_1:;
        if (!rms) goto next;
        rm = ctz(rms); rms &= rms - 1;
        t = t_1;                            what was written before the choice
        ...                                 the rest of the action; it ends with: goto again_1
"""

from collections.abc import Sequence
from dataclasses import replace

from speccheck.engines.native.emit import courses, sources
from speccheck.engines.native.emit.analysis import assigned
from speccheck.engines.native.emit.forms import ctype, equal, is_wide
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.sources import Course
from speccheck.engines.native.emit.text import bare, operand
from speccheck.program.expressions import Local
from speccheck.program.statements import AnyStatement, Choose
from speccheck.program.types import Ref


def choose(f: Function, one: Choose, after: Sequence[Sequence[AnyStatement]]) -> None:
    """Write a choice."""
    if f.kind == "action" and not f.again:
        _come_back(f, one, after)
    else:
        _run_again(f, one)


def _run_again(f: Function, one: Choose) -> None:
    """Count the alternatives, and take the one that is wanted now."""
    choices = "&choices" if f.kind == "action" else "choices"
    wanted = f.temporary("u32", f"sc_wanted({choices})", "wanted")
    n = f.temporary("u32", "0", "alternatives")
    name = f.declare(one.local)
    course = sources.course(f, one.source, f"{one.local.name}_at", any_order=True)
    seen = _remember(f, course, one.local)
    with courses.loop(f, course) as (text,):
        if seen is not None:
            text = f.plain(ctype(one.local.type), text, "alternative")
            f.line(f"if ({seen.test(f, text)}) continue;")
        f.line(f"if ({n}++ == {wanted}) {name} = {bare(text)};")
    f.fail_if(f"!{n}", "disabled")
    f.fail_if(f"!sc_chosen({choices}, {n})", "beyond")


def _come_back(f: Function, one: Choose, after: Sequence[Sequence[AnyStatement]]) -> None:
    assert f.path is not None
    f.chosen += 1
    k, path = f.chosen, f.path
    f.hoisting = True
    course = sources.course(f, one.source, f"{one.local.name}_at", any_order=True)
    seen = _remember(f, course, one.local)
    for type_, name, first in course.counters:
        f.declared.append(f"{type_} {name} = 0;")
        f.line(f"{name} = {bare(first)};")
    f.declared.append(f"u32 last_{k} = 0;")
    f.line(f"last_{k} = last;")
    f.line(f"last = {k};")
    kept = _keep(f, k, after)
    f.hoisting = False
    f.label(f"again_{k}")
    f.line(f"if (!({bare(course.more)})) {{ last = last_{k}; {f.leave()} }}")
    if course.keep is not None:
        test = course.keep()
        f.line(f"if (!{operand(test)}) {{ {course.advance}; goto again_{k}; }}")
    text = course.values[0]()
    name = f.declare(one.local)
    f.line(f"{name} = {bare(text)};")
    f.line(f"{course.advance};")
    if seen is not None:
        f.line(f"if ({seen.test(f, name)}) goto again_{k};")
    for line in kept:
        f.line(line)
    f.path = replace(path, last=k)


def _keep(f: Function, k: int, after: Sequence[Sequence[AnyStatement]]) -> list[str]:
    """Write what keeps the state and the locals as they are before a choice; return the lines that bring them back."""
    assert f.path is not None
    lines = []
    if f.unit.wide:
        lines = _keep_wide(f, k)
    elif f.path.wrote == "no":
        lines = ["t = s;"]
    else:
        f.declared.append(f"u64 t_{k} = 0;")
        f.line(f"t_{k} = t;")
        lines = [f"t = t_{k};"]
    if f.path.wrote == "no":
        lines.append("wrote = 0;")
    elif f.path.wrote == "maybe":
        f.declared.append(f"int wrote_{k} = 0;")
        f.tested = True
        f.line(f"wrote_{k} = wrote;")
        lines.append(f"wrote = wrote_{k};")
    for name in sorted(assigned(tuple(after)) & f.assigned):
        c_name = f.locals[name]
        held = f.names.fresh(f"{name}_{k}")
        f.declared.append(f"{f.ctypes[c_name]} {held} = {'{{0}}' if f.ctypes[c_name].startswith('sc_bits') else '0'};")
        f.line(f"{held} = {c_name};")
        lines.append(f"{c_name} = {held};")
    return lines


def _keep_wide(f: Function, k: int) -> list[str]:
    assert f.path is not None
    if f.path.copied == "no":
        return [f"slot = {f.slot};", "t = (u64 *)s;"]
    f.declared.append(f"u64 t_{k}[SC_WORDS + 1] = {{0}};")
    if f.path.copied == "yes":
        f.line(f"sc_fork(t_{k}, t);")
        return [f"slot = {f.slot};", f"t = sc_fork(slot, t_{k});"]
    f.declared.append(f"int copied_{k} = 0;")
    f.line(f"copied_{k} = t != s;")
    f.line(f"sc_fork(t_{k}, t);")
    return [f"slot = {f.slot};", f"t = copied_{k} ? sc_fork(slot, t_{k}) : (u64 *)s;"]


class Seen:
    """The alternatives that came already, where equal ones may come."""

    def __init__(self, f: Function, local: Local, most: int) -> None:
        self.local = local
        self.values, self.count = f.names.numbered("seen"), f.names.numbered("seen_count")
        f.declared += [f"{ctype(local.type)} {self.values}[{max(1, most)}];", f"u32 {self.count} = 0;"]
        f.line(f"{self.count} = 0;")

    def test(self, f: Function, text: str) -> str:
        """Write lines that look for a value and remember it; return the test whether it was there."""
        assert not isinstance(self.local.type, Ref)
        i = f.names.fresh("i")
        f.line(f"u32 {i} = 0;")
        other = f"{self.values}[{i}]"
        same = equal(text, other, self.local.type) if is_wide(self.local.type) else f"{text} == {other}"
        f.line(f"while ({i} < {self.count} && !({bare(same)})) {i}++;")
        f.line(f"if ({i} == {self.count}) {self.values}[{self.count}++] = {text};")
        f.line(f"else {i} = ~0u;")
        return f"{i} == ~0u"


def _remember(f: Function, course: Course, local: Local) -> Seen | None:
    return None if course.distinct else Seen(f, local, course.most)
