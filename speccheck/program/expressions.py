"""Expressions of the Program: what a rule reads and computes. Frozen, typed, each with its place in the user's file.

An expression has no effect. It may *fail*: a missing key, an index out of range, a value outside a domain, a number beyond 64 bits. Then its value means
nothing, and the evaluation as a whole ends with the first failure, as CPython's does with an exception. `and`, `or` and `if` evaluate what CPython evaluates.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from speccheck.domains.base import Domain, Frozen
from speccheck.program.types import Ref, Type, Which
from speccheck.source import Span

Failure: TypeAlias = Literal["error", "domain", "assert", "beyond"]  # `beyond`: CPython has to say, as with integers of more than 64 bits


@dataclass(frozen=True, eq=False)
class Expression:
    """What all expressions have: a type and a place."""

    type: Type
    span: Span = field(repr=False)


# ---------------------------------------------------------------- variables and places


@dataclass(frozen=True)
class Local:
    """A variable of a function. Its name is unique there. `by_reference`: a parameter through which the function changes the caller's variable."""

    name: str
    type: Type
    by_reference: bool = False

    @property
    def domain(self) -> Domain:
        """The domain of its values, or of the part that it refers to."""
        return self.type.domain if isinstance(self.type, Ref) else self.type


@dataclass(frozen=True)
class FieldStep:
    """To a field of a mutable record, by its number."""

    index: int


@dataclass(frozen=True)
class KeyStep:
    """To the value of a key of a map. `sure`: the key is known to be there (the map is total, or it was just looked at); otherwise a missing one fails."""

    key: "Expression"
    sure: bool


@dataclass(frozen=True)
class ItemStep:
    """To an element of a list. The index is Python's: negative ones count from the end, one out of range fails. `sure`: from 0 and in range."""

    index: "Expression"
    sure: bool = False


@dataclass(frozen=True)
class AlternativeStep:
    """Into the alternative of a union of mutable values, by its number; another one fails."""

    alternative: int


PathStep: TypeAlias = FieldStep | KeyStep | ItemStep | AlternativeStep


@dataclass(frozen=True)
class Variable:
    """A root of a place: a variable of a state, by its number."""

    which: Which
    index: int


@dataclass(frozen=True)
class Place:
    """Where a value lies: from a variable of a state, from the part that a local or another expression refers to, or from the value of a local, down some
    steps.
    """

    root: "Variable | Local | Expression"
    steps: tuple[PathStep, ...]
    domain: Domain


@dataclass(frozen=True, eq=False)
class Load(Expression):
    """The value at a place. A mutable value is copied."""

    place: Place


@dataclass(frozen=True, eq=False)
class Reference(Expression):
    """A reference to the mutable part at a place of a state."""

    place: Place


# ---------------------------------------------------------------- values


@dataclass(frozen=True, eq=False)
class Constant(Expression):
    """A value known now, in the frozen form of its type."""

    value: Frozen


@dataclass(frozen=True, eq=False)
class Table(Expression):
    """A constant table indexed by a key: `values[number of the key]`. A missing entry (None) fails with `error`; entries are frozen forms."""

    key: Expression
    entries: tuple[Any, ...]  # by number of the key's value: (frozen value,) or None


@dataclass(frozen=True, eq=False)
class Convert(Expression):
    """The same value as one of another type. What that type does not have fails as `failure` says; None where it cannot happen."""

    value: Expression
    failure: Failure | None


@dataclass(frozen=True, eq=False)
class MakeRecord(Expression):
    """An immutable record, tuple or mutable record of the values of its fields."""

    fields: tuple[Expression, ...]


@dataclass(frozen=True, eq=False)
class GetField(Expression):
    """A field of a record or tuple, by its number."""

    value: Expression
    index: int


@dataclass(frozen=True, eq=False)
class IsAlternative(Expression):
    """Whether the value of a union is one of these alternatives."""

    value: Expression
    alternatives: frozenset[int]


@dataclass(frozen=True, eq=False)
class IsOneOf(Expression):
    """Whether a scalar is one of these values of its type (their numbers)."""

    value: Expression
    numbers: frozenset[int]


# ---------------------------------------------------------------- truth and numbers


@dataclass(frozen=True, eq=False)
class Not(Expression):
    """Negation of a bool."""

    value: Expression


@dataclass(frozen=True, eq=False)
class And(Expression):
    """Conjunction of bools, from left to right as far as needed."""

    values: tuple[Expression, ...]


@dataclass(frozen=True, eq=False)
class Or(Expression):
    """Disjunction of bools, from left to right as far as needed."""

    values: tuple[Expression, ...]


@dataclass(frozen=True, eq=False)
class IfThenElse(Expression):
    """One of two values of the same type."""

    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, eq=False)
class Equal(Expression):
    """Whether two values of the same type are equal."""

    left: Expression
    right: Expression


@dataclass(frozen=True, eq=False)
class Less(Expression):
    """Whether a value is less than another of the same type, by Python's order: integers, bools, ordered sorts, and tuples and lists of these."""

    left: Expression
    right: Expression
    or_equal: bool = False


Operator: TypeAlias = Literal["+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>", "**"]


@dataclass(frozen=True, eq=False)
class Arithmetic(Expression):
    """Python's operator on integers. `checked`: the result may be beyond 64 bits, which fails with `beyond`; a zero divisor or negative shift, with `error`."""

    operator: Operator
    left: Expression
    right: Expression
    checked: bool


@dataclass(frozen=True, eq=False)
class ToInteger(Expression):
    """The number of a bool (0, 1), or of a member of an ordered sort (its index)."""

    value: Expression


# ---------------------------------------------------------------- containers


@dataclass(frozen=True, eq=False)
class Length(Expression):
    """How many elements a container has; of a bag, with repetitions."""

    value: Expression


@dataclass(frozen=True, eq=False)
class Contains(Expression):
    """Whether an element (of the element type) is in a set, list, sequence or bag, or a key in a map."""

    container: Expression
    element: Expression


@dataclass(frozen=True, eq=False)
class GetItem(Expression):
    """The value of a key of a map, or an element of a list or sequence by a Python index. Fails with `error`; with a `default` it never does."""

    container: Expression
    key: Expression
    default: Expression | None = None


@dataclass(frozen=True, eq=False)
class Count(Expression):
    """How often an element is in a bag, list or sequence."""

    container: Expression
    element: Expression


@dataclass(frozen=True, eq=False)
class IndexOf(Expression):
    """The index of the first equal element of a list or sequence; fails with `error` if there is none."""

    container: Expression
    element: Expression


@dataclass(frozen=True, eq=False)
class Slice(Expression):
    """A part of a list or sequence, with Python's meaning of missing, negative and large bounds and of steps."""

    container: Expression
    start: Expression | None
    stop: Expression | None
    step: Expression | None = None


@dataclass(frozen=True, eq=False)
class Concatenate(Expression):
    """Lists or sequences one after the other, converted to the element type of the result; what does not fit into its capacity fails with `beyond`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, eq=False)
class SetOperation(Expression):
    """Set algebra on two sets of the same type: | & - ^."""

    operator: Literal["|", "&", "-", "^"]
    left: Expression
    right: Expression


@dataclass(frozen=True, eq=False)
class Subset(Expression):
    """Whether the left set is a subset of the right one, of the same type; `proper`: and not equal. `disjoint`: whether they have nothing in common."""

    left: Expression
    right: Expression
    relation: Literal["subset", "proper", "disjoint"] = "subset"


@dataclass(frozen=True, eq=False)
class Sorted(Expression):
    """The elements of a list or sequence in Python's order of the key (of the values themselves without one), stable."""

    value: Expression
    reverse: bool = False
    variable: Local | None = None  # bound to each element in `key`
    key: Expression | None = None


# ---------------------------------------------------------------- going through


@dataclass(frozen=True)
class RangeSource:
    """The integers of a range. The step is not 0 (a constant)."""

    start: Expression
    stop: Expression
    step: int = 1


@dataclass(frozen=True)
class ValuesSource:
    """All values of a domain, in domain order: a sort, an enum, the annotation that `choose` was given."""

    domain: Domain


@dataclass(frozen=True)
class ContainerSource:
    """The elements of a container in order (a set's, a bag's distinct ones and a map's keys in domain order), the values or the items of a map or bag.

    `place` is set where it is a part of a state whose elements, or values, are to be referred to rather than copied.
    """

    container: Expression
    what: Literal["elements", "values", "items"] = "elements"
    reverse: bool = False


@dataclass(frozen=True)
class ReferenceSource:
    """References to the mutable elements of the list, or values of the map, at a place of a state, in order; `items` of a map: each with its key."""

    place: Place
    what: Literal["elements", "values", "items"]


@dataclass(frozen=True)
class EnumerateSource:
    """The elements of a source, each after its number from `start` on."""

    source: "Source"
    start: Expression


@dataclass(frozen=True)
class ZipSource:
    """The elements of several sources side by side, until one ends."""

    sources: tuple["Source", ...]


@dataclass(frozen=True)
class SubsetsSource:
    """The subsets with `low` to `high` elements of a set, in domain order; only for `choose`."""

    container: Expression
    low: Expression
    high: Expression


Source: TypeAlias = RangeSource | ValuesSource | ContainerSource | ReferenceSource | EnumerateSource | ZipSource | SubsetsSource


@dataclass(frozen=True)
class Generator:
    """`for targets in source if conditions`. A source gives as many values at a time as there are targets: one, two for items; enumerate: the
    number and those of its source; zip: those of each.
    """

    targets: tuple[Local, ...]
    source: Source
    lets: tuple[tuple[Local, Expression], ...] = ()  # set for each element, before the conditions
    conditions: tuple[Expression, ...] = ()


Fold: TypeAlias = Literal["all", "any", "sum", "min", "max", "count", "set", "list", "map", "bag", "first"]


@dataclass(frozen=True, eq=False)
class Comprehension(Expression):
    """What becomes of the values of `body`, evaluated for each combination of the generators, the last one fastest.

    `all` and `any` end early; `sum`: of integers, `checked` as in Arithmetic; `min`, `max`: by Python's order, `default` if there is nothing (without one that
    fails with `error`); `count`: how many there are (`body` is a Constant); `first`: the first one, else the `default`; the others: a container of them. A list
    that outgrows its capacity fails with `beyond`. `map`: `key` is evaluated before `body`, later entries win.
    """

    fold: Fold
    generators: tuple[Generator, ...]
    body: Expression
    key: Expression | None = None
    default: Expression | None = None
    checked: bool = False


# ---------------------------------------------------------------- other rules


@dataclass(frozen=True, eq=False)
class Call(Expression):
    """The result of a function that only reads. `function` is its name in the Program; a parameter that is a Ref gets a Reference or a Local that is one."""

    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, eq=False)
class Enabled(Expression):
    """ENABLED <<A>>_v in the state `self`: some evaluation of one of these action instances completes and changes the state, or errs.

    Each action by its number, with its arguments by number of the parameter; those that are not given are existential.
    """

    actions: tuple[tuple[int, tuple[tuple[int, Expression], ...]], ...]


@dataclass(frozen=True, eq=False)
class Occurs(Expression):
    """Whether the step from `self` to `after` is a step of one of these action instances, given as in Enabled."""

    actions: tuple[tuple[int, tuple[tuple[int, Expression], ...]], ...]


AnyExpression: TypeAlias = (
    Load | Reference | Constant | Table | Convert | MakeRecord | GetField | IsAlternative | IsOneOf | Not | And | Or | IfThenElse | Equal | Less | Arithmetic
    | ToInteger | Length | Contains | GetItem | Count | IndexOf | Slice | Concatenate | SetOperation | Subset | Sorted | Comprehension | Call | Enabled | Occurs
)  # fmt: skip
