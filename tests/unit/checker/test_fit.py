"""A trace on a spec that has changed: where it ends to fit, and what refuses it."""

from dataclasses import replace
from pathlib import Path

import pytest

from speccheck.checker.fit import Fit, fit
from speccheck.checker.target import model_of_trace
from speccheck.errors import BadUsage, NothingSelected, RuleTimeout, SpeccheckError, UnknownOverride
from speccheck.source import Span
from speccheck.trace.formats import formatted
from speccheck.trace.reading import traces_in
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import UNNAMED, Step
from tests.unit.checker.kept import SOURCE, kept, module

ALL = [
    ("Counter", "nothing_lost", True),
    ("Counter", "served", True),
    ("Counter", "looks", True),
    ("Climb", "stays", True),
    ("Climb", "high", True),
    ("Climb", "raises", True),
    ("Climb", "deadlock", True),
    ("Over", "domain", True),
    ("Asserting", "up.assert", True),
    ("Starting", "start.assert", True),
    ("Anywhere", "low", True),
    ("Blinking", "settles", None),
    ("Sleeping", "wakes", None),
    ("Racing", "never_two", True),
]


def replayed(folder: Path, spec: str, prop: str, old: str, new: str) -> Fit:
    """Replay the trace of a property on a module in which something was changed."""
    trace = kept(module(folder), spec, prop)
    return fit(trace, model_of_trace(trace, str(module(folder, old, new))))


@pytest.mark.parametrize(("spec", "prop", "outcome"), ALL)
@pytest.mark.parametrize("kind", ["found", "json", "itf"])
def test_a_trace_fits_the_spec_that_it_was_found_on(spec: str, prop: str, outcome: bool | None, kind: str, tmp_path: Path) -> None:
    path = module(tmp_path)
    trace = kept(path, spec, prop)
    if kind != "found":
        (trace,) = traces_in(plain_text(formatted(trace, kind)))
    found = fit(trace, model_of_trace(trace, str(path)))
    assert (found.misfit, found.outcome) == (None, outcome)


@pytest.mark.parametrize(
    ("spec", "prop", "old", "new", "number", "reason"),
    [
        # a guard
        ("Counter", "nothing_lost", "self.seen[c] is None)", "all(s is None for s in self.seen.values()))", 2,
         "'look' is disabled at `require(c not in self.done and all(s is None for s in self.seen.values()))`"),
        ("Counter", "nothing_lost", "        if seen is None:\n", "        if seen != self.value:\n", 4, "'add' is disabled at `disable()`"),
        ("Anywhere", "low", "require(to > self.height + 1)", "require(to > self.height + 3)", 1, "'jump' is disabled at `require(to > self.height + 3)`"),
        ("Racing", "never_two", '        yield "write"\n', '        yield "write"\n        require(self.x == 0)\n', 4, "'racer.write' is disabled at `require(self.x == 0)`"),
        # another effect
        ("Counter", "nothing_lost", "self.value = seen + 1", "self.value = 2", 3, "'add' leads elsewhere: value is 2, in the trace it is 1"),
        ("Counter", "nothing_lost", "self.seen[c] = self.value", "self.seen[c] = 1", 1, "'look' leads elsewhere: seen[Clerk0] is 1, in the trace it is 0"),
        ("Counter", "nothing_lost", "self.done.add(c)", "self.done |= set(Clerk)", 3, "'add' leads elsewhere: done is {Clerk0, Clerk1}, in the trace it is {Clerk1}"),
        # a step that errs
        ("Counter", "nothing_lost", "self.value = seen + 1", "self.value = seen + 9", 3, "'add' fails: value: 9 is outside Range(0, 2)"),
        ("Climb", "stays", "        self.height += 1\n\n    @step_inv", "        assert self.height < 1\n        self.height += 1\n\n    @step_inv", 2,
         "'up' fails: assertion failed"),
        # a choice that is not there any more
        ("Anywhere", "low", "to = choose(range(4))", "to = choose(range(3))", 1, "'jump' cannot choose to = 3 any more"),
        # a step that should fail
        ("Over", "domain", "class Over(Spec):\n    height: Annotated[int, Range(0, 1)]", "class Over(Spec):\n    height: Annotated[int, Range(0, 9)]", 2,
         "'up' does not fail any more"),
        ("Asserting", "up.assert", '        assert self.height < 1, "too high"', "        require(self.height < 1)", 2, "'up' is disabled at `require(self.height < 1)`"),
        ("Starting", "start.assert", '        assert self.height < 2, "too high"\n', "", 0, "no initial evaluation fails any more"),
        # another beginning
        ("Counter", "nothing_lost", "value: Annotated[int, Range(0, 2)] = 0", "value: Annotated[int, Range(0, 2)] = 1", 0,
         "the spec does not start so: value is 1, in the trace it is 0"),
        ("Counter", "nothing_lost", "    done: set[Clerk] = set()\n", "    done: set[Clerk] = set()\n    more: bool = False\n", 0,
         "the trace does not know the variable 'more'."),
        ("Blinking", "settles", "    used: bool = False\n", "    used: bool = False\n    uses: bool = False\n", 0,
         "the trace does not know the variable 'uses'. Did you mean 'used'?"),
        ("Starting", "low", '        assert self.height < 2, "too high"\n', "        disable()\n", 0, "the spec has no initial state"),
        # other actions and parameters
        ("Counter", "nothing_lost", "def look(", "def lock(", 1, "the spec has no action 'look'. Did you mean 'lock'?"),
        ("Counter", "nothing_lost", "def look(self, c: Clerk)", "def look(self, c: Clerk, again: bool)", 1, "'look' has the parameters (c, again), in the trace it has (c)"),
    ],
)  # fmt: skip
def test_a_trace_ends_to_fit_where_its_step_is_refused(spec: str, prop: str, old: str, new: str, number: int, reason: str, tmp_path: Path) -> None:
    misfit = replayed(tmp_path, spec, prop, old, new).misfit
    assert misfit is not None and (misfit.number, misfit.refusal.reason.rstrip()) == (number, reason)


def test_a_variable_that_is_gone_is_named(tmp_path: Path) -> None:
    trace = kept(module(tmp_path), "Counter", "nothing_lost")
    states = tuple({**state, "lost": 0} for state in trace.states)
    misfit = fit(replace(trace, variables=(*trace.variables, "lost"), states=states), model_of_trace(trace, str(module(tmp_path)))).misfit
    assert misfit is not None and misfit.refusal.reason == "the spec has no variable 'lost'."


def test_a_member_beyond_the_size_of_a_sort_is_no_value_of_a_parameter(tmp_path: Path) -> None:
    trace = kept(module(tmp_path), "Counter", "served", Clerk=3)
    step = replace(trace.steps[0], parameters=(("c", "Clerk7"),))
    misfit = fit(replace(trace, steps=(step, *trace.steps[1:])), model_of_trace(trace, str(module(tmp_path)))).misfit
    assert misfit is not None and misfit.refusal.reason == "\"Clerk7\" is no value of 'c' of 'look': Clerk"


def test_what_refuses_a_step_is_explained_and_what_is_possible_is_listed(tmp_path: Path) -> None:
    misfit = replayed(tmp_path, "Counter", "nothing_lost", "self.seen[c] is None)", "all(s is None for s in self.seen.values()))").misfit
    assert misfit is not None
    assert [(one.depth, one.expression, one.value) for one in misfit.refusal.explanation] == [
        (0, "for s = self.seen[Clerk0]", "0"),
        (1, "s is None", "0 is not None"),
    ]
    assert misfit.refusal.span == Span(str(tmp_path / "changed.py"), SOURCE[: SOURCE.index("require(c not in")].count("\n") + 1)
    assert [step.label for step in misfit.possible] == ["add(c=Clerk0)"]


def test_another_choice_that_leads_to_the_same_state_will_do(tmp_path: Path) -> None:
    trace = kept(module(tmp_path), "Anywhere", "low")
    without = replace(trace, steps=tuple(replace(step, choices=()) for step in trace.steps))
    other = replace(trace, steps=tuple(replace(step, choices=(replace(step.choices[0], value=2),)) for step in trace.steps))
    model = model_of_trace(trace, str(module(tmp_path)))
    assert fit(without, model).misfit is None and fit(other, model).misfit is None


def test_steps_without_a_name_are_any_that_lead_to_the_next_state(tmp_path: Path) -> None:
    trace = kept(module(tmp_path), "Counter", "nothing_lost")
    unnamed = replace(trace, steps=tuple(Step(UNNAMED) for _ in trace.steps))
    model = model_of_trace(trace, str(module(tmp_path)))
    assert fit(unnamed, model).misfit is None
    skipping = replace(unnamed, states=(trace.states[0], *trace.states[2:]), steps=unnamed.steps[1:])
    misfit = fit(skipping, model).misfit
    assert misfit is not None and (misfit.number, misfit.refusal.reason) == (1, "no step leads to the next state of the trace")


@pytest.mark.parametrize(
    ("spec", "prop", "old", "new", "outcome"),
    [
        ("Counter", "nothing_lost", "or self.value == len(Clerk)", "or self.value >= 1", False),
        ("Counter", "served", "return c not in self.done", "return True", False),
        ("Climb", "stays", "return after.height < 2", "return after.height < 3", False),
        ("Climb", "high", "return self.height == 2", "return self.height == 3", False),
        ("Climb", "raises", "{0: True, 1: True}", "{0: True, 1: True, 2: True}", False),
        (
            "Climb",
            "deadlock",
            "class Climb(Spec):\n",
            "class Climb(Spec):\n    @terminal\n    def over(self) -> bool:\n        return self.height == 2\n\n",
            False,
        ),
        ("Counter", "nothing_lost", "def nothing_lost", "def nothing_is_lost", None),
    ],
)
def test_a_trace_may_fit_and_show_nothing_any_more(spec: str, prop: str, old: str, new: str, outcome: bool | None, tmp_path: Path) -> None:
    found = replayed(tmp_path, spec, prop, old, new)
    assert (found.misfit, found.outcome) == (None, outcome)


def test_a_misused_rule_is_an_error_and_no_misfit(tmp_path: Path) -> None:
    with pytest.raises(SpeccheckError) as caught:
        replayed(tmp_path, "Counter", "nothing_lost", "return len(self.done) < len(Clerk) or", "return 3 if self.done else")
    assert caught.value.exit_code == 3


def test_a_rule_that_does_not_end_is_an_error(tmp_path: Path) -> None:
    trace = kept(module(tmp_path), "Counter", "nothing_lost")
    path = module(tmp_path, "        self.seen[c] = self.value\n", "        while True:\n            pass\n")
    with pytest.raises(RuleTimeout):
        fit(trace, model_of_trace(trace, str(path)), rule_seconds=0.2)


# -------------------------------------------------- which model


def test_the_model_of_a_trace_has_its_constants(tmp_path: Path) -> None:
    path = module(tmp_path)
    trace = kept(path, "Climb", "deadlock", TOP=4)
    assert trace.origin is not None and trace.origin.constants == (("TOP", "4"),)
    model = model_of_trace(trace, str(path))
    assert (model.name, model.constants["TOP"]) == ("Climb[TOP=4]", 4) and fit(trace, model).outcome is True
    assert model_of_trace(trace, str(path), defines={"TOP": "1"}).constants["TOP"] == 1


def test_a_model_of_the_same_name_is_taken_before_one_with_the_same_constants(tmp_path: Path) -> None:
    path = module(tmp_path, "class Climb(Spec):\n", "@model(TOP=4, symmetry=False)\nclass Climb(Spec):\n")
    path.write_text(path.read_text(encoding="utf-8").replace("invariant, process", "invariant, model, process"), encoding="utf-8")
    trace = kept(module(tmp_path), "Climb", "deadlock", TOP=4)
    assert model_of_trace(trace, str(path)).line > 0


def test_a_renamed_spec_is_the_trace_s_if_it_is_the_only_one(tmp_path: Path) -> None:
    trace = kept(module(tmp_path), "Sleeping", "wakes")
    only = tmp_path / "only.py"
    only.write_text(SOURCE.replace("Sleeping(Spec", "Dozing(Spec")[: SOURCE.index("class Clerk")] + SOURCE[SOURCE.index("class Sleeping") : SOURCE.index("class Racing")]
                    .replace("Sleeping", "Dozing"), encoding="utf-8")  # fmt: skip
    assert model_of_trace(trace, str(only)).spec.__name__ == "Dozing"


@pytest.mark.parametrize("origin", ["another", "none"])
def test_among_several_specs_the_trace_must_say_which(origin: str, tmp_path: Path) -> None:
    trace = kept(module(tmp_path), "Sleeping", "wakes")
    assert trace.origin is not None
    other = replace(trace, origin=replace(trace.origin, spec="Dozing") if origin == "another" else None)
    with pytest.raises(NothingSelected, match="the module has several specs"):
        model_of_trace(other, str(module(tmp_path)))
    assert model_of_trace(other, str(module(tmp_path)), spec="Sleeping").spec.__name__ == "Sleeping"


def test_a_constant_that_is_gone_or_no_literal_is_an_error(tmp_path: Path) -> None:
    trace = kept(module(tmp_path), "Climb", "deadlock")
    assert trace.origin is not None
    gone = replace(trace, origin=replace(trace.origin, constants=(("TOPP", "4"),), model="Climb[TOPP=4]"))
    with pytest.raises(UnknownOverride, match="Did you mean 'TOP'"):
        model_of_trace(gone, str(module(tmp_path)))
    odd = replace(trace, origin=replace(trace.origin, constants=(("TOP", "<object>"),), model="Climb[TOP=...]"))
    with pytest.raises(BadUsage, match="cannot be given again"):
        model_of_trace(odd, str(module(tmp_path)))
