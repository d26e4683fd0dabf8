"""Quantities as text; `tests/unit/cli/test_parameters.py` has more of them."""

import pytest

from speccheck.checker.quantities import count, define, defines_of, names, seconds, size, size_text


def test_a_text_is_read_as_what_it_means() -> None:
    assert (size("2GiB"), count("1_000"), seconds("1e3"), names(" slow, ,nightly "), define("RM = 5")) == (
        2**31,
        1000,
        1000.0,
        ("slow", "nightly"),
        ("RM", "5"),
    )


@pytest.mark.parametrize(("read", "text"), [(size, "5XB"), (count, "0"), (seconds, "nan"), (define, "RM")])
def test_a_text_that_makes_no_sense_is_shown_beside_one_that_does(read: object, text: str) -> None:
    with pytest.raises(ValueError, match=f"^'{text}' is no ") as raised:
        read(text)  # type: ignore[operator]
    assert str(raised.value).endswith(".")


def test_a_constant_has_one_value() -> None:
    assert defines_of((("N", "5"), ("N", "5"))) == {"N": "5"}
    with pytest.raises(ValueError, match="-D gives N two values: 5 and 6"):
        defines_of((("N", "5"), ("N", "6")))


def test_names_are_separated_by_commas() -> None:
    assert names(" slow, nightly,,") == ("slow", "nightly") and names("") == ()


@pytest.mark.parametrize("text", ["9" * 400, "9" * 400 + "TB"])
def test_a_size_beyond_all_numbers_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no size of memory"):
        size(text)


def test_a_count_beyond_all_numbers_is_none() -> None:
    with pytest.raises(ValueError, match="integer string conversion"):
        count("9" * 5000)


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (4_200_000, "4.2 MB"), (2 << 30, "2.1 GB"), (10**13, "10,000.0 GB")]
)
def test_a_size_is_shown_in_decimal_units(number: int, text: str) -> None:
    assert size_text(number) == text
