"""The service does what its spec says: the story of how it goes wrong without tokens is played on the real code."""

from pathlib import Path

import pytest
from lease import LeaseService, StaleToken, Storage

from speccheck import check

SPEC = str(Path(__file__).parents[1] / "specs/lease.py")


def test_the_spec_holds() -> None:
    assert check(SPEC, spec="Lease").holds


def test_the_story_that_breaks_a_storage_without_tokens_is_refused() -> None:
    trace = check(SPEC, spec="WithoutToken")["in_order"].trace
    assert trace is not None
    service, storage, tokens = LeaseService(), Storage(), dict[str, int]()
    *before, last = trace.steps
    for step in before:
        play(step.action, client_of(step), service, storage, tokens)
    with pytest.raises(StaleToken):
        play(last.action, client_of(last), service, storage, tokens)


def client_of(step: object) -> str:
    return next((str(value) for name, value in step.parameters if name == "c"), "")  # type: ignore[attr-defined]


def play(action: str | None, client: str, service: LeaseService, storage: Storage, tokens: dict[str, int]) -> None:
    """Take a step of the spec on the real code."""
    if action == "acquire":
        token = service.acquire(client)
        assert token is not None
        tokens[client] = token
    elif action == "expire":
        service.expire()
    elif action == "write":
        storage.write(tokens[client], f"by {client}")
    else:
        raise AssertionError(action)
