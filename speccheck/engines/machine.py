"""The contract of an engine: a Machine is a Model loaded into one. Stepping (`initial`, `expand`) is separate from searching (`explore`)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from speccheck.errors import SpeccheckError
from speccheck.model.model import Model
from speccheck.space.space import Packed, StateSpace

OUT_OF_BUDGET = "--max-memory"  # why a search stopped whose memory was used up


@dataclass(frozen=True)
class Label:
    """What makes a step: the number of the action in declaration order, the values of its parameters, the values picked by `choose` in order."""

    action: int
    parameters: tuple[Any, ...] = ()
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Failure:
    """How a step or a rule failed: the property that it violates ("domain", "deploy.assert", "deploy.error") and the exception's words.

    `values` are the frozen initial values that an `@init` failed with, as it cannot be replayed from a state.
    """

    property: str
    message: str
    values: tuple[Any, ...] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class PackedStep:
    """A completed step (`target` set) or an erring one (`failure` set) out of a state."""

    label: Label
    target: Packed | None
    failure: Failure | None = None


@dataclass(frozen=True)
class Violation:
    """A property's least violation, or a reachable's least witness.

    The story leads to `state` (number `number`, or -1 for a dropped one, whose predecessor is `parent`); `step` is the erring or violating step out of it.
    `binding` are the property's parameters.
    """

    property: str
    level: int
    state: Packed | None
    number: int = -1
    parent: int = -1
    step: PackedStep | None = None
    binding: tuple[Any, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Find:
    """Something that a compiled model can find in a state, by what it is about: a property (`false`, `witness`, `false step`), a property that an erring step
    violates (`failure`: "domain", "deploy.assert"), a rule that raises (`error`: "few.error"), an action with a path that writes nothing (`silent`), or a
    deadlock.
    """

    kind: Literal["false", "witness", "false step", "failure", "error", "silent", "deadlock"]
    name: str
    binding: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Seen:
    """What CPython sees of a find in a state: whether the state is kept, the step, the property's parameters, what was raised."""

    kept: bool
    step: PackedStep | None = None
    binding: tuple[Any, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Budget:
    """What a search may use. None is no limit. `seconds` of wall time, `memory` in bytes of resident set, `rule_seconds` for one evaluation of one rule."""

    states: int | None = None
    depth: int | None = None
    seconds: float | None = None
    memory: int | None = None
    rule_seconds: float = 10.0


@dataclass(frozen=True)
class Progress:
    """A moment of a search."""

    depth: int
    generated: int
    distinct: int
    queue: int
    seconds: float
    memory_bytes: int


class Misused(Exception):
    """A rule was misused while it ran (semantics 1.4): the error, the state, and the step that was being tried (None for a property)."""

    def __init__(self, error: SpeccheckError, state: Packed | None, label: Label | None, rule: str) -> None:
        super().__init__(str(error))
        self.error, self.state, self.label, self.rule = error, state, label, rule


class Failed(Exception):
    """A rule was misused in a search: the error, and what is needed to tell the way there."""

    def __init__(self, misused: Misused, space: StateSpace, number: int) -> None:
        super().__init__(str(misused))
        self.misused, self.space, self.number = misused, space, number


class Unfinished(Exception):
    """An engine ended before it had all answers: why, in the words of `Exploration.stopped`, and the answers that it had."""

    def __init__(self, reason: str, refuted: "Mapping[str, Refuted] | None" = None) -> None:
        super().__init__(reason)
        self.reason, self.refuted = reason, refuted or {}


@dataclass(frozen=True)
class Lasso:
    """State numbers of a violating behavior: `prefix` from an initial state to the entry (included), `loop` from after the entry back to it (empty: it stutters
    in the entry for ever).
    """

    prefix: tuple[int, ...]
    loop: tuple[int, ...]


@dataclass(frozen=True)
class Refuted:
    """A temporal property that does not hold: the least binding, with its lasso, or with the number of the state in which an atom
    raised, and what it raised.
    """

    property: str
    binding: tuple[Any, ...]
    lasso: Lasso | None
    raised_at: int = -1
    reason: str | None = None


@dataclass
class Coverage:
    """Counts per action, in declaration order, and what findings need."""

    taken: list[int] = field(default_factory=list)
    new_states: list[int] | None = field(default_factory=list)  # None: the engine does not know which step reached a state first
    changing: list[int] = field(default_factory=list)  # steps that change the state; an engine may stop counting at 1
    without_write: list[Label | None] = field(default_factory=list)  # the first completed evaluation that executed no write
    changed_variables: set[str] = field(default_factory=set)
    erred: bool = False


@dataclass(frozen=True)
class Exploration:
    """What `explore` returns: the space, the least violation of each violated property, witnesses of reachables, counts, and why it ended early (None: it did
    not).
    """

    space: StateSpace
    violations: dict[str, Violation]
    witnesses: dict[tuple[str, tuple[Any, ...]], Violation]
    generated: int
    dropped: int
    coverage: Coverage
    stopped: str | None
    interrupted: bool
    seconds: float
    memory_bytes: int
    steps: Any = None  # the recorded steps, where a temporal property needs them


class Machine(Protocol):
    """A Model loaded into an engine."""

    model: Model

    def initial(self) -> list[PackedStep]:
        """Return the completed initial evaluations (targets) and those that err, in order, equal targets not merged."""

    def expand(self, states: Iterable[Packed]) -> list[list[PackedStep]]:
        """Return for each state all steps out of it: completed and erring, in the order of actions, parameters and choices."""

    def find_lassos(self, found: "Exploration", rule_seconds: float = 10.0) -> Mapping[str, Any]:
        """Return the violated temporal properties, each with its least lasso, from an exploration that recorded steps."""

    def explore(self, budget: Budget, report: Callable[[Progress], None] | None = None, expected: frozenset[str] | None = None) -> Exploration:
        """Search all reachable states within the budget. With `expected`, end after the level of the first violation of a property that is not in it."""
