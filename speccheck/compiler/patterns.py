"""Patterns of `match`: what tests a value, and what the names in it then denote."""

import ast
from typing import Any

from speccheck.compiler.attributes import alternative, attribute
from speccheck.compiler.builtin_calls import all_instances, is_instance, length_of
from speccheck.compiler.coercions import domain_of_operand, true, value_of
from speccheck.compiler.comparisons import equal
from speccheck.compiler.expressions import operand
from speccheck.compiler.items import item
from speccheck.compiler.operands import Known, Operand, Part, Row, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.compiler.writer import Writer
from speccheck.domains.base import Domain
from speccheck.domains.containers import Lists
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.tuples import Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program.expressions import And, Constant, Expression, IsAlternative, Or
from speccheck.program.types import BOOL
from speccheck.source import Span

Names = dict[str, Operand]


def matched(w: Writer, pattern: ast.pattern, subject: Operand) -> tuple[Expression, Names]:
    """Return whether a pattern matches, and what its names denote if it does."""
    span = w.span(pattern)
    match pattern:
        case ast.MatchAs(pattern=None, name=name):
            return true(True, span), {} if name is None else {name: subject}
        case ast.MatchAs(pattern=inner, name=name):
            assert inner is not None and name is not None
            test, names = matched(w, inner, subject)
            return test, {**names, name: _of_class(w, inner, subject)}
        case ast.MatchOr(patterns=patterns):
            found = [matched(w, one, subject) for one in patterns]
            if any(names for _, names in found):
                raise NotCompiled("names in a pattern with |", span)
            return Or(BOOL, span, tuple(test for test, _ in found)), {}
        case ast.MatchValue(value=value):
            return equal(subject, operand(w, value), span), {}
        case ast.MatchSingleton(value=value):
            return _is_constant(subject, value, span), {}
        case ast.MatchClass():
            return _class(w, pattern, subject, span)
        case ast.MatchSequence(patterns=patterns):
            return _sequence(w, patterns, subject, span)
    raise NotCompiled("this pattern", span)


def _is_constant(subject: Operand, value: Any, span: Span) -> Expression:
    domain = domain_of_operand(subject, span)
    if isinstance(value, bool) and isinstance(domain, Integers):
        return true(False, span)
    return equal(subject, Known(value), span)


def _class(w: Writer, pattern: ast.MatchClass, subject: Operand, span: Span) -> tuple[Expression, Names]:
    cls = operand(w, pattern.cls)
    if not (isinstance(cls, Known) and isinstance(cls.value, type)):
        raise NotCompiled("a pattern of a class that is not known", span)
    if isinstance(subject, Known):
        test: Expression = true(isinstance(subject.value, cls.value), span)
    else:
        test = is_instance(subject, cls.value, span)
    if pattern.patterns and cls.value in (bool, int, str, list, tuple, set, dict, frozenset):
        inner, captured = matched(w, pattern.patterns[0], narrowed(subject, cls.value, span))
        return both(test, inner, span), captured
    if isinstance(test, Constant) and not test.value:
        return test, _no_names(w, pattern)
    inside = narrowed(subject, cls.value, span)
    parts = list(zip(getattr(cls.value, "__match_args__", ()), pattern.patterns)) + list(zip(pattern.kwd_attrs, pattern.kwd_patterns))
    if len(pattern.patterns) > len(getattr(cls.value, "__match_args__", ())):
        raise NotCompiled("a pattern with more parts than the class has", span)
    names: Names = {}
    for name, one in parts:
        inner, more = matched(w, one, attribute(w, inside, name, span))
        test, names = both(test, inner, span), {**names, **more}
    return test, names


def _no_names(w: Writer, pattern: ast.pattern) -> Names:
    """What names denote in a case that never comes: nothing that matters."""
    return {part.name: Known(None) for part in ast.walk(pattern) if isinstance(part, ast.MatchAs | ast.MatchStar) and part.name}


def both(test: Expression, other: Expression, span: Span) -> Expression:
    """Return the conjunction of two tests."""
    if isinstance(other, Constant) and other.value:
        return test
    if isinstance(test, Constant) and test.value:
        return other
    return And(BOOL, span, (test, other))


def narrowed(subject: Operand, cls: type, span: Span) -> Operand:
    """Return a value that is known to be an instance of a class as one of the alternatives that may be."""
    if isinstance(subject, Value | Part) and isinstance(subject.domain, Union):
        having = [n for n, one in enumerate(subject.domain.alternatives) if _may_be(one, cls)]
        if len(having) == 1 and (
            all_instances(subject.domain.alternatives[having[0]], (cls,)) or not isinstance(subject.domain.alternatives[having[0]], Product)
        ):
            return alternative(subject, subject.domain, having[0], span)
    return subject


def _of_class(w: Writer, pattern: ast.pattern, subject: Operand) -> Operand:
    """Return what a name of a pattern denotes: an instance of the class that the pattern matches, if there is one."""
    if not isinstance(pattern, ast.MatchClass):
        return subject
    cls = operand(w, pattern.cls)
    assert isinstance(cls, Known)
    return narrowed(subject, cls.value, w.span(pattern))


def _may_be(domain: Domain, cls: type) -> bool:
    match domain:
        case Product() | Records():
            return issubclass(domain.cls, cls)
        case Enumerated():
            return any(isinstance(value, cls) for value in domain.values)
        case Integers():
            return issubclass(int, cls)
    return True


def _sequence(w: Writer, patterns: list[ast.pattern], subject: Operand, span: Span) -> tuple[Expression, Names]:
    if any(isinstance(one, ast.MatchStar) for one in patterns):
        raise NotCompiled("* in a pattern", span)
    if isinstance(subject, Known):
        if not isinstance(subject.value, tuple | list):
            return true(False, span), {}
        subject = Row(tuple(map(Known, subject.value)))
    if not isinstance(subject, Row):
        domain = domain_of_operand(subject, span)
        if isinstance(domain, Union) and isinstance(subject, Value | Part):
            return _sequence_among(w, patterns, subject, domain, span)
        if not _is_sequence(domain):
            raise NotCompiled(f"a pattern of a sequence for {domain.describe()}", span)
        value_of(subject, span)
    test = equal(length_of(w, [subject], {}, span), Known(len(patterns)), span)
    names: Names = {}
    if isinstance(test, Constant) and not test.value:
        return test, {}
    for i, one in enumerate(patterns):
        inner, more = matched(w, one, item(w, subject, Known(i), span))
        test, names = both(test, inner, span), {**names, **more}
    return test, names


def _is_sequence(domain: Domain) -> bool:
    return isinstance(domain, Lists | Sequences) or (isinstance(domain, Product) and issubclass(domain.cls, tuple))


def _sequence_among(w: Writer, patterns: list[ast.pattern], subject: Value | Part, domain: Union, span: Span) -> tuple[Expression, Names]:
    """A pattern of a sequence for a value that may be something else."""
    having = [n for n, one in enumerate(domain.alternatives) if _is_sequence(one)]
    if len(having) != 1:
        raise NotCompiled(f"a pattern of a sequence for {domain.describe()}", span)
    test = IsAlternative(BOOL, span, value_of(subject, span), frozenset(having))
    inner, names = _sequence(w, patterns, alternative(subject, domain, having[0], span), span)
    return both(test, inner, span), names
