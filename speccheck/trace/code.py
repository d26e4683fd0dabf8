"""The code of a step: the lines of the user's file that say what it does.

In: the place of the step. Out: its lines with their numbers: a whole method, or, of a process, what follows a label::

    18 |     def look(self, c: Clerk) -> None:
    19 |         require(c not in self.done)
"""

from speccheck.source import Span, source_line

MOST_LINES = 40


def code_lines(span: Span) -> list[tuple[int, str]]:
    """Return the numbered lines of the code that begins at a place; none where the file cannot be read."""
    head = source_line(span.file, span.line)
    if not head.strip():
        return []
    is_method = head.lstrip().startswith(("def ", "async def "))
    found = [(span.line, head)]
    for number in range(span.line + 1, span.line + MOST_LINES):
        text = source_line(span.file, number)
        if text.strip() and _ends(text, head, is_method):
            break
        found.append((number, text))
    while not found[-1][1].strip():
        found.pop()
    return found


def _ends(text: str, head: str, is_method: bool) -> bool:
    """Whether a line belongs to something else: it stands as far left as a method (but not the end of its parameters), or is the next label of a process."""
    further_right = _indentation(text) - _indentation(head)
    if is_method:
        return further_right <= 0 and not text.lstrip().startswith(")")
    return further_right < 0 or text.lstrip().startswith("yield")


def _indentation(text: str) -> int:
    return len(text) - len(text.lstrip())
