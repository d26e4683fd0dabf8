"""The initial values that a default denotes: one for an ordinary value, all for `anything()`, products where that is nested."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from speccheck.domains.base import Domain, Frozen
from speccheck.domains.containers import Maps
from speccheck.domains.defaults import Anything, Each, EachBy
from speccheck.domains.records import Record, Records, default_of, frozen_default
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
    if isinstance(domain, Maps) and isinstance(default, Each | EachBy | dict) and _has_anything(default, domain):
        keys = [k for k in domain.key_domain.all_frozen() if not isinstance(default, dict) or k in default]
        at = default.__getitem__ if isinstance(default, dict) else default.at
        rows = product(*(list(initial_values(cls, name, at(k), domain.value_domain)) for k in keys))
        return rows if domain.total else (frozenset(zip(keys, row)) for row in rows)
    if isinstance(domain, Records) and isinstance(default, domain.cls) and _has_anything(default, domain):
        fields = (_field_values(domain, default, field, one) for field, one in domain.fields.items())
        return product(*map(list, fields))
    return iter((frozen_default(cls, name, default, domain),))


def _field_values(domain: Records, record: Any, field: str, one: Domain) -> Iterator[Frozen]:
    default = vars(record).get(field, default_of(domain.cls, field))
    return initial_values(domain.cls, field, default, one)


def _has_anything(default: Any, domain: Domain) -> bool:
    match domain, default:
        case Maps(), Each():
            return isinstance(default.value, Anything) or _has_anything(default.value, domain.value_domain)
        case Maps(), EachBy():
            values = [default.at(k) for k in domain.key_domain.all_frozen()]
            return any(isinstance(v, Anything) or _has_anything(v, domain.value_domain) for v in values)
        case Maps(), dict():
            return any(isinstance(v, Anything) or _has_anything(v, domain.value_domain) for v in default.values())
        case Records(), Record():
            missing = [f for f in domain.fields if f not in vars(default)]
            return any(isinstance(default_of(domain.cls, f), Anything) for f in missing)
    return False
