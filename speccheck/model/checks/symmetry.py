"""Symmetry: whether every rule treats the members of the symmetric sorts alike (semantics 7.2), proven on the syntax tree.

    self.leader = SERVERS[0]                     names a member
    order = list(Server)                         puts the members in an order
    for s in Server: self.last = s               keeps what happens to come last
    for s in Server: self.votes[s] = None        is alike for all of them

In: a subject and the sorts. Out: an Asymmetric with its line for everything that is not alike, or that cannot be proven to be. Constants that rules name are
looked at here, the initial states where the reduction starts.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from speccheck.dsl.formulas import ActionAtom, Atom
from speccheck.errors import Asymmetric, SpeccheckError
from speccheck.model.checks.alike import problems_of
from speccheck.model.checks.interchange import problem_of_object
from speccheck.model.checks.subject import CheckedRule, Subject, atoms_of, formulas_of, uses_of
from speccheck.model.syntax.trees import class_tree, source_file
from speccheck.source import Span, span_of


def asymmetries(subject: Subject, sorts: Iterable[Any]) -> list[SpeccheckError]:
    """Return what may tell the members of these sorts apart, in the order of the source."""
    symmetric = frozenset(sorts)
    if not symmetric:
        return []
    uses = [use for use in uses_of(subject) if use.rule.role != "init"]  # the initial states themselves are compared, which is exact
    seen = {id(use.rule.function) for use in uses}
    found = [*_without_source(subject, seen), *_in_formulas(subject, symmetric)]
    for use in uses:
        found.extend(problems_of(use, symmetric))
    unique = {(error.span, error.message): error for error in reversed(found)}
    return sorted(unique.values(), key=lambda error: (error.span, error.message))


def _without_source(subject: Subject, seen: set[int]) -> Iterator[SpeccheckError]:
    for rule in subject.rules:
        if rule.role != "init" and id(rule.function) not in seen:
            yield _error(rule)


def _error(rule: CheckedRule) -> SpeccheckError:
    return Asymmetric(f"the source of '{rule.name}' is not to be had, so nothing can be proven about it", span=rule.span)


def _in_formulas(subject: Subject, sorts: frozenset[Any]) -> Iterator[SpeccheckError]:
    """Return the members that formulas written as attributes name, and the closures in them, which are looked at in methods only."""
    for formula in formulas_of(subject.spec):
        for atom in atoms_of(formula):
            match atom:
                case ActionAtom(kind=kind, action=action, positional=positional, named=named):
                    for value in (*positional, *(one for _, one in named)):
                        if (problem := problem_of_object(value, sorts)) is not None:
                            yield Asymmetric(f"{kind}({action}, ...) in a formula of {subject.spec.__name__}: {problem}", span=_class_span(subject.spec))
                case Atom(predicate=predicate) if getattr(predicate, "__name__", "") == "<lambda>":
                    message = f"a formula of {subject.spec.__name__} contains a lambda, about which nothing can be proven"
                    yield Asymmetric(message, span=_class_span(subject.spec), remedy="Make it a method.")


def _class_span(cls: type) -> Span:
    tree, file = class_tree(cls), source_file(cls)
    return Span(file or "") if tree is None or file is None else Span(file, span_of(file, tree).line)
