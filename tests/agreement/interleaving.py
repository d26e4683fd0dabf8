"""Processes run directly: the generators themselves, interleaved in every way. The judge of their translation.

A generator cannot be copied, so a configuration is reached by running its schedule again from the start. Nothing of the translation is used, except, where states
are compared, which locals count at which label.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from speccheck.domains.evaluation import Disabled, entered
from speccheck.domains.ordering import in_domain_order
from speccheck.domains.parts import Part
from speccheck.domains.records import declared_fields
from speccheck.errors import Misuse, SpeccheckError


class Choosing:
    """Answers `choose` from a list; where the list ends it takes the first alternative, and remembers all of them."""

    def __init__(self, answers: tuple[Any, ...]) -> None:
        self.answers = list(answers)
        self.alternatives: list[tuple[Any, ...]] = []

    def choose(self, offered: Any) -> Any:
        """Return the next answer."""
        alternatives = tuple(in_domain_order(offered))
        if not alternatives:
            raise Disabled
        number = len(self.alternatives)
        self.alternatives.append(alternatives)
        if number == len(self.answers):
            self.answers.append(alternatives[0])
        return self.answers[number]


class Running:
    """One process: its generator, and where it is."""

    def __init__(self, name: str, key: Any, generator: Any, starts_outside: bool) -> None:
        self.name, self.key, self.generator = name, key, generator
        self.label = "start"
        if not starts_outside:
            self.advance()

    def advance(self) -> None:
        """Run one step."""
        try:
            label = next(self.generator)
            inner = self.generator.gi_yieldfrom
            self.label = f"{inner.__name__}.{label}" if inner is not None else label
        except StopIteration:
            self.label = "done"

    def locals(self) -> dict[str, Any]:
        """Return all locals, those of a generator that is called with its name before them."""
        found: dict[str, Any] = {}
        generator, prefix = self.generator, ""
        while generator is not None and generator.gi_frame is not None:
            code = generator.gi_code
            given = code.co_varnames[: code.co_argcount] if not prefix else ("self",)
            found |= {prefix + n: v for n, v in generator.gi_frame.f_locals.items() if n not in given}
            generator = generator.gi_yieldfrom
            prefix = f"{generator.__name__}." if inspect.isgenerator(generator) else prefix
        return found


Schedule = tuple[tuple[int, tuple[Any, ...]], ...]  # number of the process, answers to its choices


class Interleaving:
    """All behaviors of a spec's processes. `members` are the values of their parameter; `touching` the processes whose beginning touches the state."""

    def __init__(self, spec: Any, names: list[str], members: list[Any], touching: set[str], most: int) -> None:
        self.spec, self.names, self.members, self.touching, self.most = spec, names, members, touching, most
        self.configurations: dict[Any, tuple[Any, list[Running]]] = {}
        self.steps: list[tuple[Any, str, Any, Any]] = []  # source, action, key, target

    def explore(self) -> bool:
        """Run everything; False if there is more than was asked for."""
        pending: list[tuple[Any, Schedule]] = []
        for answers, result in self._outcomes(lambda choosing: self._begin(choosing)):
            pending += self._found(result, ((-1, answers),))
        while pending:
            source, schedule = pending.pop(0)
            if len(self.configurations) > self.most:
                return False
            for number, one in enumerate(self.configurations[source][1]):
                for answers, result in self._outcomes(lambda choosing, number=number, schedule=schedule: self._step(schedule, number, choosing)):
                    target = None
                    if result is not None:
                        target = self._key(*result)
                        pending += self._found(result, (*schedule, (number, answers)))
                    self.steps.append((source, f"{one.name}.{one.label}", one.key, target))
        return True

    def _found(self, result: tuple[Any, list[Running]], schedule: Schedule) -> list[tuple[Any, Schedule]]:
        key = self._key(*result)
        if key in self.configurations:
            return []
        self.configurations[key] = result
        return [(key, schedule)]

    def _begin(self, choosing: Choosing) -> tuple[Any, list[Running]]:
        state = self.spec()
        with entered(choosing):
            return state, [Running(name, key, getattr(state, name)(key), name in self.touching) for name in self.names for key in self.members]

    def _run(self, schedule: Schedule) -> tuple[Any, list[Running]]:
        (_, begin), *steps = schedule
        state, running = self._begin(Choosing(begin))
        for number, answers in steps:
            with entered(Choosing(answers)):
                running[number].advance()
        return state, running

    def _step(self, schedule: Schedule, number: int, choosing: Choosing) -> tuple[Any, list[Running]]:
        state, running = self._run(schedule)
        if running[number].label == "done":
            raise Disabled
        with entered(choosing):
            running[number].advance()
        return state, running

    def _outcomes(self, run: Callable[[Choosing], Any]) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Yield what a run gives for each sequence of choices for which it completes, and None where it errs."""
        pending: list[tuple[Any, ...]] = [()]
        while pending:
            answers = pending.pop(0)
            choosing = Choosing(answers)
            result: Any = None
            completed = True
            try:
                result = run(choosing)
            except Disabled:
                completed = False
            except BaseException as raised:
                if isinstance(raised, Misuse | SpeccheckError):
                    raise
            for at in range(len(answers), len(choosing.alternatives)):
                pending.extend((*choosing.answers[:at], other) for other in choosing.alternatives[at][1:])
            if completed:
                yield tuple(choosing.answers), result

    def _key(self, state: Any, running: list[Running]) -> Any:
        return (shared(state), tuple((one.label, tuple(sorted((n, repr(v)) for n, v in one.locals().items()))) for one in running))


def shared(state: Any) -> Any:
    """Return the variables of a state as plain values that can be compared."""
    return tuple(
        (name, repr(value._part_plain() if isinstance(value, Part) else value)) for name in declared_fields(type(state)) for value in [vars(state)[name]]
    )
