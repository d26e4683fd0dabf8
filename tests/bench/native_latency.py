"""How long one waits for the native engine: compiling rules and runtime, a whole process for a small spec, and the bundled specs with a cold and a warm cache.

    python tests/bench/native_latency.py [--runs 5] [--only compile process bundled]

What is compiled is compared with gcc on a checker written by hand, in the same run; processes with `python -c pass` and with the Python engine.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TWO_PHASE = HERE.parent / "specs/large/two_phase_settles.py"

# what is done in between is loading the spec, which both engines need
COMPILE = """
import sys, time
from speccheck.checker.target import model_of_target
from speccheck.engines import machine_of
model = model_of_target(sys.argv[1], sys.argv[2], None, {})
began = time.perf_counter()
machine_of(model, "native", 1).compile()
print(time.perf_counter() - began)
"""


def long_spec(rules: int = 50) -> str:
    """Return a spec with about 500 lines of rules: registers that take each other's values, sets of processes, and records."""
    head = [
        "from typing import Annotated, Literal",
        "",
        "from speccheck import Range, Record, Sort, Spec, action, each, invariant, require",
        "",
        "",
        "class Process(Sort, size=3):",
        '    """A process."""',
        "",
        "",
        "class Cell(Record):",
        "    value: Annotated[int, Range(0, 7)] = 0",
        '    phase: Literal["idle", "busy", "done"] = "idle"',
        "",
        "",
        "class Long(Spec, deadlock=False):",
    ]
    variables = [f"    cell{n}: dict[Process, Cell] = each(Cell())\n    seen{n}: set[Process] = set()" for n in range(rules // 5)]
    body: list[str] = []
    for n in range(rules):
        here, there = n % (rules // 5), (n + 1 + n // 7) % (rules // 5)
        body += [
            "",
            "    @action",
            f"    def move{n}(self, p: Process, q: Process) -> None:",
            f"        require(p != q and self.cell{here}[p].phase != 'done' and p not in self.seen{there})",
            f"        if self.cell{there}[q].value > {n % 5}:",
            f"            self.cell{here}[p].value = max(self.cell{there}[q].value - 1, {n % 3})",
            f"            self.seen{here}.add(q)",
            "        else:",
            f"            self.cell{here}[p].phase = 'busy' if self.cell{there}[p].phase == 'idle' else 'done'",
            f"            self.cell{there}[q].value = (self.cell{here}[p].value + {n}) % 8",
            f"        assert self.cell{here}[p].value < 8 and len(self.seen{here}) <= len(Process)",
        ]
    for n in range(rules // 5):
        body += [
            "",
            "    @invariant",
            f"    def small{n}(self) -> bool:",
            f"        return all(cell.value < 8 or p in self.seen{n} for p, cell in self.cell{n}.items())",
        ]
    return "\n".join([*head, *variables, *body, ""])


def seconds_of(command: list[str], cache: Path) -> float:
    """Return how long a process takes."""
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ROOT, env={**os.environ, "XDG_CACHE_HOME": str(cache)})
    return time.perf_counter() - began


def compiling(file: Path, spec: str, cache: Path) -> float:
    """Return how long compiling takes, measured inside the process."""
    command = [sys.executable, "-c", COMPILE, str(file), spec]
    env = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    return float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT, env=env).stdout)


def by_hand(folder: Path) -> float:
    """Return how long gcc takes for a checker written by hand."""
    source = HERE / "yardsticks/narrow.c"
    return seconds_of(["gcc", "-O3", "-march=native", "-pthread", "-DTWOPHASE", "-DN=3", "-o", str(folder / "by_hand"), str(source)], folder)


def line(title: str, measured: list[float], other: list[float] | None = None) -> None:
    """Print a row: the median, and its ratio to what was measured in the same rounds."""
    ratio = f"{statistics.median(a / b for a, b in zip(measured, other)):8.2f}" if other else ""
    print(f"  {title:<52}{statistics.median(measured):8.2f} s{ratio}")


def compile_table(folder: Path, runs: int) -> None:
    """Time the compilation of a small and a long spec with the runtime cached, and of everything."""
    long = folder / "long_spec.py"
    long.write_text(long_spec(), encoding="utf-8")
    rules = sum(1 for one in long_spec().splitlines() if one.strip()) - 15
    found: dict[str, list[float]] = {name: [] for name in ("hand", "cold", "small", "long", "again")}
    for turn in range(runs):
        cache = folder / f"cache{turn}"
        found["hand"].append(by_hand(folder))
        found["cold"].append(compiling(HERE / "counters.py", "Counters", cache))
        found["small"].append(compiling(TWO_PHASE, "Settling", cache))
        found["long"].append(compiling(long, "Long", cache))
        found["again"].append(compiling(long, "Long", cache))
    print("\ncompiling (ratio: to gcc -O3 on a checker by hand)")
    line("gcc -O3, by hand", found["hand"])
    line("a small spec and the runtime, nothing cached", found["cold"], found["hand"])
    line("a small spec, runtime cached", found["small"], found["hand"])
    line(f"{rules} lines of rules, runtime cached", found["long"], found["hand"])
    line("the same again, cached", found["again"], found["hand"])


def process_table(folder: Path, runs: int) -> None:
    """Time whole processes that check 288 states."""
    cache = folder / "cache_of_processes"
    run = [sys.executable, "-m", "speccheck", "run", str(TWO_PHASE), "--model", "RM=3", "--property", "consistent", "--engine"]
    seconds_of([*run, "native"], cache)
    found: dict[str, list[float]] = {name: [] for name in ("pass", "native", "auto", "python")}
    for _ in range(runs):
        found["pass"].append(seconds_of([sys.executable, "-c", "pass"], cache))
        for engine in ("native", "auto", "python"):
            found[engine].append(seconds_of([*run, engine], cache))
    print("\nwhole processes, 288 states (ratio: to the Python engine)")
    line("python -c pass", found["pass"])
    for engine in ("native", "auto", "python"):
        line(f"--engine {engine}" + (", cached" if engine != "python" else ""), found[engine], found["python"])


def bundled_table(folder: Path, runs: int) -> None:
    """Time all bundled specs with a cold and with a warm cache."""
    run = [sys.executable, "-m", "speccheck", "run", "specs", "--brief"]
    found: dict[str, list[float]] = {name: [] for name in ("cold", "warm", "python")}
    for turn in range(runs):
        cache = folder / f"bundled{turn}"
        found["cold"].append(seconds_of(run, cache))
        found["warm"].append(seconds_of(run, cache))
        if not turn:
            found["python"].append(seconds_of([*run, "--engine", "python"], cache))
    print("\nbundled specs, all models that are not slow (ratio: to the Python engine, which ran once)")
    line("--engine auto, cold cache", found["cold"], found["python"] * runs)
    line("--engine auto, warm cache", found["warm"], found["python"] * runs)
    line("--engine python", found["python"])


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=["compile", "process", "bundled"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for one, table in (("compile", compile_table), ("process", process_table), ("bundled", bundled_table)):
            if one in options.only:
                table(Path(name), options.runs if one != "bundled" else max(1, options.runs // 2))


if __name__ == "__main__":
    main()
