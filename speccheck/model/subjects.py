"""The subject of the checks on the syntax tree: what they need to know of a Model, or of one that is still being collected."""

from collections.abc import Iterable, Mapping

from speccheck.dsl.rules import mark_of
from speccheck.model.checks.subject import CheckedRule, Subject
from speccheck.model.model import Model, Rule, Variable


def subject(spec: type, variables: Iterable[Variable], rules: Mapping[str, Rule]) -> Subject:
    """Return a class, its domains and its rules as the checks take them."""
    checked = []
    for name, rule in rules.items():
        mark = mark_of(getattr(spec, name))
        assert mark is not None
        checked.append(CheckedRule(name, mark.role, rule.function, {p.name: p.domain for p in rule.parameters}, rule.span))
    return Subject(spec, {v.name: v.domain for v in variables}, tuple(checked))


def subject_of(model: Model) -> Subject:
    """Return a model's class, domains and rules as the checks take them."""
    return subject(model.spec, model.variables, model.rules)
