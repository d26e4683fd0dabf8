"""Parts: the mutable values inside a state, each with one owner, and the journal that can undo what a step does to them.

A part is a list, set, dict, bag or `Record` that lives in a state. It knows its domain, its owner (the part that contains it, or the `Slot` of a variable)
and its journal. Every write goes through the journal first, as the inverse operation, so that

- a step that turns out to be disabled is undone, at the cost of what it did and no more; a guard that fails copies nothing,
- the engine knows which variables changed,
- a rule that may only read is stopped at the write.

The frozen form of a part (see `base.Domain`) is cached in it; only parts on the way from a write to its variable are frozen again.
"""

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, NoReturn

from speccheck.domains.evaluation import current, misused
from speccheck.errors import ClosedPart, Ownership, ReadOnlyRule

Undo = Callable[[Any, Any], object]
Entry = tuple[Undo | None, Any, Any]  # inverse operation (None: nothing changed), part, argument

PART_SLOTS = ("_part_domain", "_part_frozen", "_part_journal", "_part_owner")


class OutsideDomain(BaseException):
    """A write of a value that its domain does not contain: the violation `domain` (semantics 1.3).

    `reason` says what is wrong where the value alone does not show it. `part` is the outermost container, record or state that was written, None while
    there is none; `path` says where the value should have gone, as one would write it: `nodes[Server1].log[0]`.
    """

    def __init__(self, value: Any, domain: Any, reason: str = "") -> None:
        super().__init__(value, domain)
        self.value = value
        self.domain = domain
        self.reason = reason
        self.part: Any = None
        self.path = ""
        self._below = ""

    def _at(self, part: Any, key: Any = None) -> "OutsideDomain":
        """Note a part that was written, from the innermost one outwards, and where in it."""
        self.part = part
        if key is not None:
            self._below = _step(key) + self._below
        # At once: when the step has been undone, the way to a new part is lost.
        self.path = (path_of(part) + self._below).lstrip(".")
        return self

    def __str__(self) -> str:
        what = self.reason or f"{shown(self.value)} is outside {self.domain.describe()}"
        return f"{self.path}: {what}" if self.path else what


class Journal:
    """The writes of the step that is being tried, as inverse operations in order."""

    __slots__ = ("entries", "log", "moved", "tracking")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.moved: dict[int, tuple[Any, Any]] = {}  # fresh values that were stored, by identity, and their contents then
        self.tracking = False
        self.log: Callable[[Entry], object] = _forget

    def record(self) -> None:
        """From now on note every write."""
        self.log = self.entries.append
        self.tracking = True
        _recording.set((self, current.get()))

    def forget(self) -> None:
        """From now on allow writes without noting them: a state outside an engine."""
        self.log = _forget
        self._ignore()

    def refuse(self) -> None:
        """From now on stop every write: a read-only rule."""
        self.log = _refuse
        self._ignore()

    def _ignore(self) -> None:
        self.tracking = False
        if _recording.get()[0] is self:
            _recording.set(_NOTHING)

    def undo(self) -> None:
        """Undo all writes, the last one first. Cached frozen forms are the caller's business."""
        for inverse, part, argument in reversed(self.entries):
            if inverse is not None:
                inverse(part, argument)
        self.entries.clear()
        if self.moved:
            self._release()

    def keep(self) -> None:
        """End a completed step whose writes stay. Raises Ownership, and has then done nothing."""
        self.check_moved()
        for entry in self.entries:
            _forget(entry)
        self.entries.clear()
        self._release()

    def moves(self, value: Any, contents: Any) -> None:
        """Note that a fresh value was stored: it may be neither stored again nor changed during this step. `contents` None: it cannot be changed."""
        self.check_fresh(value)
        self.moved.setdefault(id(value), (value, contents))

    def check_fresh(self, value: Any) -> None:
        """Raise Ownership for a value that was stored before in this step, unless it is a constant, which is copied each time."""
        if id(value) in self.moved:
            from speccheck.domains.module_constants import is_constant

            if not is_constant(value):
                raise misused(Ownership(f"{shown(value)} is stored a second time"))

    def check_moved(self) -> None:
        """Raise Ownership if a fresh value was changed after it was stored."""
        for value, contents in self.moved.values():
            if contents is not None and value != contents:
                raise misused(Ownership(f"{shown(value)} was changed after it was stored; it was {shown(contents)}"))

    def _release(self) -> None:
        """Take the stored values out of custody: a record that outlives the step (a module constant) may be stored in the next one, too."""
        for value, _ in self.moved.values():
            if isinstance(value, Part) and value._part_journal is MOVED:
                assign_journal(value, FREE)
        self.moved.clear()


def _forget(entry: Entry) -> None:
    part = entry[1]
    while isinstance(part, Part):
        _assign(part, "_part_frozen", None)
        part = part._part_owner


def _refuse(entry: Entry) -> NoReturn:
    raise misused(ReadOnlyRule("a rule that may only read changes the state"))


def _refuse_moved(entry: Entry) -> NoReturn:
    raise misused(Ownership("a record is changed through a local after it was stored", remedy="Change it before storing it, or through self."))


FREE = Journal()  # the journal of parts that belong to no state yet
MOVED = Journal()  # the journal of records that were copied into a state: reading is fine, writing is not
MOVED.log = _refuse_moved


# The journal of the step that is being tried in this thread: it also keeps an eye on values that are stored in records that belong to no state yet. And the
# evaluation that the step belongs to: an engine that is done leaves its journal recording.
_NOTHING: tuple[Journal | None, Any] = (None, None)
_recording: ContextVar[tuple[Journal | None, Any]] = ContextVar("speccheck_recording", default=_NOTHING)


def watching(journal: Journal) -> Journal | None:
    """Return the journal that has to know of a fresh value that is stored into a part with this journal, None outside a step."""
    if journal is FREE:
        step, evaluation = _recording.get()
        return step if evaluation is current.get() else None
    return journal if journal.tracking else None


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
    _part_closed = False

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


_assign = object.__setattr__  # a Record's own __setattr__ only knows fields


def _itself(value: Any) -> Any:
    return value


def assign_journal(part: Any, journal: Journal) -> None:
    """Give a part, and all parts in it, another journal."""
    _assign(part, "_part_journal", journal)
    for child in part._part_children():
        if isinstance(child, Part):
            assign_journal(child, journal)


def may_be_shared(part: Part, journal: Journal) -> bool:
    """Return whether an owned part may be copied into another place unasked: it belongs to another state, or nothing may change now (mappings, properties)."""
    theirs = part._part_journal
    if theirs.log is _refuse:
        return True
    return journal is not FREE and theirs is not FREE and theirs is not MOVED and theirs is not journal


def check_open(part: Part) -> None:
    """Raise ClosedPart for a part that was replaced or removed."""
    if part._part_closed:
        raise misused(ClosedPart(CLOSED))


def own_form(value: Any, domain: Any, own: Iterable[Any]) -> Any:
    """Return which of a container's own elements or keys equals the value: undoing its removal must not put True for 1."""
    try:
        return domain.store(value)
    except OutsideDomain:
        return next(one for one in own if one == value)


def disown(part: Any, _: Any) -> None:
    """Take the owner of a part away; the inverse of storing a part that nobody owned."""
    _assign(part, "_part_owner", None)


def detach(part: Any, journal: Journal) -> None:
    """Take a part out of its owner: from now on it is fresh and belongs to the local that `pop` gives it to."""
    if isinstance(part, Part):
        journal.log((_reattach, part, part._part_owner))
        _assign(part, "_part_owner", None)


def _reattach(part: Any, owner: Any) -> None:
    _assign(part, "_part_owner", owner)


def close(value: Any, journal: Journal) -> None:
    """Close a part that was replaced or removed, and all parts in it: using them is an error from now on."""
    if not isinstance(value, Part):
        return
    for child in value._part_children():
        close(child, journal)
    journal.log((_reopen, value, type(value)))
    _assign(value, "__class__", closed_class(type(value)))


def _reopen(part: Any, cls: type) -> None:
    _assign(part, "__class__", cls)


CLOSED = "a local still denotes a part of the state that was replaced or removed"

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
    known: type | None = vars(cls).get("_part_closed_class")  # kept in the class, so that it lives as long as a user's class and no longer
    if known is not None:
        return known

    def refuse(self: Any, *_: Any, **__: Any) -> NoReturn:
        raise misused(ClosedPart(CLOSED))

    names = {name for base in cls.__mro__ for name in vars(base) if name not in _STILL_OPEN and not name.startswith("_part_")}
    body: dict[str, Any] = {name: refuse for name in names if callable(getattr(cls, name, None))}
    body |= {"__slots__": (), "__hash__": None, "__bool__": refuse, "__radd__": refuse, "__repr__": lambda self: "<a part that was replaced>"}
    body |= {"__setattr__": refuse, "__delattr__": refuse, "_part_closed": True}
    if cls.__dictoffset__:  # a Record: its fields are read through __getattribute__

        def read(self: Any, name: str) -> Any:
            if name.startswith(("_part_", "__")):
                return object.__getattribute__(self, name)
            refuse(self)

        body["__getattribute__"] = read
    closed = type.__new__(type(cls), cls.__name__, (cls,), body)
    type.__setattr__(cls, "_part_closed_class", closed)
    return closed


class Field:
    """The key of a record's field in a path."""

    def __init__(self, name: str) -> None:
        self.name = name


def path_of(part: Any) -> str:
    """Return where a part lies, as one would write it: `nodes[Server1].log`. Slow; for messages."""
    steps: list[str] = []
    while part is not None and not isinstance(part, Slot):
        owner = part._part_owner
        if isinstance(owner, Slot):
            steps.append(owner.name)
        elif owner is not None:
            steps.append(_step(_key_in(owner, part)))
        elif isinstance(part, Part) and hasattr(part, "__dict__"):
            steps.append(type(part).__name__)  # a record that belongs to no state yet
        part = owner
    return "".join(reversed(steps))


def _step(key: Any) -> str:
    return f".{key.name}" if isinstance(key, Field) else f"[{shown(key)}]"


def _key_in(owner: Any, part: Any) -> Any:
    if isinstance(owner, dict):
        return next((k for k in dict.keys(owner) if dict.get(owner, k) is part), "?")
    if isinstance(owner, list):
        return next((i for i, v in enumerate(list.__iter__(owner)) if v is part), "?")
    return Field(next((n for n, v in vars(owner).items() if v is part), "?"))


def shown(value: Any, limit: int = 80) -> str:
    """Return repr(value), shortened, and the same in every run: sets are sorted by their elements' texts, addresses left out."""
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", _text(value))
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _text(value: Any) -> str:
    if type(value) in (set, frozenset) and value:
        inside = "{" + ", ".join(sorted(map(_text, value))) + "}"
        return inside if type(value) is set else f"frozenset({inside})"
    if type(value) is list:
        return "[" + ", ".join(map(_text, value)) + "]"
    if type(value) is tuple and len(value) > 1:
        return "(" + ", ".join(map(_text, value)) + ")"
    if type(value) is dict:
        return "{" + ", ".join(f"{_text(k)}: {_text(v)}" for k, v in value.items()) + "}"
    return repr(value)
