"""Loops over members in no particular order: whether their iterations can be exchanged (semantics 7.2).

    for s in Server: self.votes[s] = None          each iteration writes its own part
    for s in self.waiting: self.count += 1         the updates commute
    for s in Server: self.last = s                 the last one wins: not proven

In: the loop. Out: what stands in the way, with its place: `break`, `return` and `yield`; a write that is neither indexed by the loop variable nor a commuting
update; a read of what another iteration writes.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from speccheck.domains.scalars import Enumerated, Integers
from speccheck.dsl.statements import copy
from speccheck.model.checks.subject import called_from
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.elements import index_of
from speccheck.model.syntax.kinds import Built, Index, Kind, Method, Object, Of, Place, State, Symbol, alternatives, certain, is_bool, is_int, is_set, shape_of
from speccheck.model.syntax.names import Binding, evaluated_in, stored_names
from speccheck.model.syntax.writes import Write, writes_of

Problem = tuple[ast.AST, str]
_ADDING = {"add": "add", "discard": "take", "remove": "take"}


def loop_problems(loop: ast.For, body: Body) -> list[Problem]:
    """Return what keeps the iterations of a loop from being exchanged."""
    return [*_exits(loop), *_Iterations(loop, body).problems()]


def _exits(loop: ast.For) -> Iterator[Problem]:
    """Return the ways out of the loop that end it early."""
    pending: list[tuple[ast.AST, bool]] = [(statement, True) for statement in loop.body]
    while pending:
        tree, own = pending.pop()
        if isinstance(tree, ast.Return | ast.Yield | ast.YieldFrom) or (isinstance(tree, ast.Break) and own):
            yield tree, f"`{type(tree).__name__.lower()}` ends it at one of them"
        if not isinstance(tree, ast.FunctionDef | ast.Lambda):
            pending.extend((child, own and not isinstance(tree, ast.For | ast.While)) for child in ast.iter_child_nodes(tree))


@dataclass(frozen=True)
class _Change:
    """A write to the state: where, and how it commutes ("add", "join" ...; "same" with a constant; None if it does not)."""

    write: Write
    place: Place
    how: object


class _Iterations:
    """All that one iteration does, the functions that it calls included."""

    def __init__(self, loop: ast.For, body: Body) -> None:
        self.loop, self.body = loop, body
        self.inside = [tree for statement in loop.body for tree in evaluated_in(statement)]
        callees = {callee: None for tree in self.inside if isinstance(tree, ast.expr) for one in body.callees.get(tree, ()) for callee in called_from(one)}
        self.parts = [(tree, body) for tree in self.inside] + [(tree, one) for one in callees for tree in one.expressions()]

    def problems(self) -> Iterator[Problem]:
        """Return the writes that do not commute and the reads of what others write."""
        changes = []
        for tree, body in self.parts:
            for write in writes_of(tree, body):
                change = self._change(write, body)
                if isinstance(change, str):
                    yield self._here(write.target, body), change
                elif change is not None:
                    changes.append(change)
        yield from self._locals()
        for change in changes:
            yield from self._conflicts(change, changes)

    # ---------------------------------------------------------------- writes to the state

    def _change(self, write: Write, body: Body) -> _Change | str | None:
        """Return a write to the state, or why it cannot be proven; None for one that concerns nobody else."""
        text = ast.unparse(write.target)
        if not write.in_state:
            return self._local_write(write, body, text)
        place = write.place
        if place is None:
            return f"where `{text}` lies cannot be said"
        how = self._commutes(write, body)
        if write.how in ("assign", "augment", "delete"):
            place = place.then(write.name if write.name is not None else Index(index_of(body.kind(write.index)) if write.index is not None else None))
        elif write.how == "method" and write.name in ("setdefault", "pop") and shape_of(write.receiver) == "dict" and write.values:
            place = place.then(Index(index_of(body.kind(write.values[0]))))
        if how is None and not self._is_own(place):
            return f"`{text}` is written by each of them"
        return _Change(write, place, how)

    def _local_write(self, write: Write, body: Body, text: str) -> str | None:
        """A change of a container that the rule made: it commutes, or only this iteration has it."""
        binding = body.names.of.get(write.holder) if isinstance(write.holder, ast.Name) else None
        if binding is not None and _is_made_here(binding, body) and (body is not self.body or binding in self._private()):
            return None
        way = self._commutes(write, body)
        if way in ("add", "take", "join") and body is self.body and binding is not None and self._is_only_written(binding, way):
            return None
        return f"`{text}` is written by each of them"

    def _is_only_written(self, binding: Binding, way: object) -> bool:
        """Return whether the loop uses a container only to write into it, always in the same commuting way."""
        written = {write.holder for tree in self.inside for write in writes_of(tree, self.body) if self._commutes(write, self.body) == way}
        loads = [load for load in self.body.names.loads.get(binding, []) if load in self.inside]
        return all(load in written for load in loads)

    def _commutes(self, write: Write, body: Body) -> object:
        """Return in which way a write commutes with others of the same way, or None."""
        match write.how:
            case "method":
                return _ADDING.get(write.name or "") if shape_of(write.receiver) in ("set", "bag") else None
            case "assign" if len(write.values) == 1 and isinstance(kind := body.kind(write.values[0]), Object) and isinstance(write.values[0], ast.Constant):
                return ("same", repr(kind.value))
            case "augment" | "local":
                return self._commuting_operator(write, body)
        return None

    def _commuting_operator(self, write: Write, body: Body) -> str | None:
        statement = body.names.parents.get(write.target)
        if not isinstance(statement, ast.AugAssign):
            return None
        # Additions to a bounded integer commute if all go the same way: otherwise it depends on the order whether the domain is left in between.
        grows = not write.in_state or is_natural(body.kind(statement.value))
        return commuting_way(statement.op, body.kind(statement.target)) if grows else None

    # ---------------------------------------------------------------- places

    def _is_own(self, place: Place) -> bool:
        """Return whether no other iteration writes there: one of the indices is the loop variable, which is another one each time."""
        return bool(self._own_steps(place))

    def _own_steps(self, place: Place) -> set[int]:
        if not self._is_distinct():
            return set()
        steps = enumerate(place.steps)
        return {n for n, step in steps if isinstance(step, Index) and isinstance(step.at, Symbol) and step.at.loop is self.loop}

    def _are_apart(self, a: Place, b: Place) -> bool:
        """Return whether two places in different iterations are never the same: the loop variable is at the same index of both."""
        return not _meet(a, b) or bool(self._own_steps(a) & self._own_steps(b))

    def _is_distinct(self) -> bool:
        """Return whether the loop variable is another value in each iteration."""
        match self.loop.iter:
            case ast.Call(func=ast.Attribute(value=receiver, attr="items" | "keys")):
                return shape_of(self.body.kind(receiver)) in ("dict", "bag")
            case ast.Call(func=ast.Attribute(value=receiver, attr="values")):
                kind = self.body.kind(self.loop.target)
                return shape_of(self.body.kind(receiver)) == "dict" and isinstance(kind, Of) and kind.domain.mutable
        kinds = alternatives(self.body.kind(self.loop.iter))
        return all(shape_of(one) in ("set", "frozenset", "dict", "bag") or (isinstance(one, Object) and isinstance(one.value, type)) for one in kinds)

    def _conflicts(self, change: _Change, changes: list[_Change]) -> Iterator[Problem]:
        """Return the other writes and the reads that meet a write of another iteration."""
        for other in changes:
            if not self._are_apart(change.place, other.place) and (change.how is None or change.how != other.how):
                yield self._here(change.write.target, self.body), f"`{ast.unparse(change.write.target)}` is written in two ways"
        for tree, body in self.parts:
            if isinstance(tree, ast.expr) and not self._is_target(tree, body):
                for place in _places_read(tree, body):
                    if not self._are_apart(change.place, place):
                        yield self._here(tree, body), f"`{ast.unparse(tree)}` is read, which other iterations write"

    def _is_target(self, tree: ast.expr, body: Body) -> bool:
        """Return whether an expression only says what is written."""
        parent = body.names.parents.get(tree)
        if isinstance(parent, ast.AugAssign | ast.Assign | ast.Delete):
            return tree is getattr(parent, "target", None) or tree in getattr(parent, "targets", ())
        if isinstance(parent, ast.Attribute) and isinstance(call := body.names.parents.get(parent), ast.Call) and call.func is parent:
            return any(write.holder is tree and self._commutes(write, body) is not None for write in writes_of(call, body))
        return False

    def _here(self, tree: ast.AST, body: Body) -> ast.AST:
        """Return a place in the function of the loop: the loop itself for what is done elsewhere."""
        return tree if body is self.body else self.loop.iter

    # ---------------------------------------------------------------- local variables

    def _locals(self) -> Iterator[Problem]:
        private = self._private()
        for binding in self._assigned():
            if binding in private or self._accumulates(binding):
                continue
            place = next(iter(self._stores(binding)), self.loop.target)
            yield place, f"'{binding.name}' keeps what one of them leaves there"
        for name in stored_names(self.loop.target):
            binding_of_target = self.body.names.of.get(name)
            for load in self.body.names.loads.get(binding_of_target, []) if binding_of_target else ():
                if load not in self.inside and self._is_after(load) and not self._is_bound_again(load, binding_of_target):
                    yield load, f"'{load.id}' is used after the loop, when it is the last one"

    def _assigned(self) -> list[Binding]:
        """The variables of the function that the body of the loop assigns, without those of comprehensions and functions inside."""
        names = [tree for tree in self.inside if isinstance(tree, ast.Name) and isinstance(tree.ctx, ast.Store)]
        found = {self.body.names.of[name]: None for name in names if name in self.body.names.of}
        return [binding for binding in found if binding.scope is self.body.tree.node]

    def _stores(self, binding: Binding) -> list[ast.Name]:
        return [tree for tree in self.inside if isinstance(tree, ast.Name) and isinstance(tree.ctx, ast.Store) and self.body.names.of.get(tree) == binding]

    def _private(self) -> set[Binding]:
        """The variables that each iteration assigns before it reads them, and that nothing outside the loop reads."""
        found: set[Binding] = set()
        for binding in self._assigned():
            loads = self.body.names.loads.get(binding, [])
            if all(load in self.inside for load in loads) and self._is_assigned_first(binding):
                found.add(binding)
        return found

    def _is_assigned_first(self, binding: Binding) -> bool:
        for statement in self.loop.body:
            names = [tree for tree in evaluated_in(statement) if isinstance(tree, ast.Name) and self.body.names.of.get(tree) == binding]
            if not names:
                continue
            if isinstance(statement, ast.Assign | ast.AnnAssign | ast.For):
                return all(isinstance(name.ctx, ast.Store) for name in names) or (isinstance(statement, ast.For) and isinstance(names[0].ctx, ast.Store))
            return False
        return True

    def _accumulates(self, binding: Binding) -> bool:
        """Return whether the loop only ever updates a variable in one commuting way, or sets it to one constant, without reading it."""
        if any(load in self.inside for load in self.body.names.loads.get(binding, [])):
            return False
        ways: set[object] = set()
        for gets in self.body.names.writes.get(binding, []):
            if gets.statement not in self.inside:
                continue
            match gets.statement:
                case ast.AugAssign(target=ast.Name() as target, op=op):
                    ways.add(commuting_way(op, self.body.kind(target)))
                case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=value)):
                    ways.add(("same", repr(value)))
                case _:
                    ways.add(None)
        return len(ways) == 1 and None not in ways

    def _is_after(self, load: ast.Name) -> bool:
        return load.lineno >= (self.loop.end_lineno or self.loop.lineno) or any(isinstance(above, ast.For | ast.While) for above in self._above(self.loop))

    def _is_bound_again(self, load: ast.Name, binding: Binding | None) -> bool:
        """Return whether a use of the loop variable lies in another loop with a variable of this name."""
        around = set(self._above(self.loop))  # a loop around this one does not give the variable its own value again in between
        others = [above for above in self._above(load) if isinstance(above, ast.For) and above is not self.loop and above not in around]
        return any(
            self.body.names.of.get(name) == binding and any(load in (tree, *evaluated_in(tree)) for tree in above.body)
            for above in others
            for name in stored_names(above.target)
        )

    def _above(self, tree: ast.AST) -> Iterator[ast.AST]:
        while (parent := self.body.names.parents.get(tree)) is not None:
            yield parent
            tree = parent


def commuting_way(op: ast.operator, kind: Kind) -> str | None:
    """Return in which way `target op= value` commutes with others of the same way, for a target of this kind; None if it does not."""
    match op:
        case ast.BitOr() | ast.BitAnd() if is_set(kind) or is_bool(kind):
            return "join" if isinstance(op, ast.BitOr) else "meet"
        case ast.Sub() if is_set(kind):
            return "take"
        case ast.Add() | ast.Sub() if is_int(kind):
            return type(op).__name__
    return None


def is_natural(kind: Kind) -> bool:
    """Return whether the value certainly is an integer that is not negative."""
    return certain(kind, _is_natural)


def _is_natural(kind: Kind) -> bool:
    match kind:
        case Of(Integers() as domain, _):
            return domain.low >= 0
        case Of(Enumerated() as domain, _):
            return all(isinstance(value, int) and value >= 0 for value in domain.values)
        case Object(value):
            return isinstance(value, int) and value >= 0
    return False


def _is_made_here(binding: Binding, body: Body) -> bool:
    """Return whether a variable only ever holds what the function makes at that very place."""
    writes = body.names.writes.get(binding, [])
    return bool(writes) and all(
        gets.how == "value" and isinstance(gets.target, ast.Name) and gets.value is not None and makes(gets.value, body) for gets in writes
    )


def makes(value: ast.expr, body: Body) -> bool:
    """Return whether an expression makes a container or record of its own, in which only immutable values or copies lie."""
    if isinstance(value, ast.List | ast.Set | ast.Dict | ast.ListComp | ast.SetComp | ast.DictComp):
        kind = body.kind(value)
        return isinstance(kind, Built) and not any(
            isinstance(one, Of) and one.domain.mutable for one in (*alternatives(kind.element), *alternatives(kind.value))
        )
    return isinstance(value, ast.Call) and body.object_of(value.func) in (set, frozenset, dict, list, copy)


def _places_read(tree: ast.expr, body: Body) -> Iterator[Place]:
    """Return the place that a maximal chain of attributes and indices reads: `self.pc[p]`, without `self.pc` inside it."""
    parent = body.names.parents.get(tree)
    if not isinstance(tree, ast.Attribute | ast.Subscript | ast.Name) or not isinstance(tree.ctx, ast.Load):
        return
    if isinstance(parent, ast.Attribute | ast.Subscript) and parent.value is tree and not _is_method(parent, body):
        return
    if isinstance(tree, ast.Attribute) and _is_method(tree, body):
        return
    for one in alternatives(body.kind(tree)):
        if isinstance(one, Of | State) and isinstance(one.origin, Place):
            # What is read through a state is read where its attribute stands, or in the function that gets it.
            if not (isinstance(one, State) and (isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Call) and parent in body.callees))):
                yield one.origin
            return
    if isinstance(tree, ast.Name):
        return
    for holder in alternatives(body.kind(tree.value)):
        origin = getattr(holder, "origin", None)
        if isinstance(origin, Place) and isinstance(holder, State | Of):
            yield origin.then(tree.attr if isinstance(tree, ast.Attribute) else Index(index_of(body.kind(tree.slice))))


def _is_method(tree: ast.Attribute | ast.Subscript, body: Body) -> bool:
    return isinstance(tree, ast.Attribute) and any(isinstance(one, Method) for one in alternatives(body.kind(tree)))


def _meet(a: Place, b: Place) -> bool:
    """Return whether two places may be the same, or one inside the other."""
    if a.root != b.root:
        return False
    return all(x == y or (isinstance(x, Index) and isinstance(y, Index) and not _differ(x, y)) for x, y in zip(a.steps, b.steps))


def _differ(a: Index, b: Index) -> bool:
    return isinstance(a.at, tuple) and isinstance(b.at, tuple) and a.at != b.at
