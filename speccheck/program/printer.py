"""A Program as text: what `speccheck compile --program` shows and golden files hold.

In: a Program, or a part of one. Out: one statement per line, always the same for the same Program; expressions as in notation.py::

    action rm_prepare(rm: RM)                                       # two_phase.py:53
        require rm_state[rm] == "working"
        rm_state[rm] := "prepared"
        msgs.add(Prepared(rm=rm))

`x: T = value` gives a local its first value in the text, `x = value` another one; `place := value` writes to a place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import assert_never

from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.notation import Names, text_in, text_of_local, text_of_place, text_of_targets, text_of_type
from speccheck.program.program import Function, Program
from speccheck.program.walk import Block, bound_by, parts_of, statements_in
from speccheck.source import Span

INDENT = "    "
PLACE_COLUMN = 64  # of the file and line at a function's head


def text(program: Program) -> str:
    """Return a whole Program: its variables, then its functions in their order."""
    variables = "".join(f"variable {variable.name}: {text_of_type(variable.domain)}\n" for variable in program.variables)
    functions = [text_of(function, program) for function in program.functions.values()]
    return "\n".join([f"program {program.name}\n", *([variables] if variables else []), *functions])


def text_of(function: Function, program: Program | None = None) -> str:
    """Return a function. Without its Program the variables have numbers instead of names."""
    writing = _Writing(_names(function, program), _introductions(function))
    body = "".join(f"{line}\n" for line in writing.block(function.body, INDENT))
    return f"{_head(function, program)}\n{body}"


def text_of_expression(expression: ex.Expression, program: Program | None = None) -> str:
    """Return an expression. Without its Program the variables have numbers instead of names."""
    return text_in(expression, Names(program))


def place_in_file(span: Span) -> str:
    """Return the name of the file and the line, the same wherever the file lies."""
    return f"{PurePath(span.file).name}:{span.line}"


def _names(function: Function, program: Program | None) -> Names:
    if program is None:
        return Names()
    locals_ = {local.name for local in function.parameters} | {local.name for part in parts_of(function.body) for local in bound_by(part)}
    return Names(program, "self." if any(variable.name in locals_ for variable in program.variables) else "")


def _introductions(function: Function) -> frozenset[st.AnyStatement]:
    """Return the statements that give a local its first value in the text."""
    known = {parameter.name for parameter in function.parameters}
    first: list[st.AnyStatement] = []
    for statement in statements_in(function.body):
        names = {local.name for local in bound_by(statement)}
        first += [statement] * (not names <= known)
        known |= names
    return frozenset(first)


# ---------------------------------------------------------------- functions


def _head(function: Function, program: Program | None) -> str:
    parameters = ", ".join(map(text_of_local, function.parameters))
    result = "" if function.result is None else f" -> {text_of_type(function.result)}"
    place = place_in_file(function.span)
    if function.title and function.title != function.name:
        place = f"{function.title}, {place}"
    head = f"{', '.join(_kinds(function, program))} {function.name}({parameters}){result}"
    return f"{head:<{PLACE_COLUMN - 2}}  # {place}"


def _kinds(function: Function, program: Program | None) -> list[str]:
    """Return what a function is in the Program: the rules that it is; otherwise a function if it only reads, a procedure if it acts."""
    kinds: list[str] = []
    if program is not None:
        kinds += ["action"] * (function.name in program.actions)
        for kind, group in (("invariant", program.invariants), ("step_invariant", program.step_invariants), ("reachable", program.reachables)):
            named = [name for name, of in group.items() if of == function.name]
            kinds += [kind if name in (function.name, function.title) else f"{kind} {name}:" for name in named]
        kinds += ["mapping"] * (function.name in program.mappings.values())
        for kind, names in (("constraint", program.constraints), ("terminal", program.terminals), ("predicate", program.predicates)):
            kinds += [kind] * (function.name in names)
    return kinds or ["procedure" if function.acts else "function"]


# ---------------------------------------------------------------- statements


@dataclass(frozen=True)
class _Writing:
    """How the statements of one function are written."""

    names: Names
    introductions: frozenset[st.AnyStatement]

    def block(self, block: Block, indent: str) -> Iterator[str]:
        if not block:
            yield f"{indent}pass"
        for statement in block:
            yield from self.statement(statement, indent)

    def statement(self, statement: st.AnyStatement, indent: str) -> Iterator[str]:
        match statement:
            case st.If():
                yield from self.branches(statement, indent, "if")
            case st.For():
                yield f"{indent}for {text_of_targets(statement.targets, statement.source, self.names)}"
                yield from self.block(statement.body, indent + INDENT)
            case st.Loop():
                yield f"{indent}loop"
                yield from self.block(statement.body, indent + INDENT)
            case _:
                yield indent + self.line(statement)

    def branches(self, statement: st.If, indent: str, word: str) -> Iterator[str]:
        yield f"{indent}{word} {self.shown(statement.test)}"
        yield from self.block(statement.then, indent + INDENT)
        match statement.otherwise:
            case ():
                return
            case (st.If() as inner,):
                yield from self.branches(inner, indent, "elif")
            case _:
                yield f"{indent}else"
                yield from self.block(statement.otherwise, indent + INDENT)

    def line(
        self,
        statement: st.Assign | st.Store | st.Change | st.Touch | st.Break | st.Continue | st.Return | st.Require | st.Fail | st.Choose | st.Run,
    ) -> str:
        """Return a statement without blocks."""
        match statement:
            case st.Assign():
                return f"{self.target(statement, statement.local)} = {self.shown(statement.value)}"
            case st.Store():
                return f"{text_of_place(statement.place, self.names)} := {self.shown(statement.value)}"
            case st.Change():
                return self.change(statement)
            case st.Return(value=None):
                return "return"
            case st.Return(value=value):
                return f"return {self.shown(value)}" if value is not None else "return"
            case st.Require():
                return f"require {self.shown(statement.test)}"
            case st.Fail():
                return f"fail {statement.failure}"
            case st.Choose():
                return f"choose {text_of_targets((statement.local,), statement.source, self.names)}"
            case st.Run():
                call = f"run {statement.function}({self.listed(statement.arguments)})"
                return call if statement.local is None else f"{self.target(statement, statement.local)} = {call}"
            case st.Touch() | st.Break() | st.Continue():
                return type(statement).__name__.lower()
        assert_never(statement)

    def change(self, statement: st.Change) -> str:
        place, arguments = text_of_place(statement.place, self.names), self.listed(statement.arguments)
        match statement.operation:
            case "delete" | "delete_key":
                return f"del {place}[{arguments}]"
            case "add" | "discard" | "remove" | "append" | "insert" | "reverse" | "discard_key":
                return f"{place}.{statement.operation}({arguments})"
        assert_never(statement.operation)

    def target(self, statement: st.AnyStatement, local: ex.Local) -> str:
        return text_of_local(local) if statement in self.introductions else local.name

    def shown(self, expression: ex.Expression) -> str:
        return text_in(expression, self.names)

    def listed(self, expressions: tuple[ex.Expression, ...]) -> str:
        return ", ".join(map(self.shown, expressions))
