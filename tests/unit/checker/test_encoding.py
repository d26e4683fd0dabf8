"""Results and errors as JSON and back."""

import json
import types
import typing
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from speccheck.checker.encoding import APART, CLASSES, decoded, decoded_error, decoded_result, encoded, encoded_error, encoded_result, survives
from speccheck.checker.result import Finding, Result, Verdict
from speccheck.checker.run import RunOptions, run
from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple
from speccheck.errors import DefaultOutsideDomain, FileMissing, SpecErrors, UnsetVariable
from speccheck.model.model import Model
from speccheck.source import Span
from tests.unit.reports.made import C1, FINDING, climbing, model, prop, result, violated
from tests.unit.reports.test_json import everything


def again(value: Any) -> Any:
    return json.loads(json.dumps(value))


@pytest.mark.parametrize(
    "value",
    [
        None, True, 1, -(2**80), 0.25, "a\n\N{SNOWMAN}", (), (1, (None, "x")), {"x": (1,), "y": {}}, {1: "a", "1": "b"}, Verdict.UNKNOWN, C1, Sequence((1,), True),
        Tuple((1, True)), Set((C1, None)), Bag(((1, 2),)), Map(((C1, Record("P", (("x", 1),), True)),)), Span("x.py", 1, 2, 3, 4), FINDING, climbing(3),
    ],
)  # fmt: skip
def test_a_value_comes_back_as_it_was(value: object) -> None:
    back = decoded(again(encoded(value)))
    assert back == value and repr(back) == repr(value), "1 == True, but they are shown differently"


@pytest.mark.parametrize("value", [object(), [1], {1}, b"x", Member, model(), type("S", (str,), {})("x")])
def test_what_has_no_shape_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="has no shape in JSON"):
        encoded(value)


@pytest.mark.parametrize(
    "made",
    [{}, {"Span": []}, {"Span": ["x"], "Set": [[]]}, {"Span": "x.py"}, {"Nothing": []}, {"Verdict": "MAYBE"}, {"Verdict": 3}, {"dict": 3}, {"Result": []}],
)  # fmt: skip
def test_what_was_never_encoded_is_refused(made: Any) -> None:
    with pytest.raises(ValueError, match="is encoded as|is not a valid Verdict"):
        decoded(made)


def inside(annotation: Any, found: set[type]) -> None:
    """Add all dataclasses that a value of this type can contain."""
    if isinstance(annotation, str | typing.ForwardRef):
        return  # a recursive alias: its members are visited where it is defined
    for one in typing.get_args(annotation):
        inside(one, found)
    if is_dataclass(annotation) and isinstance(annotation, type) and annotation not in found:
        found.add(annotation)
        for hint in typing.get_type_hints(annotation).values():
            inside(hint, found)


def test_everything_that_a_result_can_contain_has_a_shape() -> None:
    found: set[type] = set()
    for name, hint in typing.get_type_hints(Result, localns={"networkx": types.SimpleNamespace()}).items():
        if name not in APART:
            inside(hint, found)
    assert found == set(CLASSES.values()) and Model not in found and Finding in found


def test_results_come_back_with_all_that_they_hold() -> None:
    for one in everything().results:
        back = decoded_result(again(encoded_result(one)), one.model)
        assert back == one and repr(back) == repr(one) and survives(one)


def test_results_of_bundled_specs_come_back(root: Path) -> None:
    report = run(tuple(str(root / f"specs/classics/{name}.py") for name in ("peterson", "cache_aside", "die_hard")), RunOptions())
    assert len(report.results) > 10
    for one in report.results:
        back = decoded_result(again(encoded_result(one)), one.model)
        assert back == one and [repr(x) for x in back.properties] == [repr(x) for x in one.properties]


@dataclass(frozen=True)
class Foreign:
    """Something that a result may not hold."""

    x: int = 3


def test_a_result_that_would_not_come_back_does_not_survive() -> None:
    assert not survives(replace(result(prop()), notes=(Foreign(),)))  # type: ignore[arg-type]
    assert not survives(replace(result(prop()), notes=["a list comes back as a tuple"]))  # type: ignore[arg-type]
    assert survives(result(violated()))


@pytest.mark.parametrize("change", [{"seconds": None}, {"extra": 1}])
def test_a_result_has_exactly_its_fields(change: dict[str, Any]) -> None:
    made = encoded_result(result(prop())) | change
    made = {name: value for name, value in made.items() if value is not None or name not in change}
    with pytest.raises(ValueError, match="no result"):
        decoded_result(made, model())


def test_no_field_of_a_result_is_forgotten() -> None:
    assert set(encoded_result(result(prop()))) | set(APART) == {one.name for one in fields(Result)}


def test_an_error_comes_back_with_the_way_to_it() -> None:
    error = DefaultOutsideDomain("7 is none", span=Span("x.py", 3, 1), remedy="Change it.", notes=("one", "two"))
    error.trace = climbing(2)
    back = decoded_error(again(encoded_error(error)))
    assert type(back) is DefaultOutsideDomain
    assert vars(back) == vars(error) and str(back) == str(error)


def test_a_group_of_errors_comes_back() -> None:
    group = SpecErrors([FileMissing("gone"), UnsetVariable("x has no value", span=Span("x.py", 3))])
    back = decoded_error(again(encoded_error(group)))
    assert isinstance(back, SpecErrors) and [str(one) for one in back.errors] == [str(one) for one in group.errors]
