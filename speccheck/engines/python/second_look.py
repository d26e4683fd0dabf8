"""A second look: what another engine found in a state, found again by the methods themselves, with the binding, the step and the words that belong to it.

An engine that runs compiled rules only knows that something is to be found in a state. What exactly, and how CPython says it, is asked here; if CPython does
not find it, the engines disagree, and that is a bug of ours.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from speccheck.engines.machine import Find, PackedStep, Seen
from speccheck.engines.python.judging import bound, refuted
from speccheck.engines.python.refinement import Refinement
from speccheck.engines.python.stepping import RawStep, RuleRaised, Stepper
from speccheck.model.model import Property, Rule
from speccheck.space.space import Packed


def seen(stepper: Stepper, refinements: Mapping[str, Refinement], find: Find, state: Packed) -> Seen:
    """Return what CPython sees of a find in a state. Raises AssertionError if it does not see it, and Misused. Call inside an evaluation."""
    found = _seen(stepper, refinements, find, state)
    assert found is not None, f"the engines disagree: {find.kind} {find.name} is not to be found in {stepper.packing.neutral(state)}"
    return found


def _seen(stepper: Stepper, refinements: Mapping[str, Refinement], find: Find, state: Packed) -> Seen | None:
    kept = _kept(stepper, state)
    match find.kind:
        case "false":
            return _false(stepper, _property(stepper, find.name), state, kept)
        case "witness":
            return Seen(kept, binding=find.binding)
        case "false step" if find.name in refinements:
            step = next((s for s in _changing(stepper, state) if not _allowed(stepper, refinements[find.name], state, s)), None)
            return None if step is None else Seen(kept, _packed(step))
        case "false step":
            return _false_step(stepper, _property(stepper, find.name), state, kept)
        case "failure":
            step = next((s for s in stepper.each_step(state) if s.failure is not None and s.failure.property == find.name), None)
            return None if step is None else Seen(kept, _packed(step), reason=step.failure.message)  # type: ignore[union-attr]
        case "deadlock":
            return Seen(kept) if next(stepper.each_step(state), None) is None else None
        case "error" if (one := refinements.get(find.name.removesuffix(".error"))) is not None:
            return _unmapped(stepper, one, state, kept)
        case "error":
            return _error(stepper, find.name, state, kept)
        case "silent":
            number = next(n for n, rule in enumerate(stepper.model.actions) if rule.name == find.name)
            step = next((s for s in stepper.each_step(state) if s.action == number and s.target is not None and not s.wrote), None)
            return None if step is None else Seen(kept, _packed(step))


def within(stepper: Stepper, rule: Rule, state: Packed) -> bool | None:
    """Return whether a state is within a constraint; None if that raises, which keeps the state. Call inside an evaluation."""
    stepper.source.load(state)
    stepper.evaluation.mode = "constraint"
    try:
        return stepper.holds(stepper.source, rule, ())
    except RuleRaised:
        return None


def found_in(stepper: Stepper, refinements: Mapping[str, Refinement], prop: Property, state: Packed, target: Packed | None) -> list[Find]:
    """Return what a property finds in a state, or in the step to a target. Call inside an evaluation."""
    if prop.name in refinements and target is None:
        raises = _unmapped(stepper, refinements[prop.name], state, True) is not None
        return [Find("error", f"{prop.name}.error")] if raises else []
    if prop.name in refinements and target is not None:
        step = RawStep(0, (), (), target, None, True)
        return [] if _allowed(stepper, refinements[prop.name], state, step) else [Find("false step", prop.name)]
    stepper.source.load(state)
    stepper.evaluation.mode = "property"
    after: tuple[Any, ...] = ()
    if target is not None:
        stepper.after.load(target)
        stepper.after.journal.refuse()
        stepper.evaluation.mode, stepper.evaluation.step_target = "step_property", target
        after = (stepper.after.state,)
    found: dict[Find, None] = {}
    for _, rule, binding in bound([prop], prop.kind):
        try:
            holds = stepper.holds(stepper.source, rule, binding, *after)
        except RuleRaised:
            found[Find("false step" if after else "false", prop.name)] = None
            continue
        if prop.kind == "reachable" and holds:
            found[Find("witness", prop.name, binding)] = None
        elif prop.kind != "reachable" and not holds:
            found[Find("false step" if after else "false", prop.name)] = None
    return list(found)


def _property(stepper: Stepper, name: str) -> Property:
    return next(p for p in stepper.model.properties if p.name == name)


def _packed(step: RawStep) -> PackedStep:
    return PackedStep(step.label, step.target, step.failure)


def _kept(stepper: Stepper, state: Packed) -> bool:
    """Whether a state is within the constraints; one that raises keeps it."""
    stepper.source.load(state)
    stepper.evaluation.mode = "constraint"
    kept = True
    for rule in stepper.model.constraints:
        try:
            kept = stepper.holds(stepper.source, rule, ()) and kept
        except RuleRaised:
            continue
    return kept


def _false(stepper: Stepper, prop: Property, state: Packed, kept: bool) -> Seen | None:
    stepper.source.load(state)
    stepper.evaluation.mode = "property"
    if prop.kind == "reachable":  # only raising makes one false in a state
        for _, rule, binding in bound([prop], "reachable"):
            try:
                stepper.holds(stepper.source, rule, binding)
            except RuleRaised as raised:
                return Seen(kept, binding=binding, reason=str(raised))
        return None
    for judged in refuted(stepper, stepper.source, bound([prop], "invariant")):
        return Seen(kept, binding=judged.binding, reason=judged.raised)
    return None


def _changing(stepper: Stepper, state: Packed) -> Iterator[RawStep]:
    """Yield the first step to each target."""
    targets: set[Any] = {None, state}
    for step in stepper.steps(state):  # not one by one: whoever asks evaluates rules in between
        if step.target not in targets:
            targets.add(step.target)
            yield step


def _allowed(stepper: Stepper, one: Refinement, state: Packed, step: RawStep) -> bool:
    """Whether a step is allowed by the abstract spec, as far as both states can be mapped."""
    assert step.target is not None
    stepper.source.load(state)
    stepper.after.load(step.target)
    try:
        return one.allows(one.mapped(stepper.source), one.mapped(stepper.after))
    except RuleRaised:
        return True


def _unmapped(stepper: Stepper, one: Refinement, state: Packed, kept: bool) -> Seen | None:
    stepper.source.load(state)
    try:
        one.mapped(stepper.source)
    except RuleRaised as raised:
        return Seen(kept, reason=str(raised))
    return None


def _false_step(stepper: Stepper, prop: Property, state: Packed, kept: bool) -> Seen | None:
    for step in _changing(stepper, state):
        assert step.target is not None
        stepper.source.load(state)
        stepper.after.load(step.target)
        stepper.after.journal.refuse()
        stepper.evaluation.mode, stepper.evaluation.step_target = "step_property", step.target
        for judged in refuted(stepper, stepper.source, bound([prop], "step_invariant"), stepper.after.state):
            return Seen(kept, _packed(step), judged.binding, judged.raised)
    return None


def _error(stepper: Stepper, name: str, state: Packed, kept: bool) -> Seen | None:
    rule: Rule = stepper.model.rules[name.removesuffix(".error")]
    stepper.source.load(state)
    stepper.evaluation.mode = "constraint" if rule in stepper.model.constraints else "property"
    try:
        stepper.holds(stepper.source, rule, ())
    except RuleRaised as raised:
        return Seen(kept, reason=str(raised))
    return None
