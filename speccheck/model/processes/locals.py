"""The domains of the locals that are part of the state: annotated, or inferred from everything that they are given.

    v = choose(Value)                          Value
    n: Annotated[int, Range(0, 3)] = 0         Range(0, 3)
    sent = 0 ... sent += 1                     int, of 64 bits

In: the flat process, and the kinds of what its expressions give (model/syntax). Out: a Domain for each local, or an error with its line.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from speccheck.domains.annotations import domain_of, evaluated
from speccheck.domains.base import Domain
from speccheck.domains.containers import Sets
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product
from speccheck.domains.unions import Union, may_be_equal
from speccheck.errors import NoLocalDomain, Ownership, SpeccheckError
from speccheck.model.processes.flat import Flat
from speccheck.model.processes.loops import Positions
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.inference import Inference
from speccheck.model.syntax.kinds import INT_DOMAIN, UNKNOWN, Built, Kind, Object, Of, Place, State, Symbol, Tuple, alternatives, is_int, is_scalar, of_values
from speccheck.model.syntax.names import Binding, names_of

MOST_ELEMENTS = 1024  # of the domain of a set whose domain is inferred


def domains_of_locals(made: Flat, wanted: Mapping[str, str], positions: Positions, spec: type, variables: Mapping[str, Domain], names: dict[str, Any],
                      parameters: Mapping[str, Domain]) -> Iterator[tuple[str, Domain] | SpeccheckError]:  # fmt: skip
    """Yield the domain of each wanted local, or what is wrong with it. `wanted` says at which label it is live, `positions` knows those of loops."""
    arguments: dict[str, Kind] = {made.me: State(spec, Place(made.me)), **{name: Of(domain, Symbol(name)) for name, domain in parameters.items()}}
    body = Body(Inference(spec, variables), made.tree, arguments)
    annotations = annotations_of(made.function_tree)
    for local, label in wanted.items():
        place = _first_write(made, local)
        try:
            if local in positions.domains:
                yield local, positions.domains[local]
            elif local in annotations:
                yield local, _annotated(made, annotations[local], names)
            else:
                yield local, _inferred(made, body, local, label, positions)
        except SpeccheckError as group:
            for error in group.errors:
                error.span = error.span or made.span_of(place)
                yield error


def annotations_of(node: ast.FunctionDef) -> dict[str, ast.expr]:
    """Return the annotations of a function's locals; where there are several, the last one."""
    return {part.target.id: part.annotation for part in ast.walk(node) if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)}


def _annotated(made: Flat, annotation: ast.expr, names: dict[str, Any]) -> Domain:
    around = {name: cell.cell_contents for name, cell in made.cells.items()}
    text = annotation.value if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str) else ast.unparse(annotation)
    return domain_of(evaluated(text, made.function.__globals__, {**around, **names}), names=names)


def _first_write(made: Flat, local: str) -> ast.AST:
    writes = names_of(made.function_tree).writes.get(Binding(made.function_tree, local), [])
    return min((write.statement for write in writes), key=lambda tree: (getattr(tree, "lineno", 0), getattr(tree, "col_offset", 0)), default=made.function_tree)


def _inferred(made: Flat, body: Body, local: str, label: str, positions: Positions) -> Domain:
    kind = body.local(local)
    if kind == UNKNOWN and local in positions.values:
        kind = of_values(positions.values[local])
    for one in alternatives(kind):
        if isinstance(one, Of) and one.domain.mutable and isinstance(one.origin, Place):
            message = f"the local '{local}' is a mutable part of the state, and is still read after the label '{label}'"
            raise Ownership(message, remedy="Read the part again after the label, or keep a copy: copy(...).")
        if isinstance(one, State):
            raise NoLocalDomain(f"the local '{local}', which is read after the label '{label}', is a state", remedy="Keep what you need of it.")
    domain = domain_of_kind(kind)
    if domain is None:
        raise NoLocalDomain(
            f"the domain of the local '{local}', which is read after the label '{label}', cannot be inferred",
            remedy=f"Annotate it before it gets its first value: {local}: Domain.",
        )
    return domain


def domain_of_kind(kind: Kind) -> Domain | None:
    """Return a domain that has all values of a kind; None where it cannot be said."""
    found: list[Domain] = []
    for one in alternatives(kind):
        domain = _single(one)
        if domain is None:
            return None
        found.append(domain)
    return _joined(found) if found else None


def _single(kind: Kind) -> Domain | None:
    match kind:
        case Of(Enumerated() as domain, _):
            return _enumerated(domain.values) if all(isinstance(v, Sort | bool) for v in domain.values) else domain
        case Of(domain, _):
            return domain
        case Object(value) if is_scalar(value):
            return _enumerated((value,))
        case Tuple(elements) if elements:
            parts = [domain_of_kind(element) for element in elements]
            domains = tuple(one for one in parts if one is not None and not one.mutable)
            return Product(tuple, tuple(map(str, range(len(domains)))), domains, tuple, tuple) if len(domains) == len(parts) else None
        case Built("set" | "frozenset" as shape, element):
            inner = domain_of_kind(element)
            if inner is None or inner.mutable or inner.size > MOST_ELEMENTS:
                return None
            return Sets(inner, inner.size) if shape == "set" else FrozenSets(inner, inner.size)
    return INT_DOMAIN if is_int(kind) else None


def _joined(found: list[Domain]) -> Domain | None:
    """Return the union of domains: integers become one range, single values one list; None where two of the rest have a value in common."""
    numbers = [d for d in found if isinstance(d, Integers) or (isinstance(d, Enumerated) and all(type(v) is int for v in d.values))]
    if numbers and any(isinstance(d, Integers) for d in numbers):
        low = min(d.low if isinstance(d, Integers) else min(d.values) for d in numbers)
        high = max(d.high if isinstance(d, Integers) else max(d.values) for d in numbers)
        rest = [d for d in found if d not in numbers]
        return _union([*rest, INT_DOMAIN if high >= INT_DOMAIN.high or low <= INT_DOMAIN.low else Integers(low, high)])
    return _union(found)


def _union(found: list[Domain]) -> Domain | None:
    values: dict[Any, Any] = {}
    rest: list[Domain] = []
    for domain in found:
        if isinstance(domain, Enumerated) and not _is_whole_sort(domain) and domain.values != (None,):
            values |= {(type(value), value): value for value in domain.values}
        elif not any(domain is one or _are_the_same(domain, one) for one in rest):
            rest.append(domain)
    listed = tuple(v for v in values.values() if not any(one.contains(v) for one in rest))
    if len(set(listed)) != len(listed):  # True and 1
        return None
    alternatives_ = [*([_enumerated(listed)] if listed else []), *rest]
    alternatives_.sort(key=lambda d: isinstance(d, Enumerated) and d.values == (None,))
    flat = [inner for one in alternatives_ for inner in (one.alternatives if isinstance(one, Union) else (one,))]
    if any(may_be_equal(a, b) for n, a in enumerate(flat) for b in flat[:n]):
        return None
    return flat[0] if len(flat) == 1 else Union(tuple(flat))


def _enumerated(values: tuple[Any, ...]) -> Enumerated:
    """Return the domain of these values, under the name that an annotation gives it."""
    if set(map(type, values)) == {bool} and len(values) == 2:
        return Enumerated((False, True), "bool")
    if all(type(v) is int for v in values):
        values = tuple(sorted(values))
    sort: Any = type(values[0])
    if all(isinstance(v, Sort) and type(v) is sort for v in values):  # some members do not make a domain: renamed, they would be others
        return Enumerated(tuple(sort), sort.__name__)
    return Enumerated(values, _listed(values))


def _are_the_same(a: Domain, b: Domain) -> bool:
    """Return whether two domains have the same values, as far as their descriptions say it."""
    if isinstance(a, Enumerated) and isinstance(b, Enumerated):
        return a.values == b.values and list(map(type, a.values)) == list(map(type, b.values))
    return type(a) is type(b) and (a.size, a.describe(), getattr(a, "cls", None)) == (b.size, b.describe(), getattr(b, "cls", None))


def _is_whole_sort(domain: Enumerated) -> bool:
    first = domain.values[0]
    return isinstance(first, Sort) and len(domain.values) == len(list(type(first)))


def _listed(values: tuple[Any, ...]) -> str:
    if len(values) == 1 and values[0] is None:
        return "None"
    if all(isinstance(v, Sort) for v in values):
        return " | ".join(map(repr, values))
    return f"Literal[{', '.join(map(repr, values))}]"
