"""Set algebra: on masks with the operators of C, on sorted elements by merging."""

from speccheck.domains.base import Domain
from speccheck.domains.layout import MaskCode, SlotsCode
from speccheck.engines.native.emit.containers import held, length_of_part, shape, view, words
from speccheck.engines.native.emit.forms import words_of
from speccheck.engines.native.emit.function import Function
from speccheck.engines.native.emit.places import Part, loaded
from speccheck.engines.native.emit.text import is_plain, operand
from speccheck.program.expressions import SetOperation, Subset

KEPT = {"|": "1, 1, 1", "&": "0, 1, 0", "-": "1, 0, 0", "^": "1, 0, 1"}  # what is only left, in both, only right
MASKED = {"|": "{a} | {b}", "&": "{a} & {b}", "-": "{a} & ~{b}", "^": "{a} ^ {b}"}


def combined(f: Function, e: SetOperation) -> str:
    """Return the union, intersection, difference or symmetric difference of two sets."""
    left, right = view(f, e.left), view(f, e.right)
    code = left.code
    if isinstance(code, MaskCode):
        text = _combined_masks(f, code, e.operator, loaded(f, left), loaded(f, right))
        if e.operator in "|^" and is_limited(left.domain):
            made = held(f, left.domain, text)
            f.fail_if(f"{length_of_part(f, made)} > {left.domain.capacity}", "beyond")  # type: ignore[attr-defined]
            return loaded(f, made)
        return text
    assert isinstance(code, SlotsCode)
    (a, i), (b, j), name = words(f, left), words(f, right), f.empty(left.domain, "set")
    f.fail_if(f"!sc_merge({name}.w, {shape(code, '0')}, {a}, {shape(code, i)}, {b}, {shape(code, j)}, {KEPT[e.operator]})", "beyond")
    return name if code.wide else f"{name}.w[0]"


def _combined_masks(f: Function, code: MaskCode, operator: str, a: str, b: str) -> str:
    if not code.wide:
        return f"({MASKED[operator].format(a=operand(a), b=operand(b))})"
    name = f.empty(code.domain, "set")
    rule = MASKED[operator].format(a=f"{a}.w[i]", b=f"{b}.w[i]")
    f.line(f"for (int i = 0; i < {words_of(code.bits)}; i++) {name}.w[i] = {rule};")
    return name


def is_limited(domain: Domain) -> bool:
    """Return whether a set may not hold all elements."""
    return domain.capacity < domain.element.size  # type: ignore[attr-defined, no-any-return]


def related(f: Function, e: Subset) -> str:
    """Return whether two sets are related: a subset, a proper one, disjoint."""
    left, right = view(f, e.left), view(f, e.right)
    code = left.code
    if isinstance(code, MaskCode) and not code.wide:
        return _masks(f, left, right, e.relation)
    if isinstance(code, MaskCode):
        a, b, found = loaded(f, left), loaded(f, right), f.temporary("int", "0", "relation")
        each = f"{found} |= ({a}.w[i] & ~{b}.w[i] ? 1 : 0) | ({a}.w[i] & {b}.w[i] ? 2 : 0) | ({b}.w[i] & ~{a}.w[i] ? 4 : 0);"
        f.line(f"for (int i = 0; i < {words_of(code.bits)}; i++) {each}")
    else:
        assert isinstance(code, SlotsCode)
        (a, i), (b, j) = words(f, left), words(f, right)
        found = f.temporary("int", f"sc_relation({a}, {shape(code, i)}, {b}, {shape(code, j)})", "relation")
    match e.relation:
        case "subset":
            return f"!({found} & 1)"
        case "proper":
            return f"(({found} & 5) == 4)"
        case "disjoint":
            return f"!({found} & 2)"


def _masks(f: Function, left: Part, right: Part, relation: str) -> str:
    a, b = operand(loaded(f, left)), operand(loaded(f, right))
    if relation == "disjoint":
        return f"(({a} & {b}) == 0)"
    if relation == "subset":
        return f"(({a} & ~{b}) == 0)"
    a, b = (one if is_plain(one) else f.temporary("u64", one, "set") for one in (a, b))
    return f"(({a} & ~{b}) == 0 && {a} != {b})"
