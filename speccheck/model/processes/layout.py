"""Code as text, with the comments that stood beside it."""

import ast
import io
import tokenize

from speccheck.model.processes.nodes import copied


class Comments:
    """The comments of a file: those that have a line for themselves, and those at the end of one."""

    def __init__(self, source: str) -> None:
        self.alone: dict[int, str] = {}
        self.beside: dict[int, str] = {}
        self.labels = {node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Yield)}
        lines = source.splitlines()
        try:
            tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        except (tokenize.TokenError, SyntaxError, IndentationError):
            tokens = []
        for token in tokens:
            if token.type == tokenize.COMMENT:
                line, column = token.start
                (self.beside if lines[line - 1][:column].strip() else self.alone)[line] = token.string

    def above(self, line: int) -> list[str]:
        """Return the comments in the lines right above a line."""
        found: list[str] = []
        while (line := line - 1) in self.alone:
            found.insert(0, self.alone[line])
        return found


def laid_out(tree: ast.FunctionDef, decorator: str | None, comments: Comments, returns: str = "None") -> str:
    """Return a method as text."""
    arguments = copied(tree.args)
    head = [f"@{decorator}"] if decorator else []
    head.append(f"def {tree.name}({ast.unparse(arguments)}) -> {returns}:")
    lines = _Layout(comments).block(tree.body, 1)
    return "\n".join([*head, *lines]) + "\n"


class _Layout:
    """Writes statements; each comment once."""

    def __init__(self, comments: Comments) -> None:
        self.comments = comments
        self.written: set[int] = set()
        self.begun = False  # what a step leaves at its end has the place of a label, whose comment belongs to the guard of the step from there

    def block(self, code: list[ast.stmt], depth: int) -> list[str]:
        return [line for statement in code for line in self.statement(statement, depth)]

    def statement(self, statement: ast.stmt, depth: int) -> list[str]:
        margin = "    " * depth
        ours = isinstance(statement, ast.Pass) or statement.lineno in self.written or (self.begun and statement.lineno in self.comments.labels)
        self.begun = True
        above = [] if ours else [margin + one for one in self.comments.above(statement.lineno)]
        match statement:
            case ast.If():
                lines = self._if(statement, depth, "if")
            case ast.While() | ast.For():
                lines = [*self._head(statement, depth), *self.block(statement.body, depth + 1)]
                lines += self._else(statement.orelse, depth)
            case ast.With():
                lines = [*self._head(statement, depth), *self.block(statement.body, depth + 1)]
            case ast.Match():
                lines = [f"{margin}match {_text(statement.subject)}:"]
                for case in statement.cases:
                    guard = f" if {_text(case.guard)}" if case.guard else ""
                    lines += [f"{margin}    case {_text(case.pattern)}{guard}:", *self.block(case.body, depth + 2)]
            case _:
                lines = [margin + line for line in _text(statement).splitlines()]
                last = statement.end_lineno or statement.lineno
                if not ours and last in self.comments.beside:
                    lines[-1] += f"  {self.comments.beside[last]}"
        self.written.add(statement.lineno)
        return [*above, *lines]

    def _if(self, statement: ast.If, depth: int, word: str) -> list[str]:
        margin = "    " * depth
        lines = [f"{margin}{word} {_text(statement.test)}:", *self.block(statement.body, depth + 1)]
        match statement.orelse:
            case [ast.If() as other]:
                return [*lines, *self._if(other, depth, "elif")]
        return [*lines, *self._else(statement.orelse, depth)]

    def _else(self, code: list[ast.stmt], depth: int) -> list[str]:
        return [f"{'    ' * depth}else:", *self.block(code, depth + 1)] if code else []

    def _head(self, statement: ast.While | ast.For | ast.With, depth: int) -> list[str]:
        short = copied(statement)
        short.body = [ast.Pass()]
        if not isinstance(short, ast.With):
            short.orelse = []
        return [f"{'    ' * depth}{_text(short).splitlines()[0]}"]


def _text(tree: ast.AST) -> str:
    """Return a tree as text, with double quotes."""
    text = ast.unparse(tree)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return text
    lines = text.splitlines(keepends=True)
    for token in reversed(tokens):
        plain = token.string
        if token.type == tokenize.STRING and plain.startswith("'") and not plain.startswith("'''") and '"' not in plain and "\\" not in plain:
            line, column = token.start
            row = lines[line - 1]
            lines[line - 1] = f'{row[:column]}"{plain[1:-1]}"{row[column + len(plain) :]}'
    return "".join(lines)
