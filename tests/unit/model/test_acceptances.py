"""What a class accepts: its own and what it inherits, and what makes no sense is refused with a guess."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from speccheck import Spec, SpeccheckError, action, process
from speccheck.errors import BadUsage
from speccheck.model.acceptances import acceptances_of_class, acceptances_of_run
from speccheck.model.select import model_of_class


class Base(Spec, deadlock=False, accept={"SC505": "a monitor", "SC501": "not built yet"}):
    on: bool = False

    @action
    def switch(self) -> None:
        self.on = not self.on


class Plain(Base):
    """Says nothing about acceptances."""


class Other(Base, accept={"SC501": "dropped", "SC503": "a retry"}):
    """Has a reason of its own."""


class Worker(Base, accept={"SC508": "the scheduler promises it"}):
    """Has a process, so that another class is checked in its place."""

    @process
    def work(self) -> Iterator[str]:
        while True:
            yield "go"
            self.on = not self.on


def reasons(cls: type) -> dict[str, str]:
    return {one.code: one.reason for one in acceptances_of_class(cls)}


def test_acceptances_are_inherited_and_the_nearest_reason_wins() -> None:
    assert reasons(Base) == reasons(Plain) == {"SC505": "a monitor", "SC501": "not built yet"}
    assert reasons(Other) == {"SC505": "a monitor", "SC501": "dropped", "SC503": "a retry"}


def test_an_acceptance_stands_at_the_class_that_states_it() -> None:
    places = {one.code: one.span.line for one in acceptances_of_class(Other) if one.span is not None}
    first = places["SC505"]
    assert places["SC503"] == places["SC501"] > first
    assert acceptances_of_class(Base)[0].span == acceptances_of_class(Plain)[0].span


def test_a_model_has_the_acceptances_of_its_class() -> None:
    assert model_of_class(Other).acceptances == acceptances_of_class(Other)
    assert [one.code for one in model_of_class(Worker).acceptances] == ["SC505", "SC501", "SC508"]


@pytest.mark.parametrize(
    ("accept", "said"),
    [
        ({"SC5O5": "why"}, "there is no finding 'SC5O5'. Did you mean 'SC505'?"),
        ({"sc505": "why"}, "there is no finding 'sc505'. Did you mean 'SC505'?"),
        ({7: "why"}, "there is no finding 7."),
        ({"SC203": "why"}, "SC203 is an error, which cannot be accepted: default outside its domain"),
        ({"SC509": "why"}, "SC509 is about acceptances: drop the one that it names"),
        ({"SC505": ""}, "SC505 is accepted without a reason"),
        ({"SC505": "  "}, "SC505 is accepted without a reason"),
        ({"SC505": None}, "SC505 is accepted without a reason"),
        (["SC505"], "expected codes with reasons, as in {'SC505': 'why'}, not ['SC505']"),
        ("SC505", "expected codes with reasons, as in {'SC505': 'why'}, not 'SC505'"),
    ],
)
def test_an_acceptance_that_makes_no_sense_is_an_error(accept: Any, said: str) -> None:
    class Wrong(Spec, deadlock=False, accept=accept):
        on: bool = False

    with pytest.raises(SpeccheckError) as error:
        model_of_class(Wrong)
    assert (error.value.code, error.value.message, error.value.exit_code) == ("SC225", f"accept= of Wrong: {said}", 3)
    assert error.value.span is not None and error.value.span.file == __file__
    with pytest.raises(BadUsage) as usage:
        acceptances_of_run(accept)
    assert (usage.value.message, usage.value.exit_code) == (f"accept: {said}", 2)


def test_all_wrong_acceptances_of_a_class_are_reported_with_all_else() -> None:
    accept: Mapping[str, str] = {"SC999": "why", "SC101": "why"}

    class Wrong(Spec, deadlock=False, accept=accept, without=("nothing",)):
        on: bool = False

    with pytest.raises(SpeccheckError) as error:
        model_of_class(Wrong)
    assert sorted(one.code for one in error.value.errors) == ["SC214", "SC225", "SC225"]
