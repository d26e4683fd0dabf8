/* containers: its rules, compiled. A state has 75 bits:
 *       72 .. 74   members: set[P]
 *       44 .. 71   few: set[Range(0, 5000)] of at most 2
 *       36 .. 43   queue: list[P] of at most 3
 *       26 .. 35   shown: tuple[Range(0, 9), ...] of at most 2
 *       14 .. 25   ages: dict[P, Range(0, 9)] (partial)
 *        8 .. 13   votes: Bag[P] of at most 2
 *        0 .. 7    groups: set[frozenset[P]] of at most 2
 */
#include "model.h"
#define SC_WORDS 2
#include "values.h"

SC_BITS(1)

/* containers.py:25  def join(self, p: P) -> None: */
static void do_join(const u64 *s, u64 p, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    /* containers.py:26  require(p not in self.members) */
    if (!!sc_bit(s, 72, p)) return;
    /* containers.py:27  self.members.add(p) */
    t = sc_fork(sc_target(out), s);
    sc_set(t, 72, p);
    /* containers.py:28  self.queue.append(p) */
    u64 e_1[2] = {p};
    if (!sc_append(t, SC_SLOTS(36, 3, 2, 2), e_1)) { fail = SC_DOMAIN; goto next; }
    /* containers.py:29  self.ages[p] = len(self.queue) + max(self.ages.values(), default=0) */
    i64 max_1 = 0;
    int some_1 = 0;
    for (u64 value_2_at = 0; value_2_at < 3; value_2_at++) {
        u32 at_1 = 14 + (2 - value_2_at) * 4;
        if (!(sc_get(t, at_1, 4) != 0)) continue;
        u32 at_2 = 14 + (2 - value_2_at) * 4;
        i64 value_2 = (i64)((sc_get(t, at_2, 4) - 1));
        if (!some_1 || max_1 < value_2) max_1 = value_2;
        some_1 = 1;
    }
    if (!some_1) {
        max_1 = 0;
    }
    i64 n_1 = ((i64)((t[0] >> 42) & 3)) + max_1;
    if (n_1 > 9) { fail = SC_DOMAIN; goto next; }
    u32 at_3 = 14 + (2 - p) * 4;
    sc_put(t, at_3, 4, (u64)n_1 + 1);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
}

/* containers.py:32  def leave(self) -> None: */
static void do_leave(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    u64 popped_1 = 0;
    u64 first = 0;
    /* containers.py:33  first = self.queue.pop(0) */
    if (0ull >= ((s[0] >> 42) & 3)) { fail = SC_ERROR; goto next; }
    popped_1 = (s[0] >> 40) & 3;
    t = sc_fork(sc_target(out), s);
    u64 length_1 = sc_length(t, SC_SLOTS(36, 3, 2, 2));
    if (0ull >= length_1) { fail = SC_ERROR; goto next; }
    sc_delete(t, SC_SLOTS(36, 3, 2, 2), 0ull);
    first = popped_1;
    /* containers.py:34  self.members.discard(first) */
    sc_unset(t, 72, first);
    /* containers.py:35  del self.ages[first] */
    u32 at_1 = 14 + (2 - first) * 4;
    if (sc_get(t, at_1, 4) == 0) { fail = SC_ERROR; goto next; }
    sc_clear(t, at_1, 4);
    /* containers.py:36  self.shown = self.shown[1:] */
    i64 length_2 = (i64)((t[0] >> 34) & 3);
    i64 first_1 = sc_bound(1, length_2, 1);
    i64 end_1 = length_2;
    sc_bits_1 made_1 = {{0}};
    for (i64 i = first_1; i < end_1; i++) {
        u32 at_2 = 26 + (1 - i) * 4;
        u64 e_1[2] = {(u64)((i64)(sc_get(t, at_2, 4)))};
        if (!sc_append(made_1.w, SC_SLOTS(0, 2, 4, 2), e_1)) { fail = SC_BEYOND; goto next; }
    }
    sc_put(t, 26, 10, made_1.w[0]);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
}

/* containers.py:39  def vote(self) -> None: */
static void do_vote(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 *t = (u64 *)s;
    u64 choice_1_ats = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    u64 p = 0;
    u64 added_1 = 0;
    /* containers.py:40  p = choose(self.members) */
    choice_1_ats = s[1] >> 8;
    last_1 = last;
    last = 1;
again_1:;
    if (!(choice_1_ats)) { last = last_1; goto next; }
    choice_1 = (u64)__builtin_ctzll(choice_1_ats);
    choice_1_ats &= choice_1_ats - 1;
    t = (u64 *)s;
    p = choice_1;
    /* containers.py:41  self.votes.add(p) */
    t = sc_fork(sc_target(out), s);
    u64 e_1[2] = {p};
    if (!sc_insert(t, SC_SLOTS(8, 2, 2, 2), sc_below(t, SC_SLOTS(8, 2, 2, 2), e_1), e_1)) { fail = SC_DOMAIN; goto next; }
    /* containers.py:42  self.few |= {self.ages[p] * 100, 7} */
    sc_bits_1 made_1 = {{0}};
    u32 at_1 = 14 + (2 - p) * 4;
    if (sc_get(t, at_1, 4) == 0) { fail = SC_ERROR; goto next; }
    u64 e_2[2] = {(u64)(((i64)((sc_get(t, at_1, 4) - 1))) * 100)};
    if (!sc_include(made_1.w, SC_SLOTS(0, 2, 10, 2), e_2)) { fail = SC_BEYOND; goto next; }
    u64 c_1 = made_1.w[0];
    sc_bits_1 made_2 = {{0}};
    u64 e_3[2] = {7ull};
    if (!sc_include(made_2.w, SC_SLOTS(0, 2, 10, 2), e_3)) { fail = SC_BEYOND; goto next; }
    u64 c_2 = made_2.w[0];
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = c_1;
    sc_bits_1 w_2 = {{0}};
    w_2.w[0] = c_2;
    sc_bits_1 set_1 = {{0}};
    if (!sc_merge(set_1.w, SC_SLOTS(0, 2, 10, 2), w_1.w, SC_SLOTS(0, 2, 10, 2), w_2.w, SC_SLOTS(0, 2, 10, 2), 1, 1, 1)) { fail = SC_BEYOND; goto next; }
    added_1 = set_1.w[0];
    sc_bits_1 made_3 = {{0}};
    u64 c_3 = sc_get(t, 44, 28);
    u64 length_1 = c_3 >> 26;
    for (u64 i_at = 0; i_at < length_1; i_at++) {
        u32 at_2 = (1 - i_at) * 13;
        u64 e_4[2] = {(u64)((i64)(((c_3 >> at_2) & 0x1fff)))};
        if (!sc_include(made_3.w, SC_SLOTS(0, 4, 13, 3), e_4)) { fail = SC_BEYOND; goto next; }
    }
    u64 c_4 = made_3.w[0];
    sc_bits_1 made_4 = {{0}};
    u64 length_2 = added_1 >> 20;
    for (u64 i_at_2 = 0; i_at_2 < length_2; i_at_2++) {
        u32 at_3 = (1 - i_at_2) * 10;
        u64 e_5[2] = {(u64)((i64)(((added_1 >> at_3) & 0x3ff)))};
        if (!sc_include(made_4.w, SC_SLOTS(0, 4, 13, 3), e_5)) { fail = SC_BEYOND; goto next; }
    }
    u64 c_5 = made_4.w[0];
    sc_bits_1 w_3 = {{0}};
    w_3.w[0] = c_4;
    sc_bits_1 w_4 = {{0}};
    w_4.w[0] = c_5;
    sc_bits_1 set_2 = {{0}};
    if (!sc_merge(set_2.w, SC_SLOTS(0, 4, 13, 3), w_3.w, SC_SLOTS(0, 4, 13, 3), w_4.w, SC_SLOTS(0, 4, 13, 3), 1, 1, 1)) { fail = SC_BEYOND; goto next; }
    sc_bits_1 made_5 = {{0}};
    u64 c_6 = set_2.w[0];
    u64 length_3 = c_6 >> 52;
    for (u64 i_at_3 = 0; i_at_3 < length_3; i_at_3++) {
        u32 at_4 = (3 - i_at_3) * 13;
        u64 e_6[2] = {(u64)((i64)(((c_6 >> at_4) & 0x1fff)))};
        if (!sc_include(made_5.w, SC_SLOTS(0, 2, 13, 2), e_6)) { fail = SC_DOMAIN; goto next; }
    }
    sc_put(t, 44, 28, made_5.w[0]);
    sc_push(out, instance);
    goto again_1;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 5, instance);
        fail = 0;
    }
    if (last) goto again_1;
}

/* containers.py:45  def group(self) -> None: */
static void do_group(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 *t = (u64 *)s;
    u64 c_1 = 0;
    u64 whole_1 = 0;
    u64 choice_1_at = 0;
    int more = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    u64 some = 0;
    /* containers.py:46  some = frozenset(choose(subsets(self.members, 2))) */
    c_1 = s[1] >> 8;
    whole_1 = c_1;
    choice_1_at = 0;
    more = 1;
    last_1 = last;
    last = 1;
again_1:;
    if (!(more)) { last = last_1; goto next; }
    if (!(__builtin_popcountll(choice_1_at) >= 2 && __builtin_popcountll(choice_1_at) <= 3)) { choice_1_at = (choice_1_at - whole_1) & whole_1, more = choice_1_at != 0; goto again_1; }
    choice_1 = choice_1_at;
    choice_1_at = (choice_1_at - whole_1) & whole_1, more = choice_1_at != 0;
    t = (u64 *)s;
    some = choice_1;
    /* containers.py:47  self.groups.add(some) */
    t = sc_fork(sc_target(out), s);
    if (!sc_bit(t, 0, some) && (i64)sc_ones(t, 0, 8) >= 2) { fail = SC_DOMAIN; goto next; }
    sc_set(t, 0, some);
    /* containers.py:48  self.shown = (*self.shown, sum(self.ages[p] for p in some if p in self.ages)) */
    sc_bits_1 made_1 = {{0}};
    i64 sum_1 = 0;
    for (u64 each_4s = some; each_4s; each_4s &= each_4s - 1) {
        u64 each_4 = (u64)__builtin_ctzll(each_4s);
        u32 at_1 = 14 + (2 - each_4) * 4;
        if (!(sc_get(t, at_1, 4) != 0)) continue;
        u32 at_2 = 14 + (2 - each_4) * 4;
        if (sc_get(t, at_2, 4) == 0) { fail = SC_ERROR; goto next; }
        sum_1 += (i64)((sc_get(t, at_2, 4) - 1));
    }
    sc_bits_1 made_2 = {{0}};
    u64 e_1[2] = {(u64)sum_1};
    if (!sc_append(made_2.w, SC_SLOTS(0, 1, 5, 1), e_1)) { fail = SC_BEYOND; goto next; }
    u64 c_2 = made_2.w[0];
    u64 length_1 = (t[0] >> 34) & 3;
    for (u64 i = 0; i < length_1; i++) {
        u32 at_3 = 26 + (1 - i) * 4;
        i64 n_1 = (i64)(sc_get(t, at_3, 4));
        u64 e_2[2] = {(u64)n_1};
        if (!sc_append(made_1.w, SC_SLOTS(0, 3, 5, 2), e_2)) { fail = SC_BEYOND; goto next; }
    }
    u64 length_2 = c_2 >> 5;
    for (u64 i_2 = 0; i_2 < length_2; i_2++) {
        u32 at_4 = (0 - i_2) * 5;
        u64 e_3[2] = {(u64)((i64)(((c_2 >> at_4) & 31)))};
        if (!sc_append(made_1.w, SC_SLOTS(0, 3, 5, 2), e_3)) { fail = SC_BEYOND; goto next; }
    }
    sc_bits_1 made_3 = {{0}};
    u64 c_3 = made_1.w[0];
    u64 length_3 = c_3 >> 15;
    for (u64 i_at = 0; i_at < length_3; i_at++) {
        u32 at_5 = (2 - i_at) * 5;
        i64 n_2 = (i64)(((c_3 >> at_5) & 31));
        if (n_2 > 9) { fail = SC_DOMAIN; goto next; }
        u64 e_4[2] = {(u64)n_2};
        if (!sc_append(made_3.w, SC_SLOTS(0, 2, 4, 2), e_4)) { fail = SC_DOMAIN; goto next; }
    }
    sc_put(t, 26, 10, made_3.w[0]);
    sc_push(out, instance);
    goto again_1;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 7, instance);
        fail = 0;
    }
    if (last) goto again_1;
}

/* containers.py:51  def tidy(self) -> None: */
static void do_tidy(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    u64 each_1 = 0;
    u64 p = 0;
    u64 key_1 = 0;
    /* containers.py:52  for p in P: */
    for (u64 each_1_at = 0; each_1_at < 3; each_1_at++) {
        each_1 = each_1_at;
        p = each_1;
        /* containers.py:53  if p in self.ages and self.ages[p] > 3: */
        u32 at_1 = 14 + (2 - p) * 4;
        u64 both_1 = sc_get(t, at_1, 4) != 0;
        if (both_1) {
            u32 at_2 = 14 + (2 - p) * 4;
            if (sc_get(t, at_2, 4) == 0) { fail = SC_ERROR; goto next; }
            both_1 = 3 < ((i64)((sc_get(t, at_2, 4) - 1)));
        }
        if (both_1) {
            /* containers.py:54  self.ages[p] -= 1 */
            key_1 = p;
            u32 at_3 = 14 + (2 - key_1) * 4;
            if (sc_get(t, at_3, 4) == 0) { fail = SC_ERROR; goto next; }
            i64 n_1 = ((i64)((sc_get(t, at_3, 4) - 1))) - 1;
            if (n_1 < 0) { fail = SC_DOMAIN; goto next; }
            if (t == s) t = sc_fork(sc_target(out), s);
            u32 at_4 = 14 + (2 - key_1) * 4;
            sc_put(t, at_4, 4, (u64)n_1 + 1);
        }
    }
    /* containers.py:55  self.queue = [p for p in self.queue if p in self.members] */
    sc_bits_1 made_1 = {{0}};
    u64 length_1 = (t[0] >> 42) & 3;
    for (u64 each_2_at = 0; each_2_at < length_1; each_2_at++) {
        u32 at_5 = 36 + (2 - each_2_at) * 2;
        u64 each_2 = sc_get(t, at_5, 2);
        if (!sc_bit(t, 72, each_2)) continue;
        u64 e_1[2] = {each_2};
        if (!sc_append(made_1.w, SC_SLOTS(0, 3, 2, 2), e_1)) { fail = SC_BEYOND; goto next; }
    }
    if (t == s) t = sc_fork(sc_target(out), s);
    sc_put(t, 36, 8, made_1.w[0]);
    /* containers.py:56  self.members &= set(self.queue) */
    u64 made_2 = 0;
    u64 length_2 = (t[0] >> 42) & 3;
    for (u64 each_3_at = 0; each_3_at < length_2; each_3_at++) {
        u32 at_6 = 36 + (2 - each_3_at) * 2;
        u64 each_3 = sc_get(t, at_6, 2);
        made_2 |= 1ull << each_3;
    }
    sc_put(t, 72, 3, (t[1] >> 8) & made_2);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 9, instance);
        fail = 0;
    }
}

/* containers.py:59  def sound(self) -> bool: */
static u64 ask_sound(const u64 *s, int *fail)
{
    u64 oldest = 0;
    /* containers.py:60  oldest = sorted(self.ages.values(), reverse=True) */
    sc_bits_1 made_1 = {{0}};
    for (u64 value_2_at = 0; value_2_at < 3; value_2_at++) {
        u32 at_1 = 14 + (2 - value_2_at) * 4;
        if (!(sc_get(s, at_1, 4) != 0)) continue;
        u32 at_2 = 14 + (2 - value_2_at) * 4;
        i64 value_2 = (i64)((sc_get(s, at_2, 4) - 1));
        u64 e_1[2] = {(u64)value_2};
        if (!sc_append(made_1.w, SC_SLOTS(0, 3, 4, 2), e_1)) { *fail = SC_BEYOND; return 0; }
    }
    u64 c_1 = made_1.w[0];
    sc_bits_1 ordered_1 = {{0}};
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = c_1;
    sc_copy(ordered_1.w, 0, w_1.w, 0, 14);
    u64 length_1 = ordered_1.w[0] >> 12;
    for (u64 i = 1; i < length_1; i++) {
        u32 at_3 = (2 - i) * 4;
        i64 moving_1 = (i64)(sc_get(ordered_1.w, at_3, 4));
        u64 j = i;
        for (; j > 0; j--) {
            u32 at_4 = (2 - ((j - 1))) * 4;
            i64 left_1 = (i64)(sc_get(ordered_1.w, at_4, 4));
            if (((moving_1 > left_1) - (moving_1 < left_1)) <= 0) break;
            u32 at_5 = (2 - j) * 4;
            sc_put(ordered_1.w, at_5, 4, (u64)left_1);
        }
        u32 at_6 = (2 - j) * 4;
        sc_put(ordered_1.w, at_6, 4, (u64)moving_1);
    }
    oldest = ordered_1.w[0];
    /* containers.py:61  return ( */
    u64 made_2 = 0;
    for (u64 each_1 = 0; each_1 < 3; each_1++) {
        u32 at_7 = 14 + (2 - each_1) * 4;
        if (!(sc_get(s, at_7, 4) != 0)) continue;
        made_2 |= 1ull << each_1;
    }
    u64 both_1 = made_2 == (s[1] >> 8);
    if (both_1) {
        u64 all_1 = 1;
        u64 length_2 = oldest >> 12;
        i64 length_3 = (i64)(oldest >> 12);
        i64 first_1 = sc_bound(1, length_3, 1);
        i64 end_1 = length_3;
        sc_bits_1 made_3 = {{0}};
        for (i64 i_2 = first_1; i_2 < end_1; i_2++) {
            u32 at_8 = (2 - i_2) * 4;
            u64 e_2[2] = {(u64)((i64)(((oldest >> at_8) & 15)))};
            if (!sc_append(made_3.w, SC_SLOTS(0, 3, 4, 2), e_2)) { *fail = SC_BEYOND; return 0; }
        }
        u64 c_2 = made_3.w[0];
        u64 length_4 = c_2 >> 12;
        u64 i_at = 0;
        for (u64 i_at_2 = 0; (i_at < length_2) && (i_at_2 < length_4); i_at++, i_at_2++) {
            u32 at_9 = (2 - i_at) * 4;
            u32 at_10 = (2 - i_at_2) * 4;
            i64 each_6 = (i64)(((oldest >> at_9) & 15));
            i64 each_7 = (i64)(((c_2 >> at_10) & 15));
            if (!(each_7 <= each_6)) { all_1 = 0; break; }
        }
        both_1 = all_1;
    }
    u64 both_2 = both_1;
    if (both_2) {
        u64 first_2 = 0;
        int some_1 = 0;
        u64 length_5 = (s[0] >> 42) & 3;
        u64 i_at_3 = 0;
        for (i64 n = 0; i_at_3 < length_5; i_at_3++, n++) {
            u32 at_11 = 36 + (2 - i_at_3) * 2;
            u64 each_10 = sc_get(s, at_11, 2);
            if (!!sc_bit(s, 72, each_10)) continue;
            first_2 = (u64)n;
            some_1 = 1;
            break;
        }
        if (!some_1) {
            first_2 = 3 /* None */;
        }
        both_2 = first_2 == 3;
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

/* dict[P, Range(0, 9)] (partial) */
static int order_5(u64 a, u64 b)
{
    i64 length_1 = 0;
    for (u64 i = 0; i < 3; i++) {
        u32 at_1 = (2 - i) * 4;
        length_1 += ((a >> at_1) & 15) != 0;
    }
    i64 length_2 = length_1;
    i64 length_3 = 0;
    for (u64 i_2 = 0; i_2 < 3; i_2++) {
        u32 at_2 = (2 - i_2) * 4;
        length_3 += ((b >> at_2) & 15) != 0;
    }
    i64 length_4 = length_3;
    if (length_2 != length_4) return length_2 < length_4 ? -1 : 1;
    for (u64 i_3 = 0; i_3 < 3; i_3++) {
        u32 at_3 = (2 - i_3) * 4;
        u32 at_4 = (2 - i_3) * 4;
        int has_1 = ((a >> at_3) & 15) != 0;
        int has_2 = ((b >> at_4) & 15) != 0;
        if (has_1 != has_2) return has_1 ? -1 : 1;
        if (!has_1) continue;
        i64 x_1 = (i64)((((a >> at_3) & 15) - 1));
        i64 x_2 = (i64)((((b >> at_4) & 15) - 1));
        int order_1 = (x_1 > x_2) - (x_1 < x_2);
        if (order_1) return order_1;
    }
    return 0;
}

static const u8 in_order_1[] = {
    0, 1, 2, 4, 3, 5, 6, 7,
};

/* set[frozenset[P]] of at most 2 */
static int order_8(u64 a, u64 b)
{
    i64 length_1 = (i64)__builtin_popcountll(a);
    i64 length_2 = (i64)__builtin_popcountll(b);
    if (length_1 != length_2) return length_1 < length_2 ? -1 : 1;
    for (u64 i = 0; i < 8; i++) {
        u64 has_1 = (a >> ((in_order_1[i]))) & 1;
        u64 has_2 = (b >> ((in_order_1[i]))) & 1;
        if (has_1 != has_2) return has_1 ? -1 : 1;
    }
    return 0;
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    u32 start = out->count, before = start;
    for (u64 p = 0; p < 3; p++)
        do_join(s, p, (u32)p, out);
    sc_counted(out, s, 0, before);
    before = out->count;
    do_leave(s, 3, out);
    sc_counted(out, s, 1, before);
    before = out->count;
    do_vote(s, 4, out);
    sc_counted(out, s, 2, before);
    before = out->count;
    do_group(s, 5, out);
    sc_counted(out, s, 3, before);
    before = out->count;
    do_tidy(s, 6, out);
    sc_counted(out, s, 4, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    int fail = 0;
    if (sc_live(out, 17)) {
        u64 says_1 = ask_sound(s, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 0, from_s, NULL);
        else if (fail || !says_1) sc_mark(out, 17);
        fail = 0;
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
    const u64 *s = from_s;
    const u64 *after = from_t;
    u64 x_1 = s[1] >> 8;
    u64 x_2 = after[1] >> 8;
    int order_1 = order(x_1, x_2);
    if (order_1) return order_1;
    u64 x_3 = sc_get(s, 44, 28);
    u64 x_4 = sc_get(after, 44, 28);
    int order_2 = (x_3 > x_4) - (x_3 < x_4);
    if (order_2) return order_2;
    u64 x_5 = (s[0] >> 36) & 0xff;
    u64 x_6 = (after[0] >> 36) & 0xff;
    int order_3 = (x_5 > x_6) - (x_5 < x_6);
    if (order_3) return order_3;
    u64 x_7 = (s[0] >> 26) & 0x3ff;
    u64 x_8 = (after[0] >> 26) & 0x3ff;
    int order_4 = (x_7 > x_8) - (x_7 < x_8);
    if (order_4) return order_4;
    u64 x_9 = (s[0] >> 14) & 0xfff;
    u64 x_10 = (after[0] >> 14) & 0xfff;
    int order_6 = order_5(x_9, x_10);
    if (order_6) return order_6;
    u64 x_11 = (s[0] >> 8) & 63;
    u64 x_12 = (after[0] >> 8) & 63;
    int order_7 = (x_11 > x_12) - (x_11 < x_12);
    if (order_7) return order_7;
    u64 x_13 = s[0] & 0xff;
    u64 x_14 = after[0] & 0xff;
    int order_9 = order_8(x_13, x_14);
    if (order_9) return order_9;
    return 0;
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 *s = from_s;
    const u64 *after = from_t;
    into[0] |= (u64)!sc_same(s, 72, after, 72, 3) << 0; /* members */
    into[0] |= (u64)!sc_same(s, 44, after, 44, 28) << 1; /* few */
    into[0] |= (u64)!sc_same(s, 36, after, 36, 8) << 2; /* queue */
    into[0] |= (u64)!sc_same(s, 26, after, 26, 10) << 3; /* shown */
    into[0] |= (u64)!sc_same(s, 14, after, 14, 12) << 4; /* ages */
    into[0] |= (u64)!sc_same(s, 8, after, 8, 6) << 5; /* votes */
    into[0] |= (u64)!sc_same(s, 0, after, 0, 8) << 6; /* groups */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 2, .bits = 75, .actions = 5, .instances = 7,
    .finds = 18, .flags = 0, .variables = 7,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
