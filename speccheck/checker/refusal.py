"""Why a step of a trace is not possible on a spec.

In: a state, the step that was to be taken there, the steps that are possible, and the state that it should lead to. Out: a Refusal: the reason in words, the
place of the guard that is false or of the line that raised, where it is one of these, and why it is so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from speccheck.checker.explain import explain_failure
from speccheck.checker.guards import disabled
from speccheck.checker.replay import Replay
from speccheck.domains.evaluation import Disabled
from speccheck.domains.neutral import Value, text
from speccheck.domains.ordering import natural_neutral
from speccheck.engines.python.stepping import RawStep
from speccheck.errors import did_you_mean
from speccheck.model.model import Rule
from speccheck.model.places import place_of
from speccheck.source import Span, source_line
from speccheck.space.space import Packed
from speccheck.trace.alike import likeness, likenesses
from speccheck.trace.diff import Changed, changes
from speccheck.trace.origin import Explained
from speccheck.trace.trace import UNNAMED, Step


@dataclass(frozen=True)
class Refusal:
    """Why a step is not possible: in words, where in the spec, and what the expressions there came to."""

    reason: str
    span: Span | None = None
    explanation: tuple[Explained, ...] = ()


def is_step(replay: Replay, raw: RawStep, step: Step) -> bool:
    """Return whether a step of the spec is one of the same action and parameters; any is, where the trace does not say which."""
    if step.action == UNNAMED:
        return True
    rule = replay.model.actions[raw.action]
    parameters = {p.name: p.domain.neutral(value) for p, value in zip(rule.parameters, raw.binding)}
    return rule.name == step.action and likenesses(parameters) == likenesses(dict(step.parameters))


def leads_to(replay: Replay, target: Packed, wanted: Mapping[str, Value]) -> bool:
    """Return whether a state of the spec is the one that the trace has."""
    return likenesses(replay.neutral_state(target)) == likenesses(wanted)


def difference(replay: Replay, state: Packed, wanted: Mapping[str, Value]) -> str:
    """Return the first variable whose value in a state of the spec is another one than in the trace, with both values."""
    for name, value in replay.neutral_state(state).items():
        if likeness(value) != likeness(wanted[name]):
            first = next(changes(name, value, wanted[name]))
            place, here, there = (first.path, first.before, first.after) if isinstance(first, Changed) else (name, value, wanted[name])
            return f"{place} is {text(here)}, in the trace it is {text(there)}"
    raise AssertionError("the states are the same")


def refusal(replay: Replay, state: Packed, step: Step, found: list[RawStep], wanted: Mapping[str, Value] | None) -> Refusal:
    """Return why no step out of the state is the one of the trace; `wanted` is None for a step that should fail."""
    if step.action == UNNAMED:
        return Refusal("no step leads to the next state of the trace")
    rule = next((one for one in replay.model.actions if one.name == step.action), None)
    if rule is None:
        return Refusal(f"the spec has no action '{step.action}'.{did_you_mean(step.action or '', [one.name for one in replay.model.actions])}")
    binding, reason = _binding(rule, step)
    if binding is None:
        return Refusal(reason, rule.span)
    same = [raw for raw in found if is_step(replay, raw, step)]
    chosen = [raw for raw in same if _chose(raw.choices, step)]
    if not chosen:
        guarded = _guarded(replay, state, rule, binding, step) or (None if same else _guarded(replay, state, rule, binding, replace(step, choices=())))
        return guarded or Refusal(f"'{rule.name}' cannot choose {_choices(step)} any more", rule.span)
    completed = next((raw.target for raw in chosen if raw.target is not None), None)
    if completed is None:
        return _failing(replay, state, chosen[0])
    if wanted is None:
        return Refusal(f"'{rule.name}' does not fail any more", rule.span)
    return Refusal(f"'{rule.name}' leads elsewhere: {difference(replay, completed, wanted)}", rule.span)


def _binding(rule: Rule, step: Step) -> tuple[tuple[Any, ...] | None, str]:
    """The parameters of a step as values of the rule, or why they are none."""
    given = dict(step.parameters)
    names = [parameter.name for parameter in rule.parameters]
    if sorted(given) != sorted(names):
        return None, f"'{rule.name}' has the parameters ({', '.join(names)}), in the trace it has ({', '.join(given)})"
    binding = []
    for parameter in rule.parameters:
        like = likeness(given[parameter.name])
        value = next((one for one in parameter.domain.all_frozen() if likeness(parameter.domain.neutral(one)) == like), None)
        if value is None and like != likeness(None):
            return None, f"{text(given[parameter.name])} is no value of '{parameter.name}' of '{rule.name}': {parameter.domain.describe()}"
        binding.append(value)
    return tuple(binding), ""


def _guarded(replay: Replay, state: Packed, rule: Rule, binding: tuple[Any, ...], step: Step) -> Refusal | None:
    """The first guard that disables the step, with what made it false."""

    def told(how: Disabled) -> Refusal:
        guard = place_of(how)
        words = "is disabled" if guard is None else f"is disabled at `{source_line(guard.file, guard.line).strip()}`"
        return Refusal(f"'{rule.name}' {words}", guard or rule.span, explain_failure(how))

    return disabled(replay.stepper, rule, binding, state, told, lambda choices: _chose(choices, step))


def _failing(replay: Replay, state: Packed, raw: RawStep) -> Refusal:
    _, failed = replay.failed_step(state, raw.label)
    return Refusal(f"'{replay.model.actions[raw.action].name}' fails: {failed.message}", failed.span, failed.explanation)


def _chose(choices: tuple[Any, ...], step: Step) -> bool:
    """Whether a run chose what the step did, as far as it came; a trace of another tool may not say what that was."""
    wanted = [likeness(choice.value) for choice in step.choices]
    return not wanted or [likeness(natural_neutral(value)) for value in choices] == wanted[: len(choices)]


def _choices(step: Step) -> str:
    return ", ".join(f"{choice.name} = {text(choice.value)}" if choice.name else text(choice.value) for choice in step.choices)
