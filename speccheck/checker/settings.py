"""Settings: what a run can be told besides what to check, by whoever tells it.

Each layer (the command line, the overrides for some files, the table in pyproject.toml, the defaults) says some of it, and the first that says something wins::

    merged(Settings(timeout=5.0), Settings(timeout=60.0, strict=True), DEFAULTS)  ->  Settings(timeout=5.0, strict=True, engine="auto", ...)
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields


@dataclass(frozen=True)
class Settings:
    """One layer. None: it does not say. Units are those of the command line: bytes and seconds."""

    paths: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    strict: bool | None = None
    accept: Mapping[str, str] | None = None  # codes of findings that `strict` accepts, each with the reason why
    allow_incomplete: bool | None = None
    engine: str | None = None
    workers: int | None = None
    max_states: int | None = None
    max_memory: int | None = None
    timeout: float | None = None
    rule_timeout: float | None = None
    jobs: int | None = None
    cache: bool | None = None


NAMES = tuple(one.name for one in fields(Settings))
WHOLE_RUN = ("paths", "jobs", "cache")  # what cannot differ from file to file
DEFAULTS = Settings(paths=(), tags=(), strict=False, accept={}, allow_incomplete=False, engine="auto", rule_timeout=10.0, cache=False)


def merged(*layers: Settings) -> Settings:
    """Return what the layers say together; the first that says something about a name wins, whole."""
    return Settings(**{name: next((value for layer in layers if (value := getattr(layer, name)) is not None), None) for name in NAMES})


@dataclass(frozen=True)
class Override:
    """Settings for the files that a pattern names, relative to a folder: `specs/slow/*.py`. A pattern that names a folder stands for all that is below it."""

    folder: str
    pattern: str
    settings: Settings
    lines: Mapping[str, int] = field(default_factory=dict)  # of the keys, in the file that says so

    def matches(self, file: str) -> bool:
        """Return whether the pattern names this file."""
        relative = os.path.relpath(os.path.abspath(file), self.folder).replace(os.sep, "/")
        outside = relative.startswith("../") and not self.pattern.startswith("../")
        return not outside and re.fullmatch(_expression(self.pattern), relative) is not None


def settings_for(overrides: tuple[Override, ...], file: str) -> Settings:
    """Return what the overrides say about a file; of several that match, the last one wins."""
    return merged(*(one.settings for one in reversed(overrides) if one.matches(file)))


def _expression(pattern: str) -> str:
    """Return a regular expression for a pattern of paths: `*` and `?` stay within a folder, `**` does not."""
    wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern.removeprefix("./").rstrip("/"))
    return "".join(wild.get(piece) or re.escape(piece) for piece in pieces) + "(?:/.*)?"
