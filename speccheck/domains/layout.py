"""Layout: the values of a domain as bits. Where compiled rules and CPython agree on what a state is.

In: a Domain. Out: a Code, which numbers its values from 0 (not always densely), and says where in such a number the parts of a value are.

    code_of(Enumerated(("a", "b", "c")))      values 0, 1, 2; 2 bits
    code_of(MapDomain(RM, that, total))       2 bits for each RM, those of the first one highest

Three kinds of values, three kinds of numbers:

- scalars, immutable records and their unions are numbered *densely* where that is possible at all: a record is a number in mixed radix, its first field
  counting most; the alternatives of a union follow each other. Such a number is the position of the value in a set, and that of a key in a map.
- containers and mutable records are *strings of bits* whose parts lie at fixed places, because a rule reads and writes the parts.
- a set of few possible elements is a mask; one of many, with a capacity, is the sorted list of its elements, as a bag is.

`monotone` says that numbers compare as values do in domain order. Two values of a domain are equal exactly if their numbers are.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from speccheck.domains.base import Domain, Frozen
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sets import frozen_set
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union

MOST_POSITIONS = 1 << 12  # of a mask or map: a set of more possible elements needs a capacity


class NoLayout(Exception):
    """The values of a domain have no useful layout; the message says why."""


@dataclass(frozen=True, eq=False)
class Code:
    """How the values of a domain are numbered. `count` is above every number; `bits` hold one."""

    domain: Domain
    count: int
    monotone: bool

    @cached_property
    def bits(self) -> int:
        """How many bits a number needs."""
        return (self.count - 1).bit_length()

    @property
    def wide(self) -> bool:
        """Whether a number does not fit in a word of 64 bits."""
        return self.bits > 64

    def encode(self, frozen: Frozen) -> int:
        """Return the number of a frozen value."""
        raise NotImplementedError

    def decode(self, number: int) -> Frozen:
        """Return the frozen value with this number."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class ScalarCode(Code):
    """Values without structure: the position in the list of values, or the distance from the least integer."""

    def encode(self, frozen: Frozen) -> int:
        return self.domain.rank(frozen)

    def decode(self, number: int) -> Frozen:
        return self.domain.unrank(number)


@dataclass(frozen=True, eq=False)
class RecordCode(Code):
    """Fields side by side, the first one counting most. Field i is `number // strides[i] % fields[i].count`; in a mutable record (and in one of more than 64
    bits) all strides are powers of two, `1 << shifts[i]`.
    """

    fields: tuple[Code, ...] = ()
    strides: tuple[int, ...] = ()
    names: tuple[str, ...] = ()

    @cached_property
    def shifts(self) -> tuple[int, ...]:
        """Where the bits of the fields begin, where strides are powers of two."""
        return tuple(stride.bit_length() - 1 for stride in self.strides)

    def encode(self, frozen: Frozen) -> int:
        values = frozen if isinstance(self.domain, Records) else self.domain.fields_of(frozen)  # type: ignore[attr-defined]
        return sum(code.encode(value) * stride for code, stride, value in zip(self.fields, self.strides, values, strict=True))

    def decode(self, number: int) -> Frozen:
        values = []
        for code, stride in zip(self.fields, self.strides, strict=True):
            one, number = divmod(number, stride)
            values.append(code.decode(one))
        return tuple(values) if isinstance(self.domain, Records) else self.domain.store(self.domain.make(tuple(values)))  # type: ignore[attr-defined]


@dataclass(frozen=True, eq=False)
class UnionCode(Code):
    """One of several alternatives. An immutable union: alternative i has the numbers from `offsets[i]` on. A mutable one, or one of more than 64 bits: the
    number of the alternative in the bits from `tag_shift` on, and its value in those below.
    """

    alternatives: tuple[Code, ...] = ()
    offsets: tuple[int, ...] = ()
    tag_shift: int | None = None

    def encode(self, frozen: Frozen) -> int:
        number, inner = self.domain._split(frozen)  # type: ignore[attr-defined]
        return self.base(number) + self.alternatives[number].encode(inner)  # type: ignore[no-any-return]

    def decode(self, number: int) -> Frozen:
        which = max(i for i in range(len(self.alternatives)) if self.base(i) <= number)
        return self.domain._joined(which, self.alternatives[which].decode(number - self.base(which)))  # type: ignore[attr-defined]

    def base(self, alternative: int) -> int:
        """Return the least number of an alternative."""
        return self.offsets[alternative] if self.tag_shift is None else alternative << self.tag_shift


@dataclass(frozen=True, eq=False)
class SlotsCode(Code):
    """A sequence, or the sorted elements of a set or bag: the length in the bits from `length_shift` on, and `capacity` slots of `slot_bits` below, the first
    one highest; slots that are not used are 0.
    """

    element: Code = field(kw_only=True)
    capacity: int = 0

    @cached_property
    def slot_bits(self) -> int:
        """The width of a slot."""
        return self.element.bits

    @cached_property
    def length_shift(self) -> int:
        """Where the bits of the length begin."""
        return self.capacity * self.slot_bits

    @cached_property
    def length_bits(self) -> int:
        """The width of the length."""
        return self.capacity.bit_length()

    def slot_shift(self, index: int) -> int:
        """Return where the bits of a slot begin."""
        return (self.capacity - 1 - index) * self.slot_bits

    def encode(self, frozen: Frozen) -> int:
        numbers = [self.element.encode(value) for value in self._in_order(frozen)]
        return (len(numbers) << self.length_shift) + sum(number << self.slot_shift(i) for i, number in enumerate(numbers))

    def decode(self, number: int) -> Frozen:
        length, mask = number >> self.length_shift, (1 << self.slot_bits) - 1
        values = [self.element.decode(number >> self.slot_shift(i) & mask) for i in range(length)]
        match self.domain:
            case Sets():
                return frozenset(values)
            case FrozenSets():
                return frozen_set(values, self.element.domain.key)
            case Bags():
                return frozenset({value: values.count(value) for value in values}.items())
        return tuple(values)

    def _in_order(self, frozen: Frozen) -> list[Any]:
        """Return the elements in the order in which they lie: those of sets and bags by their numbers."""
        if isinstance(self.domain, Bags):
            return sorted((value for value, count in frozen for _ in range(count)), key=self.element.encode)
        if isinstance(self.domain, Sets | FrozenSets):
            return sorted(frozenset.__iter__(frozen), key=self.element.encode)
        return list(frozen)


@dataclass(frozen=True, eq=False)
class MaskCode(Code):
    """A set as a mask: bit i says whether the element with number i is in it."""

    element: Code = field(kw_only=True)

    def encode(self, frozen: Frozen) -> int:
        return sum(1 << self.element.encode(value) for value in frozenset.__iter__(frozen))

    def decode(self, number: int) -> Frozen:
        values = [self.element.decode(i) for i in range(number.bit_length()) if number >> i & 1]
        return frozenset(values) if isinstance(self.domain, Sets) else frozen_set(values, self.element.domain.key)


@dataclass(frozen=True, eq=False)
class MapCode(Code):
    """A map: a slot for each number of a key, that of the first key highest. In a partial map 0 says that the key is missing, and `present` + n is the value n:
    n + 1, or the value below a bit of its own where it has parts, which must lie at fixed places, or is too wide for arithmetic.
    """

    key: Code = field(kw_only=True)
    value: Code = field(kw_only=True)
    total: bool = True

    @cached_property
    def present(self) -> int:
        """What is added to the number of a value that is there."""
        if self.total:
            return 0
        return 1 << self.value.bits if self.value.domain.mutable or self.value.count.bit_length() > 64 else 1

    @cached_property
    def slot_bits(self) -> int:
        """The width of a slot."""
        return (self.present + self.value.count - 1).bit_length()

    def slot_shift(self, key: int) -> int:
        """Return where the bits of a key's slot begin."""
        return (self.key.count - 1 - key) * self.slot_bits

    def encode(self, frozen: Frozen) -> int:
        items = self.domain._items(frozen, ordered=False)  # type: ignore[attr-defined]
        return sum((self.value.encode(value) + self.present) << self.slot_shift(self.key.encode(key)) for key, value in items)

    def decode(self, number: int) -> Frozen:
        mask, found = (1 << self.slot_bits) - 1, []
        for key in self._keys:
            slot = number >> self.slot_shift(self.key.encode(key)) & mask
            if self.total:
                found.append(self.value.decode(slot))
            elif slot:
                found.append((key, self.value.decode(slot - self.present)))
        return tuple(found) if self.total else frozenset(found)

    @cached_property
    def _keys(self) -> tuple[Any, ...]:
        return tuple(self.key.domain.all_frozen())


def code_of(domain: Domain) -> Code:
    """Return how the values of a domain are numbered, always the same object for the same domain. Raises NoLayout."""
    found = vars(domain).get("_layout_code")
    if found is None:
        found = _code(domain)
        object.__setattr__(domain, "_layout_code", found)
    return found


def _code(domain: Domain) -> Code:
    match domain:
        case Enumerated() | Integers():
            return ScalarCode(domain, domain.size, True)
        case Product():
            return _product(domain)
        case Records():
            fields = tuple(code_of(one) for one in domain.fields.values())
            return _fields(domain, fields, tuple(1 << code.bits for code in fields), tuple(domain.fields))
        case Union():
            return _union(domain)
        case Sequences() | Lists():
            element = code_of(domain.element)
            return _slots(domain, element, domain.capacity)
        case Sets() | FrozenSets():
            return _set(domain)
        case Bags():
            return _slots(domain, code_of(domain.element), domain.capacity)
        case Maps():
            return _map(domain)
    raise AssertionError(domain)


def _product(domain: Product) -> Code:
    fields = tuple(map(code_of, domain.domains))
    dense = 1
    for code in fields:
        dense *= code.count
    widths = tuple(code.count if dense <= 1 << 63 else 1 << code.bits for code in fields)
    return _fields(domain, fields, widths, domain.names)


def _fields(domain: Domain, fields: tuple[Code, ...], widths: tuple[int, ...], names: tuple[str, ...]) -> RecordCode:
    strides: list[int] = []
    stride = 1
    for width in reversed(widths):
        strides.insert(0, stride)
        stride *= width
    # Above every number: the largest is that of the largest fields, which may be less than the strides have room for.
    largest = sum((code.count - 1) * one for code, one in zip(fields, strides, strict=True))
    return RecordCode(domain, largest + 1, all(code.monotone for code in fields), fields, tuple(strides), names)


def _union(domain: Union) -> Code:
    codes = tuple(map(code_of, domain.alternatives))
    total = sum(code.count for code in codes)
    monotone = all(code.monotone for code in codes)
    if not domain.mutable and total <= 1 << 63:
        offsets = tuple(sum(code.count for code in codes[:i]) for i in range(len(codes)))
        return UnionCode(domain, total, monotone, codes, offsets)
    shift = max(code.bits for code in codes)
    return UnionCode(domain, len(codes) << shift, monotone, codes, tag_shift=shift)


def _slots(domain: Domain, element: Code, capacity: int) -> Code:
    return SlotsCode(domain, (capacity + 1) << (capacity * element.bits), element.monotone, element=element, capacity=capacity)


def _set(domain: Sets | FrozenSets) -> Code:
    element = code_of(domain.element)
    slots = domain.capacity * element.bits + domain.capacity.bit_length()
    if element.count <= MOST_POSITIONS and (element.count <= slots or domain.capacity >= element.domain.size):
        return MaskCode(domain, 1 << element.count, False, element=element)
    if domain.capacity > MOST_POSITIONS:
        raise NoLayout(f"{domain.describe()} is a set of any of {domain.element.size:,} elements, without a capacity")
    return _slots(domain, element, domain.capacity)


def _map(domain: Maps) -> Code:
    key, value = code_of(domain.key_domain), code_of(domain.value_domain)
    if key.count > MOST_POSITIONS:
        raise NoLayout(f"{domain.describe()} is a map of {key.count:,} keys")
    made = MapCode(domain, 0, domain.total and value.monotone and key.monotone, key=key, value=value, total=domain.total)
    return replace(made, count=1 << (made.slot_bits * key.count))


@dataclass(frozen=True)
class StateLayout:
    """The variables of a state side by side in one string of bits, the first one highest, so that states of monotone domains compare as their numbers do."""

    codes: tuple[Code, ...]

    @cached_property
    def bits(self) -> int:
        """The width of a state."""
        return sum(code.bits for code in self.codes)

    @cached_property
    def words(self) -> int:
        """How many words of 64 bits hold a state."""
        return max(1, -(-self.bits // 64))

    @cached_property
    def shifts(self) -> tuple[int, ...]:
        """Where the bits of each variable begin."""
        widths = [code.bits for code in self.codes]
        return tuple(sum(widths[i + 1 :]) for i in range(len(widths)))

    def encode(self, frozen: tuple[Frozen, ...]) -> int:
        """Return the number of a state."""
        return sum(code.encode(value) << shift for code, shift, value in zip(self.codes, self.shifts, frozen, strict=True))

    def decode(self, number: int) -> tuple[Frozen, ...]:
        """Return the frozen values of a state."""
        return tuple(code.decode(number >> shift & ((1 << code.bits) - 1)) for code, shift in zip(self.codes, self.shifts, strict=True))


def layout_of(domains: tuple[Domain, ...]) -> StateLayout:
    """Return the layout of a state of these variables. Raises NoLayout."""
    return StateLayout(tuple(map(code_of, domains)))
