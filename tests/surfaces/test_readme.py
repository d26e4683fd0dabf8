"""README.md says what is so: its commands are those of the continuous integration, its links lead somewhere, its spec does what the text says."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def steps_of_the_readme() -> list[list[str]]:
    """Return what the two commands at the top do, step by step."""
    return [shlex.split(step) for command in blocks("sh")[0].splitlines() for step in command.split(" && ")]


def steps_of_the_integration() -> list[list[str]]:
    """Return what .ci/run does in its fresh environments, with the README's name for them, and without the option that runs tests in parallel."""
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    lines = [re.sub(r'"\$environments/\w+(.*?)"', r".venv\1", line) for line in script.splitlines() if "$environments/" in line]
    return [[word for word in shlex.split(line.replace(" -n 2", ""))] for line in lines]


def test_the_readme_begins_with_the_two_commands_that_do_all() -> None:
    assert README.startswith("# speccheck\n\n```sh\npython3 -m venv .venv && ")
    assert len(blocks("sh")[0].splitlines()) == 2


def test_the_integration_runs_what_the_readme_says() -> None:
    assert steps_of_the_integration() == steps_of_the_readme()


def test_every_link_of_the_readme_leads_to_a_file() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert "LICENSE" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_path_in_the_first_command_is_a_bundled_spec() -> None:
    path = steps_of_the_readme()[2][-1]
    assert path.startswith("specs/") and (ROOT / path).is_file()


def test_the_spec_of_the_readme_fails_as_the_text_says(tmp_path: Path) -> None:
    spec = tmp_path / "naive_lock.py"
    spec.write_text(blocks("python")[0], encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "speccheck", "run", spec], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and "mutual_exclusion" in done.stdout, done.stdout + done.stderr
    expected = blocks("python")[0].replace("class NaiveLock", '@model(violates="mutual_exclusion")\nclass NaiveLock')
    spec.write_text(expected, encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "speccheck", "run", spec], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
