"""Passes over a Program."""

from speccheck.program.program import Program


def improved(program: Program, without: frozenset[str] = frozenset()) -> Program:
    """Return the Program after all passes but some."""
    return program
