"""Inference: what is certain about the expressions of the functions of one spec.

inference = Inference(TwoPhase, {"msgs": <set[...]>})
body = inference.body(TwoPhase.rm_prepare, {"self": State(TwoPhase, Place("self")), "rm": Of(<RM>, Symbol("rm"))})
body.kind(expression)    what is certain about it
body.callees             the user's own functions that it calls, each as a Body with the kinds of these arguments
"""

import inspect
from collections.abc import Mapping
from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.records import Record, domains_of, record_domain
from speccheck.dsl.spec import Spec
from speccheck.errors import Misuse, SpeccheckError
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.functions import arguments_of, claims_of, unmarked
from speccheck.model.syntax.kinds import NOTHING, UNKNOWN, Kind
from speccheck.model.syntax.trees import source_file, tree_of
from speccheck.model.syntax.users import is_users

DEEPEST_CALL = 16
MOST_BODIES = 2000  # functions times combinations of arguments; beyond, nothing is claimed about what a call does


class Inference:
    """All that is known about the functions of one spec; remembers each function for each combination of arguments."""

    def __init__(self, spec: Any, variables: Mapping[str, Domain]) -> None:
        self.spec, self.variables = spec, variables
        self.files = {file for cls in spec.__mro__ if issubclass(cls, Spec) and cls is not Spec and (file := source_file(cls))}
        self._bodies: dict[Any, Body | None] = {}
        self._claims: dict[Any, Mapping[str, Kind]] = {}
        self._depth = 0

    def body(self, function: Any, arguments: Mapping[str, Kind]) -> "Body | None":
        """Return the function with these kinds of its arguments, what annotations say for the rest; None without a syntax tree or inside a recursion."""
        tree = tree_of(function)
        if tree is None:
            return None
        key = (tree.node, tree.function, tuple(sorted(arguments.items(), key=lambda item: item[0])))
        if key in self._bodies:
            return self._bodies[key]
        if self._depth >= DEEPEST_CALL or len(self._bodies) >= MOST_BODIES:
            return None
        self._bodies[key] = None  # what a recursive call finds
        self._depth += 1
        try:
            self._bodies[key] = Body(self, tree, arguments)
        except RecursionError:  # an expression that is nested more deeply than Python's stack allows: nothing is claimed
            pass
        finally:
            self._depth -= 1
        return self._bodies[key]

    def called(self, function: Any, positional: list[Kind], named: Mapping[str, Kind]) -> "tuple[Kind, Body | None]":
        """Return what a call of a user's function gives, and the function with these arguments."""
        function = unmarked(function)
        if not self.is_users(function):
            return UNKNOWN, None
        arguments = arguments_of(function, positional, named)
        if arguments is not None and NOTHING in arguments.values():
            return NOTHING, None
        body = self.body(function, arguments or {})
        result = UNKNOWN if body is None or hasattr(function, "__wrapped__") else body.result  # a decorator may answer something else
        return (self.claimed(function).get("return", UNKNOWN) if result == UNKNOWN else result), body

    def claimed(self, function: Any) -> Mapping[str, Kind]:
        """Return the kinds that a function's annotations promise, `return` included."""
        if function not in self._claims:
            self._claims[function] = claims_of(function)
        return self._claims[function]

    def is_users(self, function: Any) -> bool:
        """Return whether a function is part of what the user wrote, not of a library."""
        code = getattr(inspect.unwrap(function), "__code__", None)
        if code is None:
            return False
        return code.co_filename in self.files or is_users(code.co_filename)  # the bundled specs lie among our own files

    def fields_of(self, cls: Any) -> Mapping[str, Domain]:
        """Return the variables of a spec, or the fields of a record; empty where they cannot be resolved."""
        if cls is self.spec:
            return self.variables
        try:
            return record_domain(cls).fields if issubclass(cls, Record) else domains_of(cls)
        except (SpeccheckError, Misuse):
            return {}
