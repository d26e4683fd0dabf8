"""Bodies: the kind of every expression of one function, for given kinds of its arguments.

    n = self.nodes[i]               n: Of(<Node>, Place("self", ("nodes", Index(i))))
    n.votes.add(i)                  n.votes.add: Method(Of(<set[Server]>, Place("self", ("nodes", Index(i), "votes"))), "add")

The order of statements is not followed: a variable is of one of the kinds of everything that it ever gets. That makes claims rarer, never wrong.
"""

import ast
import builtins
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from speccheck.domains.records import Record
from speccheck.domains.tuples import Product
from speccheck.dsl.spec import Spec
from speccheck.model.syntax.elements import element_of, item_of, opened, opened_within
from speccheck.model.syntax.functions import MISSING, ends, unmarked
from speccheck.model.syntax.kinds import (
    BOOL,
    FRESH,
    INT,
    NONE,
    NOTHING,
    TEXT,
    UNKNOWN,
    VALUE,
    Built,
    Instance,
    Kind,
    Method,
    Object,
    Of,
    State,
    Super,
    Symbol,
    Tuple,
    alternatives,
    is_int,
    join,
    shallow,
    shape_of,
    unordered,
)
from speccheck.model.syntax.members import member_of
from speccheck.model.syntax.names import Binding, Gets, Names, all_parts, known_names_of, own_parts, parameters_of
from speccheck.model.syntax.patterns import pattern_kinds
from speccheck.model.syntax.results import (
    MUTATORS,
    ONLY_READ,
    READERS,
    domain_kind,
    indexed,
    result_of_function,
    result_of_method,
    result_of_operator,
    symbolised,
)
from speccheck.model.syntax.trees import RuleTree

MOST_ROUNDS = 12  # of inference over one function, after which the variables that still change are UNKNOWN
_READERS = frozenset().union(*READERS.values()) - frozenset().union(*MUTATORS.values())
_ONLY_READ = {id(function) for function in ONLY_READ}

if TYPE_CHECKING:
    from speccheck.model.syntax.inference import Inference


class Body:
    """One function with the kinds of its arguments. `arguments` are those that the call gave, `result` is what it returns."""

    def __init__(self, inference: "Inference", tree: RuleTree, arguments: Mapping[str, Kind]) -> None:
        self.inference, self.tree, self.arguments = inference, tree, dict(arguments)
        self.names: Names = known_names_of(tree.node)
        self.callees: dict[ast.expr, tuple[Body, ...]] = {}
        self._locals: dict[Binding, Kind] = {}
        self._kinds: dict[ast.AST, Kind] = {}
        self._changed = {binding for binding, loads in self.names.loads.items() if not all(map(self._only_read, loads))}
        self._infer_locals()
        self.result = self._result()

    def kind(self, expression: ast.AST) -> Kind:
        """Return what is certain about an expression of this function."""
        found = self._kinds.get(expression)
        if found is None:
            found = self._kinds[expression] = shallow(self._kind(expression))
        return found

    def expressions(self) -> tuple[ast.AST, ...]:
        """Return everything that is evaluated when the function runs, functions inside it included."""
        return all_parts(self.tree.node)

    def object_of(self, expression: ast.AST) -> Any:
        """Return the very object that an expression denotes, or None; for functions, classes and modules."""
        kind = self.kind(expression)
        return kind.value if isinstance(kind, Object) else None

    def local(self, name: str) -> Kind:
        """Return what is certain about a local variable of the function, whatever it gets; NOTHING if it gets nothing."""
        return self._locals.get(Binding(self.tree.node, name), NOTHING)

    def only_value(self, name: ast.Name) -> ast.expr | None:
        """Return the expression that a local variable is assigned once and for all, or None."""
        binding = self.names.of.get(name)
        match self.names.writes.get(binding, []) if binding is not None else []:
            case [Gets(ast.Name(), value, "value")]:
                return value
        return None

    # ---------------------------------------------------------------- local variables

    def _infer_locals(self) -> None:
        hints = self.inference.claimed(self.tree.function)
        for parameter in parameters_of(self.tree.node):
            self._bind(Binding(self.tree.node, parameter.arg), self.arguments.get(parameter.arg, hints.get(parameter.arg, UNKNOWN)))
        for _ in range(MOST_ROUNDS):
            before = dict(self._locals)
            self._forget()
            self._give_all()
            if self._locals == before:
                break
        else:
            self._locals = {binding: kind if before.get(binding) == kind else UNKNOWN for binding, kind in self._locals.items()}
        self._forget()
        for expression in self.expressions():
            if isinstance(expression, ast.expr):
                self.kind(expression)

    def _forget(self) -> None:
        self._kinds.clear()
        self.callees.clear()

    def _give_all(self) -> None:
        for gets in self.names.gets:
            if gets.value is None:
                self._give(gets.target, UNKNOWN)
            elif gets.how == "value":
                self._give(gets.target, self.kind(gets.value))
            elif gets.how == "augmented" and isinstance(gets.statement, ast.AugAssign):
                self._give(gets.target, self._augmented(gets.statement))
            elif gets.how == "element":
                self._give_element(gets)
            else:
                self._give(gets.target, UNKNOWN)

    def _give_element(self, gets: Gets) -> None:
        assert gets.value is not None
        target, element = gets.target, element_of(self.kind(gets.value))
        if isinstance(target, ast.Name):
            self._give(target, symbolised(element, Symbol(target.id, gets.statement)))
        elif isinstance(target, ast.Tuple) and self._items_of(gets.value) and isinstance(element, Tuple) and isinstance(target.elts[0], ast.Name):
            symbol = Symbol(target.elts[0].id, gets.statement)  # the key also says where the value lies
            key, *values = element.elements
            self._give(target, Tuple((symbolised(key, symbol), *(indexed(one, symbol) for one in values))))
        else:
            self._give(target, element)

    def _items_of(self, value: ast.expr) -> bool:
        """Return whether an expression is `map.items()`."""
        match value:
            case ast.Call(func=ast.Attribute(value=receiver, attr="items")):
                return shape_of(self.kind(receiver)) in ("dict", "bag")
        return False

    def _augmented(self, statement: ast.AugAssign) -> Kind:
        operator, value = type(statement.op).__name__, self.kind(statement.value)
        # A mutable container is changed in place, so the variable still denotes it.
        return join(opened(one) if shape_of(one) in MUTATORS else result_of_operator(operator, one, value) for one in alternatives(self.kind(statement.target)))

    def _give(self, target: ast.AST | Binding, kind: Kind) -> None:
        match target:
            case Binding():
                self._bind(target, kind)
            case ast.Name() if target in self.names.of:
                self._bind(self.names.of[target], kind)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, kind)
            case ast.Starred(value=inner):
                self._give(inner, Built("list", element_of(kind)))
            case ast.pattern():
                for part, one in pattern_kinds(target, kind, self):
                    if part in self.names.of:
                        self._bind(self.names.of[part], one)

    def _unpack(self, targets: list[ast.expr], kind: Kind) -> None:
        starred = any(isinstance(target, ast.Starred) for target in targets)
        for number, target in enumerate(targets):
            if starred:
                self._give(target, kind if isinstance(target, ast.Starred) else element_of(kind))
            else:
                self._give(target, item_of(kind, Object(number)) if self._is_tuple(kind, len(targets)) else element_of(kind))

    def _is_tuple(self, kind: Kind, length: int) -> bool:
        return all(
            len(one.elements) == length if isinstance(one, Tuple) else isinstance(one, Of) and isinstance(one.domain, Product) for one in alternatives(kind)
        )

    def _bind(self, binding: Binding, kind: Kind) -> None:
        kind = opened(kind) if binding in self._changed else opened_within(kind)
        self._locals[binding] = shallow(join([self._locals.get(binding, NOTHING), kind]))

    def _only_read(self, name: ast.Name) -> bool:
        """Return whether this use of a variable can neither change the container in it nor give it another name."""
        parent = self.names.parents.get(name)
        match parent:
            case ast.Compare() | ast.BinOp() | ast.UnaryOp() | ast.FormattedValue() | ast.Return() | ast.If() | ast.While() | ast.Assert() | ast.IfExp():
                return not (isinstance(parent, ast.IfExp) and parent.test is not name)
            case ast.For() | ast.comprehension():
                return parent.iter is name
            case ast.Subscript(value=value, ctx=ast.Load()):
                return value is name
            case ast.Attribute(attr=attr, ctx=ast.Load()):
                called = isinstance(call := self.names.parents.get(parent), ast.Call) and call.func is parent
                return called and attr in _READERS
            case ast.Call(func=ast.Name() as function):
                return function not in self.names.of and id(self._free(function.id)) in _ONLY_READ
        return False

    # ---------------------------------------------------------------- expressions

    def _kind(self, expression: ast.AST) -> Kind:
        match expression:
            case ast.Constant(value=value):
                return Object(value)
            case ast.Name():
                return self._name(expression)
            case ast.Attribute():
                return self._attribute(expression)
            case ast.Subscript():
                return self._subscript(expression)
            case ast.Call():
                return self._call(expression)
            case ast.BinOp(left=left, op=op, right=right):
                return result_of_operator(type(op).__name__, self.kind(left), self.kind(right))
            case ast.UnaryOp(op=op, operand=operand):
                return BOOL if isinstance(op, ast.Not) else self._negated(op, operand)
            case ast.BoolOp(values=values):
                return join(map(self.kind, values))
            case ast.Compare():
                return BOOL
            case ast.IfExp(body=yes, orelse=no):
                return join([self.kind(yes), self.kind(no)])
            case ast.NamedExpr(value=value):
                return self.kind(value)
            case ast.JoinedStr():
                return TEXT
            case ast.Lambda():
                return Instance(types.FunctionType)
        return self._display(expression)

    def _negated(self, op: ast.unaryop, operand: ast.expr) -> Kind:
        kind = self.kind(operand)
        if isinstance(op, ast.USub) and isinstance(kind, Object) and type(kind.value) is int:
            return Object(-kind.value)
        return INT if is_int(kind) else UNKNOWN

    def _display(self, expression: ast.AST) -> Kind:
        match expression:
            case ast.Tuple(elts=parts) if not any(isinstance(part, ast.Starred) for part in parts):
                return Tuple(tuple(map(self.kind, parts)))
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                shape = {ast.Tuple: "tuple", ast.List: "list", ast.Set: "set"}[type(expression)]
                elements = join(element_of(self.kind(part.value)) if isinstance(part, ast.Starred) else self.kind(part) for part in parts)
                return Built(shape, elements, shape != "set")  # type: ignore[arg-type]
            case ast.Dict(keys=keys, values=values):
                if None in keys:
                    return Built("dict", UNKNOWN)
                return Built("dict", join(self.kind(key) for key in keys if key is not None), True, join(map(self.kind, values)))
            case ast.ListComp(elt=element, generators=generators):
                return Built("list", self.kind(element))
            case ast.SetComp(elt=element):
                return Built("set", self.kind(element), False)
            case ast.GeneratorExp(elt=element, generators=generators):
                return Built("iterator", self.kind(element), not self._iterates_unordered(generators))
            case ast.DictComp(key=key, value=value, generators=generators):
                return Built("dict", self.kind(key), not self._iterates_unordered(generators), self.kind(value))
        return UNKNOWN

    def _iterates_unordered(self, generators: list[ast.comprehension]) -> bool:
        return any(unordered(self.kind(one.iter)) for one in generators)

    def _name(self, name: ast.Name) -> Kind:
        binding = self.names.of.get(name)
        if binding is not None:
            return self._locals.get(binding, NOTHING)
        found = self._free(name.id)
        return UNKNOWN if found is MISSING else Object(found)

    def _free(self, name: str) -> Any:
        function = self.tree.function
        code, cells = function.__code__, function.__closure__ or ()
        if name in code.co_freevars:
            try:
                return cells[code.co_freevars.index(name)].cell_contents
            except ValueError:  # not assigned yet
                return MISSING
        return function.__globals__.get(name, getattr(builtins, name, MISSING))

    def _subscript(self, expression: ast.Subscript) -> Kind:
        kind, index = self.kind(expression.value), expression.slice
        if isinstance(kind, Object) and kind.value is typing.Literal:
            return self._literal(index)
        if not isinstance(index, ast.Slice):
            return item_of(kind, self.kind(index))
        return join(self._slice(one) for one in alternatives(kind))

    def _literal(self, index: ast.expr) -> Kind:
        """`Literal["a", "b"]`, as `choose` takes it."""
        words = index.elts if isinstance(index, ast.Tuple) else [index]
        values = tuple(word.value for word in words if isinstance(word, ast.Constant))
        return Object(typing.Literal[values]) if len(values) == len(words) else UNKNOWN

    def _slice(self, kind: Kind) -> Kind:
        if isinstance(kind, Object) and isinstance(kind.value, range):
            return Built("tuple", element_of(kind))
        shape = shape_of(kind)
        return Built(shape, element_of(kind)) if shape in ("list", "tuple") else UNKNOWN

    # ---------------------------------------------------------------- attributes

    def _attribute(self, expression: ast.Attribute) -> Kind:
        found = [self.member(one, expression.attr, expression) for one in alternatives(self.kind(expression.value))]
        kinds = join(found)
        return UNKNOWN if kinds == NOTHING and found else kinds

    def member(self, kind: Kind, name: str, expression: ast.expr | None = None) -> Kind:
        """Return the kind of an attribute; NOTHING where there is none. `expression` is where a property is called from."""
        return member_of(kind, name, self.inference.fields_of, lambda getter, receiver: self._calls(expression, getter, [receiver], {}))

    # ---------------------------------------------------------------- calls

    def _call(self, call: ast.Call) -> Kind:
        function = self.kind(call.func)
        positional = [UNKNOWN if isinstance(a, ast.Starred) else self.kind(a) for a in call.args]
        named = {k.arg: self.kind(k.value) for k in call.keywords if k.arg is not None}
        exact = not any(isinstance(a, ast.Starred) for a in call.args) and all(k.arg is not None for k in call.keywords)
        return join(self._called(call, one, positional, named, exact) for one in alternatives(function))

    def _called(self, call: ast.Call, function: Kind, positional: list[Kind], named: dict[str, Kind], exact: bool) -> Kind:
        match function:
            case Method(receiver, name, None):
                return result_of_method(receiver, name, tuple(positional))
            case Method(receiver, _, method):
                return self._calls(call, method, [receiver, *positional], named, exact)
            case Object(value) if value is super:
                return self._super(positional)
            case Object(type() as cls):
                return self._made(cls, positional, named)
            case Object(types.FunctionType() as plain) if self.inference.is_users(unmarked(plain)):
                return self._calls(call, plain, positional, named, exact)
            case Object(types.MethodType() as method):
                return self._calls(call, method.__func__, [Object(method.__self__), *positional], named, exact)
            case Object(value):
                return result_of_function(value, tuple(positional), named) if exact else UNKNOWN
        return UNKNOWN

    def _calls(self, at: ast.expr | None, function: Any, positional: list[Kind], named: Mapping[str, Kind], exact: bool = True) -> Kind:
        if not exact:
            positional, named = positional[:1] if isinstance(at, ast.Call) and isinstance(at.func, ast.Attribute) else [], {}
        result, body = self.inference.called(function, positional, named)
        if body is not None and at is not None:
            self.callees[at] = tuple(dict.fromkeys((*self.callees.get(at, ()), body)))
        return result

    def _super(self, positional: list[Kind]) -> Kind:
        if len(positional) == 2 and isinstance(positional[0], Object):
            return Super(positional[0].value, positional[1])
        owner, parameters = self._free("__class__"), parameters_of(self.tree.node)
        if positional or owner is MISSING or not parameters:
            return UNKNOWN
        return Super(owner, self._locals.get(Binding(self.tree.node, parameters[0].arg), UNKNOWN))

    def _made(self, cls: type, positional: list[Kind], named: dict[str, Kind]) -> Kind:
        if issubclass(cls, Spec):
            return State(cls, FRESH)
        if issubclass(cls, Enum):
            return domain_kind(cls, VALUE)
        result = result_of_function(cls, tuple(positional), named)
        if result != UNKNOWN:
            return result
        if issubclass(cls, Record) or hasattr(cls, "__dataclass_fields__") or hasattr(cls, "_fields"):
            return domain_kind(cls, FRESH)
        return UNKNOWN if cls.__module__ == "builtins" else Instance(cls) if cls.__new__ is object.__new__ else UNKNOWN

    def _result(self) -> Kind:
        node = self.tree.node
        if isinstance(node, ast.Lambda):
            return self.kind(node.body)
        yields = [one for one in own_parts(node) if isinstance(one, ast.Yield | ast.YieldFrom)]
        if yields:
            return Built("iterator", join(self.kind(y.value) if isinstance(y, ast.Yield) and y.value is not None else UNKNOWN for y in yields))
        found = [self.kind(one.value) if one.value is not None else NONE for one in own_parts(node) if isinstance(one, ast.Return)]
        return join(found if ends(node.body) else [*found, NONE])
