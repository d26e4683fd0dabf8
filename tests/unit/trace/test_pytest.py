"""A trace as a test for pytest: what it says, and that it passes on the spec of the trace and fails on another one."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from speccheck.domains.neutral import Value
from speccheck.source import Span
from speccheck.trace.formats.pytest import lines
from speccheck.trace.origin import Origin
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Step, Trace
from tests.unit.checker.kept import kept, module
from tests.unit.checker.test_fit import ALL

UP = Step("up", (), (), Span("x.py", 3))
STATES: tuple[dict[str, Value], ...] = ({"height": 0, "log": "a"}, {"height": 1, "log": "a"}, {"height": 2, "log": "a"})


def functions_of(trace: Trace, file: Path) -> list[Callable[[], None]]:
    """The test functions of the module that a trace becomes, as if it lay in this file."""
    names: dict[str, object] = {"__file__": str(file), "__name__": "test_made"}
    exec(compile(plain_text(lines(trace)), str(file), "exec"), names)
    return [value for name, value in names.items() if name.startswith("test_") and callable(value)]


def test_the_test_takes_each_step_and_asserts_what_it_leads_to() -> None:
    origin = Origin("specs/climb.py", "Climb", "Climb[TOP=4]", "low", "invariant", (("TOP", "4"),))
    text = plain_text(lines(Trace(("height", "log"), STATES, (UP, UP), None, None, origin)))
    assert text.startswith(
        dedent('''\
        """A behavior of Climb[TOP=4], as a test: in state 2, low is False.

        Written by speccheck. It fails as soon as the spec does not have this behavior any more.
        """

        from pathlib import Path
        from typing import Any

        from speccheck import load, steps
        from speccheck.checker.stepping import holds, initial_states, texts

        SPEC = "specs/climb.py"


        def test_low_is_violated_after_2_steps() -> None:
            spec = load(found(SPEC), TOP=4)
            state = start(spec.Climb, {"height": "0", "log": '"a"'})
            state = after(state, "up()", {"height": "1"})
            state = after(state, "up()", {"height": "2"})
            assert not holds(state, "low")


        def found(name: str) -> Path:
        ''')
    )


@pytest.mark.parametrize(("spec", "prop"), [(spec, prop) for spec, prop, _ in ALL])
def test_a_test_passes_on_the_spec_of_its_trace(spec: str, prop: str, tmp_path: Path) -> None:
    (made,) = functions_of(kept(module(tmp_path), spec, prop), tmp_path / "test_made.py")
    made()


@pytest.mark.parametrize(
    ("spec", "prop", "old", "new"),
    [
        ("Counter", "nothing_lost", "self.seen[c] is None)", "all(s is None for s in self.seen.values()))"),  # a step is not possible
        ("Counter", "nothing_lost", "value: Annotated[int, Range(0, 2)] = 0", "value: Annotated[int, Range(0, 2)] = 1"),  # another beginning
        ("Counter", "nothing_lost", "or self.value == len(Clerk)", "or self.value >= 1"),  # another property
        ("Counter", "served", "return c not in self.done", "return True"),
        ("Climb", "stays", "return after.height < 2", "return after.height < 3"),
        ("Climb", "high", "return self.height == 2", "return self.height == 3"),
        ("Climb", "raises", "{0: True, 1: True}", "{0: True, 1: True, 2: False}"),
        ("Climb", "deadlock", "require(self.height < TOP)", "require(self.height <= TOP)"),
        ("Over", "domain", "class Over(Spec):\n    height: Annotated[int, Range(0, 1)]", "class Over(Spec):\n    height: Annotated[int, Range(0, 9)]"),
        ("Asserting", "up.assert", '"too high"\n        self.height += 1', '"too low"\n        self.height += 1'),
        ("Starting", "start.assert", '        assert self.height < 2, "too high"\n', ""),
        ("Blinking", "settles", "self.on = not self.on", "self.on = True"),
    ],
)
def test_a_test_fails_on_a_spec_that_has_not_this_behavior(spec: str, prop: str, old: str, new: str, tmp_path: Path) -> None:
    trace = kept(module(tmp_path), spec, prop)
    assert trace.origin is not None
    (made,) = functions_of(replace(trace, origin=replace(trace.origin, file=str(module(tmp_path, old, new)))), tmp_path / "test_made.py")
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        made()


def test_the_spec_is_looked_for_from_the_folder_of_the_test_upwards(tmp_path: Path) -> None:
    trace = kept(module(tmp_path), "Sleeping", "wakes")
    assert trace.origin is not None
    (tmp_path / "tests").mkdir()
    (made,) = functions_of(replace(trace, origin=replace(trace.origin, file="specs.py")), tmp_path / "tests" / "test_made.py")
    made()


def test_pytest_runs_it_and_ruff_finds_no_fault(tmp_path: Path, root: Path) -> None:
    file = tmp_path / "test_made.py"
    for spec, prop in (("Counter", "nothing_lost"), ("Climb", "raises"), ("Climb", "stays"), ("Blinking", "settles"), ("Starting", "start.assert")):
        file.write_text(plain_text(lines(kept(module(tmp_path), spec, prop))), encoding="utf-8")
        faults = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E4,E7,E9,F,I,W", str(file)]
        assert subprocess.run(faults, capture_output=True, text=True, timeout=60, check=False).stdout.startswith("All checks passed")
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
    done = subprocess.run(run, cwd=tmp_path, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0 and "1 passed" in done.stdout


def test_words_of_the_spec_stay_words() -> None:
    reason = 'KeyError: "\\n" """ # {x}'
    states: tuple[dict[str, Value], ...] = ({"x": 'a"b\\c\n'},)
    text = plain_text(lines(Trace(("x",), states, (), Step("up"), None, Origin('a"b.py', "S", "S", "up.error", "error", (), reason))))
    compile(text, "test_made.py", "exec")
    assert f'assert {json.dumps(reason)} in errors(state, "up()")' in text


def test_a_state_that_is_too_long_for_a_line_has_one_for_each_variable() -> None:
    many: dict[str, Value] = {f"variable{number}": number for number in range(9)}
    text = plain_text(lines(Trace(tuple(many), (many,), (), None, None, Origin("x.py", "S", "S", "p", "reachable"))))
    assert '    state = start(spec.S, {\n        "variable0": "0",\n' in text
