"""The catalogue of errors, explained."""

import pytest

from speccheck.cli.explain import all_codes, explanation
from speccheck.errors import CATALOGUE, FINDINGS, UnknownCode
from speccheck.trace.styled import plain_text


def test_an_error_is_explained_with_its_meaning_remedy_and_exit_code() -> None:
    text = plain_text(explanation("SC203"))
    assert text.startswith("SC203: default outside its domain\n\nThe default of a variable or a field is not one of the values")
    assert text.endswith("\nRemedy: Change the default, or widen the annotation.\n\nExit code 3.\n")


@pytest.mark.parametrize("word", ["sc203", "203", " SC203 "])
def test_a_code_may_be_written_carelessly(word: str) -> None:
    assert explanation(word) == explanation("SC203")


def test_a_finding_is_explained_too() -> None:
    assert "--strict" in plain_text(explanation("SC501"))


@pytest.mark.parametrize("code", [*CATALOGUE, *FINDINGS])
def test_every_code_has_an_explanation_that_fits_the_page(code: str) -> None:
    text = plain_text(explanation(code))
    assert text.startswith(code) and all(len(one) <= 100 for one in text.splitlines())


def test_without_a_code_all_of_them_are_listed() -> None:
    text = plain_text(all_codes())
    assert [word for word in text.split() if word.startswith("SC")] == sorted([*CATALOGUE, *FINDINGS])


def test_an_unknown_code_is_answered_with_a_guess() -> None:
    with pytest.raises(UnknownCode, match=r"there is no code 'SC2033'. Did you mean 'SC203'\?"):
        explanation("SC2033")
