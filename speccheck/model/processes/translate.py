"""Translating: from a class with processes to one with actions, which is what every engine and every check sees.

    writer, a process of i: Instance        variables  writer.pc: dict[Instance, Literal["write_x", "write_y", "done", "crashed"]], writer.v
      labels write_x, write_y         ->    actions    writer.write_x(i), writer.write_y(i)
                                            a terminal condition: every process is done or has crashed

The new class is derived from the user's own, has its name, and exists only inside of a Model.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.containers import Maps
from speccheck.domains.defaults import Each
from speccheck.domains.evaluation import Disabled
from speccheck.domains.records import domains_of
from speccheck.domains.scalars import Enumerated
from speccheck.domains.tuples import Product
from speccheck.domains.unions import Union
from speccheck.dsl.processes import CRASHED, DONE, START, crash, crash_of, pc_of, restart, restart_of
from speccheck.dsl.rules import Mark, marked
from speccheck.errors import (
    BadLabel,
    BadYield,
    ChooseOutside,
    DefaultOutsideDomain,
    EndlessStep,
    Misuse,
    Ownership,
    SpeccheckError,
    UnsetLocal,
    raise_all,
)
from speccheck.model.model import Process, Rule, Variable
from speccheck.model.places import place_of
from speccheck.model.processes.actions import CRASH, Parts, crash_tree, end_tree, function_of, initial_tree, start_tree, step_tree
from speccheck.model.processes.flat import flat
from speccheck.model.processes.flow import flow_of
from speccheck.model.processes.locals import domains_of_locals
from speccheck.model.processes.loops import Positions
from speccheck.model.processes.nodes import AS_THE_PROCESS, Goto
from speccheck.model.processes.steps import step_from_start
from speccheck.model.syntax.kinds import is_mutable_object

ENDED = "(processes ended)"  # the name of the terminal condition


@dataclass(frozen=True)
class Written:
    """One process with all that it becomes, in the order in which it is shown."""

    parts: Parts
    process: Process
    mark: Mark
    variables: dict[str, tuple[Domain, Any]]  # name -> domain, default
    chosen: bool  # whether `choose` or `require` stands before the first label, so that the start is a part of @init

    @property
    def first(self) -> tuple[str, ...]:
        """The labels at which the process is before its first step."""
        if self.chosen:
            code = step_from_start(self.parts.made.body, self.parts.end)
            return tuple(dict.fromkeys(part.label for statement in code for part in ast.walk(statement) if isinstance(part, Goto)))
        pc = self.variables[pc_of(self.parts.name)][1]
        return tuple(dict.fromkeys(pc.values() if isinstance(pc, dict) else [pc.value if isinstance(pc, Each) else pc]))


@dataclass(frozen=True)
class Translation:
    """A class whose processes are actions. `rules` are all rules, with those of a process in its place; `roles` says what the added ones are."""

    spec: Any
    variables: tuple[Variable, ...]
    rules: dict[str, Rule]
    roles: dict[str, str]
    processes: tuple[Process, ...]
    start: Callable[..., Any] | None  # the @init that also starts the processes, where they choose
    written: tuple[Written, ...]  # how each process is written as actions


def translated(cls: Any, variables: tuple[Variable, ...], rules: Mapping[str, Rule], marks: Mapping[str, Mark], names: dict[str, Any]) -> Translation:
    """Return the class with actions for its processes. Raises SpeccheckError, all of them at once. `names` are those that annotations find."""
    errors: list[SpeccheckError] = []
    written: list[Written] = []
    for name, rule in rules.items():
        if marks[name].role == "process":
            try:
                written.append(_written(cls, rule, marks[name], {v.name: v.domain for v in variables}, names))
            except SpeccheckError as group:
                errors += group.errors
    raise_all(errors)
    return _Class(cls, variables, rules, marks, written).translation()


def _written(cls: Any, rule: Rule, mark: Mark, variables: Mapping[str, Domain], names: dict[str, Any]) -> Written:
    made = flat(cls, mark.function)
    domains = {p.name: p.domain for p in rule.parameters}
    positions = Positions(made, domains)
    flow = flow_of(made)
    parts = Parts(made, flow, None)
    raise_all(_problems(parts, mark))
    parts = Parts(made, flow, _start(cls, parts, rule))
    labels = [*([START] if parts.start == START else []), *(p.label for p in flow.points)]
    wanted = {local: label for label, live in reversed(flow.live.items()) for local in live}
    found = list(domains_of_locals(made, {n: wanted[n] for n in parts.locals}, positions, cls, variables, names, domains))
    raise_all(one for one in found if isinstance(one, SpeccheckError))
    locals_ = dict(one for one in found if not isinstance(one, SpeccheckError))
    starts = _starts(cls, parts, rule, locals_) if parts.start is None else {}
    process = Process(
        rule.name,
        rule.parameters,
        tuple(labels),
        tuple(f"{rule.name}.{label}" for label in labels),
        _fair(parts, labels),
        _strong(parts),
        mark.daemon,
        rule.span,
    )
    return Written(parts, process, mark, _variables(parts, rule, labels, locals_, starts), starts is None)


def _start(cls: Any, parts: Parts, rule: Rule) -> str | None:
    """Return the label at which the process starts if nothing but jumps is before it, "start" if what is before it touches the state, else None."""
    code = step_from_start(parts.made.body, parts.end)
    match code:
        case [Goto(label=label)]:
            return label
    if not any(isinstance(name, ast.Name) and name.id == parts.made.me for statement in code for name in ast.walk(statement)):
        return None
    try:  # it may do so only on a way that is never taken with these constants
        _beginnings(cls, parts, rule)
    except _Touched:
        return START
    except (Disabled, ChooseOutside, Misuse, Exception):
        return START
    return None


class _Touched(BaseException):
    """What is before the first label reads or writes the state."""


class _NoState:
    """Stands for the state while what is before the first label is run."""

    def __getattribute__(self, name: str) -> Any:
        raise _Touched

    def __setattr__(self, name: str, value: Any) -> None:
        raise _Touched


def _problems(parts: Parts, mark: Mark) -> Iterator[SpeccheckError]:
    made, flow = parts.made, parts.flow
    last = {local: point for point in flow.points for local in flow.unset[point.label]}  # a local is reported once
    for point in flow.points:
        for local in (name for name in flow.unset[point.label] if last[name] is point):
            message = f"the local '{local}' of '{parts.name}' is read after the label '{point.label}', but may have no value there"
            yield UnsetLocal(message, span=made.span_of(point))
        if point.label == CRASH and mark.crashes:
            message = f"'{parts.name}' has a label '{CRASH}', and crashes=True adds a step of this name"
            yield BadLabel(message, span=made.span_of(point), remedy="Rename the label.")
    reached = {point.label for point in flow.points}
    for point in (one for one in made.points if one.label not in reached):
        yield BadLabel(
            f"the label '{point.label}' of '{parts.name}' can never be reached", span=made.span_of(point), remedy="Drop it, or leave the loop before it."
        )
    for call in _about_itself(parts):
        message = f"'{parts.name}' does `{ast.unparse(call)}` to itself in the middle of a step"
        yield BadYield(message, span=made.span_of(call), remedy="Write return to end it; what may go wrong from outside is an action.")
    for loop in flow.endless:
        message = f"a way round `while {ast.unparse(loop.test)}` in '{parts.name}' has no label and changes nothing"
        remedy = "Put a label into the loop: a process waits by require(...) after a label."
        yield EndlessStep(message, span=made.span_of(loop.test), remedy=remedy)


def _about_itself(parts: Parts) -> Iterator[ast.Call]:
    """Return the calls by which the process stops or restarts the very process that runs."""
    for part in ast.walk(parts.made.function_tree):
        match part:
            case ast.Call(func=ast.Name(id=name), args=[ast.Attribute(value=ast.Name(id=me), attr=process), *given]):
                itself = [argument.id for argument in given if isinstance(argument, ast.Name)] == list(parts.made.parameters)
                if me == parts.made.me and process == parts.name and itself and parts.made.function.__globals__.get(name) in (crash, restart):
                    yield part


def _fair(parts: Parts, labels: list[str]) -> tuple[str, ...]:
    unfair = {p.label for p in parts.flow.points if p.fairness is None}
    return tuple(f"{parts.name}.{label}" for label in labels if label not in unfair)


def _strong(parts: Parts) -> tuple[str, ...]:
    return tuple(f"{parts.name}.{p.label}" for p in parts.flow.points if p.fairness == "strong" and p.fairness != AS_THE_PROCESS)


# ---------------------------------------------------------------- variables


def keys_of(rule: Rule) -> Domain | None:
    """Return the domain of what says which process it is; None for a process without parameters."""
    domains = tuple(p.domain for p in rule.parameters)
    if len(domains) < 2:
        return domains[0] if domains else None
    return Product(tuple, tuple(map(str, range(len(domains)))), domains, tuple, tuple)


def _variables(
    parts: Parts, rule: Rule, labels: list[str], locals_: Mapping[str, Domain], starts: dict[Any, tuple[str, dict[str, Any]]] | None
) -> dict[str, tuple[Domain, Any]]:
    where = tuple(dict.fromkeys((*labels, DONE, CRASHED)))
    pc: Domain = Enumerated(where, f"Literal[{', '.join(map(repr, where))}]")
    keys = keys_of(rule)
    if keys is None:
        label, held = (parts.start or labels[0], {}) if not starts else starts[()]
        found: dict[str, tuple[Domain, Any]] = {pc_of(rule.name): (pc, label)}
        for local, domain in locals_.items():
            found[parts.variable(local)] = (_or_none(domain), held.get(local))
        return found
    begin: Any = Each(parts.start or labels[0])
    if starts:
        labels_ = {key: label for key, (label, _) in starts.items()}
        begin = Each(next(iter(labels_.values()))) if len(set(labels_.values())) == 1 else labels_
    found = {pc_of(rule.name): (Maps(keys, pc, True), begin)}
    for local, domain in locals_.items():
        default = {key: held[local] for key, (_, held) in (starts or {}).items() if local in held}
        found[parts.variable(local)] = (Maps(keys, domain, False), default)
    return found


def _or_none(domain: Domain) -> Domain:
    """Return the domain with None, which stands for no value. Where a local is live the label says; so it does not matter if None is one of its values."""
    none = Enumerated((None,), "None")
    alternatives = domain.alternatives if isinstance(domain, Union) else (domain,)
    if any(one.contains(None) for one in alternatives if isinstance(one, Enumerated)):
        return domain
    return Union((*alternatives, none))


def _starts(cls: Any, parts: Parts, rule: Rule, locals_: Mapping[str, Domain]) -> dict[Any, tuple[str, dict[str, Any]]] | None:
    """Return for each process the label at which it starts and its locals there; None if that is for `choose` to say."""
    try:
        found = _beginnings(cls, parts, rule)
    except (Disabled, ChooseOutside):
        return None
    except Misuse as misuse:
        if isinstance(misuse.error, ChooseOutside):
            return None
        raise misuse.error from None
    except Exception as raised:
        message = f"the beginning of '{rule.name}' raised {type(raised).__name__}: {raised}"
        remedy = "What stands before the first label, and does not touch the state, runs when the spec is loaded."
        raise BadYield(message, span=place_of(raised) or rule.span, remedy=remedy) from raised
    for _, held in found.values():
        _check_shared(rule, held)
        for local, value in held.items():
            if not locals_[local].mutable and not locals_[local].contains(value):
                message = f"the local '{local}' of '{rule.name}' begins with {value!r}, which is outside {locals_[local].describe()}"
                raise DefaultOutsideDomain(message, span=rule.span)
    return found


def _check_shared(rule: Rule, held: Mapping[str, Any]) -> None:
    """Refuse two locals that begin with one mutable object: as parts of the state they would be two."""
    seen: dict[int, str] = {}
    for local, value in held.items():
        other = seen.setdefault(id(value), local)
        if other != local and is_mutable_object(value):
            message = f"the locals '{other}' and '{local}' of '{rule.name}' begin as one mutable object"
            raise Ownership(message, span=rule.span, remedy="Give each its own: write a copy, such as set(x).")


def _beginnings(cls: Any, parts: Parts, rule: Rule) -> dict[Any, tuple[str, dict[str, Any]]]:
    """Run what is before the first label, for each process; raises what it raises."""
    function = function_of(initial_tree(parts), parts.made, cls.__qualname__)
    return {binding[0] if len(binding) == 1 else binding: function(_NoState(), *binding) for binding in rule.bindings()}


# ---------------------------------------------------------------- the class


class _Class:
    """Builds the class with actions."""

    def __init__(self, cls: Any, variables: tuple[Variable, ...], rules: Mapping[str, Rule], marks: Mapping[str, Mark], written: list[Written]) -> None:
        self.cls, self.given, self.rules, self.marks, self.written = cls, variables, rules, marks, written
        self.members: dict[str, Any] = {}
        self.found: dict[str, Rule] = {}
        self.roles: dict[str, str] = {}

    def translation(self) -> Translation:
        """Return the class with all that belongs to it."""
        by_name = {one.parts.name: one for one in self.written}
        for name, rule in self.rules.items():
            if name in by_name:
                self._process(by_name[name], rule)
            else:
                self.found[name] = rule
        self._terminal()
        start = self._start()
        return Translation(
            self._class(), (*self.given, *self._added()), self.found, self.roles, tuple(one.process for one in self.written), start, tuple(self.written)
        )

    def _process(self, one: Written, rule: Rule) -> None:
        parts = one.parts
        points = {p.label: p for p in parts.made.points}
        for label in one.process.labels:
            span = parts.made.span_of(points[label]) if label in points else rule.span
            self._action(parts, f"{rule.name}.{label}", step_tree(parts, label), Rule(rule.name, rule.function, rule.parameters, span, rule.doc))
        self._method(parts, restart_of(rule.name), start_tree(parts))
        self._method(parts, crash_of(rule.name), crash_tree(parts, crash_of(rule.name), (DONE, CRASHED)))
        if one.mark.crashes:
            name = f"{rule.name}.{CRASH}"
            self._action(parts, name, crash_tree(parts, name, (*one.first, DONE, CRASHED)), rule)

    def _action(self, parts: Parts, name: str, tree: ast.FunctionDef, like: Rule) -> None:
        function = function_of(tree, parts.made, self.cls.__qualname__)
        self.members[name] = marked(Mark("action", function))
        self.found[name] = Rule(name, function, like.parameters, like.span, like.doc)
        self.roles[name] = "action"

    def _method(self, parts: Parts, name: str, tree: ast.FunctionDef) -> None:
        self.members[name] = function_of(tree, parts.made, self.cls.__qualname__)

    def _terminal(self) -> None:
        waited = [one.parts for one in self.written if not one.process.daemon]
        parts = self.written[0].parts
        function = function_of(end_tree(waited, ENDED, parts.made.function_tree), parts.made, self.cls.__qualname__)
        self.members[ENDED] = marked(Mark("terminal", function))
        self.found[ENDED] = Rule(ENDED, function, (), self.written[0].process.span, "Every process is done or has crashed.")
        self.roles[ENDED] = "terminal"

    def _start(self) -> Callable[..., Any] | None:
        choosing = [(one.parts.name, self.rules[one.parts.name].bindings()) for one in self.written if one.chosen]
        if not choosing:
            return None
        name = next((n for n, mark in self.marks.items() if mark.role == "init" and n in self.rules), "(processes start)")
        given = self.rules[name].function if name in self.rules else None

        def start(self: Any) -> None:
            if given is not None:
                given(self)
            for process, bindings in choosing:
                for binding in bindings:
                    getattr(self, restart_of(process))(*binding)

        start.__name__ = name
        self.members[name] = marked(Mark("init", start))
        return start

    def _added(self) -> Iterator[Variable]:
        for one in self.written:
            for name, (domain, default) in one.variables.items():
                yield Variable(name, domain, default, one.process.span)

    def _class(self) -> Any:
        cls, options = self.cls, self.cls._part_options
        added = {name: both for one in self.written for name, both in one.variables.items()}
        namespace = {
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__doc__": cls.__doc__,
            "__annotations__": dict.fromkeys(added, "object"),
            **{name: default for name, (_, default) in added.items()},
            **self.members,
        }
        made: Any = type(cls)(cls.__name__, (cls,), namespace, abstract=options.abstract, deadlock=options.deadlock, without=options.without)
        made._part_domains = {**domains_of(cls), **{name: domain for name, (domain, _) in added.items()}}
        made._part_locals, made._part_translates = cls._part_locals, cls
        return made


def untranslated(cls: Any) -> Any:
    """Return the class as the user wrote it."""
    return vars(cls).get("_part_translates", cls)


def has_processes(marks: Iterable[Mark]) -> bool:
    """Return whether some rule is a process."""
    return any(mark.role == "process" for mark in marks)
