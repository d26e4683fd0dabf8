"""A Model loaded into the Python engine, which runs the methods themselves: the definition of the language."""

from collections.abc import Callable, Iterable

from speccheck.domains.evaluation import entered
from speccheck.engines.machine import Budget, Exploration, PackedStep, Progress
from speccheck.engines.python.search import Search
from speccheck.engines.python.stepping import RawStep, Stepper
from speccheck.model.model import Model
from speccheck.space.space import Packed


class PythonMachine:
    """Runs a model's rules in CPython, one step at a time."""

    name = "python"

    def __init__(self, model: Model) -> None:
        self.model = model
        self.stepper = Stepper(model)

    def initial(self) -> list[PackedStep]:
        """Return the completed and erring initial evaluations, in order."""
        with entered(self.stepper.evaluation):
            return [_packed(step) for step in self.stepper.initial()]

    def expand(self, states: Iterable[Packed]) -> list[list[PackedStep]]:
        """Return for each state all steps out of it."""
        with entered(self.stepper.evaluation):
            return [[_packed(step) for step in self.stepper.steps(state)] for state in states]

    def explore(self, budget: Budget, report: Callable[[Progress], None] | None = None, expected: frozenset[str] | None = None) -> Exploration:
        """Search all reachable states within the budget."""
        return Search(self.stepper, budget, report, expected).run()


def _packed(step: RawStep) -> PackedStep:
    return PackedStep(step.label, step.target, step.failure)
