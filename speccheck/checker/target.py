"""Targets: what a caller may name, a class, a path, or a trace of it, and the one model that it denotes."""

import ast
import os
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from speccheck.domains.overrides import Text
from speccheck.errors import BadUsage, NothingSelected, UnknownOverride, did_you_mean, raise_all
from speccheck.model.loading import load_class, load_module, raise_unconsumed
from speccheck.model.model import Model
from speccheck.model.select import model_of_class, models_of_file
from speccheck.trace.origin import Origin
from speccheck.trace.trace import Trace

# Of `check`, `simulate` and `assert_holds`: a constant begins with a capital, so any other word is one of these, misspelt.
OPTIONS = ("spec", "model", "engine", "symmetry", "budget", "progress", "runs", "depth", "seed", "uniform", "property", "violates")


def load(path: str | os.PathLike[str], /, **constants: Any) -> ModuleType:
    """Return a spec's module, executed afresh with these constants. It lives apart from other loads and from `sys.modules`' public names."""
    loaded = load_module(os.fspath(path), constants)
    raise_unconsumed([loaded], constants)
    return loaded.module


def model_of_target(target: Any, spec: str | None, model: str | None, constants: dict[str, Any]) -> Model:
    """Return the one model that a class or a path denotes. Raises SpeccheckError where it is none or several."""
    models = models_of_target(target, spec, model, constants)
    specs = list(dict.fromkeys(m.spec.__name__ for m in models))
    if len(specs) > 1:
        raise NothingSelected(f"the module has several specs: {', '.join(specs)}", remedy=f"Say which: check(path, spec='{specs[0]}').")
    return models[0]


def models_of_target(target: Any, spec: str | None, model: str | None, constants: dict[str, Any]) -> list[Model]:
    """Return the models that a class (one) or a path (all of its file, or those that are selected) denotes. Raises SpeccheckError where there is none."""
    lower = [name for name in constants if not name[:1].isupper()]
    if lower:
        raise BadUsage(f"there is no option '{lower[0]}'.{did_you_mean(lower[0], OPTIONS)}")
    if isinstance(target, str | os.PathLike):
        return _models(os.fspath(target), constants, spec, model)
    return [_model_of_class(target, model, constants)]


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


def model_of_trace(trace: Trace, path: str, spec: str | None = None, defines: Mapping[str, str] | None = None) -> Model:
    """Return the model of a module that a trace is of: that of its name, else one with its constants, which are the defaults if it has none. `defines` are laid
    over its constants, as text. Raises SpeccheckError where there is none.
    """
    origin = trace.origin
    wanted = spec or _spec_of(path, origin)
    if not defines and origin is not None:
        named = [model for model in _models(path, {}, wanted, None) if model.name == origin.model]
        if named:
            return named[0]
    constants: dict[str, Any] = {} if origin is None else {name: _literal(name, text) for name, text in origin.constants}
    models = _models(path, {**constants, **{name: Text(text) for name, text in (defines or {}).items()}}, wanted, None)
    return next((model for model in models if not model.overridden), models[0])


def _spec_of(path: str, origin: Origin | None) -> str | None:
    """The spec of a module that a trace is of: that of its name, or the only one."""
    specs = list(dict.fromkeys(model.spec.__name__ for model in _models(path, {}, None, None)))
    if origin is not None and origin.spec in specs:
        return origin.spec
    if len(specs) > 1:
        was = "does not say its spec" if origin is None else f"is one of {origin.spec}"
        raise NothingSelected(f"the module has several specs, {', '.join(specs)}, and the trace {was}", remedy=f"Say which one: --spec {specs[0]}.")
    return specs[0]


def _literal(name: str, text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise BadUsage(f"the trace's model has {name}={text}, which cannot be given again as it is", remedy=f"Give it a value: -D {name}=VALUE.") from None
