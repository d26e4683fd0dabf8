"""Source files of specs.

In: a path. Out: its text, decoded as Python decodes it, and its code: with asserts, also under `python -O`, and with checks of what has no order::

    assert i in held        ->  kept under -O
    for x in names():       ->  for x in __speccheck_ordered__(names()):
"""

import ast
import io
import linecache
import os
import tokenize
from functools import lru_cache
from types import CodeType

from speccheck.errors import BadSyntax, FileMissing, NotPython, did_you_mean
from speccheck.model.instrument import instrument
from speccheck.source import Span, display_path


def read_source(file: str) -> str:
    """Return the text of a Python file, with newlines as `\\n`; raises FileMissing or NotPython."""
    if os.path.isdir(file):
        raise NotPython("this is a folder, not a module", span=Span(file))
    if not os.path.lexists(file):
        raise FileMissing(f"there is no file {display_path(file)}{_guess(file)}", span=Span(file))
    if not file.endswith(".py"):
        raise NotPython("the name of a Python module ends in .py", span=Span(file))
    try:
        with open(file, "rb") as stream:
            data = stream.read()
    except OSError as trouble:
        raise FileMissing(f"the file cannot be read: {trouble.strerror}", span=Span(file)) from trouble
    return _decoded(file, data)


def _guess(file: str) -> str:
    """Return a file beside the missing one whose name is like it, as a question."""
    try:
        beside = [name for name in sorted(os.listdir(os.path.dirname(file) or ".")) if name.endswith(".py")]
    except OSError:
        return ""
    guess = did_you_mean(os.path.basename(file), beside)
    return "." + guess if guess else ""


def compiled(file: str, text: str) -> CodeType:
    """Return the instrumented code of a module; raises SyntaxError or BadSyntax. The text is what tracebacks and trees of rules will show for the file."""
    # An entry without a time is never taken for outdated: what is shown is what runs, even if the file is edited meanwhile.
    linecache.cache[file] = (len(text), None, _lines(text), file)
    return _code(file, text)


def syntax_error(raised: SyntaxError) -> BadSyntax:
    """Return CPython's error with its place as a Span."""
    file, line, column = raised.filename or "", raised.lineno or 0, max(0, raised.offset or 0)
    end_line, end_column = raised.end_lineno or line, max(0, raised.end_offset or 0)
    if not column or (end_line, end_column) <= (line, column):
        end_line, end_column = line, column + 1
    return BadSyntax(raised.msg, span=Span(file, line, column, end_line, end_column))


def _decoded(file: str, data: bytes) -> str:
    if b"\0" in data:
        raise NotPython("the file is binary, or encoded in UTF-16: it contains null bytes", span=Span(file))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as trouble:
        if "unknown encoding" in str(trouble) or b"coding" in b"".join(data.splitlines()[:2]):
            raise NotPython(f"the encoding cannot be used: {trouble.msg}", span=Span(file, 1)) from None
        encoding = "utf-8"  # which it is not: the first bad byte is found below
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as trouble:
        line = data.count(b"\n", 0, trouble.start) + 1
        raise NotPython(f"byte 0x{data[trouble.start]:02x} is no {encoding}", span=Span(file, line)) from None
    return io.IncrementalNewlineDecoder(None, translate=True).decode(text, final=True)


def _lines(text: str) -> list[str]:
    lines = io.StringIO(text).readlines()  # str.splitlines knows more separators than Python's tokenizer
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return lines


@lru_cache(maxsize=128)
def _code(file: str, text: str) -> CodeType:
    """One file is loaded once for each set of constants, so its code is kept."""
    try:
        tree = ast.parse(text, file)
        return compile(instrument(tree), file, "exec", dont_inherit=True, optimize=0)
    except (RecursionError, MemoryError):
        raise BadSyntax("the module is nested too deeply for Python's parser", span=Span(file)) from None
