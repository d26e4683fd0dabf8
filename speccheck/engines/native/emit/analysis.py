"""What functions of a Program do, found by looking at their bodies and at what they call."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.layout import MaskCode, code_of
from speccheck.program.expressions import (
    AlternativeStep,
    Arithmetic,
    Call,
    Comprehension,
    Concatenate,
    Convert,
    Enabled,
    GetItem,
    IndexOf,
    ItemStep,
    KeyStep,
    Local,
    Occurs,
    Place,
    SetOperation,
    Slice,
    Table,
    Variable,
)
from speccheck.program.program import Function, Program
from speccheck.program.statements import Assign, Change, Choose, Fail, For, Loop, Require, Run, Store, Touch
from speccheck.program.types import Ref
from speccheck.source import Span

FAILING = (Arithmetic, AlternativeStep, Concatenate, Slice, IndexOf, Require, Fail, Choose, Loop, Enabled, Occurs)


def inside(item: Any) -> Iterator[Any]:
    """Yield everything that a piece of a Program is made of, itself first, in order."""
    if isinstance(item, tuple):
        for one in item:
            yield from inside(one)
    elif is_dataclass(item) and not isinstance(item, Span | Domain | Ref | type):
        yield item
        for one in fields(item):
            if one.name not in ("type", "span", "domain"):
                yield from inside(getattr(item, one.name))


class Analysis:
    """Answers about the functions of one Program. Functions do not call themselves."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._known: dict[tuple[str, str], bool] = {}

    @cached_property
    def contents(self) -> dict[str, tuple[Any, ...]]:
        """Everything inside of each function."""
        return {name: tuple(inside(function.body)) for name, function in self.program.functions.items()}

    def _any(self, question: str, name: str, own: Any) -> bool:
        """Return whether a function, or one that it calls, has something inside."""
        key = (question, name)
        if key not in self._known:
            self._known[key] = False
            self._known[key] = any(own(one) or (isinstance(one, Call | Run) and self._any(question, one.function, own)) for one in self.contents[name])
        return self._known[key]

    def fails(self, name: str) -> bool:
        """Return whether a function may fail."""
        return self._any("fails", name, may_fail)

    def writes(self, name: str) -> bool:
        """Return whether a function may write to the state."""
        return self._any("writes", name, is_write)

    def chooses(self, name: str) -> bool:
        """Return whether a function may choose."""
        return self._any("chooses", name, lambda one: isinstance(one, Choose))

    def reads_after(self, name: str) -> bool:
        """Return whether a function reads the state after the step."""
        return self._any("after", name, lambda one: getattr(one, "which", "self") == "after" or isinstance(one, Occurs) or _of_after(one))

    def writes_in(self, body: Any) -> bool:
        """Return whether statements may write to the state."""
        return any(is_write(one) or (isinstance(one, Run) and self.writes(one.function)) for one in inside(body))

    def count_choices(self, function: Function) -> int:
        """Return how many choices a function has itself."""
        return sum(isinstance(one, Choose) for one in self.contents[function.name])

    def chooses_again(self, function: Function) -> bool:
        """Return whether an action must be run again for each sequence of choices: one stands in a loop, or in a function that is called."""
        found = self.contents[function.name]
        called = any(isinstance(one, Run) and self.chooses(one.function) for one in found)
        return called or any(isinstance(one, For | Loop) and any(isinstance(other, Choose) for other in inside(one.body)) for one in found)


def _of_after(one: Any) -> bool:
    return isinstance(one, Local) and isinstance(one.type, Ref) and one.type.which == "after"


def may_fail(one: Any) -> bool:
    """Return whether something may fail itself."""
    match one:
        case KeyStep() | ItemStep():
            return not one.sure
        case Convert():
            return one.failure is not None
        case GetItem():
            return one.default is None
        case Table():
            return True
        case Comprehension():
            return one.checked or one.fold in ("min", "max", "set", "list", "map", "bag", "first")
        case SetOperation():
            return not isinstance(code_of(one.type), MaskCode) or one.type.capacity < one.type.element.size  # type: ignore[arg-type, union-attr]
        case Change():
            return True
    return isinstance(one, FAILING)


def is_write(one: Any) -> bool:
    """Return whether a statement writes to the state."""
    match one:
        case Store() | Change():
            return of_state(one.place)
        case Touch():
            return True
    return False


def of_state(place: Place) -> bool:
    """Return whether a place lies in a state."""
    return isinstance(place.root, Variable) or isinstance(place.root.type, Ref)


def assigned(body: Any) -> set[str]:
    """Return the names of the locals that statements may change."""
    found: set[str] = set()
    for one in inside(body):
        match one:
            case Assign(local) | Choose(local):
                found.add(local.name)
            case Run():
                found |= {one.local.name} if one.local is not None else set()
                found |= {p.root.name for p in inside(one.arguments) if isinstance(p, Place) and isinstance(p.root, Local)}
            case For():
                found |= {target.name for target in one.targets}
            case Store() | Change() if isinstance(one.place.root, Local):
                found.add(one.place.root.name)
    return found
