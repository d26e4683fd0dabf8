"""Collecting a class: what a checker would silently pass over is refused, and annotations find the names that stand around them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from speccheck import SpeccheckError
from speccheck.model.select import models_of_file

PRELUDE = """
from __future__ import annotations
from enum import Enum
from functools import cached_property
from speccheck import *
"""


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[str], list[str]]:
    """Return a function that loads a text and gives its errors: code, line of the text, message."""

    def errors(text: str) -> list[str]:
        file = tmp_path / "spec.py"
        file.write_text(PRELUDE + text)
        with pytest.raises(SpeccheckError) as caught:
            models_of_file(str(file), {})
        before = PRELUDE.count("\n")
        return [f"{e.code}:{e.span.line - before} {e.message}" for e in caught.value.errors if e.span is not None]

    return errors


def test_a_cached_property_is_refused_because_its_value_would_outlive_the_state(refused: Callable[[str], list[str]]) -> None:
    text = """class T(Spec):
    a: bool = False
    @cached_property
    def twice(self) -> bool: return self.a
    @action
    def flip(self) -> None: self.a = not self.twice
"""
    assert refused(text) == ["SC218:4 'twice' of T is a cached_property, whose value outlives the state"]


def test_a_cached_property_of_a_record_inside_the_state_is_refused_too(refused: Callable[[str], list[str]]) -> None:
    text = """class R(Record):
    a: bool = False
    @cached_property
    def twice(self) -> bool: return self.a
class T(Spec):
    rs: dict[bool, R | None] = each(None)
"""
    assert refused(text) == ["SC218:4 'twice' of R is a cached_property, whose value outlives the state"]


def test_rules_of_a_class_that_is_no_spec_are_refused_instead_of_ignored(refused: Callable[[str], list[str]]) -> None:
    text = """class Checks:
    @invariant
    def off(self) -> bool: return not self.a
    never = always(off)
class T(Checks, Spec):
    a: bool = False
    @action
    def flip(self) -> None: self.a = not self.a
"""
    assert refused(text) == [
        "SC218:3 'off' is a rule of Checks, which is not derived from Spec",
        "SC218:4 'never' is a rule of Checks, which is not derived from Spec",
    ]


@pytest.mark.parametrize("name", ["__init__", "__new__"])
def test_a_constructor_is_refused_because_no_checker_runs_it(name: str, refused: Callable[[str], list[str]]) -> None:
    text = f"""class T(Spec):
    a: bool = False
    def {name}(self): ...
    @action
    def flip(self) -> None: self.a = not self.a
"""
    assert refused(text) == [f"SC208:3 T defines {name}, which the checker does not run"]


def test_an_annotation_of_a_parameter_finds_the_names_of_its_class(tmp_path: Path) -> None:
    text = """class T(Spec):
    class Way(Enum):
        IN = 1
        OUT = 2
    way: Way = Way.IN
    @action
    def go(self, way: Way) -> None: self.way = way
class U(T):
    pass
"""
    file = tmp_path / "spec.py"
    file.write_text(PRELUDE + text)
    models, _ = models_of_file(str(file), {})
    assert [[p.domain.describe() for p in model.actions[0].parameters] for model in models] == [["Way"], ["Way"]]


def test_two_variables_with_the_same_mistake_are_both_reported(refused: Callable[[str], list[str]]) -> None:
    errors = refused('class T(Spec):\n    a: str = "x"\n    b: str = "y"\n')
    assert errors == ["SC201:2 'str' denotes no finite set of values", "SC201:3 'str' denotes no finite set of values"]
