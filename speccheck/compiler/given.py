"""Calls of what speccheck gives: require, disable, choose, subsets, at, crash, restart, enabled, occurs."""

import inspect
from collections.abc import Callable
from typing import Any

from speccheck.compiler import comprehensions, folds
from speccheck.compiler.attributes import attribute
from speccheck.compiler.coercions import domain_of_operand, expression_in, integer_of, is_value, number, true, truth, value_of
from speccheck.compiler.constructors import bound_arguments
from speccheck.compiler.items import item
from speccheck.compiler.joins import domain_of_value, join_all
from speccheck.compiler.operands import Known, Method, Operand, Row, State, SubsetsOf, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer
from speccheck.domains.annotations import domain_of
from speccheck.domains.base import ENUMERABLE, Domain
from speccheck.domains.sorts import SortMeta
from speccheck.domains.tuples import FrozenSets
from speccheck.dsl import formulas, processes
from speccheck.dsl import statements as dsl_statements
from speccheck.dsl.statements import is_annotation
from speccheck.errors import SpeccheckError
from speccheck.program.expressions import Comprehension, Constant, ContainerSource, Enabled, Load, Occurs, Source, SubsetsSource, ValuesSource
from speccheck.program.statements import Choose, Require
from speccheck.program.types import BOOL
from speccheck.source import Span


def require(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Write `require(...)`."""
    w.acting("require", span)
    w.emit(Require(truth(positional[0], span), span=span))
    return Known(None)


def disable(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Write `disable()`."""
    w.acting("disable", span)
    w.emit(Require(true(False, span), span=span))
    return Known(None)


def choose(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Write `choose(...)`; return what it picks."""
    w.acting("choose", span)
    (of,) = positional
    if isinstance(of, Known) and isinstance(of.value, tuple | list | set | frozenset | dict) and not of.value:
        return disable(w, [], {}, span)
    source, domain = alternatives(w, of, span)
    if domain.mutable:
        raise NotCompiled("choose of mutable values", span)
    local = w.fresh("choice", domain)
    w.emit(Choose(local, source, span=span))
    return w.operand(local, span)


def alternatives(w: Writer, of: Operand, span: Span) -> tuple[Source, Domain]:
    """Return what `choose` picks from, and the domain of what it picks."""
    if isinstance(of, Known) and not isinstance(of.value, SortMeta) and is_annotation(of.value):
        try:
            domain = domain_of(of.value)
        except SpeccheckError as error:
            raise NotCompiled(f"choose over something of which there is no domain ({error})", span) from None
        if domain.size > ENUMERABLE:
            raise NotCompiled(f"choose over {domain.describe()}, which has {domain.size:,} values", span)
        return ValuesSource(domain), domain
    if isinstance(of, SubsetsOf):
        inner = folds.collected(w, of.container, frozenset, of.span)
        domain = domain_of_operand(inner, span)
        assert isinstance(domain, FrozenSets)
        whole = expression_in(inner, domain, None, span)
        high = number(domain.capacity, span) if of.high is None else integer_of(of.high, span)
        return SubsetsSource(whole, integer_of(of.low, span), high), domain
    if isinstance(of, Known) and not isinstance(of.value, SortMeta | range):
        values = list(of.value)
        if not all(map(is_value, values)):
            raise NotCompiled("choose of things that are no values", span)
        domain = join_all(map(domain_of_value, values))
        listed = Constant(FrozenSets(domain, len(values)), span, FrozenSets(domain, len(values)).freeze_any(frozenset(values)))
        return ContainerSource(listed), domain
    going = comprehensions.through(w, of, span)
    generator = going.generators[0]
    plain = len(going.generators) == 1 and not generator.conditions and len(generator.targets) == 1
    if plain and isinstance(going.body, Value) and isinstance(going.body.expression, Load) and going.body.expression.place.root is generator.targets[0]:
        return generator.source, generator.targets[0].domain
    body = value_of(going.body, span)
    element: Any = body.type
    if element.mutable:
        raise NotCompiled("choose of mutable parts", span, "Choose the key.")
    gathered = FrozenSets(element, min(element.size, going.most))
    return ContainerSource(Comprehension(gathered, span, "set", going.generators, body)), element


def subsets(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what `subsets(...)` denotes."""
    low = positional[1] if len(positional) > 1 else Known(0)
    high = positional[2] if len(positional) > 2 else None
    return SubsetsOf(positional[0], low, None if isinstance(high, Known) and high.value is None else high, span)


def _process_of(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> tuple[State, str, list[Operand]]:
    process = positional[0]
    if not isinstance(process, Method) or process.function is None or not isinstance(process.receiver, State):
        raise NotCompiled("a process that is not named as self.process", span)
    arguments = bound_arguments(process.function, [process.receiver, *positional[1:]], named, span)
    names = list(inspect.signature(process.function).parameters)[1:]
    return process.receiver, process.function.__name__, [arguments[name] for name in names]


def at_(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what `at(self.process, ...)` denotes."""
    state, name, key = _process_of(w, positional, named, span)
    pc = attribute(w, state, processes.pc_of(name), span)
    if not key:
        return pc
    return item(w, pc, key[0] if len(key) == 1 else Row(tuple(key)), span)


def moved_by(name_of: Callable[[str], str]) -> Callable[..., Operand]:
    """Return who writes `crash(self.process, ...)` or `restart(self.process, ...)`."""

    def handled(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
        from speccheck.compiler.calls import apply

        state, name, key = _process_of(w, positional, named, span)
        return apply(w, attribute(w, state, name_of(name), span), key, {}, span)

    return handled


def about_actions(kind: str) -> Callable[..., Operand]:
    """Return who writes `enabled(self.action, ...)` or `occurs(self.action, ...)`."""

    def handled(w: Writer, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
        action = positional[0]
        if not isinstance(action, Method) or not isinstance(action.receiver, State):
            raise NotCompiled(f"{kind}(...) of something that is not named as self.action", span)
        w.compiler.note_action_atom()
        instances = w.compiler.instances_of(action.name, positional[1:], named, span)
        cls: Any = Enabled if kind == "enabled" else Occurs
        phase = w.compiler.phase
        if phase == "action" or action.receiver.which != "self" or (kind == "occurs" and phase not in ("step", "formula")):
            raise NotCompiled(f"{kind}(...) here", span)
        return Value(cls(BOOL, span, instances))

    return handled


HANDLERS: dict[Any, Callable[..., Operand]] = {
    dsl_statements.require: require,
    dsl_statements.disable: disable,
    dsl_statements.choose: choose,
    dsl_statements.subsets: subsets,
    processes.at: at_,
    processes.crash: moved_by(processes.crash_of),
    processes.restart: moved_by(processes.restart_of),
    formulas.enabled: about_actions("enabled"),
    formulas.occurs: about_actions("occurs"),
}
