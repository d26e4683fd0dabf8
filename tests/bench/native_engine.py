"""How fast the native engine is, from the Python text of a spec: next to checkers written by hand, the Python engine, and Spin where it is installed.

    python tests/bench/native_engine.py [--runs 7] [--only two-phase ...]

Every measurement is a process of its own, and the contestants take turns, so that a noisy machine hits all of them alike; the tables show medians, and ratios of
seconds that belong to the same round. Compilation is measured apart.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
YARDSTICKS = HERE / "yardsticks"
TWO_PHASE = HERE.parent / "specs/published/two_phase.py"
COUNTERS = HERE / "counters.py"
LARGE = HERE.parent / "specs/large"

ENGINE = """
import resource, sys, time
from dataclasses import replace
from speccheck.checker.target import model_of_target
from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
engine, workers, file, spec, *given = sys.argv[1:]
model = model_of_target(file, spec, None, {name: int(value) for name, _, value in (one.partition("=") for one in given)})
engine, _, lassos = engine.partition("+")
if not lassos:
    model = replace(model, properties=tuple(p for p in model.properties if p.kind not in ("temporal", "refinement")))
machine = machine_of(model, engine, int(workers))
if engine == "native":
    machine.compile()
unit = 1 if sys.platform == "darwin" else 1024
loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
began = time.perf_counter()
found = machine.explore(Budget())
end = found.space.search.moment().bytes if engine == "native" and not lassos else 0
if lassos:
    machine.find_lassos(found)
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print(len(found.space), found.generated, seconds, (peak - loaded) / len(found.space), end / len(found.space), model.name)
"""


@dataclass(frozen=True)
class Run:
    """What came out of one run: counts, seconds of the search, bytes for each state at the peak and at the end."""

    distinct: int
    generated: int
    seconds: float
    peak: float = 0.0
    end: float = 0.0


Contestant = Callable[[], Run]


def engine(name: str, workers: int, file: Path, spec: str, *given: str) -> Contestant:
    """A search by one of our engines; with "+lassos" behind its name temporal properties are checked, too."""

    def run() -> Run:
        command = [sys.executable, "-c", ENGINE, name, str(workers), str(file), spec, *given]
        words = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        return Run(int(words[0]), int(words[1]), *map(float, words[2:5]))

    return run


def yardstick(folder: Path, source: str, slots: int, workers: int, *defines: str) -> Contestant:
    """A checker written by hand."""
    program = folder / "-".join([source, *defines])
    if not program.exists():
        command = ["gcc", "-O3", "-march=native", "-pthread", *defines, "-o", str(program), str(YARDSTICKS / source)]
        subprocess.run(command, check=True)

    def run() -> Run:
        said = subprocess.run([str(program), str(workers), str(slots)], capture_output=True, text=True, check=True).stdout
        found = dict(word.split("=") for word in said.split())
        return Run(int(found["distinct"]), int(found["gen"]), float(found["s"]), float(found["B/st"]))

    return run


def spin(folder: Path, name: str) -> Contestant | None:
    """Spin on the same model, depth first, one process; None where it is not installed."""
    if shutil.which("spin") is None:
        return None
    place = folder / name
    if not place.exists():
        place.mkdir()
        subprocess.run([sys.executable, str(YARDSTICKS / "spin_models.py"), str(place)], check=True)
        subprocess.run(["spin", "-a", f"{name}.pml"], cwd=place, check=True, capture_output=True)
        subprocess.run(["gcc", "-O3", "-march=native", "-DSAFETY", "-DNOREDUCE", "-w", "-o", "pan", "pan.c"], cwd=place, check=True)

    def run() -> Run:
        began = time.perf_counter()
        said = subprocess.run([str(place / "pan"), "-m12000000", "-w25"], cwd=place, capture_output=True, text=True, check=True).stdout
        seconds = time.perf_counter() - began
        distinct = next(int(float(line.split()[0])) for line in said.splitlines() if "states, stored" in line)
        return Run(distinct, 0, seconds)

    return run


def raced(contestants: dict[str, Contestant | None], runs: int) -> dict[str, list[Run]]:
    """Let the contestants take turns; what needs much longer than the first one runs once."""
    found: dict[str, list[Run]] = {name: [] for name, one in contestants.items() if one is not None}
    for turn in range(runs):
        for name, one in contestants.items():
            slow = found.get(name) and found[name][0].seconds > 20
            if one is not None and not (turn and slow):
                found[name].append(one())
    return found


def table(title: str, found: dict[str, list[Run]], pairs: dict[str, str], one_model: bool = True) -> None:
    """Print a table; each contestant's ratio to its yardstick is the median over the rounds. `one_model`: whether all search the same states."""
    print(f"\n{title}")
    print(f"  {'':<26}{'states':>14}{'seconds':>10}{'Mstates/s':>11}{'ratio':>8}{'B/state peak':>14}{'end':>7}")
    for name, runs in found.items():
        seconds = statistics.median(run.seconds for run in runs)
        ratio = "-"
        if name in pairs and pairs[name] in found:
            both = list(zip(runs, found[pairs[name]]))
            ratio = f"{statistics.median(a.seconds / b.seconds for a, b in both):.2f}"
        one = runs[0]
        end = f"{one.end:.1f}" if one.end else "-"
        print(f"  {name:<26}{one.distinct:>14,}{seconds:>10.3f}{one.distinct / seconds / 1e6:>11.2f}{ratio:>8}{one.peak:>14.1f}{end:>7}")
    for one, two in ((name, name.replace(", 1", ", 2")) for name in found if name.endswith(", 1")):
        print(f"  {two} against 1: {statistics.median(a.seconds / b.seconds for a, b in zip(found[one], found[two])):.2f} times as fast")
    counts = {(run.distinct, run.generated) for name, runs in found.items() for run in runs if run.generated and (one_model or name.startswith("native"))}
    print(f"  counts agree: {'yes' if len(counts) == 1 else f'NO: {counts}'}")


def narrow(folder: Path, title: str, file: Path, spec: str, given: str, slots: int, defines: tuple[str, ...], runs: int, of_spin: str | None) -> None:
    """Compare on a model whose states fit in a word."""
    contestants: dict[str, Contestant | None] = {}
    pairs = {}
    for workers in (1, 2):
        contestants[f"by hand, {workers}"] = yardstick(folder, "narrow.c", slots, workers, *defines)
        contestants[f"native, {workers}"] = engine("native", workers, file, spec, given)
        pairs[f"native, {workers}"] = f"by hand, {workers}"
    if of_spin is not None:
        contestants["spin"] = spin(folder, of_spin)
        pairs["spin"] = "native, 1"
    table(title, raced(contestants, runs), pairs)


def wide(folder: Path, title: str, file: Path, spec: str, given: tuple[str, ...], words: int, managers: int, runs: int) -> None:
    """Compare on a model of wide states: seconds for each step, against a checker by hand of two-phase commit whose states are as wide, and about as many."""
    contestants: dict[str, Contestant | None] = {}
    for workers in (1, 2):
        contestants[f"{words} words by hand, {workers}"] = yardstick(
            folder, "wide.c", 2 * managers + 7, workers, "-DTWOPHASE", f"-DN={managers}", f"-DW={words}"
        )
        contestants[f"native, {workers}"] = engine("native", workers, file, spec, *given)
    found = raced(contestants, runs)
    table(title, found, {}, False)
    for workers in (1, 2):
        ours, theirs = found[f"native, {workers}"], found[f"{words} words by hand, {workers}"]
        step = statistics.median(run.seconds / run.generated for run in ours)
        ratio = statistics.median((a.seconds / a.generated) / (b.seconds / b.generated) for a, b in zip(ours, theirs))
        print(f"  native, {workers}: {step * 1e9:.0f} ns for a step, {ratio:.1f} times what it takes by hand")


def liveness(title: str, file: Path, spec: str, given: str, runs: int) -> None:
    """Compare safety alone with liveness on top of it."""
    contestants: dict[str, Contestant | None] = {}
    for workers in (1, 2):
        contestants[f"safety, {workers}"] = engine("native", workers, file, spec, given)
        contestants[f"and liveness, {workers}"] = engine("native+lassos", workers, file, spec, given)
    table(title, raced(contestants, runs), {f"and liveness, {workers}": f"safety, {workers}" for workers in (1, 2)})


def main() -> None:
    """Measure everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()

    def wanted(title: str) -> bool:
        return not options.only or any(one in title for one in options.only)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for n, slots in ((8, 22), (9, 24)):
            if wanted(title := f"two-phase {n}"):
                narrow(folder, title, TWO_PHASE, "TwoPhase", f"RM={n}", slots, ("-DTWOPHASE", f"-DN={n}"), options.runs, f"tpp{n}")
        if wanted(title := "7 counters of 10"):
            narrow(folder, title, COUNTERS, "Counters", "Counter=7", 24, ("-DGRID", "-DN=7"), options.runs, None)
        if wanted(title := "8 counters of 10"):
            narrow(folder, title, COUNTERS, "Counters", "Counter=8", 28, ("-DGRID", "-DN=8"), 1, None)
        if wanted(title := "liveness, two-phase 7 with 8 weak fairness conditions"):
            liveness(title, LARGE / "two_phase_settles.py", "Settling", "RM=7", options.runs)
        few = max(1, options.runs // 2)
        if wanted(title := "raft, terms up to 3, two messages at once"):
            wide(folder, title, LARGE.parent / "published/raft.py", "Raft", ("MAX_TERM=3", "MAX_MSGS=2"), 2, 9, few)
        if wanted(title := "lamport's mutex, clocks up to 7"):
            wide(folder, title, LARGE / "lamport_mutex.py", "LamportMutex", ("MAX_CLOCK=7",), 3, 8, few)
        if wanted(title := "paxos commit"):
            wide(folder, title, LARGE / "paxos_commit.py", "PaxosCommit", (), 3, 8, few)


if __name__ == "__main__":
    main()
