"""The items of a model: one for each property, one for its expected counts, one for the steps that err, and one for findings.

An item passes if what came out is what the model expects. Its name is that of the property; the others have a hyphen in theirs, which no property has.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from speccheck.checker.result import PropertyResult, Result, Verdict
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model
from speccheck.model.select import expectable
from speccheck.reports.errors import error_lines
from speccheck.reports.violation import finding_line, steps_text, title, violation_lines
from speccheck.source import Span
from speccheck.testing.model_check import ModelCheck
from speccheck.testing.stories import Crash, Story, Told
from speccheck.trace.styled import EMPTY, Line, counted, line

COUNTS, ERRORS, FINDINGS = "expected-counts", "no-errors", "no-findings"


class ModelItem(pytest.Item):
    """Something that a model claims."""

    def __init__(self, *, check: ModelCheck, claim: str, span: Span | None, **others: Any) -> None:
        super().__init__(**others)
        self.check, self.claim = check, claim
        self._span = span if span is not None and Path(span.file) == self.path else Span(check.model.file, check.model.line)

    def setup(self) -> None:
        """Explore the model, if no other item has: a rule that is misused is an error, and no failure."""
        self.check.result()

    def runtest(self) -> None:
        """Judge the claim."""
        self.judge(self.check.result())

    def judge(self, result: Result) -> None:
        """Raise Told unless what came out is what the model expects."""
        raise NotImplementedError

    def incomplete(self, lines: list[Line], reason: str) -> None:
        """Fail for what a limit left UNKNOWN, or skip it, if that is allowed."""
        if self.check.options.allow_incomplete:
            pytest.skip(f"UNKNOWN: {reason}")
        raise Told(lines, f"UNKNOWN: {reason}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the story of a failure; what is no failure of the spec is shown by pytest."""
        match excinfo.value:
            case Told(lines=lines, words=words):
                return self._story(lines, words)
            case SpeccheckError() as error:
                words = f"{error.errors[0].code} {error.errors[0].message.splitlines()[0]}"
                lines = (line("as in the item before: ", words),) if self.check.told else tuple(error_lines(error))
                self.check.told = True
                return self._story(lines, words)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the claim stands, and its name."""
        return self.path, max(self._span.line - 1, 0), f"{self.check.model.name}::{self.claim}"

    def _story(self, lines: tuple[Line, ...], words: str) -> Story:
        return Story(lines, Crash(str(self.path), self._span.line, words))


class PropertyItem(ModelItem):
    """A property of a model, or one that only a violation creates and that the model expects."""

    def judge(self, result: Result) -> None:
        """Pass a verdict that the model expects."""
        one = result[self.claim]
        if one.as_expected:
            return
        if one.verdict is Verdict.UNKNOWN:
            self.incomplete([_verdict(one, one.reason or ""), *_remarks(result)], one.reason or "")
        story = violation_lines(one) if one.trace is not None or one.verdict is Verdict.VIOLATED else []
        raise Told([*story, *([EMPTY] if story else []), *_mismatches(result, one.name), *_remarks(result)], _words(one))


class CountsItem(ModelItem):
    """The numbers of states and levels that a model states."""

    def judge(self, result: Result) -> None:
        """Pass the expected counts of a complete search."""
        if self.check.options.symmetry is not None:
            pytest.skip("expected counts are not compared: an option changes what is counted")
        if not result.complete:
            self.incomplete([line("expected counts are not compared"), *_remarks(result)], f"the search was cut: {result.stopped}")
        expectation = self.check.model.expectation
        found = (("distinct", expectation.distinct, result.distinct), ("depth", expectation.depth, result.depth))
        wrong = [f"{name} was expected to be {expected}, but is {is_}" for name, expected, is_ in found if expected not in (None, is_)]
        if wrong:
            raise Told([*(line((text, "bad")) for text in wrong), *_remarks(result)], "; ".join(wrong))


class ErrorsItem(ModelItem):
    """That no step errs: what only a violation creates has no item of its own, for nobody knows of it before."""

    def judge(self, result: Result) -> None:
        """Pass if nothing was violated but what has an item, or was expected to be."""
        known = names_of_items(self.check.model)
        wrong = [one for one in result.properties if one.name not in known and not one.as_expected]
        stories: list[Line] = []
        for one in wrong:
            stories += [*violation_lines(one), EMPTY, *_mismatches(result, one.name), EMPTY]
        if wrong:
            raise Told([*stories, *_remarks(result)], "; ".join(f"{one.name} {_words(one)}" for one in wrong))


class FindingsItem(ModelItem):
    """That nothing looks like a mistake, with --speccheck-strict."""

    def judge(self, result: Result) -> None:
        """Pass without findings that are certain."""
        certain = [finding for finding in result.findings if finding.counts]
        if certain:
            raise Told([*map(finding_line, certain), *_remarks(result)], counted(len(certain), "finding") + f": {certain[0].code} {certain[0].message}")


def names_of_items(model: Model) -> tuple[str, ...]:
    """Return the names of the properties that have an item: those of the model, and what else it expects."""
    named = [p.name for p in model.properties] + [*model.expectation.violates, *model.expectation.unknown]
    return tuple(name for name in dict.fromkeys(named) if model.checked(name))


def items_of(check: ModelCheck, parent: pytest.Collector, prefix: str) -> Iterator[ModelItem]:
    """Yield the items of a model; `prefix` stands before their names where the model has no collector of its own."""

    def item(kind: type[ModelItem], claim: str, span: Span | None = None) -> ModelItem:
        made: ModelItem = kind.from_parent(parent, name=prefix + claim, check=check, claim=claim, span=span)
        return made

    model = check.model
    spans = {p.name: p.span for p in model.properties}
    for name in names_of_items(model):
        yield item(PropertyItem, name, spans.get(name))
    if model.expectation.distinct is not None or model.expectation.depth is not None:
        yield item(CountsItem, COUNTS)
    if any(model.checked(name) for name in expectable(model) if name not in spans):
        yield item(ErrorsItem, ERRORS)
    if check.options.strict:
        yield item(FindingsItem, FINDINGS)


def _words(one: PropertyResult) -> str:
    """A verdict in a few words, for the line of the summary."""
    if one.verdict is one.expected:
        return "VIOLATED as expected, but not via the actions that were expected"
    if one.verdict is Verdict.VIOLATED:
        found = "VIOLATED" + (f" after {steps_text(one.trace)}" if one.trace is not None else "")
        return f"{found}: {one.reason}" if one.reason else found
    return f"{one.verdict.value}, but was expected to be {one.expected.value if one.expected else 'otherwise'}"


def _verdict(one: PropertyResult, reason: str) -> Line:
    return line((one.verdict.value, "unknown"), " ", (title(one), "heading"), f": {reason}")


def _mismatches(result: Result, name: str) -> list[Line]:
    return [line(("not as expected", "bad"), f": {text}") for text in result.mismatches if text.startswith(f"{name} ")]


def _remarks(result: Result) -> list[Line]:
    """The counts, and the notes that a reader must know."""
    return [line(result.summary()), *(line(("note", "faint"), f": {note}") for note in result.notes)]
