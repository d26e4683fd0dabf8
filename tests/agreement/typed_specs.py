"""Random well-typed specs as the text of a module: every construct of the compiled subset (language, section 10), with guards, choices, errors and constraints.

Expressions are made for a wanted type (`typed_expressions.py`) over drawn types (`typed_domains.py`)::

    spec_text(Random(7))   the text of the module that defines the spec `Random`
    typed_specs()          a Hypothesis strategy of such texts
"""

from dataclasses import replace
from random import Random

from hypothesis import strategies as st

from tests.agreement.typed_domains import BOOL, NUMBER, Bg, Int, Lst, Map, Named, Opt, Rec, Seq, St, Tup, Type, World, is_mutable, loose, size, text
from tests.agreement.typed_expressions import Function, Name, Scope
from tests.agreement.typed_statements import NOTHING, Statements, indented

TABLES = """
LIMIT = 2
BIG = 2 ** 62
BY_P = {P0: 1, P1: 3}
NUMBERS = (2, 0, 1)
WORDS = ("c", "a")
WIDTHS = [1, 2, 4]
FOLLOWING = {"a": "b", "b": "c", "c": "a"}
GRID = ((1, 2), (3, 4, 5))
OTHER = {P0: P1, P1: P0}
SEATS = {Q[0]: P0, Q[1]: P1}
OF_PAIRS = {(P0, True): 1, (P0, False): 2, (P1, True): -1}
BY_LETTER_AND_P = {"a": {P0: 1, P1: 2}, "b": {P0: 5}}
COLORS = {P0: Color.BLUE, P1: Color.RED}
"""


@st.composite
def typed_specs(draw: st.DrawFn) -> str:
    """Draw the text of a module that defines the spec `Random`."""
    return spec_text(draw(st.randoms(use_true_random=False)))


def spec_text(random: Random) -> str:
    """Return the text of a random module that defines the spec `Random`."""
    return _Writer(World(random)).module()


class _Writer(Statements):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.rules: list[str] = []
        self.base: list[str] = []

    def module(self) -> str:
        """Write the whole module."""
        w = self.world
        text_ = w.header() + TABLES
        text_ += f"NOTES = ({self.constant(w.note)}, {self.constant(w.note)})\n"
        self.variables = [(name, w.variable()) for name in "abcdef"[: 3 + self.below(4)]]
        if self.flip(0.8):
            self.variables.append(("n", w.pick((w.small(), Int(0, 5)))))
        text_ += self._record_class(w.inner)
        text_ += self._record_class(w.record, methods=True)
        if self.flip(0.6):
            text_ += self._module_function()
        inherits, base = self.flip(0.35), "Base"
        body = "".join(self._declaration(name, t) for name, t in self.variables) + "\n"
        functions = "".join(self._method() for _ in range(self.below(3)))
        if inherits:
            text_ += f"\n\nclass Base(Spec, abstract=True, deadlock=False):\n{body}{functions}"
            text_ += self._action("inherited", self.parameters(), 2)
            function = Function("base_number", (("n", NUMBER),), NUMBER, False, "self")
            text_ += f"\n    def base_number(self, n: int) -> int:\n{indented(self._function_body(function, 'self', 1), 8)}\n"
            self.functions.append(function)
            text_ += self._base_step("n: int")
            body, functions = "", ""
            if self.flip(0.5):
                text_ += f"\n\nclass Middle(Base, abstract=True):\n    def base_number(self, n: int) -> int:\n        return super().base_number(-n){self.world.pick((' - 1', ''))}\n"
                text_ += self._base_step("n: int", "super().base_step(n + 1)\n")
                base = "Middle"
        text_ += (
            f"\n\nclass Random({base if inherits else 'Spec'}, deadlock={self.flip(0.3)}):\n"
            + ('    """A random spec."""\n' if not body else "")
            + body
            + functions
        )
        if inherits and self.flip(0.7):
            text_ += "\n    def base_number(self, n: int) -> int:\n        return super().base_number(n + 1) + n\n"
        if inherits and self.flip(0.5):
            text_ += self._base_step("n: int", "super().base_step(n % 2)\n")
        if inherits and self.flip(0.5):
            _, parameters = self.actions[0]
            given = ", ".join(name for name, _ in parameters)
            signature = "".join(f", {name}: {text(t)}" for name, t in parameters)
            text_ += f"\n    @action\n    def inherited(self{signature}) -> None:\n        super().inherited({given})\n{indented(self.block(self._acting(parameters), 1, 1), 8)}\n"
        if self.flip(0.3):
            text_ += f"\n    @init\n    def first(self) -> None:\n{indented(self._first(), 8)}\n"
        if self.flip(0.25):
            text_ += self._process()
        for number in range(2 + self.below(3)):
            text_ += self._action(f"act{number}", self.parameters(), 2)
        return text_ + self._properties()

    def _base_step(self, parameters: str, first: str = "") -> str:
        """A method that acts; one that overrides another calls it, first or last."""
        scope = replace(Scope(("self",), (Name("n", NUMBER, False),), acts=True), calls=False)
        body = self.effect(scope)[0]
        made = first + body if self.flip() else f"{body}\n{first}"
        if not any(one.name == "base_step" for one in self.functions):
            self.functions.append(Function("base_step", (("n", NUMBER),), NOTHING, True, "self"))
        return f"\n    def base_step(self, {parameters}) -> None:\n{indented(made, 8)}\n"

    def _process(self) -> str:
        """A process for each of P, with a local that lives on, labels in branches and loops, and perhaps a crash."""
        self.labels = ("idle", "done", "crashed")
        live = Name("k", Int(0, 2))
        scope = self._acting((("p", self.world.p),)).knows(live)
        some = lambda depth=1: f"{self.effect(scope)[0]}\n{self.block(replace(scope, result=NOTHING), depth, 1)}"  # noqa: E731
        parts = ['yield "idle"', some(), f"k = {self.expr(live.type, scope, 2)}"]
        kinds = [
            lambda: f'if {self.truth(scope, 2)}:\n    yield "inner"\n{indented(some())}',
            lambda: f'for q in P:\n    yield "each"\n{indented(some(0))}',
            lambda: f'while k > 0:\n    k -= 1\n    yield "again"\n{indented(some(0))}',
            lambda: f'yield "last"\n{some()}',
        ]
        for make in self.world.random.sample(kinds, 1 + self.below(2)):
            parts.append(make())
        body = "\n".join(parts)
        if self.flip(0.6):
            body = f"while True:\n{indented(body)}"
        body = f"k: {text(live.type)} = {self.world.pick(('0', '1', 'choose((0, 2))'))}\n{body}"
        options = [one for one in ("crashes=True", "daemon=True") if self.flip(0.3)]
        self.actions.append(("worker", (("p", self.world.p),)))
        return f"\n    @process({', '.join(options)})\n    def worker(self, p: P) -> Steps:\n{indented(body, 8)}\n"

    # ---------------------------------------------------------------- variables

    def _declaration(self, name: str, t: Type) -> str:
        annotation = text(t)
        if isinstance(t, Map) and self.flip(0.2):
            annotation = f"Annotated[{annotation}, {'Total' if t.total else 'Partial'}]"
        if self.flip(0.08) and size(t) <= 6:
            return f"    {name}: {annotation} = anything()\n"
        return f"    {name}: {annotation} = {self.default(t)}\n"

    def default(self, t: Type) -> str:
        """Return a default of a type."""
        match t:
            case Map(_, value, total):
                return f"each({self.default(value)})" if total else "{}"
            case Lst(inner, most):
                return "[]" if self.flip(0.6) else f"[{', '.join(self.constant(inner) for _ in range(1 + self.below(most)))}]"
            case St(inner):
                return "set()" if self.flip(0.6) else f"{{{self.constant(inner)}}}"
            case Bg(inner):
                return "Bag()" if self.flip(0.6) else f"Bag([{self.constant(inner)}])"
            case Seq(inner):
                return "()" if self.flip(0.6) else f"({self.constant(inner)},)"
            case Opt(inner):
                return "None" if is_mutable(inner) or self.flip(0.6) else self.constant(inner)
        return self.constant(t)

    def constant(self, t: Type) -> str:
        """Return a constant of a type."""
        if isinstance(t, Rec):
            return f"{t.name}()"
        if isinstance(t, Lst | St | Map | Bg):
            return "{}" if isinstance(t, Map) else self.default(t)
        if t == NUMBER:
            return self.world.pick(("0", "1", "-1", "3", "2 ** 63 - 1")) if self.flip(0.1) else "0"
        variables, functions = self.variables, self.functions
        self.variables, self.functions = [], []
        made = self.expr(t, Scope((), ()), 0)
        self.variables, self.functions = variables, functions
        return made

    def _record_class(self, t: Rec, methods: bool = False) -> str:
        text_ = f"\n\nclass {t.name}(Record):\n" + "".join(f"    {name}: {text(one)} = {self.default(one)}\n" for name, one in t.fields)
        if not methods:
            return text_
        function = Function("total", (("n", NUMBER),), NUMBER, False, t)
        text_ += f"\n    def total(self, n: int) -> int:\n{indented(self._of_record(t, function), 8)}\n"
        self.functions.append(function)
        change = Function("change", (("p", self.world.p),), self.world.pick((NOTHING, BOOL)), True, t)
        result = "None" if change.result == NOTHING else "bool"
        text_ += f"\n    def change(self, p: P) -> {result}:\n{indented(self._of_record(t, change), 8)}\n"
        self.functions.append(change)
        if self.flip(0.4):
            text_ += f"\n    @property\n    def ready(self) -> bool:\n        return {self.truth(self._inside_record(t, ()), 1)}\n"
        return text_

    def _inside_record(self, t: Rec, parameters: tuple[tuple[str, Type], ...]) -> Scope:
        return Scope((), (Name("self", t), *(Name(name, one, False) for name, one in parameters)))

    def _of_record(self, t: Rec, function: Function) -> str:
        variables, self.variables = self.variables, list(t.fields)
        scope = Scope(("self",), tuple(Name(name, one, False) for name, one in function.parameters), function.acts, result=function.result)
        made = self._body(scope, function, 1)
        self.variables = variables
        return made

    # ---------------------------------------------------------------- functions

    def _body(self, scope: Scope, function: Function, depth: int) -> str:
        if not function.acts and self.flip(0.5):
            return f"return{self.result(scope)}"
        made = self.block(scope, depth, 2)
        if function.result != NOTHING:
            made += f"\nreturn{self.result(scope)}"
        return made

    def _function_body(self, function: Function, state: str, depth: int) -> str:
        scope = Scope((state,) if state else (), tuple(Name(name, one, False) for name, one in function.parameters), function.acts, result=function.result)
        return self._body(scope, function, depth)

    def _signature(self) -> tuple[tuple[str, Type], ...]:
        w = self.world
        drawn = [w.pick((NUMBER, w.p, w.scalar(), w.immutable(0))) for _ in range(1 + self.below(2))]
        parts = [t for _, t, has in self.places(Scope(), 1) if is_mutable(t) and not isinstance(t, Opt)]
        if parts and self.flip(0.6):
            drawn[0] = w.pick(parts)
        return tuple(("xyz"[i], t) for i, t in enumerate(drawn))

    def _written(self, function: Function, method: bool) -> str:
        parameters = [f"{name}: {loose(t)}" for name, t in function.parameters]
        last = function.parameters[-1][1]
        if not is_mutable(last) and self.flip(0.2):
            parameters[-1] += f" = {self.constant(last)}"
            function = replace(function, has_default=True)
        signature = ", ".join([*(["self"] if method else []), *parameters])
        result = "None" if function.result == NOTHING else loose(function.result or NUMBER)
        made = f"def {function.name}({signature}) -> {result}:\n{indented(self._function_body(function, 'self' if method else '', 1))}\n"
        self.functions.append(function)
        return made

    def result_part(self) -> Type:
        """Draw a container for a function to return: mostly one that a variable has, too."""
        known = [t for _, t in self.variables if isinstance(t, Lst | St | Map)]
        return self.world.pick(known) if known and self.flip(0.7) else self.world.part()

    def _module_function(self) -> str:
        acts = self.flip(0.5)
        result = self.world.pick((NOTHING, NUMBER, BOOL, self.world.p, self.result_part()) if acts else (NUMBER, BOOL, self.world.scalar(), self.result_part()))
        return "\n\n" + self._written(Function(self.fresh("function"), self._signature(), result, acts), False)

    def _method(self) -> str:
        acts = self.flip(0.5)
        result = self.world.pick(
            (NOTHING, NUMBER, self.world.scalar(), self.result_part()) if acts else (NUMBER, BOOL, self.world.immutable(0), self.world.p, self.result_part())
        )
        return "\n" + indented(self._written(Function(self.fresh("method"), self._signature(), result, acts, "self"), True))

    # ---------------------------------------------------------------- rules

    def parameters(self) -> tuple[tuple[str, Type], ...]:
        """Draw the parameters of a rule."""
        return tuple(("pqr"[i], self.world.parameter()) for i in range(self.world.pick((0, 1, 1, 1, 2))))

    def _acting(self, parameters: tuple[tuple[str, Type], ...]) -> Scope:
        return Scope(("self",), tuple(Name(name, t) for name, t in parameters), acts=True)

    def _action(self, name: str, parameters: tuple[tuple[str, Type], ...], depth: int) -> str:
        scope = replace(self._acting(parameters), result=NOTHING if self.flip(0.3) else None)
        guard = f"require({self.truth(scope, 2)})\n" if self.flip(0.6) else ""
        first, scope = self.effect(scope) if self.flip(0.8) else ("", scope)
        body = guard + self.world.pick((f"{first}\n{self.block(scope, depth, 2)}", f"{first}\n{self.block(scope, depth, 1)}", first or "pass"))
        self.actions.append((name, parameters))
        return f"\n    @action\n    def {name}(self{''.join(f', {n}: {text(t)}' for n, t in parameters)}) -> None:\n{indented(body, 8)}\n"

    def _first(self) -> str:
        made = []
        for name, t in self.variables:
            if not is_mutable(t) and self.flip(0.3):
                made.append(f"self.{name} = {self.choice(t, self._acting(()), 1)}")
        return "\n".join(made[:2]) or "require(True)"

    def _predicate(self, role: str, name: str, parameters: tuple[tuple[str, Type], ...] = (), states: tuple[str, ...] = ("self",), atoms: str = "") -> str:
        scope = Scope(states, tuple(Name(n, t) for n, t in parameters), atoms=atoms, result=BOOL)
        after = ", after: Self" if len(states) > 1 else ""
        signature = f"self{after}{''.join(f', {n}: {text(t)}' for n, t in parameters)}"
        body = f"return {self.truth(scope, 3)}" if self.flip(0.7) else f"{self.block(scope, 1, 2)}\nreturn {self.truth(scope, 2)}"
        return f"\n    @{role}\n    def {name}({signature}) -> bool:\n{indented(body, 8)}\n"

    def _properties(self) -> str:
        text_ = ""
        for number in range(1 + self.below(3)):
            text_ += self._predicate("invariant", f"inv{number}", self.parameters() if self.flip(0.3) else (), atoms="enabled" if self.flip(0.2) else "")
        if self.flip(0.4):
            text_ += self._predicate(
                "step_invariant", "monotone", self.parameters() if self.flip(0.2) else (), ("self", "after"), "occurs" if self.flip(0.3) else ""
            )
        if self.flip(0.5):
            text_ += self._predicate("reachable", "found", self.parameters() if self.flip(0.4) else ())
        if self.flip(0.3):
            text_ += self._predicate("constraint", "bound")
        if self.flip(0.2):
            text_ += self._predicate("terminal", "finished")
        return text_


__all__ = ["Int", "Named", "Tup", "spec_text", "typed_specs"]
