"""Result: what came out for one model. One verdict per property, with its trace or its reason; statistics; findings; and whether all is as expected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from speccheck.checker.wording import counted
from speccheck.domains.neutral import Value
from speccheck.engines.machine import Coverage
from speccheck.model.model import Kind, Model
from speccheck.source import Span
from speccheck.trace.origin import Explained as Explained
from speccheck.trace.trace import Step, Trace

if TYPE_CHECKING:
    import networkx


class Verdict(Enum):
    """HOLDS, VIOLATED (with a trace), or UNKNOWN (with what was not done)."""

    HOLDS = "HOLDS"
    VIOLATED = "VIOLATED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class PropertyResult:
    """The verdict of one property.

    `expected` is what the model says (None: nothing). `reason` says why it is UNKNOWN, or what was raised. `binding` are the parameters of the property for
    which it fails, or which the witness shows. `trace` is the counterexample, or the witness of a `reachable` that HOLDS. `explanation` is why the predicate is
    false in the last state, `possible` the steps that were possible there, where it helps.
    """

    name: str
    kind: Kind
    verdict: Verdict
    expected: Verdict | None
    span: Span | None
    doc: str = ""
    reason: str | None = None
    binding: tuple[tuple[str, Value], ...] = ()
    trace: Trace | None = None
    explanation: tuple[Explained, ...] = ()
    possible: tuple[Step, ...] = ()
    error_span: Span | None = None  # the line that raised, for domain, assert and error
    as_expected: bool = True
    found_steps: int | None = None  # the length of the random run that the trace was made from


@dataclass(frozen=True)
class Finding:
    """Something that is probably a mistake although nothing is violated. `certain` is False when the search was cut ("so far"), `accepted` is the reason why
    the spec or the configuration keeps it.
    """

    code: str
    message: str
    span: Span | None = None
    certain: bool = True
    accepted: str | None = None

    @property
    def counts(self) -> bool:
        """Whether --strict counts it."""
        return self.certain and self.accepted is None


@dataclass(frozen=True)
class ActionCount:
    """How often an action's steps were taken, and how many states were seen first through it."""

    taken: int
    new_states: int | None  # None: the engine does not know which step reached a state first


@dataclass(frozen=True)
class Simulated:
    """What random runs did: how many were made of how many, how many steps they took, at most, all together, and the longest.

    `exact` says whether every state that was seen was also counted; if not, the Result's `distinct` is a lower bound.
    """

    seed: int
    uniform: str
    planned: int
    runs: int
    depth: int
    steps: int
    longest: int
    exact: bool


@dataclass(frozen=True)
class Result:
    """What came out for one model."""

    model: Model
    engine: str
    workers: int
    symmetry: bool
    properties: tuple[PropertyResult, ...]
    complete: bool  # every reachable state (within the constraint) was expanded
    stopped: str | None  # why the search ended early: "--max-states 1000", "interrupted" ...
    covered: str  # what was covered, in words, when it ended early
    distinct: int
    generated: int
    dropped: int
    depth: int
    seconds: float
    memory_bytes: int
    actions: Mapping[str, ActionCount]
    findings: tuple[Finding, ...]
    mismatches: tuple[str, ...]  # what is not as the model expects, in words
    miscounts: tuple[str, ...] | None = None  # those of them that are about expected counts; None where no counts were compared
    notes: tuple[str, ...] = ()  # what a reader must know: constraint in force, counts suspended ...
    interrupted: bool = False
    simulated: Simulated | None = None  # random runs, where the states were not searched
    cached: bool = False  # found in the cache: an earlier search of the same model
    replay: Any = field(default=None, repr=False, compare=False)  # checker.replay.Replay: the states, for graph()

    @property
    def as_expected(self) -> bool:
        """Whether every verdict and count is what the model says."""
        return not self.mismatches and not self.inconclusive

    @property
    def inconclusive(self) -> bool:
        """Whether some verdict is UNKNOWN that was not expected to be."""
        return any(p.verdict is Verdict.UNKNOWN and not p.as_expected for p in self.properties)

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdicts by property name."""
        return {p.name: p.verdict for p in self.properties}

    @property
    def holds(self) -> bool:
        """Whether every property HOLDS, whatever was expected."""
        return all(p.verdict is Verdict.HOLDS for p in self.properties)

    def __getitem__(self, name: str) -> PropertyResult:
        """Return the result of one property; KeyError if there is none of that name."""
        for result in self.properties:
            if result.name == name:
                return result
        raise KeyError(name)

    def graph(self) -> "networkx.MultiDiGraph[int]":
        """Return the state graph: nodes are state numbers with the attributes `state` (variable -> text), `level` and `initial`; edges have `action` and
        `label`.

        Needs the networkx package, and expands every state once more.
        """
        from speccheck.checker.graph import graph_of

        return graph_of(self)

    def summary(self) -> str:
        """Return one line: the model, whether it is as expected, and the counts."""
        word = "ok" if self.as_expected else "UNKNOWN" if not self.mismatches else "FAILED"
        return f"{self.model.name}: {word}, {counted(self.distinct, 'distinct state')}, {self.generated:,} generated, depth {self.depth}"

    def __repr__(self) -> str:
        verdicts = ", ".join(f"{p.name} {p.verdict.value}" for p in self.properties)
        return f"<Result {self.summary()}; {verdicts}>"


def action_counts(model: Model, coverage: Coverage) -> dict[str, ActionCount]:
    """Return how often each action was taken, and how often it reached a new state."""
    new = coverage.new_states
    return {rule.name: ActionCount(coverage.taken[n], None if new is None else new[n]) for n, rule in enumerate(model.actions)}
