"""What liveness costs on the Python engine: exploring the published specs with their temporal properties, against exploring them without.

    python tests/bench/liveness.py [--runs 5] [--states 1000]

For each model with more than `--states` states and a temporal property: seconds of the exploration alone, and of recording steps, evaluating atoms and looking
for lassos on top of it. Medians of runs that take turns within one process, and the ratio over all models.
"""

import argparse
import statistics
import time
from dataclasses import replace
from pathlib import Path

from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
from speccheck.model.model import Model
from speccheck.model.select import models_of_file

PUBLISHED = Path(__file__).parent.parent / "specs" / "published"
SIZES = [
    ("ewd840.py", {"N": 4}),
    ("ewd840.py", {"N": 5}),
    ("chang_roberts.py", {"N": 5}),
    ("dual_write.py", {"WRITES": 5}),
    ("dining_philosophers.py", {"NP": 9}),
]


def _without(model: Model) -> Model:
    return replace(model, properties=tuple(p for p in model.properties if p.kind not in ("temporal", "refinement")))


def _seconds(model: Model) -> tuple[float, int]:
    machine = machine_of(model)
    started = time.perf_counter()
    found = machine.explore(Budget())
    machine.find_lassos(found)
    return time.perf_counter() - started, len(found.space)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--states", type=int, default=1000)
    options = parser.parse_args()
    total_plain = total_with = 0.0
    print(f"medians of {options.runs}; models with more than {options.states:,} states")
    for file, constants in SIZES:
        for model in models_of_file(str(PUBLISHED / file), constants)[0]:
            states = _seconds(_without(model))[1]
            if states <= options.states or not any(p.kind == "temporal" for p in model.properties):
                continue
            plain, full = [], []
            for _ in range(options.runs):
                plain.append(_seconds(_without(model))[0])
                full.append(_seconds(model)[0])
            a, b = statistics.median(plain), statistics.median(full)
            total_plain, total_with = total_plain + a, total_with + b
            print(f"  {model.name:32} {states:8,} states  explore {a:6.3f} s  liveness on top {b - a:6.3f} s  {(b - a) / a:5.2f}")
    print(f"  all: liveness takes {(total_with - total_plain) / total_plain:.2f} of the time of exploring")


if __name__ == "__main__":
    main()
