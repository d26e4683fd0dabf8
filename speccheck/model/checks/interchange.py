"""Interchangeable members: which values and kinds mention members of symmetric sorts, and which objects stay the same when members are exchanged.

problem_of_object(RM0, {RM})               ->  "it is a member of RM"
problem_of_object(frozenset(RM), {RM})     ->  None
problem_of_object((RM0, RM1), {RM})        ->  "it changes when members of RM are exchanged"
"""

import dataclasses
import inspect
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any

from speccheck.domains.bags import Bag
from speccheck.domains.records import Record
from speccheck.domains.sorts import Sort, SortMeta
from speccheck.dsl.formulas import Fairness, Formula
from speccheck.model.syntax.kinds import Built, Instance, Kind, Object, Of, Tuple, alternatives

Sorts = frozenset[Any]
_PLAIN = (bool, int, float, complex, str, bytes, type(None), type(...), Enum, range, Formula, Fairness, type, types.ModuleType)


def mentions(kind: Kind, sorts: Sorts) -> bool:
    """Return whether a value of this kind may be or contain a member of the sorts; True where that cannot be said."""
    return any(_mentions(one, sorts) for one in alternatives(kind))


def _mentions(kind: Kind, sorts: Sorts) -> bool:
    match kind:
        case Of(domain, _):
            return domain.renames(sorts)
        case Built():
            return mentions(kind.element, sorts) or (kind.shape == "dict" and mentions(kind.value, sorts))
        case Tuple(elements):
            return any(mentions(one, sorts) for one in elements)
        case Object(value):
            return value in sorts if isinstance(value, SortMeta) else bool(_members_in(value, sorts))
        case Instance(cls):
            return issubclass(cls, types.FunctionType)
    return True


def is_member(kind: Kind, sorts: Sorts) -> bool:
    """Return whether the value may itself be a member of the sorts."""
    for one in alternatives(kind):
        match one:
            case Of(domain, _) if any(type(value) in sorts for value in getattr(domain, "values", ())):
                return True
            case Object(value) if type(value) in sorts:
                return True
    return False


def problem_of_object(value: Any, sorts: Sorts) -> str | None:
    """Return why an object that a rule names may tell members apart, or None."""
    if type(value) in sorts:
        return f"it is the member {value!r} of {type(value).__name__}"
    if isinstance(value, _PLAIN) or inspect.isroutine(value) or type(value).__module__ in ("typing", "types", "annotated_types"):
        return None
    found = _members_in(value, sorts)
    if found is None:
        return f"an object of the class {type(value).__name__} cannot be looked into"
    for sort in {type(member): None for member in found}:
        if any(_renamed(value, renaming) != value for renaming in generators(sort)):
            return f"it changes when members of {sort.__name__} are exchanged"
    return None


def generators(sort: Any) -> list[Mapping[Any, Any]]:
    """Return a transposition and a rotation, of which all permutations of a sort consist."""
    members = list(sort)
    if len(members) < 2:
        return []
    return [{members[0]: members[1], members[1]: members[0]}, dict(zip(members, [*members[1:], members[0]]))]


def _members_in(value: Any, sorts: Sorts) -> list[Any] | None:
    """Return the members of the sorts in an object; None where it cannot be looked into."""
    if type(value) in sorts:
        return [value]
    parts = _parts_of(value)
    if parts is None:
        harmless = isinstance(value, (*_PLAIN, Sort)) or inspect.isroutine(value)
        return [] if harmless else None
    inner = [_members_in(part, sorts) for part in parts]
    return None if None in inner else [member for one in inner for member in one or ()]


def _parts_of(value: Any) -> list[Any] | None:
    match value:
        case list() | tuple() | set() | frozenset():
            return list(value)
        case dict():
            return [*value.keys(), *value.values()]
        case Bag():
            return list(value)
        case Record():
            return list(vars(value).values())
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return [getattr(value, field.name) for field in dataclasses.fields(value)]
    return None


def _renamed(value: Any, renaming: Mapping[Any, Any]) -> Any:
    match value:
        case Sort():
            return renaming.get(value, value)
        case tuple() if hasattr(value, "_fields"):
            return type(value)(*(_renamed(part, renaming) for part in value))
        case list() | tuple() | set() | frozenset():
            return type(value)(_renamed(part, renaming) for part in value)
        case dict():
            return {_renamed(k, renaming): _renamed(v, renaming) for k, v in value.items()}
        case Bag():
            return Bag(_renamed(item, renaming) for item, count in value.items() for _ in range(count))
        case Record():
            return type(value)(**{name: _renamed(part, renaming) for name, part in vars(value).items()})
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return dataclasses.replace(value, **{f.name: _renamed(getattr(value, f.name), renaming) for f in dataclasses.fields(value)})
    return value
