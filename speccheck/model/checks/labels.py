"""Labels that a process does not have: `at(self.writer, i) == "wirte_y"`, also with `in` and `match`.

In: a function as a rule uses it. Out: UnknownLabel. Where no process can ever be is no question that one asks on purpose.
"""

import ast
from collections.abc import Iterator
from typing import Any

from speccheck.domains.scalars import Enumerated
from speccheck.dsl import processes
from speccheck.dsl.processes import RESERVED
from speccheck.errors import SpeccheckError, UnknownLabel, did_you_mean
from speccheck.model.checks.subject import Use
from speccheck.model.syntax.kinds import Of


def problems(use: Use) -> Iterator[SpeccheckError]:
    """Return the texts that a label is compared with and that are none."""
    for tree in use.body.expressions():
        match tree:
            case ast.Compare(left=left, comparators=comparators):
                sides = [left, *comparators]
            case ast.Match(subject=subject):
                sides = [subject, *(part.value for case in tree.cases for part in ast.walk(case.pattern) if isinstance(part, ast.MatchValue))]
            case _:
                continue
        for asked in sides:
            labels = _labels(use, asked)
            if labels is not None and isinstance(asked, ast.Call):
                yield from _unknown(use, asked, labels, [one for one in sides if one is not asked])


def _labels(use: Use, expression: ast.expr) -> tuple[Any, ...] | None:
    if isinstance(expression, ast.Call) and use.body.object_of(expression.func) is processes.at:
        match use.body.kind(expression):
            case Of(Enumerated(values=values), _):
                return values
    return None


def _unknown(use: Use, call: ast.Call, labels: tuple[Any, ...], others: list[ast.expr]) -> Iterator[SpeccheckError]:
    for other in others:
        for part in ast.walk(other) if isinstance(other, ast.Constant | ast.Tuple | ast.Set | ast.List) else ():
            if isinstance(part, ast.Constant) and part.value not in (*labels, *RESERVED):
                process = ast.unparse(call.args[0]).rpartition(".")[2]
                known = ", ".join(repr(label) for label in labels)
                message = f"'{process}' has no label {part.value!r}.{did_you_mean(str(part.value), labels)}"
                yield use.error(UnknownLabel, message, part, f"Its labels are {known}.")
