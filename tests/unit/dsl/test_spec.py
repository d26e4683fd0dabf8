"""Specs as plain objects, outside any engine: in a unit test, a notebook, a debugger."""

import copy as python_copy
import pickle
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

import pytest
from annotated_types import MaxLen

from speccheck.domains.annotations import Range
from speccheck.domains.defaults import each
from speccheck.domains.evaluation import Disabled
from speccheck.domains.parts import OutsideDomain, Part
from speccheck.domains.records import Record
from speccheck.domains.sorts import Sort
from speccheck.dsl.rules import action, init, invariant, step_invariant
from speccheck.dsl.spec import Spec, model
from speccheck.dsl.statements import choose, choosing, copy, disable, require
from speccheck.errors import BadModel, ChooseOutside, SpeccheckError, UndeclaredAttribute, UnknownAttribute, UnsetVariable


class RM(Sort, size=3, symmetric=True):
    """A resource manager."""


@dataclass(frozen=True)
class Prepared:
    rm: RM


class TwoPhase(Spec, deadlock=False):
    rm_state: dict[RM, Literal["working", "prepared", "committed", "aborted"]] = each("working")
    tm_state: Literal["init", "committed", "aborted"] = "init"
    tm_prepared: set[RM] = set()
    msgs: set[Prepared | Literal["commit", "abort"]] = set()

    @action
    def rm_prepare(self, rm: RM) -> None:
        require(self.rm_state[rm] == "working")
        self.rm_state[rm] = "prepared"
        self.msgs.add(Prepared(rm))

    @action
    def tm_receive(self) -> None:
        rm = choose(RM)
        require(Prepared(rm) in self.msgs)
        self.tm_prepared.add(rm)

    @action
    def late(self, rm: RM, how: str) -> None:
        self.msgs.add("commit")
        self.rm_state[rm] = "committed"
        self.tm_state = "committed"
        match how:
            case "require":
                require(False)
            case "disable":
                disable()
            case "domain":
                self.tm_state = "nowhere"  # type: ignore[assignment]
            case "key":
                self.rm_state.pop("x")  # type: ignore[call-overload]
            case "assert":
                assert self.tm_state == "init", "too late"
            case "undeclared":
                self.tm_sate = "init"  # type: ignore[attr-defined]

    @invariant
    def consistent(self) -> bool:
        return not {"committed", "aborted"} <= set(self.rm_state.values())

    @step_invariant
    def monotone(self, after: Self) -> bool:
        return self.tm_prepared <= after.tm_prepared


# ---------------------------------------------------------------- states


def test_an_instance_is_an_initial_state() -> None:
    state = TwoPhase()
    assert state.rm_state == dict.fromkeys(RM, "working")
    assert (state.tm_state, state.tm_prepared, state.msgs) == ("init", set(), set())


def test_an_action_changes_the_state_in_place() -> None:
    state = TwoPhase()
    rm = RM[0]
    assert state.rm_prepare(rm) is None  # type: ignore[func-returns-value]
    assert state.rm_state == {RM[0]: "prepared", RM[1]: "working", RM[2]: "working"}
    assert state.msgs == {Prepared(rm)}
    with choosing(rm):
        state.tm_receive()
    assert state.tm_prepared == {rm}


def test_a_disabled_action_says_so_and_changes_nothing() -> None:
    state = TwoPhase()
    state.rm_prepare(RM[0])
    before = copy(state)
    with pytest.raises(Disabled):
        state.rm_prepare(RM[0])
    assert state == before


@pytest.mark.parametrize(
    ("how", "raised"),
    [
        ("require", Disabled),
        ("disable", Disabled),
        ("domain", OutsideDomain),
        ("key", TypeError),
        ("assert", AssertionError),
        ("undeclared", UndeclaredAttribute),
    ],
)
def test_an_action_that_does_not_complete_never_happened(how: str, raised: type[BaseException]) -> None:
    state = TwoPhase()
    text = repr(state)
    with pytest.raises(raised):
        state.late(RM[1], how)
    assert (state, repr(state)) == (TwoPhase(), text)
    state.late(RM[1], "not at all")
    assert state.tm_state == "committed"


def test_predicates_are_ordinary_methods() -> None:
    state, after = TwoPhase(), TwoPhase(tm_prepared={RM[0]})
    assert state.consistent() and state.monotone(after) and not after.monotone(state)
    assert not TwoPhase(rm_state={RM[0]: "committed", RM[1]: "aborted", RM[2]: "working"}).consistent()


def test_an_action_may_call_another() -> None:
    class Both(TwoPhase):
        @action
        def both(self, first: RM, second: RM) -> None:
            self.rm_prepare(first)
            self.rm_prepare(second)

    state = Both()
    with pytest.raises(Disabled):
        state.both(RM[0], RM[0])
    assert state == Both()
    state.both(RM[0], RM[1])
    assert len(state.msgs) == 2


def test_states_are_equal_by_their_values() -> None:
    one, other = TwoPhase(), TwoPhase()
    assert one == other and one != TwoPhase(tm_state="aborted") and one != 5
    one.rm_prepare(RM[1])
    assert one != other
    other.rm_prepare(RM[1])
    assert one == other
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


def test_states_of_different_specs_are_different() -> None:
    class Same(TwoPhase):
        """The same variables."""

    assert Same() != TwoPhase()


def test_a_state_shows_all_its_variables_in_their_order() -> None:
    state = TwoPhase(msgs={"abort", Prepared(RM[2]), Prepared(RM[0]), "commit"})
    expected = (
        "TwoPhase(rm_state={RM0: 'working', RM1: 'working', RM2: 'working'}, tm_state='init', tm_prepared=set(), "
        "msgs={Prepared(rm=RM0), Prepared(rm=RM2), 'commit', 'abort'})"
    )
    assert repr(state) == expected


@pytest.mark.parametrize("copied", [copy, python_copy.copy, python_copy.deepcopy, lambda state: pickle.loads(pickle.dumps(state))])
def test_a_copy_of_a_state_is_a_state_of_its_own(copied: Any) -> None:
    state = TwoPhase()
    state.rm_prepare(RM[0])
    made = copied(state)
    assert made == state and type(made) is TwoPhase
    made.rm_prepare(RM[1])
    state.rm_prepare(RM[2])
    assert (made.rm_state[RM[2]], state.rm_state[RM[1]]) == ("working", "working")
    with pytest.raises(Disabled):
        made.rm_prepare(RM[1])


def test_parts_of_a_state_are_copied_as_plain_values() -> None:
    made = copy(TwoPhase().rm_state)
    assert type(made) is dict and not isinstance(made, Part)


# ---------------------------------------------------------------- constructors


def test_keywords_set_variables_and_the_rest_has_its_default() -> None:
    state = TwoPhase(tm_state="aborted", rm_state=each("aborted"))
    assert (state.tm_state, state.rm_state[RM[2]], state.msgs) == ("aborted", "aborted", set())


def test_constructors_take_keywords_only() -> None:
    with pytest.raises(TypeError):
        TwoPhase("init")  # type: ignore[misc]


def test_a_constructor_checks_names_and_domains() -> None:
    with pytest.raises(UndeclaredAttribute, match=r"TwoPhase declares no variable 'tm_sate'\. Did you mean 'tm_state'\?"):
        TwoPhase(tm_sate="init")  # type: ignore[call-arg]
    with pytest.raises(OutsideDomain, match="tm_state: 'done' is outside Literal"):
        TwoPhase(tm_state="done")  # type: ignore[arg-type]


def test_values_given_to_a_constructor_are_copied() -> None:
    given = {RM[0]}
    state = TwoPhase(tm_prepared=given)
    given.add(RM[1])
    assert state.tm_prepared == {RM[0]}


# ---------------------------------------------------------------- variables


class Late(Spec):
    LIMIT: ClassVar[int] = 3
    x: Annotated[int, Range(0, 3)]
    y: bool = False

    def helper(self) -> int:
        return self.x

    @init
    def start(self) -> None:
        self.x = choose(range(self.LIMIT))
        require(self.x > 0)


def test_init_completes_the_initial_state() -> None:
    with choosing(2):
        assert Late().x == 2
    with choosing(0), pytest.raises(Disabled):
        Late()
    with pytest.raises(ChooseOutside):
        Late()


def test_init_is_not_run_when_values_are_given() -> None:
    state = Late(y=True)
    assert repr(state) == "Late(x='<unset>', y=True)"
    with pytest.raises(UnsetVariable) as caught:
        state.helper()
    assert caught.value.message == "'x' of Late is read before it has a value"
    assert copy(Late(x=1)) == Late(x=1) and copy(state) == state


def test_unknown_attributes_are_errors_that_guess() -> None:
    state = TwoPhase()
    with pytest.raises(UnknownAttribute, match=r"TwoPhase has no attribute 'tm_stat'\. Did you mean 'tm_state'\?"):
        _ = state.tm_stat  # type: ignore[attr-defined]
    with pytest.raises(UndeclaredAttribute, match=r"TwoPhase declares no variable 'msg'\. Did you mean 'msgs'\?"):
        state.msg = set()  # type: ignore[attr-defined]
    with pytest.raises(UndeclaredAttribute, match="TwoPhase.rm_prepare is a method or constant, not a variable"):
        state.rm_prepare = None  # type: ignore[assignment, method-assign]
    with pytest.raises(UndeclaredAttribute, match=r"Late\.LIMIT is a method or constant, not a variable"):
        Late(x=1).LIMIT = 5  # type: ignore[misc]
    with pytest.raises(UndeclaredAttribute, match="'tm_state' is deleted, but a variable always has a value"):
        del state.tm_state


def test_tools_that_look_for_attributes_find_none() -> None:
    """`hasattr` is how notebooks and libraries find out what an object can do."""
    assert not any(hasattr(TwoPhase(), name) for name in ("_repr_html_", "__array__", "_ipython_display_", "dtype", "nothing"))
    assert not hasattr(Late(y=True), "x") and getattr(TwoPhase(), "nothing", 7) == 7


def test_records_follow_the_rules_of_specs() -> None:
    class Node(Record):
        LIMIT: ClassVar[int] = 2
        term: Annotated[int, Range(0, 3)] = 1
        log: Annotated[list[bool], MaxLen(2)] = []
        up: bool

        def next(self) -> None:
            self.term += 1

    node = Node(up=True)
    node.next()
    assert repr(node) == "Node(term=2, log=[], up=True)" and node == Node(term=2, up=True)
    assert node != Node(term=2, up=False) and repr(Node()) == "Node(term=1, log=[], up='<unset>')"
    with pytest.raises(UnsetVariable):
        _ = Node().up
    with pytest.raises(UndeclaredAttribute, match=r"Node declares no variable 'trem'\. Did you mean 'term'\?"):
        node.trem = 1  # type: ignore[attr-defined]
    with pytest.raises(UndeclaredAttribute):
        Node(tern=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Node(1)  # type: ignore[misc]
    with pytest.raises(OutsideDomain, match=r"Node\.term: 9 is outside"):
        node.term = 9
    with pytest.raises(TypeError, match="unhashable"):
        hash(node)


def test_a_record_may_derive_from_another() -> None:
    class Plain(Record):
        n: Annotated[int, Range(0, 3)] = 0
        up: bool = False

    class Special(Plain):
        n = 2
        extra: bool = True

    class Holder(Spec):
        plain: Plain = Plain()
        special: Special = Special()

    assert (repr(Holder().plain), repr(Holder().special)) == ("Plain(n=0, up=False)", "Special(n=2, up=False, extra=True)")
    with pytest.raises(OutsideDomain, match=r"plain: Special\(.*\) is outside Plain"):
        Holder().plain = Special()


# ---------------------------------------------------------------- options and models


def test_options_of_the_class_statement() -> None:
    class Base(Spec, abstract=True, deadlock=False, without=("crash",)):
        """Everything said."""

    class Derived(Base, without="stop"):
        """Only one thing said."""

    assert (Base._part_options.abstract, Base._part_options.deadlock, Base._part_options.without) == (True, False, ("crash",))
    assert (Derived._part_options.abstract, Derived._part_options.deadlock, Derived._part_options.without) == (False, None, ("stop",))
    with pytest.raises(TypeError):
        exec("class Wrong(Spec, abstrat=True): ...", {"Spec": Spec})


def test_models_are_those_of_the_class_itself_in_the_order_of_the_source() -> None:
    @model(RM=2, distinct=56)
    @model(RM=3, violates="x", name="three")
    class Counted(Spec):
        """Two models."""

    class Inherits(Counted):
        """None."""

    assert [(dict(line.constants), dict(line.options)) for line in Counted._part_models] == [
        ({"RM": 2}, {"distinct": 56}),
        ({"RM": 3}, {"violates": "x", "name": "three"}),
    ]
    assert Inherits._part_models == ()
    assert Counted._part_models[0].file == __file__ and Counted._part_models[0].line + 1 == Counted._part_models[1].line


def test_a_model_needs_a_spec() -> None:
    with pytest.raises(BadModel) as caught:

        @model(RM=2)
        class Wrong:
            """No spec."""

    assert caught.value.span is not None and caught.value.span.file == __file__


def test_every_error_outside_an_engine_is_an_ordinary_exception() -> None:
    for wrong in (lambda: TwoPhase(nothing=1), lambda: TwoPhase().nothing, lambda: setattr(TwoPhase(), "nothing", 1)):  # type: ignore[call-arg,attr-defined]
        with pytest.raises(SpeccheckError) as caught:
            wrong()
        assert isinstance(caught.value, Exception)
