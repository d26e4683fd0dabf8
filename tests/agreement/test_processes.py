"""Processes: their translation agrees with the generators themselves, run in every interleaving, and with the spec that it is written out as."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from speccheck.checker.check import check_model
from speccheck.checker.run import RunOptions, tagged
from speccheck.domains.evaluation import entered
from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
from speccheck.errors import SpeccheckError
from speccheck.model.loading import load_module
from speccheck.model.model import Model
from speccheck.model.processes.desugar import desugared
from speccheck.model.processes.translate import untranslated
from speccheck.model.select import models_of_file
from tests.agreement.interleaving import Interleaving
from tests.agreement.random_processes import process_specs

PUBLISHED = Path(__file__).parent.parent / "specs" / "published" / "processes"
MOST = 400  # configurations; each is reached by running its schedule again


def _same_as_generators(model: Model, spec: Any) -> None:
    names = [p.name for p in model.processes]
    members = list(model.processes[0].parameters[0].domain.all_frozen())
    touching = {p.name for p in model.processes if "start" in p.labels}
    direct = Interleaving(spec, names, members, touching, MOST)
    if not direct.explore():
        event("too large to run directly")
        return
    machine = machine_of(model)
    found = machine.explore(Budget())
    assert found.stopped is None
    ours = [dict(zip(machine.stepper.packing.names, _plain(machine, state))) for state in found.space.states]
    locals_ = [n for n in machine.stepper.packing.names if "." in n and not n.endswith(".pc")]

    def of_ours(state: dict[str, Any]) -> Any:
        parts = []
        for name in names:
            for key in members:
                held = {n.removeprefix(f"{name}."): repr(state[n][key]) for n in locals_ if n.startswith(f"{name}.") and key in state[n]}
                parts.append((state[f"{name}.pc"][key], tuple(sorted(held.items()))))
        return tuple((n, repr(v)) for n, v in state.items() if "." not in n), tuple(parts)

    projected = [of_ours(state) for state in ours]
    live = {}  # which locals count at which label is taken from the translation, and nothing else
    for state in projected:
        for number, (label, held) in enumerate(state[1]):
            live[number // len(members), label] = {n for n, _ in held}

    def of_direct(configuration: Any) -> Any:
        shared, running = configuration
        parts = tuple((label, tuple((n, v) for n, v in held if n in live.get((i // len(members), label), ()))) for i, (label, held) in enumerate(running))
        return shared, parts

    assert {of_direct(one) for one in direct.configurations} == set(projected)
    assert len(projected) == len(set(projected))
    expected = {(of_direct(source), action, key, of_direct(target) if target is not None else None) for source, action, key, target in direct.steps}
    steps = set()
    with entered(machine.stepper.evaluation):
        rows = [(number, step) for number, state in enumerate(found.space.states) for step in machine.stepper.steps(state)]
    for number, step in rows:
        target = projected[found.space.states.index(step.target)] if step.target is not None else None
        steps.add((projected[number], model.actions[step.action].name, step.binding[0], target))
    assert steps == expected


def _plain(machine: Any, state: Any) -> list[Any]:
    packing = machine.stepper.packing
    return [domain.plain(frozen) for domain, frozen in zip(packing.domains, packing.unpack(state))]


def _same_as_written_out(file: Path, models: list[Model]) -> None:
    models, _ = tagged(models, RunOptions())
    written = file.with_name(f"{file.stem}_written.py")
    written.write_text(desugared(load_module(str(file))))
    others, _ = tagged(models_of_file(str(written), {})[0], RunOptions())
    assert [m.name for m in others] == [m.name for m in models]
    for model, other in zip(models, others):
        assert not other.processes
        a, b = check_model(model), check_model(other)
        assert (a.distinct, a.generated, a.depth) == (b.distinct, b.generated, b.depth)
        verdicts = {p.name.replace(".", "_"): (p.verdict, p.trace and len(p.trace.steps)) for p in a.properties}
        assert verdicts == {p.name.replace(".", "_"): (p.verdict, p.trace and len(p.trace.steps)) for p in b.properties}


@settings(max_examples=80, deadline=None, phases=(Phase.explicit, Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck))
@given(text=process_specs())
def test_random_processes_are_what_their_generators_do(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("random") / "spec.py"
    file.write_text(text)
    try:
        (model,), _ = models_of_file(str(file), {})
    except SpeccheckError as error:
        event(f"refused: {sorted({one.code for one in error.errors})}")
        assert all("has no label and changes nothing" in one.message or "can never be reached" in one.message for one in error.errors)
        return
    _same_as_generators(model, untranslated(model.spec))
    _same_as_written_out(file, [model])


@pytest.mark.parametrize("name", sorted(path.name for path in PUBLISHED.glob("*.py")))
def test_published_processes_are_the_same_written_out(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text((PUBLISHED / name).read_text())
    _same_as_written_out(file, models_of_file(str(file), {})[0])


BUNDLED = Path(__file__).parents[2] / "specs"
WITH_PROCESSES = sorted(path.relative_to(BUNDLED).as_posix() for path in BUNDLED.rglob("*.py") if "@process" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", WITH_PROCESSES)
def test_bundled_processes_are_the_same_written_out(name: str, tmp_path: Path) -> None:
    file = tmp_path / Path(name).name
    file.write_text((BUNDLED / name).read_text(encoding="utf-8"), encoding="utf-8")
    _same_as_written_out(file, models_of_file(str(file), {})[0])


HEAD = """
from typing import Annotated, Literal
from speccheck import *
from speccheck import model

class P(Sort, size=2):
    pass

"""
INHERITED = {
    "processes that are dropped": """
class A(Spec):
    n: Annotated[int, Range(0, 9)] = 0
    @process(fairness="weak")
    def w(self, p: P) -> Steps:
        yield "a"
        self.n += 1
        yield strong("b")
        self.n += 1
    @process(fairness="weak", daemon=True)
    def v(self) -> Steps:
        while True:
            yield "x"
            require(self.n == 4)
            self.n = 5
    def done(self) -> bool:
        return self.n >= 4
    ends = eventually(done)

class B(A, without=("v",)):
    pass

class C(A, without=("w", "ends")):
    pass
""",
    "generators that are overridden": """
class A(Spec):
    n: Annotated[int, Range(0, 9)] = 0
    def part(self, k: int) -> Steps:
        yield "one"
        self.n = k
    @process(crashes=True)
    def w(self, p: P) -> Steps:
        yield from self.part(1)
        yield "last"
        self.n += 1

class B(A):
    def part(self, k: int) -> Steps:
        yield "two"
        self.n = k + 1
        yield "three"

class C(B):
    def w(self, p: P) -> Steps:
        yield "before"
        yield from super().w(p)
""",
    "starts that are computed or chosen": """
class A(Spec):
    n: Annotated[int, Range(0, 9)] = 0
    @process
    def w(self, p: P, b: bool) -> Steps:
        k = choose(range(2)) if b else 1
        while k < 2:
            yield "a"
            k += 1
        self.n = k
    @init
    def begin(self) -> None:
        self.n = 3

class B(A):
    def begin(self) -> None:
        self.n = 4

class C(A, without=("begin",)):
    pass
""",
    "questions about processes of one name": """
class A(Spec):
    n: Annotated[int, Range(0, 9)] = 0
    @process(fairness="weak")
    def w(self, p: P) -> Steps:
        yield "a"
        self.n = 1
    @invariant
    def ok(self) -> bool:
        return all(at(self.w, p) != "done" for p in P)
    @temporal
    def moves(self, p: P) -> Formula:
        return eventually(occurs(self.w, p))

class B(Spec, deadlock=False):
    n: Annotated[int, Range(0, 9)] = 0
    @process
    def w(self) -> Steps:
        while True:
            yield "x"
            self.n = 1 - self.n
            yield "y"
    @action
    def again(self) -> None:
        require(at(self.w) == "y")
        restart(self.w)
    comes = always_eventually(enabled(w))
""",
}


@pytest.mark.parametrize("name", INHERITED)
def test_what_is_inherited_is_the_same_written_out(name: str, tmp_path: Path) -> None:
    file = tmp_path / "spec.py"
    file.write_text(HEAD + INHERITED[name], encoding="utf-8")
    _same_as_written_out(file, models_of_file(str(file), {})[0])
