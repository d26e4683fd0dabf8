"""Judging: from what a search found to one verdict per property, with its trace, its reason, and why it is false."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from speccheck.checker.explain import explain, explain_failure
from speccheck.checker.guards import failed_guards
from speccheck.checker.lassos import explained
from speccheck.checker.refinement import unmatched
from speccheck.checker.replay import Replay, Story
from speccheck.checker.result import Explained, PropertyResult, Verdict
from speccheck.checker.search import Searched
from speccheck.checker.wording import counted
from speccheck.domains.evaluation import entered
from speccheck.domains.neutral import Value
from speccheck.engines.machine import Exploration, Refuted, Violation
from speccheck.engines.python.judging import bound, witnessed
from speccheck.engines.python.stepping import RuleRaised
from speccheck.model.model import Kind, Model, Property
from speccheck.model.places import place_of
from speccheck.source import Span
from speccheck.trace.origin import Origin


def judge(model: Model, searched: Searched) -> tuple[PropertyResult, ...]:
    """Return the results of all properties: the model's own, and those that a violation creates (listed when violated or expected)."""
    listed = {p.name for p in model.properties}
    found = sorted(searched.found.violations, key=lambda name: (searched.found.violations[name].level, _declared(model, name), name))
    created = [name for name in (*found, *model.expectation.violates, *model.expectation.unknown) if name not in listed]
    properties = [p for p in model.properties if model.checked(p.name)]
    properties += [_created(model, name) for name in dict.fromkeys(created) if model.checked(name)]
    return tuple(_Judge(model, searched).result(prop) for prop in properties)


def unexplored(model: Model, reason: str) -> tuple[PropertyResult, ...]:
    """Return UNKNOWN for every property of a model that was not searched at all."""
    return tuple(
        _expected(model, PropertyResult(p.name, p.kind, Verdict.UNKNOWN, None, p.span, p.doc, reason)) for p in model.properties if model.checked(p.name)
    )


class _Judge:
    """Judges the properties of one exploration."""

    def __init__(self, model: Model, searched: Searched) -> None:
        self.model, self.found, self.replay, self.liveness = model, searched.found, searched.replay, searched.liveness
        self.sampled = searched.sampled

    def result(self, prop: Property) -> PropertyResult:
        violation = self.found.violations.get(prop.name)
        if violation is not None:
            return self._violated(prop, violation)
        if prop.kind == "refinement" and prop.name not in {one.property.name for one in self.replay.machine.refinements}:
            return self._plain(
                prop, Verdict.UNKNOWN, "the abstract spec has a process, and a mapping cannot say where it is; write the abstract spec with actions"
            )
        if prop.kind == "temporal" or (prop.kind == "refinement" and prop.liveness):
            return self._temporal(prop)
        if prop.kind == "reachable":
            return self._reachable(prop)
        if f"{prop.name}.error" in self.found.violations:
            return self._plain(prop, Verdict.UNKNOWN, "its mapping raised")
        if self.sampled is not None:
            return self._plain(prop, Verdict.UNKNOWN, f"not refuted by {self.sampled}")
        if self.found.stopped is not None:
            return self._plain(prop, Verdict.UNKNOWN, f"the search was cut: {self.found.stopped}")
        return self._plain(prop, Verdict.HOLDS)

    def _plain(self, prop: Property, verdict: Verdict, reason: str | None = None) -> PropertyResult:
        return _expected(self.model, PropertyResult(prop.name, prop.kind, verdict, None, prop.span, prop.doc, reason))

    def _reachable(self, prop: Property) -> PropertyResult:
        assert prop.rule is not None
        bindings = prop.rule.bindings()
        missing = [b for b in bindings if (prop.name, b) not in self.found.witnesses]
        if not missing:
            story = self.replay.story(self.found.witnesses[prop.name, bindings[0]])
            # The one that the witness is of: under symmetry the story may end in another state of the orbit.
            binding = self.replay.binding(prop.rule, self._witnessed(prop, story) if self.model.symmetry else bindings[0])
            return _expected(self.model, PropertyResult(prop.name, prop.kind, Verdict.HOLDS, None, prop.span, prop.doc, None, binding, story.trace))
        verdict, reason = Verdict.VIOLATED, "no reachable state satisfies it"
        if self.sampled is not None:
            verdict, reason = Verdict.UNKNOWN, f"no witness in {self.sampled}"
        elif self.found.stopped is not None:
            verdict, reason = Verdict.UNKNOWN, f"no witness was found before the search was cut: {self.found.stopped}"
        elif self.found.dropped:
            verdict, reason = Verdict.UNKNOWN, f"no witness within the constraint, which dropped {counted(self.found.dropped, 'state')}"
        return _expected(
            self.model, PropertyResult(prop.name, prop.kind, verdict, None, prop.span, prop.doc, reason, self.replay.binding(prop.rule, missing[0]))
        )

    def _witnessed(self, prop: Property, story: Story) -> tuple[Any, ...]:
        """Return the least binding for which the story's last state is a witness."""
        stepper = self.replay.stepper
        with entered(stepper.evaluation):
            stepper.evaluation.mode = "property"
            stepper.source.load(story.states[-1])
            return next(one.binding for one in witnessed(stepper, stepper.source, bound([prop], "reachable")) if one.raised is None)

    def _temporal(self, prop: Property) -> PropertyResult:
        """A lasso or tail in kept, expanded states is a violation; without one, what was not seen leaves it unknown (semantics 2.2, 2.3)."""
        if f"{prop.name}.error" in self.found.violations:
            return self._plain(prop, Verdict.UNKNOWN, "its mapping raised")
        refuted, found = self.liveness.refuted.get(prop.name), self.liveness.found
        if refuted is not None:
            return self._refuted(prop, refuted)
        if self.sampled is not None:
            return self._plain(prop, Verdict.UNKNOWN, "random runs are finite, and no finite run refutes a property of whole behaviors")
        stopped = self.liveness.stopped or found.stopped
        if stopped is not None:
            return self._plain(prop, Verdict.UNKNOWN, f"the search was cut: {stopped}")
        if found.dropped:
            return self._plain(prop, Verdict.UNKNOWN, f"no lasso within the constraint, which dropped {counted(found.dropped, 'state')}")
        return self._plain(prop, Verdict.HOLDS)

    def _refuted(self, prop: Property, refuted: Refuted) -> PropertyResult:
        liveness = self.liveness
        binding = self.replay.binding(prop.rule, refuted.binding) if prop.rule is not None and prop.kind == "temporal" else ()
        explanation: tuple[Explained, ...] = ()
        if refuted.lasso is None:
            state = liveness.found.space.states[refuted.raised_at]
            story = liveness.replay.story(Violation(prop.name, 0, state, refuted.raised_at))
        else:
            story = liveness.replay.lasso_story(refuted.lasso)
            explanation = explained(liveness.replay, liveness.replay.machine.temporal, liveness.found.steps, refuted.lasso, story)
        result = PropertyResult(prop.name, prop.kind, Verdict.VIOLATED, None, prop.span, prop.doc, refuted.reason, binding, story.trace, explanation)
        return _expected(self.model, result, self._via(story, liveness.replay))

    def _violated(self, prop: Property, violation: Violation) -> PropertyResult:
        story = self.replay.story(violation)
        reason: str | None = violation.reason
        span: Span | None = None
        explanation: tuple[Explained, ...] = ()
        binding: tuple[tuple[str, Value], ...] = ()
        if story.failed is not None:
            reason, span, explanation = story.failed.message, story.failed.span, story.failed.explanation
        elif prop.kind == "deadlock":
            explanation = failed_guards(self.replay, story.states[-1])
        elif prop.kind == "refinement":
            explanation = unmatched(self.replay, prop, story)
        elif prop.rule is not None:
            binding, explanation, span, raised = self._why(prop, story)
            reason = raised or reason
        failed_step = story.trace.failed_step
        place = failed_step.span if prop.kind == "domain" and failed_step is not None else prop.span
        result = PropertyResult(prop.name, prop.kind, Verdict.VIOLATED, None, place, prop.doc, reason, binding, story.trace, tuple(explanation), (), span)
        return _expected(self.model, result, self._via(story, self.replay))

    def _why(self, prop: Property, story: Story) -> tuple[tuple[tuple[str, Value], ...], tuple[Explained, ...], Span | None, str | None]:
        """Return the least binding for which the property fails in the story's last state (or step), and why; where it raised, and what, if it did."""
        rule, stepper = prop.rule, self.replay.stepper
        assert rule is not None
        after: tuple[Any, ...] = ()
        with entered(stepper.evaluation):
            stepper.evaluation.mode = "property"
            stepper.source.load(story.states[-1])
            if prop.kind == "step_invariant":
                stepper.evaluation.mode, stepper.evaluation.step_target = "step_property", story.states[-1]
                stepper.source.load(story.states[-2])
                stepper.after.load(story.states[-1])
                stepper.after.journal.refuse()
                after = (stepper.after.state,)
            for binding in rule.bindings():
                try:
                    if not stepper.holds(stepper.source, rule, binding, *after):
                        explanation = explain(rule, stepper.source.state, (*after, *binding))
                        return self.replay.binding(rule, binding), explanation, None, None
                except RuleRaised as raised:
                    return self.replay.binding(rule, binding), explain_failure(raised.cause), place_of(raised.cause), str(raised)
        return (), (), None, None

    def _via(self, story: Story, replay: Replay) -> list[str]:
        return [action for action in self.model.expectation.via if action in {a.name for a in self.model.actions} and not replay.takes(story, action)]


def _declared(model: Model, name: str) -> int:
    """Return where the rule of a created property stands among all rules."""
    rule = name.rpartition(".")[0]
    return list(model.rules).index(rule) if rule in model.rules else len(model.rules)


def _created(model: Model, name: str) -> Property:
    """Return a property that only a violation creates: domain, <action>.assert, <rule>.error."""
    rule = model.rules.get(name.rpartition(".")[0])
    kind: Kind = "domain" if name == "domain" else "assert" if name.endswith(".assert") else "error"
    span = rule.span if rule else Span(model.file, model.line)
    # A constraint or terminal that raised is evaluated again on the state, to find the line.
    mappings = [p.rule for p in model.properties if p.kind == "refinement"]
    return Property(name, kind, span, rule if rule in (*model.constraints, *model.terminals, *mappings) else None)


def _expected(model: Model, result: PropertyResult, missing_via: list[str] | None = None) -> PropertyResult:
    """Return the result with what the model expects filled in, and its trace with where it comes from."""
    name, expectation = result.name, model.expectation
    expected = Verdict.VIOLATED if name in expectation.violates else Verdict.UNKNOWN if name in expectation.unknown else Verdict.HOLDS
    met = result.verdict is expected
    if expected is Verdict.UNKNOWN and met:
        met = result.reason is not None and "constraint" in result.reason
    if expected is Verdict.VIOLATED and met and missing_via:
        met = False
    trace = None if result.trace is None else replace(result.trace, origin=_origin(model, result))
    return replace(result, expected=expected, as_expected=met, trace=trace)


def _origin(model: Model, result: PropertyResult) -> Origin:
    """Return what the trace of a result must say of itself, so that it can be read and replayed alone."""
    constants = tuple((name, repr(model.constants[name])) for name in model.overridden)
    name = model.spec.__name__
    return Origin(model.file, name, model.name, result.name, result.kind, constants, result.reason, result.binding, result.explanation)


def mismatches(model: Model, results: tuple[PropertyResult, ...]) -> Iterator[str]:
    """Yield in words which verdicts are not as the model expects; an UNKNOWN that was not expected is inconclusive, not a mismatch."""
    for result in results:
        if result.as_expected or result.verdict is Verdict.UNKNOWN:
            continue
        if result.verdict is result.expected:
            yield f"{result.name} is violated as expected, but not via {', '.join(model.expectation.via)}"
        else:
            wanted = "to hold" if result.expected is Verdict.HOLDS else f"to be {result.expected and result.expected.value}"
            yield f"{result.name} was expected {wanted}, but is {result.verdict.value}"


def miscounts(model: Model, found: Exploration) -> tuple[str, ...] | None:
    """Return in words which counts are not as the model expects; None if it expects none, or if the search was cut and there is nothing to compare."""
    pairs = (("distinct", model.expectation.distinct, len(found.space)), ("depth", model.expectation.depth, found.space.depth))
    stated = [(name, expected, is_) for name, expected, is_ in pairs if expected is not None]
    if not stated or found.stopped is not None:
        return None
    return tuple(f"{name} was expected to be {expected}, but is {is_}" for name, expected, is_ in stated if expected != is_)
