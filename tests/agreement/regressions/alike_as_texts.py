"""Constants that look alike as texts are different ones."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated

from speccheck import Range, Spec, action, invariant


@dataclass(frozen=True)
class Version:
    major: int
    minor: int = field(repr=False, default=0)


class Speed(Enum):
    SLOW = 1
    FAST = 2

    def __repr__(self) -> str:
        return "a speed"


VERSIONS = (Version(1, 1), Version(1, 2))


class AlikeAsTexts(Spec, deadlock=False):
    out: Annotated[int, Range(0, 3)] = 0

    @action
    def go(self) -> None:
        for version in VERSIONS:
            self.out = max(self.out, version.minor)

    @invariant
    def low(self) -> bool:
        return self.out < 2

    @invariant
    def three(self) -> bool:
        return sum(one.value for one in (Speed.SLOW, Speed.FAST)) == 3
