"""A runner of GitHub Actions, as far as our action and the example need one: it reads YAML, fills in expressions, and runs scripts with bash.

Nothing is downloaded: packages that are built or installed find what they need in the environment of the tests.
"""

import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
SITE = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
OFFLINE = {"PYTHONPATH": SITE, "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass(frozen=True)
class Job:
    """What came out of the steps of a job: the exit code of the first that failed, what they printed, outputs, the summary."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


class Runner:
    """A machine with a checkout of a repository, an interpreter that is on the path as `python`, and the folders that GitHub gives to a step."""

    def __init__(self, workspace: Path, temporary: Path) -> None:
        self.workspace, self.temporary = workspace, temporary
        self.installed: set[str] = set()  # by which interpreters the action was; a second time would give the same
        temporary.mkdir()
        self.python = temporary / "python/bin/python"
        venv.create(temporary / "python", with_pip=True, symlinks=True)
        self.environment = {
            **OFFLINE,
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(temporary),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(temporary / "temp"),
        }
        (temporary / "temp").mkdir()

    def action(self, given: Mapping[str, str], path: Path = ROOT) -> Job:
        """Run the composite action of a folder with these inputs; its first step, which installs, once for each interpreter."""
        action = load(path / "action.yml")
        assert set(given) <= set(action["inputs"]), "an input that the action does not have"
        inputs = {name: str(one.get("default", "")) for name, one in action["inputs"].items()} | dict(given)
        values = {"github.action_path": str(path), **{f"inputs.{name}": value for name, value in inputs.items()}}
        install, *others = action["runs"]["steps"]
        if inputs["python"] not in self.installed:
            done = self.steps([install], values)
            if done.code:
                return done
            self.installed.add(inputs["python"])
        return self.steps(others, values)

    def steps(self, steps: list[Any], values: Mapping[str, str], environment: Mapping[str, str] | None = None) -> Job:
        """Run the scripts of steps until one fails, each with files of its own for its outputs and its summary."""
        log, outputs, summary, code = "", {}, "", 0
        for number, step in enumerate(steps):
            files = {name: self.temporary / f"temp/{name}_{number}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
            for file in files.values():
                file.write_text("", encoding="utf-8")
            given = {name: filled(str(value), values) for name, value in step.get("env", {}).items()}
            script = self.temporary / f"temp/script_{number}.sh"
            script.write_text(step["run"], encoding="utf-8")
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
                cwd=self.workspace,
                env={**self.environment, **(environment or {}), **given, **{name: str(file) for name, file in files.items()}},
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            log += done.stdout + done.stderr
            outputs |= dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines())
            summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
            if done.returncode:
                code = done.returncode
                break
        return Job(code, log, outputs, summary)


def load(path: Path) -> Any:
    """Read a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Fill in the expressions of a value; KeyError for one that has none."""
    return EXPRESSION.sub(lambda match: values[match[1]], text)


def scripts(steps: list[Any]) -> Iterator[str]:
    """Yield the scripts of steps."""
    for step in steps:
        if "run" in step:
            yield step["run"]
