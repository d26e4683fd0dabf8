"""The cigarette smokers problem (S. S. Patil, 1971).

`CigaretteSmokers` in tlaplus/Examples.
"""

from speccheck import Record, Sort, Spec, action, always_eventually, choose, each, init, invariant, model, require, subsets, weak


class Ingredient(Sort, size=3):
    """Matches, paper, tobacco."""


class Smoker(Record):
    smoking: bool = False


EVERYTHING = frozenset(Ingredient)
OFFERS = frozenset(EVERYTHING - {i} for i in Ingredient)


@model(distinct=6, depth=2)
class CigaretteSmokers(Spec):
    smokers: dict[Ingredient, Smoker] = each(Smoker())
    dealer: frozenset[Ingredient]

    @init
    def first_offer(self) -> None:
        self.dealer = choose(OFFERS)

    @action
    def start_smoking(self) -> None:
        require(self.dealer)
        for i, smoker in self.smokers.items():
            smoker.smoking = frozenset({i}) | self.dealer == EVERYTHING
        self.dealer = frozenset()

    @action
    def stop_smoking(self) -> None:
        require(not self.dealer)
        who = next(smoker for smoker in self.smokers.values() if smoker.smoking)
        who.smoking = False
        self.dealer = choose(subsets(EVERYTHING, len(Ingredient) - 1, len(Ingredient) - 1))

    table = weak(start_smoking, stop_smoking)

    @invariant
    def at_most_one_smokes(self) -> bool:
        return sum(s.smoking for s in self.smokers.values()) <= 1

    def nobody_smokes(self) -> bool:
        return not any(s.smoking for s in self.smokers.values())

    again_and_again = always_eventually(nobody_smokes)
