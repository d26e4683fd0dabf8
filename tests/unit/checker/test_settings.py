"""Settings: layers and overrides."""

from dataclasses import fields

import pytest

from speccheck.checker.run import RunOptions, with_settings
from speccheck.checker.settings import DEFAULTS, WHOLE_RUN, Override, Settings, merged, settings_for
from speccheck.engines.machine import Budget


def test_the_first_layer_that_says_something_wins() -> None:
    assert merged(Settings(timeout=5.0), Settings(timeout=60.0, jobs=2), Settings(jobs=4, strict=True)) == Settings(timeout=5.0, jobs=2, strict=True)


def test_no_and_nothing_are_said_too() -> None:
    assert merged(Settings(strict=False, tags=(), accept={}), Settings(strict=True, tags=("slow",), accept={"SC505": "why"})) == Settings(
        strict=False, tags=(), accept={}
    )


def test_no_layers_say_nothing() -> None:
    assert merged() == Settings()


@pytest.mark.parametrize(
    ("pattern", "file", "matches"),
    [
        ("specs/slow/*.py", "/p/specs/slow/a.py", True),
        ("specs/slow/*.py", "/p/specs/slow/deep/a.py", False),
        ("specs/slow/*.py", "/p/specs/fast/a.py", False),
        ("specs/**/*.py", "/p/specs/slow/deep/a.py", True),
        ("specs/**/*.py", "/p/specs/a.py", True),
        ("**/slow_*.py", "/p/slow_a.py", True),
        ("**/slow_*.py", "/p/x/y/slow_a.py", True),
        ("**/slow_*.py", "/p/x/not_slow_a.py", False),
        ("specs/?.py", "/p/specs/a.py", True),
        ("specs/?.py", "/p/specs/ab.py", False),
        ("specs/a.py", "/p/specs/a.py", True),
        ("./specs/a.py", "/p/specs/a.py", True),
        ("specs/a.py", "/p/specs/aXpy", False),
        ("specs/slow", "/p/specs/slow/deep/a.py", True),
        ("specs/slow/", "/p/specs/slow/a.py", True),
        ("specs/slow", "/p/specs/slower/a.py", False),
        ("**", "/p/specs/a.py", True),
        ("*", "/elsewhere/a.py", False),
        ("specs/[ab].py", "/p/specs/a.py", False),
        ("specs/[ab].py", "/p/specs/[ab].py", True),
    ],
)
def test_a_pattern_names_files_relative_to_its_folder(pattern: str, file: str, matches: bool) -> None:
    assert Override("/p", pattern, Settings()).matches(file) is matches


def test_of_several_overrides_the_last_one_wins() -> None:
    overrides = (
        Override("/p", "**", Settings(timeout=1.0, strict=True)),
        Override("/p", "a/*", Settings(timeout=2.0)),
        Override("/p", "b/*", Settings(timeout=3.0)),
    )
    assert settings_for(overrides, "/p/a/x.py") == Settings(timeout=2.0, strict=True)
    assert settings_for(overrides, "/p/c/x.py") == Settings(timeout=1.0, strict=True)
    assert settings_for((), "/p/c/x.py") == Settings()


def test_every_setting_but_the_paths_becomes_an_option_of_the_run() -> None:
    said = Settings(
        paths=("specs",), tags=("slow",), strict=True, accept={"SC505": "why"}, allow_incomplete=True, engine="python", workers=3, max_states=4, max_memory=5,
        timeout=6.0, rule_timeout=7.0, jobs=8, cache=True,
    )  # fmt: skip
    assert all(getattr(said, one.name) is not None for one in fields(Settings)), "a setting that is not tried here"
    assert with_settings(RunOptions(), said) == RunOptions(
        tags=("slow",), strict=True, accept={"SC505": "why"}, allow_incomplete=True, engine="python", workers=3, budget=Budget(4, None, 6.0, 5, 7.0), jobs=8, cache=True
    )  # fmt: skip


def test_what_is_not_said_stays_as_it_is() -> None:
    options = RunOptions(strict=True, budget=Budget(states=5, depth=6))
    assert with_settings(options, Settings(timeout=1.0)) == RunOptions(strict=True, budget=Budget(5, 6, 1.0))


def test_the_defaults_are_those_of_the_options() -> None:
    assert with_settings(RunOptions(), DEFAULTS) == RunOptions()


def test_options_differ_from_file_to_file() -> None:
    options = RunOptions(overrides=(Override("/p", "slow/*", Settings(timeout=600.0, tags=("all",))),))
    assert options.for_file("/p/slow/a.py").budget.seconds == 600.0 and options.for_file("/p/slow/a.py").tags == ("all",)
    assert options.for_file("/p/fast/a.py") == options
    assert set(WHOLE_RUN) == {"paths", "jobs", "cache"}
