"""The source text of a part of a rule, on one line.

In: a file, and the tree of an expression in it. Out: its text::

    all(                              ->    all(self.done[p] for p in Proc)
        self.done[p]  # every one
        for p in Proc
    )
"""

import ast
import io
import linecache
import re
import tokenize

_SPACED = re.compile(r"(?<=[(\[{]) | (?=[)\]}])|,(?= ?[)\]}])")


def text_of(file: str, tree: ast.AST) -> str:
    """Return the text of an expression as it was written, on one line and without comments; made from the tree where the file cannot be read."""
    segment = _segment(file, tree)
    if segment is None:
        return ast.unparse(tree)
    if "\n" not in segment:
        return segment
    return _joined(segment) or ast.unparse(tree)


def _segment(file: str, tree: ast.AST) -> str | None:
    """Return what `ast.get_source_segment` does, without splitting the whole file for each expression."""
    line, end = getattr(tree, "lineno", 0), getattr(tree, "end_lineno", None)
    if not line or end is None:
        return None
    lines = [text.encode() for text in linecache.getlines(file)[line - 1 : end]]
    if len(lines) != end - line + 1:
        return None
    lines[-1] = lines[-1][: tree.end_col_offset]  # type: ignore[attr-defined]
    lines[0] = lines[0][tree.col_offset :]  # type: ignore[attr-defined]
    return b"".join(lines).decode() or None


def _joined(segment: str) -> str:
    """Return an expression of several lines on one; empty where a text runs over lines."""
    words: list[str] = []
    end = (1, 0)
    try:
        for token in tokenize.generate_tokens(io.StringIO(f"({segment})").readline):
            if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER):
                continue
            if "\n" in token.string:
                return ""
            if token.start[0] > end[0] or (token.start[0] == end[0] and token.start[1] > end[1]):
                words.append(" ")
            words.append(token.string)
            end = token.end
    except (tokenize.TokenError, SyntaxError):
        return ""
    return _SPACED.sub("", "".join(words).strip()[1:-1].strip())


def in_brackets(file: str, side: ast.expr) -> str:
    """Return the text of one side of a comparison, in brackets where it needs them."""
    text = text_of(file, side)
    return f"({text})" if isinstance(side, ast.Compare | ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr) else text


def quantifier_text(file: str, call: ast.Call, quantified: ast.GeneratorExp | ast.ListComp | ast.SetComp, limit: int = 60) -> str:
    """Return the text of `any(...)` or `all(...)`, without its element where it is long."""
    whole = text_of(file, call)
    if len(whole) <= limit:
        return whole
    parts = []
    for one in quantified.generators:
        parts.append(f"for {text_of(file, one.target)} in {text_of(file, one.iter)}")
        parts += [f"if {text_of(file, condition)}" for condition in one.ifs]
    return f"{text_of(file, call.func)}(... {' '.join(parts)})"
