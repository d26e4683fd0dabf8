"""Well-formedness: what is true of every Program, whoever made it. Checked after the lowering and after every pass.

In: a Program. Out: what is wrong with it, nothing if all is well::

    rm_prepare (two_phase.py:55): the operand is of type Range(0, 3), not bool: not count

An empty list is no proof: a step that is said to be sure may not be, for example.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.flow import Fault, faults_of_flow
from speccheck.program.notation import Names, text_in, text_of_type
from speccheck.program.places import Misfit, expect, expect_integer, fit_place, fit_targets, state_of
from speccheck.program.printer import place_in_file
from speccheck.program.program import Function, Program
from speccheck.program.relations import element_of, same
from speccheck.program.typed import fit_arguments, fit_expression, function_named
from speccheck.program.types import BOOL, Ref, Type
from speccheck.program.walk import bound_by, called_by, children, expressions_of, parts_of, places_of, rules_of, statements_in
from speccheck.source import Span


def faults(program: Program) -> list[str]:
    """Return what is wrong with a Program."""
    found = list(_of_names(program))
    for name, function in program.functions.items():
        found += [_said(name, span, message) for span, message in _of_function(function, program)]
    return found + ([] if found else [*_of_rules(program), *_of_states(program)])


def _said(name: str, span: Span, message: str) -> str:
    return f"{name} ({place_in_file(span)}): {message}"


# ---------------------------------------------------------------- the whole


def _of_names(program: Program) -> Iterator[str]:
    yield from (f"two variables are called '{name}'" for name in _repeated(variable.name for variable in program.variables))
    for key, function in program.functions.items():
        if key != function.name:
            yield f"the function '{function.name}' is listed as '{key}'"
    yield from (f"there is no function '{name}', which is said to be a rule" for name in rules_of(program) if name not in program.functions)
    yield from _recursion(program)


def _repeated(names: Iterable[str]) -> list[str]:
    listed = list(names)
    return sorted({name for name in listed if listed.count(name) > 1})


def _recursion(program: Program) -> Iterator[str]:
    """Yield each function that calls itself, directly or through others."""
    calls = {name: [called for called in called_by(function) if called in program.functions] for name, function in program.functions.items()}
    for name in calls:
        if name in _reached(calls[name], calls):
            yield f"'{name}' calls itself"


def _reached(start: Iterable[str], calls: Mapping[str, Iterable[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += calls[name]
    return reached


def _of_rules(program: Program) -> Iterator[str]:
    for name in rules_of(program):
        function = program.functions[name]
        if any(parameter.by_reference or isinstance(parameter.type, Ref) for parameter in function.parameters):
            yield f"the rule '{name}' has a parameter that is a reference"
        if name in program.actions:
            if not function.acts:
                yield f"the action '{name}' does not act"
            if function.result is not None:
                yield f"the action '{name}' has a result"
        else:
            if function.acts:
                yield f"the rule '{name}' acts, and is no action"
            if name in program.mappings.values():
                if not isinstance(function.result, Records):
                    yield f"the mapping '{name}' does not return a record"
            elif function.result is None or not same(function.result, BOOL):
                yield f"the rule '{name}' does not return a bool"


def _of_states(program: Program) -> Iterator[str]:
    """Yield the rules that are about one state and look at the one after the step; `occurs` does so, too."""
    calls = {name: called_by(function) for name, function in program.functions.items()}
    looking = {name for name, function in program.functions.items() if _looks_after(function)}
    of_steps = {*program.step_invariants.values(), *program.predicates}
    for name in rules_of(program):
        if name not in of_steps and _reached([name], calls) & looking:
            yield f"the rule '{name}' looks at the state after the step"


def _looks_after(function: Function) -> bool:
    references = any(isinstance(local.type, Ref) and local.type.which == "after" for local in function.parameters)
    return references or any(isinstance(part, ex.Occurs) or "after" in map(state_of, places_of(part)) for part in parts_of(function.body))


# ---------------------------------------------------------------- functions


def _of_function(function: Function, program: Program) -> list[Fault]:
    found = [*_of_locals(function), *faults_of_flow(function)]
    for statement in statements_in(function.body):
        inside = [fault for expression in expressions_of(statement) for fault in _inside(expression, program)]
        found += inside
        try:
            if not function.acts:
                _only_reads(statement)
            if not inside:
                _fit(statement, function, program)
        except Misfit as misfit:
            found.append((statement.span, f"{type(statement).__name__}: {misfit}"))
    return found


def _inside(expression: ex.Expression, program: Program) -> list[Fault]:
    """Return where the types inside of an expression do not agree. What has a faulty part is not looked at itself."""
    found = [fault for child in children(expression) for fault in _inside(child, program)]
    if found:
        return found
    try:
        fit_expression(expression, program)
    except Misfit as misfit:
        # What holds no proper value cannot be shown; the message says it.
        shown = "" if isinstance(expression, ex.Constant | ex.Table | ex.IsOneOf) else f": {text_in(expression, Names(program))}"
        return [(expression.span, f"{misfit}{shown}")]
    return []


def _of_locals(function: Function) -> Iterator[Fault]:
    """Yield the names that stand for two locals, or are used for a local that is another one."""
    types: dict[str, Type] = {}
    inside: set[str] = set()  # locals of comprehensions and keys
    outside = {parameter.name for parameter in function.parameters}
    for name in _repeated(parameter.name for parameter in function.parameters):
        yield function.span, f"two parameters are called '{name}'"
    if not function.acts:
        yield from ((function.span, f"'{one.name}' is changed, and the function only reads") for one in function.parameters if one.by_reference)
    for local in function.parameters:
        types[local.name] = local.type
    for part in parts_of(function.body):
        bound = bound_by(part)
        (inside if isinstance(part, ex.Expression) else outside).update(local.name for local in bound)
        roots = tuple(place.root for place in places_of(part) if isinstance(place.root, ex.Local))
        for local in (*bound, *roots):
            known = types.setdefault(local.name, local.type)
            if not same(known, local.type):
                yield part.span, f"'{local.name}' is of type {text_of_type(known)} and of type {text_of_type(local.type)}"
    yield from ((function.span, f"'{name}' is a local of the function and one of an expression") for name in sorted(inside & outside))


# ---------------------------------------------------------------- statements


def _only_reads(statement: st.AnyStatement) -> None:
    """Raise Misfit for a statement that a function which only reads cannot have."""
    match statement:
        case st.Store() | st.Change():
            if state_of(statement.place) is not None:
                raise Misfit("a write to the state in a function that only reads")
        case st.Touch() | st.Require() | st.Choose() | st.Run():
            raise Misfit("in a function that only reads")


def _fit(statement: st.AnyStatement, function: Function, program: Program) -> None:
    """Raise Misfit unless the types inside of a statement agree."""
    match statement:
        case st.Assign():
            expect("the value", statement.value.type, statement.local.type)
        case st.Store() | st.Change():
            fit_place(statement.place, program)
            _writable(statement.place)
            if isinstance(statement, st.Store):
                _sure(statement.place)
                expect("the value", statement.value.type, statement.place.domain)
            else:
                _change(statement)
        case st.If() | st.Require():
            expect("the test", statement.test.type, BOOL)
        case st.For():
            if isinstance(statement.source, ex.SubsetsSource):
                raise Misfit("subsets are only chosen from")
            fit_targets(statement.targets, statement.source, program)
        case st.Choose():
            fit_targets((statement.local,), statement.source, program)
        case st.Return():
            if statement.value is not None and function.result is not None:
                expect("the value", statement.value.type, function.result)
        case st.Run():
            _run(statement, program)
        case st.Touch() | st.Loop() | st.Break() | st.Continue() | st.Fail():
            pass
        case _:
            assert_never(statement)


def _writable(place: ex.Place) -> None:
    if state_of(place) == "after":
        raise Misfit("a write to the state after the step")
    if isinstance(place.root, ex.Local) and not place.root.domain.mutable:
        raise Misfit(f"a write to '{place.root.name}', whose values are not mutable")


def _sure(place: ex.Place) -> None:
    if place.steps and isinstance(place.steps[-1], ex.KeyStep) and not place.steps[-1].sure:
        raise Misfit("a value is written at a key that is not sure to be there")


def _run(statement: st.Run, program: Program) -> None:
    called = function_named(statement.function, program)
    if not called.acts:
        raise Misfit(f"'{called.name}' does not act: it is called")
    fit_arguments(called, statement.arguments)
    if statement.local is not None:
        if called.result is None:
            raise Misfit(f"'{called.name}' has no result")
        expect("the result", called.result, statement.local.type)


def _change(statement: st.Change) -> None:
    domain, given = statement.place.domain, statement.arguments
    fitting, wanted = _operands(statement.operation, domain)
    if not fitting:
        raise Misfit(f"{statement.operation} of {text_of_type(domain)}")
    if len(given) != len(wanted):
        raise Misfit(f"{len(given)} arguments of {statement.operation}, which has {len(wanted)}")
    for argument, type_ in zip(given, wanted):
        if type_ is None:
            expect_integer("the index", argument.type)
        else:
            expect("the argument", argument.type, type_)


def _operands(operation: st.Operation, domain: Domain) -> tuple[bool, tuple[Domain | None, ...]]:
    """Return whether an operation changes values of a domain, and the types of its arguments: None for an index."""
    element = element_of(domain)
    match operation:
        case "add" | "remove":
            return isinstance(domain, Sets | Bags), (element,)
        case "discard":
            return isinstance(domain, Sets), (element,)
        case "append":
            return isinstance(domain, Lists), (element,)
        case "insert":
            return isinstance(domain, Lists), (None, element)
        case "delete":
            return isinstance(domain, Lists), (None,)
        case "reverse":
            return isinstance(domain, Lists), ()
        case "delete_key" | "discard_key":
            return isinstance(domain, Maps) and not domain.total, (element,)
    assert_never(operation)
