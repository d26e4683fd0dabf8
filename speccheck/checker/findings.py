"""Findings: what is probably a mistake although nothing is violated (semantics 10)."""

from collections.abc import Iterator

from speccheck.checker.result import Finding
from speccheck.checker.search import Searched
from speccheck.checker.vacuity import vacuous
from speccheck.domains.neutral import text
from speccheck.engines.machine import Exploration
from speccheck.model.checks.comparisons import impossible_comparisons
from speccheck.model.model import Model
from speccheck.model.subjects import subject_of
from speccheck.model.syntax.reads import variables_read


def findings(model: Model, searched: Searched) -> tuple[Finding, ...]:
    """Return all findings. What needs a complete search is marked as not certain after one that was cut, dropped states or had steps that erred."""
    found = searched.found
    certain = found.stopped is None and not found.dropped and not found.coverage.erred
    return (
        *_about_actions(model, found, certain),
        *_about_invariants(model, found, certain),
        *vacuous(searched.liveness.replay.machine.temporal, frozenset(searched.liveness.refuted), certain),
        *without_search(model),
    )


def without_search(model: Model) -> Iterator[Finding]:
    """Yield the findings that the text of a spec gives, whatever its states are."""
    for span, message in impossible_comparisons(subject_of(model)):
        yield Finding("SC504", message, span)


def _about_actions(model: Model, found: Exploration, certain: bool) -> Iterator[Finding]:
    coverage = found.coverage
    for number, action in enumerate(model.actions):
        erring = any(v.step is not None and v.step.label.action == number for v in found.violations.values())
        if not coverage.taken[number] and not erring:
            yield Finding("SC501", f"the action '{action.name}' is never enabled", action.span, certain)
        elif coverage.taken[number] and not coverage.changing[number] and not erring:
            yield Finding("SC502", f"the action '{action.name}' never changes the state", action.span, certain)
        label = coverage.without_write[number]
        if label is not None:
            parameters = ", ".join(f"{p.name}={text(p.domain.neutral(v))}" for p, v in zip(action.parameters, label.parameters))
            message = f"a path through '{action.name}' has no effect, for instance {action.name}({parameters}); did you mean disable() or require(...)?"
            yield Finding("SC503", message, action.span)


def _about_invariants(model: Model, found: Exploration, certain: bool) -> Iterator[Finding]:
    if len(found.space) < 2 and not found.dropped:
        return
    for prop in model.properties:
        if prop.kind != "invariant" or prop.rule is None or not model.checked(prop.name) or prop.name in found.violations:
            continue
        read = variables_read(model.spec, prop.rule.function)
        if read is not None and not read & found.coverage.changed_variables:
            what = f"it reads only {', '.join(sorted(read))}, which no step changes" if read else "it reads no variable"
            yield Finding("SC505", f"no step can affect the invariant '{prop.name}': {what}", prop.span, certain)
