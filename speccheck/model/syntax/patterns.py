"""Patterns: what the variables of a `case` get.

match m:                        m: Of(<Vote | Ack>)
    case Ack(index=k) as ack:   ack: Of(<Ack>), k: Of(<Index>)
"""

import ast
from collections.abc import Iterator
from typing import Any, Protocol

from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.tuples import Product
from speccheck.model.syntax.elements import element_of, item_of
from speccheck.model.syntax.kinds import NOTHING, UNKNOWN, Built, Kind, Object, Of, Tuple, alternatives, join


class Reading(Protocol):
    """What a pattern asks of the function that it stands in."""

    def object_of(self, expression: ast.AST) -> Any:
        """Return the very object that an expression denotes, or None."""

    def member(self, kind: Kind, name: str) -> Kind:
        """Return the kind of an attribute; NOTHING where there is none."""


def pattern_kinds(pattern: ast.AST, kind: Kind, body: Reading) -> Iterator[tuple[ast.AST, Kind]]:
    """Return the captures of a pattern, each with the kind of what it captures from a value of this kind."""
    match pattern:
        case ast.MatchAs(pattern=inner, name=name):
            if inner is not None:
                yield from pattern_kinds(inner, kind, body)
            if name is not None:
                yield pattern, narrowed(kind, inner, body)
        case ast.MatchOr(patterns=patterns):
            for one in patterns:
                yield from pattern_kinds(one, kind, body)
        case ast.MatchClass():
            yield from _class_kinds(pattern, narrowed(kind, pattern, body), body)
        case ast.MatchSequence(patterns=patterns):
            yield from _sequence_kinds(patterns, kind, body)
        case ast.MatchMapping(patterns=patterns, rest=rest):
            for one in patterns:
                yield from pattern_kinds(one, UNKNOWN, body)
            if rest is not None:
                yield pattern, UNKNOWN


def narrowed(kind: Kind, pattern: ast.AST | None, body: Reading) -> Kind:
    """Return the kind of a value that a pattern has matched."""
    match pattern:
        case ast.MatchClass(cls=cls_expression):
            cls = body.object_of(cls_expression)
            if not isinstance(cls, type):
                return UNKNOWN
            kept = join(one for one in alternatives(kind) if _may_be(one, cls))
            return UNKNOWN if kept == NOTHING else kept
        case ast.MatchOr(patterns=patterns):
            return join(narrowed(kind, one, body) for one in patterns)
        case ast.MatchAs(pattern=inner):
            return narrowed(kind, inner, body)
    return kind


def _may_be(kind: Kind, cls: type) -> bool:
    match kind:
        case Of(Records() | Product() as domain, _):
            return issubclass(domain.cls, cls) or issubclass(cls, domain.cls)
        case Of(Enumerated() as domain, _):
            return any(isinstance(value, cls) for value in domain.values)
        case Of(Integers(), _):
            return issubclass(int, cls)
        case Object(value):
            return isinstance(value, cls)
    return True


def _class_kinds(pattern: ast.MatchClass, kind: Kind, body: Reading) -> Iterator[tuple[ast.AST, Kind]]:
    cls = body.object_of(pattern.cls)
    names = tuple(getattr(cls, "__match_args__", ()))
    for number, one in enumerate(pattern.patterns):
        inner = _attribute(kind, names[number], body) if number < len(names) else UNKNOWN
        yield from pattern_kinds(one, inner, body)
    for name, one in zip(pattern.kwd_attrs, pattern.kwd_patterns):
        yield from pattern_kinds(one, _attribute(kind, name, body), body)


def _attribute(kind: Kind, name: str, body: Reading) -> Kind:
    found = join(body.member(one, name) for one in alternatives(kind))
    return UNKNOWN if found == NOTHING else found


def _sequence_kinds(patterns: list[ast.pattern], kind: Kind, body: Reading) -> Iterator[tuple[ast.AST, Kind]]:
    fits = [one for one in alternatives(kind) if not (isinstance(one, Tuple) and len(one.elements) != len(patterns))]
    starred = any(isinstance(one, ast.MatchStar) for one in patterns)
    for number, one in enumerate(patterns):
        if isinstance(one, ast.MatchStar):
            if one.name is not None:
                yield one, Built("list", UNKNOWN)
        elif starred:
            yield from pattern_kinds(one, element_of(kind), body)
        else:
            yield from pattern_kinds(one, item_of(join(fits), Object(number)), body)
