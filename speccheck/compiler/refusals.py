"""What the compiler refuses: a construct outside the compiled subset, with its place and a way out. The Python engine runs it all the same."""

from typing import Never

from speccheck.source import Span


class NotCompiled(Exception):
    """A rule uses something that is not compiled. `construct` says what, `remedy` what to write instead."""

    def __init__(self, construct: str, span: Span | None = None, remedy: str | None = None) -> None:
        super().__init__(construct)
        self.construct, self.span, self.remedy = construct, span, remedy


def refuse(construct: str, span: Span | None = None, remedy: str | None = None) -> Never:
    """Raise NotCompiled."""
    raise NotCompiled(construct, span, remedy)
