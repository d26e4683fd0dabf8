"""Findings that are accepted: marked with the reason why, and acceptances that have outlived their finding.

In: the findings of a model and what it accepts. Out: the same findings, some with a reason; after a whole run, a finding (SC509) for each acceptance that
nothing matched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from speccheck.checker.result import Finding, Result
from speccheck.model.acceptances import OUTDATED, Acceptance
from speccheck.model.model import Model


def accepted(found: Iterable[Finding], acceptances: Iterable[Acceptance]) -> tuple[Finding, ...]:
    """Return the findings, those that are accepted with the reason."""
    reasons = {one.code: one.reason for one in acceptances}
    return tuple(replace(finding, accepted=reasons.get(finding.code)) for finding in found)


def unmatched(models: Sequence[Model], results: Sequence[Result], gate: bool) -> tuple[Finding, ...]:
    """Return a finding for each acceptance that no finding matched, although every model that accepts it was searched to its end.

    `models` are all that were selected, those left out for their tags included. What the configuration accepts may be meant for other files than these, so
    that this is certain only in a run that is the gate of a project.
    """
    searched = {id(result.model) for result in results if result.complete}
    found = {(id(result.model), finding.code) for result in results for finding in result.findings}
    findings = []
    for acceptance in dict.fromkeys(acceptance for model in models for acceptance in model.acceptances):
        holders = [model for model in models if acceptance in model.acceptances]
        if all(id(model) in searched for model in holders) and not any((id(model), acceptance.code) in found for model in holders):
            message = f"nothing matches the acceptance of {acceptance.code} ({acceptance.reason}): no model has such a finding any more"
            findings.append(Finding(OUTDATED, message, acceptance.span, certain=gate or acceptance.span is not None))
    return tuple(findings)
