"""Results: what calls of builtins, of speccheck's statements and of the methods of containers give, as kinds.

result_of_function(sorted, (Built("set", RM),))      ->  Built("list", RM)
result_of_method(Of(<dict[RM, int]>), "values", ())  ->  Built("iterator", INT)
"""

import copy as python_copy
import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from speccheck.domains.annotations import domain_of
from speccheck.domains.bags import Bag
from speccheck.domains.base import Domain
from speccheck.domains.containers import Maps
from speccheck.domains.records import Record, Records
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import Product
from speccheck.dsl import formulas, processes, statements
from speccheck.errors import Misuse, SpeccheckError
from speccheck.model.syntax.elements import element_of, item_of
from speccheck.model.syntax.kinds import (
    BOOL,
    FRESH,
    INT,
    NATURAL,
    NONE,
    NOTHING,
    TEXT,
    UNKNOWN,
    VALUE,
    Built,
    Index,
    Instance,
    Kind,
    Method,
    Object,
    Of,
    Place,
    Shape,
    State,
    Tuple,
    alternatives,
    interned,
    is_bool,
    is_int,
    is_scalar,
    is_set,
    join,
    shape_of,
    unordered,
)

Arguments: TypeAlias = tuple[Kind, ...]
Named: TypeAlias = Mapping[str, Kind]

MUTATORS: dict[Shape, frozenset[str]] = {
    "list": frozenset({"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"}),
    "set": frozenset({"add", "discard", "remove", "pop", "clear", "update", "intersection_update", "difference_update", "symmetric_difference_update"}),
    "dict": frozenset({"pop", "popitem", "clear", "update", "setdefault"}),
    "bag": frozenset({"add", "remove"}),
}
_SET_READERS = frozenset({"union", "intersection", "difference", "symmetric_difference", "copy", "issubset", "issuperset", "isdisjoint"})
READERS: dict[Shape, frozenset[str]] = {
    "list": frozenset({"index", "count", "copy"}),
    "set": _SET_READERS,
    "frozenset": _SET_READERS,
    "dict": frozenset({"keys", "values", "items", "get", "copy"}),
    "bag": frozenset({"count", "items"}),
    "tuple": frozenset({"index", "count"}),
    "iterator": frozenset(),
}

FORMULA_OPERATORS: tuple[Any, ...] = (
    formulas.always, formulas.eventually, formulas.leads_to, formulas.always_eventually, formulas.eventually_always, formulas.until, formulas.weak_until,
    formulas.release, formulas.implies, formulas.all_of, formulas.any_of, formulas.negate,
)  # fmt: skip
ATOMS: tuple[Any, ...] = (formulas.enabled, formulas.occurs)

# Builtins that neither change nor keep the containers that they are given.
ONLY_READ: tuple[Any, ...] = (
    len, any, all, sum, min, max, sorted, set, frozenset, list, tuple, dict, bool, enumerate, zip, reversed, iter, isinstance, print, repr, str, Bag,
    statements.require, statements.choose, statements.copy, statements.subsets,
)  # fmt: skip


def result_of_function(function: Any, arguments: Arguments, named: Named) -> Kind:
    """Return the kind that a call of a function or class that is not the user's gives."""
    if is_from_keys(function):
        return _from_keys(arguments)
    try:
        rule = _FUNCTIONS.get(function)
    except Exception:  # an object that is callable but not hashable
        return UNKNOWN
    return UNKNOWN if rule is None else rule(arguments, named)


def result_of_method(receiver: Kind, name: str, arguments: Arguments) -> Kind:
    """Return the kind that a method of a container gives."""
    shape = shape_of(receiver)
    if shape is None:
        return _result_on_scalar(receiver, name)
    if name in ("count", "index"):
        return NATURAL
    if name == "pop":
        return fresh(_popped(shape, receiver, arguments))
    if name in ("issubset", "issuperset", "isdisjoint"):
        return BOOL
    if name in MUTATORS.get(shape, ()) and name not in ("setdefault", "popitem"):
        return NONE
    match shape:
        case "list":
            return Built("list", element_of(receiver))
        case "set" | "frozenset":
            return _set_method(shape, receiver, name, arguments)
        case "dict":
            return _dict_method(receiver, name, arguments)
        case "bag":
            return Built("iterator", Tuple((element_of(receiver), INT)), not unordered(receiver))
    return UNKNOWN


def fresh(kind: Kind) -> Kind:
    """Return the kind of a part that was taken out of the state."""
    match kind:
        case Of(domain, Place()):
            return Of(domain, FRESH)
    return join(map(fresh, alternatives(kind))) if len(alternatives(kind)) > 1 else kind


def copied(kind: Kind) -> Kind:
    """Return the kind of a deep copy."""
    return join(_copied(one) for one in alternatives(kind))


def _copied(kind: Kind) -> Kind:
    match kind, shape_of(kind):
        case Object(value), _ if is_scalar(value):
            return kind
        case Of(Records() as domain, _), _:
            return Of(domain, FRESH)
        case Of(Maps() as domain, _), _:
            return Built("dict", Of(domain.key_domain, VALUE), True, copied(Of(domain.value_domain, VALUE)))
        case Of(_, _), ("list" | "bag") as shape:
            return Built(shape, copied(element_of(kind)))
        case _, ("set" | "frozenset") as shape:
            return Built(shape, element_of(kind), False)
        case State(cls, _), _:
            return State(cls, FRESH)
    return kind if isinstance(kind, Of | Built | Tuple | Instance) else UNKNOWN


def domain_kind(annotation: Any, origin: Any) -> Kind:
    """Return the kind of a value that an annotation describes, or UNKNOWN."""
    try:
        return Of(_domain_of(annotation), origin)
    except (SpeccheckError, Misuse):
        return UNKNOWN
    except Exception:  # what an annotation evaluates to is the user's; collection reports it where it matters
        return UNKNOWN


def _domain_of(annotation: Any) -> Domain:
    if isinstance(annotation, type) and not issubclass(annotation, Record):  # a record's domain is kept by its class
        return interned(annotation, lambda: domain_of(annotation))
    if typing.get_origin(annotation) is typing.Literal:
        return interned(("Literal", *((type(word), word) for word in typing.get_args(annotation))), lambda: domain_of(annotation))
    try:
        # By its text, too: Literal[0, 1] and Literal[False, True] are equal.
        return interned(("annotation", annotation, repr(annotation)), lambda: domain_of(annotation))
    except TypeError:  # something in it cannot be hashed
        return domain_of(annotation)


# ---------------------------------------------------------------- functions


def _first(arguments: Arguments) -> Kind:
    return element_of(arguments[0]) if arguments else NOTHING


def _is_unordered(arguments: Arguments) -> bool:
    return any(map(unordered, arguments))


def _sequence(shape: Shape) -> Callable[[Arguments, Named], Kind]:
    return lambda arguments, named: Built(shape, _first(arguments))


def _iterator(arguments: Arguments, named: Named) -> Kind:
    return Built("iterator", _first(arguments), not _is_unordered(arguments))


def _set(shape: Shape) -> Callable[[Arguments, Named], Kind]:
    return lambda arguments, named: Built(shape, _first(arguments), False)


def _sum(arguments: Arguments, named: Named) -> Kind:
    start = (*arguments[1:], *named.values())
    return INT if arguments and is_int(element_of(arguments[0])) and all(map(is_int, start)) else UNKNOWN


def _extreme(arguments: Arguments, named: Named) -> Kind:
    found = [element_of(arguments[0])] if len(arguments) == 1 else list(arguments)
    return join([*found, named["default"]] if "default" in named else found)


def _next(arguments: Arguments, named: Named) -> Kind:
    return join([_first(arguments), *arguments[1:2]])


def _range(arguments: Arguments, named: Named) -> Kind:
    values = [a.value for a in arguments if isinstance(a, Object) and type(a.value) is int]
    if len(values) == len(arguments) and 1 <= len(values) <= 3 and values[2:] != [0]:
        return Object(range(*values))
    return Built("iterator", INT)


def _enumerate(arguments: Arguments, named: Named) -> Kind:
    return Built("iterator", Tuple((INT, _first(arguments))))  # the numbers depend on the order, which is reported at the call


def _zip(arguments: Arguments, named: Named) -> Kind:
    return Built("iterator", Tuple(tuple(map(element_of, arguments))))


def _dict(arguments: Arguments, named: Named) -> Kind:
    if not arguments:
        return Built("dict", UNKNOWN if named else NOTHING, True, UNKNOWN if named else NOTHING)
    if shape_of(arguments[0]) == "dict" and not named:
        return Built("dict", element_of(arguments[0]), not _is_unordered(arguments), item_of(arguments[0], UNKNOWN))
    return Built("dict", UNKNOWN, not _is_unordered(arguments))


def is_from_keys(function: Any) -> bool:
    """Return whether a function is `dict.fromkeys`, which is another object each time it is asked for."""
    return isinstance(function, types.BuiltinMethodType) and function.__self__ is dict and function.__name__ == "fromkeys"


def _from_keys(arguments: Arguments) -> Kind:
    return Built("dict", _first(arguments), not _is_unordered(arguments[:1]), arguments[1] if len(arguments) > 1 else NONE)


def _map(arguments: Arguments, named: Named) -> Kind:
    return Built("iterator", UNKNOWN, not _is_unordered(arguments[1:]))


def _filter(arguments: Arguments, named: Named) -> Kind:
    return Built("iterator", _first(arguments[1:]), not _is_unordered(arguments[1:]))


def _abs(arguments: Arguments, named: Named) -> Kind:
    return INT if arguments and is_int(arguments[0]) else UNKNOWN


def _divmod(arguments: Arguments, named: Named) -> Kind:
    return Tuple((INT, INT)) if all(map(is_int, arguments)) else UNKNOWN


def _type(arguments: Arguments, named: Named) -> Kind:
    match arguments:
        case (State(cls, _),):
            return Object(cls)
        case (Of(Records() as domain, origin),) if isinstance(origin, Place) or origin is FRESH:
            return Object(domain.cls)
    return UNKNOWN


def _choose(arguments: Arguments, named: Named) -> Kind:
    match arguments:
        case (Object(value),) if not isinstance(value, range | list | tuple | set | frozenset | dict):
            return domain_kind(value, VALUE)
        case (kind,):
            return element_of(kind)
    return UNKNOWN


def _copy(arguments: Arguments, named: Named) -> Kind:
    return copied(arguments[0]) if len(arguments) == 1 else UNKNOWN


def _cast(arguments: Arguments, named: Named) -> Kind:
    return arguments[1] if len(arguments) == 2 else UNKNOWN


def _replace(arguments: Arguments, named: Named) -> Kind:
    match arguments:
        case (Of(Product() as domain, _),):
            return Of(domain, FRESH)
    return UNKNOWN


def _at(arguments: Arguments, named: Named) -> Kind:
    """The label of a process is one of its pc's domain, where the processes of the class are known."""
    match arguments:
        case (Method(State(cls, _), name), *_):
            pc = (vars(cls).get("_part_domains") or {}).get(processes.pc_of(name))
            if pc is not None:
                return Of(pc.value_domain if isinstance(pc, Maps) else pc, VALUE)
    return TEXT


def _constant(kind: Kind) -> Callable[[Arguments, Named], Kind]:
    return lambda arguments, named: kind


_FUNCTIONS: dict[Any, Callable[[Arguments, Named], Kind]] = {
    **{f: _constant(BOOL) for f in (any, all, isinstance, issubclass, callable, bool, hasattr, *ATOMS)},
    **{f: _constant(INT) for f in (int, hash, id)},
    **{f: _constant(NATURAL) for f in (len, ord)},
    **{f: _constant(TEXT) for f in (str, repr, chr, format)},
    **{f: _constant(NONE) for f in (print, statements.require, processes.crash, processes.restart)},
    **{f: _constant(Instance(formulas.Formula)) for f in FORMULA_OPERATORS},
    statements.disable: _constant(NOTHING),
    **{f: _sequence("list") for f in (list, sorted)},
    tuple: _sequence("tuple"),
    **dict.fromkeys((reversed, iter), _iterator),
    set: _set("set"),
    frozenset: _set("frozenset"),
    Bag: _sequence("bag"),
    **dict.fromkeys((min, max), _extreme),
    **dict.fromkeys((statements.copy, python_copy.deepcopy), _copy),
    processes.at: _at,
    sum: _sum, next: _next, range: _range, enumerate: _enumerate, zip: _zip, dict: _dict, map: _map, filter: _filter, abs: _abs, divmod: _divmod,
    typing.cast: _cast, type: _type, statements.choose: _choose, dataclasses.replace: _replace,
}  # fmt: skip


# ---------------------------------------------------------------- methods


def _result_on_scalar(receiver: Kind, name: str) -> Kind:
    match receiver:
        case Of(domain, _) if name in ("next", "prev") and all(isinstance(value, Sort) for value in getattr(domain, "values", (None,))):
            return Of(domain, VALUE)
    return UNKNOWN


def _popped(shape: Shape, receiver: Kind, arguments: Arguments) -> Kind:
    if shape == "dict":
        return join([item_of(receiver, arguments[0] if arguments else UNKNOWN), *arguments[1:2]])
    return element_of(receiver)


def _set_method(shape: Shape, receiver: Kind, name: str, arguments: Arguments) -> Kind:
    if name in ("union", "symmetric_difference"):
        return Built(shape, join([element_of(receiver), *map(element_of, arguments)]), False)
    return Built(shape, element_of(receiver), False)


def _dict_method(receiver: Kind, name: str, arguments: Arguments) -> Kind:
    keys, ordered = element_of(receiver), not unordered(receiver)
    values = item_of(receiver, UNKNOWN)
    match name:
        case "keys":
            return Built("iterator", keys, ordered)
        case "values":
            return Built("iterator", values, ordered)
        case "items":
            return Built("iterator", Tuple((keys, values)), ordered)
        case "get":
            return join([item_of(receiver, arguments[0] if arguments else UNKNOWN), arguments[1] if len(arguments) > 1 else NONE])
        case "setdefault":
            return join([item_of(receiver, arguments[0] if arguments else UNKNOWN), *arguments[1:2]])
        case "popitem":
            return Tuple((keys, fresh(values)))
        case "copy":
            return Built("dict", keys, ordered, values)
    return UNKNOWN


# ---------------------------------------------------------------- operators


def result_of_operator(operator: str, left: Kind, right: Kind) -> Kind:
    """Return the kind of `left operator right`; the operator is the name of its `ast` class."""
    if is_bool(left) and is_bool(right) and operator in ("BitAnd", "BitOr", "BitXor"):
        return BOOL
    if is_int(left) and is_int(right):
        return Instance(float) if operator == "Div" else INT if operator not in ("Pow", "MatMult") else UNKNOWN
    shape = shape_of(left)
    if is_set(left) and shape is not None and operator in ("BitAnd", "BitOr", "BitXor", "Sub"):
        # The right side is a set, too, or a view of keys, or Python raises.
        inner = element_of(left) if operator in ("BitAnd", "Sub") else join([element_of(left), element_of(right)])
        return Built(shape, inner, False)
    if shape is not None and shape == shape_of(right):
        if operator == "Add" and shape in ("list", "tuple"):
            return Built(shape, join([element_of(left), element_of(right)]))
        if operator == "BitOr" and shape == "dict":
            values = join([item_of(left, UNKNOWN), item_of(right, UNKNOWN)])
            return Built("dict", join([element_of(left), element_of(right)]), not (unordered(left) or unordered(right)), values)
    if operator == "Mult" and shape in ("list", "tuple") and is_int(right):
        return Built(shape, element_of(left))
    return UNKNOWN


def symbolised(kind: Kind, symbol: Any) -> Kind:
    """Return the kind of a loop variable: the value keeps its name, and a part is the one at this name's index."""
    match kind:
        case Of(domain, origin) if not domain.mutable and origin is VALUE:
            return Of(domain, symbol)
    return indexed(kind, symbol)


def indexed(kind: Kind, symbol: Any) -> Kind:
    """Return the kind of a part that lies at this index."""
    match kind:
        case Of(domain, Place(root, (*before, Index(None)))):
            return Of(domain, Place(root, (*before, Index(symbol))))
    return kind
