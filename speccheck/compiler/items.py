"""Items and slices: what `of[key]` and `of[a:b]` denote."""

from typing import Any

from speccheck.compiler.attributes import alternative, inside, table
from speccheck.compiler.coercions import after, converted, described, domain_of_operand, expression_in, integer_of, value_of
from speccheck.compiler.comparisons import refuse_number_for_bool
from speccheck.compiler.joins import domain_of_value, fits, join_all
from speccheck.compiler.operands import Known, Operand, Part, Row, Value
from speccheck.compiler.refusals import NotCompiled, refuse
from speccheck.compiler.writer import Writer
from speccheck.domains.base import Domain
from speccheck.domains.containers import Lists, Maps
from speccheck.domains.scalars import Integers
from speccheck.domains.sorts import SortMeta
from speccheck.domains.tuples import Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program.expressions import Convert, Expression, GetField, GetItem, ItemStep, KeyStep, Slice
from speccheck.source import Span

MOST_ITEMS = 4096  # of a list that a rule builds


def item(w: Writer, of: Operand, key: Operand, span: Span) -> Operand:
    """Return what `of[key]` denotes."""
    if isinstance(of, Known):
        return _known_item(w, of.value, key, span)
    if isinstance(of, Row):
        if isinstance(key, Known) and isinstance(key.value, int) and -len(of.items) <= key.value < len(of.items):
            found = of.items[key.value]
            others = tuple(one for one in of.items if one is not found)
            return found if isinstance(found, Part) and found.domain.mutable else after(found, Row(others), span)
        of = Value(value_of(of, span))
    if not isinstance(of, Value | Part):
        of = Value(value_of(of, span))
    match of.domain:
        case Maps() as domain:
            refuse_number_for_bool(domain_of_operand(key, span), domain.key_domain, span)
            if isinstance(of, Part):
                into = expression_in(key, domain.key_domain, "error", span)
                return inside(of.place, KeyStep(into, domain.total), domain.value_domain, span, of.ordered)
            return Value(GetItem(domain.value_domain, span, value_of(of, span), expression_in(key, domain.key_domain, "error", span)))
        case Lists() as domain:
            if isinstance(of, Part):
                return inside(of.place, ItemStep(integer_of(key, span)), domain.element, span, of.ordered)
            return Value(GetItem(domain.element, span, value_of(of, span), integer_of(key, span)))
        case Sequences() as domain:
            return Value(GetItem(domain.element, span, value_of(of, span), integer_of(key, span)))
        case Product() as domain if issubclass(domain.cls, tuple):
            return _tuple_item(of, domain, key, span)
        case Union() as domain:
            having = [n for n, one in enumerate(domain.alternatives) if isinstance(one, Maps | Lists | Sequences | Product)]
            if len(having) == 1:
                return item(w, alternative(of, domain, having[0], span), key, span)
    raise NotCompiled(f"an item of {of.domain.describe()}", span)


def _tuple_item(of: Value | Part, domain: Product, key: Operand, span: Span) -> Operand:
    count = len(domain.domains)
    if isinstance(key, Known) and isinstance(key.value, int):
        if not -count <= key.value < count:
            raise NotCompiled(f"the index {key.value} of a tuple of {count}", span)
        index = key.value % count
        return Value(GetField(domain.domains[index], span, value_of(of, span), index))
    as_sequence = converted(value_of(of, span), Sequences(join_all(domain.domains), count), None)
    return Value(GetItem(as_sequence.type.element, span, as_sequence, integer_of(key, span)))  # type: ignore[union-attr]


def _known_item(w: Writer, container: Any, key: Operand, span: Span) -> Operand:
    if isinstance(key, Known):
        try:
            return Known(container[key.value])
        except Exception as error:
            raise NotCompiled(f"a look-up that raises {type(error).__name__}", span) from None
    if isinstance(container, SortMeta) and container.ordered:
        container = tuple(container)
    elif isinstance(container, SortMeta):
        raise NotCompiled(f"an item of the sort {container.__name__}", span)
    if isinstance(key, Row) and all(isinstance(one, Known) for one in key.items):  # Annotated[int, Range(0, 3)]
        return _known_item(w, container, Known(tuple(one.value for one in key.items if isinstance(one, Known))), span)
    if isinstance(container, dict):
        domain = join_all(map(domain_of_value, container)) if container else refuse("an item of an empty dict", span)
        domain = _natural(domain, domain_of_operand(key, span))
        entries = [(container[v],) if v in container else None for v in domain]
        return table(expression_in(key, domain, "error", span), entries, span)
    if isinstance(container, list | tuple | str):
        index, count = integer_of(key, span), len(container)
        domain = Integers(-count, count - 1) if count else refuse("an item of an empty sequence", span)
        return table(converted(index, domain, "error"), [(container[i],) for i in range(-count, count)], span)
    raise NotCompiled(f"an item of {described(Known(container))}", span)


def _natural(domain: Domain, key: Domain) -> Domain:
    """The key's own domain where it has no more values than are worth a table."""
    return key if key.size <= MOST_ITEMS and (fits(domain, key) or not isinstance(key, Integers)) else domain


def slice_of(of: Operand, start: Operand | None, stop: Operand | None, step: Operand | None, span: Span) -> Operand:
    """Return what `of[start:stop:step]` denotes."""
    bounds = (start, stop, step)
    if isinstance(of, Known) and all(one is None or isinstance(one, Known) for one in bounds):
        known = slice(*(None if one is None else one.value for one in bounds))  # type: ignore[union-attr]
        return Known(of.value[known])
    if isinstance(of, Row) and all(one is None or isinstance(one, Known) for one in bounds):
        return Row(of.items[slice(*(None if one is None else one.value for one in bounds))])  # type: ignore[union-attr]
    whole = as_list(of, span)
    domain = whole.type
    assert isinstance(domain, Lists | Sequences)
    numbers = [None if one is None or (isinstance(one, Known) and one.value is None) else integer_of(one, span) for one in bounds]
    return Value(Slice(domain, span, whole, *numbers))


def as_list(of: Operand, span: Span) -> Expression:
    """Return a list or tuple as an expression of a list's or sequence's domain."""
    value_ = value_of(of, span)
    match value_.type:
        case Lists() | Sequences():
            return value_
        case Product() as domain if domain.cls is tuple:
            return converted(value_, Sequences(join_all(domain.domains), len(domain.domains)), None)
        case Union() as domain:
            having = [one for one in domain.alternatives if isinstance(one, Lists | Sequences)]
            if len(having) == 1:
                return Convert(having[0], span, value_, "error")
    raise NotCompiled(f"{value_.type!r} where a list or tuple is needed", span)
