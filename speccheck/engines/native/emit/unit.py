"""Program -> C: one translation unit with the functions that `struct sc_model` wants.

In: a Program, and the Model that it was made from. Out: the text, and the numbers of what it may find.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property

from speccheck.domains.base import Domain
from speccheck.domains.layout import code_of, layout_of
from speccheck.engines.native.emit import actions, expressions, rules
from speccheck.engines.native.emit.analysis import Analysis
from speccheck.engines.native.emit.finds import Find, Finds
from speccheck.engines.native.emit.forms import ctype, is_wide, least_type, numbers_in_order, struct_of
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.model import asking, described
from speccheck.engines.native.emit.questions import Questions
from speccheck.engines.native.emit.text import Names, unsigned
from speccheck.model.model import Model
from speccheck.program.expressions import Expression
from speccheck.program.program import Program

SHORT = 16  # lines of a function whose calls in a loop are unrolled


@dataclass(frozen=True)
class Emitted:
    """The C text of a model, and its finds by number; `asking` are the predicates of formulas, by number, that may ask for the step."""

    text: str
    finds: tuple[Find, ...]
    asking: tuple[int, ...] = ()


class Unit:
    """A translation unit that grows: functions and tables, each after what it needs."""

    def __init__(self, program: Program, model: Model) -> None:
        self.program, self.model = program, model
        self.layout = layout_of(tuple(variable.domain for variable in program.variables))
        self.wide = self.layout.words > 1
        self.analysis = Analysis(program)
        self.finds = Finds(program, model)
        self.questions = Questions(self)
        self.names = Names()
        self.parts: list[str] = []
        self._defined: dict[Hashable, str] = {}
        self._short: dict[str, bool] = {}
        self._numbers: dict[int, range | list[int]] = {}

    @cached_property
    def state_type(self) -> str:
        """The type of a state that is given to a function, with what belongs before its name."""
        return "const u64 *" if self.wide else "u64 "

    def pointer_to(self, state: str) -> str:
        """Return a pointer to the words of a state."""
        return state if self.wide else f"(u64[2]){{{state}}}"

    def value(self, f: Function, expression: Expression) -> str:
        """Return the value of an expression."""
        return expressions.value(f, expression)

    # ---------------------------------------------------------------- definitions

    def define(self, key: Hashable, like: str, build: Callable[[str], Function]) -> str:
        """Return the name of a function, which is written when it is asked for first."""
        if key not in self._defined:
            self._defined[key] = name = self.names.fresh(like)
            text = build(name).text()
            self.parts.append(text)
            self._short[name] = text.count("\n") <= SHORT and "for (" not in text and "goto" not in text
        return self._defined[key]

    def is_short(self, name: str) -> bool:
        """Return whether a function of this unit has a few lines without loops."""
        return self._short[name]

    def table(self, type_: str, entries: list[str], like: str) -> str:
        """Return the name of a constant table."""
        key = ("table", type_, tuple(entries))
        if key not in self._defined:
            self._defined[key] = name = self.names.numbered(like)
            self.parts.append(f"static const {type_} {name}[] = {{\n{_wrapped(entries)}}};\n")
        return self._defined[key]

    def in_order(self, domain: Domain) -> range | list[int]:
        """Return the numbers of a domain's values in domain order."""
        if id(domain) not in self._numbers:
            self._numbers[id(domain)] = numbers_in_order(domain)
        return self._numbers[id(domain)]

    def number_table(self, domain: Domain) -> str:
        """Return the name of the table of the numbers of a domain's values in domain order."""
        numbers = list(self.in_order(domain))
        if is_wide(domain):
            return self.table(ctype(domain), [struct_of(one, code_of(domain).bits) for one in numbers], "in_order")
        return self.table(least_type(numbers), [unsigned(one) for one in numbers], "in_order")

    def reader(self, name: str, stepless: bool = False) -> str:
        """Return the C function of a function that reads; `stepless`: the one that knows of no step."""
        stepless = stepless and self.analysis.reads_after(name)
        like = f"ask_{name}" if not stepless else f"ask_{name}_without_step"
        return self.define(("reads", name, stepless), like, lambda c_name: rules.reader(self, self.program.functions[name], c_name, stepless))

    def actor(self, name: str) -> str:
        """Return the C function of a function that acts."""
        return self.define(("acts", name), f"run_{name}", lambda c_name: rules.actor(self, self.program.functions[name], c_name))

    def action(self, name: str) -> str:
        """Return the C function that takes the steps of an action."""
        number = self.program.actions.index(name)
        return self.define(("action", name), f"do_{name}", lambda c_name: actions.action(self, self.program.functions[name], number, c_name))


def _wrapped(entries: list[str]) -> str:
    """Return the entries of a table in lines."""
    lines = [""]
    for entry in entries:
        if len(lines[-1]) + len(entry) > 140:
            lines.append("")
        lines[-1] += f"{entry}, " if lines[-1] else f"    {entry}, "
    return "".join(f"{line.rstrip()}\n" for line in lines)


def emit(program: Program, model: Model) -> Emitted:
    """Return the C text of a model's rules. Raises NoLayout and NotEmitted."""
    unit = Unit(program, model)
    return Emitted(described(unit), tuple(unit.finds.all), tuple(asking(unit)))
