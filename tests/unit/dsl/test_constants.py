"""Constants: values of a module that a run may override."""

from typing import Any

import pytest

from speccheck.domains.overrides import REGISTRY, Overrides, Text, loading
from speccheck.dsl.constants import constant
from speccheck.errors import BadConstant, BadOverride, SpeccheckError


def load(text: str, values: dict[str, Any] | None = None, name: str = "spec") -> tuple[dict[str, Any], Overrides]:
    """Run a module's text as a load with overrides does."""
    overrides = Overrides(values=values or {}, modules={"spec"})
    namespace: dict[str, Any] = {"constant": constant, "__name__": name}
    token = loading.set(overrides)
    try:
        exec(compile(text, "spec.py", "exec"), namespace)
    finally:
        loading.reset(token)
    return namespace, overrides


def test_a_constant_is_its_default() -> None:
    assert constant("N", 3) == 3 and constant("NAMES", ("a", "b")) == ("a", "b")


@pytest.mark.parametrize(
    ("default", "given", "expected"),
    [
        (3, 5, 5),
        (3, Text("5"), 5),
        (3, Text("-1"), -1),
        (True, Text("false"), False),
        (False, Text("True"), True),
        ("a", Text("b"), "b"),
        ("a", Text("5"), "5"),
        ((1, 2), Text("(3,)"), (3,)),
        ([1], Text("[]"), []),
        (1.5, Text("2.5"), 2.5),
        (None, Text("7"), 7),
        (None, "x", "x"),
    ],
)
def test_an_override_replaces_the_default(default: Any, given: Any, expected: Any) -> None:
    namespace, overrides = load(f"N = constant('N', {default!r})", {"N": given})
    assert namespace["N"] == expected and type(namespace["N"]) is type(expected)
    assert overrides.consumed == {"N"}
    declared = namespace[REGISTRY]["N"]
    assert (declared.value, declared.default, declared.kind, declared.span.file, declared.span.line) == (expected, default, "constant", "spec.py", 1)


@pytest.mark.parametrize(
    ("default", "given"), [(3, "5"), (3, True), (3, Text("many")), (True, 1), (True, Text("yes")), ("a", 5), (1.5, Text("2")), ((1,), Text("[1]"))]
)
def test_an_override_has_the_type_of_the_default(default: Any, given: Any) -> None:
    with pytest.raises(BadOverride, match=f"expected {type(default).__name__} like the default") as caught:
        load(f"N = constant('N', {default!r})", {"N": given})
    assert caught.value.span is not None


@pytest.mark.parametrize(
    ("text", "values", "error", "message"),
    [
        ("N = constant('N', 3, min=4)", {}, BadConstant, "N=3 is below its minimum 4"),
        ("N = constant('N', 3, max=2)", {}, BadConstant, "N=3 is above its maximum 2"),
        ("N = constant('N', 3, min=1, max=5)", {"N": 0}, BadOverride, "N=0 is below its minimum 1"),
        ("N = constant('N', 3, min=1, max=5)", {"N": Text("6")}, BadOverride, "N=6 is above its maximum 5"),
        ("N = constant('n', 3)", {}, BadConstant, "'n' is no name for a constant: it begins with a capital"),
        ("N = constant('N m', 3)", {}, BadConstant, "'N m' is no name for a constant: it begins with a capital"),
        ("N = constant('', 3)", {}, BadConstant, "'' is no name for a constant: it begins with a capital"),
        ("N = constant(5, 3)", {}, BadConstant, "5 is no name for a constant: it begins with a capital"),
        ("N = constant('N', 3)\nM = constant('N', 4)", {}, BadConstant, "'N' is declared twice"),
    ],
)
def test_a_bad_constant_is_refused_with_its_place(text: str, values: dict[str, Any], error: type[SpeccheckError], message: str) -> None:
    with pytest.raises(SpeccheckError) as caught:
        load(text, values)
    assert (type(caught.value), caught.value.message) == (error, message)
    assert caught.value.span is not None and caught.value.span.file == "spec.py"


def test_bounds_are_included() -> None:
    assert load("N = constant('N', 3, min=3, max=3)", {"N": 3})[0]["N"] == 3


def test_a_module_that_does_not_belong_to_the_load_keeps_its_constants() -> None:
    namespace, overrides = load("N = constant('N', 3)", {"N": 5}, name="library")
    assert (namespace["N"], overrides.consumed) == (3, set())
