"""Random specs with processes: source texts with labels in branches, loops and generators that are called."""

import textwrap

from hypothesis import strategies as st

HEADER = '''
from typing import Annotated, Literal

from speccheck import MaxLen, Range, Sort, Spec, Steps, action, choose, constant, invariant, process, require


class P(Sort, size=2):
    """Somebody."""


K = constant("K", 2)
ORDER = ("b", "a", "c")


class Random(Spec, deadlock=False):
    n: Annotated[int, Range(0, 3)] = 0
    flag: bool = False
    q: Annotated[list[P], MaxLen(2)] = []
    o: P | None = None
'''

# Locals: v and w are numbers below 3, b is a bool, x is somebody. All of them get a value at the start, so that all may be read.
START = "v = 1\nw = 0\nb = False"
SHARED = [
    "self.n = v", "self.n = (self.n + 1) % 4", "self.flag = not self.flag", "self.flag = b", "self.o = p", "self.o = None", "self.q.append(p)",
    "if self.q:\n    self.o = self.q.pop(0)", "require(self.n < 3)", "require(not self.flag)", "require(len(self.q) < 2)", "assert self.n != 3 or v != 2",
]  # fmt: skip
LOCAL = [
    "v = self.n % 3", "v = (v + 1) % 3", "w = v", "v, w = w, v", "b = self.flag", "b = v == w", "v = choose(range(2))", "b = not b", "w = self.count(v)",
    "v = max(w, self.n % 3)", "if b:\n    w = 2",
]  # fmt: skip
CONDITIONS = ["b", "self.flag", "v < w", "v == 0", "self.n > 1", "self.o == p", "not self.q", "w < 2 and not b", "K > 2", "self.o is None"]
ITERABLES = ["P", "range(2)", "ORDER", "(0, 2)", "range(K)"]


class Labels:
    """Hands out labels."""

    def __init__(self) -> None:
        self.count = 0

    def next(self) -> str:
        self.count += 1
        return f"l{self.count}"


@st.composite
def blocks(draw: st.DrawFn, labels: Labels, depth: int, loop: bool, helper: bool, loops: list[int]) -> str:
    """Draw some statements. `loop`: whether `break` and `continue` may stand here; `helper`: whether this is the generator that is called."""
    made = []
    for _ in range(draw(st.integers(1, 3))):
        kinds = ["shared", "local", "local", "label", "label"]
        if depth:
            kinds += ["if", "if", "while", "for", "match"]
        if loop:
            kinds.append("jump")
        if not helper and depth:
            kinds.append("call")
        kinds.append("return")
        kind = draw(st.sampled_from(kinds))
        if kind == "shared":
            made.append(draw(st.sampled_from(SHARED)))
        elif kind == "local":
            made.append(draw(st.sampled_from(LOCAL)))
        elif kind == "label":
            made.append(f'yield "{labels.next()}"')
        elif kind == "if":
            made.append(f"if {draw(st.sampled_from(CONDITIONS))}:\n{_in(draw(blocks(labels, depth - 1, loop, helper, loops)))}")
            if draw(st.booleans()):
                made.append(f"else:\n{_in(draw(blocks(labels, depth - 1, loop, helper, loops)))}")
        elif kind == "match":
            inner = [draw(blocks(labels, depth - 1, loop, helper, loops)) for _ in range(2)]
            made.append(f"match v:\n    case 0 | 1:\n{_in(inner[0], 8)}\n    case _:\n{_in(inner[1], 8)}")
        elif kind == "while":
            made.append(draw(whiles(labels, depth, helper, loops)))
        elif kind == "for":
            made.append(draw(fors(labels, depth, helper, loops)))
        elif kind == "call" and "h" not in labels.__dict__:
            labels.h = True  # type: ignore[attr-defined]  # one call: the labels of a second one have another prefix
            made.append(
                draw(st.sampled_from(["v = yield from self.helper(p, v)", "yield from self.helper(p, w)", "w = yield from self.helper(p, self.n % 3)"]))
            )
        elif kind == "jump":
            made.append(f"if {draw(st.sampled_from(CONDITIONS))}:\n    {draw(st.sampled_from(['break', 'continue']))}")
        elif kind == "return":
            value = " v" if helper else ""
            made.append(f"if {draw(st.sampled_from(CONDITIONS))}:\n    return{value}")
    return "\n".join(made or ["pass"])


@st.composite
def whiles(draw: st.DrawFn, labels: Labels, depth: int, helper: bool, loops: list[int]) -> str:
    """Draw a loop that is run through a few times, or for ever with a label at its beginning."""
    body = draw(blocks(labels, depth - 1, True, helper, loops))
    if draw(st.booleans()):
        head, body = "while True:", f'yield "{labels.next()}"\n{body}'
        return f"{head}\n{_in(body)}"
    loops[0] += 1
    counter = f"i{loops[0]}"
    text = f"{counter} = 0\nwhile {counter} < {draw(st.integers(1, 2))}:\n{_in(f'{counter} += 1{chr(10)}{body}')}"
    if draw(st.booleans()):
        text += f"\nelse:\n{_in(draw(blocks(labels, 0, False, helper, loops)))}"
    return text


@st.composite
def fors(draw: st.DrawFn, labels: Labels, depth: int, helper: bool, loops: list[int]) -> str:
    """Draw a loop over constants."""
    loops[0] += 1
    name = f"x{loops[0]}"
    body = draw(blocks(labels, depth - 1, True, helper, loops))
    use = draw(st.sampled_from(["pass", f"b = {name} == 0 or {name} == 'a'"]))
    text = f"for {name} in {draw(st.sampled_from(ITERABLES))}:\n{_in(f'{body}{chr(10)}{use}')}"
    if draw(st.booleans()):
        text += f"\nelse:\n{_in(draw(blocks(labels, 0, False, helper, loops)))}"
    return text


@st.composite
def process_specs(draw: st.DrawFn) -> str:
    """Draw the text of a module that defines the spec `Random`, with one or two processes."""
    text = HEADER
    text += "\n    def count(self, n: int) -> int:\n        return (n + self.n) % 3\n"
    helper = draw(blocks(Labels(), 1, False, True, [50]))
    helper = f'b = False\nw = 0\nyield "h"\n{helper}\nreturn w'
    text += f"\n    def helper(self, p: P, v: int) -> Steps:\n{_in(helper, 8)}\n"
    for number in range(draw(st.integers(1, 2))):
        labels = Labels()
        body = draw(blocks(labels, 3, False, False, [number * 10]))
        if draw(st.booleans()):
            body = f'yield "{labels.next()}"\n{body}'
        touches = draw(st.sampled_from(["", "self.n = 1\n"])) if draw(st.booleans()) else ""
        text += f'\n    @process(fairness="weak")\n    def proc{number}(self, p: P) -> Steps:\n{_in(f"{START}{chr(10)}{touches}{body}", 8)}\n'
        if labels.count == 0:
            text += '        yield "last"\n'
    return text + "\n    @invariant\n    def small(self) -> bool:\n        return self.n < 3 or self.flag\n"


def _in(text: str, by: int = 4) -> str:
    return textwrap.indent(text, " " * by)
