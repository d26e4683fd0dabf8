"""Comprehensions: nested loops around a body, and what its values become."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from speccheck.engines.native.emit import compare, courses, sources
from speccheck.engines.native.emit.building import Building
from speccheck.engines.native.emit.forms import ctype
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.text import bare, operand
from speccheck.program.expressions import Comprehension, Constant, Generator, Local
from speccheck.program.types import Ref

UNORDERED = ("all", "any", "sum", "min", "max", "count", "set", "bag")


def comprehension(f: Function, e: Comprehension) -> str:
    """Return what becomes of the values of the body."""
    match e.fold:
        case "all" | "any":
            return _quantified(f, e)
        case "sum" | "count":
            return _summed(f, e)
        case "min" | "max":
            return _extreme(f, e)
        case "first":
            return _first(f, e)
        case "set" | "list" | "map" | "bag":
            return _container(f, e)


def _through(f: Function, e: Comprehension, body: Callable[[], None]) -> None:
    """Write the loops of the generators around a body."""

    def inner(rest: tuple[Generator, ...]) -> None:
        if not rest:
            body()
            return
        one = rest[0]
        with _rounds(f, one, e.fold in UNORDERED):
            inner(rest[1:])

    inner(e.generators)


@contextmanager
def _rounds(f: Function, generator: Generator, any_order: bool) -> Iterator[None]:
    """Write the loop of one generator, with its lets and conditions."""
    one = sources.course(f, generator.source, generator.targets[-1].name, any_order)
    with courses.loop(f, one) as texts:
        for target, text in zip(generator.targets, texts, strict=True):
            bind(f, target, text)
        for local, value in generator.lets:
            bind(f, local, f.value(value))
        for condition in generator.conditions:
            f.line(f"if (!{operand(f.truth(condition))}) continue;")
        yield


def bind(f: Function, local: Local, text: str) -> None:
    """Let a local that is never assigned again stand for a value."""
    if text.isidentifier():
        f.locals[local.name] = text
        return
    name = f.locals[local.name] = f.names.fresh(local.name)
    f.line(f"{ctype(local.type)} {name} = {bare(text)};")


def _label(f: Function, name: str) -> str:
    return f.names.numbered(name)


def _quantified(f: Function, e: Comprehension) -> str:
    found = f.temporary("u64", "1" if e.fold == "all" else "0", e.fold)
    several = len(e.generators) > 1
    done = _label(f, "done") if several else ""

    def body() -> None:
        test = operand(f.truth(e.body))
        stop = f"goto {done};" if several else "break;"
        f.line(f"if ({bare('!' + test if e.fold == 'all' else test)}) {{ {found} = {0 if e.fold == 'all' else 1}; {stop} }}")

    _through(f, e, body)
    if several:
        f.label(done)
    return found


def _summed(f: Function, e: Comprehension) -> str:
    total = f.temporary("i64", "0", "sum" if e.fold == "sum" else "count")

    def body() -> None:
        if e.fold == "count":
            if not isinstance(e.body, Constant):
                f.value(e.body)
            f.line(f"{total}++;")
            return
        text = f.value(e.body)
        if e.checked:
            f.fail_if(f"sc_add({total}, {bare(text)}, &{total})", "beyond")
        else:
            f.line(f"{total} += {bare(text)};")

    _through(f, e, body)
    return total


def _extreme(f: Function, e: Comprehension) -> str:
    c = ctype(e.type)
    best, some = f.temporary(c, "0" if not c.startswith("sc_bits") else f"({c}){{{{0}}}}", e.fold), f.temporary("int", "0", "some")

    def body() -> None:
        text = f.plain(c, f.value(e.body), "x")
        test = compare.less(f, e.type, *((text, best) if e.fold == "min" else (best, text)), False)
        f.line(f"if (!{some} || {bare(test)}) {best} = {text};")
        f.line(f"{some} = 1;")

    _through(f, e, body)
    _without(f, e, best, some)
    return best


def _without(f: Function, e: Comprehension, result: str, some: str) -> None:
    """Give the result the default if there was nothing."""
    if e.default is None:
        f.fail_if(f"!{some}", "error")
        return
    with f.block(f"if (!{some})"):
        f.line(f"{result} = {bare(f.value(e.default))};")


def _first(f: Function, e: Comprehension) -> str:
    c = ctype(e.type)
    result, some = f.temporary(c, "0" if not c.startswith("sc_bits") else f"({c}){{{{0}}}}", "first"), f.temporary("int", "0", "some")
    several = len(e.generators) > 1
    done = _label(f, "done") if several else ""

    def body() -> None:
        f.line(f"{result} = {bare(f.value(e.body))};")
        f.line(f"{some} = 1;")
        f.line(f"goto {done};" if several else "break;")

    if isinstance(e.default, Constant) or e.default is None:
        _through(f, e, body)
        if several:
            f.label(done)
        _without(f, e, result, some)
        return result
    instead = f.value(e.default)  # Python evaluates `next(_, default)` from left to right, but the generator runs last
    instead = f.plain(c, instead, "default")
    _through(f, e, body)
    if several:
        f.label(done)
    f.line(f"if (!{some}) {result} = {instead};")
    return result


def _container(f: Function, e: Comprehension) -> str:
    assert not isinstance(e.type, Ref)
    made = Building(f, e.type, "beyond")

    def body() -> None:
        if e.fold == "map":
            assert e.key is not None
            key = f.plain(ctype(e.key.type), f.value(e.key), "key")
            made.put(key, f.value(e.body))
        else:
            made.add(f.value(e.body))

    _through(f, e, body)
    return made.result()
