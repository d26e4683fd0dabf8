"""Conway's Game of Life on a small board with nothing alive around it.

`GameOfLife` in tlaplus/Examples, a board of four by four.
"""

from typing import Annotated

from speccheck import Spec, action, anything, constant, model

N = constant("N", 4, min=1)
Index = Annotated[int, range(N)]


@model(N=4, distinct=65536, depth=1, tags="slow")
@model(N=3, distinct=512, depth=1)
class GameOfLife(Spec):
    grid: dict[Index, dict[Index, bool]] = anything()

    def alive(self, x: int, y: int) -> bool:
        return 0 <= x < N and 0 <= y < N and self.grid[x][y]

    def score(self, x: int, y: int) -> int:
        return sum(self.alive(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0))

    def will_live(self, x: int, y: int) -> bool:
        return self.score(x, y) in ((2, 3) if self.grid[x][y] else (3,))

    @action
    def tick(self) -> None:
        self.grid = {x: {y: self.will_live(x, y) for y in range(N)} for x in range(N)}
