"""Assertions of the modules that compare say what differs."""

import pytest

pytest.register_assert_rewrite("tests.unit.engines.native.judged")
