"""One model, explored once for all its items."""

from speccheck.checker.result import Result
from speccheck.checker.run import Observer, RunOptions, checked
from speccheck.errors import SpeccheckError
from speccheck.model.model import Model


class ModelCheck:
    """A model and what came out of it: it is explored when the first of its items asks."""

    def __init__(self, model: Model, options: RunOptions) -> None:
        self.model, self.options = model, options
        self._result: Result | None = None
        self._error: SpeccheckError | None = None
        self.told = False  # whether the error was shown: it need not be again for each item

    def result(self) -> Result:
        """Return what came out. Raises SpeccheckError when a rule is misused, and KeyboardInterrupt when the search was interrupted."""
        if self._error is not None:
            raise self._error
        if self._result is None:
            try:
                self._result = checked(self.model, self.options, Observer())
            except SpeccheckError as error:
                self._error = error
                raise
            if self._result.interrupted:
                raise KeyboardInterrupt
        return self._result
