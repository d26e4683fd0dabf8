"""Progress of long searches."""

import io
import re
import sys

import pytest

from speccheck.cli.progress import Reporter, live_line, plain_line
from speccheck.cli.screen import Screen
from speccheck.engines.machine import Progress
from tests.unit.reports.made import model


def at(seconds: float) -> Progress:
    return Progress(depth=17, generated=1_023_445, distinct=120_311, queue=10_222, seconds=seconds, memory_bytes=512_000_000)


class Terminal(io.StringIO):
    """A terminal that remembers what was written to it."""

    def isatty(self) -> bool:
        return True


def test_a_plain_line_looks_like_those_of_tlc() -> None:
    assert re.fullmatch(r"Progress\(17\): 1023445 generated, 120311 distinct, 10222 left on queue; 24062 distinct/s, 512 MB, 5 s", plain_line(at(5)))
    assert "; 0 distinct/s" in plain_line(at(0))


def test_a_live_line_names_the_model() -> None:
    line = "Climb  depth 17  120,311 states (24,062/s)  10,222 in queue  1,023,445 generated  512 MB  5 s"
    assert live_line(model(), at(5)) == line


def test_a_pipe_gets_a_line_every_five_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    reporter = Reporter(Screen())
    reporter.started(model())
    for tenths in range(120):
        reporter.progressed(model(), at(tenths / 10))
    assert [one[:12] for one in pipe.getvalue().splitlines()] == ["checking Cli", "Progress(17)", "Progress(17)"]


def test_a_short_search_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (io.StringIO(), Terminal()):
        monkeypatch.setattr(sys, "stderr", stream)
        reporter = Reporter(Screen())
        reporter.started(model())
        reporter.progressed(model(), at(0.1))
        assert stream.getvalue() == ""


def test_a_terminal_gets_one_line_that_disappears_before_anything_else_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    screen = Screen()
    reporter = Reporter(screen)
    reporter.started(model())
    reporter.progressed(model(), at(1))
    assert "Climb  depth 17" in terminal.getvalue() and "\x1b[?25l" in terminal.getvalue()
    screen.remark("done")
    assert "\x1b[2K" in terminal.getvalue().split("done")[0].split("Climb")[-1] and "\x1b[?25h" in terminal.getvalue()


def test_a_live_line_is_written_ten_times_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(Screen, "live", lambda self, text: written.append(text))
    reporter = Reporter(Screen())
    reporter.started(model())
    for thousandth in range(0, 1000, 5):
        reporter.progressed(model(), at(thousandth / 1000))
    assert len(written) == 7


def test_several_models_take_turns_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    reporter = Reporter(Screen())
    for name in ("A", "B"):
        reporter.started(model(name))
    for second in (1, 5, 6, 10):
        for name in ("A", "B"):
            reporter.progressed(model(name), at(second))
    reporter.ended(model("A"))
    reporter.progressed(model("B"), at(15))
    shown = [line if line.startswith("checking") else line.partition(" ")[0] for line in pipe.getvalue().splitlines()]
    assert shown == ["checking A", "Progress(17):", "checking B", "Progress(17):"] * 2 + ["Progress(17):"]


def test_several_models_share_the_line_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(Screen, "live", lambda self, text: written.append(text))
    reporter = Reporter(Screen())
    for name in ("A", "B", "C"):
        reporter.started(model(name))
    reporter.progressed(model("A"), at(1))
    reporter.progressed(model("B"), at(1))
    reporter.ended(model("A"))
    reporter.ended(model("C"))
    reporter.progressed(model("B"), at(2))
    assert written == [
        "3 models, 512 MB: A 120,311 states, depth 17; B; C",
        "3 models, 1,024 MB: A 120,311 states, depth 17; B 120,311 states, depth 17; C",
        live_line(model("B"), at(2)),
    ]


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_dumb_terminal_is_treated_like_a_pipe(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "stderr", terminal)
    reporter = Reporter(Screen())
    reporter.started(model())
    reporter.progressed(model(), at(6))
    assert "\x1b" not in terminal.getvalue() and "Progress(17)" in terminal.getvalue()
