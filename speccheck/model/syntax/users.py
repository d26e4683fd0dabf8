"""Functions that the user wrote: those whose source says more about a spec than their name."""

import ast
import os
import sysconfig
from typing import Any

from speccheck.model.places import is_ours
from speccheck.model.syntax.trees import RuleTree, module_tree, tree_of

_PYTHONS = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def is_users(file: str) -> bool:
    """Return whether a file is one of the user's: neither ours nor Python's nor that of an installed package."""
    return not (is_ours(file) or file.startswith(("<", *_PYTHONS)))


def users_tree(function: Any) -> RuleTree | None:
    """Return the tree of a function, method or lambda of the user's; None for anything else, and where the source cannot be found."""
    if isinstance(function, type):
        return None
    try:
        tree = tree_of(function)
    except ValueError:  # decorators that wrap each other in a circle
        return None
    if tree is None or not is_users(tree.file):
        return None
    return tree if isinstance(tree.node, ast.FunctionDef) else _lambda(tree)


def _lambda(tree: RuleTree) -> RuleTree | None:
    """Return the tree of exactly this lambda, of those that stand on one line: the one that contains all places of its code."""
    places = [place for place in tree.function.__code__.co_positions() if None not in place and place[2] != place[3]]
    line = tree.function.__code__.co_firstlineno
    lambdas = [one for one in ast.walk(module_tree(tree.file)) if isinstance(one, ast.Lambda) and one.lineno == line]
    if len(lambdas) == 1:
        return tree
    for one in reversed(lambdas):  # the inner ones first
        body = one.body
        first, last = (body.lineno, body.col_offset), (body.end_lineno or 0, body.end_col_offset or 0)
        if places and all((p[0], p[2]) >= first and (p[1], p[3]) <= last for p in places):
            return RuleTree(tree.function, one, tree.file)
    return None
