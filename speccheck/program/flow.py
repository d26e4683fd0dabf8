"""What happens on the paths through a function: locals have a value before they are read, blocks end where they must.

In: a Function. Out: what is wrong, each with the place in the user's file. A path is over after Return, Break, Continue, Fail, a Require
of what is known to be false, and a Loop without Break.
"""

from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.program import Function
from speccheck.program.walk import Block, children, closed, place_children, source_children, source_places
from speccheck.source import Span

Fault: TypeAlias = tuple[Span, str]
Known: TypeAlias = "frozenset[str] | None"  # the locals that have a value; None where no path leads


def faults_of_flow(function: Function) -> list[Fault]:
    """Return what is wrong with the paths through a function."""
    walk = _Walk(function)
    end = walk.block(function.body, frozenset(parameter.name for parameter in function.parameters))
    if function.result is not None and end is not None:
        walk.faults.append((function.span, "a path ends without a result"))
    return walk.faults


def unassigned(function: Function) -> list[Fault]:
    """Return the user's variables that are read where not every path has given them a value, each with the place of the reading."""
    walk = _Walk(function)
    walk.block(function.body, frozenset(parameter.name for parameter in function.parameters))
    return [(span, name) for span, name in walk.unset if "." not in name]


def completes(block: Block) -> bool:
    """Return whether some path may come to the end of a block."""
    return not any(ends(statement) for statement in block)


def ends(statement: st.AnyStatement) -> bool:
    """Return whether no path leads past a statement."""
    match statement:
        case st.Return() | st.Break() | st.Continue() | st.Fail():
            return True
        case st.Require(test=ex.Constant(value=False)):
            return True
        case st.If():
            return not completes(statement.then) and not completes(statement.otherwise)
        case st.Loop():
            return not any(breaks(inner) for inner in statement.body)
    return False


def breaks(statement: st.AnyStatement) -> bool:
    """Return whether a statement of a loop's body may leave the loop by a Break."""
    match statement:
        case st.Break():
            return True
        case st.If():
            return any(map(breaks, statement.then)) or any(map(breaks, statement.otherwise))
    return False


def _meet(one: Known, other: Known) -> Known:
    if one is None or other is None:
        return other if one is None else one
    return one & other


@dataclass
class _Walk:
    function: Function
    faults: list[Fault] = field(default_factory=list)
    unset: list[Fault] = field(default_factory=list)  # the names of locals that are read too early
    loops: list[Known] = field(default_factory=list)  # for each loop around: what is known at all of its Breaks

    def block(self, block: Block, known: Known) -> Known:
        for number, statement in enumerate(block):
            known = self.statement(statement, known)
            if isinstance(statement, st.Return | st.Break | st.Continue) and number + 1 < len(block):
                self.faults.append((block[number + 1].span, f"nothing comes here: it stands after a {type(statement).__name__}"))
        return known

    def statement(self, statement: st.AnyStatement, known: Known) -> Known:
        match statement:
            case st.Assign():
                self.reads((statement.value,), known)
                return self.given(statement.local, known)
            case st.Store():
                self.reads((*self.place(statement.place, statement.span, known), statement.value), known)
            case st.Change():
                self.reads((*self.place(statement.place, statement.span, known), *statement.arguments), known)
            case st.If():
                self.reads((statement.test,), known)
                return _meet(self.block(statement.then, known), self.block(statement.otherwise, known))
            case st.For() | st.Loop():
                return self.loop(statement, known)
            case st.Break() | st.Continue():
                self.leaves(statement, known)
                return None
            case st.Return(value=value):
                self.returns(statement)
                self.reads(() if value is None else (value,), known)
                return None
            case st.Require():
                self.reads((statement.test,), known)
                return None if ends(statement) else known
            case st.Fail():
                return None
            case st.Choose():
                self.source(statement.source, statement.span, known)
                return self.given(statement.local, known)
            case st.Run():
                self.reads(statement.arguments, known)
                return known if statement.local is None else self.given(statement.local, known)
            case st.Touch():
                pass
            case _:
                assert_never(statement)
        return known

    def given(self, local: ex.Local, known: Known) -> Known:
        return None if known is None else known | {local.name}

    def bound(self, local: ex.Local, span: Span, known: Known) -> Known:
        """Give a value to a local of an expression: where it has one already, it would hide an outer one of the same name."""
        if known is not None and local.name in known:
            self.faults.append((span, f"'{local.name}' is bound where it has a value already"))
        return self.given(local, known)

    def loop(self, statement: st.For | st.Loop, known: Known) -> Known:
        self.loops.append(None)
        if isinstance(statement, st.Loop):
            self.block(statement.body, known)
            return self.loops.pop()
        self.source(statement.source, statement.span, known)
        self.block(statement.body, None if known is None else known | {local.name for local in statement.targets})
        self.loops.pop()
        return known  # there may be nothing to go through

    def leaves(self, statement: st.Break | st.Continue, known: Known) -> None:
        if not self.loops:
            self.faults.append((statement.span, f"a {type(statement).__name__} outside of a loop"))
        elif isinstance(statement, st.Break):
            self.loops[-1] = _meet(self.loops[-1], known)

    def returns(self, statement: st.Return) -> None:
        if statement.value is None and self.function.result is not None:
            self.faults.append((statement.span, "a Return without a value"))
        if statement.value is not None and self.function.result is None:
            self.faults.append((statement.span, "a Return with a value, in a function without result"))

    # ---------------------------------------------------------------- reading

    def local(self, local: ex.Local, span: Span, known: Known) -> None:
        if known is not None and local.name not in known:
            self.unset.append((span, local.name))
            self.faults.append((span, f"'{local.name}' is read before it has a value on every path"))

    def place(self, place: ex.Place, span: Span, known: Known) -> tuple[ex.Expression, ...]:
        if isinstance(place.root, ex.Local):
            self.local(place.root, span, known)
        return place_children(place)

    def source(self, source: ex.Source, span: Span, known: Known) -> None:
        for place in source_places(source):
            self.place(place, span, known)
        self.reads(source_children(source), known)

    def reads(self, expressions: tuple[ex.Expression, ...], known: Known) -> None:
        for expression in expressions:
            self.read(expression, known)

    def read(self, expression: ex.Expression, known: Known) -> None:
        match e := closed(expression):
            case ex.Load() | ex.Reference():
                self.reads(self.place(e.place, e.span, known), known)
            case ex.Sorted(variable=variable) if variable is not None:
                self.read(e.value, known)
                self.reads(() if e.key is None else (e.key,), self.bound(variable, e.span, known))
            case ex.Comprehension():
                self.reads(() if e.default is None else (e.default,), known)
                for generator in e.generators:
                    known = self.generator(generator, e.span, known)
                self.reads((*(() if e.key is None else (e.key,)), e.body), known)
            case _:
                self.reads(children(e), known)

    def generator(self, generator: ex.Generator, span: Span, known: Known) -> Known:
        self.source(generator.source, span, known)
        for local in generator.targets:
            known = self.bound(local, span, known)
        for local, value in generator.lets:
            self.read(value, known)
            known = self.bound(local, span, known)
        self.reads(generator.conditions, known)
        return known
