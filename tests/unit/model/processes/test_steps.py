"""How a process is cut into steps: what is one step, where it starts and ends, and what of it is part of the state (the language, section 9)."""

from collections.abc import Callable
from typing import Any

import pytest

from speccheck import Result, Verdict
from speccheck.model.model import Model

Models = Callable[..., list[Model]]
Checked = Callable[..., Result]


def spec(body: str, variables: str = "", rest: str = "", decorator: str = "@process", parameters: str = "p: P") -> str:
    """Return the text of a spec with one process."""
    parts = [
        "class P(Sort, size=2):\n    pass\n\n",
        "class S(Spec):\n    n: Annotated[int, Range(0, 9)] = 0\n    q: Annotated[list[P], MaxLen(2)] = []\n",
        *(f"    {line}\n" for line in variables.splitlines()),
        f"    {decorator}\n    def w(self, {parameters}) -> Steps:\n" if parameters else f"    {decorator}\n    def w(self) -> Steps:\n",
        *(f"        {line}\n" for line in body.splitlines()),
        *(f"    {line}\n" for line in rest.splitlines()),
    ]
    return "".join(parts)


def _names(model: Model) -> list[str]:
    return [action.name for action in model.actions]


def test_a_step_runs_from_a_label_to_the_next(models: Models, checked: Checked) -> None:
    text = spec('yield "a"\nself.n += 1\nself.n += 1\nyield "b"\nself.n = 0', parameters="")
    assert _names(models(text)[0]) == ["w.a", "w.b"]
    assert checked(text).distinct == 3  # at a; at b, with n = 2; done


def test_a_loop_head_is_no_label(checked: Checked) -> None:
    text = spec('while True:\n    yield "a"\n    self.n = 1 - self.n', parameters="")
    assert checked(text).distinct == 2


def test_branches_and_loops_without_a_label_are_part_of_one_step(checked: Checked) -> None:
    text = spec('yield "a"\nfor k in range(3):\n    if k != 1:\n        self.n += 1\nwhile self.n < 5:\n    self.n += 1', parameters="")
    result = checked(text)
    assert (result.distinct, result.generated) == (2, 2)


def test_require_anywhere_in_a_step_leaves_the_process_at_its_label(checked: Checked) -> None:
    text = spec('yield "a"\nself.n += 1\nrequire(self.n > 1)', parameters="", rest="@terminal\ndef end(self) -> bool:\n    return True")
    assert checked(text).distinct == 1


def test_an_empty_choose_blocks(checked: Checked) -> None:
    text = spec(
        'yield "a"\nself.n = 1\nx = choose(self.q)\nself.n = 2 if x in P else 3', parameters="", rest="@terminal\ndef end(self) -> bool:\n    return True"
    )
    assert checked(text).distinct == 1


# ---------------------------------------------------------------- start


def _starts(models: Models, body: str) -> tuple[str, ...]:
    return models(spec(body))[0].processes[0].labels


def test_where_nothing_but_jumps_comes_first_the_process_starts_at_its_first_label(models: Models) -> None:
    assert _starts(models, '"""A process."""\nwhile True:\n    yield "a"\n    self.n = 0') == ("a",)


def test_what_touches_the_state_before_the_first_label_is_the_step_start(models: Models) -> None:
    assert _starts(models, 'self.n = 1\nyield "a"\nself.n = 0') == ("start", "a")
    assert _starts(models, 'if self.n:\n    yield "a"\nyield "b"\nself.n = 0') == ("start", "a", "b")


def test_what_touches_only_locals_and_constants_is_part_of_the_initial_state(models: Models, checked: Checked) -> None:
    text = spec('k = 2\nwhile k > 0:\n    yield "a"\n    k -= 1\nself.n = 9')
    (model,) = models(text)
    assert model.processes[0].labels == ("a",)
    result = checked(text)
    assert result.generated - sum(count.taken for count in result.actions.values()) == 1  # initial states


def test_a_choice_before_the_first_label_makes_several_initial_states(checked: Checked) -> None:
    text = spec('k = choose(range(3))\nyield "a"\nself.n = k')
    result = checked(text)
    assert result.generated - sum(count.taken for count in result.actions.values()) == 9
    assert result["deadlock"].verdict is Verdict.HOLDS


def test_a_choice_before_the_first_label_comes_after_init(checked: Checked) -> None:
    text = spec('k = choose(range(2))\nyield "a"\nself.n += k', rest="@init\ndef begin(self) -> None:\n    self.n = choose(range(3))")
    result = checked(text)
    assert result.generated - sum(count.taken for count in result.actions.values()) == 12


def test_processes_may_start_at_different_labels(models: Models) -> None:
    text = spec('if p == FIRST:\n    yield "a"\nyield "b"\nself.n = 0').replace("class S(", "FIRST = list(P)[0]\n\n\nclass S(")
    (model,) = models(text)
    pc = next(v for v in model.variables if v.name == "w.pc")
    assert sorted(pc.default.values()) == ["a", "b"]


# ---------------------------------------------------------------- locals


def _locals(model: Model) -> dict[str, str]:
    return {v.name: v.domain.describe() for v in model.variables if v.name.startswith("w.") and v.name != "w.pc"}


def test_a_local_that_is_read_after_a_label_is_part_of_the_state(models: Models) -> None:
    assert _locals(models(spec('yield "a"\nv = choose(P)\nyield "b"\nself.q = [v]'))[0]) == {"w.v": "dict[P, P] (partial)"}


def test_a_local_that_gets_a_new_value_first_is_none(models: Models) -> None:
    assert _locals(models(spec('yield "a"\nv = 1\nself.n = v\nyield "b"\nv = 2\nself.n = v'))[0]) == {}


def test_a_local_is_dropped_when_it_is_dead(checked: Checked) -> None:
    text = spec('while True:\n    yield "a"\n    v = choose(range(5))\n    yield "b"\n    self.n = v // 5', parameters="")
    assert checked(text).distinct == 6  # at a; at b with five values


def test_a_local_without_parameters_is_none_where_it_is_dead(models: Models) -> None:
    assert _locals(models(spec('yield "a"\nv = choose(P)\nyield "b"\nself.q = [v]', parameters=""))[0]) == {"w.v": "P | None"}


@pytest.mark.parametrize(
    ("assigned", "domain"),
    [
        ("v = self.n", "Range(0, 9)"), ("v = 1 if self.n else 2", "Literal[1, 2]"), ("v = choose(P) if self.n else None", "P | None"), ("v = len(self.q)", None),
        ("v = self.n > 1", "bool"), ("v = 'x'", "Literal['x']"), ("v: Annotated[int, Range(2, 3)] = 2", "Range(2, 3)"), ("v = (p, self.n)", "tuple[P, Range(0, 9)]"),
        ("v = {x for x in P if x != p}", "set[P]"), ("v: set[P] = set()", "set[P]"), ("v: 'Literal[1, 2]' = 1", "Literal[1, 2]"),
    ],
)  # fmt: skip
def test_the_domain_of_a_local_is_inferred_or_annotated(models: Models, assigned: str, domain: str | None) -> None:
    found = _locals(models(spec(f'yield "a"\n{assigned}\nyield "b"\nself.n = 1 if v else 2'))[0])["w.v"]
    assert domain is None or found == f"dict[P, {domain}] (partial)"


def test_a_set_that_a_process_builds_over_several_steps_is_its_own(checked: Checked) -> None:
    text = spec(
        'seen: set[P] = set()\nwhile len(seen) < 2:\n    yield "a"\n    x = choose(P)\n    require(x not in seen)\n    seen.add(x)\nself.n = len(seen)',
        parameters="",
        rest="@invariant\ndef ok(self) -> bool:\n    return self.n in (0, 2)",
    )
    result = checked(text)
    assert (result["ok"].verdict, result.distinct) == (Verdict.HOLDS, 4)


def test_leaving_the_domain_of_a_local_is_a_violation_at_the_label(checked: Checked) -> None:
    text = spec('v: Annotated[int, Range(0, 1)] = 0\nwhile True:\n    yield "a"\n    v += 1', parameters="")
    result = checked(text)
    assert result["domain"].verdict is Verdict.VIOLATED
    assert "w.v" in (result["domain"].reason or "")


# ---------------------------------------------------------------- end, deadlock, daemon


def test_a_process_that_ended_is_no_deadlock(checked: Checked) -> None:
    assert checked(spec('yield "a"\nself.n = 1'))["deadlock"].verdict is Verdict.HOLDS


def test_a_process_that_waits_for_ever_is_a_deadlock(checked: Checked) -> None:
    result = checked(spec('yield "a"\nself.n = 1\nyield "b"\nrequire(self.n > 1)'))
    assert result["deadlock"].verdict is Verdict.VIOLATED
    assert result["deadlock"].trace is not None and len(result["deadlock"].trace.steps) == 2


def test_a_daemon_may_wait_for_ever(checked: Checked) -> None:
    text = spec('yield "a"\nself.n = 1\nyield "b"\nrequire(self.n > 1)', decorator="@process(daemon=True)")
    assert checked(text)["deadlock"].verdict is Verdict.HOLDS


def test_a_return_ends_the_process(checked: Checked) -> None:
    text = spec('while True:\n    yield "a"\n    self.n += 1\n    if self.n == 3:\n        return', parameters="")
    assert (checked(text).distinct, checked(text)["deadlock"].verdict) == (4, Verdict.HOLDS)


# ---------------------------------------------------------------- at, crash, restart


CRASHING = 'while True:\n    yield "a"\n    v = choose(range(2))\n    self.n = 1\n    yield "b"\n    self.n = 2 * v'


def test_a_crashed_process_has_no_step_and_no_locals(checked: Checked) -> None:
    rest = '@action\ndef boom(self, p: P) -> None:\n    crash(self.w, p)\n@reachable\ndef down(self) -> bool:\n    return all(at(self.w, p) == "crashed" for p in P)'
    result = checked(spec(CRASHING, rest=rest))
    assert (result["down"].verdict, result["deadlock"].verdict) == (Verdict.HOLDS, Verdict.HOLDS)
    assert {state["w.v"].items for state in result["down"].trace.states[-1:]} == {()}


def test_crash_is_disabled_when_the_process_is_done_or_has_crashed(checked: Checked) -> None:
    rest = "@action\ndef boom(self) -> None:\n    crash(self.w)"
    result = checked(spec('yield "a"\nself.n = 1', parameters="", rest=rest))
    assert (result.distinct, result.actions["boom"].taken) == (3, 1)


def test_restart_is_always_possible_and_goes_to_the_start(checked: Checked) -> None:
    rest = "@action\ndef again(self) -> None:\n    restart(self.w)"
    result = checked(spec('k = 1\nyield "a"\nself.n = k\nyield "b"\nk = 0', parameters="", rest=rest))
    assert result.actions["again"].taken == result.distinct == 4


def test_crashes_adds_a_crash_after_the_first_step(checked: Checked) -> None:
    result = checked(spec(CRASHING, decorator="@process(crashes=True)"))
    assert result.actions["w.crash"].taken > 0
    alone = checked(spec('yield "a"\nself.n = 1\nyield "b"\nself.n = 2', decorator="@process(crashes=True)", parameters=""))
    assert (alone.distinct, alone.actions["w.crash"].taken) == (4, 1)


def test_at_may_be_asked_in_guards_helpers_and_step_invariants(checked: Checked) -> None:
    rest = (
        "def busy(self) -> int:\n    return sum(at(self.w, p) == 'b' for p in P)\n"
        "@step_invariant\ndef one_at_a_time(self, after: Self) -> bool:\n    return sum(at(self.w, p) != at(after.w, p) for p in P) <= 1\n"
        "@invariant\ndef few(self) -> bool:\n    return self.busy() < 2\n"
    )
    result = checked(spec('while True:\n    yield "a"\n    require(self.busy() == 0)\n    self.n = 1\n    yield "b"\n    self.n = 0', rest=rest))
    assert (result["one_at_a_time"].verdict, result["few"].verdict) == (Verdict.HOLDS, Verdict.HOLDS)


# ---------------------------------------------------------------- fairness


TURNS = "while True:\n    yield {a}\n    self.n = 1\n    yield {b}\n    self.n = 0"
LIVE = "def one(self) -> bool:\n    return self.n == 1\ndef zero(self) -> bool:\n    return self.n == 0\nup = leads_to(zero, one)\ndown = leads_to(one, zero)"


@pytest.mark.parametrize(
    ("decorator", "a", "b", "up", "down"),
    [
        ("@process", '"a"', '"b"', False, False),
        ('@process(fairness="weak")', '"a"', '"b"', True, True),
        ('@process(fairness="weak")', 'unfair("a")', '"b"', False, True),
        ("@process", 'strong("a")', '"b"', True, False),
    ],
)
def test_fairness_is_about_the_steps_that_are_not_exempt(checked: Checked, decorator: str, a: str, b: str, up: bool, down: bool) -> None:
    result = checked(spec(TURNS.format(a=a, b=b), decorator=decorator, parameters="", rest=LIVE))
    assert [result[name].verdict is Verdict.HOLDS for name in ("up", "down")] == [up, down]


def test_a_group_may_name_a_process(checked: Checked) -> None:
    result = checked(spec(TURNS.format(a='"a"', b='"b"'), parameters="", rest=LIVE + "\nfair = weak(w)"))
    assert (result["up"].verdict, result["down"].verdict) == (Verdict.HOLDS, Verdict.HOLDS)


def test_each_process_has_an_assumption_of_its_own(models: Models) -> None:
    (model,) = models(spec(TURNS.format(a='"a"', b='strong("b")'), decorator='@process(fairness="weak")'))
    assert [(a.name, a.strength, a.actions, a.per) for a in model.assumptions] == [("w", "weak", ("w.a", "w.b"), ("p",)), ("w.b", "strong", ("w.b",), ("p",))]


def test_occurs_and_enabled_of_a_process_are_about_all_its_steps(checked: Checked) -> None:
    rest = (
        "@temporal\ndef acts(self, p: P) -> Formula:\n    return always_eventually(lambda: occurs(self.w, p))\n"
        "@invariant\ndef can(self) -> bool:\n    return all(enabled(self.w, p) for p in P)\n"
    )
    result = checked(spec(TURNS.format(a='"a"', b='"b"').replace("self.n = 1", "self.n = 1 - self.n"), decorator='@process(fairness="weak")', rest=rest))
    assert (result["acts"].verdict, result["can"].verdict) == (Verdict.HOLDS, Verdict.HOLDS)


# ---------------------------------------------------------------- calls, loops, inheritance


def test_a_generator_that_is_called_stands_in_place(models: Models) -> None:
    rest = 'def get(self, p: P) -> Steps:\n    yield "wait"\n    require(not self.q)\n    self.q = [p]\n    return 3'
    (model,) = models(spec('yield "a"\nx = yield from self.get(p)\nyield "b"\nself.n = x\nyield from self.get(p)', rest=rest))
    assert model.processes[0].labels == ("a", "get.wait", "b", "get2.wait")


def test_a_loop_over_constants_remembers_where_it_is(checked: Checked) -> None:
    rest = "@invariant\ndef ok(self) -> bool:\n    return at(self.w) != 'done' or self.n == 6"
    result = checked(spec('for k in (1, 2, 3):\n    yield "a"\n    self.n += k', parameters="", rest=rest))
    assert (result["ok"].verdict, result.distinct) == (Verdict.HOLDS, 4)


def test_a_loop_over_equal_elements_counts_them(checked: Checked) -> None:
    rest = "@invariant\ndef ok(self) -> bool:\n    return at(self.w) != 'done' or self.n == 3"
    assert checked(spec('for k in (1, 1, 1):\n    yield "a"\n    self.n += k', parameters="", rest=rest))["ok"].verdict is Verdict.HOLDS


def test_a_loop_over_a_range_of_the_state_computes_it_once(checked: Checked) -> None:
    rest = "@invariant\ndef ok(self) -> bool:\n    return at(self.w) != 'done' or self.n == 4"
    assert checked(spec('self.n = 2\nfor k in range(self.n):\n    yield "a"\n    self.n += 1', parameters="", rest=rest))["ok"].verdict is Verdict.HOLDS


def test_a_loop_may_depend_on_who_the_process_is(checked: Checked) -> None:
    text = spec('for x in OTHERS[p]:\n    yield "a"\n    self.n += 1', rest="@invariant\ndef ok(self) -> bool:\n    return self.n <= 2")
    assert checked(text.replace("class S(", "OTHERS = {p: tuple(x for x in P if x != p) for p in P}\n\n\nclass S("))["ok"].verdict is Verdict.HOLDS


def test_a_subclass_overrides_a_helper_a_generator_or_the_process(models: Models) -> None:
    rest = 'def get(self) -> Steps:\n    yield "one"\n    self.n = 1'
    text = spec("yield from self.get()", parameters="", rest=rest)
    text += '\nclass T(S):\n    def get(self) -> Steps:\n        yield "two"\n        self.n = 2\n'
    text += '\nclass U(S):\n    def w(self) -> Steps:\n        yield "three"\n        self.n = 3\n'
    text += '\nclass V(S, without=("w",)):\n    @action\n    def go(self) -> None:\n        self.n = 4\n'
    assert [_names(model) for model in models(text)] == [["w.get.one"], ["w.get.two"], ["w.three"], ["go"]]


def test_a_process_keeps_the_lines_of_its_generator(checked: Checked) -> None:
    result = checked(spec('yield "a"\nself.n = 10', parameters=""))
    trace = result["domain"].trace
    assert trace is not None and trace.failed_step is not None and trace.failed_step.span is not None
    assert result["domain"].error_span is not None
    assert result["domain"].error_span.line == trace.failed_step.span.line + 1


def test_via_names_a_step_or_the_whole_process(models: Models) -> None:
    from speccheck.checker.check import check_model

    rest = "@invariant\ndef low(self) -> bool:\n    return self.n == 0"
    for via, ok in (("w", True), ("w.a", True), ("w.b", False)):
        text = spec('yield "a"\nself.n = 1\nyield "b"', parameters="", rest=rest).replace("class S(", f'@model(violates="low", via="{via}")\nclass S(')
        assert check_model(models(text)[0]).as_expected is ok


def test_symmetry_reduces_processes(models: Models) -> None:
    from dataclasses import replace

    from speccheck.checker.check import check_model
    from tests.agreement.orbits import orbits

    text = spec(CRASHING).replace("size=2", "size=3, symmetric=True")
    (model,) = models(text)
    assert check_model(replace(model, symmetry=True)).distinct == orbits(model)


def test_a_loop_with_labels_over_a_symmetric_sort_tells_its_members_apart(models: Models) -> None:
    from dataclasses import replace

    from speccheck import SpeccheckError
    from speccheck.checker.check import check_model

    text = spec('for x in P:\n    yield "a"\n    self.q = [x]', parameters="").replace("size=2", "size=3, symmetric=True")
    with pytest.raises(SpeccheckError) as caught:
        check_model(replace(models(text)[0], symmetry=True))
    assert {one.code for one in caught.value.errors} == {"SC401"}


def test_steps_start_the_processes_of_a_plain_state(models: Models) -> None:
    from speccheck import steps

    (model,) = models(spec(CRASHING))
    found = steps(model.spec())
    assert sorted({one.step.label for one in found}) == ["w.a(p=P0)", "w.a(p=P1)"]
    after: Any = found[0].state
    assert "w.b(p=P0)" in {one.step.label for one in steps(after)}


def test_a_subclass_may_put_something_before_the_process_that_it_overrides(models: Models, checked: Checked) -> None:
    text = spec('v = 2\nyield "a"\nself.n += v', parameters="")
    text += '\nclass T(S):\n    def w(self) -> Steps:\n        yield "first"\n        self.n = 5\n        yield from super().w()\n        self.n = 9\n'
    first, second = models(text)
    assert (first.processes[0].labels, second.processes[0].labels) == (("a",), ("first", "a"))
    assert checked(text).distinct == 2


def test_a_local_may_have_the_name_of_a_label_or_of_the_pc(checked: Checked, models: Models) -> None:
    text = spec('yield "s"\npc = self.n\nseen = 1\nyield "seen"\nself.n = pc + seen + 1', parameters="")
    assert [v.name for v in models(text)[0].variables][2:] == ["w.pc", "w.pc_", "w.seen_"]
    assert (checked(text).distinct, checked(text)["deadlock"].verdict) == (3, Verdict.HOLDS)


def test_a_crash_is_possible_after_the_first_step_wherever_the_process_began(checked: Checked) -> None:
    text = spec('if choose([True, False]):\n    yield "a"\n    self.n = 1\nyield "b"\nself.n = 2', decorator="@process(crashes=True)", parameters="")
    assert checked(text).actions["w.crash"].taken == 0


# ---------------------------------------------------------------- what was once wrong


@pytest.mark.parametrize(
    ("body", "rest", "result"),
    [
        ('v = 0\nyield "a"\nmatch ("x", 3):\n    case ("x", v):\n        pass\nyield "b"\nself.n = v', "", 3),
        ('yield "a"\nif (m := self.n + 4) > 0 and m < 9:\n    self.n = m', "", 4),
        ('for _ in range(2):\n    yield from self.get()', 'def get(self) -> Steps:\n    yield "h"\n    while True:\n        self.n += 1\n        return', 2),
        ('yield from self.get()', 'def get(self) -> Steps:\n    returned = 7\n    yield "h"\n    while True:\n        if self.n < 3:\n            self.n += 1\n            continue\n        break\n    self.n = returned', 7),
        ('x = yield from self.get()\nself.n = x', 'def get(self) -> Generator[str, None, int]:\n    yield "h"\n    try:\n        return 3\n    finally:\n        pass', 3),
        ('x = yield from self.get()\nself.n = x', 'def get(self) -> Generator[str, None, int]:\n    yield "h"\n    def four() -> int:\n        return 4\n    return four()', 4),
        ('self.n, x = yield from self.get()\nself.n += x', 'def get(self) -> Generator[str, None, tuple[int, int]]:\n    yield "h"\n    return 1, 4', 5),
        ('K = 5\nyield from self.get()\nself.n += K', 'def get(self) -> Steps:\n    yield "h"\n    self.n = K', 6),
        ('yield "a"\nself.__add(2)', "def __add(self, k: int) -> None:\n    self.n += k", 2),
        ('v = 1\nyield "a"\ndel v\nself.n = 3', "", 3),
        ('while True:\n    for k in (1, 2):\n        yield "a"\n        self.n += k\n    return', "", 3),
        ('for self_, k in (("x", 1), ("y", 3)):\n    yield "a"\n    self.n += k', "", 4),
    ],
)  # fmt: skip
def test_what_a_process_computes_is_what_python_computes(checked: Checked, body: str, rest: str, result: int) -> None:
    done = f"@invariant\ndef computed(self) -> bool:\n    return at(self.w) != 'done' or self.n == {result}\n@reachable\ndef ends(self) -> bool:\n    return at(self.w) == 'done'"
    text = "from collections.abc import Generator\nK = 1\n" + spec(body, parameters="", rest=f"{rest}\n{done}")
    found = checked(text)
    assert (found["computed"].verdict, found["ends"].verdict) == (Verdict.HOLDS, Verdict.HOLDS)


def test_fairness_of_a_label_may_be_a_constant(checked: Checked) -> None:
    text = 'ASK = unfair("a")\n' + spec(TURNS.format(a="ASK", b='"b"'), decorator='@process(fairness="weak")', parameters="", rest=LIVE)
    assert (checked(text)["up"].verdict, checked(text)["down"].verdict) == (Verdict.VIOLATED, Verdict.HOLDS)


def test_a_condition_that_may_raise_is_not_left_out(checked: Checked) -> None:
    assert checked(spec('yield "a"\nif 6 // self.n > 1:\n    pass\nyield "b"', parameters=""))["w.a.error"].verdict is Verdict.VIOLATED


def test_a_dead_local_is_no_state_where_it_is_set_on_the_way_through_a_condition(checked: Checked) -> None:
    text = spec('while True:\n    yield "a"\n    if (m := choose(range(3))) > 0 and m < 3:\n        self.n = 1 - self.n', parameters="")
    assert checked(text).distinct == 2
