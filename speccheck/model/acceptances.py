"""Acceptances: findings that somebody keeps on purpose, each with the reason why.

In: what a class or a configuration accepts, `{"SC505": "a monitor stays as it is"}`. Out: Acceptances, or what is wrong with them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from speccheck.errors import CATALOGUE, FINDINGS, BadAcceptance, BadUsage, SpeccheckError, did_you_mean, raise_all
from speccheck.model.syntax.declarations import Declarations
from speccheck.source import Span

OUTDATED = "SC509"  # the finding that an acceptance matches nothing


@dataclass(frozen=True)
class Acceptance:
    """A code whose findings are accepted, and why; `span` is the class that says so, None for the configuration of the run."""

    code: str
    reason: str
    span: Span | None = None


def acceptances_of_class(cls: type) -> tuple[Acceptance, ...]:
    """Return what a class and its bases accept, the nearest one's reason for each code. Raises SpeccheckError, one or all of them."""
    found: dict[str, Acceptance] = {}
    errors: list[SpeccheckError] = []
    for base in reversed(cls.__mro__):
        options = vars(base).get("_part_options")
        if options is None or options.accept is None:
            continue
        span = Declarations(base).class_span
        wrong = [BadAcceptance(f"accept= of {base.__name__}: {fault}", span=span) for fault in faults(options.accept)]
        errors += wrong
        if not wrong:
            found |= {code: Acceptance(code, reason, span) for code, reason in options.accept.items()}
    raise_all(errors)
    return tuple(found.values())


def acceptances_of_run(accept: Mapping[str, str]) -> tuple[Acceptance, ...]:
    """Return what the configuration of a run accepts. Raises BadUsage, one or all of them."""
    raise_all(BadUsage(f"accept: {fault}", remedy=BadAcceptance.advice) for fault in faults(accept))
    return tuple(Acceptance(code, reason) for code, reason in accept.items())


def faults(accept: Any) -> Iterator[str]:
    """Say in words what makes no sense about `{code: reason}`."""
    if not isinstance(accept, Mapping):
        yield f"expected codes with reasons, as in {{'SC505': 'why'}}, not {accept!r}"
        return
    for code, reason in accept.items():
        if code in CATALOGUE:
            yield f"{code} is an error, which cannot be accepted: {CATALOGUE[code].title}"
        elif code == OUTDATED:
            yield f"{code} is about acceptances: drop the one that it names"
        elif code not in FINDINGS:
            yield f"there is no finding {code!r}.{did_you_mean(str(code).upper(), FINDINGS)}"
        elif not isinstance(reason, str) or not reason.strip():
            yield f"{code} is accepted without a reason"
