"""Writes into a document what its sessions print now: `python docs/refresh.py docs/tutorial/migration.md`. Read the difference before you keep it."""  # noqa: INP001

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.surfaces.test_docs import Block, Session, blocks_of, in_session, normalised


def refreshed(document: Path) -> str:
    """Return the text of a document with the output of its console sessions as it is now."""
    text, at, made = document.read_text(encoding="utf-8"), 0, ""
    folder = Path(tempfile.mkdtemp())
    sys.path.insert(0, str(folder))
    os.chdir(folder)
    session = Session(folder)
    for block in filter(in_session, blocks_of(document)):
        if block.language != "console":
            wrong = session.take(block)
            if wrong:
                print(f"{document}:{block.line}: {wrong}", file=sys.stderr)  # noqa: T201
            continue
        start = text.index(f"```console\n{block.text}```", at)
        made += text[at:start] + f"```console\n{_shown(session, block)}```"
        at = start + len(f"```console\n{block.text}```")
    return made + text[at:]


def _shown(session: Session, block: Block) -> str:
    lines = [line.removeprefix("$ ") for line in block.text.splitlines() if line.startswith("$ ")]
    shown = "".join(f"$ {line}\n{session.printed(line)}".rstrip("\n") + "\n" for line in lines)
    return block.text if normalised(shown) == normalised(block.text) else normalised(shown) + "\n"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name).resolve()
        path.write_text(refreshed(path), encoding="utf-8")
