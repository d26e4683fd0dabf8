"""PLACEHOLDER by the lead so that the rest runs; the owner of the checks overwrites this file."""


def impossible_comparisons(subject):
    return []


def asymmetries(subject, sorts):
    return []
