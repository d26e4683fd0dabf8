"""Results made by hand, so that reports can be tested without an engine."""

from dataclasses import replace
from typing import Any

from speccheck.checker.result import ActionCount, Explained, Finding, PropertyResult, Result, Verdict
from speccheck.domains.neutral import Member, Value
from speccheck.model.model import Expectation, Kind, Model
from speccheck.source import Span
from speccheck.trace.origin import Origin
from speccheck.trace.trace import Step, Trace

SOURCE = """\
class Climb(Spec):
    height: int = 0

    @action
    def up(self) -> None:
        self.height += 1

    @invariant
    def low(self) -> bool:
        return self.height < 2
"""
C1 = Member("Client", 1, "Client1")


def model(name: str = "Climb", file: str = "climb.py", **changes: Any) -> Model:
    empty: dict[str, Any] = dict.fromkeys(
        ("overridden", "variables", "actions", "constraints", "terminals", "properties", "assumptions", "processes", "symmetric"), ()
    )
    spec = type(name.split("[")[0], (), {})
    made = Model(spec=spec, name=name, file=file, line=1, doc="", constants={"N": 3}, init=None, expectation=Expectation(), **empty)
    return replace(made, **changes)


def climbing(heights: int, file: str = "climb.py") -> Trace:
    states: tuple[dict[str, Value], ...] = tuple({"height": height} for height in range(heights + 1))
    return Trace(("height",), states, tuple(Step("up", (), (), Span(file, 5, 5)) for _ in range(heights)))


def prop(name: str = "low", kind: Kind = "invariant", verdict: Verdict = Verdict.HOLDS, **changes: Any) -> PropertyResult:
    made = PropertyResult(name, kind, verdict, Verdict.HOLDS, Span("climb.py", 9, 5))
    return replace(made, **changes)


def violated(**changes: Any) -> PropertyResult:
    explanation = (Explained(0, "self.height < 2", "False"), Explained(1, "self.height", "2"))
    trace = replace(climbing(2), origin=Origin("climb.py", "Climb", "Climb", "low", "invariant", (), None, (), explanation))
    usual: dict[str, Any] = {"trace": trace, "explanation": explanation, "doc": "Nobody climbs high.\n\nReally.", "as_expected": False}
    return prop(verdict=Verdict.VIOLATED, **{**usual, **changes})


def result(*properties: PropertyResult, name: str = "Climb", **changes: Any) -> Result:
    made = Result(
        model=model(name),
        engine="python",
        workers=1,
        symmetry=False,
        properties=properties,
        complete=True,
        stopped=None,
        covered="",
        distinct=1234,
        generated=5678,
        dropped=0,
        depth=7,
        seconds=0.25,
        memory_bytes=120_000_000,
        actions={"up": ActionCount(60, 31)},
        findings=(),
        mismatches=(),
    )
    return replace(made, **changes)


FINDING = Finding("SC501", "action 'down' is never enabled", Span("climb.py", 12))
