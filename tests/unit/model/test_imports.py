"""Which modules a load executes anew, and which it shares with the rest of the world."""

import importlib
import json
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import speccheck
from speccheck.dsl.spec import Spec
from speccheck.errors import ImportFailed, RaisedAtImport
from speccheck.model import folder
from speccheck.model.loading import Loaded, load_class, load_module

N = 'from speccheck.dsl.constants import constant\nN = constant("N", 1)\n'
Tree = Callable[..., None]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Write files below the temporary folder, by path."""

    def write(files: dict[str, str]) -> None:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text))

    return write


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path) -> Iterator[None]:
    """Forget what the tests import in the ordinary way."""
    modules, path = dict(sys.modules), list(sys.path)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - set(modules):
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "") or getattr(sys.modules[name], "__path__", "")):
            del sys.modules[name]


KEPT: list[Loaded] = []


@pytest.fixture(autouse=True)
def _keep() -> Iterator[None]:
    yield
    KEPT.clear()


def load(path: Path, **overrides: Any) -> Any:
    KEPT.append(load_module(str(path), overrides))
    return KEPT[-1].module


# ---------------------------------------------------------------- beside the spec


@pytest.mark.parametrize(
    "text",
    [
        "import common\nn = common.N\n",
        "import common as c\nn = c.N\n",
        "from common import N as n\n",
        "from common import *\nn = N\n",
        "from .common import N as n\n",
        "from . import common\nn = common.N\n",
        "import importlib\nn = importlib.import_module('common').N\n",
        "from importlib import import_module\nn = import_module('.common', __package__).N\n",
        "from importlib import import_module as im\nn = im('common').N\n",
        "n = __import__('common').N\n",
        "def f():\n    from common import N\n    return N\nn = f()\n",
        "exec('import common')\nn = common.N\n",
        "try:\n    from .. import common\nexcept ImportError:\n    import common\nn = common.N\n",
    ],
)
def test_a_module_beside_the_spec_is_executed_anew(tree: Tree, tmp_path: Path, text: str) -> None:
    tree({"spec.py": text, "common.py": N})
    one, two = load(tmp_path / "spec.py", N=5), load(tmp_path / "spec.py")
    assert (one.n, two.n) == (5, 1)
    assert KEPT[0].consumed == {"N"}
    assert "common" not in sys.modules


@pytest.mark.parametrize("init", [{}, {"sub/__init__.py": ""}])
@pytest.mark.parametrize(
    "text",
    [
        "import sub.inner\nn = sub.inner.N\n",
        "import sub.inner as i\nn = i.N\n",
        "from sub import inner\nn = inner.N\n",
        "from sub.inner import N as n\n",
        "from .sub.inner import N as n\n",
        "from .sub import inner\nn = inner.N\n",
        "from . import sub\nfrom .sub import inner\nn = sub.inner.N\n",
        "import importlib\nn = importlib.import_module('sub.inner').N\n",
        "import importlib.util\nn = importlib.import_module('.inner', __package__ + '.sub').N\n",
        "import sub, sub.inner, sub.inner\nn = sub.inner.N\n",
    ],
)
def test_modules_in_folders_below_are_executed_anew(tree: Tree, tmp_path: Path, init: dict[str, str], text: str) -> None:
    tree({"spec.py": text, "sub/inner.py": "from ..common import N\nimport common\nassert common.N is N\n", "common.py": N, **init})
    assert load(tmp_path / "spec.py", N=7).n == 7
    assert KEPT[0].consumed == {"N"}


def test_modules_that_are_imported_indirectly_are_executed_anew(tree: Tree, tmp_path: Path) -> None:
    tree({"spec.py": "from a import n\n", "a.py": "import b\nn = b.c.N\n", "b.py": "from .sub import c\n", "sub/c.py": N})
    assert load(tmp_path / "spec.py", N=4).n == 4
    assert [line for line in KEPT[0].source.splitlines() if line.startswith("# ")] == ["# a.py", "# b.py", "# spec.py", "# sub/c.py"]


def test_one_file_is_one_module_whatever_it_is_called(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "mypkg/__init__.py": "",
            "mypkg/specs/__init__.py": "",
            "mypkg/specs/spec.py": "import common as a\nfrom . import common as b\nimport mypkg.specs.common as c\nfrom mypkg.specs import common as d\n"
            "all = a, b, c, d\n",
            "mypkg/specs/common.py": N,
        }
    )
    assert len({id(module) for module in load(tmp_path / "mypkg/specs/spec.py").all}) == 1


def test_circular_imports_work_as_ever(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "spec.py": "A = 1\nimport other\nfrom other import B\ndef late(): return other.late()\n",
            "other.py": "import spec\nfrom spec import A\nB = A + 1\ndef late(): return spec.B\n",
        }
    )
    module = load(tmp_path / "spec.py")
    assert (module.B, module.late()) == (2, 2)
    assert module.other.spec is module


def test_a_module_that_fails_can_be_tried_again(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "spec.py": "import flag\ntry:\n    import other\nexcept ValueError:\n    flag.up = True\n    import other\nn = other.N\n",
            "flag.py": "up = False\n",
            "other.py": N + "import flag\nif not flag.up: raise ValueError\n",
        }
    )
    assert load(tmp_path / "spec.py", N=2).n == 2


def test_a_submodule_that_nobody_imported_is_no_attribute(tree: Tree, tmp_path: Path) -> None:
    tree({"spec.py": "import sub\nsub.inner\n", "sub/__init__.py": "", "sub/inner.py": ""})
    with pytest.raises(RaisedAtImport, match="AttributeError: module 'sub' has no attribute 'inner'"):
        load(tmp_path / "spec.py")


def test_data_beside_a_module_is_found(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "spec.py": "import importlib.resources, sub\nfrom pathlib import Path\na = (Path(__file__).parent / 'data.txt').read_text()\n"
            "b = importlib.resources.files(sub).joinpath('more.txt').read_text()\n"
        }
    )
    tree({"data.txt": "a", "sub/__init__.py": "", "sub/more.txt": "b"})
    module = load(tmp_path / "spec.py")
    assert (module.a, module.b) == ("a", "b")


def test_what_was_imported_under_the_same_name_elsewhere_is_another_module(tree: Tree, tmp_path: Path) -> None:
    tree({"elsewhere/common.py": "N = 99\n", "specs/common.py": N, "specs/spec.py": "from common import N as n\n"})
    sys.path.insert(0, str(tmp_path / "elsewhere"))
    elsewhere = importlib.import_module("common")
    assert load(tmp_path / "specs/spec.py", N=3).n == 3
    assert sys.modules["common"] is elsewhere


# ---------------------------------------------------------------- not below the folder


def test_the_standard_library_is_shared(tree: Tree, tmp_path: Path) -> None:
    tree({"spec.py": "import json, os.path, xml.dom as d, importlib, importlib.util as u\nfrom json import decoder\n"})
    module = load(tmp_path / "spec.py")
    assert (module.json, module.os, module.decoder) == (json, os, json.decoder)
    assert module.d.__name__ == "xml.dom"
    assert module.u is importlib.util
    assert module.importlib.machinery is importlib.machinery


def test_as_in_a_script_the_folder_comes_before_the_standard_library(tree: Tree, tmp_path: Path) -> None:
    tree({"spec.py": "import queue, json, os, sys\n", "queue.py": "MINE = 1\n", "os.py": "MINE = 1\n", "sys.py": "MINE = 1\n"})
    module = load(tmp_path / "spec.py")
    assert module.queue.MINE == 1
    assert (module.json, module.os, module.sys) == (json, os, sys)  # Python itself runs on os and sys
    assert not hasattr(importlib.import_module("queue"), "MINE")


def test_a_folder_without_modules_does_not_hide_a_library(tree: Tree, tmp_path: Path) -> None:
    tree({"spec.py": "import json\nimport plain.module as p\n", "json/data.txt": "", "plain/module.py": "X = 1\n"})
    module = load(tmp_path / "spec.py")
    assert module.json is json
    assert module.p.X == 1


def test_speccheck_is_never_executed_anew(tree: Tree, tmp_path: Path) -> None:
    tree({"spec.py": "import speccheck, speccheck.dsl.spec\nfrom speccheck.dsl.spec import Spec\n", "speccheck/__init__.py": "", "speccheck.py": ""})
    module = load(tmp_path / "spec.py")
    assert module.speccheck is speccheck
    assert module.Spec is Spec


def test_installed_packages_are_shared_even_if_the_environment_lies_in_the_folder(tree: Tree, tmp_path: Path) -> None:
    place = "venv/lib/python3.11/site-packages"
    tree({"spec.py": "import installed_lib, installed_package.inner\n", f"{place}/installed_lib.py": N, f"{place}/installed_package/inner.py": N})
    sys.path.append(str(tmp_path / place))
    module = load(tmp_path / "spec.py", N=5)
    assert (module.installed_lib.N, module.installed_package.inner.N) == (1, 1)
    assert module.installed_lib is sys.modules["installed_lib"]


def test_a_spec_among_installed_packages_shares_them(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(
        {
            "spec.py": "import installed_lib\nimport package_of_specs.common\n",
            "installed_lib.py": N,
            "package_of_specs/__init__.py": "",
            "package_of_specs/common.py": N,
        }
    )
    tree({"package_of_specs/spec.py": "import common\n"})
    monkeypatch.setattr(folder, "environment", lambda: frozenset({str(tmp_path)}))
    sys.path.append(str(tmp_path))
    assert load(tmp_path / "spec.py", N=5).installed_lib.N == 1
    assert load(tmp_path / "package_of_specs/spec.py", N=5).common.N == 5


def test_modules_further_down_that_sys_path_leads_to_are_executed_anew(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "spec.py": "import lib_in_src, package_in_src.inner\n",
            "src/lib_in_src.py": N,
            "src/package_in_src/__init__.py": "",
            "src/package_in_src/inner.py": "from lib_in_src import N\n",
        }
    )
    sys.path.append(str(tmp_path / "src"))
    module = load(tmp_path / "spec.py", N=5)
    assert (module.lib_in_src.N, module.package_in_src.inner.N) == (5, 5)


def test_a_spec_may_change_sys_path(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "specs/spec.py": "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parents[1] / 'lib'))\nimport lib_of_the_spec\n",
            "lib/lib_of_the_spec.py": "X = 1\n",
        }
    )
    assert load(tmp_path / "specs/spec.py").lib_of_the_spec is sys.modules["lib_of_the_spec"]


# ---------------------------------------------------------------- packages around the spec

PACKAGE = {
    "mypkg/__init__.py": "WHAT = 'the package'\n",
    "mypkg/model.py": N + "class Thing: pass\n",
    "mypkg/specs/__init__.py": "",
    "mypkg/specs/common.py": N,
}


@pytest.mark.parametrize("on_path", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "from mypkg.specs.common import N as n\n",
        "import mypkg.specs.common\nn = mypkg.specs.common.N\nassert mypkg.WHAT == 'the package'\n",
        "import mypkg.specs.common as c\nn = c.N\n",
        "from mypkg.specs import common\nn = common.N\n",
        "from mypkg import specs\nfrom mypkg.specs import common\nn = specs.common.N\n",
        "from mypkg import specs, model\nimport mypkg.specs.common\nn = specs.common.N\nassert model.N == 1\n",
        "import mypkg.model\nimport mypkg.specs.common\nn = mypkg.specs.common.N\nassert mypkg.model.N == 1\n",
        "from .common import N as n\n",
        "from ..specs.common import N as n\n",
        "from ..specs import common\nn = common.N\n",
        "from .. import specs\nfrom . import common\nn = specs.common.N\n",
        "from importlib import import_module\nn = import_module('mypkg.specs.common').N\n",
    ],
)
def test_the_package_of_the_spec_may_be_named_in_full(tree: Tree, tmp_path: Path, text: str, on_path: bool) -> None:
    tree({**PACKAGE, "mypkg/specs/spec.py": text})
    if on_path:
        sys.path.append(str(tmp_path))
    module = load(tmp_path / "mypkg/specs/spec.py", N=6)
    assert module.n == 6


@pytest.mark.parametrize("on_path", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "from mypkg.model import Thing\n",
        "from ..model import Thing\n",
        "from .. import model\nThing = model.Thing\n",
        "import mypkg.model\nThing = mypkg.model.Thing\n",
        "import mypkg.model as m\nThing = m.Thing\n",
        "from mypkg import model as m\nThing = m.Thing\n",
        "from .sub.deep import Thing\n",
    ],
)
def test_modules_of_the_package_outside_the_folder_are_shared(tree: Tree, tmp_path: Path, text: str, on_path: bool) -> None:
    tree({**PACKAGE, "mypkg/specs/spec.py": text, "mypkg/specs/sub/__init__.py": "", "mypkg/specs/sub/deep.py": "from ...model import Thing\n"})
    if on_path:
        sys.path.append(str(tmp_path))
    module = load(tmp_path / "mypkg/specs/spec.py", N=6)
    assert module.Thing is sys.modules["mypkg.model"].Thing
    assert KEPT[0].consumed == frozenset()


def test_a_relative_import_may_not_leave_the_outermost_package(tree: Tree, tmp_path: Path) -> None:
    tree({**PACKAGE, "mypkg/specs/spec.py": "from ... import x\n"})
    with pytest.raises(ImportFailed, match="attempted relative import beyond top-level package"):
        load(tmp_path / "mypkg/specs/spec.py")


def test_another_package_of_the_same_name_is_not_taken_for_the_one_around_the_spec(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            **{f"here/{name}": text for name, text in PACKAGE.items()},
            "here/mypkg/specs/spec.py": "from ..model import Thing\n",
            "there/mypkg/__init__.py": "",
            "there/mypkg/model.py": "Thing = 1\n",
        }
    )
    sys.path.append(str(tmp_path / "there"))
    importlib.import_module("mypkg")
    with pytest.raises(ImportFailed, match="'mypkg' is another package here"):
        load(tmp_path / "here/mypkg/specs/spec.py")


def test_a_package_without_init_files_is_found_through_sys_path(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "ns/model.py": N,
            "ns/specs/common.py": N,
            "ns/specs/spec.py": "from ns.specs.common import N as n\nimport ns.specs.common\nm = ns.specs.common.N\nfrom ns.model import N as o\n",
        }
    )
    sys.path.append(str(tmp_path))
    module = load(tmp_path / "ns/specs/spec.py", N=6)
    assert (module.n, module.m, module.o) == (6, 6, 1)


def test_a_folder_named_like_a_module_in_it_is_no_obstacle(tree: Tree, tmp_path: Path) -> None:
    for init in ({}, {"raft/__init__.py": ""}):
        tree({"raft/raft.py": "from raft.common import N\n", "raft/common.py": N, "raft/other.py": "import raft.raft\nn = raft.raft.N\n", **init})
        sys.path.insert(0, str(tmp_path))
        assert load(tmp_path / "raft/other.py", N=3).n == 3


def test_the_init_file_of_the_folder_is_executed_when_the_folder_is_used_as_a_package(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "pkg/__init__.py": "X = 1\n",
            "pkg/common.py": "Y = 2\n",
            "pkg/a.py": "import common\n",
            "pkg/b.py": "from . import X\n",
            "pkg/c.py": "from pkg import X\n",
            "pkg/d.py": "from .common import Y\n",
        }
    )
    assert "X = 1" not in loaded_source(tmp_path / "pkg/a.py")
    for name in "bcd":
        assert "X = 1" in loaded_source(tmp_path / f"pkg/{name}.py")


def loaded_source(path: Path) -> str:
    return load_module(str(path)).source


def test_an_init_file_may_import_the_spec(tree: Tree, tmp_path: Path) -> None:
    tree({"pkg/__init__.py": "from .spec import A, B\n", "pkg/spec.py": "A = 1\nfrom .common import C\nB = C + 1\n", "pkg/common.py": "C = 4\n"})
    module = load(tmp_path / "pkg/spec.py")
    assert module.B == 5
    assert module.__name__.endswith(".spec")


def test_an_init_file_may_be_the_spec(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "pkg/__init__.py": "from .common import N\nimport common\nfrom speccheck.dsl.spec import Spec\nclass A(Spec): pass\n",
            "pkg/common.py": "from . import __doc__\n" + N,
        }
    )
    module = load(tmp_path / "pkg/__init__.py", N=5)
    assert (module.N, module.common.N) == (5, 5)
    assert [spec.__name__ for spec in KEPT[0].specs] == ["A"]


def test_a_class_is_loaded_again_as_a_member_of_the_package_it_was_imported_from(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "outer/inner/spec.py": "from ..shared import S\nfrom .common import N\nfrom speccheck.dsl.spec import Spec\nclass A(Spec): pass\n",
            "outer/shared.py": "S = 'shared'\n",
            "outer/inner/common.py": N,
        }
    )
    sys.path.append(str(tmp_path))
    public = importlib.import_module("outer.inner.spec")
    loaded = load_class(public.A, {"N": 5})
    assert (loaded.module.N, loaded.module.S, public.N) == (5, "shared", 1)
    assert sys.modules["outer.inner.spec"] is public


def test_two_loads_are_independent_down_to_the_packages(tree: Tree, tmp_path: Path) -> None:
    tree({**PACKAGE, "mypkg/specs/spec.py": "import mypkg.specs.common\nfrom .common import N\n"})
    sys.path.append(str(tmp_path))
    one, two = load(tmp_path / "mypkg/specs/spec.py", N=2), load(tmp_path / "mypkg/specs/spec.py", N=3)
    assert (one.mypkg.specs.common.N, two.mypkg.specs.common.N) == (2, 3)
    assert not hasattr(sys.modules["mypkg"], "specs")
