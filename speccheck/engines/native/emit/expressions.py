"""Expressions: each becomes a C expression, after lines that compute what it needs and end the function where something fails.

The text that is returned has no effect and does not fail, so it may be read in any order; what may fail is in the lines, which come in Python's order.
"""

from typing import assert_never

from speccheck.domains.base import Domain
from speccheck.domains.containers import Lists
from speccheck.domains.layout import UnionCode, code_of
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.tuples import Product, Sequences
from speccheck.engines.native.emit import compare, comprehensions, containers, convert, lists, records, sets, unions
from speccheck.engines.native.emit.forms import constant, ctype, equal, is_one_of, is_wide, least_type, struct_of
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import loaded, offset_of, part_of
from speccheck.engines.native.emit.text import bare, is_plain, operand, signed, unsigned
from speccheck.program.expressions import (
    And,
    AnyExpression,
    Arithmetic,
    Call,
    Comprehension,
    Concatenate,
    Constant,
    Contains,
    Convert,
    Count,
    Enabled,
    Equal,
    Expression,
    GetField,
    GetItem,
    IfThenElse,
    IndexOf,
    IsAlternative,
    IsOneOf,
    Length,
    Less,
    Load,
    MakeRecord,
    Not,
    Occurs,
    Or,
    Reference,
    SetOperation,
    Slice,
    Sorted,
    Subset,
    Table,
    ToInteger,
)
from speccheck.program.intervals import number_of_member
from speccheck.program.types import Ref


def value(f: Function, expression: Expression) -> str:
    """Return the value as a C expression; a struct is the name of a variable, or a compound literal."""
    e: AnyExpression = expression  # type: ignore[assignment]
    match e:
        case Load(place=place):
            return f.declare(place.root) if isinstance(e.type, Ref) and not place.steps else loaded(f, part_of(f, place))  # type: ignore[arg-type]
        case Reference(place=place):
            return offset_of(part_of(f, place))
        case Constant():
            return constant(e.type, e.value)  # type: ignore[arg-type]
        case Table():
            return _table(f, e)
        case Convert(value=MakeRecord(fields=fields, type=Product() as row), type=Lists() | Sequences() as target) if row.size:  # no need of the record
            return convert.listed(f, [value(f, one) for one in fields], row, target, e.failure)
        case Convert():
            return convert.converted(f, value(f, e.value), e.value.type, e.type, e.failure)  # type: ignore[arg-type]
        case MakeRecord():
            return records.made(f, e.type, [value(f, one) for one in e.fields])  # type: ignore[arg-type]
        case GetField():
            return records.taken(f, e.value.type, value(f, e.value), e.index)  # type: ignore[arg-type]
        case IsAlternative():
            return _is_alternative(f, e)
        case IsOneOf():
            return is_one_of(f.plain("u64", f.number(e.value)), e.numbers, code_of(e.value.type).count)  # type: ignore[arg-type]
        case Not():
            return f"!{operand(f.truth(e.value))}"
        case And():
            return _all(f, e.values, "&&")
        case Or():
            return _all(f, e.values, "||")
        case IfThenElse():
            return _if(f, e)
        case Equal():
            return equal(value(f, e.left), value(f, e.right), e.left.type)  # type: ignore[arg-type]
        case Less():
            return compare.less(f, e.left.type, value(f, e.left), value(f, e.right), e.or_equal)
        case Arithmetic():
            return _arithmetic(f, e)
        case ToInteger():
            return _to_integer(f, e)
        case Comprehension():
            return comprehensions.comprehension(f, e)
        case Call():
            return call(f, e)
        case Enabled():
            return f.unit.questions.enabled(f, e)
        case Occurs():
            return f.unit.questions.occurs(f, e)
    return _of_container(f, e)


def _of_container(f: Function, e: Length | Contains | GetItem | Count | IndexOf | Slice | Concatenate | SetOperation | Subset | Sorted) -> str:
    match e:
        case Length():
            return containers.length(f, e)
        case Contains():
            return containers.contains(f, e)
        case GetItem():
            return containers.item(f, e, lambda text, given: convert.converted(f, text, given, e.type, None))  # type: ignore[arg-type]
        case Count():
            return containers.count(f, e)
        case IndexOf():
            return containers.index_of(f, e)
        case Slice():
            return lists.slice_of(f, e)
        case Concatenate():
            return lists.concatenated(f, e)
        case Sorted():
            return lists.sorted_of(f, e)
        case SetOperation():
            return sets.combined(f, e)
        case Subset():
            return sets.related(f, e)
        case _:
            assert_never(e)


# ---------------------------------------------------------------- truth


def _all(f: Function, values: tuple[Expression, ...], operator: str) -> str:
    """Conjunction or disjunction: with lines of its own, a later value is computed in a branch."""
    if not values:
        return "1" if operator == "&&" else "0"
    text = f.truth(values[0])
    for one in values[1:]:
        with f.captured() as lines:
            more = f.truth(one)
        if not lines:
            text = f"{_part(text, operator)} {operator} {_part(more, operator)}"
            continue
        name = f.temporary("u64", text, "both" if operator == "&&" else "any")
        f.line(f"if ({'' if operator == '&&' else '!'}{name}) {{")
        f.lines += lines
        f.line(f"    {name} = {bare(more)};")
        f.line("}")
        text = name
    return text if is_plain(text) else f"({text})"


def _part(text: str, operator: str) -> str:
    """Return an operand of && or ||; a chain of the same needs no parentheses."""
    if f" {operator} " in text and bare(text) == text:
        return text
    return operand(text)


def _if(f: Function, e: IfThenElse) -> str:
    test = f.truth(e.test)
    with f.captured() as before:
        then = value(f, e.then)
    with f.captured() as instead:
        otherwise = value(f, e.otherwise)
    c = ctype(e.type)
    if not before and not instead and not c.startswith("sc_bits"):
        return f"({operand(test)} ? {operand(then)} : {operand(otherwise)})"
    test = f.plain("u64", test, "test")
    name = f.temporary(c, "0" if not c.startswith("sc_bits") else f"({c}){{{{0}}}}", "either")
    f.line(f"if ({bare(test)}) {{")
    f.lines += before
    f.line(f"    {name} = {bare(then)};")
    f.line("} else {")
    f.lines += instead
    f.line(f"    {name} = {bare(otherwise)};")
    f.line("}")
    return name


def _is_alternative(f: Function, e: IsAlternative) -> str:
    code = code_of(e.value.type)  # type: ignore[arg-type]
    assert isinstance(code, UnionCode)
    text = value(f, e.value)
    if code.tag_shift is not None:
        tag = unions.tag_of(code, text)
        return is_one_of(f.plain("u64", tag), e.alternatives, len(code.alternatives))
    ranges: list[tuple[int, int]] = []
    for i in sorted(e.alternatives):
        low, high = code.offsets[i], code.offsets[i] + code.alternatives[i].count
        if ranges and ranges[-1][1] == low:
            low = ranges.pop()[0]
        ranges.append((low, high))
    text = text if len(ranges) == 1 and (ranges[0][0] == 0 or ranges[0][1] == code.count) else f.plain("u64", text)
    tests = [_between(operand(text), low, high, code.count) for low, high in ranges]
    return "0" if not tests else tests[0] if len(tests) == 1 else f"({' || '.join(tests)})"


def _between(text: str, low: int, high: int, count: int) -> str:
    if low == 0:
        return f"({text} < {unsigned(high)})" if high < count else "1"
    if high == low + 1:
        return f"({text} == {unsigned(low)})"
    return f"({text} >= {unsigned(low)})" if high == count else f"({text} >= {unsigned(low)} && {text} < {unsigned(high)})"


# ---------------------------------------------------------------- numbers


CHECKED = {"+": "sc_add", "-": "sc_subtract", "*": "sc_multiply", "//": "sc_divide", "<<": "sc_left", "**": "sc_power"}


def _arithmetic(f: Function, e: Arithmetic) -> str:
    left, right = operand(value(f, e.left)), operand(value(f, e.right))
    low = e.right.type.low if isinstance(e.right.type, Integers) else 0
    high = e.right.type.high if isinstance(e.right.type, Integers) else 0
    if isinstance(e.right, Constant):
        low = high = e.right.value
    if e.operator in ("//", "%") and low <= 0 <= high:
        right = f.plain("i64", right, "divisor")
        f.fail_if(f"{right} == 0", "error")
    if e.operator in ("<<", ">>") and low < 0:
        right = f.plain("i64", right, "by")
        f.fail_if(f"{right} < 0", "error")
    if e.operator in CHECKED and (e.checked or e.operator in ("<<", "**")):
        name = f.temporary("i64", "0", "n")
        f.fail_if(f"{CHECKED[e.operator]}({bare(left)}, {bare(right)}, &{name})", "beyond")
        return name
    match e.operator:
        case "//" | "%" if low > 0 and isinstance(e.left.type, Integers) and e.left.type.low >= 0:
            return f"({left} {'/' if e.operator == '//' else '%'} {right})"
        case "//":
            return f"sc_floordiv({bare(left)}, {bare(right)})"
        case "%":
            return f"sc_modulo({bare(left)}, {bare(right)})"
        case ">>":
            return f"sc_right({bare(left)}, {bare(right)})"
        case "<<" | "**":
            raise AssertionError(e.operator)
    return f"({left} {e.operator} {right})"


def _to_integer(f: Function, e: ToInteger) -> str:
    text, type_ = value(f, e.value), e.value.type
    if isinstance(type_, Integers):
        return text
    assert isinstance(type_, Enumerated)
    meant = [one if type(one) is int else number_of_member(one) or 0 for one in type_.values]
    if meant == list(range(meant[0], meant[0] + len(meant))):
        return f"(i64){operand(text)}" if meant[0] == 0 else f"((i64){operand(text)} + {signed(meant[0])})"
    table = f.unit.table("i64", [signed(one) for one in meant], "numbers")
    return f"{table}[{bare(text)}]"


def _table(f: Function, e: Table) -> str:
    key = f.plain("u64", f.number(e.key), "k")
    if len(e.entries) < code_of(e.key.type).count:  # type: ignore[arg-type]
        f.fail_if(f"{key} >= {len(e.entries)}", "error")
    type_: Domain = e.type  # type: ignore[assignment]
    if any(entry is None for entry in e.entries):
        there = f.unit.table("u8", [str(int(entry is not None)) for entry in e.entries], "there")
        f.fail_if(f"!{there}[{key}]", "error")
    if not e.entries:
        return f"({ctype(type_)}){{{{0}}}}" if is_wide(type_) else "0"
    if is_wide(type_):
        rows = [struct_of(0 if entry is None else code_of(type_).encode(entry[0]), code_of(type_).bits) for entry in e.entries]
        return f"{f.unit.table(ctype(type_), rows, 'table')}[{bare(key)}]"
    if isinstance(type_, Integers):
        numbers = [0 if entry is None else entry[0] for entry in e.entries]
        small = all(-(1 << 15) <= one < 1 << 15 for one in numbers)
        table = f.unit.table("int16_t" if small else "i64", [signed(one).strip("()") for one in numbers], "table")
        return f"(i64){table}[{bare(key)}]"
    numbers = [0 if entry is None else code_of(type_).encode(entry[0]) for entry in e.entries]
    return f"(u64){f.unit.table(least_type(numbers), [unsigned(one) for one in numbers], 'table')}[{bare(key)}]"


# ---------------------------------------------------------------- calls


def call(f: Function, e: Call) -> str:
    """Return the result of a function that only reads."""
    of = f.unit.program.functions[e.function]
    texts = [argument(f, one) for one in e.arguments]
    states = [f.state("self").text] + (["after"] if f.unit.analysis.reads_after(e.function) and not f.stepless else [])
    return called(f, e.function, ctype(of.result), states, texts)  # type: ignore[arg-type]


def argument(f: Function, one: Expression) -> str:
    """Return what is given for a parameter."""
    return bare(value(f, one))


def called(f: Function, function: str, result: str, states: list[str], texts: list[str]) -> str:
    """Return the result of a call, after the line that calls."""
    fails = f.unit.analysis.fails(function)
    given = [*states, *texts, *([failure_pointer(f)] if fails else [])]
    name = f.temporary(result, f"{f.unit.reader(function, f.stepless)}({', '.join(given)})", "got")
    if fails:
        f.pass_on()
    return name


def failure_pointer(f: Function) -> str:
    """Return the address of what says why an evaluation failed."""
    return "&fail" if f.kind == "action" else "fail"
