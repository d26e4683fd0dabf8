"""Selecting: from a file, a class and overrides to the Models to check.

A `@model` line is one model, with the constants it names; overrides that are given replace all lines by one model without expectations, or, with `model=`, are
laid over the lines that match.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from speccheck.domains.overrides import REGISTRY, Declared, Text
from speccheck.dsl.rules import ModelLine
from speccheck.dsl.spec import OPTIONS, Spec
from speccheck.errors import BadModel, Misuse, NoSpec, NothingSelected, SpeccheckError, did_you_mean, raise_all
from speccheck.model.collect import collect
from speccheck.model.loading import Loaded, load_module
from speccheck.model.model import Expectation, Model
from speccheck.model.outline import mentions_speccheck
from speccheck.source import Span


def models_of_file(path: str, overrides: Mapping[str, Any], spec: str | None = None, model: str | None = None) -> tuple[list[Model], frozenset[str]]:
    """Return the models of a spec file, in source order, and the names of the overrides that were consumed.

    `spec` is a class name, `model` a part of a model's name. Raises SpeccheckError: all errors of the file at once; NothingSelected if the selection leaves
    nothing.
    """
    return _File(path, overrides).models(spec, model)


def model_of_class(cls: Any, loaded: Loaded | None = None) -> Model:
    """Return the class as it is as one model without expectations."""
    if not isinstance(cls, type) or not issubclass(cls, Spec):
        raise NoSpec(f"{cls!r} is no class derived from Spec")
    if loaded is not None:
        return _collected(cls, loaded, ())
    declared = {name: one for base in cls.__mro__ for name, one in _registry(base.__module__).items()}
    return collect(cls, constants={name: one.value for name, one in declared.items()}, source=_text_of(cls))


class _File:
    """One spec file, loaded once for each set of constants that its models need."""

    def __init__(self, path: str, overrides: Mapping[str, Any]) -> None:
        self.path, self.overrides = path, dict(overrides)
        self._loads: dict[str, Loaded] = {}
        self.consumed: set[str] = set()

    def models(self, spec: str | None, model: str | None) -> tuple[list[Model], frozenset[str]]:
        first = self._loaded({} if model else self.overrides)
        concrete = [cls for cls in first.specs if not cls._part_options.abstract]
        if not concrete:
            why = "only abstract specs" if first.specs else "no class derived from Spec"
            raise NoSpec(f"{why} in this module", span=Span(first.file))
        errors: list[SpeccheckError] = []
        found: list[Model] = []
        for cls in concrete:
            if spec is None or cls.__name__ == spec:
                self._add(cls, first, model, found, errors)
        raise_all(errors)
        if not found:
            names = [cls.__name__ for cls in concrete]
            what = f"no model whose name contains '{model}'" if model and (spec is None or spec in names) else f"no spec '{spec}'"
            raise NothingSelected(f"{what}.{did_you_mean(spec or '', names)}", span=Span(first.file))
        return found, frozenset(self.consumed)

    def _add(self, cls: Any, first: Loaded, wanted: str | None, found: list[Model], errors: list[SpeccheckError]) -> None:
        try:
            # A module that takes none of the overrides keeps its models: they were meant for another file.
            if (first.consumed and wanted is None) or not cls._part_models:
                overridden = tuple(n for n in self.overrides if n in first.consumed)
                one = _collected(cls, first, overridden)
                if wanted is None or wanted in one.name:
                    found.append(one)
                return
        except SpeccheckError as error:
            errors.append(error)
            return
        for line in cls._part_models:
            try:
                if wanted is None or wanted in model_name(cls, line.constants, line.options):
                    found.append(self._of_line(cls, line))
            except (SpeccheckError, Misuse) as trouble:
                errors.append(trouble.error if isinstance(trouble, Misuse) else trouble)

    def _of_line(self, cls: Any, line: ModelLine) -> Model:
        span = Span(line.file, line.line)
        loaded = self._loaded({**line.constants, **self.overrides})
        unknown = [name for name in line.constants if name not in loaded.consumed]
        if unknown:
            raise BadModel(f"@model names the constant '{unknown[0]}', which the module does not have.{did_you_mean(unknown[0], loaded.declared)}", span=span)
        again = next((c for c in loaded.specs if c.__qualname__ == cls.__qualname__), None)
        if again is None:
            raise BadModel(f"with these constants the module defines no class {cls.__name__}", span=span)
        overridden = tuple(dict.fromkeys((*line.constants, *(n for n in self.overrides if n in loaded.consumed))))
        return with_options(_collected(again, loaded, overridden), line, any(name in loaded.consumed for name in self.overrides))

    def _loaded(self, overrides: Mapping[str, Any]) -> Loaded:
        key = repr(sorted(overrides.items(), key=lambda item: item[0]))
        if key not in self._loads:
            self._loads[key] = load_module(self.path, overrides)
        self.consumed |= self._loads[key].consumed
        return self._loads[key]


def _collected(cls: Any, loaded: Loaded, overridden: tuple[str, ...]) -> Model:
    constants = {name: one.value for name, one in loaded.declared.items()}
    shown = {name: constants[name] for name in overridden}
    return collect(cls, constants=constants, overridden=overridden, name=model_name(cls, shown, {}), source=loaded.source)


def model_name(cls: Any, constants: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Return a model's name: `DualWrite[Instance=2]`, or what `name=` says."""
    if "name" in options:
        return f"{cls.__name__}[{options['name']}]"
    parts = [f"{n}={v.text if isinstance(v, Text) else v!r}" for n, v in constants.items()]
    if options.get("symmetry"):
        parts.append("symmetry")
    return f"{cls.__name__}[{', '.join(parts)}]" if parts else str(cls.__name__)


def with_options(model: Model, line: ModelLine, laid_over: bool) -> Model:
    """Return the model with the options of its `@model` line; with constants laid over it, without its expectations. Raises BadModel for an option that means
    nothing.
    """
    options, span = line.options, Span(line.file, line.line)
    errors = [BadModel(f"@model has no option '{name}'.{did_you_mean(name, OPTIONS)}", span=span) for name in options if name not in OPTIONS]
    properties, actions = expectable(model), [a.name for a in model.actions] + [p.name for p in model.processes]
    for option, known in (("violates", properties), ("unknown", properties), ("only", properties), ("skip", properties), ("via", actions)):
        for name in names_of(options.get(option)):
            if name not in known:
                errors.append(
                    BadModel(
                        f"@model({option}={name!r}): {model.spec.__name__} has no such {'action' if option == 'via' else 'property'}."
                        f"{did_you_mean(name, known)}",
                        span=span,
                    )
                )
    for option in ("distinct", "depth"):
        if type(options.get(option, 0)) is not int:
            errors.append(BadModel(f"@model({option}={options[option]!r}): expected a number", span=span))
    raise_all(errors)
    only, skip = names_of(options.get("only")), names_of(options.get("skip"))
    selected = tuple(p for p in properties if (not only or p in only) and p not in skip) if only or skip else None
    expectation = Expectation(
        names_of(options.get("violates")), names_of(options.get("unknown")), names_of(options.get("via")), options.get("distinct"), options.get("depth")
    )
    shown = {name: model.constants[name] for name in model.overridden}
    return replace(
        model,
        name=model_name(model.spec, shown, options),
        line=line.line,
        expectation=Expectation() if laid_over else expectation,
        symmetry=bool(options.get("symmetry", False)),
        tags=names_of(options.get("tags")),
        selected=selected,
    )


def expectable(model: Model) -> list[str]:
    """Return the names of all properties that a verdict may be expected of, those that only a violation creates included."""
    names = [p.name for p in model.properties] + ["domain"]
    names += [f"{a.name}.{what}" for a in model.actions for what in ("assert", "error")]
    readers = [*model.constraints, *model.terminals, *([model.init] if model.init else [])]
    names += [f"{r.name}.{what}" for r in readers for what in ("error", "assert")]
    return names + [f"{p.name}.error" for p in model.properties if p.kind == "refinement"]


def names_of(value: Any) -> tuple[str, ...]:
    """Return an option that takes a name or several as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _registry(module: str) -> Mapping[str, Declared]:
    found: Mapping[str, Declared] = getattr(sys.modules.get(module), REGISTRY, {})
    return found


def _text_of(cls: type) -> str:
    import inspect

    try:
        return inspect.getsource(sys.modules[cls.__module__])
    except (OSError, TypeError, KeyError):
        return repr(cls)


def files_of(paths: Iterable[str]) -> list[str]:
    """Return the Python files that the paths name; a folder stands for every module below it that mentions a Spec, in order of names."""
    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(f for f in folders if not f.startswith((".", "__pycache__")))
            found += [file for f in sorted(files) if f.endswith(".py") and mentions_speccheck(file := os.path.join(folder, f))]
    return list(dict.fromkeys(found))
