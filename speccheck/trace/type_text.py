"""Types as text, as one would write them in an annotation, and back.

In: a Type. Out: text, and from it, with the members of the sorts, the Type again::

    MapType(RM, UnionType((INT, NONE)))              dict[RM, int | None]
    RecordType("Vote", (("term", INT),))             Vote(term=int); tagged[Vote(term=int)] in a union
    ListType(STR), ListType(STR, immutable=True)     list[str], tuple[str, ...]
    UnionType(())                                    Never, where no value was seen, as in list[Never]
"""

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from speccheck.trace.types import NEVER, NONE, BagType, ListType, MapType, RecordType, Scalar, SetType, SortType, TupleType, Type, UnionType

Sorts = Mapping[str, tuple[tuple[int, str], ...]]
_SCALARS: dict[str, Scalar] = {"bool": Scalar("bool"), "int": Scalar("int"), "str": Scalar("str")}


def type_text(type_: Type) -> str:
    """Return the type as an annotation."""
    match type_:
        case Scalar(name) | SortType(name):
            return name
        case ListType(element, immutable=True):
            return f"tuple[{type_text(element)}, ...]"
        case ListType(element):
            return f"list[{type_text(element)}]"
        case TupleType(items):
            return f"tuple[{', '.join(map(type_text, items)) or '()'}]"
        case SetType(element):
            return f"set[{type_text(element)}]"
        case BagType(element):
            return f"Bag[{type_text(element)}]"
        case MapType(key, item):
            return f"dict[{type_text(key)}, {type_text(item)}]"
        case RecordType(name, fields, tagged):
            record = f"{name}({', '.join(f'{field}={type_text(item)}' for field, item in fields)})"
            return f"tagged[{record}]" if tagged else record
        case UnionType(alternatives):
            return " | ".join(map(type_text, alternatives)) or "Never"
    assert_never(type_)


def type_from(text: str, sorts: Sorts) -> Type:
    """Return the type that a text says; ValueError where it says none."""
    try:
        return _parsed(ast.parse(text, mode="eval").body, sorts)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"'{text}' is no type: {error}") from None


def _parsed(tree: ast.expr, sorts: Sorts) -> Type:
    match tree:
        case ast.Constant(value=None):
            return NONE
        case ast.Name(id="Never"):
            return NEVER
        case ast.Name(id=name) if name in _SCALARS:
            return _SCALARS[name]
        case ast.Name(id=name) if name in sorts:
            return SortType(name, sorts[name])
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return UnionType(tuple(alternative for side in (left, right) for alternative in _alternatives(_parsed(side, sorts))))
        case ast.Call(func=ast.Name(id=name), args=[], keywords=keywords):
            return RecordType(name, tuple((keyword.arg or "", _parsed(keyword.value, sorts)) for keyword in keywords))
        case ast.Subscript(value=ast.Name(id=name), slice=inner):
            return _container(name, inner.elts if isinstance(inner, ast.Tuple) else [inner], sorts)
    raise ValueError(f"'{ast.unparse(tree)}' is no type")


def _container(name: str, inner: list[ast.expr], sorts: Sorts) -> Type:
    match name, inner:
        case "tuple", [element, ast.Constant(value=value)] if value is ...:
            return ListType(_parsed(element, sorts), immutable=True)
        case "tuple", items:
            return TupleType(tuple(_parsed(item, sorts) for item in items))
        case "tagged", [ast.Call() as call] if isinstance(record := _parsed(call, sorts), RecordType):
            return replace(record, tagged=True)
        case "list", [element]:
            return ListType(_parsed(element, sorts))
        case "set", [element]:
            return SetType(_parsed(element, sorts))
        case "Bag", [element]:
            return BagType(_parsed(element, sorts))
        case "dict", [key, item]:
            return MapType(_parsed(key, sorts), _parsed(item, sorts))
    raise ValueError(f"'{name}[...]' is no type")


def _alternatives(type_: Type) -> tuple[Type, ...]:
    return type_.alternatives if isinstance(type_, UnionType) else (type_,)
