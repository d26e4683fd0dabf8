"""JSON laid out for people."""

import json

from hypothesis import given
from hypothesis import strategies as st

from speccheck.trace.json_text import WIDEST, json_lines

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.integers(0, 4))
def test_the_lines_are_the_json_in_ascii(value: object, levels: int) -> None:
    text = "\n".join(json_lines(value, levels))
    assert json.loads(text) == value and text.isascii()


def test_what_is_too_wide_for_a_line_is_opened_as_deep_as_asked() -> None:
    row = list(range(60))
    assert json_lines({"a": [row, row], "b": {}}, 2) == ["{", ' "a": [', f"  {json.dumps(row)},", f"  {json.dumps(row)}", " ],", ' "b": {}', "}"]
    assert json_lines({"a": [row, row]}, 0) == [json.dumps({"a": [row, row]})]
    assert json_lines({"a": [1, 2]}, 9) == ['{"a": [1, 2]}'] and len(json.dumps(row)) > WIDEST
