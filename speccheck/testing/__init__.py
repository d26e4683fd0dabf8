"""Specs in test suites: `assert_holds` for ordinary tests, and the pytest plugin that collects specs."""

from speccheck.testing.assertions import assert_holds as assert_holds
