"""Names that one can write, for those of ours when a spec is written out.

writer.pc       ->  writer_pc            constant.0      ->  WRITER_REST
acquire.n       ->  acquire_n            writer.(crash)  ->  writer_crash
"""

import ast
import re
from collections.abc import Mapping
from typing import Any

from speccheck.model.processes.actions import DISABLE
from speccheck.model.processes.translate import ENDED, Translation, Written


class PlainNames:
    """Names that one can write for those of ours: `writer.pc` is `writer_pc`, unless something else has that name."""

    def __init__(self, translations: Mapping[Any, Translation], taken: set[str]) -> None:
        self.taken = taken
        self.known: dict[str, str] = {}
        self.given = set(taken)

    def of(self, cls: Any, process: str, name: str) -> str:
        """Return the name for one of ours; constants are told apart by class and process."""
        key = f"{cls.__name__}.{process}.{name}" if name.startswith("constant.") else name
        if key not in self.known:
            plain = self._plain(process, name)
            while plain in self.given:
                plain += "_"
            self.given.add(plain)
            self.known[key] = plain
        return self.known[key]

    def _plain(self, process: str, name: str) -> str:
        if name == ENDED:
            return "processes_ended"
        if name.startswith("("):
            return re.sub(r"\W+", "_", name.strip("()"))
        if name.startswith("constant."):
            return f"{process}_rest".upper()
        return re.sub(r"\W+", "_", name.replace("(", "").replace(")", ""))

    def renamed(self, cls: Any, one: Written, tree: ast.FunctionDef) -> ast.FunctionDef:
        """Rename everything of ours in a function; its own locals get names that nothing else in it has."""
        used = {part.id for part in ast.walk(tree) if isinstance(part, ast.Name)}
        local: dict[str, str] = {}
        for part in ast.walk(tree):
            match part:
                case ast.Name(id=name) if name == DISABLE:
                    part.id = "disable"
                case ast.Name(id=name) if name in one.parts.made.sources:
                    part.id = self.of(cls, one.parts.name, name)
                case ast.Name(id=name) if "." in name:
                    part.id = self._local(name, local, used)
                case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name) if "." in name:
                    part.name = self._local(name, local, used)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str() as name) if "." in name and part is not tree:
                    part.name = self._local(name, local, used)
                case ast.alias(asname=str() as name) if "." in name:
                    part.asname = self._local(name, local, used)
                case ast.Attribute(attr=attr) if "." in attr:
                    part.attr = self.of(cls, one.parts.name, attr)
        tree.name = self.of(cls, one.parts.name, tree.name)
        return tree

    def _local(self, name: str, known: dict[str, str], used: set[str]) -> str:
        """Return the name of a local of ours in one function."""
        if name not in known:
            plain = re.sub(r"\W+", "_", name.replace("(", "").replace(")", ""))
            while plain in used:
                plain += "_"
            known[name] = plain
            used.add(plain)
        return known[name]
