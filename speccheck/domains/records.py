"""Classes with declared fields: what `Record` and `Spec` have in common, and the domain of a record.

    class Node(Record):
        term: Term = 0
        log: Annotated[list[Entry], MaxLen(3)] = []

The annotations are the fields' domains, the defaults are taken out of the class (so that reading a field that was never set is an error), and every
assignment is checked and noted in the journal of the state that the record belongs to.
"""

import inspect
import re
import sys
from collections.abc import Mapping
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, dataclass_transform, get_args, get_origin

from speccheck.domains import neutral
from speccheck.domains.base import Domain, Frozen, Live, Renaming, journal_of
from speccheck.domains.containers import Maps
from speccheck.domains.defaults import ABSENT, Anything, Each, EachBy
from speccheck.domains.evaluation import misused
from speccheck.domains.neutral import Value
from speccheck.domains.parts import (
    FREE,
    MOVED,
    Field,
    Journal,
    OutsideDomain,
    Part,
    Slot,
    assign_journal,
    check_open,
    close,
    disown,
    may_be_shared,
    watching,
)
from speccheck.errors import (
    DefaultOutsideDomain,
    Misuse,
    Ownership,
    SpeccheckError,
    UnboundedDomain,
    UndeclaredAttribute,
    UnknownAttribute,
    UnsetVariable,
    did_you_mean,
)

_MISSING: Any = object()


@dataclass_transform(kw_only_default=True)
class FieldsMeta(type):
    """Takes the defaults of annotated attributes out of the class: `_part_defaults` of a class holds those that it gives itself."""

    _part_own: tuple[str, ...]
    _part_defaults: dict[str, Any]
    _part_locals: Mapping[str, Any]
    _part_domains: dict[str, Domain] | None

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> "FieldsMeta":
        annotations = namespace.get("__annotations__", {})
        own = tuple(n for n, a in annotations.items() if not n.startswith("_part_") and not is_class_var(a))
        inherited = {n for base in bases for n in declared_fields(base)}
        defaults = {n: namespace.pop(n) for n in (*own, *(inherited - set(own))) if n in namespace and _is_default(namespace[n], n in own)}
        cls = super().__new__(mcs, name, bases, namespace, **options)
        cls._part_own, cls._part_defaults, cls._part_domains = own, defaults, None
        cls._part_locals = _names_around()
        return cls

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **_: Any) -> None:
        super().__init__(name, bases, namespace)


def _names_around() -> dict[str, Any]:
    """Return the local names of the functions and classes around the class that is being made: annotations that are texts may mention them."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_code.co_name == "__new__":  # metaclasses that call each other
        frame = frame.f_back
    names: dict[str, Any] = {}
    while frame is not None and frame.f_code.co_name != "<module>":
        names = {**frame.f_locals, **names}
        frame = None if frame.f_code.co_flags & inspect.CO_OPTIMIZED else frame.f_back  # from the body of a class to what is around it
    return names


def _is_default(value: Any, declared_here: bool) -> bool:
    # A method that happens to have the name of an inherited variable is reported by the collection of rules, not swallowed.
    return declared_here or not callable(value)


def is_class_var(annotation: Any) -> bool:
    """Return whether an annotation, evaluated or text, is a ClassVar."""
    if isinstance(annotation, str):
        return re.match(r"\s*(\w+\.)*(Annotated\s*\[\s*(\w+\.)*)?ClassVar\b", annotation) is not None
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation is ClassVar or get_origin(annotation) is ClassVar


def declared_fields(cls: type) -> tuple[str, ...]:
    """Return the names of all fields of a class, inherited ones first, in declaration order."""
    names: dict[str, None] = {}
    for base in reversed(cls.__mro__):
        for name in vars(base).get("_part_own", ()):
            names[name] = None
    return tuple(names)


def default_of(cls: type, name: str) -> Any:
    """Return the default of a field, or ABSENT. As with any class attribute, a new annotation alone leaves an inherited default in force."""
    for base in cls.__mro__:
        defaults = vars(base).get("_part_defaults", {})
        if name in defaults:
            return defaults[name]
    return ABSENT


def domains_of(cls: Any) -> dict[str, Domain]:
    """Return the domain of each field of a class, resolved once."""
    found = vars(cls).get("_part_domains")
    if found is None:
        from speccheck.domains.annotations import field_domains  # annotations know records, records are resolved late

        found = cls._part_domains = field_domains(cls)
    return found  # type: ignore[no-any-return]


if TYPE_CHECKING:

    class _Owned:  # annotated in Fields itself, type checkers would take these for fields
        _part_journal: Journal
        _part_slots: dict[str, Slot]
else:
    _Owned = object


class Fields(_Owned, metaclass=FieldsMeta):
    """A mutable object whose attributes are its declared fields."""

    __slots__ = ("__dict__", "_part_journal")
    __hash__ = None  # type: ignore[assignment]

    def _part_assign(self, name: str, value: Any) -> None:
        domains = type(self)._part_domains or domains_of(type(self))
        domain = domains.get(name)
        if domain is None:
            raise misused(undeclared(type(self), name))
        values = self.__dict__
        old = values.get(name, _MISSING)
        journal = self._part_journal
        if value is old:  # what `self.x |= ...` does after it has changed the part in place
            journal.log((None, self, None))
            return
        try:
            stored = domain.store(value, self._part_holder(name)) if domain.mutable else domain.store(value)
        except OutsideDomain as outside:
            raise outside._at(self, Field(name)) from None
        journal.log((_undo_field, self, (name, old)))
        values[name] = stored
        if domain.mutable:
            close(old, journal)

    def __delattr__(self, name: str) -> None:
        raise misused(UndeclaredAttribute(f"'{name}' is deleted, but a variable always has a value", remedy="Assign a value instead, such as None."))

    def _part_missing(self, name: str) -> Any:
        # Only called when the attribute was not found: never for a variable that has a value.
        if name.startswith(("__", "_part_")):
            raise AttributeError(name)
        raise misused(unset_or_unknown(type(self), name))

    if not TYPE_CHECKING:  # type checkers that see these allow every attribute
        __setattr__ = _part_assign
        __getattr__ = _part_missing

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(self) == vars(other)

    def __repr__(self) -> str:
        values = ", ".join(f"{n}={vars(self).get(n, '<unset>')!r}" for n in declared_fields(type(self)))
        return f"{type(self).__name__}({values})"

    def _part_holder(self, name: str) -> Any:
        """Return what owns the parts in a field: the record itself, or the slot of a variable."""
        return self


def _undo_field(part: Any, old: tuple[str, Any]) -> None:
    name, value = old
    if value is _MISSING:
        part.__dict__.pop(name, None)
    else:
        part.__dict__[name] = value


def undeclared(cls: type, name: str) -> SpeccheckError:
    """Return the error for assigning to an attribute that is no variable."""
    what = f"{cls.__name__}.{name} is a method or constant, not a variable" if hasattr(cls, name) else f"{cls.__name__} declares no variable '{name}'"
    return UndeclaredAttribute(f"{what}.{did_you_mean(name, declared_fields(cls))}")


def unset_or_unknown(cls: type, name: str) -> SpeccheckError:
    """Return the error for reading an attribute that the object does not have."""
    if name in declared_fields(cls):
        return UnsetVariable(f"'{name}' of {cls.__name__} is read before it has a value")
    known = [*declared_fields(cls), *(n for n in dir(cls) if not n.startswith("_"))]
    return UnknownAttribute(f"{cls.__name__} has no attribute '{name}'.{did_you_mean(name, known)}")


class Record(Fields, Part):
    """Mutable nested state: declare fields as in a Spec. The constructor takes keywords; a field without a value and a default stays unset.

    `copy(record)` is a deep copy. A record that is stored into a state is copied there; the old object may be read but no longer changed.
    """

    __slots__ = ("_part_frozen", "_part_owner")

    def __init__(self, **values: Any) -> None:
        object.__setattr__(self, "_part_journal", FREE)
        object.__setattr__(self, "_part_owner", None)
        object.__setattr__(self, "_part_frozen", None)
        domain = record_domain(type(self))
        for name in values:
            if name not in domain.fields:
                raise misused(undeclared(type(self), name))
        for name, one in domain.fields.items():
            if name in values:
                try:
                    self.__dict__[name] = one.store(values[name], self)
                except OutsideDomain as outside:
                    raise outside._at(self, Field(name)) from None
            elif name in domain.defaults:
                self.__dict__[name] = one.thaw(domain.defaults[name], self, FREE)

    @property
    def _part_domain(self) -> Any:
        return record_domain(type(self))

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (_remade, (type(self), {name: value._part_plain() if isinstance(value, Part) else value for name, value in vars(self).items()}))

    def _part_plain(self) -> Any:
        return _remade(type(self), {name: value._part_plain() if isinstance(value, Part) else value for name, value in vars(self).items()})

    def _part_children(self) -> Any:
        return list(vars(self).values())


def _remade(cls: type, values: Mapping[str, Any]) -> Any:
    """Return a record with these plain values that nobody owns; the other fields are unset."""
    made: Any = object.__new__(cls)
    for name, value in (("_part_journal", FREE), ("_part_owner", None), ("_part_frozen", None)):
        object.__setattr__(made, name, value)
    domains = record_domain(cls).fields
    made.__dict__.update({name: domains[name].store(value, made) for name, value in values.items()})
    return made


class Records(Domain):
    """The values of a `Record` class; frozen form: the tuple of its fields' frozen forms."""

    mutable = True

    def __init__(self, cls: type) -> None:
        self.cls: type[Any] = cls
        self.tagged = False
        self.fields: dict[str, Domain] = {}
        self.defaults: dict[str, Frozen] = {}  # the frozen forms of the defaults, for the fields that have one
        self.size = 1

    def resolve(self) -> None:
        """Find the domains of the fields, and check and freeze their defaults; apart from __init__ because records may refer to each other."""
        self.fields = domains_of(self.cls)
        for name, domain in self.fields.items():
            self.size *= domain.size
            default = default_of(self.cls, name)
            if default is not ABSENT and not has_anything(default, domain):
                self.defaults[name] = frozen_default(self.cls, name, default, domain)

    def store(self, value: Any, owner: Any = None) -> Any:
        """Return a record with the value's fields that belongs to `owner`; what may be stored is as for containers."""
        if type(value) is not self.cls:
            if isinstance(value, self.cls) and isinstance(value, Part):
                check_open(value)
            raise OutsideDomain(value, self)
        missing = [name for name in self.fields if name not in vars(value)]
        if missing:
            remedy = f"Write {self.cls.__name__}({missing[0]}=...), or give the field a default."
            raise misused(UnsetVariable(f"'{missing[0]}' of {self.cls.__name__} has no value", remedy=remedy))
        theirs, journal = value._part_journal, journal_of(owner)
        fresh = theirs is FREE or theirs is MOVED
        if owner is None:
            return value if fresh else value._part_plain()
        if value._part_owner is not None:
            if not may_be_shared(value, journal):
                raise misused(Ownership("a mutable part of the state is stored in a second place"))
            return self._copied(value._part_plain(), owner, journal)
        if theirs is journal and not fresh:  # popped before: moves as it is
            journal.check_fresh(value)
            journal.log((disown, value, None))
            object.__setattr__(value, "_part_owner", owner)
            return value
        if (step := watching(journal)) is not None:
            step.moves(value, None if fresh else value._part_plain())
            if fresh:
                assign_journal(value, MOVED)
        return self._copied(value if fresh else value._part_plain(), owner, journal)

    def _copied(self, value: Any, owner: Any, journal: Journal) -> Any:
        live = self.thaw(self.freeze(value), owner, journal)
        object.__setattr__(live, "_part_frozen", None)
        return live

    def describe(self) -> str:
        return self.cls.__name__

    def freeze(self, live: Live) -> Frozen:
        frozen = live._part_frozen
        if frozen is None:
            values = vars(live)
            frozen = tuple([domain.freeze(values[name]) for name, domain in self.fields.items()])
            object.__setattr__(live, "_part_frozen", frozen)
        return frozen

    def thaw(self, frozen: Frozen, owner: Any, journal: Journal) -> Live:
        live: Any = object.__new__(self.cls)
        set_slot = object.__setattr__
        set_slot(live, "_part_journal", journal)
        set_slot(live, "_part_owner", owner)
        set_slot(live, "_part_frozen", frozen)
        values = live.__dict__
        for (name, domain), field in zip(self.fields.items(), frozen):
            values[name] = domain.thaw(field, live, journal) if domain.mutable else field
        return live

    def plain(self, frozen: Frozen) -> Any:
        return self.thaw(frozen, None, FREE)

    def neutral(self, frozen: Frozen) -> Value:
        fields = tuple((name, d.neutral(f)) for (name, d), f in zip(self.fields.items(), frozen))
        return neutral.Record(self.cls.__name__, fields, self.tagged)

    def key(self, frozen: Frozen) -> Any:
        return tuple([d.key(f) for d, f in zip(self.fields.values(), frozen)])

    def rank(self, frozen: Frozen) -> int:
        rank = 0
        for domain, field in zip(self.fields.values(), frozen):
            rank = rank * domain.size + domain.rank(field)
        return rank

    def unrank(self, index: int) -> Frozen:
        fields = []
        for domain in reversed(self.fields.values()):
            index, one = divmod(index, domain.size)
            fields.append(domain.unrank(one))
        return tuple(reversed(fields))

    def renames(self, sorts: frozenset[type]) -> bool:
        return any(d.renames(sorts) for d in self.fields.values())

    def rename(self, frozen: Frozen, renaming: Renaming) -> Frozen:
        return tuple([d.rename(f, renaming) for d, f in zip(self.fields.values(), frozen)])


def record_domain(cls: Any) -> Records:
    """Return the domain of a Record class, made once."""
    found = vars(cls).get("_part_record_domain")
    if found is None:
        found = Records(cls)
        type.__setattr__(cls, "_part_record_domain", found)
        try:
            found.resolve()
        except BaseException:
            type.__delattr__(cls, "_part_record_domain")
            raise
    elif not found.fields and declared_fields(cls):
        raise UnboundedDomain(f"{cls.__name__} contains itself, so its values are unbounded", remedy="Refer to other records by a sort or a number instead.")
    return found  # type: ignore[no-any-return]


def frozen_default(cls: type, name: str, default: Any, domain: Domain) -> Frozen:
    """Return the frozen form of a field's default; DefaultOutsideDomain if it does not belong to the domain."""
    try:
        return domain.freeze(domain.store(default, None))
    except OutsideDomain as outside:
        raise DefaultOutsideDomain(f"the default of '{name}' of {cls.__name__}: {outside}") from None
    except Misuse as misuse:
        raise misuse.error from None


def has_anything(default: Any, domain: Domain) -> bool:
    """Return whether a default stands for several values: `anything()`, or a map or record with `anything()` inside."""
    match domain, default:
        case _, Anything():
            return True
        case Maps(), Each():
            return has_anything(default.value, domain.value_domain)
        case Maps(), EachBy():
            return any(has_anything(default.at(k), domain.value_domain) for k in domain.key_domain.all_frozen())
        case Maps(), dict():
            return any(has_anything(v, domain.value_domain) for v in default.values())
        case _, Record():
            missing = ((n, d) for n, d in record_domain(type(default)).fields.items() if n not in vars(default))
            return any(has_anything(default_of(type(default), n), d) for n, d in missing)
    return False
