"""Pictures and files of a state graph."""

import shutil
from dataclasses import replace
from typing import Any

import networkx
import pytest

from speccheck.errors import MissingProgram
from speccheck.space.views import VIEWS, view
from speccheck.space.views.graph import GraphState, GraphStep, StateGraph, cut, multigraph

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="the program dot is not installed")


def chain(length: int) -> StateGraph:
    """States in a row, with two steps between neighbours and a loop at each; the trace goes up to state 2."""
    states = tuple(GraphState(n, n + 1, n == 0, {"x": str(n), "name": f'"<b>{n}\\l"'}) for n in range(length))
    steps = [GraphStep(n, n + 1, word, f"{word}(n={n})") for n in range(length - 1) for word in ("go", "run")]
    steps.extend(GraphStep(n, n, "idle", "idle()") for n in range(length))
    return StateGraph(states, tuple(steps), (0, 1, 2), ("go(n=0)", "run(n=1)"), "Chain[N=3]")


def test_networkx_gets_every_state_and_every_step() -> None:
    made = multigraph(chain(3))
    assert dict(made.nodes[0]) == {"state": {"x": "0", "name": '"<b>0\\l"'}, "level": 1, "initial": True}
    assert made.number_of_edges(0, 1) == 2 and made.number_of_edges(2, 2) == 1
    assert sorted((data["action"], data["label"]) for _, _, data in made.out_edges(1, data=True)) == [
        ("go", "go(n=1)"),
        ("idle", "idle()"),
        ("run", "run(n=1)"),
    ]


def test_the_trace_takes_its_own_steps_and_not_their_parallels() -> None:
    graph = chain(4)
    assert sorted(step.label for step in graph.taken()) == ["go(n=0)", "run(n=1)"]


def test_a_cut_graph_keeps_the_first_states_and_the_whole_trace() -> None:
    graph = replace(chain(10), highlighted=(0, 8, 9))
    assert [one.number for one in cut(graph, 5).states] == [0, 1, 2, 8, 9]
    assert {(step.source, step.target) for step in cut(graph, 5).steps} == {(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (8, 8), (8, 9), (9, 9)}
    assert cut(graph, 10) is graph and len(cut(graph, 1).states) == 3


def test_dot_shows_values_literally_and_the_trace_in_red() -> None:
    text = view("dot")(chain(3)).decode()
    assert r'label="state 1\lx = 1\lname = \"<b>1\\l\"\l"' in text
    red = [one for one in text.splitlines() if "->" in one and "c62828" in one]
    assert len(red) == 2 and "go(n=0)" in red[0] and "run(n=1)" in red[1]
    assert "Chain[N=3]" in text


def test_dot_draws_one_arrow_for_parallel_steps_and_none_for_steps_that_change_nothing() -> None:
    text = view("dot")(replace(chain(3), highlighted=(), labels=())).decode()
    arrows = [one.strip() for one in text.splitlines() if "->" in one]
    assert arrows == [r'0 -> 1 [label="go(n=0)\nrun(n=0)"]', r'1 -> 2 [label="go(n=1)\nrun(n=1)"]']


def test_graphml_is_read_back_as_the_same_graph() -> None:
    graph = replace(chain(3), states=(*chain(3).states[:2], GraphState(2, 3, False, {"x": "\x00&<", "name": "n"})))
    read: Any = networkx.parse_graphml(view("graphml")(graph).decode(), force_multigraph=True)
    assert read.nodes["0"] == {"level": 1, "initial": True, "highlighted": True, "var_x": "0", "var_name": '"<b>0\\l"'}
    assert read.nodes["2"]["var_x"] == "\N{REPLACEMENT CHARACTER}&<"
    assert sorted(data["label"] for _, _, data in read.out_edges("0", data=True)) == ["go(n=0)", "idle()", "run(n=0)"]


@needs_dot
@pytest.mark.parametrize(("ending", "beginning"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_dot_draws_a_picture(ending: str, beginning: bytes) -> None:
    assert view(ending)(chain(3)).startswith(beginning)


@needs_dot
def test_a_picture_holds_every_value_literally() -> None:
    text = view("svg")(chain(2)).decode()
    assert "&lt;b&gt;1\\l" in text and "Chain[N=3]" in text


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_missing_dot_is_an_error_that_says_how_to_get_it(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingProgram) as raised:
        view(ending)(chain(2))
    assert "apt-get install graphviz" in raised.value.remedy


@pytest.mark.parametrize("ending", VIEWS)
def test_the_same_graph_is_the_same_bytes(ending: str) -> None:
    if ending in ("svg", "png") and shutil.which("dot") is None:
        pytest.skip("the program dot is not installed")
    assert view(ending)(chain(4)) == view(ending)(chain(4))
