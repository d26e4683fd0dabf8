"""Specs written in the tests: a text becomes a module with a file, so that its syntax trees are found."""

import importlib.util
import inspect
import sys
import textwrap
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from speccheck.domains.annotations import domain_of
from speccheck.domains.records import domains_of
from speccheck.dsl.rules import mark_of
from speccheck.model.checks.subject import CheckedRule, Subject
from speccheck.model.syntax.trees import tree_of
from speccheck.source import Span, source_line

PRELUDE = """\
import datetime, random, time
from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self
from speccheck import (
    Bag, Formula, MaxLen, Partial, Range, Record, Sort, Spec, action, all_of, always, any_of, anything, choose, constraint, copy, disable, each, enabled,
    eventually, implies, init, invariant, leads_to, negate, occurs, process, reachable, refines, require, step_invariant, subsets, temporal, terminal, unfair,
)

class P(Sort, size=3):
    "Unordered."

class R(Sort, size=3, ordered=True):
    "A ring."

class S(Sort, size=3, symmetric=True):
    "Interchangeable."

class Color(Enum):
    RED = "red"
    BLUE = "blue"

@dataclass(frozen=True)
class Ask:
    who: P
    level: Annotated[int, Range(0, 3)] = 0

    def high(self) -> bool:
        return self.level > 1

@dataclass(frozen=True)
class Answer:
    who: P
    word: Literal["yes", "no"] = "no"

class Node(Record):
    term: Annotated[int, Range(0, 5)] = 0
    votes: set[P] = set()
    log: Annotated[list[int], MaxLen(3)] = []

    def bump(self) -> None:
        self.term += 1

    def last(self) -> int:
        return self.log[-1] if self.log else 0

NAMES = frozenset({"a", "b"})
TABLE = {"a": [1, 2]}
LEVELS = [1, 2, 3]
"""


@pytest.fixture
def module_of(tmp_path: Path) -> Iterator[Callable[[str], ModuleType]]:
    """Return a function that makes a module of a text, with the prelude before it."""
    made: list[str] = []

    def load(text: str) -> ModuleType:
        name = f"spec_in_text_{len(made)}_{tmp_path.name}"
        path = tmp_path / f"{name}.py"
        path.write_text(PRELUDE + textwrap.dedent(text), encoding="utf-8")
        found = importlib.util.spec_from_file_location(name, path)
        assert found is not None and found.loader is not None
        module = importlib.util.module_from_spec(found)
        sys.modules[name] = module
        made.append(name)
        found.loader.exec_module(module)
        return module

    yield load
    for name in made:
        del sys.modules[name]


@pytest.fixture
def subject_of(module_of: Callable[[str], ModuleType]) -> Callable[[str], Subject]:
    """Return a function that makes the subject of the class `T` in a text; a text that begins with a member is the body of that class."""

    def subject(text: str) -> Subject:
        text = textwrap.dedent(text)
        if "class T(" not in text:
            text = "class T(Spec):\n" + textwrap.indent(text, "    ")
        return made_subject(module_of(text).T)

    return subject


def made_subject(cls: Any) -> Subject:
    """Return the subject of a class, as the collection of rules makes it."""
    marks = {name: mark for name in dir(cls) if (mark := mark_of(inspect.getattr_static(cls, name))) and name not in cls._part_options.without}
    return Subject(cls, domains_of(cls), tuple(_rule(name, mark) for name, mark in marks.items()))


def _rule(name: str, mark: Any) -> CheckedRule:
    hints = typing.get_type_hints(mark.function, include_extras=True)
    names = list(inspect.signature(mark.function).parameters)[2 if mark.role == "step_invariant" else 1 :]
    tree = tree_of(mark.function)
    span = tree.span if tree is not None else Span(mark.function.__code__.co_filename, mark.function.__code__.co_firstlineno)
    return CheckedRule(name, mark.role, mark.function, {n: domain_of(hints[n]) for n in names}, span)


@pytest.fixture
def text_of() -> Callable[[Span], str]:
    """Return a function that gives the source text under a span; of several lines, the first."""

    def text(span: Span) -> str:
        line = source_line(span.file, span.line)
        return line[span.column - 1 : span.end_column - 1] if span.end_line == span.line else line[span.column - 1 :]

    return text


@pytest.fixture
def found_in(subject_of: Callable[[str], Subject], text_of: Callable[[Span], str]) -> Callable[[str], list[str]]:
    """Return a function that gives the problems of a spec, each as its code and the text that it points at."""
    from speccheck.model.checks import problems

    return lambda text: [f"{error.code} {text_of(error.span)}" for error in problems(subject_of(text)) if error.span]
