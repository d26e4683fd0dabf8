"""How a value of a domain appears in C: its type, its constants, and the way between a value and its number.

An integer is an `i64`, the integer itself. Any other value is its number (layout.py): a `u64`, or a struct of words where a number needs more than 64 bits. A
reference is the offset, a `u32`, of a part in a state.
"""

from typing import Any

from speccheck.domains.base import Domain, Frozen
from speccheck.domains.layout import Code, MapCode, MaskCode, RecordCode, ScalarCode, SlotsCode, UnionCode, code_of
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sets import StateFrozenSet
from speccheck.engines.native.emit.text import operand, remark, signed, unsigned, word
from speccheck.program.types import Ref, Type

MOST_VALUES = 1 << 14  # of a table of all values of a domain


class NotEmitted(Exception):
    """Something that is not written in C; the message says what."""


def words_of(bits: int) -> int:
    """Return how many words hold a number."""
    return max(1, -(-bits // 64))


def is_wide(domain: Domain) -> bool:
    """Return whether values are structs of words."""
    return code_of(domain).wide


def ctype(type_: Type) -> str:
    """Return the C type of values."""
    match type_:
        case Ref():
            return "u32"
        case Integers():
            return "i64"
    code = code_of(type_)
    return f"sc_bits_{words_of(code.bits)}" if code.wide else "u64"


def parameter(type_: Type, name: str) -> str:
    """Return the declaration of a parameter that is given by value; a struct is not copied."""
    c = ctype(type_)
    return f"const {c} *{name}" if c.startswith("sc_bits") else f"{c} {name}"


def constant(domain: Domain, value: Frozen) -> str:
    """Return a constant as a C expression, with a comment that says what it means."""
    if isinstance(domain, Integers):
        return signed(value)
    code = code_of(domain)
    number = code.encode(value)
    if code.wide:
        return f"({ctype(domain)}){struct_of(number, code.bits)}"
    note = remark(value) if isinstance(domain, Enumerated) or not isinstance(value, tuple | frozenset | StateFrozenSet) else ""
    return f"{unsigned(number)}{note}"


def struct_of(number: int, bits: int) -> str:
    """Return the initialiser of a struct of words."""
    return "{{" + ", ".join(unsigned(number >> 64 * i & (1 << 64) - 1) for i in range(words_of(bits))) + "}}"


def pack(domain: Domain, value: str) -> str:
    """Return the number of a value; of a wide one, the value."""
    if not isinstance(domain, Integers):
        return value
    if domain.low == 0:
        return word(value)
    return f"({word(value)} {'-' if domain.low > 0 else '+'} {abs(domain.low)}ull)"


def unpack(domain: Domain, number: str) -> str:
    """Return the value with this number; the inverse of `pack`."""
    if not isinstance(domain, Integers):
        return number
    if domain.low == 0:
        return f"(i64)({number})"
    return f"(i64)(({number}) {'+' if domain.low > 0 else '-'} {abs(domain.low)}ull)"


def is_dense(code: Code) -> bool:
    """Return whether every number below `count` is that of a value, in domain order if also monotone."""
    match code:
        case ScalarCode():
            return True
        case RecordCode():
            return code.count == code.domain.size and all(map(is_dense, code.fields))
        case UnionCode():
            return code.tag_shift is None and all(map(is_dense, code.alternatives))
        case MaskCode():
            return code.domain.size == code.count
        case MapCode():
            return code.domain.size == code.count and is_dense(code.value)
        case SlotsCode():
            return code.domain.size == code.count and is_dense(code.element)
    raise AssertionError(code)


def numbers_in_order(domain: Domain) -> range | list[int]:
    """Return the numbers of all values in domain order: a range where they follow each other."""
    code = code_of(domain)
    if code.monotone and is_dense(code):
        return range(code.count)
    if domain.size > MOST_VALUES:
        raise NotEmitted(f"going through the {domain.size:,} values of {domain.describe()}")
    return [code.encode(frozen) for frozen in domain.all_frozen()]


def least_type(numbers: Any) -> str:
    """Return the smallest C type of a table of unsigned numbers."""
    most = max(numbers, default=0)
    return "u8" if most < 1 << 8 else "uint16_t" if most < 1 << 16 else "u32" if most < 1 << 32 else "u64"


def equal(left: str, right: str, domain: Domain) -> str:
    """Return the test whether two values of a domain are equal."""
    code = code_of(domain)
    if left == right:  # the text has no effect, and a compiler warns of such tests
        return "1"
    if code.wide:
        return f"sc_same({left}.w, 0, {right}.w, 0, {code.bits})"
    return f"({operand(left)} == {operand(right)})"


def is_one_of(text: str, numbers: frozenset[int], count: int) -> str:
    """Return the test whether a number is one of these; `count` is above all that it can be."""
    if len(numbers) == count:
        return "1"
    if not numbers:
        return "0"
    least, most = min(numbers), max(numbers)
    if len(numbers) == 1:
        return f"({text} == {unsigned(least)})"
    if len(numbers) == most - least + 1:
        low = f"{text} >= {unsigned(least)}" if least else ""
        high = f"{text} <= {unsigned(most)}" if most < count - 1 else ""
        return f"({low} && {high})" if low and high else f"({low or high})"
    if count <= 64:
        return f"({sum(1 << one for one in numbers):#x}ull >> {text} & 1)"
    return "(" + " || ".join(f"{text} == {unsigned(one)}" for one in sorted(numbers)) + ")"
