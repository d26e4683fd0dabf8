"""README.md says what is so: its commands are those of the continuous integration, its links lead somewhere, its spec does what the text says."""

import re
import shlex
from pathlib import Path

from tests.surfaces.test_docs import Session, blocks_of, in_session

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """Return the commands at the top."""
    return blocks_of(ROOT / "README.md")[0].text.splitlines()


def steps_of_the_readme() -> list[list[str]]:
    """Return what the two commands at the top do, step by step."""
    return [shlex.split(step) for command in commands() for step in command.split(" && ")]


def steps_of_the_integration() -> list[list[str]]:
    """Return what .ci/run does in its fresh environments, with the README's name for them, and without the option that runs tests in parallel."""
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    lines = [re.sub(r'"\$environments/\w+(.*?)"', r".venv\1", line) for line in script.splitlines() if "$environments/" in line]
    return [shlex.split(line.replace(" -n 2", "")) for line in lines]


def test_the_readme_begins_with_the_two_commands_that_do_all() -> None:
    assert README.startswith("# speccheck\n\n```sh\npython3 -m venv .venv && ")
    assert len(commands()) == 2


def test_the_integration_runs_what_the_readme_says() -> None:
    assert steps_of_the_integration() == steps_of_the_readme()


def test_every_link_of_the_readme_leads_to_a_file() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert "LICENSE" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_path_in_the_first_command_is_a_bundled_spec() -> None:
    path = steps_of_the_readme()[2][-1]
    assert path.startswith("specs/") and (ROOT / path).is_file()


def test_the_session_of_the_readme_prints_what_it_shows(tmp_path: Path) -> None:
    session = Session(tmp_path)
    wrong = [session.take(block) for block in blocks_of(ROOT / "README.md") if in_session(block)]
    assert wrong == ["", ""]


def test_the_spec_of_the_readme_is_as_expected_once_it_says_so(tmp_path: Path) -> None:
    spec = next(block.text for block in blocks_of(ROOT / "README.md") if block.language == "python")
    marked = spec.replace("invariant, require", "invariant, model, require").replace("class NaiveLock", '@model(violates="mutual_exclusion")\nclass NaiveLock')
    (tmp_path / "naive_lock.py").write_text(marked, encoding="utf-8")
    session = Session(tmp_path)
    session.printed("speccheck run naive_lock.py")
    assert session.exit_code == 0
