"""Changes: methods that change a container in place, and items and attributes that are given values."""

from typing import Any

from speccheck.compiler import comprehensions, folds
from speccheck.compiler.attributes import alternative, has_attribute
from speccheck.compiler.builtin_calls import as_container, dict_of, sorted_of
from speccheck.compiler.coercions import LISTED, converted, described, domain_of_operand, domain_or_none, expression_in, integer_of, value_of
from speccheck.compiler.comparisons import set_operation
from speccheck.compiler.items import item
from speccheck.compiler.joins import fits, join, keys_of
from speccheck.compiler.membership import contains, sought
from speccheck.compiler.operands import Known, Operand, Part, Row, State, Value
from speccheck.compiler.operators import choice
from speccheck.compiler.refusals import NotCompiled, refuse
from speccheck.compiler.writer import Writer
from speccheck.compiler.writes import closed, existing, grown, in_state, may_be_missing, own_variable, refuse_second_place, written
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.scalars import Integers
from speccheck.domains.tuples import FrozenSets
from speccheck.domains.unions import Union
from speccheck.program.expressions import (
    ContainerSource,
    Contains,
    Expression,
    FieldStep,
    IndexOf,
    ItemStep,
    KeyStep,
    Load,
    Not,
    Place,
    Variable,
)
from speccheck.program.failing import can_fail
from speccheck.program.statements import Change, Fail, For, If, Store, Touch
from speccheck.program.types import BOOL
from speccheck.source import Span


def change(w: Writer, receiver: Operand, name: str, arguments: list[Operand], named: dict[str, Operand], span: Span) -> Operand:
    """Write a call of a method that changes a container; return what it returns."""
    assert isinstance(receiver, Part)
    if w.block is None:
        raise NotCompiled("something that acts inside a comprehension or lambda", span)
    if named and not (name == "sort" and named.keys() <= {"key", "reverse"}):
        raise NotCompiled(f"'{name}' with named arguments", span)
    if any(not step.sure for step in receiver.place.steps if isinstance(step, ItemStep | KeyStep)) and arguments:
        arguments = [w.held(one, span) for one in arguments]
    match receiver.domain:
        case Sets():
            return _change_set(w, receiver, name, arguments, span)
        case Lists():
            if name == "sort":
                if "key" in named and w.state_of(receiver.place) is None:  # CPython empties a list of its own while it is sorted
                    raise NotCompiled("'sort' with a key, of a list that is no part of the state", span, "Write sorted(...).")
                return _emptied(w, receiver, sorted_of(w, [receiver], named, span), span)
            return _change_list(w, receiver, name, arguments, span)
        case Maps():
            return _change_map(w, receiver, name, arguments, span)
        case Bags():
            return _change_bag(w, receiver, name, arguments, span)
        case Union() as domain:
            having = [n for n, one in enumerate(domain.alternatives) if has_attribute(one, name)]
            if len(having) == 1:
                return change(w, alternative(receiver, domain, having[0], span), name, arguments, named, span)
    raise NotCompiled(f"the method '{name}' of {receiver.domain.describe()}", span)


def _emit(w: Writer, place: Place, operation: Any, arguments: tuple[Expression, ...], span: Span) -> Operand:
    in_state(w, place, span)
    own_variable(w, place)
    if may_be_missing(w, place) and any(
        can_fail(one, w.compiler.so_far) for one in arguments
    ):  # CPython looks whether there is such a part before what goes into it
        w.held(Part(place), span, "there")
    w.emit(Change(place, operation, arguments, span=span))
    return Known(None)


def _reached(w: Writer, place: Place, span: Span) -> Place:
    """Return a place that is written as a whole although only what is in it changes: it must be there already."""
    if not place.steps or not isinstance(last := place.steps[-1], KeyStep) or last.sure:
        return place
    key = value_of(w.held(Value(last.key), span, "key"), span)
    outer = existing(w, place)
    there = Contains(BOOL, span, Load(outer.domain, span, outer), key)
    w.emit(If(Not(BOOL, span, there), (Fail("error", span=span),), (), span=span))
    return Place(place.root, (*place.steps[:-1], KeyStep(key, True)), place.domain)


def _emptied(w: Writer, of: Part, value: Operand, span: Span) -> Operand:
    """`clear`: the container stays where it is, what was in it does not."""
    of = Part(_reached(w, of.place, span), of.ordered)
    failure: Any = "domain" if in_state(w, of.place, span) else "beyond"
    own_variable(w, of.place)
    inner = of.domain.value_domain if isinstance(of.domain, Maps) else of.domain.element  # type: ignore[attr-defined]
    if inner.mutable:
        closed(w, inner, span)
    w.emit(Store(of.place, expression_in(value, of.place.domain, failure, span), span=span))
    return Known(None)


def _touched(w: Writer, place: Place, span: Span) -> Operand:
    if may_be_missing(w, place):
        w.held(Part(place), span, "touched")
    if in_state(w, place, span):
        w.emit(Touch(span=span))
    return Known(None)


def _change_set(w: Writer, of: Part, name: str, arguments: list[Operand], span: Span) -> Operand:
    place, domain = of.place, of.domain
    assert isinstance(domain, Sets)
    failure: Any = "domain" if w.state_of(place) is not None else "beyond"
    match name:
        case "add":
            place = _with_room(w, place, domain, domain_of_operand(arguments[0], span))
            inner = place.domain.element  # type: ignore[attr-defined]
            return _emit(w, place, "add", (expression_in(arguments[0], inner, failure, span),), span)
        case "discard" | "remove":
            return _dropped(w, of, name, arguments[0], span)
        case "pop":
            if w.state_of(place) is None:
                raise NotCompiled("pop from a set that has no order", span)
            least = w.held(folds.first(w, of, None, span), span, "popped")
            _emit(w, place, "remove", (value_of(least, span),), span)
            return least
        case "clear":
            return _emptied(w, of, Known(set()), span)
        case "update":
            for one in arguments:
                _add_each(w, of, one, span)
            return _touched(w, place, span) if not arguments else Known(None)
        case "intersection_update" | "difference_update" | "symmetric_difference_update":
            operator: Any = {"i": "&", "d": "-", "s": "^"}[name[0]]
            for one in arguments:
                _combine(w, of, operator, one, span)
            return Known(None)
    raise NotCompiled(f"the method '{name}' of a set", span)


def _with_room(w: Writer, place: Place, domain: Sets, element: Domain) -> Place:
    if own_variable(w, place) is None:
        return place
    inner = join(domain.element, element)
    return grown(w, place, Sets(inner, min(inner.size, LISTED if inner.size > 1 << 12 else inner.size)))


def _dropped(w: Writer, of: Part, name: str, element: Operand, span: Span) -> Operand:
    """discard and remove: an element that the set cannot contain is not there."""
    domain: Any = of.domain
    own = domain_of_operand(element, span)
    if isinstance(element, Known):
        try:
            domain.element.freeze_any(element.value)
        except BaseException:
            return _missing(w, of, name, span)
    elif not fits(own, domain.element):
        test = contains(w, of, element, span)
        block: list[Any] = []
        other: list[Any] = []
        with w.into(block):
            _emit(w, of.place, "remove" if isinstance(domain, Bags) else "discard", (expression_in(element, domain.element, "error", span),), span)
        with w.into(other):
            _missing(w, of, name, span)
        w.emit(If(test, tuple(block), tuple(other), span=span))
        return Known(None)
    return _emit(w, of.place, name, (expression_in(element, domain.element, None, span),), span)


def _missing(w: Writer, of: Part, name: str, span: Span) -> Operand:
    if name == "discard":
        return _touched(w, of.place, span)
    w.emit(Fail("error", span=span))
    return Known(None)


def _add_each(w: Writer, of: Part, values: Operand, span: Span) -> None:
    """`update`, `|=`: every element is checked on its own."""
    if isinstance(values, Known) and not list(values.value):
        _touched(w, of.place, span)
        return
    domain = domain_of_operand(values, span) if not isinstance(values, Known) else None
    target: Any = of.domain
    if isinstance(domain, Sets) and fits(domain.element, target.element) and target.capacity >= target.element.size:
        _combine(w, of, "|", values, span)
        return
    going = comprehensions.through(w, values, span, often=True)
    if own_variable(w, of.place) is not None:
        place = _with_room(w, of.place, target, domain_of_operand(going.body, span))
        of = Part(place, of.ordered)
        _combine(w, of, "|", folds.collected(w, going, set, span), span)
        return
    gathered = w.held(folds.collected(w, going, set, span), span, "added")
    of = Part(_reached(w, of.place, span), of.ordered)
    whole = set_operation("|", of, gathered, span)
    written(w, of.place, Value(whole, False), span, placed=False)


def _combine(w: Writer, of: Part, operator: Any, other: Operand, span: Span) -> None:
    if not isinstance(domain_or_none(other), Sets | FrozenSets):
        other = as_container(w, other, set, span)
    of = Part(_reached(w, of.place, span), of.ordered)
    whole = set_operation(operator, of, other, span)
    failure: Any = "domain" if in_state(w, of.place, span) else "beyond"
    place = grown(w, of.place, whole.type) if w.state_of(of.place) is None else of.place  # type: ignore[arg-type]
    own_variable(w, place)
    w.emit(Store(place, converted(whole, place.domain, failure), span=span))


def _change_bag(w: Writer, of: Part, name: str, arguments: list[Operand], span: Span) -> Operand:
    domain: Any = of.domain
    failure: Any = "domain" if w.state_of(of.place) is not None else "beyond"
    if name == "add":
        place = of.place
        if own_variable(w, place) is not None:
            place = grown(w, place, Bags(join(domain.element, domain_of_operand(arguments[0], span)), max(LISTED, domain.capacity)))
            domain = place.domain
        return _emit(w, place, "add", (expression_in(arguments[0], domain.element, failure, span),), span)
    if name == "remove":
        return _dropped(w, of, name, arguments[0], span)
    raise NotCompiled(f"the method '{name}' of a Bag", span)


def _change_list(w: Writer, of: Part, name: str, arguments: list[Operand], span: Span) -> Operand:
    place, domain = of.place, of.domain
    assert isinstance(domain, Lists)
    failure: Any = "domain" if w.state_of(place) is not None else "beyond"
    if domain.element.mutable and name not in ("append", "clear"):
        closed(w, domain.element, span)
    match name:
        case "append" | "insert":
            element = arguments[-1]
            if isinstance(element, Part) and element.domain.mutable:
                refuse_second_place(w, place, element, span)
            if own_variable(w, place) is not None:
                place = grown(w, place, Lists(join(domain.element, domain_of_operand(element, span)), max(LISTED, domain.capacity)))
            inner = place.domain.element  # type: ignore[attr-defined]
            value = expression_in(element, inner, failure, span)
            return _emit(w, place, name, (value,) if name == "append" else (integer_of(arguments[0], span), value), span)
        case "pop":
            if domain.element.mutable:
                raise NotCompiled("pop of mutable values", span)
            index = w.held(arguments[0] if arguments else Known(-1), span, "index")
            popped = w.held(item(w, of, index, span), span, "popped")
            _emit(w, place, "delete", (integer_of(index, span),), span)
            return popped
        case "remove":
            whole = value_of(of, span)
            at = IndexOf(integers_below(domain.capacity), span, whole, sought(arguments[0], domain.element, span))
            position = w.held(Value(at), span, "index")
            return _emit(w, place, "delete", (value_of(position, span),), span)
        case "extend":
            _extended(w, of, arguments[0], span)
            return Known(None)
        case "clear":
            return _emptied(w, of, Known([]), span)
        case "reverse":
            return _emit(w, place, "reverse", (), span)
    raise NotCompiled(f"the method '{name}' of a list", span)


def integers_below(count: int) -> Any:
    """Return the domain of the indices of a list."""
    return Integers(0, max(0, count - 1))


def _extended(w: Writer, of: Part, values: Operand, span: Span) -> None:
    """`extend`, `+=`: one after the other."""
    if isinstance(values, Known) and not list(values.value):
        _touched(w, of.place, span)
        return
    listed = w.held(folds.collected(w, values, list, span), span, "added")
    if isinstance(listed, Known):
        for one in listed.value:
            _change_list(w, of, "append", [Known(one)], span)
        return
    domain: Any = of.domain
    place = of.place
    inner = domain_of_operand(listed, span).element  # type: ignore[attr-defined]
    if own_variable(w, place) is not None:
        place = grown(w, place, Lists(join(domain.element, inner), max(LISTED, domain.capacity)))
    local = w.fresh("each", inner)
    block: list[Any] = []
    with w.into(block):
        _change_list(w, Part(place, of.ordered), "append", [w.operand(local, span)], span)
    _touched(w, place, span)
    w.emit(For((local,), ContainerSource(value_of(listed, span)), tuple(block), span=span))


def _change_map(w: Writer, of: Part, name: str, arguments: list[Operand], span: Span) -> Operand:
    place, domain = of.place, of.domain
    assert isinstance(domain, Maps)
    if domain.total and name in ("pop", "popitem", "clear") and w.state_of(place) is not None:
        w.emit(Fail("error", span=span))
        return Known(None)
    if domain.value_domain.mutable:
        closed(w, domain.value_domain, span)
    match name:
        case "pop":
            if domain.value_domain.mutable:
                raise NotCompiled("pop of mutable values", span)
            key = w.held(arguments[0], span, "key")
            if len(arguments) == 1:
                popped = w.held(item(w, of, key, span), span, "popped")
                _emit(w, place, "delete_key", (expression_in(key, domain.key_domain, "error", span),), span)
                return popped
            default = w.held(arguments[1], span, "default")
            there = contains(w, of, key, span)
            popped = w.held(choice(there, item(w, of, key, span), default, span), span, "popped")
            block: list[Any] = []
            with w.into(block):
                _emit(w, place, "discard_key", (expression_in(key, domain.key_domain, "error", span),), span)
            w.emit(If(there, tuple(block), (), span=span))
            _touched(w, place, span)
            return popped
        case "popitem":
            raise NotCompiled("popitem", span, "Write pop(max(d)).")
        case "clear":
            return _emptied(w, of, Known({}), span)
        case "update":
            for one in arguments:
                _updated(w, of, one, span)
            _touched(w, place, span)
            return Known(None)
        case "setdefault":
            key = w.held(arguments[0], span, "key")
            given = w.held(arguments[1], span, "default") if len(arguments) > 1 else Known(None)
            block = []
            with w.into(block):
                set_item(w, of, key, given, span)
            w.emit(If(Not(BOOL, span, contains(w, of, key, span)), tuple(block), (), span=span))
            return item(w, of, key, span)
    raise NotCompiled(f"the method '{name}' of a dict", span)


def _updated(w: Writer, of: Part, other: Operand, span: Span) -> None:
    if isinstance(other, Known):
        for key, value in other.value.items():
            set_item(w, of, Known(key), Known(value), span)
        return
    given = w.held(dict_of(w, [other], {}, span), span, "added")
    view = comprehensions.map_view(w, given, "items", span)  # type: ignore[arg-type]
    assert isinstance(view.body, Row)
    block: list[Any] = []
    with w.into(block):
        set_item(w, of, view.body.items[0], view.body.items[1], span)
    w.emit(For(view.generators[0].targets, view.generators[0].source, tuple(block), span=span))


def set_item(w: Writer, of: Operand, key: Operand, value: Operand, span: Span) -> None:
    """Write `of[key] = value`."""
    if not isinstance(of, Part):
        raise NotCompiled(f"an item of {described(of)} that is given a value", span)
    failure: Any = "domain" if w.state_of(of.place) is not None else "beyond"
    match of.domain:
        case Maps() as domain:
            place = of.place
            if own_variable(w, place) is not None:
                keys = join(domain.key_domain, domain_of_operand(key, span))
                place = grown(w, place, Maps(keys_of(keys), join(domain.value_domain, domain_of_operand(value, span)), False))
                domain = place.domain  # type: ignore[assignment]
            into = expression_in(key, domain.key_domain, failure, span)
            written(w, Place(place.root, (*place.steps, KeyStep(into, True)), domain.value_domain), value, span)
            return
        case Lists() as domain:
            place = of.place
            if own_variable(w, place) is not None:
                place = grown(w, place, Lists(join(domain.element, domain_of_operand(value, span)), domain.capacity))
                domain = place.domain  # type: ignore[assignment]
            written(w, Place(place.root, (*place.steps, ItemStep(integer_of(key, span))), domain.element), value, span)
            return
        case Union() as domain:
            having = [n for n, one in enumerate(domain.alternatives) if isinstance(one, Maps | Lists)]
            if len(having) == 1:
                set_item(w, alternative(of, domain, having[0], span), key, value, span)
                return
    raise NotCompiled(f"an item of {of.domain.describe()} that is given a value", span)


def delete_item(w: Writer, of: Operand, key: Operand, span: Span) -> None:
    """Write `del of[key]`."""
    if not isinstance(of, Part):
        raise NotCompiled(f"'del' of an item of {described(of)}", span)
    match of.domain:
        case Maps() as domain:
            if domain.total and w.state_of(of.place) is not None:
                w.emit(Fail("error", span=span))
                return
            if domain.value_domain.mutable:
                closed(w, domain.value_domain, span)
            _emit(w, of.place, "delete_key", (expression_in(key, domain.key_domain, "error", span),), span)
            return
        case Lists() as domain:
            if domain.element.mutable:
                closed(w, domain.element, span)
            _emit(w, of.place, "delete", (integer_of(key, span),), span)
            return
    raise NotCompiled(f"'del' of an item of {of.domain.describe()}", span)


def set_attribute(w: Writer, of: Operand, name: str, value: Operand, span: Span) -> None:
    """Write `of.name = value`."""
    if isinstance(of, State):
        index = list(w.compiler.variables).index(name) if name in w.compiler.variables else refuse(f"an assignment to '{name}', which is no variable", span)
        written(w, Place(Variable(of.which, index), (), w.compiler.variables[name]), value, span)
        return
    if isinstance(of, Part) and isinstance(of.domain, Records) and name in of.domain.fields:
        index = list(of.domain.fields).index(name)
        written(w, Place(of.place.root, (*of.place.steps, FieldStep(index)), of.domain.fields[name]), value, span)
        return
    if isinstance(of, Part) and isinstance(of.domain, Union):
        having = [n for n, one in enumerate(of.domain.alternatives) if isinstance(one, Records) and name in one.fields]
        if len(having) == 1:
            set_attribute(w, alternative(of, of.domain, having[0], span), name, value, span)
            return
    raise NotCompiled(f"an assignment to '{name}' of {described(of)}", span)
