"""What `speccheck simulate` is given, and its line of progress."""

from speccheck.checker.random_runs import Moment
from speccheck.cli.simulate import draws_of, live_line, plain_line
from tests.unit.reports.made import model

MOMENT = Moment(runs=1_500, planned=20_000, steps=123_456, distinct=70_123, longest=100, seconds=4, memory_bytes=120_000_000)


def test_a_plain_line_can_be_read_by_a_program() -> None:
    assert plain_line(MOMENT) == "Progress: 1500 of 20000 runs, 123456 steps, 70123 distinct; 30864 steps/s, 120 MB, 4 s"


def test_a_live_line_names_the_model() -> None:
    assert live_line(model(), MOMENT) == "Climb  run 1,500 of 20,000  123,456 steps (30,864/s)  70,123 states  120 MB  4 s"
    assert "(0/s)" in live_line(model(), Moment(0, 1, 0, 0, 0, 0.0, 0))


def test_a_seed_is_what_was_given_or_a_new_one() -> None:
    assert draws_of(3, 4, 5, "steps") == draws_of(3, 4, 5, "steps")
    assert draws_of(3, 4, None, "steps").seed != draws_of(3, 4, None, "steps").seed
