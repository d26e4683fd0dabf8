"""Courses: how a C loop goes through something, as counters that it moves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from speccheck.domains.base import Domain
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import Part, element_at, length_of, loaded
from speccheck.engines.native.emit.text import bare, unsigned

Made = Callable[[], str]  # writes lines that compute a value, and returns it


@dataclass
class Course:
    """How to go through a source: counters (type, name, first value), whether there is one more, what comes after it, and the values of one round.

    `keep` says whether this round counts, where some are to be passed over. Values and `keep` are written within the round.
    """

    counters: list[tuple[str, str, str]]
    more: str
    advance: str
    values: tuple[Made, ...]
    keep: Made | None = None
    distinct: bool = True  # whether no value comes twice
    simple: bool = False  # whether the value is the counter
    most: int = 0  # where rounds are passed over: how many there are at most


def named(name: str) -> Made:
    """Return what gives a name."""
    return lambda: name


@contextmanager
def loop(f: Function, one: Course) -> Iterator[tuple[str, ...]]:
    """Write a loop; gives the values of a round."""
    *others, (type_, name, first) = one.counters
    for other_type, other, value in others:
        f.line(f"{other_type} {other} = {bare(value)};")
    with f.block(f"for ({type_} {name} = {bare(first)}; {bare(one.more)}; {one.advance})"):
        if one.keep is not None:
            test = one.keep()
            f.line(f"if (!{test if bare(test) != test else f'({test})'}) continue;")
        yield tuple([value() for value in one.values])


def values_numbers(f: Function, domain: Domain) -> Course:
    """Return how to go through the numbers of all values of a domain, in domain order."""
    numbers = numbers_of(f, domain)
    i = f.names.fresh("i")
    if isinstance(numbers, int):
        return Course([("u64", i, "0")], f"{i} < {unsigned(numbers)}", f"{i}++", (named(i),))
    return Course([("u64", i, "0")], f"{i} < {numbers[0]}", f"{i}++", (lambda: f"{numbers[1]}[{i}]",))


def numbers_of(f: Function, domain: Domain) -> int | tuple[int, str]:
    """Return how many values a domain has, and the table of their numbers in domain order unless they are 0, 1, 2 ..."""
    numbers = f.unit.in_order(domain)
    if isinstance(numbers, range):
        return len(numbers)
    return len(numbers), f.unit.number_table(domain)


def plain_slots(f: Function, part: Part) -> Course:
    """Return how to go through the slots of a bag: equal elements come as often as they are there."""
    i, n = f.names.fresh("i"), f.temporary("u64", length_of(part), "length")
    return Course([("u64", i, "0")], f"{i} < {n}", f"{i}++", (lambda: loaded(f, element_at(f, part, i)),), distinct=False)
