/* steering: its rules, compiled. A state has 16 bits:
 *       14 .. 15   turn: P | None
 *       11 .. 13   ready: set[P]
 *        8 .. 10   n: Range(0, 4)
 *        0 .. 7    seen: list[P] of at most 3
 */
#include "model.h"
#define SC_WORDS 1
#include "values.h"

SC_BITS(1)

/* steering.py:22  def prepare(self, p: P) -> None: */
static void do_prepare(u64 s, u64 p, u32 instance, struct sc_steps *out)
{
    u64 t = s;
    /* steering.py:24  require(p not in self.ready or self.n > 3) */
    if (!(!((t >> (11 + p)) & 1) || (3 < ((i64)(((t >> 8) & 7)))))) return;
    /* steering.py:25  if self.turn == p: */
    if ((t >> 14) == p) {
        /* steering.py:26  self.ready |= set() */
        /* steering.py:27  return */
        sc_step(out, t, instance);
        return;
    }
    /* steering.py:28  self.ready.add(p) */
    t |= 1ull << (11 + p);
    sc_step(out, t, instance);
}

/* steering.py:31  def draw(self) -> None: */
static void do_draw(u64 s, u32 instance, struct sc_steps *out)
{
    u32 last = 0;
    int wrote = 0;
    u64 t = s;
    u64 choice_1_ats = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    u64 choice_2_ats = 0;
    u32 last_2 = 0;
    u64 choice_2 = 0;
    u64 chosen_1 = 0;
    i64 choice_3_at = 0;
    u32 last_3 = 0;
    u64 t_3 = 0;
    int wrote_3 = 0;
    i64 choice_3 = 0;
    /* steering.py:33  if choose((True, False)) and self.n < 4: */
    choice_1_ats = 3;
    last_1 = last;
    last = 1;
again_1:;
    if (!(choice_1_ats)) { last = last_1; goto next; }
    choice_1 = (u64)__builtin_ctzll(choice_1_ats);
    choice_1_ats &= choice_1_ats - 1;
    t = s;
    wrote = 0;
    if (choice_1 && (((i64)(((t >> 8) & 7))) < 4)) {
        /* steering.py:34  self.turn = choose(self.ready) if self.ready else None */
        if (!(((i64)__builtin_popcountll((t >> 11) & 7)) == 0)) {
            choice_2_ats = (t >> 11) & 7;
            last_2 = last;
            last = 2;
        again_2:;
            if (!(choice_2_ats)) { last = last_2; goto again_1; }
            choice_2 = (u64)__builtin_ctzll(choice_2_ats);
            choice_2_ats &= choice_2_ats - 1;
            t = s;
            wrote = 0;
            chosen_1 = choice_2;
        } else {
            chosen_1 = 3 /* None */;
        }
        t = (t & ~(3ull << 14)) | (chosen_1 << 14);
        wrote = 1;
    }
    /* steering.py:35  self.n = choose(Small) */
    choice_3_at = 0;
    last_3 = last;
    last = 3;
    t_3 = t;
    wrote_3 = wrote;
again_3:;
    if (!(choice_3_at <= 4)) { last = last_3; goto next; }
    choice_3 = choice_3_at;
    choice_3_at++;
    t = t_3;
    wrote = wrote_3;
    t = (t & ~(7ull << 8)) | ((u64)((u64)choice_3) << 8);
    wrote = 1;
    sc_step(out, t, instance);
    goto again_3;
next:;
    switch (last) {
        case 1: goto again_1;
        case 2: goto again_2;
        case 3: goto again_3;
    }
}

/* steering.py:38  def split(self) -> None: */
static void do_split(u64 s, u32 instance, struct sc_steps *out)
{
    u32 last = 0;
    u64 t = s;
    u64 c_1 = 0;
    u64 whole_1 = 0;
    u64 choice_1_at = 0;
    int more = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    u64 some = 0;
    /* steering.py:39  some = choose(subsets(self.ready, 1, 2)) */
    c_1 = (t >> 11) & 7;
    whole_1 = c_1;
    choice_1_at = 0;
    more = 1;
    last_1 = last;
    last = 1;
again_1:;
    if (!(more)) { last = last_1; goto next; }
    if (!(__builtin_popcountll(choice_1_at) >= 1 && __builtin_popcountll(choice_1_at) <= 2)) { choice_1_at = (choice_1_at - whole_1) & whole_1, more = choice_1_at != 0; goto again_1; }
    choice_1 = choice_1_at;
    choice_1_at = (choice_1_at - whole_1) & whole_1, more = choice_1_at != 0;
    t = s;
    some = choice_1;
    /* steering.py:40  self.ready -= some */
    t = (t & ~(7ull << 11)) | ((u64)(((t >> 11) & 7) & ~some) << 11);
    /* steering.py:41  if not self.ready and self.n == 0: */
    if ((((i64)__builtin_popcountll((t >> 11) & 7)) == 0) && (((i64)(((t >> 8) & 7))) == 0)) goto again_1;
    sc_step(out, t, instance);
    goto again_1;
next:;
    if (last) goto again_1;
}

static const u8 table_1[] = {
    2, 1, 0,
};

/* steering.py:45  def search(self) -> None: */
static void do_search(u64 s, u32 instance, struct sc_steps *out)
{
    int wrote = 0;
    u64 t = s;
    i64 number_2 = 0;
    u64 each_2 = 0;
    i64 i = 0;
    u64 p = 0;
    u64 each_4 = 0;
    i64 number_3 = 0;
    i64 index_2 = 0;
    /* steering.py:47  for i, p in enumerate(self.seen): */
    u64 length_1 = (t >> 6) & 3;
    u64 i_at = 0;
    for (i64 n = 0; i_at < length_1; i_at++, n++) {
        u32 at_1 = (2 - i_at) * 2;
        number_2 = n;
        each_2 = (t >> at_1) & 3;
        i = number_2;
        p = each_2;
        /* steering.py:48  if p not in self.ready: */
        if (!((t >> (11 + p)) & 1)) {
            /* steering.py:49  continue */
            continue;
        }
        /* steering.py:50  if i > 0: */
        if (0 < i) {
            /* steering.py:51  self.n = i */
            t = (t & ~(7ull << 8)) | ((u64)((u64)i) << 8);
            wrote = 1;
            /* steering.py:52  break */
            break;
        }
    }
    /* steering.py:53  for p in (p for p in P if p in self.ready): */
    for (u64 each_4_at = 0; each_4_at < 3; each_4_at++) {
        each_4 = each_4_at;
        if ((t >> (11 + each_4)) & 1) {
            p = each_4;
            /* steering.py:54  for _ in range(2): */
            for (i64 number_3_at = 0; number_3_at < 2; number_3_at++) {
                number_3 = number_3_at;
                /* steering.py:55  if p == self.turn: */
                if (p == (t >> 14)) {
                    /* steering.py:56  self.ready.discard(p) */
                    t &= ~(1ull << (11 + p));
                    wrote = 1;
                    /* steering.py:57  break */
                    break;
                }
            }
        }
    }
    /* steering.py:58  for p in reversed(P): */
    for (i64 index_2_at = 0; index_2_at < 3; index_2_at++) {
        index_2 = index_2_at;
        u64 k_1 = (u64)index_2;
        p = (u64)table_1[k_1];
        /* steering.py:59  if p in self.ready: */
        if ((t >> (11 + p)) & 1) {
            /* steering.py:60  return */
            if (!wrote) sc_mark(out, 16);
            sc_step(out, t, instance);
            return;
        }
    }
    /* steering.py:61  self.seen.clear() */
    t &= ~255ull;
    wrote = 1;
    sc_step(out, t, instance);
}

/* steering.py:64  def count(self) -> None: */
static void do_count(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    i64 n = 0;
    /* steering.py:65  n = self.n */
    n = (i64)(((t >> 8) & 7));
    /* steering.py:66  while True: */
    for (u32 rounds_1 = 0;; rounds_1++) {
        if (rounds_1 == SC_ROUNDS) { fail = SC_BEYOND; goto next; }
        /* steering.py:67  n = n // 2 */
        n = n / 2;
        /* steering.py:68  if n < 1: */
        if (n < 1) {
            /* steering.py:69  break */
            break;
        }
        /* steering.py:70  self.n -= 1 */
        i64 n_1 = ((i64)(((t >> 8) & 7))) - 1;
        if (n_1 < 0) { fail = SC_DOMAIN; goto next; }
        t = (t & ~(7ull << 8)) | ((u64)((u64)n_1) << 8);
        wrote = 1;
    }
    /* steering.py:71  while self.n > 3: */
    for (u32 rounds_2 = 0;; rounds_2++) {
        if (rounds_2 == SC_ROUNDS) { fail = SC_BEYOND; goto next; }
        if (!(3 < ((i64)(((t >> 8) & 7))))) {
            break;
        }
        /* steering.py:72  self.n -= 2 */
        i64 n_2 = ((i64)(((t >> 8) & 7))) - 2;
        if (n_2 < 0) { fail = SC_DOMAIN; goto next; }
        t = (t & ~(7ull << 8)) | ((u64)((u64)n_2) << 8);
        wrote = 1;
    }
    if (!wrote) sc_mark(out, 17);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 9, instance);
        fail = 0;
    }
}

/* steering.py:75  def check(self) -> None: */
static void do_check(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    /* steering.py:76  assert len(self.seen) < 3, f"{len(self.seen)} were seen" */
    if (((i64)((t >> 6) & 3)) < 3) {
    } else {
        { fail = SC_ASSERT; goto next; }
    }
    /* steering.py:77  if self.n == 4: */
    if (((i64)(((t >> 8) & 7))) == 4) {
        /* steering.py:78  raise ValueError("there is no more") */
        { fail = SC_ERROR; goto next; }
    }
    /* steering.py:79  if self.turn is not None: */
    if (!((t >> 14) == 3)) {
        /* steering.py:80  self.seen.append(self.turn) */
        u64 union_1 = t >> 14;
        if (union_1 >= 3) { fail = SC_DOMAIN; goto next; }
        sc_bits_1 w_1 = {{0}};
        w_1.w[0] = t & 0xff;
        u64 e_1[2] = {union_1};
        if (!sc_append(w_1.w, SC_SLOTS(0, 3, 2, 2), e_1)) { fail = SC_DOMAIN; goto next; }
        t = (t & ~0xffull) | (w_1.w[0]);
        wrote = 1;
    }
    if (!wrote) sc_mark(out, 18);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 11, instance);
        fail = 0;
    }
}

/* steering.py:83  def found(self) -> bool: */
static u64 ask_found(u64 s)
{
    u64 each_1 = 0;
    u64 p = 0;
    /* steering.py:84  for p in P: */
    for (u64 each_1_at = 0; each_1_at < 3; each_1_at++) {
        each_1 = each_1_at;
        p = each_1;
        /* steering.py:85  if p in self.ready and p in self.seen: */
        u64 both_1 = (s >> (11 + p)) & 1;
        if (both_1) {
            sc_bits_1 w_1 = {{0}};
            w_1.w[0] = s & 0xff;
            u64 e_1[2] = {p};
            both_1 = sc_find(w_1.w, SC_SLOTS(0, 3, 2, 2), e_1, 0) < sc_length(w_1.w, SC_SLOTS(0, 3, 2, 2));
        }
        if (both_1) {
            /* steering.py:86  return self.n >= 1 */
            return 1 <= ((i64)(((s >> 8) & 7)));
        }
    }
    /* steering.py:87  return True */
    return 1 /* True */;
}

/* set[P] */
static int order(u64 a, u64 b)
{
    i64 length_1 = (i64)__builtin_popcountll(a);
    i64 length_2 = (i64)__builtin_popcountll(b);
    if (length_1 != length_2) return length_1 < length_2 ? -1 : 1;
    u64 differing = a ^ b;
    if (!differing) return 0;
    return a & (differing & -differing) ? -1 : 1;
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    u32 start = out->count, before = start;
    for (u64 p = 0; p < 3; p++)
        do_prepare(s, p, (u32)p, out);
    sc_counted(out, &s, 0, before);
    before = out->count;
    do_draw(s, 3, out);
    sc_counted(out, &s, 1, before);
    before = out->count;
    do_split(s, 4, out);
    sc_counted(out, &s, 2, before);
    before = out->count;
    do_search(s, 5, out);
    sc_counted(out, &s, 3, before);
    before = out->count;
    do_count(s, 6, out);
    sc_counted(out, &s, 4, before);
    before = out->count;
    do_check(s, 7, out);
    sc_counted(out, &s, 5, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    if (sc_live(out, 20)) {
        if (!ask_found(s)) sc_mark(out, 20);
    }
}

static int kept(const u64 *from_s, struct sc_steps *out)
{
    int within = 1;
    return within;
}

static void step(const u64 *from_s, const u64 *from_t, struct sc_steps *out)
{
}

static int compare(const u64 *from_s, const u64 *from_t)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    u64 x_1 = s >> 14;
    u64 x_2 = after >> 14;
    int order_1 = (x_1 > x_2) - (x_1 < x_2);
    if (order_1) return order_1;
    u64 x_3 = (s >> 11) & 7;
    u64 x_4 = (after >> 11) & 7;
    int order_2 = order(x_3, x_4);
    if (order_2) return order_2;
    i64 x_5 = (i64)(((s >> 8) & 7));
    i64 x_6 = (i64)(((after >> 8) & 7));
    int order_3 = (x_5 > x_6) - (x_5 < x_6);
    if (order_3) return order_3;
    u64 x_7 = s & 0xff;
    u64 x_8 = after & 0xff;
    int order_4 = (x_7 > x_8) - (x_7 < x_8);
    if (order_4) return order_4;
    return 0;
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    into[0] |= (u64)(((s ^ after) & 49152) != 0) << 0; /* turn */
    into[0] |= (u64)(((s ^ after) & 14336) != 0) << 1; /* ready */
    into[0] |= (u64)(((s ^ after) & 1792) != 0) << 2; /* n */
    into[0] |= (u64)(((s ^ after) & 255) != 0) << 3; /* seen */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 16, .actions = 6, .instances = 8,
    .finds = 21, .flags = 0, .variables = 4,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
