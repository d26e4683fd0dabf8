"""Where a module reaches beyond its text."""

import ast
from textwrap import dedent

import pytest

from speccheck.model.reach import PURE, reach


def reached(text: str, own: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    """Return line and words of each place; `own` are modules of the spec's own."""
    text = dedent(text).strip() + "\n"
    found = reach("x.py", text, ast.parse(text), lambda name: name[0] not in own)
    return sorted((one.span.line, one.words) for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "from speccheck import Spec, action, constant",
        "from speccheck import *",
        "import speccheck\nx = speccheck.constant('N', 3)",
        "from __future__ import annotations\nfrom typing import Annotated, Literal\nfrom dataclasses import dataclass",
        "import math as m\nx = m.sqrt(2)",
        "import math\ndef root():\n    return math.sqrt(2)",
        "def root():\n    return math.sqrt(2)\nimport math",
        "import collections.abc\nT = collections.abc.Mapping\nC = collections.Counter()",
        "from collections import abc\nT = abc.Mapping",
        "from itertools import *",
        "import common\nhand_on(common)\ncommon.anything.at.all()",
        # what binds a name means that
        "def take(self, id, hash):\n    return self.jobs[id] + hash",
        "def open(self):\n    pass\nopen(3)",
        "id = 3\ndef f():\n    return id",
        "def f(self):\n    return self.open and self.load(3) and self.eval",
        "def f():\n    for input in range(3):\n        print(input)",
    ],
)
def test_a_text_that_only_computes_reaches_nowhere(text: str) -> None:
    assert reached(text, own=("common",)) == []


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("import os", 1, "imports os"),
        ("import os.path as p", 1, "imports os.path"),
        ("x = 1\nfrom random import choice", 2, "imports random"),
        ("import time, math", 1, "imports time"),
        ("def late():\n    import json", 2, "imports json"),
        ("try:\n    import numpy\nexcept ImportError:\n    pass", 2, "imports numpy"),
        ("if __name__ == '__main__':\n    import sys", 2, "imports sys"),
        ("import importlib\nimportlib.import_module('x')", 1, "imports importlib"),
        ("TABLE = open('table.csv')", 1, "uses open"),
        ("def f(self):\n    return open('x').read()", 2, "uses open"),
        ("read = open", 1, "uses open"),
        ("class A:\n    def f(self):\n        return hash(self)", 3, "uses hash"),
        ("x = [id(y) for y in z]", 1, "uses id"),
        ("eval('1 + 1')", 1, "uses eval"),
        ("__import__('os')", 1, "uses __import__"),
        ("def f(id):\n    return 1\ndef g(x):\n    return id(x)", 4, "uses id"),
        # ways out of modules that are pure
        ("import dataclasses\ndataclasses.sys.argv", 2, "uses dataclasses.sys"),
        ("import typing as t\nt.sys.modules", 2, "uses typing.sys"),
        ("import enum\nf(enum)", 2, "uses the module enum as a value"),
        ("import enum\nm = enum", 2, "uses the module enum as a value"),
        ("import collections.abc\nm = collections.abc", 2, "uses the module collections.abc as a value"),
        ("import functools\nfunctools._x", 2, "uses functools._x"),
        ("from dataclasses import sys", 1, "imports sys of dataclasses"),
        ("f.__globals__['os']", 1, "uses __globals__"),
        ("object.__subclasses__()", 1, "uses __subclasses__"),
        # what executes other specs
        ("from speccheck import load", 1, "imports load of speccheck"),
        ("from speccheck import check as c", 1, "imports check of speccheck"),
        ("from speccheck import *\nload('x.py')", 2, "uses load"),
        ("import speccheck as s\ns.check('x.py')", 2, "uses speccheck.check"),
        ("from speccheck.source import os", 1, "imports speccheck.source"),
        ("import speccheck.cli", 1, "imports speccheck.cli"),
        ("from speccheck import errors", 1, "imports errors of speccheck"),
    ],
)
def test_a_way_out_is_found_with_its_line(text: str, line: int, words: str) -> None:
    assert (line, words) in reached(text)


@pytest.mark.parametrize(
    "module", ["builtins", "datetime", "importlib", "io", "json", "os", "pathlib", "pickle", "random", "socket", "subprocess", "sys", "time", "uuid"]
)
def test_what_reads_or_remembers_is_not_pure(module: str) -> None:
    assert module not in PURE
    assert reached(f"from {module} import x")[0] == (1, f"imports {module}")
