"""Troubles: all that is not as it should be in a run, one by one, for the reports that list them (SARIF, annotations, the summary).

In: a Report. Out: a Trouble for each violation that was not expected, each expectation that was not met, each verdict that is missing, each finding and each
error. `KINDS` says what each kind of trouble means; the kind of a finding or an error is its code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from speccheck.checker.result import Finding, PropertyResult, Result, Verdict
from speccheck.checker.run import Report, RunOptions
from speccheck.errors import CATALOGUE, FINDINGS
from speccheck.model.acceptances import OUTDATED
from speccheck.reports.violation import last_word, steps_text, title
from speccheck.source import Span

Level: TypeAlias = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class TroubleKind:
    """What is always true of troubles of one kind: a phrase, what it means, what to do, and how grave it is."""

    title: str
    meaning: str
    remedy: str
    level: Level = "error"


@dataclass(frozen=True)
class Trouble:
    """One thing that is not as it should be. `models` are the models that have it, `property` is the one that it is
    about, with its trace.
    """

    kind: str
    level: Level
    headline: str
    message: str
    span: Span | None
    models: tuple[str, ...] = ()
    property: PropertyResult | None = None


def _way_out(code: str) -> str:
    if code == OUTDATED:
        return "Drop the acceptance."
    return f'If it is as it should be, accept it with a reason: `class X(Spec, accept={{"{code}": "why"}})`.'


WHY = "Either the spec allows a step that the system must not take, or the property asks for too much. `speccheck run FILE` shows the whole story."
KINDS: dict[str, TroubleKind] = {
    "invariant": TroubleKind("an invariant is violated", "A reachable state violates an invariant. The steps are a shortest way there.", WHY),
    "step_invariant": TroubleKind("a step invariant is violated", "A reachable step violates a step invariant. The steps are a shortest way there.", WHY),
    "reachable": TroubleKind(
        "a state is not reachable",
        "No reachable state satisfies a @reachable, although all of them were visited.",
        "Look for the guard that keeps every behavior away from it; a finding on an action that is never enabled is often the reason.",
    ),
    "temporal": TroubleKind(
        "a temporal property is violated",
        "A fair behavior violates a temporal property. It ends in a loop, or in a state in which nothing happens any more.",
        "Read how the story ends: it says why the behavior is fair. Assume fairness of an action if the real system promises it, or change the design.",
    ),
    "refinement": TroubleKind(
        "a refinement is violated",
        "A step or a behavior of the detailed spec is none of the abstract one, seen through the mapping.",
        "Compare the two states that the last step maps to with what the abstract spec could have done there.",
    ),
    "deadlock": TroubleKind(
        "a deadlock",
        "In a reachable state no action is possible, and the state is not terminal.",
        "The story says for each action which guard is false. Say which states are meant to be the end with @terminal.",
    ),
    "domain": TroubleKind(
        "a value outside of its domain", "A step assigns a variable a value that its annotation does not allow.", "Correct the action, or widen the annotation."
    ),
    "assert": TroubleKind("an assertion fails", "An assert in a rule is false on a reachable step.", WHY),
    "error": TroubleKind("a rule raises", "A rule raises an exception on a reachable state.", "Guard the expression with require(...), or correct it."),
    "expectation": TroubleKind(
        "a model is not as expected",
        "A verdict or a count is not what the @model line says: a violation that must be there is missing or goes another way, or a count differs.",
        "A variant that must fail and does not shows that the property, or the spec, has lost its teeth. If the change is meant, change the @model line.",
    ),
    "unknown": TroubleKind(
        "a property was not decided",
        "The search ended before the property was decided, so nothing is said about it.",
        "Give the search more time or memory, or check a smaller model. --allow-incomplete accepts it.",
    ),
    **{code: TroubleKind(error.title, " ".join((error.__doc__ or "").split()), error.advice) for code, error in CATALOGUE.items()},
    **{code: TroubleKind(title, meaning, _way_out(code), "warning") for code, (title, meaning) in FINDINGS.items()},
}


def troubles(report: Report) -> list[Trouble]:
    """Return all that is not as it should be: errors first, then model by model. What several models have alike is there once."""
    found: dict[tuple[object, ...], Trouble] = {}
    for one in (*_errors(report), *(one for result in report.results for one in _of_model(result, report)), *_findings(report.findings, report.options)):
        key = (one.kind, one.level, one.headline, one.message, one.span)
        models = found[key].models if key in found else ()
        found[key] = Trouble(one.kind, one.level, one.headline, one.message, one.span, (*models, *one.models), one.property)
    if report.exit_code and not any(one.level == "error" for one in found.values()):
        return [Trouble("unknown", "error", f"exit code {report.exit_code}", "the run did not come to its end", None), *found.values()]
    return list(found.values())


def decided(one: PropertyResult, options: RunOptions) -> bool:
    """Return whether a property has a verdict, or may be without one; the options are those for its file."""
    return one.verdict is not Verdict.UNKNOWN or one.as_expected or options.allow_incomplete


def mismatch(one: PropertyResult, result: Result) -> str:
    """Return the words in which a result says that this property is not as expected."""
    return next((words for words in result.mismatches if words.startswith(f"{one.name} ")), f"{one.name} is {one.verdict.value}")


def _errors(report: Report) -> Iterator[Trouble]:
    for error in (one for group in report.errors for one in group.errors):
        remedy = f"\n{error.remedy}" if error.remedy else ""
        yield Trouble(error.code, "error", f"{error.code}: {error.title}", error.message + remedy, error.span)


def _of_model(result: Result, report: Report) -> Iterator[Trouble]:
    name, options = (result.model.name,), report.options.for_file(result.model.file)
    for one in result.properties:
        if not decided(one, options):
            place = one.span or Span(result.model.file, result.model.line)
            yield Trouble("unknown", "error", f"{name[0]}: {one.name} is UNKNOWN", one.reason or "it was not decided", place, name)
        elif not one.as_expected and one.verdict is not Verdict.UNKNOWN:
            yield _violated(one, result) if one.verdict is Verdict.VIOLATED and one.expected is Verdict.HOLDS else _unmet(mismatch(one, result), result, one)
    for words in result.miscounts or ():
        yield _unmet(words, result)
    yield from _findings(result.findings, options, name)


def _violated(one: PropertyResult, result: Result) -> Trouble:
    length = "" if one.trace is None else f" after {steps_text(one.trace)}"
    explanation = "".join(f"\n{'  ' * line.depth}{line.expression}    {line.value}" for line in one.explanation)
    message = (last_word(one) or f"{title(one)} is violated") + explanation
    headline = f"{result.model.name}: {title(one)} is VIOLATED{length}"
    return Trouble(one.kind, "error", headline, message, one.span, (result.model.name,), one)


def _unmet(words: str, result: Result, one: PropertyResult | None = None) -> Trouble:
    place = Span(result.model.file, result.model.line)
    return Trouble("expectation", "error", f"{result.model.name}: not as expected", words, place, (result.model.name,), one)


def _findings(found: tuple[Finding, ...], options: RunOptions, models: tuple[str, ...] = ()) -> Iterator[Trouble]:
    for one in found:
        if one.accepted is None:
            level: Level = "note" if not one.certain else "error" if options.strict else "warning"
            yield Trouble(one.code, level, f"{one.code}: {FINDINGS[one.code][0]}", one.message, one.span, models)
