"""The configuration in pyproject.toml."""

from pathlib import Path

import pytest

from speccheck.checker.configuration import Configuration, configuration_of, in_force, key_of
from speccheck.checker.settings import NAMES, Settings
from speccheck.errors import BadSetting, SpeccheckError

EVERYTHING = """\
[project]
name = "x"

[tool.speccheck]
paths = ["specs", "bundled:two_phase"]
tags = ["slow", "nightly"]
strict = true
allow-incomplete = false
engine = "python"
workers = 2
max-states = 1_000_000
max-memory = "2GiB"
timeout = 60
rule-timeout = 0.5
accept = { SC505 = "checked by hand" }
jobs = 4
cache = true

[[tool.speccheck.overrides]]
path = "specs/slow/*.py"
timeout = "600"

[[ tool . "speccheck" . overrides ]]
path = "specs/odd.py"
max-memory = 5000000
"strict" = false
[other]
timeout = 3
"""


def written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    return path


def said(folder: Path) -> list[str]:
    """Return what is wrong with the configuration of a folder: line, message, and remedy where it is not that of all."""
    with pytest.raises(SpeccheckError) as raised:
        configuration_of(str(folder))
    errors = raised.value.errors
    assert {type(one) for one in errors} == {BadSetting} and {one.exit_code for one in errors} == {2}
    return [f"{one.span.line if one.span else ''}: {one.message}" + (f" {one.remedy}" if one.remedy != BadSetting.advice else "") for one in errors]


def test_every_key_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, EVERYTHING)
    found = configuration_of(str(tmp_path))
    assert found.file == str(file) and found.table == Settings(
        paths=(str(tmp_path / "specs"), "bundled:two_phase"), tags=("slow", "nightly"), strict=True, allow_incomplete=False, engine="python", workers=2,
        max_states=1_000_000, max_memory=2 << 30, timeout=60.0, rule_timeout=0.5, accept={"SC505": "checked by hand"}, jobs=4, cache=True,
    )  # fmt: skip
    assert set(found.lines) == set(NAMES) and (found.lines["paths"], found.lines["cache"]) == (5, 17)
    slow, odd = found.overrides
    assert (slow.folder, slow.pattern, slow.settings, slow.lines) == (str(tmp_path), "specs/slow/*.py", Settings(timeout=600.0), {"timeout": 21})
    assert (odd.pattern, odd.settings, odd.lines) == ("specs/odd.py", Settings(max_memory=5_000_000, strict=False), {"max_memory": 25, "strict": 26})


def test_the_nearest_file_with_a_table_of_ours_counts(tmp_path: Path) -> None:
    outer = written(tmp_path, "[tool.speccheck]\njobs = 1\n")
    written(tmp_path / "a", "[project]\nname = 'a'\n[tool.other]\njobs = 2\n")
    inner = written(tmp_path / "a/b", "[tool.speccheck]\n")
    (tmp_path / "a/b/c").mkdir()
    assert configuration_of(str(tmp_path / "a")).file == str(outer)
    assert configuration_of(str(tmp_path / "a/b/c")) == Configuration(str(inner))


def test_without_a_file_nothing_is_said(tmp_path: Path) -> None:
    assert configuration_of(str(tmp_path)) == Configuration()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("timeuot = 60", "there is no setting 'timeuot'. Did you mean 'timeout'? There are "),
        ("max_states = 60", "there is no setting 'max_states'. Did you mean 'max-states'? There are "),
        ("override = 60", "there is no setting 'override'. Did you mean 'overrides'? There are "),
        ("qqq = 1", "there is no setting 'qqq'. There are paths, tags, strict, "),
        ("strict = 'true'", 'strict = "true": expected true or false. Did you mean true?'),
        ("strict = 1", "strict = 1: expected true or false."),
        ("cache = 'yes'", 'cache = "yes": expected true or false.'),
        ("engine = 'pyhton'", "engine = \"pyhton\": expected one of auto, python, native. Did you mean 'python'?"),
        ("engine = 'tlc'", 'engine = "tlc": expected one of auto, python, native.'),
        ("paths = 'specs'", 'paths = "specs": expected a list of texts. Did you mean ["specs"]?'),
        ("paths = [1]", "paths = [1]: expected a list of texts."),
        ("tags = ['']", 'tags = [""]: expected a list of texts.'),
        ("max-states = 0", "max-states = 0: '0' is no positive number."),
        ("max-states = 1.5", "max-states = 1.5: '1.5' is no positive number."),
        ("workers = true", "workers = true: 'true' is no positive number."),
        ("jobs = []", "jobs = []: '[]' is no positive number."),
        ("timeout = -1", "timeout = -1: '-1' is no positive number of seconds."),
        ("timeout = inf", "timeout = inf: 'inf' is no positive number of seconds."),
        ("rule-timeout = 2024-01-01", "rule-timeout = datetime.date(2024, 1, 1): 'datetime.date(2024, 1, 1)' is no positive number of seconds."),
        ("max-memory = '5XB'", "max-memory = \"5XB\": '5XB' is no size of memory; write 500MB or 2GiB."),
        ("accept = ['SC505']", 'accept = ["SC505"]: expected a table such as { SC505 = "the reason why" }.'),
        ("accept = { SC599 = 'x' }", "accept = {\"SC599\": \"x\"}: there is no finding 'SC599'. Did you mean 'SC50"),
        ("accept = { SC505 = ' ' }", 'accept = {"SC505": " "}: SC505 is accepted without a reason.'),
        ("accept = { SC505 = true }", 'accept = {"SC505": True}: SC505 is accepted without a reason.'),
        ("overrides = 3", "'overrides' is no list of tables Write [[tool.speccheck.overrides]], with double brackets."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line_and_a_guess(line: str, wrong: str, tmp_path: Path) -> None:
    written(tmp_path, f"[tool.speccheck]\n# a comment\n{line}\n")
    (message,) = said(tmp_path)
    place = "0: " if line.startswith("overrides") else "3: "
    assert message.startswith(place + wrong)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("timeout = 3", "1: an override says for which files it is"),
        ("path = ''", "2: an override says for which files it is"),
        ("path = ['a', 'b']", "2: an override says for which files it is"),
        ("path = 'a'\njobs = 2", "3: 'jobs' is for the whole run, not for some files Write it below [tool.speccheck]."),
        ("path = 'a'\npaths = ['a']", "3: 'paths' is for the whole run"),
        ("path = 'a'\nstrcit = true", "3: there is no setting 'strcit'. Did you mean 'strict'? There are tags, "),
        ("path = 'a'\n[[tool.speccheck.overrides]]\npath = 'b'\ntimeout = 'x'", "5: timeout = \"x\": 'x' is no positive number of seconds."),
    ],
)
def test_what_is_wrong_with_an_override_is_said_too(text: str, wrong: str, tmp_path: Path) -> None:
    written(tmp_path, f"[[tool.speccheck.overrides]]\n{text}\n")
    assert said(tmp_path)[0].startswith(wrong)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    written(tmp_path, "[tool.speccheck]\nstrict = 3\ntimeout = 0\n[[tool.speccheck.overrides]]\npath = 'a'\nengine = 4\n")
    assert [one.partition(" ")[0] for one in said(tmp_path)] == ["2:", "3:", "6:"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[tool.speccheck]\npaths = [1,,]\n", "2: the file cannot be read: Invalid value Correct the file."),
        ("[project\n", "1: the file cannot be read: Expected ']' at the end of a table declaration Correct the file."),
        ("[tool]\nspeccheck = 3\n", "2: 'speccheck' is no table Write [tool.speccheck]."),
    ],
)
def test_a_file_that_is_no_toml_is_an_error_although_it_may_not_concern_us(text: str, wrong: str, tmp_path: Path) -> None:
    written(tmp_path, text)
    assert said(tmp_path) == [wrong]


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    assert said(tmp_path) == ["0: the file cannot be read: Is a directory Correct the file."]
    (tmp_path / "pyproject.toml").rmdir()
    (tmp_path / "pyproject.toml").write_bytes(b"# \xff\n")
    assert "cannot be read: 'utf-8' codec can't decode" in said(tmp_path)[0]


def test_where_the_line_cannot_be_told_the_file_is_named(tmp_path: Path) -> None:
    written(tmp_path, "tool = { speccheck = { strict = 3 } }\n")
    assert said(tmp_path) == ["0: strict = 3: expected true or false."]


def test_what_is_in_force_comes_from_somewhere(tmp_path: Path) -> None:
    written(tmp_path, EVERYTHING)
    found = configuration_of(str(tmp_path))

    def told(file: str | None, name: str) -> tuple[object, int | None]:
        one = next(one for one in in_force(found, file) if one.name == name)
        return one.value, one.origin.line if one.origin else None

    assert [key_of(one.name) for one in in_force(found)] == [key_of(name) for name in NAMES]
    assert told(None, "timeout") == (60.0, 13)
    assert told(str(tmp_path / "specs/slow/a.py"), "timeout") == (600.0, 21)
    assert told(str(tmp_path / "specs/odd.py"), "strict") == (False, 26)
    assert all(one.origin is None for one in in_force(Configuration()))
    assert {one.name: one.value for one in in_force(Configuration())}["rule_timeout"] == 10.0
