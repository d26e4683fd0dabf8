"""Writes the pages that are made from the code: `python docs/generate.py`; a test notices when one is out of date."""  # noqa: INP001

from pathlib import Path

from speccheck.cli.explain import CHAPTERS
from speccheck.errors import CATALOGUE, FINDINGS

ERRORS = Path(__file__).parent / "reference/errors.md"
HEAD = """\
# Errors and findings

What the user must change is an *error*; it has a code, a place, a reason and a remedy. What is probably a mistake although nothing is violated is a *finding*.
A spec that is refuted is neither: that is a verdict. `speccheck explain CODE` prints an entry of this page.

The page is made from `speccheck/errors.py` by `python docs/generate.py`.
"""


def errors_page() -> str:
    """Return the page of all errors and findings, chapter by chapter."""
    entries = {code: _error(code) for code in CATALOGUE} | {code: _finding(code) for code in FINDINGS}
    page, chapter = HEAD, ""
    for code in sorted(entries):
        if code[2] != chapter:
            chapter = code[2]
            page += f"\n## {chapter}xx: {CHAPTERS[chapter]}\n"
        page += "\n" + entries[code]
    return page


def _error(code: str) -> str:
    error = CATALOGUE[code]
    return f"### {code}: {error.title}\n\n{_flat(error.__doc__ or '')}\n\n*Remedy:* {error.advice} (exit code {error.exit_code})\n"


def _finding(code: str) -> str:
    title, meaning = FINDINGS[code]
    return f"### {code}: {title}\n\n{_flat(meaning)}\n"


def _flat(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    ERRORS.write_text(errors_page(), encoding="utf-8")
