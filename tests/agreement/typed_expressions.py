"""Random expressions of a wanted type, as Python source text. Every expression is well-typed; some raise, as those that people write do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tests.agreement.typed_domains import (
    BOOL,
    NUMBER,
    Alt,
    Bg,
    Bool,
    Frozen,
    FSet,
    Int,
    Lst,
    Map,
    Named,
    Opt,
    Rec,
    Seq,
    St,
    Tup,
    Type,
    World,
    is_mutable,
    text,
)  # fmt: skip

Thunk = Callable[[], str]
Options = list[tuple[float, Thunk]]
RISKY = 0.08  # of the places that there may not be are considered


@dataclass(frozen=True)
class Name:
    """A name that may be read. `ordered`: containers in it come from the state, or from the parameters, and have an order."""

    text: str
    type: Type
    ordered: bool = True


@dataclass(frozen=True)
class Scope:
    """What an expression may use."""

    states: tuple[str, ...] = ("self",)
    names: tuple[Name, ...] = ()
    acts: bool = False  # may choose, require and change
    loop: bool = False
    result: Type | None = None  # of the function whose body this is
    calls: bool = True  # of functions; without them in their own bodies
    busy: tuple[str, ...] = ()  # places that a loop goes through
    atoms: str = ""  # "", "enabled", "occurs"

    def knows(self, *names: Name) -> "Scope":
        """Return the scope with more names."""
        return replace(self, names=(*self.names, *names))


@dataclass(frozen=True)
class Function:
    """A function or method that may be called. `of`: the record whose method it is; "self" for one of the spec, None for one of the module."""

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type | None
    acts: bool
    of: Type | str | None = None
    has_default: bool = False  # the last parameter


@dataclass
class Expressions:
    """Makes expressions in one world."""

    world: World
    variables: list[tuple[str, Type]] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    actions: list[tuple[str, tuple[tuple[str, Type], ...]]] = field(default_factory=list)
    labels: tuple[str, ...] = ()  # of the process, if there is one
    count: int = 0
    nesting: int = 0

    # ---------------------------------------------------------------- chance

    def one(self, options: Options) -> str:
        """Make one of several things, by weight."""
        at = self.world.random.random() * sum(weight for weight, _ in options)
        for weight, make in options:
            at -= weight
            if at < 0:
                return make()
        return options[-1][1]()

    def flip(self, share: float = 0.5) -> bool:
        """Draw true with some probability."""
        return self.world.random.random() < share

    def below(self, n: int) -> int:
        """Draw a number below n."""
        return self.world.random.randrange(n)

    def fresh(self, like: str = "v") -> str:
        """Return a new name."""
        self.count += 1
        return f"{like}{self.count}"

    # ---------------------------------------------------------------- places

    def places(self, s: Scope, depth: int = 2) -> Iterator[tuple[Thunk, Type, bool]]:
        """Yield what can be read without computing: how it is written, its type, and whether containers in it have an order. Few of those that may raise."""
        for state in s.states:
            for name, t in self.variables:
                yield from self._inside(lambda state=state, name=name: f"{state}.{name}", t, True, s, depth)  # type: ignore[misc]
        for known in s.names:
            yield from self._inside(lambda known=known: known.text, known.type, known.ordered, s, depth)  # type: ignore[misc]

    def _inside(self, make: Thunk, t: Type, ordered: bool, s: Scope, depth: int) -> Iterator[tuple[Thunk, Type, bool]]:
        yield make, t, ordered
        if depth == 0:
            return
        match t:
            case Frozen(fields=fields) | Rec(fields=fields):
                for name, inner in fields:
                    yield from self._inside(lambda name=name: f"{make()}.{name}", inner, ordered, s, depth - 1)  # type: ignore[misc]
            case Tup(items):
                for i, inner in enumerate(items):
                    yield from self._inside(lambda i=i: f"{make()}[{i if self.flip(0.8) else i - len(items)}]", inner, ordered, s, depth - 1)  # type: ignore[misc]
            case Seq(inner, most) | Lst(inner, most) if self.flip(RISKY):
                yield from self._inside(lambda: f"{make()}[{self.index(most, s)}]", inner, ordered, s, depth - 1)
            case Map(key, value, total) if total or self.flip(RISKY):
                yield from self._inside(lambda: f"{make()}[{self.key(key, s)}]", value, ordered, s, depth - 1)
            case Opt(inner) if isinstance(inner, Frozen | Rec | Tup) and self.flip(RISKY / 2):
                yield from list(self._inside(make, inner, ordered, s, depth))[1:]

    def key(self, t: Type, s: Scope) -> str:
        """Make the key of a map. Keys of keys of keys are names and constants."""
        self.nesting += 1
        plain = replace(s, states=(), names=tuple(one for one in s.names if isinstance(one.type, Int | Bool | Named)))
        made = self.expr(t, s if self.nesting < 3 else plain, 1 if self.nesting == 1 and self.flip(0.3) else 0)
        self.nesting -= 1
        return made

    def index(self, most: int, s: Scope) -> str:
        """Make an index of a sequence, sometimes one that it does not have."""
        return self.one([(6, lambda: str(self.below(most))), (1, lambda: "0"), (2, lambda: str(-1 - self.below(most))), (1, lambda: self.key(NUMBER, s))])

    def read(self, wanted: Callable[[Type], bool], s: Scope, depth: int = 2, ordered: bool = False) -> tuple[str, Type] | None:
        """Return a place of a wanted type."""
        found = [(make, t) for make, t, has in self.places(s, depth) if wanted(t) and (has or not ordered)]
        if not found:
            return None
        make, t = self.world.pick(found)
        return make(), t

    def _reads(self, t: Type, s: Scope) -> Options:
        if is_mutable(t):
            return []
        named = [one.text for one in s.names if one.type == t or (t == NUMBER and isinstance(one.type, Int))]
        same = [make for make, one, _ in self.places(s) if one == t or (t == NUMBER and isinstance(one, Int))]
        options: Options = [(6, lambda: self.world.pick(same)())] if same else []
        return [*options, (3, lambda: self.world.pick(named))] if named else options

    # ---------------------------------------------------------------- values

    def expr(self, t: Type, s: Scope, d: int) -> str:
        """Make an expression of a type; of a mutable one, it is a value that nobody owns."""
        options: Options = self._reads(t, s)
        if d > 0:
            options += self._general(t, s, d)
        match t:
            case Bool():
                options += self._bools(s, d)
            case Int(None, _):
                options += self._numbers(s, d)
            case Int():
                options += self._bounded(t, s, d)
            case Named():
                options += self._members(t, s, d)
            case Opt(inner):
                options += [(2, lambda: "None"), (4, lambda: self.expr(inner, s, d - 1))]
                if isinstance(inner, Int) and d > 0:
                    default = "None" if self.flip(0.6) else self.expr(t, s, 0)
                    options.append((2, lambda: f"{self.world.pick(('min', 'max'))}({self.going(inner, s, d)}, default={default})"))
            case Alt(_, parts, literals):
                options += [(2, lambda: self.world.pick(literals)), (4, lambda: self.expr(self.world.pick(parts), s, d - 1))]
            case Tup(items):
                options += [(4, lambda: f"({', '.join(self.expr(one, s, d - 1) for one in items)})")]
                if items == (NUMBER, NUMBER):
                    options += [(2, lambda: f"divmod({self.number(s, d - 1)}, {self.divisor(s)})")]
            case Frozen():
                options += self._frozen(t, s, d)
            case Seq(inner, most):
                options += self._sequences(t, inner, most, s, d)
            case FSet(inner):
                options += [
                    (2, lambda: "frozenset()"),
                    (3, lambda: f"frozenset({self.set_of(inner, s, d - 1)})"),
                    (2, lambda: f"frozenset({self.going(inner, s, d)})"),
                ]
            case Lst(inner, most):
                options += self._lists(t, inner, most, s, d)
            case St(inner, _):
                options += [(4, lambda: self.set_of(inner, s, d))]
            case Map(key, value, total):
                options += self._maps(t, key, value, total, s, d)
            case Bg(inner, most):
                options += self._bags(t, inner, most, s, d)
            case Rec():
                options += self._records(t, s, d)
        return self.one(options)

    def _general(self, t: Type, s: Scope, d: int) -> Options:
        options: Options = [(0.7, lambda: f"({self.expr(t, s, d - 1)} if {self.truth(s, d - 1)} else {self.expr(t, s, d - 1)})")]
        if not is_mutable(t):
            options += self._looked_up(t, s, d)
            options += [
                (0.4, lambda: f"next({self.generator(t, s, d, True)}, {self.expr(t, s, d - 1)})"),
                (0.4, lambda: self._extreme_by_key(t, s, d)),
            ]
            if s.acts:
                options += [(2, lambda: self.choice(t, s, d))]
            optional = Opt(t)
            if (found := self.read(lambda one: one == optional, s)) is not None:
                options += [(2, lambda: f"({found[0]} if {found[0]} is not None else {self.expr(t, s, d - 1)})")]
        callable_ = [f for f in self.functions if f.result == t and (s.acts or not f.acts)] if s.calls else []
        if callable_:
            options += [(3, lambda: self.call(self.world.pick(callable_), s, d) or self.expr(t, s, d - 1))]
        return options

    def _extreme_by_key(self, t: Type, s: Scope, d: int) -> str:
        default = "" if self.flip(0.1) else f", default={self.expr(t, s, d - 1)}"
        return f"{self.world.pick(('min', 'max'))}({self.going(t, s, d, True)}, key={self.sort_key(t, s, d)}{default})"

    def sort_key(self, t: Type, s: Scope, d: int) -> str:
        """Make a function from values of a type to what Python orders as domains do."""
        name = self.fresh("x")
        inner = replace(s.knows(Name(name, t, False)), acts=False)
        by = self.world.pick((NUMBER, NUMBER, BOOL, self.world.q, Tup((BOOL, NUMBER)), Tup((self.world.q, NUMBER))))
        return f"lambda {name}: {self.expr(by, inner, d - 1)}"

    def _looked_up(self, t: Type, s: Scope, d: int) -> Options:
        options: Options = []
        maps = [(make, one) for make, one, _ in self.places(s, 1) if isinstance(one, Map) and one.value == t]
        if maps:

            def got() -> str:
                make, one = self.world.pick(maps)
                assert isinstance(one, Map)
                return f"{make()}.get({self.expr(one.key, s, d - 1)}, {self.expr(t, s, d - 1)})"

            options.append((1.5, got))
        if isinstance(t, Opt):
            inner = t.inner
            partial = [(make, one) for make, one, _ in self.places(s, 1) if isinstance(one, Map) and one.value == inner and not is_mutable(inner)]
            if partial:

                def found() -> str:
                    make, one = self.world.pick(partial)
                    assert isinstance(one, Map)
                    return f"{make()}.get({self.expr(one.key, s, d - 1)})"

                options.append((3, found))
        match t:
            case Int(None, _):
                options += [
                    (0.8, lambda: f"BY_P[{self.expr(self.world.p, s, d - 1)}]"),
                    (0.5, lambda: f"GRID[{self.expr(Int(0, 1), s, d - 1)}][{self.below(2)}]"),
                    (0.5, lambda: f"NUMBERS[{self.expr(Int(0, 2), s, d - 1)}]"),
                    (0.3, lambda: f"OF_PAIRS.get(({self.expr(self.world.p, s, d - 1)}, {self.truth(s, d - 1)}), {self.number(s, 0)})"),
                    (0.3, lambda: f"BY_LETTER_AND_P.get({self.expr(self.world.letter, s, d - 1)}, BY_P)[{self.expr(self.world.p, s, d - 1)}]"),
                ]
            case Named(name="Letter"):
                options += [(1, lambda: f"FOLLOWING[{self.expr(t, s, d - 1)}]"), (0.5, lambda: f"WORDS[{self.expr(Int(0, 1), s, d - 1)}]")]
            case Named(name="Color"):
                options += [(1, lambda: f"COLORS[{self.expr(self.world.p, s, d - 1)}]")]
            case Frozen(name="Note"):
                options += [(1.5, lambda: f"NOTES[{self.world.pick(('0', '1', '-1', self.key(Int(0, 1), s)))}]")]
            case Named(name="P"):
                options += [(1, lambda: f"OTHER[{self.expr(t, s, d - 1)}]"), (0.5, lambda: self._seat(s))]
        return options

    def _seat(self, s: Scope) -> str:
        found = self.read(lambda t: t == self.world.q, s) if self.flip(0.4) else None
        return f"SEATS[{found[0]}]" if found is not None else f"SEATS.get({self.expr(self.world.q, s, 0)}, P1)"

    def choice(self, t: Type, s: Scope, d: int) -> str:
        """Make a choice of a value of a type."""
        options: Options = [
            (2, lambda: f"choose({self.going(t, s, d)})"),
            (1, lambda: f"choose([{self.several(t, s, d)}])"),
            (1, lambda: f"choose({{{self.several(t, s, d)}}})"),
        ]
        if (found := self.read(lambda one: isinstance(one, Lst | Seq | St | FSet | Bg) and one.inner == t, s)) is not None:
            options += [(4, lambda: f"choose({found[0]})")]
        match t:
            case Named() | Frozen() | Alt():
                options += [(2, lambda: f"choose({t.name})")]
            case Bool():
                options += [(2, lambda: "choose(bool)")]
            case Int(None, _):
                options += [(3, lambda: f"choose(range({self.number(s, 0)} % 3 + 1))"), (1, lambda: "choose(Annotated[int, Range(-1, 1)])")]
            case Int(low, high):
                options = [(3, lambda: f"choose(range({low}, {(high or 0) + 1}))"), (1, lambda: f"choose(Annotated[int, Range({low}, {high})])"), options[1]]
            case Opt(inner) if not isinstance(inner, Int) and not is_mutable(inner):
                options += [(1, lambda: f"choose({text(t)})")]
            case FSet(inner):
                options += [(5, lambda: f"choose(subsets({self.set_of(inner, s, d - 1)}{self.world.pick(('', ', 1', ', 0, 1', ', 1, 2'))}))")]
        return self.one(options)

    def several(self, t: Type, s: Scope, d: int, most: int = 3) -> str:
        """Make one to three expressions side by side."""
        return ", ".join(self.expr(t, s, d - 1) for _ in range(1 + self.below(most)))

    # ---------------------------------------------------------------- numbers

    def number(self, s: Scope, d: int) -> str:
        """Make an integer."""
        return self.expr(NUMBER, s, d)

    def _literal(self) -> str:
        if self.flip(0.04):
            return self.world.pick(("9223372036854775807", "(-9223372036854775808)", "4611686018427387904", "BIG", "3037000500", "(-2 ** 63)", "2 ** 62"))
        return self.world.pick(("0", "1", "2", "3", "-1", "LIMIT", "5"))

    def divisor(self, s: Scope) -> str:
        """Make what one divides by: sometimes zero."""
        return self.world.pick(("2", "3", "2", "-2", "-3", "LIMIT", "7", "10")) if self.flip(0.85) else self.number(s, 0)

    def _numbers(self, s: Scope, d: int) -> Options:
        options: Options = [(3, self._literal)]
        if d <= 0:
            return options

        def less_deep() -> str:
            return self.number(s, d - 1)

        def operated() -> str:
            operator = self.world.pick(("+", "+", "-", "-", "*", "//", "%", "&", "|", "^"))
            return f"({less_deep()} {operator} {self.divisor(s) if operator in ('//', '%') else less_deep()})"

        options += [
            (5, operated),
            (0.3, lambda: f"({less_deep()} ** {self.world.pick(('2', '3', '0', '1', f'(abs({self.number(s, 0)}) % 4)'))})"),
            (0.4, lambda: f"({less_deep()} << {self.world.pick(('1', '2', '61', '63', f'({self.number(s, 0)} % 64)'))})"),
            (0.4, lambda: f"({less_deep()} >> {self.world.pick(('1', '2', '62', '64', '70', f'abs({self.number(s, 0)})'))})"),
            (0.8, lambda: f"{self.world.pick(('-', '~', '+'))}({less_deep()})"),
            (0.7, lambda: f"abs({less_deep()})"),
            (1, lambda: f"{self.world.pick(('min', 'max'))}({less_deep()}, {less_deep()}{', ' + less_deep() if self.flip(0.3) else ''})"),
            (1, lambda: f"sum({self.generator(NUMBER, s, d)}{', ' + less_deep() if self.flip(0.2) else ''})"),
            (0.6, lambda: f"sum({self.comprehension('{}', NUMBER, s, d)})"),
            (1, lambda: f"{self.world.pick(('min', 'max'))}({self.going(NUMBER, s, d)}{'' if self.flip(0.1) else ', default=' + less_deep()})"),
            (0.2, lambda: f"WIDTHS[{self.number(s, d - 1)} % 4]"),
            (0.4, lambda: f"int({self.truth(s, d - 1)})"),
            (0.4, lambda: f"({self.truth(s, d - 1)} + {self.truth(s, d - 1)})"),
            (0.4, lambda: f"divmod({less_deep()}, {self.divisor(s)})[{self.below(2)}]"),
            (0.7, lambda: f"len({self.sized(s, d)})"),
            (0.4, lambda: f"{self.expr(self.world.q, s, d - 1)}.index"),
            (0.4, lambda: f"sum({self.truth(s.knows(Name(name, t)), d - 1)} for {name} in {source})"
             if (found := self.source(replace(s, acts=False), d - 1, False)) and (source := found[0]) and (t := found[1]) and (name := self.fresh("x"))
             else "0"),
        ]  # fmt: skip
        options += self._counted(s, d)
        return options

    def _counted(self, s: Scope, d: int) -> Options:
        options: Options = []
        if (bag := self.read(lambda t: isinstance(t, Bg), s)) is not None:
            options.append((1, lambda: f"{bag[0]}.count({self.expr(bag[1].inner, s, d - 1)})"))  # type: ignore[union-attr]
        if (listed := self.read(lambda t: isinstance(t, Lst | Seq) and not is_mutable(t.inner), s)) is not None:
            options.append(
                (0.7, lambda: f"{listed[0]}.{self.world.pick(('count', 'count', 'count', 'count', 'index'))}({self.expr(listed[1].inner, s, d - 1)})")
            )  # type: ignore[union-attr]
        if (sized := self.read(lambda t: isinstance(t, Lst | Seq | St | FSet | Map | Bg), s)) is not None:
            options.append((2, lambda: f"len({sized[0]})"))
        return options

    def _bounded(self, t: Int, s: Scope, d: int) -> Options:
        low, high = t.low or 0, t.high or 0
        options: Options = [(4, lambda: str(low + self.below(high - low + 1)))]
        if d > 0:
            shift = f" + {low}" if low > 0 else f" - {-low}" if low < 0 else ""
            options += [
                (3, lambda: f"{self.number(s, d - 1)} % {high - low + 1}{shift}" if not shift else f"({self.number(s, d - 1)} % {high - low + 1}{shift})"),
                (2, lambda: f"min(max({self.number(s, d - 1)}, {low}), {high})"),
                (0.5, lambda: self.number(s, d - 1)),
                (1, lambda: f"({low} if {self.truth(s, d - 1)} else {high})"),
            ]
        return options

    # ---------------------------------------------------------------- members

    def _members(self, t: Named, s: Scope, d: int) -> Options:
        options: Options = [(2, lambda: self.world.pick(t.members))]
        if d > 0 and t.kind == "ordered":
            options += [
                (2, lambda: f"{self.expr(t, s, d - 1)}.{self.world.pick(('next', 'prev'))}()"),
                (0.7, lambda: f"{self.world.pick(('min', 'max'))}({self.expr(t, s, d - 1)}, {self.expr(t, s, d - 1)})"),
                (0.5, lambda: f"max({self.going(t, s, d)}, default={self.expr(t, s, d - 1)})"),
                (0.5, lambda: f"Q[{self.expr(Int(0, 2), s, d - 1)}]"),
            ]
        return options

    # ---------------------------------------------------------------- truth

    def truth(self, s: Scope, d: int) -> str:
        """Make a bool."""
        return self.expr(BOOL, s, d)

    def _bools(self, s: Scope, d: int) -> Options:
        options: Options = [(1, lambda: self.world.pick(("True", "False"))), (2, lambda: self._state_truth(s))]
        if d <= 0:
            return options
        options += [
            (2, lambda: f"({self.truth(s, d - 1)} {self.world.pick(('and', 'or'))} {self.truth(s, d - 1)})"),
            (1, lambda: f"(not {self.truth(s, d - 1)})"),
            (3, lambda: self._number_order(s, d)),
            (4, lambda: self._equality(s, d)),
            (3, lambda: self._membership(s, d)),
            (1.5, lambda: f"{self.world.pick(('all', 'any'))}({self.generator(BOOL, s, d)})"),
            (1.2, lambda: self._set_order(s, d)),
            (1, lambda: self._order(s, d)),
            (1, lambda: self._kind(s, d)),
            (0.3, lambda: f"bool({self.sized(s, d)})"),
        ]
        if self.labels and "self" in s.states:
            options.append((1, lambda: f"({self.place_of_process(s)} {self.world.pick(('==', '!='))} {self.a_label()})"))
        if s.atoms and self.actions:
            options.append((1, lambda: self._atom(s, d)))
        return options

    def place_of_process(self, s: Scope) -> str:
        """Make a question where a process is."""
        return f"at(self.worker, {self.expr(self.world.p, s, 0)})"

    def a_label(self) -> str:
        """Return a label, as a text."""
        return f'"{self.world.pick(self.labels)}"'

    def _atom(self, s: Scope, d: int) -> str:
        name, parameters = self.world.pick(self.actions)
        given = [
            self.world.pick(t.members) if isinstance(t, Named) else self.expr(t, replace(s, names=()), 0)
            for _, t in parameters[: self.below(len(parameters) + 1)]
        ]
        return f"{self.world.pick(('enabled', s.atoms))}({', '.join([f'self.{name}', *given])})"

    def _state_truth(self, s: Scope) -> str:
        found = self.read(lambda t: isinstance(t, Bool | Lst | St | Map | Bg | Seq | FSet), s)
        if found is None:
            return "True"
        return found[0] if isinstance(found[1], Bool) else self.world.pick((f"(not {found[0]})", f"(len({found[0]}) > 0)", f"bool({found[0]})"))

    def _number_order(self, s: Scope, d: int) -> str:
        operators = ("<", "<=", ">", ">=", "==", "!=")
        chain = f" {self.world.pick(operators)} {self.number(s, d - 1)}" if self.flip(0.25) else ""
        return f"({self.number(s, d - 1)} {self.world.pick(operators)} {self.number(s, d - 1)}{chain})"

    def _equality(self, s: Scope, d: int) -> str:
        if (found := self.read(lambda t: not isinstance(t, Rec), s)) is None:
            return "True"
        place, t = found
        if isinstance(t, Opt) and self.flip(0.5):
            return f"({place} is {self.world.pick(('', 'not '))}None)"
        if isinstance(t, Opt) and is_mutable(t.inner):
            return f"({place} is None)"
        return f"({place} {self.world.pick(('==', '!='))} {self.expr(t, s, d - 1)})"

    def _membership(self, s: Scope, d: int) -> str:
        word = self.world.pick(("in", "in", "not in"))
        found = self.read(lambda t: isinstance(t, Lst | Seq | St | FSet | Bg | Map) and not (isinstance(t, Lst) and is_mutable(t.inner)), s)
        if found is not None and self.flip(0.7):
            place, t = found
            inner = t.key if isinstance(t, Map) else t.inner  # type: ignore[union-attr]
            if isinstance(t, Map) and self.flip(0.2) and not is_mutable(t.value):
                return f"({self.expr(t.value, s, d - 1)} {word} {place}.values())"
            return f"({self.expr(inner, s, d - 1)} {word} {place})"
        t = self.world.scalar()
        brackets = self.world.pick(("()", "{}", "[]")) if self.flip(0.7) else ""
        if not brackets:
            return f"({self.expr(t, s, d - 1)} {word} {self.set_of(t, s, d - 1)})"
        return f"({self.expr(t, s, d - 1)} {word} {brackets[0]}{self.several(t, s, d)},{brackets[1]})"

    def _set_order(self, s: Scope, d: int) -> str:
        found = self.read(lambda t: isinstance(t, St | FSet), s)
        t = found[1].inner if found is not None else self.world.key()  # type: ignore[union-attr]
        left = found[0] if found is not None else self.set_of(t, s, d - 1)
        if self.flip():
            return f"{left}.{self.world.pick(('issubset', 'issuperset', 'isdisjoint'))}({self.set_of(t, s, d - 1)})"
        return f"({left} {self.world.pick(('<=', '<', '>=', '>', '==', '!='))} {self.set_of(t, s, d - 1)})"

    def _order(self, s: Scope, d: int) -> str:
        operator = self.world.pick(("<", "<=", ">", ">="))
        items = [self.world.pick((NUMBER, self.world.q, BOOL, Int(0, 2))) for _ in range(1 + self.below(2))]
        t: Type = self.world.q if self.flip(0.3) else Tup((NUMBER, *items))
        return f"({self.expr(t, s, d - 1)} {operator} {self.expr(t, s, d - 1)})"

    def _kind(self, s: Scope, d: int) -> str:
        found = self.read(lambda t: isinstance(t, Alt) or (isinstance(t, Opt) and isinstance(t.inner, Frozen | Alt)), s)
        if found is None:
            return self._equality(s, d)
        place, t = found
        if self.flip(0.4):
            return f"isinstance({place}, {self.world.pick(('Note', 'Ping', 'str', '(Note, Ping)', 'Note | str'))})"
        frozen = self.world.pick(t.parts) if isinstance(t, Alt) else t.inner if isinstance(t.inner, Frozen) else self.world.note  # type: ignore[union-attr]
        name, inner = self.world.pick(frozen.fields)
        return f"(isinstance({place}, {frozen.name}) and {place}.{name} == {self.expr(inner, s, d - 1)})"

    # ---------------------------------------------------------------- records

    def _frozen(self, t: Frozen, s: Scope, d: int) -> Options:
        def made() -> str:
            named = self.flip(0.3)
            given = [
                (f"{name}=" if named or (i and self.flip(0.1) and i == len(t.fields) - 1) else "") + self.expr(one, s, d - 1)
                for i, (name, one) in enumerate(t.fields)
            ]
            return f"{t.name}({', '.join(given)})"

        options: Options = [(4, made)]
        if not t.named_tuple and d > 0:
            name, one = self.world.pick(t.fields)
            options.append((2, lambda: f"replace({self.expr(t, s, d - 1)}, {name}={self.expr(one, s, d - 1)})"))
        return options

    def _records(self, t: Rec, s: Scope, d: int) -> Options:
        def made() -> str:
            given = [f"{name}={self.expr(one, s, d - 1)}" for name, one in t.fields if self.flip(0.6)]
            return f"{t.name}({', '.join(given)})"

        options: Options = [(4, made)]
        if (found := self.read(lambda one: one == t, s)) is not None:
            options.append((2, lambda: f"copy({found[0]})"))
        return options

    # ---------------------------------------------------------------- containers

    def _sequences(self, t: Seq, inner: Type, most: int, s: Scope, d: int) -> Options:
        options: Options = [(2, lambda: "()")]
        if d <= 0:
            return options
        options += [
            (2, lambda: f"({self.several(inner, s, d, most)},)"),
            (2, lambda: f"tuple({self.going(inner, s, d, True)})"),
            (1, lambda: f"({self.expr(t, s, d - 1)} + {self.expr(t, s, d - 1)})"),
            (1, lambda: f"(*{self.expr(t, s, d - 1)}, {self.expr(inner, s, d - 1)})"),
            (1.5, lambda: f"{self._grouped(t, s, d)}{self.slice(s)}"),
        ]
        return options

    def _grouped(self, t: Type, s: Scope, d: int) -> str:
        if (found := self.read(lambda one: one == t, s)) is not None:
            return found[0]
        return f"({self.expr(t, s, d - 1)})"

    def slice(self, s: Scope) -> str:
        """Make a slice."""
        bounds = ["", "1", "-1", "0", "2", "-2", self.number(s, 1)]
        step = self.world.pick(("", "", "", ":-1", ":2"))
        return f"[{self.world.pick(bounds)}:{self.world.pick(bounds)}{step}]"

    def _lists(self, t: Lst, inner: Type, most: int, s: Scope, d: int) -> Options:
        options: Options = [(2, lambda: "[]")]
        if d <= 0:
            return options
        options += [(2, lambda: f"[{self.several(inner, s, d, most)}]"), (2, lambda: self.comprehension("[]", inner, s, d, True))]
        if is_mutable(inner):
            return options
        options += [
            (1, lambda: f"list({self.going(inner, s, d, True)})"),
            (1, lambda: f"({self._grouped(t, s, d)} + [{self.several(inner, s, d, 1)}])"),
            (1.5, lambda: f"{self._grouped(t, s, d)}{self.slice(s)}"),
        ]
        options.append((0.7, lambda: f"sorted({self.going(inner, s, d, True)}, key={self.sort_key(inner, s, d)}{self.world.pick(('', ', reverse=True'))})"))
        if self.sortable(inner):
            options.append((0.8, lambda: f"sorted({self.comprehension('{}', inner, s, d)})"))
            options.append((1.5, lambda: f"sorted({self.going(inner, s, d)}{self.world.pick(('', '', ', reverse=True'))})"))
        return options

    def sortable(self, t: Type) -> bool:
        """Return whether values of a type have an order in Python that is that of the domain."""
        return isinstance(t, Int | Bool) or (isinstance(t, Named) and t.kind == "ordered") or (isinstance(t, Tup) and all(map(self.sortable, t.items)))

    def set_of(self, inner: Type, s: Scope, d: int) -> str:
        """Make a set."""
        options: Options = [(0.3, lambda: "set()")]
        found = self.read(lambda t: isinstance(t, St | FSet) and t.inner == inner, s)
        if found is not None:
            options += [(3, lambda: f"set({found[0]})")]
        if d <= 0:
            return self.one([*options, (1, lambda: f"{{{self.expr(inner, s, 0)}}}")])
        if found is not None:
            options += [
                (2, lambda: f"({found[0]} {self.world.pick(('|', '&', '-', '^'))} {self.set_of(inner, s, d - 1)})"),
                (2, lambda: f"{found[0]}.{self.world.pick(('union', 'intersection', 'difference', 'symmetric_difference'))}({self.set_of(inner, s, d - 1)})"),
                (0.5, lambda: f"copy({found[0]})"),
            ]
        options += [
            (3, lambda: f"{{{self.several(inner, s, d)}}}"),
            (3, lambda: self.comprehension("{}", inner, s, d)),
            (1, lambda: f"set({self.going(inner, s, d)})"),
        ]
        if isinstance(inner, Named) and inner.kind in ("sort", "ordered", "enum"):
            options += [(2, lambda: f"set({inner.name})"), (2, lambda: f"(set({inner.name}) - {self.set_of(inner, s, d - 1)})")]
        return self.one(options)

    def _maps(self, t: Map, key: Type, value: Type, total: bool, s: Scope, d: int) -> Options:
        name = self.fresh("x")
        keys = key.name if isinstance(key, Named) and key.kind not in ("literal", "number") else "(False, True)" if isinstance(key, Bool) else None
        if isinstance(key, Int):
            keys = f"range({key.low}, {(key.high or 0) + 1})"
        if isinstance(key, Named) and key.kind in ("literal", "number"):
            keys = f"({', '.join(key.members)})"
        if isinstance(key, Tup):
            keys = "((x, y) for x in P for y in (False, True))"
        inner = replace(s.knows(Name(name, key)), acts=False)
        options: Options = []
        if keys is not None:
            options.append((4, lambda: f"{{{name}: {self.expr(value, inner, d - 1)} for {name} in {keys}}}"))
        if not total or self.flip(0.1):
            options += [
                (2, lambda: "{}"), (2, lambda: f"{{{self.expr(key, s, d - 1)}: {self.expr(value, s, d - 1)}}}"),
                (1, lambda: f"{{{name}: {self.expr(value, inner, d - 1)} for {name} in {keys} if {self.truth(inner, d - 1)}}}"),
                (0.7, lambda: f"dict([({self.expr(key, s, d - 1)}, {self.expr(value, s, d - 1)})])" if not is_mutable(value) else "{}"),
            ]  # fmt: skip
        if (found := self.read(lambda one: one == t, s)) is not None:
            options.append((1, lambda: f"{'copy' if is_mutable(value) else self.world.pick(('copy', 'dict'))}({found[0]})"))
        return options

    def _bags(self, t: Bg, inner: Type, most: int, s: Scope, d: int) -> Options:
        options: Options = [
            (2, lambda: "Bag()"),
            (2, lambda: f"Bag([{self.several(inner, s, d, most)}])"),
            (1, lambda: f"Bag({self.going(inner, s, d)})"),
            (0.5, lambda: f"Bag({self.comprehension('{}', inner, s, d)})"),
        ]
        if (found := self.read(lambda one: one == t, s)) is not None:
            options.append((2, lambda: f"{self.world.pick(('copy', 'Bag'))}({found[0]})"))
        return options

    def sized(self, s: Scope, d: int) -> str:
        """Make something that has a length."""
        inner = self.world.scalar()
        return self.one([
            (2, lambda: self.set_of(inner, s, d - 1)), (1, lambda: self.comprehension("[]", inner, s, d, True)), (1, lambda: self.expr(Seq(inner, 2), s, d - 1)),
            (1, lambda: self.comprehension("{}", inner, s, d)),
        ])  # fmt: skip

    # ---------------------------------------------------------------- going through

    def source(self, s: Scope, d: int, ordered: bool, element: Type | None = None) -> tuple[str, Type] | None:
        """Return something to go through, with the type of its elements."""
        w = self.world
        fixed: list[tuple[str, Type]] = [
            ("P", w.p), ("Q", w.q), ("Color", w.color), ("range(3)", NUMBER), ("range(2, -1, -1)", NUMBER), ("WORDS", w.letter), ("NUMBERS", NUMBER),
            ("(False, True)", BOOL), ("BY_P.items()", Tup((w.p, NUMBER))), ("range(1, 8, 3)", NUMBER),
        ]  # fmt: skip
        fitting = [one for one in fixed if element is None or one[1] == element]
        makers: list[Callable[[], tuple[str, Type]]] = [lambda one=one: one for one in fitting[: 3 if element is None else None]]  # type: ignore[misc]
        if fitting:
            makers.append(lambda: w.pick(fitting))
        for make, t, has in self.places(s, 2):
            if has or not ordered:
                makers += self._through(make, t, element)
        if element is None or element == NUMBER:
            makers.append(lambda: (f"range({self.number(s, 0)} % 4)", NUMBER))
            if (sized := self.read(lambda t: isinstance(t, Lst | Seq), s)) is not None:
                makers.append(lambda: (f"range(len({sized[0]}))", NUMBER))
        if d > 0 and element is None:
            makers += self._composed(s, d, ordered)
        if not makers:
            return None
        return w.pick(makers)()

    def _through(self, make: Thunk, t: Type, element: Type | None) -> list[Callable[[], tuple[str, Type]]]:
        found: list[tuple[Callable[[], str], Type]] = []
        match t:
            case Lst(inner) | Seq(inner) | St(inner) | FSet(inner):
                found.append((make, inner))
            case Bg(inner, most):
                found += [(make, inner), (lambda: f"{make()}.items()", Tup((inner, Int(1, most))))]
            case Map(key, value, _):
                found += [
                    (make, key),
                    (lambda: f"{make()}.values()", value),
                    (lambda: f"{make()}.items()", Tup((key, value))),
                    (lambda: f"{make()}.keys()", key),
                ]
        return [lambda text_=text_, inner=inner: (text_(), inner) for text_, inner in found if element is None or inner == element]  # type: ignore[misc]

    def _composed(self, s: Scope, d: int, ordered: bool) -> list[Callable[[], tuple[str, Type]]]:
        def numbered() -> tuple[str, Type]:
            source, inner = self.source(s, 0, True) or ("P", self.world.p)
            return f"enumerate({source}{self.world.pick(('', ', 1'))})", Tup((NUMBER, inner))

        def zipped() -> tuple[str, Type]:
            (a, first), (b, second) = self.source(s, 0, True) or ("P", self.world.p), self.source(s, 0, True) or ("Q", self.world.q)
            return f"zip({a}, {b})", Tup((first, second))

        def in_order() -> tuple[str, Type]:
            inner = self.world.pick((Int(0, 2), self.world.q))
            return f"sorted({self.set_of(inner, s, d - 1)})", inner

        def listed() -> tuple[str, Type]:
            inner = self.world.scalar()
            return self.comprehension("[]", inner, s, d - 1, True), inner

        def shown() -> tuple[str, Type]:
            inner = self.world.scalar()
            return f"({self.several(inner, s, d - 1)},)", inner

        makers: list[Callable[[], tuple[str, Type]]] = [numbered, zipped, in_order, listed, shown]
        if not ordered:

            def unordered() -> tuple[str, Type]:
                inner = self.world.key()
                return self.set_of(inner, s, d - 1), inner

            makers += [unordered, unordered]
        return makers

    def target(self, t: Type, ordered: bool = True) -> tuple[str, tuple[Name, ...]]:
        """Return the target of a loop and the names in it."""
        if isinstance(t, Tup) and (self.flip(0.8) or any(map(is_mutable, t.items))):
            parts = [self.target(one, ordered) for one in t.items]
            joined = ", ".join(f"({text_})" if "," in text_ else text_ for text_, _ in parts)
            return joined, tuple(name for _, names in parts for name in names)
        name = self.fresh("x")
        return name, (Name(name, t, ordered),)

    def clauses(self, s: Scope, d: int, ordered: bool) -> tuple[str, Scope]:
        """Make `for ... in ... if ...`, once or twice, and return what is known inside."""
        s = replace(s, acts=False)
        source, t = self.source(s, d - 1, ordered) or ("P", self.world.p)
        target, names = self.target(t)
        inner = s.knows(*names)
        made = f"for {target} in {source}"
        if self.flip(0.4):
            made += f" if {self.truth(inner, d - 1)}"
        if d > 1 and self.flip(0.2):
            more, inner = self.clauses(inner, d - 1, ordered)
            made += f" {more}"
        return made, inner

    def generator(self, t: Type, s: Scope, d: int, ordered: bool = False) -> str:
        """Make a generator as the argument of a call that has further ones, or none."""
        made, inner = self.clauses(s, d, ordered)
        return f"({self.expr(t, inner, d - 1)} {made})"

    def comprehension(self, brackets: str, t: Type, s: Scope, d: int, ordered: bool = False) -> str:
        """Make a comprehension."""
        made, inner = self.clauses(s, d, ordered)
        return f"{brackets[0]}{self.expr(t, inner, d - 1)} {made}{brackets[1]}"

    def going(self, t: Type, s: Scope, d: int, ordered: bool = False) -> str:
        """Make something that can be gone through, with elements of a type."""
        options: Options = [(2, lambda: self.generator(t, s, max(d, 1), ordered)), (1, lambda: f"[{self.several(t, s, d)}]")]
        if not is_mutable(t) and (found := self.source(replace(s, acts=False), 0, ordered, t)) is not None:
            options.append((3, lambda: found[0]))
        if not ordered:
            options.append((0.7, lambda: self.set_of(t, s, d - 1)))
        return self.one(options)

    # ---------------------------------------------------------------- calls

    def call(self, function: Function, s: Scope, d: int) -> str | None:
        """Make a call; None if there is nothing to call it on, or no part to give to it."""
        given = []
        asked = function.parameters[:-1] if function.has_default and self.flip(0.4) else function.parameters
        for name, t in asked:
            if is_mutable(t):
                found = self.read(lambda one, t=t: one == t, s)  # type: ignore[misc]
                if found is None:
                    return None
                argument = found[0]
            else:
                argument = self.expr(NUMBER if isinstance(t, Int) else t, s, d - 1)
            given.append(f"{name}={argument}" if self.flip(0.1) and name == function.parameters[-1][0] else argument)
        if function.of is None:
            return f"{function.name}({', '.join(given)})"
        if isinstance(function.of, str):
            return f"{function.of}.{function.name}({', '.join(given)})" if "self" in s.states else None
        found = self.read(lambda one: one == function.of, s)
        return None if found is None else f"{found[0]}.{function.name}({', '.join(given)})"
