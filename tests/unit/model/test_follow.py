"""Following a function to its `return`: what is found is what Python does."""

import itertools
import linecache
from typing import Any

import pytest

from speccheck.model.syntax.evaluate import scope_of
from speccheck.model.syntax.follow import Branch, CannotFollow, Followed, Round, follow
from speccheck.model.syntax.texts import text_of
from speccheck.model.syntax.users import users_tree

numbers = itertools.count()


def made(text: str) -> Any:
    """Return the function `f` of a module with this text."""
    file = f"followed_{next(numbers)}.py"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names: dict[str, Any] = {}
    exec(compile(text, file, "exec"), names)
    return names["f"]


def followed(text: str, *arguments: Any) -> Followed:
    tree = users_tree(made(text))
    assert tree is not None
    return follow(tree, scope_of(tree, arguments, {}))


BODIES = {
    "branches": "if a > 2:\n  return 1\nelif a > 1:\n  b = 5\nelse:\n  b = 7\nreturn b + a",
    "for": "for x in range(a):\n  if x == 2:\n    return x * 10\nreturn -1",
    "for else": "for x in range(a):\n  if x == 2:\n    break\nelse:\n  return 'none'\nreturn x",
    "continue": "n = 0\nfor x in range(a):\n  if x % 2:\n    continue\n  n += x\n  if n > 3:\n    return n\nreturn -n",
    "nested break": "for x in range(a):\n  for y in range(a):\n    if x * y == 4:\n      break\n  else:\n    continue\n  return x, y\nreturn None",
    "while": "k = 0\nwhile k < a:\n  k += 2\n  if k == 4:\n    return 'four'\nelse:\n  k = -k\nreturn k",
    "while break": "k = 0\nwhile True:\n  k += 1\n  if k > a:\n    break\nreturn k",
    "match": "match (a, 1):\n  case (0, _):\n    return 'zero'\n  case (n, 1) if n > 2:\n    return n\n  case _:\n    k = 3\nreturn k",
    "try": "try:\n  return 10 // (a - 2)\nexcept ZeroDivisionError as e:\n  return str(e)",
    "try else": "try:\n  b = 1 // (a - 1)\nexcept ZeroDivisionError:\n  b = 9\n  return b\nelse:\n  return b\nfinally:\n  pass",
    "try inside": "for x in range(a):\n  try:\n    if 1 // (x - 1) == 1:\n      return x\n  except ZeroDivisionError:\n    continue\nreturn 'end'",
    "locals": "b, *c = range(a + 1)\nd: int = a\nd += 1\n[e] = [d]\nreturn b, c, d, e",
    "functions": "def g(x):\n  return x + a\nh = lambda y: g(y) * 2\nimport math\nreturn h(1) + math.floor(1.5)",
    "iterators": "z = zip(range(a), 'abcd')\nm = map(str, range(a))\nreturn list(z) + list(m) + list(z)[:0]",
    "comprehension": "k = a\nreturn [k * x for x in range(k) if any(x < y for y in range(k))]",
    "walrus": "if (n := a + 1) > 2 and any((last := y) > 1 for y in range(n)):\n  return n, last\nreturn n",
    "consuming": "rest = list(range(5))\nif rest.pop() == 4 and a:\n  return rest.pop()\nreturn rest",
    "nothing": "b = a",
    "bare": "return",
    "with": "import contextlib\nwith contextlib.nullcontext():\n  b = a\nreturn b",
    "assert": "assert a >= 0\nreturn a",
    "delete": "b = {1: a, 2: a}\ndel b[1]\nreturn b",
    "global": "global k\nk = a\nreturn k",
    "docstring": "'a docstring'\nreturn a",
}


@pytest.mark.parametrize("argument", range(6))
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_value_is_that_of_the_function(body: str, argument: int) -> None:
    text = "def f(a):\n" + "".join(f"  {line}\n" for line in body.split("\n"))
    assert followed(text, argument).value == made(text)(argument)


def test_the_turns_are_those_on_the_way_to_the_return() -> None:
    path = followed("def f(xs):\n  if not xs:\n    return 0\n  for x in xs:\n    if x < 3:\n      continue\n    y = x\n    return y + 1\n", [1, 2, 3, 4])
    first, second, third = path.turns
    assert isinstance(first, Branch) and not first.truth and first.depth == 0
    assert isinstance(second, Round) and second.scope.names["x"] == 3
    assert isinstance(third, Branch) and not third.truth and third.depth == 1
    assert path.returned is not None and text_of(path.scope.home.file, path.returned) == "y + 1"
    assert path.depth == 1


def test_a_loop_that_only_computes_leaves_no_turns() -> None:
    assert followed("def f(xs):\n  n = 0\n  for x in xs:\n    if x > 1:\n      n += x\n  return n\n", [1, 2]).turns == ()


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n  yield 1\n",
        "def f():\n  with open('x') as y:\n    return 1\n",
        "def f():\n  while True:\n    pass\n",
        "def f():\n  import itertools\n  z = zip(itertools.count())\n",
    ],
    ids=["generator", "with", "endless", "endless iterator"],
)
def test_what_is_not_followed_is_refused(text: str) -> None:
    with pytest.raises(CannotFollow):
        followed(text)


def test_what_the_function_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        followed("def f():\n  try:\n    return 1 // 0\n  except KeyError:\n    return 2\n")


class Private:
    """A class with names of its own."""

    __secret = 7

    def reveal(self) -> int:
        return self.__secret

    def same(self) -> type:
        return __class__  # type: ignore[name-defined, no-any-return]


def test_private_names_and_the_class_are_those_of_the_class_around() -> None:
    for method, value in ((Private.reveal, 7), (Private.same, Private)):
        tree = users_tree(method)
        assert tree is not None
        assert follow(tree, scope_of(tree, (Private(),), {})).value == value


def test_lambdas_on_one_line_are_told_apart() -> None:
    pair = lambda: len("a"), lambda: (lambda: 2)()
    trees = [users_tree(one) for one in pair]
    assert [follow(tree, scope_of(tree, (), {})).value for tree in trees if tree] == [1, 2]


def test_only_functions_of_the_users_have_trees() -> None:
    assert users_tree(len) is None
    assert users_tree(Private) is None
    assert users_tree(linecache.getline) is None
    assert users_tree(follow) is None
    assert users_tree(made) is not None


@pytest.mark.parametrize(
    ("text", "one_line"),
    [
        ("a + b", "a + b"),
        ("(a +\n    b)", "a + b"),
        ("f(\n    a,  # first\n    'x  y',\n)", "f(a, 'x  y')"),
        ("[\n    x\n    for x in xs\n]", "[x for x in xs]"),
        ('f("""a\nb""")', "f('a\\nb')"),
        ("'é' + ä", "'é' + ä"),
    ],
)
def test_the_text_of_an_expression_is_on_one_line(text: str, one_line: str) -> None:
    tree = users_tree(made(f"def f():\n  return {text}\n"))
    assert tree is not None
    returned = tree.node.body[0].value  # type: ignore[index, union-attr]
    assert text_of(tree.file, returned) == one_line
