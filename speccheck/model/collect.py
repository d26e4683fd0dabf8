"""Collecting: from a user's class to a Model. Every error of the class is reported at once.

class TwoPhase(Spec): ...   ->   Model(name="TwoPhase[RM=3]", variables=..., actions=..., properties=...)
"""

import functools
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from speccheck.domains.annotations import domain_of, evaluated, finite
from speccheck.domains.base import Domain
from speccheck.domains.defaults import ABSENT
from speccheck.domains.initial import initial_values
from speccheck.domains.records import Records, declared_fields, default_of, domains_of
from speccheck.dsl.formulas import Fairness, Formula
from speccheck.dsl.rules import Mark, mark_of
from speccheck.dsl.spec import Spec
from speccheck.errors import (
    BadDecorator,
    BadFairness,
    BadSignature,
    DuplicateName,
    Misuse,
    NoAnnotation,
    SpeccheckError,
    TwoInits,
    UnknownRule,
    UnsetVariable,
    did_you_mean,
    raise_all,
)
from speccheck.model.acceptances import Acceptance, acceptances_of_class
from speccheck.model.checks import problems
from speccheck.model.model import Assumption, Expectation, Model, Parameter, Process, Property, Rule, Variable
from speccheck.model.processes.translate import Translation, translated, untranslated
from speccheck.model.sorts_in import parts_of, sorts_in
from speccheck.model.subjects import subject
from speccheck.model.syntax.declarations import Declarations
from speccheck.source import Span

RESERVED = ("deadlock", "domain")  # names of properties that every spec has
NO_PARAMETERS = ("init", "constraint", "terminal", "refinement")
PROPERTY_KINDS = ("invariant", "step_invariant", "reachable", "temporal", "refinement")


def collect(cls: type[Spec], *, constants: Mapping[str, Any], overridden: tuple[str, ...] = (), name: str | None = None, source: str = "") -> Model:
    """Return the class as a Model that expects everything to hold. Raises SpeccheckError, one or all of them."""
    return _Collector(untranslated(cls)).model(constants, overridden, name or cls.__name__, source)


def translation_of(cls: type[Spec]) -> Translation | None:
    """Return what the class's processes become; None if it has none. Raises SpeccheckError."""
    return _Collector(untranslated(cls)).translation()


class _Collector:
    """Collects one class; errors pile up and are raised together at the end."""

    def __init__(self, cls: Any) -> None:
        self.cls = cls
        self.errors: list[SpeccheckError] = []
        self.declarations = Declarations(cls)
        self.without = cls._part_options.without

    def translation(self) -> Translation | None:
        """Return what the processes become, without looking at anything else; None if there are none."""
        variables, marks = self._variables(), dict(self._marks())
        rules = {n: rule for n, mark in marks.items() if (rule := self._rule(n, mark)) is not None}
        return self._translated(variables, rules, marks) if any(marks[n].role == "process" for n in rules) else None

    def model(self, constants: Mapping[str, Any], overridden: tuple[str, ...], name: str, source: str) -> Model:
        variables = self._variables()
        marks = dict(self._marks())
        rules = {n: rule for n, mark in marks.items() if (rule := self._rule(n, mark)) is not None}
        acceptances = self._acceptances()
        self._check_without(marks)
        self._check_members(variables)
        properties = self._properties(marks, rules)
        inits = [rule for n, rule in rules.items() if marks[n].role == "init"]
        if len(inits) > 1:
            self.errors.append(TwoInits(f"{self.cls.__name__} has {len(inits)} @init methods: {', '.join(r.name for r in inits)}", span=inits[1].span))
        self._check_initial(variables, inits)
        roles: dict[str, str] = {name: mark.role for name, mark in marks.items()}
        processes: tuple[Process, ...] = ()
        start = inits[0] if inits else None
        if "process" in (roles[name] for name in rules):
            translation = self._translated(variables, rules, marks)
            self.cls, variables, rules, processes = translation.spec, translation.variables, translation.rules, translation.processes
            roles |= translation.roles
            start = _starting(start, translation)
        assumptions = tuple(self._assumptions(marks, rules, processes))
        self.errors += problems(subject(self.cls, variables, rules))
        raise_all(self.errors)
        span = self.declarations.class_span
        by_role = {role: tuple(r for n, r in rules.items() if roles[n] == role) for role in ("action", "constraint", "terminal")}
        domains = [v.domain for v in variables] + [p.domain for r in rules.values() for p in r.parameters]
        symmetric = tuple(sort for sort in sorts_in(domains) if sort.symmetric and len(sort) > 1)
        return Model(
            self.cls, name, span.file, span.line, inspect.cleandoc(self.cls.__doc__ or ""), dict(constants), overridden, variables, by_role["action"],
            start, by_role["constraint"], by_role["terminal"], properties, assumptions, processes,
            Expectation(), symmetric, source=source, rules=rules, acceptances=acceptances,
        )  # fmt: skip

    def _translated(self, variables: tuple[Variable, ...], rules: Mapping[str, Rule], marks: Mapping[str, Mark]) -> Translation:
        """Return the class with actions for its processes; raise what is wrong with them, and with all else."""
        names = {name: value for base in reversed(self.cls.__mro__) for name, value in vars(base).get("_part_locals", {}).items()}
        names |= {name: value for base in reversed(self.cls.__mro__) for name, value in vars(base).items() if isinstance(value, type)}
        try:
            if self.errors:  # domains or parameters are missing
                raise_all(self.errors)
            found = vars(self.cls).get("_part_translation")  # a class is translated once, so that what it becomes is always the same class
            if found is None:
                found = self.cls._part_translation = translated(self.cls, variables, rules, marks, names)
            return found  # type: ignore[no-any-return]
        except SpeccheckError as group:
            raise_all([*self.errors, *(e for e in group.errors if e not in self.errors)])
            raise

    # ---------------------------------------------------------------- variables

    def _variables(self) -> tuple[Variable, ...]:
        domains: Mapping[str, Domain]
        try:
            domains = domains_of(self.cls)
        except SpeccheckError as group:
            domains = getattr(group, "domains", {})
            for error in group.errors:
                owner, field = getattr(error, "field", (self.cls, ""))
                error.span = error.span or Declarations(owner).span_of(field)
                self.errors.append(error)
        return tuple(Variable(n, domains[n], default_of(self.cls, n), self.declarations.span_of(n)) for n in declared_fields(self.cls) if n in domains)

    def _check_initial(self, variables: tuple[Variable, ...], inits: list[Rule]) -> None:
        for variable in variables:
            if variable.default is ABSENT:
                if not inits:
                    self.errors.append(UnsetVariable(f"'{variable.name}' has no default, and there is no @init", span=variable.span))
                continue
            try:
                next(initial_values(self.cls, variable.name, variable.default, variable.domain), None)
            except (SpeccheckError, Misuse) as trouble:
                error = trouble.error if isinstance(trouble, Misuse) else trouble
                error.span = error.span or variable.span
                self.errors.append(error)

    # ---------------------------------------------------------------- rules

    def _marks(self) -> Iterator[tuple[str, Mark]]:
        """Yield the rules by name, in the order in which their names were first declared, base classes first."""
        for name in members_in_order(self.cls):
            mark = mark_of(inspect.getattr_static(self.cls, name))
            if mark is not None and name not in self.without:
                if name in RESERVED and mark.role in PROPERTY_KINDS:
                    self.errors.append(DuplicateName(f"'{name}' is the name of a property that every spec has", span=self.declarations.span_of(name)))
                yield name, mark

    def _rule(self, name: str, mark: Mark) -> Rule | None:
        span = self.declarations.rule_span(mark.function)
        parameters = list(inspect.signature(mark.function).parameters.values())
        if not parameters or parameters[0].kind not in (parameters[0].POSITIONAL_ONLY, parameters[0].POSITIONAL_OR_KEYWORD):
            self.errors.append(BadSignature(f"'{name}' does not take self", span=span, remedy=f"Write def {name}(self, ...)."))
            return None
        first = 2 if mark.role == "step_invariant" else 1
        if len(parameters) < first:
            self.errors.append(
                BadSignature(
                    f"the step invariant '{name}' does not take the state after the step", span=span, remedy=f"Write def {name}(self, after: Self) -> bool."
                )
            )
            return None
        if mark.role in NO_PARAMETERS and len(parameters) > 1:
            self.errors.append(BadSignature(f"'{name}' takes parameters, but @{mark.role} takes none", span=span))
            return None
        bound = [p for parameter in parameters[first:] if (p := self._parameter(name, mark, parameter, span)) is not None]
        return Rule(name, mark.function, tuple(bound), span, inspect.cleandoc(mark.function.__doc__ or ""))

    def _parameter(self, rule: str, mark: Mark, parameter: inspect.Parameter, span: Span) -> Parameter | None:
        name = parameter.name
        place = self.declarations.parameter_span(mark.function, name) or span
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            self.errors.append(BadSignature(f"'{rule}' takes any number of arguments", span=place))
            return None
        if parameter.default is not parameter.empty:
            self.errors.append(
                BadSignature(f"the parameter '{name}' of '{rule}' has a default", span=place, remedy="Drop it: parameters take all values of their domain.")
            )
            return None
        if parameter.annotation is parameter.empty:
            self.errors.append(NoAnnotation(f"the parameter '{name}' of '{rule}' has no annotation", span=place))
            return None
        try:
            names = self._names_around(rule)
            annotation = evaluated(parameter.annotation, mark.function.__globals__, names)
            return Parameter(name, finite(domain_of(annotation, names=names), f"the parameter '{name}' of '{rule}'"))
        except SpeccheckError as group:
            for error in group.errors:
                error.span = error.span or place
                self.errors.append(error)
            return None

    def _names_around(self, rule: str) -> dict[str, Any]:
        """Return the names that an annotation of a rule finds besides those of its module: of the functions and classes around it, and of its own class."""
        owner = next(base for base in self.cls.__mro__ if rule in vars(base))
        inside = {name: value for name, value in vars(owner).items() if isinstance(value, type)}
        return {**vars(owner).get("_part_locals", {}), owner.__name__: owner, **inside}

    def _acceptances(self) -> tuple[Acceptance, ...]:
        try:
            return acceptances_of_class(self.cls)
        except SpeccheckError as group:
            self.errors += group.errors
            return ()

    def _check_without(self, marks: Mapping[str, Mark]) -> None:
        known = [n for n in members_in_order(self.cls) if self._is_rule_or_property(n)]
        for name in self.without:
            if name not in known:
                self.errors.append(
                    UnknownRule(
                        f"without= names '{name}', which {self.cls.__name__} does not have.{did_you_mean(name, known)}", span=self.declarations.class_span
                    )
                )

    def _check_members(self, variables: Iterable[Variable]) -> None:
        """Refuse what would silently be passed over: rules of classes that are no specs, constructors, and values that outlive a state."""
        records = dict.fromkeys(base for v in variables for record in _records_in(v.domain) for base in record.__mro__)
        for base in (*self.cls.__mro__, *records):
            where = Declarations(base)
            for name, member in vars(base).items() if base is not Spec else ():
                if isinstance(member, functools.cached_property):
                    message = f"'{name}' of {base.__name__} is a cached_property, whose value outlives the state"
                    self.errors.append(BadDecorator(message, span=where.span_of(name), remedy="Use @property."))
                elif isinstance(base, type(Spec)):
                    if name in ("__init__", "__new__"):
                        remedy = "Give variables defaults, or assign them in an @init method."
                        message = f"{base.__name__} defines {name}, which the checker does not run"
                        self.errors.append(BadSignature(message, span=where.span_of(name), remedy=remedy))
                elif mark_of(member) is not None or isinstance(member, Formula | Fairness):
                    remedy = f"Write class {base.__name__}(Spec, abstract=True)."
                    message = f"'{name}' is a rule of {base.__name__}, which is not derived from Spec"
                    self.errors.append(BadDecorator(message, span=where.span_of(name), remedy=remedy))

    def _is_rule_or_property(self, name: str) -> bool:
        member = inspect.getattr_static(self.cls, name)
        return mark_of(member) is not None or isinstance(member, Formula | Fairness)

    # ---------------------------------------------------------------- properties and fairness

    def _properties(self, marks: Mapping[str, Mark], rules: Mapping[str, Rule]) -> tuple[Property, ...]:
        found: list[Property] = []
        for name in members_in_order(self.cls):
            member = inspect.getattr_static(self.cls, name)
            mark = marks.get(name)
            if name in self.without:
                continue
            if isinstance(member, Formula):
                found.append(Property(name, "temporal", self.declarations.span_of(name), formula=member))
            elif mark is not None and mark.role in PROPERTY_KINDS and name in rules:
                rule = rules[name]
                found.append(Property(name, mark.role, rule.span, rule, None, mark.refined, mark.liveness, rule.doc))  # type: ignore[arg-type]
        if looks_for_deadlocks(self.cls):
            found.append(Property("deadlock", "deadlock", self.declarations.class_span))
        return tuple(found)

    def _assumptions(self, marks: Mapping[str, Mark], rules: Mapping[str, Rule], processes: tuple[Process, ...]) -> Iterator[Assumption]:
        fair = {process.name: process for process in processes}
        for name in members_in_order(self.cls):
            member = inspect.getattr_static(self.cls, name)
            mark = marks.get(name)
            if mark is not None and mark.role == "action" and mark.fairness is not None and name in rules:
                yield from self._assumption(name, mark.fairness, (name,), mark.per, rules, rules[name].span)
            elif mark is not None and name in fair:
                yield from self._of_process(fair[name], mark)
            elif isinstance(member, Fairness) and name not in self.without:
                # Members are taken by name on this class: an override takes part, a dropped rule does not (semantics 4.5).
                names = tuple(m.function.__name__ for a in member.actions if (m := mark_of(a)) and m.function.__name__ not in self.without)
                span = self.declarations.span_of(name)
                if not names:
                    self.errors.append(BadFairness(f"the fairness group '{name}' is empty: without= drops all its actions", span=span))
                per = member.per
                if isinstance(per, Mapping):
                    per = {step: given for action, given in per.items() for step in (fair[action].fair if action in fair else (action,))}
                names = tuple(step for one in names for step in (fair[one].fair if one in fair else (one,)))
                yield from self._assumption(name, member.strength, names, per, rules, span)

    def _of_process(self, process: Process, mark: Mark) -> Iterator[Assumption]:
        """Return one assumption on all steps of a process that are not exempt, and one on each step that has its own; each for every process."""
        per = tuple(p.name for p in process.parameters)
        if mark.fairness is not None:
            if not process.fair:
                message = f"the process '{process.name}' is {mark.fairness}ly fair, but every label is unfair"
                self.errors.append(BadFairness(message, span=process.span, remedy="Drop fairness=, or unfair(...) at some label."))
                return
            yield Assumption(process.name, mark.fairness, process.fair, per, process.span)
        for step in process.strong:
            yield Assumption(step, "strong", (step,), per, process.span)

    def _assumption(self, name: str, strength: Any, actions: tuple[str, ...], per: Any, rules: Mapping[str, Rule], span: Span) -> Iterator[Assumption]:
        members = [rules[a] for a in actions if a in rules]
        if per is None and any(rule.parameters for rule in members):
            which = next(rule for rule in members if rule.parameters)
            remedy = f'Write per="{which.parameters[0].name}" for one assumption for each, or per=() for one on all of them together.'
            self.errors.append(BadFairness(f"the fairness of '{name}' does not say per what, but '{which.name}' has parameters", span=span, remedy=remedy))
            return
        problem = _per_problem(members, per)
        if problem is not None:
            self.errors.append(BadFairness(problem, span=span))
            return
        yield Assumption(name, strength, actions, () if per is None else per, span)


def _starting(init: Rule | None, translation: Translation) -> Rule | None:
    """Return the @init that also starts the processes, where these choose how they start."""
    if translation.start is None:
        return init
    if init is None:
        return Rule(translation.start.__name__, translation.start, (), translation.processes[0].span)
    return replace(init, function=translation.start)


def _per_problem(members: list[Rule], per: Any) -> str | None:
    """Return what is wrong with `per`, in words: names that do not exist, or parameters that do not have the same domain (semantics 5)."""
    names = [rule.name for rule in members]
    if isinstance(per, Mapping):
        unknown = [name for name in per if name not in names]
        if unknown:
            return f"per names the action '{unknown[0]}', which is not in the group.{did_you_mean(unknown[0], names)}"
        left_out = [rule.name for rule in members if rule.parameters and rule.name not in per]
        if left_out:
            return f"per does not say which parameter of '{left_out[0]}' it means; write () to let it join every value"
    columns: list[list[Domain]] = []
    for rule in members:
        wanted = per.get(rule.name, ()) if isinstance(per, Mapping) else per or ()
        domains = {p.name: p.domain for p in rule.parameters}
        wanted = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        for one in wanted:
            if one not in domains:
                return f"per={one!r}: '{rule.name}' has no parameter of this name.{did_you_mean(one, domains)}"
        if wanted:
            columns.append([domains[one] for one in wanted])
    for row in columns[1:]:
        if [list(d.all_frozen()) for d in row] != [list(d.all_frozen()) for d in columns[0]]:
            return f"the parameters that per fixes have different domains: {columns[0][0].describe()} and {row[0].describe()}"
    return None


def _records_in(domain: Domain) -> Iterator[type]:
    if isinstance(domain, Records):
        yield domain.cls
    for part in parts_of(domain):
        yield from _records_in(part)


def members_in_order(cls: type) -> list[str]:
    """Return the names of all members of a class in the order in which they were first declared, base classes first."""
    names: dict[str, None] = {}
    for base in reversed(cls.__mro__):
        if isinstance(base, type(Spec)) and base is not Spec:
            names.update(dict.fromkeys(n for n in vars(base) if not n.startswith(("__", "_part_"))))
    return list(names)


def looks_for_deadlocks(cls: Any) -> bool:
    """Return the inherited class option `deadlock`, True by default."""
    for base in cls.__mro__:
        options = vars(base).get("_part_options")
        if options is not None and options.deadlock is not None:
            return bool(options.deadlock)
    return True
