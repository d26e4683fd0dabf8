"""The subject of the checks: a spec's class with its domains and rules, and every function as a rule uses it.

Subject(Raft, {"nodes": <dict...>, ...}, (CheckedRule("receive", "action", ...), ...))
  ->  Use(rule receive, body of receive), Use(rule receive, body of Node.step_down with self = a part of nodes), ...
"""

import ast
import dataclasses
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from speccheck.domains.base import Domain
from speccheck.dsl.formulas import ActionAtom, Atom, Fairness, Formula
from speccheck.dsl.rules import mark_of
from speccheck.errors import SpeccheckError
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.inference import Inference
from speccheck.model.syntax.kinds import Kind, Method, Of, Place, State, Symbol
from speccheck.model.syntax.names import parameters_of
from speccheck.model.syntax.results import FORMULA_OPERATORS
from speccheck.model.syntax.trees import tree_of
from speccheck.source import Span

READ_ONLY = frozenset({"invariant", "step_invariant", "reachable", "constraint", "terminal", "refinement", "temporal", "predicate"})


@dataclass(frozen=True)
class CheckedRule:
    """A method with a role, or ("predicate") one that a formula written as an attribute names."""

    name: str
    role: str
    function: Callable[..., Any]
    parameters: Mapping[str, Domain]
    span: Span

    @property
    def read_only(self) -> bool:
        """Whether the rule may only read the state."""
        return self.role in READ_ONLY


@dataclass(frozen=True)
class Subject:
    """What the checks need to know of a spec."""

    spec: type
    domains: Mapping[str, Domain]
    rules: tuple[CheckedRule, ...]


@dataclass(frozen=True)
class Use:
    """A function as one rule uses it: the rule's own (`own`), or one that it calls, directly or not."""

    subject: Subject
    rule: CheckedRule
    body: Body
    own: bool

    def error(self, kind: type[SpeccheckError], message: str, place: ast.AST, remedy: str | None = None) -> SpeccheckError:
        """Return an error at a part of the function; where it is not the rule itself, it says whose rule calls it."""
        notes = () if self.own else (f"in {self.body.tree.name}, which the {self.rule.role.replace('_', ' ')} '{self.rule.name}' calls",)
        return kind(message, span=self.body.tree.span_of(place), remedy=remedy, notes=notes)


def uses_of(subject: Subject) -> tuple[Use, ...]:
    """Return every function that the rules of a spec use, once for each rule and combination of arguments."""
    inference = Inference(subject.spec, subject.domains)
    found: list[Use] = []
    rules = [*subject.rules, *predicates_of(subject)]
    for rule in rules:  # which grows by the predicates that a temporal property names
        body = inference.body(rule.function, _arguments(subject, rule))
        if body is not None:
            called = called_from(body)
            found.extend(Use(subject, rule, one, one is body) for one in called)
            if rule.role == "temporal":
                rules.extend(new for one in called for new in _predicates_in(one) if all(new.function is not old.function for old in rules))
    return tuple(found)


def called_from(body: Body) -> list[Body]:
    """Return a function and all the user's functions that it calls, directly or not."""
    found = {body: None}
    pending = [body]
    while pending:
        for callees in pending.pop().callees.values():
            pending.extend(one for one in callees if one not in found)
            found.update(dict.fromkeys(callees))
    return list(found)


def _arguments(subject: Subject, rule: CheckedRule) -> dict[str, Kind]:
    tree = tree_of(rule.function)
    names = [] if tree is None else [parameter.arg for parameter in parameters_of(tree.node)]
    found: dict[str, Kind] = {name: Of(domain, Symbol(name)) for name, domain in rule.parameters.items()}
    states = ("self", "after") if rule.role == "step_invariant" else ("self",)
    return found | {name: State(subject.spec, Place(root)) for name, root in zip(names, states)}


def predicates_of(subject: Subject) -> Iterator[CheckedRule]:
    """Return the methods without a role that formulas written as attributes name, taken by name from the class that is checked."""
    named = {rule.name for rule in subject.rules}
    for formula in formulas_of(subject.spec):
        for atom in atoms_of(formula):
            if not isinstance(atom, Atom) or mark_of(atom.predicate) is not None:
                continue
            name = getattr(atom.predicate, "__name__", "")
            function = inspect.getattr_static(subject.spec, name, atom.predicate)
            if name not in named and inspect.isfunction(function) and (tree := tree_of(function)) is not None and name != "<lambda>":
                named.add(name)
                yield CheckedRule(name, "predicate", function, {}, tree.span)


def _predicates_in(body: Body) -> Iterator[CheckedRule]:
    """Return the methods without a role that a formula is given as predicates: `always(self.in_sync)`."""
    for tree in body.expressions():
        if isinstance(tree, ast.Call) and any(body.object_of(tree.func) is operator for operator in FORMULA_OPERATORS):
            for kind in map(body.kind, tree.args):
                is_predicate = isinstance(kind, Method) and isinstance(kind.receiver, State) and mark_of(kind.function) is None
                if is_predicate and isinstance(kind, Method) and (found := tree_of(kind.function)) is not None:
                    yield CheckedRule(kind.name, "predicate", kind.function, {}, found.span)


def formulas_of(spec: type) -> list[Formula]:
    """Return the formulas that are attributes of a class, inherited ones included."""
    without = spec._part_options.without  # type: ignore[attr-defined]
    members = {name: inspect.getattr_static(spec, name) for name in dir(spec) if name not in without}
    return [member for member in members.values() if isinstance(member, Formula) and not isinstance(member, Fairness)]


def atoms_of(formula: Any) -> Iterator[Atom | ActionAtom]:
    """Return the atoms of a formula."""
    match formula:
        case Atom() | ActionAtom():
            yield formula
        case Formula() if dataclasses.is_dataclass(formula):
            for field in dataclasses.fields(formula):
                yield from atoms_of(getattr(formula, field.name))
        case tuple():
            for one in formula:
                yield from atoms_of(one)
