/* sets: its rules, compiled. A state has 26 bits:
 *       23 .. 25   here: set[P]
 *       20 .. 22   there: set[P]
 *       11 .. 19   pairs: set[tuple[P, P]] of at most 2
 *        8 .. 10   quorum: frozenset[P]
 *        0 .. 7    votes: Bag[Range(0, 2)] of at most 3
 */
#include "model.h"
#define SC_WORDS 1
#include "values.h"

SC_BITS(1)

static const u8 table_1[] = {
    2, 0, 1,
};

/* sets.py:20  def move(self, p: P) -> None: */
static void do_move(u64 s, u64 p, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    /* sets.py:21  self.here.remove(p) */
    if (!((t >> (23 + p)) & 1)) { fail = SC_ERROR; goto next; }
    t &= ~(1ull << (23 + p));
    /* sets.py:22  self.there.add(p) */
    t |= 1ull << (20 + p);
    /* sets.py:23  if p.index: */
    if (!(((i64)p) == 0)) {
        /* sets.py:24  self.pairs.add((p.prev(), p)) */
        u64 element_1 = ((u64)table_1[p]) * 3 + p;
        if (!((t >> (11 + element_1)) & 1) && (i64)__builtin_popcountll((t >> 11) & 0x1ff) >= 2) { fail = SC_DOMAIN; goto next; }
        t |= 1ull << (11 + element_1);
    }
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
}

/* sets.py:27  def back(self) -> None: */
static void do_back(u64 s, u32 instance, struct sc_steps *out)
{
    u64 t = s;
    u64 added_1 = 0;
    /* sets.py:28  self.here.update(self.there, (P[0],)) */
    t = (t & ~(7ull << 23)) | ((u64)((t >> 23) | ((t >> 20) & 7)) << 23);
    u64 made_1 = 0;
    for (i64 index_2 = 0; index_2 < 1; index_2++) {
        made_1 |= 1ull << 0 /* P0 */;
    }
    added_1 = made_1;
    u64 made_2 = 0;
    for (u64 is = added_1; is; is &= is - 1) {
        made_2 |= 1ull << 0 /* P0 */;
    }
    t = (t & ~(7ull << 23)) | ((u64)((t >> 23) | made_2) << 23);
    /* sets.py:29  self.there -= self.here - {P[2]} */
    u64 c_1 = (t >> 23) & ~4;
    t = (t & ~(7ull << 20)) | ((u64)(((t >> 20) & 7) & ~c_1) << 20);
    /* sets.py:30  self.here.symmetric_difference_update(self.there) */
    t = (t & ~(7ull << 23)) | ((u64)((t >> 23) ^ ((t >> 20) & 7)) << 23);
    sc_step(out, t, instance);
}

/* sets.py:33  def agree(self) -> None: */
static void do_agree(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    /* sets.py:34  self.quorum = frozenset(self.here) ^ self.quorum */
    u64 c_1 = t >> 23;
    t = (t & ~(7ull << 8)) | ((u64)(c_1 ^ ((t >> 8) & 7)) << 8);
    /* sets.py:35  self.pairs = {(p, q) for p, q in self.pairs if p in self.quorum or q in self.quorum} */
    u64 made_1 = 0;
    for (u64 each_1s = (t >> 11) & 0x1ff; each_1s; each_1s &= each_1s - 1) {
        u64 each_1 = (u64)__builtin_ctzll(each_1s);
        if (!(((t >> (8 + ((each_1 / 3)))) & 1) || ((t >> (8 + ((each_1 % 3)))) & 1))) continue;
        made_1 |= 1ull << ((each_1 / 3) * 3 + (each_1 % 3));
    }
    if ((i64)__builtin_popcountll(made_1) > 2) { fail = SC_BEYOND; goto next; }
    t = (t & ~(0x1ffull << 11)) | (made_1 << 11);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 5, instance);
        fail = 0;
    }
}

/* sets.py:38  def vote(self) -> None: */
static void do_vote(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    i64 n = 0;
    /* sets.py:39  n = len(self.here & self.there) % 3 */
    u64 c_1 = (t >> 23) & ((t >> 20) & 7);
    n = ((i64)__builtin_popcountll(c_1)) % 3;
    /* sets.py:40  self.votes.add(n) */
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = t & 0xff;
    u64 e_1[2] = {(u64)n};
    if (!sc_insert(w_1.w, SC_SLOTS(0, 3, 2, 2), sc_below(w_1.w, SC_SLOTS(0, 3, 2, 2), e_1), e_1)) { fail = SC_DOMAIN; goto next; }
    t = (t & ~0xffull) | (w_1.w[0]);
    /* sets.py:41  if self.votes.count(n) > 1: */
    sc_bits_1 w_2 = {{0}};
    w_2.w[0] = t & 0xff;
    u64 e_2[2] = {(u64)n};
    if (1 < ((i64)sc_count(w_2.w, SC_SLOTS(0, 3, 2, 2), e_2))) {
        /* sets.py:42  self.votes.remove(n) */
        sc_bits_1 w_3 = {{0}};
        w_3.w[0] = t & 0xff;
        u64 e_3[2] = {(u64)n};
        if (!sc_exclude(w_3.w, SC_SLOTS(0, 3, 2, 2), e_3)) { fail = SC_ERROR; goto next; }
        t = (t & ~0xffull) | (w_3.w[0]);
    }
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 7, instance);
        fail = 0;
    }
}

/* sets.py:45  def restart(self) -> None: */
static void do_restart(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 t = s;
    u64 it_1 = 0;
    u64 choice_1_at = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    u64 first = 0;
    u64 choice = 0;
    u64 others = 0;
    /* sets.py:46  first, choice = min(self.there), choose(P) */
    u64 min_1 = 0;
    int some_1 = 0;
    for (u64 each_1s = (t >> 20) & 7; each_1s; each_1s &= each_1s - 1) {
        u64 each_1 = (u64)__builtin_ctzll(each_1s);
        if (!some_1 || each_1 < min_1) min_1 = each_1;
        some_1 = 1;
    }
    if (!some_1) { fail = SC_ERROR; goto next; }
    it_1 = min_1;
    choice_1_at = 0;
    last_1 = last;
    last = 1;
again_1:;
    if (!(choice_1_at < 3)) { last = last_1; goto next; }
    choice_1 = choice_1_at;
    choice_1_at++;
    t = s;
    first = it_1;
    choice = choice_1;
    /* sets.py:47  others = copy(self.there) */
    others = (t >> 20) & 7;
    /* sets.py:48  others.discard(first) */
    others &= ~(1ull << first);
    /* sets.py:49  self.here = {first, *others} */
    u64 made_1 = 0;
    made_1 |= 1ull << first;
    if ((i64)__builtin_popcountll(made_1) > 1) { fail = SC_BEYOND; goto next; }
    t = (t & ~(7ull << 23)) | ((u64)(made_1 | others) << 23);
    /* sets.py:50  self.there.clear() */
    t &= ~0x700000ull;
    /* sets.py:51  self.votes = Bag(p.index for p in P if p <= choice) */
    sc_bits_1 made_2 = {{0}};
    for (u64 each_5 = 0; each_5 < 3; each_5++) {
        if (!(each_5 <= choice)) continue;
        u64 e_1[2] = {(u64)((i64)each_5)};
        if (!sc_insert(made_2.w, SC_SLOTS(0, 3, 2, 2), sc_below(made_2.w, SC_SLOTS(0, 3, 2, 2), e_1), e_1)) { fail = SC_BEYOND; goto next; }
    }
    t = (t & ~0xffull) | (made_2.w[0]);
    sc_step(out, t, instance);
    goto again_1;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 9, instance);
        fail = 0;
    }
    if (last) goto again_1;
}

/* sets.py:54  def related(self) -> bool: */
static u64 ask_related(u64 s)
{
    /* sets.py:55  return ( */
    u64 both_1 = ((s >> 23) & ((s >> 20) & 7)) == 0;
    if (both_1) {
        u64 c_1 = (s >> 23) | ((s >> 20) & 7);
        both_1 = (c_1 & ~7) == 0;
    }
    u64 both_2 = both_1;
    if (both_2) {
        u64 c_2 = (s >> 23) | ((s >> 20) & 7);
        u64 set_1 = (s >> 8) & 7;
        both_2 = !((c_2 & ~set_1) == 0 && c_2 != set_1);
    }
    u64 both_3 = both_2;
    if (both_3) {
        u64 c_3 = (s >> 23) | ((s >> 20) & 7);
        both_3 = (1 & ~c_3) == 0;
    }
    return both_3 && !((s >> 13) & 1);
}

/* sets.py:64  def counted(self) -> bool: */
static u64 ask_counted(u64 s)
{
    /* sets.py:65  return len(self.votes) == sum(1 for n in self.votes) == 1 and any(n in self.votes for n in range(3)) */
    i64 sum_1 = 0;
    u64 length_1 = (s >> 6) & 3;
    for (u64 each_2_at = 0; each_2_at < length_1; each_2_at++) {
        sc_bits_1 w_1 = {{0}};
        w_1.w[0] = s & 0xff;
        if (!(each_2_at == 0 || !sc_same(w_1.w, sc_slot(SC_SLOTS(0, 3, 2, 2), each_2_at), w_1.w, sc_slot(SC_SLOTS(0, 3, 2, 2), (each_2_at - 1)), 2))) continue;
        u32 at_1 = (2 - each_2_at) * 2;
        i64 each_2 = (i64)(((s >> at_1) & 3));
        sum_1 += 1;
    }
    u64 both_1 = ((i64)((s >> 6) & 3)) == sum_1;
    if (both_1) {
        i64 sum_2 = 0;
        u64 length_2 = (s >> 6) & 3;
        for (u64 each_2_at_2 = 0; each_2_at_2 < length_2; each_2_at_2++) {
            sc_bits_1 w_2 = {{0}};
            w_2.w[0] = s & 0xff;
            if (!(each_2_at_2 == 0 || !sc_same(w_2.w, sc_slot(SC_SLOTS(0, 3, 2, 2), each_2_at_2), w_2.w, sc_slot(SC_SLOTS(0, 3, 2, 2), (each_2_at_2 - 1)), 2))) continue;
            u32 at_2 = (2 - each_2_at_2) * 2;
            i64 each_2_2 = (i64)(((s >> at_2) & 3));
            sum_2 += 1;
        }
        both_1 = sum_2 == 1;
    }
    u64 both_2 = both_1;
    if (both_2) {
        u64 any_1 = 0;
        for (i64 number_2 = 0; number_2 < 3; number_2++) {
            sc_bits_1 w_3 = {{0}};
            w_3.w[0] = s & 0xff;
            u64 e_1[2] = {(u64)number_2};
            if (sc_find(w_3.w, SC_SLOTS(0, 3, 2, 2), e_1, 0) < sc_length(w_3.w, SC_SLOTS(0, 3, 2, 2))) { any_1 = 1; break; }
        }
        both_2 = any_1;
    }
    return both_2;
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

/* set[P] */
static int order_2(u64 a, u64 b)
{
    i64 length_1 = (i64)__builtin_popcountll(a);
    i64 length_2 = (i64)__builtin_popcountll(b);
    if (length_1 != length_2) return length_1 < length_2 ? -1 : 1;
    u64 differing = a ^ b;
    if (!differing) return 0;
    return a & (differing & -differing) ? -1 : 1;
}

/* set[tuple[P, P]] of at most 2 */
static int order_4(u64 a, u64 b)
{
    i64 length_1 = (i64)__builtin_popcountll(a);
    i64 length_2 = (i64)__builtin_popcountll(b);
    if (length_1 != length_2) return length_1 < length_2 ? -1 : 1;
    u64 differing = a ^ b;
    if (!differing) return 0;
    return a & (differing & -differing) ? -1 : 1;
}

/* frozenset[P] */
static int order_6(u64 a, u64 b)
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
        do_move(s, p, (u32)p, out);
    sc_counted(out, &s, 0, before);
    before = out->count;
    do_back(s, 3, out);
    sc_counted(out, &s, 1, before);
    before = out->count;
    do_agree(s, 4, out);
    sc_counted(out, &s, 2, before);
    before = out->count;
    do_vote(s, 5, out);
    sc_counted(out, &s, 3, before);
    before = out->count;
    do_restart(s, 6, out);
    sc_counted(out, &s, 4, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    if (sc_live(out, 17)) {
        if (!ask_related(s)) sc_mark(out, 17);
    }
    {
        u32 find = 19;
        if (sc_live(out, find)) {
            if (ask_counted(s)) sc_mark(out, find);
        }
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
    u64 x_1 = s >> 23;
    u64 x_2 = after >> 23;
    int order_1 = order(x_1, x_2);
    if (order_1) return order_1;
    u64 x_3 = (s >> 20) & 7;
    u64 x_4 = (after >> 20) & 7;
    int order_3 = order_2(x_3, x_4);
    if (order_3) return order_3;
    u64 x_5 = (s >> 11) & 0x1ff;
    u64 x_6 = (after >> 11) & 0x1ff;
    int order_5 = order_4(x_5, x_6);
    if (order_5) return order_5;
    u64 x_7 = (s >> 8) & 7;
    u64 x_8 = (after >> 8) & 7;
    int order_7 = order_6(x_7, x_8);
    if (order_7) return order_7;
    u64 x_9 = s & 0xff;
    u64 x_10 = after & 0xff;
    int order_8 = (x_9 > x_10) - (x_9 < x_10);
    if (order_8) return order_8;
    return 0;
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    into[0] |= (u64)(((s ^ after) & 0x3800000ull) != 0) << 0; /* here */
    into[0] |= (u64)(((s ^ after) & 0x700000ull) != 0) << 1; /* there */
    into[0] |= (u64)(((s ^ after) & 0xff800ull) != 0) << 2; /* pairs */
    into[0] |= (u64)(((s ^ after) & 1792) != 0) << 3; /* quorum */
    into[0] |= (u64)(((s ^ after) & 255) != 0) << 4; /* votes */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 26, .actions = 5, .instances = 7,
    .finds = 20, .flags = 0, .variables = 5,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
