"""A default that is no value of the map comes before the map's own values in the domain of both."""

from speccheck import Sort, Spec, action


class Q(Sort, size=3, ordered=True):
    """A place on a ring."""


class R(Spec):
    a: None = None
    b: dict[Q, None] = {}

    @action
    def fill(self) -> None:
        self.b[Q[2]] = None

    @action
    def look(self) -> None:
        self.a = self.b.get(max(self.b.keys()), 1)
