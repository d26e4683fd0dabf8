/* symmetry: its rules, compiled. A state has 18 bits:
 *       15 .. 17   waiting: dict[P, bool]
 *       12 .. 14   served: set[P]
 *        6 .. 11   likes: dict[P, P | None]
 *        0 .. 5    queue: list[P] of at most 2
 */
#include "model.h"
#define SC_WORDS 1
#include "values.h"

#define SC_LINKED 0
#include "canonical.h"
SC_BITS(1)

/* symmetry.py:20  def come(self, p: P, q: P) -> None: */
static void do_come(u64 s, u64 p, u64 q, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    /* symmetry.py:21  require(not self.waiting[p] and len(self.queue) < 2) */
    u32 at_1 = 15 + (2 - p);
    if ((t >> at_1) & 1) return;
    if (!(((i64)((t >> 4) & 3)) < 2)) return;
    /* symmetry.py:22  self.waiting[p] = True */
    u32 at_2 = 15 + (2 - p);
    t |= 1ull << at_2; /* True */
    /* symmetry.py:23  self.likes[p] = q */
    u32 at_3 = 6 + (2 - p) * 2;
    t = (t & ~(3ull << at_3)) | (q << at_3);
    /* symmetry.py:24  self.queue.append(p) */
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = t & 63;
    u64 e_1[2] = {p};
    if (!sc_append(w_1.w, SC_SLOTS(0, 2, 2, 2), e_1)) { fail = SC_DOMAIN; goto next; }
    t = (t & ~63ull) | (w_1.w[0]);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
}

/* symmetry.py:27  def serve(self) -> None: */
static void do_serve(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    u64 popped_1 = 0;
    u64 p = 0;
    /* symmetry.py:28  p = self.queue.pop(0) */
    if (0ull >= ((t >> 4) & 3)) { fail = SC_ERROR; goto next; }
    popped_1 = (t >> 2) & 3;
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = t & 63;
    u64 length_1 = sc_length(w_1.w, SC_SLOTS(0, 2, 2, 2));
    if (0ull >= length_1) { fail = SC_ERROR; goto next; }
    sc_delete(w_1.w, SC_SLOTS(0, 2, 2, 2), 0ull);
    t = (t & ~63ull) | (w_1.w[0]);
    p = popped_1;
    /* symmetry.py:29  self.waiting[p] = False */
    u32 at_1 = 15 + (2 - p);
    t &= ~(1ull << at_1); /* False */
    /* symmetry.py:30  self.served.add(p) */
    t |= 1ull << (12 + p);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
}

/* symmetry.py:33  def served_once(self, p: P) -> bool: */
static u64 ask_served_once(u64 s, u64 p)
{
    /* symmetry.py:34  return not (self.waiting[p] and p in self.served) or self.likes[p] is not None */
    u32 at_1 = 15 + (2 - p);
    u64 any_1 = !(((s >> at_1) & 1) && ((s >> (12 + p)) & 1));
    if (!any_1) {
        u32 at_2 = 6 + (2 - p) * 2;
        any_1 = !(((s >> at_2) & 3) == 3);
    }
    return any_1;
}

/* symmetry.py:37  def loved(self, p: P) -> bool: */
static u64 ask_loved(u64 s, u64 p)
{
    /* symmetry.py:38  return all(self.likes[q] == p for q in P) */
    u64 all_1 = 1;
    for (u64 each_2 = 0; each_2 < 3; each_2++) {
        u32 at_1 = 6 + (2 - each_2) * 2;
        if (!(((s >> at_1) & 3) == p)) { all_1 = 0; break; }
    }
    return all_1;
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
static u64 exchanged(u64 v, u64 i, u64 j)
{
    {
        u64 a_1 = i;
        u64 b_1 = j;
        v = sc_swapped(v, a_1, b_1, 1);
    }
    return v;
}

/* P | None */
static u64 exchanged_2(u64 v, u64 i, u64 j)
{
    u64 which_1 = v < 3 ? 0 : 1;
    if (which_1 == 0) {
        return v == i ? j : v == j ? i : v;
    }
    return v;
}

static void exchange_P(u64 *s, u64 i, u64 j)
{
    u64 t = *s;
    /* waiting */
    {
        u64 a_1 = i;
        u64 b_1 = j;
        u32 at_1 = 15 + (2 - a_1);
        u32 at_2 = 15 + (2 - b_1);
        t = sc_swapped(t, at_1, at_2, 1);
    }
    /* served */
    t = (t & ~(7ull << 12)) | ((u64)(exchanged((t >> 12) & 7, i, j)) << 12);
    /* likes */
    for (u64 i_2 = 0; i_2 < 3; i_2++) {
        u32 at_3 = 6 + (2 - i_2) * 2;
        t = (t & ~(3ull << at_3)) | ((u64)(exchanged_2((t >> at_3) & 3, i, j)) << at_3);
    }
    {
        u64 a_2 = i;
        u64 b_2 = j;
        u32 at_4 = 6 + (2 - a_2) * 2;
        u32 at_5 = 6 + (2 - b_2) * 2;
        t = sc_swapped(t, at_4, at_5, 2);
    }
    /* queue */
    u64 length_1 = (t >> 4) & 3;
    for (u64 k = 0; k < length_1; k++) {
        u32 at_6 = (1 - k) * 2;
        u64 x_1 = (t >> at_6) & 3;
        t = (t & ~(3ull << at_6)) | ((u64)(x_1 == i ? j : x_1 == j ? i : x_1) << at_6);
    }
    *s = t;
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    u32 start = out->count, before = start;
    u32 instance = 0;
    instance = 0;
    for (u64 p = 0; p < 3; p++)
        for (u64 q = 0; q < 3; q++)
            do_come(s, p, q, instance++, out);
    sc_counted(out, &s, 0, before);
    before = out->count;
    do_serve(s, 9, out);
    sc_counted(out, &s, 1, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    if (sc_live(out, 8)) {
        for (u64 p = 0; p < 3; p++)
            if (!ask_served_once(s, p)) sc_mark(out, 8);
    }
    {
        u32 find = 10;
        for (u64 p_2 = 0; p_2 < 3; p_2++) {
            if (sc_live(out, find)) {
                if (ask_loved(s, p_2)) sc_mark(out, find);
            }
            find++;
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
    u64 x_1 = s >> 15;
    u64 x_2 = after >> 15;
    int order_1 = (x_1 > x_2) - (x_1 < x_2);
    if (order_1) return order_1;
    u64 x_3 = (s >> 12) & 7;
    u64 x_4 = (after >> 12) & 7;
    int order_2 = order(x_3, x_4);
    if (order_2) return order_2;
    u64 x_5 = (s >> 6) & 63;
    u64 x_6 = (after >> 6) & 63;
    int order_3 = (x_5 > x_6) - (x_5 < x_6);
    if (order_3) return order_3;
    u64 x_7 = s & 63;
    u64 x_8 = after & 63;
    int order_4 = (x_7 > x_8) - (x_7 < x_8);
    if (order_4) return order_4;
    return 0;
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    into[0] |= (u64)(((s ^ after) & 0x38000ull) != 0) << 0; /* waiting */
    into[0] |= (u64)(((s ^ after) & 28672) != 0) << 1; /* served */
    into[0] |= (u64)(((s ^ after) & 4032) != 0) << 2; /* likes */
    into[0] |= (u64)(((s ^ after) & 63) != 0) << 3; /* queue */
}

static void sc_exchange(u64 *s, u32 i, u32 j)
{
    exchange_P(s, i, j);
}

static void sc_canonical(u64 *s)
{
    static const u8 walk[][2] = {{1, 2}, {0, 1}, {1, 2}, {0, 1}, {1, 2}};
    sc_try_all(s, walk, 5);
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 18, .actions = 2, .instances = 10,
    .finds = 13, .flags = SC_HAS_CANONICAL, .variables = 4,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
    .canonical = sc_canonical,
};
