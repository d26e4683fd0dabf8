"""Unions: the number of the alternative that a value is of, the value within it, and back."""

from speccheck.domains.layout import UnionCode, code_of
from speccheck.domains.unions import Union
from speccheck.engines.native.emit.forms import pack, unpack
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.records import put
from speccheck.engines.native.emit.text import operand, unsigned, word


def tag_of(code: UnionCode, text: str) -> str:
    """Return the number of the alternative of a union whose alternatives have fixed places."""
    assert code.tag_shift is not None
    if code.wide:
        return f"sc_get({text}.w, {code.tag_shift}, {code.bits - code.tag_shift})"
    return f"({operand(text)} >> {code.tag_shift})" if code.tag_shift else text


def alternative_of(f: Function, union: Union, number: int, text: str) -> str:
    """Return the value of a union that is known to be of an alternative."""
    code = code_of(union)
    assert isinstance(code, UnionCode)
    inner = code.alternatives[number]
    if code.wide:
        if inner.wide:
            name = f.empty(inner.domain, "inner")
            f.line(f"sc_copy({name}.w, 0, {text}.w, 0, {inner.bits});")
            return name
        return unpack(inner.domain, f"sc_get({text}.w, 0, {inner.bits})" if inner.bits else "0")
    if code.tag_shift is not None:
        return unpack(inner.domain, f"({operand(text)} & {unsigned((1 << inner.bits) - 1)})" if inner.bits else "0")
    return unpack(inner.domain, "0" if inner.count == 1 else f"({operand(text)} - {code.offsets[number]})" if code.offsets[number] else text)


def union_of(f: Function, union: Union, number: int, text: str) -> str:
    """Return the value of an alternative as a value of the union."""
    code = code_of(union)
    assert isinstance(code, UnionCode)
    inner = code.alternatives[number]
    if code.wide:
        assert code.tag_shift is not None
        name = f.empty(union, "union")
        put(f, f"{name}.w", 0, inner.domain, text)
        if number:
            f.line(f"sc_put({name}.w, {code.tag_shift}, {code.bits - code.tag_shift}, {number});")
        return name
    base, packed = code.base(number), pack(inner.domain, text)
    if inner.count == 1:
        return unsigned(base)
    return packed if not base else f"({word(packed)} + {unsigned(base)})"


def number_of_alternative(f: Function, union: Union, text: str) -> str:
    """Return the number of the alternative that a value is of, as a name."""
    code = code_of(union)
    assert isinstance(code, UnionCode)
    if code.tag_shift is not None:
        return f.plain("u64", tag_of(code, text), "which")
    tests = "".join(f"{operand(text)} < {unsigned(offset)} ? {i} : " for i, offset in enumerate(code.offsets[1:]))
    return f.temporary("u64", f"{tests}{len(code.offsets) - 1}", "which")
