"""Simulating one model: random runs instead of all behaviors, for spaces that are too large to be exhausted.

simulate("die_hard.py", seed=1)  ->  <Result DieHard: UNKNOWN, 16 distinct states, 100,000 generated, depth 101; not_solved VIOLATED, deadlock UNKNOWN>

What a run comes across is real: a violation is one, and so is the witness of a `reachable`. What it does not come across may be there all the same, so no other
verdict is better than UNKNOWN.
"""

import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import SystemRandom
from typing import Any, get_args

from speccheck.checker.judge import judge, mismatches
from speccheck.checker.minimise import minimised
from speccheck.checker.random_runs import DEPTH, RUNS, Draws, Found, Moment, RandomRuns, Uniform, Way
from speccheck.checker.replay import Replay, with_trace
from speccheck.checker.result import PropertyResult, Result, Simulated, Verdict, action_counts
from speccheck.checker.search import Liveness, Searched, loaded
from speccheck.checker.sightings import Key
from speccheck.checker.target import model_of_target
from speccheck.checker.wording import counted
from speccheck.domains.evaluation import entered
from speccheck.engines.machine import Budget, Exploration, Label, Misused, Violation
from speccheck.engines.memory import resident_bytes
from speccheck.engines.python.machine import PythonMachine
from speccheck.engines.python.search import Stopped
from speccheck.engines.watchdog import RuleTimedOut, Watchdog
from speccheck.errors import BadUsage, NoInitialState, RuleTimeout, SpeccheckError
from speccheck.model.model import Model
from speccheck.model.places import place_of
from speccheck.space.space import Packed, StateSpace

SEEDS = 2**32  # a seed that is not given is one of these
LAST_SEED = 2**53  # larger numbers are no numbers in JSON
INTERRUPTED, OUT_OF_MEMORY = "interrupted", "out of memory"
REMEDY = f"There is at least one run of one step, a seed is between 0 and {LAST_SEED}, and uniform is 'actions' or 'steps'."


def simulate(
    target: Any,
    /,
    *,
    spec: str | None = None,
    model: str | None = None,
    runs: int = RUNS,
    depth: int = DEPTH,
    seed: int | None = None,
    uniform: Uniform = "actions",
    budget: Budget = Budget(),
    progress: Callable[[Moment], None] | None = None,
    **constants: Any,
) -> Result:
    """Simulate one model and return what came out.

    `target`, `spec`, `model` and the constants select it as they do for `check`. The same seed gives the same runs; without one there is a new one, which is
    `result.simulated.seed`. `budget` limits seconds, memory, and the seconds of one evaluation. A verdict is never an exception; what the user must change is
    a SpeccheckError.
    """
    draws = Draws(runs, depth, fresh_seed() if seed is None else seed, uniform)
    if runs < 1 or depth < 1 or not 0 <= draws.seed <= LAST_SEED or uniform not in get_args(Uniform):
        raise BadUsage(f"simulate(): runs={runs!r}, depth={depth!r}, seed={seed!r}, uniform={uniform!r}", remedy=REMEDY)
    return simulate_model(model_of_target(target, spec, model, constants), draws, budget=budget, progress=progress)


def fresh_seed() -> int:
    """Return a seed that nobody chose."""
    return SystemRandom().randrange(SEEDS)


def simulate_model(
    model: Model, draws: Draws, *, budget: Budget = Budget(), progress: Callable[[Moment], None] | None = None, stop_first: bool = False
) -> Result:
    """Make random runs of one model and judge what they came across. Raises SpeccheckError when a rule is misused, with the way to the state."""
    # Neither is a state of a run the least of its orbit, nor is a trace the shortest: what is said of those is not compared.
    expectation = replace(model.expectation, via=(), distinct=None, depth=None)
    model = replace(model, symmetry=False, expectation=expectation)
    machine = loaded(model, "python")
    made = _made(machine, draws, budget, progress, frozenset(expectation.violates) if stop_first else None)
    if not made.runs.starts and not made.runs.found and made.stopped is None:
        raise NoInitialState(f"{model.name} has no initial state: no evaluation of its @init completes", span=model.init.span if model.init else None)
    return _result(model, machine, made)


@dataclass(frozen=True)
class _Made:
    """Runs that were made, what they came across, shortened, and why they ended early."""

    runs: RandomRuns
    found: dict[Key, Found]
    stopped: str | None
    interrupted: bool


def _made(machine: PythonMachine, draws: Draws, budget: Budget, progress: Callable[[Moment], None] | None, expected: frozenset[str] | None) -> _Made:
    watchdog = Watchdog(machine.stepper.evaluation, budget.rule_seconds)
    runs = RandomRuns(machine, draws, budget, progress, expected)
    try:
        with entered(machine.stepper.evaluation), watchdog:
            watchdog.active = True
            stopped = _stopped(runs)
            found, ended = _shortened(runs)
    except Misused as misused:
        machine.stepper.reset()
        raise _told(machine, runs.way_to(misused.state), misused.error, misused.label) from misused.__cause__
    except RuleTimedOut as timed_out:  # it arrived just after the rule had ended
        machine.stepper.reset()
        error = RuleTimeout(f"a rule took longer than {budget.rule_seconds:g} s", span=place_of(timed_out))
        raise _told(machine, runs.way_to(None), error, None) from None
    return _Made(runs, found, stopped, INTERRUPTED in (stopped, ended))


def _stopped(runs: RandomRuns) -> str | None:
    """Make the runs, and return why they ended early; None if they did not."""
    try:
        runs.run()
    except Stopped as limit:
        return str(limit)
    except KeyboardInterrupt:
        runs.machine.stepper.reset()
        return INTERRUPTED
    except MemoryError:
        runs.machine.stepper.reset()
        return OUT_OF_MEMORY
    return None


def _shortened(runs: RandomRuns) -> tuple[dict[Key, Found], str | None]:
    """What was found, with ways that are as short as could be made in as much time as the runs may take; and why that ended early."""
    machine, found, seconds = runs.machine, dict(runs.found), runs.budget.seconds
    deadline, ended = None if seconds is None else time.monotonic() + seconds, None
    try:
        for key, one in runs.found.items():
            if _is_shown(machine.model, key):
                found[key] = minimised(machine, one, runs.starts, deadline)
    except KeyboardInterrupt:
        ended = INTERRUPTED
    except MemoryError:
        ended = OUT_OF_MEMORY
    if ended is not None:
        machine.stepper.reset()
    _forget_later_errors(machine.model, found)
    return found, ended


def _is_shown(model: Model, key: Key) -> bool:
    """Whether a report shows the way: that of every violation, and of one witness for each `reachable`."""
    rule = next((p.rule for p in model.properties if p.name == key[0]), None)
    return key[1] is None or (rule is not None and key[1] == rule.bindings()[0])


def _forget_later_errors(model: Model, found: dict[Key, Found]) -> None:
    """Forget that a `reachable` raised where its witnesses are nearer: a search, which goes level by level, would have stopped asking."""
    for prop in model.properties:
        if prop.kind == "reachable" and prop.rule is not None and (raised := found.get((prop.name, None))) is not None:
            witnesses = [found.get((prop.name, binding)) for binding in prop.rule.bindings()]
            if all(one is not None and len(one.way.labels) < len(raised.way.labels) for one in witnesses):
                del found[prop.name, None]


def _told(machine: PythonMachine, way: Way, error: SpeccheckError, label: Label | None) -> SpeccheckError:
    """The error of a misused rule with the way to the state where it happened."""
    space = _space([way.states])
    return with_trace(error, Replay(machine, space), len(space) - 1, label)


# ---------------------------------------------------------------- results


def _result(model: Model, machine: PythonMachine, made: _Made) -> Result:
    runs, draws = made.runs, made.runs.draws
    sampled = f"{counted(runs.runs, 'random run')} of at most {counted(draws.depth, 'step')}"
    found = _exploration(made, sampled)
    replay = Replay(machine, found.space)
    properties = judge(model, Searched(machine.name, 1, found, replay, Liveness({}, found, replay), sampled))
    return Result(
        model=model,
        engine=machine.name,
        workers=1,
        symmetry=False,
        properties=tuple(_with_length(runs, made.found, one) for one in properties),
        complete=False,
        stopped=made.stopped,
        covered=f"{runs.runs:,} of {draws.runs:,} runs made",
        distinct=runs.distinct,
        generated=runs.steps,
        dropped=runs.dropped,
        depth=runs.longest + 1,
        seconds=runs.seconds,
        memory_bytes=found.memory_bytes,
        actions=action_counts(model, runs.coverage),
        findings=(),
        mismatches=tuple(mismatches(model, properties)),
        interrupted=made.interrupted,
        simulated=Simulated(draws.seed, draws.uniform, draws.runs, runs.runs, draws.depth, runs.steps, runs.longest, runs.exact),
    )


def _exploration(made: _Made, sampled: str) -> Exploration:
    """What the runs came across as a search would report it: its states are those of the ways, one way after another."""
    violations: dict[str, Violation] = {}
    witnesses: dict[tuple[str, tuple[Any, ...]], Violation] = {}
    end = -1
    for (name, binding), one in made.found.items():
        states, sighting = one.way.states, one.sighting
        end += len(states)
        state, number = (states[-1], end) if states else (None, -1)  # there is no state where @init itself failed
        seen = Violation(name, len(states), state, number, -1, sighting.step, binding or (), sighting.raised)
        if binding is None:
            violations[name] = seen
        else:
            witnesses[name, binding] = seen
    runs = made.runs
    space = _space([one.way.states for one in made.found.values()])
    return Exploration(
        space, violations, witnesses, runs.steps, runs.dropped, runs.coverage, made.stopped or sampled, made.interrupted, runs.seconds, resident_bytes()
    )


def _space(ways: list[tuple[Packed, ...]]) -> StateSpace:
    """A space of the states of several ways; each way is walked backwards by the parents."""
    states: list[Packed] = []
    parents = array("q")
    for way in ways:
        parents.extend(-1 if number == 0 else len(states) + number - 1 for number in range(len(way)))
        states.extend(way)
    return StateSpace(states, parents, (0,), False, 0)


def _with_length(runs: RandomRuns, found: dict[Key, Found], one: PropertyResult) -> PropertyResult:
    """The result with the length of the run that its trace was made from."""
    if one.trace is None:
        return one
    keys = [key for key in found if key[0] == one.name and (key[1] is None) == (one.verdict is Verdict.VIOLATED) and _is_shown(runs.machine.model, key)]
    steps = {len(runs.found[key].way.labels) + _last_steps(runs.found[key]) for key in keys}
    return replace(one, found_steps=max(steps, default=None))


def _last_steps(found: Found) -> int:
    """One for the step that leads out of the last state and completes."""
    step = found.sighting.step
    return int(step is not None and step.target is not None)
