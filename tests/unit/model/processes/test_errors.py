"""What is refused in a process: with its code, the line, and what to do."""

from collections.abc import Callable

import pytest

from speccheck import SpeccheckError
from speccheck.model.model import Model
from tests.unit.model.processes.test_steps import spec

Models = Callable[..., list[Model]]

REFUSED = {
    "a label that is no constant": ('yield f"a{self.n}"', "SC219", "a label is a constant"),
    "a label that stands twice": ('yield "a"\nself.n = 1\nyield "a"', "SC219", "the label 'a' of 'w' stands twice"),
    "a label of ours": ('yield "done"', "SC219", "'done' is a label that every process has"),
    "the label pc": ('yield "pc"', "SC219", "'pc' is the variable"),
    "a label that is no text": ("yield 3", "SC219", "3 is no text"),
    "a label with a dot": ('yield "a.b"', "SC219", "'a.b' is no label"),
    "no label": ("yield", "SC219", "yield without a label"),
    "a label inside of with": ('with open("x"):\n    yield "a"', "SC221", "a step cannot end inside of `with`"),
    "a label inside of try": ('try:\n    yield "a"\nfinally:\n    pass', "SC221", "a step cannot end inside of `try`"),
    "a label that gives a value": ('x = yield "a"', "SC221", "a label gives no value"),
    "a label in an expression": ('self.n = (yield "a") or 1', "SC221", "a label gives no value"),
    "a label in a condition": ('if (yield "a"):\n    self.n = 1', "SC221", "a step cannot end in the middle of an expression"),
    "a value that is returned": ('yield "a"\nreturn 3', "SC221", "a process returns nothing"),
    "a parameter that is assigned": ('yield "a"\np = None', "SC221", "assigns to its parameter 'p'"),
    "a call of something unknown": ("yield from [1, 2]", "SC221", "yield from is for calls of generators"),
    "a call of no generator": ('yield "a"\nyield from self.get()', "SC221", "S has no method 'get'"),
    "a loop over the state": ('yield "a"\nfor x in self.q:\n    yield "b"', "SC221", "which may change from one step to the next"),
    "a loop over a set": ('for x in {1, 2}:\n    yield "b"\n    self.n = x', "SC221", "which has no order"),
    "a label that is never reached": ('while True:\n    yield "a"\n    self.n = 1 - self.n\nyield "b"', "SC219", "the label 'b' of 'w' can never be reached"),
    "a process that restarts itself": ('yield "a"\nif self.n:\n    restart(self.w, p)\nself.n = 1', "SC221", "does `restart(self.w, p)` to itself"),
    "a call in an expression": ('yield "a"\nself.n = 1 + (yield from self.get())', "SC221", "a generator cannot be called in the middle"),
    "two locals that begin as one": ('a: set[P] = set()\nb: set[P] = a\nyield "a"\nself.n = len(a) + len(b)', "SC302", "begin as one mutable object"),
    "a loop that waits": ('yield "a"\nwhile self.n == 0:\n    pass', "SC222", "has no label and changes nothing"),
    "a way round a loop": ('while True:\n    if self.n:\n        yield "a"', "SC222", "a way round `while True` in 'w'"),
    "a local without a domain": ('yield "a"\nv = open\nyield "b"\nself.n = v', "SC223", "the domain of the local 'v', which is read after the label 'b', cannot be inferred"),
    "a local that may have no value": ('yield "a"\nif self.n:\n    v = 1\nyield "b"\nself.n = v', "SC224", "may have no value there"),
    "a part of the state": ('yield "a"\nv = self.q\nyield "b"\nv.append(p)', "SC302", "the local 'v' is a mutable part of the state, and is still read after the label 'b'"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_a_process_is_refused(models: Models, name: str) -> None:
    body, code, message = REFUSED[name]
    with pytest.raises(SpeccheckError) as caught:
        models(spec(body))
    (error,) = caught.value.errors
    assert (error.code, message in error.message) == (code, True), error
    assert error.span is not None and error.span.line >= 14 and error.remedy


def test_recursion_by_yield_from_is_refused(models: Models) -> None:
    with pytest.raises(SpeccheckError, match=r"'get' calls itself by yield from \(get -> put -> get\)"):
        models(spec("yield from self.get()", rest="def get(self) -> Steps:\n    yield from self.put()\ndef put(self) -> Steps:\n    yield from self.get()"))


@pytest.mark.parametrize("asked", ["at(self.w, p) == 'beginning'", "at(self.w, p) in ('a', 'beginning')", "'beginning' != at(self.w, p)"])
def test_a_label_that_does_not_exist_is_refused_where_it_is_asked_for(models: Models, asked: str) -> None:
    rest = f"@invariant\ndef ok(self) -> bool:\n    return all({asked} for p in P)"
    with pytest.raises(SpeccheckError) as caught:
        models(spec('yield "a"\nself.n = 1\nyield "begin"', rest=rest))
    (error,) = caught.value.errors
    assert (error.code, error.message) == ("SC220", "'w' has no label 'beginning'. Did you mean 'begin'?")


def test_a_label_in_a_match_that_does_not_exist_is_refused(models: Models) -> None:
    rest = "def known(self, p: P) -> bool:\n    match at(self.w, p):\n        case 'a' | 'begin' | 'done':\n            return True\n        case 'b':\n            return False\n    return True"
    with pytest.raises(SpeccheckError, match="'w' has no label 'b'"):
        models(spec('yield "a"\nself.n = 1\nyield "begin"', rest=f"{rest}\n@invariant\ndef ok(self) -> bool:\n    return all(self.known(p) for p in P)"))


def test_several_processes_report_their_errors_together(models: Models) -> None:
    text = spec('yield "a"\nyield "a"', rest='@process\ndef other(self) -> Steps:\n    yield "done"')
    with pytest.raises(SpeccheckError) as caught:
        models(text)
    assert [one.code for one in caught.value.errors] == ["SC219", "SC219"]


def test_a_process_that_is_fair_nowhere_is_refused(models: Models) -> None:
    with pytest.raises(SpeccheckError, match="is weakly fair, but every label is unfair"):
        models(spec('while True:\n    yield unfair("a")\n    self.n = 1 - self.n', decorator='@process(fairness="weak")'))


def test_crashes_needs_a_free_name(models: Models) -> None:
    with pytest.raises(SpeccheckError, match="has a label 'crash', and crashes=True adds a step of this name"):
        models(spec('yield "a"\nself.n = 1\nyield "crash"', decorator="@process(crashes=True)"))


def test_what_raises_before_the_first_label_is_an_error_of_the_spec(models: Models) -> None:
    with pytest.raises(SpeccheckError, match="the beginning of 'w' raised ZeroDivisionError"):
        models(spec('k = 1 // 0\nyield "a"\nself.n = k'))


def test_a_step_that_does_not_end_is_told_to_wait_at_a_label(checked: Callable[..., object]) -> None:
    from speccheck.engines.machine import Budget

    with pytest.raises(SpeccheckError) as caught:
        checked(spec('yield "a"\nwhile self.busy():\n    pass', rest="def busy(self) -> bool:\n    return self.n == 0"), Budget(rule_seconds=0.2))
    assert caught.value.errors[0].code == "SC305"


def test_a_generator_that_is_called_without_yield_from_is_refused(models: Models) -> None:
    rest = 'def get(self) -> Steps:\n    yield "one"\n    self.n = 1\n'
    with pytest.raises(SpeccheckError) as caught:
        models(spec('yield "a"\nself.get()\nself.n = 2', rest=rest))
    assert {(one.code, one.message) for one in caught.value.errors} == {("SC208", "`self.get()` runs nothing: it makes a generator, and throws it away")}


def test_fairness_is_weak_or_strong(models: Models) -> None:
    with pytest.raises(SpeccheckError, match="fairness='week'"):
        models(spec('yield "a"\nself.n = 2', decorator='@process(fairness="week")'))


@pytest.mark.parametrize("option", ['via="w.nonsense"', 'violates="w.nonsense.assert"', 'via="v"'])
def test_a_model_line_names_steps_that_exist(models: Models, option: str) -> None:
    with pytest.raises(SpeccheckError, match="has no such"):
        models(spec('yield "a"\nself.n = 2').replace("class S(", f"@model({option})\nclass S("))


def test_an_async_process_is_refused(models: Models) -> None:
    with pytest.raises(SpeccheckError, match="the process 'w' is async"):
        models(spec('yield "a"\nself.n = 2').replace("def w", "async def w"))


@pytest.mark.parametrize("asked", ["at(self.w, 7)", "at(self.w)", "at(self.w, p, p)"])
def test_asking_for_a_process_that_is_none_is_an_error(checked: Callable[..., object], asked: str) -> None:
    with pytest.raises(SpeccheckError) as caught:
        checked(spec('yield "a"\nself.n = 2', rest=f"@invariant\ndef ok(self) -> bool:\n    return all({asked} != 'a' for p in P)"))
    assert caught.value.errors[0].code == "SC315"
