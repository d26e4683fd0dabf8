"""From a flat process to the code of its steps: for each label, what is done from there to the next labels.

    while True:                               label "write_x":           label "write_y":
        yield "write_x"                           v = choose(Value)          self.y = v
        v = choose(Value)              ->         self.x = v                 Goto("write_x")
        self.x = v                                Goto("write_y")
        yield "write_y"
        self.y = v

The code of a step is what stands after its label, and then what would come next: the rest of each block around it, and each loop around it once more. A label
on the way ends it. Statements keep their places, and a loop without a label stays a loop.
"""

import ast

from speccheck.model.processes.nodes import Called, Code, Each, Leave, Point, at_place, copied, endless, ends, goto, jumps, leave, read

AGAIN = "."  # the variable of a loop that is run through once, so that `break` and `continue` have something to leave; nobody else can have this name


def step_from(body: Code, label: str, end: ast.AST) -> Code:
    """Return the code from a label to the next ones; `end` is where a process that runs out of statements is done."""
    found = _resumed(body, label)
    assert found is not None, label
    return simplified(_ended(found, end))


def step_from_start(body: Code, end: ast.AST) -> Code:
    """Return the code from the start of the process to the first labels."""
    return simplified(_ended(fresh(body), end))


def _ended(code: Code, end: ast.AST) -> Code:
    return code if ends(code) else [*code, goto("done", end)]


# ---------------------------------------------------------------- code that is come upon


def fresh(code: Code) -> Code:
    """Return code that ends at the first label that control comes to."""
    made: Code = []
    for statement in code:
        made += _fresh(statement)
        if made and ends(made[-1:]):
            break
    return made


def _fresh(statement: ast.stmt) -> Code:
    match statement:
        case Point(label=label):
            return [goto(label, statement)]
        case ast.Return():
            return [goto("done", statement)]
        case Called():
            return _region(statement, fresh(statement.body))
        case Each():
            loop = ast.For(copied(statement.target), copied(statement.iter), fresh(statement.body), fresh(statement.orelse))
            return [ast.copy_location(loop, statement)]
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return []
    return [_inside(copied(statement))]


def _inside(statement: ast.stmt) -> ast.stmt:
    """Bring the blocks of a statement to an end at their labels; the statement is changed in place."""
    match statement:
        case ast.If() | ast.While() | ast.For():
            statement.body, statement.orelse = fresh(statement.body), fresh(statement.orelse)
        case ast.Match():
            for case in statement.cases:
                case.body = fresh(case.body)
        case ast.With():
            statement.body = fresh(statement.body)
        case ast.Try():
            statement.body, statement.orelse, statement.finalbody = fresh(statement.body), fresh(statement.orelse), fresh(statement.finalbody)
            for handler in statement.handlers:
                handler.body = fresh(handler.body)
    return statement


# ---------------------------------------------------------------- code after a label


def _resumed(code: Code, label: str) -> Code | None:
    """Return what is done from a label in this code to its end; None if the label is not there."""
    for number, statement in enumerate(code):
        found = _resumed_in(statement, label)
        if found is not None:
            return found if ends(found) else [*found, *fresh(code[number + 1 :])]
    return None


def _resumed_in(statement: ast.stmt, label: str) -> Code | None:
    match statement:
        case Point():
            return [] if statement.label == label else None
        case ast.If():
            return _first(_resumed(statement.body, label), _resumed(statement.orelse, label))
        case ast.Match():
            return _first(*(_resumed(case.body, label) for case in statement.cases))
        case ast.While() | ast.For():
            inner = _resumed(statement.body, label)
            return _resumed(statement.orelse, label) if inner is None else _then_again(inner, _again(statement))
        case Called():
            inner = _resumed(statement.body, label)
            return None if inner is None else _region(statement, inner)
    return None


def _first(*found: Code | None) -> Code | None:
    return next((one for one in found if one is not None), None)


def _again(loop: ast.While | ast.For) -> Code:
    """Return the rest of a loop, once control has come to the end of its body."""
    if not isinstance(loop, Each):
        return fresh([loop])
    rest = at_place(ast.Subscript(copied(loop.rest), read(loop.key.id), ast.Load()), loop.iter)
    return [ast.copy_location(ast.For(copied(loop.target), rest, fresh(loop.body), fresh(loop.orelse)), loop)]


def _then_again(inner: Code, again: Code) -> Code:
    """Return the rest of one round of a loop, and then the loop once more; `break` in the rest skips that, `continue` does not."""
    if not jumps(inner):
        return inner if ends(inner) else [*inner, *again]
    woven = _woven(inner, again)
    if woven is not None:
        return woven
    once = ast.For(ast.Name(AGAIN, ast.Store()), ast.Tuple([ast.Constant("once")], ast.Load()), inner, again)
    place = inner[0]
    ast.copy_location(once, place)
    at_place(once.target, place)
    at_place(once.iter, place)
    return [once]


def _woven(inner: Code, again: Code) -> Code | None:
    """As `_then_again`, with `if` instead of a loop: `if c: break` is turned into `if not c: again`. None where code would have to be repeated."""
    for number, statement in enumerate(inner):
        if not jumps([statement]):
            continue
        match statement:
            case ast.Break():
                return inner[:number]
            case ast.Continue():
                return [*inner[:number], *again]
            case ast.If():
                rest = inner[number + 1 :]
                yes, no = (branch if ends(branch) else [*branch, *rest] for branch in (statement.body, statement.orelse))
                if not (ends(statement.body) or ends(statement.orelse)) and rest:
                    return None
                if _goes_on(yes) and _goes_on(no) and len(again) + len(rest) > 1:
                    return None
                made = [
                    _woven(branch, copied_all(again)) if jumps(branch) else branch if ends(branch) else [*branch, *copied_all(again)] for branch in (yes, no)
                ]
                if made[0] is None or made[1] is None:
                    return None
                woven = ast.If(statement.test, made[0], made[1])
                return [*inner[:number], ast.copy_location(woven, statement)]
        return None
    return inner if ends(inner) else [*inner, *again]


def _goes_on(code: Code) -> bool:
    """Return whether some way through the code leads to the next round of the loop around it."""
    return not ends(code) or jumps(code, (ast.Continue,))


def copied_all(code: Code) -> Code:
    """Return a deep copy of statements."""
    return [copied(one) for one in code]


# ---------------------------------------------------------------- generators that are called


def _region(call: Called, inner: Code) -> Code:
    """Return what is done of the body of a called generator, such that its `return` goes on after it."""
    inner = _without_last(_structured(inner))
    if not jumps(inner, (Leave,)):
        return inner
    flag = f"{call.name}.(returned)"
    nested = any(isinstance(one, ast.While | ast.For) and jumps([one], (Leave,)) for statement in inner for one in ast.walk(statement))
    body = _with_breaks(inner, flag, 0)
    once = ast.For(ast.Name(AGAIN, ast.Store()), ast.Tuple([ast.Constant(call.name)], ast.Load()), body, [])
    ast.copy_location(once, call)
    at_place(once.target, call)
    at_place(once.iter, call)
    return [*([_set(flag, False, call)] if nested else []), once]


def _structured(code: Code) -> Code:
    """Turn `if c: return` and what follows it into the branches of one `if`."""
    for number, statement in enumerate(code):
        if isinstance(statement, ast.If):
            statement.body, statement.orelse = _structured(statement.body), _structured(statement.orelse)
            rest = code[number + 1 :]
            if rest and jumps([statement], (Leave,)) and (ends(statement.body) or ends(statement.orelse)):
                shorter, longer = (statement.body, statement.orelse) if ends(statement.body) else (statement.orelse, statement.body)
                longer = longer if ends(longer) else _structured([*longer, *rest])
                yes, no = (shorter, longer) if ends(statement.body) else (longer, shorter)
                return [*code[:number], ast.copy_location(ast.If(statement.test, yes, no), statement)]
    return code


def _without_last(code: Code) -> Code:
    """Drop the `return` with which code ends anyhow."""
    if not code:
        return code
    match code[-1]:
        case Leave():
            return code[:-1]
        case ast.If() as last:
            last.body, last.orelse = _without_last(last.body), _without_last(last.orelse)
        case ast.Match() as last:
            for case in last.cases:
                case.body = _without_last(case.body)
    return code


def _with_breaks(code: Code, flag: str, depth: int) -> Code:
    """Turn each `Leave` into `break`; inside a loop it sets a flag, at which the loops around break, too."""
    made: Code = []
    for statement in code:
        match statement:
            case Leave():
                made += [*([_set(flag, True, statement)] if depth else []), ast.copy_location(ast.Break(), statement)]
            case ast.While() | ast.For():
                left = jumps([statement], (Leave,))
                statement.body = _with_breaks(statement.body, flag, depth + 1)
                statement.orelse = _with_breaks(statement.orelse, flag, depth)
                made.append(statement)
                if left:
                    test = at_place(read(flag), statement)
                    made.append(ast.copy_location(ast.If(test, [ast.copy_location(ast.Break(), statement)], []), statement))
            case ast.If():
                statement.body, statement.orelse = _with_breaks(statement.body, flag, depth), _with_breaks(statement.orelse, flag, depth)
                made.append(statement)
            case ast.Match():
                for case in statement.cases:
                    case.body = _with_breaks(case.body, flag, depth)
                made.append(statement)
            case ast.With():
                statement.body = _with_breaks(statement.body, flag, depth)
                made.append(statement)
            case ast.Try():
                statement.body, statement.orelse = _with_breaks(statement.body, flag, depth), _with_breaks(statement.orelse, flag, depth)
                statement.finalbody = _with_breaks(statement.finalbody, flag, depth)
                for handler in statement.handlers:
                    handler.body = _with_breaks(handler.body, flag, depth)
                made.append(statement)
            case _:
                made.append(statement)
    return made


def _set(name: str, value: bool, place: ast.AST) -> ast.stmt:
    return at_place(ast.Assign([ast.Name(name, ast.Store())], ast.Constant(value)), place)


# ---------------------------------------------------------------- simpler code


def simplified(code: Code) -> Code:
    """Return the code without what is never reached, and without loops that are run through at most once."""
    made: Code = []
    for statement in code:
        made += _simplified(statement)
        if made and ends(made[-1:]):
            break
    return made


def _simplified(statement: ast.stmt) -> Code:
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return []
        case ast.If():
            statement.body, statement.orelse = simplified(statement.body), simplified(statement.orelse)
            if not statement.body and not statement.orelse:
                return [ast.copy_location(ast.Expr(statement.test), statement)] if not _harmless(statement.test) else []
        case ast.While():
            statement.body, statement.orelse = simplified(statement.body), simplified(statement.orelse)
            return _loop_simplified(statement)
        case ast.For():
            statement.body, statement.orelse = simplified(statement.body), simplified(statement.orelse)
        case ast.Match():
            for case in statement.cases:
                case.body = simplified(case.body) or [ast.copy_location(ast.Pass(), case.body[0] if case.body else statement)]
    return [statement]


def _loop_simplified(loop: ast.While) -> Code:
    """A loop whose body never comes to its end is no loop."""
    body = loop.body
    if not ends(body) or jumps(body, (ast.Continue,)):
        return [loop]
    if endless(loop) and not jumps(body, (ast.Break,)):
        return body
    woven = _woven(body, [leave(loop)])  # nothing comes to the end, so nothing is repeated
    if woven is None or jumps(woven, (ast.Break, Leave)):
        return [loop]
    if endless(loop):
        return simplified(woven)
    return [ast.copy_location(ast.If(loop.test, woven, loop.orelse), loop)]


_SAFE = (
    ast.Name,
    ast.Constant,
    ast.Attribute,
    ast.BoolOp,
    ast.UnaryOp,
    ast.Compare,
    ast.boolop,
    ast.Not,
    ast.Eq,
    ast.NotEq,
    ast.Is,
    ast.IsNot,
    ast.expr_context,
)


def _harmless(test: ast.expr) -> bool:
    """Return whether evaluating the expression can neither raise nor change anything, so that it may be left out."""
    return all(isinstance(part, _SAFE) for part in ast.walk(test))
