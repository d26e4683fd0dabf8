"""A property with parameters is violated if it is for any binding, and the least of them is shown."""

from speccheck import Formula, Sort, Spec, action, always, eventually, leads_to, model, require, temporal


class Node(Sort, size=3, ordered=True):
    """A member of a chain, in which news travel from the first to the last but one."""


@model(Node=3, distinct=2, violates=("hears", "tells", "both"))
@model(Node=2, distinct=1, violates=("hears", "tells", "both"))
class Chain(Spec, deadlock=False):
    """The last one never hears of it, so `hears` fails for it only; `tells` fails for every pair that ends with it, and first for the least."""

    know: set[Node] = set()

    @action(fairness="weak", per=())
    def tell(self, n: Node) -> None:
        require(n != list(Node)[0] and n != list(Node)[-1] and n not in self.know)
        self.know.add(n)

    def knows(self, n: Node) -> bool:
        return n == list(Node)[0] or n in self.know

    @temporal
    def hears(self, n: Node) -> Formula:
        return eventually(lambda: self.knows(n))

    @temporal
    def tells(self, a: Node, b: Node) -> Formula:
        return leads_to(lambda: self.knows(a), lambda: self.knows(b))

    @temporal
    def both(self, b: Node, a: Node) -> Formula:
        return leads_to(lambda: self.knows(a), lambda: self.knows(b))

    @temporal
    def keeps(self, n: Node) -> Formula:
        return leads_to(lambda: self.knows(n), always(lambda: self.knows(n)))
