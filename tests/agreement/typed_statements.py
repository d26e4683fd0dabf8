"""Random statements over typed variables, as Python source text."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.agreement.typed_domains import BOOL, NUMBER, Alt, Bg, Bool, Frozen, FSet, Int, Lst, Map, Named, Opt, Rec, Seq, St, Tup, Type, is_mutable, loose
from tests.agreement.typed_expressions import Expressions, Name, Scope

Made = tuple[str, Scope]


def indented(text: str, by: int = 4) -> str:
    """Return a text further to the right."""
    return textwrap.indent(text, " " * by)


@dataclass
class Statements(Expressions):
    """Makes statements; each with the scope behind it."""

    captures: list[Name] = field(default_factory=list)  # names that have a value already, which a pattern may bind anew

    def block(self, s: Scope, depth: int, most: int = 3) -> str:
        """Make a block of statements."""
        made = []
        for _ in range(1 + self.below(most)):
            text, s = self.statement(s, depth)
            made.append(text)
            if text.split("(")[0] in ("return", "break", "continue", "disable") or text.startswith("return "):
                break
        return "\n".join(made)

    def statement(self, s: Scope, depth: int) -> Made:
        """Make one statement."""
        options: list[tuple[float, Callable[[Scope, int], Made]]] = [
            (2, self.local),
            (0.3, self.asserted),
            (0.6, self.swapped),
            (0.6, self.shared),
            (0.3, self.built),
        ]
        if s.acts:
            options += [
                (6, self.assigned),
                (5, self.changed),
                (1, self.augmented),
                (0.8, self.required),
                (0.5, self.paired),
                (1, self.called),
                (1.2, self.through_part),
            ]
        if depth > 0:
            options += [(2, self.branched), (1.3, self.matched), (2, self.repeated), (0.4, self.bounded_while), (0.8, self.narrowed)]
        if s.acts and self.labels and "self" in s.states and all(name.text != "k" for name in s.names):  # not in the process itself
            options.append((0.4, self.steered))
        if s.loop:
            options.append((1, self.jumped))
        if s.result is not None:
            options.append((0.5, self.returned_early))
        total = sum(weight for weight, _ in options)
        at = self.world.random.random() * total
        for weight, make in options:
            at -= weight
            if at < 0:
                return make(s, depth)
        return options[-1][1](s, depth)

    # ---------------------------------------------------------------- names

    def local(self, s: Scope, depth: int) -> Made:
        """Give a local a value: a new one, or one that it has already."""
        known = self._assignable(s)
        if known and self.flip(0.3):
            name = self.world.pick(known)
            if isinstance(name.type, Int) and self.flip(0.5):
                return f"{name.text} {self.world.pick(('+', '-', '*', '|'))}= {self.number(s, 1)}", s
            return f"{name.text} = {self.expr(NUMBER if isinstance(name.type, Int) and self.flip(0.3) else name.type, s, 2)}", s
        t = self.world.pick((NUMBER, NUMBER, BOOL, self.world.scalar(), self.world.immutable(0), self.world.part()))
        name = Name(self.fresh(), t, False)
        after = s.knows(name)
        if is_mutable(t) and not s.calls and self.flip(0.5):
            return "pass", s
        if self.flip(0.15):
            return f"{name.text}: {loose(t)} = {self.expr(t, s, 2)}", after
        if self.flip(0.15):
            return f"if {self.truth(s, 1)}:\n    {name.text} = {self.expr(t, s, 2)}\nelse:\n    {name.text} = {self.expr(t, s, 2)}", after
        if isinstance(t, Int) and self.flip(0.2):
            other = Name(self.fresh(), NUMBER, False)
            return (
                f"{name.text}, {other.text} = {self.world.pick((f'divmod({self.number(s, 1)}, {self.divisor(s)})', f'{self.number(s, 1)}, {self.number(s, 1)}'))}",
                after.knows(other),
            )
        return f"{name.text} = {self.expr(t, s, 2)}", after

    def swapped(self, s: Scope, depth: int) -> Made:
        """Give several locals values at once, which are made of the old ones."""
        known = [name for name in self._assignable(s) if name.text.startswith(("v", "x", "y", "z", "c"))]
        pairs = [(a, b) for a in known for b in known if a.text != b.text and (a.type == b.type or (isinstance(a.type, Int) and isinstance(b.type, Int)))]
        if not pairs:
            return "pass", s
        a, b = self.world.pick(pairs)
        if isinstance(a.type, Int) and self.flip(0.4):
            return (
                f"{a.text}, {b.text} = {self.world.pick((f'{b.text} - {a.text}, {a.text}', f'{b.text}, {a.text} + {b.text}', f'{self.number(s, 1)}, {a.text}'))}",
                s,
            )
        return f"{a.text}, {b.text} = {b.text}, {a.text}", s

    def shared(self, s: Scope, depth: int) -> Made:
        """Give a mutable value another name, put it into something, or return to change it."""
        locals_ = [name for name in s.names if isinstance(name.type, Lst | St | Map) and name.text.startswith(("c", "v")) and name.text not in s.busy]
        if not locals_ or self.flip(0.4):
            t = self.world.part()
            name = Name(self.fresh("c"), t, False)
            return f"{name.text}: {loose(t)} = {self.expr(t, s, 2)}", s.knows(name)
        one = self.world.pick(locals_)
        other = Name(self.fresh("c"), one.type, False)
        kind = self.below(6)
        if kind == 0:
            return f"{other.text} = {one.text}", s.knows(other)
        if kind == 1:
            return f"{other.text} = {one.text} or {self.expr(one.type, s, 1)}", s.knows(other)
        if kind == 2:
            return f"{other.text} = {one.text} if {self.truth(s, 1)} else {self.expr(one.type, s, 1)}", s.knows(other)
        if kind == 3:
            return f"{other.text} = copy({one.text})", s.knows(other)
        if kind == 4:
            items = [one.text, self.world.pick((one.text, self.expr(one.type, s, 1)))]
            return f"{other.text} = [{', '.join(items)}]", s.knows(Name(other.text, Lst(one.type, 2), False))
        like = [make for make, t, _ in self.places(s, 2) if t == one.type and self._is_writable(make(), s)] if s.acts else []
        return (f"{self.world.pick(like)()} = {one.text}", s) if like else self._set_or_other(one, s)

    def _set_or_other(self, one: Name, s: Scope) -> Made:
        inner = replace(s, names=(one,), states=())
        return self.changed(inner, 0)[0] if self.targets_in(inner) else "pass", s

    def targets_in(self, s: Scope) -> bool:
        """Whether something there can be changed."""
        return any(isinstance(name.type, Lst | St | Map | Bg) for name in s.names)

    def built(self, s: Scope, depth: int) -> Made:
        """Count how often values come, or look for the greatest one, in a loop."""
        source, t = self.source(s, 1, True) or ("P", self.world.p)
        if is_mutable(t) or (isinstance(t, Tup) and any(map(is_mutable, t.items))):
            return "pass", s
        name, each = self.fresh("c"), self.fresh("x")
        if isinstance(t, Int) and self.flip(0.5):
            name = self.fresh("v")
            made = f"{name} = None\nfor {each} in {source}:\n    if {name} is None or {each} {self.world.pick(('<', '>'))} {name}:\n        {name} = {each}"
            return made, s.knows(Name(name, Opt(t), False))
        made = f"{name} = {{}}\nfor {each} in {source}:\n    {name}[{each}] = {name}.get({each}, 0) + 1"
        return made, s.knows(Name(name, Map(t, NUMBER, False), False))

    def asked(self, s: Scope, d: int) -> str:
        """Make something of which nothing but the truth is asked for: mostly a bool."""
        if self.flip(0.8):
            return self.truth(s, d)
        found = self.read(lambda t: not isinstance(t, Rec), s)
        other = found[0] if found is not None and self.flip() else self.number(s, d - 1)
        word, said = self.world.pick(("and", "or")), self.truth(s, d - 1)
        made = f"{other} {word} {said}" if self.flip() else f"{said} {word} {other}"
        return f"not ({made})" if self.flip(0.3) else made

    def _assignable(self, s: Scope) -> list[Name]:
        """Return the names that may get another value: locals, parameters, what a loop binds; not what counts its rounds, nor what a process is."""
        of_process = ("p", "k") if any(name.text == "k" for name in s.names) else ("k",)
        return [name for name in s.names if not name.text.startswith(("i", "part", "self")) and name.text not in of_process and not is_mutable(name.type)]

    # ---------------------------------------------------------------- writes

    def targets(self, s: Scope, wanted: Callable[[Type], bool]) -> list[tuple[Callable[[], str], Type]]:
        """Return the places that may be written, other than local names themselves."""
        found = []
        for make, t, _ in self.places(s, 2):
            if not wanted(t):
                continue
            text = make()
            if ("." not in text and "[" not in text) or (any(text.startswith(one) for one in s.busy) and self.flip(0.9)):
                continue
            if not self._is_writable(text, s):
                continue
            found.append((make, t))
        return found

    def _is_writable(self, text: str, s: Scope) -> bool:
        """Whether all that is gone through to a place is mutable: variables, their records, lists and maps."""
        return not text.startswith("after.") and not self._goes_through_immutable(text, s)

    def _goes_through_immutable(self, text: str, s: Scope) -> bool:
        root = text.split("[")[0]
        parts = root.split(".")
        t: Type | None = None
        if parts[0] == "self":
            t = dict(self.variables).get(parts[1])
            rest = text[len(f"self.{parts[1]}") :]
        else:
            t = next((name.type for name in s.names if name.text == parts[0]), None)
            rest = text[len(parts[0]) :]
        while rest:
            if isinstance(t, Opt):
                t = t.inner
            if not isinstance(t, Rec | Lst | Map):
                return True
            if rest[0] == ".":
                name = rest[1:].split(".")[0].split("[")[0]
                if not isinstance(t, Rec):
                    return True
                t, rest = dict(t.fields)[name], rest[1 + len(name) :]
            else:
                if not isinstance(t, Lst | Map):
                    return True
                t = t.value if isinstance(t, Map) else t.inner
                rest = rest[_closing(rest) + 1 :]
        return False

    def effect(self, s: Scope) -> Made:
        """Make a statement that changes the state."""
        return self.world.pick((self.assigned, self.assigned, self.changed, self.changed, self.augmented, self.paired, self.through_part))(s, 0)

    def assigned(self, s: Scope, depth: int) -> Made:
        """Write a place."""
        found = self.targets(s, lambda t: True)
        if not found:
            return "pass", s
        make, t = self.world.pick(found)
        if self.flip(0.1) and not is_mutable(t):
            others = [one for one, other in found if other == t]
            return f"{make()} = {self.world.pick(others)()} = {self.expr(t, s, 2)}", s
        return f"{make()} = {self.expr(t, s, 2)}", s

    def paired(self, s: Scope, depth: int) -> Made:
        """Write two places at once."""
        found = self.targets(s, lambda t: not is_mutable(t))
        if not found:
            return "pass", s
        (a, first), (b, second) = self.world.pick(found), self.world.pick(found)
        if first == second and self.flip(0.6):
            left, right = a(), b()
            return f"{left}, {right} = {right}, {left}", s
        return f"{a()}, {b()} = {self.expr(first, s, 2)}, {self.expr(second, s, 2)}", s

    def augmented(self, s: Scope, depth: int) -> Made:
        """Change a number, a set, a list or a map by an operator."""
        found = self.targets(s, lambda t: isinstance(t, Int | St | Map | Seq | Bool | FSet) or (isinstance(t, Lst) and not is_mutable(t.inner)))
        if not found:
            return "pass", s
        make, t = self.world.pick(found)
        match t:
            case Int():
                operator = self.world.pick(("+", "+", "-", "*", "//", "%", "<<", ">>", "|", "&", "^"))
                value = (
                    self.divisor(s)
                    if operator in ("//", "%")
                    else self.world.pick(("1", "2", f"abs({self.number(s, 0)}) % 4"))
                    if operator in ("<<", ">>")
                    else self.number(s, 1)
                )
                return f"{make()} {operator}= {value}", s
            case Bool():
                return f"{make()} {self.world.pick(('|', '&', '^'))}= {self.truth(s, 1)}", s
            case St(inner) | FSet(inner):
                return f"{make()} {self.world.pick(('|', '&', '-', '^'))}= {self.set_of(inner, s, 1)}", s
            case Map(key, value, _):
                if is_mutable(value):
                    return self._map_change(make(), t, s)
                return f"{make()} |= {self.expr(Map(key, value, False), s, 1)}", s
            case Lst(inner) | Seq(inner):
                return f"{make()} += {'[]'[:1] if isinstance(t, Lst) else '('}{self.several(inner, s, 1, 2)}{']' if isinstance(t, Lst) else ',)'}", s
        raise AssertionError(t)

    def changed(self, s: Scope, depth: int) -> Made:
        """Call a method that changes a container."""
        found = [*self.targets(s, lambda t: isinstance(t, Lst | St | Map | Bg))]
        found += [(lambda name=name: name.text, name.type) for name in s.names if isinstance(name.type, Lst | St | Map | Bg) and name.text not in s.busy]  # type: ignore[misc]
        if not found:
            return self.assigned(s, depth)
        make, t = self.world.pick(found)
        match t:
            case Lst():
                return self._list_change(make(), t, s)
            case St():
                return self._set_change(make(), t, s)
            case Map():
                return self._map_change(make(), t, s)
            case Bg(inner):
                place = make()
                if self.flip(0.7):
                    return f"{place}.add({self.expr(inner, s, 1)})", s
                return self._guarded(f"{place}.remove", self.expr(inner, s, 1), place), s
        raise AssertionError(t)

    def _taken(self, call: str, t: Type, s: Scope, place: str) -> Made:
        """What a call returns is kept, or not."""
        if self.flip(0.5) or is_mutable(t):
            return call, s
        name = Name(self.fresh(), t, False)
        return f"{name.text} = {call}", s.knows(name)

    def _guarded(self, call: str, item: str, place: str) -> str:
        """A call that fails for what is not there, mostly with a look before."""
        return f"if {item} in {place}:\n    {call}({item})" if self.flip(0.6) and "choose" not in item else f"{call}({item})"

    def _list_change(self, place: str, t: Lst, s: Scope) -> Made:
        w, inner = self.world, t.inner
        item = self.expr(inner, s, 1)
        options = [f"{place}.append({item})", f"{place}.append({item})", f"{place}.insert({self.index(t.most, s)}, {item})", f"{place}.reverse()", f"{place}.clear()",
                   f"if {place}:\n    del {place}[{self.world.pick(('0', '-1'))}]", f"if len({place}) > 0:\n    {place}[{self.index(1, s)}] = {item}"]  # fmt: skip
        if not is_mutable(inner):
            options += [f"{place}.extend({self.going(inner, s, 1, True)})", self._guarded(f"{place}.remove", item, place)]
            if place.startswith("self."):
                options.append(f"{place}.sort(key={self.sort_key(inner, s, 2)}{w.pick(('', ', reverse=True'))})")
            if self.sortable(inner):
                options.append(f"{place}.sort({w.pick(('', 'reverse=True'))})")
        if self.flip(0.3) and (not is_mutable(inner) or self.flip(0.03)):
            call, after = self._taken(f"{place}.pop({w.pick(('', '0', '0', self.index(t.most, s)))})", inner, s, place)
            return call if self.flip(
                0.3
            ) else f"{w.pick((f'require({place})', f'require(len({place}) > 0)'))}\n{call}" if s.acts else f"if {place}:\n    {call}", (after if s.acts else s)
        return w.pick(options), s

    def _set_change(self, place: str, t: St, s: Scope) -> Made:
        w, inner = self.world, t.inner
        item, many = self.expr(inner, s, 1), self.set_of(inner, s, 1)
        options = [f"{place}.add({item})", f"{place}.add({item})", f"{place}.discard({item})", self._guarded(f"{place}.remove", item, place), f"{place}.clear()", f"{place}.update({many})",
                   f"{place}.{w.pick(('difference_update', 'intersection_update', 'symmetric_difference_update'))}({many})"]  # fmt: skip
        if self.flip(0.1) and place.startswith("self."):
            return self._taken(f"{place}.pop()", inner, s, place)
        return w.pick(options), s

    def _map_change(self, place: str, t: Map, s: Scope) -> Made:
        w = self.world
        key, value = self.expr(t.key, s, 1), self.expr(t.value, s, 1)
        options = [f"{place}[{key}] = {value}"] * 3
        if not is_mutable(t.value):
            options += [f"{place}.update({{{key}: {value}}})"]
        if not t.total or self.flip(0.03):
            options += [self._guarded(f"del {place}", key, place).replace(f"del {place}({key})", f"del {place}[{key}]"), f"{place}.clear()"]
            if not is_mutable(t.value):
                options += [f"{place}.setdefault({key}, {value})", f"{place}.pop({key}, None)"]
                if self.flip(0.3):
                    return self._taken(
                        w.pick((f"{place}.pop({key})", f"{place}.pop({key}, {value})", f"{place}.setdefault({key}, {value})")), t.value, s, place
                    )
        return w.pick(options), s

    def through_part(self, s: Scope, depth: int) -> Made:
        """Bind a local to a part of the state, and change the part by it."""
        parts = [(make, t) for make, t, has in self.places(s, 2) if has and isinstance(t, Lst | St | Map | Bg | Rec) and self._is_writable(make(), s)]
        if not parts:
            return "pass", s
        make, t = self.world.pick(parts)
        text = make()
        if any(text.startswith(one) for one in s.busy):
            return "pass", s
        name = Name(self.fresh("part"), t)
        bound, names = [f"{name.text} = {text}"], [name]
        if self.flip(0.15):
            other, like = self.world.pick([(text, t), (name.text, t), *((again(), one) for again, one in parts)])
            names.append(Name(self.fresh("part"), like))
            bound.append(f"{names[-1].text} = {other}")
        inner = replace(s, names=(*(one for one in s.names if not is_mutable(one.type)), *names), states=())
        made = [self.changed(inner, 0)[0] if not isinstance(t, Rec) or self.flip(0.4) else self.assigned(inner, 0)[0] for _ in range(1 + self.below(2))]
        return "\n".join([*bound, *made]), s

    # ---------------------------------------------------------------- control

    def asserted(self, s: Scope, depth: int) -> Made:
        """Assert something, mostly a truth."""
        said = self.truth(s, 2)
        if self.flip(0.9):
            said = f"{said} or {self.truth(s, 1)} or {self._state_truth(s)}"
        return f"assert {said}" + self.world.pick(("", ', "no"')), s

    def required(self, s: Scope, depth: int) -> Made:
        """Require something."""
        if self.flip(0.1):
            return f"if {self.truth(s, 2)}:\n    disable()", s
        return f"require({self.asked(s, 2)})", s

    def steered(self, s: Scope, depth: int) -> Made:
        """Crash or restart a process."""
        who = self.expr(self.world.p, s, 0)
        guard = f"require(at(self.worker, {who}) != {self.a_label()})\n" if self.flip(0.3) and "choose" not in who else ""
        return f"{guard}{self.world.pick(('crash', 'restart'))}(self.worker, {who})", s

    def jumped(self, s: Scope, depth: int) -> Made:
        """Leave a loop, or its round."""
        return f"if {self.truth(s, 1)}:\n    {self.world.pick(('break', 'continue'))}", s

    def returned_early(self, s: Scope, depth: int) -> Made:
        """Return in the middle."""
        assert s.result is not None
        return f"if {self.truth(s, 1)}:\n    return{self.result(s)}", s

    def result(self, s: Scope) -> str:
        """Return what follows `return`."""
        assert s.result is not None
        if s.result == NOTHING:
            return ""
        known = [name.text for name in s.names if name.type == s.result and is_mutable(s.result)]
        return f" {self.world.pick(known)}" if known and self.flip(0.7) else f" {self.expr(s.result, s, 2)}"

    def branched(self, s: Scope, depth: int) -> Made:
        """Branch."""
        made = f"if {self.asked(s, 2)}:\n{indented(self.block(s, depth - 1, 2))}"
        if self.flip(0.2):
            made += f"\nelif {self.truth(s, 2)}:\n{indented(self.block(s, depth - 1, 2))}"
        if self.flip(0.5):
            made += f"\nelse:\n{indented(self.block(s, depth - 1, 2))}"
        return made, s

    def narrowed(self, s: Scope, depth: int) -> Made:
        """Look into an optional value, or into one of several classes."""
        found = self.read(lambda t: isinstance(t, Opt | Alt) and not is_mutable(t), s)
        if found is None:
            return self.branched(s, depth)
        name, t = Name(self.fresh(), found[1], False), found[1]
        if isinstance(t, Alt):
            part = self.world.pick(t.parts)
            inner = s.knows(Name(name.text, part, False))
            return f"{name.text} = {found[0]}\nif isinstance({name.text}, {part.name}):\n{indented(self.block(inner, depth - 1, 2))}", s.knows(name)
        assert isinstance(t, Opt)
        inner = s.knows(Name(name.text, t.inner, False))
        if self.flip(0.5):
            return f"{name.text} = {found[0]}\nif {name.text} is not None:\n{indented(self.block(inner, depth - 1, 2))}", s.knows(name)
        if s.acts and self.flip(0.5):
            return (
                f"{name.text} = {found[0]}\nif {name.text} is None:\n    {self.world.pick(('disable()', 'assert False') if s.result is None else ('disable()',))}",
                inner,
            )
        return f"{name.text} = {found[0]}\n{self.world.pick(('assert', 'require') if s.acts else ('assert',))}({name.text} is not None)", inner

    def matched(self, s: Scope, depth: int) -> Made:
        """Match a value against patterns."""
        found = self.read(
            lambda t: isinstance(t, Alt | Named | Opt | Tup | Frozen | Int | Bool | Seq | Lst) and not is_mutable(t.inner if isinstance(t, Lst) else t), s
        )
        if found is None:
            return self.branched(s, depth)
        place, t = found
        cases, seen = [], s
        for _ in range(1 + self.below(3)):
            self.captures = self._assignable(s)
            pattern, names = self.pattern(t, 2)
            if self.flip(0.02):
                seen = s.knows(*names)
            inner = s.knows(*names)
            guard = f" if {self.truth(inner, 1)}" if self.flip(0.25) or pattern == "_" or (names and pattern == names[0].text) else ""
            cases.append(f"case {pattern}{guard}:\n{indented(self.block(inner, depth - 1, 2))}")
        if self.flip(0.5):
            name = Name(self.fresh(), t, False)
            last = self.world.pick(("_", name.text))
            cases.append(f"case {last}:\n{indented(self.block(s if last == '_' else s.knows(name), depth - 1, 2))}")
        return f"match {place}:\n{indented(chr(10).join(cases))}", seen

    def _capture(self, t: Type) -> Name:
        """Return a name for a pattern to bind: mostly a new one."""
        known = [name for name in self.captures if name.type == t or (isinstance(t, Int) and isinstance(name.type, Int))]
        if not known or self.flip(0.75):
            return Name(self.fresh(), t, False)
        name = self.world.pick(known)
        self.captures = [one for one in self.captures if one.text != name.text]
        return Name(name.text, t, False)

    def _whole(self, t: Type) -> tuple[str, tuple[Name, ...]]:
        """A pattern that any value matches."""
        if self.flip():
            return "_", ()
        name = self._capture(t)
        return name.text, (name,)

    def _with_name(self, pattern: str, t: Type, share: float = 0.3) -> tuple[str, tuple[Name, ...]]:
        """Perhaps let a pattern bind what it matches."""
        if not self.flip(share):
            return pattern, ()
        name = self._capture(t)
        return f"{pattern} as {name.text}", (name,)

    def pattern(self, t: Type, depth: int) -> tuple[str, tuple[Name, ...]]:
        """Make a pattern for values of a type, and the names that it binds."""
        if depth == 0 or self.flip(0.15):
            return self._whole(t)
        match t:
            case Bool():
                return self._with_name(self.world.pick(("True", "False", "bool()")), t)
            case Int():
                return self._with_name(self.world.pick(("0", "1", "-1", "0 | 1", "1 | 2", "int()")), t)
            case Named(cls, _, "sort" | "ordered"):
                return self._with_name(f"{cls}()", t, 0.5)
            case Named(_, members, "literal" | "number"):
                return self._with_name(" | ".join(self.world.random.sample(members, 1 + self.below(2))), t)
            case Named(_, members, "enum"):
                return self._with_name(self.world.pick(members), t)
            case Opt(inner):
                return self._with_name("None", t, 0.2) if self.flip(0.4) else self.pattern(inner, depth)
            case Alt(_, parts, literals):
                if self.flip(0.3):
                    return self._with_name(self.world.pick((*literals, " | ".join(literals), f"{parts[0].name}() | {literals[0]}")), t)
                return self.pattern(self.world.pick(parts), depth)
            case Frozen(cls, fields):
                return self._record_pattern(cls, fields, depth)
            case Seq(inner, most) | Lst(inner, most):
                several = [self.pattern(inner, depth - 1) for _ in range(self.below(most + 1))]
                joined, bound = ", ".join(p for p, _ in several), tuple(n for _, names in several for n in names)
                return f"[{joined}]" if self.flip() else f"({joined},)" if several else "()", bound
            case Tup(items):
                parts_ = [self.pattern(one, depth - 1) for one in items]
                return f"({', '.join(p for p, _ in parts_)})", tuple(n for _, names in parts_ for n in names)
        return self._whole(t)

    def _record_pattern(self, cls: str, fields: tuple[tuple[str, Type], ...], depth: int) -> tuple[str, tuple[Name, ...]]:
        named = self.flip(0.4)
        parts, names = [], []
        for name, one in fields if self.flip(0.8) else fields[:1]:
            inner, more = self.pattern(one, depth - 1)
            parts.append(f"{name}={inner}" if named else inner)
            names += more
        made = f"{cls}({', '.join(parts)})"
        if self.flip(0.1):
            whole = self._capture(Frozen(cls, fields, cls == "Pair"))
            return f"{made} as {whole.text}", (*names, whole)
        return made, tuple(names)

    def repeated(self, s: Scope, depth: int) -> Made:
        """Go through something."""
        plain = Scope((), ()) if self.flip(0.4) else s
        source, t = self.source(plain, 1, True) or ("P", self.world.p)
        target, names = self.target(t)
        busy = tuple(place for place in (source.split(".values")[0].split(".items")[0].split(".keys")[0],) if "." in place or place.isidentifier())
        reads = "self." in source or any(one in source for one in ("part", "x"))
        inner = replace(s.knows(*names), loop=True, busy=(*s.busy, *busy), acts=s.acts and not (reads and self.flip(0.7)))
        return f"for {target} in {source}:\n{indented(self.block(inner, depth - 1, 2))}{self._else(s, depth)}", s

    def _else(self, s: Scope, depth: int) -> str:
        return f"\nelse:\n{indented(self.block(s, depth - 1, 1))}" if self.flip(0.12) else ""

    def bounded_while(self, s: Scope, depth: int) -> Made:
        """Repeat while something holds, but not for ever."""
        name = Name(self.fresh("i"), NUMBER, False)
        inner = replace(s.knows(name), loop=True)
        more = f" and ({self.asked(inner, 1)})" if self.flip(0.4) else ""
        head = f"{name.text} = 0\nwhile {name.text} < {self.world.pick(('2', '3', 'LIMIT'))}{more}:"
        return f"{head}\n    {name.text} += 1\n{indented(self.block(inner, depth - 1, 2))}{self._else(s, depth)}", s

    def called(self, s: Scope, depth: int) -> Made:
        """Call a function for what it does."""
        known = [f for f in self.functions if f.acts]
        made = self.call(self.world.pick(known), s, 2) if known and s.calls else None
        return made or "pass", s


def _closing(text: str) -> int:
    """Return where the bracket at the beginning of a text closes."""
    depth = 0
    for i, one in enumerate(text):
        depth += (one in "[({") - (one in "])}")
        if depth == 0:
            return i
    raise AssertionError(text)


NOTHING = Tup(())
