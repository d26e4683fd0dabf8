"""The rules of the house, executed: style, types, imports, names, lengths, docstrings."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import speccheck
from speccheck.errors import CATALOGUE, FINDINGS, SpeccheckError

ROOT = Path(__file__).parents[2]
PACKAGE = sorted((ROOT / "speccheck").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# One word per thing: these have a better one here (state, step, action, domain ...), or say nothing.
UNWANTED_NAMES = {"behaviour", "behavior", "config", "context", "edge", "helper", "helpers", "manager", "node", "transition", "util", "utils"}
# What other libraries, the standard library and the picture of a graph call so is called so.
WANTED_NAMES = {"_ast_node"}
# Words of texts that are about making the project, not about the project.
UNWANTED_TEXT = re.compile(
    r"\b(?:TODO|FIXME|XXX|HACK)\b|\bthis session\b|\b(?:issue|ticket|PR)\s+#?\d+|\(#\d+\)|\bas an AI\b|\blanguage model\b"
    r"|(?<![\w.])/(?:home|media|mnt|root|users|work|workspace)/",
    re.IGNORECASE,
)


def finds_no_fault(*command: str) -> None:
    """Run a tool of the environment in the project's folder; fail with what it printed, if it found fault."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        pytest.fail(f"{done.stdout}\n{done.stderr}", pytrace=False)


def modules() -> list[ModuleType]:
    """Import every module of the package."""
    names = [name for _, name, _ in pkgutil.walk_packages(speccheck.__path__, "speccheck.") if not name.startswith("speccheck.bundled")]
    return [speccheck, *map(importlib.import_module, names)]


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Parse every file of the package; its name and its tree."""
    for path in PACKAGE:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def texts() -> Iterator[tuple[str, str]]:
    """Read every file that people read: code, specs, tests, documents."""
    for pattern in ("*.md", "*.toml", ".ci/*", "docs/**/*.md", "speccheck/**/*.py", "speccheck/**/*.[ch]", "specs/**/*.py", "tests/**/*.py", "tests/**/*.md"):
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


# -------------------------------------------------- tools


def test_ruff_finds_no_fault() -> None:
    finds_no_fault("-m", "ruff", "check", "--output-format=concise")


def test_every_file_is_formatted() -> None:
    finds_no_fault("-m", "ruff", "format", "--check", "--output-format=concise")


def test_mypy_strict_finds_no_fault_in_the_package_and_the_bundled_specs() -> None:
    finds_no_fault("-m", "mypy")


def test_imports_go_down_the_floors_and_heavy_ones_stay_in_their_leaf() -> None:
    finds_no_fault("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))")


# -------------------------------------------------- imports


def test_every_folder_of_the_package_has_a_floor() -> None:
    floors = next(contract for contract in PROJECT["tool"]["importlinter"]["contracts"] if contract["id"] == "floors")
    named = {name.strip(" ()") for layer in floors["layers"] for name in re.split(r"[|:]", layer)}
    folders = {path.stem for path in (ROOT / "speccheck").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__", "__main__"}
    assert floors["exhaustive"] and folders <= named, folders - named


def third_party(tree: ast.Module) -> set[str]:
    """Return the names of the packages of others that a module imports, wherever it does."""
    imported: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                imported |= {alias.name.split(".")[0] for alias in node.names}
            case ast.ImportFrom():
                imported.add((node.module or "").split(".")[0])
    return imported - set(sys.stdlib_module_names) - {"speccheck"}


def test_every_third_party_import_is_a_declared_dependency_with_a_leaf() -> None:
    contracts = [contract for contract in PROJECT["tool"]["importlinter"]["contracts"] if contract["type"] == "forbidden"]
    in_a_leaf = {name for contract in contracts for name in contract["forbidden_modules"]}
    requirements = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["test"]]
    declared = {re.split(r"[<>=\[;~! ]", line)[0].replace("-", "_") for line in requirements}
    imported = {name for _, tree in trees() for name in third_party(tree)}
    assert imported <= in_a_leaf & declared, imported - (in_a_leaf & declared)


def test_every_declared_dependency_is_imported() -> None:
    declared = {re.split(r"[<>=\[;~! ]", line)[0].replace("-", "_") for line in PROJECT["project"]["dependencies"]}
    imported = {name for _, tree in trees() for name in third_party(tree)}
    assert declared <= imported, declared - imported


def test_modules_of_the_package_import_each_other_directly() -> None:
    """The lazy names of `speccheck` would be a way around the floors."""
    indirect = [
        f"{file}: from speccheck import {alias.name}"
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "speccheck"
        for alias in node.names
        if alias.name != "__version__" and not (ROOT / "speccheck" / alias.name).with_suffix(".py").exists() and not (ROOT / "speccheck" / alias.name).is_dir()
    ]
    assert indirect == []


def test_importing_speccheck_imports_nothing_else() -> None:
    roots = "'speccheck', 'annotated_types', 'click', 'graphviz', 'hypothesis', 'networkx', 'platformdirs', 'rich'"
    finds_no_fault("-c", f"import sys, speccheck; loaded = [m for m in sys.modules if m.split('.')[0] in ({roots})]; assert loaded == ['speccheck'], loaded")


# -------------------------------------------------- public names


def test_every_public_name_exists_and_is_declared_for_type_checkers() -> None:
    assert all(hasattr(speccheck, name) for name in speccheck.__all__)
    tree = ast.parse((ROOT / "speccheck/__init__.py").read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    declared = {(node.module, alias.asname) for node in ast.walk(guarded) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert declared == {(home, name) for name, home in speccheck._HOME_OF.items()}


def test_everything_public_has_a_docstring() -> None:
    without = []
    for module in modules():
        members = [member for name, member in vars(module).items() if not name.startswith("_") and getattr(member, "__module__", None) == module.__name__]
        for member in members:
            if inspect.isclass(member) or inspect.isfunction(member):
                without += [f"{module.__name__}.{member.__qualname__}"] * (not member.__doc__)
            if inspect.isclass(member):
                without += [f"{module.__name__}.{member.__qualname__}.{name}" for name in undocumented(member)]
    assert without == []


def undocumented(cls: type) -> list[str]:
    """Return the public methods of a class that neither have nor inherit a docstring; what a base class annotates is described there."""
    annotated = {name for base in cls.__mro__ for name in inspect.get_annotations(base)}
    methods = {name: method for name, method in vars(cls).items() if inspect.isfunction(method) and method.__name__ != "<lambda>"}
    return [name for name, method in methods.items() if not name.startswith("_") and name not in annotated and not inspect.getdoc(method)]


def test_docstrings_begin_with_a_sentence() -> None:
    broken = []
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (doc := ast.get_docstring(node)):
                first = re.split(r"\n\s*\n", doc)[0].rstrip()
                broken += [f"{file}:{getattr(node, 'lineno', 1)}: {first}"] * (not first.endswith((".", ":", "?", "::", "!", "...", ")", "`")))
    assert broken == []


# -------------------------------------------------- modules, lengths, names, texts


def test_every_module_has_a_docstring() -> None:
    assert [file for file, tree in trees() if tree.body and not ast.get_docstring(tree)] == []


def test_no_function_is_longer_than_60_lines_and_no_file_longer_than_500() -> None:
    catalogue = ROOT / "speccheck/errors.py"  # one short class after another, and better searched in one place
    long = [path.relative_to(ROOT).as_posix() for path in PACKAGE if path != catalogue and len(path.read_text(encoding="utf-8").splitlines()) > 500]
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or node.lineno) - node.lineno > 60:
                long.append(f"{file}:{node.lineno} {node.name}")
    assert long == []


def defined_names(tree: ast.Module) -> Iterator[str]:
    """Yield the names of the classes, functions and module-level variables that a module defines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
    for statement in tree.body:
        for target in getattr(statement, "targets", [getattr(statement, "target", None)]):
            if isinstance(target, ast.Name):
                yield target.id


def test_names_are_the_words_of_the_house() -> None:
    wrong = []
    for file, tree in trees():
        for name in [Path(file).stem, *defined_names(tree)]:
            words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
            if words & UNWANTED_NAMES and name not in WANTED_NAMES:
                wrong.append(f"{file}: {name}")
    assert wrong == []


def test_texts_are_about_the_project_and_not_about_its_making() -> None:
    own = Path(__file__).relative_to(ROOT).as_posix()
    found = [
        f"{file}:{number}: {line.strip()[:120]}"
        for file, text in texts()
        if file != own
        for number, line in enumerate(text.splitlines(), 1)
        if UNWANTED_TEXT.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["see issue 12", "# TODO: later", "as in PR #4", "a fix (#17)", "in /home/somebody/project", "open('/mnt/x.csv')", "what this session did"],
)
def test_a_text_about_the_making_is_recognised(line: str) -> None:
    assert UNWANTED_TEXT.search(line)


@pytest.mark.parametrize(
    "line",
    [r"TLA+: /\ and \/", "input/output and/or", "https://example.org/a/b", "#!/usr/bin/env bash", "specs/dual_write.py", "on Linux/macOS", "`a/b/c`", "./x/y"],
)
def test_an_ordinary_text_is_no_text_about_the_making(line: str) -> None:
    assert not UNWANTED_TEXT.search(line)


# -------------------------------------------------- catalogue


@pytest.mark.parametrize("error", CATALOGUE.values(), ids=CATALOGUE)
def test_every_error_says_what_it_means_and_what_to_do(error: type[SpeccheckError]) -> None:
    assert re.fullmatch(r"SC[1-9]\d\d", error.code)
    assert error.title and error.title[0] != error.title[0].upper() and not error.title.endswith("."), "a title is a phrase"
    assert error.advice.endswith((".", ")")), "an advice is a sentence"
    assert error.__doc__ and error.__doc__ != SpeccheckError.__doc__ and error.__doc__.rstrip().endswith(".")
    assert error.exit_code in (2, 3, 4, 5)


def test_codes_are_ordered_and_those_of_findings_are_their_own() -> None:
    assert list(CATALOGUE) == sorted(CATALOGUE)
    assert not set(CATALOGUE) & set(FINDINGS) and all(code.startswith("SC5") for code in FINDINGS)


def test_no_two_errors_have_one_title() -> None:
    titles = [error.title for error in CATALOGUE.values()] + [title for title, _ in FINDINGS.values()]
    assert len(titles) == len(set(titles))


# -------------------------------------------------- tables


@pytest.mark.parametrize(
    ("folder", "table", "entry"),
    [
        ("trace/formats", "FORMATS", "lines"),
        ("reports", "REPORTS", "lines"),
        ("cli", "COMMANDS", "command"),
        ("cli/traces", "COMMANDS", "command"),
        ("space/views", "VIEWS", "view"),
        ("compiler/passes", "PASSES", "passed"),
    ],
)
def test_every_module_with_an_entry_has_a_line_in_the_table_of_its_folder(folder: str, table: str, entry: str) -> None:
    package = f"speccheck.{folder.replace('/', '.')}"
    lines = getattr(importlib.import_module(package), table).values()
    listed = {line if isinstance(line, str) else line[0] if isinstance(line, tuple) else line.__module__ for line in lines}
    modules = {f"{package}.{path.stem}" for path in (ROOT / "speccheck" / folder).glob("[!_]*.py")}
    having = {module for module in modules if hasattr(importlib.import_module(module), entry)}
    assert listed and listed == having
