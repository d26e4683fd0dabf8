"""Targets: what a caller may name, a class or a path, and the one model that it denotes."""

import os
import sys
from types import ModuleType
from typing import Any

from speccheck.errors import BadUsage, NothingSelected, UnknownOverride, did_you_mean, raise_all
from speccheck.model.loading import load_class, load_module, raise_unconsumed
from speccheck.model.model import Model
from speccheck.model.select import model_of_class, models_of_file

OPTIONS = ("spec", "model", "engine", "symmetry", "budget", "progress")


def load(path: str | os.PathLike[str], /, **constants: Any) -> ModuleType:
    """Return a spec's module, executed afresh with these constants. It lives apart from other loads and from `sys.modules`' public names."""
    loaded = load_module(os.fspath(path), constants)
    raise_unconsumed([loaded], constants)
    return loaded.module


def model_of_target(target: Any, spec: str | None, model: str | None, constants: dict[str, Any]) -> Model:
    """Return the one model that a class or a path denotes. Raises SpeccheckError where it is none or several."""
    lower = [name for name in constants if not name[:1].isupper()]
    if lower:
        raise BadUsage(f"check() has no option '{lower[0]}'.{did_you_mean(lower[0], OPTIONS)}")
    if not isinstance(target, str | os.PathLike):
        return _model_of_class(target, model, constants)
    models = _models(os.fspath(target), constants, spec, model)
    specs = list(dict.fromkeys(m.spec.__name__ for m in models))
    if len(specs) > 1:
        raise NothingSelected(f"the module has several specs: {', '.join(specs)}", remedy=f"Say which: check(path, spec='{specs[0]}').")
    return models[0]


def _model_of_class(target: Any, model: str | None, constants: dict[str, Any]) -> Model:
    if model is not None:
        return _models(load_class(target, {}).file, constants, target.__name__, model)[0]
    if not constants and not sys.flags.optimize:  # python -O has removed the asserts of modules that it imported itself
        return model_of_class(target)
    loaded = load_class(target, constants)
    raise_unconsumed([loaded], constants)
    again = next(cls for cls in loaded.specs if cls.__qualname__ == target.__qualname__)
    return model_of_class(again, loaded)


def _models(path: str, constants: dict[str, Any], spec: str | None, model: str | None) -> list[Model]:
    """Return the models that are selected; UnknownOverride for constants that none of them has."""
    models, consumed = models_of_file(path, constants, spec, model)
    unknown = [name for name in constants if name not in consumed]
    raise_all(UnknownOverride(f"no constant and no sort is named '{name}'.{did_you_mean(name, models[0].constants)}") for name in unknown)
    return models
