"""Colours: generated functions that say how values look whose members are only known by their colours, a twin of domains/colours.py."""

from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.colours import KEY, MEMBER, VALUE
from speccheck.domains.layout import MapCode, MaskCode, RecordCode, ScalarCode, SlotsCode, UnionCode, code_of
from speccheck.domains.mentions import Division
from speccheck.engines.native.emit import containers, courses, orders, records, unions
from speccheck.engines.native.emit.bits import Bits
from speccheck.engines.native.emit.forms import ctype, pack, unpack, words_of
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import Part, element_at, is_there, length_of, loaded, slot_of
from speccheck.engines.native.emit.text import bare, operand, printable


class Colours:
    """The functions of one model; `starts` and `sums` are parameters of all of them."""

    def __init__(self, unit: Any, division: Division) -> None:
        self.unit, self.division, self.sorts = unit, division, frozenset(division.linked)

    def sums(self) -> Function:
        """Return the function that adds up what a state says of each member."""
        f = self._function("static void sc_sums(const u64 *s, const u32 *starts, u64 *sums)")
        layout = self.unit.layout
        if not self.unit.wide:
            f.line("u64 t = *s;")
        state = Bits("s" if self.unit.wide else "t", self.unit.wide, layout.bits)
        for i, (code, shift) in enumerate(zip(layout.codes, layout.shifts, strict=True)):
            if self._concerns(code.domain):
                self._mark(f, code.domain, loaded(f, Part(state.plus(shift), code.domain)), str(i))
        return f

    def _function(self, head: str, result: str = "") -> Function:
        f = Function(self.unit, "reads", result)
        f.names.taken |= {"v", "look", "starts", "sums"}
        f.head = head
        return f

    def _concerns(self, domain: Domain) -> bool:
        return domain.renames(self.sorts)

    def _first(self, domain: Domain) -> int:
        """Return the number of the first member of the sort that a domain is."""
        return self.division.spans[type(domain.values[0])].start  # type: ignore[attr-defined]

    # ---------------------------------------------------------------- how a value looks

    def _view(self, f: Function, domain: Domain, text: str) -> str:
        code = code_of(domain)
        if not self._concerns(domain):
            return f"sc_folded({text}.w, {words_of(code.bits)})" if code.wide else pack(domain, text)
        if isinstance(code, ScalarCode):
            return f"sc_mixed({MEMBER}, starts[{self._first(domain)} + {operand(text)}])"
        name = self.unit.define(("view", id(code)), "look_of", lambda name: self._viewing(domain, name))
        return f"{name}({bare(text)}, starts)"

    def _viewing(self, domain: Domain, name: str) -> Function:
        f = self._function(f"static u64 {name}({ctype(domain)} v, const u32 *starts)", "u64")
        f.remark = f"/* {printable(domain.describe())} */"
        code = code_of(domain)
        f.line("u64 look = 0;")
        match code:
            case RecordCode():
                for i, one in enumerate(code.fields):
                    f.line(f"look = sc_mixed(look, {bare(self._view(f, one.domain, records.taken(f, domain, 'v', i)))});")
            case UnionCode():
                which = unions.number_of_alternative(f, domain, "v")  # type: ignore[arg-type]
                for i, one in enumerate(code.alternatives):
                    with f.block(f"if ({which} == {i})"):
                        inner = unions.alternative_of(f, domain, i, "v")  # type: ignore[arg-type]
                        f.line(f"look = sc_mixed({i}, {bare(self._view(f, one.domain, inner))});")
            case SlotsCode() | MaskCode() | MapCode():
                self._view_each(f, containers.held(f, domain, "v"))
            case _:
                raise AssertionError(code)
        f.line("return look;")
        return f

    def _view_each(self, f: Function, part: Part) -> None:
        code = part.code
        match code:
            case MapCode():
                with self._items(f, part) as (key, value):
                    f.line(f"look += {self._item(f, code, key, value)};")
            case SlotsCode() if not orders.is_sorted(part.domain):
                f.line(f"look = {bare(length_of(part))};")
                with self._elements(f, part) as (element,):
                    f.line(f"look = sc_mixed(look, {bare(self._view(f, code.element.domain, element))});")
            case SlotsCode() | MaskCode():
                with self._elements(f, part) as (element,):
                    f.line(f"look += sc_mixed({MEMBER}, {bare(self._view(f, code.element.domain, element))});")

    def _item(self, f: Function, code: MapCode, key: str, value: str) -> str:
        return f"sc_mixed({bare(self._view(f, code.key.domain, key))}, {bare(self._view(f, code.value.domain, value))})"

    # ---------------------------------------------------------------- whom it mentions

    def _mark(self, f: Function, domain: Domain, text: str, look: str) -> None:
        if not self._concerns(domain):
            return
        if isinstance(code_of(domain), ScalarCode):
            f.line(f"sums[{self._first(domain)} + {operand(text)}] += sc_mixed({look}, {MEMBER});")
            return
        name = self.unit.define(("mark", id(code_of(domain))), "mention_in", lambda name: self._marking(domain, name))
        f.line(f"{name}({bare(text)}, {look}, starts, sums);")

    def _marking(self, domain: Domain, name: str) -> Function:
        f = self._function(f"static void {name}({ctype(domain)} v, u64 look, const u32 *starts, u64 *sums)")
        f.remark = f"/* {printable(domain.describe())} */"
        code = code_of(domain)
        match code:
            case RecordCode():
                for i, one in enumerate(code.fields):
                    if self._concerns(one.domain):
                        self._mark(f, one.domain, records.taken(f, domain, "v", i), f"sc_mixed(look, {i})")
            case UnionCode():
                which = unions.number_of_alternative(f, domain, "v")  # type: ignore[arg-type]
                for i, one in enumerate(code.alternatives):
                    if self._concerns(one.domain):
                        with f.block(f"if ({which} == {i})"):
                            self._mark(f, one.domain, unions.alternative_of(f, domain, i, "v"), f"sc_mixed(look, {i})")  # type: ignore[arg-type]
            case SlotsCode() | MaskCode() | MapCode():
                self._mark_each(f, containers.held(f, domain, "v"))
            case _:
                raise AssertionError(code)
        return f

    def _mark_each(self, f: Function, part: Part) -> None:
        code = part.code
        match code:
            case MapCode():
                with self._items(f, part) as (key, value):
                    item = f.temporary("u64", f"sc_mixed(look, {self._item(f, code, key, value)})", "item")
                    self._mark(f, code.key.domain, key, f"sc_mixed({item}, {KEY})")
                    self._mark(f, code.value.domain, value, f"sc_mixed({item}, {VALUE})")
            case SlotsCode() if not orders.is_sorted(part.domain):
                with self._elements(f, part) as (element,):
                    self._mark(f, code.element.domain, element, "sc_mixed(look, place)")
                    f.line("place++;")
                f.declared.append("u64 place = 0;")
            case SlotsCode() | MaskCode():
                with self._elements(f, part) as (element,):
                    self._mark(f, code.element.domain, element, f"sc_mixed(look, {bare(self._view(f, code.element.domain, element))})")

    # ---------------------------------------------------------------- loops

    def _elements(self, f: Function, part: Part) -> Any:
        code = part.code
        if isinstance(code, SlotsCode):
            k, n = f.names.fresh("k"), f.temporary("u64", length_of(part), "length")
            element = code.element.domain
            value = courses.Course([("u64", k, "0")], f"{k} < {n}", f"{k}++", (lambda: f.plain(ctype(element), loaded(f, element_at(f, part, k))),))
            return courses.loop(f, value)
        assert isinstance(code, MaskCode)
        numbers, domain = courses.values_numbers(f, code.element.domain), code.element.domain
        there = courses.Course(numbers.counters, numbers.more, numbers.advance, (lambda: unpack(domain, number()),))

        def number() -> str:
            found = f.plain("u64", numbers.values[0](), "number")
            f.line(f"if (!{operand(containers.bit_of(f, part, found))}) continue;")
            return found

        return courses.loop(f, there)

    def _items(self, f: Function, part: Part) -> Any:
        code = part.code
        assert isinstance(code, MapCode)
        numbers, slots = courses.values_numbers(f, code.key.domain), []

        def key() -> str:
            found = f.plain("u64", numbers.values[0](), "number")
            slot = slot_of(f, part, found)
            if not code.total:
                f.line(f"if (!{operand(is_there(slot))}) continue;")
            slots.append(slot)
            return unpack(code.key.domain, found)

        def value() -> str:
            return f.plain(ctype(code.value.domain), loaded(f, slots[0]), "value")

        return courses.loop(f, courses.Course(numbers.counters, numbers.more, numbers.advance, (key, value)))
