"""Kept verdicts: found again only where a search would say the same."""

import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

import speccheck
from speccheck.checker import kept as kept_module
from speccheck.checker.cache import Cache
from speccheck.checker.kept import is_final
from speccheck.checker.result import Verdict
from speccheck.checker.run import NO_PART, Report, RunOptions, run
from speccheck.engines.machine import Budget
from speccheck.reports import json as json_report
from speccheck.reports import text as text_report
from speccheck.trace.styled import plain_text
from tests.surfaces.conftest import CLIMB, IDLE, WRONG
from tests.unit.reports.made import prop, result, violated

IMPORTING = CLIMB.replace('TOP = constant("TOP", 3, min=1)', "from common import TOP").replace("constant, ", "")
COMMON = 'from speccheck import constant\n\nTOP = constant("TOP", 3, min=1)\n'


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    monkeypatch.chdir(tmp_path)
    made = Cache(str(tmp_path / "cache"))
    monkeypatch.setattr("speccheck.checker.cache.users_cache", lambda: made)
    Path("spec.py").write_text(IMPORTING, encoding="utf-8")
    Path("common.py").write_text(COMMON, encoding="utf-8")
    return made


def checked(path: str = "spec.py", **options: Any) -> Report:
    return run((path,), RunOptions(**{"cache": True, **options}))


def cached(path: str = "spec.py", **options: Any) -> list[bool]:
    """Return for each model whether its verdict was kept."""
    return [one.cached for one in checked(path, **options).results]


def change(file: str, old: str, new: str) -> None:
    text = Path(file).read_text(encoding="utf-8")
    assert old in text
    Path(file).write_text(text.replace(old, new), encoding="utf-8")


def told(report: Report) -> tuple[str, str, int]:
    """Return text, JSON and exit code of a run, without times and without what says that it is kept."""
    bare = replace(report, results=tuple(replace(one, seconds=0.0, memory_bytes=0, cached=False) for one in report.results))
    return plain_text(text_report.lines(bare)), plain_text(json_report.lines(bare)), report.exit_code


def test_what_was_checked_is_found_again_and_nothing_is_searched(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cached() == [False, False, False]
    monkeypatch.setattr("speccheck.checker.run.check_model", None)
    assert cached() == [True, True, True]


def test_without_a_cache_nothing_is_read_or_written(cache: Cache) -> None:
    assert cached(cache=False) == [False] * 3 and cache.entries() == []
    cached()
    entries = cache.entries()
    assert cached(cache=False) == [False] * 3 and cache.entries() == entries


@pytest.mark.parametrize("file", ["classics/peterson.py", "classics/die_hard.py", "classics/bounded_queue.py"])
def test_a_kept_verdict_says_what_a_search_says(file: str, cache: Cache, root: Path) -> None:
    path = str(root / "specs" / file)
    fresh = checked(path)
    found = checked(path)
    assert all(one.cached for one in found.results) and len(found.results) > 2
    assert told(found) == told(fresh) == told(checked(path, cache=False))


def test_a_finding_is_kept_with_its_exit_code(cache: Cache) -> None:
    Path("idle.py").write_text(IDLE, encoding="utf-8")
    fresh = checked("idle.py", strict=True)
    found = checked("idle.py", strict=True)
    assert found.exit_code == 6 and [one.cached for one in found.results] == [True] and told(found) == told(fresh)
    assert checked("idle.py").exit_code == 0


CHANGES: dict[str, tuple[Callable[[pytest.MonkeyPatch], Any], dict[str, Any]]] = {
    "the spec": (lambda patch: change("spec.py", "one step at a time", "one leap at a time"), {}),
    "a comment": (lambda patch: change("spec.py", "height: Annotated", "# higher\n    height: Annotated"), {}),
    "an import": (lambda patch: change("common.py", "min=1", "min=0"), {}),
    "the version": (lambda patch: patch.setattr(speccheck, "__version__", "0.1.1"), {}),
    "our sources": (lambda patch: patch.setattr(kept_module, "own_digest", lambda: "another"), {}),
    "Python": (lambda patch: patch.setattr(sys, "version", "3.99"), {}),
    "max states": (lambda patch: None, {"budget": Budget(states=1000)}),
    "max depth": (lambda patch: None, {"budget": Budget(depth=1000)}),
    "no deadlock": (lambda patch: None, {"deadlock": False}),
    "a property": (lambda patch: None, {"property": "on_the_mountain"}),
    "symmetry": (lambda patch: None, {"symmetry": False}),
    "stop first": (lambda patch: None, {"stop_first": True}),
    "the engine": (lambda patch: None, {"engine": "python"}),
    "what is accepted": (lambda patch: None, {"accept": {"SC505": "checked by hand"}}),
    "workers": (lambda patch: None, {"workers": 2}),
    "a constant": (lambda patch: None, {"defines": {"TOP": "3"}, "spec": "Climb"}),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_a_verdict_depends_on_makes_it_another_one(what: str, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    changed, options = CHANGES[what]
    cached()
    changed(monkeypatch)
    assert not any(cached(**options)), "kept from before"
    assert all(cached(**options)), "kept now"


def test_a_spec_elsewhere_is_another_spec(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    cached()
    Path("other").mkdir()
    for name in ("spec.py", "common.py"):
        Path("other", name).write_text(Path(name).read_text(encoding="utf-8"), encoding="utf-8")
    assert cached("other/spec.py") == [False] * 3
    monkeypatch.chdir("other")
    report = checked("spec.py")
    assert all(one.cached for one in report.results), "where one stands does not matter"
    assert told(report) == told(checked("spec.py", cache=False))


def test_two_models_with_the_same_constants_are_two(cache: Cache) -> None:
    change("spec.py", "@model(distinct=4, depth=4)", "@model(distinct=4, depth=4)\n@model(only='on_the_mountain')\n@model(skip='on_the_mountain')")
    fresh, found = checked(), checked()
    assert [one.cached for one in found.results] == [True] * 5 and told(fresh) == told(found)


def test_every_option_is_part_of_a_verdict_or_known_to_be_none() -> None:
    assert set(NO_PART) < {one.name for one in fields(RunOptions)}
    parts = {"accept", "deadlock", "defines", "engine", "property", "stop_first", "symmetry", "workers"}
    assert parts <= {one.name for one in fields(RunOptions)} - set(NO_PART), "of every other one it is assumed that it is"


@pytest.mark.parametrize(
    "options", [{"budget": Budget(seconds=50.0)}, {"budget": Budget(memory=10**10)}, {"budget": Budget(rule_seconds=3.0)}, {"strict": True}, {"jobs": 2}]
)
def test_how_long_it_may_take_is_no_part_of_a_verdict(options: dict[str, Any], cache: Cache) -> None:
    cached()
    assert all(cached(**options))


# -------------------------------------------------- what is not kept


def test_what_is_not_as_expected_is_searched_again(cache: Cache) -> None:
    Path("fall.py").write_text(WRONG, encoding="utf-8")
    assert [cached("fall.py"), cached("fall.py")] == [[False], [False]] and cache.entries() == []


def test_what_was_cut_is_searched_again(cache: Cache) -> None:
    options = {"spec": "Climb", "budget": Budget(states=1)}
    assert [cached(**options), cached(**options)] == [[False, False]] * 2 and cache.entries() == []


def test_an_unknown_is_searched_again_even_if_it_is_expected(cache: Cache) -> None:
    assert not is_final(result(prop(verdict=Verdict.UNKNOWN, expected=Verdict.UNKNOWN)))
    assert is_final(result(prop())) and is_final(result(violated(expected=Verdict.VIOLATED, as_expected=True)))
    for changes in ({"complete": False}, {"stopped": "--timeout 1"}, {"interrupted": True}, {"mismatches": ("depth is 3",)}):
        assert not is_final(result(prop(), **changes))


def test_an_error_is_none_to_be_kept(cache: Cache) -> None:
    change("spec.py", "self.height += 1", "self.heigth += 1")
    assert checked().exit_code == checked().exit_code == 3 and cache.entries() == []


READERS = {
    "imports random": "from random import choice\n",
    "imports os": "import os\nHOME = os.environ.get('HOME')\n",
    "imports time": "from time import time\n",
    "imports pathlib": "from pathlib import Path\n",
    "uses open": "with open(__file__) as file:\n    TABLE = file.read()\n",
    "imports load of speccheck": "from speccheck import load\n",
    "imports numbers2, which is no Python file here": "try:\n    from .numbers2 import N\nexcept ImportError:\n    pass\n",
}


@pytest.mark.parametrize("words", READERS)
def test_a_spec_that_could_read_anything_is_searched_again_and_says_why(words: str, cache: Cache) -> None:
    change("common.py", "from speccheck", READERS[words] + "from speccheck")
    for _ in range(2):
        report = checked()
        assert report.exit_code == 0 and not any(one.cached for one in report.results)
        assert all(f"not kept in the cache: the spec {words} (common.py:" in one.notes[-1] for one in report.results)
    assert cache.entries() == [] and not checked(cache=False).results[0].notes


def test_a_spec_that_is_written_while_it_is_checked_is_not_kept(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    real = run.__globals__["check_model"]

    def slowly(*given: Any, **options: Any) -> Any:
        Path("common.py").write_text(COMMON + "# later\n", encoding="utf-8")
        return real(*given, **options)

    monkeypatch.setattr("speccheck.checker.run.check_model", slowly)
    cached()
    assert cache.entries() == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"engine": 3}', "null", "[" * 100_000, '{"a": '])
def test_an_entry_that_makes_no_sense_is_searched_again_and_replaced(text: str, cache: Cache) -> None:
    cached()
    for one in cache.entries():
        cache.write(Path(one.path).stem, text)
    assert cached() == [False] * 3 and cached() == [True] * 3


def test_a_cache_that_cannot_be_written_does_not_matter(tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file").write_text("", encoding="utf-8")
    monkeypatch.setattr("speccheck.checker.cache.users_cache", lambda: Cache(str(tmp_path / "file/cache")))
    assert (checked().exit_code, cached()) == (0, [False] * 3)


def test_room_is_made_after_a_run_that_kept_something(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    pruned: list[str] = []
    monkeypatch.setattr(Cache, "prune", lambda self, most=0: pruned.append(self.folder))
    cached()
    assert pruned == [cache.folder]
    cached()
    assert pruned == [cache.folder]


def test_our_own_digest_is_about_every_source_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "speccheck"
    for name in ("__init__.py", "a/b.py", "bundled/spec.py", "__pycache__/x.py", "notes.txt", "native/search.h"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("", encoding="utf-8")
    monkeypatch.setattr(speccheck, "__file__", str(package / "__init__.py"))
    digest = kept_module.own_digest.__wrapped__
    first = digest()
    for name, counts in (("a/b.py", True), ("native/search.h", True), ("bundled/spec.py", False), ("__pycache__/x.py", False), ("notes.txt", False)):
        (package / name).write_text("changed", encoding="utf-8")
        assert (digest() != first) is counts
        first = digest()
