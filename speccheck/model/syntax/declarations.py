"""Where the members of a class are declared: spans of variables, formulas, rules and their parameters."""

import ast
import inspect
from typing import Any

from speccheck.model.syntax.trees import class_tree, source_file, tree_of
from speccheck.source import Span, span_of


class Declarations:
    """The places of one class's members. Where there is no source, a place is the file alone."""

    def __init__(self, cls: type) -> None:
        self.cls = cls

    @property
    def class_span(self) -> Span:
        """The place of the class statement's first line."""
        node, file = class_tree(self.cls), source_file(self.cls) or "<unknown>"
        return Span(file) if node is None else Span(file, node.lineno, node.col_offset + 1, node.lineno, node.col_offset + len(f"class {node.name}") + 1)

    def span_of(self, name: str) -> Span:
        """Return the place where a class of the inheritance line first gives a member of this name, the nearest class first."""
        for base in self.cls.__mro__:
            node, file = class_tree(base), source_file(base)
            if node is None or file is None or (name not in vars(base) and name not in vars(base).get("_part_own", ())):
                continue
            for statement in node.body:
                if _declares(statement, name):
                    span = span_of(file, statement)
                    return span if not isinstance(statement, ast.FunctionDef) else Span(file, statement.lineno, statement.col_offset + 1)
        return self.class_span

    def rule_span(self, function: Any) -> Span:
        """Return the place of a rule's `def` line."""
        tree = tree_of(function)
        if tree is not None:
            return tree.span
        code = inspect.unwrap(function).__code__
        return Span(code.co_filename, code.co_firstlineno)

    def parameter_span(self, function: Any, name: str) -> Span | None:
        """Return the place of a parameter, or None where there is no source."""
        tree = tree_of(function)
        if tree is None:
            return None
        arguments = tree.node.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            if argument.arg == name:
                return tree.span_of(argument)
        return None


def _declares(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=found)) | ast.FunctionDef(name=found):
            return found == name
        case ast.Assign(targets=targets):
            return any(isinstance(t, ast.Name) and t.id == name for t in targets)
    return False
