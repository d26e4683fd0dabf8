"""Every class of statements, choices in all places, functions, properties: a compiled Program and the interpreter agree on random states."""

from typing import Annotated, Any, Literal

import pytest
from annotated_types import MaxLen

from speccheck.domains.annotations import Partial, Range, Total, domain_of
from speccheck.domains.bags import Bag
from speccheck.domains.records import Record
from speccheck.domains.scalars import Enumerated
from speccheck.domains.sorts import Sort
from speccheck.program import expressions as x
from speccheck.program import statements as st
from speccheck.program.types import BOOL, INT, Ref
from tests.unit.engines.native.built import (
    FALSE,
    SPAN,
    TRUE,
    Variables,
    acting,
    answer,
    assign,
    both,
    calc,
    change,
    choose,
    down,
    eq,
    get,
    lit,
    lt,
    num,
    part,
    reading,
    require,
    store,
    to,
    when,
)
from tests.unit.engines.native.checking import agree

D = domain_of
Small = Annotated[int, Range(-3, 4)]
Digit = Annotated[int, Range(0, 9)]
List = Annotated[list[Digit], MaxLen(3)]


class RM(Sort, size=4):
    pass


class Node(Record):
    up: bool = True
    term: Annotated[int, Range(0, 6)] = 0
    seen: set[RM] = set()
    log: Annotated[list[Annotated[int, Range(0, 5)]], MaxLen(3)] = []


rm, n, i = x.Local("rm", D(RM)), x.Local("n", D(Digit)), x.Local("i", INT)


def integer(e: x.Expression) -> x.Expression:
    return to(int, e, None)


def digit(e: x.Expression) -> x.Expression:
    return to(Digit, e)


def of(container: x.Expression, what: Any = "elements") -> x.ContainerSource:
    return x.ContainerSource(container, what)


def more(v: Variables, name: str = "n", by: int = 1) -> st.Store:
    """Add something to a variable that is a digit."""
    return store(v.place(name), digit(calc("+", integer(v[name]), num(by))))


# ---------------------------------------------------------------- writes

CHANGES: dict[str, tuple[Any, str, tuple[Any, ...]]] = {
    "add to a mask": (set[RM], "add", (RM,)),
    "discard from a mask": (set[RM], "discard", (RM,)),
    "remove from a mask": (set[RM], "remove", (RM,)),
    "add to a mask with a capacity": (Annotated[set[Digit], MaxLen(2)], "add", (Digit,)),
    "add to a wide mask": (set[Annotated[int, Range(0, 90)]], "add", (Annotated[int, Range(0, 90)],)),
    "remove from a wide mask": (set[Annotated[int, Range(0, 90)]], "remove", (Annotated[int, Range(0, 90)],)),
    "add to a sorted set": (Annotated[set[tuple[Digit, Digit, bool]], MaxLen(3)], "add", (tuple[Digit, Digit, bool],)),
    "discard from a sorted set": (Annotated[set[Annotated[int, Range(0, 20)]], MaxLen(3)], "discard", (Annotated[int, Range(0, 20)],)),
    "remove from a sorted set": (Annotated[set[Annotated[int, Range(0, 20)]], MaxLen(3)], "remove", (Annotated[int, Range(0, 20)],)),
    "add to a sorted set of wide values": (Annotated[set[tuple[int, int]], MaxLen(3)], "add", (tuple[int, int],)),
    "add to a bag": (Annotated[Bag[RM], MaxLen(3)], "add", (RM,)),
    "remove from a bag": (Annotated[Bag[RM], MaxLen(3)], "remove", (RM,)),
    "append": (List, "append", (Digit,)),
    "append a wide value": (Annotated[list[tuple[int, int]], MaxLen(3)], "append", (tuple[int, int],)),
    "append a value of 64 bits": (Annotated[list[int], MaxLen(3)], "append", (int,)),
    "insert": (List, "insert", (int, Digit)),
    "delete": (List, "delete", (int,)),
    "reverse": (Annotated[list[Digit], MaxLen(5)], "reverse", ()),
    "reverse wide values": (Annotated[list[tuple[int, bool]], MaxLen(4)], "reverse", ()),
    "delete a key": (Annotated[dict[RM, Small], Partial], "delete_key", (RM,)),
    "discard a key": (Annotated[dict[RM, Small], Partial], "discard_key", (RM,)),
    "delete a key of a record": (Annotated[dict[RM, Node], Partial], "delete_key", (RM,)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_a_container_is_that_of_python(name: str) -> None:
    domain, operation, arguments = CHANGES[name]
    bounded = [Annotated[int, Range(-5, 5)] if one is int and operation in ("insert", "delete") else one for one in arguments]
    domains = {"a": domain, **{f"x{k}": one for k, one in enumerate(bounded)}}

    def built(v: Variables) -> Any:
        given = [integer(v[f"x{k}"]) if one is not arguments[k] else v[f"x{k}"] for k, one in enumerate(bounded)]
        return [acting("change", [], change(v.place("a"), operation, *given))]

    agree(domains, built, rounds=150)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_a_container_within_a_record_of_a_map_is_that_of_python(name: str) -> None:
    domain, operation, arguments = CHANGES[name]

    class Holder(Record):
        before: bool = False
        a: domain  # type: ignore[valid-type]
        after: Digit = 0

    bounded = [Annotated[int, Range(-5, 5)] if one is int and operation in ("insert", "delete") else one for one in arguments]
    domains = {"m": Annotated[dict[Literal["p", "q"], Holder], Partial], "k": Literal["p", "q"], **{f"x{k}": one for k, one in enumerate(bounded)}}

    def built(v: Variables) -> Any:
        given = [integer(v[f"x{k}"]) if one is not arguments[k] else v[f"x{k}"] for k, one in enumerate(bounded)]
        return [acting("change", [], change(v.place("m", v["k"], "a"), operation, *given))]

    agree(domains, built)


STORES: dict[str, tuple[dict[str, Any], Any]] = {
    "a field": ({"a": Node, "t": bool}, lambda v: store(v.place("a", "up"), v["t"])),
    "a record": ({"a": Annotated[dict[RM, Node], Total], "b": Node, "k": RM}, lambda v: store(v.place("a", v["k"]), v["b"])),
    "a value of a total map": ({"a": Annotated[dict[RM, Small], Total], "k": RM, "b": Small}, lambda v: store(v.place("a", v["k"]), v["b"])),
    "a new value of a partial map": ({"a": Annotated[dict[RM, Small], Partial], "k": RM, "b": Small}, lambda v: store(v.place("a", v["k"], sure=True), v["b"])),
    "a new record of a partial map": ({"a": Annotated[dict[RM, Node], Partial], "k": RM, "b": Node}, lambda v: store(v.place("a", v["k"], sure=True), v["b"])),
    "a new wide value of a partial map": (
        {"a": Annotated[dict[RM, tuple[int, int]], Partial], "k": RM, "b": tuple[int, int]},
        lambda v: store(v.place("a", v["k"], sure=True), v["b"]),
    ),
    "an integer into a partial map": ({"a": Annotated[dict[RM, int], Partial], "k": RM, "b": int}, lambda v: store(v.place("a", v["k"], sure=True), v["b"])),
    "a field of a record of a partial map": ({"a": Annotated[dict[RM, Node], Partial], "k": RM}, lambda v: store(v.place("a", v["k"], "term"), 5)),
    "an element of a list": ({"a": List, "j": Annotated[int, Range(-4, 4)], "b": Digit}, lambda v: store(v.place("a", integer(v["j"])), v["b"])),
    "an element of a list of 64 bits": (
        {"a": Annotated[list[int], MaxLen(3)], "j": Annotated[int, Range(-4, 4)], "b": int},
        lambda v: store(v.place("a", integer(v["j"])), v["b"]),
    ),
    "the whole": ({"a": int, "b": int}, lambda v: store(v.place("a"), v["b"])),
    "a value outside the domain": ({"a": Small, "b": int}, lambda v: store(v.place("a"), to(Small, v["b"]))),
    "a union of mutable values": ({"a": Node | List | None, "b": Node}, lambda v: store(v.place("a"), to(Node | List | None, v["b"], None))),
    "None": ({"a": Node | List | None}, lambda v: store(v.place("a"), None)),
}


@pytest.mark.parametrize("name", STORES)
def test_a_store_writes_its_place_and_nothing_else(name: str) -> None:
    domains, made = STORES[name]
    agree(domains, lambda v: [acting("write", [], made(v))], rounds=100)


def test_a_part_of_an_alternative_is_read_and_written_where_it_is_that_one() -> None:
    union = Node | List | None

    def built(v: Variables) -> Any:
        place = v.place("a")
        node = x.Place(place.root, (x.AlternativeStep(0),), D(Node))
        term = down(node, "term")
        items = x.Place(place.root, (x.AlternativeStep(1),), D(List))
        return [
            acting("step_down", [], store(down(node, "up"), False)),
            acting("grow", [], change(items, "append", v["n"])),
            acting("read", [], store(v.place("n"), to(Digit, integer(x.Load(term.domain, SPAN, term))))),
        ]

    agree({"a": union, "n": Digit}, built, rounds=100)


def test_a_reference_reads_and_writes_the_part_that_it_refers_to() -> None:
    ref = x.Local("node", Ref(D(Node), "self"))

    def built(v: Variables) -> Any:
        bound = assign(ref, x.Reference(ref.type, SPAN, v.place("a", v["k"])))
        log = down(x.Place(ref, (), D(Node)), "log")
        return [
            acting(
                "touch",
                [],
                bound,
                require(part(ref, "up")),
                store(down(x.Place(ref, (), D(Node)), "term"), 3),
                change(log, "append", lit(log.domain.element, 2)),
            ),
            acting("copy", [], bound, store(v.place("b"), x.Load(D(Node), SPAN, x.Place(ref, (), D(Node))))),
            acting("through", [], change(down(x.Place(get_ref(v, ref), (), D(Node)), "log"), "append", lit(log.domain.element, 1))),
        ]

    agree({"a": Annotated[dict[RM, Node], Partial], "k": RM, "b": Node}, built, rounds=100)
    agree({"a": Annotated[list[Node], MaxLen(2)], "k": Annotated[int, Range(-3, 3)], "b": Node}, lambda v: built_on_list(v, ref))


def get_ref(v: Variables, ref: x.Local) -> x.Expression:
    """A reference to one of two nodes."""
    other = x.Reference(ref.type, SPAN, v.place("a", list(RM)[0] if isinstance(v.domain("k"), Enumerated) else 0))
    return x.IfThenElse(ref.type, SPAN, eq(v["b", "term"], 3), other, x.Reference(ref.type, SPAN, v.place("a", v["k"])))


def built_on_list(v: Variables, ref: x.Local) -> Any:
    bound = assign(ref, x.Reference(ref.type, SPAN, v.place("a", integer(v["k"]))))
    return [acting("touch", [], bound, store(down(x.Place(ref, (), D(Node)), "up"), False))]


def test_a_local_that_holds_a_mutable_value_is_no_part_of_the_state() -> None:
    node = x.Local("node", D(Node))

    def built(v: Variables) -> Any:
        here = x.Place(node, (), D(Node))
        taken = assign(node, v["a"])
        return [
            acting("silent", [], taken, store(down(here, "up"), True), change(down(here, "seen"), "add", lit(RM, list(RM)[1]))),
            acting("changed", [], taken, store(down(here, "term"), 6), change(down(here, "log"), "append", v["d"]), store(v.place("b"), get(node))),
        ]

    agree({"a": Node, "b": Node, "d": Annotated[int, Range(0, 5)]}, built)


def test_local_containers_grow_and_shrink() -> None:
    for domain, element in (
        (List, Digit),
        (Annotated[list[tuple[int, int]], MaxLen(3)], tuple[int, int]),
        (set[Digit], Digit),
        (Annotated[set[int], MaxLen(2)], int),
    ):
        items = x.Local("items", D(domain))
        grow = "append" if hasattr(D(domain), "live") and D(domain).live.__name__ == "list" else "add"

        def built(v: Variables, items: x.Local = items, grow: str = grow) -> Any:
            here = x.Place(items, (), items.domain)
            return [acting("grow", [], assign(items, v["a"]), change(here, grow, v["e"]), store(v.place("b"), get(items)))]

        agree({"a": domain, "b": domain, "e": element}, built)


# ---------------------------------------------------------------- control


def test_branches_loops_and_returns_are_those_of_python() -> None:
    def built(v: Variables) -> Any:
        return [
            acting("branch", [], when(v["t"], more(v), otherwise=[when(lt(integer(v["n"]), num(5)), answer(), otherwise=[more(v, by=2)])])),
            acting("silent", [], when(v["t"], more(v))),
            acting("touched", [], when(v["t"], st.Touch(span=SPAN))),
            acting("guard", [], require(v["t"]), more(v), require(lt(integer(v["n"]), num(8)))),
            acting("failing", [], when(v["t"], more(v), st.Fail("assert", span=SPAN)), st.Fail("error", span=SPAN)),
            acting("early", [], when(v["t"], answer()), more(v)),
            acting(
                "each", [], st.For((rm,), of(v["s"]), (change(v.place("u"), "add", get(rm)), when(eq(get(rm), list(RM)[2]), st.Break(span=SPAN))), span=SPAN)
            ),
            acting(
                "some",
                [],
                st.For((n,), of(v["l"]), (when(eq(get(n), 3), st.Continue(span=SPAN)), store(v.place("n"), get(n)), when(v["t"], answer())), span=SPAN),
                require(v["t"]),
            ),
            acting(
                "loop",
                [],
                assign(i, num(0)),
                st.Loop((when(lt(integer(v["n"]), get(i)), st.Break(span=SPAN)), assign(i, calc("+", get(i), num(3)))), span=SPAN),
                store(v.place("n"), digit(get(i))),
            ),
            acting("endless", [], st.Loop((when(v["t"], answer()), when(lt(num(4), integer(v["n"])), st.Fail("beyond", span=SPAN)), more(v)), span=SPAN)),
        ]

    agree({"t": bool, "n": Digit, "s": set[RM], "u": set[RM], "l": List}, built, rounds=150)


def test_for_goes_through_items_and_references() -> None:
    node, k = x.Local("node", Ref(D(Node), "self")), x.Local("k", D(RM))
    term = down(x.Place(node, (), D(Node)), "term")

    def built(v: Variables) -> Any:
        source = x.ReferenceSource(v.place("m"), "items")
        raise_ = store(term, to(term.domain, calc("+", integer(x.Load(term.domain, SPAN, term)), num(1))))
        pairs = x.EnumerateSource(x.ContainerSource(v["l"]), num(2))
        add = store(v.place("n"), digit(calc("+", integer(v["n"]), calc("*", get(i), integer(get(n))))))
        return [
            acting("up", [], st.For((k, node), source, (when(boolean_in(v, k), raise_),), span=SPAN)),
            acting("pairs", [], st.For((i, n), pairs, (add,), span=SPAN)),
        ]

    def boolean_in(v: Variables, key: x.Local) -> x.Expression:
        return x.Contains(BOOL, SPAN, v["s"], get(key))

    agree({"m": Annotated[dict[RM, Node], Partial], "s": set[RM], "l": List, "n": Digit}, built)


# ---------------------------------------------------------------- choices

SOURCES: dict[str, tuple[Any, Any]] = {
    "a mask": (set[RM], lambda v: of(v["a"])),
    "a wide mask": (set[Annotated[int, Range(0, 80)]], lambda v: of(v["a"])),
    "a list with repetitions": (List, lambda v: of(v["a"])),
    "a list of wide values": (Annotated[list[tuple[int, bool]], MaxLen(3)], lambda v: of(v["a"])),
    "a bag": (Annotated[Bag[RM], MaxLen(3)], lambda v: of(v["a"])),
    "a sorted set": (Annotated[set[int], MaxLen(3)], lambda v: of(v["a"])),
    "the keys of a map": (Annotated[dict[RM, Digit], Partial], lambda v: of(v["a"])),
    "the values of a map": (Annotated[dict[RM, Digit], Partial], lambda v: of(v["a"], "values")),
    "a sort": (RM, lambda v: x.ValuesSource(D(RM))),
    "integers": (Small, lambda v: x.ValuesSource(D(Small))),
    "records": (tuple[frozenset[Literal["p", "q"]], Small], lambda v: x.ValuesSource(D(tuple[frozenset[Literal["p", "q"]], Small]))),
    "a range": (int, lambda v: x.RangeSource(num(2), num(7), 2)),
    "subsets": (set[RM], lambda v: x.SubsetsSource(v["a"], num(1), num(2))),
    "all subsets": (set[RM], lambda v: x.SubsetsSource(v["a"], num(-1), num(9))),
}


def element_of(name: str) -> Any:
    domain, _ = SOURCES[name]
    if "subsets" in name or name in ("a sort", "integers", "records", "a range"):
        return D(domain)
    one = D(domain)
    return one.key_domain if name == "the keys of a map" else one.value_domain if name == "the values of a map" else one.element


@pytest.mark.parametrize("name", SOURCES)
def test_each_alternative_is_taken_once(name: str) -> None:
    domain, source = SOURCES[name]
    picked = x.Local("picked", element_of(name))

    def built(v: Variables) -> Any:
        more_choices = x.Local("t", BOOL)
        return [
            acting("pick", [], choose(picked, source(v)), store(v.place("b"), get(picked))),
            acting("after", [], more(v), choose(picked, source(v)), store(v.place("b"), get(picked)), require(v["t"]), more(v)),
            acting(
                "again", [], st.For((more_choices,), x.ValuesSource(BOOL), (choose(picked, source(v)), store(v.place("b"), get(picked)), more(v)), span=SPAN)
            ),
        ]

    agree({"a": domain, "b": element_of(name), "n": Digit, "t": bool}, built, rounds=40)


def test_choices_follow_each_other_and_stand_in_branches() -> None:
    first, second, third, total = x.Local("p", D(RM)), x.Local("q", D(RM)), x.Local("r", D(Digit)), x.Local("total", INT)

    def built(v: Variables) -> Any:
        p, q, r = choose(first, of(v["s"])), choose(second, of(v["u"])), choose(third, of(v["l"]))
        add = change(v.place("w"), "add", get(first))
        return [
            acting("three", [], p, q, require(x.Not(BOOL, SPAN, eq(get(first), get(second)))), r, add, store(v.place("n"), get(third))),
            acting("dependent", [], p, change(v.place("s"), "remove", get(first)), choose(second, of(v["s"])), change(v.place("s"), "remove", get(second))),
            acting("branches", [], when(v["t"], p, add, otherwise=[r, store(v.place("n"), get(third))]), q, change(v.place("w"), "add", get(second))),
            acting("nested", [], when(v["t"], p, when(eq(get(first), list(RM)[0]), r, more(v)), add), q, more(v)),
            acting("silent", [], p, when(eq(get(first), list(RM)[1]), more(v))),
            acting("kept", [], assign(total, num(1)), p, assign(total, calc("+", get(total), num(1))), q, assign(total, calc("*", get(total), num(2))), r,
                   store(v.place("n"), digit(calc("+", get(total), integer(get(third)))))),
            acting("failing", [], p, r, store(v.place("n"), digit(calc("+", integer(get(third)), num(3)))), when(v["t"], st.Fail("assert", span=SPAN))),
            acting("early", [], p, when(v["t"], answer()), r, more(v)),
            acting("beyond", [], p, more(v), r, when(eq(get(third), 7), store(v.place("n"), digit(calc("*", num(2**62), integer(get(third))))))),
            acting("guarded", [], p, require(x.Contains(BOOL, SPAN, v["u"], get(first))), q, r, require(lt(integer(get(third)), num(6))), more(v)),
            acting("in_a_loop", [], st.For((rm,), of(v["s"]), (when(eq(get(rm), list(RM)[3]), q, change(v.place("w"), "add", get(second))),), span=SPAN), r, more(v)),
        ]  # fmt: skip

    agree({"s": set[RM], "u": set[RM], "w": set[RM], "l": List, "t": bool, "n": Digit}, built, rounds=120)


def test_what_a_loop_or_a_choice_goes_through_is_evaluated_once() -> None:
    stop, items, picked = x.Local("stop", INT), x.Local("items", D(List)), x.Local("picked", D(Digit))
    wide = x.Local("wide", D(Annotated[list[int], MaxLen(3)]))
    number = x.Local("number", INT)

    def built(v: Variables) -> Any:
        more_stop = assign(stop, calc("-", get(stop), num(1)))
        shrink = change(x.Place(items, (), items.domain), "delete", num(0))
        shrink_wide = change(x.Place(wide, (), wide.domain), "delete", num(0))
        upto = x.RangeSource(num(0), get(stop))
        return [
            acting("loop", [], assign(stop, integer(v["n"])), st.For((i,), upto, (more_stop, more(v)), span=SPAN)),
            acting("range", [], assign(stop, integer(v["n"])), choose(i, upto), more_stop, store(v.place("n"), digit(calc("*", get(i), get(stop))))),
            acting(
                "items", [], assign(items, v["l"]), choose(picked, of(get(items))), shrink, store(v.place("n"), get(picked)), store(v.place("l"), get(items))
            ),
            acting("wide", [], assign(wide, v["w"]), choose(number, of(get(wide))), shrink_wide, store(v.place("w"), get(wide))),
            acting("of_state", [], choose(picked, of(v["l"])), change(v.place("l"), "delete", num(-1)), store(v.place("n"), get(picked))),
        ]

    agree({"n": Digit, "l": List, "w": Annotated[list[int], MaxLen(3)]}, built, rounds=100)


def test_names_of_the_spec_do_not_clash_with_those_of_c() -> None:
    names = ["int", "t", "s", "out", "fail", "last", "last_1", "t_1", "again_1", "wrote_1", "sc_get", "SC_ERROR", "memcpy", "größe", "x_1", "index", "class_"]
    local = [x.Local(one, D(Digit)) for one in names]

    def built(v: Variables) -> Any:
        chosen = [choose(one, x.RangeSource(num(k), num(k + 2))) if False else choose(one, of(v["abort"])) for k, one in enumerate(local[:3])]
        given = [assign(one, digit(calc("+", integer(get(local[0])), num(k)))) for k, one in enumerate(local[3:])]
        total = get(local[0])
        result = integer(total)
        for one in local[1:]:
            result = calc("^", result, integer(get(one)))
        return [
            acting("abort", [], *chosen, *given, store(v.place("NULL"), to(Small, calc("%", result, num(4))))),
            acting("index", [local[1]], store(v.place("NULL"), to(Small, calc("%", integer(get(local[1])), num(3))))),
            acting("expand", [], when(reads, st.Touch(span=SPAN))),
            reading("memcpy", [], answer(TRUE)),
        ]

    reads = x.Call(BOOL, SPAN, "memcpy", ())
    agree({"abort": Annotated[set[Digit], MaxLen(2)], "NULL": Small, "from_s": bool}, built)


def test_parameters_run_through_their_domains_in_order() -> None:
    pair, number, subset = x.Local("pair", D(tuple[RM, bool])), x.Local("number", D(Small)), x.Local("subset", D(frozenset[Literal["a", "b", "c"]]))

    def built(v: Variables) -> Any:
        return [
            acting("pairs", [pair], require(x.GetField(BOOL, SPAN, get(pair), 1)), store(v.place("r"), x.GetField(D(RM), SPAN, get(pair), 0))),
            acting("numbers", [number, rm], require(lt(integer(v["n"]), integer(get(number)))), store(v.place("n"), get(number)), store(v.place("r"), get(rm))),
            acting("one_number", [number], store(v.place("n"), get(number))),
            acting("subsets", [subset], store(v.place("f"), get(subset))),
            acting("none", [], st.Touch(span=SPAN)),
        ]

    agree({"r": RM, "n": Small, "f": frozenset[Literal["a", "b", "c"]]}, built)


def test_wide_parameters_run_through_their_domains() -> None:

    few = D(tuple[Literal["a", "b"], Annotated[frozenset[Annotated[int, Range(0, 2)]], MaxLen(1)]])
    for domain in (few, D(Annotated[tuple[Literal["only"], ...], MaxLen(3)])):
        one = x.Local("one", domain)
        agree(
            {"f": domain},
            lambda v, one=one: [acting("pick", [one], require(x.Not(BOOL, SPAN, eq(get(one), v["f"]))), store(v.place("f"), get(one)))],
            rounds=10,
        )


# ---------------------------------------------------------------- functions


def test_functions_that_read_are_called() -> None:
    limit, node = x.Local("limit", INT), x.Local("node", Ref(D(Node), "self"))

    def built(v: Variables) -> Any:
        below = reading("below", [limit], answer(lt(integer(v["n"]), get(limit))))
        term = down(x.Place(node, (), D(Node)), "term")
        term_of = reading("term_of", [node], when(part(node, "up"), answer(integer(x.Load(term.domain, SPAN, term)))), answer(num(-1)), result=INT)
        failing = reading("failing", [rm], answer(integer(v["m", get(rm)])), result=INT)
        wide = reading("wide", [], answer(v["w"]), result=v.domain("w"))

        def call(name: str, type_: Any, *arguments: x.Expression) -> x.Call:
            return x.Call(type_, SPAN, name, arguments)

        here = x.Reference(node.type, SPAN, v.place("nodes", v["k"]))
        return [
            below, term_of, failing, wide,
            acting("a", [], more(v), require(call("below", BOOL, num(7))), more(v)),
            acting("b", [], store(v.place("n"), digit(call("term_of", INT, here)))),
            acting("c", [rm], store(v.place("n"), digit(calc("+", call("failing", INT, get(rm)), call("term_of", INT, here))))),
            acting("d", [], store(v.place("w2"), call("wide", v.domain("w")))),
        ]  # fmt: skip

    domains = {
        "n": Digit,
        "k": RM,
        "m": Annotated[dict[RM, Digit], Partial],
        "nodes": Annotated[dict[RM, Node], Partial],
        "w": tuple[int, int],
        "w2": tuple[int, int],
    }
    agree(domains, built, called=["below", "term_of", "failing", "wide"])


def test_functions_that_act_write_require_choose_and_return() -> None:
    picked, node, total = x.Local("picked", D(Digit)), x.Local("node", Ref(D(Node), "self")), x.Local("total", INT, True)
    mine = x.Local("mine", INT)

    def run(local: x.Local | None, name: str, *arguments: x.Expression) -> st.Run:
        return st.Run(local, name, arguments, span=SPAN)

    def built(v: Variables) -> Any:
        seen = down(x.Place(node, (), D(Node)), "seen")
        mark = acting("mark", [node, rm], require(part(node, "up")), change(seen, "add", get(rm)))
        pick = acting(
            "pick", [], choose(picked, of(v["l"])), when(lt(integer(get(picked)), num(3)), answer(get(picked))), more(v), answer(get(picked)), result=D(Digit)
        )
        enabled = acting("enabled", [], require(v["t"]))
        count = acting("count", [total, rm], assign(total, calc("+", get(total), num(2))), when(v["t"], assign(total, calc("*", get(total), num(3)))))
        write = acting("write", [], when(v["t"], more(v)))
        outer = acting(
            "outer", [rm], run(None, "write"), run(None, "mark", x.Reference(node.type, SPAN, v.place("nodes", get(rm))), get(rm)), run(None, "write")
        )
        return [
            mark, pick, enabled, count, write, outer,
            acting("a", [rm], run(None, "mark", x.Reference(node.type, SPAN, v.place("nodes", get(rm))), get(rm))),
            acting("b", [], run(n, "pick"), store(v.place("n"), get(n))),
            acting("c", [], run(n, "pick"), run(None, "enabled"), run(n, "pick"), more(v)),
            acting("d", [], assign(mine, num(1)), run(None, "count", get(mine), v["k"]), run(None, "count", get(mine), v["k"]), store(v.place("n"), digit(get(mine)))),
            acting("e", [], run(None, "write")),
            acting("f", [rm], run(None, "outer", get(rm)), more(v)),
            acting("g", [], run(None, "enabled"), choose(n, of(v["l"])), store(v.place("n"), get(n))),
            acting("h", [], run(None, "enabled")),
        ]  # fmt: skip

    domains = {"n": Digit, "k": RM, "t": bool, "l": List, "nodes": Annotated[dict[RM, Node], Partial]}
    agree(domains, built, rounds=100, called=["mark", "pick", "enabled", "count", "write", "outer"])


# ---------------------------------------------------------------- properties


def test_properties_are_judged_for_every_binding() -> None:
    def built(v: Variables) -> Any:
        after = lambda name, *path: x.Load(v.domain(name), SPAN, v.place(name, *path, which="after"))  # noqa: E731
        return [
            acting("step", [rm], change(v.place("s"), "add", get(rm))),
            reading("small", [], answer(lt(integer(v["n"]), num(7)))),
            reading("of_each", [rm], answer(x.Or(BOOL, SPAN, (x.Contains(BOOL, SPAN, v["s"], get(rm)), v["t"])))),
            reading("failing", [rm], answer(lt(integer(v["m", get(rm)]), num(5)))),
            reading("beyond", [], answer(lt(calc("*", v["i"], num(4)), num(5)))),
            reading("grows", [], answer(boolean(x.Less, integer(v["n"]), integer(after("n")), or_equal=True))),
            reading(
                "grows_each",
                [rm],
                answer(x.Or(BOOL, SPAN, (x.Not(BOOL, SPAN, x.Contains(BOOL, SPAN, v["s"], get(rm))), x.Contains(BOOL, SPAN, after("s"), get(rm))))),
            ),
            reading("beyond_step", [], answer(lt(calc("+", v["i"], after("i")), num(5)))),
            reading("reached", [], answer(both(v["t"], eq(v["n"], 2)))),
            reading("reached_each", [rm], answer(eq(v["m", get(rm)], 1))),
            reading("atom", [], answer(v["t"])),
            reading("atom_beyond", [], answer(lt(calc("*", v["i"], num(4)), num(5)))),
            reading("within", [], answer(lt(integer(v["n"]), num(8)))),
            reading("within_too", [], answer(lt(calc("+", v["i"], num(2**62)), num(5)))),
            reading("within_failing", [], answer(lt(integer(v["m", list(RM)[0]]), num(7)))),
        ]

    domains = {"n": Digit, "s": set[RM], "t": bool, "m": Annotated[dict[RM, Digit], Partial], "i": int}
    agree(
        domains,
        built,
        rounds=150,
        invariants=["small", "of_each", "failing", "beyond"],
        step_invariants=["grows", "grows_each", "beyond_step"],
        reachables=["reached", "reached_each"],
        constraints=["within", "within_too", "within_failing"],
        predicates=["atom", "atom_beyond"],
    )


def boolean(kind: Any, *values: Any, **more: Any) -> Any:
    return kind(BOOL, SPAN, *values, **more)


def test_a_state_without_steps_is_a_deadlock_unless_it_is_terminal_or_a_step_errs() -> None:
    def built(v: Variables) -> Any:
        return [
            acting("go", [], require(v["t"]), more(v)),
            acting("fail", [rm], require(x.Contains(BOOL, SPAN, v["s"], get(rm))), st.Fail("assert", span=SPAN)),
            reading("done", [], answer(eq(v["n"], 0))),
            reading("failing", [], answer(lt(integer(v["m", list(RM)[0]]), num(3)))),
            reading("beyond", [], answer(lt(calc("*", v["i"], num(4)), num(3)))),
        ]

    domains = {"n": Annotated[int, Range(0, 2)], "s": Annotated[set[RM], MaxLen(1)], "t": bool, "m": Annotated[dict[RM, Digit], Partial], "i": int}
    agree(domains, built, rounds=200, terminals=["done", "failing", "beyond"])


def test_enabled_and_occurs_ask_the_instances_that_match() -> None:
    def built(v: Variables) -> Any:
        def asks(kind: Any, *actions: Any) -> x.Expression:
            return kind(BOOL, SPAN, tuple(actions))

        number, chosen = x.Local("number", D(Annotated[int, Range(0, 3)])), x.Local("chosen", D(RM))
        return [
            acting("add", [rm], require(v["t"]), change(v.place("s"), "add", get(rm))),
            acting("set", [number, rm], require(x.Contains(BOOL, SPAN, v["s"], get(rm))), store(v.place("n"), to(Digit, integer(get(number))))),
            acting("fail", [rm], require(x.Contains(BOOL, SPAN, v["s"], get(rm))), st.Fail("error", span=SPAN)),
            acting("pick", [], choose(chosen, of(v["s"])), change(v.place("s"), "remove", get(chosen))),
            acting("loop", [], st.For((rm,), of(v["s"]), (choose(n, x.ContainerSource(v["l"])), store(v.place("n"), get(n))), span=SPAN)),
            acting("large", [], store(v.place("i"), calc("+", v["i"], num(1)))),
            reading("can_add", [rm], answer(asks(x.Enabled, (0, ((0, get(rm)),))))),
            reading("can_any", [], answer(asks(x.Enabled, (0, ()), (1, ())))),
            reading("can_set", [rm], answer(asks(x.Enabled, (1, ((1, get(rm)),))))),
            reading("can_set_two", [], answer(asks(x.Enabled, (1, ((0, to(number.type, num(2))),))))),
            reading("can_fail", [rm], answer(asks(x.Enabled, (2, ((0, get(rm)),))))),
            reading("can_pick", [], answer(asks(x.Enabled, (3, ())))),
            reading("can_loop", [], answer(asks(x.Enabled, (4, ())))),
            reading("can_large", [], answer(asks(x.Enabled, (5, ())))),
            reading("added", [rm], answer(asks(x.Occurs, (0, ((0, get(rm)),))))),
            reading("picked", [], answer(x.Or(BOOL, SPAN, (asks(x.Occurs, (3, ()), (4, ())), v["t"])))),
            reading("was_large", [], answer(asks(x.Occurs, (5, ()), (1, ())))),
        ]

    domains = {"n": Digit, "s": set[RM], "t": bool, "l": Annotated[list[Digit], MaxLen(2)], "i": int}
    names = ["can_add", "can_any", "can_set", "can_set_two", "can_fail", "can_pick", "can_loop", "can_large"]
    agree(domains, built, rounds=80, invariants=names, step_invariants=["added", "picked", "was_large"])
    agree({k: v for k, v in domains.items() if k != "i"}, lambda v: [one for one in built_without(v, built) if one.name not in ("can_large", "was_large", "large")],
          rounds=80, invariants=names[:-1], step_invariants=["added", "picked"])  # fmt: skip


def test_predicates_of_formulas_that_ask_what_occurs_need_a_step_where_they_come_to_it() -> None:
    def built(v: Variables) -> Any:
        def occurs(action: int, *given: Any) -> x.Expression:
            return x.Occurs(BOOL, SPAN, ((action, given),))

        first, key = list(RM)[0], v["m", v["n"]]
        return [
            acting("add", [rm], require(v["t"]), change(v.place("s"), "add", get(rm))),
            acting("large", [], store(v.place("i"), calc("+", v["i"], num(1)))),
            acting("flip", [], store(v.place("t"), x.Not(BOOL, SPAN, v["t"]))),
            reading("plain", [], answer(v["t"])),
            reading("flipped", [], answer(occurs(2))),
            reading("not_flipped", [], answer(x.Not(BOOL, SPAN, occurs(2)))),
            reading("first_or_flipped", [], answer(x.Or(BOOL, SPAN, (v["t"], occurs(2))))),
            reading("flipped_first", [], answer(both(occurs(2), v["t"]))),
            reading("was_large", [], answer(occurs(1))),
            reading("added", [rm], answer(occurs(0, (0, get(rm))))),
            reading("calls", [], answer(both(x.Call(BOOL, SPAN, "plain", ()), x.Call(BOOL, SPAN, "added", (lit(RM, first),))))),
            reading("fails_before", [], answer(both(eq(key, key), occurs(2)))),
            reading("fails_in_an_argument", [], answer(occurs(0, (0, v["m", v["n"]])))),
            reading("fails_after", [], answer(both(occurs(2), eq(key, key)))),
            reading("tests", [], when(v["t"], answer(occurs(2)), otherwise=[answer(x.Not(BOOL, SPAN, v["t"]))])),
        ]

    domains = {"n": Digit, "s": set[RM], "t": bool, "m": Annotated[dict[Digit, RM], Partial], "i": int}
    names = ["plain", "flipped", "not_flipped", "first_or_flipped", "flipped_first", "was_large", "calls", "fails_before", "fails_in_an_argument",
             "fails_after", "tests"]  # fmt: skip
    for loaded in agree(domains, built, rounds=150, invariants=[], predicates=names):
        assert loaded.emitted.asking == tuple(range(1, len(names)))


def built_without(v: Variables, built: Any) -> Any:
    """The same functions where the state has no variable of 64 bits, but for those that want it."""

    class Without(Variables):
        def place(self, name: str, *path: Any, **more: Any) -> Any:
            return v.place("n" if name == "i" else name, *path, **more)

        def domain(self, name: str) -> Any:
            return v.domain("n" if name == "i" else name)

    one = Without()
    return built(one)


def test_the_comment_of_a_statement_is_the_line_of_the_spec(tmp_path: Any) -> None:
    from speccheck.engines.native.emit.text import place_comment
    from speccheck.source import Span

    file = tmp_path / "spec.py"
    file.write_text("x = 1\n    require(a) # */ ä\n")
    assert place_comment(Span(str(file), 2, 5)) == "/* spec.py:2  require(a) # * / ? */"
    assert place_comment(Span(str(file))) == ""


assert FALSE.value is False and TRUE.value is True
