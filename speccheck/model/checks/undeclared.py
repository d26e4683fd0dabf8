"""Undeclared and unknown attributes: `self.smal = SMALL`, `n.tern += 1`, `m.temr`.

In: a function as a rule uses it. Out: UndeclaredAttribute for what is assigned, UnknownAttribute for what is read.
"""

import ast
from collections.abc import Iterator
from typing import Any

from speccheck.domains.records import Records, declared_fields, undeclared
from speccheck.domains.scalars import Enumerated
from speccheck.domains.tuples import Product
from speccheck.errors import SpeccheckError, UnknownAttribute, did_you_mean
from speccheck.model.checks.subject import Use
from speccheck.model.syntax.functions import MISSING, class_member, has_attribute, is_mangled, overrides
from speccheck.model.syntax.kinds import CLAIMED, Kind, Object, Of, Source, State, alternatives, certain, is_scalar


def problems(use: Use) -> Iterator[SpeccheckError]:
    """Return the attributes that are certainly missing."""
    for tree in use.body.expressions():
        if not isinstance(tree, ast.Attribute) or is_mangled(tree.attr):
            continue
        kind = use.body.kind(tree.value)
        if isinstance(tree.ctx, ast.Load):
            if certain(kind, lambda one: _lacks(one, tree.attr)) and not _asks_whether(use):  # noqa: B023
                yield _unknown(use, tree, kind)
        elif certain(kind, lambda one: _declares_not(one, tree.attr)) and not _changes_what_it_only_reads(use, kind):  # noqa: B023
            yield use.error(*_undeclared(kind, tree.attr), tree)


def _declares_not(kind: Kind, name: str) -> bool:
    match kind:
        case State(cls, _):
            return name not in fields_of(kind) and not overrides(cls, "__setattr__")
        case Of(Records() as domain, origin):
            return origin is not CLAIMED and name not in domain.fields and not overrides(domain.cls, "__setattr__")
    return False


def _lacks(kind: Kind, name: str) -> bool:
    match kind:
        case Of(_, origin) if origin is CLAIMED:  # a subclass may be passed where a class is annotated
            return False
        case State(cls, _):
            return name not in fields_of(kind) and _class_lacks(cls, name)
        case Of(Records() as domain, _):
            return name not in domain.fields and _class_lacks(domain.cls, name)
        case Of(Product() as domain, _) if domain.cls is not tuple:
            return name not in domain.names and _class_lacks(domain.cls, name)
        case Of(Enumerated() as domain, _):
            return not any(has_attribute(value, name) for value in domain.values)
        case Object(value) if is_scalar(value):
            return not has_attribute(value, name)
    return False


def _class_lacks(cls: Any, name: str) -> bool:
    return class_member(cls, name) is MISSING and not overrides(cls, "__getattr__") and not overrides(cls, "__getattribute__")


def fields_of(kind: State) -> tuple[str, ...]:
    """Return the names of the variables of a state."""
    return declared_fields(kind.cls)


def _changes_what_it_only_reads(use: Use, kind: Kind) -> bool:
    """Return whether the read-only check has more to say about the assignment: declaring the variable would not help."""
    return use.rule.read_only and all(not isinstance(getattr(one, "origin", None), Source) for one in alternatives(kind))


def _asks_whether(use: Use) -> bool:
    return any(isinstance(tree, ast.Name) and tree.id in ("hasattr", "AttributeError") for tree in use.body.expressions())


def _undeclared(kind: Kind, name: str) -> tuple[type[SpeccheckError], str]:
    one = alternatives(kind)[0]
    cls = one.cls if isinstance(one, State) else one.domain.cls  # type: ignore[union-attr]
    error = undeclared(cls, name)
    return type(error), error.message


def _unknown(use: Use, tree: ast.Attribute, kind: Kind) -> SpeccheckError:
    owners, known = [], []
    for one in alternatives(kind):
        owner, names = _described(one)
        owners.append(owner)
        known += names
    what = " or ".join(dict.fromkeys(owners))
    return use.error(UnknownAttribute, f"{what} has no attribute '{tree.attr}'.{did_you_mean(tree.attr, known)}", tree)


def _described(kind: Kind) -> tuple[str, list[str]]:
    match kind:
        case State(cls, _):
            return cls.__name__, [*fields_of(kind), *_members(cls)]
        case Of(Records() as domain, _):
            return domain.cls.__name__, [*domain.fields, *_members(domain.cls)]
        case Of(Product() as domain, _):
            return domain.cls.__name__, [*domain.names, *_members(domain.cls)]
        case Of(domain, _):
            return domain.describe(), []
    return "the value", []


def _members(cls: Any) -> list[str]:
    return [name for name in dir(cls) if not name.startswith("_")]
