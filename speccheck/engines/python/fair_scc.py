"""Fair strongly connected components: where a behavior can stay for ever (semantics 6.3).

Works on any graph of integers whose steps carry marks (bit sets). A component is *good* if it has a step, contains every required mark, and for each strong
assumption contains a step that takes it or no state that enables it. One that fails only strong assumptions is cut at the states that enable them and
decomposed again, so that every reported component is good as it stands.

Sources: R. Tarjan, "Depth-first search and linear graph algorithms" (1972), here without recursion; the refinement for Streett conditions is that of E. A.
Emerson and C.-L. Lei (1987).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Steps = Callable[[int], Iterable[tuple[int, int]]]  # node -> (target, marks)


@dataclass(frozen=True)
class Acceptance:
    """What a good component must contain. `required`: marks on steps. `strong`: bits that a step has when it takes an assumption, and `enabled(node)` when the
    assumption is enabled there.
    """

    required: int
    strong: int
    enabled: Callable[[int], int]


def good_components(nodes: Iterable[int], steps: Steps, acceptance: Acceptance) -> list[frozenset[int]]:
    """Return the maximal good components of the graph that the nodes induce; steps that leave them do not count."""
    good: list[frozenset[int]] = []
    pending: list[set[int]] = [set(nodes)]
    while pending:
        part = pending.pop()
        for component in components(part, steps):
            inside = set(component)
            marks, has_step = 0, False
            for node in component:
                for target, mark in steps(node):
                    if target in inside:
                        has_step = True
                        marks |= mark
            if not has_step or marks & acceptance.required != acceptance.required:
                continue
            failing = 0
            if acceptance.strong:
                for node in component:
                    failing |= acceptance.enabled(node)
                failing &= acceptance.strong & ~marks
            if not failing:
                good.append(frozenset(component))
            else:
                pending.append({node for node in component if not acceptance.enabled(node) & failing})
    return good


def components(nodes: set[int], steps: Steps) -> list[list[int]]:
    """Return the strongly connected components of the graph that the nodes induce."""
    found: list[list[int]] = []
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in sorted(nodes):
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter([t for t, _ in steps(root) if t in nodes]))]
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter([t for t, _ in steps(target) if t in nodes])))
                    break
                if target in on_stack and index[target] < low[node]:
                    low[node] = index[target]
            else:
                work.pop()
                if work and low[node] < low[work[-1][0]]:
                    low[work[-1][0]] = low[node]
                if low[node] == index[node]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    found.append(component)
    return found
