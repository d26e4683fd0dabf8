"""Expressions: from a syntax tree to the operand that it denotes."""

import ast
import builtins
import types
import typing
from enum import Enum
from typing import Any

from speccheck.compiler import calls, comprehensions
from speccheck.compiler.coercions import (
    constant,
    converted,
    decided,
    described,
    domain_of_operand,
    equal,
    expression_in,
    integer_of,
    is_bool,
    is_integral,
    is_value,
    joined,
    less,
    most_elements,
    number,
    one_of,
    set_operation,
    smaller,
    true,
    truth,
    value_of,
)
from speccheck.compiler.effects import acts
from speccheck.compiler.joins import alike, domain_of_value, fits, join_all
from speccheck.compiler.operands import Closure, Known, Method, Operand, Part, Row, State, SuperOf, Through, Value
from speccheck.compiler.refusals import NotCompiled, refuse
from speccheck.compiler.writer import Writer
from speccheck.domains.bags import Bag
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.records import Records
from speccheck.domains.scalars import INT_MAX, INT_MIN, Enumerated, Integers
from speccheck.domains.sorts import Sort, SortMeta
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.model.syntax.functions import MISSING, class_member, unmarked
from speccheck.program.expressions import (
    AlternativeStep,
    And,
    Arithmetic,
    Concatenate,
    Constant,
    Contains,
    Convert,
    Expression,
    FieldStep,
    GetField,
    GetItem,
    IfThenElse,
    IsAlternative,
    ItemStep,
    KeyStep,
    Not,
    Or,
    Place,
    Slice,
    Table,
    ToInteger,
    Variable,
)
from speccheck.program.statements import Assign, If
from speccheck.program.types import BOOL
from speccheck.source import Span

MOST_ITEMS = 4096  # of a list that a rule builds


def operand(w: Writer, tree: ast.expr) -> Operand:
    """Return what an expression denotes. Statements that it needs (a choice, a call that acts) are added to the block."""
    with w.at(tree):
        return _operand(w, tree)


def _operand(w: Writer, tree: ast.expr) -> Operand:
    span = w.span(tree)
    match tree:
        case ast.Constant(value=value):
            if value is not None and not isinstance(value, bool | int | str):
                raise NotCompiled(f"a constant of type {type(value).__name__}", span)
            return Known(value)
        case ast.Name(id=name):
            return _name(w, name, span)
        case ast.Attribute(value=inner, attr=name):
            return attribute(w, operand(w, inner), name, span)
        case ast.Subscript(value=inner, slice=index):
            return _subscript(w, inner, index, span)
        case ast.BoolOp(op=op, values=values):
            return _bool_operation(w, isinstance(op, ast.And), values, span)
        case ast.UnaryOp(op=op, operand=inner):
            return _unary(w, op, operand(w, inner), span)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = several(w, [left, right])
            return binary(w, type(op).__name__, a, b, span)
        case ast.Compare():
            return Value(_comparison(w, tree, span))
        case ast.IfExp():
            return _conditional(w, tree, span)
        case ast.Tuple(elts=elements):
            return _tuple(w, elements, span)
        case ast.List(elts=elements):
            return _display(w, elements, list, span)
        case ast.Set(elts=elements):
            return _display(w, elements, set, span)
        case ast.Dict():
            return comprehensions.dict_display(w, tree, span)
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp():
            return comprehensions.comprehension(w, tree, span)
        case ast.DictComp():
            return comprehensions.dict_comprehension(w, tree, span)
        case ast.Call():
            return calls.call(w, tree, span)
        case ast.Lambda():
            return Closure(tree, dict(w.names))
        case ast.JoinedStr():
            return _text(w, tree, span)
    raise NotCompiled(f"this kind of expression ({type(tree).__name__})", span)


def value(w: Writer, tree: ast.expr) -> Expression:
    """Return the value of an expression."""
    return value_of(operand(w, tree), w.span(tree))


def condition(w: Writer, tree: ast.expr) -> Expression:
    """Return the truth of an expression as a bool."""
    return truth(operand(w, tree), w.span(tree))


def several(w: Writer, trees: list[ast.expr]) -> list[Operand]:
    """Return the operands of expressions, evaluated from left to right: what comes before one that acts is held in a variable."""
    found: list[Operand] = []
    for n, tree in enumerate(trees):
        one = operand(w, tree)
        if any(acts(w, later) for later in trees[n + 1 :]):
            one = w.held(one, w.span(tree))
        found.append(one)
    return found


# ---------------------------------------------------------------- names and attributes


def _name(w: Writer, name: str, span: Span) -> Operand:
    found = w.look_up(name, span)
    if found is not None:
        return found
    if name in w.compiler.free(w.tree.function):
        value = w.compiler.free(w.tree.function)[name]
        return State("self", type(value)) if isinstance(value, w.compiler.model.spec) else Known(value)  # a closure of a formula is around the state
    if hasattr(builtins, name):
        return Known(getattr(builtins, name))
    raise NotCompiled(f"the name '{name}', which is not known when the rule is compiled", span)


def attribute(w: Writer, of: Operand, name: str, span: Span) -> Operand:
    """Return what `of.name` denotes."""
    match of:
        case State(which, cls):
            return _state_attribute(w, of, which, cls, name, span)
        case SuperOf(owner, receiver):
            cls = receiver.cls if isinstance(receiver, State) else _class_of(domain_of_operand(receiver, span))
            function = class_member(cls, name, owner)
            return _member(w, function, receiver, name, span)
        case Known(inner):
            return _known_attribute(w, inner, name, span)
        case Part(place) if isinstance(place.domain, Records):
            domain = place.domain
            if name in domain.fields:
                index = list(domain.fields).index(name)
                return inside(place, FieldStep(index), domain.fields[name], span, of.ordered)
            return _member(w, class_member(domain.cls, name), of, name, span)
        case Value() | Part():
            return _value_attribute(w, of, name, span)
    return Method(of, name)


def inside(place: Place, step: Any, domain: Domain, span: Span, ordered: bool = True) -> Operand:
    """Return what lies one step further than a place: a mutable part, or the value there."""
    further = Place(place.root, (*place.steps, step), domain)
    if domain.mutable:
        return Part(further, ordered)
    from speccheck.program.expressions import Load

    return Value(Load(domain, span, further))


def _state_attribute(w: Writer, of: State, which: Any, cls: Any, name: str, span: Span) -> Operand:
    variables = w.compiler.variables
    if name in variables:
        index = list(variables).index(name)
        place = Place(Variable(which, index), (), variables[name])
        if variables[name].mutable:
            return Part(place)
        from speccheck.program.expressions import Load

        return Value(Load(variables[name], span, place))
    return _member(w, class_member(cls, name), of, name, span)


def _member(w: Writer, member: Any, receiver: Operand, name: str, span: Span) -> Operand:
    if member is MISSING:
        raise NotCompiled(f"the attribute '{name}'", span)
    if isinstance(member, staticmethod):
        return Known(member.__func__)
    if isinstance(member, property):
        assert member.fget is not None
        return calls.call_function(w, member.fget, [receiver], {}, span)
    if isinstance(member, types.FunctionType) or hasattr(member, "__speccheck_mark__"):
        return Method(receiver, name, unmarked(member))
    if isinstance(member, classmethod) or (hasattr(member, "__get__") and not isinstance(member, type)):
        raise NotCompiled(f"'{name}', a {type(member).__name__}", span)
    return Known(member)


def _class_of(domain: Domain) -> Any:
    match domain:
        case Records() | Product():
            return domain.cls
    raise NotCompiled(f"super() of {domain.describe()}")


def _known_attribute(w: Writer, inner: Any, name: str, span: Span) -> Operand:
    if isinstance(inner, Sort) and name in ("next", "prev"):
        return Method(Known(inner), name)
    if isinstance(inner, str | list | set | dict | frozenset | tuple | Bag) and not hasattr(type(inner), "_fields"):
        return Method(Known(inner), name)
    try:
        found = getattr(inner, name)
    except AttributeError:
        raise NotCompiled(f"the attribute '{name}' of {described(Known(inner))}", span) from None
    if isinstance(found, types.MethodType) and not isinstance(inner, type | types.ModuleType):
        return Method(Known(inner), name, found.__func__)
    return Known(found)


def _value_attribute(w: Writer, of: Value | Part, name: str, span: Span) -> Operand:
    domain = of.domain
    match domain:
        case Product() if name in domain.names and domain.cls is not tuple:
            index = domain.names.index(name)
            return Value(GetField(domain.domains[index], span, value_of(of, span), index))
        case Product() if domain.cls is not tuple:
            return _member(w, class_member(domain.cls, name), of, name, span)
        case Union():
            return _union_attribute(w, of, domain, name, span)
        case Enumerated() if domain.values and all(isinstance(v, Sort) and type(v).ordered for v in domain.values):
            if name == "index":
                return Value(ToInteger(Integers(0, max(v._index for v in domain.values)), span, value_of(of, span)))
            return Method(of, name)
        case Enumerated() if domain.values and all(isinstance(v, Enum) for v in domain.values) and name in ("value", "name"):
            return table(value_of(of, span), [(getattr(v, name),) for v in domain.values], span)
    return Method(of, name)


def _union_attribute(w: Writer, of: Value | Part, domain: Union, name: str, span: Span) -> Operand:
    """The attribute of those alternatives that have it; another one fails with `error`, as CPython does."""
    having = [n for n, one in enumerate(domain.alternatives) if _has(one, name)]
    if not having:
        raise NotCompiled(f"the attribute '{name}' of {domain.describe()}", span)
    found = [attribute(w, alternative(of, domain, n, span), name, span) for n in having]
    if len(found) == 1:
        return found[0]
    if not all(isinstance(one, Value) for one in found):
        raise NotCompiled(f"the attribute '{name}' of {domain.describe()}, which several alternatives have", span)
    return Value(by_alternative(of, having, [value_of(one, span) for one in found], span))


def by_alternative(of: Value | Part, numbers: list[int], values: list[Expression], span: Span) -> Expression:
    """Return the value that belongs to the alternative that a union's value is; the last one also stands for those that fail."""
    values = joined(values)
    whole = value_of(of, span)
    result = values[-1]
    for n, one in reversed(list(zip(numbers[:-1], values[:-1]))):
        result = IfThenElse(result.type, span, IsAlternative(BOOL, span, whole, frozenset({n})), one, result)
    return result


def _has(domain: Domain, name: str) -> bool:
    match domain:
        case Product():
            return domain.cls is not tuple and (name in domain.names or class_member(domain.cls, name) is not MISSING)
        case Records():
            return name in domain.fields or class_member(domain.cls, name) is not MISSING
        case Enumerated():
            return bool(domain.values) and all(value is not None and not isinstance(value, str) and hasattr(type(value), name) for value in domain.values)
    kinds: dict[type[Domain], type] = {Lists: list, Sets: set, FrozenSets: frozenset, Maps: dict, Bags: Bag, Sequences: tuple}
    return type(domain) in kinds and hasattr(kinds[type(domain)], name)


def alternative(of: Value | Part, domain: Union, number_: int, span: Span) -> Value | Part:
    """Return a union's value as one of an alternative; it fails if it is another one."""
    one = domain.alternatives[number_]
    if isinstance(of, Part) and domain.mutable:
        if one.mutable:
            return Part(Place(of.place.root, (*of.place.steps, AlternativeStep(number_)), one), of.ordered)
        return Value(Convert(one, span, value_of(of, span), "error"))
    return Value(Convert(one, span, value_of(of, span), "error"), of.ordered)


def table(key: Expression, entries: list[Any], span: Span) -> Operand:
    """Return the entry of a table of constants: `entries` by number of the key's value, (value,) or None for one that fails."""
    values = [entry[0] for entry in entries if entry is not None]
    if not values:
        raise NotCompiled("a table without entries", span)
    if not all(map(is_value, values)):
        raise NotCompiled("a table of things that are no values", span)
    domain = join_all(map(domain_of_value, values))
    return Value(Table(domain, span, key, tuple(None if entry is None else (domain.freeze_any(entry[0]),) for entry in entries)))


# ---------------------------------------------------------------- items


def _subscript(w: Writer, inner: ast.expr, index: ast.expr, span: Span) -> Operand:
    if isinstance(index, ast.Slice):
        of = operand(w, inner)
        bounds = [None if one is None else operand(w, one) for one in (index.lower, index.upper, index.step)]
        return slice_of(of, bounds[0], bounds[1], bounds[2], span)
    of, key = several(w, [inner, index])
    return item(w, of, key, span)


def item(w: Writer, of: Operand, key: Operand, span: Span) -> Operand:
    """Return what `of[key]` denotes."""
    if isinstance(of, Known):
        return _known_item(w, of.value, key, span)
    if isinstance(of, Row):
        if isinstance(key, Known) and isinstance(key.value, int) and -len(of.items) <= key.value < len(of.items):
            found = of.items[key.value]
            others = tuple(one for one in of.items if one is not found)
            return found if isinstance(found, Part) and found.domain.mutable else calls.after(found, Row(others), span)
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
    return key if key.size <= MOST_ITEMS and fits(domain, key) else domain


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


# ---------------------------------------------------------------- operators


def _bool_operation(w: Writer, conjunction: bool, values: list[ast.expr], span: Span) -> Operand:
    if any(acts(w, one) for one in values[1:]):
        return _acting_operation(w, conjunction, values, span)
    operands: list[Operand] = []
    for tree in values:
        with w.into(w.block if tree is values[0] else None):  # nothing of what may be left out is evaluated before
            one = operand(w, tree)
        if isinstance(one, Known) and is_value(one.value):
            if bool(one.value) is not conjunction:  # it decides
                operands.append(one)
                break
            if tree is not values[-1]:
                continue
        operands.append(one)
    if len(operands) == 1:
        return operands[0]
    if all(_is_bool(one) for one in operands):
        tests = tuple(truth(one, span) for one in operands)
        return Value(And(BOOL, span, tests) if conjunction else Or(BOOL, span, tests))
    result = operands[-1]
    for one in reversed(operands[:-1]):
        then, otherwise = (result, one) if conjunction else (one, result)
        result = choice(truth(one, span), then, otherwise, span)
    return result


def _is_bool(one: Operand) -> bool:
    return (isinstance(one, Known) and isinstance(one.value, bool)) or (isinstance(one, Value) and is_bool(one.domain))


def _acting_operation(w: Writer, conjunction: bool, values: list[ast.expr], span: Span) -> Operand:
    """`a and f()` where f acts: an If."""
    local = w.fresh("decided", BOOL)
    first = operand(w, values[0])
    if not _is_bool(first):
        raise NotCompiled("'and' and 'or' of other values than bools, with something that acts", span, "Write `if`.")
    w.emit(Assign(local, truth(first, span), span=span))
    here = w.operand(local, span)
    test = truth(here, span)
    block: list[Any] = []
    with w.into(block):
        rest = _acting_operation(w, conjunction, values[1:], span) if len(values) > 2 else operand(w, values[1])
        if not _is_bool(rest):
            raise NotCompiled("'and' and 'or' of other values than bools, with something that acts", span, "Write `if`.")
        w.emit(Assign(local, truth(rest, span), span=span))
    w.emit(If(test if conjunction else Not(BOOL, span, test), tuple(block), span=span))
    return here


def choice(test: Expression, then: Operand, otherwise: Operand, span: Span) -> Operand:
    """Return `then if test else otherwise`."""
    from speccheck.program.expressions import Constant

    if isinstance(test, Constant):
        return then if test.value else otherwise
    ordered = all(one.ordered for one in (then, otherwise) if isinstance(one, Value | Part))
    one, other = joined([value_of(then, span), value_of(otherwise, span)])
    return Value(IfThenElse(one.type, span, test, one, other), ordered)


def _conditional(w: Writer, tree: ast.IfExp, span: Span) -> Operand:
    test = condition(w, tree.test)
    if not (acts(w, tree.body) or acts(w, tree.orelse)):
        with w.into(None):
            then, otherwise = operand(w, tree.body), operand(w, tree.orelse)
        if isinstance(then, Part) and isinstance(otherwise, Part) and then.domain.mutable and w.state_of(then.place) is not None:
            return _part_of_two(w, test, then, otherwise, span)
        return choice(test, then, otherwise, span)
    blocks: list[list[Any]] = [[], []]
    found: list[Operand] = []
    for block, branch in zip(blocks, (tree.body, tree.orelse)):
        with w.into(block):
            found.append(w.held(operand(w, branch), span))
    domain = join_all(domain_of_operand(one, span) for one in found)
    local = w.fresh("chosen", domain)
    for block, one in zip(blocks, found):
        block.append(Assign(local, expression_in(one, domain, None, span), span=span))
    w.emit(If(test, tuple(blocks[0]), tuple(blocks[1]), span=span))
    return w.operand(local, span)


def _part_of_two(w: Writer, test: Expression, then: Part, otherwise: Part, span: Span) -> Operand:
    from speccheck.compiler.writer import reference
    from speccheck.program.types import identity

    one, other = reference(then.place, span), reference(otherwise.place, span)
    if identity(one.type) != identity(other.type):
        raise NotCompiled(f"one of two parts of {then.domain.describe()} and {otherwise.domain.describe()}", span)
    chosen = IfThenElse(one.type, span, test, one, other)
    return Part(Place(chosen, (), then.domain))


def _unary(w: Writer, op: ast.unaryop, of: Operand, span: Span) -> Operand:
    if isinstance(op, ast.Not):
        if isinstance(of, Known) and is_value(of.value):
            return Known(not of.value)
        return Value(Not(BOOL, span, truth(of, span)))
    if isinstance(of, Known) and isinstance(of.value, int):
        value_ = int(of.value)
        return Known(-value_ if isinstance(op, ast.USub) else ~value_ if isinstance(op, ast.Invert) else value_)
    one = integer_of(of, span)
    match op:
        case ast.USub():
            return _arithmetic("-", number(0, span), one, span)
        case ast.Invert():
            return _arithmetic("-", number(-1, span), one, span)
    return Value(one)


OPERATORS = {
    "Add": "+",
    "Sub": "-",
    "Mult": "*",
    "FloorDiv": "//",
    "Mod": "%",
    "BitAnd": "&",
    "BitOr": "|",
    "BitXor": "^",
    "LShift": "<<",
    "RShift": ">>",
    "Pow": "**",
}


def binary(w: Writer, name: str, left: Operand, right: Operand, span: Span) -> Operand:
    """Return `left op right`; `name` is that of the operator's class in `ast`."""
    operator: Any = OPERATORS.get(name)
    if operator is None:
        raise NotCompiled(f"the operator {name}", span)
    if isinstance(left, Known) and isinstance(right, Known) and is_value(left.value) and is_value(right.value):
        return _known_operation(name, left.value, right.value, span)
    if operator == "|" and isinstance(left, Known) and isinstance(right, Known) and (_is_class(left.value) or _is_class(right.value)):
        return _known_operation(name, left.value, right.value, span)
    mine, theirs = domain_of_operand(left, span), domain_of_operand(right, span)
    if isinstance(mine, Sets | FrozenSets) and isinstance(theirs, Sets | FrozenSets) and operator in ("|", "&", "-", "^"):
        return Value(set_operation(operator, left, right, span), ordered=False)
    if operator == "|" and isinstance(mine, Maps) and isinstance(theirs, Maps):
        raise NotCompiled("the union of two dicts", span, "Write a comprehension.")
    if operator == "+" and not (is_integral(mine) or is_integral(theirs)):
        return concatenated([left, right], span)
    if operator in ("&", "|", "^") and is_bool(mine) and is_bool(theirs):
        a, b = truth(left, span), truth(right, span)
        match operator:
            case "&":
                return Value(reaching(And(BOOL, span, (a, b)), span, right))
            case "|":
                return Value(reaching(Or(BOOL, span, (a, b)), span, right))
        return Value(Not(BOOL, span, equal(Value(a), Value(b), span)))
    return _arithmetic(operator, integer_of(left, span), integer_of(right, span), span)


def _is_class(value: Any) -> bool:
    return isinstance(value, type | types.UnionType) or typing.get_origin(value) is not None


def _known_operation(name: str, a: Any, b: Any, span: Span) -> Operand:
    tree = ast.BinOp(ast.Name("a", ast.Load()), getattr(ast, name)(), ast.Name("b", ast.Load()))
    code = compile(ast.fix_missing_locations(ast.Expression(tree)), "<operator>", "eval")
    try:
        return Known(eval(code, {}, {"a": a, "b": b}))
    except Exception as error:
        raise NotCompiled(f"an operation on constants that raises {type(error).__name__}", span) from None


def concatenated(parts: list[Operand], span: Span) -> Operand:
    """Return lists or tuples one after the other."""
    values = [as_list(one, span) for one in parts]
    some = [one for one in values if not (isinstance(one, Constant) and not one.value)]  # without those that are certainly empty
    values = some or values[:1]
    element = join_all(one.type.element for one in values)  # type: ignore[union-attr]
    if not element.size:
        return calls.after(Known([], True) if isinstance(values[0].type, Lists) else Known(()), Row(tuple(map(Value, values))), span)
    capacity = sum(one.type.capacity for one in values)  # type: ignore[union-attr]
    kind = Lists if isinstance(values[0].type, Lists) else Sequences
    if any(isinstance(one.type, Lists) is not (kind is Lists) for one in values):
        raise NotCompiled("a list and a tuple one after the other", span)
    values = [one if one.type.element.size else converted(one, kind(element, one.type.capacity), None) for one in values]  # type: ignore[union-attr]
    return Value(Concatenate(kind(element, min(capacity, MOST_ITEMS)), span, tuple(values)))


def _arithmetic(operator: Any, left: Expression, right: Expression, span: Span) -> Operand:
    a, b = left.type, right.type
    assert isinstance(a, Integers) and isinstance(b, Integers)
    low, high, checked = interval(operator, a, b)
    if low > INT_MAX or high < INT_MIN:  # always beyond 64 bits
        low, high = INT_MIN, INT_MAX
    return Value(Arithmetic(Integers(max(low, INT_MIN), min(high, INT_MAX)), span, operator, left, right, checked))


def interval(operator: str, a: Integers, b: Integers) -> tuple[int, int, bool]:
    """Return the least and the greatest result of an operation on two intervals, and whether it must be checked: it may be beyond 64 bits, or fail."""
    corners: list[int] = []
    may_fail = False
    match operator:
        case "+":
            corners = [a.low + b.low, a.high + b.high]
        case "-":
            corners = [a.low - b.high, a.high - b.low]
        case "*":
            corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        case "//":
            may_fail = b.low <= 0 <= b.high
            divisors = [y for y in (b.low, b.high, -1, 1) if b.low <= y <= b.high and y]
            corners = [x // y for x in (a.low, a.high) for y in divisors] or [0]
        case "%":
            may_fail = b.low <= 0 <= b.high
            corners = [min(b.low + 1, 0), max(b.high - 1, 0)]
            if b.low > 0 and a.low >= 0 and a.high < b.low:
                corners = [a.low, a.high]
        case "&" if a.low >= 0 or b.low >= 0:
            corners = [0, min(one.high for one in (a, b) if one.low >= 0)]
        case "|" | "^" if a.low >= 0 and b.low >= 0:
            corners = [0, (1 << max(a.high, b.high).bit_length()) - 1]
        case "<<" if a.low >= 0 and b.low >= 0 and b.high < 64:
            corners = [a.low << b.low, a.high << b.high]
        case ">>" if a.low >= 0 and b.low >= 0:
            corners = [0, a.high]
        case "**" if a.low >= 0 and b.low >= 0 and b.high < 64 and a.high < 1 << 16:
            corners = [0, max(1, a.high**b.high)]
        case _:
            return INT_MIN, INT_MAX, True
    low, high = min(corners), max(corners)
    return low, high, may_fail or low < INT_MIN or high > INT_MAX


# ---------------------------------------------------------------- comparisons


def _comparison(w: Writer, tree: ast.Compare, span: Span) -> Expression:
    if len(tree.ops) > 1 and not any(acts(w, one) for one in tree.comparators):
        operands = several(w, [tree.left, tree.comparators[0]])
        with w.into(None):
            operands += several(w, tree.comparators[1:])
    else:
        operands = several(w, [tree.left, *tree.comparators])
    tests = [compared(w, op, a, b, span) for op, a, b in zip(tree.ops, operands, operands[1:])]
    return tests[0] if len(tests) == 1 else And(BOOL, span, tuple(tests))


def compared(w: Writer, op: ast.cmpop, left: Operand, right: Operand, span: Span) -> Expression:
    """Return one comparison as a bool. Tuples are evaluated as a whole before they are compared."""
    whole = [one for one in (left, right) if isinstance(one, Row)]
    return reaching(_compared(w, op, left, right, span), span, *whole)


def _compared(w: Writer, op: ast.cmpop, left: Operand, right: Operand, span: Span) -> Expression:
    match op:
        case ast.Eq() | ast.Is():
            if isinstance(op, ast.Is) and not _identical_when_equal(left, right):
                raise NotCompiled("'is' between values that may be equal and not the same", span, "Write ==.")
            return equal(left, right, span)
        case ast.NotEq() | ast.IsNot():
            if isinstance(op, ast.IsNot) and not _identical_when_equal(left, right):
                raise NotCompiled("'is not' between values that may be equal and not the same", span, "Write !=.")
            return Not(BOOL, span, equal(left, right, span))
        case ast.In():
            return contains(w, right, left, span)
        case ast.NotIn():
            return Not(BOOL, span, contains(w, right, left, span))
    if isinstance(left, Known) and isinstance(right, Known):
        python: Any = {ast.Lt: "__lt__", ast.LtE: "__le__", ast.Gt: "__gt__", ast.GtE: "__ge__"}[type(op)]
        return true(getattr(left.value, python)(right.value) is True, span)
    match op:
        case ast.Lt():
            return less(left, right, False, span)
        case ast.LtE():
            return less(left, right, True, span)
        case ast.Gt():
            return less(right, left, False, span)
        case ast.GtE():
            return less(right, left, True, span)
    raise AssertionError(op)


def _identical_when_equal(left: Operand, right: Operand) -> bool:
    """Whether `is` says what `==` says: one side is None, a bool, an enum's or a sort's member."""
    return any(isinstance(one, Known) and (one.value is None or isinstance(one.value, bool | Enum | Sort)) for one in (left, right)) or all(
        isinstance(one, Value) and isinstance(one.domain, Enumerated) and all(isinstance(v, bool | Enum | Sort | None) for v in one.domain.values)
        for one in (left, right)
    )


def reaching(test: Expression, span: Span, *operands: Operand) -> Expression:
    """Return a test before which operands are evaluated that it may leave out."""
    there = decided(True, span, *operands)
    return test if isinstance(there, Constant) else And(BOOL, span, (there, test))


def contains(w: Writer, container: Operand, element: Operand, span: Span) -> Expression:
    """Return `element in container`."""
    match container:
        case Known(known):
            return _in_known(w, known, element, span)
        case Row(items):
            tests = tuple(equal(element, one, span) for one in items)
            return reaching(Or(BOOL, span, tests) if len(tests) > 1 else tests[0] if tests else decided(False, span, element), span, *items[1:])
        case Through():
            return reaching(comprehensions.any_equal(w, container, element, span), span, element)
    assert isinstance(container, Value | Part), container
    match container.domain:
        case Product() as domain if issubclass(domain.cls, tuple):
            fields = [item(w, container, Known(i), span) for i in range(len(domain.domains))]
            return contains(w, Row(tuple(fields)), element, span)
        case Maps(key_domain=inner) | Lists(element=inner) | Sequences(element=inner) | Sets(element=inner) | FrozenSets(element=inner) | Bags(element=inner):
            return _in_container(container, element, inner, span)
        case Union() as domain:
            having = [n for n, one in enumerate(domain.alternatives) if most_elements(one) or isinstance(one, Maps | Sets)]
            if len(having) == 1:
                return contains(w, alternative(container, domain, having[0], span), element, span)
    raise NotCompiled(f"'in' {container.domain.describe()}", span)


def _in_container(container: Value | Part, element: Operand, inner: Domain, span: Span) -> Expression:
    whole = value_of(container, span)
    if isinstance(element, Known):
        refuse_number_for_bool(domain_of_value(element.value) if is_value(element.value) else inner, inner, span)
        if not is_value(element.value):
            return decided(False, span, container)
        python = element.value
        if isinstance(inner, Integers) and isinstance(python, bool):
            python = int(python)
        try:
            return Contains(BOOL, span, whole, constant(python, inner, span))
        except OutsideDomain:
            own = domain_of_value(python)
            if isinstance(own, Enumerated | Integers):
                return decided(False, span, container)
    domain = domain_of_operand(element, span)
    refuse_number_for_bool(domain, inner, span)
    if is_integral(inner) and is_integral(domain) and not fits(domain, inner):
        element = Value(integer_of(element, span))
        domain = domain_of_operand(element, span)
    if isinstance(domain, Lists | Sets | Maps | Bags):
        raise NotCompiled(f"{domain.describe()}, which has no hash, in a container", span)
    given = value_of(element, span)
    if fits(domain, inner):
        return Contains(BOOL, span, whole, converted(given, inner, None))
    # The element may be outside the domain of the elements: then it is not in it.
    test, there = is_in_domain(given, inner, span), decided(True, span, container)
    reached = () if isinstance(there, Constant) else (there,)
    return And(BOOL, span, (*reached, test, Contains(BOOL, span, whole, Convert(inner, span, given, "error"))))


def refuse_number_for_bool(given: Domain, inner: Domain, span: Span) -> None:
    """Refuse a number where bools are looked up: 1 and True are the same key."""
    if isinstance(given, Integers) and isinstance(inner, Enumerated) and any(isinstance(value, bool) for value in inner.values):
        raise NotCompiled("a number that is looked up among bools", span, "Write n == 1.")


def is_in_domain(value_: Expression, domain: Domain, span: Span) -> Expression:
    """Return whether a value belongs to a domain."""
    match value_.type, domain:
        case (Integers() as own, Integers()):
            tests: list[Expression] = []
            if own.low < domain.low:
                tests.append(smaller(number(domain.low, span), value_, True, span))
            if own.high > domain.high:
                tests.append(smaller(value_, number(domain.high, span), True, span))
            return And(BOOL, span, tuple(tests)) if len(tests) != 1 else tests[0]
        case (Integers() as own, Enumerated()) if all(type(v) is int for v in domain.values):
            equals = [equal(Value(value_), Known(v), span) for v in domain.values if own.low <= v <= own.high]
            return decided(False, span, Value(value_)) if not equals else equals[0] if len(equals) == 1 else Or(BOOL, span, tuple(equals))
        case (Enumerated() as own, Enumerated()):
            wanted = {(type(v), v) for v in domain.values}
            return one_of(value_, [v for v in own.values if (type(v), v) in wanted], span)
        case (Enumerated() as own, Union()):
            return one_of(value_, [v for v in own.values if domain.contains(v)], span)
        case (Union() as own, _):
            parts: list[Expression] = []
            for n, one in enumerate(own.alternatives):
                test = IsAlternative(BOOL, span, value_, frozenset({n}))
                if fits(one, domain):
                    parts.append(test)
                elif _related(one, domain):
                    parts.append(And(BOOL, span, (test, is_in_domain(Convert(one, span, value_, "error"), domain, span))))
            return Or(BOOL, span, tuple(parts)) if len(parts) != 1 else parts[0]
        case (Product() as own, Product()) if own.cls is domain.cls:
            fields = [
                is_in_domain(GetField(one, span, value_, i), other, span)
                for i, (one, other) in enumerate(zip(own.domains, domain.domains))
                if not fits(one, other)
            ]
            return And(BOOL, span, tuple(fields)) if len(fields) != 1 else fields[0]
        case (own, Union()):
            for one in domain.alternatives:
                if _related(own, one):  # type: ignore[arg-type]
                    return is_in_domain(value_, one, span) if not fits(own, one) else decided(True, span, Value(value_))  # type: ignore[arg-type]
            return decided(False, span, Value(value_))
    if not _related(value_.type, domain):  # type: ignore[arg-type]
        return decided(False, span, Value(value_))
    raise NotCompiled(f"whether {value_.type!r} is in a container of {domain.describe()}", span)


def _related(a: Domain, b: Domain) -> bool:
    return alike(a, b) or (isinstance(b, Union) and any(alike(a, one) for one in b.alternatives)) or isinstance(a, Union)


def _in_known(w: Writer, known: Any, element: Operand, span: Span) -> Expression:
    if isinstance(known, type) and isinstance(known, SortMeta):
        domain = domain_of_operand(element, span)
        if isinstance(domain, Enumerated):
            return one_of(value_of(element, span), [v for v in domain.values if type(v) is known], span)
    if isinstance(element, Known):
        return true(element.value in known, span)
    if isinstance(known, str):
        raise NotCompiled("'in' a text", span)
    domain = domain_of_operand(element, span)
    if isinstance(known, range):
        one = integer_of(element, span)
        return _in_range(w, known, one, span)
    members = list(known)
    if isinstance(domain, Enumerated):
        return one_of(value_of(element, span), [v for v in domain.values if v in members], span)
    tests = tuple(equal(element, Known(one), span) for one in members)
    return decided(False, span, element) if not tests else tests[0] if len(tests) == 1 else Or(BOOL, span, tests)


def _in_range(w: Writer, known: range, one: Expression, span: Span) -> Expression:
    if not known:
        return decided(False, span, Value(one))
    low, high = min(known), max(known)
    tests = [smaller(number(low, span), one, True, span), smaller(one, number(high, span), True, span)]
    if abs(known.step) != 1:
        remainder = binary(w, "Mod", Value(one), Known(abs(known.step)), span)
        tests.append(equal(remainder, Known(low % abs(known.step)), span))
    return And(BOOL, span, tuple(tests))


# ---------------------------------------------------------------- displays


def _tuple(w: Writer, elements: list[ast.expr], span: Span) -> Operand:
    if any(isinstance(one, ast.Starred) for one in elements) and (found := _starred_tuple(w, elements, span)) is not None:
        return found
    items = starred(w, elements, span)
    if all(isinstance(one, Known) and is_value(one.value) for one in items):
        return Known(tuple(one.value for one in items))  # type: ignore[union-attr]
    return Row(tuple(items))


def _starred_tuple(w: Writer, elements: list[ast.expr], span: Span) -> Operand | None:
    """A tuple with parts of any length: one after the other. None if all lengths are known."""
    found = several(w, [one.value if isinstance(one, ast.Starred) else one for one in elements])
    if all(isinstance(one, Row | Known) for tree, one in zip(elements, found) if isinstance(tree, ast.Starred)):
        return None
    parts = [calls.as_container(w, one, tuple, span) if isinstance(tree, ast.Starred) else Row((one,)) for tree, one in zip(elements, found)]
    return concatenated([Value(value_of(one, span)) for one in parts], span)


def starred(w: Writer, elements: list[ast.expr], span: Span) -> list[Operand]:
    """Return the operands of a display's elements; a starred tuple of known length stands for its elements."""
    plain = [one.value if isinstance(one, ast.Starred) else one for one in elements]
    found: list[Operand] = []
    for tree, one in zip(elements, several(w, plain)):
        if not isinstance(tree, ast.Starred):
            found.append(one)
        elif isinstance(one, Row):
            found += one.items
        elif isinstance(one, Known) and isinstance(one.value, tuple | list):
            found += map(Known, one.value)
        else:
            raise NotCompiled("a starred element whose length is not known", span, "Write a + b.")
    return found


def _display(w: Writer, elements: list[ast.expr], kind: type, span: Span) -> Operand:
    if any(isinstance(one, ast.Starred) for one in elements):
        return _starred_display(w, elements, kind, span)
    items = several(w, elements)
    if all(isinstance(one, Known) and is_value(one.value) for one in items):
        return Known(kind(one.value for one in items), fresh=True)  # type: ignore[union-attr]
    domains = [domain_of_operand(one, span) for one in items]
    element = join_all(domains)
    values = [expression_in(one, element, None, span) for one in items]
    return Value(comprehensions.container_of(values, kind, element, span), ordered=kind is list)


def _starred_display(w: Writer, elements: list[ast.expr], kind: type, span: Span) -> Operand:
    parts: list[Operand] = []
    for tree in elements:
        if isinstance(tree, ast.Starred):
            parts.append(calls.as_container(w, operand(w, tree.value), kind, span))
        else:
            parts.append(_display(w, [tree], kind, span))
    if kind is set:
        result = parts[0]
        for one in parts[1:]:
            result = Value(set_operation("|", result, one, span), ordered=False)
        return result
    return concatenated([Value(value_of(one, span)) for one in parts], span)


def _text(w: Writer, tree: ast.JoinedStr, span: Span) -> Operand:
    if all(isinstance(one, ast.Constant) for one in tree.values):
        return Known("".join(str(one.value) for one in tree.values if isinstance(one, ast.Constant)))
    raise NotCompiled("a text that depends on the state", span)
