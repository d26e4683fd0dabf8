"""The flow of control through a process: which locals are live at a label, which have a value there, which labels can be reached, and where a step may
go round for ever.

    yield "write_x"        v is not live: it gets a value before it is read
    v = choose(Value)
    yield "write_y"        v is live
    self.y = v

A local is live at a label if there is a way from there to a place where it is read, on which it gets no value before (A. W. Appel, *Modern Compiler
Implementation*, chapter 10).
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from speccheck.model.processes.flat import Flat
from speccheck.model.processes.nodes import Called, Code, Each, Leave, Point, endless
from speccheck.model.syntax.names import Names, captures, children_of, names_of, stored_names

_LOOKING = frozenset({"abs", "all", "any", "at", "isinstance", "len", "max", "min", "range", "set", "sorted", "sum", "tuple"})


@dataclass(eq=False)
class Place:
    """One place in the flow: what is read there, what certainly gets a value after that, and where control may go on."""

    reads: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()  # `del x`
    point: Point | None = None
    effect: bool = False  # whether something may change here besides locals
    loop: ast.While | None = None  # the loop whose condition is looked at here
    after: list["Place"] = field(default_factory=list)


@dataclass(frozen=True)
class Flow:
    """What is known of the labels that can be reached, in the order of the source."""

    points: tuple[Point, ...]
    live: dict[str, tuple[str, ...]]  # label -> locals, in the order in which they first get a value
    unset: dict[str, tuple[str, ...]]  # label -> live locals that may have no value
    ends: bool  # whether the process can end
    endless: tuple[ast.While, ...]  # loops with a way round on which nothing happens


def flow_of(made: Flat) -> Flow:
    """Return the flow of a process."""
    graph = _Graph(made)
    reached = _reached(graph.start)
    live = _live(graph.places)
    given = _given(graph.places, reached, graph.locals)
    order = {name: n for n, name in enumerate(graph.locals)}
    points = [place for place in graph.places if place.point is not None and place in reached]
    at = {p.point.label: sorted(live[p], key=order.__getitem__) for p in points if p.point}
    return Flow(
        tuple(point for point in made.points if any(p.point is point for p in points)),
        {label: tuple(names) for label, names in at.items()},
        {p.point.label: tuple(n for n in at[p.point.label] if n not in given[p]) for p in points if p.point},
        graph.end in reached,
        tuple(_endless(graph, reached)),
    )


class _Graph:
    """Builds the places of one process, from its end to its start: what comes after is there before."""

    def __init__(self, made: Flat) -> None:
        self.made = made
        self.names: Names = names_of(made.function_tree)
        parameters = {made.me, *made.parameters}
        self.locals = tuple(dict.fromkeys(n for n in self._local_names() if n not in parameters))
        self.places: list[Place] = []
        self.end = self._place([])
        self.start = self._place([self.code(made.body, self.end, _Around(returns=self.end))])  # where nothing comes from

    def _local_names(self) -> Iterable[str]:
        for part in ast.walk(self.made.function_tree):
            binding = self.names.of.get(part)
            if binding is not None and binding.scope is self.made.function_tree:
                yield binding.name

    def _place(self, after: list[Place], trees: Iterable[ast.AST | None] = (), gives: Iterable[str] = (), **more: object) -> Place:
        given = [tree for tree in trees if tree is not None]
        reads = frozenset(name for tree in given for name in self._read(tree))
        made = Place(reads, frozenset(gives), after=after, **more)  # type: ignore[arg-type]
        made.effect = made.effect or any(map(_may_change, given))
        self.places.append(made)
        return made

    def _read(self, tree: ast.AST) -> Iterable[str]:
        pending = [tree]
        while pending:
            part = pending.pop()
            binding = self.names.of.get(part)
            is_local = binding is not None and binding.scope is self.made.function_tree and binding.name in self.locals
            if binding is not None and is_local and isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                yield binding.name
            pending.extend(children_of(part))

    def code(self, code: Code, after: Place, around: "_Around") -> Place:
        """Return the first place of the code, which goes on to `after`."""
        for statement in reversed(code):
            after = self.statement(statement, after, around)
        return after

    def statement(self, statement: ast.stmt, after: Place, around: "_Around") -> Place:
        """Return the first place of a statement."""
        match statement:
            case Point():
                return self._place([after], point=statement)
            case Called(body=body):
                return self.code(body, after, around.called(after))
            case Leave():
                return around.leaves or after
            case ast.Return(value=value):
                return self._place([around.returns], [value])
            case ast.Raise():
                return self._place([], [statement])
            case ast.Break():
                return around.breaks or after
            case ast.Continue():
                return around.continues or after
            case ast.If(test=test, body=yes, orelse=no):
                return self._condition(test, self.code(yes, after, around), self.code(no, after, around))
            case ast.While():
                return self._while(statement, after, around)
            case ast.For():
                return self._for(statement, after, around)
            case ast.Match():
                return self._match(statement, after, around)
            case ast.Try():
                return self._try(statement, after, around)
            case ast.With(items=items, body=body):
                inner = self.code(body, after, around)
                gives = [n.id for item in items if item.optional_vars for n in stored_names(item.optional_vars)]
                return self._place([inner], [item.context_expr for item in items], gives, effect=True)
        return self._plain(statement, after)

    def _plain(self, statement: ast.stmt, after: Place) -> Place:
        value = getattr(statement, "value", None)
        if isinstance(value, ast.expr) and any(isinstance(part, ast.NamedExpr) for part in ast.walk(value)):
            return self._expression(value, self._stored(statement, after))
        return self._stored(statement, after)

    def _stored(self, statement: ast.stmt, after: Place) -> Place:
        match statement:
            case ast.Assign(targets=targets, value=value):
                inside = [part for target in targets for part in _inside_target(target)]
                return self._place([after], [value, *inside], [n.id for t in targets for n in stored_names(t)], effect=any(map(_is_outside, targets)))
            case ast.AnnAssign(target=target, value=value):
                gives = [n.id for n in stored_names(target)] if value is not None else []
                return self._place([after], [value, *_inside_target(target)], gives, effect=value is not None and _is_outside(target))
            case ast.AugAssign(target=target, value=value):
                place = self._place([after], [value, *_inside_target(target)], effect=True)
                if isinstance(target, ast.Name):
                    place.reads |= {target.id} & set(self.locals)
                    place.gives |= {target.id}
                return place
            case ast.Delete(targets=targets):
                taken = frozenset(t.id for t in targets if isinstance(t, ast.Name))
                place = self._place([after], [t for t in targets if not isinstance(t, ast.Name)], takes=taken, effect=any(map(_is_outside, targets)))
                place.reads |= taken & set(self.locals)
                return place
            case ast.FunctionDef() | ast.ClassDef():
                return self._place([after], [statement], [statement.name])
            case ast.Import() | ast.ImportFrom():
                return self._place([after], gives=[(a.asname or a.name).partition(".")[0] for a in statement.names])
        return self._place([after], [statement])

    def _condition(self, test: ast.expr, yes: Place, no: Place) -> Place:
        """Return the first place of a condition, each part of which may decide where control goes on."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._condition(operand, no, yes)
            case ast.BoolOp(op=ast.And(), values=values):
                for part in reversed(values):
                    yes = self._condition(part, yes, no)
                return yes
            case ast.BoolOp(op=ast.Or(), values=values):
                for part in reversed(values):
                    no = self._condition(part, yes, no)
                return no
        return self._expression(test, self._place([yes, no]))

    def _expression(self, tree: ast.expr, after: Place) -> Place:
        """Return the first place of an expression that gives names values by `:=` on the way; of any other one, its only place."""
        if not any(isinstance(part, ast.NamedExpr) for part in ast.walk(tree)):
            return self._place([after], [tree])
        match tree:
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                return self._expression(value, self._place([after], gives=[name], effect=True))
            case ast.BoolOp(values=values):
                return self._in_turn(values, after, 1)
            case ast.Compare(left=left, comparators=comparators):
                return self._in_turn([left, *comparators], after, 2)
            case ast.IfExp(test=test, body=yes, orelse=no):
                return self._expression(test, self._place([self._expression(yes, after), self._expression(no, after)]))
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return self._place([after], [tree])
        parts = [part for child in ast.iter_child_nodes(tree) for part in ([child] if isinstance(child, ast.expr) else ast.iter_child_nodes(child))]
        return self._in_turn([part for part in parts if isinstance(part, ast.expr)], after, len(parts))

    def _in_turn(self, parts: list[ast.expr], after: Place, sure: int) -> Place:
        """Return the first place of expressions that are evaluated in turn; those after the first `sure` ones may be left out."""
        first = after
        for number, part in reversed(list(enumerate(parts))):
            if number >= sure:
                first = self._place([self._expression(part, first), after])
            else:
                first = self._expression(part, first)
        return first

    def _while(self, loop: ast.While, after: Place, around: "_Around") -> Place:
        head = self._place([], loop=loop)
        body = self.code(loop.body, head, around.inside(after, head))
        head.after = [body if endless(loop) else self._condition(loop.test, body, self.code(loop.orelse, after, around))]
        return head

    def _for(self, loop: ast.For, after: Place, around: "_Around") -> Place:
        """The first arrival computes what to go through; from one element to the next, a loop with labels looks at where it is."""
        element = self._place([], gives=[n.id for n in stored_names(loop.target)])
        head = self._place([element, self.code(loop.orelse, after, around)])
        again = self._place([head]) if isinstance(loop, Each) else head
        if isinstance(loop, Each):
            again.reads = frozenset({loop.key.id})
        element.after = [self.code(loop.body, again, around.inside(after, again))]
        element.reads |= frozenset(name for part in _inside_target(loop.target) for name in self._read(part))
        surely = isinstance(loop, Each) and loop.never_empty
        return self._place([element if surely else head], [loop.iter], effect=True)  # how often it goes round is not known

    def _match(self, statement: ast.Match, after: Place, around: "_Around") -> Place:
        otherwise = after
        for case in reversed(statement.cases):
            whole = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None
            body = self.code(case.body, after, around)
            taken = self._place([body], [case.guard]) if case.guard is None else self._place([body, otherwise], [case.guard])
            bound = self._place([taken], [case.pattern], [name for _, name in captures(case.pattern)])
            otherwise = self._place([bound] if whole else [bound, otherwise])
        return self._place([otherwise], [statement.subject])

    def _try(self, statement: ast.Try, after: Place, around: "_Around") -> Place:
        """There are no labels inside. Any place of the block may go on in any handler."""
        final = self.code(statement.finalbody, after, around)
        handlers = []
        for handler in statement.handlers:
            body = self.code(handler.body, final, around)
            handlers.append(self._place([body], [handler.type], [handler.name] if handler.name else []))
        before = len(self.places)
        first = self.code(statement.body, self.code(statement.orelse, final, around), around)
        for place in self.places[before:]:
            place.after = [*place.after, *handlers, *([final] if statement.finalbody else [])]
        return self._place([first, *handlers])


@dataclass(frozen=True)
class _Around:
    """Where jumps out of a piece of code lead."""

    returns: Place
    breaks: Place | None = None
    continues: Place | None = None
    leaves: Place | None = None

    def inside(self, breaks: Place, continues: Place) -> "_Around":
        return _Around(self.returns, breaks, continues, self.leaves)

    def called(self, leaves: Place) -> "_Around":
        return _Around(self.returns, None, None, leaves)


def _inside_target(target: ast.expr) -> list[ast.expr]:
    """Return the expressions in a target that are evaluated: `self.x[i]` reads self and i."""
    match target:
        case ast.Attribute() | ast.Subscript():
            return [target]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [one for part in parts for one in _inside_target(part)]
        case ast.Starred(value=inner):
            return _inside_target(inner)
    return []


def _is_outside(target: ast.expr) -> bool:
    return bool(_inside_target(target))


def _may_change(tree: ast.AST) -> bool:
    """Return whether an expression may do more than compute a value: it calls something that we do not know, or names a local."""
    return any(isinstance(part, ast.NamedExpr) or (isinstance(part, ast.Call) and not _only_looks(part)) for part in ast.walk(tree))


def _only_looks(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in _LOOKING


def _reached(start: Place) -> set[Place]:
    found, pending = {start}, [start]
    while pending:
        for place in pending.pop().after:
            if place not in found:
                found.add(place)
                pending.append(place)
    return found


def _live(places: list[Place]) -> dict[Place, frozenset[str]]:
    """Return what is live before each place. At a label that is what is live after it, for a label reads nothing."""
    live: dict[Place, frozenset[str]] = dict.fromkeys(places, frozenset())
    changed = True
    while changed:
        changed = False
        for place in places:
            after = frozenset().union(*(live[one] for one in place.after)) if place.after else frozenset()
            now = place.reads | (after - place.gives - place.takes)
            if now != live[place]:
                live[place], changed = now, True
    return live


def _given(places: list[Place], reached: set[Place], names: Iterable[str]) -> dict[Place, frozenset[str]]:
    """Return what certainly has a value before each place that can be reached."""
    before: dict[Place, list[Place]] = {}
    for place in places:
        for one in place.after if place in reached else ():
            before.setdefault(one, []).append(place)
    every = frozenset(names)
    given = {place: every if place in before else frozenset() for place in places}
    changed = True
    while changed:
        changed = False
        for place in reversed(places):
            if place in before:
                now = frozenset.intersection(*((given[one] | one.gives) - one.takes for one in before[place]))
                if now != given[place]:
                    given[place], changed = now, True
    return given


def _endless(graph: _Graph, reached: set[Place]) -> Iterable[ast.While]:
    """Return the loops with a way round on which there is no label, nothing changes, and no local that the conditions read gets a value."""
    for head in graph.places:
        if head.loop is None or head not in reached:
            continue
        quiet = {head}
        pending = [head]
        around = False
        while pending:
            place = pending.pop()
            for one in place.after:
                if one is head:
                    around = True
                elif one not in quiet and one in reached and one.point is None and not one.effect and not one.gives and not one.takes:
                    quiet.add(one)
                    pending.append(one)
        if around and not head.effect and not head.gives:
            yield head.loop
