"""The files that a spec is made of."""

from pathlib import Path
from textwrap import dedent

import pytest

from speccheck.errors import BadSyntax, FileMissing, NotPython
from speccheck.model.footprint import Footprint, footprint_of
from speccheck.model.loading import load_module

SPEC = "from speccheck import Spec\nclass X(Spec, deadlock=False):\n    on: bool = False\n"


def made(folder: Path, **files: str) -> Path:
    """Write files (`a__b` is a/b.py) and return the folder."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/").replace("/init", "/__init__") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return folder


def names(footprint: Footprint, folder: Path) -> list[str]:
    return sorted(Path(file).relative_to(folder).as_posix() for file in footprint.files)


def words(footprint: Footprint) -> list[str]:
    return [f"{Path(one.span.file).name}:{one.span.line} {one.words}" for one in footprint.beyond]


@pytest.mark.parametrize(
    ("spec", "files", "expected"),
    [
        ("", {}, ["spec.py"]),
        ("from common import N", {"common": "N = 3"}, ["common.py", "spec.py"]),
        ("import common", {"common": "import deeper", "deeper": "", "unused": ""}, ["common.py", "deeper.py", "spec.py"]),
        ("def late(self):\n    from common import N", {"common": "N = 3"}, ["common.py", "spec.py"]),
        ("try:\n    import common\nexcept ImportError:\n    pass", {"common": "N = 3"}, ["common.py", "spec.py"]),
        ("import a.b", {"a__init": "", "a__b": ""}, ["a/__init__.py", "a/b.py", "spec.py"]),
        ("from a import b", {"a__init": "", "a__b": ""}, ["a/__init__.py", "a/b.py", "spec.py"]),
        ("from a import b", {"a__b": ""}, ["a/b.py", "spec.py"]),
        ("from a import b", {"a__init": "from a import c", "a__b": "from . import d\nfrom .e import f", "a__c": "", "a__d": "", "a__e": "f = 1"},
         ["a/__init__.py", "a/b.py", "a/c.py", "a/d.py", "a/e.py", "spec.py"]),
        ("from a.b.c import x", {"a__init": "", "a__b__c": "from ..d import y\nx = y", "a__d": "y = 1"}, ["a/__init__.py", "a/b/c.py", "a/d.py", "spec.py"]),
        ("import loop", {"loop": "import other", "other": "import loop"}, ["loop.py", "other.py", "spec.py"]),
    ],
)  # fmt: skip
def test_the_modules_below_the_folder_belong_to_it(spec: str, files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    folder = made(tmp_path, spec=spec + "\n" + SPEC, **files)
    footprint = footprint_of(str(folder / "spec.py"))
    assert names(footprint, folder) == expected and footprint.closed
    assert load_module(str(folder / "spec.py")).specs


def test_a_folder_that_is_a_package_is_part_of_it_where_it_is_executed(tmp_path: Path) -> None:
    made(
        tmp_path,
        pkg__init="",
        pkg__specs__init="N = 3",
        pkg__specs__member="from . import N\n" + SPEC,
        pkg__specs__alone=SPEC,
        pkg__specs__named="import pkg.specs.alone\n" + SPEC,
    )
    specs = tmp_path / "pkg/specs"
    assert names(footprint_of(str(specs / "alone.py")), specs) == ["alone.py"]
    assert names(footprint_of(str(specs / "member.py")), specs) == ["__init__.py", "member.py"]
    assert names(footprint_of(str(specs / "named.py")), specs) == ["__init__.py", "alone.py", "named.py"]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("import os", "spec.py:1 imports os"),
        ("import common", "common.py:1 imports random"),
        ("from .. import model", "spec.py:1 imports from above its folder"),
        ("from pkg import model", "spec.py:1 imports pkg, which lies around its folder"),
        ("import common.nothing", "spec.py:1 imports common.nothing, which is no Python file here"),
        ("from compiled import x", "spec.py:1 imports compiled, which is no Python file here"),
        ("from inner import *", "spec.py:1 imports all of the package inner"),
    ],
)
def test_what_is_not_its_own_is_beyond_it(spec: str, said: str, tmp_path: Path) -> None:
    made(
        tmp_path,
        pkg__init="",
        pkg__model="",
        pkg__specs__init="",
        pkg__specs__spec=spec,
        pkg__specs__common="import random",
        pkg__specs__inner__init="__all__ = ['x']",
    )
    (tmp_path / "pkg/specs/compiled.abi3.so").write_bytes(b"")
    footprint = footprint_of(str(tmp_path / "pkg/specs/spec.py"))
    assert said in words(footprint) and not footprint.closed


def test_a_module_of_its_own_may_have_the_name_of_one_that_is_not_pure(tmp_path: Path) -> None:
    made(tmp_path, spec="import random\n" + SPEC, random="N = 4")
    assert footprint_of(str(tmp_path / "spec.py")).closed


def test_the_digest_is_about_texts_and_where_they_lie_below_the_folder(tmp_path: Path) -> None:
    one = made(tmp_path / "one", spec="import common", common="N = 3")
    two = made(tmp_path / "two", spec="import common", common="N = 3")
    digest = footprint_of(str(one / "spec.py")).digest
    assert footprint_of(str(two / "spec.py")).digest == digest
    made(two, common="N = 4")
    assert footprint_of(str(two / "spec.py")).digest != digest


@pytest.mark.parametrize(("file", "text", "error"), [("x.py", "def", BadSyntax), ("none.py", None, FileMissing), ("x.txt", "", NotPython)])
def test_what_cannot_be_read_is_an_error(file: str, text: str | None, error: type[Exception], tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(error):
        footprint_of(str(tmp_path / file))


def test_no_spec_of_the_project_loads_a_module_that_its_footprint_lacks(root: Path) -> None:
    files = [*(root / "specs").glob("*/*.py"), *(root / "tests/specs/published").rglob("*.py"), *(root / "tests/specs/classics").glob("*.py")]
    assert len(files) > 60
    for file in files:
        footprint = footprint_of(str(file))
        assert load_module(str(file)).source == "".join(f"# {Path(one).name}\n{text}\n" for one, text in footprint.files.items())
        assert footprint.closed, words(footprint)
