"""What a rule may say besides plain Python: `require`, `disable`, `choose`, `copy`, `subsets`; and `choosing`, for use outside an engine."""

import copy as _copy
import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import UnionType
from typing import Any, Generic, Never, TypeVar, get_origin, overload

from speccheck.domains.annotations import domain_of
from speccheck.domains.evaluation import Disabled, current
from speccheck.domains.ordering import in_domain_order
from speccheck.domains.parts import shown
from speccheck.errors import ChooseOutside

T = TypeVar("T")


def require(condition: object, /) -> None:
    """Disable the step when the condition is false, wherever the call stands. TLA+: a conjunct of the action without primes."""
    if not condition:
        raise Disabled


def disable() -> Never:
    """Disable the step."""
    raise Disabled


@overload
def choose(alternatives: type[T], /) -> T: ...
@overload
def choose(alternatives: Iterable[T], /) -> T: ...
@overload
def choose(alternatives: Any, /) -> Any: ...
def choose(alternatives: Any, /) -> Any:
    """Return any one of the alternatives: the checker tries each of them once. Nothing to pick disables the step. TLA+: `\\E x \\in S`.

    Takes a sort, an enum, `bool`, an annotation such as `Literal[...]` or `Annotated[int, Range(0, 3)]`, or any iterable of immutable values.
    """
    evaluation = current.get()
    return _prepared_answer(alternatives) if evaluation is None else evaluation.choose(alternatives)


_answers: ContextVar[list[Any] | None] = ContextVar("speccheck_answers", default=None)


def _prepared_answer(alternatives: Any) -> Any:
    domain = domain_of(alternatives) if is_annotation(alternatives) else None
    offered = domain or (alternatives if isinstance(alternatives, Subsets) else in_domain_order(alternatives))
    if not any(True for _ in offered):
        raise Disabled
    answers = _answers.get()
    if answers is None:
        raise ChooseOutside("choose was called outside an engine")
    if not answers:
        raise ChooseOutside("more calls of choose than values in choosing(...)")
    answer = answers.pop(0)
    if not (domain.contains(answer) if domain else any(one == answer for one in offered)):
        raise ChooseOutside(f"choosing(...) says {shown(answer)}, which is none of the alternatives")
    return answer


def is_annotation(value: Any) -> bool:
    """Return whether `choose` was given a type rather than a collection of values."""
    if isinstance(value, type | UnionType) or get_origin(value) is not None:
        return True
    return type(value).__name__ in ("TypeAliasType", "NewType")


@contextmanager
def choosing(*values: Any) -> Iterator[None]:
    """Say what `choose` returns outside an engine, call by call: `with choosing(m): state.receive()`."""
    token = _answers.set(list(values))
    try:
        yield
    finally:
        _answers.reset(token)


def copy(value: T, /) -> T:
    """Return a deep copy that nobody owns: the way to store a part of the state, or of a constant, a second time."""
    return _copy.deepcopy(value)


class Subsets(Generic[T]):
    """The subsets of a collection, smallest first, made one at a time."""

    def __init__(self, items: tuple[T, ...], low: int, high: int) -> None:
        self.items, self.low, self.high = items, low, high

    def __iter__(self) -> Iterator[frozenset[T]]:
        for size in range(max(0, self.low), min(self.high, len(self.items)) + 1):
            yield from map(frozenset, itertools.combinations(self.items, size))


def subsets(items: Iterable[T], lo: int = 0, hi: int | None = None, /) -> Subsets[T]:
    """Return the subsets with `lo` to `hi` elements (all sizes by default), lazily. TLA+: `SUBSET S`."""
    ordered = tuple(in_domain_order(items))
    return Subsets(ordered, lo, len(ordered) if hi is None else hi)
