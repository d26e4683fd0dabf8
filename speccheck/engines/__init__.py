"""Engines: each loads a Model into a Machine. `ENGINES` is the table of those that exist."""

from collections.abc import Callable
from typing import Any

from speccheck.errors import BadUsage
from speccheck.model.model import Model


def _python(model: Model, workers: int | None) -> Any:
    from speccheck.engines.python.machine import PythonMachine

    return PythonMachine(model)


def _native(model: Model, workers: int | None) -> Any:
    from speccheck.engines.native.machine import NativeMachine

    return NativeMachine(model, _python(model, workers), workers)


ENGINES: dict[str, Callable[[Model, int | None], Any]] = {"python": _python, "native": _native}


def machine_of(model: Model, engine: str = "python", workers: int | None = None) -> Any:
    """Return the model loaded into the engine of this name; "auto" leaves the choice to us. `workers` is how many search (None: one for each core)."""
    if engine not in ("auto", *ENGINES):
        raise BadUsage(f"there is no engine '{engine}'; there are auto, {', '.join(ENGINES)}")
    return ENGINES["python" if engine == "auto" else engine](model, workers)
