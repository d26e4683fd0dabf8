"""The code of a step."""

from pathlib import Path

import pytest

from speccheck.source import Span
from speccheck.trace.code import MOST_LINES, code_lines

SOURCE = """\
class S(Spec):
    @action
    def first(
        self,
        n: Node,
    ) -> None:
        require(n.up)

        n.up = False

    @action
    def second(self) -> None:
        self.x = 1

    @process
    def writer(self, i: Node) -> Steps:
        while True:
            yield "start"
            self.x = choose(range(3))

            yield "end"
            self.y = 1
        self.z = 1
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "code.py"
    path.write_text(SOURCE, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("first", "last"), [(3, 9), (12, 13), (18, 19), (21, 22)], ids=["parameters on lines", "at the end", "a label", "the last label"])
def test_the_code_of_a_step_ends_where_something_else_begins(file: str, first: int, last: int) -> None:
    assert code_lines(Span(file, first)) == list(enumerate(SOURCE.splitlines()[first - 1 : last], first))


def test_there_is_no_code_where_the_file_is_gone_or_shorter(file: str, tmp_path: Path) -> None:
    assert code_lines(Span(str(tmp_path / "gone.py"), 3)) == [] and code_lines(Span(file, 99)) == []


def test_a_long_method_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("def f():\n" + "    x = 1\n" * 100, encoding="utf-8")
    assert len(code_lines(Span(str(path), 1))) == MOST_LINES
