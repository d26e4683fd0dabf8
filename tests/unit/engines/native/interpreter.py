"""An interpreter of Programs on frozen values: the judge of compiled ones. Plain, slow, and as close to what the docstrings of the Program say as can be."""

import operator
from collections import Counter
from collections.abc import Iterator
from functools import cmp_to_key
from itertools import combinations
from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.parts import OutsideDomain
from speccheck.domains.records import Records
from speccheck.domains.scalars import INT_MAX, INT_MIN, Enumerated
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences, frozen_set
from speccheck.domains.unions import Union
from speccheck.engines.native.emit.analysis import of_state
from speccheck.program import expressions as x
from speccheck.program import statements as st
from speccheck.program.places import failure_beside
from speccheck.program.program import Function, Program
from speccheck.program.types import Ref


class Failed(Exception):
    """An evaluation ended early: error, domain, assert, beyond, disabled, step (it asks what occurs, and there is no step)."""


class Returned(Exception):
    """The function returns."""


class Broken(Exception):
    """`break`."""


class Continued(Exception):
    """`continue`."""


class Choices:
    """Which alternatives the current run takes; further ones are noted."""

    def __init__(self, taken: tuple[int, ...]) -> None:
        self.taken, self.position, self.counts = taken, 0, []

    def pick(self, alternatives: list[Any]) -> Any:
        if not alternatives:
            raise Failed("disabled")
        index = self.taken[self.position] if self.position < len(self.taken) else 0
        self.position += 1
        self.counts.append(len(alternatives))
        return alternatives[index]


class Run:
    """One evaluation of a function on a state."""

    def __init__(self, program: Program, state: tuple[Any, ...], after: tuple[Any, ...] | None = None, choices: Choices | None = None) -> None:
        self.program, self.choices = program, choices
        self.states: dict[str, list[Any]] = {"self": list(state), "after": list(after or ())}
        self.wrote = False

    # ---------------------------------------------------------------- functions

    def call(self, name: str, arguments: list[Any], outer: "Frame | None" = None, passed: tuple[Any, ...] = ()) -> Any:
        function: Function = self.program.functions[name]
        frame = Frame(self)
        for parameter, value in zip(function.parameters, arguments, strict=True):
            frame.locals[parameter.name] = value
        result = None
        try:
            frame.body(function.body)
        except Returned as returned:
            result = returned.args[0]
        for parameter, argument in zip(function.parameters, passed):
            if parameter.by_reference:
                outer.locals[argument.place.root.name] = frame.locals[parameter.name]
        return result


class Frame:
    """The locals of one function that runs."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.locals: dict[str, Any] = {}

    # ---------------------------------------------------------------- places

    def steps(self, place: x.Place) -> tuple[Any, Any, list[Any]]:
        """Return what holds the value (a state's list or the locals), the key there, and the steps from there with evaluated keys."""
        steps: list[Any] = []
        if isinstance(place.root, x.Variable):
            holder, at = self.run.states[place.root.which], place.root.index
            domain = self.run.program.variables[at].domain
        elif isinstance(place.root.type, Ref):
            which, at, steps = self.value(place.root) if isinstance(place.root, x.Expression) else self.locals[place.root.name]
            holder, steps, domain = self.run.states[which], list(steps), place.root.type.domain
        else:
            holder, at, domain = self.locals, place.root.name, place.root.type
        value = self.value_at(holder, at, steps)
        for step in place.steps:
            match step:
                case x.FieldStep(index):
                    found: Any = ("field", index)
                    domain = list(domain.fields.values())[index]
                case x.KeyStep(key, sure):
                    found = ("key", domain, self.value(key))
                    if not domain.total and not sure and found[2] not in dict(value):
                        raise Failed("error")
                    domain = domain.value_domain
                case x.ItemStep(index, sure):
                    i = self.value(index)
                    if not -len(value) <= i < len(value):
                        assert not sure
                        raise Failed("error")
                    found = ("item", i % len(value))
                    domain = domain.element
                case x.AlternativeStep(number):
                    if value[0] != number:
                        raise Failed(failure_beside(domain, number))
                    found = ("alternative", number)
                    domain = domain.alternatives[number]
            steps.append(found)
            try:
                value = read(value, found)
            except KeyError:
                value = None  # of a partial map, about to be written
        return holder, at, steps

    def value_at(self, holder: Any, at: Any, steps: list[Any]) -> Any:
        value = holder[at]
        for step in steps:
            value = read(value, step)
        return value

    def load(self, place: x.Place) -> Any:
        try:
            return self.value_at(*self.steps(place))
        except KeyError:
            raise Failed("error") from None

    def write(self, place: x.Place, value: Any) -> None:
        holder, at, steps = self.steps(place)
        holder[at] = written(holder[at], steps, value)
        if holder is not self.locals:
            self.run.wrote = True

    # ---------------------------------------------------------------- statements

    def body(self, statements: tuple[Any, ...]) -> None:
        for one in statements:
            self.statement(one)

    def statement(self, one: Any) -> None:
        match one:
            case st.Assign():
                self.locals[one.local.name] = self.value(one.value)
            case st.Store():
                self.write(one.place, self.value(one.value))
            case st.Change():
                arguments = [self.value(a) for a in one.arguments]
                self.write(one.place, changed(one.place.domain, self.load(one.place), one.operation, arguments, "domain" if of_state(one.place) else "beyond"))
            case st.Touch():
                self.run.wrote = True
            case st.If():
                self.body(one.then if self.value(one.test) else one.otherwise)
            case st.For():
                for values in list(self.rounds(one.source)):
                    self.locals.update(zip((t.name for t in one.targets), values, strict=True))
                    try:
                        self.body(one.body)
                    except Broken:
                        break
                    except Continued:
                        continue
            case st.Loop():
                for _ in range(10_000):
                    try:
                        self.body(one.body)
                    except Broken:
                        return
                    except Continued:
                        continue
                raise Failed("beyond")
            case st.Break():
                raise Broken
            case st.Continue():
                raise Continued
            case st.Return():
                raise Returned(None if one.value is None else self.value(one.value))
            case st.Require():
                if not self.value(one.test):
                    raise Failed("disabled")
            case st.Fail():
                raise Failed(one.failure)
            case st.Choose():
                self.locals[one.local.name] = self.run.choices.pick(list(dict.fromkeys(values[0] for values in self.rounds(one.source))))
            case st.Run():
                result = self.run.call(one.function, [self.value(a) for a in one.arguments], self, one.arguments)
                if one.local is not None:
                    self.locals[one.local.name] = result
            case _:
                raise AssertionError(one)

    # ---------------------------------------------------------------- sources

    def rounds(self, source: Any) -> Iterator[tuple[Any, ...]]:
        match source:
            case x.RangeSource(start, stop, step):
                for i in range(self.value(start), self.value(stop), step):
                    yield (i,)
            case x.ValuesSource(domain):
                for value in domain.all_frozen():
                    yield (value,)
            case x.ContainerSource(container, what, reverse):
                rows = elements(container.type, self.value(container), what)
                yield from rows[::-1] if reverse else rows
            case x.ReferenceSource(place, what):
                which = place.root.which if isinstance(place.root, x.Variable) else place.root.type.which
                holder, at, steps = self.steps(place)
                value = self.value_at(holder, at, steps)
                if isinstance(place.domain, Lists):
                    for i in range(len(value)):
                        yield ((which, at, (*steps, ("item", i))),)
                    return
                for key, _ in place.domain._items(value):
                    ref = (which, at, (*steps, ("key", place.domain, key)))
                    yield (ref,) if what == "values" else (key, ref)
            case x.EnumerateSource(inner, start):
                n = self.value(start)
                for i, row in enumerate(self.rounds(inner)):
                    yield (n + i, *row)
            case x.ZipSource(inner):
                for rows in zip(*(list(self.rounds(one)) for one in inner)):
                    yield tuple(value for row in rows for value in row)
            case x.SubsetsSource(container, low, high):
                domain = container.type
                members = [row[0] for row in elements(domain, self.value(container), "elements")]
                for size in range(max(0, self.value(low)), min(len(members), self.value(high)) + 1):
                    for some in combinations(members, size):
                        yield (made_set(domain, some),)
            case _:
                raise AssertionError(source)

    # ---------------------------------------------------------------- expressions

    def value(self, e: Any) -> Any:
        match e:
            case x.Load():
                if isinstance(e.type, Ref) and not e.place.steps:
                    return self.locals[e.place.root.name]
                return self.load(e.place)
            case x.Reference():
                which = e.place.root.which if isinstance(e.place.root, x.Variable) else e.place.root.type.which
                _, at, steps = self.steps(e.place)
                return (which, at, tuple(steps))
            case x.Constant():
                return e.value
            case x.Table():
                key = e.key.type.rank(self.value(e.key))
                if key >= len(e.entries) or e.entries[key] is None:
                    raise Failed("error")
                return e.entries[key][0]
            case x.Convert():
                return converted(self.value(e.value), e.value.type, e.type, e.failure)
            case x.MakeRecord():
                fields = tuple(self.value(one) for one in e.fields)
                return fields if isinstance(e.type, Records) else e.type.make(fields)
            case x.GetField():
                value = self.value(e.value)
                return value[e.index] if isinstance(e.value.type, Records) else e.value.type.fields_of(value)[e.index]
            case x.IsAlternative():
                return e.value.type._split(self.value(e.value))[0] in e.alternatives
            case x.IsOneOf():
                return e.value.type.rank(self.value(e.value)) in e.numbers
            case x.Not():
                return not self.value(e.value)
            case x.And():
                return all(self.value(one) for one in e.values)
            case x.Or():
                return any(self.value(one) for one in e.values)
            case x.IfThenElse():
                return self.value(e.then) if self.value(e.test) else self.value(e.otherwise)
            case x.Equal():
                return self.value(e.left) == self.value(e.right)
            case x.Less():
                order = compared(e.left.type, self.value(e.left), self.value(e.right))
                return order <= 0 if e.or_equal else order < 0
            case x.Arithmetic():
                return self.arithmetic(e)
            case x.ToInteger():
                return self.integer(e.value.type, self.value(e.value))
            case x.Comprehension():
                return self.comprehension(e)
            case x.Call():
                run = Run(self.run.program, tuple(self.run.states["self"]), tuple(self.run.states["after"]))
                return run.call(e.function, [self.value(a) for a in e.arguments])
            case x.Enabled() | x.Occurs():
                return self.question(e)
        return self.of_container(e)

    def integer(self, domain: Any, value: Any) -> int:
        return value._index if isinstance(value, Sort) else int(value) if isinstance(value, int) else domain.rank(value)

    def arithmetic(self, e: x.Arithmetic) -> int:
        a, b = self.value(e.left), self.value(e.right)
        if (e.operator in ("//", "%") and b == 0) or (e.operator in ("<<", ">>") and b < 0):
            raise Failed("error")
        if e.operator == "<<" and a and b > 64:
            raise Failed("beyond")
        if e.operator == "**" and (b < 0 or (b > 64 and abs(a) > 1)):
            raise Failed("beyond")
        if e.operator == "<<":
            b = min(b, 64)
        if e.operator == "**" and abs(a) < 2 and b > 2:
            b = 2 + b % 2
        functions = {
            "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod, "&": operator.and_, "|": operator.or_,
            "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift, "**": operator.pow,
        }  # fmt: skip
        found = functions[e.operator](a, b)
        if not INT_MIN <= found <= INT_MAX:
            raise Failed("beyond")
        return found

    def of_container(self, e: Any) -> Any:
        match e:
            case x.Length():
                return len(whole(e.value.type, self.value(e.value)))
            case x.Contains():
                domain, value = e.container.type, self.value(e.container)
                element = self.value(e.element)
                return element in ([k for k, _ in domain._items(value)] if isinstance(domain, Maps) else whole(domain, value))
            case x.GetItem():
                container, key = self.value(e.container), self.value(e.key)
                default = None if e.default is None else (self.value(e.default),)
                domain = e.container.type
                items = dict(domain._items(container)) if isinstance(domain, Maps) else {i - n: v for n in (0, len(container)) for i, v in enumerate(container)}
                if key in items:
                    return items[key]
                if default is None:
                    raise Failed("error")
                return default[0]
            case x.Count():
                return whole(e.container.type, self.value(e.container)).count(self.value(e.element))
            case x.IndexOf():
                items, element = list(self.value(e.container)), self.value(e.element)
                if element not in items:
                    raise Failed("error")
                return items.index(element)
            case x.Slice():
                container = self.value(e.container)
                bounds = [None if one is None else self.value(one) for one in (e.start, e.stop, e.step)]
                if bounds[2] == 0:
                    raise Failed("error")
                return self.as_list(e.type, e.container.type.element, container[slice(*bounds)], "beyond")
            case x.Concatenate():
                found: tuple[Any, ...] = ()
                for one, value in [(one, self.value(one)) for one in e.parts]:
                    found += tuple(converted(v, one.type.element, e.type.element, "beyond") for v in value)
                    if len(found) > e.type.capacity:
                        raise Failed("beyond")
                return found
            case x.SetOperation():
                a, b = (frozenset(frozenset.__iter__(self.value(one))) for one in (e.left, e.right))
                found_set = {"|": a | b, "&": a & b, "-": a - b, "^": a ^ b}[e.operator]
                if len(found_set) > e.type.capacity:
                    raise Failed("beyond")
                return made_set(e.type, found_set)
            case x.Subset():
                a, b = (frozenset(frozenset.__iter__(self.value(one))) for one in (e.left, e.right))
                return {"subset": a <= b, "proper": a < b, "disjoint": a.isdisjoint(b)}[e.relation]
            case x.Sorted():
                items = list(self.value(e.value))
                keys, domain = items, e.value.type.element
                if e.key is not None:
                    keys, domain = [], e.key.type
                    for item in items:
                        self.locals[e.variable.name] = item
                        keys.append(self.value(e.key))
                order = cmp_to_key(lambda a, b: compared(domain, a, b))
                return tuple(item for item, _ in sorted(zip(items, keys, strict=True), key=lambda pair: order(pair[1]), reverse=e.reverse))
        raise AssertionError(e)

    def as_list(self, target: Any, element: Domain, values: Any, full: str) -> tuple[Any, ...]:
        if len(values) > target.capacity:
            raise Failed(full)
        return tuple(converted(v, element, target.element, None) for v in values)

    def comprehension(self, e: x.Comprehension) -> Any:
        def values(generators: tuple[x.Generator, ...]) -> Iterator[Any]:
            if not generators:
                yield (self.value(e.key), self.value(e.body)) if e.key is not None else self.value(e.body)
                return
            one = generators[0]
            for row in self.rounds(one.source):
                self.locals.update(zip((t.name for t in one.targets), row, strict=True))
                for local, value in one.lets:
                    self.locals[local.name] = self.value(value)
                if all(self.value(c) for c in one.conditions):
                    yield from values(generators[1:])

        rows = values(e.generators)
        match e.fold:
            case "all":
                return all(rows)
            case "any":
                return any(rows)
            case "count":
                return sum(1 for _ in rows)
            case "sum":
                total = 0
                for one in rows:
                    total += one
                    if not INT_MIN <= total <= INT_MAX:
                        raise Failed("beyond")
                return total
            case "first":
                default = None if e.default is None else (self.value(e.default),)
                for one in rows:
                    return one
                if default is None:
                    raise Failed("error")
                return default[0]
            case "min" | "max":
                found = list(rows)
                if not found:
                    if e.default is None:
                        raise Failed("error")
                    return self.value(e.default)
                return {"min": min, "max": max}[e.fold](found, key=cmp_to_key(lambda a, b: compared(e.type, a, b)))
            case "set":
                found_set = set()
                for one in rows:
                    found_set.add(one)
                    if len(found_set) > e.type.capacity:
                        raise Failed("beyond")
                return made_set(e.type, found_set)
            case "list":
                found = []
                for one in rows:
                    if len(found) == e.type.capacity:
                        raise Failed("beyond")
                    found.append(one)
                return tuple(found)
            case "bag":
                found = []
                for one in rows:
                    if len(found) == e.type.capacity:
                        raise Failed("beyond")
                    found.append(one)
                return frozenset(Counter(found).items())
            case "map":
                items = dict(rows)
                return tuple(items[k] for k in e.type.keys) if e.type.total else frozenset(items.items())
        raise AssertionError(e.fold)

    def question(self, e: Any) -> bool:
        state, after = tuple(self.run.states["self"]), tuple(self.run.states["after"])
        for number, given in e.actions:
            name = self.run.program.actions[number]
            fixed = {i: self.value(one) for i, one in given}
            if isinstance(e, x.Occurs) and not after:
                raise Failed("step")
            for binding in bindings(self.run.program.functions[name]):
                if any(binding[i] != one for i, one in fixed.items()):
                    continue
                for outcome, target, _ in outcomes(self.run.program, name, binding, state):
                    if outcome == "beyond":
                        raise Failed("beyond")
                    if isinstance(e, x.Occurs):
                        if outcome == "step" and target == after != state:
                            return True
                    elif outcome != "step" or target != state:
                        return True
        return False


# ---------------------------------------------------------------- values


def read(value: Any, step: Any) -> Any:
    match step:
        case ("key", domain, key):
            return dict(domain._items(value, ordered=False))[key]
        case ("alternative", _):
            return value[1]
        case (_, index):
            return value[index]
    raise AssertionError(step)


def written(value: Any, steps: list[Any], new: Any) -> Any:
    if not steps:
        return new
    step, *rest = steps
    match step:
        case ("key", domain, key):
            items = dict(domain._items(value, ordered=False))
            items[key] = written(items.get(key), rest, new)
            return tuple(items[k] for k in domain.keys) if domain.total else frozenset(items.items())
        case ("alternative", number):
            return (number, written(value[1], rest, new))
        case (_, index):
            return (*value[:index], written(value[index], rest, new), *value[index + 1 :])
    raise AssertionError(step)


def made_set(domain: Any, values: Any) -> Any:
    return frozenset(values) if isinstance(domain, Sets) else frozen_set(values, domain.element.key)


def whole(domain: Any, value: Any) -> list[Any]:
    """The elements of a container, those of a bag as often as they are there; the keys of a map."""
    match domain:
        case Maps():
            return [k for k, _ in domain._items(value)]
        case Bags():
            return [v for v, n in sorted(value, key=lambda item: domain.element.key(item[0])) for _ in range(n)]
        case Sets() | FrozenSets():
            return sorted(frozenset.__iter__(value), key=domain.element.key)
    return list(value)


def elements(domain: Any, value: Any, what: str) -> list[tuple[Any, ...]]:
    if isinstance(domain, Bags):
        items = sorted(value, key=lambda item: domain.element.key(item[0]))
    elif isinstance(domain, Maps):
        items = list(domain._items(value))
    else:
        return [(one,) for one in whole(domain, value)]
    return [{"elements": (k,), "values": (v,), "items": (k, v)}[what] for k, v in items]


def changed(domain: Any, value: Any, operation: str, arguments: list[Any], full: str) -> Any:
    match domain:
        case Sets():
            if operation == "add" and arguments[0] not in value and len(value) >= domain.capacity:
                raise Failed(full)
            if operation == "remove" and arguments[0] not in value:
                raise Failed("error")
            return value | {arguments[0]} if operation == "add" else value - {arguments[0]}
        case Bags():
            counts = Counter(dict(value))
            if operation == "add":
                if counts.total() >= domain.capacity:
                    raise Failed(full)
                counts[arguments[0]] += 1
            else:
                if arguments[0] not in counts:
                    raise Failed("error")
                counts[arguments[0]] -= 1
            return frozenset((+counts).items())
        case Maps():
            if arguments[0] not in dict(value):
                if operation == "delete_key":
                    raise Failed("error")
                return value
            return frozenset((k, v) for k, v in value if k != arguments[0])
    items = list(value)
    if operation in ("append", "insert") and len(items) >= domain.capacity:
        raise Failed(full)
    try:
        match operation:
            case "append":
                items.append(arguments[0])
            case "insert":
                items.insert(*arguments)
            case "delete":
                del items[arguments[0]]
            case "reverse":
                items.reverse()
    except IndexError:
        raise Failed("error") from None
    return tuple(items)


def converted(value: Any, source: Any, target: Any, failure: str | None) -> Any:
    try:
        plain = source.plain(value)
        return target.freeze_any(plain if failure == "domain" else as_kind(plain, target))  # a domain contains values of exactly its type
    except OutsideDomain:
        if failure is None:
            raise
        raise Failed(failure) from None


def as_kind(plain: Any, target: Any) -> Any:
    """A list for a tuple and so on, where the types say so."""
    match target:
        case Sequences() if isinstance(plain, list | tuple):
            return tuple(plain)
        case Lists() if isinstance(plain, list | tuple):
            return list(plain)
        case Sets() if isinstance(plain, set | frozenset):
            return set(plain)
        case FrozenSets() if isinstance(plain, set | frozenset):
            return frozenset(plain)
    return plain


def compared(domain: Any, a: Any, b: Any) -> int:
    """Python's order of two values."""
    if isinstance(domain, Enumerated) and isinstance(a, Sort):
        a, b = a._index, b._index
    if isinstance(domain, Product):
        for one, left, right in zip(domain.domains, domain.fields_of(a), domain.fields_of(b), strict=True):
            if order := compared(one, left, right):
                return order
        return 0
    if isinstance(domain, Sequences | Lists):
        for left, right in zip(a, b):
            if order := compared(domain.element, left, right):
                return order
        a, b = len(a), len(b)
    return int(a > b) - int(a < b)


# ---------------------------------------------------------------- rules


def bindings(function: Function) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [()]
    for parameter in function.parameters:
        rows = [(*row, value) for row in rows for value in parameter.type.all_frozen()]
    return rows


def outcomes(program: Program, name: str, binding: tuple[Any, ...], state: tuple[Any, ...]) -> list[tuple[str, Any, bool]]:
    """All evaluations of an action instance that are not disabled: (step, target, whether it wrote), or (failure, None, True)."""
    found: list[tuple[str, Any, bool]] = []
    left: list[tuple[int, ...]] = [()]
    while left:
        taken = left.pop()
        choices = Choices(taken)
        run = Run(program, state, choices=choices)
        try:
            run.call(name, list(binding))
            found.append(("step", tuple(run.states["self"]), run.wrote))
        except Failed as failed:
            if failed.args[0] != "disabled":
                found.append((failed.args[0], None, True))
        for i in range(len(taken), len(choices.counts)):
            left += [(*taken, *[0] * (i - len(taken)), other) for other in range(1, choices.counts[i])]
    return found


def asked(program: Program, name: str, binding: tuple[Any, ...], state: tuple[Any, ...], after: tuple[Any, ...] | None = None) -> Any:
    """What a rule that reads returns, or the failure as a text."""
    try:
        return Run(program, state, after).call(name, list(binding))
    except Failed as failed:
        return failed.args[0]


__all__ = ["Union", "asked", "bindings", "outcomes"]
