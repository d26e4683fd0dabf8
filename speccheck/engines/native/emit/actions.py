"""Actions: each becomes a function that takes all steps of one instance out of a state, or answers a question about them."""

from typing import TYPE_CHECKING, Literal

from speccheck.engines.native.emit import statements
from speccheck.engines.native.emit.forms import ctype
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.text import place_comment
from speccheck.program.program import Function as Rule

if TYPE_CHECKING:
    from speccheck.engines.native.emit.unit import Unit


class Steps:
    """Pushes the targets, and marks steps that write nothing."""

    def __init__(self, silent: int) -> None:
        self.silent = silent

    def complete(self, f: Function) -> None:
        """Push the target of a completed evaluation."""
        assert f.path is not None
        mark = f"sc_mark(out, {self.silent});"
        if f.path.wrote == "maybe":
            f.tested = True
            f.line(f"if (!wrote) {mark}")
        elif f.path.wrote == "no":
            f.line(f"{mark} /* nothing was written */")
        if not f.unit.wide:
            f.line(f"sc_step(out, {'s' if f.path.wrote == 'no' else 't'}, instance);")
        elif f.path.copied == "no":
            f.line("sc_stay(out, s, instance);")
        else:
            if f.path.copied == "maybe":
                f.line(f"if (t == s) sc_fork({f.slot}, s);")
            f.line("sc_push(out, instance);")


class Question:
    """Answers whether some evaluation changes the state, or leads to the state `after`."""

    def __init__(self, about: Literal["enabled", "occurs"]) -> None:
        self.about = about

    def complete(self, f: Function) -> None:
        """Answer yes, if this target is one that was asked for."""
        assert f.path is not None
        f.line(f"if ({self.answers(f)}) return 1;")

    def answers(self, f: Function) -> str:
        """Return the test whether the target is one that was asked for. Nothing occurs in a step that changes nothing."""
        if self.about == "enabled":
            return "!sc_equal(s, t)" if f.unit.wide else "t != s"
        return "sc_equal(t, after) && !sc_equal(s, after)" if f.unit.wide else "t == after && s != after"


def action(unit: "Unit", rule: Rule, number: int, name: str) -> Function:
    """Return the function that takes all steps of an instance."""
    finds = unit.finds
    f = _begun(unit, rule, "sc_target(out)")
    parameters = "".join(f"{ctype(one.type)} {f.locals[one.name]}, " for one in rule.parameters)
    f.head = f"static void {name}({unit.state_type}s, {parameters}u32 instance, struct sc_steps *out)"
    f.consumer = Steps(finds.number("silent", rule.name))
    _body(f, rule)
    if f.mentions("next"):
        f.label("next")
    if f.mentions("fail"):
        f.declared.insert(0, "u32 before = out->count;")
        with f.block("if (fail)"):
            f.line(f"if (fail == SC_BEYOND) {{ sc_ask_steps(out, {unit.pointer_to('s')}, instance, before); return; }}")
            f.line(f"sc_failed(out, fail, {finds.number('error', f'{rule.name}.error')}, instance);")
            f.line("fail = 0;")
    _next(f)
    return f


def question(unit: "Unit", rule: Rule, about: Literal["enabled", "occurs"], name: str) -> Function:
    """Return the function that answers a question about the steps of an instance."""
    f = _begun(unit, rule, "room")
    parameters = "".join(f"{ctype(one.type)} {f.locals[one.name]}, " for one in rule.parameters)
    after = f"{unit.state_type}after, " if about == "occurs" else ""
    f.head = f"static u64 {name}({unit.state_type}s, {after}{parameters}int *failed)"
    f.result = "u64"
    f.consumer = Question(about)
    if unit.wide:
        f.declared.append("u64 room[SC_WORDS + 1] = {0};")
    _body(f, rule)
    if f.mentions("next"):
        f.label("next")
    if f.mentions("fail"):
        with f.block("if (fail)"):
            f.line("if (fail == SC_BEYOND) { *failed = fail; return 0; }")
            if about == "enabled":
                f.line("if (fail != SC_DISABLED) return 1;")
            f.line("fail = 0;")
    _next(f)
    f.line("return 0;")
    return f


def _begun(unit: "Unit", rule: Rule, slot: str) -> Function:
    f = Function(unit, "action")
    f.slot = slot
    f.remark = place_comment(rule.span) or f"/* {rule.name} */"
    f.again = unit.analysis.chooses_again(rule)
    f.chooses = 0 if f.again else unit.analysis.count_choices(rule)
    for one in rule.parameters:
        f.parameter(one)
    return f


def _body(f: Function, rule: Rule) -> None:
    f.said = f.remark
    if f.again:
        f.label("start")
    if f.unit.wide:
        f.declared.append("u64 *t = (u64 *)s;")
        if f.again:
            f.line("t = (u64 *)s;")
    else:
        f.declared.append("u64 t = s;")
        if f.again:
            f.line("t = s;")
    if f.again:
        f.line("wrote = 0;")
    statements.body(f, rule.body)
    if f.path is not None:
        f.complete()
    for name, type_, first in (("wrote", "int", "0"), ("fail", "int", "0"), ("last", "u32", "0"), ("choices", "struct sc_choices", "{0}")):
        if f.mentions(name):
            f.declared.insert(0, f"{type_} {name} = {first};")


def _next(f: Function) -> None:
    """Write what comes after a path: the next alternative, the next sequence of choices, the end."""
    if f.again:
        f.line("if (sc_advance(&choices)) goto start;")
    elif f.chosen == 1:
        f.line("if (last) goto again_1;")
    elif f.chosen:
        with f.block("switch (last)"):
            for k in range(1, f.chosen + 1):
                f.line(f"case {k}: goto again_{k};")
