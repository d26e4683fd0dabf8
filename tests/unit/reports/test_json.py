"""A run as JSON: its shape, checked against the published schema."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from speccheck.checker.result import Simulated, Verdict
from speccheck.checker.run import Report
from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.errors import DefaultOutsideDomain, FileMissing, SpecErrors
from speccheck.reports.json import lines, report_json
from speccheck.source import Span
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Choice, Step, Trace
from tests.unit.reports.made import C1, FINDING, climbing, model, prop, result, violated


@pytest.fixture(scope="module")
def schema(root: Path) -> Any:
    found = json.loads((root / "docs/reference/results.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def everything() -> Report:
    """A report with every kind of value, verdict, step and error."""
    record = Record("Prepared", (("rm", C1),), tagged=True)
    values: tuple[Value, ...] = (None, True, 3, 2**60, "a", C1, Sequence((1,)), Tuple((1, "b")), Set((C1,)), Bag(((1, 2),)), Map(((C1, 1),)), record)
    variables = {f"x{number}": value for number, value in enumerate(values)}
    step = Step("send", (("c", C1),), (Choice("m", record, Span("x.py", 22)), Choice(None, 1)), Span("x.py", 21, 5))
    lasso = Trace(tuple(variables), (variables, variables, variables), (step, Step(None)), None, 1)
    failing = Trace(("height",), ({"height": 0},), (), step)
    first = result(
        violated(binding=(("c", C1),), found_steps=9),
        prop("rises", "temporal", Verdict.VIOLATED, trace=lasso, reason="it never rises"),
        prop("up.assert", "assert", Verdict.VIOLATED, trace=failing, span=None, expected=None),
        prop("high", "reachable", trace=climbing(1)),
        prop("other", verdict=Verdict.UNKNOWN, reason="cut"),
        prop("deadlock", "deadlock"),
        findings=(FINDING, replace(FINDING, span=None)),
        simulated=Simulated(seed=1, uniform="actions", planned=10, runs=9, depth=100, steps=321, longest=77, exact=True),
    )
    constants = {"N": 3, "NAMES": ("a", None), "TABLE": {"a": [1]}, "RATE": 1.5, "MEMBERS": frozenset({2})}
    first = replace(first, model=model(constants=constants, overridden=("N",)))
    error = DefaultOutsideDomain("bad default", span=Span("y.py", 3, 5))
    return Report((first, result()), (SpecErrors([error, FileMissing("gone", span=Span("z.py"))]), FileMissing("no file")), 1)


def test_the_json_of_a_run_satisfies_the_schema(schema: Any) -> None:
    schema.validate(report_json(everything()))
    schema.validate(report_json(Report((), (), 5)))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("exit_code",), 9),
        (("results", 0, "distinct"), -1),
        (("results", 0, "properties", 0, "verdict"), "FAILED"),
        (("results", 0, "properties", 0, "trace", "states", 0, "height"), 2**60),
        (("results", 0, "properties", 0, "trace", "states", 0, "height"), {"#set": 1}),
        (("results", 0, "properties", 0, "trace", "steps", 0), {"action": "up"}),
        (("errors", 0, "code"), "E1"),
    ],
)
def test_the_schema_refuses_another_shape(schema: Any, path: tuple[Any, ...], value: object) -> None:
    run = report_json(everything())
    place: Any = run
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not schema.is_valid(run)


def keys_of(schema: Any, name: str) -> set[str]:
    return set(schema.schema["$defs"][name]["properties"])


def test_the_schema_describes_every_key_that_is_written(schema: Any) -> None:
    run = report_json(everything())
    first = run["results"][0]
    assert set(run) == set(schema.schema["properties"])
    assert set(first) == keys_of(schema, "result")
    assert set(first["properties"][0]) == keys_of(schema, "property")
    assert set(first["properties"][0]["trace"]) == keys_of(schema, "trace")
    assert set(first["properties"][0]["trace"]["origin"]) == keys_of(schema, "origin")
    assert set(first["properties"][0]["trace"]["types"]) == keys_of(schema, "types")
    assert set(first["properties"][0]["trace"]["steps"][0]) == keys_of(schema, "call")
    assert set(first["findings"][0]) == keys_of(schema, "finding")
    assert set(run["errors"][0]) == keys_of(schema, "error")


def test_a_result_says_which_model_it_is_and_what_came_out() -> None:
    first = report_json(everything())["results"][0]
    assert (first["file"], first["line"], first["spec"], first["model"], first["overridden"]) == ("climb.py", 1, "Climb", "Climb", ["N"])
    assert (first["distinct"], first["generated"], first["dropped"], first["depth"], first["seconds"]) == (1234, 5678, 0, 7, 0.25)
    assert first["constants"] == {
        "N": 3,
        "NAMES": {"#tup": ["a", None]},
        "TABLE": {"#map": [["a", [1]]]},
        "RATE": {"#unserializable": "1.5"},
        "MEMBERS": {"#set": [2]},
    }
    assert first["actions"] == {"up": {"taken": 60, "new_states": 31}}
    assert first["findings"][0] == {"code": "SC501", "message": "action 'down' is never enabled", "accepted": None, "file": "climb.py", "line": 12}


def test_only_a_simulation_says_what_random_runs_did() -> None:
    first, second = report_json(everything())["results"]
    assert first["simulated"] == {"seed": 1, "uniform": "actions", "planned": 10, "runs": 9, "depth": 100, "steps": 321, "longest": 77, "exact": True}
    assert [one.get("found_steps") for one in first["properties"]] == [9, None, None, None, None, None]
    assert "simulated" not in second


def test_a_property_has_its_verdict_its_expectation_and_its_trace() -> None:
    low = report_json(everything())["results"][0]["properties"][0]
    trace = low.pop("trace")
    assert low == {
        "name": "low",
        "kind": "invariant",
        "file": "climb.py",
        "line": 9,
        "verdict": "VIOLATED",
        "expected": "HOLDS",
        "reason": None,
        "found_steps": 9,
        "binding": {"c": "Client1"},
    }
    assert trace["states"] == [{"height": 0}, {"height": 1}, {"height": 2}]


def test_errors_of_a_group_are_listed_one_by_one() -> None:
    errors = report_json(everything())["errors"]
    remedy = "Change the default, or widen the annotation."
    assert errors[0] == {"code": "SC203", "message": "bad default", "remedy": remedy, "file": "y.py", "line": 3, "column": 5}
    assert [(error["code"], error["file"], error["line"], error["column"]) for error in errors[1:]] == [
        ("SC101", "z.py", None, None),
        ("SC101", None, None, None),
    ]


def test_the_text_is_ascii_and_the_same_every_time() -> None:
    snow = Member("Node", 0, "\N{SNOWMAN}")
    report = Report((result(violated(binding=(("n", snow),))),), (), 1)
    text = plain_text(lines(report))
    assert text.isascii() and text == plain_text(lines(report))
    assert json.loads(text)["results"][0]["properties"][0]["binding"] == {"n": "\N{SNOWMAN}"}
