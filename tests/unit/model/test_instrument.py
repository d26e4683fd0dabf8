"""What a rule may do with a set that has no order (semantics 1.6), as it is noticed while the rule runs."""

import ast
import builtins
import inspect
import itertools
import linecache
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from speccheck.domains.annotations import domain_of
from speccheck.domains.evaluation import entered
from speccheck.domains.parts import FREE, Slot
from speccheck.errors import Misuse, Unordered
from speccheck.model import instrument
from speccheck.model.loading import load_module
from speccheck.model.syntax.trees import tree_of

HEAD = """
import collections, functools, itertools, math, operator
from collections import Counter, OrderedDict, deque
from functools import reduce
from itertools import chain, combinations, product
from speccheck import Bag, choose, subsets
import speccheck as sc
THREE = {1, 2, 3}
PAIRS = {(1, 2), (3, 4)}
EDGES = [frozenset({1, 2}), frozenset({2, 3})]
SETS = {frozenset({1, 2}), frozenset({3})}
MAP = {1: 2}
WORDS = {"a", "b"}
COMMA = ","
def sets(): return {4, 5, 6}
def identity(x): return x
class Road:
    def __init__(self, stops): self.stops = stops
    def extend(self, stops): self.stops = self.stops | stops
    def join(self, stops): return self.stops | stops
    def pop(self): return 1
"""


class Choosing:
    """An evaluation that takes the least alternative."""

    def choose(self, alternatives: object) -> object:
        from speccheck.domains.ordering import in_domain_order

        return in_domain_order(alternatives)[0]  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


_numbers = itertools.count()


def load(text: str) -> ModuleType:
    file = Path(f"unordered_{next(_numbers)}.py").absolute()
    file.write_text(text)
    loaded = load_module(str(file))
    KEPT.append(loaded)
    return loaded.module


KEPT: list[object] = []


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    KEPT.clear()


def body(code: str) -> str:
    """Return a function with this body; a single expression is returned."""
    try:
        ast.parse(code, mode="eval")
        code = f"return {code}"
    except SyntaxError:
        pass
    lines = "\n".join(f"    {line}" for line in code.splitlines())
    return f"{HEAD}\ndef rule():\n{lines}\n"


def evaluated(code: str) -> object:
    rule = load(body(code)).rule
    with entered(Choosing()):
        return rule()


REFUSED = [
    "for x in THREE: pass",
    "for x in sets(): pass",
    "for x in frozenset(THREE): pass",
    "for x in {1, 2}: pass",
    "for x in THREE | {4}: pass",
    "for x in set(): pass",
    "for x in {1}: return x",
    "for a, b in PAIRS: pass",
    "for a, b in EDGES: pass",
    "for x in {k: 0 for k in THREE}: pass",
    "for k, v in {k: 0 for k in THREE}.items(): pass",
    "m = {k: 0 for k in THREE}\nfor k in m: pass",
    "m = {k: 0 for k in THREE}\nfor k, v in m.items(): pass",
    "m: dict[int, int] = {k: 0 for k in list(THREE)}\nreturn list(m.values())",
    "return list(m) if (m := 0) else list({k: 0 for k in THREE})",
    "[x for x in THREE]",
    "[x for y in [1] for x in THREE]",
    "[x for x in [y for y in THREE]]",
    "list(x for x in THREE)",
    "tuple(x for x in THREE)",
    "next(x for x in THREE)",
    "next((x for x in THREE if x > 1), None)",
    "[(a, b) for a, b in EDGES]",
    "any(a < b for a, b in EDGES)",
    "{a for a, b in EDGES}",
    "list(THREE)",
    "tuple(THREE)",
    "list(THREE)[0]",
    "iter(THREE)",
    "next(iter(THREE))",
    "next(iter({1}))",
    "enumerate(THREE)",
    "any(i == x for i, x in enumerate(THREE))",
    "dict(enumerate(THREE))",
    "zip(THREE, [1, 2, 3])",
    "zip([1, 2, 3], THREE)",
    "sorted(zip([1, 2, 3], THREE))",
    "{k: v for k, v in zip([1, 2, 3], THREE)}",
    "list(map(identity, THREE))",
    "map(identity, THREE)",
    "list(filter(None, THREE))",
    "next(filter(None, THREE))",
    "min(THREE, key=identity)",
    "max(THREE, key=lambda x: -x)",
    "sorted(THREE, key=identity)",
    "sorted((x for x in THREE), key=identity)",
    "max((x for x in THREE), key=identity)",
    "min(SETS)",
    "sorted(SETS)",
    "sum(PAIRS, ())",
    "sum((x for x in PAIRS), ())",
    "set(THREE).pop()",
    "s = set(THREE)\ns.pop()",
    "a, b, c = THREE",
    "(a,) = {1}",
    "[a, *b] = THREE",
    "x, (a, b, c) = 1, THREE",
    "x = a, b, c = THREE",
    "[*THREE]",
    "(*THREE,)",
    "identity(*{1})",
    "print(*THREE)",
    "','.join(WORDS)",
    "COMMA.join(WORDS)",
    "str.join(',', WORDS)",
    "','.join(x for x in WORDS)",
    "xs = []\nxs.extend(THREE)",
    "xs = []\nxs += THREE",
    "xs = [0]\nxs[0:1] = THREE",
    "xs = deque()\nxs.extend(THREE)",
    "deque(THREE)",
    "OrderedDict.fromkeys([x for x in THREE])",
    "collections.OrderedDict(PAIRS)",
    "reduce(operator.sub, THREE)",
    "functools.reduce(operator.sub, THREE)",
    "list(chain(THREE, [1]))",
    "list(itertools.chain.from_iterable([x for x in SETS]))",
    "list(chain.from_iterable(SETS))",
    "all(a < b for a, b in combinations(THREE, 2))",
    "list(product(THREE, THREE))",
    "itertools.islice(THREE, 1)",
    "itertools.accumulate(THREE)",
    "[x for x in (THREE if MAP else ())]",
    "for x in (y := THREE): pass",
    "(lambda: [x for x in THREE])()",
    "def inner():\n    return [x for x in THREE]\nreturn inner()",
    "def inner():\n    yield from THREE\nreturn [*inner()]",
    "def inner(xs):\n    for x in xs: return x\nreturn inner(THREE)",
    "class A:\n    first = next(iter(THREE))\nreturn A.first",
    "if [*THREE] == [1, 2, 3]: return 1",
    "[x for x in THREE] == [1, 2, 3]",
    "import itertools as it\nreturn list(it.chain(THREE))",
]


@pytest.mark.parametrize("code", REFUSED)
def test_a_rule_may_not_use_the_order_of_a_set(code: str) -> None:
    with pytest.raises(Misuse) as raised:
        evaluated(code)
    assert isinstance(raised.value.error, Unordered)


ALLOWED = [
    ("1 in THREE", True),
    ("len(THREE)", 3),
    ("bool(THREE)", True),
    ("1 if THREE else 0", 1),
    ("not THREE", False),
    ("any(x > 2 for x in THREE)", True),
    ("all(x > 2 for x in THREE)", False),
    ("all([x > 0 for x in THREE])", True),
    ("sum(THREE)", 6),
    ("sum(x for x in THREE)", 6),
    ("sum((x for x in THREE), 1)", 7),
    ("sum(1 for x in THREE if x > 1)", 2),
    ("min(THREE)", 1),
    ("max(THREE, default=0)", 3),
    ("max(THREE, key=None)", 3),
    ("max(x * x for x in THREE)", 9),
    ("max(*THREE)", 3),
    ("min(1, max(THREE))", 1),
    ("sorted(THREE)", [1, 2, 3]),
    ("sorted(THREE, reverse=True)", [3, 2, 1]),
    ("sorted(PAIRS)", [(1, 2), (3, 4)]),
    ("sorted(list(THREE))", [1, 2, 3]),
    ("sorted(x for x in (y for y in THREE))", [1, 2, 3]),
    ("sorted(map(identity, filter(None, THREE)))", [1, 2, 3]),
    ("sorted(chain(THREE, {9}))", [1, 2, 3, 9]),
    ("sorted(a * b for a, b in product(THREE, {1}))", [1, 2, 3]),
    ("[x for x in sorted(THREE)]", [1, 2, 3]),
    ("tuple(sorted(THREE))", (1, 2, 3)),
    ("a, b, c = sorted(THREE)\nreturn a", 1),
    ("set(THREE)", {1, 2, 3}),
    ("frozenset(x for x in THREE)", frozenset({1, 2, 3})),
    ("{x + 1 for x in THREE}", {2, 3, 4}),
    ("{y for x in THREE for y in list(THREE) if x == y}", {1, 2, 3}),
    ("{x: 0 for x in THREE}", {1: 0, 2: 0, 3: 0}),
    ("{x: 0 for x in list(THREE)}", {1: 0, 2: 0, 3: 0}),
    ("dict.fromkeys(THREE, 0)", {1: 0, 2: 0, 3: 0}),
    ("dict((x, 0) for x in THREE)", {1: 0, 2: 0, 3: 0}),
    ("dict(PAIRS)", {1: 2, 3: 4}),
    ("m = {x: 0 for x in THREE}\nreturn m[1] + len(m)", 3),
    ("{*THREE, 4}", {1, 2, 3, 4}),
    ("THREE | {4}", {1, 2, 3, 4}),
    ("THREE <= {1, 2, 3, 4}", True),
    ("THREE == {3, 2, 1}", True),
    ("THREE.union(x for x in {7})", {1, 2, 3, 7}),
    ("frozenset().union(*SETS)", {1, 2, 3}),
    ("set.union(*(set(s) for s in SETS))", {1, 2, 3}),
    ("THREE.isdisjoint([x for x in {7}])", True),
    ("s = set()\ns.update(x for x in THREE)\nreturn s", {1, 2, 3}),
    ("s = set()\ns |= THREE\nreturn s", {1, 2, 3}),
    ("2 in [x for x in THREE]", True),
    ("2 not in list(THREE)", False),
    ("1 if [x for x in THREE if x > 2] else 0", 1),
    ("not [x for x in THREE if x > 9]", True),
    ("len([x for x in THREE if x > 1])", 2),
    ("len(list(THREE) or [])", 3),
    ("Counter(THREE)[1]", 1),
    ("math.prod(THREE)", 6),
    ("choose(THREE)", 1),
    ("choose(x for x in THREE if x > 1)", 2),
    ("choose([x for x in THREE])", 1),
    ("sc.choose(list(THREE))", 1),
    ("choose(subsets(THREE, 1))", frozenset({1})),
    ("Bag(x for x in THREE).count(1)", 1),
    ("xs = [0]\nxs += [1]\nxs.extend((2,))\nreturn xs", [0, 1, 2]),
    ("xs = [1, 2]\nreturn xs.pop()", 2),
    ("m = {1: 2}\nreturn m.pop(1)", 2),
    ("Road(THREE).pop()", 1),
    ("Road(THREE).join({4})", {1, 2, 3, 4}),
    ("Road(THREE).extend({4})", None),
    ("','.join(['a'])", "a"),
    ("for a, b in MAP.items(): return a", 1),
    ("for a, b in [(1, 2)]: return b", 2),
    ("[a + b for a, b in [(1, 2)]]", [3]),
    ("[a for a, b in [(1, 2)] for b in range(b)]", [1, 1]),
    ("iter(lambda: 1, 1)", "iterator"),
    ("n = 1\nn += 2\nreturn n", 3),
    ("s = 'a'\ns += 'b'\nreturn s", "ab"),
    ("list = tuple\nreturn list([1])", (1,)),
    ("max = lambda s, key: len(s)\nreturn max(THREE, key=1)", 3),
    ("enumerate = len\nreturn enumerate(THREE)", 3),
]


@pytest.mark.parametrize(("code", "value"), ALLOWED)
def test_a_rule_may_use_a_set_where_its_order_does_not_matter(code: str, value: object) -> None:
    found = evaluated(code)
    assert value == "iterator" or found == value


@pytest.mark.parametrize("code", REFUSED)
def test_outside_an_evaluation_any_set_may_be_iterated_over(code: str) -> None:
    load(body(code)).rule()


@pytest.mark.parametrize(("code", "value"), ALLOWED)
def test_instrumented_code_computes_what_it_computed_before(code: str, value: object) -> None:
    if "choose" not in code:
        found = load(body(code)).rule()
        assert value == "iterator" or found == value


def test_a_name_bound_in_the_module_is_no_builtin() -> None:
    text = "def zip(s): return len(s)\nfrom math import gcd as enumerate\nimport json as map\nS = {1, 2}\ndef rule(): return zip(S)\n"
    with entered(Choosing()):
        assert load(text).rule() == 2


def test_a_parameter_is_no_builtin() -> None:
    with entered(Choosing()):
        assert load("S = {1, 2}\ndef rule(list=len): return list(S)\n").rule() == 2
        assert load("S = {1, 2}\nrule = lambda list=len: list(S)\n").rule() == 2


def test_a_method_of_a_class_does_not_hide_the_builtin_of_its_name() -> None:
    text = "S = {1, 2}\nclass A:\n    def list(self): return 1\n    def rule(self): return list(S)\n"
    with entered(Choosing()), pytest.raises(Misuse):
        load(text).A().rule()


def test_star_imports_of_speccheck_bring_choose() -> None:
    with entered(Choosing()):
        assert load("from speccheck import *\nS = {1, 2}\ndef rule(): return choose(x for x in S)\n").rule() == 1


def test_sets_of_a_state_iterate_in_domain_order() -> None:
    sets = domain_of(set[bool]), domain_of(frozenset[bool])
    slot = Slot("s", FREE)
    rule = load("def rule(s):\n    for x in s: pass\n    a, b = s\n    return [*s], list(s), next(iter(s)), sorted(s, key=str)\n").rule
    with entered(Choosing()):
        assert rule(sets[0].store({True, False}, slot)) == ([False, True], [False, True], False, [False, True])
        assert rule(sets[1].store(frozenset({True, False}))) == ([False, True], [False, True], False, [False, True])


def test_module_level_is_not_instrumented() -> None:
    module = load("first = next(iter({7}))\nall_of_them = [*{1}]\nfor x in {3}: pass\nclass A:\n    y = [*{4}]\n")
    with entered(Choosing()):
        again = load("first = next(iter({7}))\nxs = [x for x in {1}]\n")
    assert (module.first, module.all_of_them, module.x, module.A.y, again.first, again.xs) == (7, [1], 3, [4], 7, [1])


def test_the_error_names_the_expression_and_its_place() -> None:
    module = load("S = {1}\ndef rule(é):\n    return 'é', [\n        x for x in é | S]\n")
    with entered(Choosing()), pytest.raises(Misuse) as raised:
        module.rule(set())
    error = raised.value.error
    assert error.message == "`é | S`, a set, is used in an order that it does not have"
    assert error.span is not None
    assert (error.span.file, error.span.line, error.span.column, error.span.end_column) == (module.__file__, 4, 20, 26)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("for a, b in EDGES: pass", "a set that is unpacked is used in an order that it does not have"),
        ("sorted(SETS)", "`SETS`, a set of sets (`<` is inclusion), is used in an order that it does not have"),
        ("COMMA.join(WORDS)", "the argument of `COMMA.join(WORDS)`, a set, is used in an order that it does not have"),
        ("[*(THREE |\n    THREE)]", "a set is used in an order that it does not have"),
    ],
)
def test_the_error_says_what_kind_of_set_it_is(code: str, message: str) -> None:
    with pytest.raises(Misuse) as raised:
        evaluated(code)
    assert raised.value.error.message == message


def test_lines_names_and_trees_of_functions_stay_as_they_are() -> None:
    text = 'def deco(f): return f\n\n@deco\n@deco\ndef rule(s: "set[int]", t=[*{1}]) -> "list[int]":\n    """Doc."""\n'
    text += "    for x in (\n        s\n    ):\n        pass\n    return [x for x in s]\n"
    module = load(text)
    plain: dict[str, object] = {}
    exec(compile(text, "plain", "exec"), plain)
    original = plain["rule"]
    assert inspect.isfunction(original)
    ours, theirs = module.rule.__code__, original.__code__
    assert (ours.co_firstlineno, ours.co_name, ours.co_varnames) == (theirs.co_firstlineno, theirs.co_name, theirs.co_varnames)
    assert {line for _, _, line in ours.co_lines()} == {line for _, _, line in theirs.co_lines()}
    assert inspect.getsource(module.rule) == text.split("\n\n", 1)[1]
    tree = tree_of(module.rule)
    assert tree is not None
    assert "__speccheck" not in ast.unparse(tree.node)


def test_postponed_annotations_are_the_text_that_was_written() -> None:
    module = load(
        "from __future__ import annotations\nfrom typing import Annotated\nT = Annotated\n"
        "def rule(a: T[int, list({1})]) -> [*{1}]:\n    b: tuple([x for x in {1}])\n    def inner(c: sorted({1}, key=abs)): pass\n    return inner\n"
    )
    assert module.rule.__annotations__ == {"a": "T[int, list({1})]", "return": "[*{1}]"}
    assert module.rule(1).__annotations__ == {"c": "sorted({1}, key=abs)"}


def test_a_step_by_step_debugger_sees_the_same_lines() -> None:
    text = "def rule(s):\n    total = 0\n    for x in s:\n        total += (\n            x\n        )\n    return [\n        y\n        for y in s\n    ]\n"
    module = load(text)
    plain: dict[str, object] = {}
    exec(compile(text, "plain", "exec"), plain)
    assert lines_of(module.rule) == lines_of(plain["rule"])


def lines_of(function: object) -> list[int]:
    assert inspect.isfunction(function)
    seen: list[int] = []

    def trace(frame: object, event: str, argument: object) -> object:
        if inspect.isframe(frame) and frame.f_code is function.__code__:
            if event == "line":
                seen.append(frame.f_lineno)
            return trace
        return None

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        function([1, 2])
    finally:
        sys.settrace(None)
    return seen


def test_a_deeply_nested_expression_is_instrumented_without_recursion() -> None:
    depth = 900
    module = load(f"S = {{1}}\ndef rule(): return {'+'.join(['len([*S])'] * depth)}\n")
    assert module.rule() == depth
    with entered(Choosing()), pytest.raises(Misuse):
        module.rule()


def test_a_module_of_a_thousand_functions_is_instrumented_in_little_time() -> None:
    text = "".join(f"def f{i}(s):\n    for x in s:\n        if x in [y for y in s]: return sorted(s)\n" for i in range(1000))
    tree = ast.parse(text)
    done = instrument.instrument(tree)
    assert ast.dump(done).count("__speccheck_ordered__") == 1000  # the `for`s; `in` cannot tell the order


def test_every_table_names_what_exists() -> None:
    modules = {"itertools": itertools, "math": math, "builtins": builtins}
    for table in (instrument._FREE, instrument._THROUGH, instrument._WANTING):
        for name in table:
            first, *rest = name.split(".")
            found = getattr(builtins, first, None) or modules.get(first) or __import__(first)
            for word in rest:
                assert hasattr(found, word) or (name == "itertools.batched" and sys.version_info < (3, 12)), name
                found = getattr(found, word, None)


def test_the_verdict_does_not_depend_on_the_seed_of_hashing(tmp_path: Path) -> None:
    file = tmp_path / "seeded.py"
    file.write_text('S = {"a", "b", "c", "d", "e"}\ndef rule(): return [x for x in S]\n')
    code = (
        "import sys; from speccheck.model.loading import load_module; from speccheck.domains.evaluation import entered; from speccheck.errors import Misuse\n"
        "loaded = load_module(sys.argv[1])\n"
        "with entered(object()):\n    try: loaded.module.rule()\n    except Misuse as misuse: print(misuse.error)\n"
    )
    root = Path(__file__).parents[3]
    seen = {
        subprocess.run(
            [sys.executable, "-c", code, str(file)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(seen) == 1
    assert "seeded.py:2:32: SC303 `S`, a set, is used" in seen.pop()


def test_what_is_shown_of_a_file_is_what_runs_even_if_it_is_edited_meanwhile() -> None:
    module = load("def rule():\n    return 1\n")
    Path(str(module.__file__)).write_text("# another text\n\n\n")
    linecache.checkcache()
    assert inspect.getsource(module.rule) == "def rule():\n    return 1\n"
