"""Why a step is no step of the abstract spec: both mapped states, and what the abstract spec could have done."""

from speccheck.checker.replay import Replay, Story
from speccheck.checker.result import Explained
from speccheck.domains.evaluation import entered
from speccheck.domains.neutral import text
from speccheck.engines.python.refinement import Refinement
from speccheck.engines.python.stepping import RawStep
from speccheck.model.model import Property

MOST_STEPS = 8


def unmatched(replay: Replay, prop: Property, story: Story) -> tuple[Explained, ...]:
    """Return the mapped states of a refinement's counterexample, and the steps that the abstract spec has out of the first one."""
    one = next(r for r in replay.machine.refinements if r.property.name == prop.name)
    stepper = replay.stepper
    with entered(stepper.evaluation):
        mapped = []
        for state in story.states[-2:]:
            stepper.source.load(state)
            mapped.append(one.mapped(stepper.source))
    name = one.model.spec.__name__
    if len(story.states) == 1:
        return (Explained(0, "it maps to", f"{one.shown(mapped[0])}, which is no initial state of {name}", prop.span),)
    before, after = mapped
    lines = [Explained(0, "it maps from", one.shown(before), prop.span), Explained(0, "to", one.shown(after), prop.span)]
    possible = [step for step in one.steps(before) if step.target != before]
    if not possible:
        lines.append(Explained(0, name, "has no step there", None))
    for step in possible[:MOST_STEPS]:
        lines.append(Explained(0, f"{name} could", _step(one, step), one.model.actions[step.action].span))
    if len(possible) > MOST_STEPS:
        lines.append(Explained(0, f"{name} could", f"take {len(possible) - MOST_STEPS} other steps", None))
    return tuple(lines)


def _step(one: Refinement, step: RawStep) -> str:
    rule = one.model.actions[step.action]
    parameters = ", ".join(f"{p.name}={text(p.domain.neutral(v))}" for p, v in zip(rule.parameters, step.binding))
    outcome = f"err: {step.failure.message}" if step.failure is not None else f"to {one.shown(step.target or ())}"
    return f"{rule.name}({parameters}) {outcome}"
