"""Loading a spec's module: constants, errors with their places, re-execution, lifetime."""

import enum
import gc
import inspect
import json
import linecache
import os
import pickle
import subprocess
import sys
import textwrap
import threading
import typing
import weakref
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from speccheck.domains.overrides import Text, loading
from speccheck.dsl.spec import Spec
from speccheck.errors import (
    BadConstant,
    BadDecorator,
    BadOverride,
    BadSort,
    BadSyntax,
    ExitedAtImport,
    FileMissing,
    ImportFailed,
    NotPython,
    OverrideNeedsFile,
    RaisedAtImport,
    SpeccheckError,
    UnknownOverride,
)
from speccheck.model.loading import Loaded, load_class, load_module, raise_unconsumed
from speccheck.model.raised import public_names

SPEC = """
from typing import Literal
from speccheck.domains.sorts import Sort
from speccheck.dsl.constants import constant
from speccheck.dsl.rules import action, invariant
from speccheck.dsl.spec import Spec

N = constant("N", 3, min=1, max=9)

class RM(Sort, size=2):
    pass

class Base(Spec, abstract=True):
    x: Literal[0, 1] = 0

class First(Base):
    @action
    def flip(self) -> None:
        assert N < 9, "too many"
        self.x = 1

class Second(First):
    pass
"""


def written(folder: Path, name: str, text: str | bytes) -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    data = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
    file.write_bytes(data)
    return str(file)


def load(folder: Path, text: str | bytes, name: str = "spec.py", **overrides: Any) -> Loaded:
    return load_module(written(folder, name, text), overrides)


def error_of(folder: Path, text: str | bytes, name: str = "spec.py", **overrides: Any) -> SpeccheckError:
    before = set(sys.modules)
    with pytest.raises(SpeccheckError) as raised:
        load(folder, text, name, **overrides)
    assert not [name for name in set(sys.modules) - before if name.startswith("_speccheck_")], "a failed load leaves nothing"
    assert loading.get() is None
    return raised.value


def place(error: SpeccheckError) -> tuple[str, int, int]:
    assert error.span is not None
    return os.path.basename(error.span.file), error.span.line, error.span.column


# ---------------------------------------------------------------- what a load gives


def test_specs_are_those_of_the_module_in_source_order_abstract_ones_too(tmp_path: Path) -> None:
    written(tmp_path, "common.py", "from speccheck.dsl.spec import Spec\nclass Other(Spec): pass\n")
    loaded = load(tmp_path, SPEC + "\nAgain = First\nfrom common import Other\n", "a.py")
    assert [spec.__name__ for spec in loaded.specs] == ["Base", "First", "Second"]
    assert loaded.file == str(tmp_path / "a.py") == loaded.module.__file__


def test_a_module_without_specs_loads(tmp_path: Path) -> None:
    assert load(tmp_path, "").specs == ()


def test_specs_made_by_a_function_of_the_module_count(tmp_path: Path) -> None:
    loaded = load(tmp_path, "from speccheck.dsl.spec import Spec\ndef make():\n    class Made(Spec): pass\n    return Made\nA = make()\n")
    assert [spec.__name__ for spec in loaded.specs] == ["Made"]


def test_constants_and_sorts_have_their_defaults_without_overrides(tmp_path: Path) -> None:
    loaded = load(tmp_path, SPEC)
    assert {name: (one.value, one.default, one.kind) for name, one in loaded.declared.items()} == {"N": (3, 3, "constant"), "RM": (2, 2, "sort")}
    assert (loaded.consumed, dict(loaded.given)) == (frozenset(), {})


def test_overrides_change_constants_and_sorts(tmp_path: Path) -> None:
    loaded = load(tmp_path, SPEC, N=5, RM=4)
    assert (loaded.module.N, len(loaded.module.RM), loaded.declared["N"].value, loaded.declared["N"].default) == (5, 4, 5, 3)
    assert loaded.consumed == {"N", "RM"}
    assert dict(loaded.given) == {"N": 5, "RM": 4}


def test_texts_of_the_command_line_are_parsed_by_the_type_of_the_default(tmp_path: Path) -> None:
    loaded = load(tmp_path, SPEC, N=Text("5"), RM=Text("1"))
    assert (loaded.module.N, len(loaded.module.RM)) == (5, 1)


def test_an_override_that_is_not_consumed_is_left_to_the_caller(tmp_path: Path) -> None:
    loaded = load(tmp_path, SPEC, Nn=5, N=4)
    assert loaded.consumed == {"N"}
    with pytest.raises(UnknownOverride, match=r"no constant and no sort is named 'Nn'\. Did you mean 'N'") as raised:
        raise_unconsumed([loaded], ["Nn", "N"])
    assert raised.value.notes == ("constants and sorts: N=4, RM=2",)
    assert raised.value.exit_code == 2


def test_an_override_that_one_of_several_files_consumed_is_fine(tmp_path: Path) -> None:
    loads = [load(tmp_path, SPEC, "a.py", N=4, M=1), load(tmp_path, 'from speccheck.dsl.constants import constant\nM = constant("M", 0)\n', "b.py", N=4, M=1)]
    raise_unconsumed(loads, ["N", "M"])
    with pytest.raises(UnknownOverride):
        raise_unconsumed(loads[:1], ["N", "M"])


def test_all_overrides_are_unknown_where_nothing_was_loaded() -> None:
    with pytest.raises(UnknownOverride, match="'N'") as raised:
        raise_unconsumed([], ["N"])
    assert raised.value.notes == ("there are no constants and no sorts",)


def test_two_loads_of_one_file_share_nothing(tmp_path: Path) -> None:
    one, two = load(tmp_path, SPEC), load(tmp_path, SPEC, N=7)
    assert (one.module.N, two.module.N) == (3, 7)
    assert one.specs[0] is not two.specs[0]
    assert one.module.__name__ != two.module.__name__


def test_a_spec_that_is_loaded_with_other_constants_leaves_the_imported_one_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "imported_spec.py", SPEC)
    monkeypatch.syspath_prepend(str(tmp_path))
    import imported_spec  # type: ignore[import-not-found]

    loaded = load_class(imported_spec.First, {"N": 8})
    assert (imported_spec.N, loaded.module.N) == (3, 8)
    assert [spec.__qualname__ for spec in loaded.specs] == ["Base", "First", "Second"]
    assert sys.modules["imported_spec"] is imported_spec
    again = load_class(loaded.specs[1], {"N": 2})
    assert (again.module.N, again.file) == (2, loaded.file)
    del sys.modules["imported_spec"]


def test_the_source_is_the_same_wherever_the_folder_lies(tmp_path: Path) -> None:
    for folder in ("one", "two/three"):
        written(tmp_path, f"{folder}/zoo.py", "Z = 1\n")
        written(tmp_path, f"{folder}/sub/deep.py", "D = 1\n")
    texts = {
        load(tmp_path / folder, order).source.replace(order, "")
        for folder, order in (("one", "import zoo, sub.deep\n"), ("two/three", "import sub.deep\nimport zoo\n"))
    }
    assert texts == {"# spec.py\n\n# sub/deep.py\nD = 1\n\n# zoo.py\nZ = 1\n\n"}


def test_private_names_can_be_taken_out_of_texts() -> None:
    assert public_names("cannot import X from '_speccheck_12.a.b' and _speccheck_3.c") == "cannot import X from 'a.b' and c"
    assert public_names("_speccheck_x.a my_speccheck_1.b") == "_speccheck_x.a my_speccheck_1.b"


# ---------------------------------------------------------------- what may stand in a spec


def test_dataclasses_named_tuples_enums_and_postponed_annotations_work(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        """
        from __future__ import annotations
        import enum
        from collections import namedtuple
        from dataclasses import KW_ONLY, InitVar, dataclass, field
        from typing import ClassVar, Generic, Literal, NamedTuple, Protocol, TypedDict, TypeVar
        from speccheck.dsl.spec import Spec

        @dataclass(frozen=True)
        class Message:
            sender: Name
            count: ClassVar[int] = 0
            _: KW_ONLY
            kind: Literal["a", "b"] = "a"

        class Name(enum.Enum):
            X = 1
            Y = enum.auto()

        Dynamic = enum.Enum("Dynamic", "P Q")
        Old = namedtuple("Old", "a b")

        class Pair(NamedTuple):
            left: Name
            right: Message | None = None

        class Walks(Protocol):
            def walk(self) -> int: ...

        class S(Spec):
            name: Name = Name.X
            pair: Pair = Pair(Name.Y)
        """,
    )
    module = loaded.module
    assert module.Message(module.Name.X, kind="b").kind == "b"
    assert typing.get_type_hints(module.Message)["sender"] is module.Name
    assert typing.get_type_hints(module.Pair)["right"] == module.Message | None
    assert typing.get_type_hints(loaded.specs[0])["pair"] is module.Pair
    assert module.Name.Y.value == 2
    assert module.Pair(module.Name.X).right is None
    for cls in (module.Message, module.Pair, module.Name, module.Dynamic, module.Old, module.S):
        assert cls.__module__ == module.__name__
        assert vars(sys.modules[cls.__module__]) is vars(module)


def test_the_module_knows_its_file_and_is_not_main(tmp_path: Path) -> None:
    loaded = load(tmp_path, "import os\nhere = os.path.dirname(__file__)\nmain = __name__ == '__main__'\nspec = __spec__\n")
    assert (loaded.module.here, loaded.module.main, loaded.module.spec.origin) == (str(tmp_path), False, loaded.file)


def test_what_a_module_prints_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(tmp_path, "print('hello')")
    assert capsys.readouterr().out == "hello\n"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is that of Python 3.12")
def test_type_statements_and_type_parameters_work(tmp_path: Path) -> None:
    loaded = load(tmp_path, "type Small = tuple([x for x in {1}])\ndef rule[T](xs: list[T]) -> T: return next(iter(xs))\n")
    assert loaded.module.rule([4]) == 4
    assert loaded.module.Small.__value__ == (1,)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig", "cp1252"])
def test_a_file_is_decoded_as_it_declares(tmp_path: Path, encoding: str) -> None:
    declared = encoding.replace("-sig", "")
    loaded = load(tmp_path, f"# -*- coding: {declared} -*-\nNAME = 'café'\r\ndef rule():\r\n    return NAME".encode(encoding))
    assert loaded.module.NAME == "café"
    assert linecache.getlines(loaded.file)[1:] == ["NAME = 'café'\n", "def rule():\n", "    return NAME\n"]


def test_names_of_files_need_not_be_identifiers(tmp_path: Path) -> None:
    for name in ("2pc.py", "two-phase.py", "spec.v2.py", "class.py", "ü ñ.py"):
        assert [spec.__name__ for spec in load(tmp_path, SPEC, name).specs] == ["Base", "First", "Second"]


def test_relative_paths_and_symbolic_links_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "real/common.py", "C = 5\n")
    written(tmp_path, "real/spec.py", "from common import C\n")
    (tmp_path / "link.py").symlink_to(tmp_path / "real/spec.py")
    monkeypatch.chdir(tmp_path)
    assert load_module("real/../real/spec.py").file == str(tmp_path / "real/spec.py")
    assert load_module("link.py").module.C == 5


def test_asserts_are_kept_under_optimisation(tmp_path: Path) -> None:
    written(tmp_path, "common.py", "def checked(x):\n    assert x, 'kept too'\n    return __debug__\n")
    file = written(tmp_path, "spec.py", SPEC + "\nfrom common import checked\n")
    code = """
        import json, sys
        from speccheck.model.loading import load_module
        loaded = load_module(sys.argv[1], {"N": 9})
        assert False, "removed by -O here"
        found = []
        for call in (lambda: loaded.specs[1]().flip(), lambda: loaded.module.checked(0)):
            try: call()
            except AssertionError as error: found.append(str(error))
        found.append(loaded.module.checked(1))
        print(json.dumps(found))
    """
    root = Path(__file__).parents[3]
    for flag in ("-O", "-OO"):
        done = subprocess.run([sys.executable, flag, "-c", textwrap.dedent(code), file], cwd=root, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == ["too many", "kept too", True]


# ---------------------------------------------------------------- errors: files


def test_a_missing_file_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(FileMissing) as raised:
        load_module(str(tmp_path / "nowhere.py"))
    assert raised.value.exit_code == 5
    with pytest.raises(FileMissing):
        load_module(str(tmp_path / "nowhere.txt"))


def test_a_broken_link_is_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to(tmp_path / "gone.py")
    with pytest.raises(FileMissing):
        load_module(str(tmp_path / "link.py"))


def test_a_folder_is_no_module(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    for path in (tmp_path, tmp_path / "folder.py"):
        with pytest.raises(NotPython):
            load_module(str(path))


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("spec.txt", b"x = 1\n", 0),
        ("spec", b"x = 1\n", 0),
        ("spec.py", b"\x7fELF\0\0\0", 0),
        ("spec.py", "x = 1\n".encode("utf-16"), 0),
        ("spec.py", b"x = 1\ny = '\xff'\n", 2),
        ("spec.py", b"# a comment\ny = '\xff'\n", 2),
        ("spec.py", b"y = '\xff'\n", 1),
        ("spec.py", b"# coding: nonsense\nx = 1\n", 1),
        ("spec.py", b"\n# coding: ascii\n\ny = '\xc3\xa9'\n", 4),
    ],
)
def test_what_is_no_python_file_is_refused_with_the_line(tmp_path: Path, name: str, data: bytes, line: int) -> None:
    error = error_of(tmp_path, data, name)
    assert isinstance(error, NotPython)
    assert place(error) == (name, line, 0)


def test_a_module_that_is_imported_may_be_no_python_file_either(tmp_path: Path) -> None:
    written(tmp_path, "common.py", b"x = '\xff'\n")
    error = error_of(tmp_path, "import common\n")
    assert isinstance(error, NotPython)
    assert place(error) == ("common.py", 1, 0)


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("x = 1\ndef f(:\n    pass\n", "invalid syntax", (2, 7)),
        ("x = 1\n  y = 2\n", "unexpected indent", (2, 2)),
        ("def f():\nreturn 1\n", "expected an indented block after function definition on line 1", (2, 1)),
        ("x = (1,\n", "'(' was never closed", (1, 5)),
        ("x = 'abc\n", "unterminated string literal (detected at line 1)", (1, 5)),
        ("return 1\n", "'return' outside function", (1, 1)),
        ("def f():\n    x = 1\n    global x\n", "name 'x' is assigned to before global declaration", (3, 5)),
        ("é = 1; for = 2\n", "invalid syntax", (1, 12)),
        ("if True:\n\tx = 1\n        y = 2\n", "inconsistent use of tabs and spaces in indentation", (3, 14)),
        ("from __future__ import flying\n", "future feature flying is not defined", (1, 1)),
        ("class A:\n  def f(self, self): pass\n", "duplicate argument 'self' in function definition", (2, None)),
    ],
)
def test_a_syntax_error_has_the_message_and_the_place_of_cpython(tmp_path: Path, text: str, message: str, at: tuple[int, int | None]) -> None:
    error = error_of(tmp_path, text)
    assert isinstance(error, BadSyntax)
    assert error.message == message
    assert error.span is not None
    assert error.span.line == at[0]
    with pytest.raises(SyntaxError) as raised:
        compile(text, "spec.py", "exec")
    assert (error.span.line, error.span.column) == (raised.value.lineno, max(0, raised.value.offset or 0))
    assert (error.span.end_line, error.span.end_column) > (error.span.line, error.span.column)
    assert isinstance(error.__cause__, SyntaxError)


def test_a_syntax_error_in_an_imported_module_is_shown_there(tmp_path: Path) -> None:
    written(tmp_path, "common.py", "x = 1\nx = = 2\n")
    error = error_of(tmp_path, "import common\n")
    assert isinstance(error, BadSyntax)
    assert place(error) == ("common.py", 2, 5)


def test_a_syntax_error_of_what_the_module_evaluates_is_an_exception_like_others(tmp_path: Path) -> None:
    error = error_of(tmp_path, "x = 1\neval('1 +')\n")
    assert isinstance(error, RaisedAtImport)
    assert place(error) == ("spec.py", 2, 1)
    assert "SyntaxError: invalid syntax" in error.message


def test_nesting_beyond_what_python_parses_is_a_syntax_error(tmp_path: Path) -> None:
    assert isinstance(error_of(tmp_path, "x = " + "(" * 500 + ")" * 500), BadSyntax)
    assert isinstance(error_of(tmp_path, "x = " + "-" * 200_000 + "1"), BadSyntax)


# ---------------------------------------------------------------- errors: while the module is executed


def test_a_module_that_does_not_exist_is_an_import_error_at_the_import(tmp_path: Path) -> None:
    error = error_of(tmp_path, "x = 1\nif x:\n    import no_such_module_at_all\n")
    assert isinstance(error, ImportFailed)
    assert error.message == "No module named 'no_such_module_at_all'"
    assert place(error) == ("spec.py", 3, 5)
    assert isinstance(error.__cause__, ModuleNotFoundError)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import comon\n", "No module named 'comon'. Did you mean 'common'?"),
        ("from .comon import C\n", "No module named 'comon'. Did you mean 'common'?"),
        ("from dataclass import dataclass\n", "No module named 'dataclass'. Did you mean 'dataclasses'?"),
        ("import common.x\n", "No module named 'common.x'; 'common' is not a package"),
        ("from common import CAPACTY\n", "cannot import name 'CAPACTY' from 'common' ({folder}/common.py). Did you mean 'CAPACITY'?"),
        ("from dataclasses import dataclas\n", "cannot import name 'dataclas' from 'dataclasses' ({lib}/dataclasses.py). Did you mean 'dataclass'?"),
        ("from ..common import C\n", "attempted relative import beyond top-level package"),
        (
            "import circular\n",
            "cannot import name 'late' from partially initialized module 'spec' (most likely due to a circular import) {folder}. Did you mean 'later'?",
        ),
    ],
)
def test_an_import_error_has_the_message_of_cpython_and_a_guess(tmp_path: Path, text: str, message: str) -> None:
    written(tmp_path, "common.py", "CAPACITY = 1\n")
    written(tmp_path, "circular.py", "from spec import late\n")
    error = error_of(tmp_path, "later = 1\n" + text)
    assert isinstance(error, ImportFailed)
    expected = message.replace(") {folder}.", ") ({folder}/spec.py).").format(folder=tmp_path, lib=os.path.dirname(str(enum.__file__)))
    assert error.message == expected


def test_an_import_that_fails_deeper_is_shown_where_it_stands(tmp_path: Path) -> None:
    written(tmp_path, "common.py", "X = 1\nfrom below import Y\n")
    written(tmp_path, "below.py", "import no_such_module_at_all\n")
    error = error_of(tmp_path, "import common\n")
    assert isinstance(error, ImportFailed)
    assert place(error) == ("below.py", 1, 1)


def test_an_import_error_that_the_module_catches_is_none(tmp_path: Path) -> None:
    assert load(tmp_path, "try:\n    import no_such_module_at_all as m\nexcept ImportError as e:\n    m = e.name\n").module.m == "no_such_module_at_all"


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("x = 1\ny = 1 // (x - 1)\n", "ZeroDivisionError: integer division or modulo by zero", (2, 5)),
        ("def f():\n    return {}[3]\nx = f()\n", "KeyError: 3", (2, 12)),
        ("from typing import Literal\nx: Literl[0] = 0\n", "NameError: name 'Literl' is not defined. Did you mean 'Literal'?", (2, 4)),
        ("import math\nx = math.sqroot(2)\n", "AttributeError: module 'math' has no attribute 'sqroot'. Did you mean 'sqrt'?", (2, 5)),
        ("assert 1 == 2, 'no'\n", "AssertionError: no", (1, None)),
        ("def f(): f()\nf()\n", "RecursionError: maximum recursion depth exceeded", (1, None)),
        ("raise ValueError\n", "ValueError", (1, 1)),
        ("class Odd(Exception): pass\nraise Odd('x')\n", "spec.Odd: x", (2, 1)),
        ("raise ExceptionGroup('several', [ValueError(1)])\n", "ExceptionGroup: several (1 sub-exception)", (1, 1)),
        ("import json\njson.loads('{')\n", "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)", (2, 1)),
        ("class Odd(Exception):\n    def __str__(self): return 1 // 0\nraise Odd\n", "spec.Odd: <its text cannot be shown>", (3, 1)),
        (
            "from speccheck.dsl.statements import require\nrequire(False)\n",
            "a step that is tried at module level is not possible: its `require` is false",
            (2, 1),
        ),
    ],
)
def test_an_exception_is_shown_with_its_innermost_line_in_the_users_files(tmp_path: Path, text: str, message: str, at: tuple[int, int | None]) -> None:
    error = error_of(tmp_path, text)
    assert isinstance(error, RaisedAtImport)
    assert error.message == message
    assert error.span is not None
    assert error.span.line == at[0]
    assert at[1] is None or error.span.column == at[1]
    assert error.__cause__ is not None


def test_notes_of_an_exception_are_kept(tmp_path: Path) -> None:
    assert error_of(tmp_path, "e = ValueError(1)\ne.add_note('look here')\nraise e\n").notes == ("look here",)


def test_a_value_outside_its_domain_at_module_level_is_an_exception_there(tmp_path: Path) -> None:
    error = error_of(tmp_path, SPEC + "s = First()\ns.x = 7\n")
    assert isinstance(error, RaisedAtImport)
    assert error.message == "OutsideDomain: x: 7 is outside Literal[0, 1]"
    assert place(error) == ("spec.py", SPEC.count("\n") + 2, 1)


def test_a_module_that_exits_is_refused(tmp_path: Path) -> None:
    error = error_of(tmp_path, "import sys\nsys.exit(3)\n")
    assert isinstance(error, ExitedAtImport)
    assert (error.message, place(error)) == ("the module calls sys.exit(3) when it is imported", ("spec.py", 2, 1))
    assert "sys.exit()" in error_of(tmp_path, "raise SystemExit\n").message


def test_an_interrupt_passes_through(tmp_path: Path) -> None:
    before = set(sys.modules)
    with pytest.raises(KeyboardInterrupt):
        load(tmp_path, "raise KeyboardInterrupt\n")
    assert not [name for name in set(sys.modules) - before if name.startswith("_speccheck_")]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('M = constant("N", 3)', BadConstant),
        ('N = constant("N", 3) + 1', BadConstant),
        ('N = constant("N", 3); N = 4', BadConstant),
        ('N = constant("N", 3); del N', BadConstant),
        ('class A: N = constant("N", 3)', BadConstant),
        ('n = constant("n", 3)', BadConstant),
        ('N = constant("N", 3, min=4)', BadConstant),
        ("class rm(Sort, size=2): pass", BadSort),
        ("class RM(Sort, size=0): pass", BadSort),
        ("@action\nclass A: pass", BadDecorator),
        ("class A(Spec):\n  @action\n  @action\n  def f(self): pass", BadDecorator),
    ],
)
def test_what_the_dsl_refuses_at_import_has_the_line_of_the_user(tmp_path: Path, line: str, error: type[SpeccheckError]) -> None:
    head = "from speccheck.domains.sorts import Sort\nfrom speccheck.dsl.constants import constant\n"
    head += "from speccheck.dsl.rules import action\nfrom speccheck.dsl.spec import Spec\n"
    found = error_of(tmp_path, head + line + "\n")
    assert type(found) is error
    assert place(found)[0] == "spec.py"
    assert place(found)[1] in (5, 6)


def test_an_equal_value_is_the_value_of_a_constant(tmp_path: Path) -> None:
    assert load(tmp_path, 'from speccheck.dsl.constants import constant\nN: int = constant("N", 1000)\nN = int(str(N))\n').module.N == 1000


def test_all_misnamed_constants_are_reported_at_once(tmp_path: Path) -> None:
    written(tmp_path, "common.py", 'from speccheck.dsl.constants import constant\nA = constant("B", 1)\n')
    error = error_of(tmp_path, 'from speccheck.dsl.constants import constant\nimport common\nC = constant("D", 1)\n')
    assert [(place(one)[0], one.message) for one in error.errors] == [
        ("common.py", "the constant 'B' is not assigned to the name B"),
        ("spec.py", "the constant 'D' is not assigned to the name D"),
    ]


@pytest.mark.parametrize("overrides", [{"N": 0}, {"N": "x"}, {"N": True}, {"N": Text("x")}, {"RM": 2.5}])
def test_a_bad_override_is_refused_at_the_constant(tmp_path: Path, overrides: dict[str, Any]) -> None:
    error = error_of(tmp_path, SPEC, **overrides)
    assert isinstance(error, BadOverride)
    assert place(error)[1] in (8, 10)


def test_a_misuse_at_module_level_is_its_error(tmp_path: Path) -> None:
    error = error_of(tmp_path, SPEC + "s = First()\ns.y = 7\n")
    assert error.code == "SC205"
    assert place(error) == ("spec.py", SPEC.count("\n") + 2, 1)


def test_a_module_that_loads_itself_is_refused(tmp_path: Path) -> None:
    text = "from speccheck.model.loading import load_module\nload_module(__file__)\n"
    error = error_of(tmp_path, text)
    assert isinstance(error, RaisedAtImport)
    assert (error.message, place(error)) == ("the module loads itself while it is executed", ("spec.py", 2, 1))


def test_a_module_may_load_another_one(tmp_path: Path) -> None:
    written(tmp_path, "other.py", SPEC)
    text = "from pathlib import Path\nfrom speccheck.dsl.constants import constant\nfrom speccheck.model.loading import load_module\n"
    text += "other = load_module(str(Path(__file__).parent / 'other.py'), {'N': 6})\nN = constant('N', 1)\n"
    loaded = load(tmp_path, text, N=2)
    assert (loaded.module.N, loaded.module.other.module.N) == (2, 6)
    assert set(loaded.declared) == {"N"}


# ---------------------------------------------------------------- classes without a file


def test_a_class_of_main_cannot_be_loaded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = type("Made", (Spec,), {"__module__": "__main__"})
    with pytest.raises(OverrideNeedsFile, match="stands in __main__"):
        load_class(made, {"N": 1})


def test_a_class_inside_a_function_cannot_be_loaded_again() -> None:
    class Local(Spec):
        pass

    with pytest.raises(OverrideNeedsFile, match="Local is a class inside a function"):
        load_class(Local, {"N": 1})


@pytest.mark.parametrize("file", [None, "<stdin>", "gone.py", "module.so"])
def test_a_class_of_a_module_without_a_file_cannot_be_loaded_again(file: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("made_by_hand")
    if file is not None:
        module.__file__ = file
    monkeypatch.setitem(sys.modules, "made_by_hand", module)
    made = type("Made", (Spec,), {"__module__": "made_by_hand"})
    with pytest.raises(OverrideNeedsFile, match="cannot be executed again"):
        load_class(made, {"N": 1})


# ---------------------------------------------------------------- lifetime and threads


def private_names(module: Any) -> list[str]:
    return [name for name in sorted(sys.modules) if name.startswith(module.__name__.split(".")[0] + ".")]


def test_private_modules_live_as_long_as_a_function_of_one_of_them(tmp_path: Path) -> None:
    written(tmp_path, "common.py", "def f(): return 1\n")
    loaded = load(tmp_path, "import common\ndef g(): return common.f()\n")
    names = private_names(loaded.module)
    assert len(names) == 2
    dead = [weakref.ref(loaded.module), weakref.ref(loaded.module.common)]
    function = loaded.module.g
    del loaded
    gc.collect()
    assert [sys.modules[name].__file__ for name in names] == [str(tmp_path / "common.py"), str(tmp_path / "spec.py")]
    assert function() == 1
    del function
    gc.collect()
    assert [one() for one in dead] == [None, None]
    load(tmp_path, "")  # cleans up
    assert not [name for name in names if name in sys.modules]


def test_annotations_can_be_resolved_as_long_as_a_class_lives(tmp_path: Path) -> None:
    text = "from __future__ import annotations\nfrom typing import Literal\nfrom speccheck.dsl.spec import Spec\nTwo = Literal[0, 1]\n"
    text += "class S(Spec):\n    x: Two = 0\n    def f(self): return self.x\n"
    cls = load(tmp_path, text).specs[0]
    gc.collect()
    assert repr(cls()) == "S(x=0)"
    assert typing.get_type_hints(cls)["x"] == typing.Literal[0, 1]


def test_a_private_module_is_seen_by_everyone_who_looks_for_it(tmp_path: Path) -> None:
    loaded = load(tmp_path, "import enum, sys\nclass A(enum.Enum):\n    X = 1\ndef me(): return sys.modules[__name__]\n")
    seen = sys.modules[loaded.module.__name__]
    assert (vars(seen), seen.A, dir(seen), repr(seen)) == (vars(loaded.module), loaded.module.A, dir(loaded.module), repr(loaded.module))
    assert loaded.module.me().A is loaded.module.A
    seen.y = 5  # type: ignore[attr-defined]
    assert loaded.module.y == 5
    del seen.y
    assert not hasattr(loaded.module, "y")
    assert pickle.loads(pickle.dumps(loaded.module.A.X)) is loaded.module.A.X
    assert inspect.getsource(loaded.module.A) == "class A(enum.Enum):\n    X = 1\n"


def test_a_lazy_import_works_long_after_the_load(tmp_path: Path) -> None:
    written(tmp_path, "common.py", 'from speccheck.dsl.constants import constant\nN = constant("N", 1)\n')
    written(tmp_path, "later.py", "from common import N\nTWICE = 2 * N\n")
    text = "from common import N\ndef f():\n    import later\n    return later.TWICE\n"
    text += "def g():\n    import common, json\n    from later import TWICE\n    return common.N, TWICE, json.__name__\n"
    loaded = load(tmp_path, text, N=5)
    assert loaded.module.f() == 10
    f, g = loaded.module.f, loaded.module.g
    del loaded
    assert (f(), g(), g()) == (10, (5, 10, "json"), (5, 10, "json"))
    fresh = load(tmp_path, text, N=7).module.g
    assert fresh() == (7, 14, "json")


def test_loads_in_several_threads_do_not_disturb_each_other(tmp_path: Path) -> None:
    written(tmp_path, "common.py", 'import time\nfrom speccheck.dsl.constants import constant\ntime.sleep(0.002)\nN = constant("N", 0)\n')
    file = written(
        tmp_path, "spec.py", SPEC.replace('N = constant("N", 3, min=1, max=9)', "from common import N\ndef late():\n    import lazily\n    return lazily.M")
    )
    written(tmp_path, "lazily.py", "from common import N\nM = N * 2\n")
    found: dict[int, tuple[int, int, int]] = {}

    def one(n: int) -> None:
        loaded = load_module(file, {"N": n, "RM": n + 1})
        found[n] = (loaded.module.N, len(loaded.module.RM), loaded.module.late())

    threads = [threading.Thread(target=one, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: (n, n + 1, 2 * n) for n in range(12)}


def test_checking_needs_no_lock(tmp_path: Path) -> None:
    loaded = load(tmp_path, "import json\ndef rule():\n    import json\n    return [x for x in (1, 2)]\n")
    loaded.module.rule()  # the first time, the lazy import takes the lock
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        from speccheck.model.imports import LOCK

        with LOCK:
            held.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    try:
        answer: list[Any] = []
        worker = threading.Thread(target=lambda: answer.append(loaded.module.rule()), daemon=True)
        worker.start()
        worker.join(5)
        assert answer == [[1, 2]]
    finally:
        done.set()
        thread.join()


def test_a_library_that_is_imported_for_the_first_time_keeps_its_own_constants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "libraries/library_with_n.py", 'from speccheck.dsl.constants import constant\nN = constant("N", 1)\n')
    monkeypatch.syspath_prepend(str(tmp_path / "libraries"))
    loaded = load(tmp_path / "specs", "import library_with_n\n", N=5)
    assert (loaded.module.library_with_n.N, loaded.consumed, dict(loaded.declared)) == (1, frozenset(), {})
    del sys.modules["library_with_n"]


def test_a_module_may_put_something_else_in_its_place(tmp_path: Path) -> None:
    written(tmp_path, "other.py", "import sys\nclass Odd:\n    x = 5\nsys.modules[__name__] = Odd()\n")
    assert load(tmp_path, "import other\nfrom other import x\ny = other.x\n").module.y == 5


def test_files_that_were_edited_are_loaded_as_they_are_now(tmp_path: Path) -> None:
    for number in range(3):
        written(tmp_path, "common.py", f"X = {number}\n")
        assert number == load(tmp_path, f"from common import X\nY = {number}\ndef f():\n    return Y\n").module.X
        assert linecache.getline(str(tmp_path / "spec.py"), 2) == f"Y = {number}\n"


def test_many_loads_leave_nothing_behind(tmp_path: Path) -> None:
    names = {load(tmp_path, SPEC, N=number).module.__name__.split(".")[0] for number in range(1, 10)}
    gc.collect()
    load(tmp_path, "")
    left = {name for name in sys.modules if name.split(".")[0] in names}
    assert left == set()
