"""Trace: a self-contained story. States are neutral values, steps have names, parameters, choices and places; nothing refers to the model, the engine or the
user's classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from speccheck.domains.neutral import Value
from speccheck.source import Span


@dataclass(frozen=True)
class Choice:
    """What a `choose` picked: the name of the variable it was assigned to (None if it was used at once), the value, and the place."""

    name: str | None
    value: Value
    span: Span | None = None


@dataclass(frozen=True)
class Step:
    """A step of an action; `action` None is stuttering. `span` is the action's `def` line. `actor` is the parameter that says who acts, for diagrams."""

    action: str | None
    parameters: tuple[tuple[str, Value], ...] = ()
    choices: tuple[Choice, ...] = ()
    span: Span | None = None

    @property
    def label(self) -> str:
        """The step as a call: `write_x(i=Instance0, v=Value1)`."""
        from speccheck.domains.neutral import text

        if self.action is None:
            return "(stutters)"
        return f"{self.action}({', '.join(f'{n}={text(v)}' for n, v in self.parameters)})"


@dataclass(frozen=True)
class Trace:
    """A behavior or a prefix of one: one more state than steps.

    `failed_step` is the step that raised after the last state (it has no successor). `loop_start` is the index of the state where the loop of a lasso begins;
    the last state equals it.
    """

    variables: tuple[str, ...]
    states: tuple[Mapping[str, Value], ...]
    steps: tuple[Step, ...]
    failed_step: Step | None = None
    loop_start: int | None = None
