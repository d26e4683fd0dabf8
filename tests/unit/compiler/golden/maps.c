/* maps: its rules, compiled. A state has 28 bits:
 *       24 .. 27   score: dict[P, Range(0, 3)]
 *       16 .. 23   owner: dict[Range(0, 3), P | None] (partial)
 *       12 .. 15   seen: dict[P, dict[P, bool]]
 *        0 .. 11   boxes: dict[P, list[Range(0, 3)] of at most 2]
 */
#include "model.h"
#define SC_WORDS 1
#include "values.h"

SC_BITS(1)

static const u8 there_1[] = {
    1, 1, 1, 0,
};

static const int16_t table_1[] = {
    1, 2, 3, 0,
};

/* maps.py:23  def buy(self, p: P, n: Small) -> None: */
static void do_buy(u64 s, u64 p, i64 n, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    /* maps.py:24  require(n not in self.owner) */
    u32 at_1 = 16 + (3 - ((u64)n)) * 2;
    if (((t >> at_1) & 3) != 0) return;
    /* maps.py:25  self.owner[n] = p */
    u32 at_2 = 16 + (3 - ((u64)n)) * 2;
    t = (t & ~(3ull << at_2)) | ((u64)(p + 1) << at_2);
    /* maps.py:26  self.score[p] += COST[n % 2, self.seen[p][p]] */
    u32 at_3 = 24 + (1 - p) * 2;
    u32 at_4 = 12 + (1 - p) * 2;
    u32 at_5 = at_4 + (1 - p);
    u64 k_1 = ((u64)(n % 2)) * 2 + ((t >> at_5) & 1);
    if (!there_1[k_1]) { fail = SC_ERROR; goto next; }
    i64 n_1 = ((i64)(((t >> at_3) & 3))) + ((i64)table_1[k_1]);
    if (n_1 > 3) { fail = SC_DOMAIN; goto next; }
    u32 at_6 = 24 + (1 - p) * 2;
    t = (t & ~(3ull << at_6)) | ((u64)((u64)n_1) << at_6);
    /* maps.py:27  self.boxes[p].append(n) */
    u32 at_7 = (1 - p) * 6;
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = (t >> at_7) & 63;
    u64 e_1[2] = {(u64)n};
    if (!sc_append(w_1.w, SC_SLOTS(0, 2, 2, 2), e_1)) { fail = SC_DOMAIN; goto next; }
    t = (t & ~(63ull << at_7)) | ((u64)(w_1.w[0]) << at_7);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
}

/* maps.py:30  def sell(self, n: Small) -> None: */
static void do_sell(u64 s, i64 n, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    u64 popped_1 = 0;
    u64 owner = 0;
    i64 value_3 = 0;
    u64 key_2 = 0;
    u64 value_4 = 0;
    u64 key_3 = 0;
    u64 ignored_1 = 0;
    /* maps.py:31  owner = self.owner.pop(n) */
    u32 at_1 = 16 + (3 - ((u64)n)) * 2;
    if (((t >> at_1) & 3) == 0) { fail = SC_ERROR; goto next; }
    popped_1 = ((t >> at_1) & 3) - 1;
    u64 k_1 = (u64)n;
    u32 at_2 = 16 + (3 - k_1) * 2;
    if (((t >> at_2) & 3) == 0) { fail = SC_ERROR; goto next; }
    t &= ~(3ull << at_2);
    owner = popped_1;
    /* maps.py:32  if owner is not None: */
    if (!(owner == 2)) {
        /* maps.py:33  self.score[owner] = max(self.score.values()) - self.score[owner] */
        i64 max_1 = 0;
        int some_1 = 0;
        for (u64 value_2_at = 0; value_2_at < 2; value_2_at++) {
            u32 at_3 = 24 + (1 - value_2_at) * 2;
            i64 value_2 = (i64)(((t >> at_3) & 3));
            if (!some_1 || max_1 < value_2) max_1 = value_2;
            some_1 = 1;
        }
        if (!some_1) { fail = SC_ERROR; goto next; }
        if (owner >= 2) { fail = SC_ERROR; goto next; }
        u32 at_4 = 24 + (1 - owner) * 2;
        value_3 = max_1 - ((i64)(((t >> at_4) & 3)));
        if (owner >= 2) { fail = SC_DOMAIN; goto next; }
        key_2 = owner;
        if (value_3 < 0) { fail = SC_DOMAIN; goto next; }
        u32 at_5 = 24 + (1 - key_2) * 2;
        t = (t & ~(3ull << at_5)) | ((u64)((u64)value_3) << at_5);
        /* maps.py:34  self.seen[owner] = {p: p != owner for p in P} */
        u64 made_1 = 0;
        for (u64 each_1 = 0; each_1 < 2; each_1++) {
            u32 at_6 = (1 - each_1) * 2;
            made_1 = (made_1 & ~(3ull << at_6)) | ((u64)(!(each_1 == owner) + 1) << at_6);
        }
        value_4 = made_1;
        if (owner >= 2) { fail = SC_DOMAIN; goto next; }
        key_3 = owner;
        i64 length_1 = 0;
        for (u64 i = 0; i < 2; i++) {
            u32 at_7 = (1 - i) * 2;
            length_1 += ((value_4 >> at_7) & 3) != 0;
        }
        if (length_1 != 2) { fail = SC_DOMAIN; goto next; }
        u64 made_2 = 0;
        for (u64 i_2 = 0; i_2 < 2; i_2++) {
            u32 at_8 = (1 - i_2) * 2;
            if (!(((value_4 >> at_8) & 3) != 0)) continue;
            u32 at_9 = (1 - i_2) * 2;
            u32 at_10 = 1 - i_2;
            made_2 = (made_2 & ~(1ull << at_10)) | ((u64)(((value_4 >> at_9) & 3) - 1) << at_10);
        }
        u32 at_11 = 12 + (1 - key_3) * 2;
        t = (t & ~(3ull << at_11)) | (made_2 << at_11);
    }
    /* maps.py:35  self.owner.setdefault(0, None) */
    if (!(((t >> 22) & 3) != 0)) {
        t |= 0xc00000ull;
    }
    if (((t >> 22) & 3) == 0) { fail = SC_ERROR; goto next; }
    ignored_1 = ((t >> 22) & 3) - 1;
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
}

/* maps.py:38  def merge(self) -> None: */
static void do_merge(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 t = s;
    u64 added_1 = 0;
    i64 key_2 = 0;
    u64 value_1 = 0;
    u64 choice_1_at = 0;
    u32 last_1 = 0;
    u64 t_1 = 0;
    u64 choice_1 = 0;
    u64 added_2 = 0;
    i64 key_3_2 = 0;
    u64 value_2 = 0;
    u64 left = 0;
    u64 key_5 = 0;
    u32 value_4 = 0;
    u64 p = 0;
    u32 box = 0;
    /* maps.py:39  self.owner.update({n: None for n in self.owner if n > 1}) */
    u64 made_1 = 0;
    for (u64 key_1 = 0; key_1 < 4; key_1++) {
        u32 at_1 = 16 + (3 - key_1) * 2;
        if (!(((t >> at_1) & 3) != 0)) continue;
        i64 key_1_2 = (i64)(key_1);
        if (!(1 < key_1_2)) continue;
        u64 k_1 = (u64)key_1_2;
        u32 at_2 = 3 - k_1;
        made_1 |= 1ull << at_2;
    }
    added_1 = made_1;
    for (u64 value_1_at = 0; value_1_at < 4; value_1_at++) {
        u32 at_3 = 3 - value_1_at;
        if (!(((added_1 >> at_3) & 1) != 0)) continue;
        u32 at_4 = 3 - value_1_at;
        key_2 = (i64)(value_1_at);
        value_1 = ((added_1 >> at_4) & 1) - 1;
        u32 at_5 = 16 + (3 - ((u64)key_2)) * 2;
        t |= 3ull << at_5;
    }
    /* maps.py:40  self.owner |= {1: choose(P)} */
    choice_1_at = 0;
    last_1 = last;
    last = 1;
    t_1 = t;
again_1:;
    if (!(choice_1_at < 2)) { last = last_1; goto next; }
    choice_1 = choice_1_at;
    choice_1_at++;
    t = t_1;
    u64 made_2 = 0;
    sc_bits_1 made_3 = {{0}};
    u64 e_1[2] = {choice_1};
    if (!sc_append(made_3.w, SC_SLOTS(0, 1, 1, 1), e_1)) { fail = SC_BEYOND; goto next; }
    u64 c_1 = made_3.w[0];
    u64 length_1 = c_1 >> 1;
    for (u64 each_2_at = 0; each_2_at < length_1; each_2_at++) {
        u32 at_6 = 0 - each_2_at;
        u64 each_2 = (c_1 >> at_6) & 1;
        i64 key_3 = (i64)((0) + 1ull);
        u64 k_2 = (u64)key_3 - 1ull;
        u32 at_7 = (0 - k_2) * 2;
        made_2 = (made_2 & ~(3ull << at_7)) | ((u64)((each_2 & 1) + 1) << at_7);
    }
    added_2 = made_2;
    for (u64 value_2_at = 0; value_2_at < 1; value_2_at++) {
        u32 at_8 = (0 - value_2_at) * 2;
        if (!(((added_2 >> at_8) & 3) != 0)) continue;
        u32 at_9 = (0 - value_2_at) * 2;
        key_3_2 = (i64)((value_2_at) + 1ull);
        value_2 = ((added_2 >> at_9) & 3) - 1;
        u32 at_10 = 16 + (3 - ((u64)key_3_2)) * 2;
        t = (t & ~(3ull << at_10)) | ((u64)(value_2 + 1) << at_10);
    }
    /* maps.py:41  left = self.owner.get(3, None) */
    u64 test_1 = ((t >> 16) & 3) != 0;
    u64 either_1 = 0;
    if (test_1) {
        if (((t >> 16) & 3) == 0) { fail = SC_ERROR; goto next; }
        either_1 = ((t >> 16) & 3) - 1;
    } else {
        either_1 = 2 /* None */;
    }
    left = either_1;
    /* maps.py:42  del self.owner[1 if left is None else 3] */
    u64 k_3 = (u64)((left == 2) ? 1 : 3);
    u32 at_11 = 16 + (3 - k_3) * 2;
    if (((t >> at_11) & 3) == 0) { fail = SC_ERROR; goto next; }
    t &= ~(3ull << at_11);
    /* maps.py:43  for p, box in self.boxes.items(): */
    for (u64 value_4_at = 0; value_4_at < 2; value_4_at++) {
        u32 at_12 = (1 - value_4_at) * 6;
        key_5 = value_4_at;
        value_4 = at_12;
        p = key_5;
        box = value_4;
        /* maps.py:44  if p == left: */
        if (p == left) {
            /* maps.py:45  box.clear() */
            t &= ~(63ull << box);
        }
    }
    sc_step(out, t, instance);
    goto again_1;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 5, instance);
        fail = 0;
    }
    if (last) goto again_1;
}

/* maps.py:48  def reset(self) -> None: */
static void do_reset(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    /* maps.py:49  self.owner.clear() */
    t &= ~16711680ull;
    /* maps.py:50  self.score = {p: self.score.get(p, 0) // 2 for p in P} */
    u64 made_1 = 0;
    for (u64 each_1 = 0; each_1 < 2; each_1++) {
        u32 at_1 = 24 + (1 - each_1) * 2;
        u32 at_2 = (1 - each_1) * 2;
        made_1 = (made_1 & ~(3ull << at_2)) | ((u64)((u64)(((i64)(((t >> at_1) & 3))) / 2) + 1) << at_2);
    }
    i64 length_1 = 0;
    for (u64 i = 0; i < 2; i++) {
        u32 at_3 = (1 - i) * 2;
        length_1 += ((made_1 >> at_3) & 3) != 0;
    }
    if (length_1 != 2) { fail = SC_DOMAIN; goto next; }
    u64 made_2 = 0;
    for (u64 i_2 = 0; i_2 < 2; i_2++) {
        u32 at_4 = (1 - i_2) * 2;
        if (!(((made_1 >> at_4) & 3) != 0)) continue;
        u32 at_5 = (1 - i_2) * 2;
        i64 n_1 = (i64)((((made_1 >> at_5) & 3) - 1));
        u32 at_6 = (1 - i_2) * 2;
        made_2 = (made_2 & ~(3ull << at_6)) | ((u64)((u64)n_1) << at_6);
    }
    t = (t & ~(15ull << 24)) | (made_2 << 24);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 7, instance);
        fail = 0;
    }
}

/* maps.py:53  def owned(self) -> bool: */
static u64 ask_owned(u64 s, int *fail)
{
    u64 by = 0;
    /* maps.py:54  by = {p: sum(1 for o in self.owner.values() if o == p) for p in P} */
    u64 made_1 = 0;
    for (u64 each_1 = 0; each_1 < 2; each_1++) {
        i64 sum_1 = 0;
        for (u64 value_3_at = 0; value_3_at < 4; value_3_at++) {
            u32 at_1 = 16 + (3 - value_3_at) * 2;
            if (!(((s >> at_1) & 3) != 0)) continue;
            u32 at_2 = 16 + (3 - value_3_at) * 2;
            u64 value_3 = ((s >> at_2) & 3) - 1;
            if (!(value_3 == each_1)) continue;
            sum_1 += 1;
        }
        u32 at_3 = (1 - each_1) * 3;
        made_1 = (made_1 & ~(7ull << at_3)) | ((u64)((u64)sum_1 + 1) << at_3);
    }
    by = made_1;
    /* maps.py:55  return all(by[p] <= 4 and (n not in self.owner or n >= 0) for p, n in by.items()) and set(self.owner.keys()) <= {0, 1, 2, 3} */
    u64 all_1 = 1;
    for (u64 value_6 = 0; value_6 < 2; value_6++) {
        u32 at_4 = (1 - value_6) * 3;
        if (!(((by >> at_4) & 7) != 0)) continue;
        u32 at_5 = (1 - value_6) * 3;
        i64 value_6_2 = (i64)((((by >> at_5) & 7) - 1));
        u32 at_6 = (1 - value_6) * 3;
        if (((by >> at_6) & 7) == 0) { *fail = SC_ERROR; return 0; }
        u64 both_2 = ((i64)((((by >> at_6) & 7) - 1))) <= 4;
        if (both_2) {
            u64 both_1 = value_6_2 <= 3;
            if (both_1) {
                if (value_6_2 > 3) { *fail = SC_ERROR; return 0; }
                u32 at_7 = 16 + (3 - ((u64)value_6_2)) * 2;
                both_1 = ((s >> at_7) & 3) != 0;
            }
            both_2 = !both_1 || 1 /* True */;
        }
        if (!both_2) { all_1 = 0; break; }
    }
    u64 both_3 = all_1;
    if (both_3) {
        u64 made_2 = 0;
        for (u64 key_6 = 0; key_6 < 4; key_6++) {
            u32 at_8 = 16 + (3 - key_6) * 2;
            if (!(((s >> at_8) & 3) != 0)) continue;
            i64 key_6_2 = (i64)(key_6);
            made_2 |= 1ull << ((u64)key_6_2);
        }
        both_3 = (made_2 & ~15) == 0;
    }
    return both_3;
}

/* maps.py:58  def indexed(self) -> bool: */
static u64 ask_indexed(u64 s)
{
    /* maps.py:59  return all(row[p] or not row[p] for row in self.seen.values() for p in row) and max(self.owner, default=0) < 4 */
    u64 all_1 = 1;
    for (u64 value_3_at = 0; value_3_at < 2; value_3_at++) {
        u32 at_1 = 12 + (1 - value_3_at) * 2;
        for (u64 key_3 = 0; key_3 < 2; key_3++) {
            u32 at_2 = at_1 + (1 - key_3);
            u64 any_1 = (s >> at_2) & 1;
            if (!any_1) {
                u32 at_3 = at_1 + (1 - key_3);
                any_1 = !((s >> at_3) & 1);
            }
            if (!any_1) { all_1 = 0; goto done_1; }
        }
    }
done_1:;
    return all_1;
}

/* dict[Range(0, 3), P | None] (partial) */
static int order(u64 a, u64 b)
{
    i64 length_1 = 0;
    for (u64 i = 0; i < 4; i++) {
        u32 at_1 = (3 - i) * 2;
        length_1 += ((a >> at_1) & 3) != 0;
    }
    i64 length_2 = length_1;
    i64 length_3 = 0;
    for (u64 i_2 = 0; i_2 < 4; i_2++) {
        u32 at_2 = (3 - i_2) * 2;
        length_3 += ((b >> at_2) & 3) != 0;
    }
    i64 length_4 = length_3;
    if (length_2 != length_4) return length_2 < length_4 ? -1 : 1;
    for (u64 i_3 = 0; i_3 < 4; i_3++) {
        u32 at_3 = (3 - i_3) * 2;
        u32 at_4 = (3 - i_3) * 2;
        int has_1 = ((a >> at_3) & 3) != 0;
        int has_2 = ((b >> at_4) & 3) != 0;
        if (has_1 != has_2) return has_1 ? -1 : 1;
        if (!has_1) continue;
        u64 x_1 = ((a >> at_3) & 3) - 1;
        u64 x_2 = ((b >> at_4) & 3) - 1;
        int order_1 = (x_1 > x_2) - (x_1 < x_2);
        if (order_1) return order_1;
    }
    return 0;
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    u32 start = out->count, before = start;
    u32 instance = 0;
    instance = 0;
    for (u64 p = 0; p < 2; p++)
        for (i64 n = 0; n <= 3; n++)
            do_buy(s, p, n, instance++, out);
    sc_counted(out, &s, 0, before);
    before = out->count;
    for (i64 n = 0; n <= 3; n++)
        do_sell(s, n, 8 + (u32)n, out);
    sc_counted(out, &s, 1, before);
    before = out->count;
    do_merge(s, 12, out);
    sc_counted(out, &s, 2, before);
    before = out->count;
    do_reset(s, 13, out);
    sc_counted(out, &s, 3, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    int fail = 0;
    if (sc_live(out, 14)) {
        u64 says_1 = ask_owned(s, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 0, from_s, NULL);
        else if (fail || !says_1) sc_mark(out, 14);
        fail = 0;
    }
    if (sc_live(out, 15)) {
        if (!ask_indexed(s)) sc_mark(out, 15);
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
    u64 x_1 = s >> 24;
    u64 x_2 = after >> 24;
    int order_1 = (x_1 > x_2) - (x_1 < x_2);
    if (order_1) return order_1;
    u64 x_3 = (s >> 16) & 0xff;
    u64 x_4 = (after >> 16) & 0xff;
    int order_2 = order(x_3, x_4);
    if (order_2) return order_2;
    u64 x_5 = (s >> 12) & 15;
    u64 x_6 = (after >> 12) & 15;
    int order_3 = (x_5 > x_6) - (x_5 < x_6);
    if (order_3) return order_3;
    u64 x_7 = s & 0xfff;
    u64 x_8 = after & 0xfff;
    int order_4 = (x_7 > x_8) - (x_7 < x_8);
    if (order_4) return order_4;
    return 0;
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    into[0] |= (u64)(((s ^ after) & 251658240ull) != 0) << 0; /* score */
    into[0] |= (u64)(((s ^ after) & 16711680ull) != 0) << 1; /* owner */
    into[0] |= (u64)(((s ^ after) & 61440) != 0) << 2; /* seen */
    into[0] |= (u64)(((s ^ after) & 4095) != 0) << 3; /* boxes */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 28, .actions = 4, .instances = 14,
    .finds = 16, .flags = 0, .variables = 4,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
