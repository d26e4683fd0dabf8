"""What the text of a module says: which classes are specs, whether there are tests; nothing is executed."""

from pathlib import Path
from textwrap import dedent

import pytest

from speccheck.model.outline import Outline, mentions_speccheck, outline

SPECS = Path(__file__).parents[3] / "specs"


def read(folder: Path, source: str) -> Outline:
    """Return the outline of a module that would fail, were it executed."""
    (folder / "module.py").write_text(dedent(source) + "\nraise RuntimeError('executed')\n", encoding="utf-8")
    found = outline(str(folder / "module.py"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "source",
    [
        "from speccheck import Spec\nclass A(Spec): ...",
        "from speccheck import *\nclass A(Spec): ...",
        "from speccheck import Spec as S\nclass A(S, deadlock=False): ...",
        "import speccheck\nclass A(speccheck.Spec): ...",
        "import speccheck as sc\nclass A(sc.Spec): ...",
        "from speccheck.dsl.spec import Spec\nclass A(Spec): ...",
        "from speccheck import Spec\nif True:\n    class A(Spec): ...",
        "try:\n    from speccheck import Spec\nexcept ImportError:\n    raise\nelse:\n    class A(Spec): ...",
        "from speccheck import Spec, model\n@model()\nclass A(Spec[int]): ...",
        "from base import Base as B\nclass A(B): ...",
        "from base import *\nclass A(Base): ...",
        "import base\nclass A(base.Base): ...",
        "import package.inner\nclass A(package.inner.Inner): ...",
        "from package.inner import Inner\nclass A(Inner): ...",
        "from package import Outer\nclass A(Outer): ...",
        "from . import base\nclass A(base.Base): ...",
        "from .package.inner import Inner\nclass A(Inner): ...",
    ],
)
def test_a_class_is_a_spec_wherever_its_base_comes_from(source: str, tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text("from speccheck import Spec\nclass Base(Spec): ...\n")
    (tmp_path / "package").mkdir()
    (tmp_path / "package/__init__.py").write_text("from .inner import Inner\nclass Outer(Inner): ...\n")
    (tmp_path / "package/inner.py").write_text("from ..base import Base\nclass Inner(Base): ...\n")
    assert read(tmp_path, source) == Outline(("A",), ())


@pytest.mark.parametrize(
    "source",
    [
        "import speccheck",
        "from speccheck import check, Spec",
        "class Spec: ...\nclass A(Spec): ...",
        "from elsewhere import Spec\nclass A(Spec): ...",
        "from speccheck import Sort\nclass A(Sort, size=2): ...",
        "from speccheck import Spec\ndef make():\n    class A(Spec): ...",
        "from module import Again\nclass A(Again): ...",
        "import json\nclass A(json.Spec): ...",
        "x = 3\nclass A(x.Spec): ...",
    ],
)
def test_other_classes_are_none(source: str, tmp_path: Path) -> None:
    assert read(tmp_path, source).specs == ()


def test_several_specs_come_in_the_order_of_the_text(tmp_path: Path) -> None:
    assert read(tmp_path, "from speccheck import Spec\nclass B(Spec): ...\nclass A(B): ...\nclass C: ...").specs == ("B", "A")


@pytest.mark.parametrize(
    ("source", "tests"),
    [
        ("def test_it(): ...", ("test_it",)),
        ("async def test_it(): ...", ("test_it",)),
        ("class TestIt: ...", ("TestIt",)),
        ("import unittest\nclass Checks(unittest.TestCase): ...", ("Checks",)),
        ("from unittest import IsolatedAsyncioTestCase\nclass Checks(IsolatedAsyncioTestCase): ...", ("Checks",)),
        ("from speccheck import Spec\nclass TestAndSet(Spec): ...", ()),
        ("def helper():\n    def test_it(): ...", ()),
    ],
)
def test_tests_are_seen_and_a_spec_is_none(source: str, tests: tuple[str, ...], tmp_path: Path) -> None:
    assert read(tmp_path, source).tests == tests


def test_modules_that_import_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("from module import A\nfrom speccheck import Spec\nclass B(A): ...\nclass C(Spec): ...\n")
    assert read(tmp_path, "from other import B, C\nclass A(B): ...\nclass D(C): ...").specs == ("D",)


def test_a_text_that_python_cannot_parse_has_no_outline(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("class A(Spec:\n")
    assert outline(str(tmp_path / "module.py")) is None
    (tmp_path / "module.py").write_bytes(b"x = '\0'")
    assert outline(str(tmp_path / "module.py")) is None
    assert outline(str(tmp_path / "nowhere.py")) is None


def test_a_module_that_mentions_speccheck_may_define_a_spec(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("import speccheck\n")
    (tmp_path / "other.py").write_text("import json\n")
    assert mentions_speccheck(str(tmp_path / "module.py")) and not mentions_speccheck(str(tmp_path / "other.py"))
    assert mentions_speccheck(str(tmp_path / "nowhere.py"))  # loading it says what is wrong


@pytest.mark.parametrize("file", sorted(path.relative_to(SPECS).as_posix() for path in SPECS.rglob("*.py")))
def test_the_bundled_specs_are_all_seen(file: str) -> None:
    from speccheck.model.loading import load_module

    found = outline(str(SPECS / file))
    assert found is not None and list(found.specs) == [spec.__name__ for spec in load_module(str(SPECS / file), {}).specs] and not found.tests
