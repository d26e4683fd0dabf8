"""Temporal formulas as data; nobody may take one for a bool."""

from typing import Any

import pytest

from speccheck.domains.evaluation import Building, entered
from speccheck.domains.sorts import Sort
from speccheck.dsl.formulas import (
    ActionAtom,
    Always,
    And,
    Atom,
    Eventually,
    Fairness,
    Formula,
    Implies,
    LeadsTo,
    Not,
    Or,
    Release,
    Until,
    all_of,
    always,
    always_eventually,
    any_of,
    enabled,
    eventually,
    eventually_always,
    implies,
    leads_to,
    negate,
    occurs,
    release,
    strong,
    until,
    weak,
    weak_until,
)
from speccheck.dsl.rules import Label, action, process
from speccheck.dsl.spec import Spec
from speccheck.errors import BadFairness, FormulaMisuse, Misuse, WrongPlace


class K(Sort, size=2):
    """Parameters."""


K0, K1 = K


class Base(Spec):
    x: bool = False

    @action
    def go(self, k: K) -> None:
        self.x = True

    @action
    def stop(self) -> None:
        self.x = False

    def ready(self) -> bool:
        return self.x

    def plain(self) -> None:
        """No rule."""

    @process
    def run(self) -> Any:
        yield "a"

    system = weak(go, stop, per=())
    eager = strong(go, per="k")
    done = eventually_always(ready)


def p() -> bool:
    return True


def q() -> bool:
    return False


def shape(formula: Any) -> Any:
    """Return a formula as nested tuples."""
    if isinstance(formula, Atom):
        return formula.predicate.__name__
    if isinstance(formula, Formula):
        return (type(formula).__name__, *(shape(getattr(formula, name)) for name in formula.__dataclass_fields__))  # type: ignore[attr-defined]
    if isinstance(formula, tuple):
        return tuple(map(shape, formula))
    return formula


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (always(p), ("Always", "p")),
        (eventually(p), ("Eventually", "p")),
        (leads_to(p, q), ("LeadsTo", "p", "q")),
        (always_eventually(p), ("Always", ("Eventually", "p"))),
        (eventually_always(p), ("Eventually", ("Always", "p"))),
        (until(p, q), ("Until", "p", "q", False)),
        (weak_until(p, q), ("Until", "p", "q", True)),
        (release(p, q), ("Release", "p", "q")),
        (implies(p, q), ("Implies", "p", "q")),
        (all_of(p, q), ("And", ("p", "q"))),
        (any_of(p, q), ("Or", ("p", "q"))),
        (all_of(), ("And", ())),
        (negate(p), ("Not", "p")),
        (negate(always(implies(p, eventually(q)))), ("Not", ("Always", ("Implies", "p", ("Eventually", "q"))))),
    ],
)
def test_operators_build_data(formula: Formula, expected: Any) -> None:
    assert shape(formula) == expected
    assert isinstance(formula, Always | Eventually | LeadsTo | Until | Release | Implies | And | Or | Not)


def test_methods_and_closures_are_atoms() -> None:
    assert shape(Base.done) == ("Eventually", ("Always", "ready"))
    assert isinstance(always(lambda: True), Always) and isinstance(all_of(Base().ready), And)


MISUSES: list[tuple[Any, str]] = [
    (lambda: bool(always(p)), "a truth value (and, or, not, if) on a temporal formula"),
    (lambda: always(p) and q, "a truth value (and, or, not, if) on a temporal formula"),
    (lambda: always(p) or q, "a truth value (and, or, not, if) on a temporal formula"),
    (lambda: not always(p), "a truth value (and, or, not, if) on a temporal formula"),
    (lambda: 1 if always(p) else 2, "a truth value (and, or, not, if) on a temporal formula"),
    (lambda: always(p) == always(p), "== on a temporal formula"),
    (lambda: always(p) != eventually(p), "== on a temporal formula"),
    (lambda: Atom(p) == 5, "== on a temporal formula"),
    (lambda: always(True), "an operator was given True"),
    (lambda: leads_to(p, False), "an operator was given False"),
    (lambda: all_of(p, None), "an operator was given None"),
    (lambda: any_of(Base), "an operator was given <class"),
    (lambda: negate("p"), "an operator was given 'p'"),
    (lambda: enabled(Base.ready), "enabled(...) was given 'ready', which is no action"),
    (lambda: occurs(5), "occurs(...) was given 5, which is no action"),
]


@pytest.mark.parametrize(("use", "message"), MISUSES)
def test_a_formula_is_no_bool_and_a_bool_is_no_formula(use: Any, message: str) -> None:
    with pytest.raises(FormulaMisuse) as caught:
        use()
    assert caught.value.message.startswith(message) and caught.value.remedy
    with entered(Building()), pytest.raises(Misuse) as inside:
        use()
    assert type(inside.value.error) is FormulaMisuse


def test_formulas_may_be_kept_in_sets_and_dicts() -> None:
    formula = always(p)
    assert len({formula: 1, eventually(p): 2}) == 2 and {formula: 1}[formula] == 1


# ---------------------------------------------------------------- enabled, occurs


def test_outside_and_while_building_they_are_atoms() -> None:
    atom: Any = enabled(Base.go, K0)
    assert isinstance(atom, ActionAtom) and (atom.kind, atom.action, atom.positional, atom.named) == ("enabled", "go", (K0,), ())
    with entered(Building()):
        named: Any = occurs(Base().go, k=K1)
    assert isinstance(named, ActionAtom) and (named.kind, named.action, named.positional, named.named) == ("occurs", "go", (), (("k", K1),))
    assert shape(always(atom))[0] == "Always"
    process_atom: Any = occurs(Base.run)
    assert process_atom.action == "run"


def test_on_a_state_outside_an_engine_they_are_in_the_wrong_place() -> None:
    with pytest.raises(WrongPlace, match=r"enabled\(\.\.\.\) outside an engine") as caught:
        enabled(Base().go, K0)
    assert "steps(state)" in caught.value.remedy


def test_inside_an_engine_they_ask_the_engine() -> None:
    asked = []

    class Engine:
        def enabled(self, *question: Any) -> bool:
            asked.append(("enabled", *question))
            return True

        def occurs(self, *question: Any) -> bool:
            asked.append(("occurs", *question))
            return False

    state = Base()
    with entered(Engine()):
        assert (enabled(state.go, K0), occurs(state.stop)) == (True, False)
    assert asked == [("enabled", state, "go", (K0,), {}), ("occurs", state, "stop", (), {})]


# ---------------------------------------------------------------- fairness groups


def test_a_group_is_an_assumption_on_the_disjunction_of_its_actions() -> None:
    assert isinstance(Base.system, Fairness) and isinstance(Base.eager, Fairness)
    assert (Base.system.strength, Base.system.per, [one.__name__ for one in Base.system.actions]) == ("weak", (), ["go", "stop"])
    assert (Base.eager.strength, Base.eager.per) == ("strong", "k")
    assert weak(Base.run).actions == (Base.run,)


def test_strong_of_a_text_is_a_label() -> None:
    assert strong("try") == Label("try", "strong")


@pytest.mark.parametrize(
    ("group", "message"),
    [
        (lambda: weak(), "a fairness group without actions"),
        (lambda: strong(per="k"), "a fairness group without actions"),
        (lambda: weak(Base.ready), "a fairness group holds 'ready', which is no action"),
        (lambda: weak(Base.go, Base.plain), "a fairness group holds 'plain', which is no action"),
        (lambda: strong(Base.go, "label"), "a fairness group holds 'label', which is no action"),  # type: ignore[call-overload]
        (lambda: weak(5), "a fairness group holds 5, which is no action"),  # type: ignore[arg-type]
    ],
)
def test_a_group_of_something_else_is_refused_with_its_place(group: Any, message: str) -> None:
    with pytest.raises(BadFairness) as caught:
        group()
    assert caught.value.message == message
    assert caught.value.span is not None and caught.value.span.file == __file__
