"""The never claims of SPIN, from `spin -f`: a Büchi automaton for a formula, written by somebody else.

In: a formula over the predicates p, q and r. Out: whether SPIN's automaton accepts a word, by walking its claim::

    T0_init:
        do
        :: atomic { ((p)) -> assert(!((p))) }      accepts whatever follows
        :: (1) -> goto T0_init
        od;

A run accepts if it is in a state whose label begins with `accept` again and again.
"""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

import networkx

from speccheck.dsl import formulas as dsl
from tests.agreement.lasso_judge import Word

ALL = "accept_all"


@dataclass(frozen=True)
class Claim:
    """The moves out of each state, by its labels: a guard, as a Python expression, and where it leads. The first state is initial."""

    initial: str
    moves: dict[str, list[tuple[str, str]]]
    accepting: frozenset[str]


def in_spin(formula: dsl.Formula) -> str:
    """Return a formula in SPIN's syntax."""
    match formula:
        case dsl.Atom(predicate):
            return str(predicate.__name__)
        case dsl.Not(operand):
            return f"(! {in_spin(operand)})"
        case dsl.And(operands):
            return f"({' && '.join(map(in_spin, operands)) or 'true'})"
        case dsl.Or(operands):
            return f"({' || '.join(map(in_spin, operands)) or 'false'})"
        case dsl.Implies(left, right):
            return f"({in_spin(left)} -> {in_spin(right)})"
        case dsl.Always(operand):
            return f"([] {in_spin(operand)})"
        case dsl.Eventually(operand):
            return f"(<> {in_spin(operand)})"
        case dsl.LeadsTo(left, right):
            return f"([] ({in_spin(left)} -> (<> {in_spin(right)})))"
        case dsl.Until(left, right, weak):
            # SPIN knows W, but leaves some of them in the guards of its claims.
            return f"({in_spin(right)} V ({in_spin(left)} || {in_spin(right)}))" if weak else f"({in_spin(left)} U {in_spin(right)})"
        case dsl.Release(left, right):
            return f"({in_spin(left)} V {in_spin(right)})"
    raise AssertionError(formula)


def claim_of(formula: dsl.Formula) -> Claim:
    """Return SPIN's automaton for a formula. Raises subprocess.TimeoutExpired where it takes too long."""
    done = subprocess.run(["spin", "-f", in_spin(formula)], capture_output=True, text=True, timeout=2, check=True)
    return parsed(done.stdout)


def parsed(text: str) -> Claim:
    """Return a never claim as an automaton."""
    moves: dict[str, list[tuple[str, str]]] = {}
    same: dict[str, str] = {}  # a state may have two labels
    state, empty = "", True
    for line in map(str.strip, text.splitlines()[1:]):
        if label := re.fullmatch(r"(\w+):", line):
            if state and empty:
                same[label[1]] = state
            else:
                state = label[1]
                moves[state] = []
            empty = True
            continue
        empty = False
        if step := re.fullmatch(r":: (.+) -> goto (\w+)", line):
            moves[state].append((_in_python(step[1]), step[2]))
        elif end := re.fullmatch(r":: atomic \{ (.+) -> assert\(!\(.+\)\) \}", line):
            moves[state].append((_in_python(end[1]), ALL))
        elif line == "skip":
            moves[state].append(("True", ALL))
        else:
            assert line in ("do", "od;", "if", "fi;", "false;", "}"), line
    moves.setdefault(ALL, [("True", ALL)])
    accepting = {s for s in moves if s.startswith("accept")} | {first for label, first in same.items() if label.startswith("accept")}
    resolved = {s: [(guard, same.get(target, target)) for guard, target in out] for s, out in moves.items()}
    return Claim(next(iter(moves)), resolved, frozenset(accepting))


def _in_python(guard: str) -> str:
    text = guard.replace("&&", " and ").replace("||", " or ").replace("!", " not ")
    text = re.sub(r"\b(?:1|true)\b", "True", text)
    return re.sub(r"\b(?:0|false)\b", "False", text).strip()


def accepts(claim: Claim, letters: Sequence[frozenset[str]], loop_start: int) -> bool:
    """Return whether a claim accepts the word whose letters from `loop_start` on repeat."""
    word = Word(len(letters), loop_start)
    truths = [{name: name in letter for name in "pqr"} for letter in letters]
    runs = networkx.DiGraph()
    pending = [(0, claim.initial)]
    runs.add_nodes_from(pending)
    while pending:
        i, state = pending.pop()
        for guard, target in claim.moves[state]:
            if eval(guard, {}, truths[i]):
                later = (word.after(i), target)
                if later not in runs:
                    pending.append(later)
                runs.add_edge((i, state), later)
    return any(
        any(state in claim.accepting for _, state in component)
        for component in networkx.strongly_connected_components(runs)
        if len(component) > 1 or any(runs.has_edge(one, one) for one in component)
    )
