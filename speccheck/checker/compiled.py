"""The rules of a model, compiled, for people to read."""

from speccheck.checker.search import loaded
from speccheck.engines.native.library import Tuning
from speccheck.engines.native.machine import NativeMachine
from speccheck.model.model import Model
from speccheck.program.printer import text


def compiled(model: Model, *, program: bool = False, without: frozenset[str] = frozenset()) -> str:
    """Return the C text of a model's rules, or the Program that it is made of. Raises NotCompilable."""
    machine = NativeMachine(model, loaded(model, "python"), tuning=Tuning(without=without))
    return text(machine.program) if program else machine.emitted.text
