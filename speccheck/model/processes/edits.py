"""Edits of a text: pieces of a module replaced, the rest left as it was written."""

import ast
import linecache
import textwrap
from collections.abc import Mapping
from types import MappingProxyType


class Edits:
    """Collects replacements by place; `text` carries them out. Where two overlap, the outer one wins."""

    def __init__(self, file: str) -> None:
        self.source = "".join(linecache.getlines(file))
        self._lines = self.source.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        self._edits: list[tuple[int, int, int, str]] = []  # start, end, order among those that are put in at one place, text
        self._classes: dict[str, str] = {}

    def replace(self, method: ast.FunctionDef, text: str) -> None:
        """Put text in the place of a method and its decorators."""
        self._put(self._first_line(method), method.end_lineno or method.lineno, textwrap.indent(text.rstrip("\n"), " " * method.col_offset) + "\n")

    def remove(self, method: ast.FunctionDef, around: ast.ClassDef) -> None:
        """Take a method out of a class, with the blank lines after it."""
        last = method.end_lineno or method.lineno
        if around.body == [method]:
            self._put(self._first_line(method), last, " " * method.col_offset + "pass\n")
            return
        first = self._first_line(method)
        if last == (around.end_lineno or last):
            while not self._lines[first - 2].strip():
                first -= 1
        else:
            while not self._lines[last].strip():
                last += 1
        self._put(first, last, "")

    def append(self, around: ast.ClassDef | ast.FunctionDef, text: str) -> None:
        """Add text at the end of a class or a method."""
        indent = around.body[0].col_offset
        gap, order = ("\n", 1) if isinstance(around, ast.ClassDef) else ("", 0)
        end = self._starts[around.end_lineno or around.lineno]
        self._edits.append((end, end, order, gap + textwrap.indent(text.rstrip("\n"), " " * indent) + "\n"))

    def before_class(self, name: str, text: str) -> None:
        """Add text before a class, and after other such text."""
        self._classes[name] = self._classes.get(name, "") + text

    def replace_statement(self, statement: ast.stmt, text: str) -> None:
        """Put text in the place of a statement of the module."""
        self._put(statement.lineno, statement.end_lineno or statement.lineno, text + "\n")

    def before_first_import(self, tree: ast.Module, text: str) -> None:
        """Add an import before those that are there; after `__future__`."""
        imports = [s for s in tree.body if isinstance(s, ast.Import | ast.ImportFrom) and getattr(s, "module", "") != "__future__"]
        at = self._starts[(imports[0].lineno if imports else 1) - 1]
        self._edits.append((at, at, 0, text + "\n"))

    def replace_expression(self, expression: ast.expr, text: str) -> None:
        """Put text in the place of an expression."""
        self._edits.append((*self._range(expression), 0, text))

    def leave_out(self, node: ast.ClassDef, names: list[str], instead: Mapping[str, list[str]] = MappingProxyType({})) -> None:
        """Add names to `without=` of a class statement; `instead` says what to write for some that are there."""
        keyword = next((k for k in node.keywords if k.arg == "without"), None)
        if keyword is not None:
            parts = keyword.value.elts if isinstance(keyword.value, ast.Tuple | ast.List) else [keyword.value]
            there = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
            names = [new for one in there for new in instead.get(one, [one])] + names
        text = "(" + ", ".join(f'"{name}"' for name in names) + ("," if len(names) == 1 else "") + ")"
        if keyword is not None:
            self.replace_expression(keyword.value, text)
            return
        last = [*node.bases, *(k.value for k in node.keywords)][-1]
        end = self._range(last)[1]
        self._edits.append((end, end, 0, f", without={text}"))

    def remove_keyword(self, call: ast.Call, keyword: ast.keyword) -> None:
        """Take a keyword out of a call."""
        together: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        parts = sorted(together, key=lambda part: (part.lineno, part.col_offset))
        number = parts.index(keyword)
        start, end = self._range(keyword)
        if number + 1 < len(parts):
            end = self._range(parts[number + 1])[0]
        elif number:
            start = self._range(parts[number - 1])[1]
        self._edits.append((start, end, 0, ""))

    def text(self) -> str:
        """Return the text with all edits."""
        edits = [*self._edits, *self._before_classes()]
        edits.sort(key=lambda one: (one[0], one[1] > one[0], -one[1], one[2]))  # what is put in comes before what is replaced, the outer one first
        made, at = [], 0
        for start, end, _, text in edits:
            if start < at:
                continue
            made += [self.source[at:start], text]
            at = end
        return "".join([*made, self.source[at:]])

    def _before_classes(self) -> list[tuple[int, int, int, str]]:
        found = []
        for node in ast.parse(self.source).body:
            if isinstance(node, ast.ClassDef) and node.name in self._classes:
                start = self._starts[min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1]
                found.append((start, start, 0, self._classes[node.name] + "\n\n"))
        return found

    def _first_line(self, method: ast.FunctionDef) -> int:
        return min([method.lineno, *(d.lineno for d in method.decorator_list)])

    def _put(self, first: int, last: int, text: str) -> None:
        self._edits.append((self._starts[first - 1], self._starts[last], 0, text))

    def _range(self, tree: ast.expr | ast.keyword) -> tuple[int, int]:
        return self._offset(tree.lineno, tree.col_offset), self._offset(tree.end_lineno or tree.lineno, tree.end_col_offset or 0)

    def _offset(self, line: int, column: int) -> int:
        """`ast` counts columns in bytes."""
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())
