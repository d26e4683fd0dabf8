"""The checker: from a Model to a Result. The names that users import."""

from speccheck.checker.check import check as check
from speccheck.checker.check import check_model as check_model
from speccheck.checker.result import Result as Result
from speccheck.checker.result import Verdict as Verdict
from speccheck.checker.stepping import Successor as Successor
from speccheck.checker.stepping import steps as steps
from speccheck.checker.target import load as load
