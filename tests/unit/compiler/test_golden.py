"""Golden files: specs, and the Program and the C that come of them, for people to read. `python tests/unit/compiler/test_golden.py` writes them anew.

Each spec has a theme. Together they have every class of the Program and every operator, so whoever adds one adds a line to a spec, and reads what becomes of it.
"""

import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from speccheck.checker.compiled import compiled
from speccheck.checker.search import loaded
from speccheck.engines.native.machine import NativeMachine
from speccheck.model.model import Model
from speccheck.model.select import models_of_file
from speccheck.program import expressions as ex
from speccheck.program import statements as st

FOLDER = Path(__file__).parent / "golden"
SPECS = sorted(FOLDER.glob("*.py"))
MOST_BYTES = 500_000  # of all golden files: more is not read


def last(path: Path) -> Model:
    """Return the last model of a file, which inherits from the others."""
    return replace(models_of_file(str(path), {}, None, None)[0][-1], name=path.stem)


def texts(path: Path) -> dict[str, str]:
    """Return what becomes of a spec, by the ending of the file that holds it."""
    model = last(path)
    return {
        ".lowered": compiled(model, program=True, without=frozenset({"fold", "ranges", "prune"})),
        ".program": compiled(model, program=True),
        ".c": compiled(model),
    }


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_what_becomes_of_a_spec_is_what_was_read_and_found_right(path: Path) -> None:
    for ending, text in texts(path).items():
        assert path.with_suffix(ending).read_text(encoding="utf-8") == text, f"{path.stem}{ending} has changed: read it, and if it is right, write it anew"


def test_golden_files_are_few_enough_to_be_read() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < MOST_BYTES


# ---------------------------------------------------------------- nothing is left out


def parts(thing: object, known: dict[int, object]) -> Iterator[object]:
    """Yield all objects of the Program's classes inside of something, each once."""
    if id(thing) in known:
        return
    known[id(thing)] = thing
    if is_dataclass(thing) and not isinstance(thing, type) and type(thing).__module__.startswith("speccheck.program"):
        yield thing
        for field in fields(thing):
            yield from parts(getattr(thing, field.name), known)
    elif isinstance(thing, tuple | list | frozenset):
        for one in thing:
            yield from parts(one, known)
    elif isinstance(thing, Mapping):
        yield from parts(tuple(thing.values()), known)


@cache
def parts_of_all() -> tuple[object, ...]:
    """Return all parts of the Programs of all golden specs."""
    programs = [NativeMachine(model, loaded(model, "python")).program for model in map(last, SPECS)]
    return tuple(part for program in programs for part in parts(program, {}))


@pytest.mark.parametrize("group", ["AnyExpression", "AnyStatement", "Source", "PathStep"])
def test_every_class_of_the_program_is_in_a_golden_program(group: str) -> None:
    classes = typing.get_args(getattr(ex, group, None) or getattr(st, group))
    missing = [cls.__name__ for cls in classes if not any(isinstance(part, cls) for part in parts_of_all())]
    assert not missing, missing


@pytest.mark.parametrize(
    ("cls", "field", "words"),
    [
        (ex.Arithmetic, "operator", typing.get_args(ex.Operator)),
        (ex.SetOperation, "operator", ("|", "&", "-", "^")),
        (ex.Subset, "relation", ("subset", "proper", "disjoint")),
        (ex.Comprehension, "fold", typing.get_args(ex.Fold)),
        (ex.ContainerSource, "what", ("elements", "values", "items")),
        (ex.ReferenceSource, "what", ("elements", "values", "items")),
        (ex.Convert, "failure", (None, *(one for one in typing.get_args(ex.Failure) if one != "assert"))),  # what is asserted is no conversion
        (st.Change, "operation", typing.get_args(st.Operation)),
        (st.Fail, "failure", ("error", "assert")),  # the other failures are those of expressions
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else None,
)
def test_every_word_of_a_class_is_in_a_golden_program(cls: type, field: str, words: tuple[str | None, ...]) -> None:
    found = {getattr(part, field) for part in parts_of_all() if isinstance(part, cls)}
    assert found == set(words)


if __name__ == "__main__":
    for path in SPECS:
        for ending, text in texts(path).items():
            path.with_suffix(ending).write_text(text, encoding="utf-8")
