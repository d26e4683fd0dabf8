"""The model of models/maze.c and its search, as plain as can be: the definition that the runtime is compared with."""

from dataclasses import dataclass, field

from tests.runtime.building import DONE, STATE_LIMIT, Told

CONSTRAINT, STEP, CANONICAL = 1, 2, 4
ORDER = 7919


@dataclass
class Maze:
    """A maze, and what a search of it has found."""

    bits: int = 64
    size: int = 5000
    flags: int = 0
    level: int = 0
    generated: int = 0
    expanded: int = 0
    taken: list[int] = field(default_factory=lambda: [0] * 4)
    moved: list[int] = field(default_factory=lambda: [0] * 4)
    changed: int = 0
    levels: list[list[int]] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    dropped: set[int] = field(default_factory=set)
    finds: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def defines(self) -> tuple[str, ...]:
        return (f"BITS={self.bits}", f"SIZE={self.size}", f"FLAGS={self.flags}")

    def order(self, x: int) -> int:
        return x * ORDER % self.size

    def written(self, x: int) -> str:
        """Return the words of a state, as `tell` prints them."""
        full, words = 2**64 - 1, (self.bits + 63) // 64
        inverted = ~x & full
        state = [inverted] + [(inverted << i | inverted >> (64 - i)) & full for i in range(1, words)]
        state[-1] &= full >> (-self.bits % 64)
        return ".".join(f"{word:x}" for word in state)

    def steps(self, x: int) -> list[tuple[int, int]]:
        """Return the steps out of a state: action and target."""
        if x % 17 == 4:
            return []
        steps = [(0, (2 * x + 1) % self.size)]
        if x % 3 == 0:
            steps.append((1, x))
        steps += [(2, (3 * x + 5 * (i // 2)) % self.size) for i in range(x % 4)]
        if x == 0:
            steps.append((3, 253))
        if x % 500 == 252:
            steps += [(3, (x + i) % self.size) for i in range(300)]
        return steps

    def canonical(self, x: int) -> int:
        return x & ~1 if self.flags & CANONICAL else x

    def find(self, which: int, x: int, level: int) -> None:
        known = self.finds.get(which)
        if known is None or (level, self.order(x)) < (known[0], self.order(known[1])):
            self.finds[which] = (level, x)

    def visit(self, x: int, level: int) -> None:
        half = x // 2 % 997
        if x // 2 % 13 == 1:
            self.find(0, x, level)
        if 0 in self.finds and self.finds[0][0] < self.level:
            self.find(1, x, level)
        if half % 31 == 5:
            self.find(20 + half // 31, x, level)

    def reach(self, raw: int, level: int, fresh: set[int]) -> None:
        x = self.canonical(raw)
        if x in self.kept or x in self.dropped:
            return
        if self.flags & CONSTRAINT:
            if raw // 2 % 211 == 3:
                self.find(4, x, level)
            if raw // 2 % 6 == 5:
                self.dropped.add(x)
                self.visit(x, level)
                return
        self.kept.add(x)
        fresh.add(x)

    def expand(self, x: int, fresh: set[int]) -> None:
        self.expanded += 1
        if x % 17 == 4:
            self.find(2, x, self.level)
        for action, y in self.steps(x):
            self.generated += 1
            self.taken[action] += 1
            if y == x:
                continue
            self.moved[action] = 1
            self.changed |= (x ^ y) & 1 | ((x ^ y) > 1) << 1
            if self.flags & STEP and (x + y) % 501 == 7:
                self.find(3, x, self.level)
            self.reach(y, self.level + 1, fresh)

    def before(self, level: int, target: int) -> int:
        """Return the least state of a level with a step to the target."""
        return min((x for x in self.levels[level - 1] if any(self.canonical(y) == target for _, y in self.steps(x))), key=self.order)

    def way_back(self, x: int, level: int) -> tuple[str, ...]:
        way = [x]
        for earlier in range(level - 1, 0, -1):
            way.append(self.before(earlier, way[-1]))
        return tuple(map(self.written, way))

    def search(self, states: int = 0, levels: int = 0) -> Told:
        """Search from 0, which is given twice; with a limit of states or levels, as the runtime understands it."""
        fresh: set[int] = set()
        self.generated = 2
        self.reach(0, 1, fresh)
        code, known = DONE, (0, 0)
        while fresh:
            self.level += 1
            self.levels.append(sorted(fresh, key=self.order))
            known, fresh = (len(self.kept), len(self.dropped)), set()
            for x in self.levels[-1]:
                self.visit(x, self.level)
                if self.level != levels:
                    self.expand(x, fresh)
            if self.level == levels:
                break
            if states and len(self.kept) > states:
                code = STATE_LIMIT
                break
        distinct, dropped = known if fresh else (len(self.kept), len(self.dropped))
        finds = {which: (level, self.way_back(x, level)) for which, (level, x) in sorted(self.finds.items())}
        written = tuple(tuple(map(self.written, one)) for one in self.levels)
        counts = (self.level, self.generated, distinct, self.expanded, distinct - self.expanded, dropped)
        return Told(code, *counts, tuple(self.taken), tuple(self.moved), self.changed, written, finds)
