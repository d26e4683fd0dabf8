"""The starter spec and its name."""

import pytest

from speccheck.cli.new import check_name, class_name
from speccheck.cli.starter import starter
from speccheck.errors import BadUsage


@pytest.mark.parametrize(
    ("module", "name"), [("rolling_update", "RollingUpdate"), ("x", "X"), ("two__phase", "TwoPhase"), ("server", "ServerSpec"), ("spec", "SpecSpec")]
)
def test_the_spec_is_named_after_the_module(module: str, name: str) -> None:
    assert class_name(module) == name


@pytest.mark.parametrize(
    ("name", "guess"),
    [("my-spec", "my_spec"), ("My Spec", "my_spec"), ("1st", "my_spec"), ("class", "my_spec"), ("", "my_spec"), ("__", "my_spec"), ("..", "my_spec")],
)
def test_a_name_that_no_module_can_have_is_answered_with_a_guess(name: str, guess: str) -> None:
    with pytest.raises(BadUsage, match=f"Did you mean '{guess}'"):
        check_name(name)


@pytest.mark.parametrize("name", ["random", "speccheck", "types"])
def test_a_name_that_would_hide_another_module_is_refused(name: str) -> None:
    with pytest.raises(BadUsage, match=f"'{name}' would hide"):
        check_name(name)


def test_the_starter_is_named_throughout() -> None:
    text = starter("rolling_update", "RollingUpdate")
    assert text.startswith('"""rolling_update: say here') and "class RollingUpdate(Spec):" in text and "class Hasty(RollingUpdate):" in text
    assert "MODULE" not in text and "SPEC" not in text
    compile(text, "rolling_update.py", "exec")
