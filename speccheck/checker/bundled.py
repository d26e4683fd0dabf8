"""Bundled specs: the protocols that ship with speccheck, by name.

In: `"two_phase"`, as in `speccheck run bundled:two_phase`. Out: the path of its file or folder. An
installed package carries them in `speccheck/bundled`; a checkout has them in `specs` beside the package.
"""

import os

from speccheck.errors import FileMissing, did_you_mean

PREFIX = "bundled:"
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def bundled_folder() -> str | None:
    """Return the folder of the bundled specs, or None where there is none."""
    for folder in (os.path.join(_PACKAGE, "bundled"), os.path.join(os.path.dirname(_PACKAGE), "specs")):
        if os.path.isdir(folder):
            return folder
    return None


def bundled_names() -> list[str]:
    """Return the names of all bundled specs, sorted: of files without `.py`, and of folders of specs."""
    folder = bundled_folder()
    if folder is None:
        return []
    return sorted(name for entry in os.listdir(folder) if (name := _name(folder, entry)) is not None)


def bundled(name: str) -> str:
    """Return the path of a bundled spec; FileMissing with a guess if there is none of that name. An empty name means all of them."""
    folder, names = bundled_folder(), bundled_names()
    if folder is not None and name == "":
        return folder
    first, *rest = name.removesuffix(".py").split("/")
    if folder is not None and first in names and not set(rest) & {"", ".", ".."}:
        path = os.path.join(folder, first, *rest)
        for found in (path, path + ".py"):
            if os.path.exists(found):
                return found
    remedy = None if names else "This installation carries no bundled specs."
    raise FileMissing(f"there is no bundled spec '{name}'.{did_you_mean(name, names)}", remedy=remedy or "`speccheck list --bundled` shows them all.")


def resolved(path: str) -> str:
    """Return the path that is meant: `bundled:NAME` is looked up, everything else is itself."""
    return bundled(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else path


def _name(folder: str, entry: str) -> str | None:
    if entry.startswith((".", "_")):
        return None
    path = os.path.join(folder, entry)
    if os.path.isdir(path):
        return entry if any(file.endswith(".py") for file in os.listdir(path)) else None
    return entry.removesuffix(".py") if entry.endswith(".py") else None
