"""What several models at once, and kept verdicts, save: many small models, and the bundled specs.

    python tests/bench/jobs.py [--models 100] [--runs 3] [--bundled]

Every measurement is a run of its own of the whole program, start and loading included, and the contestants take turns, so that a noisy machine hits all of them
alike; the table shows medians. `--bundled` takes several minutes on its own.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
DIE_HARD = ROOT / "specs/classics/die_hard.py"
CONTESTANTS = {"1 job": ["--jobs", "1"], "2 jobs": ["--jobs", "2"], "kept": ["--jobs", "1", "--cache"]}


def many(models: int) -> str:
    """Return the spec of the two jugs with as many models, of sizes that are all different."""
    head, _, rest = DIE_HARD.read_text(encoding="utf-8").partition("@model")
    lines = [f"@model(SMALL={3 + n % 7}, BIG={11 + n // 7}, GOAL={12 + n // 7})" for n in range(models)]
    return head + "\n".join(lines) + "\n" + rest[rest.index("class ") :]


def measured(paths: list[str], options: list[str], cache: str) -> float:
    """Return the seconds of one run."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": cache}
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "speccheck", "run", *paths, "--quiet", *options], env=environment, check=False)
    assert done.returncode == 0, done
    return time.perf_counter() - started


def compare(what: str, paths: list[str], runs: int, cache: str) -> None:
    """Print the medians of all contestants."""
    measured(paths, CONTESTANTS["kept"], cache)  # fills the cache
    seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for _ in range(runs):
        for name, options in CONTESTANTS.items():
            seconds[name].append(measured(paths, options, cache))
    base = statistics.median(seconds["1 job"])
    print(f"{what}; medians of {runs}")
    for name, found in seconds.items():
        median = statistics.median(found)
        print(f"  {name:8} {median:7.2f} s  {base / median:5.2f} times as fast as one job")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--bundled", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder, "many.py")
        spec.write_text(many(options.models), encoding="utf-8")
        compare(f"{options.models} models of the two jugs", [str(spec)], options.runs, folder)
        if options.bundled:
            compare("the bundled specs", [str(ROOT / "specs")], 1, folder)


if __name__ == "__main__":
    main()
