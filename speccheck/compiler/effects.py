"""Whether an expression acts: chooses, requires, or changes something. What acts must happen in the order of the text, and cannot stand in a comprehension.

Found on names alone, before anything is typed; so it may say yes of an expression that only reads, which costs a variable and nothing else.
"""

import ast
import copy as copying
import dataclasses
from typing import Any

from speccheck.compiler.writer import Writer
from speccheck.dsl import processes, statements
from speccheck.model.syntax.functions import unmarked
from speccheck.model.syntax.results import MUTATORS
from speccheck.model.syntax.trees import tree_of

CHANGING = frozenset().union(*MUTATORS.values()) | {"pop", "popitem", "setdefault"}
READING = (statements.copy, copying.copy, copying.deepcopy, dataclasses.replace)  # what has a text in Python, which says nothing here
ACTING = (statements.choose, statements.require, statements.disable, processes.crash, processes.restart)


def acts(w: Writer, tree: ast.AST) -> bool:
    """Return whether evaluating an expression may do more than read."""
    if w.mode == "reads":
        return any(isinstance(part, ast.Attribute) and part.attr in CHANGING for part in ast.walk(tree))
    return any(_call_acts(w, part) for part in ast.walk(tree) if isinstance(part, ast.Call))


def _call_acts(w: Writer, call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id=name):
            return _function_acts(w, w.compiler.free(w.tree.function).get(name))
        case ast.Attribute(attr=attr):
            if attr in CHANGING:
                return True
            return any(_function_acts(w, member) for member in w.compiler.methods_called(attr))
    return False


def _function_acts(w: Writer, function: Any) -> bool:
    if any(function is one for one in ACTING):
        return True
    if any(function is one for one in READING):
        return False
    function = unmarked(function)
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    known: dict[Any, bool] = w.compiler.acting
    if code not in known:
        known[code] = False  # until it is known; a function that calls itself is refused elsewhere
        tree = tree_of(function)
        known[code] = tree is None or any(_part_acts(w, function, part) for part in ast.walk(tree.node))
    return known[code]


def _part_acts(w: Writer, function: Any, part: ast.AST) -> bool:
    match part:
        case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return _function_acts(w, w.compiler.free(function).get(name))
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in CHANGING or any(_function_acts(w, member) for member in w.compiler.methods_called(attr))
    return False
