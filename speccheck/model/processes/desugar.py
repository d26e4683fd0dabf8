"""Desugaring: a spec with processes, written out as a spec with actions.

    @process(fairness="weak")                     writer_pc: dict[Instance, Literal["write_x", ...]] = each("write_x")
    def writer(self, i: Instance) -> Steps:       writer_v: Annotated[dict[Instance, Value], Partial] = {}
        while True:
            yield "write_x"               ->      @action
            ...                                   def writer_write_x(self, i: Instance) -> None: ...

                                                  writer = weak(writer_write_x, writer_write_y, per="i")

In: a loaded module. Out: the text of a module with the same states, steps and verdicts. Everything that is no process, and no question about one, stays as it
was written, comments included.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from typing import Any

from speccheck.domains.records import declared_fields
from speccheck.dsl import formulas, processes
from speccheck.dsl.processes import crash_of, pc_of, restart_of
from speccheck.dsl.rules import mark_of
from speccheck.errors import SpeccheckError
from speccheck.model.collect import members_in_order, translation_of
from speccheck.model.loading import Loaded
from speccheck.model.processes.actions import CRASH, crash_tree, end_tree, start_tree, step_tree
from speccheck.model.processes.annotations import inferred
from speccheck.model.processes.edits import Edits
from speccheck.model.processes.flat import positional
from speccheck.model.processes.layout import Comments, laid_out
from speccheck.model.processes.locals import annotations_of
from speccheck.model.processes.plain_names import PlainNames
from speccheck.model.processes.translate import ENDED, Translation, Written
from speccheck.model.syntax.trees import module_tree

_ASKING = {id(processes.at): "at", id(processes.crash): "crash", id(processes.restart): "restart"}
_ATOMS = {id(formulas.enabled): "enabled", id(formulas.occurs): "occurs"}
_SPECCHECK = ("Partial", "Range", "Total", "MaxLen", "Bag", "action", "any_of", "disable", "each", "init", "require", "strong", "terminal", "weak")
START_METHOD = "(start processes)"
_TYPING = ("Annotated", "Literal")


def desugared(loaded: Loaded) -> str:
    """Return the text of a module without processes. Raises SpeccheckError for processes that cannot be translated."""
    return _Module(loaded).text()


class _Module:
    """Writes one module out."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded, self.file = loaded, loaded.file
        self.tree = module_tree(loaded.file)
        self.edits = Edits(loaded.file)
        self.names = vars(loaded.module)
        self.comments = Comments(self.edits.source)
        self.translations = {cls: found for cls in loaded.specs if (found := _translation(cls)) is not None}
        self.plain = PlainNames(self.translations, set(self.names) | {n for cls in loaded.specs for n in (*members_in_order(cls), *declared_fields(cls))})
        self.around: Any = None  # the class whose text is being written
        self.instead: dict[type, dict[str, list[str]]] = {}  # class -> names in its `without=` -> what is written for them
        self.overridden: dict[type, list[str]] = {}  # class -> what is inherited of processes that something else overrides
        self.written: dict[type, list[str]] = {}  # class -> the processes that are written out in it

    def text(self) -> str:
        """Return the whole text."""
        for cls in self.loaded.specs:
            self._class(cls)
        self._questions(self.tree, False)
        self._imports()
        return self.edits.text()

    # ---------------------------------------------------------------- classes

    def _class(self, cls: Any) -> None:
        node = next(n for n in ast.walk(self.tree) if isinstance(n, ast.ClassDef) and n.name == cls.__name__)
        translation = self.translations.get(cls)
        own = {s.name: s for s in node.body if isinstance(s, ast.FunctionDef) and _is_process(cls, s.name)}
        self._drop_called(cls, node)
        self._dropped(cls, node)
        if translation is None:  # an abstract class that does not say enough: its subclasses write it out
            for method in own.values():
                self.edits.remove(method, node)
            return
        changed = [one for one in translation.written if one.parts.name in own or self._differs(cls, one)]
        self.written[cls] = [one.parts.name for one in changed]
        self.around = cls
        for one in changed:
            text = self._process(cls, translation, one)
            if one.parts.name in own:
                self.edits.replace(own[one.parts.name], text)
            else:
                self.edits.append(node, text)
        self._ended(cls, node, translation)
        self._started(cls, node, translation)
        self._leave_out(cls, node, translation)
        self._models(cls, node, translation)

    def _drop_called(self, cls: Any, node: ast.ClassDef) -> None:
        """Take away the generators that now stand in the place of their calls."""
        called = {id(function) for translation in self.translations.values() for one in translation.written for function in one.parts.made.called}
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and id(vars(cls).get(method.name)) in called and not _is_process(cls, method.name):
                self.edits.remove(method, node)

    def _dropped(self, cls: Any, node: ast.ClassDef) -> None:
        """Let `without=("writer",)` drop what a process has become."""
        before = {one.parts.name: one for base in reversed(cls.__mro__[1:]) if base in self.translations for one in self.translations[base].written}
        mine = {one.parts.name for one in self.translations[cls].written} if cls in self.translations else set()
        asked = set(cls._part_options.without)
        instead: dict[str, list[str]] = {}
        for name, one in before.items():
            if name in mine:
                continue
            groups = [name] if one.mark.fairness is not None and one.process.fair and name not in vars(cls) else []
            groups += [f"{self.plain.of(cls, name, step)}_strong" for step in one.process.strong]
            instead[name] = [*groups, *(self.plain.of(cls, name, step) for step in self._actions(one))]
        overridden = [new for name, names in instead.items() if name not in asked for new in names]
        if (instead or overridden) and cls not in self.translations:
            self.edits.leave_out(node, overridden, instead)
        self.instead[cls], self.overridden[cls] = instead, overridden

    def _base(self, cls: Any) -> Any:
        return next((base for base in cls.__mro__[1:] if base in self.translations), None)

    def _differs(self, cls: Any, one: Written) -> bool:
        """Return whether an inherited process does something else in this class, because it calls a generator that is overridden, or is written out nowhere."""
        base = self._base(cls)
        before = next((b for b in self.translations[base].written if b.parts.name == one.parts.name), None) if base is not None else None
        return before is None or _dumped(before) != _dumped(one)

    def _process(self, cls: Any, translation: Translation, one: Written) -> str:
        """Return all that a process becomes, in the body of its class."""
        parts, name = one.parts, one.parts.name
        constants = "".join(f"{self.plain.of(cls, name, constant)} = {ast.unparse(tree)}\n" for constant, tree in parts.made.sources.items())
        if constants:
            self.edits.before_class(cls.__name__, constants)
        pieces = [self._variables(cls, one)]
        for label, action in zip(one.process.labels, one.process.steps):
            pieces.append(self._function(cls, one, step_tree(parts, label), "action", translation.rules[action].doc))
        if one.mark.crashes:
            crashing = f"{name}.{CRASH}"
            first = one.first
            pieces.append(self._function(cls, one, crash_tree(parts, crashing, (*first, processes.DONE, processes.CRASHED)), "action"))
        if self._used("crash"):
            pieces.append(self._function(cls, one, crash_tree(parts, crash_of(name), (processes.DONE, processes.CRASHED))))
        alike = [other for t in self.translations.values() for other in t.written if other.parts.name == name]
        if self._used("restart") or any(other.parts.start is None for other in alike):  # an inherited @init may start it
            pieces.append(self._function(cls, one, start_tree(parts)))
        return "\n".join([*pieces, *self._fairness(cls, one)])

    def _used(self, what: str) -> bool:
        return any(isinstance(n, ast.Call) and self._asked(n) == what for n in ast.walk(self.tree))

    def _variables(self, cls: Any, one: Written) -> str:
        arguments = positional(one.parts.made.function_tree)[1:]
        keys = ", ".join(ast.unparse(a.annotation) for a in arguments if a.annotation)
        key = f"tuple[{keys}]" if len(arguments) > 1 else keys
        lines = []
        for variable, (domain, _) in one.variables.items():
            value = domain.value_domain if arguments else domain  # type: ignore[attr-defined]
            local = variable.removeprefix(f"{one.parts.name}.")
            text = self._annotation(one, local, value)
            is_pc = variable == pc_of(one.parts.name)
            if arguments:
                text = f"dict[{key}, {text}]" if is_pc else f"Annotated[dict[{key}, {text}], Partial]"
            elif not is_pc and not re.search(r"\bNone\b", text):
                text += " | None"
            begin = f'"{one.first[0]}"' if is_pc else "{}" if arguments else "None"
            lines.append(f"{self.plain.of(cls, one.parts.name, variable)}: {text} = {f'each({begin})' if arguments and is_pc else begin}")
        return "\n".join(lines) + "\n"

    def _annotation(self, one: Written, local: str, domain: Any) -> str:
        annotation = annotations_of(one.parts.made.function_tree).get(local)
        if annotation is not None:
            return ast.unparse(annotation)
        return inferred(domain)

    def _function(self, cls: Any, one: Written, tree: ast.FunctionDef, decorator: str | None = None, doc: str = "") -> str:
        tree = self.plain.renamed(cls, one, tree)
        tree = _Asking(self).visit(tree)
        return laid_out(tree, decorator, self.comments)

    def _fairness(self, cls: Any, one: Written) -> Iterator[str]:
        process, plain = one.process, self.plain
        names = [repr(p.name) for p in process.parameters]
        per = f", per={names[0]}" if len(names) == 1 else f", per=({', '.join(names)})" if names else ""
        per = per.replace("'", '"')
        if one.mark.fairness is not None and process.fair:
            steps = ", ".join(plain.of(cls, process.name, step) for step in process.fair)
            yield f"{process.name} = {one.mark.fairness}({steps}{per})\n"
        for step in process.strong:
            yield f"{plain.of(cls, process.name, step)}_strong = strong({plain.of(cls, process.name, step)}{per})\n"

    def _ended(self, cls: Any, node: ast.ClassDef, translation: Translation) -> None:
        base = self._base(cls)
        waited = [one for one in translation.written if not one.process.daemon]
        before = [one.parts.name for one in self.translations[base].written if not one.process.daemon] if base is not None else None
        if before == [one.parts.name for one in waited]:
            return
        tree = end_tree([one.parts for one in waited], self.plain.of(cls, "", ENDED), node)
        for part in ast.walk(tree):
            if isinstance(part, ast.Attribute) and part.attr.endswith(".pc"):
                part.attr = self.plain.of(cls, part.attr.partition(".")[0], part.attr)
        text = laid_out(tree, "terminal", self.comments, "bool")
        self.edits.append(node, text)

    def _started(self, cls: Any, node: ast.ClassDef, translation: Translation) -> None:
        """Let @init start the processes whose start is computed."""
        computed = [one for one in translation.written if one.parts.start is None]
        given = next(
            (n for n in members_in_order(cls) if (m := mark_of(getattr(cls, n, None))) and m.role == "init" and n not in cls._part_options.without), None
        )
        method = next((s for s in node.body if isinstance(s, ast.FunctionDef) and s.name == given), None)
        drops_init = any((m := mark_of(getattr(cls, name, None))) and m.role == "init" for name in cls._part_options.without)
        if method is None and not drops_init:  # those of the base class are started there
            computed = [one for one in computed if one.parts.name in self.written[cls]]
        if not computed:
            return
        lines = []
        for one in computed:
            arguments = positional(one.parts.made.function_tree)[1:]
            pc = self.plain.of(cls, one.parts.name, pc_of(one.parts.name))
            loops = [f"for {', '.join(a.arg for a in arguments)} in self.{pc}:"] if arguments else []
            indent = "".join(f"{'    ' * n}{loop}\n" for n, loop in enumerate(loops))
            call = f"self.{self.plain.of(cls, one.parts.name, restart_of(one.parts.name))}({', '.join(a.arg for a in arguments)})"
            lines.append(f"{indent}{'    ' * len(loops)}{call}\n")
        if method is not None:
            self.edits.append(method, "".join(lines))
        else:
            before = f"    super().{given}()\n" if given else ""
            body = "".join(f"    {one}\n" for one in "".join(lines).splitlines())
            self.edits.append(node, f"@init\ndef {given or self.plain.of(cls, '', START_METHOD)}(self) -> None:\n{before}{body}")

    def _leave_out(self, cls: Any, node: ast.ClassDef, translation: Translation) -> None:
        """Leave out what is inherited and replaced: steps of a process that has others here, and processes of an imported class, which is not written out."""
        steps = {step for one in translation.written for step in self._actions(one)}
        names = {one.parts.name for one in translation.written}
        bases = [self.translations[base] for base in cls.__mro__[1:] if base in self.translations]
        before = {step: one.parts.name for base in bases for one in base.written for step in self._actions(one) if one.parts.name in names}
        gone = [self.plain.of(cls, name, step) for step, name in before.items() if step not in steps]
        imported = [name for name in names if not any(name in vars(base) for base in self.loaded.specs if base in cls.__mro__)]
        if gone or imported or self.instead[cls]:
            self.edits.leave_out(node, [*sorted(imported), *gone, *self.overridden[cls]], self.instead[cls])

    def _actions(self, one: Written) -> tuple[str, ...]:
        return (*one.process.steps, *([f"{one.parts.name}.{CRASH}"] if one.mark.crashes else []))

    # ---------------------------------------------------------------- what speaks of processes

    def _models(self, cls: Any, node: ast.ClassDef, translation: Translation) -> None:
        """Let `@model` lines name actions as they are called now."""
        by_name = {one.parts.name: one for one in translation.written}
        for decorator in node.decorator_list:
            if not isinstance(decorator, ast.Call):
                continue
            for keyword in decorator.keywords:
                for part in ast.walk(keyword.value):
                    if not isinstance(part, ast.Constant) or not isinstance(part.value, str):
                        continue
                    process = part.value.partition(".")[0]
                    if process in by_name and keyword.arg in ("via", "violates", "unknown", "only", "skip"):
                        self._expectation(cls, decorator, keyword, part, by_name[process])

    def _expectation(self, cls: Any, decorator: ast.Call, keyword: ast.keyword, part: ast.Constant, one: Written) -> None:
        name = str(part.value)
        if name == one.parts.name and keyword.arg == "via":  # some step of it, which is not to be said of several actions
            self.edits.remove_keyword(decorator, keyword)
            return
        step = next((s for s in one.process.steps if name == s or name.startswith(f"{s}.")), None)
        if step is None and name.startswith(f"{one.parts.name}.{CRASH}"):
            step = f"{one.parts.name}.{CRASH}"
        if step is not None:
            self.edits.replace_expression(part, f'"{self.plain.of(cls, one.parts.name, step)}{name.removeprefix(step)}"')

    def _questions(self, tree: ast.AST, atom: bool) -> None:
        """Replace `at`, `crash`, `restart`, `occurs` and `enabled` of processes, and groups, outside of the processes themselves."""
        for child in ast.iter_child_nodes(tree):
            if isinstance(tree, ast.Module):
                self.around = next((c for c in self.loaded.specs if isinstance(child, ast.ClassDef) and c.__name__ == child.name), None)
            if isinstance(child, ast.FunctionDef):
                if isinstance(tree, ast.ClassDef) and self._is_replaced(tree, child):
                    continue
                self._questions(child, any(isinstance(d, ast.Name) and d.id == "temporal" for d in child.decorator_list))
                continue
            if isinstance(child, ast.Call):
                text = self.answer(child, atom and not isinstance(tree, ast.Lambda))
                if text is not None:
                    self.edits.replace_expression(child, text)
                    continue
            self._questions(child, (atom and not isinstance(child, ast.Lambda)) or isinstance(tree, ast.ClassDef))

    def _is_replaced(self, tree: ast.ClassDef, method: ast.FunctionDef) -> bool:
        cls = next((c for c in self.loaded.specs if c.__name__ == tree.name), None)
        return cls is not None and _is_process(cls, method.name)

    def _asked(self, call: ast.Call) -> str | None:
        function = self._value(call.func)
        return _ASKING.get(id(function)) or _ATOMS.get(id(function)) if function is not None else None

    def _value(self, expression: ast.expr) -> Any:
        match expression:
            case ast.Name(id=name):
                return self.names.get(name)
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                return getattr(self.names.get(module), name, None) if module in self.names else None
        return None

    def answer(self, call: ast.Call, atom: bool) -> str | None:
        """Return what a question about a process becomes; None for any other call. `atom`: where a formula is built."""
        what = self._asked(call)
        if what is None:
            return self._group(call)
        match call.args:
            case [ast.Attribute(value=value, attr=name), *_]:
                receiver = f"{ast.unparse(value)}."
            case [ast.Name(id=name), *_] if what in ("enabled", "occurs"):
                receiver = ""
            case _:
                return None
        cls, one = self._written(name)
        if one is None:
            return None
        given = self._arguments(call, one)
        if what in ("enabled", "occurs"):
            return self._any_step(call, cls, one, receiver, atom)
        if what == "at":
            pc = f"{receiver}{self.plain.of(cls, name, pc_of(name))}"
            return f"{pc}[{', '.join(given)}]" if given else pc
        method = crash_of(name) if what == "crash" else restart_of(name)
        return f"{receiver}{self.plain.of(cls, name, method)}({', '.join(given)})"

    def _written(self, process: str) -> tuple[Any, Written | None]:
        """Return the process of this name, that of the class around before that of any other one."""
        near = [cls for cls in getattr(self.around, "__mro__", ()) if cls in self.translations]
        for cls in (*near, *self.translations):
            translation = self.translations[cls]
            for one in translation.written:
                if one.parts.name == process:
                    return cls, one
        return None, None

    def _arguments(self, call: ast.Call, one: Written) -> list[str]:
        named = {k.arg: k.value for k in call.keywords}
        names = one.parts.made.parameters
        positional = dict(zip(names, call.args[1:]))
        return [ast.unparse(positional.get(name) or named[name]) for name in names if name in positional or name in named]

    def _any_step(self, call: ast.Call, cls: Any, one: Written, receiver: str, atom: bool) -> str:
        rest = "".join(f", {ast.unparse(a)}" for a in call.args[1:]) + "".join(f", {k.arg}={ast.unparse(k.value)}" for k in call.keywords)
        steps = [f"{ast.unparse(call.func)}({receiver}{self.plain.of(cls, one.parts.name, step)}{rest})" for step in one.process.steps]
        if len(steps) == 1:
            return steps[0]
        return f"any_of({', '.join(steps)})" if atom else f"({' or '.join(steps)})"

    def _group(self, call: ast.Call) -> str | None:
        """A fairness group that names a process names its fair steps."""
        if self._value(call.func) not in (formulas.weak, formulas.strong):
            return None
        members: list[str] = []
        changed = False
        for argument in call.args:
            name = argument.id if isinstance(argument, ast.Name) else argument.attr if isinstance(argument, ast.Attribute) else ""
            cls, one = self._written(name)
            if one is None:
                members.append(ast.unparse(argument))
                continue
            changed = True
            owner = f"{ast.unparse(argument.value)}." if isinstance(argument, ast.Attribute) else ""
            members += [f"{owner}{self.plain.of(cls, name, step)}" for step in one.process.fair]
        if not changed:
            return None
        keywords = [f"{k.arg}={self._per(k.value)}" for k in call.keywords]
        return f"{ast.unparse(call.func)}({', '.join([*members, *keywords])})"

    def _per(self, value: ast.expr) -> str:
        if not isinstance(value, ast.Dict):
            return ast.unparse(value)
        items = []
        for key, one in zip(value.keys, value.values):
            cls, found = self._written(str(key.value) if isinstance(key, ast.Constant) else "")
            names = (
                [self.plain.of(cls, found.parts.name, step) for step in found.process.fair]
                if found is not None
                else [ast.literal_eval(key or ast.Constant(""))]
            )
            items += [f"{name!r}: {ast.unparse(one)}" for name in names]
        return f"{{{', '.join(items)}}}"

    # ---------------------------------------------------------------- imports

    def _imports(self) -> None:
        """Import what the text uses now, and no more what only processes need."""
        text = self.edits.text()
        used = set(re.findall(r"[A-Za-z_]\w*", _without_imports(text)))
        bound = set(self.names)
        for statement in self.tree.body:
            if isinstance(statement, ast.ImportFrom) and statement.module == "speccheck" and all(a.asname is None and a.name != "*" for a in statement.names):
                names = sorted({a.name for a in statement.names if a.name in used} | {n for n in _SPECCHECK if n in used and n not in bound}, key=_as_imported)
                self.edits.replace_statement(statement, _import_line("speccheck", names))
                bound |= set(names)
                break
        missing = [n for n in _TYPING if n in used and n not in bound]
        typing = next((s for s in self.tree.body if isinstance(s, ast.ImportFrom) and s.module == "typing" and all(a.asname is None for a in s.names)), None)
        if missing and typing is not None:
            self.edits.replace_statement(typing, _import_line("typing", sorted({*missing, *(a.name for a in typing.names)})))
        elif missing:
            self.edits.before_first_import(self.tree, _import_line("typing", missing))
        rest = [n for n in _SPECCHECK if n in used and n not in bound]
        if rest:
            self.edits.before_first_import(self.tree, _import_line("speccheck", rest))


def _as_imported(name: str) -> tuple[bool, str]:
    return (not name[0].isupper(), name)


def _import_line(module: str, names: Iterable[str]) -> str:
    names = list(names)
    if not names:
        return ""
    line = f"from {module} import {', '.join(names)}"
    return line if len(line) <= 100 else f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"


def _without_imports(text: str) -> str:
    """Return the code of a module without comments, texts and imports."""
    kept = []
    tree = ast.parse(text)
    for statement in tree.body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            kept.append(ast.unparse(statement))
    names = []
    for token in tokenize.generate_tokens(io.StringIO("\n".join(kept)).readline):
        if token.type == tokenize.NAME:
            names.append(token.string)
    return " ".join(names)


def _translation(cls: Any) -> Translation | None:
    try:
        return translation_of(cls)
    except SpeccheckError:
        if cls._part_options.abstract:
            return None
        raise


def _is_process(cls: Any, name: str) -> bool:
    mark = mark_of(vars(cls).get(name))
    return mark is not None and mark.role == "process"


def _dumped(one: Written) -> tuple[Any, ...]:
    trees = [ast.dump(step_tree(one.parts, label)) for label in one.process.labels] + [ast.dump(start_tree(one.parts))]
    return (one.process.labels, one.process.fair, one.mark.fairness, one.mark.crashes, tuple(trees), tuple(d.describe() for d, _ in one.variables.values()))


class _Asking(ast.NodeTransformer):
    """Replaces questions about processes in a step."""

    def __init__(self, module: _Module) -> None:
        self.module = module

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        text = self.module.answer(node, False)
        return node if text is None else ast.copy_location(ast.parse(text, mode="eval").body, node)

    def visit_If(self, node: ast.If) -> ast.AST:
        """A guard is `require`, as one writes it."""
        self.generic_visit(node)
        match node:
            case ast.If(test=ast.Compare(left=left, ops=[op], comparators=[right]), body=[ast.Expr(value=ast.Call(func=ast.Name(id="disable")))], orelse=[]):
                opposite: dict[type[ast.cmpop], ast.cmpop] = {ast.NotEq: ast.Eq(), ast.In: ast.NotIn()}
                if type(op) in opposite and _is_pc(left):
                    guard = ast.Call(ast.Name("require", ast.Load()), [ast.Compare(left, [opposite[type(op)]], [right])], [])
                    return ast.fix_missing_locations(ast.copy_location(ast.Expr(guard), node))
        return node


def _is_pc(tree: ast.expr) -> bool:
    inner = tree.value if isinstance(tree, ast.Subscript) else tree
    return isinstance(inner, ast.Attribute) and inner.attr.rstrip("_").endswith("_pc")
