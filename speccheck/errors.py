"""The catalogue of everything that the user has to change.

One class per message. The class says what is always true of it (code, exit code, remedy, and in its docstring the explanation that `speccheck explain CODE`
prints); an instance says what happened here (message, place, and a remedy of its own where one can be guessed).

Three kinds of trouble take three ways: a spec that is refuted is a Verdict, what the user must change is a `SpeccheckError`, and a mistake of ours is an
`assert`.
"""

import difflib
from collections.abc import Iterable
from typing import Any, ClassVar

from speccheck.source import Span

EXIT_UNEXPECTED = 1
EXIT_USAGE = 2
EXIT_SPEC = 3
EXIT_INCONCLUSIVE = 4
EXIT_NOTHING = 5
EXIT_FINDING = 6
EXIT_BUG = 70
EXIT_INTERRUPTED = 130

CATALOGUE: dict[str, "type[SpeccheckError]"] = {}


class SpeccheckError(Exception):
    """Something that the user must change.

    `message` is one sentence, `span` the place in the user's file (None where there is none), `remedy` what to do, `notes` further lines. `trace` is the way to
    the state where a rule was misused, filled in by the checker.
    """

    code: ClassVar[str] = ""
    title: ClassVar[str] = ""
    exit_code: ClassVar[int] = EXIT_SPEC
    advice: ClassVar[str] = ""

    def __init__(self, message: str, *, span: Span | None = None, remedy: str | None = None, notes: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.remedy = remedy if remedy is not None else self.advice
        self.notes = tuple(notes)
        self.trace: Any = None

    def __init_subclass__(cls) -> None:
        if cls.code:
            assert cls.code not in CATALOGUE, cls.code
            CATALOGUE[cls.code] = cls

    def __str__(self) -> str:
        place = f"{self.span}: " if self.span else ""
        remedy = f"\n  remedy: {self.remedy}" if self.remedy else ""
        return f"{place}{self.code} {self.message}{remedy}"

    @property
    def errors(self) -> tuple["SpeccheckError", ...]:
        """The single errors: this one, or the members of a group."""
        return (self,)


class SpecErrors(SpeccheckError):
    """Several errors of one file, reported together."""

    def __init__(self, errors: Iterable[SpeccheckError]) -> None:
        unique = {(e.code, e.span or getattr(e, "field", None), e.message): e for e in errors}  # two variables may have the same mistake
        self._errors = tuple(sorted(unique.values(), key=lambda e: (e.span or Span(""), e.code, e.message)))
        super().__init__(f"{len(self._errors)} errors")

    def __str__(self) -> str:
        return "\n".join(str(e) for e in self._errors)

    @property
    def errors(self) -> tuple[SpeccheckError, ...]:
        return self._errors


def raise_all(errors: Iterable[SpeccheckError]) -> None:
    """Raise nothing for no error, the error itself for one, a `SpecErrors` for several."""
    found = tuple(one for error in errors for one in error.errors)
    if len(found) == 1:
        raise found[0]
    if found:
        raise SpecErrors(found)


class Misuse(BaseException):
    """Carries a SpeccheckError out of a rule; a BaseException, so that no `except Exception` of a rule swallows it."""

    def __init__(self, error: SpeccheckError) -> None:
        super().__init__(str(error))
        self.error = error


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the nearest known word, or an empty string."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean '{near[0]}'?" if near else ""


# ---------------------------------------------------------------- 1xx: files, imports, selection, overrides


class FileMissing(SpeccheckError):
    """The path on the command line does not exist, or cannot be read. Nothing was checked, so the exit code is 5: a gate that points nowhere must not pass."""

    code = "SC101"
    title = "file missing"
    exit_code = EXIT_NOTHING
    advice = "Check the path; a folder is searched for modules that define a Spec."


class NotPython(SpeccheckError):
    """The file is not a Python source file: it is binary, has no .py ending, or is not encoded as it declares (UTF-8 unless a coding line says otherwise)."""

    code = "SC102"
    title = "not a Python file"
    advice = "Give a Python module (.py, UTF-8) or a folder of them."


class BadSyntax(SpeccheckError):
    """Python cannot parse the module. The message and the place are those of CPython."""

    code = "SC103"
    title = "syntax error"
    advice = "Correct the syntax; `python -m py_compile FILE` shows the same error."


class ImportFailed(SpeccheckError):
    """The module imports something that cannot be found. Modules beside the spec are importable by their names, as with `python spec.py`."""

    code = "SC104"
    title = "import error"
    advice = "Install the missing package in this environment, or correct the name."


class RaisedAtImport(SpeccheckError):
    """Running the module raised an exception. A spec's module is executed once for each set of constants."""

    code = "SC105"
    title = "exception at import"
    advice = "Run `python FILE` to see the whole traceback; constants may have values that the module does not expect."


class ExitedAtImport(SpeccheckError):
    """The module called `sys.exit` (or raised SystemExit) when it was imported."""

    code = "SC106"
    title = "exit at import"
    advice = 'Put the code that exits under `if __name__ == "__main__":`.'


class NoSpec(SpeccheckError):
    """The module defines no class derived from `Spec` that could be checked: none at all, or only abstract ones. Specs that are
    merely imported do not count.
    """

    code = "SC107"
    title = "no spec inside"
    exit_code = EXIT_NOTHING
    advice = "Define a class derived from speccheck.Spec; `speccheck new NAME` writes a starter."


class NothingSelected(SpeccheckError):
    """`--spec`, `--model` or `--property` matches nothing. Nothing was checked, so the exit code is 5."""

    code = "SC108"
    title = "nothing selected"
    exit_code = EXIT_NOTHING
    advice = "`speccheck list PATH` shows specs, models and properties."


class NothingToCheck(SpeccheckError):
    """A model with no property, no deadlock check and no expected count can neither pass nor fail."""

    code = "SC109"
    title = "nothing to check"
    exit_code = EXIT_NOTHING
    advice = "Add an invariant, drop `deadlock=False`, or expect a count with @model(distinct=...)."


class UnknownOverride(SpeccheckError):
    """An override (`-D NAME=VALUE`, a keyword of `load`, `check` or `@model`) that no constant and no sort of the loaded modules consumed."""

    code = "SC110"
    title = "unknown constant"
    exit_code = EXIT_USAGE
    advice = "`speccheck list PATH` shows the constants and sorts that can be overridden."


class BadOverride(SpeccheckError):
    """A value given for a constant or a sort's size has the wrong type or lies outside `min=` and `max=`."""

    code = "SC111"
    title = "bad value for a constant"
    advice = "Give a value of the default's type within the bounds that the spec declares."


class OutputUnwritable(SpeccheckError):
    """A file that was asked for (`--json PATH`, `-o PATH`) cannot be written: the folder is missing, protected, or the disk is
    full. No partial file is left.
    """

    code = "SC112"
    title = "output cannot be written"
    exit_code = EXIT_USAGE
    advice = "Check the folder, its permissions and the free space."


class BadUsage(SpeccheckError):
    """An option or an argument of a function has a value that makes no sense, such as a size without a number."""

    code = "SC113"
    title = "usage error"
    exit_code = EXIT_USAGE
    advice = "`speccheck COMMAND --help` shows what is expected."


class OverrideNeedsFile(SpeccheckError):
    """Constants are overridden by executing the spec's module again, so a class that has no module file of its own (a notebook cell, `__main__`, a class inside
    a function) is checked as it is.
    """

    code = "SC114"
    title = "no file to load again"
    exit_code = EXIT_USAGE
    advice = "Move the spec into a module, or change the constant in place."


class BadConstant(SpeccheckError):
    """A constant is assigned as `N = constant("N", 3)`: the name in the call must be the name it is assigned to, begin with a capital, be declared once, and
    its default must lie within its own bounds.
    """

    code = "SC115"
    title = "bad constant"
    advice = 'Write N = constant("N", 3): one name, capital first.'


class UnknownCode(SpeccheckError):
    """`speccheck explain` was asked for a code that the catalogue does not hold."""

    code = "SC116"
    title = "unknown code"
    exit_code = EXIT_USAGE
    advice = "`speccheck explain` without a code lists all of them."


class MissingProgram(SpeccheckError):
    """Another program that was asked for is not there, or failed: Graphviz' `dot`, which is no Python package, draws pictures; mypy checks types."""

    code = "SC117"
    title = "program missing"
    exit_code = EXIT_USAGE
    advice = "Install Graphviz (Debian: apt-get install graphviz, macOS: brew install graphviz), or draw the .dot file elsewhere."


class NoInitialState(SpeccheckError):
    """No initial evaluation completes: `@init` disables every one of them. A spec without behaviors satisfies everything, so nothing was checked."""

    code = "SC118"
    title = "no initial state"
    exit_code = EXIT_NOTHING
    advice = "Look at the require(...) calls and the empty choose(...) in @init."


class TraceUnreadable(SpeccheckError):
    """The file is no trace: no JSON, none of the kinds of trace that are read (`--json`, the formats json and itf), or with something missing or malformed at
    the place that the message names.
    """

    code = "SC121"
    title = "unreadable trace"
    exit_code = EXIT_USAGE
    advice = "Give a file that `speccheck run --json`, `speccheck trace convert` or another writer of ITF has written, as it was written."


class BadSetting(SpeccheckError):
    """`[tool.speccheck]` in pyproject.toml has a key that means nothing, or a value that its key does not take; or the file is no TOML at all. Nothing was
    checked: a setting that is misspelt would be one that is not in force.
    """

    code = "SC131"
    title = "bad setting"
    exit_code = EXIT_USAGE
    advice = "`speccheck config` shows the keys, what is in force, and where it comes from."


class NoRevision(SpeccheckError):
    """`--changed-since REV` asks git what has changed, and git cannot say: there is no such revision, no repository here, or no git. In a continuous
    integration the revision is often missing because the clone is shallow.
    """

    code = "SC132"
    title = "git cannot say what has changed"
    exit_code = EXIT_USAGE
    advice = "Give a branch, a tag or a commit of the repository that the current folder lies in; a shallow clone must fetch it first."


class ProcessLost(SpeccheckError):
    """With `--jobs`, each model is checked in a process of its own. One of them ended without a result: it was killed, most often by the system because memory
    ran out, or it crashed. The model was not checked, which is never a success, whatever `--allow-incomplete` says.
    """

    code = "SC133"
    title = "a process was lost"
    exit_code = EXIT_INCONCLUSIVE
    advice = "Where memory ran out, give --max-memory, fewer --jobs, or smaller constants."


class NotCompilable(SpeccheckError):
    """The native engine compiles the rules of a model, and one of them uses something that is not compiled. `--engine auto`, the default, then runs the Python
    engine, which runs the methods themselves and takes any pure Python; `--engine native` asks for compiled rules and nothing else.
    """

    code = "SC140"
    title = "not compiled"
    exit_code = EXIT_USAGE
    advice = "Write it with the constructs that are compiled, or leave it to the Python engine: --engine auto."


class NoCompiler(SpeccheckError):
    """The native engine compiles the rules of a model with the C compiler of this machine, and there is none that can be used: `$CC` if it is set, and nothing
    else then; or the first of cc, gcc, clang and the Python package ziglang that answers. The Python engine needs no compiler.
    """

    code = "SC141"
    title = "no C compiler"
    exit_code = EXIT_USAGE
    advice = (
        "Install one (Debian: apt-get install gcc libc6-dev, macOS: xcode-select --install, anywhere: pip install 'speccheck[native]'), "
        "or do without: --engine python."
    )


class CompilationFailed(SpeccheckError):
    """The C compiler refused what speccheck wrote, or cannot compile anything at all: its headers are missing, it ran out of memory. Nothing of it is the fault
    of the spec. If `speccheck doctor` can compile a small file, then it is a bug of ours, and the compiler's words are what we need to know.
    """

    code = "SC142"
    title = "compilation failed"
    exit_code = EXIT_USAGE
    advice = "`speccheck doctor` says whether the compiler works at all; if it does, please report this message. --engine python does without it."


class CompilerTimeout(SpeccheckError):
    """The C compiler did not end in time and was stopped. It may wait for a licence or a network drive, be starved by other processes, or be given too much."""

    code = "SC143"
    title = "compiler does not end"
    exit_code = EXIT_USAGE
    advice = "`speccheck doctor` says whether it can compile a small file; CC=gcc names another compiler, --engine python does without one."


class LibraryUnwritable(SpeccheckError):
    """What was compiled cannot be written: the disk is full, or neither the user's cache folder nor the folder for temporary files can be written to."""

    code = "SC144"
    title = "no room for compiled code"
    exit_code = EXIT_USAGE
    advice = "Make room on the disk (`speccheck cache clear` removes what can be made again), or do without: --engine python."


# ---------------------------------------------------------------- 2xx: declarations


class NoDomain(SpeccheckError):
    """The annotation of a variable, a field or a parameter does not denote a set of values that a checker can enumerate: `str`, `float`, `Any`, a bare `list`,
    an ordinary class.
    """

    code = "SC201"
    title = "no domain"
    advice = "Use bool, Literal[...], an Enum, a Sort, Annotated[int, Range(lo, hi)], or containers and records of these."


class UnboundedDomain(SpeccheckError):
    """A container without a capacity: lists, bags and variable-length tuples need `MaxLen`, and a set needs one where its elements have more than 1,024 values.
    Recursive records are unbounded too.
    """

    code = "SC202"
    title = "unbounded domain"
    advice = "Write Annotated[list[T], MaxLen(n)] (or Bag, tuple, set)."


class DefaultOutsideDomain(SpeccheckError):
    """The default of a variable or a field is not one of the values that its annotation allows. Membership is by exact type: True is no Range(0, 1), 1 is no
    bool.
    """

    code = "SC203"
    title = "default outside its domain"
    advice = "Change the default, or widen the annotation."


class UnsetVariable(SpeccheckError, AttributeError):
    """A variable without a default was not assigned by an `@init` method, or was read before it was assigned; or a record was built without a value for one of
    its fields.
    """

    code = "SC204"
    title = "unset variable"
    advice = "Give the variable a default, or assign it in an @init method."


class UndeclaredAttribute(SpeccheckError):
    """A rule assigns `self.name`, but the class annotates no variable of that name. A checker that let this pass would check another spec than the one that was
    meant.
    """

    code = "SC205"
    title = "undeclared attribute"
    advice = "Declare the variable in the class with an annotation, or correct the name."


class KeyNotFinite(SpeccheckError):
    """The keys of a map and the elements of a set must come from a finite domain of immutable values, and so must the parameters of rules."""

    code = "SC206"
    title = "not a finite domain of immutable values"
    advice = "Use a Sort, an Enum, Literal[...], a bounded integer, or a frozen record of these."


class DuplicateName(SpeccheckError):
    """Two rules, properties or variables of one class have the same name; Python would silently keep the last one."""

    code = "SC207"
    title = "duplicate name"
    advice = "Rename one of them."


class BadSignature(SpeccheckError):
    """A rule is a method: its first parameter is `self`; a step invariant also takes the state after the step; `@init`, `@constraint` and `@terminal` take
    nothing else; parameters have no defaults.
    """

    code = "SC208"
    title = "bad signature"
    advice = "Write def rule(self, p: Domain) -> None."


class NoAnnotation(SpeccheckError):
    """Parameters of rules are quantified over their annotated domains, so each needs an annotation."""

    code = "SC209"
    title = "parameter without annotation"
    advice = "Annotate the parameter with a sort, an enum, a Literal or a bounded integer."


class BadFairness(SpeccheckError):
    """A fairness assumption that means nothing: `per` is missing although an action has parameters, or names a parameter that an action does not have; a group
    that is empty or holds something that is no action.
    """

    code = "SC210"
    title = "bad fairness"
    advice = 'Write per="p" for one assumption for each p, per=() for one on all of them together.'


class AmbiguousDomain(SpeccheckError):
    """Two values of one domain are equal under Python's ==, so that a checker could not tell them apart: bool | Literal[0, 1], two NamedTuples of equal shape,
    a str Enum beside its values.
    """

    code = "SC211"
    title = "values of a domain are equal"
    advice = "Use different values, or frozen dataclasses instead of NamedTuples."


class MutableInside(SpeccheckError):
    """Frozen dataclasses, NamedTuples and tuples contain immutable values only and define no __eq__ or __hash__; a dataclass in a domain must be frozen."""

    code = "SC212"
    title = "mutable value inside an immutable one"
    advice = "Use @dataclass(frozen=True) with tuples and frozensets inside, or derive the class from Record."


class BadAnnotation(SpeccheckError):
    """An annotation cannot be evaluated or contradicts itself: an unknown name, a range without values, a marker in the wrong place."""

    code = "SC213"
    title = "bad annotation"
    advice = "Correct the annotation; names must be importable when the module has been loaded."


class UnknownRule(SpeccheckError):
    """`without=` or `per=` names a rule or property that the class does not have."""

    code = "SC214"
    title = "unknown rule"
    advice = "Correct the name."


class BadModel(SpeccheckError):
    """A `@model` line has an unknown option, or expects something of a property or action that the spec does not have."""

    code = "SC215"
    title = "bad model"
    advice = "Lower-case keywords are options (violates, unknown, via, distinct, depth, only, skip, symmetry, tags, name); constants begin with a capital."


class TwoInits(SpeccheckError):
    """A spec has at most one `@init` method after overriding."""

    code = "SC216"
    title = "more than one @init"
    advice = "Merge them, or let one override the other by giving it the same name."


class BadSort(SpeccheckError):
    """A sort is declared as `class RM(Sort, size=3)`; its size is a positive integer, and it has no attributes of its own."""

    code = "SC217"
    title = "bad sort"
    advice = "Write class RM(Sort, size=3), with symmetric=True or ordered=True (not both) if wanted."


class BadDecorator(SpeccheckError):
    """A decorator of speccheck stands on something that is not a method of a Spec, or is given something that it does not take."""

    code = "SC218"
    title = "bad decorator"
    advice = "Put @action, @invariant and their like on methods of a class derived from Spec."


class BadLabel(SpeccheckError):
    """A label of a process is a constant text, and unique in its process. `"start"`, `"done"` and `"crashed"` are ours, and a dot separates the label of a
    generator that is called from its name.
    """

    code = "SC219"
    title = "bad label"
    advice = 'Write yield "label", yield unfair("label") or yield strong("label").'


class UnknownLabel(SpeccheckError):
    """`at(self.writer, i)` is compared with something that is no label of the process, so that the comparison always gives the same answer."""

    code = "SC220"
    title = "unknown label"
    advice = "Correct the label."


class BadYield(SpeccheckError):
    """A process ends its steps with `yield "label"` as a statement of its own, in its body, an `if`, a `match`, a `while`, or a `for` over a sort, a range or a
    constant sequence. Generators are called with `yield from self.helper(...)`, without recursion.
    """

    code = "SC221"
    title = "a process that cannot be followed"
    advice = "Rewrite the process with statements between whose labels nothing is left open."


class EndlessStep(SpeccheckError):
    """There is a way round a loop of a process on which no label stands and nothing changes, so that a step would never end."""

    code = "SC222"
    title = "a step that never ends"
    advice = "Put a label into the loop, or leave it."


class NoLocalDomain(SpeccheckError):
    """A local variable of a process that is read after a label is part of the state, and needs a domain; what it is assigned does not say which."""

    code = "SC223"
    title = "a local without a domain"
    advice = "Annotate it where it gets its first value: v: Value = ..."


class UnsetLocal(SpeccheckError):
    """A local variable of a process is read after a label, and there is a way to the label on which it has got no value."""

    code = "SC224"
    title = "a local that may have no value"
    advice = "Give it a value before the label on every way there."


class BadAcceptance(SpeccheckError):
    """The class option `accept=` keeps a finding on purpose: it maps the codes of findings to the reasons why. Errors cannot be accepted, and an acceptance
    without a reason says nothing to the next reader.
    """

    code = "SC225"
    title = "bad acceptance"
    advice = 'Write accept={"SC505": "a monitor stays as it is"}; `speccheck explain` lists the codes of findings (SC5xx).'


class WrongType(SpeccheckError):
    """mypy, which is installed beside speccheck, found a type error in the spec. Only `speccheck lint` asks it; a search does not."""

    code = "SC226"
    title = "type error"
    advice = "Correct the types; `python -m mypy FILE` shows the same error, and --no-types leaves mypy out."


# ---------------------------------------------------------------- 3xx: rules


class ReadOnlyRule(SpeccheckError):
    """Invariants, step invariants, reachable, constraint, terminal and mappings only read the state: they may not assign, mutate, `require`, `disable` or
    `choose`.
    """

    code = "SC301"
    title = "change in a read-only rule"
    advice = "Work on a copy (set(self.x), copy(self.node)), or return a bool instead of requiring it."


class Ownership(SpeccheckError):
    """A mutable part of the state has exactly one owner. Storing it a second time would make two places change together, which no state of a checker can
    express; changing a container after it was stored would change the state behind the checker's back.
    """

    code = "SC302"
    title = "a mutable part with two owners"
    advice = "Write a copy: set(self.x), list(self.x), dict(self.x), copy(self.x)."


class Unordered(SpeccheckError):
    """A set that a rule builds (or a module constant that is a set) has no order of its own: Python's would depend on hashing, and the verdict with it. Sets of
    the state iterate in domain order.
    """

    code = "SC303"
    title = "iteration over an unordered set"
    advice = "Iterate over sorted(...), or write `for x in Domain if x in s`."


class NotBool(SpeccheckError):
    """A property answers True or False. None is most often a forgotten `return`; a set or a number as a truth value hides mistakes."""

    code = "SC304"
    title = "property that returns no bool"
    advice = "Return a comparison, or wrap the value in bool(...)."


class RuleTimeout(SpeccheckError):
    """One evaluation of one rule took longer than `--rule-timeout` (10 s): most often an endless loop."""

    code = "SC305"
    title = "rule does not end"
    advice = "Look for a loop whose condition never changes; raise --rule-timeout for a rule that is merely slow."


class EndlessRecursion(SpeccheckError):
    """A rule or a helper calls itself without end."""

    code = "SC306"
    title = "recursion without end"
    advice = "Give the recursion a base case, or write a loop."


class Unhashable(SpeccheckError):
    """A value that is stored, chosen or used as a key is not hashable, so it is no immutable value."""

    code = "SC307"
    title = "unhashable value"
    advice = "Use a tuple, a frozenset or a frozen dataclass; choose over keys instead of over mutable parts."


class ClosedPart(SpeccheckError):
    """A local variable still denotes a part of the state that has been replaced or removed."""

    code = "SC308"
    title = "use of a part that was replaced"
    advice = "Read the part again from self after replacing it, or copy it before."


class SortMisuse(SpeccheckError):
    """A sort that is not `ordered=True` is a set of opaque values: a rule may neither order its members nor name one by its index."""

    code = "SC309"
    title = "a sort used as if it were ordered"
    advice = "Declare class S(Sort, size=n, ordered=True), or use an action parameter or choose(S) to get a member."


class UnknownAttribute(SpeccheckError, AttributeError):
    """A rule reads `self.name`, but the class has neither a variable nor a method of that name."""

    code = "SC310"
    title = "unknown attribute"
    advice = "Correct the name."


class Impure(SpeccheckError):
    """A rule is a function of the state and its parameters: it is run any number of times, so it may not change module constants,
    globals or class attributes.
    """

    code = "SC311"
    title = "a rule with side effects"
    advice = "Keep what changes in variables of the spec."


class ChooseOutside(SpeccheckError):
    """`choose` was reached outside an engine without a prepared answer. In a unit test or a notebook, `with choosing(v1, v2):` says what the calls return, in
    order.
    """

    code = "SC312"
    title = "choose outside an engine"
    advice = "Wrap the call: with choosing(value): spec.action(...)."


class FormulaMisuse(SpeccheckError):
    """A temporal formula describes behaviors; it is no bool, and while it is being built there is no current state."""

    code = "SC313"
    title = "formula used as a value"
    advice = "Combine formulas with all_of, any_of, negate and implies; read variables inside a lambda or a method."


class NotRepeatable(SpeccheckError):
    """A rule that was run again on the same state with the same choices took another way: it depends on something that is not part of the state, such as random
    numbers, time, or the order of a set.
    """

    code = "SC314"
    title = "rule is not a function of the state"
    advice = "Use choose(...) for what may differ, and sorted(...) where the order of a set matters."


class WrongPlace(SpeccheckError):
    """`enabled` may be used in predicates of properties, terminal and reachable; `occurs` in step invariants and formulas; neither in actions, @init or
    constraints.
    """

    code = "SC315"
    title = "enabled or occurs in the wrong place"
    advice = "Move the condition into a property."


class Asymmetric(SpeccheckError):
    """Symmetry reduction was requested, but a rule, a default or a constant does not treat the members of a symmetric sort alike (or it cannot be proven from
    the text).
    """

    code = "SC401"
    title = "symmetric sort used asymmetrically"
    advice = "Drop --symmetry (or symmetry=True), remove symmetric=True from the sort, or make the rule treat all members alike."


# ---------------------------------------------------------------- 5xx: findings, which are no errors (exit 6 with --strict)

FINDINGS: dict[str, tuple[str, str]] = {
    "SC501": (
        "action never enabled",
        "No reachable state enables the action: its guard contradicts the rest of the spec. It is dead text, and what depends on it holds vacuously.",
    ),
    "SC502": (
        "action never changes the state",
        "The action is enabled somewhere, but each of its steps leaves the state as it was.",
    ),
    "SC503": (
        "a path without effect",
        "Some path through the action returns without writing anything: a step that changes nothing. Did you mean disable() or require(...)?",
    ),
    "SC504": (
        "comparison that can never be true",
        "The two sides of the comparison have no value in common, by their domains: most often a typing mistake in a literal.",
    ),
    "SC505": (
        "invariant that no step can affect",
        "No step changes any of the variables that the invariant reads, so it says something about the initial states only.",
    ),
    "SC506": (
        "leads_to whose left side never holds",
        "No reachable state satisfies the left side of a leads_to, so the property demands nothing and holds whatever the spec does.",
    ),
    "SC507": (
        "implies never exercised",
        "No reachable state satisfies the left side of an implies, so the formula demands nothing there.",
    ),
    "SC508": (
        "fairness that never matters",
        "Every temporal property that holds does so without this assumption. Fairness is a promise about the real system; drop one that nothing needs.",
    ),
    "SC509": (
        "acceptance that matches nothing",
        "A finding is accepted with a reason, but a complete run of all models that accept it had none. Drop the acceptance: it would hide the next one.",
    ),
}
