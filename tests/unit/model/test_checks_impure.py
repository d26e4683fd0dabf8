"""Rules with side effects, and rules that depend on more than the state, are refused."""

from collections.abc import Callable

import pytest

Found = Callable[[str], list[str]]

SPEC = """
import os, uuid, secrets
RNG = random.Random(1)
COUNT = 0
EMPTY = Node()

class T(Spec):
    x: Annotated[int, Range(0, 9)] = 0
    q: Annotated[list[int], MaxLen(9)] = []
    SEEN = []
    limit = 3

    @action
    def step(self, p: P) -> None:
        STATEMENT
"""


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("global COUNT; COUNT += 1", "COUNT"),
        ("global COUNT; COUNT = 1", "COUNT"),
        ("LEVELS.append(1)", "LEVELS.append(1)"),
        ("LEVELS[0] = 1", "LEVELS[0]"),
        ("del LEVELS[0]", "LEVELS[0]"),
        ("l = LEVELS; l.append(1)", "l.append(1)"),
        ("l = LEVELS; l += [1]", "l"),
        ("TABLE['a'].append(3)", "TABLE['a'].append(3)"),
        ("for l in TABLE.values(): l.clear()", "l.clear()"),
        ("self.SEEN.append(1)", "self.SEEN.append(1)"),
        ("type(self).limit = 4", "type(self).limit"),
        ("T.limit = 4", "T.limit"),
        ("EMPTY.term = 1", "EMPTY.term"),
        ("n = EMPTY; n.term = 1", "n.term"),
        ("self.x = random.randint(0, 3)", "random.randint(0, 3)"),
        ("self.x = RNG.choice([1, 2])", "RNG.choice([1, 2])"),
        ("self.x = int(time.time())", "time.time()"),
        ("self.x = datetime.datetime.now().year", "datetime.datetime.now()"),
        ("self.x = datetime.date.today().year", "datetime.date.today()"),
        ("self.x = len(os.urandom(1))", "os.urandom(1)"),
        ("self.x = uuid.uuid4().int", "uuid.uuid4()"),
        ("self.x = secrets.randbelow(3)", "secrets.randbelow(3)"),
        ("self.x = int(input())", "input()"),
        ("note(p)", "LEVELS.append(v)"),
    ],
)
def test_a_side_effect_is_refused(statement: str, expected: str, found_in: Found) -> None:
    assert found_in("def note(v):\n    LEVELS.append(v)\n" + SPEC.replace("STATEMENT", statement)) == [f"SC311 {expected}"]


@pytest.mark.parametrize(
    "statement",
    [
        "global COUNT; self.x = COUNT",
        "l = list(LEVELS); l.append(1); l += [2]",
        "l = LEVELS; l = [*l]; l.append(1)",
        "self.q = LEVELS; self.q.append(1)",
        "d = dict(TABLE); d['b'] = [1]",
        "print('here'); self.x = LEVELS[0] + TABLE['a'][0]",
        "n = copy(EMPTY); n.term = 1; m = Node(); m.term = 2",
        "self.x = datetime.date(2020, 1, 1).year; self.x = int(uuid.UUID(int=3).int)",
        "total = 0\n        def add(v):\n            nonlocal total\n            total += v\n        add(1)",
        "self.x = self.limit; limit = 4",
        "for l in TABLE.values(): self.x += len(l)",
        "self.q.append(len(self.SEEN))",
    ],
)
def test_reading_constants_and_changing_copies_is_free(statement: str, found_in: Found) -> None:
    assert found_in(SPEC.replace("STATEMENT", statement)) == []


def test_a_predicate_is_as_pure_as_an_action(found_in: Found) -> None:
    text = (
        SPEC.replace("STATEMENT", "self.x = 1") + "\n    @invariant\n    def p(self) -> bool:\n        LEVELS.append(1)\n        return random.random() < 1\n"
    )
    assert found_in(text) == ["SC311 LEVELS.append(1)", "SC311 random.random()"]
