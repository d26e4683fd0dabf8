/* lists: its rules, compiled. A state has 22 bits:
 *       14 .. 21   queue: list[Range(0, 3)] of at most 3
 *       10 .. 13   shown: tuple[P, ...] of at most 2
 *        0 .. 9    boxes: list[list[P] of at most 2] of at most 2
 */
#include "model.h"
#define SC_WORDS 1
#include "values.h"

SC_BITS(1)

/* lists.py:21  def fill(self, n: Small) -> None: */
static void do_fill(u64 s, i64 n, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    /* lists.py:22  require(n not in self.queue) */
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = t >> 14;
    u64 e_1[2] = {(u64)n};
    if (sc_find(w_1.w, SC_SLOTS(0, 3, 2, 2), e_1, 0) < sc_length(w_1.w, SC_SLOTS(0, 3, 2, 2))) return;
    /* lists.py:23  self.queue.insert(1, n) */
    sc_bits_1 w_2 = {{0}};
    w_2.w[0] = t >> 14;
    i64 length_1 = (i64)sc_length(w_2.w, SC_SLOTS(0, 3, 2, 2));
    i64 i_1 = sc_bound(1, length_1, 1);
    u64 e_2[2] = {(u64)n};
    if (!sc_insert(w_2.w, SC_SLOTS(0, 3, 2, 2), (u64)i_1, e_2)) { fail = SC_DOMAIN; goto next; }
    t = (t & ~(0xffull << 14)) | ((u64)(w_2.w[0]) << 14);
    /* lists.py:24  self.boxes[n % 2].append(P[0]) */
    i64 i_2 = n % 2;
    if ((u64)i_2 >= ((t >> 8) & 3)) { fail = SC_ERROR; goto next; }
    u32 at_1 = (1 - i_2) * 4;
    sc_bits_1 w_3 = {{0}};
    w_3.w[0] = (t >> at_1) & 15;
    u64 e_3[2] = {0 /* P0 */};
    if (!sc_append(w_3.w, SC_SLOTS(0, 2, 1, 2), e_3)) { fail = SC_DOMAIN; goto next; }
    t = (t & ~(15ull << at_1)) | ((u64)(w_3.w[0]) << at_1);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
}

/* lists.py:27  def change(self) -> None: */
static void do_change(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    i64 value_1 = 0;
    i64 there_1 = 0;
    /* lists.py:28  self.queue[-1] += 1 */
    i64 i_1 = -1;
    if (i_1 < 0) i_1 += (i64)(t >> 20);
    if ((u64)i_1 >= (t >> 20)) { fail = SC_ERROR; goto next; }
    u32 at_1 = 14 + (2 - i_1) * 2;
    value_1 = ((i64)(((t >> at_1) & 3))) + 1;
    i64 i_2 = -1;
    if (i_2 < 0) i_2 += (i64)(t >> 20);
    if ((u64)i_2 >= (t >> 20)) { fail = SC_ERROR; goto next; }
    u32 at_2 = 14 + (2 - i_2) * 2;
    there_1 = (i64)(((t >> at_2) & 3));
    if (value_1 > 3) { fail = SC_DOMAIN; goto next; }
    i64 i_3 = -1;
    if (i_3 < 0) i_3 += (i64)(t >> 20);
    if ((u64)i_3 >= (t >> 20)) { fail = SC_ERROR; goto next; }
    u32 at_3 = 14 + (2 - i_3) * 2;
    t = (t & ~(3ull << at_3)) | ((u64)((u64)value_1) << at_3);
    /* lists.py:29  self.queue.reverse() */
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = t >> 14;
    u64 held_1[2] = {0}, held_2[2] = {0};
    sc_turn(w_1.w, SC_SLOTS(0, 3, 2, 2), held_1, held_2);
    t = (t & ~(0xffull << 14)) | ((u64)(w_1.w[0]) << 14);
    /* lists.py:30  del self.queue[0] */
    sc_bits_1 w_2 = {{0}};
    w_2.w[0] = t >> 14;
    u64 length_1 = sc_length(w_2.w, SC_SLOTS(0, 3, 2, 2));
    if (0ull >= length_1) { fail = SC_ERROR; goto next; }
    sc_delete(w_2.w, SC_SLOTS(0, 3, 2, 2), 0ull);
    t = (t & ~(0xffull << 14)) | ((u64)(w_2.w[0]) << 14);
    /* lists.py:31  self.queue.extend((0, 1)) */
    sc_bits_1 w_3 = {{0}};
    w_3.w[0] = t >> 14;
    u64 e_1[2] = {0ull};
    if (!sc_append(w_3.w, SC_SLOTS(0, 3, 2, 2), e_1)) { fail = SC_DOMAIN; goto next; }
    t = (t & ~(0xffull << 14)) | ((u64)(w_3.w[0]) << 14);
    sc_bits_1 w_4 = {{0}};
    w_4.w[0] = t >> 14;
    u64 e_2[2] = {1ull};
    if (!sc_append(w_4.w, SC_SLOTS(0, 3, 2, 2), e_2)) { fail = SC_DOMAIN; goto next; }
    t = (t & ~(0xffull << 14)) | ((u64)(w_4.w[0]) << 14);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
}

static const u8 table_1[] = {
    0, 1, 0, 1,
};

/* lists.py:34  def drop(self) -> None: */
static void do_drop(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 t = s;
    i64 popped_1 = 0;
    i64 last_2 = 0;
    i64 index_1 = 0;
    /* lists.py:35  last = self.queue.pop() */
    i64 i_1 = -1;
    if (i_1 < 0) i_1 += (i64)(t >> 20);
    if ((u64)i_1 >= (t >> 20)) { fail = SC_ERROR; goto next; }
    u32 at_1 = 14 + (2 - i_1) * 2;
    popped_1 = (i64)(((t >> at_1) & 3));
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = t >> 14;
    u64 length_1 = sc_length(w_1.w, SC_SLOTS(0, 3, 2, 2));
    i64 i_2 = -1;
    if (i_2 < 0) i_2 += (i64)length_1;
    if ((u64)i_2 >= length_1) { fail = SC_ERROR; goto next; }
    sc_delete(w_1.w, SC_SLOTS(0, 3, 2, 2), (u64)i_2);
    t = (t & ~(0xffull << 14)) | ((u64)(w_1.w[0]) << 14);
    last_2 = popped_1;
    /* lists.py:36  self.queue.remove(self.queue.index(last)) */
    sc_bits_1 w_2 = {{0}};
    w_2.w[0] = t >> 14;
    u64 e_1[2] = {(u64)last_2};
    i64 i_3 = (i64)sc_find(w_2.w, SC_SLOTS(0, 3, 2, 2), e_1, 0);
    if ((u64)i_3 == sc_length(w_2.w, SC_SLOTS(0, 3, 2, 2))) { fail = SC_ERROR; goto next; }
    sc_bits_1 w_3 = {{0}};
    w_3.w[0] = t >> 14;
    u64 e_2[2] = {(u64)i_3};
    i64 i_4 = (i64)sc_find(w_3.w, SC_SLOTS(0, 3, 2, 2), e_2, 0);
    if ((u64)i_4 == sc_length(w_3.w, SC_SLOTS(0, 3, 2, 2))) { fail = SC_ERROR; goto next; }
    index_1 = i_4;
    sc_bits_1 w_4 = {{0}};
    w_4.w[0] = t >> 14;
    u64 length_2 = sc_length(w_4.w, SC_SLOTS(0, 3, 2, 2));
    if ((u64)index_1 >= length_2) { fail = SC_ERROR; goto next; }
    sc_delete(w_4.w, SC_SLOTS(0, 3, 2, 2), (u64)index_1);
    t = (t & ~(0xffull << 14)) | ((u64)(w_4.w[0]) << 14);
    /* lists.py:37  self.shown = (*self.shown[-1:], P[last % 2]) */
    sc_bits_1 made_1 = {{0}};
    i64 length_3 = (i64)((t >> 12) & 3);
    i64 bound_1 = -1;
    i64 first_1 = sc_bound(bound_1, length_3, 1);
    i64 end_1 = length_3;
    sc_bits_1 made_2 = {{0}};
    for (i64 i = first_1; i < end_1; i++) {
        u32 at_2 = 10 + (1 - i);
        u64 e_3[2] = {(t >> at_2) & 1};
        if (!sc_append(made_2.w, SC_SLOTS(0, 2, 1, 2), e_3)) { fail = SC_BEYOND; goto next; }
    }
    u64 c_1 = made_2.w[0];
    u64 k_1 = (u64)(last_2 % 2) + 2ull;
    sc_bits_1 made_3 = {{0}};
    u64 e_4[2] = {(u64)table_1[k_1]};
    if (!sc_append(made_3.w, SC_SLOTS(0, 1, 1, 1), e_4)) { fail = SC_BEYOND; goto next; }
    u64 c_2 = made_3.w[0];
    u64 length_4 = c_1 >> 2;
    for (u64 i_5 = 0; i_5 < length_4; i_5++) {
        u32 at_3 = 1 - i_5;
        u64 e_5[2] = {(c_1 >> at_3) & 1};
        if (!sc_append(made_1.w, SC_SLOTS(0, 3, 1, 2), e_5)) { fail = SC_BEYOND; goto next; }
    }
    u64 length_5 = c_2 >> 1;
    for (u64 i_6 = 0; i_6 < length_5; i_6++) {
        u32 at_4 = 0 - i_6;
        u64 e_6[2] = {(c_2 >> at_4) & 1};
        if (!sc_append(made_1.w, SC_SLOTS(0, 3, 1, 2), e_6)) { fail = SC_BEYOND; goto next; }
    }
    sc_bits_1 made_4 = {{0}};
    u64 c_3 = made_1.w[0];
    u64 length_6 = c_3 >> 3;
    for (u64 i_at = 0; i_at < length_6; i_at++) {
        u32 at_5 = 2 - i_at;
        u64 e_7[2] = {(c_3 >> at_5) & 1};
        if (!sc_append(made_4.w, SC_SLOTS(0, 2, 1, 2), e_7)) { fail = SC_DOMAIN; goto next; }
    }
    t = (t & ~(15ull << 10)) | ((u64)(made_4.w[0]) << 10);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 5, instance);
        fail = 0;
    }
}

/* lists.py:40  def rearrange(self) -> None: */
static void do_rearrange(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 t = s;
    i64 keys_1[3];
    sc_bits_1 kept_1 = {{0}};
    sc_bits_1 w_2 = {{0}};
    u64 c_1 = 0;
    u64 length_2 = 0;
    u64 seen_1 = 0;
    u64 choice_1_at = 0;
    u32 last_1 = 0;
    u64 t_1 = 0;
    i64 choice_1 = 0;
    u64 added_1 = 0;
    i64 each_5 = 0;
    u32 each_6 = 0;
    u32 box = 0;
    /* lists.py:41  self.queue.sort(key=lambda n: -n) */
    sc_bits_1 ordered_1 = {{0}};
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = t >> 14;
    sc_copy(ordered_1.w, 0, w_1.w, 0, 8);
    u64 length_1 = ordered_1.w[0] >> 6;
    for (u64 i = 0; i < length_1; i++) {
        u32 at_1 = (2 - i) * 2;
        i64 each_2 = (i64)(sc_get(ordered_1.w, at_1, 2));
        i64 key_1 = 0 - each_2;
        u64 j = i;
        for (; j > 0; j--) {
            i64 left_1 = keys_1[j - 1];
            if (((left_1 > key_1) - (left_1 < key_1)) <= 0) break;
            keys_1[j] = left_1;
            u32 at_2 = (2 - ((j - 1))) * 2;
            i64 left_2 = (i64)(sc_get(ordered_1.w, at_2, 2));
            u32 at_3 = (2 - j) * 2;
            sc_put(ordered_1.w, at_3, 2, (u64)left_2);
        }
        keys_1[j] = key_1;
        u32 at_4 = (2 - j) * 2;
        sc_put(ordered_1.w, at_4, 2, (u64)each_2);
    }
    t = (t & ~(0xffull << 14)) | ((u64)(ordered_1.w[0]) << 14);
    /* lists.py:42  self.queue += [choose(self.queue)] */
    kept_1 = (sc_bits_1){{0}};
    w_2 = (sc_bits_1){{0}};
    w_2.w[0] = t >> 14;
    sc_copy(kept_1.w, 0, w_2.w, 0, 8);
    c_1 = kept_1.w[0];
    length_2 = c_1 >> 6;
    seen_1 = 0;
    choice_1_at = 0;
    last_1 = last;
    last = 1;
    t_1 = t;
again_1:;
    if (!(choice_1_at < length_2)) { last = last_1; goto next; }
    u32 at_5 = (2 - choice_1_at) * 2;
    choice_1 = (i64)(((c_1 >> at_5) & 3));
    choice_1_at++;
    if (seen_1 >> ((u64)choice_1) & 1) goto again_1;
    seen_1 |= 1ull << ((u64)choice_1);
    t = t_1;
    sc_bits_1 made_1 = {{0}};
    sc_bits_1 made_2 = {{0}};
    u64 e_1[2] = {(u64)choice_1};
    if (!sc_append(made_2.w, SC_SLOTS(0, 1, 2, 1), e_1)) { fail = SC_BEYOND; goto next; }
    u64 c_2 = made_2.w[0];
    u64 length_3 = c_2 >> 2;
    for (u64 i_2 = 0; i_2 < length_3; i_2++) {
        u32 at_6 = (0 - i_2) * 2;
        u64 e_2[2] = {(u64)((i64)(((c_2 >> at_6) & 3)))};
        if (!sc_append(made_1.w, SC_SLOTS(0, 1, 2, 1), e_2)) { fail = SC_BEYOND; goto next; }
    }
    added_1 = made_1.w[0];
    u64 length_4 = added_1 >> 2;
    for (u64 each_5_at = 0; each_5_at < length_4; each_5_at++) {
        u32 at_7 = (0 - each_5_at) * 2;
        each_5 = (i64)(((added_1 >> at_7) & 3));
        sc_bits_1 w_3 = {{0}};
        w_3.w[0] = t >> 14;
        u64 e_3[2] = {(u64)each_5};
        if (!sc_append(w_3.w, SC_SLOTS(0, 3, 2, 2), e_3)) { fail = SC_DOMAIN; goto next; }
        t = (t & ~(0xffull << 14)) | ((u64)(w_3.w[0]) << 14);
    }
    /* lists.py:43  self.queue = self.queue[::-1][1:] + self.queue[:1] */
    sc_bits_1 made_3 = {{0}};
    i64 length_5 = (i64)(t >> 20);
    i64 step_1 = -1;
    if (step_1 == 0) { fail = SC_ERROR; goto next; }
    i64 first_1 = step_1 < 0 ? length_5 - 1 : 0;
    i64 end_1 = step_1 < 0 ? -1 : length_5;
    sc_bits_1 made_4 = {{0}};
    for (i64 i_3 = first_1; step_1 > 0 ? i_3 < end_1 : i_3 > end_1; i_3 = (i64)((u64)i_3 + (u64)step_1)) {
        u32 at_8 = 14 + (2 - i_3) * 2;
        u64 e_4[2] = {(u64)((i64)(((t >> at_8) & 3)))};
        if (!sc_append(made_4.w, SC_SLOTS(0, 3, 2, 2), e_4)) { fail = SC_BEYOND; goto next; }
    }
    u64 c_3 = made_4.w[0];
    i64 length_6 = (i64)(c_3 >> 6);
    i64 first_2 = sc_bound(1, length_6, 1);
    i64 end_2 = length_6;
    sc_bits_1 made_5 = {{0}};
    for (i64 i_4 = first_2; i_4 < end_2; i_4++) {
        u32 at_9 = (2 - i_4) * 2;
        u64 e_5[2] = {(u64)((i64)(((c_3 >> at_9) & 3)))};
        if (!sc_append(made_5.w, SC_SLOTS(0, 3, 2, 2), e_5)) { fail = SC_BEYOND; goto next; }
    }
    u64 c_4 = made_5.w[0];
    i64 length_7 = (i64)(t >> 20);
    i64 first_3 = 0;
    i64 end_3 = sc_bound(1, length_7, 1);
    sc_bits_1 made_6 = {{0}};
    for (i64 i_5 = first_3; i_5 < end_3; i_5++) {
        u32 at_10 = 14 + (2 - i_5) * 2;
        u64 e_6[2] = {(u64)((i64)(((t >> at_10) & 3)))};
        if (!sc_append(made_6.w, SC_SLOTS(0, 3, 2, 2), e_6)) { fail = SC_BEYOND; goto next; }
    }
    u64 c_5 = made_6.w[0];
    u64 length_8 = c_4 >> 6;
    for (u64 i_6 = 0; i_6 < length_8; i_6++) {
        u32 at_11 = (2 - i_6) * 2;
        u64 e_7[2] = {(u64)((i64)(((c_4 >> at_11) & 3)))};
        if (!sc_append(made_3.w, SC_SLOTS(0, 6, 2, 3), e_7)) { fail = SC_BEYOND; goto next; }
    }
    u64 length_9 = c_5 >> 6;
    for (u64 i_7 = 0; i_7 < length_9; i_7++) {
        u32 at_12 = (2 - i_7) * 2;
        u64 e_8[2] = {(u64)((i64)(((c_5 >> at_12) & 3)))};
        if (!sc_append(made_3.w, SC_SLOTS(0, 6, 2, 3), e_8)) { fail = SC_BEYOND; goto next; }
    }
    sc_bits_1 made_7 = {{0}};
    u64 c_6 = made_3.w[0];
    u64 length_10 = c_6 >> 12;
    for (u64 i_at = 0; i_at < length_10; i_at++) {
        u32 at_13 = (5 - i_at) * 2;
        u64 e_9[2] = {(u64)((i64)(((c_6 >> at_13) & 3)))};
        if (!sc_append(made_7.w, SC_SLOTS(0, 3, 2, 2), e_9)) { fail = SC_DOMAIN; goto next; }
    }
    t = (t & ~(0xffull << 14)) | ((u64)(made_7.w[0]) << 14);
    /* lists.py:44  for box in self.boxes: */
    u64 length_11 = (t >> 8) & 3;
    for (u64 each_6_at = 0; each_6_at < length_11; each_6_at++) {
        u32 at_14 = (1 - each_6_at) * 4;
        each_6 = at_14;
        box = each_6;
        /* lists.py:45  if len(box) > 1: */
        if (1 < ((i64)((t >> (2 + box)) & 3))) {
            /* lists.py:46  box.clear() */
            t &= ~(15ull << box);
        }
    }
    sc_step(out, t, instance);
    goto again_1;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 7, instance);
        fail = 0;
    }
    if (last) goto again_1;
}

static const u8 table_2[] = {
    1, 0,
};

/* lists.py:49  def empty(self) -> None: */
static void do_empty(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    /* lists.py:50  self.boxes = [[p for p in box if p != P[1]] for box in self.boxes] */
    sc_bits_1 made_1 = {{0}};
    u64 length_1 = (t >> 8) & 3;
    for (u64 each_1_at = 0; each_1_at < length_1; each_1_at++) {
        u32 at_1 = (1 - each_1_at) * 4;
        sc_bits_1 made_2 = {{0}};
        u64 length_2 = (t >> (2 + at_1)) & 3;
        for (u64 each_2_at = 0; each_2_at < length_2; each_2_at++) {
            u32 at_2 = at_1 + (1 - each_2_at);
            u64 each_2 = (t >> at_2) & 1;
            if (!!(each_2 == 1)) continue;
            u64 e_1[2] = {each_2};
            if (!sc_append(made_2.w, SC_SLOTS(0, 2, 1, 2), e_1)) { fail = SC_BEYOND; goto next; }
        }
        u64 e_2[2] = {made_2.w[0]};
        if (!sc_append(made_1.w, SC_SLOTS(0, 2, 4, 2), e_2)) { fail = SC_BEYOND; goto next; }
    }
    t = (t & ~0x3ffull) | (made_1.w[0]);
    /* lists.py:51  self.shown += tuple(p.next() for box in self.boxes for p in box) */
    sc_bits_1 made_3 = {{0}};
    sc_bits_1 made_4 = {{0}};
    u64 length_3 = (t >> 8) & 3;
    for (u64 each_5_at = 0; each_5_at < length_3; each_5_at++) {
        u32 at_3 = (1 - each_5_at) * 4;
        u64 length_4 = (t >> (2 + at_3)) & 3;
        for (u64 each_6_at = 0; each_6_at < length_4; each_6_at++) {
            u32 at_4 = at_3 + (1 - each_6_at);
            u64 each_6 = (t >> at_4) & 1;
            u64 e_3[2] = {(u64)table_2[each_6]};
            if (!sc_append(made_4.w, SC_SLOTS(0, 4, 1, 3), e_3)) { fail = SC_BEYOND; goto next; }
        }
    }
    u64 c_1 = made_4.w[0];
    u64 length_5 = (t >> 12) & 3;
    for (u64 i = 0; i < length_5; i++) {
        u32 at_5 = 10 + (1 - i);
        u64 e_4[2] = {(t >> at_5) & 1};
        if (!sc_append(made_3.w, SC_SLOTS(0, 6, 1, 3), e_4)) { fail = SC_BEYOND; goto next; }
    }
    u64 length_6 = c_1 >> 4;
    for (u64 i_2 = 0; i_2 < length_6; i_2++) {
        u32 at_6 = 3 - i_2;
        u64 e_5[2] = {(c_1 >> at_6) & 1};
        if (!sc_append(made_3.w, SC_SLOTS(0, 6, 1, 3), e_5)) { fail = SC_BEYOND; goto next; }
    }
    sc_bits_1 made_5 = {{0}};
    u64 c_2 = made_3.w[0];
    u64 length_7 = c_2 >> 6;
    for (u64 i_at = 0; i_at < length_7; i_at++) {
        u32 at_7 = 5 - i_at;
        u64 e_6[2] = {(c_2 >> at_7) & 1};
        if (!sc_append(made_5.w, SC_SLOTS(0, 2, 1, 2), e_6)) { fail = SC_DOMAIN; goto next; }
    }
    t = (t & ~(15ull << 10)) | ((u64)(made_5.w[0]) << 10);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 9, instance);
        fail = 0;
    }
}

/* tuple[Range(0, 1), Range(0, 3)], by Python's order */
static int python_order(u64 a, u64 b)
{
    i64 x_1 = (i64)((a >> 2));
    i64 x_2 = (i64)((b >> 2));
    int order_1 = (x_1 > x_2) - (x_1 < x_2);
    if (order_1) return order_1;
    i64 x_3 = (i64)((a & 3));
    i64 x_4 = (i64)((b & 3));
    int order_2 = (x_3 > x_4) - (x_3 < x_4);
    if (order_2) return order_2;
    return 0;
}

/* list[Range(0, 3)] of at most 3, by Python's order */
static int python_order_2(u64 a, u64 b)
{
    u64 length_1 = a >> 6;
    u64 length_2 = b >> 6;
    for (u64 i = 0; i < length_1 && i < length_2; i++) {
        u32 at_1 = (2 - i) * 2;
        u32 at_2 = (2 - i) * 2;
        i64 x_1 = (i64)(((a >> at_1) & 3));
        i64 x_2 = (i64)(((b >> at_2) & 3));
        int order_1 = (x_1 > x_2) - (x_1 < x_2);
        if (order_1) return order_1;
    }
    return (length_1 > length_2) - (length_1 < length_2);
}

/* tuple[P, ...] of at most 2, by Python's order */
static int python_order_3(u64 a, u64 b)
{
    u64 length_1 = a >> 2;
    u64 length_2 = b >> 2;
    for (u64 i = 0; i < length_1 && i < length_2; i++) {
        u32 at_1 = 1 - i;
        u32 at_2 = 1 - i;
        u64 x_1 = (a >> at_1) & 1;
        u64 x_2 = (b >> at_2) & 1;
        int order_1 = (x_1 > x_2) - (x_1 < x_2);
        if (order_1) return order_1;
    }
    return (length_1 > length_2) - (length_1 < length_2);
}

/* lists.py:54  def ordered(self) -> bool: */
static u64 ask_ordered(u64 s, int *fail)
{
    u64 keys_1[3];
    i64 most = 0;
    u64 down = 0;
    /* lists.py:55  most = max(self.queue, key=lambda n: (n % 2, n), default=0) */
    i64 first_1 = 0;
    int some_1 = 0;
    sc_bits_1 ordered_1 = {{0}};
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = s >> 14;
    sc_copy(ordered_1.w, 0, w_1.w, 0, 8);
    u64 length_1 = ordered_1.w[0] >> 6;
    for (u64 i = 0; i < length_1; i++) {
        u32 at_1 = (2 - i) * 2;
        i64 each_2 = (i64)(sc_get(ordered_1.w, at_1, 2));
        u64 key_1 = ((u64)(each_2 % 2)) * 4 + (u64)each_2;
        u64 j = i;
        for (; j > 0; j--) {
            u64 left_1 = keys_1[j - 1];
            if (python_order(key_1, left_1) <= 0) break;
            keys_1[j] = left_1;
            u32 at_2 = (2 - ((j - 1))) * 2;
            i64 left_2 = (i64)(sc_get(ordered_1.w, at_2, 2));
            u32 at_3 = (2 - j) * 2;
            sc_put(ordered_1.w, at_3, 2, (u64)left_2);
        }
        keys_1[j] = key_1;
        u32 at_4 = (2 - j) * 2;
        sc_put(ordered_1.w, at_4, 2, (u64)each_2);
    }
    u64 c_1 = ordered_1.w[0];
    u64 length_2 = c_1 >> 6;
    for (u64 each_4_at = 0; each_4_at < length_2; each_4_at++) {
        u32 at_5 = (2 - each_4_at) * 2;
        i64 each_4 = (i64)(((c_1 >> at_5) & 3));
        first_1 = each_4;
        some_1 = 1;
        break;
    }
    if (!some_1) {
        first_1 = 0;
    }
    most = first_1;
    /* lists.py:57  down = sorted(self.queue, reverse=True) */
    sc_bits_1 ordered_2 = {{0}};
    sc_bits_1 w_2 = {{0}};
    w_2.w[0] = s >> 14;
    sc_copy(ordered_2.w, 0, w_2.w, 0, 8);
    u64 length_3 = ordered_2.w[0] >> 6;
    for (u64 i_2 = 1; i_2 < length_3; i_2++) {
        u32 at_6 = (2 - i_2) * 2;
        i64 moving_1 = (i64)(sc_get(ordered_2.w, at_6, 2));
        u64 j_2 = i_2;
        for (; j_2 > 0; j_2--) {
            u32 at_7 = (2 - ((j_2 - 1))) * 2;
            i64 left_3 = (i64)(sc_get(ordered_2.w, at_7, 2));
            if (((moving_1 > left_3) - (moving_1 < left_3)) <= 0) break;
            u32 at_8 = (2 - j_2) * 2;
            sc_put(ordered_2.w, at_8, 2, (u64)left_3);
        }
        u32 at_9 = (2 - j_2) * 2;
        sc_put(ordered_2.w, at_9, 2, (u64)moving_1);
    }
    down = ordered_2.w[0];
    /* lists.py:58  return least <= 3 and self.queue.count(most) <= 1 and down[:1] >= self.queue[:1] and self.shown[:1] <= (P[1],) */
    i64 sum_1 = 0;
    u64 length_4 = s >> 20;
    for (u64 each_10_at = 0; each_10_at < length_4; each_10_at++) {
        u32 at_10 = 14 + (2 - each_10_at) * 2;
        i64 each_10 = (i64)(((s >> at_10) & 3));
        sum_1 += (i64)(each_10 == most);
    }
    u64 both_1 = sum_1 <= 1;
    if (both_1) {
        i64 length_5 = (i64)(s >> 20);
        i64 first_2 = 0;
        i64 end_1 = sc_bound(1, length_5, 1);
        sc_bits_1 made_1 = {{0}};
        for (i64 i_3 = first_2; i_3 < end_1; i_3++) {
            u32 at_11 = 14 + (2 - i_3) * 2;
            u64 e_1[2] = {(u64)((i64)(((s >> at_11) & 3)))};
            if (!sc_append(made_1.w, SC_SLOTS(0, 3, 2, 2), e_1)) { *fail = SC_BEYOND; return 0; }
        }
        i64 length_6 = (i64)(down >> 6);
        i64 first_3 = 0;
        i64 end_2 = sc_bound(1, length_6, 1);
        sc_bits_1 made_2 = {{0}};
        for (i64 i_4 = first_3; i_4 < end_2; i_4++) {
            u32 at_12 = (2 - i_4) * 2;
            u64 e_2[2] = {(u64)((i64)(((down >> at_12) & 3)))};
            if (!sc_append(made_2.w, SC_SLOTS(0, 3, 2, 2), e_2)) { *fail = SC_BEYOND; return 0; }
        }
        u64 x_1 = made_1.w[0];
        u64 x_2 = made_2.w[0];
        both_1 = python_order_2(x_1, x_2) <= 0;
    }
    u64 both_2 = both_1;
    if (both_2) {
        i64 length_7 = (i64)((s >> 12) & 3);
        i64 first_4 = 0;
        i64 end_3 = sc_bound(1, length_7, 1);
        sc_bits_1 made_3 = {{0}};
        for (i64 i_5 = first_4; i_5 < end_3; i_5++) {
            u32 at_13 = 10 + (1 - i_5);
            u64 e_3[2] = {(s >> at_13) & 1};
            if (!sc_append(made_3.w, SC_SLOTS(0, 2, 1, 2), e_3)) { *fail = SC_BEYOND; return 0; }
        }
        u64 x_3 = made_3.w[0];
        both_2 = python_order_3(x_3, 6) <= 0;
    }
    return both_2;
}

/* lists.py:61  def few(self) -> bool: */
static u64 ask_few(u64 s, int *fail)
{
    /* lists.py:62  return len([n for n in self.queue if n > 1]) + len(self.shown) < 4 */
    i64 count_1 = 0;
    u64 length_1 = s >> 20;
    for (u64 each_1_at = 0; each_1_at < length_1; each_1_at++) {
        u32 at_1 = 14 + (2 - each_1_at) * 2;
        i64 each_1 = (i64)(((s >> at_1) & 3));
        if (!(1 < each_1)) continue;
        count_1++;
    }
    return (count_1 + ((i64)((s >> 12) & 3))) < 4;
}

/* lists.py:65  def paired(self) -> bool: */
static u64 ask_paired(u64 s, int *fail)
{
    /* lists.py:66  return sum(a < b for a, b in zip(self.queue, self.queue[1:])) < 3 and all(i < 2 or n > 0 for i, n in enumerate(reversed(self.qu */
    i64 sum_1 = 0;
    u64 length_1 = s >> 20;
    i64 length_2 = (i64)(s >> 20);
    i64 first_1 = sc_bound(1, length_2, 1);
    i64 end_1 = length_2;
    sc_bits_1 made_1 = {{0}};
    for (i64 i = first_1; i < end_1; i++) {
        u32 at_1 = 14 + (2 - i) * 2;
        u64 e_1[2] = {(u64)((i64)(((s >> at_1) & 3)))};
        if (!sc_append(made_1.w, SC_SLOTS(0, 3, 2, 2), e_1)) { *fail = SC_BEYOND; return 0; }
    }
    u64 c_1 = made_1.w[0];
    u64 length_3 = c_1 >> 6;
    u64 i_at = 0;
    for (u64 i_at_2 = 0; (i_at < length_1) && (i_at_2 < length_3); i_at++, i_at_2++) {
        u32 at_2 = 14 + (2 - i_at) * 2;
        u32 at_3 = (2 - i_at_2) * 2;
        i64 each_5 = (i64)(((s >> at_2) & 3));
        i64 each_6 = (i64)(((c_1 >> at_3) & 3));
        sum_1 += (i64)(each_5 < each_6);
    }
    u64 both_1 = sum_1 < 3;
    if (both_1) {
        u64 all_1 = 1;
        u64 length_4 = s >> 20;
        u64 i_at_3 = length_4;
        for (i64 n = 0; i_at_3; i_at_3--, n++) {
            u32 at_4 = 14 + (2 - ((i_at_3 - 1))) * 2;
            i64 each_10 = (i64)(((s >> at_4) & 3));
            if (!((n < 2) || (0 < each_10))) { all_1 = 0; break; }
        }
        both_1 = all_1;
    }
    return both_1;
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    u32 start = out->count, before = start;
    for (i64 n = 0; n <= 3; n++)
        do_fill(s, n, (u32)n, out);
    sc_counted(out, &s, 0, before);
    before = out->count;
    do_change(s, 4, out);
    sc_counted(out, &s, 1, before);
    before = out->count;
    do_drop(s, 5, out);
    sc_counted(out, &s, 2, before);
    before = out->count;
    do_rearrange(s, 6, out);
    sc_counted(out, &s, 3, before);
    before = out->count;
    do_empty(s, 7, out);
    sc_counted(out, &s, 4, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    int fail = 0;
    if (sc_live(out, 17)) {
        u64 says_1 = ask_ordered(s, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 0, from_s, NULL);
        else if (fail || !says_1) sc_mark(out, 17);
        fail = 0;
    }
    if (sc_live(out, 18)) {
        u64 says_2 = ask_few(s, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 1, from_s, NULL);
        else if (fail || !says_2) sc_mark(out, 18);
        fail = 0;
    }
    if (sc_live(out, 19)) {
        u64 says_3 = ask_paired(s, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 2, from_s, NULL);
        else if (fail || !says_3) sc_mark(out, 19);
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
    const u64 s = *from_s;
    const u64 after = *from_t;
    return (s > after) - (s < after);
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    into[0] |= (u64)(((s ^ after) & 4177920ull) != 0) << 0; /* queue */
    into[0] |= (u64)(((s ^ after) & 15360) != 0) << 1; /* shown */
    into[0] |= (u64)(((s ^ after) & 1023) != 0) << 2; /* boxes */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 22, .actions = 5, .instances = 8,
    .finds = 20, .flags = 0, .variables = 3,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
