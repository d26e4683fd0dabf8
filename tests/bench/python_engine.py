"""How fast the Python engine is: steps per second and bytes per state on two-phase commit, next to hand-written checkers, all in one run.

    python tests/bench/python_engine.py [--managers 6] [--runs 5]

Every measurement is a process of its own, and the contestants take turns, so that a noisy machine hits all of them alike; the table shows medians and ratios.
"""

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SPEC = HERE.parent / "specs" / "published" / "two_phase.py"

ENGINE = """
import resource, sys, time
from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
from speccheck.model.select import models_of_file
model = models_of_file(sys.argv[1], {"RM": int(sys.argv[2])})[0][0]
unit = 1 if sys.platform == "darwin" else 1024
loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
started = time.perf_counter()
found = machine_of(model).explore(Budget())
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print(len(found.space), found.generated, seconds, (peak - loaded) / len(found.space))
"""


def measured(contestant: str, managers: int) -> list[float]:
    """Return distinct states, steps, seconds, and for the engine bytes per distinct state, of one process."""
    if contestant == "speccheck":
        command = [sys.executable, "-c", ENGINE, str(SPEC), str(managers)]
    else:
        command = [sys.executable, str(HERE / "object_copying.py"), contestant, str(managers)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [float(word) for word in out.split()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--managers", type=int, default=6)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    contestants = ("copy_first", "guard_first", "speccheck")
    rows: dict[str, list[list[float]]] = {name: [] for name in contestants}
    for _ in range(options.runs):
        for name in contestants:
            rows[name].append(measured(name, options.managers))
    counts = {(row[0], row[1]) for found in rows.values() for row in found}
    assert len(counts) == 1, counts
    distinct, steps = counts.pop()
    print(f"two-phase commit, {options.managers} resource managers: {distinct:,.0f} states, {steps:,.0f} steps; medians of {options.runs}")
    base = statistics.median(row[2] for row in rows["copy_first"])
    for name in contestants:
        seconds = statistics.median(row[2] for row in rows[name])
        print(f"  {name:12} {seconds:6.2f} s  {steps / seconds:9,.0f} steps/s  {base / seconds:5.2f} of copy_first's speed")
    print(f"  memory: {statistics.median(row[3] for row in rows['speccheck']):,.0f} bytes per distinct state above what loading took")


if __name__ == "__main__":
    main()
