"""Who acts: the process whose step it is, or what the first parameter of the action names.

In: a step. Out: the actor as text, and whom else the step concerns::

    write_x(i=Instance0) of the process writer   ->  "writer(i=Instance0)"
    send(src=Node0, dst=Node1)                   ->  "Node0", concerning "Node1"
    tick()                                       ->  the actor of what nobody does
"""

from speccheck.domains.neutral import Member, text
from speccheck.trace.trace import Step, Trace

NOBODY = "actions"  # who takes the steps that belong to no process and name nobody


def actor_of(step: Step) -> str:
    """Return who takes the step."""
    if step.process is not None:
        return step.process
    if not step.parameters:
        return NOBODY
    name, value = step.parameters[0]
    return value.name if isinstance(value, Member) else f"{name}={text(value)}"


def concerned(step: Step) -> str | None:
    """Return the other actor that a step of an action names, by a second parameter or a choice of the same sort; None where there is none."""
    if step.process is not None or not step.parameters:
        return None
    first = step.parameters[0][1]
    named = [value for _, value in step.parameters[1:]] + [choice.value for choice in step.choices]
    others = [value for value in named if isinstance(value, Member) and isinstance(first, Member) and value.sort == first.sort and value != first]
    return others[0].name if others else None


def actors_of(trace: Trace) -> list[str]:
    """Return everybody who acts or is concerned, in order; those that no one names stand last."""
    steps = [step for step in (*trace.taken, *((trace.failed_step,) if trace.failed_step else ())) if step.action is not None]
    named = {name for step in steps for name in (actor_of(step), concerned(step)) if name is not None}
    return sorted(named - {NOBODY}) + [NOBODY] * (NOBODY in named)
