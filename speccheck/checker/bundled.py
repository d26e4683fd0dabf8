"""Bundled specs: the protocols that ship with speccheck, by name.

In: `"two_phase"`, as in `speccheck run bundled:two_phase`. Out: the path of its file. They lie in chapters, whose names stand for all their specs
(`bundled:migration`). An installed package carries them in `speccheck/bundled`; a checkout has them in `specs` beside the package.
"""

import os

from speccheck.errors import FileMissing, did_you_mean

PREFIX = "bundled:"
CHAPTERS = {
    "migration": "Dual write and online migration",
    "rollout": "Rolling out, and back",
    "schema": "Changing what is stored and sent",
    "configuration": "Configuration",
    "purge": "Purging a user's data",
    "pipeline": "Delivery pipelines",
    "classics": "Classics",
}
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def bundled_folder() -> str | None:
    """Return the folder of the bundled specs, or None where there is none."""
    for folder in (os.path.join(_PACKAGE, "bundled"), os.path.join(os.path.dirname(_PACKAGE), "specs")):
        if os.path.isdir(folder):
            return folder
    return None


def bundled_chapters() -> dict[str, list[str]]:
    """Return the names of the specs of each chapter that is there, in the order of the table of contents."""
    folder = bundled_folder()
    if folder is None:
        return {}
    order = {name: number for number, name in enumerate(CHAPTERS)}
    chapters = sorted(
        (entry for entry in os.listdir(folder) if os.path.isdir(os.path.join(folder, entry))), key=lambda name: (order.get(name, len(order)), name)
    )
    found = {chapter: _specs_in(os.path.join(folder, chapter)) for chapter in chapters}
    return {chapter: names for chapter, names in found.items() if names}


def bundled_names() -> list[str]:
    """Return the names of all bundled specs, chapter by chapter."""
    return [name for names in bundled_chapters().values() for name in names]


def bundled(name: str) -> str:
    """Return the path of a bundled spec, or of a chapter; FileMissing with a guess if there is none of that name. An empty name means all of them."""
    folder, chapters = bundled_folder(), bundled_chapters()
    if folder is not None:
        if name == "":
            return folder
        chapter, _, spec = name.removesuffix(".py").rpartition("/")
        if not chapter and spec in chapters:
            return os.path.join(folder, spec)
        for one, names in chapters.items():
            if chapter in ("", one) and spec in names:
                return os.path.join(folder, one, f"{spec}.py")
    known = [*chapters, *bundled_names()]
    remedy = "`speccheck list --bundled` shows them all." if known else "This installation carries no bundled specs."
    raise FileMissing(f"there is no bundled spec '{name}'.{did_you_mean(name, known)}", remedy=remedy)


def resolved(path: str) -> str:
    """Return the path that is meant: `bundled:NAME` is looked up, everything else is itself."""
    return bundled(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else path


def _specs_in(folder: str) -> list[str]:
    return sorted(entry.removesuffix(".py") for entry in os.listdir(folder) if entry.endswith(".py") and not entry.startswith((".", "_")))
