"""Specs to run the command line on, and ways to run it."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

CLIMB = '''\
"""A counter that climbs."""

from typing import Annotated

from speccheck import Range, Spec, action, constant, invariant, model, reachable, require, terminal

TOP = constant("TOP", 3, min=1)


@model(TOP=1, distinct=2)
@model(distinct=4, depth=4)
class Climb(Spec):
    """A climber goes up, one step at a time."""

    height: Annotated[int, Range(0, 100)] = 0

    @action
    def up(self) -> None:
        require(self.height < TOP)
        self.height += 1

    @invariant
    def on_the_mountain(self) -> bool:
        """Nobody climbs higher than the top."""
        return self.height <= TOP

    @reachable
    def on_top(self) -> bool:
        return self.height == TOP

    @terminal
    def done(self) -> bool:
        return self.on_top()


@model(violates="low")
class Bold(Climb):
    """A climber who was told to stay low."""

    @invariant
    def low(self) -> bool:
        return self.height < 2
'''
WRONG = '''\
"""A spec that is not as expected."""

from typing import Annotated

from speccheck import Range, Spec, action, invariant, model, require


class Fall(Spec, deadlock=False):
    """Somebody falls."""

    height: Annotated[int, Range(0, 3)] = 2

    @action
    def down(self) -> None:
        require(self.height > 0)
        self.height -= 1

    @invariant
    def safe(self) -> bool:
        """Nobody falls to the ground."""
        return self.height > 0
'''
IDLE = '''\
"""A spec with an action that is never possible."""

from speccheck import Spec, action, invariant, require


class Idle(Spec, deadlock=False):
    """Nobody switches it on."""

    on: bool = False

    @action
    def switch_off(self) -> None:
        require(self.on)
        self.on = False

    @invariant
    def is_off(self) -> bool:
        return not self.on
'''
BROKEN = "from speccheck import Spec\nimport no_such_module_at_all\n"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, with specs: as expected (climb, idle), not so (fall), and one that cannot be loaded (broken)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    monkeypatch.setenv("HOME", str(tmp_path / ".home"))
    for name, text in (("climb.py", CLIMB), ("fall.py", WRONG), ("broken.py", BROKEN), ("idle.py", IDLE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def shell(folder: Path, root: Path) -> Run:
    """Return a function that runs a shell command in that folder, with `speccheck` meaning this one."""

    def run(command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        script = f'speccheck() {{ "{sys.executable}" -m speccheck "$@"; }}\n{command}'
        variables = {name: os.environ[name] for name in ("PATH", "XDG_CACHE_HOME", "HOME")} | {"PYTHONPATH": str(root), **environment}
        return subprocess.run(["bash", "-c", script], cwd=folder, env=variables, capture_output=True, text=True, timeout=120, check=False)

    return run


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Return a folder that makes the checkout an installed distribution, with the entry points that the project declares."""
    folder = tmp_path_factory.mktemp("installed")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = folder / "speccheck_checkout-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: speccheck_checkout\nVersion: 1\n", encoding="utf-8")
    lines = [f"{name} = {value}\n" for name, value in project["entry-points"]["pytest11"].items()]
    (info / "entry_points.txt").write_text(f"[pytest11]\n{''.join(lines)}", encoding="utf-8")
    return folder
