"""How fast the native runtime is by itself: the hand-written models of tests/runtime, one and more workers, with each optimisation switched off in turn.

    python tests/bench/native_runtime.py [--workers 2] [--runs 3] [--against PROGRAM ...]

Every measurement is a process of its own, and the contestants take turns, so that a noisy machine hits all of them alike; the table shows medians of processor
and wall seconds. PROGRAM is a command line that does the same as the first contestant, for instance a checker written by hand: it is timed as a whole.
"""

import argparse
import os
import shlex
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "speccheck/engines/native/runtime"
MODELS = ROOT / "tests/runtime/models"
# model, defines, arguments of measure: workers, ring, huge pages, log2 of the first slots
VARIANTS = {
    "": (0, 0, 0),
    "no ring": (1, 0, 0),
    "small pages": (0, 2, 0),
    "table sized in advance": (0, 0, 24),
}
SUBJECTS = {
    "two-phase 9": ("two_phase", ["-DN=9"]),
    "7 counters": ("counters", ["-DN=7"]),
    "two-phase 9, 4 words": ("wide", ["-DN=9", "-DWIDTH=4"]),
    "two-phase 9, 16 words": ("wide", ["-DN=9", "-DWIDTH=16"]),
}


def built(folder: Path, model: str, defines: list[str]) -> str:
    """Compile runtime, model and the program that measures."""
    program = folder / "-".join([model, *defines])
    sources = [*RUNTIME.glob("*.c"), MODELS / f"{model}.c", Path(__file__).parent / "runtime/measure.c"]
    command = ["cc", "-std=c11", "-O3", "-pthread", f"-I{RUNTIME}", *defines, *map(str, sources), "-o", str(program)]
    subprocess.run(command, check=True)
    return str(program)


def seconds(command: list[str]) -> tuple[float, float]:
    """Return processor and wall seconds of a process."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return used.ru_utime + used.ru_stime, time.perf_counter() - begun


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--against", nargs="*", default=[])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        contestants = {}
        for subject, (model, defines) in SUBJECTS.items():
            program = built(Path(folder), model, defines)
            for workers in sorted({1, given.workers}):
                for variant, arguments in VARIANTS.items() if subject == "two-phase 9" else [("", (0, 0, 0))]:
                    contestants[f"{subject}, {workers} workers{', ' * bool(variant)}{variant}"] = [program, str(workers), *map(str, arguments)]
        contestants |= {line: shlex.split(line) for line in given.against}
        runs = [{name: seconds(command) for name, command in contestants.items()} for _ in range(given.runs)]
    for name in contestants:
        processor, wall = (statistics.median(run[name][which] for run in runs) for which in (0, 1))
        print(f"{name:60} {processor:8.2f} s of processors {wall:8.2f} s")


if __name__ == "__main__":
    main()
