"""Compare a compiled Program with the interpreter, on any states: steps, finds, questions to CPython, all of them exactly."""

from collections import Counter
from typing import Any

from speccheck.model.model import Model
from speccheck.program.program import Program
from tests.unit.engines.native.interpreter import asked, bindings, outcomes
from tests.unit.engines.native.loaded import Loaded


def expected_expansion(program: Program, model: Model, state: tuple[Any, ...], encode: Any) -> tuple[Any, ...]:
    steps: Counter[tuple[int, int]] = Counter()
    found: set[tuple[str, str, tuple[Any, ...]]] = set()
    questions: list[tuple[int, int, int]] = []
    instances: set[int] = set()
    taken, moved = [0] * len(program.actions), [False] * len(program.actions)
    instance = 0
    for number, name in enumerate(program.actions):
        for binding in bindings(program.functions[name]):
            results = outcomes(program, name, binding, state)
            if any(kind == "beyond" for kind, _, _ in results):
                questions.append((0, instance, encode(state)))
                results = []
            for kind, target, wrote in results:
                if kind == "step":
                    steps[encode(target), instance] += 1
                    taken[number] += 1
                    moved[number] |= target != state
                    if not wrote:
                        found.add(("silent", name, ()))
                else:
                    instances.add(instance)
                    found.add(("domain", "domain", ()) if kind == "domain" else (kind, f"{name}.{kind}", ()))
            instance += 1
    erred = any(kind in ("domain", "error", "assert") for kind, _, _ in found)
    if not steps and not erred and any(one.kind == "deadlock" for one in model.properties):
        for name in program.terminals:
            answer = asked(program, name, (), state)
            if answer == "beyond":
                deadlock = next(i for i, one in enumerate(model.properties) if one.kind == "deadlock")
                questions.append((1, deadlock, encode(state)))
            if answer is True or answer == "beyond":
                break
            if answer is not False:
                found.add(("error", f"{name}.error", ()))
                break
        else:
            found.add(("deadlock", "deadlock", ()))
    return steps, found, questions, taken, moved, instances


def agree_on_expansion(loaded: Loaded, state: tuple[Any, ...]) -> None:
    seen = loaded.expand(state)
    steps, found, questions, taken, moved, instances = expected_expansion(loaded.program, loaded.model, state, loaded.layout.encode)
    if questions:  # what an instance found before it was given up does not matter: CPython finds it again
        assert seen.asked == questions
        assert seen.steps == steps and found <= seen.found
        return
    assert seen.steps == steps
    assert seen.found == found
    assert (seen.asked, seen.taken, seen.moved, seen.erred) == (questions, taken, moved, instances)


def agree_on_visit(loaded: Loaded, state: tuple[Any, ...]) -> None:
    program, found, questions = loaded.program, set(), set()
    for names, kinds in ((program.invariants, (False, "violated")), (program.reachables, (True, "witness"))):
        for name, function in names.items():
            number = next(i for i, one in enumerate(loaded.model.properties) if one.name == name)
            for binding in bindings(program.functions[function]):
                result = asked(program, function, binding, state)
                if result is kinds[0]:
                    found.add((kinds[1], name, binding if kinds[1] == "witness" else ()))
                elif result == "beyond":
                    questions.add((1, number, loaded.layout.encode(state)))
                elif not isinstance(result, bool):
                    found.add(("violated", name, ()))
    seen = loaded.visit(state)
    assert seen.found == found
    assert set(seen.asked) == questions


def agree_on_step(loaded: Loaded, s: tuple[Any, ...], t: tuple[Any, ...]) -> None:
    program, found, questions = loaded.program, set(), set()
    for name, function in program.step_invariants.items():
        number = next(i for i, one in enumerate(loaded.model.properties) if one.name == name)
        for binding in bindings(program.functions[function]):
            result = asked(program, function, binding, s, t)
            if result == "beyond":
                questions.add((1, number, loaded.layout.encode(s)))
            elif result is not True:
                found.add(("violated", name, ()))
    seen = loaded.step(s, t)
    assert seen.found == found
    assert set(seen.asked) == questions


def agree_on_kept(loaded: Loaded, state: tuple[Any, ...]) -> None:
    program, found, questions, within = loaded.program, set(), [], True
    for number, name in enumerate(program.constraints):
        result = asked(program, name, (), state)
        if result == "beyond":
            questions.append((2, number, loaded.layout.encode(state)))
        elif isinstance(result, bool):
            within &= result
        else:
            found.add(("error", f"{name}.error", ()))
    seen = loaded.kept(state)
    assert (seen.answer, seen.found, seen.asked) == (int(within), found, questions)


def agree_on_letter(loaded: Loaded, state: tuple[Any, ...]) -> None:
    program = loaded.program
    answers = [asked(program, name, (), state) for name in program.predicates]
    assert loaded.letter(state) == (*_told(answers), sum((one == "step") << i for i, one in enumerate(answers)))


def agree_on_step_letter(loaded: Loaded, state: tuple[Any, ...], after: tuple[Any, ...]) -> None:
    program, asking = loaded.program, loaded.emitted.asking
    answers = [asked(program, name, (), state, after) if i in asking else False for i, name in enumerate(program.predicates)]
    assert loaded.step_letter(state, after) == _told(answers)


def _told(answers: list[Any]) -> tuple[int, int]:
    holds, raises = (sum(test(one) << i for i, one in enumerate(answers)) for test in (lambda one: one is True, lambda one: one not in (True, False, "step")))
    return holds, raises


def agree_on_order(loaded: Loaded, s: tuple[Any, ...], t: tuple[Any, ...]) -> None:
    def key(state: tuple[Any, ...]) -> list[Any]:
        return [one.domain.key(value) for one, value in zip(loaded.program.variables, state, strict=True)]

    order = loaded.compare(s, t)
    assert ((order > 0) - (order < 0)) == ((key(s) > key(t)) - (key(s) < key(t)))
    assert loaded.changes(s, t) == sum((a != b) << i for i, (a, b) in enumerate(zip(s, t, strict=True)))
