"""`speccheck list`: specs, models, constants and properties, without checking anything."""

import ast
import sys
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import click

from speccheck.checker.bundled import CHAPTERS, bundled, bundled_chapters, resolved
from speccheck.cli.parameters import define, defines_of, once
from speccheck.cli.screen import Screen
from speccheck.domains.overrides import REGISTRY, Declared
from speccheck.model.model import Expectation, Model
from speccheck.source import display_path
from speccheck.trace.styled import EMPTY, Line, Piece, line


@click.command("list", help="Show specs, models, constants and properties without checking.")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--bundled", "of_bundled", is_flag=True, help="Show the specs that ship with speccheck.")
@click.option("-D", "defines", type=define, multiple=True, metavar="NAME=VALUE", help="Give a constant or a sort size another value.")
@click.option("--spec", multiple=True, callback=once, metavar="NAME", help="Show this spec only.")
@click.option("--model", multiple=True, callback=once, metavar="TEXT", help="Show the models whose name contains TEXT.")
@click.pass_obj
def command(screen: Screen, /, paths: tuple[str, ...], of_bundled: bool, defines: tuple[tuple[str, str], ...], spec: str | None, model: str | None) -> int:
    """Show what the files define, and return 0 if all of them could be read."""
    if not paths and not of_bundled:
        raise click.UsageError("Missing PATH, or --bundled.")
    if of_bundled:
        screen.show(bundled_lines())
    if not paths:
        return 0
    from speccheck.checker.run import RunOptions, exit_code, select
    from speccheck.reports.errors import error_lines

    options = RunOptions(defines=defines_of(defines), spec=spec, model=model)
    models, errors = select(tuple(map(resolved, paths)), options)
    screen.show(model_lines(models))
    for error in errors:
        screen.complain(error_lines(error))
    return exit_code([], errors, options) if errors or not models else 0


def bundled_lines() -> list[Line]:
    """Return the bundled specs, chapter by chapter, with the first lines of their docstrings."""
    chapters = bundled_chapters()
    if not chapters:
        return [line("This installation carries no bundled specs.")]
    column = max(len(name) for names in chapters.values() for name in names)
    shown: list[Line] = []
    for chapter, names in chapters.items():
        shown += [*([EMPTY] if shown else []), line((CHAPTERS.get(chapter, chapter), "heading"), f"  bundled:{chapter}")]
        shown += [line(("  " + f"bundled:{name:<{column}}", "name"), f"  {_first_words(bundled(name))}") for name in names]
    return shown


def model_lines(models: Iterable[Model]) -> list[Line]:
    """Return everything about the models, file by file and spec by spec."""
    shown: list[Line] = []
    for file, of_file in groupby(models, key=lambda one: one.file):
        shown.append(line((display_path(file), "place")))
        for _, of_spec in groupby(of_file, key=lambda one: one.spec.__name__):
            shown.extend([*_spec_lines(list(of_spec)), EMPTY])
    return shown


def _spec_lines(models: list[Model]) -> list[Line]:
    first = models[0]
    doc = _sentence(first.doc)
    rows: list[tuple[str, str | Piece, str]] = []
    for one in models:
        rows.append(("model", (one.name, "name"), _expected(one.expectation)))
    for name, default in _defaults(models).items():
        rows.append(("sort" if default[1] == "sort" else "constant", name, default[0]))
    for variable in first.variables:
        rows.append(("variable", variable.name, variable.domain.describe()))
    for action in first.actions:
        rows.append(("action", f"{action.name}({', '.join(p.name for p in action.parameters)})", _sentence(action.doc)))
    for prop in first.properties:
        rows.append((prop.kind, prop.name if prop.name != prop.kind else "(checked)", _sentence(prop.doc)))
    return [line("  ", (first.spec.__name__, "heading"), "  " if doc else "", (doc, "faint")), *_columns(rows)]


def _sentence(doc: str) -> str:
    """The first line of a docstring."""
    return doc.strip().split("\n")[0]


def _columns(rows: list[tuple[str, str | Piece, str]]) -> list[Line]:
    names = [name if isinstance(name, str) else name[0] for _, name, _ in rows]
    kind, column = max(len(row[0]) for row in rows), max(map(len, names))
    shown, before = [], ""
    for (word, name, rest), text in zip(rows, names, strict=True):
        label = word if word != before else ""
        before = word
        piece: Piece = (text, "plain") if isinstance(name, str) else name
        shown.append(line("    ", (f"{label:<{kind}}", "faint"), "  ", piece, " " * (column - len(text)) + "  ", rest))
    return shown


def _expected(expectation: Expectation) -> str:
    """What a model says must come out, in words."""
    words = [f"must violate {', '.join(expectation.violates)}" if expectation.violates else "must hold"]
    if expectation.via:
        words.append(f"via {', '.join(expectation.via)}")
    if expectation.unknown:
        words.append(f"{', '.join(expectation.unknown)} unknown")
    words.extend(f"{name} {count}" for name, count in (("distinct", expectation.distinct), ("depth", expectation.depth)) if count is not None)
    return ", ".join(words)


def _defaults(models: list[Model]) -> dict[str, tuple[str, str]]:
    """The constants that can be overridden, each with its default as text and whether it is a sort."""
    declared = _declared(models[0])
    found = {}
    for name, value in models[0].constants.items():
        if name in declared:
            found[name] = (repr(declared[name].default), declared[name].kind)
        elif free := next((one for one in models if name not in one.overridden), None):
            found[name] = (repr(free.constants[name]), "constant")
        else:
            found[name] = (f"(here {value!r})", "constant")
    return found


def _declared(model: Model) -> dict[str, Declared]:
    found: dict[str, Declared] = {}
    modules: list[Mapping[str, Any]] = [getattr(sys.modules.get(base.__module__), "__dict__", {}) for base in model.spec.__mro__]
    modules.extend(getattr(rule.function, "__globals__", {}) for rule in model.actions)
    for module in modules:
        found.update(module.get(REGISTRY, {}))
    return found


def _first_words(path: str) -> str:
    """The first line of a module's docstring, without running it; of a folder, that of its `__init__` or first module."""
    import os

    if os.path.isdir(path):
        files = sorted(file for file in os.listdir(path) if file.endswith(".py"))
        path = os.path.join(path, "__init__.py" if "__init__.py" in files else files[0])
    try:
        with open(path, encoding="utf-8") as file:
            doc = ast.get_docstring(ast.parse(file.read()))
    except (OSError, SyntaxError, ValueError):
        return ""
    return _sentence(doc or "")
