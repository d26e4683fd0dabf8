"""Methods of containers that only read."""

from typing import Any

from speccheck.compiler import comprehensions, folds
from speccheck.compiler.attributes import alternative, has_attribute, table
from speccheck.compiler.builtin_calls import as_container
from speccheck.compiler.changes import change
from speccheck.compiler.coercions import after, constant, converted, described, domain_of_operand, domain_or_none, expression_in, integer_of, value_of
from speccheck.compiler.comparisons import equal, same_sets, set_operation
from speccheck.compiler.constructors import computed
from speccheck.compiler.items import as_list, item
from speccheck.compiler.joins import fits, join_all, may_share
from speccheck.compiler.membership import contains, in_known, is_in_domain, sought
from speccheck.compiler.operands import Known, Operand, Part, Row, Through, Value
from speccheck.compiler.operators import choice
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.sharing import copied
from speccheck.compiler.writer import Writer
from speccheck.compiler.writes import is_change
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program.expressions import Convert, Count, Expression, GetItem, IfThenElse, IndexOf, Subset
from speccheck.program.types import BOOL
from speccheck.source import Span

MANY = 1 << 16
# How many arguments a method of a container takes, at least and at most
TAKES = {
    "add": (1, 1), "append": (1, 1), "clear": (0, 0), "copy": (0, 0), "count": (1, 1), "difference": (0, MANY), "difference_update": (0, MANY),
    "discard": (1, 1), "extend": (1, 1), "get": (1, 2), "index": (1, 1), "insert": (2, 2), "intersection": (0, MANY),
    "intersection_update": (0, MANY), "isdisjoint": (1, 1), "issubset": (1, 1), "issuperset": (1, 1), "items": (0, 0), "keys": (0, 0), "next": (0, 0),
    "pop": (0, 2), "popitem": (0, 0), "prev": (0, 0), "remove": (1, 1), "reverse": (0, 0), "setdefault": (1, 2), "sort": (0, 0),
    "symmetric_difference": (1, 1), "symmetric_difference_update": (1, 1), "union": (0, MANY), "update": (0, MANY), "values": (0, 0),
}  # fmt: skip


def refuse_other_arguments_of(name: str, receiver: Operand, positional: list[Operand], named: dict[str, Operand], span: Span) -> None:
    """Refuse a call of a container's method with arguments that it does not take, or that are not compiled."""
    if isinstance(receiver, Known) and not isinstance(receiver.value, list | tuple | set | frozenset | dict):
        return
    least, most = TAKES.get(name, (0, MANY))
    if not least <= len(positional) <= most or (named and name != "sort"):
        raise NotCompiled(f"'{name}' with these arguments", span)


def container_method(w: Writer, receiver: Operand, name: str, positional: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Return what a call of a method of a container, or of a text, denotes."""
    if is_change(receiver, name, span):
        return change(w, receiver, name, positional, named, span)
    if isinstance(receiver, Known):
        if all(isinstance(one, Known) for one in positional) and not named:
            return computed(getattr(receiver.value, name), positional, named, span)
        if isinstance(receiver.value, dict) and name == "get":
            return _known_get(w, receiver.value, positional, span)
        receiver = Value(value_of(receiver, span), not isinstance(receiver.value, set | frozenset))
    if isinstance(receiver, Row | Through):
        receiver = Value(value_of(receiver, span), not isinstance(receiver, Through) or receiver.ordered)
    if not isinstance(receiver, Value | Part):
        raise NotCompiled(f"the method '{name}' of {described(receiver)}", span)
    match receiver.domain:
        case Union() as domain:
            having = [n for n, one in enumerate(domain.alternatives) if has_attribute(one, name)]
            if len(having) == 1:
                return container_method(w, alternative(receiver, domain, having[0], span), name, positional, named, span)
        case Maps():
            return _map_method(w, receiver, name, positional, span)
        case Sets() | FrozenSets():
            return _set_method(w, receiver, name, positional, span)
        case Lists() | Sequences() | Product():
            return _list_method(w, receiver, name, positional, span)
        case Bags():
            return _bag_method(w, receiver, name, positional, span)
        case Enumerated() as domain if name in ("next", "prev") and all(isinstance(v, Sort) for v in domain.values):
            return table(value_of(receiver, span), [(getattr(v, name)(),) for v in domain.values], span)
        case Enumerated() as domain if domain.values and all(isinstance(v, str) for v in domain.values) and all(isinstance(one, Known) for one in positional):
            given = [one.value for one in positional if isinstance(one, Known)]
            return table(value_of(receiver, span), [(getattr(v, name)(*given),) for v in domain.values], span)
    raise NotCompiled(f"the method '{name}' of {receiver.domain.describe()}", span)


def _known_get(w: Writer, known: dict[Any, Any], positional: list[Operand], span: Span) -> Operand:
    default = positional[1] if len(positional) > 1 else Known(None)
    if not known:
        return default
    return after(choice(in_known(w, known, positional[0], span), item(w, Known(known), positional[0], span), default, span), default, span)


def _map_method(w: Writer, of: Value | Part, name: str, positional: list[Operand], span: Span) -> Operand:
    domain = of.domain
    assert isinstance(domain, Maps)
    match name:
        case "keys":
            return comprehensions.through(w, of, span)
        case "values" | "items":
            return comprehensions.map_view(w, of, name, span)
        case "get":
            default = positional[1] if len(positional) > 1 else Known(None)
            found = item(w, of, positional[0], span)
            if isinstance(found, Part) and found.domain.mutable:
                raise NotCompiled("get of a mutable part", span, "Write d[k] if k in d else ...")
            if isinstance(positional[0], Value) and not domain.total and domain_of_operand(positional[0], span) is domain.key_domain:
                both = join_all((domain.value_domain, domain_of_operand(default, span)))
                got = GetItem(both, span, value_of(of, span), value_of(positional[0], span), expression_in(default, both, None, span))
                return after(Value(got), default, span)
            return after(choice(contains(w, of, positional[0], span), found, default, span), default, span)
        case "copy":
            return Value(copied(of, span), of.ordered)
    raise NotCompiled(f"the method '{name}' of a dict", span)


def _set_method(w: Writer, of: Value | Part, name: str, positional: list[Operand], span: Span) -> Operand:
    match name:
        case "union" | "intersection" | "difference" | "symmetric_difference":
            operator: Any = {"union": "|", "intersection": "&", "difference": "-", "symmetric_difference": "^"}[name]
            result: Operand = of
            for one in positional:
                other = one if isinstance(domain_or_none(one), Sets | FrozenSets) else as_container(w, one, set, span)
                result = Value(set_operation(operator, result, other, span), ordered=False)
            return result
        case "issubset" | "issuperset" | "isdisjoint":
            other = positional[0] if isinstance(domain_or_none(positional[0]), Sets | FrozenSets) else as_container(w, positional[0], set, span)
            a, b = same_sets(of, other, span)
            if name == "issuperset":
                a, b = b, a
            return Value(Subset(BOOL, span, a, b, "disjoint" if name == "isdisjoint" else "subset"))
        case "copy":
            return Value(copied(of, span), ordered=False)
    raise NotCompiled(f"the method '{name}' of a set", span)


def _list_method(w: Writer, of: Value | Part, name: str, positional: list[Operand], span: Span) -> Operand:
    whole = as_list(of, span)
    assert isinstance(whole.type, Lists | Sequences)
    match name:
        case "count" | "index":
            (element,) = positional
            inner = whole.type.element
            going = comprehensions.through(w, Value(whole), span)
            if name == "count":
                test = equal(going.body, element, span)
                counted = folds.fold(w, "sum", going, integer_of(Value(test), span), Integers(0, whole.type.capacity), span)
                return after(Value(counted), element, span)
            return Value(IndexOf(Integers(0, max(0, whole.type.capacity - 1)), span, whole, sought(element, inner, span)))
        case "copy":
            return Value(copied(Value(whole), span))
    raise NotCompiled(f"the method '{name}' of a list", span)


def _bag_method(w: Writer, of: Value | Part, name: str, positional: list[Operand], span: Span) -> Operand:
    domain = of.domain
    assert isinstance(domain, Bags)
    match name:
        case "count":
            given = value_of(positional[0], span)
            counts = Integers(0, domain.capacity)
            if not may_share(domain_of_operand(positional[0], span), domain.element):  # as in a Bag that the rule makes empty
                return after(Known(0), positional[0], span)
            if isinstance(positional[0], Known) and fits(given.type, domain.element):  # type: ignore[arg-type]
                return Value(Count(counts, span, value_of(of, span), expression_in(positional[0], domain.element, "error", span)))
            if fits(given.type, domain.element):  # type: ignore[arg-type]
                return Value(Count(counts, span, value_of(of, span), converted(given, domain.element, None)))
            inner = Count(counts, span, value_of(of, span), Convert(domain.element, span, given, "error"))
            none: Expression = constant(0, counts, span)
            return Value(IfThenElse(counts, span, is_in_domain(given, domain.element, span), inner, none))
        case "items":
            return comprehensions.map_view(w, of, "items", span)
    raise NotCompiled(f"the method '{name}' of a Bag", span)
