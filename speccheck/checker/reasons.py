"""Why an expression is true or false: its operands that decide it, with their values, down to what is read from the state.

In: an expression with the scope in which it has its value. Out: lines, nested ones below what they explain::

    not any(self.pc[p] == "eat" and self.pc[right(p)] == "eat" for p in PHILOSOPHERS)

    for p = 2
      self.pc[p] == "eat"           "eat" == "eat"
      self.pc[right(p)] == "eat"    "eat" == "eat"
        right(p)                    3

What is stated of a comparison is what is true, so one that is false reads `4 != 5`, and one need not know which way round each line is meant.
"""

import ast
import builtins
import types
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from speccheck.checker.result import Explained
from speccheck.checker.wording import LONGEST, SIDE, WORDS, compared, difference, shortened, true_word, value_text
from speccheck.domains.parts import Part, Slot, path_of
from speccheck.domains.records import Record
from speccheck.dsl.spec import Spec
from speccheck.model.syntax.evaluate import NO_KEY, Comprehension, Row, Scope, in_order, names_in, rows, scope_of
from speccheck.model.syntax.follow import CannotFollow, Followed, Matched, Round, Tested, Turn, follow, repeatable
from speccheck.model.syntax.texts import text_of
from speccheck.model.syntax.users import users_tree
from speccheck.source import span_of

MOST_LINES = 15
MOST_CALLS = 6  # of user functions, one inside the other
FEW = 3  # so many rounds of a quantifier are explained one by one

_BOOLEAN = (ast.Compare, ast.BoolOp)
_COMPREHENSION = (ast.GeneratorExp, ast.ListComp, ast.SetComp)
_UNINTERESTING = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, Spec)


class Reasons:
    """Collects the lines of one explanation. A line that is only a detail is left out first where there are too many."""

    def __init__(self) -> None:
        self._lines: list[tuple[Explained, bool]] = []
        self._said: set[tuple[object, str, str]] = set()
        self._calls = 0

    def told(self) -> tuple[Explained, ...]:
        """Return what was collected, in about `MOST_LINES` lines."""
        lines = list(self._lines)
        for index in reversed(range(len(lines))):
            if len(lines) > MOST_LINES and lines[index][1]:
                del lines[index]
        shown = [line for line, _ in lines]
        if len(shown) > MOST_LINES:
            shown = [*shown[: MOST_LINES - 1], Explained(shown[MOST_LINES - 1].depth, "...", "")]
        return tuple(shown)

    def operand(self, scope: Scope, tree: ast.expr, depth: int) -> None:
        """Say the value of something that an operation worked on. Never raises."""
        self._part(scope, tree, depth, constants=True)

    # ---------------------------------------------------------------- functions

    def followed(self, path: Followed, depth: int = 0) -> None:
        """Explain how a function came to return what it returned."""
        for turn in path.turns:
            self._turn(turn, depth + turn.depth)
        if path.returned is None:
            return
        if not repeatable(path.returned):
            self._say(path.scope, depth + path.depth, path.returned, value_text(path.value))
        elif isinstance(path.value, bool):
            self.why(path.scope, path.returned, depth + path.depth)
        else:
            self._beneath(path.scope, path.returned, depth + path.depth)

    def _turn(self, turn: Turn, depth: int) -> None:
        match turn:
            case Tested(test, truth, scope):
                if repeatable(test):
                    self.why(scope, test, depth)
                else:
                    self._say(scope, depth, test, str(truth))
            case Round(loop, key, scope):
                self._bound(scope, [(loop.target, loop.iter, key)], depth, loop)
            case Matched(subject, case, scope):
                self._say(scope, depth, subject, f"{value_text(scope.value(subject), SIDE)} is case {ast.unparse(case.pattern)}")
                if case.guard is not None:
                    self._say(scope, depth, case.guard, "True")

    def _inside(self, scope: Scope, call: ast.Call, depth: int, answer: Any) -> bool:
        """Explain a call of a function of the user's from the inside; False where there is nothing to look into."""
        function = scope.value(call.func)
        tree = users_tree(function)
        if tree is None or self._calls >= MOST_CALLS:
            return tree is not None
        positional = [one for argument in call.args for one in _spread(scope, argument)]
        if isinstance(function, types.MethodType):
            positional.insert(0, function.__self__)
        named: dict[str, Any] = {}
        for keyword in call.keywords:
            named |= scope.value(keyword.value) if keyword.arg is None else {keyword.arg: scope.value(keyword.value)}
        self._calls += 1
        try:
            within = scope_of(tree, positional, named)
            within.known |= {"self"} | {name for name in within.own if _passed_on(scope, call, name)}
            path = follow(tree, within)
            if type(path.value) is type(answer) and path.value == answer:  # else a decorator, or other code than the source says
                self.followed(path, depth)
        except (CannotFollow, TypeError):
            pass
        finally:
            self._calls -= 1
        return True

    # ---------------------------------------------------------------- why something is true or false

    def why(self, scope: Scope, tree: ast.expr, depth: int) -> None:
        """Explain why an expression is true, or false. Raises what evaluating it raises."""
        _note_walrus(scope, tree)
        match tree:
            case ast.Constant():
                pass
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.why(scope, operand, depth)
            case ast.BoolOp():
                self._joined(scope, tree, depth)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.why(scope, test, depth)
                self.why(scope, body if scope.value(test) else orelse, depth)
            case ast.NamedExpr(value=value):
                scope.value(tree)
                self.why(scope, value, depth)
            case ast.Compare():
                self._comparison(scope, tree, depth)
            case ast.Call():
                self._call(scope, tree, depth)
            case ast.Name() if tree.id not in scope.known or tree.id in scope.origins:
                self._named(scope, tree, depth)
            case ast.Name():
                pass
            case _:
                self._value(scope, tree, depth)

    def _joined(self, scope: Scope, tree: ast.BoolOp, depth: int) -> None:
        """Explain `and` and `or`: by the operand that decides, or by all of them."""
        decisive = isinstance(tree.op, ast.Or)
        for operand in tree.values:
            if bool(scope.value(operand)) is decisive:
                self.why(scope, operand, depth)
                return
        for operand in tree.values:
            self.why(scope, operand, depth)

    def _named(self, scope: Scope, tree: ast.Name, depth: int) -> None:
        """Explain a local by the expression that it was assigned."""
        value, origin = scope.value(tree), scope.origins.get(tree.id)
        self._say(scope, depth, tree, value_text(value))
        scope.known.add(tree.id)
        if origin is None:
            return
        again = scope.value(origin)
        if type(again) is type(value) and again == value:
            if isinstance(value, bool):
                self.why(scope, origin, depth + 1)
            else:
                self._beneath(scope, origin, depth + 1)

    # ---------------------------------------------------------------- comparisons

    def _comparison(self, scope: Scope, tree: ast.Compare, depth: int) -> None:
        sides = [tree.left, *tree.comparators]
        words = [WORDS[type(op).__name__] for op in tree.ops]
        values = [scope.value(side) for side in sides]
        links = list(zip(sides, words, sides[1:], values, values[1:]))
        if len(links) > 1:
            false = [link for link in links if not compared(link[1], link[3], link[4])]
            texts = [value_text(value, SIDE) for value in values]
            if not false and sum(map(len, texts)) <= LONGEST:
                fact = texts[0] + "".join(f" {word} {text}" for word, text in zip(words, texts[1:]))
                self._say(scope, depth, tree, fact)
                for side in sides:
                    self._beneath(scope, side, depth + 1)
                return
            for left, word, right, first, second in false[:1] or links:
                self._link(scope, (left, word, right), (first, second), depth, None)
            return
        self._link(scope, (sides[0], words[0], sides[1]), (values[0], values[1]), depth, tree)

    def _link(self, scope: Scope, link: tuple[ast.expr, str, ast.expr], values: tuple[Any, Any], depth: int, whole: ast.Compare | None) -> None:
        """Explain one comparison: what is true of its sides, and what they were computed from."""
        (left, word, right), (first, second) = link, values
        full = [value_text(first, 10 * LONGEST), value_text(second, 10 * LONGEST)]
        fits = sum(map(len, full)) <= LONGEST
        told = [shortened(text, LONGEST if fits else SIDE) for text in full]
        fact = f"{told[0]} {true_word(word, first, second)} {told[1]}"
        reason = "" if compared(word, first, second) else difference(word, first, second)
        if reason and not fits:
            fact = reason
        elif reason and max(len(first), len(second)) > FEW:
            fact += f"; {reason}"
        expression = text_of(scope.home.file, whole) if whole else f"{_side(scope, left)} {word} {_side(scope, right)}"
        self._say(scope, depth, whole or left, fact, expression)
        for side, text, shown in zip((left, right), full, told):
            if text == shown and (fits or fact != reason):
                self._beneath(scope, side, depth + 1)
            else:
                self._part(scope, side, depth + 1, constants=True)

    # ---------------------------------------------------------------- calls and quantifiers

    def _call(self, scope: Scope, tree: ast.Call, depth: int) -> None:
        function = _callee(scope, tree)
        if (function is all or function is any) and len(tree.args) == 1:
            self._quantifier(scope, tree, function is any, depth)
        elif function is bool and len(tree.args) == 1:
            self.why(scope, tree.args[0], depth)
        elif function is isinstance:
            self._say(scope, depth, tree, f"{value_text(scope.value(tree.args[0]), SIDE)} is a {type(scope.value(tree.args[0])).__name__}")
            self._beneath(scope, tree.args[0], depth + 1)
        else:
            answer = scope.value(tree)
            self._say(scope, depth, tree, value_text(answer))
            self._beneath(scope, tree, depth + 1)

    def _quantifier(self, scope: Scope, tree: ast.Call, decisive: bool, depth: int) -> None:
        argument = tree.args[0]
        if not isinstance(argument, _COMPREHENSION):
            self._quantified_values(scope, tree, decisive, depth)
            return
        seen: list[Row] = []
        for row in rows(scope, argument):
            if bool(row.element) is decisive:
                self._round(argument, row, depth)
                return
            seen.append(row)
        word = "none" if decisive else "all"
        self._say(scope, depth, tree, f"{word} of {len(seen)}", _quantifier_text(scope, tree, argument))
        if not seen:
            self._part(scope, argument.generators[0].iter, depth + 1, constants=True)
        elif decisive and len(seen) <= FEW:
            for row in seen:
                self._round(argument, row, depth + 1)

    def _round(self, comprehension: Comprehension, row: Row, depth: int) -> None:
        """Explain one round of a comprehension: what was bound, which conditions it met, and why the element is true or false."""
        generators = comprehension.generators
        self._bound(row.scope, [(g.target, g.iter, row.keys.get(n, NO_KEY)) for n, g in enumerate(generators)], depth, comprehension)
        for condition in (condition for one in generators for condition in one.ifs):
            if not _obvious(row.scope, condition):
                self.why(row.scope, condition, depth + 1)
        if isinstance(comprehension, _COMPREHENSION):
            self.why(row.scope, comprehension.elt, depth + 1)

    def _quantified_values(self, scope: Scope, tree: ast.Call, decisive: bool, depth: int) -> None:
        """Explain `any(self.active.values())` by the entry that decides it."""
        argument = tree.args[0]
        pairs = list(in_order(scope.value(argument)))
        for index, (key, value) in enumerate(pairs):
            if bool(value) is decisive:
                place = _entry(scope, argument, key)
                if key is NO_KEY and isinstance(argument, ast.Name | ast.Attribute | ast.Subscript) and isinstance(scope.value(argument), list | tuple):
                    place = f"{text_of(scope.home.file, argument)}[{index}]"
                self._say(scope, depth, argument, value_text(value), place or text_of(scope.home.file, tree))
                return
        self._say(scope, depth, tree, f"{'none' if decisive else 'all'} of {len(pairs)}")
        self._beneath(scope, argument, depth + 1)

    def _bound(self, scope: Scope, bindings: Iterable[tuple[ast.expr, ast.expr, Any]], depth: int, tree: ast.AST) -> None:
        """Say what the targets of a `for` are bound to, and where in the state that lies."""
        told = [one for target, iterable, key in bindings for one in _bindings(scope, target, iterable, key)]
        if len(told) == 1 and told[0][1]:
            name, place, text = told[0]
            self._say(scope, depth, tree, shortened(text), f"for {name} = {place}")
            return
        parts = [f"{name} = {' = '.join(filter(None, (place, text)))}" for name, place, text in told]
        self._say(scope, depth, tree, "", shortened(f"for {', '.join(parts)}"))

    # ---------------------------------------------------------------- what a value was computed from

    def _value(self, scope: Scope, tree: ast.expr, depth: int, detail: bool = False) -> None:
        """Say the value of an expression, and below it what it was computed from."""
        self._say(scope, depth, tree, value_text(scope.value(tree)), detail=detail)
        self._beneath(scope, tree, depth + 1)

    def _part(self, scope: Scope, tree: ast.expr, depth: int, constants: bool = False) -> None:
        """Say the value of an operand, an argument or an index, unless it is obvious. Never raises: it is a detail."""
        try:
            match tree:
                case ast.Constant() | ast.Lambda() | ast.GeneratorExp():
                    pass
                case ast.Starred(value=inner) | ast.NamedExpr(value=inner):
                    self._part(scope, inner, depth)
                case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                    self.why(scope, tree, depth)
                case ast.Name(id=name):
                    self._name(scope, name, tree, depth, constants)
                case ast.Tuple() | ast.List() | ast.Set() | ast.Dict() | ast.JoinedStr() | ast.IfExp() | ast.UnaryOp():
                    self._beneath(scope, tree, depth)
                case ast.BinOp() if not constants:
                    self._beneath(scope, tree, depth)
                case ast.Call(func=ast.Attribute(value=base, attr="values" | "keys" | "items" | "copy"), args=[]):
                    self._part(scope, base, depth)
                case ast.Call() if _callee(scope, tree) in (set, frozenset, list, tuple, sorted, len) and not any(isinstance(a, _COMPREHENSION) for a in tree.args):
                    self._beneath(scope, tree, depth)
                case _ if not isinstance(scope.value(tree), _UNINTERESTING):
                    self._value(scope, tree, depth, detail=True)
        except KeyboardInterrupt:
            raise
        except BaseException:  # Misuse and the like are no Exceptions
            pass

    def _name(self, scope: Scope, name: str, tree: ast.Name, depth: int, constants: bool) -> None:
        if name in scope.known or not (constants or name in scope.own):
            return
        value = scope.value(tree)
        if isinstance(value, _UNINTERESTING):
            return
        scope.known.add(name)
        place = _place(scope, value) if isinstance(value, Record) else ""
        self._say(scope, depth, tree, place or value_text(value), detail=True)

    def _beneath(self, scope: Scope, tree: ast.expr, depth: int) -> None:
        """Say what a value that was said was computed from. Never raises."""
        try:
            self._operands(scope, tree, depth)
        except KeyboardInterrupt:
            raise
        except BaseException:
            pass

    def _operands(self, scope: Scope, tree: ast.expr, depth: int) -> None:
        match tree:
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                self.why(scope, tree, depth)
            case ast.Name(id=name) if name in scope.origins and name not in scope.known:
                scope.known.add(name)
                self._beneath(scope, scope.origins[name], depth)
            case ast.NamedExpr(value=value):
                self._beneath(scope, value, depth)
            case ast.Attribute(value=base):
                self._root(scope, base, depth)
            case ast.Subscript(value=base, slice=index):
                self._root(scope, base, depth)
                for one in (index.lower, index.upper) if isinstance(index, ast.Slice) else (index,):
                    if one is not None:
                        self._part(scope, one, depth)
            case ast.Call():
                self._arguments(scope, tree, depth)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.why(scope, test, depth)
                self._part(scope, body if scope.value(test) else orelse, depth)
            case ast.BinOp() | ast.UnaryOp() | ast.Tuple() | ast.List() | ast.Set() | ast.Dict() | ast.JoinedStr() | ast.FormattedValue() | ast.Starred():
                for child in ast.iter_child_nodes(tree):
                    if isinstance(child, ast.expr):
                        (self._beneath if isinstance(child, ast.FormattedValue) else self._part)(scope, child, depth)

    def _root(self, scope: Scope, base: ast.expr, depth: int) -> None:
        """Say which part of the state the local at the root of `n.log[0]` denotes."""
        if isinstance(base, ast.Name):
            if base.id in scope.own and isinstance(scope.value(base), Record):
                self._name(scope, base.id, base, depth, False)
        else:
            self._beneath(scope, base, depth)

    def _arguments(self, scope: Scope, tree: ast.Call, depth: int) -> None:
        function, first = _callee(scope, tree), tree.args[0] if tree.args else None
        if (function is all or function is any) and first is not None:
            self._quantifier(scope, tree, function is any, depth)
        elif function is sum and isinstance(first, _COMPREHENSION):
            self._summands(scope, first, [row for row in rows(scope, first) if row.element], depth)
        elif (function is max or function is min) and isinstance(first, _COMPREHENSION) and not tree.keywords:
            best = scope.value(tree)
            self._summands(scope, first, list(islice((row for row in rows(scope, first) if row.element == best), 1)), depth)
        elif not self._inside(scope, tree, depth, scope.value(tree)):
            for one in (*((tree.func.value,) if isinstance(tree.func, ast.Attribute) else ()), *tree.args, *(k.value for k in tree.keywords)):
                self._part(scope, one, depth)

    def _summands(self, scope: Scope, comprehension: ast.GeneratorExp | ast.ListComp | ast.SetComp, counted: list[Row], depth: int) -> None:
        """Say for which bindings the elements of a sum are not zero, or which one is the greatest."""
        if not counted:
            return
        texts = []
        for row in counted:
            bindings = [(g.target, g.iter, row.keys.get(n, NO_KEY)) for n, g in enumerate(comprehension.generators)]
            told = [one for target, iterable, key in bindings for one in _bindings(row.scope, target, iterable, key)]
            named = ", ".join(f"{name} = {place or text}" if len(told) > 1 else place or text for name, place, text in told)
            texts.append(named if row.element in (True, 1) else f"{value_text(row.element, SIDE)} for {named}")
        alone = len(_target_names(comprehension)) == 1 and counted[0].element in (True, 1)
        prefix = f"for {_target_names(comprehension)[0]} = " if alone else ""
        conditions = [condition for one in comprehension.generators for condition in one.ifs]
        shown: list[ast.expr] = conditions if isinstance(comprehension.elt, ast.Constant) and conditions else [comprehension.elt]
        expression = " and ".join(text_of(scope.home.file, one) for one in shown)
        self._say(scope, depth, comprehension, shortened(prefix + (", " if alone else "; ").join(texts)), expression, detail=True)

    # ---------------------------------------------------------------- lines

    def _say(self, scope: Scope, depth: int, tree: ast.AST, value: str, expression: str = "", detail: bool = False) -> None:
        expression = expression or text_of(scope.home.file, tree)
        line = Explained(depth, shortened(expression, 90), value, span_of(scope.home.file, tree))
        key = (scope.frame, expression, value)
        if key not in self._said:
            self._said.add(key)
            self._lines.append((line, detail))


Binding = tuple[str, str, str]  # a name, where its value lies in the state, and the value where that is short


def _bindings(scope: Scope, target: ast.expr, iterable: ast.expr, key: Any) -> list[Binding]:
    """Return what the names of a target are bound to."""
    found = []
    for name in _names_of(target):
        value = scope.names[name]
        place = _place(scope, value) if isinstance(value, Part) else ""
        if not place and isinstance(target, ast.Name):
            place = _entry(scope, iterable, key)
        found.append((name, place, "" if place and isinstance(value, Part) else value_text(value, SIDE)))
    return found


def _names_of(target: ast.expr) -> list[str]:
    return [one.id for one in ast.walk(target) if isinstance(one, ast.Name)]


def _target_names(comprehension: Comprehension) -> list[str]:
    return [name for one in comprehension.generators for name in _names_of(one.target)]


def _entry(scope: Scope, iterable: ast.expr, key: Any) -> str:
    """Return the entry of a map whose value it is, `self.to_do[Instance0]`, where the iterable shows which map that is."""
    if isinstance(iterable, ast.Name):
        iterable = scope.origins.get(iterable.id, iterable)
    if key is not NO_KEY and isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Attribute):
        return f"{text_of(scope.home.file, iterable.func.value)}[{value_text(key, SIDE)}]"
    return ""


def _place(scope: Scope, part: Any) -> str:
    """Return where a part lies in a state, `self.nodes[Server1]`; empty for one that lies in none."""
    top = part
    while top is not None and not isinstance(top, Slot):
        top = getattr(top, "_part_owner", None)
    if top is None:
        return ""
    holders = [n for n in sorted(scope.own, key=lambda n: n != "self") if isinstance(scope.names.get(n), Spec) and scope.names[n]._part_journal is part._part_journal]
    return f"{holders[0]}.{path_of(part)}" if holders else path_of(part)


def _callee(scope: Scope, tree: ast.Call) -> Any:
    return scope.value(tree.func) if isinstance(tree.func, ast.Name) else None


def _spread(scope: Scope, argument: ast.expr) -> list[Any]:
    return list(scope.value(argument.value)) if isinstance(argument, ast.Starred) else [scope.value(argument)]


def _passed_on(scope: Scope, call: ast.Call, name: str) -> bool:
    """Return whether a parameter has the name, and the value, of a local that the reader knows."""
    return name in scope.known and any(isinstance(one, ast.Name) and one.id == name for one in call.args)


def _note_walrus(scope: Scope, tree: ast.expr) -> None:
    scope.own |= {one.target.id for one in ast.walk(tree) if isinstance(one, ast.NamedExpr)}


def _obvious(scope: Scope, condition: ast.expr) -> bool:
    """Return whether a condition only speaks of what was said to be bound: `m != n`."""
    reads = any(isinstance(one, ast.Attribute | ast.Subscript | ast.Call) for one in ast.walk(condition))
    return not reads and not (names_in(condition) & scope.own) - scope.known


def _side(scope: Scope, side: ast.expr) -> str:
    text = text_of(scope.home.file, side)
    return f"({text})" if isinstance(side, ast.Compare | ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr) else text


def _quantifier_text(scope: Scope, tree: ast.Call, comprehension: Comprehension) -> str:
    """Return the text of a quantifier, without its element where that is long."""
    whole = text_of(scope.home.file, tree)
    if len(whole) <= 60:
        return whole
    parts = []
    for one in comprehension.generators:
        parts.append(f"for {text_of(scope.home.file, one.target)} in {text_of(scope.home.file, one.iter)}")
        parts += [f"if {text_of(scope.home.file, condition)}" for condition in one.ifs]
    return f"{text_of(scope.home.file, tree.func)}(... {' '.join(parts)})"
