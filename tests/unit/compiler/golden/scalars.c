/* scalars: its rules, compiled. A state has 15 bits:
 *       12 .. 14   n: Range(0, 5)
 *        7 .. 11   total: Range(0, 20)
 *        6 .. 6    level: Literal['low', 'high']
 *        5 .. 5    mode: Mode
 *        3 .. 4    on: dict[Lamp, bool]
 *        1 .. 2    chosen: Lamp | None
 *        0 .. 0    place: Ring
 */
#include "model.h"
#define SC_WORDS 1
#include "values.h"


static const int16_t table_1[] = {
    1, 3,
};

/* scalars.py:34  def count(self) -> None: */
static void do_count(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    /* scalars.py:35  require(self.n < 5) */
    if (!(((i64)((t >> 12))) < 5)) return;
    /* scalars.py:36  self.n += TABLE[self.level] */
    u64 k_1 = (t >> 6) & 1;
    i64 n_1 = ((i64)((t >> 12))) + ((i64)table_1[k_1]);
    if (n_1 > 5) { fail = SC_DOMAIN; goto next; }
    t = (t & ~(7ull << 12)) | ((u64)((u64)n_1) << 12);
    /* scalars.py:37  self.total = self.total * 2 + self.n - 3 */
    i64 n_2 = ((((i64)(((t >> 7) & 31))) * 2) + ((i64)((t >> 12)))) - 3;
    if (n_2 < 0 || n_2 > 20) { fail = SC_DOMAIN; goto next; }
    t = (t & ~(31ull << 7)) | ((u64)((u64)n_2) << 7);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
}

/* scalars.py:40  def switch(self, lamp: Lamp) -> None: */
static void do_switch(u64 s, u64 lamp, u32 instance, struct sc_steps *out)
{
    int wrote = 0;
    u64 t = s;
    u64 it_1 = 0;
    /* scalars.py:41  if self.on[lamp] and self.mode is Mode.MANUAL: */
    u32 at_1 = 3 + (1 - lamp);
    u64 both_1 = (t >> at_1) & 1;
    if (both_1) {
        u64 x_1 = (t >> 5) & 1;
        both_1 = x_1 == 1;
    }
    if (both_1) {
        /* scalars.py:42  self.on[lamp] = False */
        u32 at_2 = 3 + (1 - lamp);
        t &= ~(1ull << at_2); /* False */
        wrote = 1;
    } else {
        /* scalars.py:43  elif self.chosen == lamp: */
        if (((t >> 1) & 3) == lamp) {
            /* scalars.py:44  disable() */
            if (!0 /* False */) return;
        } else {
            /* scalars.py:46  self.on[lamp], self.chosen = not self.on[lamp], lamp */
            u32 at_3 = 3 + (1 - lamp);
            it_1 = !((t >> at_3) & 1);
            u32 at_4 = 3 + (1 - lamp);
            t = (t & ~(1ull << at_4)) | (it_1 << at_4);
            wrote = 1;
            t = (t & ~(3ull << 1)) | (lamp << 1);
        }
    }
    if (!wrote) sc_mark(out, 10);
    sc_step(out, t, instance);
}

static const u8 table_2[] = {
    1, 0,
};

/* scalars.py:49  def walk(self) -> None: */
static void do_walk(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    i64 steps = 0;
    /* scalars.py:50  steps = 0 */
    steps = 0;
    /* scalars.py:51  while steps < self.n: */
    for (u32 rounds_1 = 0;; rounds_1++) {
        if (rounds_1 == SC_ROUNDS) { fail = SC_BEYOND; goto next; }
        if (!(steps < ((i64)((t >> 12))))) {
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
        u64 k_1 = t & 1;
        t = (t & ~1ull) | ((u64)table_2[k_1]);
        wrote = 1;
    }
    /* scalars.py:56  assert steps < 5 */
    if (steps < 5) {
    } else {
        { fail = SC_ASSERT; goto next; }
    }
    if (!wrote) sc_mark(out, 11);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 5, instance);
        fail = 0;
    }
}

/* scalars.py:59  def pick(self) -> None: */
static void do_pick(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 t = s;
    u64 choice_1_at = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    i64 stop_1 = 0;
    i64 choice_2_at = 0;
    u32 last_2 = 0;
    u64 t_2 = 0;
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
    t = s;
    t = (t & ~(1ull << 5)) | (choice_1 << 5);
    /* scalars.py:61  k = choose(range(self.n)) */
    stop_1 = (i64)((t >> 12));
    choice_2_at = 0;
    last_2 = last;
    last = 2;
    t_2 = t;
again_2:;
    if (!(choice_2_at < stop_1)) { last = last_2; goto again_1; }
    choice_2 = choice_2_at;
    choice_2_at++;
    t = t_2;
    k = choice_2;
    /* scalars.py:62  self.n = k // (self.n - 4) */
    i64 divisor_1 = ((i64)((t >> 12))) - 4;
    if (divisor_1 == 0) { fail = SC_ERROR; goto next; }
    i64 n_1 = 0;
    if (sc_divide(k, divisor_1, &n_1)) { fail = SC_BEYOND; goto next; }
    if (n_1 < 0) { fail = SC_DOMAIN; goto next; }
    t = (t & ~(7ull << 12)) | ((u64)((u64)n_1) << 12);
    sc_step(out, t, instance);
    goto again_2;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 7, instance);
        fail = 0;
    }
    switch (last) {
        case 1: goto again_1;
        case 2: goto again_2;
    }
}

/* scalars.py:69  def lit(self) -> bool: */
static u64 ask_lit(u64 s)
{
    /* scalars.py:70  return all(self.on.values()) */
    u64 all_1 = 1;
    for (u64 value_2_at = 0; value_2_at < 2; value_2_at++) {
        u32 at_1 = 3 + (1 - value_2_at);
        u64 value_2 = (s >> at_1) & 1;
        if (!value_2) { all_1 = 0; break; }
    }
    return all_1;
}

/* scalars.py:73  def some(self) -> bool: */
static u64 ask_some(u64 s)
{
    /* scalars.py:74  return 0 <= self.n <= 5 or self.place.index > 0 */
    return 1 /* True */;
}

/* scalars.py:81  def reached(self, lamp: Lamp) -> bool: */
static u64 ask_reached(u64 s, u64 lamp)
{
    /* scalars.py:82  return self.chosen == lamp and sum(self.on[one] for one in Lamp) == 2 */
    u64 both_1 = ((s >> 1) & 3) == lamp;
    if (both_1) {
        i64 sum_1 = 0;
        for (u64 each_2 = 0; each_2 < 2; each_2++) {
            u32 at_1 = 3 + (1 - each_2);
            sum_1 += (i64)((s >> at_1) & 1);
        }
        both_1 = sum_1 == 2;
    }
    return both_1;
}

/* scalars.py:65  def bounded(self) -> bool: */
static u64 ask_bounded(u64 s)
{
    /* scalars.py:66  return self.total < 12 */
    return ((i64)(((s >> 7) & 31))) < 12;
}

/* scalars.py:77  def grows(self, after: "Scalars") -> bool: */
static u64 ask_grows(u64 s, u64 after, int *fail)
{
    /* scalars.py:78  return after.total >= self.total or after.n % 2 == 0 */
    return (((i64)(((s >> 7) & 31))) <= ((i64)(((after >> 7) & 31)))) || ((((i64)((after >> 12))) % 2) == 0);
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    u32 start = out->count, before = start;
    do_count(s, 0, out);
    sc_counted(out, &s, 0, before);
    before = out->count;
    for (u64 lamp = 0; lamp < 2; lamp++)
        do_switch(s, lamp, 1 + (u32)lamp, out);
    sc_counted(out, &s, 1, before);
    before = out->count;
    do_walk(s, 3, out);
    sc_counted(out, &s, 2, before);
    before = out->count;
    do_pick(s, 4, out);
    sc_counted(out, &s, 3, before);
    if (out->count != start || (out->found[0] & 511)) return;
    if (ask_lit(s)) return;
    sc_mark(out, 13);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
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
    const u64 s = *from_s;
    int within = 1;
    within &= (int)ask_bounded(s);
    return within;
}

static void step(const u64 *from_s, const u64 *from_t, struct sc_steps *out)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
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
    const u64 s = *from_s;
    const u64 after = *from_t;
    return (s > after) - (s < after);
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    into[0] |= (u64)(((s ^ after) & 28672) != 0) << 0; /* n */
    into[0] |= (u64)(((s ^ after) & 3968) != 0) << 1; /* total */
    into[0] |= (u64)(((s ^ after) & 64) != 0) << 2; /* level */
    into[0] |= (u64)(((s ^ after) & 32) != 0) << 3; /* mode */
    into[0] |= (u64)(((s ^ after) & 24) != 0) << 4; /* on */
    into[0] |= (u64)(((s ^ after) & 6) != 0) << 5; /* chosen */
    into[0] |= (u64)(((s ^ after) & 1) != 0) << 6; /* place */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 15, .actions = 4, .instances = 5,
    .finds = 21, .flags = SC_HAS_CONSTRAINT | SC_HAS_STEP, .variables = 7,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
