"""Trace: a self-contained story. States are neutral values, steps have names, parameters, choices and places; nothing refers to the model, the engine or the
user's classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from speccheck.domains.neutral import Value
from speccheck.source import Span
from speccheck.trace.origin import Origin

UNNAMED = "?"  # the action of a step that was read from a file of another tool, which does not say who did it


@dataclass(frozen=True)
class Choice:
    """What a `choose` picked: the name of the variable it was assigned to (None if it was used at once), the value, and the place."""

    name: str | None
    value: Value
    span: Span | None = None


@dataclass(frozen=True)
class Step:
    """A step of an action; `action` None is stuttering. `span` is the action's `def` line."""

    action: str | None
    parameters: tuple[tuple[str, Value], ...] = ()
    choices: tuple[Choice, ...] = ()
    span: Span | None = None

    @property
    def process(self) -> str | None:
        """The process whose step it is: `writer(i=Instance0)`; None for a step of an action."""
        if self.action is None or "." not in self.action:
            return None
        return self._call(self.action.partition(".")[0])

    @property
    def point(self) -> str:
        """The step without the name of its process: the label that it starts from."""
        return self.label if self.action is None or "." not in self.action else self.action.partition(".")[2]

    @property
    def label(self) -> str:
        """The step as a call: `write_x(i=Instance0, v=Value1)`."""
        if self.action is None:
            return "(stutters)"
        return "(some step)" if self.action == UNNAMED else self._call(self.action)

    def _call(self, name: str) -> str:
        from speccheck.domains.neutral import text

        return f"{name}({', '.join(f'{n}={text(v)}' for n, v in self.parameters)})"


@dataclass(frozen=True)
class Trace:
    """A behavior or a prefix of one: one more state than steps.

    `failed_step` is the step that raised after the last state (it has no successor). `loop_start` is the index of the state where the loop of a lasso begins;
    the last state equals it. `origin` is the model and the property that it belongs to, where that is known.
    """

    variables: tuple[str, ...]
    states: tuple[Mapping[str, Value], ...]
    steps: tuple[Step, ...]
    failed_step: Step | None = None
    loop_start: int | None = None
    origin: Origin | None = None

    @property
    def stutters(self) -> bool:
        """Whether the behavior ends in stuttering for ever."""
        return bool(self.steps) and self.steps[-1].action is None

    @property
    def taken(self) -> tuple[Step, ...]:
        """The steps that something does: all but the stuttering at the end."""
        return self.steps[:-1] if self.stutters else self.steps
