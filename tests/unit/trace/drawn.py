"""Random traces for Hypothesis: what stands at one place has one type, as in a trace of a spec, and no two alternatives of a union look the same in JSON."""

from typing import assert_never

from hypothesis import strategies as st

from speccheck.domains.neutral import Bag, Map, Member, Record, Sequence, Set, Tuple, Value
from speccheck.source import Span
from speccheck.trace.origin import Explained, Origin
from speccheck.trace.trace import Choice, Step, Trace
from speccheck.trace.types import (
    BOOL,
    INT,
    NEVER,
    NONE,
    STR,
    BagType,
    ListType,
    MapType,
    RecordType,
    Scalar,
    SetType,
    SortType,
    TupleType,
    Type,
    UnionType,
    joined,
)  # fmt: skip

NAMES = st.sampled_from(["a", "b", "c0", "count", "type", "value", "tag", "x_y"])
SORTS = [SortType(name, tuple((index, f"{name}{index}") for index in range(3))) for name in ("RM", "Client")]
SPANS = st.none() | st.builds(Span, st.just("x.py"), st.integers(1, 99))


@st.composite
def types(draw: st.DrawFn, depth: int = 2) -> Type:
    """Return random types of values, so deeply nested at most."""
    scalars = [NONE, BOOL, INT, STR, *SORTS]
    kind = draw(st.sampled_from([Scalar, ListType, TupleType, SetType, BagType, MapType, RecordType, UnionType])) if depth else Scalar
    if kind is Scalar:
        return draw(st.sampled_from(scalars))
    inner = types(depth - 1)
    if kind is ListType:
        return ListType(draw(inner), draw(st.booleans()))
    if kind is TupleType:
        return TupleType(tuple(draw(st.lists(inner, max_size=3))))
    if kind is SetType or kind is BagType:
        return kind(draw(inner))
    if kind is MapType:
        return MapType(draw(inner), draw(inner))
    if kind is RecordType:
        return record(draw, depth)
    alternatives = {looks(one): one for one in (*draw(st.lists(inner, min_size=1, max_size=2)), record(draw, depth, tagged=True))}
    found: Type = NEVER
    for look, one in alternatives.items():
        found = found if look in ("record", "union") else joined(found, one)
    return found


def record(draw: st.DrawFn, depth: int, tagged: bool = False) -> RecordType:
    fields = draw(st.dictionaries(NAMES, types(depth - 1), max_size=3))
    return RecordType(draw(st.sampled_from(["Vote", "Node"])), tuple(fields.items()), tagged)


def looks(type_: Type) -> str:
    """Return what tells the JSON of a type from that of others."""
    match type_:
        case Scalar(name):
            return name
        case SortType():
            return "str"
        case RecordType(name, tagged=True):
            return f"tag {name}"
        case RecordType():
            return "record"
        case UnionType():
            return "union"
        case BagType() | MapType():
            return "map"
        case ListType() | TupleType() | SetType():
            return type(type_).__name__
    assert_never(type_)


def value(draw: st.DrawFn, type_: Type) -> Value:
    """Draw a value of a type."""
    match type_:
        case Scalar("None"):
            return None
        case Scalar("bool"):
            return draw(st.booleans())
        case Scalar("int"):
            return draw(st.integers())
        case Scalar("str"):
            return draw(st.text(max_size=4))
        case SortType(name, members):
            return draw(st.sampled_from([Member(name, index, member) for index, member in members]))
        case ListType(element, immutable):
            return Sequence(several(draw, element), immutable)
        case TupleType(items):
            return Tuple(tuple(value(draw, item) for item in items))
        case SetType(element):
            return Set(distinct(draw, element))
        case BagType(element):
            return Bag(tuple((one, draw(st.integers(1, 3))) for one in distinct(draw, element)))
        case MapType(key, item):
            return Map(tuple((one, value(draw, item)) for one in distinct(draw, key)))
        case RecordType(name, fields, tagged):
            return Record(name, tuple((field, value(draw, item)) for field, item in fields), tagged)
        case UnionType(alternatives):
            return value(draw, draw(st.sampled_from(alternatives)))
    raise AssertionError(type_)


def several(draw: st.DrawFn, element: Type) -> tuple[Value, ...]:
    return tuple(value(draw, element) for _ in range(draw(st.integers(0, 3))))


def distinct(draw: st.DrawFn, element: Type) -> tuple[Value, ...]:
    return tuple({repr(one): one for one in several(draw, element)}.values())


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Return random traces: finite ones, those that end in a step that fails, lassos, and those that stutter for ever."""
    variables = draw(st.dictionaries(NAMES, types(), min_size=1, max_size=3))
    actions = draw(st.dictionaries(NAMES, st.tuples(st.dictionaries(NAMES, types(), max_size=2), types()), min_size=1, max_size=2))
    states = [{name: value(draw, type_) for name, type_ in variables.items()} for _ in range(draw(st.integers(1, 4)))]
    steps = [step(draw, actions) for _ in states[1:]]
    loop_start, failed = None, None
    if draw(st.booleans()):
        loop_start = draw(st.integers(0, len(states) - 1))
        stutters = loop_start == len(states) - 1 and draw(st.booleans())
        steps.append(Step(None) if stutters else step(draw, actions))
        states.append(states[loop_start])
    elif draw(st.booleans()):
        failed = step(draw, actions)
    return Trace(tuple(variables), tuple(states), tuple(steps), failed, loop_start, draw(st.none() | origins()))


def step(draw: st.DrawFn, actions: dict[str, tuple[dict[str, Type], Type]]) -> Step:
    """Draw a step of one of the actions, which have types of their parameters and of what they choose."""
    name = draw(st.sampled_from(sorted(actions)))
    parameters, chosen = actions[name]
    span = draw(SPANS)
    places = st.none() if span is None else st.sampled_from([None, Span("x.py", span.line + 1)])
    choices = tuple(Choice(draw(st.none() | NAMES), value(draw, chosen), draw(places)) for _ in range(draw(st.integers(0, 2))))
    return Step(name, tuple((parameter, value(draw, type_)) for parameter, type_ in parameters.items()), choices, span)


@st.composite
def origins(draw: st.DrawFn) -> Origin:
    """Return where random traces come from."""
    words = st.text(max_size=8)
    kind = draw(st.sampled_from(["invariant", "step_invariant", "reachable", "temporal", "refinement", "deadlock", "domain", "assert", "error"]))
    binding = tuple((name, value(draw, type_)) for name, type_ in draw(st.dictionaries(NAMES, types(), max_size=2)).items())
    explained = st.lists(st.builds(Explained, st.integers(0, 3), words, words, SPANS), max_size=2)
    constants = tuple(draw(st.dictionaries(NAMES, words, max_size=2)).items())
    return Origin("x.py", draw(NAMES), draw(words), draw(NAMES), kind, constants, draw(st.none() | words), binding, tuple(draw(explained)))
