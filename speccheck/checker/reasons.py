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
import types
from collections.abc import Sequence
from itertools import islice
from typing import Any, assert_never

from speccheck.checker.bound import Binding, bindings_of, bindings_of_row, entry, listed, place, tells_itself
from speccheck.checker.result import Explained
from speccheck.checker.wording import LONGEST, WORDS, compared, fact, shortened, value_text
from speccheck.domains.records import Record
from speccheck.dsl.spec import Spec
from speccheck.model.syntax.evaluate import Row, Scope, in_order, names_in, rows, scope_of, unmapped
from speccheck.model.syntax.follow import Branch, CannotFollow, Caught, Cause, Followed, Matched, Round, Turn, follow, repeatable
from speccheck.model.syntax.texts import in_brackets, quantifier_text, text_of
from speccheck.model.syntax.users import users_tree
from speccheck.source import span_of

MOST_LINES = 15
MOST_CALLS = 6  # of user functions, one inside the other
FEW = 3  # so many rounds of a quantifier are explained one by one
WIDEST = 90  # characters of an expression

_COMPREHENSION = (ast.GeneratorExp, ast.ListComp, ast.SetComp)
_UNINTERESTING = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, Spec)
_CONTAINERS = (set, frozenset, list, tuple, sorted, len)


Quantified = ast.GeneratorExp | ast.ListComp | ast.SetComp


class Reasons:
    """Collects the lines of one explanation. A line that is only a detail is left out first where there are too many."""

    def __init__(self) -> None:
        self._lines: list[tuple[Explained, bool]] = []
        self._said: set[tuple[object, str, str]] = set()
        self._calls = 0

    def told(self) -> tuple[Explained, ...]:
        """Return what was collected, in at most `MOST_LINES` lines."""
        lines = list(self._lines)
        for index in reversed(range(len(lines))):
            if len(lines) > MOST_LINES and lines[index][1]:
                del lines[index]
        shown = [line for line, _ in lines]
        if len(shown) > MOST_LINES:
            shown = [*shown[: MOST_LINES - 1], Explained(shown[MOST_LINES - 1].depth, "...", "")]
        return tuple(shown)

    def operand(self, scope: Scope, tree: ast.expr) -> None:
        """Say the value of something that an operation worked on, unless it stands there. Never raises."""
        self._part(scope, tree, 0, constants=True)

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
            case Branch(test, truth, scope):
                if repeatable(test):
                    self.why(scope, test, depth)
                else:
                    self._say(scope, depth, test, str(truth))
            case Round(loop, key, scope):
                self._bound(scope, bindings_of(scope, loop.target, loop.iter, key), depth, loop.target)
            case Matched(subject, case, scope, captured):
                self._say(scope, depth, subject, f"{value_text(scope.value(subject), LONGEST // 2)} is case {ast.unparse(case.pattern)}")
                if case.guard is not None:
                    self.why(captured, case.guard, depth)
            case Caught(handler, raised, scope):
                name = f" {ast.unparse(handler.type)}" if handler.type else ""
                self._say(scope, depth, handler, shortened(f"{type(raised).__name__}: {raised}"), f"except{name}")
            case _:
                assert_never(turn)

    def _inside(self, scope: Scope, call: ast.Call, depth: int) -> bool:
        """Explain a call of a function of the user's from the inside; False where there is nothing to look into."""
        function = scope.value(call.func)
        tree = users_tree(function)
        if tree is None or self._calls >= MOST_CALLS:
            return tree is not None
        answer = scope.value(call)
        self._calls += 1
        try:
            within = scope_of(tree, *scope.arguments(call, function))
            within.known |= {"self"} | {name for name in within.own & scope.known if within.names[name] is scope.names[name]}
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
        scope.own |= {one.target.id for one in ast.walk(tree) if isinstance(one, ast.NamedExpr)}
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
            case ast.Name(id=name) if name in scope.known:
                pass
            case ast.Name(id=name):
                self._named(scope, name, tree, depth)
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

    def _named(self, scope: Scope, name: str, tree: ast.Name, depth: int) -> None:
        """Explain a name; a local by the expression that it was assigned, a flag by the round and the branch in which it was set."""
        value, cause, origin = scope.value(tree), scope.causes.get(name), scope.origins.get(name)
        self._say(scope, depth, tree, value_text(value))
        scope.known.add(name)
        if isinstance(cause, Cause):
            for turn in cause.turns:
                self._turn(turn, depth + 1 + turn.depth - cause.turns[0].depth)
            if cause.scope.value(cause.assigned) is value:
                inside = sum(isinstance(turn, Round) for turn in cause.turns)
                self.why(cause.scope, cause.assigned, depth + 1 + inside)
        elif origin is not None and scope.value(origin) == value:
            if isinstance(value, bool):
                self.why(scope, origin, depth + 1)
            else:
                self._beneath(scope, origin, depth + 1)

    # ---------------------------------------------------------------- comparisons

    def _comparison(self, scope: Scope, tree: ast.Compare, depth: int) -> None:
        """Explain a comparison; a chain by the first link that is false."""
        if len(tree.ops) == 1:
            sides = (tree.left, tree.comparators[0])
            self._link(scope, sides, WORDS[type(tree.ops[0])], [scope.value(side) for side in sides], depth, tree, text_of(scope.home.file, tree))
            return
        links: list[tuple[tuple[ast.expr, ast.expr], str, tuple[Any, Any]]] = []
        left, value = tree.left, scope.value(tree.left)
        for op, right in zip(tree.ops, tree.comparators):
            following = scope.value(right)
            links.append(((left, right), WORDS[type(op)], (value, following)))
            if not compared(WORDS[type(op)], value, following):
                links = links[-1:]
                break
            left, value = right, following
        for ends, word, values in links:
            self._link(scope, ends, word, values, depth, ends[0], f" {word} ".join(in_brackets(scope.home.file, side) for side in ends))

    def _link(self, scope: Scope, sides: Sequence[ast.expr], word: str, values: Sequence[Any], depth: int, tree: ast.expr, text: str) -> None:
        """Explain one comparison: what is true of its sides, and what they were computed from."""
        told, complete = fact(word, *values)
        self._say(scope, depth, tree, told, text)
        for side in sides:
            if complete:
                self._beneath(scope, side, depth + 1)
            else:
                self._part(scope, side, depth + 1, constants=True)

    # ---------------------------------------------------------------- calls and quantifiers

    def _call(self, scope: Scope, tree: ast.Call, depth: int) -> None:
        function = _builtin(scope, tree)
        match tree:
            case ast.Call(args=[argument]) if function is all or function is any:
                self._quantifier(scope, tree, argument, function is any, depth)
            case ast.Call(args=[argument]) if function is bool:
                self.why(scope, argument, depth)
            case ast.Call(args=[argument, _]) if function is isinstance:
                self._say(scope, depth, tree, f"it is {value_text(scope.value(argument), LONGEST // 2)}")
                self._beneath(scope, argument, depth + 1)
            case ast.Call(func=ast.Attribute(value=base, attr="issubset" | "issuperset" | "isdisjoint" as word), args=[argument]):
                self._link(scope, (base, argument), word, (scope.value(base), scope.value(argument)), depth, tree, text_of(scope.home.file, tree))
            case _:
                self._value(scope, tree, depth)

    def _quantifier(self, scope: Scope, tree: ast.Call, argument: ast.expr, decisive: bool, depth: int) -> None:
        """Explain `any` (where an element that is true decides) or `all`."""
        argument = unmapped(argument)
        if not isinstance(argument, _COMPREHENSION):
            self._quantified_values(scope, tree, argument, decisive, depth)
            return
        count, seen = 0, []
        for row in rows(scope, argument):
            if bool(row.element) is decisive:
                self._round(argument, row, depth)
                return
            count += 1
            if count <= FEW:
                seen.append(row)
        self._say(scope, depth, tree, f"{'none' if decisive else 'all'} of {count}", quantifier_text(scope.home.file, tree, argument))
        if not count:
            self._part(scope, argument.generators[0].iter, depth + 1, constants=True)
        elif decisive and count <= FEW:
            for row in seen:
                self._round(argument, row, depth + 1)

    def _round(self, comprehension: Quantified, row: Row, depth: int) -> None:
        """Explain one round of a comprehension: what was bound, which conditions it met, and why the element is true or false."""
        self._bound(row.scope, bindings_of_row(comprehension, row), depth, comprehension)
        for condition in (condition for one in comprehension.generators for condition in one.ifs):
            if not _obvious(row.scope, condition):
                self.why(row.scope, condition, depth + 1)
        self.why(row.scope, comprehension.elt, depth + 1)

    def _quantified_values(self, scope: Scope, tree: ast.Call, argument: ast.expr, decisive: bool, depth: int) -> None:
        """Explain `any(self.active.values())` by the entry that decides it."""
        values = scope.value(argument)
        found = list(in_order(values))
        for index, (key, value) in enumerate(found):
            if bool(value) is decisive:
                indexed = f"{text_of(scope.home.file, argument)}[{index}]" if isinstance(values, list | tuple) else text_of(scope.home.file, tree)
                self._say(scope, depth, argument, value_text(value), entry(scope, argument, key) or indexed)
                return
        self._say(scope, depth, tree, f"{'none' if decisive else 'all'} of {len(found)}")
        self._beneath(scope, argument, depth + 1)

    def _bound(self, scope: Scope, bindings: list[Binding], depth: int, tree: ast.AST) -> None:
        """Say what the targets of a `for` are bound to, and where in the state that lies."""
        if len(bindings) == 1 and bindings[0].place:
            self._say(scope, depth, tree, bindings[0].value, f"for {bindings[0].name} = {bindings[0].place}")
        else:
            self._say(scope, depth, tree, "", f"for {', '.join(map(str, bindings))}")

    # ---------------------------------------------------------------- what a value was computed from

    def _value(self, scope: Scope, tree: ast.expr, depth: int, detail: bool = False) -> None:
        """Say the value of an expression, and below it what it was computed from."""
        self._say(scope, depth, tree, value_text(scope.value(tree)), detail=detail)
        self._beneath(scope, tree, depth + 1)

    def _part(self, scope: Scope, tree: ast.expr, depth: int, constants: bool = False) -> None:
        """Say the value of an operand, an argument or an index, unless it is obvious; with `constants`, also one of the module. Never raises."""
        try:
            self._detail(scope, tree, depth, constants)
        except KeyboardInterrupt:
            raise
        except BaseException:  # Misuse and the like are no Exceptions
            return

    def _detail(self, scope: Scope, tree: ast.expr, depth: int, constants: bool) -> None:
        match tree:
            case ast.Constant() | ast.Lambda() | ast.GeneratorExp():
                pass
            case ast.Starred(value=inner) | ast.NamedExpr(value=inner) | ast.FormattedValue(value=inner):
                self._part(scope, inner, depth, constants)
            case ast.Name(id=name):
                self._name(scope, name, tree, depth, constants)
            case ast.BinOp() if not constants:
                self._beneath(scope, tree, depth)
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp() | ast.IfExp() | ast.Tuple() | ast.List() | ast.Set() | ast.Dict() | ast.JoinedStr():
                self._beneath(scope, tree, depth)
            case ast.Call(func=ast.Attribute(value=base, attr="values" | "keys" | "items" | "copy"), args=[]):
                self._part(scope, base, depth, constants)
            case ast.Call(args=[argument]) if _builtin(scope, tree) in _CONTAINERS and not isinstance(argument, _COMPREHENSION):
                self._part(scope, argument, depth, constants)
            case _ if not isinstance(scope.value(tree), _UNINTERESTING):
                self._value(scope, tree, depth, detail=True)

    def _name(self, scope: Scope, name: str, tree: ast.Name, depth: int, constants: bool) -> None:
        if name in scope.known or not (constants or name in scope.own):
            return
        value = scope.value(tree)
        if isinstance(value, _UNINTERESTING):
            return
        scope.known.add(name)
        self._say(scope, depth, tree, (place(scope, value) if isinstance(value, Record) else "") or value_text(value), detail=True)
        origin = scope.origins.get(name)
        if isinstance(origin, _COMPREHENSION):
            self._beneath(scope, origin, depth + 1)

    def _beneath(self, scope: Scope, tree: ast.expr, depth: int) -> None:
        """Say what a value that was said was computed from. Never raises."""
        try:
            self._operands(scope, tree, depth)
        except KeyboardInterrupt:
            raise
        except BaseException:
            return

    def _operands(self, scope: Scope, tree: ast.expr, depth: int) -> None:
        match tree:
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                self.why(scope, tree, depth)
            case ast.Name(id=name) if name in scope.origins and name not in scope.known:
                scope.known.add(name)
                self._beneath(scope, scope.origins[name], depth)
            case ast.Attribute(value=base) | ast.Subscript(value=base):
                self._root(scope, base, depth)
                for index in _indices(tree):
                    self._part(scope, index, depth)
            case ast.Call():
                self._called(scope, tree, depth)
            case ast.ListComp() | ast.SetComp():
                self._elements(scope, tree, list(islice(rows(scope, tree), FEW + 1)), depth)
            case ast.NamedExpr(value=value):
                self._beneath(scope, value, depth)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.why(scope, test, depth)
                self._part(scope, body if scope.value(test) else orelse, depth)
            case ast.BinOp() | ast.UnaryOp() | ast.Tuple() | ast.List() | ast.Set() | ast.Dict() | ast.JoinedStr():
                for child in ast.iter_child_nodes(tree):
                    if isinstance(child, ast.expr):
                        self._part(scope, child, depth)

    def _root(self, scope: Scope, base: ast.expr, depth: int) -> None:
        """Say which part of the state the local at the root of `n.log[0]` denotes."""
        if not isinstance(base, ast.Name):
            self._beneath(scope, base, depth)
        elif base.id in scope.own and isinstance(scope.value(base), Record):
            self._name(scope, base.id, base, depth, False)

    def _called(self, scope: Scope, tree: ast.Call, depth: int) -> None:
        """Explain the value of a call: a quantifier, a sum, a function of the user's, or what it was given."""
        function, first = _builtin(scope, tree), tree.args[0] if tree.args else None
        if (function is all or function is any) and first is not None:
            self._quantifier(scope, tree, first, function is any, depth)
        elif function is sum and isinstance(first, _COMPREHENSION):
            self._elements(scope, first, [row for row in rows(scope, first) if row.element], depth, counting=True)
        elif (function is max or function is min) and isinstance(first, _COMPREHENSION) and not tree.keywords:
            best = scope.value(tree)
            self._elements(scope, first, list(islice((row for row in rows(scope, first) if row.element == best), 1)), depth)
        elif not self._inside(scope, tree, depth):
            for one in (*([tree.func.value] if isinstance(tree.func, ast.Attribute) else ()), *tree.args, *(k.value for k in tree.keywords)):
                self._part(scope, one, depth)

    def _elements(self, scope: Scope, made: Quantified, counted: list[Row], depth: int, counting: bool = False) -> None:
        """Say for which bindings a sum counts its elements, or for which a list has them, where these are few and do not show it themselves."""
        if not counted or (not counting and (len(counted) > FEW or all(tells_itself(made, row) for row in counted))):
            return
        conditions = [condition for one in made.generators for condition in one.ifs]
        shown = conditions if isinstance(made.elt, ast.Constant) and conditions else [made.elt]
        expression = " and ".join(text_of(scope.home.file, one) for one in shown)
        self._say(scope, depth, made, shortened(listed(made, counted, counting)), expression, detail=True)

    # ---------------------------------------------------------------- lines

    def _say(self, scope: Scope, depth: int, tree: ast.AST, value: str, expression: str = "", detail: bool = False) -> None:
        expression = shortened(expression or text_of(scope.home.file, tree), WIDEST)
        key = (scope.frame, expression, value)
        if key not in self._said:
            self._said.add(key)
            span = span_of(scope.home.file, tree) if hasattr(tree, "lineno") else None
            self._lines.append((Explained(depth, expression, value, span), detail))


def _builtin(scope: Scope, tree: ast.Call) -> Any:
    """Return what a call by a plain name calls: `any` and the like, but by value, since the name may be the user's."""
    return scope.value(tree.func) if isinstance(tree.func, ast.Name) else None


def _indices(tree: ast.Attribute | ast.Subscript) -> list[ast.expr]:
    if isinstance(tree, ast.Attribute):
        return []
    return [one for one in (tree.slice.lower, tree.slice.upper) if one is not None] if isinstance(tree.slice, ast.Slice) else [tree.slice]


def _obvious(scope: Scope, condition: ast.expr) -> bool:
    """Return whether a condition only speaks of what was said to be bound: `m != n`."""
    reads = any(isinstance(one, ast.Attribute | ast.Subscript | ast.Call) for one in ast.walk(condition))
    return not reads and not (names_in(condition) & scope.own) - scope.known
