"""What the pytest plugin costs: at the start of pytest without any spec, and for each of a hundred models beyond what `check` takes for them.

    python tests/bench/pytest_plugin.py [--models 100] [--runs 5]

Every measurement is a process of its own, and the contestants take turns, so that a noisy machine hits all of them alike. What is shown are medians of the time
of the processor, which others on the machine disturb less than that of the clock.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLUGIN = ("-p", "speccheck.testing.plugin")
QUIET = ("-q", "-p", "no:cacheprovider", "-p", "no:speccheck")
CHECKS = """
import sys, time
from pathlib import Path
from speccheck import check
files = sorted(map(str, Path(sys.argv[1]).glob("*.py")))
check(files[0])  # what is imported for the first time is paid by everybody
started = time.process_time()
for file in files:
    assert check(file).as_expected
print(time.process_time() - started)
"""
SPEC = """
from typing import Annotated
from speccheck import Range, Spec, action, constant, invariant, model

BIG = constant("BIG", 5)

@model(violates="not_solved", distinct=16, depth=8)
class DieHard(Spec):
    small: Annotated[int, Range(0, 3)] = 0
    big: Annotated[int, Range(0, BIG)] = 0

    @action
    def fill_small(self) -> None:
        self.small = 3

    @action
    def fill_big(self) -> None:
        self.big = BIG

    @action
    def empty_small(self) -> None:
        self.small = 0

    @action
    def empty_big(self) -> None:
        self.big = 0

    @action
    def small_to_big(self) -> None:
        poured = min(self.small, BIG - self.big)
        self.small -= poured
        self.big += poured

    @action
    def big_to_small(self) -> None:
        poured = min(self.big, 3 - self.small)
        self.big -= poured
        self.small += poured

    @invariant
    def not_solved(self) -> bool:
        return self.big != 4
"""


def seconds(command: list[str], folder: Path, code: int = 0) -> tuple[float, str]:
    """Return the time of the processor that a process took, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    pytest = [sys.executable, "-m", "pytest", *QUIET]
    rows: dict[str, list[float]] = {"without": [], "with": [], "one": [], "all": [], "check": []}
    with tempfile.TemporaryDirectory() as made:
        empty, one, many = (Path(made) / name for name in ("empty", "one", "many"))
        for folder, count in ((empty, 0), (one, 1), (many, options.models)):
            folder.mkdir()
            (folder / "pytest.ini").write_text("[pytest]\n")
            for number in range(count):
                (folder / f"die_hard_{number}.py").write_text(SPEC)
        (empty / "test_it.py").write_text("def test_it(): pass\n")
        for _ in range(options.runs):
            rows["without"].append(seconds(pytest, empty)[0])
            rows["with"].append(seconds([*pytest, *PLUGIN], empty)[0])
            rows["one"].append(seconds([*pytest, *PLUGIN], one)[0])
            rows["all"].append(seconds([*pytest, *PLUGIN], many)[0])
            rows["check"].append(float(seconds([sys.executable, "-c", CHECKS, str(many)], many)[1]))
    median = {name: 1000 * statistics.median(found) for name, found in rows.items()}
    each = (median["all"] - median["one"]) / (options.models - 1)
    alone = median["check"] / options.models
    print(f"medians of {options.runs}, in milliseconds")
    print(
        f"  pytest on one empty test        {median['without']:8.1f}  with the plugin {median['with']:8.1f}  difference {median['with'] - median['without']:+.1f}"
    )
    print(f"  pytest on {options.models} models, each     {each:8.1f}  check() alone   {alone:8.1f}  difference {each - alone:+.1f}")


if __name__ == "__main__":
    main()
