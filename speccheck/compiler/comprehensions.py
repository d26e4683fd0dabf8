"""Going through: what can be iterated, and what comprehensions go through."""

import ast
from collections.abc import Callable, ItemsView, KeysView, Mapping, ValuesView
from dataclasses import fields, is_dataclass, replace
from enum import Enum, EnumMeta
from typing import Any

from speccheck.compiler.attributes import alternative
from speccheck.compiler.coercions import (
    decided,
    described,
    domain_of_operand,
    expression_in,
    integer_of,
    is_value,
    number,
    value_of,
)
from speccheck.compiler.items import item
from speccheck.compiler.joins import domain_of_value, join_all
from speccheck.compiler.operands import Known, Operand, Part, Row, Through, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer
from speccheck.domains.bags import Bag
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import SortMeta
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program.expressions import (
    Comprehension,
    Concatenate,
    Constant,
    ContainerSource,
    Convert,
    EnumerateSource,
    Expression,
    Generator,
    Load,
    Local,
    MakeRecord,
    Place,
    RangeSource,
    ReferenceSource,
    SetOperation,
    Source,
    Table,
    ValuesSource,
    ZipSource,
)
from speccheck.program.failing import can_fail
from speccheck.program.types import Ref
from speccheck.source import Span

ENDLESS = 1 << 62


def container_of(values: list[Expression], kind: type, element: Domain, span: Span) -> Expression:
    """Return a list, set or tuple of these values."""
    if kind is set:
        domain = Sets(element, min(len(values), element.size))
        result: Expression | None = None
        for one in values:
            single = _single(one, domain, span)
            result = single if result is None else SetOperation(domain, span, "|", result, single)
        assert result is not None
        return result
    row = Product(tuple, tuple(map(str, range(len(values)))), (element,) * len(values), tuple, tuple)
    made = MakeRecord(row, span, tuple(values))
    sequence = Convert(Sequences(element, len(values)), span, made, None)
    return Concatenate(Lists(element, len(values)), span, (sequence,)) if kind is list else sequence


def _single(value: Expression, domain: Sets, span: Span) -> Expression:
    """A set of one element: what a comprehension without generators gives."""
    return Comprehension(domain, span, "set", (), value)


def through(w: Writer, operand: Operand, span: Span, often: bool = False) -> Through:
    """Return an operand as something to go through; refuses what cannot be iterated. `often`: whether a value of a set may come more than once."""
    match operand:
        case Through():
            whole = evaluated(w, operand, span)  # before one goes through it
            if isinstance(whole, Through) and whole.brackets == "set" and not whole.distinct and not often:
                whole = Value(value_of(whole, span), False)
            return renewed(w, whole) if isinstance(whole, Through) else _container(w, whole, span)  # type: ignore[arg-type]
        case Known(known):
            return _known(w, known, span)
        case Row(items):
            return _row(w, items, span)
        case Value() | Part():
            return _container(w, operand, span)
    raise NotCompiled(f"an iteration over {described(operand)}", span)


def evaluated(w: Writer, operand: Operand, span: Span) -> Operand:
    """Return an operand that stands for itself also where nobody goes through it: a list or set whose evaluation may fail is a value."""
    if isinstance(operand, Through) and operand.brackets is not None and _may_fail(w, operand):
        return Value(value_of(operand, span), operand.ordered)
    return operand


def _may_fail(w: Writer, going: Through) -> bool:
    body = () if isinstance(going.body, Known) else (value_of(going.body, w.span(w.tree.node)),)
    tests = (test for generator in going.generators for test in generator.conditions)
    known = w.compiler.so_far
    return any(can_fail(one, known) for one in (*body, *tests))


def renewed(w: Writer, going: Through) -> Through:
    """Return the same iteration with variables of its own: a name may stand for one that is gone through twice, once inside the other."""
    new = {local: w.fresh(local.name.partition(".")[0], local.type) for generator in going.generators for local in _bound_by(generator)}
    return replaced(going, new)  # type: ignore[no-any-return]


def _bound_by(generator: Generator) -> tuple[Local, ...]:
    return (*generator.targets, *(local for local, _ in generator.lets))


def replaced(value: Any, new: Mapping[Local, Local]) -> Any:
    """Return operands and expressions with some variables replaced by others."""
    if isinstance(value, Local):
        return new.get(value, value)
    if isinstance(value, tuple):
        return tuple(replaced(one, new) for one in value)
    if is_dataclass(value) and not isinstance(value, type | Span):
        changed = {f.name: after for f in fields(value) if (after := replaced(before := getattr(value, f.name), new)) is not before}
        changed = {name: after for name, after in changed.items() if after != getattr(value, name)}
        return replace(value, **changed) if changed else value
    return value


def one_target(w: Writer, name: str, domain: Domain, source: Source, span: Span, ordered: bool, most: int, distinct: bool = False) -> Through:
    """Return what goes through a source of single values."""
    local = w.fresh(name, domain)
    return Through((Generator((local,), source),), Value(Load(domain, span, Place(local, (), domain))), ordered, most, distinct)


def _known(w: Writer, known: Any, span: Span) -> Through:
    if isinstance(known, SortMeta | EnumMeta):
        values: tuple[Any, ...] = tuple(known)
        domain = Enumerated(values, known.__name__)
        return one_target(w, "each", domain, ValuesSource(domain), span, True, len(values), True)
    if isinstance(known, range):
        if not known:
            return one_target(w, "number", Integers(0, 0), RangeSource(number(0, span), number(0, span)), span, True, 0, True)
        low, high = min(known[0], known[-1]), max(known[0], known[-1])
        source = RangeSource(number(known.start, span), number(known.stop, span), known.step)
        return one_target(w, "number", Integers(low, high), source, span, True, len(known), True)
    if isinstance(known, Bag):
        raise NotCompiled("an iteration over a constant bag", span)
    if isinstance(known, KeysView | ItemsView | ValuesView):  # of a constant dict
        known = tuple(known)
    if isinstance(known, dict | list | tuple | set | frozenset):
        values = tuple(known)
        if not values:
            domain = Enumerated((None,), "None")
            empty = RangeSource(number(0, span), number(0, span))
            local = w.fresh("number", Integers(0, 0))
            return Through((Generator((local,), empty),), Known(None), not isinstance(known, set | frozenset), 0, True)
        unordered = isinstance(known, set | frozenset)
        if unordered:
            values = tuple(sorted(values, key=repr))
        index = w.fresh("index", Integers(0, len(values) - 1))
        source = RangeSource(number(0, span), number(len(values), span))
        return Through((Generator((index,), source),), _entry(values, index, span), not unordered, len(values), _all_different(values))
    raise NotCompiled(f"an iteration over {described(Known(known))}", span)


def _all_different(values: tuple[Any, ...]) -> bool:
    try:
        return len(set(values)) == len(values)
    except TypeError:  # no hash
        return False


def _is_same(one: Any, other: Any) -> bool:
    """Return whether one object can certainly stand for another; what an object looks like as a text says nothing."""
    return one is other or (type(one) is type(other) and isinstance(one, int | str) and not isinstance(one, Enum) and one == other)


def _entry(values: tuple[Any, ...], index: Local, span: Span) -> Operand:
    """The entry of constants with a number: for tuples of one length, the tables of their elements side by side."""
    if all(type(one) is tuple for one in values) and len({len(one) for one in values}) == 1 and values[0]:
        return Row(tuple(_entry(column, index, span) for column in zip(*values)))
    if all(_is_same(one, values[0]) for one in values):
        return Known(values[0])
    if not all(map(is_value, values)):
        raise NotCompiled("an iteration over things that are no values", span)
    domain = join_all(map(domain_of_value, values))
    key = Load(index.domain, span, Place(index, (), index.domain))
    return Value(Table(domain, span, key, tuple((domain.freeze_any(one),) for one in values)))


def _row(w: Writer, items: tuple[Operand, ...], span: Span) -> Through:
    if not items:
        return _known(w, (), span)
    parts = [one for one in items if isinstance(one, Part) and one.domain.mutable]
    if parts:
        raise NotCompiled("an iteration over a tuple of mutable parts", span)
    element = join_all(domain_of_operand(one, span) for one in items)
    listed = container_of([expression_in(one, element, None, span) for one in items], tuple, element, span)
    return one_target(w, "each", element, ContainerSource(listed), span, True, len(items))


def _container(w: Writer, operand: Value | Part, span: Span) -> Through:
    match operand.domain:
        case Maps() as domain:
            source = ContainerSource(value_of(operand, span))
            return one_target(w, "key", domain.key_domain, source, span, operand.ordered or domain.total, domain.key_domain.size, True)
        case Lists() as domain if isinstance(operand, Part) and domain.element.mutable and (which := w.state_of(operand.place)) is not None:
            local = w.fresh("each", Ref(domain.element, which))
            generator = Generator((local,), ReferenceSource(operand.place, "elements"))
            return Through((generator,), Part(Place(local, (), domain.element)), True, domain.capacity)
        case Lists() | Sequences() as domain:
            if domain.element.mutable:
                raise NotCompiled("an iteration over a list of mutable values in a local variable", span)
            return one_target(w, "each", domain.element, ContainerSource(value_of(operand, span)), span, operand.ordered or True, domain.capacity)
        case Sets() | FrozenSets() | Bags() as domain:
            source = ContainerSource(value_of(operand, span))
            return one_target(w, "each", domain.element, source, span, operand.ordered, min(domain.capacity, domain.element.size), True)
        case Product() as domain if issubclass(domain.cls, tuple):
            if not domain.domains and not isinstance(decided(True, span, operand), Constant):
                raise NotCompiled("an iteration over an empty tuple that may fail", span)
            return _row(w, tuple(item(w, operand, Known(i), span) for i in range(len(domain.domains))), span)
        case Union() as domain:
            having = [n for n, one in enumerate(domain.alternatives) if not isinstance(one, Enumerated | Integers)]
            if len(having) == 1:
                return _container(w, alternative(operand, domain, having[0], span), span)
    raise NotCompiled(f"an iteration over {operand.domain.describe()}", span)


def map_view(w: Writer, operand: Value | Part, what: str, span: Span) -> Through:
    """Return what goes through `map.values()` or `map.items()`, or the items of a bag."""
    domain = operand.domain
    if isinstance(domain, Bags):
        pair = (w.fresh("key", domain.element), w.fresh("count", Integers(1, max(1, domain.capacity))))
        generator = Generator(pair, ContainerSource(value_of(operand, span), "items"))
        return Through((generator,), Row(tuple(w.operand(one, span) for one in pair)), operand.ordered, domain.capacity, True)
    assert isinstance(domain, Maps)
    which = w.state_of(operand.place) if isinstance(operand, Part) else None
    by_reference = domain.value_domain.mutable and which is not None
    if domain.value_domain.mutable and not by_reference:
        raise NotCompiled("an iteration over mutable values in a local variable", span)
    value = w.fresh("value", Ref(domain.value_domain, which) if by_reference else domain.value_domain)  # type: ignore[arg-type]
    key = w.fresh("key", domain.key_domain)
    targets: tuple[Local, ...] = (key, value) if what == "items" else (value,)
    source: Source
    if by_reference:
        assert isinstance(operand, Part)
        source = ReferenceSource(operand.place, what)  # type: ignore[arg-type]
    else:
        source = ContainerSource(value_of(operand, span), what)  # type: ignore[arg-type]
    operands = tuple(w.operand(one, span) for one in targets)
    body = Row(operands) if what == "items" else operands[0]
    return Through((Generator(targets, source),), body, operand.ordered or domain.total, domain.key_domain.size, what == "items")


def range_of(w: Writer, arguments: list[Operand], span: Span) -> Operand:
    """Return what `range(...)` denotes."""
    if all(isinstance(one, Known) and isinstance(one.value, int) for one in arguments):
        return Known(range(*(one.value for one in arguments)))  # type: ignore[union-attr]
    start = arguments[0] if len(arguments) > 1 else Known(0)
    stop = arguments[1] if len(arguments) > 1 else arguments[0]
    step = arguments[2] if len(arguments) > 2 else Known(1)
    if not (isinstance(step, Known) and isinstance(step.value, int) and step.value):
        raise NotCompiled("a range whose step is not a constant", span)
    a, b = integer_of(start, span), integer_of(stop, span)
    low = a.type.low if step.value > 0 else b.type.low + 1  # type: ignore[union-attr]
    high = b.type.high - 1 if step.value > 0 else a.type.high  # type: ignore[union-attr]
    domain = Integers(low, max(low, high))
    most = max(0, -(-(high - low + 1) // abs(step.value)))
    return one_target(w, "number", domain, RangeSource(a, b, step.value), span, True, most, True)


def single(w: Writer, one: Through, span: Span) -> Through:
    """Return what goes through the same values by one generator without conditions: a comprehension becomes a list first."""
    if len(one.generators) == 1 and not one.generators[0].conditions and not one.generators[0].lets:
        return one
    if not one.ordered:
        raise NotCompiled("the order of something without an order", span)
    listed = expression_in(Through(one.generators, one.body, True, one.most, brackets="list"), Lists(domain_of_operand(one.body, span), one.most), None, span)
    return _container(w, Value(listed), span)


def enumerated(w: Writer, of: Operand, start: Operand, span: Span) -> Operand:
    """Return what `enumerate(...)` denotes."""
    inner = single(w, through(w, of, span), span)
    if not inner.ordered:
        raise NotCompiled("enumerate of something without an order", span, "Write sorted(...).")
    first = integer_of(start, span)
    counter = w.fresh("number", Integers(first.type.low, first.type.high + max(0, inner.most - 1)))  # type: ignore[union-attr]
    generator = inner.generators[0]
    joined = Generator((counter, *generator.targets), EnumerateSource(generator.source, first))
    return Through((joined,), Row((w.operand(counter, span), inner.body)), True, inner.most, True, iterator=True)


def zipped(w: Writer, parts: list[Operand], span: Span) -> Operand:
    """Return what `zip(...)` denotes."""
    inner = [single(w, through(w, one, span), span) for one in parts]
    if not all(one.ordered for one in inner):
        raise NotCompiled("zip of something without an order", span, "Write sorted(...).")
    targets = tuple(target for one in inner for target in one.generators[0].targets)
    joined = Generator(targets, ZipSource(tuple(one.generators[0].source for one in inner)))
    return Through((joined,), Row(tuple(one.body for one in inner)), True, min(one.most for one in inner), iterator=True)


def reversed_(w: Writer, of: Operand, span: Span) -> Operand:
    """Return what `reversed(...)` denotes."""
    if isinstance(of, Known):
        return replace(through(w, computed_reversed(of.value, span), span), iterator=True)
    if isinstance(of, Through) and of.iterator:
        raise NotCompiled("reversed of an iterator", span)
    inner = through(w, of, span)
    if not inner.ordered:
        raise NotCompiled("reversed of something without an order", span, "Write sorted(..., reverse=True).")
    generator = inner.generators[0]
    if isinstance(of, Value | Part) and isinstance(of.domain, Sets | FrozenSets | Bags):
        raise NotCompiled(f"reversed of {of.domain.describe()}", span)
    match generator.source:
        case ContainerSource(container, what) if len(inner.generators) == 1 and not generator.conditions:
            return Through(
                (Generator(generator.targets, ContainerSource(container, what, True)),), inner.body, inner.ordered, inner.most, inner.distinct, iterator=True
            )
    raise NotCompiled("reversed(...) of this", span)


def computed_reversed(known: Any, span: Span) -> Known:
    """Return a constant backwards."""
    try:
        return Known(tuple(reversed(known)))
    except TypeError:
        raise NotCompiled(f"reversed of {described(Known(known))}", span) from None


def comprehension(w: Writer, tree: ast.GeneratorExp | ast.ListComp | ast.SetComp, span: Span) -> Operand:
    """Return what a comprehension goes through."""
    brackets: Any = {ast.ListComp: "list", ast.SetComp: "set"}.get(type(tree))
    found = nested(w, tree.generators, lambda: _body(w, tree.elt), span, brackets)
    if brackets != "set" and not found.ordered and id(tree) not in w.consumed:  # CPython asks for the order, whoever goes through it later on
        raise NotCompiled("a generator or list over something without an order, which nothing goes through where it is written", span, "Write sorted(...).")
    return evaluated(w, replace(found, iterator=brackets is None), span)


def consume(w: Writer, tree: ast.expr) -> None:
    """Note that what an expression stands in goes through it, and says itself whether the order matters."""
    if isinstance(tree, ast.GeneratorExp | ast.ListComp):
        w.consumed.add(id(tree))


def _body(w: Writer, tree: ast.expr) -> Operand:
    from speccheck.compiler.expressions import operand

    return operand(w, tree)


def nested(w: Writer, generators: list[ast.comprehension], body: Callable[[], Operand], span: Span, brackets: Any) -> Through:
    """Go through generators one inside the other."""
    from speccheck.compiler.expressions import condition, operand

    first, *rest = generators
    if first.is_async:
        raise NotCompiled("async", span)
    consume(w, first.iter)  # what has no order here has none as a whole
    outer = through(w, operand(w, first.iter), w.span(first.iter))
    with w.into(None), w.naming(bound_names(w, first.target, outer.body, span)):
        conditions = tuple(condition(w, one) for one in first.ifs)
        inner = nested(w, rest, body, span, None) if rest else Through((), body(), True, 1, True)
    last = outer.generators[-1]
    head = (*outer.generators[:-1], Generator(last.targets, last.source, last.lets, (*last.conditions, *conditions)))
    most = min(outer.most * inner.most, ENDLESS)
    if brackets is not None and most > 1 << 16:
        raise NotCompiled(f"a list or set of up to {most:,} values", span)
    distinct = outer.distinct and not rest and inner.body == outer.body
    return Through((*head, *inner.generators), inner.body, outer.ordered and inner.ordered, most, distinct, brackets)


def bound_names(w: Writer, target: ast.expr, operand: Operand, span: Span) -> dict[str, Operand]:
    """Return what the names in the target of a comprehension denote."""
    match target:
        case ast.Name(id=name):
            return {name: operand}
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            if any(isinstance(one, ast.Starred) for one in parts):
                raise NotCompiled("a starred target", span)
            items = operand.items if isinstance(operand, Row) else tuple(item(w, operand, Known(i), span) for i in range(len(parts)))
            if len(items) != len(parts):
                raise NotCompiled(f"{len(items)} values for {len(parts)} names", span)
            return {name: one for part, each in zip(parts, items) for name, one in bound_names(w, part, each, span).items()}
    raise NotCompiled("this target", span)
