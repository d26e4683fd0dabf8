"""ENABLED and `occurs`: questions about action instances, answered by functions that run them."""

from typing import TYPE_CHECKING, Any, Literal

from speccheck.domains.base import Domain
from speccheck.engines.native.emit import actions, courses, expressions, sources
from speccheck.engines.native.emit.forms import ctype
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.text import bare
from speccheck.program.expressions import Enabled, Expression, Occurs, ValuesSource

if TYPE_CHECKING:
    from speccheck.engines.native.emit.unit import Unit


class Questions:
    """The questions of one unit."""

    def __init__(self, unit: "Unit") -> None:
        self.unit = unit

    def enabled(self, f: Function, e: Enabled) -> str:
        """Return whether a step of one of the instances changes the state, or errs."""
        return self._asked(f, e.actions, "enabled", [f.state("self").text])

    def occurs(self, f: Function, e: Occurs) -> str:
        """Return whether the step to `after` is one of one of the instances; what is evaluated without a step ends here, and says that it needs one."""
        if f.stepless:
            for _, one in e.actions[0][1]:  # the arguments come first
                f.value(one)
            f.fail_if("1", "step")
            return "0"
        return self._asked(f, e.actions, "occurs", [f.state("self").text, "after"])

    def _asked(self, f: Function, asked: Any, about: Literal["enabled", "occurs"], states: list[str]) -> str:
        answer = f.temporary("u64", "0", about)
        for number, given in asked:
            self._instances(f, number, dict(given), about, states, answer)
        return answer

    def _instances(self, f: Function, number: int, given: dict[int, Expression], about: Literal["enabled", "occurs"], states: list[str], answer: str) -> None:
        """Ask all instances of an action with some arguments; no more once the answer is yes."""
        unit = self.unit
        rule = unit.program.functions[unit.program.actions[number]]
        name = unit.define((about, number), f"{about}_{rule.name}", lambda c_name: actions.question(unit, rule, about, c_name))
        with f.block(f"if (!{answer})"):
            texts: list[str] = []
            open_: list[Any] = []
            for i, one in enumerate(rule.parameters):
                if i in given:
                    value = f.value(given[i])
                    texts.append(f.plain(ctype(one.type), value, one.name))
                    continue
                assert isinstance(one.type, Domain)
                course = sources.course(f, ValuesSource(one.type), one.name)
                loop = courses.loop(f, course)
                texts += loop.__enter__()
                open_.append(loop)
            call = f"{name}({', '.join([*states, *map(bare, texts), expressions.failure_pointer(f)])})"
            f.line(f"{answer} = {call};")
            for loop in reversed(open_):
                f.line(f"if ({answer}) break;")
                loop.__exit__(None, None, None)
        if unit.analysis.fails(rule.name):
            f.pass_on()
