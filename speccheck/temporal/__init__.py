"""Temporal logic: from a Formula to an Automaton that accepts the behaviors which violate it."""
