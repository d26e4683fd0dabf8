/* scalars: its rules, compiled. A state has 75 bits:
 *       72 .. 74   n: Range(0, 5)
 *        8 .. 71   total: int (64 bits)
 *        7 .. 7    level: Literal['low', 'high']
 *        6 .. 6    mode: Mode
 *        4 .. 5    on: dict[Lamp, bool]
 *        2 .. 3    chosen: Lamp | None
 *        0 .. 1    place: Ring
 */
#include "model.h"
#define SC_WORDS 2
#include "values.h"


static const int16_t table_1[] = {
    1, 3,
};

/* scalars.py:34  def count(self) -> None: */
static void do_count(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    /* scalars.py:35  require(self.n < 5) */
    if (!(((i64)((s[1] >> 8))) < 5)) return;
    /* scalars.py:36  self.n += TABLE[self.level] */
    u64 k_1 = (s[0] >> 7) & 1;
    i64 n_1 = ((i64)((s[1] >> 8))) + ((i64)table_1[k_1]);
    if (n_1 > 5) { fail = SC_DOMAIN; goto next; }
    t = sc_fork(sc_target(out), s);
    sc_put(t, 72, 3, (u64)n_1);
    /* scalars.py:37  self.total = self.total * 2 + self.n */
    i64 n_2 = 0;
    if (sc_multiply((i64)((sc_get(t, 8, 64)) - 9223372036854775808ull), 2, &n_2)) { fail = SC_BEYOND; goto next; }
    i64 n_3 = 0;
    if (sc_add(n_2, (i64)((t[1] >> 8)), &n_3)) { fail = SC_BEYOND; goto next; }
    sc_put(t, 8, 64, (u64)n_3 + 9223372036854775808ull);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
}

/* scalars.py:40  def switch(self, lamp: Lamp) -> None: */
static void do_switch(const u64 *s, u64 lamp, u32 instance, struct sc_steps *out)
{
    int wrote = 0;
    u64 *t = (u64 *)s;
    u64 it_1 = 0;
    /* scalars.py:41  if self.on[lamp] and self.mode is Mode.MANUAL: */
    u32 at_1 = 4 + (1 - lamp);
    u64 both_1 = sc_get(s, at_1, 1);
    if (both_1) {
        u64 x_1 = (s[0] >> 6) & 1;
        both_1 = x_1 == 1;
    }
    if (both_1) {
        /* scalars.py:42  self.on[lamp] = False */
        t = sc_fork(sc_target(out), s);
        u32 at_2 = 4 + (1 - lamp);
        sc_put(t, at_2, 1, 0 /* False */);
        wrote = 1;
    } else {
        /* scalars.py:43  elif self.chosen == lamp: */
        if (((s[0] >> 2) & 3) == lamp) {
            /* scalars.py:44  disable() */
            if (!0 /* False */) return;
        } else {
            /* scalars.py:46  self.on[lamp], self.chosen = not self.on[lamp], lamp */
            u32 at_3 = 4 + (1 - lamp);
            it_1 = !sc_get(s, at_3, 1);
            t = sc_fork(sc_target(out), s);
            u32 at_4 = 4 + (1 - lamp);
            sc_put(t, at_4, 1, it_1);
            wrote = 1;
            sc_put(t, 2, 2, lamp);
        }
    }
    if (!wrote) sc_mark(out, 10);
    if (t == s) sc_fork(sc_target(out), s);
    sc_push(out, instance);
}

static const u8 table_2[] = {
    1, 2, 0,
};

/* scalars.py:49  def walk(self) -> None: */
static void do_walk(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    int wrote = 0;
    u64 *t = (u64 *)s;
    i64 steps = 0;
    /* scalars.py:50  steps = 0 */
    steps = 0;
    /* scalars.py:51  while steps < self.n: */
    for (u32 rounds_1 = 0;; rounds_1++) {
        if (rounds_1 == SC_ROUNDS) { fail = SC_BEYOND; goto next; }
        if (!(steps < ((i64)((t[1] >> 8))))) {
            break;
        }
        /* scalars.py:52  steps += 1 */
        i64 n_1 = 0;
        if (sc_add(steps, 1, &n_1)) { fail = SC_BEYOND; goto next; }
        steps = n_1;
        /* scalars.py:53  if steps == 3: */
        if (steps == 3) {
            /* scalars.py:54  break */
            break;
        }
        /* scalars.py:55  self.place = self.place.next() */
        u64 k_1 = t[0] & 3;
        if (t == s) t = sc_fork(sc_target(out), s);
        sc_put(t, 0, 2, (u64)table_2[k_1]);
        wrote = 1;
    }
    /* scalars.py:56  assert steps < 5 */
    if (steps < 5) {
    } else {
        { fail = SC_ASSERT; goto next; }
    }
    if (!wrote) sc_mark(out, 11);
    if (t == s) sc_fork(sc_target(out), s);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 5, instance);
        fail = 0;
    }
}

/* scalars.py:59  def pick(self) -> None: */
static void do_pick(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 *t = (u64 *)s;
    u64 choice_1_at = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    i64 stop_1 = 0;
    i64 choice_2_at = 0;
    u32 last_2 = 0;
    u64 t_2[SC_WORDS + 1] = {0};
    i64 choice_2 = 0;
    i64 k = 0;
    /* scalars.py:60  self.mode = choose(Mode) */
    choice_1_at = 0;
    last_1 = last;
    last = 1;
again_1:;
    if (!(choice_1_at < 2)) { last = last_1; goto next; }
    choice_1 = choice_1_at;
    choice_1_at++;
    t = (u64 *)s;
    t = sc_fork(sc_target(out), s);
    sc_put(t, 6, 1, choice_1);
    /* scalars.py:61  k = choose(range(self.n)) */
    stop_1 = (i64)((t[1] >> 8));
    choice_2_at = 0;
    last_2 = last;
    last = 2;
    sc_fork(t_2, t);
again_2:;
    if (!(choice_2_at < stop_1)) { last = last_2; goto again_1; }
    choice_2 = choice_2_at;
    choice_2_at++;
    t = sc_fork(sc_target(out), t_2);
    k = choice_2;
    /* scalars.py:62  self.n = k // (self.n - 4) */
    i64 divisor_1 = ((i64)((t[1] >> 8))) - 4;
    if (divisor_1 == 0) { fail = SC_ERROR; goto next; }
    i64 n_1 = 0;
    if (sc_divide(k, divisor_1, &n_1)) { fail = SC_BEYOND; goto next; }
    if (n_1 < 0) { fail = SC_DOMAIN; goto next; }
    sc_put(t, 72, 3, (u64)n_1);
    sc_push(out, instance);
    goto again_2;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 7, instance);
        fail = 0;
    }
    switch (last) {
        case 1: goto again_1;
        case 2: goto again_2;
    }
}

/* scalars.py:69  def lit(self) -> bool: */
static u64 ask_lit(const u64 *s)
{
    /* scalars.py:70  return all(self.on.values()) */
    u64 all_1 = 1;
    for (u64 value_2_at = 0; value_2_at < 2; value_2_at++) {
        u32 at_1 = 4 + (1 - value_2_at);
        u64 value_2 = sc_get(s, at_1, 1);
        if (!value_2) { all_1 = 0; break; }
    }
    return all_1;
}

/* scalars.py:73  def some(self) -> bool: */
static u64 ask_some(const u64 *s)
{
    /* scalars.py:74  return 0 <= self.n <= 5 or self.place.index > 0 */
    return 1 /* True */;
}

/* scalars.py:81  def reached(self, lamp: Lamp) -> bool: */
static u64 ask_reached(const u64 *s, u64 lamp)
{
    /* scalars.py:82  return self.chosen == lamp and sum(self.on[one] for one in Lamp) == 2 */
    u64 both_1 = ((s[0] >> 2) & 3) == lamp;
    if (both_1) {
        i64 sum_1 = 0;
        for (u64 each_2 = 0; each_2 < 2; each_2++) {
            u32 at_1 = 4 + (1 - each_2);
            sum_1 += (i64)sc_get(s, at_1, 1);
        }
        both_1 = sum_1 == 2;
    }
    return both_1;
}

/* scalars.py:65  def bounded(self) -> bool: */
static u64 ask_bounded(const u64 *s)
{
    /* scalars.py:66  return self.total < 1000 */
    return ((i64)((sc_get(s, 8, 64)) - 9223372036854775808ull)) < 1000;
}

/* scalars.py:77  def grows(self, after: "Scalars") -> bool: */
static u64 ask_grows(const u64 *s, const u64 *after, int *fail)
{
    /* scalars.py:78  return after.total >= self.total or after.n % 2 == 0 */
    return (((i64)((sc_get(s, 8, 64)) - 9223372036854775808ull)) <= ((i64)((sc_get(after, 8, 64)) - 9223372036854775808ull))) || ((((i64)((after[1] >> 8))) % 2) == 0);
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    u32 start = out->count, before = start;
    do_count(s, 0, out);
    sc_counted(out, s, 0, before);
    before = out->count;
    for (u64 lamp = 0; lamp < 2; lamp++)
        do_switch(s, lamp, 1 + (u32)lamp, out);
    sc_counted(out, s, 1, before);
    before = out->count;
    do_walk(s, 3, out);
    sc_counted(out, s, 2, before);
    before = out->count;
    do_pick(s, 4, out);
    sc_counted(out, s, 3, before);
    if (out->count != start || (out->found[0] & 511)) return;
    if (ask_lit(s)) return;
    sc_mark(out, 13);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    if (sc_live(out, 16)) {
        if (!ask_some(s)) sc_mark(out, 16);
    }
    {
        u32 find = 19;
        for (u64 lamp = 0; lamp < 2; lamp++) {
            if (sc_live(out, find)) {
                if (ask_reached(s, lamp)) sc_mark(out, find);
            }
            find++;
        }
    }
}

static int kept(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    int within = 1;
    within &= (int)ask_bounded(s);
    return within;
}

static void step(const u64 *from_s, const u64 *from_t, struct sc_steps *out)
{
    const u64 *s = from_s;
    const u64 *after = from_t;
    int fail = 0;
    if (sc_live(out, 17)) {
        u64 says_1 = ask_grows(s, after, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 1, from_s, from_t);
        else if (fail || !says_1) sc_mark(out, 17);
        fail = 0;
    }
}

static int compare(const u64 *from_s, const u64 *from_t)
{
    const u64 *s = from_s;
    const u64 *after = from_t;
    for (int i = SC_WORDS - 1; i >= 0; i--)
        if (s[i] != after[i]) return s[i] < after[i] ? -1 : 1;
    return 0;
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 *s = from_s;
    const u64 *after = from_t;
    into[0] |= (u64)!sc_same(s, 72, after, 72, 3) << 0; /* n */
    into[0] |= (u64)!sc_same(s, 8, after, 8, 64) << 1; /* total */
    into[0] |= (u64)!sc_same(s, 7, after, 7, 1) << 2; /* level */
    into[0] |= (u64)!sc_same(s, 6, after, 6, 1) << 3; /* mode */
    into[0] |= (u64)!sc_same(s, 4, after, 4, 2) << 4; /* on */
    into[0] |= (u64)!sc_same(s, 2, after, 2, 2) << 5; /* chosen */
    into[0] |= (u64)!sc_same(s, 0, after, 0, 2) << 6; /* place */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 2, .bits = 75, .actions = 4, .instances = 5,
    .finds = 21, .flags = SC_HAS_CONSTRAINT | SC_HAS_STEP, .variables = 7,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
