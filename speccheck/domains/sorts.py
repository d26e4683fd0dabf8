"""Sorts: finite sets of opaque values.

    class RM(Sort, size=3, symmetric=True): ...

    list(RM) == [RM0, RM1, RM2];  len(RM) == 3;  rm in RM

The class is the set and its instances are the members. Members are compared and hashed by identity: there is exactly one object for each.
"""

from collections.abc import Iterator
from types import FunctionType
from typing import TYPE_CHECKING, Any, Never, Self, TypeVar

from speccheck.domains.evaluation import current, misused
from speccheck.domains.overrides import caller_span, declare
from speccheck.errors import BadSort, SortMisuse

T = TypeVar("T")


class SortMeta(type):
    """The class of sorts: makes a sort iterable and sized."""

    _members: tuple[Any, ...]
    symmetric: bool
    ordered: bool

    def __new__(
        mcs,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        size: int | None = None,
        symmetric: bool = False,
        ordered: bool = False,
        root: bool = False,
    ) -> "SortMeta":
        if root:
            return super().__new__(mcs, name, bases, {"_members": (), **namespace})
        module, span = caller_span(1)
        wrong = _fault(bases, namespace, size, symmetric and ordered)
        if name[:1].isupper() and not wrong:
            size = declare(name, size, "sort", module, span)
            wrong = None if type(size) is int and size >= 1 else f"has size {size!r}, which is no positive integer"
        if wrong or not name[:1].isupper():
            raise BadSort(f"sort '{name}' {wrong or 'does not begin with a capital'}", span=span)
        assert size is not None
        cls = super().__new__(mcs, name, bases, {"__slots__": (), **namespace})
        cls.symmetric, cls.ordered = symmetric, ordered
        members = []
        for index in range(size):
            member: Any = object.__new__(cls)  # type: ignore[arg-type]
            object.__setattr__(member, "_index", index)
            members.append(member)
        cls._members = tuple(members)
        return cls

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **_: Any) -> None:
        super().__init__(name, bases, namespace)

    def __iter__(cls: type[T]) -> Iterator[T]:
        members: tuple[T, ...] = cls._members  # type: ignore[attr-defined]
        return iter(members)

    def __len__(cls) -> int:
        return len(cls._members)

    def __bool__(cls) -> bool:
        return True

    def __contains__(cls, value: object) -> bool:
        return type(value) is cls

    def __getitem__(cls: type[T], index: int) -> T:
        members: tuple[T, ...] = cls._members  # type: ignore[attr-defined]
        if not cls.ordered and current.get() is not None:  # type: ignore[attr-defined]
            raise misused(SortMisuse(f"{cls.__name__}[{index}] names a member of a sort that is not ordered"))
        return members[index]

    def __repr__(cls) -> str:
        return f"<sort {cls.__name__} of {len(cls._members)}>" if cls._members else f"<class '{cls.__name__}'>"


def _fault(bases: tuple[type, ...], namespace: dict[str, Any], size: int | None, symmetric_and_ordered: bool) -> str | None:
    """Return what is wrong with the declaration of a sort, None if nothing is."""
    own = [*namespace.get("__annotations__", {}), *(n for n, v in namespace.items() if not n.startswith("__") and not isinstance(v, FunctionType | property))]
    if bases != (Sort,):
        return "derives from another class than Sort"
    if own:
        return f"has an attribute of its own: '{own[0]}'; keep what belongs to a member in a map: dict[Sort, ...]"
    if size is None:
        return "has no size"
    return "is ordered, so its members cannot be interchangeable" if symmetric_and_ordered else None


class Sort(metaclass=SortMeta, root=True):
    """A finite set of opaque values, declared as `class RM(Sort, size=3)`.

    The size is overridden like a constant. `ordered=True` makes the members a ring with `<`, `.index`, `next()` and `prev()`; `symmetric=True` lets the
    checker treat them as interchangeable.
    """

    __slots__ = ("_index",)
    _index: int

    if TYPE_CHECKING:

        def __new__(cls, never: Never, /) -> Self: ...
    else:

        def __new__(cls, *_: Any, **__: Any) -> Any:
            raise TypeError(f"members of the sort {cls.__name__} are not made but picked: iterate over {cls.__name__}")

    @property
    def index(self) -> int:
        """The member's number from 0; inside rules for ordered sorts only."""
        return self._position("index")

    def next(self: T) -> T:
        """The following member; the first one follows the last."""
        return self._neighbour("next()", 1)  # type: ignore[attr-defined, no-any-return]

    def prev(self: T) -> T:
        """The preceding member; the last one precedes the first."""
        return self._neighbour("prev()", -1)  # type: ignore[attr-defined, no-any-return]

    def __lt__(self: T, other: T) -> bool:
        return self._compared(other, "<") < 0  # type: ignore[attr-defined, no-any-return]

    def __le__(self: T, other: T) -> bool:
        return self._compared(other, "<=") <= 0  # type: ignore[attr-defined, no-any-return]

    def __gt__(self: T, other: T) -> bool:
        return self._compared(other, ">") > 0  # type: ignore[attr-defined, no-any-return]

    def __ge__(self: T, other: T) -> bool:
        return self._compared(other, ">=") >= 0  # type: ignore[attr-defined, no-any-return]

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._index}"

    def __reduce__(self) -> Any:
        return (_member, (type(self), self._index))

    def __copy__(self: T) -> T:
        return self

    def __deepcopy__(self: T, memo: object) -> T:
        return self

    def _position(self, use: str) -> int:
        if not type(self).ordered and current.get() is not None:
            raise misused(SortMisuse(f"'{use}' on {self!r}, a member of a sort that is not ordered"))
        return self._index

    def _neighbour(self, use: str, distance: int) -> Any:
        members = type(self)._members
        if not type(self).ordered:
            self._position(use)
        return members[(self._index + distance) % len(members)]

    def _compared(self, other: Any, use: str) -> int:
        if type(other) is not type(self):
            raise TypeError(f"'{use}' not supported between {self!r} and {other!r}")
        if not type(self).ordered:
            raise misused(SortMisuse(f"'{use}' between members of {type(self).__name__}, a sort that is not ordered"))
        return self._index - int(other._index)


def _member(sort: Any, index: int) -> Any:
    return sort._members[index]
