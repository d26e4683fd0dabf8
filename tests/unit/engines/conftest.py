"""A spec from a text: its models, and what comes out."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from speccheck import Result
from speccheck.checker.check import check_model
from speccheck.engines.machine import Budget
from speccheck.model.model import Model
from speccheck.model.select import models_of_file

PRELUDE = """
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Literal, NamedTuple, Self
from speccheck import *
from speccheck import model
"""


@pytest.fixture
def models(tmp_path: Path) -> Callable[..., list[Model]]:
    """Return a function that gives the models of a spec's text."""

    def made(text: str, **overrides: Any) -> list[Model]:
        file = tmp_path / "spec.py"
        file.write_text(PRELUDE + textwrap.dedent(text))
        return models_of_file(str(file), overrides)[0]

    return made


@pytest.fixture
def checked(models: Callable[..., list[Model]]) -> Callable[..., Result]:
    """Return a function that checks the first model of a spec's text."""

    def result(text: str, budget: Budget = Budget(), stop_first: bool = False, **overrides: Any) -> Result:
        return check_model(models(text, **overrides)[0], budget=budget, stop_first=stop_first)

    return result
