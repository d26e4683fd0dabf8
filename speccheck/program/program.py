"""Program: the typed intermediate representation of a Model's rules. What the native engine compiles, and what can be read, printed and checked.

action rm_prepare(rm: RM)                        # two_phase.py:53
    require rm_state[rm] == "working"
    rm_state[rm] := "prepared"
    msgs.add(Prepared(rm=rm))
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from speccheck.domains.base import Domain
from speccheck.program.expressions import Local
from speccheck.program.statements import AnyStatement
from speccheck.program.types import Type
from speccheck.source import Span


@dataclass(frozen=True)
class Function:
    """A function of the Program. One that `acts` may write, require, choose and change parameters by reference; any other one only reads.

    Parameters are those of the rule. A function whose `result` is set returns a value of it on every path.
    """

    name: str
    parameters: tuple[Local, ...]
    result: Type | None
    body: tuple[AnyStatement, ...]
    acts: bool
    span: Span
    title: str = ""  # the name in the user's file


@dataclass(frozen=True)
class VariableDeclaration:
    """A variable of the state."""

    name: str
    domain: Domain


@dataclass(frozen=True)
class Program:
    """The rules of a model. `functions` by name; the other fields name those that are rules, in declaration order.

    `actions` are run for all values of their parameters; so are `invariants`, `step_invariants` and `reachables`, which return a bool, as `constraints` and
    `terminals` do. In step invariants `after` is the state after the step.
    """

    name: str
    variables: tuple[VariableDeclaration, ...]
    functions: Mapping[str, Function]
    actions: tuple[str, ...]
    invariants: Mapping[str, str]  # property -> function
    step_invariants: Mapping[str, str]
    reachables: Mapping[str, str]
    constraints: tuple[str, ...]
    terminals: tuple[str, ...]
    predicates: tuple[str, ...] = ()  # the atoms of temporal formulas that are predicates of states, in order
    mappings: Mapping[str, str] = field(default_factory=dict)  # refinement -> the function that gives the abstract state
