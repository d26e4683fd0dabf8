"""The values of options."""

import click
import pytest

from speccheck.cli.parameters import count, define, defines_of, seconds, size


@pytest.mark.parametrize(
    ("text", "expected"),
    [("500MB", 500_000_000), ("2GiB", 2 << 30), ("1.5G", 1_500_000_000), ("64k", 64_000), ("1024", 1024), ("3 MiB", 3 << 20), ("1TB", 10**12), ("7B", 7)],
)
def test_a_size_has_decimal_and_binary_units(text: str, expected: int) -> None:
    assert size(text) == expected


@pytest.mark.parametrize("text", ["", "MB", "-1MB", "0", "0.1B", "5XB", "1,5GB", "1e9", "٣MB"])
def test_a_size_that_makes_no_sense_is_a_usage_error(text: str) -> None:
    with pytest.raises(click.BadParameter, match="500MB or 2GiB"):
        size(text)


def test_a_count_is_positive() -> None:
    assert (count("5"), count("1_000"), count(" 10 ")) == (5, 1000, 10)
    for text in ("0", "-1", "1.5", "", "ten", "1e3", "00"):
        with pytest.raises(click.BadParameter, match="no positive number"):
            count(text)


def test_seconds_are_positive_and_finite() -> None:
    assert seconds("0.5") == 0.5 and seconds("1e3") == 1000.0
    for text in ("0", "-1", "nan", "inf", "", "ten"):
        with pytest.raises(click.BadParameter, match="no positive number of seconds"):
            seconds(text)


@pytest.mark.parametrize(("text", "expected"), [("N=5", ("N", "5")), ("NAME = a b ", ("NAME", "a b")), ("E=", ("E", "")), ("M=a=b", ("M", "a=b"))])
def test_a_constant_is_a_name_and_the_text_behind_the_first_equals_sign(text: str, expected: tuple[str, str]) -> None:
    assert define(text) == expected


@pytest.mark.parametrize("text", ["N", "=5", "1N=5", "a-b=5", ""])
def test_a_constant_without_a_name_or_a_value_is_a_usage_error(text: str) -> None:
    with pytest.raises(click.BadParameter, match="-D N=5"):
        define(text)


def test_a_constant_may_not_have_two_values() -> None:
    assert defines_of((("N", "5"), ("M", "1"), ("N", "5"))) == {"N": "5", "M": "1"}
    with pytest.raises(click.UsageError, match="-D gives N two values: 5 and 6"):
        defines_of((("N", "5"), ("N", "6")))
