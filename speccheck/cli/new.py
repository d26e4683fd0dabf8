"""`speccheck new`: write a commented starter spec that passes."""

import keyword
import os
import re
import sys

import click

from speccheck.cli.screen import Screen
from speccheck.errors import BadUsage, OutputUnwritable
from speccheck.trace.styled import line


@click.command("new", help="Write NAME.py: a commented starter spec that passes.")
@click.argument("name")
@click.pass_obj
def command(screen: Screen, /, name: str) -> int:
    """Write the file, never over another one."""
    from speccheck.cli.files import check_writable, write_whole
    from speccheck.cli.starter import starter

    folder, file = os.path.split(name)
    module = file.removesuffix(".py")
    check_name(module)
    path = os.path.join(folder, module + ".py")
    if os.path.lexists(path):
        raise OutputUnwritable(f"'{path}' exists already", remedy="Choose another name, or remove the file first; nothing is ever overwritten.")
    check_writable(path)
    write_whole(path, starter(module, class_name(module)).encode())
    screen.show([line(("wrote", "good"), f" {path}"), line(f"Check it with: speccheck run {path}")])
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
