"""What a run may leave away because it has not changed, and what is said about it.

In: a revision, and the files of a run. Out: which of them concern the run; and in the end an Unchanged, for nothing is left away in silence.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Unchanged:
    """What was not checked: files that are what they were at the revision, and paths that have been deleted since."""

    revision: str
    files: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.files or self.deleted)


class Watch:
    """Watches what a run looks at: each file is compared once, with the repository of the current folder. Raises NoRevision when it is made.

    `configuration` is the file whose settings are in force: if it has changed, so has everything. `selecting` says that the run names something that must exist
    somewhere; all files are loaded then, for a name that is misspelt must not pass for one that has not changed.
    """

    def __init__(self, revision: str, configuration: str | None, selecting: bool) -> None:
        from speccheck.checker.changes import changes_since

        self._changes = changes_since(revision, os.curdir)
        self._everything = configuration is not None and self._changes.differs(configuration)
        self._selecting = selecting
        self._concerned: dict[str, bool] = {}
        self._deleted: list[str] = []

    @property
    def spared(self) -> bool:
        """Whether something was left away so far."""
        return bool(self.unchanged())

    def spares(self, file: str) -> bool:
        """Return whether a file need not be loaded: it has not changed, or it is gone."""
        if self._changes.deleted(file):
            self._deleted.append(file)
            return True
        return not self._selecting and not self.concerns(file)

    def concerns(self, file: str) -> bool:
        """Return whether what a file defines may have changed."""
        file = os.path.abspath(file)
        if file not in self._concerned:
            self._concerned[file] = self._everything or self._changes.touch(file)
        return self._concerned[file]

    def unchanged(self) -> Unchanged:
        """Return what was left away so far."""
        files = (file for file, concerned in self._concerned.items() if not concerned)
        return Unchanged(self._changes.revision, tuple(files), tuple(self._deleted))
