"""A trace as a page: what it contains, and how it behaves in a real browser (skipped where there is none)."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from speccheck.domains.neutral import Map, Member, Set, Value
from speccheck.source import Span
from speccheck.trace.formats.html import page
from speccheck.trace.origin import Explained, Origin
from speccheck.trace.trace import Choice, Step, Trace

SOURCE = """\
class Counter(Spec):
    @action
    def look(self, c: Clerk) -> None:
        self.seen[c] = self.value

    @action
    def add(self, c: Clerk) -> None:
        by = choose([1])
        self.value = self.seen[c] + by
"""
C0, C1 = Member("Clerk", 0, "Clerk0"), Member("Clerk", 1, "Clerk1")
NASTY = '</script><img src=x onerror="document.title=1">&amp;'
WHY = (Explained(0, "self.value == 2", "1 != 2"), Explained(1, "self.value", "1"))


def state(value: int, one: Value, other: Value, *done: Member) -> dict[str, Value]:
    return {"value": value, "seen": Map(((C0, one), (C1, other))), "done": Set(done), "note": NASTY}


@pytest.fixture
def trace(tmp_path: Path) -> Trace:
    """A trace of three steps, whose code is there."""
    file = str(tmp_path / "counter.py")
    Path(file).write_text(SOURCE, encoding="utf-8")
    steps = (
        Step("look", (("c", C0),), (), Span(file, 3)),
        Step("look", (("c", C1),), (), Span(file, 3)),
        Step("add", (("c", C1),), (Choice("by", 1, Span(file, 8)),), Span(file, 7)),
    )
    states = (state(0, None, None), state(0, 0, None), state(0, 0, 0), state(1, 0, None, C1))
    origin = Origin(file, "Counter", "Counter[N=2]", "nothing_lost", "invariant", (), None, (), WHY)
    return Trace(("value", "seen", "done", "note"), states, steps, None, None, origin)


def data_of(text: str) -> Any:
    """What the script of a page reads."""
    return json.loads(text.partition('<script type="application/json" id="trace">')[2].partition("</script>")[0])


# -------------------------------------------------- the text of the page


def test_a_page_is_one_file_that_loads_nothing(trace: Trace) -> None:
    text = page(trace)
    assert "default-src 'none'" in text and not re.search(r"<link|<img|\bsrc=[\"h]|url\(|@import|fetch\(|XMLHttp", text.replace(NASTY, ""))
    assert re.findall(r"https?://[^\"'\s<]*", text) == []


def test_what_stays_the_same_is_written_once(trace: Trace) -> None:
    data = data_of(page(trace))
    assert [step["state"] for step in data["steps"]] == [[0, 1, 2, 3], [0, 4, 2, 3], [0, 5, 2, 3], [6, 7, 8, 3]]
    assert data["lines"][6] == [[["1", "after"]]] and data["lines"][8] == [[["{", "value"], ["Clerk1", "added"], ["}", "value"]]]


def test_a_step_has_its_code_with_the_lines_where_it_begins_and_chooses(trace: Trace) -> None:
    data = data_of(page(trace))
    assert [step.get("code") for step in data["steps"]] == [None, 0, 0, 1]
    assert data["codes"][1] == [
        [7, "def add(self, c: Clerk) -> None:", True],
        [8, "    by = choose([1])", True],
        [9, "    self.value = self.seen[c] + by", False],
    ]


def test_a_page_is_the_same_every_time_and_needs_no_source(trace: Trace, tmp_path: Path) -> None:
    assert page(trace) == page(trace)
    gone = tuple(replace(step, span=Span("gone.py", 3)) for step in trace.steps)
    assert [step.get("code") for step in data_of(page(replace(trace, steps=gone)))["steps"]] == [None] * 4


def colours(theme: str) -> dict[str, str]:
    """The colours of a theme, from the style of the page."""
    css = (Path(__file__).parents[3] / "speccheck/trace/formats/page/page.css").read_text(encoding="utf-8")
    block = css.partition(theme)[2].partition("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [":root {", ':root[data-theme="dark"] {'], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, ground) for ink in ("ink", "faint", "accent") for ground in ("paper", "card", "select")),
        ("bad", "card"),
        ("good", "card"),
        ("before", "card"),
        ("added-ink", "added"),
        ("removed-ink", "removed"),
        ("after-ink", "after"),
    ],
)
def test_text_has_the_contrast_that_wcag_asks_for(theme: str, ink: str, ground: str) -> None:
    found = colours(theme)
    dark, light = sorted((luminance(found[ink]), luminance(found[ground])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


# -------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no Chromium")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the page of a trace; nothing may go wrong in it, and nothing be loaded."""
    contexts: list[Any] = []
    trouble: list[str] = []

    def open_page(trace: Trace, anchor: str = "", **settings: Any) -> Any:
        file = tmp_path / "trace.html"
        file.write_text(page(trace), encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 860}, **settings))
        shown = contexts[-1].new_page()
        shown.on("console", lambda message: trouble.append(message.text))
        shown.on("pageerror", lambda error: trouble.append(str(error)))
        shown.on("dialog", lambda dialog: trouble.append(dialog.message))
        shown.on("request", lambda request: trouble.append(request.url) if request.url.partition("#")[0] != file.as_uri() else None)
        shown.goto(file.as_uri() + anchor)
        return shown

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


def headline(shown: Any) -> str:
    return str(shown.inner_text("#headline"))


def names(shown: Any, rows: str = "#state tr") -> list[str]:
    """The variables that are shown; what is only for screen readers left out."""
    return [str(row.query_selector("button").inner_text()) for row in shown.query_selector_all(rows)]


def test_the_page_says_what_was_violated_and_how_it_ends(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace)
    assert (shown.title(), shown.inner_text("#badge"), shown.inner_text("h1")) == ("nothing_lost of Counter[N=2]", "VIOLATED", "nothing_lost")
    assert shown.inner_text("#ending") == "in state 3, nothing_lost is False"
    assert headline(shown) == "initial state of 3 steps" and names(shown) == ["value", "seen", "done", "note"]


def test_a_click_on_a_step_shows_its_state_what_changed_and_its_code(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace)
    shown.click("text=add(c=Clerk1)")
    assert headline(shown) == "add(c=Clerk1) step 3 of 3"
    assert shown.inner_text("#changes").split("\n") == ["value: 0 -> 1", "seen[Clerk1]: 0 -> None", "done: + Clerk1"]
    assert shown.inner_text("#state-title") == "State 3"
    assert names(shown, "#state tr.changed") == ["value", "seen", "done"]
    assert [one.inner_text() for one in shown.query_selector_all("#state td .s-after, #state td .s-added")] == ["1", "None", "Clerk1"]
    assert shown.inner_text("#chosen") == "with by = 1"
    assert shown.inner_text("#code-title").endswith("counter.py:7")
    assert [one.inner_text().split("\t")[0] for one in shown.query_selector_all("#code .marked b")] == ["7", "8"]
    assert shown.get_attribute("#steps [aria-current]", "id") == "step-3"


def test_the_last_step_says_why(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace)
    assert not shown.is_visible("#end")
    shown.keyboard.press("End")
    assert shown.inner_text("#end-title") == "In state 3, nothing_lost is False"
    assert [row.inner_text().split("\t") for row in shown.query_selector_all("#explanation tr")] == [["self.value == 2", "1 != 2"], ["  self.value", "1"]]


def test_the_keyboard_walks(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace)
    walked = []
    for key in ("ArrowDown", "j", "ArrowUp", "ArrowRight", "End", "ArrowDown", "k", "ArrowLeft", "Home", "ArrowUp"):
        shown.keyboard.press(key)
        walked.append(int(shown.evaluate("location.hash").removeprefix("#")))
    assert walked == [1, 2, 1, 2, 3, 3, 2, 1, 0, 0]


def test_every_control_can_be_reached_and_used_with_the_keyboard(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace)
    reached = []
    for _ in range(16):
        shown.keyboard.press("Tab")
        reached.append(shown.evaluate("document.activeElement.id || document.activeElement.textContent"))
    assert reached[:10] == ["theme", "step-0", "step-1", "step-2", "step-3", "next", "play", "position", "filter", "only"]
    shown.focus("#step-2")
    shown.keyboard.press("Enter")
    assert headline(shown).startswith("look(c=Clerk1)")
    shown.focus("#position")
    shown.keyboard.press("ArrowRight")
    assert headline(shown).startswith("add(c=Clerk1)")


def test_space_plays_to_the_end(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace)
    shown.keyboard.press(" ")
    assert shown.get_attribute("#play", "aria-pressed") == "true"
    shown.wait_for_url("**#3", timeout=10_000)
    shown.wait_for_selector("#play[aria-pressed=false]", timeout=10_000)


def test_variables_are_filtered_by_words_and_the_steps_that_do_not_concern_them_fade(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace, "#2")
    shown.keyboard.press("/")
    shown.keyboard.type("val don")
    assert names(shown) == ["value", "done"]
    assert [one.get_attribute("id") for one in shown.query_selector_all("#steps .dim")] == ["step-1", "step-2"]
    shown.fill("#filter", "-note -seen")
    assert names(shown) == ["value", "done"]
    shown.keyboard.press("Escape")
    assert names(shown) == ["value", "seen", "done", "note"]
    shown.keyboard.press("Escape")
    shown.keyboard.press("c")
    assert names(shown) == ["seen"] and not shown.query_selector_all("#steps .dim")
    shown.fill("#filter", "nothing")
    assert names(shown) == [] and shown.is_visible("#none")


def test_a_click_on_a_variable_goes_to_the_step_before_that_changed_it(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace, "#3")
    for expected in ("look(c=Clerk1)", "look(c=Clerk0)", "initial state"):
        shown.click("#state button:text-is('seen')")
        assert headline(shown).startswith(expected)


def test_a_step_can_be_linked_to(trace: Trace, opened: Callable[..., Any]) -> None:
    assert headline(opened(trace, "#2")).startswith("look(c=Clerk1)")
    assert headline(opened(trace, "#99")).startswith("add(c=Clerk1)")
    assert headline(opened(trace, "#x")).startswith("initial state")


def test_values_are_text_whatever_they_contain(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(replace(trace, variables=("value", "note"), steps=(Step("put", (("text", NASTY),)), *trace.steps[1:])))
    assert shown.title() == "nothing_lost of Counter[N=2]" and shown.query_selector_all("img") == []
    assert NASTY.replace('"', '\\"') in shown.inner_text("#state") and NASTY.replace('"', '\\"') in shown.inner_text("#steps")


def test_behind_the_end_of_a_loop_comes_its_beginning(trace: Trace, opened: Callable[..., Any]) -> None:
    states = (*trace.states[:3], trace.states[1])
    shown = opened(replace(trace, states=states, loop_start=1), "#3")
    assert shown.inner_text("#after") == "back to state 1, and so on for ever"
    assert shown.inner_text(".loop-mark") == "the loop begins here"
    assert shown.inner_text("#next").startswith("Again")
    shown.keyboard.press("ArrowDown")
    assert shown.evaluate("location.hash") == "#2"


def test_stuttering_and_failing_are_told(trace: Trace, opened: Callable[..., Any]) -> None:
    stuttering = replace(trace, states=(*trace.states[:2], trace.states[1]), steps=(trace.steps[0], Step(None)), loop_start=1)
    assert opened(stuttering).inner_text("#after") == "and then nothing happens any more, for ever"
    shown = opened(replace(trace, failed_step=trace.steps[0]), "#4")
    assert headline(shown).startswith("fails: look(c=Clerk0)") and shown.inner_text("#state-title") == "State in which it fails"
    alone = opened(Trace(("x",), (), (), Step("start"), None, trace.origin))
    assert headline(alone).startswith("fails: start()") and alone.inner_text("#none") == "There is no state yet."


def test_a_witness_is_no_violation_and_a_trace_without_an_origin_none_of_both(trace: Trace, opened: Callable[..., Any]) -> None:
    assert trace.origin is not None
    assert opened(replace(trace, origin=replace(trace.origin, kind="reachable"))).inner_text("#badge") == "REACHED"
    shown = opened(replace(trace, origin=None))
    assert not shown.is_visible("#badge") and shown.inner_text("h1") == "A trace"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_light_or_dark_as_the_reader_likes(scheme: str, trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace, color_scheme=scheme)
    grounds = [shown.evaluate("getComputedStyle(document.body).backgroundColor")]
    shown.keyboard.press("t")
    grounds.append(shown.evaluate("getComputedStyle(document.body).backgroundColor"))
    light, dark = "rgb(251, 251, 250)", "rgb(21, 24, 28)"
    assert grounds == ([light, dark] if scheme == "light" else [dark, light])


def test_a_narrow_page_scrolls_in_one_direction_only(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace, "#3")
    shown.set_viewport_size({"width": 380, "height": 800})
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_trace_is_there_as_text(trace: Trace, opened: Callable[..., Any]) -> None:
    shown = opened(trace, java_script_enabled=False)
    assert "  3  add(c=Clerk1)  with by = 1" in shown.inner_text("noscript")
