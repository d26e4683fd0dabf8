"""Records and tuples: made of the values of their fields, and taken apart."""

from speccheck.domains.base import Domain
from speccheck.domains.layout import RecordCode, code_of
from speccheck.engines.native.emit.forms import pack, unpack
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.text import bare, operand, unsigned


def made(f: Function, domain: Domain, fields: list[str]) -> str:
    """Return a record of the values of its fields."""
    code = code_of(domain)
    assert isinstance(code, RecordCode)
    if code.wide:
        name = f.empty(domain, "record")
        for one, shift, text in zip(code.fields, code.shifts, fields, strict=True):
            put(f, f"{name}.w", shift, one.domain, text)
        return name
    terms = []
    for one, stride, text in zip(code.fields, code.strides, fields, strict=True):
        packed = pack(one.domain, text)
        if one.count > 1 and packed != "0ull":
            terms.append(packed if stride == 1 else f"{operand(packed)} * {unsigned(stride)}")
    return "0" if not terms else terms[0] if len(terms) == 1 and packed == terms[0] else f"({' + '.join(terms)})"


def put(f: Function, words: str, shift: int, domain: Domain, text: str) -> None:
    """Write a value into a struct of words that is zero there."""
    code = code_of(domain)
    if code.wide:
        f.line(f"sc_copy({words}, {shift}, {text}.w, 0, {code.bits});")
    elif code.bits:
        f.line(f"sc_put({words}, {shift}, {code.bits}, {bare(pack(domain, text))});")


def taken(f: Function, domain: Domain, text: str, index: int) -> str:
    """Return a field of a record."""
    code = code_of(domain)
    assert isinstance(code, RecordCode)
    field, stride = code.fields[index], code.strides[index]
    if code.wide:
        if field.wide:
            name = f.empty(field.domain, "field")
            f.line(f"sc_copy({name}.w, 0, {text}.w, {code.shifts[index]}, {field.bits});")
            return name
        return unpack(field.domain, f"sc_get({text}.w, {code.shifts[index]}, {field.bits})" if field.bits else "0")
    if field.count == 1:  # its stride may be that of all 64 bits
        return unpack(field.domain, "0")
    text = operand(text)
    rest = text if stride == 1 else f"({text} >> {stride.bit_length() - 1})" if stride & (stride - 1) == 0 else f"({text} / {unsigned(stride)})"
    if index == 0:
        return unpack(field.domain, rest)
    span = code.strides[index - 1] // stride  # how many numbers there is room for
    return unpack(field.domain, "0" if span == 1 else f"({rest} & {unsigned(span - 1)})" if span & (span - 1) == 0 else f"({rest} % {unsigned(span)})")
