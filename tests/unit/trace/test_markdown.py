"""A trace as a section of Markdown."""

from textwrap import dedent

import pytest
from markdown_it import MarkdownIt

from speccheck.domains.neutral import Value
from speccheck.source import Span
from speccheck.trace.formats.markdown import code, lines
from speccheck.trace.origin import Explained, Origin
from speccheck.trace.styled import plain_text
from speccheck.trace.trace import Choice, Step, Trace

STATES: tuple[dict[str, Value], ...] = ({"x": 0, "y": "a|b"}, {"x": 1, "y": "a|b"}, {"x": 0, "y": "`"})
STEPS = (Step("up", (("n", 1),), (Choice("by", 1),), Span("my_spec.py", 5)), Step("down", (), (), Span("my_spec.py", 9)))
WHY = (Explained(0, "self.x < 1", "0 >= 1"), Explained(1, "self.x", "1"))
ORIGIN = Origin("my_spec.py", "S", "S[N=3]", "low", "invariant", (), None, (("n", 1),), WHY)


def told(trace: Trace) -> str:
    return plain_text(lines(trace))


def test_a_section_has_a_heading_a_row_for_each_step_and_the_reasons() -> None:
    assert told(Trace(("x", "y"), STATES, STEPS, None, None, ORIGIN)) == dedent("""\
        ### `low(n=1)` of `S[N=3]`

        In state 2, low is False.

        | | step | what changes | where |
        |--:|---|---|---|
        | | initial state | `x = 0`<br>`y = "a\\|b"` | |
        | 1 | `up(n=1)  with by = 1` | `x: 0 -> 1` | my_spec.py:5 |
        | 2 | `down()` | `x: 1 -> 0`<br>``y: "a\\|b" -> "`"`` | my_spec.py:9 |

        Because:

        - `self.x < 1`: `0 >= 1`
          - `self.x`: `1`
        """)


def test_a_loop_is_marked_where_it_begins_and_says_where_it_goes_back_to() -> None:
    rows = told(Trace(("x", "y"), (STATES[0], STATES[1], STATES[0]), STEPS, None, 0)).splitlines()[3:]
    assert rows[0] == "| | *the loop begins here* | | |"
    assert rows[-1] == "| | *back to the initial state, and so on for ever* | | |"
    assert told(Trace(("x",), ({"x": 0}, {"x": 0}), (Step(None),), None, 0)).splitlines()[-1].startswith("| | *and then nothing happens any more")


def test_a_step_that_fails_stands_last() -> None:
    assert told(Trace(("x", "y"), STATES[:1], (), STEPS[0])).splitlines()[-1] == "| 1 | **fails:** `up(n=1)  with by = 1` | | my_spec.py:5 |"


@pytest.mark.parametrize("words", ["a", "a|b", "`", "``x``", "a`b``c", "<b>", "a\\|b", "* _ [x](y)"])
def test_what_is_written_as_code_is_shown_as_it_is(words: str) -> None:
    table = MarkdownIt().enable("table").render(f"| a |\n|---|\n| {code(words)} |\n")
    shown = table.partition("<td><code>")[2].partition("</code>")[0]
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == words


def test_the_words_of_a_spec_do_not_become_markup() -> None:
    origin = Origin("x.py", "S", "S", "p", "error", (), "KeyError: *x* <b> _y_ in my_map [0](a) `c`")
    rendered = MarkdownIt().enable("table").render(told(Trace(("x",), ({"x": 0},), (), None, None, origin)))
    assert "<p>KeyError: *x* &lt;b&gt; _y_ in my_map [0](a) `c`.</p>" in rendered


def test_line_breaks_in_the_words_of_a_spec_break_no_line() -> None:
    origin = Origin("x.py", "S", "S[\n# a]", "p", "error", (), "ValueError: one\n# two\u2028three", (), (Explained(0, "a\nb", "c\nd"),))
    text = told(Trace(("x",), ({"x": 0},), (), None, None, origin))
    assert "### `p` of `S[ # a]`\n\nValueError: one # two three.\n" in text and text.endswith("- `a b`: `c d`\n")
