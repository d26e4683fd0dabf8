"""Engines: each loads a Model into a Machine. `ENGINES` is the table of those that exist."""

from collections.abc import Callable
from typing import Any

from speccheck.errors import BadUsage
from speccheck.model.model import Model


def _python(model: Model) -> Any:
    from speccheck.engines.python.machine import PythonMachine

    return PythonMachine(model)


ENGINES: dict[str, Callable[[Model], Any]] = {"python": _python}


def machine_of(model: Model, engine: str = "python") -> Any:
    """Return the model loaded into the engine of this name; "auto" leaves the choice to us."""
    if engine not in ("auto", *ENGINES):
        raise BadUsage(f"there is no engine '{engine}'; there are auto, {', '.join(ENGINES)}")
    return ENGINES["python" if engine == "auto" else engine](model)
