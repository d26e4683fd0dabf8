"""Operations on constants: what an expression is whose parts are all known.

In: an expression. Out: the constant, or None where it is not known, fails, or is none of its type: failures are left to the evaluation.
"""

import operator
from collections.abc import Callable
from typing import Any

from speccheck.domains.base import Domain, Frozen
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.records import Records
from speccheck.domains.scalars import INT_MAX, INT_MIN, Enumerated, Integers
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program import expressions as ex
from speccheck.program.intervals import number_of_member
from speccheck.program.relations import converted, holds, number_code
from speccheck.program.walk import children, closed

FAR = 64  # shifts and powers by more than this are not computed

_ARITHMETIC: dict[ex.Operator, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod, "&": operator.and_, "|": operator.or_,
    "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift, "**": operator.pow,
}  # fmt: skip
_SETS: dict[str, Callable[[frozenset[Any], frozenset[Any]], frozenset[Any]]] = {
    "|": frozenset.union, "&": frozenset.intersection, "-": frozenset.difference, "^": frozenset.symmetric_difference,
}  # fmt: skip


def computed(expression: ex.Expression) -> ex.Constant | None:
    """Return what an expression of constants is, None where that is not known."""
    parts = children(expression)
    values = [part.value for part in parts if isinstance(part, ex.Constant)]
    if not parts or len(values) < len(parts) or not isinstance(expression.type, Domain):
        return None
    found = _value(closed(expression), values)
    return ex.Constant(expression.type, expression.span, found[0]) if found is not None and holds(expression.type, found[0]) else None


def _value(e: ex.AnyExpression, values: list[Any]) -> tuple[Frozen] | None:
    """Return the value of an expression whose parts have these values, in a tuple; classes that are not listed are left alone."""
    match e:
        case ex.Not():
            return (not values[0],)
        case ex.Equal():
            return (values[0] == values[1],)
        case ex.Less():
            return _less(e, values[0], values[1])
        case ex.Arithmetic():
            return _arithmetic(e.operator, values[0], values[1])
        case ex.ToInteger():
            return (number_of_member(values[0]),)
        case ex.Convert() if isinstance(e.value.type, Domain) and isinstance(e.type, Domain):
            return converted(values[0], e.value.type, e.type)
        case ex.Table():
            code = number_code(e.key.type) if isinstance(e.key.type, Domain) else None
            return None if code is None else e.entries[code.encode(values[0])]
        case ex.IsOneOf():
            code = number_code(e.value.type) if isinstance(e.value.type, Domain) else None
            return None if code is None else (code.encode(values[0]) in e.numbers,)
        case ex.IsAlternative() if isinstance(e.value.type, Union):
            return (e.value.type._split(values[0])[0] in e.alternatives,)
        case ex.MakeRecord() | ex.GetField():
            return _record(e, values)
        case ex.Length() | ex.Contains() | ex.GetItem() | ex.SetOperation() | ex.Subset():
            return _container(e, values)
    return None


def _less(e: ex.Less, left: Frozen, right: Frozen) -> tuple[Frozen] | None:
    match e.left.type:
        case Integers():
            return (left <= right if e.or_equal else left < right,)
        case Enumerated() as type_:
            one, other = type_.rank(left), type_.rank(right)
            return (one <= other if e.or_equal else one < other,)
    return None


def _arithmetic(symbol: ex.Operator, left: int, right: int) -> tuple[Frozen] | None:
    if (symbol in ("//", "%") and right == 0) or (symbol in ("<<", ">>", "**") and not 0 <= right <= FAR):
        return None
    value = _ARITHMETIC[symbol](left, right)
    return (value,) if INT_MIN <= value <= INT_MAX else None


def _record(e: ex.MakeRecord | ex.GetField, values: list[Any]) -> tuple[Frozen] | None:
    domain = e.type if isinstance(e, ex.MakeRecord) else e.value.type
    match domain, e:
        case Records(), ex.MakeRecord():
            return (tuple(values),)
        case Product(), ex.MakeRecord() if not hasattr(domain.cls, "__post_init__") and not any(one.mutable for one in domain.domains):
            return (domain.store(domain.make(tuple(values))),)
        case Records(), ex.GetField():
            return (values[0][e.index],)
        case Product(), ex.GetField():
            return (domain.fields_of(values[0])[e.index],)
    return None


def _container(e: ex.Length | ex.Contains | ex.GetItem | ex.SetOperation | ex.Subset, values: list[Any]) -> tuple[Frozen] | None:
    match e:
        case ex.Length():
            return (len(elements(e.value.type, values[0])),)
        case ex.Contains():
            return (values[1] in elements(e.container.type, values[0]),)
        case ex.GetItem():
            return _item(e, values)
        case ex.SetOperation() if isinstance(e.type, Sets | FrozenSets):
            made = _SETS[e.operator](frozenset(values[0]), frozenset(values[1]))
            return _frozen(e.type, set(made) if isinstance(e.type, Sets) else made)
        case ex.Subset():
            left, right = frozenset(values[0]), frozenset(values[1])
            return ({"subset": left <= right, "proper": left < right, "disjoint": left.isdisjoint(right)}[e.relation],)
    return None


def elements(type_: Any, frozen: Frozen) -> list[Any]:
    """Return the elements of a frozen container, those of a bag with repetitions; the keys of a map."""
    match type_:
        case Maps():
            return [key for key, _ in type_._items(frozen)]
        case Bags():
            return [value for value, count in frozen for _ in range(count)]
    return list(frozen)


def _item(e: ex.GetItem, values: list[Any]) -> tuple[Frozen] | None:
    container, key, *default = values
    match e.container.type:
        case Maps() as domain:
            found, own = dict(domain._items(container)), domain.value_domain
            if key in found:
                return converted(found[key], own, e.type) if isinstance(e.type, Domain) else None
        case Lists() | Sequences() as domain:
            if -len(container) <= key < len(container):
                return converted(container[key], domain.element, e.type) if isinstance(e.type, Domain) else None
    return (default[0],) if default else None


def _frozen(type_: Domain, plain: Any) -> tuple[Frozen] | None:
    try:
        return (type_.freeze_any(plain),)
    except OutsideDomain:
        return None
