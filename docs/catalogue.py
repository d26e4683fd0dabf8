"""Writes `specs/README.md`, the table of contents of the bundled specs: `python docs/catalogue.py`; a test notices when it is out of date."""  # noqa: INP001

import inspect
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from speccheck import Result, Verdict
from speccheck.checker.bundled import CHAPTERS, bundled, bundled_chapters
from speccheck.checker.run import Report, RunOptions, run
from speccheck.domains.neutral import text
from speccheck.trace.trace import Step, Trace

README = Path(__file__).parent.parent / "specs/README.md"
LONGEST_STORY = 16  # steps; of a longer one the beginning and the end are told
HEAD = """\
# Bundled specs

Protocols that teams get wrong in production, each with the design that works and the variants that are shipped first. Every line of a
table is a model that is checked: what comes out is what its `@model` line says, and the story is the shortest one.

```sh
speccheck run bundled:dual_write             # one of them
speccheck run bundled:migration              # a chapter
speccheck new --from bundled:staged_rollout  # a copy, to adapt to your own fleet
```

The small models tell the shortest stories. Where a design holds, one model is as large as it must be to be believed: three or four
instances, several crashes, a longer queue. Models that are marked *slow* are left out by `speccheck run` unless they are asked for
(`--tags slow`, `--tags all`): they have more than 150,000 states, or five interchangeable members, which takes seconds with a C
compiler and minutes without one. Knobs are the constants and sizes that `-D NAME=VALUE` changes, with their defaults. The page is made
by `python docs/catalogue.py`.
"""


def catalogue(reports: Mapping[str, Report]) -> str:
    """Return the page; `reports` are what came out for each file, by its path."""
    page = HEAD
    for chapter, names in bundled_chapters().items():
        page += f"\n## {CHAPTERS[chapter]}\n"
        for name in names:
            page += _spec(chapter, name, reports[bundled(name)])
    return page


def _spec(chapter: str, name: str, report: Report) -> str:
    first = inspect.cleandoc(inspect.getdoc(_module_of(report)) or "").split("\n\n")[0]
    page = f"\n### [{name}]({chapter}/{name}.py)\n\n{_flat(first)}\n\nKnobs: {_knobs(report)}.\n\n| model | states | what comes out, and how |\n|---|---|---|\n"
    for spec, results in groupby(report.results, key=lambda result: result.model.spec.__qualname__):
        models = list(results)
        page += f"| **{spec}** | | {_cell(_sentence(models[0].model.doc))} |\n"
        for result in models:
            page += f"| `{result.model.name}` | {result.distinct:,} | {_cell(_outcome(result))} |\n"
    for model in report.left_out:
        page += f"| `{model.name}` (slow) | {model.expectation.distinct:,} | {_cell(_expected(model.expectation.violates))} |\n"
    return page


def _knobs(report: Report) -> str:
    """Return the constants and sorts with their defaults: what they are in a model that does not override them."""
    found: dict[str, str] = {}
    for model in (result.model for result in report.results):
        found |= {name: f"`{name}={value}`" for name, value in model.constants.items() if name not in model.overridden and name not in found}
    return ", ".join(found.values()) or "none"


def _module_of(report: Report) -> object:
    """Return something whose docstring is that of the module."""
    import ast

    text_of = Path(report.results[0].model.file).read_text(encoding="utf-8")
    doc = ast.get_docstring(ast.parse(text_of)) or ""
    return type("Module", (), {"__doc__": doc})


def _expected(violates: tuple[str, ...]) -> str:
    return f"violates {_names(violates)}" if violates else "all hold"


def _outcome(result: Result) -> str:
    refuted = [p for p in result.properties if p.verdict is Verdict.VIOLATED]
    if not refuted:
        return "all hold"
    told = min((p for p in refuted if p.trace is not None), key=lambda p: len(p.trace.steps) if p.trace else 0, default=None)
    story = f": {_story(told.trace)}" if told is not None and told.trace is not None else ""
    which = f" ({told.name})" if told is not None and len(refuted) > 1 else ""
    return f"violates {_names(tuple(p.name for p in refuted))}{story}{which}"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _story(trace: Trace) -> str:
    steps = [step for step in (*trace.steps, *([trace.failed_step] if trace.failed_step else [])) if step.action is not None]
    words = [_step(step) for step in steps]
    loop = ""
    if trace.loop_start is not None:
        if trace.steps and trace.steps[-1].action is None:
            loop = "; and then nothing more" if words else "nothing happens at all"
        else:
            loop = f"; and again {', '.join(words[trace.loop_start :])} for ever"
            words = words[: trace.loop_start] or []
    if len(words) > LONGEST_STORY:
        words = [*words[:6], f"... {len(words) - 12} more ...", *words[-6:]]
    return ", ".join(words) + (loop if words else loop.removeprefix("; and "))


def _step(step: Step) -> str:
    values = ", ".join(text(value) for _, value in step.parameters)
    return f"{step.action}({values})" if values else str(step.action)


def _sentence(doc: str) -> str:
    return _flat(doc.split("\n\n")[0])


def _flat(words: str) -> str:
    return " ".join(words.split())


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def reports() -> dict[str, Report]:
    """Check all bundled specs."""
    return {bundled(name): run((bundled(name),), RunOptions()) for names in bundled_chapters().values() for name in names}


if __name__ == "__main__":
    README.write_text(catalogue(reports()), encoding="utf-8")
