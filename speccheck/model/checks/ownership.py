"""Mutable parts that would get a second owner: `self.y = self.x`, `self.q.append(n)`, `[self.a, self.b]`.

In: a function as an action uses it. Out: Ownership, with the copy to write instead. A part is only reported where it certainly lies in another place than that
in which it is stored.
"""

import ast
from collections.abc import Iterator

from speccheck.domains.base import Domain
from speccheck.domains.containers import Lists, Maps, Sets
from speccheck.domains.records import Record, Records, declared_fields
from speccheck.domains.scalars import Enumerated
from speccheck.domains.unions import Union, may_be_equal
from speccheck.errors import Ownership, SpeccheckError
from speccheck.model.checks.moved import changed_after_storing
from speccheck.model.checks.subject import Use, called_from
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.elements import element_of, item_of
from speccheck.model.syntax.kinds import FRESH, Built, Index, Kind, Object, Of, Place, State, Symbol, alternatives, shape_of
from speccheck.model.syntax.writes import Write, writes_in

_TAKING = ("pop", "popitem", "remove", "clear")


def problems(use: Use) -> Iterator[SpeccheckError]:
    """Return the stores that would give a part a second owner, and the changes of what was stored."""
    if use.rule.read_only:  # mappings and properties may share parts
        return
    for write in writes_in(use.body):
        for store in _stores(write, use.body):
            yield from _shared(use, store)
    for tree in use.body.expressions():
        if isinstance(tree, ast.Call):
            for store in _fields(tree, use.body):
                yield from _shared(use, store)
    yield from changed_after_storing(use)


class _Store:
    """A value that is stored: the expression, the place it gets (None: in a fresh record), the domain of that, and whether the elements are stored."""

    def __init__(self, value: ast.expr, place: Place | None, domain: Domain, elements: bool = False) -> None:
        self.value, self.place, self.domain, self.elements = value, place, domain, elements


# ---------------------------------------------------------------- what is stored where


def _stores(write: Write, body: Body) -> Iterator[_Store]:
    receivers = alternatives(write.receiver)
    if len(receivers) != 1 or not (write.in_state or _is_fresh_record(receivers[0])):
        return
    for value in write.values:
        found = _inner(receivers[0], write, body)
        if found is not None and isinstance(found, Of):
            elements = write.how in ("augment", "local") or write.name in ("extend", "update")
            if elements:
                if write.how == "augment" and not (isinstance(found.domain, Lists | Maps)):
                    continue
                found = element_of(found) if shape_of(found) == "list" else item_of(found, found)
            if isinstance(found, Of) and found.domain.mutable and not _is_argument_only(write, value):
                yield _Store(value, found.origin if isinstance(found.origin, Place) else None, found.domain, elements)


def _is_argument_only(write: Write, value: ast.expr) -> bool:
    """Return whether an argument of a method is no value that is stored: a key, a position."""
    return write.how == "method" and write.name in ("insert", "setdefault") and value is write.values[0]


def _inner(receiver: Kind, write: Write, body: Body) -> Kind | None:
    """Return the kind of the place that a write gives a value; for `extend`, `update` and `+=`, of the container itself."""
    match write.how:
        case "assign" | "augment" if write.name is not None:
            return body.member(receiver, write.name) if write.name in _field_names(receiver) else None
        case "assign" | "augment" if write.index is not None and not isinstance(write.index, ast.Slice):
            return item_of(receiver, body.kind(write.index))
        case "method" if write.name in ("append", "insert"):
            return element_of(receiver)
        case "method" if write.name == "setdefault":
            return item_of(receiver, body.kind(write.values[0]))
        case "method" if write.name in ("extend", "update"):
            return receiver
        case "local":
            return receiver
    return None


def _field_names(receiver: Kind) -> tuple[str, ...]:
    match receiver:
        case State(cls, _):
            return declared_fields(cls)
        case Of(Records() as domain, _):
            return tuple(domain.fields)
    return ()


def _is_fresh_record(receiver: Kind) -> bool:
    return isinstance(receiver, Of) and isinstance(receiver.domain, Records) and receiver.origin is FRESH


def _fields(call: ast.Call, body: Body) -> Iterator[_Store]:
    """The fields that a record's constructor is given."""
    cls = body.object_of(call.func)
    if isinstance(cls, type) and issubclass(cls, Record):
        domains = body.inference.fields_of(cls)
        for keyword in call.keywords:
            domain = domains.get(keyword.arg or "")
            if domain is not None and domain.mutable:
                yield _Store(keyword.value, None, domain)


# ---------------------------------------------------------------- parts in what is stored


def _shared(use: Use, store: _Store) -> Iterator[SpeccheckError]:
    for expression, kind, place, domain in _denoted(store.value, store.place, store.domain, use.body, store.elements):
        for one in _parts(kind):
            part = one.origin
            assert isinstance(part, Place)
            if may_be_equal(one.domain, domain) and (place is None or _apart(part, place)) and not _may_have_been_taken(expression, part, use.body):
                text = ast.unparse(expression)
                what = f"`{text}`" if one is kind or isinstance(kind, Of) else f"a part in `{text}`"
                yield use.error(Ownership, f"{what} is a mutable part of the state, and is stored in a second place", expression, _remedy(text, one, kind))
                break


def _denoted(value: ast.expr, place: Place | None, domain: Domain, body: Body, elements: bool = False) -> Iterator[tuple[ast.expr, Kind, Place | None, Domain]]:
    """Return the expressions whose values are stored, each with its kind, the place that it gets, and the domain of that."""
    match value:
        case ast.IfExp(body=yes, orelse=no):
            for one in (yes, no):
                yield from _denoted(one, place, domain, body, elements)
        case ast.BoolOp(op=op, values=values):
            for one in values if isinstance(op, ast.Or) else values[-1:]:
                yield from _denoted(one, place, domain, body, elements)
        case ast.NamedExpr(value=inner):
            yield from _denoted(inner, place, domain, body, elements)
        case ast.List() | ast.Dict() | ast.ListComp() | ast.DictComp() | ast.GeneratorExp() | ast.Tuple() | ast.Set():
            inner_place, inner_domain = (place, domain) if elements else _element_place(place, domain)
            if inner_domain is not None:
                for one, starred in _elements_in(value):
                    yield from _denoted(one, inner_place, inner_domain, body, starred)
        case _:
            kind = body.kind(value)
            if elements:
                yield value, item_of(kind, kind) if shape_of(kind) == "dict" else element_of(kind), place, domain
                return
            yield value, kind, place, domain
            inner_place, inner_domain = _element_place(place, domain)
            if isinstance(kind, Built) and inner_domain is not None:
                yield value, kind.value if kind.shape == "dict" else kind.element, inner_place, inner_domain


def _elements_in(value: ast.expr) -> Iterator[tuple[ast.expr, bool]]:
    match value:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield (part.value, True) if isinstance(part, ast.Starred) else (part, False)
        case ast.Dict(keys=keys, values=values):
            for key, one in zip(keys, values):
                yield one, key is None
        case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
            yield element, False
        case ast.DictComp(value=element):
            yield element, False


def _element_place(place: Place | None, domain: Domain) -> tuple[Place | None, Domain | None]:
    containers = [one for one in (domain.alternatives if isinstance(domain, Union) else (domain,)) if isinstance(one, Lists | Maps)]
    if len(containers) != 1:
        return None, None
    kind = Of(containers[0], FRESH)
    inner = element_of(kind) if isinstance(containers[0], Lists) else item_of(kind, kind)
    return (place.then(Index()) if place else None), (inner.domain if isinstance(inner, Of) and inner.domain.mutable else None)


def _parts(kind: Kind) -> list[Of]:
    """Return what the value can be, if it certainly is a mutable part of the state (or None); otherwise nothing."""
    kinds = alternatives(kind)
    parts = [one for one in kinds if isinstance(one, Of) and one.domain.mutable and isinstance(one.origin, Place)]
    others = [one for one in kinds if one not in parts]
    return parts if all(isinstance(one, Of) and isinstance(one.domain, Enumerated) and one.domain.values == (None,) for one in others) else []


# ---------------------------------------------------------------- places


def _apart(a: Place, b: Place) -> bool:
    """Return whether two places are certainly different ones."""
    if a.root != b.root or a.shape != b.shape:
        return True
    pairs = [(x.at, y.at) for x, y in zip(a.steps, b.steps) if isinstance(x, Index) and isinstance(y, Index)]
    return any(_differ(x, y) for x, y in pairs)


def _differ(a: Symbol | tuple[object] | None, b: Symbol | tuple[object] | None) -> bool:
    match a, b:
        case (tuple(), tuple()):
            return a != b
        case Symbol(name, None), Symbol(other, None):
            return name != other  # parameters take all values, independently of each other
    return False


def _may_have_been_taken(expression: ast.expr, part: Place, body: Body) -> bool:
    """Return whether a variable may denote a part that `pop` has given away since, or another one than its only assignment says."""
    if not isinstance(expression, ast.Name):
        return False
    binding = body.names.of.get(expression)
    if binding is None or len(body.names.writes.get(binding, ())) > 1:
        return True
    return any(_takes_from(tree, part, one) for one in called_from(body) for tree in one.expressions())


def _takes_from(tree: ast.AST, part: Place, body: Body) -> bool:
    """Return whether this may take the part, or one that it lies in, out of its container."""
    match tree:
        case ast.Call(func=ast.Attribute(value=holder, attr=name)) if name in _TAKING:
            origins = [getattr(one, "origin", None) for one in alternatives(body.kind(holder))]
            if all(isinstance(one, Built | Object) for one in alternatives(body.kind(holder))):
                return False
            return any(not isinstance(origin, Place) or part.shape[: len(origin.shape)] == origin.shape for origin in origins if origin is not FRESH)
    return False


def _remedy(text: str, part: Of, kind: Kind) -> str:
    if not isinstance(kind, Of):
        return "Store copies: copy(...) of each part."
    match part.domain:
        case Sets():
            return f"Write a copy: set({text})."
        case Lists() if not part.domain.element.mutable:
            return f"Write a copy: list({text})."
        case Maps() if not part.domain.value_domain.mutable:
            return f"Write a copy: dict({text})."
    return f"Write a copy, which is deep: copy({text})."
