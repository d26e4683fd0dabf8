"""Compilers that tests may count on, and such that nobody can."""

import os
import shlex
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from speccheck.engines.native.toolchain import Toolchain, search_toolchain

pytest.register_assert_rewrite("tests.unit.engines.native.judged")  # assertions of the modules that compare say what differs

Program = Callable[..., str]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return a function that writes a shell script and returns its path, which has a blank in it."""

    def write(body: str, name: str = "my cc") -> str:
        folder = tmp_path / "some programs"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return write


@pytest.fixture
def toolchain(monkeypatch: pytest.MonkeyPatch) -> Toolchain:
    """Return a C compiler that works."""
    found = search_toolchain().toolchain
    if found is None:
        pytest.skip("there is no C compiler here")
    return found


@pytest.fixture
def wrapped(toolchain: Toolchain, program: Program) -> Callable[[str], Toolchain]:
    """Return a function that puts some shell lines before the compiler that works."""

    def wrap(lines: str) -> Toolchain:
        path = program(f'{lines}\nexec {shlex.join(toolchain.command)} "$@"', "wrapped cc")
        return Toolchain((path,), toolchain.kind, f"{toolchain.version}\n{lines}", "a test")

    return wrap


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files; at the end of a test nothing may be left in it."""
    folder = tmp_path / "temporary files"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return folder


def files_below(folder: Path) -> list[str]:
    """Return the names of all files and folders below a folder."""
    return sorted(os.path.relpath(os.path.join(where, name), folder) for where, folders, files in os.walk(folder) for name in (*folders, *files))
