"""The initial values that a default denotes: one for an ordinary value, all for `anything()`, products where that is nested."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from speccheck.domains.base import Domain, Frozen
from speccheck.domains.containers import Maps
from speccheck.domains.defaults import Anything, Each, EachBy
from speccheck.domains.records import Record, Records, default_of, frozen_default, has_anything
from speccheck.domains.unions import Union
from speccheck.errors import UnboundedDomain

ENUMERABLE_BY_ANYTHING = 1 << 40


def initial_values(cls: type, name: str, default: Any, domain: Domain) -> Iterator[Frozen]:
    """Return the frozen initial values that the default of a class's variable denotes, in domain order.

    Raises DefaultOutsideDomain, and UnboundedDomain for `anything()` over a domain that nobody can enumerate.
    """
    if isinstance(default, Anything):
        if domain.size > ENUMERABLE_BY_ANYTHING:
            raise UnboundedDomain(f"'{name}' = anything() over {domain.describe()}, which has {domain.size:,} values", remedy="Bound the domain.")
        return domain.all_frozen()
    if isinstance(domain, Union) and isinstance(default, Record):
        numbers = [n for n, d in enumerate(domain.alternatives) if isinstance(d, Records) and d.cls is type(default)]
        if numbers:
            return ((numbers[0], f) for f in initial_values(cls, name, default, domain.alternatives[numbers[0]]))
    if isinstance(domain, Maps) and isinstance(default, Each | EachBy | dict) and has_anything(default, domain):
        return _map_values(cls, name, default, domain)
    if isinstance(domain, Records) and type(default) is domain.cls and has_anything(default, domain):
        fields = (_field_values(domain, default, field, one) for field, one in domain.fields.items())
        return product(*map(list, fields))
    return iter((frozen_default(cls, name, default, domain),))


def _map_values(cls: type, name: str, default: Any, domain: Maps) -> Iterator[Frozen]:
    keys = [k for k in domain.key_domain.all_frozen() if not isinstance(default, dict) or k in default]
    at = default.__getitem__ if isinstance(default, dict) else default.at
    columns = [list(initial_values(cls, name, at(k), domain.value_domain)) for k in keys]
    if isinstance(default, dict):  # one value stands for all: are the keys right?
        frozen_default(cls, name, default | {k: domain.value_domain.plain(column[0]) for k, column in zip(keys, columns)}, domain)
    rows = product(*columns)
    return rows if domain.total else (frozenset(zip(keys, row)) for row in rows)


def _field_values(domain: Records, record: Any, field: str, one: Domain) -> Iterator[Frozen]:
    default = vars(record).get(field, default_of(domain.cls, field))
    return initial_values(domain.cls, field, default, one)
