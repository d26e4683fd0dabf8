"""The functions that a model exports, and the whole text around them."""

import re
from typing import TYPE_CHECKING

from speccheck.domains.base import Domain
from speccheck.domains.layout import code_of
from speccheck.domains.scalars import Integers
from speccheck.engines.native.emit import canonical, orders
from speccheck.engines.native.emit.courses import numbers_of
from speccheck.engines.native.emit.forms import ctype, unpack
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import Part, loaded
from speccheck.engines.native.emit.text import printable, signed, unsigned
from speccheck.program.program import Function as Rule

if TYPE_CHECKING:
    from speccheck.engines.native.emit.unit import Unit


def described(unit: "Unit") -> str:
    """Return the whole text of a model."""
    program = unit.program
    functions = [_expand(unit), _visit(unit), _kept(unit), _step(unit), _compare(unit), _changes(unit)]
    functions += [_letter(unit)] if program.predicates else []
    functions += [_map(unit)] if program.mappings else []
    functions += [_step_letter(unit)] if asking(unit) else []
    division = canonical.division_of(unit)
    functions += [] if division is None else canonical.functions_of(unit, division)
    body = "\n".join([*unit.parts, *(one.text() for one in functions)])
    sizes = sorted({int(n) for n in re.findall(r"\bsc_bits_(\d+)\b", body)})
    instances = sum(len(rule.bindings()) for rule in unit.model.actions)
    judged = _checked(unit, program.step_invariants) or program.mappings
    said = (("CONSTRAINT", program.constraints), ("STEP", judged), ("CANONICAL", division))
    flags = [f"SC_HAS_{name}" for name, some in said if some]
    layout = unit.layout
    return "\n".join(
        [
            f"/* {printable(program.name)}: its rules, compiled. A state has {layout.bits} bits:",
            *(
                f" *     {layout.shifts[i]:>4} .. {layout.shifts[i] + code.bits - 1:<4} {printable(f'{one.name}: {one.domain.describe()}')[:120]}"
                for i, (one, code) in enumerate(zip(program.variables, layout.codes, strict=True))
            ),
            " */",
            '#include "model.h"',
            f"#define SC_WORDS {layout.words}",
            '#include "values.h"',
            "",
            *([] if division is None else canonical.head_of(division)),
            *(f"SC_BITS({n})" for n in sizes),
            *([f"const struct sc_model *speccheck_abstract[{len(program.mappings)}];", "sc_refined *speccheck_allows;", ""] if program.mappings else []),
            "",
            body,
            "const struct sc_model speccheck_model = {",
            f"    .abi = SC_ABI, .words = {layout.words}, .bits = {layout.bits}, .actions = {len(program.actions)}, .instances = {instances},",
            f"    .finds = {len(unit.finds.all)}, .flags = {' | '.join(flags) or '0'}, .variables = {len(program.variables)},",
            "    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,",
            *([] if division is None else ["    .canonical = sc_canonical,"]),
            *([f"    .letter = letter, .atoms = {len(program.predicates)},"] if program.predicates else []),
            *(["    .map = map,"] if program.mappings else []),
            *(["    .step_letter = step_letter,"] if asking(unit) else []),
            "};",
            "",
        ]
    )


def _checked(unit: "Unit", properties: object) -> list[str]:
    return [name for name in properties if unit.model.checked(name)]  # type: ignore[attr-defined]


def asking(unit: "Unit") -> list[int]:
    """Return the numbers of the predicates of formulas that may ask for the step out of a state."""
    return [number for number, name in enumerate(unit.program.predicates) if unit.analysis.reads_after(name)]


def _exported(unit: "Unit", head: str) -> Function:
    """Return a function of the model, which is given pointers to states."""
    f = Function(unit, "reads")
    f.head = head
    states = (("s", "from_s"), ("after", "from_t"))
    f.wanted += [(one, f"const u64 *{one} = {given};" if unit.wide else f"const u64 {one} = *{given};") for one, given in states]
    return f


def through(f: Function, rule: Rule) -> tuple[list[str], list[str]]:
    """Return the heads of the loops over all bindings, and the values of the parameters."""
    heads, texts = [], []
    for one in rule.parameters:
        assert isinstance(one.type, Domain)
        i = f.names.fresh(one.name)
        if isinstance(one.type, Integers):
            heads.append(f"for (i64 {i} = {signed(one.type.low)}; {i} <= {signed(one.type.high)}; {i}++)")
            texts.append(i)
            continue
        numbers = numbers_of(f, one.type)
        count = numbers if isinstance(numbers, int) else numbers[0]
        heads.append(f"for (u64 {i} = 0; {i} < {unsigned(count)}; {i}++)")
        texts.append(unpack(one.type, i if isinstance(numbers, int) else f"{numbers[1]}[{i}]"))
    return heads, texts


def _nested(f: Function, heads: list[str], line: str) -> None:
    """Write a line within loops; braces only where there are several loops."""
    for depth, head in enumerate(heads):
        f.line("    " * depth + head)
    f.line("    " * len(heads) + line)


def _expand(unit: "Unit") -> Function:
    f = _exported(unit, "static void expand(const u64 *from_s, struct sc_steps *out)")
    program = unit.program
    f.declared += ["u32 start = out->count, before = start;"] if unit.model.actions else []
    first = 0
    for number, name in enumerate(program.actions):
        rule = program.functions[name]
        bindings = len(unit.model.actions[number].bindings())
        heads, texts = through(f, rule)
        if len(heads) == 1:
            counter = heads[0].split()[2]
            instance = f"{first} + (u32){counter}" if first else f"(u32){counter}"
            if isinstance(rule.parameters[0].type, Integers) and (low := rule.parameters[0].type.low):
                instance = f"(u32)({first - low} + {counter})"
        elif heads:
            f.line(f"instance = {first};")
            instance = "instance++"
            if "u32 instance = 0;" not in f.declared:
                f.declared.append("u32 instance = 0;")
        else:
            instance = str(first)
        if number:
            f.line("before = out->count;")
        action = unit.action(name)
        if heads and unit.is_short(action) and 1 < _rounds(heads[-1]) <= 16:
            heads[-1] = f"SC_UNROLL {heads[-1]}"
        _nested(f, heads, f"{action}({', '.join(['s', *texts, instance, 'out'])});")
        for head in heads:
            f.names.release(head.removeprefix("SC_UNROLL ").split()[2])
        f.line(f"sc_counted(out, {'s' if unit.wide else '&s'}, {number}, before);")
        first += bindings
    _deadlock(unit, f)
    return f


def _rounds(head: str) -> int:
    """Return how many rounds the head of a loop from 0 on says; 0 where it does not."""
    found = re.fullmatch(r"for \(u64 \w+ = 0; \w+ < (\d+); \w+\+\+\)", head)
    return int(found[1]) if found else 0


def _deadlock(unit: "Unit", f: Function) -> None:
    """Mark a state without steps, unless it is a terminal one."""
    if not any(one.kind == "deadlock" and unit.model.checked(one.name) for one in unit.model.properties):
        return
    finds = unit.finds
    words = range((finds.erring + 63) // 64)
    erred = " || ".join(f"(out->found[{w}] & {unsigned((1 << min(64, finds.erring - 64 * w)) - 1)})" for w in words)
    if unit.model.actions:
        f.line(f"if (out->count != start || {erred}) return;")
    for name in unit.program.terminals:
        text = asked(f, unit.program.functions[name], ["s"], [])
        if unit.analysis.fails(name):
            error = finds.number("error", f"{name}.error")
            f.line(f"if (fail == SC_BEYOND) {{ out->ask(out, SC_ASK_PROPERTY, {_number_of_property(unit, 'deadlock')}, from_s, NULL); return; }}")
            f.line(f"if (fail) {{ sc_mark(out, {error}); return; }}")
        f.line(f"if ({text}) return;")
    f.line(f"sc_mark(out, {finds.number('deadlock', 'deadlock')});")


def asked(f: Function, rule: Rule, states: list[str], texts: list[str]) -> str:
    """Return what a predicate says; where it may fail, after the line that asks it, and `fail` is set."""
    unit = f.unit
    call = f"{unit.reader(rule.name, 'after' not in states)}({', '.join([*states, *texts, *(['&fail'] if unit.analysis.fails(rule.name) else [])])})"
    if not unit.analysis.fails(rule.name):
        return call
    if "int fail = 0;" not in f.declared:
        f.declared.append("int fail = 0;")
    return f.temporary("u64", call, "says")


def _visit(unit: "Unit") -> Function:
    f = _exported(unit, "static void visit(const u64 *from_s, struct sc_steps *out)")
    program = unit.program
    for name, function in program.invariants.items():
        if unit.model.checked(name):
            _holds(f, name, function, ["s"], "NULL")
    for name, function in program.reachables.items():
        if unit.model.checked(name):
            _reached(f, name, function)
    for name, function in program.mappings.items():
        _maps(f, name, function)
    return f


def _step(unit: "Unit") -> Function:
    f = _exported(unit, "static void step(const u64 *from_s, const u64 *from_t, struct sc_steps *out)")
    for name, function in unit.program.step_invariants.items():
        if unit.model.checked(name):
            _holds(f, name, function, ["s"] + (["after"] if unit.analysis.reads_after(function) else []), "from_t")
    for number, (name, function) in enumerate(unit.program.mappings.items()):
        _refines(f, number, name, function)
    return f


def _mapped(f: Function, rule: Rule, state: str, name: str) -> None:
    """Declare what a state maps to; where that may fail, `fail` is set."""
    assert isinstance(rule.result, Domain)
    fails = f.unit.analysis.fails(rule.name)
    if fails and "int fail = 0;" not in f.declared:
        f.declared.append("int fail = 0;")
    f.line(f"{ctype(rule.result)} {name} = {f.unit.reader(rule.name)}({', '.join([state, *(['&fail'] if fails else [])])});")


def _maps(f: Function, name: str, function: str) -> None:
    """Mark a state that cannot be mapped."""
    unit = f.unit
    if not unit.analysis.fails(function):
        return
    with f.block(""):
        _mapped(f, unit.program.functions[function], "s", "mapped")
        f.line(f"if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, {_number_of_property(unit, name)}, from_s, NULL);")
        f.line(f"else if (fail) sc_mark(out, {unit.finds.number('error', f'{function}.error')});")
        f.line("fail = 0;")


def _refines(f: Function, number: int, name: str, function: str) -> None:
    """Mark a step that maps to no step of the abstract spec, and not to no change."""
    unit, rule = f.unit, f.unit.program.functions[function]
    assert isinstance(rule.result, Domain)
    wide, fails = code_of(rule.result).wide, unit.analysis.fails(function)
    ask = f"out->ask(out, SC_ASK_PROPERTY, {_number_of_property(unit, name)}, from_s, from_t)"
    with f.block(f"if (sc_live(out, {unit.finds.number('violated', name)}))"):
        for state, mapped in (("s", "source"), ("after", "target")):
            _mapped(f, rule, state, mapped)
        a, b = (f"{one}.w" if wide else f"(u64[2]){{{one}}}" for one in ("source", "target"))
        differ = f"__builtin_memcmp({a}, {b}, {8 * (code_of(rule.result).bits + 63 >> 6)})" if wide else "source != target"
        first = "fail == SC_BEYOND ? -1 : fail || " if fails else ""
        f.line(f"int allowed = {first}!({differ}) ? 1 : speccheck_allows(speccheck_abstract[{number}], {a}, {b});")
        f.line(f"if (allowed < 0) {ask};")
        f.line(f"else if (!allowed) sc_mark(out, {unit.finds.number('violated', name)});")
        if fails:
            f.line("fail = 0;")


def _number_of_property(unit: "Unit", name: str) -> int:
    return next(i for i, one in enumerate(unit.model.properties) if one.name == name)


def _holds(f: Function, name: str, function: str, states: list[str], t: str) -> None:
    """Mark an invariant that is false or fails for some binding."""
    unit, rule = f.unit, f.unit.program.functions[function]
    find = unit.finds.number("violated", name)
    heads, texts = through(f, rule)
    with f.block(f"if (sc_live(out, {find}))"):
        if not unit.analysis.fails(function):
            call = asked(f, rule, states, texts)
            _nested(f, heads, f"if (!{call}) sc_mark(out, {find});")
            return
        for head in heads:
            f.line(head + " {")
            f.depth += 1
        text = asked(f, rule, states, texts)
        ask = f"out->ask(out, SC_ASK_PROPERTY, {_number_of_property(unit, name)}, from_s, {t})"
        f.line(f"if (fail == SC_BEYOND) {ask};")
        f.line(f"else if (fail || !{text}) sc_mark(out, {find});")
        f.line("fail = 0;")
        for _ in heads:
            f.depth -= 1
            f.line("}")


def _reached(f: Function, name: str, function: str) -> None:
    """Mark each binding for which a reachable is true, and the whole where it fails."""
    unit, rule = f.unit, f.unit.program.functions[function]
    bindings = next(one for one in unit.model.properties if one.name == name).rule
    first = unit.finds.number("witness", name, bindings.bindings()[0] if bindings is not None and bindings.bindings() else ())
    heads, texts = through(f, rule)
    with f.block(""):
        f.line(f"u32 find = {first};")
        for head in heads:
            f.line(head + " {")
            f.depth += 1
        with f.block("if (sc_live(out, find))"):
            text = asked(f, rule, ["s"], texts)
            if unit.analysis.fails(function):
                ask = f"out->ask(out, SC_ASK_PROPERTY, {_number_of_property(unit, name)}, from_s, NULL)"
                f.line(f"if (fail == SC_BEYOND) {ask};")
                f.line(f"else if (fail) sc_mark(out, {unit.finds.number('violated', name)});")
                f.line(f"else if ({text}) sc_mark(out, find);")
                f.line("fail = 0;")
            else:
                f.line(f"if ({text}) sc_mark(out, find);")
        if heads:
            f.line("find++;")
        for _ in heads:
            f.depth -= 1
            f.line("}")


def _kept(unit: "Unit") -> Function:
    f = _exported(unit, "static int kept(const u64 *from_s, struct sc_steps *out)")
    f.declared.append("int within = 1;")
    for number, name in enumerate(unit.program.constraints):
        text = asked(f, unit.program.functions[name], ["s"], [])
        if unit.analysis.fails(name):
            f.line(f"if (fail == SC_BEYOND) within &= out->ask(out, SC_ASK_KEPT, {number}, from_s, NULL);")
            f.line(f"else if (fail) sc_mark(out, {unit.finds.number('error', f'{name}.error')});")
            f.line(f"else within &= (int){text};")
            f.line("fail = 0;")
        else:
            f.line(f"within &= (int){text};")
    f.line("return within;")
    return f


def _letter(unit: "Unit") -> Function:
    """The atoms of temporal formulas that are predicates of states."""
    f = _exported(unit, "static void letter(const u64 *from_s, u64 *holds, u64 *raised, u64 *needs, struct sc_steps *out)")
    for number, name in enumerate(unit.program.predicates):
        _spelled(f, number, name, ["s"], "NULL")
    return f


def _map(unit: "Unit") -> Function:
    """The abstract states of the refinements, for their liveness."""
    f = _exported(unit, "static int map(u32 which, const u64 *from_s, u64 *out)")
    for number, function in enumerate(unit.program.mappings.values()):
        rule = unit.program.functions[function]
        assert isinstance(rule.result, Domain)
        code = code_of(rule.result)
        with f.block(f"if (which == {number})"):
            _mapped(f, rule, "s", "mapped")
            f.line(f"__builtin_memcpy(out, mapped.w, {8 * (code.bits + 63 >> 6)});" if code.wide else "*out = mapped;")
            f.line(f"return {'fail' if unit.analysis.fails(function) else 0};")
    f.line("return 1;")
    return f


def _step_letter(unit: "Unit") -> Function:
    """The predicates that may ask for the step out of a state, for one of these steps."""
    f = _exported(unit, "static void step_letter(const u64 *from_s, const u64 *from_t, u64 *holds, u64 *raised, struct sc_steps *out)")
    for number in asking(unit):
        _spelled(f, number, unit.program.predicates[number], ["s", "after"], "from_t")
    return f


def _spelled(f: Function, number: int, name: str, states: list[str], t: str) -> None:
    """Note whether a predicate holds, raises, or needs a step, of which there is none."""
    unit = f.unit
    word, bit = number // 64, f"1ull << {number % 64}"
    text = asked(f, unit.program.functions[name], states, [])
    if not unit.analysis.fails(name):
        f.line(f"if ({text}) holds[{word}] |= {bit};")
        return
    stepless = "after" not in states and unit.analysis.reads_after(name)
    with f.block("if (fail)"):
        f.line(f"int said = fail == SC_BEYOND ? out->ask(out, SC_ASK_ATOM, {number}, from_s, {t}) : {'fail == SC_STEP ? 3 : ' if stepless else ''}2;")
        f.line(f"if (said == 1) holds[{word}] |= {bit};")
        f.line(f"if (said == 2) raised[{word}] |= {bit};")
        if stepless:
            f.line(f"if (said == 3) needs[{word}] |= {bit};")
        f.line("fail = 0;")
    f.line(f"else if ({text}) holds[{word}] |= {bit};")


def _compare(unit: "Unit") -> Function:
    """Domain order: of the whole strings where all variables allow it."""
    f = _exported(unit, "static int compare(const u64 *from_s, const u64 *from_t)")
    layout = unit.layout
    if all(code.monotone for code in layout.codes):
        if not unit.wide:
            f.line("return (s > after) - (s < after);")
        else:
            f.line("for (int i = SC_WORDS - 1; i >= 0; i--)")
            f.line("    if (s[i] != after[i]) return s[i] < after[i] ? -1 : 1;")
            f.line("return 0;")
        return f
    for code, shift in zip(layout.codes, layout.shifts, strict=True):
        x, y = (loaded(f, Part(f.state(which).plus(shift), code.domain)) for which in ("self", "after"))
        type_ = "i64" if isinstance(code.domain, Integers) else "u64"
        if not code.wide:
            x, y = f.plain(type_, x), f.plain(type_, y)
        order = f.temporary("int", orders.compared(f, code.domain, x, y), "order")
        f.line(f"if ({order}) return {order};")
    f.line("return 0;")
    return f


def _changes(unit: "Unit") -> Function:
    f = _exported(unit, "static void changes(const u64 *from_s, const u64 *from_t, u64 *into)")
    layout = unit.layout
    for i, (one, code, shift) in enumerate(zip(unit.program.variables, layout.codes, layout.shifts, strict=True)):
        note = f" /* {printable(one.name)} */"
        if code.bits and unit.wide:
            f.line(f"into[{i // 64}] |= (u64)!sc_same(s, {shift}, after, {shift}, {code.bits}) << {i % 64};{note}")
        elif code.bits:
            f.line(f"into[{i // 64}] |= (u64)(((s ^ after) & {unsigned((1 << code.bits) - 1 << shift)}) != 0) << {i % 64};{note}")
    return f
