"""Parts: the mutable values inside a state, each with one owner, and the journal that can undo what a step does to them.

A part is a list, set, dict, bag or `Record` that lives in a state. It knows its domain, its owner (the part that contains it, or the `Slot` of a variable) and its journal. Every write goes
through the journal first, as the inverse operation, so that

- a step that turns out to be disabled is undone, at the cost of what it did and no more; a guard that fails copies nothing,
- the engine knows which variables changed,
- a rule that may only read is stopped at the write.

The frozen form of a part (see `base.Domain`) is cached in it; only parts on the way from a write to its variable are frozen again.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from speccheck.errors import ClosedPart, Misuse, Ownership, ReadOnlyRule

Undo = Callable[[Any, Any], object]
Entry = tuple[Undo | None, Any, Any]  # inverse operation (None: nothing changed), part, argument

PART_SLOTS = ("_part_domain", "_part_journal", "_part_owner", "_part_frozen")


class OutsideDomain(BaseException):
    """A write of a value that its domain does not contain: the violation `domain` (semantics 1.3).

    `part` is the container or record that was written (None while there is none), `key` says where in it, `reason` what is wrong where the value alone does not show it.
    """

    def __init__(self, value: Any, domain: Any, part: Any = None, key: Any = None, reason: str = "") -> None:
        super().__init__(value, domain)
        self.value = value
        self.domain = domain
        self.part = part
        self.key = key
        self.reason = reason

    def _at(self, part: Any, key: Any = None) -> "OutsideDomain":
        """Note the innermost part that was written, once."""
        if self.part is None:
            self.part, self.key = part, key
        return self

    def __str__(self) -> str:
        return self.reason or f"{self.value!r} is outside {self.domain.describe()}"


class Journal:
    """The writes of the step that is being tried, as inverse operations in order."""

    __slots__ = ("entries", "log", "moved", "tracking")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.moved: list[tuple[Any, Any]] = []  # plain containers that were stored, and their contents then
        self.tracking = False
        self.log: Callable[[Entry], object] = _forget

    def record(self) -> None:
        """From now on note every write."""
        self.log = self.entries.append
        self.tracking = True

    def forget(self) -> None:
        """From now on allow writes without noting them: a state outside an engine."""
        self.log = _forget
        self.tracking = False

    def refuse(self) -> None:
        """From now on stop every write: a read-only rule."""
        self.log = _refuse
        self.tracking = False

    def undo(self) -> None:
        """Undo all writes, the last one first."""
        for inverse, part, argument in reversed(self.entries):
            if inverse is not None:
                inverse(part, argument)
        self.entries.clear()
        self.moved.clear()

    def moves(self, value: Any, contents: Any) -> None:
        """Note that a plain container was stored: it may be neither stored again nor changed during this step."""
        if not self.tracking:
            return
        for other, _ in self.moved:
            if other is value:
                raise Misuse(Ownership(f"{shown(value)} is stored a second time"))
        self.moved.append((value, contents))

    def check_moved(self) -> None:
        """Raise Misuse if a plain container was changed after it was stored."""
        for value, contents in self.moved:
            if value != contents:
                raise Misuse(Ownership(f"{shown(value)} was changed after it was stored; it was {shown(contents)}"))


def _forget(entry: Entry) -> None:
    pass


def _refuse(entry: Entry) -> NoReturn:
    raise Misuse(ReadOnlyRule("a rule that may only read changes the state"))


def _refuse_moved(entry: Entry) -> NoReturn:
    raise Misuse(
        Ownership("a record is changed through a local after it was stored", remedy="Change it before storing it, or through self.")
    )


FREE = Journal()  # the journal of parts that belong to no state yet
MOVED = Journal()  # the journal of records that were copied into a state: reading is fine, writing is not
MOVED.log = _refuse_moved


class Slot:
    """The place of a variable: the owner of its topmost part."""

    __slots__ = ("_part_frozen", "_part_journal", "_part_owner", "name")

    def __init__(self, name: str, journal: Journal) -> None:
        self.name = name
        self._part_journal = journal
        self._part_owner = None
        self._part_frozen: Any = self  # never None: climbing from a write always arrives here

    def __repr__(self) -> str:
        return f"<slot of {self.name}>"


class Part:
    """What all parts have in common; mixed into list, set, dict, bag and Record."""

    __slots__ = ()
    _part_domain: Any
    _part_journal: Journal
    _part_owner: Any
    _part_frozen: Any
    _part_closed: type["Part"]  # the class that a closed part has

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (_itself, (self._part_plain(),))

    def __copy__(self) -> Any:
        return self._part_plain()

    def __deepcopy__(self, memo: Any) -> Any:
        return self._part_plain()

    def _part_plain(self) -> Any:
        """Return a deep copy as ordinary Python values that nobody owns."""
        raise NotImplementedError

    def _part_children(self) -> Any:
        """Return an iterable of the values inside, parts and others."""
        raise NotImplementedError


def _itself(value: Any) -> Any:
    return value


def shown(value: Any, limit: int = 80) -> str:
    """Return repr(value), shortened."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def detach(part: Any, journal: Journal) -> None:
    """Take a part out of its owner: from now on it is fresh and belongs to the local that `pop` gives it to."""
    if isinstance(part, Part):
        journal.log((_reattach, part, part._part_owner))
        part._part_owner = None


def _reattach(part: Any, owner: Any) -> None:
    part._part_owner = owner


def close(value: Any, journal: Journal) -> None:
    """Close a part that was replaced or removed, and all parts in it: using them is an error from now on."""
    if not isinstance(value, Part):
        return
    for child in value._part_children():
        close(child, journal)
    journal.log((_reopen, value, type(value)))
    value.__class__ = closed_class(type(value))  # type: ignore[assignment]


def _reopen(part: Any, cls: type) -> None:
    object.__setattr__(part, "__class__", cls)


_CLOSED: dict[type, type] = {}

# What a closed part still answers: what Python itself needs to handle an object.
_STILL_OPEN = frozenset(
    {
        "__class__", "__new__", "__init__", "__del__", "__getattribute__", "__init_subclass__", "__subclasshook__", "__repr__", "__str__",
        "__doc__", "__slots__", "__module__", "__dict__", "__weakref__", "__class_getitem__", "__hash__", "__sizeof__", "__dir__", "__format__",
        "__reduce__", "__reduce_ex__", "__getstate__", "__annotations__", "__setattr__", "__delattr__",
    }
)  # fmt: skip


def closed_class(cls: type) -> type:
    """Return the subclass whose every method raises; it has the same layout, so that a part changes into it in place."""
    if cls in _CLOSED:
        return _CLOSED[cls]

    def refuse(self: Any, *_: Any, **__: Any) -> NoReturn:
        raise Misuse(ClosedPart("a local still denotes a part of the state that was replaced or removed"))

    names = {name for base in cls.__mro__ for name in vars(base) if name not in _STILL_OPEN and not name.startswith("_part_")}
    body: dict[str, Any] = {name: refuse for name in names if callable(getattr(cls, name, None))}
    body |= {"__slots__": (), "__hash__": None, "__repr__": lambda self: "<a part that was replaced>", "__setattr__": refuse}
    if cls.__dictoffset__:  # a Record: its fields are read through __getattribute__

        def read(self: Any, name: str) -> Any:
            if name.startswith(("_part_", "__")):
                return object.__getattribute__(self, name)
            refuse(self)

        body["__getattribute__"] = read
    meta = type(cls)
    closed = type.__new__(meta, "Closed" + cls.__name__, (cls,), body)
    _CLOSED[cls] = closed
    return closed


def path_of(part: Any, key: Any = None) -> str:
    """Return where a part lies, as one would write it: `nodes[Server1].log`. Slow; for messages."""
    steps: list[str] = [] if key is None else [_step(part, key)]
    while part is not None and not isinstance(part, Slot):
        owner = getattr(part, "_part_owner", None)
        if isinstance(owner, Slot):
            steps.append(owner.name)
        elif owner is not None:
            steps.append(_step(owner, _key_in(owner, part)))
        part = owner
    return "".join(reversed(steps)).lstrip(".")


def _step(part: Any, key: Any) -> str:
    if isinstance(key, Field):
        return f".{key.name}"
    return f"[{key!r}]"


class Field:
    """The key of a record's field in `path_of`."""

    def __init__(self, name: str) -> None:
        self.name = name


def _key_in(owner: Any, part: Any) -> Any:
    if isinstance(owner, dict):
        return next((k for k in dict.keys(owner) if dict.get(owner, k) is part), "?")
    if isinstance(owner, list):
        return next((i for i, v in enumerate(list.__iter__(owner)) if v is part), "?")
    return Field(next((n for n, v in vars(owner).items() if v is part), "?"))


__all__ = [
    "FREE", "MOVED", "PART_SLOTS", "Entry", "Field", "Journal", "OutsideDomain", "Part", "Slot", "close", "closed_class", "detach", "path_of", "shown",
]  # fmt: skip
