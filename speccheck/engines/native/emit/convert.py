"""Conversions: the same value as one of another type."""

from collections.abc import Callable
from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.layout import MaskCode, SlotsCode, UnionCode, code_of
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.engines.native.emit import building, containers, courses, records, sources, unions
from speccheck.engines.native.emit.forms import NotEmitted, constant, ctype, is_one_of, least_type, struct_of, unpack
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.text import bare, is_plain, operand, signed, unsigned, word
from speccheck.program.expressions import Failure
from speccheck.program.types import identity

Values = list[Any]  # one for each value of a small domain


def converted(f: Function, text: str, source: Domain, target: Domain, failure: Failure | None) -> str:
    """Return a value of one domain as one of another; the function fails where that has no such value."""
    if identity(source) == identity(target):
        return text
    if source.size == 0:
        return nothing(target)  # an element of an empty display
    match source, target:
        case Enumerated(), _:
            return _from_list(f, text, source, target, failure)
        case Integers(), Integers():
            return _bounded(f, text, source, target, failure)
        case Union(), _:
            return _from_union(f, text, source, target, failure)
        case _, Union():
            return _into_union(f, text, source, target, failure)
        case Integers(), Enumerated():
            return _among(f, text, target, failure)
        case Product(), Product() if len(source.domains) == len(target.domains):
            fields = [
                converted(f, records.taken(f, source, text, i), a, b, failure) for i, (a, b) in enumerate(zip(source.domains, target.domains, strict=True))
            ]
            return records.made(f, target, fields)
        case Records(), Records() if source.cls is target.cls:
            return text
        case (Sets(), FrozenSets()) | (FrozenSets(), Sets()) | (Lists(), Sequences()) | (Sequences() | Product(), Lists()) if failure == "domain":
            return refused(f, target, failure)  # a domain contains values of exactly its type
        case (Lists() | Sequences(), Lists() | Sequences()) | (Sets() | FrozenSets(), Sets() | FrozenSets()) | (Bags(), Bags()):
            return _elements(f, text, source, target, failure)
        case Product(), Lists() | Sequences():
            return listed(f, [records.taken(f, source, text, i) for i in range(len(source.domains))], source, target, failure)
        case Maps(), Maps():
            return _entries(f, text, source, target, failure)
    return refused(f, target, failure)


def listed(f: Function, fields: list[str], source: Product, target: Lists | Sequences, failure: Failure | None) -> str:
    """Return a list or sequence of the fields of a tuple."""
    if failure == "domain" and isinstance(target, Lists):
        return refused(f, target, failure)  # a domain contains values of exactly its type
    made = building.Building(f, target, failure or "beyond")
    for text, one in zip(fields, source.domains, strict=True):
        made.add(converted(f, text, one, target.element, failure))
    return made.result()


def refused(f: Function, target: Domain, failure: Failure | None) -> str:
    """Return anything, after the end of the function: no value of the one domain is one of the other."""
    if failure is None:
        raise NotEmitted(f"a conversion to {target.describe()}")
    f.line(f"{f.ends(failure)}")
    return nothing(target)


def nothing(target: Domain) -> str:
    """Return what stands where no value can ever be."""
    return f"({ctype(target)}){{{{0}}}}" if code_of(target).wide else "0"


# ---------------------------------------------------------------- scalars


def _from_list(f: Function, text: str, source: Enumerated, target: Domain, failure: Failure | None) -> str:
    """Convert one of a few values: an offset, or a table."""
    fits = [target.contains(one) for one in source.values]
    if not any(fits):
        return refused(f, target, failure)
    if not all(fits):
        text = f.plain("u64", text)
        there = frozenset(i for i, one in enumerate(fits) if one)
        f.fail_if(f"!{is_one_of(text, there, source.size)}", failure or "error")
    frozen = [target.freeze_any(one) if fit else None for one, fit in zip(source.values, fits, strict=True)]
    if source.size == 1:
        return constant(target, frozen[0])
    if isinstance(target, Integers):
        return _by_offset(f, text, [one if one is not None else None for one in frozen], target)
    if code_of(target).wide:
        rows = [struct_of(0 if not fit else code_of(target).encode(one), code_of(target).bits) for one, fit in zip(frozen, fits, strict=True)]
        return f"{f.unit.table(ctype(target), rows, 'converted')}[{bare(text)}]"
    return _by_offset(f, text, [code_of(target).encode(one) if fit else None for one, fit in zip(frozen, fits, strict=True)], target)


def _by_offset(f: Function, text: str, numbers: Values, target: Domain) -> str:
    """Return the number that belongs to each of 0, 1, 2 ..., None being any."""
    known = [(i, one) for i, one in enumerate(numbers) if one is not None]
    offset = known[0][1] - known[0][0]
    if all(one - i == offset for i, one in known):
        if isinstance(target, Integers):
            return f"((i64){operand(text)} + {signed(offset)})" if offset else f"(i64){operand(text)}"
        return text if not offset else f"({word(text)} {'+' if offset > 0 else '-'} {unsigned(abs(offset))})"
    if isinstance(target, Integers):
        return f"{f.unit.table('i64', [signed(one or 0).strip('()') for one in numbers], 'converted')}[{bare(text)}]"
    filled = [one or 0 for one in numbers]
    return f"(u64){f.unit.table(least_type(filled), [unsigned(one) for one in filled], 'converted')}[{bare(text)}]"


def _bounded(f: Function, text: str, source: Integers, target: Integers, failure: Failure | None) -> str:
    if failure is None:
        return text
    tests = []
    text = f.plain("i64", text, "n")
    if source.low < target.low:
        tests.append(f"{text} < {signed(target.low)}")
    if source.high > target.high:
        tests.append(f"{text} > {signed(target.high)}")
    if tests:
        f.fail_if(" || ".join(tests), failure)
    return text


def _among(f: Function, text: str, target: Enumerated, failure: Failure | None) -> str:
    """Convert an integer to the one of a few values that it is."""
    text = f.plain("i64", text, "n")
    wanted = [(i, one) for i, one in enumerate(target.values) if type(one) is int]
    if not wanted:
        return refused(f, target, failure)
    if all(one - i == wanted[0][1] - wanted[0][0] for i, one in wanted):
        low, high = wanted[0][1], wanted[-1][1]
        if failure is not None:
            f.fail_if(f"{text} < {signed(low)} || {text} > {signed(high)}", failure)
        return f"(u64)({text} - {signed(low - wanted[0][0])})"
    name = f.temporary("u64", "0", "number")
    tests = [f"if ({text} == {signed(one)}) {name} = {i};" for i, one in wanted]
    f.line(" else ".join(tests) + (f" else {f.ends(failure)}" if failure is not None else ""))
    return name


# ---------------------------------------------------------------- unions


def may_hold(source: Domain, target: Domain) -> bool:
    """Return whether some value of the one domain may be a value of the other, by its kind."""
    match source, target:
        case _, Union():
            return any(may_hold(source, one) for one in target.alternatives)
        case Union(), _:
            return any(may_hold(one, target) for one in source.alternatives)
        case Enumerated(), _:
            return any(target.contains(one) for one in source.values)
        case _, Enumerated():
            return any(source.contains(one) for one in target.values)
        case Integers(), Integers():
            return max(source.low, target.low) <= min(source.high, target.high)
        case Product(), Product():
            return source.cls is target.cls and len(source.domains) == len(target.domains) and all(map(may_hold, source.domains, target.domains))
        case Records(), Records():
            return source.cls is target.cls
        case (Lists(), Lists()) | (Sequences(), Sequences()) | (Sets(), Sets()) | (FrozenSets(), FrozenSets()) | (Bags(), Bags()) | (Maps(), Maps()):
            return True
        case Product(), Sequences():
            return source.cls is tuple
    return False


def _into_union(f: Function, text: str, source: Domain, target: Union, failure: Failure | None) -> str:
    fitting = [i for i, one in enumerate(target.alternatives) if may_hold(source, one)]
    same = [i for i in fitting if identity(target.alternatives[i]) == identity(source)]
    fitting = same or fitting
    if not fitting:
        return refused(f, target, failure)
    if len(fitting) == 1:
        return unions.union_of(f, target, fitting[0], converted(f, text, source, target.alternatives[fitting[0]], failure))
    if not isinstance(source, Integers):
        raise NotEmitted(f"a value of {source.describe()} as one of {target.describe()}, of which several alternatives have such values")
    return _integer_into_union(f, text, source, target, fitting, failure)


def _integer_into_union(f: Function, text: str, source: Integers, target: Union, fitting: list[int], failure: Failure | None) -> str:
    text, name = f.plain("i64", text, "n"), _room(f, target)
    chain = ""
    for i in fitting:
        one = target.alternatives[i]
        if isinstance(one, Integers):
            test = f"{text} >= {signed(one.low)} && {text} <= {signed(one.high)}"
        else:
            assert isinstance(one, Enumerated)
            test = " || ".join(f"{text} == {signed(value)}" for value in one.values if type(value) is int)
        with f.block(f"{chain}if ({test})"):
            f.line(f"{name} = {bare(unions.union_of(f, target, i, converted(f, text, source, one, None)))};")
        chain = "else "
    if failure is not None:
        f.line(f"else {f.ends(failure)}")
    return name


def _room(f: Function, target: Domain) -> str:
    return f.empty(target, "made") if code_of(target).wide else f.temporary(ctype(target), "0", "made")


def _from_union(f: Function, text: str, source: Union, target: Domain, failure: Failure | None) -> str:
    if not is_plain(text) and not code_of(source).wide:
        text = f.temporary("u64", text, "union")
    fitting = [i for i, one in enumerate(source.alternatives) if may_hold(one, target)]
    if not fitting:
        return refused(f, target, failure)
    if shift := _same_numbers(source, target, fitting):
        return shift(f, text, failure)
    which = unions.number_of_alternative(f, source, text)
    if len(fitting) == 1:
        if failure is not None:
            f.fail_if(f"{which} != {fitting[0]}", failure)
        return converted(f, unions.alternative_of(f, source, fitting[0], text), source.alternatives[fitting[0]], target, failure)
    name, chain = _room(f, target), ""
    for i in fitting:
        with f.block(f"{chain}if ({which} == {i})"):
            f.line(f"{name} = {bare(converted(f, unions.alternative_of(f, source, i, text), source.alternatives[i], target, failure))};")
        chain = "else "
    if failure is not None and len(fitting) < len(source.alternatives):
        f.line(f"else {f.ends(failure)}")
    return name


def _same_numbers(source: Union, target: Domain, fitting: list[int]) -> Callable[[Function, str, Failure | None], str] | None:
    """Return how to convert a union whose fitting alternatives follow each other in both: by adding a number."""
    a, b = code_of(source), code_of(target)
    if not isinstance(a, UnionCode) or a.tag_shift is not None or b.wide:
        return None
    if isinstance(b, UnionCode):
        if b.tag_shift is not None:
            return None
        places = {identity(one): b.offsets[i] for i, one in enumerate(b.domain.alternatives)}  # type: ignore[attr-defined]
    else:
        places = {identity(target): 0}
    found = [places.get(identity(source.alternatives[i])) for i in fitting]
    if None in found or fitting != list(range(fitting[0], fitting[-1] + 1)):
        return None
    offsets = {new - a.offsets[i] for i, new in zip(fitting, found, strict=True) if new is not None}
    if len(offsets) != 1:
        return None
    offset, least, above = offsets.pop(), a.offsets[fitting[0]], a.offsets[fitting[-1]] + a.alternatives[fitting[-1]].count

    def shift(f: Function, text: str, failure: Failure | None) -> str:
        tests = ([f"{text} < {unsigned(least)}"] if least else []) + ([f"{text} >= {unsigned(above)}"] if above < a.count else [])
        if failure is not None and tests:
            f.fail_if(" || ".join(tests), failure)
        number = text if not offset else f"({word(text)} {'+' if offset > 0 else '-'} {unsigned(abs(offset))})"
        return unpack(target, number)

    return shift


# ---------------------------------------------------------------- containers


def _elements(f: Function, text: str, source: Any, target: Any, failure: Failure | None) -> str:
    a, b = code_of(source), code_of(target)
    same = identity(source.element) == identity(target.element)
    if same and isinstance(a, MaskCode) and isinstance(b, MaskCode):
        if failure is not None and target.capacity < target.element.size:
            many = containers.length_of_part(f, containers.held(f, source, text))
            f.fail_if(f"{many} > {target.capacity}", failure)
        return text
    if same and isinstance(a, SlotsCode) and isinstance(b, SlotsCode) and a.capacity == b.capacity:
        return text
    made = building.Building(f, target, failure or "beyond")
    if isinstance(source, Bags):
        part = containers.held(f, source, text)
        one = courses.plain_slots(f, part)
    else:
        one = sources.of_part(f, containers.held(f, source, text))
    with courses.loop(f, one) as values:
        made.add(converted(f, values[0], source.element, target.element, failure))
    return made.result()


def _entries(f: Function, text: str, source: Maps, target: Maps, failure: Failure | None) -> str:
    part = containers.held(f, source, text)
    if target.total and not source.total and failure is not None:
        f.fail_if(f"{containers.length_of_part(f, part)} != {target.key_domain.size}", failure)
    made = building.Building(f, target, failure or "beyond")
    with courses.loop(f, sources.of_part(f, part, "items")) as (key, value):
        made.put(converted(f, key, source.key_domain, target.key_domain, failure), converted(f, value, source.value_domain, target.value_domain, failure))
    return made.result()
