"""What the documentation says is so: its sessions are run, its examples are checked, its links lead somewhere.

The words behind the language of a block say what becomes of it. The blocks of a document are one session in one folder, from the first to the last::

    ```python file=lock.py      writes the file (also: toml)
    ```diff file=lock.py        changes it: what stands there with ` ` and `-` is replaced by what stands there with ` ` and `+`
    ```console                  runs what stands behind `$ `, and compares what is printed
    ```pycon                    runs a Python session, and compares what is printed
    ```mermaid trace=FILE       is the diagram of the trace in the file

An example stands alone. Without `class ...(Spec)` it is the body of one, see `FRAME`::

    ```python                   must be as expected
    ```python raises=SC302      must end with this error
    ```python violates=domain   must violate these properties and no others (also: unknown=, findings=)
    ```text                     after an example: lines that its report contains

Other languages (`tla`, `sh` ...), and blocks without one, are only read.
"""

import doctest
import os
import re
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

import pytest

from speccheck.checker.run import Report, RunOptions, run
from speccheck.errors import CATALOGUE, FINDINGS
from speccheck.reports import text
from speccheck.trace.styled import plain_text

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = sorted(DOCS.rglob("*.md"))
READ_ONLY = {"", "tla", "sh", "yaml", "json", "xml", "c"}

# What an example may use without saying so.
FRAME = '''\
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from speccheck import *


class Proc(Sort, size=2):
    """A process."""


class Node(Sort, size=3, ordered=True):
    """A member of a ring."""
'''
BODY = """

class Example(Spec, deadlock=False):
{body}

    @reachable
    def some_state(self) -> bool:
        return True
"""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the words behind it, its text, and its line."""

    language: str
    words: dict[str, str]
    text: str
    line: int


def blocks_of(document: Path) -> list[Block]:
    """Return the fenced blocks of a document, those in lists without their indentation."""
    source = document.read_text(encoding="utf-8")
    found = []
    for match in re.finditer(r"^( *)```([^\n]*)\n(.*?)^\1```$", source, re.MULTILINE | re.DOTALL):
        margin, head, body = match.groups()
        language, *words = head.split() or [""]
        body = re.sub(rf"^{margin}", "", body, flags=re.MULTILINE)
        found.append(Block(language, dict(word.partition("=")[::2] for word in words), body, source.count("\n", 0, match.start()) + 1))
    return found


def name_of(document: Path) -> str:
    """Return the path of a document below the folder of all."""
    return document.relative_to(DOCS).as_posix()


# -------------------------------------------------- sessions


def normalised(printed: str) -> str:
    """Return what was printed without what differs from run to run and from machine to machine: times, rates, memory, and blanks at the ends."""
    printed = re.sub(r"\b[\d.,]+ ?s( \([\d,]+ states/s, [\d,]+ MB\))?$", "0.00 s", printed, flags=re.MULTILINE)
    printed = re.sub(r"( +)(\d+\.\d\d)( *)(?=\s|$)", lambda match: " " + "0.00".rjust(len(match[0]) - 1 - len(match[3])) + match[3], printed)
    return re.sub(r"[ \t]+$", "", printed, flags=re.MULTILINE).strip("\n")


class Session:
    """The folder of one document's session, and what is remembered from block to block; pytest has the plugin if the checkout is `installed` somewhere."""

    def __init__(self, folder: Path, installed: Path | None = None) -> None:
        self.folder = folder
        self.path = os.pathsep.join(map(str, filter(None, (installed, ROOT))))
        self.exit_code = 0
        self.names: dict[str, object] = {"__name__": "session"}

    def take(self, block: Block) -> str:
        """Run a block; what is wrong with it."""
        match block.language:
            case "python" | "toml":
                path = self.folder / block.words["file"]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
                return ""
            case "diff":
                return self.changed(block)
            case "console":
                return self.typed(block)
            case "pycon":
                return self.python(block)
            case "mermaid":
                shown = self.printed(f"speccheck trace show {block.words['trace']} --format mermaid 2>/dev/null")
                return "" if shown.rstrip("\n") == block.text.rstrip("\n") else f"the diagram is:\n\n{shown}"
        raise AssertionError(block)

    def changed(self, block: Block) -> str:
        path = self.folder / block.words["file"]
        source = path.read_text(encoding="utf-8")
        lines = block.text.splitlines()
        before = "".join(line[1:] + "\n" for line in lines if not line.startswith("+"))
        after = "".join(line[1:] + "\n" for line in lines if not line.startswith("-"))
        if source.count(before) != 1:
            return f"the place to be changed is there {source.count(before)} times:\n{before}\n--- in ---\n{source}"
        path.write_text(source.replace(before, after), encoding="utf-8")
        return ""

    def typed(self, block: Block) -> str:
        shown = ""
        for line in block.text.splitlines():
            if line.startswith("$ "):
                shown += f"{line}\n{self.printed(line.removeprefix('$ '))}".rstrip("\n") + "\n"
        return "" if normalised(shown) == normalised(block.text) else f"it prints:\n\n{shown}"

    def printed(self, command: str) -> str:
        """Run a command as a terminal would that is no terminal: what it prints, errors last."""
        words = {"speccheck": "-m speccheck", "pytest": "-m pytest -p no:cacheprovider", "python": ""}
        functions = "; ".join(f'{word}() {{ "{sys.executable}" {meaning} "$@"; }}' for word, meaning in words.items())
        script = f"{functions}; (exit {self.exit_code}); {command}"
        environment = {**os.environ, "PYTHONPATH": self.path, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        environment |= {"COLUMNS": "100"}  # the width of what pytest draws
        done = subprocess.run(["sh", "-c", script], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
        self.exit_code = done.returncode
        return done.stdout + done.stderr

    def python(self, block: Block) -> str:
        test = doctest.DocTestParser().get_doctest(block.text, self.names, "session", None, block.line)
        said: list[str] = []
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(test, out=said.append, clear_globs=False)
        self.names.update(test.globs)
        return "".join(said)


def in_session(block: Block) -> bool:
    return block.language in ("console", "pycon", "diff", "mermaid") or "file" in block.words


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if any(map(in_session, blocks_of(d)))], ids=name_of)
def test_every_session_prints_what_the_document_shows(document: Path, tmp_path: Path, installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    loaded = set(sys.modules)
    session = Session(tmp_path, installed)
    try:
        for block in filter(in_session, blocks_of(document)):
            wrong = session.take(block)
            assert not wrong, f"{name_of(document)}:{block.line}: {wrong}"
    finally:
        for name in [one for one, module in sys.modules.items() if one not in loaded and str(tmp_path) in str(getattr(module, "__file__", ""))]:
            del sys.modules[name]


# -------------------------------------------------- examples


def examples() -> list[tuple[str, Block, str]]:
    """Return every example with where it stands and the lines that its report must contain."""
    found = []
    for document in DOCUMENTS:
        blocks = blocks_of(document)
        for block, after in zip(blocks, [*blocks[1:], None], strict=False):
            if block.language == "python" and not in_session(block):
                found.append((f"{name_of(document)}:{block.line}", block, after.text if after is not None and after.language == "text" else ""))
    return found


EXAMPLES = examples()


def checked(block: Block, folder: Path) -> Report:
    """Check an example with what it may use."""
    body = block.text
    if not re.search(r"^class \w+\(.*\bSpec\b", body, re.MULTILINE):
        body = BODY.format(body=indent(body, "    "))
    spec = folder / "example.py"
    # What an example imports itself stays what it says; a future import must come first.
    spec.write_text(body if "import " in body else FRAME + "\n\n" + body, encoding="utf-8")
    return run((str(spec),), RunOptions())


def listed(block: Block, word: str) -> set[str]:
    return set(filter(None, block.words.get(word, "").split(",")))


@pytest.mark.parametrize(("block", "said"), [(block, said) for _, block, said in EXAMPLES], ids=[place for place, _, _ in EXAMPLES])
def test_every_example_is_what_the_document_says(block: Block, said: str, tmp_path: Path) -> None:
    report = checked(block, tmp_path)
    shown = plain_text(text.lines(report))
    found = [(one, verdict) for result in report.results for one, verdict in result.verdicts.items()]
    assert {one.code for error in report.errors for one in error.errors} == listed(block, "raises"), shown
    if not listed(block, "raises") and not block.words:
        assert all(result.as_expected for result in report.results) and report.results, shown
    for word, verdict in (("violates", "VIOLATED"), ("unknown", "UNKNOWN")):
        if block.words and not listed(block, "raises"):
            assert {name for name, one in found if one.value == verdict} == listed(block, word), shown
    if "findings" in block.words:
        assert {finding.code for result in report.results for finding in result.findings} == listed(block, "findings"), shown
    for line in said.splitlines():
        assert line.strip() in shown, f"{line.strip()}\n--- is not in ---\n{shown}"


# -------------------------------------------------- links and tables


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    source = re.sub(r"^( *)```.*?^\1```$", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    heads = re.findall(r"^#+ (.*)$", source, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken_links(document: Path) -> list[str]:
    """Return the links of a document that lead nowhere."""
    broken = []
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", document.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    assert broken_links(document) == []


def test_every_document_can_be_reached_from_the_contents() -> None:
    seen, pending = set(), [DOCS / "index.md"]
    while pending:
        document = pending.pop()
        if document not in seen and document.suffix == ".md":
            seen.add(document)
            links = re.findall(r"\]\((?!https?:)([^)#\s]+)", document.read_text(encoding="utf-8"))
            pending += [target for link in links if (target := (document.parent / link).resolve()).is_file()]
    assert [name_of(one) for one in DOCUMENTS if one not in seen] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_block_is_run_or_of_a_language_that_is_only_read(document: Path) -> None:
    known = {"python", "toml", "diff", "console", "pycon", "mermaid", "text"} | READ_ONLY
    assert [f"{name_of(document)}:{block.line}" for block in blocks_of(document) if block.language not in known] == []


def test_every_code_that_a_document_mentions_is_in_the_catalogue() -> None:
    mentioned = {code for document in DOCUMENTS for code in re.findall(r"\bSC\d{3}\b", document.read_text(encoding="utf-8"))}
    assert mentioned <= {*CATALOGUE, *FINDINGS}, mentioned - {*CATALOGUE, *FINDINGS}


def test_every_folder_of_the_package_is_on_the_page_of_the_architecture() -> None:
    page = (DOCS / "internals/architecture.md").read_text(encoding="utf-8")
    folders = [path.parent.relative_to(ROOT / "speccheck").as_posix() for path in (ROOT / "speccheck").rglob("__init__.py")]
    assert [folder for folder in folders if not re.search(rf"(?<!\w){folder.rpartition('/')[2]}(?!\w)", page)] == []


def test_every_decision_is_in_the_contents_and_says_what_follows() -> None:
    contents = (DOCS / "decisions/index.md").read_text(encoding="utf-8")
    for record in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        lines = record.read_text(encoding="utf-8").splitlines()
        assert f"[{lines[0].partition('. ')[2]}]({record.name})" in contents
        assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]


def test_the_page_of_errors_is_the_catalogue() -> None:
    made = runpy.run_path(str(DOCS / "generate.py"))["errors_page"]()
    assert (DOCS / "reference/errors.md").read_text(encoding="utf-8") == made, "run: python docs/generate.py"
