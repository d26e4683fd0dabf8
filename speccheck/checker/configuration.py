"""The configuration: `[tool.speccheck]` of the nearest pyproject.toml that has one, read and checked as a whole.

In: a folder. Out: a Configuration, or all that is wrong with the table, each with its line and a guess::

    [tool.speccheck]                       Configuration(file, Settings(paths=("specs",), timeout=60.0), {"paths": 2, "timeout": 3})
    paths = ["specs"]
    timeuot = 60                           pyproject.toml:3: SC131 there is no setting 'timeuot'. Did you mean 'timeout'?
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from speccheck.checker.bundled import PREFIX
from speccheck.checker.quantities import count, seconds, size
from speccheck.checker.settings import DEFAULTS, NAMES, WHOLE_RUN, Override, Settings, merged
from speccheck.engines import ENGINES
from speccheck.errors import BadSetting, did_you_mean, raise_all
from speccheck.model.acceptances import faults
from speccheck.source import Span

FILE, TABLE, OVERRIDES = "pyproject.toml", "tool.speccheck", "tool.speccheck.overrides"
NOTHING = Settings()


@dataclass(frozen=True)
class Configuration:
    """What a pyproject.toml says. `file` is None where there is none; `lines` are those of the keys of the table. Paths of the table are absolute already."""

    file: str | None = None
    table: Settings = NOTHING
    lines: Mapping[str, int] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True)
class InForce:
    """A setting with the value that is in force, and who said so: a place in pyproject.toml, or None for a default."""

    name: str
    value: Any
    origin: Span | None


def configuration_of(folder: str) -> Configuration:
    """Return the configuration that is in force in a folder. Raises BadSetting, for everything that is wrong at once."""
    place = os.path.abspath(folder)
    while True:
        found = _read(os.path.join(place, FILE))
        if found is not None:
            return found
        if os.path.dirname(place) == place:
            return Configuration()
        place = os.path.dirname(place)


def in_force(configuration: Configuration, file: str | None = None) -> list[InForce]:
    """Return every setting as it is in force; for a file, with what the overrides say about it."""
    matching = [one for one in reversed(configuration.overrides) if file is not None and one.matches(file)]
    layers = [*((one.settings, one.lines) for one in matching), (configuration.table, configuration.lines)]
    values = merged(*(settings for settings, _ in layers), DEFAULTS)
    found = []
    for name in NAMES:
        lines = next((lines for settings, lines in layers if getattr(settings, name) is not None), None)
        origin = None if lines is None or configuration.file is None else Span(configuration.file, lines[name])
        found.append(InForce(name, getattr(values, name), origin))
    return found


def key_of(name: str) -> str:
    """Return the name of a setting as it is written: `max-states`."""
    return name.replace("_", "-")


def _read(file: str) -> Configuration | None:
    """Return what a file says; None for one that does not exist or has no table of ours."""
    if not os.path.lexists(file):
        return None
    import tomllib

    try:
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
        whole = tomllib.loads(text)
    except (OSError, ValueError) as trouble:  # a TOMLDecodeError and a UnicodeDecodeError are ValueErrors
        raise _unreadable(file, trouble) from None
    tool = whole.get("tool")
    if not isinstance(tool, dict) or "speccheck" not in tool:
        return None
    return _Reader(file, text).configuration(tool["speccheck"])


def _unreadable(file: str, trouble: Exception) -> BadSetting:
    words = trouble.strerror if isinstance(trouble, OSError) else str(trouble)
    place = re.search(r" \(at line (\d+), column (\d+)\)$", str(words))
    span = Span(file, int(place[1]), int(place[2])) if place else Span(file)
    return BadSetting(f"the file cannot be read: {words.removesuffix(place[0]) if place and words else words}", span=span, remedy="Correct the file.")


class _Reader:
    """Reads one table, and collects what is wrong with it."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.folder, self.lines = file, os.path.dirname(file), text.split("\n")
        self.errors: list[BadSetting] = []

    def configuration(self, table: Any) -> Configuration:
        """Return the table and its overrides as layers; raises what is wrong."""
        if not isinstance(table, dict):
            raise BadSetting("'speccheck' is no table", span=Span(self.file, self._line("tool", 0, "speccheck")), remedy="Write [tool.speccheck].")
        settings, lines = self._settings({key: value for key, value in table.items() if key != "overrides"}, TABLE, 0)
        overrides = tuple(self._overrides(table.get("overrides", [])))
        raise_all(self.errors)
        return Configuration(self.file, settings, lines, overrides)

    def _overrides(self, tables: Any) -> Iterator[Override]:
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            self._wrong("'overrides' is no list of tables", self._line(OVERRIDES, 0, ""), "Write [[tool.speccheck.overrides]], with double brackets.")
            return
        for number, table in enumerate(tables):
            pattern = table.get("path")
            settings, lines = self._settings({key: value for key, value in table.items() if key != "path"}, OVERRIDES, number)
            if isinstance(pattern, str) and pattern:
                yield Override(self.folder, pattern, settings, lines)
            else:
                self._wrong("an override says for which files it is", self._line(OVERRIDES, number, "path"), 'Write path = "specs/slow/*.py".')

    def _settings(self, table: Mapping[str, Any], header: str, number: int) -> tuple[Settings, dict[str, int]]:
        """Return what a table says, and the line of each key."""
        said: dict[str, Any] = {}
        lines: dict[str, int] = {}
        known = [key_of(one) for one in NAMES if header == TABLE or one not in WHOLE_RUN]
        for key, value in table.items():
            name, line = key.replace("-", "_"), self._line(header, number, key)
            if key not in known:
                self._unknown(key, known, header, line)
                continue
            lines[name] = line
            try:
                said[name] = READERS[name](value)
            except ValueError as trouble:
                self._wrong(f"{key} = {_shown(value)}: {trouble}", line)
        if "paths" in said:
            said["paths"] = tuple(one if one.startswith(PREFIX) else os.path.normpath(os.path.join(self.folder, one)) for one in said["paths"])
        return Settings(**said), lines

    def _unknown(self, key: str, known: list[str], header: str, line: int) -> None:
        if header == OVERRIDES and key in map(key_of, WHOLE_RUN):
            self._wrong(f"'{key}' is for the whole run, not for some files", line, f"Write it below [{TABLE}].")
            return
        others = ["path"] if header == OVERRIDES else ["overrides"]
        self._wrong(f"there is no setting '{key}'.{did_you_mean(key.replace('_', '-'), [*known, *others])}", line, f"There are {', '.join(known + others)}.")

    def _wrong(self, message: str, line: int, remedy: str | None = None) -> None:
        self.errors.append(BadSetting(message, span=Span(self.file, line), remedy=remedy))

    def _line(self, header: str, number: int, key: str) -> int:
        """Return the line of a key below the header of this name and number; the header's own, or 0, where it cannot be told."""
        found, seen, inside = 0, -1, False
        for line, text in enumerate(self.lines, 1):
            if head := re.match(r"\s*\[\[?\s*([^\[\]]+?)\s*\]", text):
                seen += re.sub(r"[\s\"']", "", head[1]) == header
                inside = seen == number and re.sub(r"[\s\"']", "", head[1]) == header
                found = line if inside else found
            elif inside and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", text):
                return line
        return found


def _shown(value: Any) -> str:
    """Return a value as TOML writes it, near enough."""
    text = str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')
    return text if len(text) <= 60 else text[:56] + " ..."


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        guess = f" Did you mean {value.lower()}?" if isinstance(value, str) and value.lower() in ("true", "false") else ""
        raise ValueError(f"expected true or false.{guess}")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    guess = f' Did you mean ["{value}"]?' if isinstance(value, str) else ""
    raise ValueError(f"expected a list of texts.{guess}")


def _engine(value: Any) -> str:
    known = ("auto", *ENGINES)
    if value not in known:
        raise ValueError(f"expected one of {', '.join(known)}.{did_you_mean(str(value), known)}")
    return str(value)


def _accepted(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise ValueError('expected a table such as { SC505 = "the reason why" }.')
    for fault in faults(value):
        raise ValueError(fault if fault.endswith((".", "?")) else f"{fault}.")
    return dict(value)


def _number(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Return a reader of a number, which is written as one or as a text with a unit, as on the command line."""

    def reader(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            value = _shown(value)  # which no number is written like
        return read(str(value))

    return reader


READERS: dict[str, Callable[[Any], Any]] = {
    "paths": _texts,
    "tags": _texts,
    "strict": _flag,
    "accept": _accepted,
    "allow_incomplete": _flag,
    "engine": _engine,
    "workers": _number(count),
    "max_states": _number(count),
    "max_memory": _number(size),
    "timeout": _number(seconds),
    "rule_timeout": _number(seconds),
    "jobs": _number(count),
    "cache": _flag,
}
