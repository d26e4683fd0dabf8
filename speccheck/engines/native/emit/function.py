"""A function that is being written: its lines, its names, where its states are, and how it ends when something fails."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from speccheck.domains.base import Domain
from speccheck.domains.layout import code_of
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.engines.native.emit.bits import Bits
from speccheck.engines.native.emit.forms import ctype, pack, words_of
from speccheck.engines.native.emit.text import Names, bare, is_number, is_plain, negated, operand, place_comment, unsigned
from speccheck.program.expressions import Constant, Expression, Failure, Local
from speccheck.program.types import Which
from speccheck.source import Span

if TYPE_CHECKING:
    from speccheck.engines.native.emit.unit import Unit

Sure = Literal["no", "yes", "maybe"]
Reason = Failure | Literal["disabled", "step"]


@dataclass(frozen=True)
class Path:
    """What is known where the next statement stands: whether something was written, whether a wide state was copied, which choice is the innermost one."""

    wrote: Sure = "no"
    copied: Sure = "no"
    last: int | None = 0  # None: it depends


def joined(a: Path | None, b: Path | None) -> Path | None:
    """Return what is known where two paths meet; None is a path that has ended."""
    if a is None or b is None:
        return a or b
    return Path(
        a.wrote if a.wrote == b.wrote else "maybe",
        a.copied if a.copied == b.copied else "maybe",
        a.last if a.last == b.last else None,
    )


class Consumer(Protocol):
    """What becomes of the completed evaluations of an action."""

    def complete(self, f: "Function") -> None:
        """Write what happens at the end of a completed evaluation, but for what comes after it."""


class Function:
    """The text of one C function while it grows.

    `kind`: `reads` only; `acts` on a state that its caller works on; `action`: works on a copy of the state and gives each target to a consumer.
    """

    def __init__(self, unit: "Unit", kind: Literal["reads", "acts", "action"], result: str = "") -> None:
        self.unit, self.kind, self.result = unit, kind, result
        self.names = Names(unit.names)
        self.lines: list[str] = []
        self.declared: list[str] = []  # at the top of the function
        self.depth = 1
        self.hoisting = False  # whether temporaries live as long as the function
        self.steady = False  # whether what is computed now must not follow a local that changes later
        self.locals: dict[str, str] = {}
        self.path: Path | None = Path()
        self.states: dict[str, str] = {"self": "s" if kind == "reads" else "t", "after": "after"}
        self.breaks: list[list[Path]] = []  # of each loop around: what is known where it is left
        self.said = ""  # the last comment
        self.tested = False  # whether it matters at run time that something was written
        self.stepless = False  # whether there is no state after the step: what asks for the step fails
        self.slot = ""  # where an action makes its targets
        self.chosen = 0  # how many choices were written
        self.ctypes: dict[str, str] = {}  # of the variables of locals
        self.assigned: set[str] = set()  # locals that may have a value
        self.wanted: list[tuple[str, str]] = []  # declarations of variables, which are left out where they are not used
        self.head, self.remark = "", ""
        self.consumer: Consumer | None = None  # of the targets of an action
        self.chooses = 0  # how many choices are backtracking points of this function
        self.may_fail = True
        self.again = False  # whether the function is run again for each sequence of choices

    # ---------------------------------------------------------------- lines

    def line(self, text: str) -> None:
        """Add a line."""
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, head: str, foot: str = "}") -> Iterator[None]:
        """Write what follows between braces."""
        self.line(f"{head} {{" if head else "{")
        self.depth += 1
        yield
        self.depth -= 1
        self.line(foot)

    @contextmanager
    def captured(self) -> Iterator[list[str]]:
        """Give the lines that are written meanwhile, instead of adding them."""
        outside, self.lines = self.lines, []
        inside = self.lines
        self.depth += 1
        try:
            yield inside
        finally:
            self.lines = outside
            self.depth -= 1

    def temporary(self, type_: str, value: str, like: str = "x") -> str:
        """Return the name of a new variable with this value."""
        name = self.names.numbered(like)
        if self.hoisting:
            self.declared.append(f"{type_} {name} = {'{{0}}' if type_.startswith('sc_bits') else '0'};")
            self.line(f"{name} = {bare(value)};")
        else:
            self.line(f"{type_} {name} = {bare(value)};")
        return name

    def plain(self, type_: str, value: str, like: str = "x") -> str:
        """Return the value as text that may be written twice."""
        fixed = is_plain(value) if not (self.hoisting or self.steady) else is_number(value)
        return value if fixed else self.temporary(type_, value, like)

    def empty(self, domain: Domain, like: str) -> str:
        """Return the name of a new struct of words, for a value that is built step by step; all zero."""
        name = self.names.numbered(like)
        type_ = f"sc_bits_{words_of(code_of(domain).bits)}"
        if self.hoisting:
            self.declared.append(f"{type_} {name} = {{{{0}}}};")
            self.line(f"{name} = ({type_}){{{{0}}}};")
        else:
            self.line(f"{type_} {name} = {{{{0}}}};")
        return name

    def comment(self, span: Span) -> None:
        """Say which line of the spec comes now, once for all that comes from it."""
        text = place_comment(span)
        if text and text != self.said:
            self.line(text)
        self.said = text or self.said

    def text(self) -> str:
        """Return the whole function."""
        unread = () if self.tested else ("wrote = 1;", "wrote = 0;", "int wrote = 0;")
        lines = [line for line in self.lines if line.strip() not in unread]
        declared = [line for line in self.declared if line not in unread]
        while lines and lines[-1] == "    return;":
            lines.pop()
        mentioned = [one for word, one in self.wanted if any(re.search(rf"\b{word}\b", line) for line in (*declared, *lines))]
        declared = [*mentioned, *declared]
        before = [self.remark] if self.remark else []
        return "\n".join([*before, self.head, "{", *(f"    {one}" for one in declared), *lines, "}", ""])

    def mentions(self, word: str) -> bool:
        """Return whether a word occurs in what was written so far."""
        return any(re.search(rf"\b{word}\b", line) for line in self.lines)

    # ---------------------------------------------------------------- loops

    @contextmanager
    def looping(self, body: Any, endless: bool = False) -> Iterator[None]:
        """Write a loop: what is known at its head is what holds before the first round and after any."""
        assert self.path is not None
        if self.unit.analysis.writes_in(body):
            soon: dict[Sure, Sure] = {"no": "maybe", "yes": "yes", "maybe": "maybe"}
            self.path = replace(self.path, wrote=soon[self.path.wrote], copied=soon[self.path.copied])
        head = self.path
        self.breaks.append([])
        yield
        ways = self.breaks.pop()
        self.path = None if endless else head
        for one in ways:
            self.path = joined(self.path, one)

    def jump(self, leaves: bool) -> None:
        """Note that a path goes out of the innermost loop, or to its next round."""
        if leaves and self.path is not None:
            self.breaks[-1].append(self.path)
        self.path = None

    # ---------------------------------------------------------------- names and states

    def declare(self, local: Local) -> str:
        """Return the C variable of a local, which lives as long as the function."""
        found = self.locals.get(local.name)
        if found is None:
            type_ = ctype(local.type)
            found = self.locals[local.name] = self.names.fresh(local.name)
            self.assigned.add(local.name)
            self.ctypes[found] = type_
            self.declared.append(f"{type_} {found} = {'{{0}}' if type_.startswith('sc_bits') else '0'};")
        return found

    def variable(self, type_: str, like: str) -> str:
        """Return a new variable of the function."""
        name = self.names.fresh(like)
        self.declared.append(f"{type_} {name} = {'{{0}}' if type_.startswith('sc_bits') else '0'};")
        return name

    def parameter(self, local: Local) -> str:
        """Name a parameter; return its declaration."""
        type_, name = ctype(local.type), self.names.fresh(local.name)
        self.locals[local.name] = f"(*{name})" if local.by_reference else name
        self.ctypes[self.locals[local.name]] = type_
        self.assigned.add(local.name)
        return f"{type_} *{name}" if local.by_reference else f"{type_} {name}"

    def state(self, which: Which) -> Bits:
        """Return a state as it is now."""
        layout = self.unit.layout
        name = self.states[which]
        if self.kind == "action" and self.unit.wide and which == "self" and self.path is not None and self.path.copied == "no":
            name = "s"
        return Bits(name, self.unit.wide, layout.bits)

    def bits_of(self, local: Local) -> Bits:
        """Return the value of a local that is no integer as a string of bits."""
        name = self.declare(local)
        code = code_of(local.domain)
        return Bits(f"{name}.w" if code.wide else name, code.wide, code.bits)

    # ---------------------------------------------------------------- ends

    def ends(self, reason: Reason) -> str:
        """Return the statements that end the evaluation because something failed, in braces."""
        if self.kind == "action":
            if reason == "disabled":
                return self.leave()
            return f"{{ fail = SC_{reason.upper()}; goto next; }}"
        return f"{{ *fail = SC_{reason.upper()}; {self.return_nothing()} }}"

    def fail_if(self, test: str, reason: Reason) -> None:
        """End the evaluation if a test is true."""
        if not self.may_fail:  # the test is made for what it does
            self.line(f"(void)({bare(test)});")
            return
        self.line(f"if ({bare(test)}) {self.ends(reason)}")

    def fail_unless(self, test: str, reason: Reason) -> None:
        """End the evaluation if a test is false."""
        self.line(f"if ({negated(test)}) {self.ends(reason)}")

    def label(self, name: str) -> None:
        """Write a label."""
        self.lines.append("    " * (self.depth - 1) + f"{name}:;")

    def pass_on(self) -> None:
        """End the evaluation if a function that was called has failed."""
        if self.kind == "action":
            self.line("if (fail) goto next;")
        else:
            self.line(f"if (*fail) {self.return_nothing()}")

    def return_nothing(self) -> str:
        """Return the statement that leaves a function that has failed."""
        if not self.result:
            return "return;"
        return f"return ({self.result}){{{{0}}}};" if self.result.startswith("sc_bits") else "return 0;"

    def leave(self) -> str:
        """Return the statement that ends this path of an action: the next alternative of the innermost choice comes."""
        last = self.path.last if self.path is not None else None
        if self.chooses or self.again:
            return f"goto again_{last};" if last else "goto next;"
        return self.return_nothing()

    def written(self) -> None:
        """Note that the state was written."""
        assert self.path is not None
        if self.kind == "acts":
            self.line("*wrote = 1;")
        elif self.path.wrote != "yes":
            self.line("wrote = 1;")
        self.path = replace(self.path, wrote="yes")

    def before_write(self) -> None:
        """Copy a wide state unless that was done."""
        assert self.path is not None
        if self.kind != "action" or not self.unit.wide or self.path.copied == "yes":
            return
        copy = f"t = sc_fork({self.slot}, s);"
        self.line(copy if self.path.copied == "no" else f"if (t == s) {copy}")
        self.path = replace(self.path, copied="yes")

    def complete(self) -> None:
        """Write the end of a completed evaluation of an action."""
        assert self.consumer is not None
        self.consumer.complete(self)
        self.line(self.leave())

    def handed(self, writes: bool, chooses: bool) -> list[str]:
        """Return what a function that acts is given besides its arguments."""
        state = self.state("self").text
        if not writes:
            given = [state]
        elif self.kind == "action":
            given = ["t" if self.unit.wide else "&t", "&wrote"]
        else:
            given = ["t", "wrote"]
        return [*given, *((["&choices"] if self.kind == "action" else ["choices"]) if chooses else [])]

    # ---------------------------------------------------------------- expressions

    def value(self, expression: Expression) -> str:
        """Return the value of an expression; see expressions.value."""
        return self.unit.value(self, expression)

    def number(self, expression: Expression) -> str:
        """Return the number of the value of an expression that is no struct."""
        if isinstance(expression, Constant) and isinstance(expression.type, Integers):
            return unsigned(expression.value - expression.type.low)
        return pack(expression.type, self.value(expression))  # type: ignore[arg-type]

    def truth(self, expression: Expression) -> str:
        """Return a bool as 0 or 1, also where its type has one value only."""
        text = self.value(expression)
        values = expression.type.values if isinstance(expression.type, Enumerated) else ()
        return "1" if values == (True,) else f"!{operand(text)}" if values == (True, False) else text
