"""speccheck: a model checker for specs that are ordinary, typed Python modules.

The names below are loaded when they are first used, so that `import speccheck` costs next to nothing.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from annotated_types import MaxLen as MaxLen

    from speccheck.checker.check import check as check
    from speccheck.checker.result import Result as Result
    from speccheck.checker.result import Verdict as Verdict
    from speccheck.checker.simulate import simulate as simulate
    from speccheck.checker.stepping import steps as steps
    from speccheck.checker.target import load as load
    from speccheck.domains.annotations import Partial as Partial
    from speccheck.domains.annotations import Range as Range
    from speccheck.domains.annotations import Total as Total
    from speccheck.domains.bags import Bag as Bag
    from speccheck.domains.defaults import anything as anything
    from speccheck.domains.defaults import each as each
    from speccheck.domains.defaults import each_by as each_by
    from speccheck.domains.evaluation import Disabled as Disabled
    from speccheck.domains.parts import OutsideDomain as OutsideDomain
    from speccheck.domains.records import Record as Record
    from speccheck.domains.sorts import Sort as Sort
    from speccheck.dsl.constants import constant as constant
    from speccheck.dsl.formulas import Formula as Formula
    from speccheck.dsl.formulas import all_of as all_of
    from speccheck.dsl.formulas import always as always
    from speccheck.dsl.formulas import always_eventually as always_eventually
    from speccheck.dsl.formulas import any_of as any_of
    from speccheck.dsl.formulas import enabled as enabled
    from speccheck.dsl.formulas import eventually as eventually
    from speccheck.dsl.formulas import eventually_always as eventually_always
    from speccheck.dsl.formulas import implies as implies
    from speccheck.dsl.formulas import leads_to as leads_to
    from speccheck.dsl.formulas import negate as negate
    from speccheck.dsl.formulas import occurs as occurs
    from speccheck.dsl.formulas import release as release
    from speccheck.dsl.formulas import strong as strong
    from speccheck.dsl.formulas import until as until
    from speccheck.dsl.formulas import weak as weak
    from speccheck.dsl.formulas import weak_until as weak_until
    from speccheck.dsl.processes import at as at
    from speccheck.dsl.processes import crash as crash
    from speccheck.dsl.processes import restart as restart
    from speccheck.dsl.rules import Steps as Steps
    from speccheck.dsl.rules import action as action
    from speccheck.dsl.rules import constraint as constraint
    from speccheck.dsl.rules import init as init
    from speccheck.dsl.rules import invariant as invariant
    from speccheck.dsl.rules import process as process
    from speccheck.dsl.rules import reachable as reachable
    from speccheck.dsl.rules import refines as refines
    from speccheck.dsl.rules import step_invariant as step_invariant
    from speccheck.dsl.rules import temporal as temporal
    from speccheck.dsl.rules import terminal as terminal
    from speccheck.dsl.rules import unfair as unfair
    from speccheck.dsl.spec import Spec as Spec
    from speccheck.dsl.spec import model as model
    from speccheck.dsl.statements import choose as choose
    from speccheck.dsl.statements import choosing as choosing
    from speccheck.dsl.statements import copy as copy
    from speccheck.dsl.statements import disable as disable
    from speccheck.dsl.statements import require as require
    from speccheck.dsl.statements import subsets as subsets
    from speccheck.errors import SpeccheckError as SpeccheckError
    from speccheck.testing.assertions import assert_holds as assert_holds

_HOMES = {
    "annotated_types": ("MaxLen",),
    "speccheck.checker.check": ("check",),
    "speccheck.checker.target": ("load",),
    "speccheck.checker.result": ("Result", "Verdict"),
    "speccheck.checker.simulate": ("simulate",),
    "speccheck.checker.stepping": ("steps",),
    "speccheck.domains.annotations": ("Partial", "Range", "Total"),
    "speccheck.domains.bags": ("Bag",),
    "speccheck.domains.defaults": ("anything", "each", "each_by"),
    "speccheck.domains.evaluation": ("Disabled",),
    "speccheck.domains.parts": ("OutsideDomain",),
    "speccheck.domains.records": ("Record",),
    "speccheck.domains.sorts": ("Sort",),
    "speccheck.dsl.constants": ("constant",),
    "speccheck.dsl.formulas": (
        "Formula", "all_of", "always", "always_eventually", "any_of", "enabled", "eventually", "eventually_always", "implies", "leads_to", "negate",
        "occurs", "release", "strong", "until", "weak", "weak_until",
    ),
    "speccheck.dsl.processes": ("at", "crash", "restart"),
    "speccheck.dsl.rules": (
        "Steps", "action", "constraint", "init", "invariant", "process", "reachable", "refines", "step_invariant", "temporal", "terminal", "unfair",
    ),
    "speccheck.dsl.spec": ("Spec", "model"),
    "speccheck.dsl.statements": ("choose", "choosing", "copy", "disable", "require", "subsets"),
    "speccheck.errors": ("SpeccheckError",),
    "speccheck.testing.assertions": ("assert_holds",),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'speccheck' has no attribute '{name}'")
    from importlib import import_module

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


class _Package(ModuleType):
    """The package itself. `speccheck.model` is the decorator, although there is a folder of this name, which the import system would bind when it is first
    imported.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
