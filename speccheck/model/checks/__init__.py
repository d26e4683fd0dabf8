"""Checks: what is refused on the syntax tree, before anything runs.

    problems(subject)  ->  [UndeclaredAttribute("TwoPhase declares no variable 'tm_sate'. Did you mean 'tm_state'?"), ...]

Each module holds one check. All are certain: what they report goes wrong whenever control comes there. What the text does not show is left to the engines.
"""

from collections.abc import Callable, Iterable

from speccheck.errors import SpeccheckError
from speccheck.model.checks import formulas, impure, labels, ownership, properties, readonly, signatures, sorts, undeclared, unordered
from speccheck.model.checks.subject import Subject, Use, uses_of

CHECKS: dict[str, Callable[[Use], Iterable[SpeccheckError]]] = {
    "undeclared": undeclared.problems,
    "readonly": readonly.problems,
    "ownership": ownership.problems,
    "unordered": unordered.problems,
    "impure": impure.problems,
    "signatures": signatures.problems,
    "properties": properties.problems,
    "formulas": formulas.problems,
    "sorts": sorts.problems,
    "labels": labels.problems,
}


def problems(subject: Subject) -> list[SpeccheckError]:
    """Return every problem of a spec, in the order of the source; each place is reported once, however many rules come there."""
    uses = uses_of(subject)
    found = [*signatures.duplicates(subject), *(error for check in CHECKS.values() for use in uses for error in check(use))]
    unique = {(error.code, error.span): error for error in reversed(found)}
    return sorted(unique.values(), key=lambda error: (error.span, error.code))
