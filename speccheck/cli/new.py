"""`speccheck new`: write a commented starter spec that passes."""

import keyword
import os
import re
import sys

import click

from speccheck.checker.bundled import resolved
from speccheck.cli.screen import Screen
from speccheck.errors import BadUsage, OutputUnwritable
from speccheck.trace.styled import line


@click.command("new", help="Write NAME.py: a commented starter spec that passes, or a copy of another spec.")
@click.argument("name", required=False)
@click.option("--from", "source", metavar="SPEC", help="Copy this spec to adapt it: bundled:staged_rollout, or a file.")
@click.pass_obj
def command(screen: Screen, /, name: str | None, source: str | None) -> int:
    """Write the file, never over another one."""
    from speccheck.cli.starter import starter

    if source is not None:
        return _copied(screen, name, source)
    if name is None:
        raise click.UsageError("Missing NAME, or --from SPEC.")
    path, module = _target(name)
    return _written(screen, path, starter(module, class_name(module)), "")


def _copied(screen: Screen, name: str | None, source: str) -> int:
    from speccheck.model.sources import read_source

    found = resolved(source)
    if os.path.isdir(found):
        specs = ", ".join(sorted(entry.removesuffix(".py") for entry in os.listdir(found) if entry.endswith(".py")))
        raise BadUsage(f"'{source}' is a folder of specs", remedy=f"Name one of them: {specs}.")
    path, _ = _target(name or os.path.basename(found))
    return _written(screen, path, read_source(found), f", a copy of {source}")


def _target(name: str) -> tuple[str, str]:
    """Return the path that is written and the name of the module."""
    folder, file = os.path.split(name)
    module = file.removesuffix(".py")
    check_name(module)
    path = os.path.join(folder, module + ".py")
    if os.path.lexists(path):
        raise OutputUnwritable(f"'{path}' exists already", remedy="Choose another name, or remove the file first; nothing is ever overwritten.")
    return path, module


def _written(screen: Screen, path: str, text: str, what: str) -> int:
    from speccheck.cli.files import check_writable, write_whole

    check_writable(path)
    write_whole(path, text.encode())
    screen.show([line(("wrote", "good"), f" {path}{what}"), line(f"Check it with: speccheck run {path}")])
    return 0


def check_name(module: str) -> None:
    """Raise BadUsage for a name that no module should have, with one that it could have."""
    if not module.isidentifier() or keyword.iskeyword(module) or not class_name(module)[:1].isalpha():
        guess = re.sub(r"\W+", "_", module).strip("_").lower()
        guess = guess if guess.isidentifier() and not keyword.iskeyword(guess) and class_name(guess)[:1].isalpha() else "my_spec"
        raise BadUsage(f"'{module}' is no name for a Python module. Did you mean '{guess}'?", remedy="Use letters, digits and underscores.")
    if module in sys.stdlib_module_names or module == "speccheck":
        raise BadUsage(f"a module named '{module}' would hide Python's own", remedy=f"Choose another name, such as '{module}_spec'.")


def class_name(module: str) -> str:
    """Return the name of the spec: `rolling_update` becomes `RollingUpdate`."""
    name = "".join(part[:1].upper() + part[1:] for part in module.split("_"))
    taken = ("Server", "Hasty", "Sort", "Spec", "Literal")  # the starter's own names
    return name + "Spec" if name in taken else name
