"""What all tests share: the folder of the project, and reproducible random examples."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from speccheck.errors import NoCompiler

# On GitHub Actions a run annotates by itself; tests that are about that say so.
for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(name, None)

# The same examples on every machine, so that a failure is one everywhere; `pytest --hypothesis-profile=explore` looks for new ones.
settings.register_profile("fixed", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("fixed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, Any, Any]:
    """A test that needs a C compiler is skipped where there is none; what the tests say of that error itself, they expect."""
    try:
        return (yield)
    except NoCompiler as missing:
        pytest.skip(missing.message)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the project."""
    return Path(__file__).parents[1]
