"""The command line over the configuration: what `speccheck run` is told by both.

In: the options of the command line, and which of them were really given. Out: paths and options with everything that pyproject.toml says laid under them.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click
from click.core import ParameterSource

from speccheck.checker.configuration import configuration_of
from speccheck.checker.run import RunOptions, with_settings
from speccheck.checker.settings import NAMES, Settings, merged
from speccheck.source import display_path

NO_PATHS = """\
nothing to check: no PATH is given, and {where}.

  speccheck run my_spec.py            checks the models of a file; a folder stands for all that are below it
  speccheck run bundled:two_phase     checks a spec that ships with speccheck

or say in pyproject.toml what `speccheck run` is to check:

  [tool.speccheck]
  paths = ["specs"]
"""


def configured(paths: tuple[str, ...], options: RunOptions, given: Mapping[str, Any]) -> tuple[tuple[str, ...], RunOptions]:
    """Return the paths and the options that are in force. Raises BadSetting, and a usage error where nobody says what to check."""
    configuration = configuration_of(os.curdir)
    command_line = Settings(**{name: given[name] for name in NAMES if name in given and _is_given(name)})
    overrides = tuple(replace(one, settings=merged(command_line, one.settings)) for one in configuration.overrides)
    options = replace(with_settings(options, merged(command_line, configuration.table)), overrides=overrides, configuration=configuration.file)
    paths = paths or configuration.table.paths or ()
    if not paths:
        where = "there is no [tool.speccheck] in a pyproject.toml here or above" if configuration.file is None else _without_paths(configuration.file)
        raise click.UsageError(NO_PATHS.format(where=where).rstrip("\n"), click.get_current_context())
    return paths, options


def _without_paths(file: str) -> str:
    return f"[tool.speccheck] in {display_path(file)} names no paths"


def _is_given(name: str) -> bool:
    """Return whether an option stands on the command line; its default would win over everything else."""
    source = click.get_current_context().get_parameter_source(name)
    return source not in (None, ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP)
