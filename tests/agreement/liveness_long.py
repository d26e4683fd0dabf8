"""Compare the search for lassos with the brute force on very many random cases::

python -m tests.agreement.liveness_long --cases 100000 --seed 1 --seconds 600
"""

import argparse
import hashlib
import random
import time
from collections import Counter

from tests.agreement.liveness_checks import check, random_case
from tests.agreement.random_behaviors import found_lasso


def run(cases: int, seed: int, seconds: float) -> Counter[str]:
    """Check cases until there are so many, or the time is over; return how many there were of each kind of answer."""
    kinds: Counter[str] = Counter()
    end = time.monotonic() + seconds
    for number in range(seed, seed + cases):
        if time.monotonic() > end:
            break
        try:
            kinds[check(random_case(random.Random(number)))] += 1
        except BaseException as raised:
            raise RuntimeError(f"seed {number}") from raised
    return kinds


def digest(cases: int, seed: int) -> str:
    """Return a hash of all answers: the same in every process."""
    found = []
    for number in range(seed, seed + cases):
        case = random_case(random.Random(number))
        found.append(repr(found_lasso(case.graph, case.formula)))
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--digest", action="store_true", help="print a hash of all answers, and judge none")
    options = parser.parse_args()
    if options.digest:
        print(digest(options.cases, options.seed))
        return
    began = time.monotonic()
    kinds = run(options.cases, options.seed, options.seconds)
    print(f"{sum(kinds.values()):,} cases from seed {options.seed} in {time.monotonic() - began:.0f} s, all agree")
    for kind, count in sorted(kinds.items()):
        print(f"  {kind}: {count:,}")


if __name__ == "__main__":
    main()
