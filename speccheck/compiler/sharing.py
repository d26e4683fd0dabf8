"""Sharing: mutable values that have two names in CPython.

A Program copies where CPython gives an object another name, which is the same as long as the object is not changed. Here every function is walked through as it
would run, and what is not the same is refused: a change of an object that has another name, or is inside of something else that has one, and whatever
CPython does not allow to be stored in a state.

    c = [1]; d = [c]; d[0].append(2)          refused: it changes c, too
    d = [self.log[n] for n in Node]           compiled, if nothing in d, and no list of the state, is changed afterwards
    best = found; found = [*best, 1]          compiled: nothing is changed in place
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from speccheck.compiler.coercions import value_of
from speccheck.compiler.joins import may_share
from speccheck.compiler.operands import Operand
from speccheck.compiler.refusals import NotCompiled
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.tuples import Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.places import domain_at
from speccheck.program.program import Function, Program
from speccheck.program.types import Ref, identity
from speccheck.program.walk import Block, everything_in, parts_of, rebuilt, rebuilt_block
from speccheck.source import Span


@dataclass(frozen=True, eq=False)
class Copied(ex.Convert):
    """A mutable value as an object that nobody else has: what `copy`, `list`, `set` and `dict` give. `deep`: so are the ones inside of it."""

    deep: bool = False


def copied(of: Operand, span: Span, deep: bool = False) -> Copied:
    """Return the value of an operand as what a copy gives."""
    value = value_of(of, span)
    return Copied(value.type, span, value, None, deep)


def without_copied(body: Block) -> Block:
    """Return the body of a function without Copied: a Program copies anyway."""

    def plain(expression: ex.Expression) -> ex.Expression:
        made = rebuilt(expression, plain)
        return made.value if isinstance(made, Copied) else made

    return rebuilt_block(body, plain)


@dataclass(frozen=True)
class Other:
    """An object that may be known by another name: its domain, whether it is a part of the state, and the variable in which it lay."""

    key: Any
    in_state: bool
    root: str | None
    domain: Domain = field(compare=False)


Others = frozenset[Other]
NOBODY: Others = frozenset()


@dataclass(frozen=True)
class Shared:
    """What of a value has another name: the value itself, and objects inside of it."""

    whole: Others = NOBODY
    inside: Others = NOBODY

    @property
    def all(self) -> Others:
        """Both."""
        return self.whole | self.inside

    def __or__(self, other: "Shared") -> "Shared":
        return Shared(self.whole | other.whole, self.inside | other.inside)


FRESH = Shared()


@dataclass
class Effect:
    """What a call does to objects: what the result may share with others, domains of objects in the state and in parameters that it changes, and what it puts
    into parameters.
    """

    result: Others = NOBODY
    in_state: list[Domain] = field(default_factory=list)
    in_parameters: list[Domain] = field(default_factory=list)
    put: Others = NOBODY


@dataclass(frozen=True)
class Known:
    """What is known at a point of a function: variables whose objects have another name, those whose objects were stored in the state, and for each variable
    what in its value has another name.
    """

    kept: frozenset[str] = frozenset()
    stored: frozenset[str] = frozenset()
    inside: Mapping[str, Others] = field(default_factory=dict)

    def __or__(self, other: "Known") -> "Known":
        names = {**self.inside, **other.inside}
        return Known(
            self.kept | other.kept, self.stored | other.stored, {name: self.inside.get(name, NOBODY) | other.inside.get(name, NOBODY) for name in names}
        )

    def sharing(self, others: Others) -> "Known":
        """Return it with these objects kept elsewhere."""
        return replace(self, kept=self.kept | _roots(others))

    def holding(self, name: str, others: Others) -> "Known":
        """Return it with these objects inside of a variable, instead of what was there."""
        return replace(self, inside={**self.inside, name: others})


def refuse_shared(program: Program, placed: Mapping[int, st.Store]) -> None:
    """Raise NotCompiled where a function changes an object that has another name. `placed`: by id, the stores that put a value at a place, and do not stand for
    a change of what is there.
    """
    effects: dict[str, Effect] = {}
    for name, function in program.functions.items():  # whoever calls comes after whom it calls
        effects[name] = _Walk(function, program, effects, placed).effect


class _Walk:
    def __init__(self, function: Function, program: Program, effects: Mapping[str, Effect], placed: Mapping[int, st.Store]) -> None:
        self.function, self.program, self.effects, self.placed = function, program, effects, placed
        self.effect = Effect()
        self.parameters = {one.name for one in function.parameters if not isinstance(one.type, Ref)}
        self.by_reference = {one.name for one in function.parameters if one.by_reference}
        self.bound: dict[str, Shared] = {}  # variables of comprehensions
        self.twice: set[str] = set()  # variables whose objects lie in several places of a value
        self.loops: list[list[Known]] = []  # for each loop around: what is known where it is left, or begun again, from inside
        self.uses = Counter(name for part in parts_of(function.body) if isinstance(part, ex.Expression) and (name := _variable(part)) is not None)
        end = self.block(function.body, Known())
        if end is not None:
            self._leave(end)

    def _leave(self, known: Known) -> None:
        for name in self.by_reference:
            self.effect.put |= {replace(one, root=None) for one in known.inside.get(name, NOBODY) if one.root != name}

    # ---------------------------------------------------------------- statements

    def block(self, block: Block, known: Known | None) -> Known | None:
        """Return what is known behind a block; None if control does not come there."""
        for statement in block:
            if known is None:
                return None
            known = self.statement(statement, known)
        return known

    def statement(self, statement: st.AnyStatement, known: Known) -> Known | None:
        """Return what is known behind a statement."""
        match statement:
            case st.Assign(local=local, value=value):
                return self._assign(local, value, known)
            case st.Store(place=place, value=value):
                return self._written(place, (value,), known, statement.span, id(statement) in self.placed)
            case st.Change(place=place, arguments=arguments):
                return self._written(place, arguments, known, statement.span, False)
            case st.Run():
                return self._run(statement, known)
            case st.If():
                then, otherwise = self.block(statement.then, known), self.block(statement.otherwise, known)
                return otherwise if then is None else then if otherwise is None else then | otherwise
            case st.For():
                return self._loop(statement.targets, statement.source, statement.body, known)
            case st.Loop():
                return self._loop((), None, statement.body, known)
            case st.Choose(local=local, source=source):
                return known.holding(local.name, self._of_source(source, (local,), known)[local.name].all) if _holds(local.type) else known
            case st.Return(value=value):
                self._return(value, known)
                return None
            case st.Break() | st.Continue():
                self.loops[-1].append(known)
                return None
            case st.Fail():
                return None
        return known

    def _assign(self, local: ex.Local, value: ex.Expression, known: Known) -> Known:
        if not _holds(local.type):
            return known
        inner = value
        while isinstance(inner, ex.Convert) and not isinstance(inner, Copied):
            inner = inner.value
        whole = _variable(inner)
        if whole is not None and "." in whole and self.uses[whole] == 1:  # nobody else asks for it
            return self._given(local.name, known.inside.get(whole, NOBODY), known)
        shared = self.of(value, known, local.name)
        again = any(one.root == local.name for one in shared.whole)
        shared = Shared(frozenset(one for one in shared.whole if one.root != local.name), shared.inside)
        return self._given(local.name, shared.all, known.sharing(shared.all), again)

    @staticmethod
    def _given(name: str, others: Others, known: Known, again: bool = False) -> Known:
        """`again`: it may be the object that the variable had before."""
        kept = known.kept if again else known.kept - {name}
        stored = known.stored if again else known.stored - {name}
        return replace(known, kept=kept, stored=stored).holding(name, others)

    def _written(self, place: ex.Place, values: Iterable[ex.Expression], known: Known, span: Span, placed: bool) -> Known:
        self.twice = set()
        others = _united(self.of(value, known) for value in values).all
        name = _own(place)
        domains = self._changed(place, placed and name is not None)  # what is replaced in a state may not be used any more
        if name is None:
            self._changes_state(domains, known, span)
            if any(one.in_state for one in others):
                raise NotCompiled("a part of the state that is stored in a second place", span, "Write a copy, such as set(...) or copy(...).")
            if _roots(others) & (known.stored | self.twice):
                raise NotCompiled("a mutable value that is stored a second time", span, "Write a copy, such as set(...) or copy(...).")
            return replace(known.sharing(others), stored=known.stored | _roots(others))
        self._changes(name, domains, known, span)
        return known.sharing(others).holding(name, known.inside.get(name, NOBODY) | others)

    def _changed(self, place: ex.Place, placed: bool) -> list[Domain]:
        """Return the domains of the objects that are changed where a place is written."""
        found = [] if placed or not place.domain.mutable else [place.domain]
        if place.steps:
            parent = replace(place, steps=place.steps[:-1])
            found.append(domain_at(parent, self.program))
        return found

    def _changes_state(self, domains: Iterable[Domain], known: Known, span: Span) -> None:
        self.effect.in_state += domains
        for others in known.inside.values():
            if any(one.in_state and _may_be_in(one.domain, domain) for one in others for domain in domains):
                raise _refusal(span)

    def _changes(self, name: str, domains: Iterable[Domain], known: Known, span: Span) -> None:
        if name in self.by_reference:
            self.effect.in_parameters += domains
        if name in known.kept or any(_may_be_in(one.domain, domain) for one in known.inside.get(name, NOBODY) for domain in domains):
            raise _refusal(span)

    def _run(self, run: st.Run, known: Known) -> Known:
        called, effect = self.program.functions[run.function], self.effects[run.function]
        roots: list[str] = []
        for parameter, argument in zip(called.parameters, run.arguments):
            if isinstance(parameter.type, Ref) or not _holds(parameter.type):
                continue
            name = _variable(argument)
            others = self.of(argument, known)
            roots += _roots(others.whole)
            if parameter.by_reference and name is not None:
                self._changes(name, effect.in_parameters, known, run.span)
                known = known.holding(name, known.inside.get(name, NOBODY) | effect.put)
            elif name is None:  # it may be stored
                known = replace(known.sharing(others.all), stored=known.stored | _roots(others.all))
        if any(p.by_reference for p in called.parameters) and len(roots) > len(set(roots)):
            raise NotCompiled("a mutable value that is passed twice", run.span, "Pass a copy.")
        if any(not one.in_state for one in effect.result | effect.put):
            known = replace(known, kept=known.kept | set(roots))
        self._changes_state(effect.in_state, known, run.span)
        return known if run.local is None else self._given(run.local.name, effect.result, known)

    def _loop(self, targets: tuple[ex.Local, ...], source: ex.Source | None, body: Block, known: Known) -> Known | None:
        entry, left = known, []
        while True:
            begin = entry
            if source is not None:
                for name, shared in self._of_source(source, targets, entry).items():
                    begin = begin.sharing(shared.all).holding(name, shared.all)
            self.loops.append([])
            end = self.block(body, begin)
            left = self.loops.pop()
            after = entry
            for one in (*left, *(() if end is None else (end,))):
                after |= one
            if after == entry:
                return after if source is not None or left else None
            entry = after

    def _return(self, value: ex.Expression | None, known: Known) -> None:
        self._leave(known)
        if value is None:
            return
        shared = self.of(value, known)
        gone = {one for one in shared.whole if one.root is not None and one.root not in known.kept | self.parameters}  # only the caller has it then
        self.effect.result |= {replace(one, root=None) for one in shared.all - gone}

    # ---------------------------------------------------------------- expressions

    def of(self, expression: ex.Expression, known: Known, into: str | None = None) -> Shared:
        """Return what of a value has another name, once that is given a name or put into something. `into`: the variable that it is given to."""
        if not _holds(expression.type):
            return FRESH
        match expression:
            case Copied():
                return FRESH if expression.deep else _elements(self.of(expression.value, known))
            case ex.Load():
                return self._of_place(expression.place, known)
            case ex.Constant():
                return FRESH
            case ex.Convert():
                return self.of(expression.value, known, into)
            case ex.IfThenElse():
                return self.of(expression.then, known, into) | self.of(expression.otherwise, known, into)
            case ex.MakeRecord():
                return self._inside([self.of(one, known) for one in expression.fields])
            case ex.Concatenate():
                parts = [_elements(self.of(one, known)) for one in expression.parts]
                return self._inside(parts)
            case ex.Slice():
                return _elements(self.of(expression.container, known))
            case ex.Sorted():
                return _elements(self.of(expression.value, known))
            case ex.SetOperation():
                return FRESH
            case ex.Comprehension():
                return self._of_comprehension(expression, known)
            case ex.Call():
                result = self.effects[expression.function].result
                others = NOBODY if all(one.in_state for one in result) else _united(self.of(one, known) for one in expression.arguments).all
                return Shared(result | others)
        return self._of_any(expression, known)

    def _inside(self, several: list[Shared]) -> Shared:
        """Return what a new object shares that has these values in it."""
        united = FRESH
        for one in several:
            self.twice |= _roots(united.all) & _roots(one.all)
            united |= one
        return Shared(NOBODY, united.all)

    def _of_place(self, place: ex.Place, known: Known) -> Shared:
        name = _own(place)
        if name is None:
            return Shared(frozenset({_other(place.domain, True, None)}))
        if name in self.bound:
            return self.bound[name]
        return Shared(frozenset({_other(place.domain, False, name)}), known.inside.get(name, NOBODY))

    def _of_comprehension(self, made: ex.Comprehension, known: Known) -> Shared:
        before = dict(self.bound)
        for generator in made.generators:
            self.bound |= self._of_source(generator.source, generator.targets, known)
            for local, value in generator.lets:
                self.bound[local.name] = self.of(value, known)
        body = self.of(made.body, known)
        bound, self.bound = self.bound, before
        if made.fold in ("first", "min", "max"):
            return body if made.default is None else body | self.of(made.default, known)
        self.twice |= _roots(body.all) - _roots(_united(bound.values()).all)
        return Shared(NOBODY, body.all)

    def _of_source(self, source: ex.Source, targets: tuple[ex.Local, ...], known: Known) -> dict[str, Shared]:
        """Return what the variables of a loop share that have mutable values."""
        containers = [one for one in _containers(source) if _holds(one.type)]
        others = _united(self.of(one, known) for one in containers).all
        in_state, roots = any(one.in_state for one in others), _roots(others) or {None}
        holding = [local for local in targets if _holds(local.type)]
        return {one.name: Shared(frozenset(_other(one.domain, in_state, root) for root in roots), others) if others else FRESH for one in holding}

    def _of_any(self, expression: ex.Expression, known: Known) -> Shared:
        """A part of something: whatever that shares."""
        others = _united(self.of(one, known) for one in everything_in(expression) if one is not expression and isinstance(one, ex.Load | ex.Call)).all
        domain: Any = expression.type
        return Shared(frozenset(_other(domain, one.in_state, one.root) for one in others), others)


def _refusal(span: Span) -> NotCompiled:
    return NotCompiled(
        "a change of a mutable value that has another name, too", span, "Change it before it gets another name, or copy it: list(x), set(x), copy(x)."
    )


def _other(domain: Domain, in_state: bool, root: str | None) -> Other:
    return Other(identity(domain), in_state, root, domain)


def _own(place: ex.Place) -> str | None:
    """Return the variable in whose value a place lies; None if it lies in a state."""
    return place.root.name if isinstance(place.root, ex.Local) and not isinstance(place.root.type, Ref) else None


def _variable(expression: ex.Expression) -> str | None:
    """Return the variable whose value an expression is, as a whole."""
    return _own(expression.place) if isinstance(expression, ex.Load) and not expression.place.steps else None


def _roots(others: Others) -> frozenset[str]:
    return frozenset(one.root for one in others if one.root is not None)


def _united(several: Iterable[Shared]) -> Shared:
    result = FRESH
    for one in several:
        result |= one
    return result


def _elements(shared: Shared) -> Shared:
    """What a new container shares that has the elements of another one."""
    found = {_other(inner, one.in_state, one.root) for one in shared.whole for inner in _parts(one.domain) if _holds(inner)}
    return Shared(NOBODY, shared.inside | found) if found or not shared.whole else FRESH


def _containers(source: ex.Source) -> list[ex.Expression]:
    match source:
        case ex.ContainerSource() | ex.SubsetsSource():
            return [source.container]
        case ex.EnumerateSource():
            return _containers(source.source)
        case ex.ZipSource():
            return [one for inner in source.sources for one in _containers(inner)]
    return []


def _parts(domain: Domain) -> list[Domain]:
    """Return the domains of what lies directly inside of values of a domain, and is no key and no element of a set."""
    match domain:
        case Lists() | Sequences():
            return [domain.element]
        case Maps():
            return [domain.value_domain]
        case Records():
            return list(domain.fields.values())
        case Product():
            return list(domain.domains)
        case Union():
            return list(domain.alternatives)
    return []


def _holds(type_: Any) -> bool:
    """Return whether values of a type are, or have inside of them, mutable objects."""
    return isinstance(type_, Domain) and (type_.mutable or (isinstance(type_, Product | Sequences | Union) and any(map(_holds, _parts(type_)))))


def _may_be_in(outer: Domain, domain: Domain) -> bool:
    """Return whether an object of a domain may be one of another domain, or inside of one."""
    return _may_be(outer, domain) or any(_may_be_in(inner, domain) for inner in _parts(outer) if _holds(inner))


def _may_be(one: Domain, other: Domain) -> bool:
    match one, other:
        case Union(), _:
            return any(_may_be(inner, other) for inner in one.alternatives)
        case _, Union():
            return any(_may_be(one, inner) for inner in other.alternatives)
        case Records(), Records():
            return one.cls is other.cls
        case (Lists() as a, Lists() as b) | (Sets() as a, Sets() as b) | (Bags() as a, Bags() as b):
            return _may_meet(a.element, b.element)
        case Maps(), Maps():
            return _may_meet(one.key_domain, other.key_domain) and _may_meet(one.value_domain, other.value_domain)
    return False


def _may_meet(one: Domain, other: Domain) -> bool:
    return (_may_be(one, other) if one.mutable and other.mutable else may_share(one, other)) or one.size == 0 or other.size == 0
