"""Types as Apalache writes them (Type System 1.2), for the header of an ITF file.

In: a Type. Out: a Type-1 string, or None where there is none::

    dict[RM, set[int]]             ->  (Str -> Set(Int))
    Vote(term=int)                 ->  {term: Int}
    int | None, list[Never]        ->  None: Apalache has no untagged unions, and demands to know what an empty list is a list of

Members of sorts are strings here, as they are in the file; Apalache's own uninterpreted values would have to be written `0_OF_RM`.
"""

from collections.abc import Iterable
from typing import assert_never

from speccheck.trace.types import BagType, ListType, MapType, RecordType, Scalar, SetType, SortType, TupleType, Type, UnionType

_SCALARS = {"bool": "Bool", "int": "Int", "str": "Str", "None": None}


def type1(type_: Type) -> str | None:
    """Return the type as a Type-1 string; None where it cannot be said."""
    match type_:
        case Scalar(name):
            return _SCALARS[name]
        case SortType():
            return "Str"
        case ListType(element):
            return _applied("Seq({})", element)
        case SetType(element):
            return _applied("Set({})", element)
        case BagType(element):
            return _applied("({} -> Int)", element)
        case MapType(key, item):
            return _applied("({} -> {})", key, item)
        case TupleType(items):
            return _applied("<<" + ", ".join("{}" for _ in items) + ">>", *items) if items else None
        case RecordType():
            return _record(type_)
        case UnionType(alternatives):
            return _variants(alternatives)
    assert_never(type_)


def _applied(pattern: str, *inner: Type) -> str | None:
    said = [type1(one) for one in inner]
    return None if None in said else pattern.format(*said)


def _record(record: RecordType) -> str | None:
    said = {name: type1(item) for name, item in record.fields}
    if None in said.values() or not said:
        return None
    fields = "{" + ", ".join(f"{name}: {item}" for name, item in said.items()) + "}"
    return f"{record.name}({fields})" if record.tagged else fields


def _variants(alternatives: Iterable[Type]) -> str | None:
    """A union whose values all say which alternative they are; of none at all there is nothing to say."""
    said = [type1(one) if isinstance(one, RecordType) and one.tagged else None for one in alternatives]
    return None if None in said or not said else " | ".join(filter(None, said))
