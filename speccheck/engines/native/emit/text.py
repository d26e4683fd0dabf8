"""The text of C: legal names, literals, parentheses, comments."""

import re
from typing import Any

from speccheck.source import Span, source_line

WIDTH = 150  # of a line

# What a name of the user's may not be: words of C, and what generated functions call their own.
WORDS = """
    auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof
    static struct switch typedef union unsigned void volatile while asm typeof bool true false NULL main linux unix
    u8 u32 u64 i64 s t after out fail failed next instance before start wrote last choices slot room from_s from_t into within find memcpy memcmp memset
    expand visit kept step compare changes letter speccheck_model
"""
RESERVED = frozenset(WORDS.split())


def legal(name: str) -> str:
    """Return a C identifier that looks like the name."""
    found = re.sub(r"\W|[^\x00-\x7f]", "_", name).strip("_") or "x"
    return f"n{found}" if found[0].isdigit() or found.startswith(("sc_", "SC_")) else found


class Names:
    """Names that are taken in one function, or in the whole unit, where `inner` are the names of all its functions."""

    def __init__(self, outer: "Names | None" = None) -> None:
        self.outer = outer
        self.taken: set[str] = set(RESERVED if outer is None else ())
        self.inner: set[str] = set()

    def fresh(self, like: str) -> str:
        """Return a legal name that looks like this one and is not taken yet, and take it."""
        found = name = legal(like)
        number = 1
        while self._is_taken(found):
            number += 1
            found = f"{name}_{number}"
        self._take(found)
        return found

    def numbered(self, like: str) -> str:
        """Return `like_1`, `like_2` ..., the first that is not taken."""
        number = 1
        while self._is_taken(f"{like}_{number}"):
            number += 1
        self._take(f"{like}_{number}")
        return f"{like}_{number}"

    def release(self, name: str) -> None:
        """Let a name that is no longer visible be taken again."""
        self.taken.discard(name)

    def _take(self, name: str) -> None:
        self.taken.add(name)
        if self.outer is not None:
            self.outer.inner.add(name)

    def _is_taken(self, name: str) -> bool:
        return name in self.taken or name in self.inner or (self.outer is not None and name in self.outer.taken)


def is_plain(text: str) -> bool:
    """Return whether the text is a name or a number, which may be written twice."""
    return re.fullmatch(r"\w+", split_remark(text)[0]) is not None


def is_number(text: str) -> bool:
    """Return whether the text is an unsigned number."""
    return re.fullmatch(r"(?:\d+|0x[0-9a-f]+)(?:ull)?", split_remark(text)[0]) is not None


def number_of(text: str) -> int:
    """Return the number that a text is."""
    return int(split_remark(text)[0].removesuffix("ull"), 0)


def split_remark(text: str) -> tuple[str, str]:
    """Return a text without the comment at its end, and the comment."""
    if text.endswith("*/") and text.count("/*") == 1:
        before, _, after = text.partition(" /*")
        return before, f" /*{after}"
    return text, ""


def unsigned(number: int) -> str:
    """Return an unsigned number; large ones in hexadecimal."""
    if number < 1 << 16:
        return str(number)
    return f"{number}ull" if number < 1 << 40 and number % 10 == 0 else f"{number:#x}ull"


def signed(number: int) -> str:
    """Return a signed number as an expression."""
    if number == -(1 << 63):
        return "INT64_MIN"
    text = str(number) if abs(number) < 1 << 31 else f"{number}ll"
    return f"({text})" if number < 0 else text


def word(text: str) -> str:
    """Return the text as an operand of 64 bits without sign."""
    if is_number(text):
        number, note = split_remark(text)
        return text if number.endswith("ull") else f"{number}ull{note}"
    return f"(u64){text}" if is_plain(text) or (text.startswith("(") and closes_at_end(text)) else f"(u64)({text})"


def closes_at_end(text: str) -> bool:
    """Return whether the parenthesis that a text begins with is closed by its last character."""
    depth = 0
    for i, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return i == len(text) - 1
    return False


def bare(text: str) -> str:
    """Return the text without parentheses around the whole."""
    while text.startswith("(") and text.endswith(")") and closes_at_end(text):
        text = text[1:-1]
    return text


def operand(text: str) -> str:
    """Return the text as an operand of any operator."""
    if is_plain(text) or bare(text) != text or text.startswith("!"):
        return text
    call = re.match(r"\w+(?=\()", text)
    if call is not None and closes_at_end(text[call.end() :]):
        return text
    return f"({text})"


def negated(text: str) -> str:
    """Return the negation of a test, without parentheses around it."""
    if text.startswith("!") and (text[1:].isidentifier() or bare(text[1:]) != text[1:]):
        return bare(text[1:])
    inner = bare(text)
    for sign, opposite in ((" == ", " != "), (" != ", " == ")):
        parts = at_top(inner, sign)
        if len(parts) == 2 and all(len(at_top(inner, other)) == 1 for other in (" && ", " || ", " ? ", opposite, " | ", " ^ ", " & ")):
            return opposite.join(parts)
    return f"!{operand(text)}"


def at_top(text: str, sign: str) -> list[str]:
    """Split a text at an operator, but not within parentheses or comments."""
    parts, depth, begin, i = [], 0, 0, 0
    while i < len(text):
        if text.startswith("/*", i):
            i = text.index("*/", i) + 2
            continue
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 0 and text.startswith(sign, i):
            parts.append(text[begin:i])
            begin = i + len(sign)
        i += 1
    return [*parts, text[begin:]]


def remark(value: Any) -> str:
    """Return what a constant means, as a comment; nothing where the number says it."""
    if value is None or isinstance(value, bool):
        return f" /* {value} */"
    if isinstance(value, int) and type(value) is int:
        return ""
    text = printable(repr(value))
    # What looks like an operator or a parenthesis would have to be told apart from those of the expression.
    return f" /* {text} */" if len(text) <= 40 and not re.search(r"[][(){}?|&=!<>]", text) else ""


def printable(text: str) -> str:
    """Return a text that may stand in a comment of one line."""
    return re.sub(r"[^\x20-\x7e]", "?", text).replace("*/", "* /").replace("/*", "/ *").replace("??/", "? ?/").rstrip("\\")


def place_comment(span: Span) -> str:
    """Return the place and the line of the user's file that something is made from, as a comment; nothing where it is unknown."""
    if not span.line:
        return ""
    file = re.split(r"[/\\]", span.file)[-1]
    text = source_line(span.file, span.line).strip()
    return f"/* {printable(f'{file}:{span.line}  {text}'.rstrip())[: WIDTH - 10]} */"
