"""Who acts, for diagrams."""

import pytest

from speccheck.domains.neutral import Member, Value
from speccheck.trace.actors import NOBODY, actor_of, actors_of, concerned
from speccheck.trace.trace import Choice, Step, Trace

N0, N1, C0 = Member("Node", 0, "Node0"), Member("Node", 1, "Node1"), Member("Client", 0, "Client0")


@pytest.mark.parametrize(
    ("step", "actor", "other"),
    [
        (Step("tick"), NOBODY, None),
        (Step("write", (("n", N0),)), "Node0", None),
        (Step("eat", (("p", 2),)), "p=2", None),
        (Step("send", (("src", N0), ("dst", N1))), "Node0", "Node1"),
        (Step("send", (("src", N0), ("dst", N0))), "Node0", None),
        (Step("serve", (("n", N0), ("c", C0))), "Node0", None),
        (Step("elect", (("n", N0),), (Choice("m", N1),)), "Node0", "Node1"),
        (Step("writer.write", (("i", N0), ("to", N1))), "writer(i=Node0, to=Node1)", None),
    ],
)
def test_the_process_acts_or_the_first_parameter(step: Step, actor: str, other: str | None) -> None:
    assert (actor_of(step), concerned(step)) == (actor, other)


def test_all_who_act_or_are_concerned_are_named_once_in_order_and_nobody_last() -> None:
    state: dict[str, Value] = {"x": 0}
    steps = (Step("tick"), Step("send", (("src", N1), ("dst", N0))), Step("write", (("n", N1),)), Step(None))
    assert actors_of(Trace(("x",), (state,) * 5, steps, None, 3)) == ["Node0", "Node1", NOBODY]
    assert actors_of(Trace(("x",), (state,), (), Step("fail", (("n", N1),)))) == ["Node1"]
