"""Golden files: specs, and the Program and the C that come of them, for people to read. `python tests/unit/compiler/test_golden.py` writes them anew."""

from dataclasses import replace
from pathlib import Path

import pytest

from speccheck.checker.compiled import compiled
from speccheck.model.model import Model
from speccheck.model.select import models_of_file

FOLDER = Path(__file__).parent / "golden"
SPECS = sorted(FOLDER.glob("*.py"))


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


if __name__ == "__main__":
    for path in SPECS:
        for ending, text in texts(path).items():
            path.with_suffix(ending).write_text(text, encoding="utf-8")
