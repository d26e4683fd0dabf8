"""What went wrong while a module was executed, in the words of the catalogue.

In: the exception, and which files are the user's. Out: a SpeccheckError with the innermost place in one of them, and a guess where a name is misspelt::

    NameError: name 'Literl' is not defined  ->  specs/x.py:9:8: SC105 NameError: name 'Literl' is not defined. Did you mean 'Literal'?
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from types import FrameType, ModuleType

from speccheck.domains.evaluation import Disabled
from speccheck.domains.parts import OutsideDomain
from speccheck.errors import ExitedAtImport, ImportFailed, Misuse, RaisedAtImport, SpeccheckError, did_you_mean
from speccheck.model.sources import syntax_error
from speccheck.model.unordered import span_in
from speccheck.source import Span

PRIVATE = "_speccheck_"
_PRIVATE_PREFIX = re.compile(rf"\b{PRIVATE}\d+\.")


def public_names(text: str) -> str:
    """Return a text without the prefixes that modules get for one load: they are nobody's business, and differ from run to run."""
    return _PRIVATE_PREFIX.sub("", text)


def catalogued(raised: BaseException, file: str, is_users: Callable[[str], bool], modules: Mapping[str, ModuleType]) -> SpeccheckError | None:
    """Return the error to report for an exception that ended the execution of a module; None for what is not to be stopped, such as KeyboardInterrupt.

    `is_users` says which files are the user's; `modules` are the modules of the load, also those that failed.
    """
    frame, place = _innermost(raised, is_users)
    span = place or Span(file)
    match raised:
        case Misuse():
            return _placed(raised.error, span)
        case SpeccheckError():
            return _placed(raised, span)
        case SyntaxError() if raised.filename is not None and is_users(raised.filename):
            return syntax_error(raised)
        case ImportError():
            return _import_failed(raised, span, {**sys.modules, **modules})
        case SystemExit():
            return ExitedAtImport(f"the module calls sys.exit({'' if raised.code is None else repr(raised.code)}) when it is imported", span=span)
        case Disabled():
            return RaisedAtImport("a step that is tried at module level is not possible: its `require` is false", span=span)
        case Exception() | OutsideDomain():
            guess = _guess(raised, frame)
            return RaisedAtImport(f"{_told(raised)}{'.' if guess else ''}{guess}", span=span, notes=getattr(raised, "__notes__", ()))
    return None


def _innermost(raised: BaseException, is_users: Callable[[str], bool]) -> tuple[FrameType | None, Span | None]:
    """Return the innermost frame of the user's that the exception passed, and the place in it."""
    found: tuple[FrameType | None, Span | None] = (None, None)
    step = raised.__traceback__
    while step is not None:
        if is_users(step.tb_frame.f_code.co_filename):
            found = (step.tb_frame, span_in(step.tb_frame, step.tb_lasti, step.tb_lineno))
        step = step.tb_next
    return found


def _placed(error: SpeccheckError, span: Span) -> SpeccheckError:
    for one in error.errors:
        one.span = one.span or span
    return error


def _told(raised: BaseException) -> str:
    """Return type and text as the last line of a traceback shows them, without the guess that some versions of Python append."""
    kind = type(raised)
    name = kind.__qualname__ if kind.__module__ in ("builtins", OutsideDomain.__module__) else f"{kind.__module__}.{kind.__qualname__}"
    try:
        text = str(raised)
    except Exception:
        text = "<its text cannot be shown>"
    return public_names(f"{name}: {text}" if text else name)


def _import_failed(raised: ImportError, span: Span, modules: Mapping[str, ModuleType]) -> ImportFailed:
    message = public_names(str(raised)) or "ImportError"
    missing = re.match(r"cannot import name '(\w+)' from (?:partially initialized module )?'([\w.]+)'", str(raised))
    if missing is not None:
        known = dir(modules.get(missing[2]))
        return ImportFailed(_guessed(message, missing[1], known), span=span, remedy="Correct the name, or define it before it is imported.")
    if isinstance(raised, ModuleNotFoundError) and raised.name:
        beside = _modules_beside(span.file)
        name = raised.name.rpartition(".")[2]
        return ImportFailed(_guessed(message, name, [*beside, *(n for n in sys.stdlib_module_names if not n.startswith("_"))]), span=span)
    return ImportFailed(message, span=span)


def _guess(raised: BaseException, frame: FrameType | None) -> str:
    match raised:
        case NameError(name=str(name)) if frame is not None:
            return did_you_mean(name, [*frame.f_locals, *frame.f_globals, *frame.f_builtins])
        case AttributeError(name=str(name), obj=owner) if owner is not None:
            return did_you_mean(name, [n for n in dir(owner) if not n.startswith("_")])
    return ""


def _guessed(message: str, word: str, known: Iterable[str]) -> str:
    guess = did_you_mean(word, known)
    return f"{message}.{guess}" if guess else message


def _modules_beside(file: str) -> list[str]:
    try:
        return [name.removesuffix(".py") for name in os.listdir(os.path.dirname(file)) if name.endswith(".py")]
    except OSError:
        return []
