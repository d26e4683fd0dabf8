"""Where a trace comes from: the model, and the property that it refutes or reaches.

With it a trace can be read alone, and replayed: on which spec, with which constants, to see what.
"""

from dataclasses import dataclass
from typing import Literal, assert_never

from speccheck.domains.neutral import Value, text
from speccheck.source import Span

Kind = Literal["invariant", "step_invariant", "reachable", "temporal", "refinement", "deadlock", "domain", "assert", "error"]


@dataclass(frozen=True)
class Explained:
    """A line of the explanation why a predicate is false (or why a step failed): an expression, what it came to, and how deep it is nested."""

    depth: int
    expression: str
    value: str
    span: Span | None = None


@dataclass(frozen=True)
class Origin:
    """The model and the property of a trace.

    `constants` are those that were given another value, as Python literals. `reason` is what was raised, or why a lasso is one; `binding` the parameters of the
    property for which it fails, or which a witness shows.
    """

    file: str
    spec: str
    model: str
    property: str
    kind: Kind
    constants: tuple[tuple[str, str], ...] = ()
    reason: str | None = None
    binding: tuple[tuple[str, Value], ...] = ()
    explanation: tuple[Explained, ...] = ()


def title_of(origin: Origin) -> str:
    """Return the property with the binding for which it fails: `served(c=Client1)`."""
    if not origin.binding:
        return origin.property
    return f"{origin.property}({', '.join(f'{name}={text(value)}' for name, value in origin.binding)})"


def ending(kind: Kind, name: str, reason: str | None, steps: int) -> str:
    """Return what a trace of so many steps shows of the property in its end, in words; nothing where the reason is unknown."""
    place = f"in state {steps}" if steps else "in the initial state"
    match kind:
        case "invariant" if reason is None:
            return f"{place}, {name} is False"
        case "step_invariant" if reason is None:
            return f"step {steps} makes {name} False"
        case "deadlock":
            return f"{place} no action is possible, and it is not terminal"
        case "reachable" if reason is None:
            return f"{place}, {name} is True"
        case "temporal" | "refinement" | "reachable":
            return reason or ""
        case "invariant" | "step_invariant":
            return f"{place}, {name} raised {reason}"
        case "domain" | "assert" | "error":
            return reason or ""
    assert_never(kind)
