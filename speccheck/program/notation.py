"""Types, places and expressions as text: Python's notation, and a little more where Python has none.

    x +? 1                      the sum may be beyond 64 bits; without the mark it has 64
    waiting[rm]?                the key may be missing, the index out of range; without the mark it is there
    v as Range(0, 3) else domain    converted; a value outside fails as the word says. `v as Range(0, 3)`: none is outside
    v is Prepared | None        which alternative of a union
    after.count                 a variable of the state after the step
    &nodes[n]                   a reference to a part of the state
    all(x > 0 for x: int in xs let y: int = x + 1 if y < 5)

What may fail by its very nature, as a division may, has no mark.
"""

from dataclasses import dataclass
from typing import assert_never

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.neutral import text as text_of_value
from speccheck.domains.records import Records
from speccheck.domains.scalars import INT_MAX, INT_MIN, Enumerated, Integers
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program import expressions as ex
from speccheck.program.program import Program, VariableDeclaration
from speccheck.program.relations import fields_of, number_code
from speccheck.program.types import BOOL, Ref, Type, identity
from speccheck.program.walk import closed

SHOWN_ENTRIES = 12  # of a table, or of a type without a name; of a longer one the first ones

# How tightly an operator binds, as in Python; `as` least of all.
_AS, _TERNARY, _OR, _AND, _NOT, _COMPARED, _SIGN, _POWER, _ATOM = 0, 1, 2, 3, 4, 5, 11, 12, 13
_BINDING: dict[ex.Operator, int] = {
    "|": 6, "^": 7, "&": 8, "<<": 9, ">>": 9, "+": 10, "-": 10, "*": 11, "//": 11, "%": 11, "**": _POWER,
}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What variables and actions are called, where a Program says so. `prefix`: before the variables, where a local has the name of one."""

    program: Program | None = None
    prefix: str = ""

    def variable(self, variable: ex.Variable) -> str:
        """Return the name of a variable."""
        prefix = "after." if variable.which == "after" else self.prefix
        declared = self._declared(variable.index)
        return f"{prefix}variable_{variable.index}" if declared is None else prefix + declared.name

    def root_domain(self, root: ex.Variable | ex.Local | ex.Expression) -> Domain | None:
        """Return the domain of a root of a place, None where it is not known."""
        if isinstance(root, ex.Local):
            return root.domain
        if isinstance(root, ex.Expression):
            return root.type.domain if isinstance(root.type, Ref) else root.type
        declared = self._declared(root.index)
        return None if declared is None else declared.domain

    def _declared(self, index: int) -> VariableDeclaration | None:
        return self.program.variables[index] if self.program is not None and 0 <= index < len(self.program.variables) else None

    def action(self, number: int) -> tuple[str, tuple[str, ...]]:
        """Return the name of an action and those of its parameters."""
        if self.program is None or not 0 <= number < len(self.program.actions):
            return f"action_{number}", ()
        name = self.program.actions[number]
        return name, tuple(parameter.name for parameter in self.program.functions[name].parameters)


# ---------------------------------------------------------------- types


def text_of_type(type_: Type) -> str:
    """Return a type as one would write it in an annotation, with the values of literals."""
    match type_:
        case Ref(domain, which):
            return f"&{text_of_type(domain)}" + (" of after" if which == "after" else "")
        case Enumerated():
            return _values(type_)
        case Integers():
            return "int" if (type_.low, type_.high) == (INT_MIN, INT_MAX) else type_.describe()
        case Product() if type_.cls is tuple:
            return f"tuple[{', '.join(map(text_of_type, type_.domains))}]"
        case Product() | Records():
            return type_.cls.__name__
        case Sequences():
            return f"tuple[{text_of_type(type_.element)}, ...] of at most {type_.capacity}"
        case Lists():
            return f"list[{text_of_type(type_.element)}] of at most {type_.capacity}"
        case Bags():
            return f"Bag[{text_of_type(type_.element)}] of at most {type_.capacity}"
        case Sets() | FrozenSets():
            kind, limited = "set" if isinstance(type_, Sets) else "frozenset", type_.capacity < type_.element.size
            return f"{kind}[{text_of_type(type_.element)}]" + f" of at most {type_.capacity}" * limited
        case Maps():
            return f"dict[{text_of_type(type_.key_domain)}, {text_of_type(type_.value_domain)}]" + " (partial)" * (not type_.total)
        case Union():
            return " | ".join(map(text_of_type, type_.alternatives))
    raise AssertionError(type_)


def _values(domain: Enumerated) -> str:
    """Return the name of a domain of scalars; without one its values, of many the first ones."""
    if identity(domain) == identity(BOOL):
        return "bool"
    shown = [text_of_value(domain.neutral(value)) for value in domain.values[:SHOWN_ENTRIES]]
    if domain.name.isidentifier() and (shown != [domain.name] or domain.values == (None,)):
        return domain.name
    more = [f"... {len(domain.values) - SHOWN_ENTRIES} more"] * (len(domain.values) > SHOWN_ENTRIES)
    return "{" + ", ".join([*shown, *more]) + "}"


def text_of_local(local: ex.Local) -> str:
    """Return a local with its type, as where it is introduced."""
    return f"{'var ' * local.by_reference}{local.name}: {text_of_type(local.type)}"


# ---------------------------------------------------------------- places


def text_of_place(place: ex.Place, names: Names) -> str:
    """Return a place: `nodes[n].log[0]?`."""
    match place.root:
        case ex.Local():
            shown = place.root.name
        case ex.Variable():
            shown = names.variable(place.root)
        case root:
            shown = text_in(root, names, _ATOM)
    domain = names.root_domain(place.root)
    for step in place.steps:
        match step:
            case ex.FieldStep(index):
                fields = fields_of(domain) if domain is not None else ()
                shown, domain = (f"{shown}.{fields[index][0]}", fields[index][1]) if index < len(fields) else (f"{shown}.{index}", None)
            case ex.KeyStep(key, sure):
                shown, domain = f"{shown}[{text_in(key, names)}]{_mark(not sure)}", domain.value_domain if isinstance(domain, Maps) else None
            case ex.ItemStep(index_of, sure):
                shown, domain = f"{shown}[{text_in(index_of, names)}]{_mark(not sure)}", domain.element if isinstance(domain, Lists) else None
            case ex.AlternativeStep(number):
                alternatives = domain.alternatives if isinstance(domain, Union) else ()
                domain = alternatives[number] if number < len(alternatives) else None
                shown = f"({shown} as {text_of_type(domain) if domain is not None else f'alternative {number}'})?"
            case _:
                assert_never(step)
    return shown


def _mark(may_fail: bool) -> str:
    return "?" if may_fail else ""


# ---------------------------------------------------------------- expressions


def text_in(expression: ex.Expression, names: Names, binding: int = _AS) -> str:
    """Return an expression as it is written inside of another one that binds as tightly as this."""
    shown, own = _shown(expression, names)
    return shown if own >= binding else f"({shown})"


def _listed(expressions: tuple[ex.Expression, ...], names: Names) -> str:
    return ", ".join(text_in(expression, names, _TERNARY) for expression in expressions)


def _shown(expression: ex.Expression, names: Names) -> tuple[str, int]:
    """Return an expression as text, and how tightly its outermost operator binds."""
    match e := closed(expression):
        case ex.Load():
            return text_of_place(e.place, names), _ATOM
        case ex.Reference():
            return "&" + text_of_place(e.place, names), _ATOM
        case ex.Constant():
            shown = text_of_value(e.type.neutral(e.value)) if isinstance(e.type, Domain) else repr(e.value)
            return shown, _SIGN if shown.startswith("-") else _ATOM
        case ex.Table():
            return f"{_entries(e)}[{text_in(e.key, names)}]{_mark(None in e.entries)}", _ATOM
        case ex.Convert():
            return f"{text_in(e.value, names, _TERNARY)} as {text_of_type(e.type)}" + (f" else {e.failure}" if e.failure else ""), _AS
        case ex.MakeRecord():
            return _record(e, names), _ATOM
        case ex.GetField():
            return _field(e, names), _ATOM
        case ex.ToInteger():
            return f"int({text_in(e.value, names)})", _ATOM
        case ex.Length():
            return f"len({text_in(e.value, names)})", _ATOM
        case ex.Not() | ex.And() | ex.Or() | ex.IfThenElse():
            return _connective(e, names)
        case ex.Equal() | ex.Less() | ex.Contains() | ex.IsAlternative() | ex.IsOneOf() | ex.Subset():
            return _comparison(e, names, "")
        case ex.Arithmetic():
            return _arithmetic(e, names), _BINDING[e.operator]
        case ex.SetOperation():
            own = _BINDING[e.operator]
            return f"{text_in(e.left, names, own)} {e.operator} {text_in(e.right, names, own + 1)}", own
        case ex.GetItem() | ex.Count() | ex.IndexOf() | ex.Slice() | ex.Concatenate() | ex.Sorted():
            return _container(e, names), _ATOM
        case ex.Comprehension():
            return _comprehension(e, names), _ATOM
        case ex.Call():
            return f"{e.function}({_listed(e.arguments, names)})", _ATOM
        case ex.Enabled():
            return f"enabled({_instances(e.actions, names)})", _ATOM
        case ex.Occurs():
            return f"occurs({_instances(e.actions, names)})", _ATOM
    assert_never(e)


def _numbered(type_: Type, number: int) -> str:
    """Return the value with a number."""
    code = number_code(type_) if isinstance(type_, Domain) else None
    return f"#{number}" if code is None or not isinstance(type_, Domain) else text_of_value(type_.neutral(code.decode(number)))


def _entries(e: ex.Table) -> str:
    numbers = [number for number, entry in enumerate(e.entries) if entry is not None]
    values = {number: text_of_value(e.type.neutral(e.entries[number][0])) if isinstance(e.type, Domain) else "" for number in numbers[:SHOWN_ENTRIES]}
    shown = [f"{_numbered(e.key.type, number)}: {value}" for number, value in values.items()]
    more = [f"... {len(numbers) - SHOWN_ENTRIES} more"] * (len(numbers) > SHOWN_ENTRIES)
    return "{" + ", ".join([*shown, *more]) + "}"


def _record(e: ex.MakeRecord, names: Names) -> str:
    if isinstance(e.type, Product) and e.type.cls is tuple:
        return f"({_listed(e.fields, names)}{',' * (len(e.fields) == 1)})"
    known = [name for name, _ in fields_of(e.type)]
    shown = (f"{known[i]}={text_in(one, names)}" if i < len(known) else text_in(one, names) for i, one in enumerate(e.fields))
    return f"{text_of_type(e.type)}({', '.join(shown)})"


def _field(e: ex.GetField, names: Names) -> str:
    fields, value = fields_of(e.value.type), text_in(e.value, names, _ATOM)
    of_tuple = isinstance(e.value.type, Product) and e.value.type.cls is tuple
    return f"{value}[{e.index}]" if of_tuple or e.index >= len(fields) else f"{value}.{fields[e.index][0]}"


def _connective(e: ex.Not | ex.And | ex.Or | ex.IfThenElse, names: Names) -> tuple[str, int]:
    match e:
        case ex.Not():
            match value := closed(e.value):
                case ex.Equal() | ex.Contains() | ex.IsAlternative() | ex.IsOneOf():
                    return _comparison(value, names, "not ")
            return f"not {text_in(value, names, _NOT)}", _NOT
        case ex.And():
            return " and ".join(text_in(value, names, _AND + 1) for value in e.values), _AND
        case ex.Or():
            return " or ".join(text_in(value, names, _OR + 1) for value in e.values), _OR
        case ex.IfThenElse():
            then, test = text_in(e.then, names, _TERNARY + 1), text_in(e.test, names, _TERNARY + 1)
            return f"{then} if {test} else {text_in(e.otherwise, names, _TERNARY)}", _TERNARY
    assert_never(e)


_RELATIONS = {"subset": "<=", "proper": "<"}


def _comparison(e: ex.Equal | ex.Less | ex.Contains | ex.IsAlternative | ex.IsOneOf | ex.Subset, names: Names, negation: str) -> tuple[str, int]:
    inside = _COMPARED + 1
    match e:
        case ex.Equal():
            return f"{text_in(e.left, names, inside)} {'!=' if negation else '=='} {text_in(e.right, names, inside)}", _COMPARED
        case ex.Less():
            return f"{text_in(e.left, names, inside)} {'<=' if e.or_equal else '<'} {text_in(e.right, names, inside)}", _COMPARED
        case ex.Contains():
            return f"{text_in(e.element, names, inside)} {negation}in {text_in(e.container, names, inside)}", _COMPARED
        case ex.IsAlternative():
            types = e.value.type.alternatives if isinstance(e.value.type, Union) else ()
            alternatives = [text_of_type(types[i]) if i < len(types) else f"#{i}" for i in sorted(e.alternatives)]
            return f"{text_in(e.value, names, inside)} is {negation}{' | '.join(alternatives)}", _COMPARED
        case ex.IsOneOf():
            values = [_numbered(e.value.type, number) for number in sorted(e.numbers)]
            shown = text_in(e.value, names, inside)
            if len(values) == 1:
                return f"{shown} {'!=' if negation else '=='} {values[0]}", _COMPARED
            return f"{shown} {negation}in {{{', '.join(values)}}}", _COMPARED
        case ex.Subset(relation="disjoint"):
            return f"{text_in(e.left, names, _ATOM)}.isdisjoint({text_in(e.right, names)})", _ATOM
        case ex.Subset():
            return f"{text_in(e.left, names, inside)} {_RELATIONS[e.relation]} {text_in(e.right, names, inside)}", _COMPARED
    assert_never(e)


def _arithmetic(e: ex.Arithmetic, names: Names) -> str:
    own = _BINDING[e.operator]
    left, right = (own + 1, _SIGN) if e.operator == "**" else (own, own + 1)
    return f"{text_in(e.left, names, left)} {e.operator}{_mark(e.checked)} {text_in(e.right, names, right)}"


def _container(e: ex.GetItem | ex.Count | ex.IndexOf | ex.Slice | ex.Concatenate | ex.Sorted, names: Names) -> str:
    match e:
        case ex.GetItem(default=None):
            total = isinstance(e.container.type, Maps) and e.container.type.total
            return f"{text_in(e.container, names, _ATOM)}[{text_in(e.key, names)}]{_mark(not total)}"
        case ex.GetItem(default=default):
            return f"{text_in(e.container, names, _ATOM)}.get({_listed((e.key, *(() if default is None else (default,))), names)})"
        case ex.Count():
            return f"{text_in(e.container, names, _ATOM)}.count({text_in(e.element, names)})"
        case ex.IndexOf():
            return f"{text_in(e.container, names, _ATOM)}.index({text_in(e.element, names)})"
        case ex.Slice():
            start, stop, step = (text_in(bound, names) if bound is not None else "" for bound in (e.start, e.stop, e.step))
            return f"{text_in(e.container, names, _ATOM)}[{start}:{stop}{f':{step}' if step else ''}]"
        case ex.Concatenate():
            parts = ", ".join(f"*{text_in(part, names, _ATOM)}" for part in e.parts)
            return f"({parts},)" if isinstance(e.type, Sequences) else f"[{parts}]"
        case ex.Sorted():
            key = "" if e.key is None or e.variable is None else f", key=({text_of_local(e.variable)}) -> {text_in(e.key, names)}"
            return f"sorted({text_in(e.value, names)}{key}{', reverse' * e.reverse})"
    assert_never(e)


def _comprehension(e: ex.Comprehension, names: Names) -> str:
    body = " ".join([text_in(e.body, names, _TERNARY), *(text_of_generator(generator, names) for generator in e.generators)])
    default = "" if e.default is None else f", default={text_in(e.default, names)}"
    match e.fold:
        case "all" | "any":
            return f"{e.fold}({body})"
        case "sum":
            return f"sum({body}){_mark(e.checked)}"
        case "min" | "max" | "first":
            return f"{e.fold}({body}{default}){_mark(e.default is None)}"
        case "count":
            return f"count({body})"
        case "set":
            return f"{{{body}}}" if isinstance(e.type, Sets) else f"frozenset({body})"
        case "list":
            return f"tuple({body})" if isinstance(e.type, Sequences) else f"[{body}]"
        case "map":
            return f"{{{text_in(e.key, names, _TERNARY) if e.key is not None else ''}: {body}}}"
        case "bag":
            return f"Bag({body})"
    assert_never(e.fold)


def _instances(actions: tuple[tuple[int, tuple[tuple[int, ex.Expression], ...]], ...], names: Names) -> str:
    shown = []
    for number, arguments in actions:
        name, parameters = names.action(number)
        given = (f"{parameters[i] if i < len(parameters) else i}={text_in(argument, names)}" for i, argument in arguments)
        shown.append(f"{name}({', '.join(given)})")
    return ", ".join(shown)


# ---------------------------------------------------------------- going through


def text_of_generator(generator: ex.Generator, names: Names) -> str:
    """Return a generator: `for x: T in source let y: U = ... if ...`."""
    lets = "".join(f" let {text_of_local(local)} = {text_in(value, names, _TERNARY)}" for local, value in generator.lets)
    conditions = "".join(f" if {text_in(condition, names, _TERNARY)}" for condition in generator.conditions)
    return f"for {text_of_targets(generator.targets, generator.source, names)}{lets}{conditions}"


def text_of_targets(targets: tuple[ex.Local, ...], source: ex.Source, names: Names) -> str:
    """Return `x: T in source`; all values of a domain say the type themselves."""
    bare = isinstance(source, ex.ValuesSource)
    shown = ", ".join(local.name if bare else text_of_local(local) for local in targets)
    return f"{shown} in {text_of_source(source, names)}"


def text_of_source(source: ex.Source, names: Names) -> str:
    """Return a source: `range(0, n)`, `reversed(xs)`, `&nodes.values()`."""
    match source:
        case ex.RangeSource():
            step = f", {source.step}" if source.step != 1 else ""
            return f"range({text_in(source.start, names, _TERNARY)}, {text_in(source.stop, names, _TERNARY)}{step})"
        case ex.ValuesSource():
            return text_of_type(source.domain)
        case ex.ContainerSource():
            shown = text_in(source.container, names, _TERNARY if source.what == "elements" else _ATOM) + _view(source.what)
            return f"reversed({shown})" if source.reverse else shown
        case ex.ReferenceSource():
            return f"&{text_of_place(source.place, names)}{_view(source.what)}"
        case ex.EnumerateSource():
            return f"enumerate({text_of_source(source.source, names)}, {text_in(source.start, names, _TERNARY)})"
        case ex.ZipSource():
            return f"zip({', '.join(text_of_source(one, names) for one in source.sources)})"
        case ex.SubsetsSource():
            return f"subsets({_listed((source.container, source.low, source.high), names)})"
    assert_never(source)


def _view(what: str) -> str:
    return "" if what == "elements" else f".{what}()"
