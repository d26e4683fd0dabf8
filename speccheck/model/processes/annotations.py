"""Domains and values as one writes them: the annotation of a variable, the expression of a constant.

written(<dict[Instance, Value] (partial)>)   ->  "Annotated[dict[Instance, Value], Partial]"
expression(Value1)                           ->  "Value[1]"
"""

import dataclasses
from enum import Enum
from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.scalars import INT_MAX, INT_MIN, Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union


def written(domain: Domain) -> str:
    """Return an annotation that denotes the domain."""
    match domain:
        case Enumerated():
            return _enumerated(domain.values)
        case Integers(low=low, high=high):
            return "int" if (low, high) == (INT_MIN, INT_MAX) else f"Annotated[int, Range({low}, {high})]"
        case Product(cls=cls) if cls is tuple:
            return f"tuple[{', '.join(map(written, domain.domains))}]"
        case Product(cls=cls) | Records(cls=cls):
            return str(cls.__name__)
        case Sequences():
            return f"Annotated[tuple[{written(domain.element)}, ...], MaxLen({domain.capacity})]"
        case Lists():
            return f"Annotated[list[{written(domain.element)}], MaxLen({domain.capacity})]"
        case Bags():
            return f"Annotated[Bag[{written(domain.element)}], MaxLen({domain.capacity})]"
        case Sets() | FrozenSets():
            name = "set" if isinstance(domain, Sets) else "frozenset"
            inner = f"{name}[{written(domain.element)}]"
            return inner if domain.capacity >= domain.element.size else f"Annotated[{inner}, MaxLen({domain.capacity})]"
        case Maps():
            return f"Annotated[dict[{written(domain.key_domain)}, {written(domain.value_domain)}], {'Total' if domain.total else 'Partial'}]"
        case Union():
            return " | ".join(map(written, domain.alternatives))
    raise AssertionError(domain)


def inferred(domain: Domain) -> str:
    """Return an annotation for a domain that was inferred: numbers are `int`, for their bounds may depend on constants, which the text must not."""
    alternatives = domain.alternatives if isinstance(domain, Union) else (domain,)
    texts = ["int" if _is_number(one) else written(one) for one in alternatives]
    return " | ".join(dict.fromkeys(texts))


def _is_number(domain: Domain) -> bool:
    return isinstance(domain, Integers) or (isinstance(domain, Enumerated) and all(type(value) is int for value in domain.values))


def _enumerated(values: tuple[Any, ...]) -> str:
    if values == (None,):
        return "None"
    if set(map(type, values)) == {bool} and len(values) == 2:
        return "bool"
    first = values[0]
    if isinstance(first, Sort) or (isinstance(first, Enum) and len(values) == len(type(first))):
        return type(first).__name__  # of a sort a few members are not to be written: the whole sort contains them
    return f"Literal[{', '.join(map(expression, values))}]"


def expression(value: Any) -> str:
    """Return an expression of an immutable value."""
    match value:
        case Sort():
            return f"{type(value).__name__}[{list(type(value)).index(value)}]"
        case Enum():
            return f"{type(value).__name__}.{value.name}"
        case str():
            return '"' + repr(value)[1:-1].replace('"', '\\"') + '"' if '"' not in value and "'" not in value else repr(value)
        case tuple() if hasattr(value, "_fields"):
            return f"{type(value).__name__}({', '.join(map(expression, value))})"
        case tuple():
            return f"({', '.join(map(expression, value))}{',' if len(value) == 1 else ''})"
        case frozenset():
            return f"frozenset({{{', '.join(map(expression, value))}}})" if value else "frozenset()"
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = (f"{f.name}={expression(getattr(value, f.name))}" for f in dataclasses.fields(value))
            return f"{type(value).__name__}({', '.join(fields)})"
    return repr(value)
