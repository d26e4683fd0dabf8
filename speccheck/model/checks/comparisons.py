"""Comparisons that can never be true by the domains of both sides: `self.pc[p] == "cirtical"`, `case "abroted":`. A finding, no error (SC504).

    impossible_comparisons(subject)  ->  [(Span(...), "'self.pc[p] == \"cirtical\"' can never be true: ... Did you mean 'critical'?")]

Parameters of functions that rules call are what their annotations say, whatever this or that call passes: a branch that one call does not need is no mistake.
"""

import ast
from collections.abc import Iterator
from enum import Enum
from typing import Any

from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated
from speccheck.domains.tuples import Product
from speccheck.domains.unions import may_be_equal
from speccheck.errors import did_you_mean
from speccheck.model.checks.subject import Subject, Use, uses_of
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.elements import element_of, item_of
from speccheck.model.syntax.functions import MISSING, class_member
from speccheck.model.syntax.inference import Inference
from speccheck.model.syntax.kinds import (
    CLAIMED,
    UNKNOWN,
    Built,
    Instance,
    Kind,
    Object,
    Of,
    State,
    Tuple,
    alternatives,
    is_scalar,
    join,
    scalar_domain,
    shape_of,
)
from speccheck.model.syntax.names import parameters_of
from speccheck.model.syntax.patterns import narrowed
from speccheck.source import Span

Impossible = tuple[ast.AST, str]


def impossible_comparisons(subject: Subject) -> list[tuple[Span, str]]:
    """Return the comparisons that can never be true, in the order of the source, each with what to say about it."""
    found: dict[Span, str] = {}
    for body in _bodies(subject):
        for tree in body.expressions():
            for place, message in _impossible(tree, body):
                found.setdefault(body.tree.span_of(place), message)
    return sorted(found.items())


def _bodies(subject: Subject) -> Iterator[Body]:
    """Return every function that rules use, once, without claims about what is passed to it; only the receiver of a method is what the calls say."""
    inference = Inference(subject.spec, subject.domains)
    uses: dict[ast.AST, list[Use]] = {}
    for use in uses_of(subject):
        uses.setdefault(use.body.tree.node, []).append(use)
    for same in uses.values():
        own = [use.body for use in same if use.own]
        if own:
            yield from own
            continue
        tree = same[0].body.tree
        first = [parameter.arg for parameter in parameters_of(tree.node)][:1]
        receivers = [use.body.arguments.get(name, UNKNOWN) for use in same for name in first]
        known = (
            join(receivers)
            if all(isinstance(one, State) or (isinstance(one, Of) and isinstance(one.domain, Records | Product)) for one in receivers)
            else UNKNOWN
        )
        body = inference.body(tree.function, {first[0]: known} if first and known != UNKNOWN else {})
        if body is not None:
            yield body


def _is_receiver(kind: Kind) -> bool:
    return isinstance(kind, State) or (isinstance(kind, Of) and isinstance(kind.domain, Records | Product))


def _impossible(tree: ast.AST, body: Body) -> Iterator[Impossible]:
    match tree:
        case ast.Compare():
            operands = [tree.left, *tree.comparators]
            for left, op, right in zip(operands, tree.ops, operands[1:]):
                yield from _pair(tree, left, op, right, body)
        case ast.Match(subject=value, cases=cases):
            for case in cases:
                yield from _pattern(case.pattern, body.kind(value), ast.unparse(value), body)


def _pair(tree: ast.Compare, left: ast.expr, op: ast.cmpop, right: ast.expr, body: Body) -> Iterator[Impossible]:
    kinds = body.kind(left), body.kind(right)
    match op:
        case ast.Eq() | ast.Is():
            if not may_be_same(*kinds) and not _is_caution(op, *kinds):
                yield tree, _never(f"{ast.unparse(left)} {_symbol(op)} {ast.unparse(right)}", left, right, body)
        case ast.NotEq() | ast.IsNot():
            if (_is_word(kinds[0]) or _is_word(kinds[1])) and not may_be_same(*kinds):
                yield tree, _always(f"{ast.unparse(left)} {_symbol(op)} {ast.unparse(right)}", left, right, body)
        case ast.In() | ast.NotIn():
            yield from _membership(tree, left, op, right, body)


def _membership(tree: ast.Compare, left: ast.expr, op: ast.cmpop, right: ast.expr, body: Body) -> Iterator[Impossible]:
    kind = body.kind(left)
    if isinstance(right, ast.Tuple | ast.List | ast.Set):
        wrong = [one for one in right.elts if _is_word(body.kind(one)) and not may_be_same(kind, body.kind(one))]
        for one in wrong:
            yield one, _never(f"{ast.unparse(left)} == {ast.unparse(one)}", left, one, body)
        if wrong:
            return
    container = body.kind(right)
    if any(isinstance(one, Instance) or (isinstance(one, Object) and isinstance(one.value, str)) for one in alternatives(container)):
        return
    if not may_be_same(kind, element_of(container)) and not (isinstance(right, ast.Tuple | ast.List | ast.Set) and not right.elts):
        if isinstance(op, ast.In):
            yield tree, _never(f"{ast.unparse(left)} in {ast.unparse(right)}", left, right, body)
        elif _is_word(kind):
            yield tree, _always(f"{ast.unparse(left)} not in {ast.unparse(right)}", left, right, body)


# ---------------------------------------------------------------- patterns


def _pattern(pattern: ast.pattern, kind: Kind, text: str, body: Body) -> Iterator[Impossible]:
    match pattern:
        case ast.MatchValue(value=value) if not may_be_same(kind, body.kind(value)):
            yield pattern, f"`case {ast.unparse(value)}` can never match: `{text}` is {_described(kind)}.{_guess(kind, body.kind(value))}"
        case ast.MatchSingleton(value=value) if not may_be_same(kind, Object(value)):
            yield pattern, f"`case {value}` can never match: `{text}` is {_described(kind)}."
        case ast.MatchOr(patterns=patterns):
            for one in patterns:
                yield from _pattern(one, kind, text, body)
        case ast.MatchAs(pattern=ast.pattern() as inner):
            yield from _pattern(inner, kind, text, body)
        case ast.MatchClass():
            yield from _class_pattern(pattern, kind, text, body)
        case ast.MatchSequence(patterns=patterns) if all(_is_row(one, len(patterns)) for one in alternatives(kind)):
            for number, one in enumerate(patterns):
                yield from _pattern(one, item_of(kind, Object(number)), f"{text}[{number}]", body)


def _class_pattern(pattern: ast.MatchClass, kind: Kind, text: str, body: Body) -> Iterator[Impossible]:
    inner, cls = narrowed(kind, pattern, body), body.object_of(pattern.cls)
    if inner == UNKNOWN:
        if isinstance(cls, type) and _never_of_class(kind, cls):
            yield pattern, f"`case {ast.unparse(pattern)}` can never match: `{text}` is {_described(kind)}."
        return
    named = [*zip(getattr(cls, "__match_args__", ()), pattern.patterns), *zip(pattern.kwd_attrs, pattern.kwd_patterns)]
    for name, one in named:
        if all(_lacks(each, name) for each in alternatives(inner)):
            yield pattern, f"`case {ast.unparse(pattern)}` can never match: {_described(inner)} has no attribute '{name}'."
            continue
        found = join(body.member(each, name) for each in alternatives(inner))
        yield from _pattern(one, found if alternatives(found) else UNKNOWN, f"{text}.{name}", body)


def _never_of_class(kind: Kind, cls: type) -> bool:
    """Return whether no alternative is an instance of the class; only where all of them are known exactly."""
    kinds = alternatives(kind)
    exact = all(isinstance(one, Of) and one.origin is not CLAIMED and isinstance(one.domain, Records | Product | Enumerated) for one in kinds)
    return bool(kinds) and exact and cls is not object


def _lacks(kind: Kind, name: str) -> bool:
    match kind:
        case Of(Records() as domain, _):
            return name not in domain.fields and class_member(domain.cls, name) is MISSING
        case Of(Product() as domain, origin) if origin is not CLAIMED and domain.cls is not tuple:
            return name not in domain.names and class_member(domain.cls, name) is MISSING
    return False


def _is_row(kind: Kind, length: int) -> bool:
    match kind:
        case Tuple(elements):
            return len(elements) == length
        case Of(Product() as domain, _):
            return issubclass(domain.cls, tuple) and len(domain.domains) == length
    return False


# ---------------------------------------------------------------- equality


def may_be_same(a: Kind, b: Kind) -> bool:
    """Return whether a value of one kind may equal one of the other; True where that cannot be said."""
    lefts, rights = alternatives(a), alternatives(b)
    if not lefts or not rights or (_all_constant(lefts) and _all_constant(rights)):
        return True  # constants that are compared with each other choose between variants of a spec
    return any(_may_equal(x, y) for x in lefts for y in rights)


def _all_constant(kinds: tuple[Kind, ...]) -> bool:
    return all(isinstance(one, Object) for one in kinds)


def _may_equal(a: Kind, b: Kind) -> bool:
    x, y = scalar_domain(a), scalar_domain(b)
    if x is not None and y is not None:
        return may_be_equal(x, y)
    families = _family(a), _family(b)
    if None in families:
        return True
    if families[0] != families[1]:
        return False
    rows = _row(a), _row(b)
    if rows[0] is not None and rows[1] is not None:
        return len(rows[0]) == len(rows[1]) and all(map(may_be_same, rows[0], rows[1]))
    return True


def _family(kind: Kind) -> Any:
    """Return what kinds of value can be equal to each other only; None where that cannot be said."""
    if scalar_domain(kind) is not None:
        return "scalar"
    shape = shape_of(kind)
    if shape is not None and shape != "iterator":
        return "set" if shape == "frozenset" else shape
    match kind:
        case Of(Records() | Product() as domain, origin) if origin is not CLAIMED:
            return domain.cls
    return None


def _row(kind: Kind) -> tuple[Kind, ...] | None:
    match kind:
        case Tuple(elements):
            return elements
        case Of(Product() as domain, origin) if issubclass(domain.cls, tuple):
            return tuple(Of(one, origin) for one in domain.domains)
    return None


def _is_word(kind: Kind) -> bool:
    """Return whether an operand is a literal that may have been mistyped."""
    return isinstance(kind, Object) and isinstance(kind.value, str | Enum)


def _is_caution(op: ast.cmpop, a: Kind, b: Kind) -> bool:
    """Return whether a function asks whether an argument is None although its annotation says that it is not."""
    others = [one for one in (a, b) if one != Object(None)]
    return len(others) == 1 and all(getattr(one, "origin", None) is CLAIMED for one in alternatives(others[0]))


# ---------------------------------------------------------------- messages


def _never(text: str, left: ast.expr, right: ast.expr, body: Body) -> str:
    return f"`{text}` can never be true: {_why(left, right, body)}"


def _always(text: str, left: ast.expr, right: ast.expr, body: Body) -> str:
    return f"`{text}` is always true, and was hardly meant so: {_why(left, right, body)}"


def _why(left: ast.expr, right: ast.expr, body: Body) -> str:
    kinds = body.kind(left), body.kind(right)
    variable, kind, other = (left, *kinds) if not isinstance(kinds[0], Object) else (right, kinds[1], kinds[0])
    return f"`{ast.unparse(variable)}` is {_described(kind)}.{_guess(kind, other)}"


def _described(kind: Kind) -> str:
    return " | ".join(sorted(set(map(_described_one, alternatives(kind)))))  # what a value may be has no order of its own


def _described_one(kind: Kind) -> str:
    match kind:
        case Of(domain, _):
            return domain.describe()
        case Object(value) if is_scalar(value):
            return repr(value)
        case Built(shape):
            return f"a {shape} of {_described(kind.element)}" if alternatives(kind.element) and UNKNOWN not in alternatives(kind.element) else f"a {shape}"
        case Tuple():
            return "a tuple"
        case Object():
            return f"a {shape_of(kind) or 'constant'}"
    return "something else"


def _guess(kind: Kind, other: Kind) -> str:
    """Guess the word that was meant."""
    word = other.value if isinstance(other, Object) else None
    kinds = (*alternatives(kind), *alternatives(element_of(kind)))
    words = [value for one in kinds if isinstance(one, Of) and isinstance(one.domain, Enumerated) for value in one.domain.values if isinstance(value, str)]
    return did_you_mean(word, words) if isinstance(word, str) else ""


def _symbol(op: ast.cmpop) -> str:
    return {ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not"}[type(op)]
