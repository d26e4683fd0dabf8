"""How often something is in a Bag that a rule makes empty, or in one that never has it: no times, whatever it is."""

from typing import Annotated, Literal

from speccheck import Bag, MaxLen, Spec, action, choose, invariant


class BagThatIsMadeEmpty(Spec, deadlock=False):
    words: Annotated[Bag[Literal["a", "b"]], MaxLen(2)] = Bag()

    @action
    def add(self) -> None:
        self.words.add(choose(("a", "b")))
        assert len(self.words) < 3

    @invariant
    def none_of_it(self) -> bool:
        made: Bag[str] = Bag()
        return made.count("a") == 0 and self.words.count("c") == 0 and self.words.count("a") <= 2  # type: ignore[arg-type]
