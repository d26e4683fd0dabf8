"""The sorts whose members values of some domains may mention."""

from collections.abc import Iterable, Iterator
from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union


def sorts_in(domains: Iterable[Domain]) -> tuple[Any, ...]:
    """Return the sorts in order of first mention."""
    found: dict[Any, None] = {}
    for domain in domains:
        for scalar in _scalars(domain):
            found.update(dict.fromkeys(type(value) for value in scalar.values if isinstance(value, Sort)))
    return tuple(found)


def _scalars(domain: Domain) -> Iterator[Enumerated]:
    match domain:
        case Enumerated():
            yield domain
        case Integers():
            return
        case _:
            for part in parts_of(domain):
                yield from _scalars(part)


def parts_of(domain: Domain) -> tuple[Domain, ...]:
    """Return the domains that a domain is made of."""
    match domain:
        case Product():
            return domain.domains
        case Sequences() | FrozenSets() | Lists() | Sets() | Bags():
            return (domain.element,)
        case Maps():
            return (domain.key_domain, domain.value_domain)
        case Records():
            return tuple(domain.fields.values())
        case Union():
            return domain.alternatives
    return ()
