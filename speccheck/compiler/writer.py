"""Writer: what writes one function of the Program, statement by statement, from a syntax tree.

The types of local variables are found by writing the function again and again: a variable has the join of the domains of all that it gets, and the last round,
in which none of them changes, is the one that counts. An interval that keeps growing is widened to all integers of 64 bits, a list to `LISTED` elements.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from speccheck.compiler.coercions import LISTED, described, domain_of_operand, expression_in, is_value, value_of
from speccheck.compiler.joins import alike, join, record_of
from speccheck.compiler.operands import Closure, Known, Method, Operand, Part, Row, State, SubsetsOf, SuperOf, Through, Value
from speccheck.compiler.refusals import NotCompiled
from speccheck.domains.base import Domain
from speccheck.domains.containers import Lists, Maps, Sets
from speccheck.domains.scalars import INT_MAX, INT_MIN, Integers
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.model.syntax.trees import RuleTree
from speccheck.program.expressions import Call, Constant, Expression, Load, Local, Place, Reference, Variable
from speccheck.program.statements import AnyStatement, Assign, Return
from speccheck.program.types import Ref, Type, identity
from speccheck.source import Span, span_of

if TYPE_CHECKING:
    from speccheck.compiler.compile import Compiler

Mode = Literal["acts", "reads"]  # what a rule may do: an action writes and chooses, a property only reads
PATIENCE = 5  # rounds after which what still grows is widened


@dataclass(frozen=True)
class Shape:
    """What is known of a local variable: its type, and whether the order of a set or dict in it may be used."""

    type: Type
    ordered: bool


class Writer:
    """Writes one function. `given` are the operands of its parameters; `shapes` what the rounds so far know of its variables."""

    def __init__(self, compiler: "Compiler", tree: RuleTree, mode: Mode, given: Mapping[str, Operand], owner: Any) -> None:
        self.compiler, self.tree, self.mode, self.owner = compiler, tree, mode, owner
        self.given = dict(given)
        self.shapes: dict[str, Shape] = {}
        self.result: Shape | None = None
        self.returns_nothing = False
        self.round = 0
        self.is_rule = self.predicate = False
        self.consumed: set[int] = set()  # the comprehensions, by id of their trees, that what they stand in goes through itself
        self.asked: set[int] = set()  # the expressions, by id of their trees, of which nothing but the truth is asked for
        self.breaks: list[Local | None] = []  # for each loop around: the variable that says whether it was left by `break`
        self.returns: Domain | None = None  # what a mapping returns, whatever its text says
        self.borrowed: frozenset[str] = frozenset()  # parameters whose values the caller has a name for, too
        self.assignments = Counter(names_assigned(tree.node))
        self.loop_variables = set(loop_variables(tree.node)) - set(given)
        self.parameters_by_reference = frozenset(
            one.place.root.name
            for one in given.values()
            if isinstance(one, Part) and isinstance(one.place.root, Local) and not isinstance(one.place.root.type, Ref)
        )
        self._begin()

    def _begin(self) -> None:
        self.names: dict[str, Operand] = dict(self.given)  # parameters, comprehension variables and aliases
        self.body: list[AnyStatement] = []
        self.block: list[AnyStatement] | None = self.body  # where statements go; None inside an expression that cannot hold any
        self.locals: dict[str, Local] = {}
        self.own_names: dict[str, str] = {}  # of variables that begin as parameters, and have another name in the Program than these
        self.versions: dict[str, str] = {}  # of a variable that refers to a part of the state first, and has a value then: what it is called now
        self.changed = False
        self.acts = False
        self.changes_parameters: set[str] = set()
        self.replaced: list[Domain] = []  # the domains of parts that were replaced or removed
        self.closed: dict[str, Span] = {}  # variables that may refer to such a part, and where it was replaced
        self._fresh: Counter[str] = Counter()

    def written(self) -> tuple[AnyStatement, ...]:
        """Write the function; return its body."""
        from speccheck.compiler.statements import write_body

        while True:
            self.round += 1
            if self.round > 40:
                raise NotCompiled(f"'{self.tree.name}', whose variables have no types that settle", self.tree.span)
            self._begin()
            for name in filter(self.assignments.__getitem__, self.given):
                self._open_parameter(name)
            write_body(self, self.tree.node)
            if not self.changed:
                return tuple(self.body)

    # ---------------------------------------------------------------- places in the file

    def span(self, tree: ast.AST) -> Span:
        """Return the place of a part of the function."""
        return span_of(self.tree.file, tree)

    @contextmanager
    def at(self, tree: ast.AST) -> Iterator[None]:
        """Give what is refused inside the place of a part of the function, unless it has one."""
        try:
            yield
        except NotCompiled as refusal:
            if refusal.span is None or not refusal.span.line:
                refusal.span = self.span(tree)
            raise

    # ---------------------------------------------------------------- statements

    def emit(self, statement: AnyStatement) -> None:
        """Add a statement to the block."""
        if self.block is None:
            raise NotCompiled("something that acts inside a comprehension or lambda", statement.span)
        self.block.append(statement)

    @contextmanager
    def into(self, block: list[AnyStatement] | None) -> Iterator[None]:
        """Let statements go into another block; None: there can be none."""
        before, self.block = self.block, block
        try:
            yield
        finally:
            self.block = before

    @contextmanager
    def naming(self, names: Mapping[str, Operand]) -> Iterator[None]:
        """Let names denote something else for a while."""
        before = dict(self.names)
        self.names.update(names)
        try:
            yield
        finally:
            self.names = before

    def acting(self, what: str, span: Span) -> None:
        """Note that the function does more than read; refuse it in a rule that may not."""
        if self.mode == "reads":
            raise NotCompiled(f"{what} in a rule that may only read", span)
        self.acts = True

    # ---------------------------------------------------------------- local variables

    def fresh(self, name: str, type_: Type) -> Local:
        """Return a new variable of the Program, with a name of its own: one with a dot, which no variable of the user's has."""
        self._fresh[name] += 1
        return Local(f"{name}.{self._fresh[name]}", type_)

    def look_up(self, name: str, span: Span) -> Operand | None:
        """Return what a name of the function denotes; None if it is none of its own."""
        if name in self.names and name not in self.closed:
            return self.names[name]
        version = self.version(name)
        if version in self.closed:
            raise NotCompiled(f"'{name}', which refers to a part that may have been replaced", span, "Look it up again after the change.")
        shape = self.shapes.get(version)
        if shape is not None:
            return self.operand(self.local(version, shape), span, shape.ordered)
        if name in self.assignments:
            raise Unassigned(name)
        return None

    def local(self, name: str, shape: Shape) -> Local:
        """Return the variable of the Program for a variable of the function."""
        found = self.locals.get(name)
        if found is None or found.type is not shape.type:
            found = self.locals[name] = Local(self.own_names.get(name, name), shape.type)
        return found

    def operand(self, local: Local, span: Span, ordered: bool = True) -> Operand:
        """Return what a variable of the Program denotes."""
        place = Place(local, (), local.domain)
        if isinstance(local.type, Ref) or local.domain.mutable:
            return Part(place, ordered or isinstance(local.type, Ref))
        return Value(Load(local.domain, span, place), ordered)

    def assign(self, name: str, operand: Operand, span: Span) -> None:
        """Give a variable of the function a value."""
        if self._is_alias(operand):
            if self.assignments[name] > 1 or name in self.given:
                raise NotCompiled(f"'{name}', which is given {described(operand)} and something else", span)
            self._refuse_changing(operand, span)
            self.names[name] = operand
            return
        shape = self.shape_of(operand, span)
        version = self._version_for(name, shape)
        known = self._join(version, shape)
        local = self.local(version, known)
        self.closed.pop(version, None)
        self.emit(Assign(local, self.in_type(operand, known.type, span), span=span))

    def version(self, name: str) -> str:
        """Return what the variable of the Program is called that a variable of the user's is now."""
        return self.versions.get(name, name)

    def user_name(self, version: str) -> str:
        """Return the name that the user gave a variable of the Program."""
        names = {**{own: name for name, own in self.own_names.items()}, **{one: name for name, one in self.versions.items()}}
        return names.get(version, version)

    def _version_for(self, name: str, shape: Shape) -> str:
        """Return the variable of the Program for a value: another one where a reference is followed by a value, or the other way round."""
        version = self.version(name)
        before = self.shapes.get(version)
        if before is None or isinstance(before.type, Ref) is isinstance(shape.type, Ref) or self.block is not self.body:
            return version
        number = 2
        while f"{name}_{number}" in self.assignments or f"{name}_{number}" in self.given or f"{name}_{number}" == version:
            number += 1
        self.versions[name] = f"{name}_{number}"
        return self.versions[name]

    def _refuse_changing(self, operand: Operand, span: Span) -> None:
        """Refuse a name for several things one of which is a variable that gets another value later on."""
        if isinstance(operand, Row):
            for one in operand.items:
                self._refuse_changing(one, span)
        if isinstance(operand, Part) and isinstance(root := operand.place.root, Local) and self.assignments[root.name] > 1:
            raise NotCompiled(f"a tuple with the value of '{root.name}', which gets another one elsewhere", span)

    def _open_parameter(self, name: str) -> None:
        """A parameter that is assigned somewhere is a variable from the beginning, which first has the value that was given."""
        operand, span = self.names.pop(name), self.tree.span
        if self._is_alias(operand):
            raise NotCompiled(f"'{name}', which is given {described(operand)} and something else", span)
        place = operand.place if isinstance(operand, Part) else getattr(operand.expression, "place", None) if isinstance(operand, Value) else None
        if place is not None and isinstance(place.root, Local) and place.root.name == name:
            self.own_names[name] = f"{name}.value"  # what is passed may have a narrower type
        shape = self._join(name, self.shape_of(operand, span))
        self.emit(Assign(self.local(name, shape), self.in_type(operand, shape.type, span), span=span))

    @staticmethod
    def _is_alias(operand: Operand) -> bool:
        match operand:
            case Known(value):
                return not is_value(value)
            case Row(items):
                return any(isinstance(item, Part | State) or Writer._is_alias(item) for item in items)
            case Through():
                return operand.brackets is None or (not operand.ordered and operand.brackets == "list")
            case Method() | SuperOf() | Closure() | SubsetsOf() | State():
                return True
        return False

    def shape_of(self, operand: Operand, span: Span) -> Shape:
        """Return the type of a variable that is given an operand: a part of a state is referred to, everything else is a value."""
        if isinstance(operand, Part):
            which = self.state_of(operand.place)
            if which is not None and operand.domain.mutable:
                return Shape(Ref(operand.domain, which), True)
        domain = domain_of_operand(operand, span)
        return Shape(domain, operand.ordered if isinstance(operand, Value | Part) else not isinstance(domain, Sets | FrozenSets | Maps))

    def state_of(self, place: Place) -> Any:
        """Return which state a place belongs to; None for one in a local variable."""
        match place.root:
            case Variable(which, _):
                return which
            case Local() as local:
                return local.type.which if isinstance(local.type, Ref) else None
            case Expression() as expression:
                return expression.type.which if isinstance(expression.type, Ref) else None
        return None

    def _join(self, name: str, shape: Shape) -> Shape:
        before = self.shapes.get(name)
        if before is None:
            after = shape
        elif isinstance(before.type, Ref) or isinstance(shape.type, Ref):
            if identity(before.type) != identity(shape.type):
                raise NotCompiled(f"'{name}', which is now {before.type!r} and now {shape.type!r}")
            return before
        else:
            domain = join(before.type, shape.type)
            if self.round > PATIENCE and identity(domain) != identity(before.type):
                domain = widened(before.type, domain)
            after = Shape(domain, before.ordered and shape.ordered)
        if before is None or identity(before.type) != identity(after.type) or before.ordered != after.ordered:
            self.shapes[name] = after
            self.changed = True
            return after
        return before

    def in_type(self, operand: Operand, type_: Type, span: Span) -> Expression:
        """Return an operand as an expression of the type of a variable."""
        if isinstance(type_, Ref):
            assert isinstance(operand, Part)
            return reference(operand.place, span)
        return expression_in(operand, type_, "beyond", span)  # the type has all values, unless it was widened

    def held(self, operand: Operand, span: Span, name: str = "it") -> Operand:
        """Return the operand as it is now, whatever is written later: a value that depends on the state is put into a variable."""
        match operand:
            case Value(expression) if not is_simple(expression) or self._is_reassigned(expression):
                local = self.fresh(name, operand.domain)
                self.emit(Assign(local, expression, span=span))
                return self.operand(local, span, operand.ordered)
            case Part(place) if not operand.domain.mutable:
                return self.held(Value(value_of(operand, span)), span, name)
            case Part(place) if place.steps and self.state_of(place) is not None:
                ref = self.fresh(name, Ref(place.domain, self.state_of(place)))
                self.emit(Assign(ref, reference(place, span), span=span))
                return self.operand(ref, span)
            case Row(items):
                return Row(tuple(self.held(item, span, name) for item in items))
            case Through() if operand.brackets is not None:
                return self.held(Value(value_of(operand, span), operand.ordered), span, name)
        return operand

    def _is_reassigned(self, expression: Expression) -> bool:
        """Return whether an expression is a variable of the user's that may get another value later on."""
        name = expression.place.root.name if isinstance(expression, Load) and isinstance(expression.place.root, Local) else None
        if name is None:
            return False
        user_name = self.user_name(name)
        return self.assignments[user_name] > 1 and user_name not in self.loop_variables

    def apart(self, operand: Operand, span: Span) -> Operand:
        """Return the operand as it is now, where variables are given values next: also a mutable value of one of them."""
        match operand:
            case Row(items):
                return Row(tuple(self.apart(item, span) for item in items))
            case Part(place) if operand.domain.mutable and isinstance(place.root, Local) and self.state_of(place) is None:
                local = self.fresh("it", operand.domain)
                self.emit(Assign(local, value_of(operand, span), span=span))
                return self.operand(local, span, operand.ordered)
        return self.held(operand, span)

    # ---------------------------------------------------------------- results

    def return_(self, operand: Operand, span: Span) -> None:
        """End the function with a value."""
        shape = self._joined_result(operand, span)
        self.emit(Return(self.in_type(operand, shape.type, span), span=span))

    def _joined_result(self, operand: Operand, span: Span) -> Shape:
        shape, before = self.shape_of(operand, span), self.result
        if before is None:
            after = shape
        elif isinstance(before.type, Ref) or isinstance(shape.type, Ref):
            if identity(before.type) != identity(shape.type):
                raise NotCompiled(f"'{self.tree.name}', which returns now {before.type!r} and now {shape.type!r}", span)
            return before
        else:
            domain = join(before.type, shape.type)
            after = Shape(domain, before.ordered and shape.ordered)
        if before is None or identity(before.type) != identity(after.type) or before.ordered != after.ordered:
            self.result, self.changed = after, True
            return after
        return before


class Unassigned(NotCompiled):
    """A variable is read before any assignment to it was seen, in this round."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}', which is read before it is given a value")
        self.name = name


def is_simple(expression: Expression) -> bool:
    """Return whether an expression gives the same value later on, too: a constant, or a variable of the function."""
    match expression:
        case Constant():
            return True
        case Load(place=Place(root=Local() as local, steps=())):
            return not isinstance(local.type, Ref)
    return False


def reference(place: Place, span: Span) -> Expression:
    """Return a reference to the part at a place."""
    which: Any = place.root.which if isinstance(place.root, Variable) else None
    if which is None:
        type_ = place.root.type  # type: ignore[union-attr]
        assert isinstance(type_, Ref)
        which = type_.which
        if isinstance(place.root, Call) and not place.steps:
            return place.root
    return Reference(Ref(place.domain, which), span, place)


def names_assigned(node: ast.AST) -> Iterator[str]:
    """Yield each name that a statement of the function gives a value, as often as one does; a loop counts twice, it may do so again."""
    bound = {id(inner) for part in ast.walk(node) if isinstance(part, ast.comprehension) for inner in ast.walk(part.target)}
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store | ast.Del) and id(part) not in bound:
            yield part.id
        elif isinstance(part, ast.MatchAs | ast.MatchStar) and part.name:
            yield part.name
        if isinstance(part, ast.For | ast.While | ast.AugAssign):
            for inner in ast.walk(part):
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store) and id(inner) not in bound:
                    yield inner.id


def _widened_alternative(before: tuple[Domain, ...], after: Domain) -> Domain:
    return next((widened(one, after) for one in before if alike(one, after)), after)


def loop_variables(node: ast.AST) -> Iterator[str]:
    """Yield the names that one `for` gives values, and nothing else does: they do not change while its body runs."""
    stored = Counter(part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store | ast.Del))
    for part in ast.walk(node):
        if isinstance(part, ast.For):
            names = {inner.id for inner in ast.walk(part.target) if isinstance(inner, ast.Name)}
            yield from (name for name in names if stored[name] == 1)


def widened(before: Domain, after: Domain) -> Domain:
    """Return a domain that contains the second and does not grow any more."""
    match before, after:
        case Integers(), Integers():
            return Integers(INT_MIN if after.low < before.low else after.low, INT_MAX if after.high > before.high else after.high)
        case (Lists() | Sequences(), Lists() | Sequences()) if type(before) is type(after):
            element = widened(before.element, after.element) if identity(before.element) != identity(after.element) else after.element
            grows = after.capacity > before.capacity  # then what is longer than that is CPython's business
            return type(after)(element, max(before.capacity, LISTED) if grows else after.capacity)
        case Maps(), Maps():
            return Maps(after.key_domain, widened(before.value_domain, after.value_domain), after.total)
        case Product(), Product() if before.cls is after.cls and len(before.domains) == len(after.domains):
            return record_of(after.cls, after.names, tuple(map(widened, before.domains, after.domains)))
        case Union(), Union():
            return Union(tuple(_widened_alternative(before.alternatives, one) for one in after.alternatives))
    return after
