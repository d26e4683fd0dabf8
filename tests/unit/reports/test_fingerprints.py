"""Fingerprints of lines: the examples are those of the upload action's own tests (fingerprints.test.ts of github/codeql-action)."""

import pytest

from speccheck.reports.fingerprints import line_hashes

GREETINGS = ["e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1"]


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", [*GREETINGS, "c129715d7a2bc9a3:1"]),
        (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", [*GREETINGS, "c129715d7a2bc9a3:1"]),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", [*GREETINGS, "c129715d7a2bc9a3:1"]),
    ],
)
def test_the_hashes_are_those_of_the_upload_action(text: str, hashes: list[str]) -> None:
    assert line_hashes(text) == hashes


def test_equal_lines_are_numbered() -> None:
    found = line_hashes("x\n" * 300)
    assert len(found) == 301 and len(set(found)) == 301
    assert [one.split(":")[1] for one in found[:3]] == ["1", "2", "3"] and len({one.split(":")[0] for one in found[:200]}) == 1


def test_a_change_far_below_leaves_the_hash_of_a_line() -> None:
    text = "".join(f"line number {number}\n" for number in range(40))
    changed = text.replace("line number 30", "another line")
    before, after = line_hashes(text), line_hashes(changed)
    assert before[:20] == after[:20] and before[29] != after[29] and before[30] != after[30] and before[31:] == after[31:]


def test_a_character_beyond_the_first_plane_counts_as_two() -> None:
    assert line_hashes("\N{GRINNING FACE}") == line_hashes("\ud83d\ude00")
