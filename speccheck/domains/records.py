"""Classes with declared fields: what `Record` and `Spec` have in common, and the domain of a record.

    class Node(Record):
        term: Term = 0
        log: Annotated[list[Entry], MaxLen(3)] = []

The annotations are the fields' domains, the defaults are taken out of the class (so that reading a field that was never set is an error), and every assignment is checked and noted in the
journal of the state that the record belongs to.
"""

import sys
from collections.abc import Mapping
from typing import Any, dataclass_transform

from speccheck.domains import neutral
from speccheck.domains.base import Domain, Frozen, Live, Renaming, journal_of
from speccheck.domains.defaults import ABSENT, Anything
from speccheck.domains.neutral import Value
from speccheck.domains.parts import FREE, MOVED, Field, Journal, OutsideDomain, Part, close
from speccheck.errors import BadAnnotation, Misuse, Ownership, SpeccheckError, UndeclaredAttribute, UnsetVariable, did_you_mean

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
        # Annotations that are texts may name locals of the function around the class.
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_code.co_name in ("__new__", name):
            frame = frame.f_back
        texts = any(isinstance(a, str) for a in annotations.values())
        cls._part_locals = dict(frame.f_locals) if texts and frame.f_code.co_name != "<module>" else {}
        return cls

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **_: Any) -> None:
        super().__init__(name, bases, namespace)


def _is_default(value: Any, declared_here: bool) -> bool:
    # A method that happens to have the name of an inherited variable is reported by the collection of rules, not swallowed.
    return declared_here or not callable(value)


def is_class_var(annotation: Any) -> bool:
    """Return whether an annotation, evaluated or text, is a ClassVar."""
    if isinstance(annotation, str):
        return annotation.replace("typing.", "").strip().startswith("ClassVar")
    return "ClassVar" in str(annotation).split("[")[0]


def declared_fields(cls: type) -> tuple[str, ...]:
    """Return the names of all fields of a class, inherited ones first, in declaration order."""
    names: dict[str, None] = {}
    for base in reversed(cls.__mro__):
        for name in vars(base).get("_part_own", ()):
            names[name] = None
    return tuple(names)


def default_of(cls: type, name: str) -> Any:
    """Return the default of a field, or ABSENT."""
    for base in cls.__mro__:
        defaults = vars(base).get("_part_defaults", {})
        if name in defaults:
            return defaults[name]
        if name in vars(base).get("_part_own", ()):
            return ABSENT  # a new annotation without a default takes the inherited default away
    return ABSENT


def domains_of(cls: Any) -> dict[str, Domain]:
    """Return the domain of each field of a class, resolved once."""
    found = vars(cls).get("_part_domains")
    if found is None:
        from speccheck.domains.annotations import field_domains  # annotations know records, records are resolved late

        found = cls._part_domains = field_domains(cls)
    return found  # type: ignore[no-any-return]


class Fields(metaclass=FieldsMeta):
    """A mutable object whose attributes are its declared fields."""

    __slots__ = ("__dict__", "_part_journal")
    _part_journal: Journal
    __hash__ = None  # type: ignore[assignment]

    def __setattr__(self, name: str, value: Any) -> None:
        domains = type(self)._part_domains or domains_of(type(self))
        domain = domains.get(name)
        if domain is None:
            raise Misuse(undeclared(type(self), name))
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
        raise Misuse(UndeclaredAttribute(f"'{name}' is deleted, but a variable always has a value", remedy="Assign a value instead, such as None."))

    def __getattr__(self, name: str) -> Any:
        # Only called when the attribute was not found: never for a variable that has a value.
        if name.startswith("__"):
            raise AttributeError(name)
        raise Misuse(unset_or_unknown(type(self), name))

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
    from speccheck.errors import UnknownAttribute

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
                raise Misuse(undeclared(type(self), name))
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

    def _part_plain(self) -> Any:
        made: Any = object.__new__(type(self))
        for name, value in (("_part_journal", FREE), ("_part_owner", None), ("_part_frozen", None)):
            object.__setattr__(made, name, value)
        domains = record_domain(type(self)).fields
        for name, value in vars(self).items():
            made.__dict__[name] = domains[name].store(value._part_plain(), made) if isinstance(value, Part) else value
        return made

    def _part_children(self) -> Any:
        return list(vars(self).values())


class Records(Domain):
    """The values of a `Record` class; frozen form: the tuple of its fields' frozen forms."""

    mutable = True

    def __init__(self, cls: type) -> None:
        self.cls = cls
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
            if default is not ABSENT and not isinstance(default, Anything):
                self.defaults[name] = frozen_default(self.cls, name, default, domain)

    def store(self, value: Any, owner: Any = None) -> Any:
        if type(value) is not self.cls:
            raise OutsideDomain(value, self)
        missing = [name for name in self.fields if name not in vars(value)]
        if missing:
            raise Misuse(UnsetVariable(f"'{missing[0]}' of {self.cls.__name__} has no value", remedy=f"Write {self.cls.__name__}({missing[0]}=...), or give the field a default."))
        if owner is None:
            return value
        if value._part_journal is MOVED:
            raise Misuse(Ownership(f"{self.cls.__name__}(...) is stored a second time"))
        if value._part_owner is not None:
            raise Misuse(Ownership("a mutable part of the state is stored in a second place"))
        journal = journal_of(owner)
        if value._part_journal is not FREE and value._part_journal is journal:  # popped before: moves as it is
            journal.log((_disown, value, None))
            object.__setattr__(value, "_part_owner", owner)
            return value
        live = self.thaw(self.freeze(value), owner, journal)
        object.__setattr__(live, "_part_frozen", None)
        if journal.tracking:
            _move(value)
        return live

    def describe(self) -> str:
        return self.cls.__name__

    def freeze(self, live: Live) -> Frozen:
        frozen = live._part_frozen
        if frozen is None or live._part_journal is FREE:
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

    def key(self, frozen: Frozen) -> Any:  # type: ignore[override]
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


def _disown(part: Any, _: Any) -> None:
    object.__setattr__(part, "_part_owner", None)


def _move(value: Any) -> None:
    """Make a record that was copied into a state, and all parts in it, read-only."""
    if isinstance(value, Part):
        object.__setattr__(value, "_part_journal", MOVED)
        for child in value._part_children():
            _move(child)


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
        raise BadAnnotation(f"record {cls.__name__} contains itself, so its values are unbounded", remedy="Refer to other records by a sort or a number instead.")
    return found  # type: ignore[no-any-return]


def frozen_default(cls: type, name: str, default: Any, domain: Domain) -> Frozen:
    """Return the frozen form of a field's default; DefaultOutsideDomain if it does not belong to the domain."""
    from speccheck.errors import DefaultOutsideDomain

    try:
        return domain.freeze(domain.store(default, None))
    except OutsideDomain as outside:
        raise DefaultOutsideDomain(f"the default of '{name}' of {cls.__name__}: {outside}") from None
    except Misuse as misuse:
        raise misuse.error from None
