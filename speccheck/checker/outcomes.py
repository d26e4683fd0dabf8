"""Outcomes: what comes of each model of a run, in the order of the source, from whom it is quickest to be had.

In: models, and who checks one. Out: a Result, or the error that took its place, for each: a kept verdict, or from this process, or from several at once. What
is yielded does not depend on which of these it was, times aside.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from speccheck.checker.result import Result
from speccheck.engines.machine import OUT_OF_BUDGET, Progress
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model

if TYPE_CHECKING:
    from speccheck.checker.kept import Kept

Outcome: TypeAlias = Result | SpeccheckError
QUOTA = "/sys/fs/cgroup/cpu.max"  # of the processor time of this container, in microseconds of each period


@dataclass(frozen=True)
class Work:
    """How the models of a run are checked.

    `check` is given a model, how many processes share the memory, and whom to tell how far it is. `jobs` is how many run at once, None: as many as there are
    cores. `started`, `progressed` and `ended` are told what happens to the models that are really searched.
    """

    check: Callable[[Model, int, Callable[[Progress], None]], Result]
    jobs: int | None
    kept: "Kept | None"
    started: Callable[[Model], None]
    progressed: Callable[[Model, Progress], None]
    ended: Callable[[Model], None]


def outcomes(models: list[Model], work: Work) -> Iterator[Outcome]:
    """Yield what comes of each model, in order, as soon as those before it are there.

    Raises KeyboardInterrupt after the last one that there is when the run was interrupted and no result says so.
    """
    found: dict[int, Outcome] = {}
    if work.kept is not None:
        found.update({number: one for number, model in enumerate(models) if (one := work.kept.find(model)) is not None})
    missing = {number: model for number, model in enumerate(models) if number not in found}
    shown, interrupted = 0, False
    while shown in found:
        yield found[shown]
        shown += 1
    try:
        for number, outcome in _ended(missing, work):
            found[number] = outcome
            while shown in found:
                yield found[shown]
                shown += 1
    except KeyboardInterrupt:
        interrupted = True
    yield from (found[number] for number in range(shown, len(models)) if number in found)
    if interrupted:
        raise KeyboardInterrupt


def cores() -> int:
    """Return how many cores this process may use: those of the machine, less what its affinity and a container's quota leave to others."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with open(QUOTA, encoding="ascii") as file:
            return min(found, cores_of_quota(file.read()) or found)
    except OSError:
        return found


def cores_of_quota(text: str) -> int | None:
    """Return how many cores a quota of Linux' control groups amounts to, rounded up: "150000 100000" are two, "max 100000" is no quota (None)."""
    match = re.fullmatch(r"(\d+) (\d+)\s*", text)
    return None if match is None or match[2] == "0" else max(1, -(-int(match[1]) // int(match[2])))


def _ended(models: dict[int, Model], work: Work) -> Iterator[tuple[int, Outcome]]:
    """Yield what comes of each model, by its number, in any order; keep what is to be kept."""
    most = min(work.jobs or cores(), len(models))
    for number, outcome in _at_once(models, work, most) if most > 1 and _may_fork() else _one_by_one(models, work):
        work.ended(models[number])
        if work.kept is not None and isinstance(outcome, Result):
            outcome = work.kept.kept(outcome)
        yield number, outcome


def _may_fork() -> bool:
    from speccheck.checker.jobs import can_fork  # not before there is something to fork for: most runs are of one small spec

    return can_fork()


def _one_by_one(models: dict[int, Model], work: Work) -> Iterator[tuple[int, Outcome]]:
    """Check the models in this process; an interrupted one is the last."""
    for number, model in models.items():
        work.started(model)
        try:
            outcome: Outcome = work.check(model, 1, partial(work.progressed, model))
        except SpeccheckError as error:
            outcome = error
        yield number, outcome
        if isinstance(outcome, Result) and outcome.interrupted:
            return


def _at_once(models: dict[int, Model], work: Work, most: int) -> Iterator[tuple[int, Outcome]]:
    """Check the models in processes of their own. One that used up its share of the memory is checked again at the end, alone and with all of it, so that no
    verdict depends on how many cores there are.
    """
    from speccheck.checker.jobs import Jobs

    numbers, again = list(models), {}
    with Jobs(partial(_sharing, work, most), [models[n] for n in numbers], most, work.started, work.progressed) as jobs:
        for index, outcome in jobs.ended():
            if isinstance(outcome, Result) and outcome.stopped == OUT_OF_BUDGET:
                again[numbers[index]] = outcome
            else:
                yield numbers[index], outcome
    for number, provisional in again.items():
        if jobs.interrupted:
            yield number, provisional
            continue
        with Jobs(partial(_sharing, work, 1), [models[number]], 1, work.started, work.progressed) as jobs:
            yield from ((number, outcome) for _, outcome in jobs.ended())
    if jobs.interrupted:
        raise KeyboardInterrupt


def _sharing(work: Work, among: int, model: Model, progressed: Callable[[Progress], None]) -> Result:
    return work.check(model, among, progressed)
