"""`assert_holds`: it is silent about what is as it should be, and tells the whole story of what is not."""

from pathlib import Path
from typing import Annotated, Any

import pytest

import speccheck
from speccheck import Range, Sort, Spec, SpeccheckError, action, constraint, invariant, reachable, require
from speccheck.engines.machine import Budget
from speccheck.testing import assert_holds

MODULE = '''\
from typing import Annotated

from speccheck import Range, Spec, action, constant, invariant, model, require

TOP = constant("TOP", 3, min=1)


@model(violates="low", distinct=4)
@model(TOP=1, {second})
@model(TOP=5, violates="low", distinct=99, tags="slow")
class Climb(Spec, deadlock=False):
    """Somebody climbs."""

    height: Annotated[int, Range(0, 9)] = 0

    @action
    def up(self) -> None:
        require(self.height < TOP)
        self.height += 1

    @invariant
    def low(self) -> bool:
        return self.height < 2

    @invariant
    def on_the_mountain(self) -> bool:
        return self.height <= TOP


class Rest(Climb, deadlock=False, without=("up",)):
    """Nobody climbs."""
'''


class P(Sort, size=3, symmetric=True):
    """Somebody."""


class Crowd(Spec, deadlock=False):
    here: set[P] = set()

    @action
    def enter(self, p: P) -> None:
        require(p not in self.here)
        self.here.add(p)

    @invariant
    def few(self) -> bool:
        """At most two are here."""
        return len(self.here) < 3

    @invariant
    def known(self) -> bool:
        return self.here <= set(P)


class Bounded(Spec, deadlock=False):
    n: Annotated[int, Range(0, 9)] = 0

    @action
    def up(self) -> None:
        require(self.n < 9)
        self.n += 1

    @constraint
    def small(self) -> bool:
        return self.n < 3

    @reachable
    def top(self) -> bool:
        return self.n == 9


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a module whose models come out as they say."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "climb.py").write_text(MODULE.format(second="distinct=2"), encoding="utf-8")
    return tmp_path / "climb.py"


def message(target: Any, **options: Any) -> str:
    with pytest.raises(AssertionError) as raised:
        assert_holds(target, **options)
    return str(raised.value)


def test_it_can_be_imported_from_speccheck_too() -> None:
    assert speccheck.assert_holds is assert_holds


# -------------------------------------------------- classes


def test_a_class_must_hold_and_the_message_is_the_whole_story() -> None:
    told = message(Crowd)
    first, empty, head = told.splitlines()[:3]
    assert first == "Crowd: few was expected to hold, but is VIOLATED" and empty == "" and head.startswith("Crowd  ")
    for line in (
        "VIOLATED  few    invariant  3 steps",
        "    At most two are here.",
        "3  enter(p=P2)",
        "in state 3, few is False",
        "len(self.here) < 3  3 >= 3",
    ):
        assert line in told, told
    assert told.endswith("not as expected: few was expected to hold, but is VIOLATED")


def test_one_property_can_be_checked_alone() -> None:
    assert_holds(Crowd, property="known")
    assert message(Crowd, property="few").startswith("Crowd: few was expected to hold")


def test_what_must_be_violated_can_be_named() -> None:
    assert_holds(Crowd, violates="few")
    assert_holds(Crowd, violates=["few"])
    assert message(Crowd, violates=("few", "known")).startswith("Crowd: known was expected to be VIOLATED, but is HOLDS\n")
    assert message(Crowd, violates="known").startswith(
        "Crowd: few was expected to hold, but is VIOLATED; Crowd: known was expected to be VIOLATED, but is HOLDS\n"
    )
    assert message(Crowd, violates=()).startswith("Crowd: few was expected to hold")


def test_symmetry_is_what_the_caller_says() -> None:
    assert "8 distinct states" in message(Crowd)
    assert "4 distinct states" in message(Crowd, symmetry=True)


def test_what_was_not_decided_within_the_budget_does_not_hold() -> None:
    told = message(Crowd, property="known", budget=Budget(states=2))
    assert told.startswith("Crowd: known is UNKNOWN: the search was cut: --max-states 2\n")


def test_what_a_constraint_leaves_open_does_not_hold() -> None:
    assert message(Bounded).startswith("Bounded: top is UNKNOWN: no witness within the constraint, which dropped 1 state\n")


def test_an_interrupt_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("speccheck.engines.python.search.Search._visit", interrupt)
    with pytest.raises(KeyboardInterrupt):
        assert_holds(Crowd, property="known")


# -------------------------------------------------- paths


def test_the_models_of_a_file_must_come_out_as_their_lines_say_the_slow_ones_apart(file: Path) -> None:
    assert_holds(file, spec="Climb")
    assert_holds(str(file), spec="Climb")
    assert_holds("climb.py")


def test_every_model_that_does_not_is_told(file: Path) -> None:
    file.write_text(MODULE.format(second="distinct=3, violates='on_the_mountain'"), encoding="utf-8")
    told = message(file)
    assert told.startswith(
        "Climb[TOP=1]: on_the_mountain was expected to be VIOLATED, but is HOLDS; Climb[TOP=1]: distinct was expected to be 3, but is 2\n\nClimb[TOP=1]  climb.py:9\n"
    )
    assert "Climb  climb.py" not in told


def test_a_model_can_be_named_a_slow_one_too(file: Path) -> None:
    assert_holds(file, model="Climb[TOP=1]")
    assert message(file, model="TOP=5").startswith("Climb[TOP=5]: distinct was expected to be 99, but is 6\n")


def test_constants_make_one_model_that_must_hold(file: Path) -> None:
    assert_holds(file, spec="Climb", TOP=1)
    assert message(file, spec="Climb", TOP=2).startswith("Climb[TOP=2]: low was expected to hold, but is VIOLATED\n")
    assert_holds(file, spec="Climb", TOP=2, violates="low")


def test_expected_counts_are_not_compared_where_less_is_checked(file: Path) -> None:
    file.write_text(MODULE.format(second="distinct=3"), encoding="utf-8")
    assert "distinct was expected to be 3" in message(file)
    assert_holds(file, property="on_the_mountain")


# -------------------------------------------------- what the user must change


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"property": "fwe"}, "Crowd has no property 'fwe'. Did you mean 'few'?"),
        ({"violates": "fwe"}, "Crowd has no property 'fwe'. Did you mean 'few'?"),
        ({"propety": "few"}, "there is no option 'propety'. Did you mean 'property'?"),
        ({"Q": 4}, "no constant and no sort is named 'Q'"),
    ],
)
def test_a_misspelt_word_is_an_error_with_a_guess(options: dict[str, Any], words: str) -> None:
    with pytest.raises(SpeccheckError) as raised:
        assert_holds(Crowd, **options)
    assert words in str(raised.value)


def test_a_file_whose_models_are_all_slow_is_an_error(file: Path) -> None:
    file.write_text(MODULE.format(second="tags='slow'").replace("distinct=4", "tags='slow'"), encoding="utf-8")
    with pytest.raises(SpeccheckError, match="all 3 models are slow"):
        assert_holds(file, spec="Climb")


def test_a_property_that_the_model_leaves_out_is_an_error(file: Path) -> None:
    file.write_text(MODULE.format(second="only='low'"), encoding="utf-8")
    with pytest.raises(SpeccheckError, match="does not check 'on_the_mountain'"):
        assert_holds(file, model="TOP=1", property="on_the_mountain")


def test_a_file_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SpeccheckError, match="SC101"):
        assert_holds(tmp_path / "nowhere.py")
