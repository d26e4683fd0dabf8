"""Compare the native engine with the Python engine on very many random typed specs::

    python -m tests.agreement.native_long --specs 100000 --seed 1 --workers 2 [--tcc]

Prints what was checked and what was refused, and stops at a disagreement with the shrunk spec. Specs are checked in processes of their own, some hundred in each:
libraries stay loaded as long as a process lives, and one that dies takes no other results with it. With --tcc the rules (not the runtime) are compiled
by tcc, which is twenty times as quick as gcc, if it is installed; a disagreement is then looked at with the usual compiler too.

Recorded so far: 123,000 specs by tcc. Of the first 21,500, from seed 1000000, thirty were judged differently, nearly all for two reasons: rules that fail in two
ways at once, and values that nobody uses; `regressions/` has each. With a generator that makes more of everything: one of 8,600 from 4000000 to 7006500, after which
none of 2,250 from seed 10000000 and none of 300 from seed 12000000 was. Since the generator assigns to parameters, binds names anew and hides what values are: sixteen of
57,000 from seed 70000000, for nine reasons: parts replaced while they are used, parts that are not there, constraints that fail beyond 64 bits, what was said of an
`@init` that fails, five single calls, and one spec that seemed to be endless. With all that mended none of 1,500 from seed 80000000, and three of 19,000 from seed 90000000
was: an optional number compared with what fails, a terminal that raises after a deadlock, an empty tuple. Since it swaps locals, gives mutable values second names and
asks for nothing but the truth: one of 12,500 from 100000000, 110000000, 120000000 and 130000000, a default of another domain.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from speccheck.engines.machine import Budget
from speccheck.engines.native import machine as native
from speccheck.engines.native.library import load_model
from speccheck.engines.native.toolchain import Toolchain
from tests.agreement.native_agreement import TUNINGS, Comparison, compared_text, construct_of, variant_of
from tests.agreement.shrinking import shrunk
from tests.agreement.typed_specs import spec_text

ROOT = Path(__file__).parents[2]
AT_ONCE = 250  # specs in one process
TCC_LACKS = Path(__file__).parent / "tcc.h"
LONGEST = 600.0  # seconds for them
SHORT = Budget(states=300, seconds=5.0)


def checked(seed: int) -> Comparison:
    """Check one random spec."""
    tuning, workers = variant_of(seed)
    return compared_text(spec_text(random.Random(seed)), TUNINGS[tuning], workers)


def rules_by_tcc() -> None:
    """From now on compile rules with tcc."""
    tcc = Toolchain(("tcc", "-include", str(TCC_LACKS)), "other", "tcc", "tcc on PATH")

    def loaded(name: str, text: str, toolchain: Toolchain, optimisation: int, *more: Any) -> Any:
        return load_model(name, text, tcc, optimisation, *more)

    native.load_model = loaded  # type: ignore[attr-defined]


def part(first: int, end: int) -> None:
    """Check some specs, and print for each a line of JSON, after one that says which comes now."""
    for seed in range(first, end):
        print(json.dumps({"now": seed}), flush=True)
        one = checked(seed)
        line = {"seed": seed, "kind": one.kind, "construct": one.construct, "states": one.states, "failing": one.failing, "asked": one.asked}
        print(json.dumps(line | {"differences": one.differences}), flush=True)


def results(first: int, end: int, tcc: bool) -> list[dict[str, Any]]:
    """Check some specs in another process; return what it says of each. One with which it dies is a disagreement."""
    found: list[dict[str, Any]] = []
    while first < end:
        with tempfile.TemporaryDirectory() as caches:
            command = [sys.executable, "-m", "tests.agreement.native_long", "--part", str(first), str(end), *(["--tcc"] if tcc else [])]
            environment = {**os.environ, "XDG_CACHE_HOME": caches}
            said, errors = Path(caches, "said"), Path(caches, "errors")
            with said.open("w") as output, errors.open("w") as wrong, suppress(subprocess.TimeoutExpired):  # one that never ends is one that died
                subprocess.run(command, cwd=ROOT, env=environment, stdout=output, stderr=wrong, timeout=LONGEST, check=False)
            lines = [json.loads(line) for line in said.read_text().splitlines() if line.startswith("{") and line.endswith("}")]
            end_of_errors = errors.read_text().strip().splitlines()[-3:]
        found += [line for line in lines if "kind" in line]
        if found and found[-1]["seed"] == end - 1:
            return found
        seed = lines[-1].get("now", first) if lines else first
        found.append({"seed": seed, "kind": "differ", "construct": "", "states": 0, "failing": [], "asked": 0, "differences": [f"died: {end_of_errors}"]})
        first = seed + 1
    return found


def all_results(specs: int, seed: int, workers: int, seconds: float, tcc: bool) -> Iterator[dict[str, Any]]:
    """Yield what comes out, in the order of seeds, until so many specs were checked or the time is over."""
    ends = time.monotonic() + seconds
    starts = iter(range(seed, seed + specs, AT_ONCE))
    with ThreadPoolExecutor(workers) as pool:
        checking = deque(pool.submit(results, first, min(first + AT_ONCE, seed + specs), tcc) for first in islice(starts, workers + 1))
        while checking:
            yield from checking.popleft().result()
            for first in islice(starts, 1 if time.monotonic() < ends else 0):
                checking.append(pool.submit(results, first, min(first + AT_ONCE, seed + specs), tcc))


def kind_of(differences: tuple[str, ...]) -> str:
    """Return what a disagreement must have in common with a smaller one."""
    return differences[0].split(":")[0] if differences else ""


def smallest(seed: int) -> str:
    """Return the text of a spec on which the engines disagree as on this one."""
    warnings.simplefilter("ignore", SyntaxWarning)  # of texts that mean nothing
    text, (tuning, workers) = spec_text(random.Random(seed)), variant_of(seed)
    wanted = kind_of(compared_text(text, TUNINGS[tuning], workers).differences)

    def fails(smaller: str) -> bool:
        try:
            found = compared_text(smaller, TUNINGS[tuning], workers, SHORT)
        except Exception:  # a text that means nothing
            return False
        return found.kind == "differ" and kind_of(found.differences) == wanted

    return shrunk(text, fails)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--specs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="processes at once")
    parser.add_argument("--seconds", type=float, default=36_000.0)
    parser.add_argument("--tcc", action="store_true", help="compile rules with tcc")
    parser.add_argument("--go-on", action="store_true", help="list all disagreements instead of stopping at the first")
    parser.add_argument("--part", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.tcc and shutil.which("tcc") is None:
        parser.error("there is no tcc here")
    if options.part:
        if options.tcc:
            rules_by_tcc()
        part(*options.part)
        return
    kinds: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    began, states, asked, erring, worst = time.monotonic(), 0, 0, 0, 0
    for one in all_results(options.specs, options.seed, options.workers, options.seconds, options.tcc):
        kinds[one["kind"]] += 1
        states, worst, asked = states + one["states"], max(worst, one["states"]), asked + (one["asked"] > 0)
        erring += any(name == "domain" or name.endswith((".error", ".assert")) for name in one["failing"])
        if one["kind"] == "refused":
            refused[construct_of(one["construct"])] += 1
        if one["kind"] == "differ":
            print(f"seed {one['seed']} ({', '.join(map(str, variant_of(one['seed'])))}):", *one["differences"], sep="\n  ", flush=True)
            if not options.go_on:
                died = one["differences"][0].startswith("died")
                print(spec_text(random.Random(one["seed"])) if died else smallest(one["seed"]))
                break
    print(
        f"{sum(kinds.values()):,} specs from seed {options.seed} in {time.monotonic() - began:.0f} s: {'all agree' if not kinds['differ'] else 'NOT all agree'}"
    )
    for kind, count in kinds.most_common():
        print(f"  {kind}: {count:,}")
    print(f"  of those that agree: {states:,} states, at most {worst:,}; {erring:,} with erring steps or rules; {asked:,} in which CPython was asked")
    for construct, count in refused.most_common():
        print(f"  refused {count:,}: {construct}")
    sys.exit(1 if kinds["differ"] else 0)


if __name__ == "__main__":
    main()
