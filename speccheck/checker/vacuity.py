"""Findings about temporal properties: what holds only because nothing ever puts it to the test, and fairness that no verdict rests on."""

from collections.abc import Iterator

from speccheck.checker.result import Finding
from speccheck.dsl.formulas import ActionAtom, And, Atom, Formula, Implies, LeadsTo, Not, Or
from speccheck.engines.python.temporal import TemporalSearch
from speccheck.model.model import Property
from speccheck.temporal.claims import Claim
from speccheck.temporal.ltl import normal_form

MOST_WORK = 1_000_000  # states times assumptions times claims; beyond it, whether fairness matters is not asked


def vacuous(temporal: TemporalSearch, refuted: frozenset[str], certain: bool) -> Iterator[Finding]:
    """Yield the findings of one model's temporal properties; `refuted` are the names of those that do not hold."""
    if temporal.seen is None:
        return
    by_property: dict[str, list[Claim]] = {}
    for claim in temporal.claims:
        by_property.setdefault(claim.property.name, []).append(claim)
    for claims in by_property.values():
        yield from _never_tested(temporal, claims, certain)
    held = tuple(claim for claim in temporal.claims if claim.property.name not in refuted)
    refined = any(prop.kind == "refinement" and prop.liveness for prop in temporal.model.properties)  # may rest on fairness, too
    if held and certain and not refined and not refuted:  # where a property fails, an assumption may be what it lacks for others to hold
        yield from _fairness(temporal, held)


def _never_tested(temporal: TemporalSearch, claims: list[Claim], certain: bool) -> Iterator[Finding]:
    """A left side counts as tested if it holds in some state for some binding."""
    rows = zip(*(_left_sides(claim.formula) for claim in claims))
    for row in rows:
        if any(temporal.speaks_of_steps(left) for _, left in row):
            continue
        conditions = [normal_form(left, temporal.vocabulary.number) for _, left in row]
        if not any(map(temporal.somewhere, conditions)):
            yield _finding(claims[0].property, row[0][0], certain)


def _finding(prop: Property, kind: str, certain: bool) -> Finding:
    if kind == "leads_to":
        return Finding("SC506", f"the left side of leads_to in '{prop.name}' never holds, so it demands nothing", prop.span, certain)
    return Finding("SC507", f"the left side of implies in '{prop.name}' never holds, so it demands nothing", prop.span, certain)


def _left_sides(formula: Formula) -> Iterator[tuple[str, Formula]]:
    """Yield the left sides that are conditions of single states, in the order of the text."""
    if isinstance(formula, LeadsTo | Implies) and _of_states(formula.left):
        yield ("leads_to" if isinstance(formula, LeadsTo) else "implies"), formula.left
    for name in formula.__dataclass_fields__:  # type: ignore[attr-defined]
        part = getattr(formula, name)
        for one in part if isinstance(part, tuple) else (part,):
            if isinstance(one, Formula):
                yield from _left_sides(one)


def _of_states(formula: Formula) -> bool:
    match formula:
        case Atom():
            return True
        case ActionAtom(kind):
            return kind == "enabled"
        case Not(operand):
            return _of_states(operand)
        case And(operands) | Or(operands):
            return all(map(_of_states, operands))
    return False


def _fairness(temporal: TemporalSearch, held: tuple[Claim, ...]) -> Iterator[Finding]:
    seen = temporal.seen
    assert seen is not None
    names = dict.fromkeys(one.name for one in temporal.vocabulary.assumptions)
    if len(names) * len(held) * seen.graph.expanded > MOST_WORK:
        return
    for name in names:
        if not temporal.matters(name, held):
            span = next(one.span for one in temporal.vocabulary.assumptions if one.name == name)
            yield Finding("SC508", f"the fairness of '{name}' never matters: every property that holds does so without it", span)
