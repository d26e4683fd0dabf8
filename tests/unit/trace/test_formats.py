"""The table of formats: each takes every kind of trace, and each ending means one of them."""

from dataclasses import replace

import pytest
from hypothesis import given

from speccheck.domains.neutral import Value
from speccheck.errors import BadUsage
from speccheck.source import Span
from speccheck.trace.formats import ENDINGS, FORMATS, format_of, formatted
from speccheck.trace.origin import Origin
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import UNNAMED, Choice, Step, Trace
from tests.unit.trace.drawn import traces

STATE: dict[str, Value] = {"x": 0}
UP, DOWN = Step("up", (("n", 1),), (Choice("by", 2),), Span("x.py", 3)), Step("writer.down", (("i", 1),))
ORIGIN = Origin("x.py", "S", "S[N=3]", "p", "temporal", (("N", "3"),))
KINDS = {
    "finite": Trace(("x",), (STATE, {"x": 1}, {"x": 0}), (UP, DOWN), None, None, ORIGIN),
    "no step": Trace(("x",), (STATE,), (), None, None, ORIGIN),
    "failing": Trace(("x",), (STATE, {"x": 1}), (UP,), DOWN, None, ORIGIN),
    "failing init": Trace(("x",), (), (), Step("start"), None, ORIGIN),
    "lasso": Trace(("x",), (STATE, {"x": 1}, STATE), (UP, DOWN), None, 0, ORIGIN),
    "stuttering": Trace(("x",), (STATE, {"x": 1}, {"x": 1}), (UP, Step(None)), None, 1, ORIGIN),
    "stuttering at once": Trace(("x",), (STATE, STATE), (Step(None),), None, 0, ORIGIN),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("trace", KINDS.values(), ids=KINDS)
def test_every_format_takes_every_kind_of_trace(name: str, trace: Trace) -> None:
    text = plain_text(formatted(trace, name))
    assert text.strip() and plain_text(formatted(trace, name)) == text


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"pytest"}))
@given(trace=traces())
def test_every_format_takes_every_value(name: str, trace: Trace) -> None:
    assert plain_text(formatted(trace, name)).strip()


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        (Trace(("x",), (STATE,), ()), "does not say which spec"),
        (Trace(("x",), (STATE, STATE), (Step(UNNAMED),), None, None, ORIGIN), "does not name its steps"),
        (Trace(("x",), (STATE,), (), None, None, replace(ORIGIN, constants=(("N", "<object>"),))), "N=<object>, which cannot be written"),
    ],
)
def test_a_test_can_be_made_only_of_a_trace_that_knows_its_spec_its_steps_and_its_constants(trace: Trace, message: str) -> None:
    with pytest.raises(BadUsage, match=message):
        formatted(trace, "pytest")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.html", "html"),
        ("a.json", "json"),
        ("a.itf.json", "itf"),
        ("a.tlc.json", "tlc"),
        ("A.JSON", "json"),
        ("x/y.z.md", "markdown"),
        ("a.mmd", "mermaid"),
        ("a.states.mmd", "mermaid-states"),
        ("test_a.py", "pytest"),
        ("a.txt", "text"),
        ("a.lanes.txt", "lanes"),
        ("a.gif", None),
        ("json", None),
    ],
)
def test_the_longest_ending_says_the_format(path: str, name: str | None) -> None:
    assert format_of(path) == name


def test_every_ending_means_a_format_of_the_table() -> None:
    assert set(ENDINGS.values()) <= set(FORMATS)
