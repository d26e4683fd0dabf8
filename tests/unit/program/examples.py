"""One example or more of every class of the Program, with its text. All are well-formed in a function that knows `LOCALS`."""

from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.types import BOOL, INT, Ref
from tests.unit.program import made as m
from tests.unit.program.made import HERE

X, Y, R, S = m.local("x", m.DIGIT), m.local("y", m.DIGIT), m.local("r", m.RMS), m.local("s", m.RING)
XS, SEQ, SET, FROZEN, BAG = m.local("xs", m.LIST), m.local("seq", m.SEQUENCE), m.local("some", m.SET_OF_RM), m.local("frozen", m.FROZEN), m.local("bag_", m.BAG)
MAP, PAIR, MSG, BOX = m.local("map_", m.PARTIAL), m.local("pair", m.PAIR), m.local("msg", m.MESSAGE), m.local("box_", m.BOX)
SERVER, REF, N = m.local("server", m.SERVER), m.local("ref", Ref(m.SERVER, "self")), m.local("n", INT)
LOCALS = (X, Y, R, S, XS, SEQ, SET, FROZEN, BAG, MAP, PAIR, MSG, BOX, SERVER, REF, N)

x, y, r, s, xs, seq, some, frozen, bag, map_, pair, msg, n = map(m.load, (X, Y, R, S, XS, SEQ, SET, FROZEN, BAG, MAP, PAIR, MSG, N))
zero, one = m.constant(m.DIGIT, 0), m.constant(m.DIGIT, 1)
low = m.less(x, y)
A, B, I, K, J = m.local("a", m.DIGIT), m.local("b", m.DIGIT), m.local("i", INT), m.local("k", m.RMS), m.local("j", m.DIGIT)
a = m.load(A)


def at(*steps: ex.PathStep, **more: object) -> ex.Load:
    return m.load(m.variable(*steps, **more))  # type: ignore[arg-type]


SEEN = m.variable("servers", ex.KeyStep(r, True), ex.FieldStep(1), domain=m.SET_OF_RM)
EXPRESSIONS: list[tuple[ex.Expression, str]] = [
    (m.load("count"), "count"),
    (m.load(m.variable("count", after=True)), "after.count"),
    (m.load(m.variable("phase", ex.KeyStep(r, True), domain=m.PHASE)), "phase[r]"),
    (m.load(m.variable("waiting", ex.KeyStep(r, False), domain=m.DIGIT)), "waiting[r]?"),
    (m.load(m.variable("log", ex.ItemStep(n), domain=m.DIGIT)), "log[n]?"),
    (m.load(m.variable("log", ex.ItemStep(n, True), domain=m.DIGIT)), "log[n]"),
    (m.load(SEEN), "servers[r].seen"),
    (m.load(m.variable("box", ex.AlternativeStep(0), ex.ItemStep(n), domain=m.DIGIT)), "(box as list[Range(0, 9)] of at most 2)?[n]?"),
    (m.load(m.of(REF, ex.FieldStep(0), domain=BOOL)), "ref.up"),
    (ex.Reference(Ref(m.SERVER, "self"), HERE, m.variable("servers", ex.KeyStep(r, True), domain=m.SERVER)), "&servers[r]"),
    (ex.Reference(REF.type, HERE, m.of(REF)), "&ref"),
    (m.load(ex.Place(ex.IfThenElse(REF.type, HERE, low, ex.Reference(REF.type, HERE, m.of(REF)), m.call("pick", REF.type)), (ex.FieldStep(0),), BOOL)),
     "(&ref if x < y else pick()).up"),
    (m.constant(m.PHASE, "working"), '"working"'),
    (m.constant(m.RMS, m.RM[1]), "RM1"),
    (m.constant(m.TOTAL, ("working", "working", "aborted")), '{RM0: "working", RM1: "working", RM2: "aborted"}'),
    (m.constant(m.PREPARED, m.Prepared(m.RM[0], True)), "Prepared(rm=RM0, late=True)"),
    (ex.Table(m.DIGIT, HERE, r, ((5,), None, (7,))), "{RM0: 5, RM2: 7}[r]?"),
    (ex.Table(INT, HERE, m.load(m.local("many", m.Integers(-7, 7))), tuple((i,) for i in range(15))),
     "{-7: 0, -6: 1, -5: 2, -4: 3, -3: 4, -2: 5, -1: 6, 0: 7, 1: 8, 2: 9, 3: 10, 4: 11, ... 3 more}[many]"),
    (m.as_type(x, m.SMALL, "domain"), "x as Range(0, 3) else domain"),
    (m.as_type(x, INT), "x as int"),
    (m.equal(m.as_type(x, INT), n), "(x as int) == n"),
    (m.as_type(some, m.FROZEN), "some as frozenset[RM]"),
    (m.as_type(m.arithmetic("%", n, m.number(4), checked=False), m.SMALL), "n % 4 as Range(0, 3)"),
    (ex.MakeRecord(m.PREPARED, HERE, (r, low)), "Prepared(rm=r, late=x < y)"),
    (ex.MakeRecord(m.PAIR, HERE, (r, x)), "(r, x)"),
    (ex.MakeRecord(m.SERVER, HERE, (m.TRUE, some)), "Server(up=True, seen=some)"),
    (ex.GetField(m.DIGIT, HERE, pair, 1), "pair[1]"),
    (ex.GetField(m.RMS, HERE, m.as_type(msg, m.PREPARED, "error"), 0), "(msg as Prepared else error).rm"),
    (ex.IsAlternative(BOOL, HERE, msg, frozenset({0, 1})), "msg is Prepared | None"),
    (m.negated(ex.IsAlternative(BOOL, HERE, msg, frozenset({1}))), "msg is not None"),
    (ex.IsOneOf(BOOL, HERE, r, frozenset({2, 0})), "r in {RM0, RM2}"),
    (m.negated(ex.IsOneOf(BOOL, HERE, x, frozenset({3}))), "x != 3"),
    (ex.IsOneOf(BOOL, HERE, x, frozenset()), "x in {}"),
    (m.negated(low), "not x < y"),
    (m.negated(m.equal(x, y)), "x != y"),
    (m.both(m.either(low, m.TRUE), m.negated(low)), "(x < y or True) and not x < y"),
    (m.either(m.both(low, low), m.negated(m.both(low, low))), "x < y and x < y or not (x < y and x < y)"),
    (ex.IfThenElse(m.DIGIT, HERE, low, x, ex.IfThenElse(m.DIGIT, HERE, low, y, x)), "x if x < y else y if x < y else x"),
    (m.equal(ex.IfThenElse(m.DIGIT, HERE, low, x, y), x), "(x if x < y else y) == x"),
    (m.equal(m.equal(low, low), m.TRUE), "((x < y) == (x < y)) == True"),
    (m.less(s, s, or_equal=True), "s <= s"),
    (m.arithmetic("+", n, m.arithmetic("*", n, n)), "n +? n *? n"),
    (m.arithmetic("*", x, m.arithmetic("-", x, y, checked=False), checked=False), "x * (x - y)"),
    (m.arithmetic("-", m.arithmetic("-", x, y, checked=False), m.arithmetic("-", x, y, checked=False), checked=False), "x - y - (x - y)"),
    (m.arithmetic("**", m.arithmetic("**", n, x), x), "(n **? x) **? x"),
    (m.arithmetic("<<", m.number(-1), m.arithmetic("&", x, y, checked=False), checked=False), "-1 << (x & y)"),
    (ex.ToInteger(INT, HERE, low), "int(x < y)"),
    (ex.Length(INT, HERE, xs), "len(xs)"),
    (ex.Contains(BOOL, HERE, some, r), "r in some"),
    (m.negated(ex.Contains(BOOL, HERE, map_, r)), "r not in map_"),
    (ex.GetItem(m.DIGIT, HERE, map_, r), "map_[r]?"),
    (ex.GetItem(m.DIGIT, HERE, map_, r, zero), "map_.get(r, 0)"),
    (ex.GetItem(INT, HERE, map_, r, m.constant(INT, -1)), "map_.get(r, -1)"),
    (ex.GetItem(m.PHASE, HERE, m.load("phase"), r), "phase[r]"),
    (ex.Count(INT, HERE, bag, r), "bag_.count(r)"),
    (ex.IndexOf(INT, HERE, seq, x), "seq.index(x)"),
    (ex.Slice(m.LIST, HERE, xs, None, n), "xs[:n]"),
    (ex.Slice(m.LIST, HERE, xs, n, None, m.number(-1)), "xs[n::-1]"),
    (ex.Concatenate(m.LIST, HERE, (xs, seq)), "[*xs, *seq]"),
    (ex.Concatenate(m.SEQUENCE, HERE, (seq,)), "(*seq,)"),
    (ex.SetOperation(m.SET_OF_RM, HERE, "|", some, ex.SetOperation(m.SET_OF_RM, HERE, "-", some, some)), "some | some - some"),
    (ex.Subset(BOOL, HERE, some, some), "some <= some"),
    (ex.Subset(BOOL, HERE, some, some, "proper"), "some < some"),
    (ex.Subset(BOOL, HERE, some, some, "disjoint"), "some.isdisjoint(some)"),
    (ex.Sorted(m.LIST, HERE, xs), "sorted(xs)"),
    (ex.Sorted(m.LIST, HERE, xs, True, A, m.arithmetic("-", zero, a)), "sorted(xs, key=(a: Range(0, 9)) -> 0 -? a, reverse)"),
    (m.comprehension("all", BOOL, m.less(a, x), m.over(A, xs)), "all(a < x for a: Range(0, 9) in xs)"),
    (m.comprehension("any", BOOL, m.TRUE, m.over(K)), "any(True for k in RM)"),
    (m.comprehension("sum", INT, m.load(B), m.over(A, xs, low, lets=[(B, a)]), checked=True),
     "sum(b for a: Range(0, 9) in xs let b: Range(0, 9) = a if x < y)?"),
    (m.comprehension("min", m.DIGIT, a, m.over(A, xs)), "min(a for a: Range(0, 9) in xs)?"),
    (m.comprehension("max", m.DIGIT, a, m.over(A, xs), default=x), "max(a for a: Range(0, 9) in xs, default=x)"),
    (m.comprehension("count", INT, m.number(1), m.over(K)), "count(1 for k in RM)"),
    (m.comprehension("first", m.DIGIT, a, m.over(A, xs), default=x), "first(a for a: Range(0, 9) in xs, default=x)"),
    (m.comprehension("set", m.SET_OF_RM, m.load(K), m.over(K)), "{k for k in RM}"),
    (m.comprehension("set", m.FROZEN, m.load(K), m.over(K)), "frozenset(k for k in RM)"),
    (m.comprehension("set", m.SET_OF_RM, r), "{r}"),
    (m.comprehension("list", m.LIST, a, m.over(A, ex.ContainerSource(xs, reverse=True))), "[a for a: Range(0, 9) in reversed(xs)]"),
    (m.comprehension("list", m.SEQUENCE, x, m.over(I, ex.RangeSource(m.number(0), n)), m.over(A, ex.ContainerSource(map_, "values"))),
     "tuple(x for i: int in range(0, n) for a: Range(0, 9) in map_.values())"),
    (m.comprehension("map", m.PARTIAL, a, ex.Generator((K, A), ex.ContainerSource(map_, "items")), key=m.load(K)),
     "{k: a for k: RM, a: Range(0, 9) in map_.items()}"),
    (m.comprehension("bag", m.BAG, m.load(K), m.over(K)), "Bag(k for k in RM)"),
    (m.comprehension("any", BOOL, low, ex.Generator((I, A), ex.EnumerateSource(ex.ContainerSource(xs), m.number(1)))),
     "any(x < y for i: int, a: Range(0, 9) in enumerate(xs, 1))"),
    (m.comprehension("any", BOOL, low, ex.Generator((A, B), ex.ZipSource((ex.ContainerSource(xs), ex.ContainerSource(seq))))),
     "any(x < y for a: Range(0, 9), b: Range(0, 9) in zip(xs, seq))"),
    (m.call("known", BOOL, x, r), "known(x, r)"),
    (ex.Enabled(BOOL, HERE, ((0, ((0, r),)), (1, ()))), "enabled(prepare(rm=r), decide())"),
    (ex.Occurs(BOOL, HERE, ((0, ()),)), "occurs(prepare())"),
]  # fmt: skip

G = m.local("g", Ref(m.SERVER, "self"))
ANY = m.local("any_", m.FROZEN)
STATEMENTS: list[tuple[tuple[st.AnyStatement, ...], str]] = [
    ((m.assign(J, x), m.assign(J, y)), "j: Range(0, 9) = x\nj = y\n"),
    ((m.store("count", x),), "count := x\n"),
    ((m.store(m.variable("phase", ex.KeyStep(r, True), domain=m.PHASE), m.constant(m.PHASE, "aborted")),), 'phase[r] := "aborted"\n'),
    ((m.store(m.of(XS, ex.ItemStep(n), domain=m.DIGIT), x),), "xs[n]? := x\n"),
    ((m.change("msgs", "add", msg), m.change("msgs", "discard", msg), m.change("bag", "remove", r)), "msgs.add(msg)\nmsgs.discard(msg)\nbag.remove(r)\n"),
    ((m.change("log", "append", x), m.change("log", "insert", n, x), m.change("log", "reverse")), "log.append(x)\nlog.insert(n, x)\nlog.reverse()\n"),
    ((m.change("log", "delete", n), m.change("waiting", "delete_key", r), m.change("waiting", "discard_key", r)),
     "del log[n]\ndel waiting[r]\nwaiting.discard_key(r)\n"),
    ((m.TOUCH, m.require(low)), "touch\nrequire x < y\n"),
    ((m.if_(low, [m.TOUCH]),), "if x < y\n    touch\n"),
    ((m.if_(low, [], [m.TOUCH, m.TOUCH]),), "if x < y\n    pass\nelse\n    touch\n    touch\n"),
    ((m.if_(low, [m.TOUCH], [m.if_(m.TRUE, [m.returns()], [m.FAIL])]),), "if x < y\n    touch\nelif True\n    return\nelse\n    fail assert\n"),
    ((m.for_(K, ex.ValuesSource(m.RMS), m.CONTINUE),), "for k in RM\n    continue\n"),
    ((m.for_(I, ex.RangeSource(n, m.number(0), -1), m.BREAK),), "for i: int in range(n, 0, -1)\n    break\n"),
    ((m.for_((K, G), ex.ReferenceSource(m.variable("servers"), "items")),), "for k: RM, g: &Server in &servers.items()\n    pass\n"),
    ((m.loop(m.if_(low, [m.BREAK])),), "loop\n    if x < y\n        break\n"),
    ((st.Choose(K, ex.ValuesSource(m.RMS), span=HERE),), "choose k in RM\n"),
    ((st.Choose(ANY, ex.SubsetsSource(some, m.number(1), m.number(2)), span=HERE),), "choose any_: frozenset[RM] in subsets(some, 1, 2)\n"),
    ((m.run("give", x, into=J), m.run("give", x, into=J), m.run("fill", xs)), "j: Range(0, 9) = run give(x)\nj = run give(x)\nrun fill(xs)\n"),
]  # fmt: skip

PREPARE = m.acting("prepare", parameters=(m.local("rm", m.RMS),))
DECIDE = m.acting("decide")
KNOWN = m.reading("known", m.returns(m.TRUE), parameters=(m.local("p", m.DIGIT), m.local("q", m.RMS)))
GIVE = m.acting("give", m.returns(m.load(m.local("p", m.DIGIT))), parameters=(m.local("p", m.DIGIT),), result=m.DIGIT)
FILL = m.acting("fill", m.change(m.of(m.local("zs", m.LIST, True)), "append", zero), parameters=(m.local("zs", m.LIST, True),))
SERVER_0 = m.variable("servers", ex.KeyStep(m.constant(m.RMS, m.RM[0]), True), domain=m.SERVER)
PICK = m.reading("pick", m.returns(ex.Reference(REF.type, HERE, SERVER_0)), result=REF.type)
BASE = (PREPARE, DECIDE, KNOWN, GIVE, FILL, PICK)
PROGRAM = m.program(*BASE, actions=("prepare", "decide"))


def with_statements(*statements: st.AnyStatement, reads: bool = False) -> m.Program:
    """A Program with a procedure of these statements that knows all locals of the examples."""
    parameters = (*LOCALS, m.local("many", m.Integers(-7, 7)))
    function = m.Function("example", parameters, None, statements, not reads, HERE)
    return m.program(*BASE, function, actions=("prepare", "decide"))
