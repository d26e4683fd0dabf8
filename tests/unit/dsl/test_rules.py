"""Roles: what decorators do, what overriding does, and what they refuse."""

from typing import Any

import pytest

from speccheck.domains.evaluation import Disabled
from speccheck.domains.sorts import Sort
from speccheck.dsl import rules
from speccheck.dsl.rules import Mark, action, init, invariant, mark_of, process, reachable, refines, temporal, unfair
from speccheck.dsl.spec import Spec
from speccheck.dsl.statements import require
from speccheck.errors import BadDecorator


class K(Sort, size=2):
    """Parameters."""


class Base(Spec):
    n: bool = False
    count: int = 0

    @action(fairness="weak", per="k")
    def go(self, k: K) -> None:
        """Go."""
        require(not self.n)
        self.n = True

    @action
    def stop(self) -> None:
        self.n = False

    @invariant
    def fine(self) -> bool:
        return True

    def helper(self) -> int:
        return 1


def role(cls: type, name: str) -> str | None:
    mark = mark_of(vars(cls).get(name) or getattr(cls, name))
    return mark and mark.role


@pytest.mark.parametrize("name", ["init", "invariant", "step_invariant", "reachable", "constraint", "terminal", "temporal", "action", "process"])
def test_a_decorator_leaves_a_method_that_knows_its_role(name: str) -> None:
    def rule(self: Any) -> bool:
        """Says so."""
        return True

    decorated = getattr(rules, name)(rule)
    mark = mark_of(decorated)
    assert mark is not None and (mark.role, mark.function) == (name, rule)
    assert (decorated.__name__, decorated.__doc__) == ("rule", "Says so.")


def test_the_options_of_decorators_are_on_the_mark() -> None:
    mark = mark_of(Base.go)
    assert mark is not None and (mark.fairness, mark.per) == ("weak", "k")

    @process(fairness="strong", crashes=True, daemon=True)
    def run(self: Any) -> Any:
        yield unfair("a")

    made = mark_of(run)
    assert made is not None and (made.role, made.fairness, made.crashes, made.daemon) == ("process", "strong", True, True)

    @refines(Base, liveness=True)
    def base(self: Any) -> Base:
        return Base()

    refined = mark_of(base)
    assert refined is not None and (refined.role, refined.refined, refined.liveness) == ("refinement", Base, True)


def test_plain_members_have_no_mark() -> None:
    assert mark_of(Base.helper) is mark_of(Base()) is mark_of(Base) is mark_of(None) is None


def test_an_undecorated_override_has_the_role_fairness_and_per_of_what_it_overrides() -> None:
    class Derived(Base):
        def go(self, k: K) -> None:
            self.count = 7

        def fine(self) -> bool:
            return self.count != 7

        def helper(self) -> int:
            return 2

    mark = mark_of(Derived.go)
    assert mark == Mark("action", mark.function if mark else len, "weak", "k")
    assert (role(Derived, "fine"), role(Derived, "helper"), role(Derived, "stop")) == ("invariant", None, "action")
    state = Derived()
    state.go(K[0])
    assert state.count == 7 and not state.fine()


def test_an_undecorated_override_is_atomic_like_any_action() -> None:
    class Derived(Base):
        def go(self, k: K) -> None:
            self.count = 7
            super().go(k)

    state = Derived()
    state.go(K[0])
    assert (state.n, state.count) == (True, 7)
    state.count = 0
    with pytest.raises(Disabled):
        state.go(K[0])
    assert state.count == 0


def test_a_decorated_override_states_everything_anew() -> None:
    class Derived(Base):
        @action
        def go(self, k: K) -> None:
            self.n = True

    mark = mark_of(Derived.go)
    assert mark is not None and (mark.fairness, mark.per) == (None, None)


def test_of_several_bases_the_one_that_python_would_call_gives_the_role() -> None:
    class Left(Base):
        """Does not override."""

    class Right(Base):
        @action(fairness="strong", per="k")
        def go(self, k: K) -> None:
            self.count = 2

    class Both(Left, Right):
        def go(self, k: K) -> None:
            super().go(k)

    mark = mark_of(Both.go)
    assert mark is not None and mark.fairness == "strong"
    state = Both()
    state.go(K[0])
    assert state.count == 2


def test_a_mixin_may_override_a_rule() -> None:
    class Mixin:
        def go(self, k: K) -> None:
            self.count = 3

    class Derived(Mixin, Base):  # type: ignore[misc]
        """Takes go from the mixin, which has no role."""

    assert mark_of(Derived.go) is None


@pytest.mark.parametrize(
    ("decorate", "message"),
    [
        (lambda: action(5), "@action stands on 5, which is no method"),
        (lambda: action(Base), "@action stands on <class"),
        (lambda: invariant(property(lambda self: True)), "@invariant stands on <property object>, which is no method"),
        (lambda: invariant(staticmethod(len)), "@invariant stands on <staticmethod"),
        (lambda: action("weak"), "@action stands on 'weak', which is no method"),
        (lambda: reachable(invariant(lambda self: True)), "'<lambda>' has two roles: invariant and reachable"),
        (lambda: action(Base.go), "'go' has two roles: action and action"),
        (lambda: action(fairness="fair"), 'fairness=\'fair\': expected "weak", "strong" or None'),
        (lambda: refines(Base()), "@refines takes the abstract spec: @refines(Lock)"),
        (lambda: init(None), "@init stands on None, which is no method"),
        (lambda: temporal(True), "@temporal stands on True, which is no method"),
    ],
)
def test_a_decorator_refuses_what_makes_no_sense_and_says_where(decorate: Any, message: str) -> None:
    with pytest.raises(BadDecorator) as caught:
        decorate()
    assert caught.value.message.startswith(message) and caught.value.remedy
    assert caught.value.span is not None and caught.value.span.file == __file__
