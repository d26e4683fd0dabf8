"""Specs of the TLA+ examples with wide states and about a million of them: the native engine counts what TLC has published."""

from pathlib import Path

import pytest

from speccheck import check
from speccheck.engines.native.toolchain import search_toolchain

HERE = Path(__file__).parent / "large"

pytestmark = pytest.mark.skipif(search_toolchain().toolchain is None, reason="there is no C compiler here")


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("file", "distinct", "depth", "generated"),
    [
        ("lamport_mutex.py", 724_274, 61, 2_729_079),
        # TLC generates 16,959,159: it counts a decision once for each majority that has decided
        ("paxos_commit.py", 1_321_761, 28, 15_242_979),
    ],
)
def test_counts_are_those_of_tlc(file: str, distinct: int, depth: int, generated: int, workers: int) -> None:
    result = check(HERE / file, engine="native", workers=workers)
    assert (result.distinct, result.depth, result.generated) == (distinct, depth, generated)
    assert result.complete
    assert not result.mismatches
