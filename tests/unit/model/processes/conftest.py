"""A spec with processes from a text: its models, and what comes out."""

from tests.unit.engines.conftest import checked, models

__all__ = ["checked", "models"]
