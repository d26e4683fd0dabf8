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

from speccheck.domains.layout import code_of
from speccheck.engines.native.emit import courses, sources
from speccheck.engines.native.emit.analysis import assigned
from speccheck.engines.native.emit.courses import Course
from speccheck.engines.native.emit.forms import ctype, equal, pack
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.text import bare, is_plain, operand
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
            seen.skip(f, text, "continue;")
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
    before = f.variable("u32", f"last_{k}")
    f.line(f"{before} = last;")
    f.line(f"last = {k};")
    kept = _keep(f, k, after)
    f.hoisting = False
    f.label(f"again_{k}")
    f.line(f"if (!({bare(course.more)})) {{ last = {before}; {f.leave()} }}")
    if course.keep is not None:
        test = course.keep()
        f.line(f"if (!{operand(test)}) {{ {course.advance}; goto again_{k}; }}")
    text = course.values[0]()
    name = f.declare(one.local)
    f.line(f"{name} = {bare(text)};")
    f.line(f"{course.advance};")
    if seen is not None:
        seen.skip(f, name, f"goto again_{k};")
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
        held = f.variable("u64", f"t_{k}")
        f.line(f"{held} = t;")
        lines = [f"t = {held};"]
    if f.path.wrote == "no":
        lines.append("wrote = 0;")
    elif f.path.wrote == "maybe":
        f.tested = True
        held = f.variable("int", f"wrote_{k}")
        f.line(f"{held} = wrote;")
        lines.append(f"wrote = {held};")
    for name in sorted(assigned(tuple(after)) & f.assigned):
        c_name = f.locals[name]
        held = f.variable(f.ctypes[c_name], f"{name}_{k}")
        f.line(f"{held} = {c_name};")
        lines.append(f"{c_name} = {held};")
    return lines


def _keep_wide(f: Function, k: int) -> list[str]:
    assert f.path is not None
    if f.path.copied == "no":
        return ["t = (u64 *)s;"]
    held = f.names.fresh(f"t_{k}")
    f.declared.append(f"u64 {held}[SC_WORDS + 1] = {{0}};")
    if f.path.copied == "yes":
        f.line(f"sc_fork({held}, t);")
        return [f"t = sc_fork({f.slot}, {held});"]
    copied = f.variable("int", f"copied_{k}")
    f.line(f"{copied} = t != s;")
    f.line(f"sc_fork({held}, t);")
    return [f"t = {copied} ? sc_fork({f.slot}, {held}) : (u64 *)s;"]


class Seen:
    """The alternatives that came already, where equal ones may come."""

    def __init__(self, f: Function, local: Local, most: int) -> None:
        assert not isinstance(local.type, Ref)
        self.type, self.values = local.type, f.names.numbered("seen")
        self.as_mask = code_of(local.type).count <= 64
        if self.as_mask:
            f.declared.append(f"u64 {self.values} = 0;")
            f.line(f"{self.values} = 0;")
            return
        self.count = f.names.numbered("seen_count")
        f.declared += [f"{ctype(local.type)} {self.values}[{max(1, most)}];", f"u32 {self.count} = 0;"]
        f.line(f"{self.count} = 0;")

    def skip(self, f: Function, text: str, jump: str) -> None:
        """Write lines that pass over a value that was there already, and remember it."""
        if self.as_mask:
            number = pack(self.type, text)
            number = number if is_plain(number) else f"({number})"
            f.line(f"if ({self.values} >> {number} & 1) {jump}")
            f.line(f"{self.values} |= 1ull << {number};")
            return
        i = f.names.numbered("earlier")
        f.line(f"u32 {i} = 0;")
        same = equal(text, f"{self.values}[{i}]", self.type)
        f.line(f"while ({i} < {self.count} && !{operand(same)}) {i}++;")
        f.line(f"if ({i} < {self.count}) {jump}")
        f.line(f"{self.values}[{self.count}++] = {text};")


def _remember(f: Function, course: Course, local: Local) -> Seen | None:
    return None if course.distinct else Seen(f, local, course.most)
