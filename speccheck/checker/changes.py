"""Changes: what git says differs from a revision, and which specs that concerns.

In: a revision, and the folder whose repository knows it. Out: Changes, which say of a spec file whether it may be another spec than it was::

    changes_since("origin/main", ".").touch("specs/two_phase.py")  ->  True if it, or a module that it can import, differs

A file counts as unchanged only where git vouches for it: tracked, and the same as in the revision, uncommitted changes included. What a spec imports is read
from its text and not found out by running it, which costs ten milliseconds instead of a load for each model.
"""

import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

from speccheck.errors import NoRevision, SpeccheckError
from speccheck.model.folder import lies_in
from speccheck.model.footprint import Footprint, footprint_of


@dataclass(frozen=True)
class Changes:
    """What differs from a revision: real paths. `changed` has deleted and untracked files, too; `vouched` are the tracked ones, changed or not."""

    revision: str
    root: str
    changed: frozenset[str]
    vouched: frozenset[str]

    def touch(self, file: str) -> bool:
        """Return whether the spec in a file may differ from what it was; one that cannot be read or parsed may."""
        try:
            footprint = footprint_of(file)
        except SpeccheckError:
            return True
        if self.changed and not footprint.closed:
            return True
        return any(self.differs(one) for one in footprint.files) or any(_took_part(one, footprint) for one in self._gone)

    def differs(self, file: str) -> bool:
        """Return whether a file differs, or git does not vouch for it."""
        real = os.path.realpath(file)
        return real in self.changed or real not in self.vouched or self._is_linked(file)

    def deleted(self, path: str) -> bool:
        """Return whether a path that does not exist now was a file of the revision, or a folder with files of it."""
        real = os.path.realpath(path)
        return not os.path.lexists(path) and any(lies_in(one, real) for one in self.changed)

    @property
    def _gone(self) -> list[str]:
        """The modules that are deleted."""
        return [one for one in self.changed if one.endswith(".py") and not os.path.lexists(one)]

    def _is_linked(self, file: str) -> bool:
        """Return whether a link of the repository leads to the file: the link may have led elsewhere."""
        place = os.path.abspath(file)
        while lies_in(os.path.realpath(os.path.dirname(place)), self.root):
            if os.path.islink(place):
                return True
            place = os.path.dirname(place)
        return False


def changes_since(revision: str, folder: str) -> Changes:
    """Return what differs from a revision of the repository that a folder lies in. Raises NoRevision with git's words."""
    root = os.path.realpath(_git(folder, revision, "rev-parse", "--show-toplevel").removesuffix("\n"))
    try:
        commit = _git(folder, revision, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").strip()
    except NoRevision as trouble:
        raise NoRevision(f"there is no revision '{revision}' here ({trouble.message.partition(': ')[2]})") from None
    differing = _git(root, revision, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", commit, "--")
    untracked = _git(root, revision, "ls-files", "--others", "--exclude-standard", "-z")
    # Of a tracked file git answers with a tag; any other than H is a file whose changes it was told not to look for.
    tracked = [entry[2:] for entry in _entries(_git(root, revision, "ls-files", "-v", "-z")) if entry.startswith("H ")]
    changed = _absolute(root, [*_entries(differing), *_entries(untracked)])
    return Changes(revision, root, changed, _absolute(root, tracked))


def _took_part(gone: str, footprint: Footprint) -> bool:
    """Return whether a module that is gone may have belonged to a spec whose texts are unchanged: they say its name, or lay in it as in a package."""
    folder, name = os.path.split(gone)
    if name == "__init__.py":
        return any(lies_in(os.path.realpath(file), folder) for file in footprint.files) or _is_said(os.path.basename(folder), footprint)
    return _is_said(name.removesuffix(".py"), footprint)


def _is_said(word: str, footprint: Footprint) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text) for text in footprint.files.values())


def _git(folder: str, revision: str, *arguments: str) -> str:
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], env=environment, capture_output=True, check=False)
    except OSError as trouble:
        raise NoRevision(f"--changed-since {revision}: git cannot be run: {trouble.strerror}", remedy="Install git.") from None
    if done.returncode != 0:
        words = os.fsdecode(done.stderr).strip().split("\n")[0] or f"git {arguments[0]} ended with code {done.returncode}"
        raise NoRevision(f"--changed-since {revision}: git says: {words}")
    return os.fsdecode(done.stdout)


def _entries(listed: str) -> list[str]:
    return [entry for entry in listed.split("\0") if entry]


def _absolute(root: str, paths: Iterable[str]) -> frozenset[str]:
    return frozenset(os.path.join(root, path) for path in paths)
