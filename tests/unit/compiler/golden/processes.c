/* processes: its rules, compiled. A state has 148 bits:
 *      146 .. 147  lock: P | None
 *      142 .. 145  log: list[P] of at most 2
 *      140 .. 141  rounds: Range(0, 2)
 *      134 .. 139  writer.pc: dict[P, Literal['idle', 'acquire.wait', 'write', 'release', 'done', 'crashed']]
 *        4 .. 133  writer.n: dict[P, int (64 bits)] (partial)
 *        2 .. 3    reader.pc: Literal['read', 'end', 'done', 'crashed']
 *        0 .. 1    reader.p: P | None
 */
#include "model.h"
#define SC_WORDS 3
#include "values.h"

SC_BITS(2)
SC_BITS(3)

/* processes.py:20  yield unfair("idle") */
static void do_writer_idle(const u64 *s, u64 p, u32 instance, struct sc_steps *out)
{
    u32 last = 0;
    u64 *t = (u64 *)s;
    i64 choice_1_at = 0;
    u32 last_1 = 0;
    i64 choice_1 = 0;
    i64 n = 0;
    u32 at_1 = 134 + (1 - p) * 3;
    u64 x_1 = sc_get(s, at_1, 3);
    if (x_1 != 0) goto next;
    /* processes.py:21  n = choose(range(1, 3)) */
    choice_1_at = 1;
    last_1 = last;
    last = 1;
again_1:;
    if (!(choice_1_at < 3)) { last = last_1; goto next; }
    choice_1 = choice_1_at;
    choice_1_at++;
    t = (u64 *)s;
    n = choice_1;
    /* processes.py:31  yield strong("wait") */
    t = sc_fork(sc_target(out), s);
    u32 at_2 = 4 + (1 - p) * 65;
    sc_put(t, at_2, 64, (u64)n + 9223372036854775808ull);
    sc_put(t, 64 + at_2, 1, 1);
    u32 at_3 = 134 + (1 - p) * 3;
    sc_put(t, at_3, 3, 1 /* 'acquire.wait' */);
    sc_push(out, instance);
    goto again_1;
next:;
    if (last) goto again_1;
}

/* processes.py:31  yield strong("wait") */
static void do_writer_acquire_wait(const u64 *s, u64 p, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    i64 n = 0;
    u32 at_1 = 134 + (1 - p) * 3;
    u64 x_1 = sc_get(s, at_1, 3);
    if (x_1 != 1) return;
    u32 at_2 = 4 + (1 - p) * 65;
    if (!sc_get(s, 64 + at_2, 1)) { fail = SC_ERROR; goto next; }
    n = (i64)((sc_get(s, at_2, 64)) - 9223372036854775808ull);
    /* processes.py:32  require(self.lock is None) */
    if ((s[2] >> 18) != 2) return;
    /* processes.py:33  self.lock = p */
    t = sc_fork(sc_target(out), s);
    sc_put(t, 146, 2, p);
    /* processes.py:23  while n > 0 and len(self.log) < 2: */
    if ((0 < n) && (((i64)((t[2] >> 16) & 3)) < 2)) {
        /* processes.py:24  yield "write" */
        u32 at_3 = 134 + (1 - p) * 3;
        sc_put(t, at_3, 3, 2 /* 'write' */);
        sc_push(out, instance);
        return;
    }
    /* processes.py:27  yield "release" */
    u32 at_4 = 4 + (1 - p) * 65;
    if (!sc_get(t, 64 + at_4, 1)) { fail = SC_ERROR; goto next; }
    sc_clear(t, at_4, 65);
    u32 at_5 = 134 + (1 - p) * 3;
    sc_put(t, at_5, 3, 3 /* 'release' */);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
}

/* processes.py:24  yield "write" */
static void do_writer_write(const u64 *s, u64 p, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    i64 n = 0;
    u32 at_1 = 134 + (1 - p) * 3;
    u64 x_1 = sc_get(s, at_1, 3);
    if (x_1 != 2) return;
    u32 at_2 = 4 + (1 - p) * 65;
    if (!sc_get(s, 64 + at_2, 1)) { fail = SC_ERROR; goto next; }
    n = (i64)((sc_get(s, at_2, 64)) - 9223372036854775808ull);
    /* processes.py:25  self.log.append(p) */
    t = sc_fork(sc_target(out), s);
    u64 e_1[2] = {p};
    if (!sc_append(t, SC_SLOTS(142, 2, 1, 2), e_1)) { fail = SC_DOMAIN; goto next; }
    /* processes.py:26  n -= 1 */
    i64 n_1 = 0;
    if (sc_subtract(n, 1, &n_1)) { fail = SC_BEYOND; goto next; }
    n = n_1;
    /* processes.py:23  while n > 0 and len(self.log) < 2: */
    if ((0 < n) && (((i64)((t[2] >> 16) & 3)) < 2)) {
        /* processes.py:24  yield "write" */
        u32 at_3 = 4 + (1 - p) * 65;
        sc_put(t, at_3, 64, (u64)n + 9223372036854775808ull);
        sc_put(t, 64 + at_3, 1, 1);
        sc_push(out, instance);
        return;
    }
    /* processes.py:27  yield "release" */
    u32 at_4 = 4 + (1 - p) * 65;
    if (!sc_get(t, 64 + at_4, 1)) { fail = SC_ERROR; goto next; }
    sc_clear(t, at_4, 65);
    u32 at_5 = 134 + (1 - p) * 3;
    sc_put(t, at_5, 3, 3 /* 'release' */);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 5, instance);
        fail = 0;
    }
}

/* processes.py:27  yield "release" */
static void do_writer_release(const u64 *s, u64 p, u32 instance, struct sc_steps *out)
{
    u64 *t = (u64 *)s;
    u32 at_1 = 134 + (1 - p) * 3;
    u64 x_1 = sc_get(s, at_1, 3);
    if (x_1 != 3) return;
    /* processes.py:28  self.lock = None */
    t = sc_fork(sc_target(out), s);
    sc_put(t, 146, 2, 2 /* None */);
    /* processes.py:20  yield unfair("idle") */
    u32 at_2 = 134 + (1 - p) * 3;
    sc_put(t, at_2, 3, 0 /* 'idle' */);
    sc_push(out, instance);
}

/* processes.py:18  def writer(self, p: P) -> Steps: */
static void do_writer_crash(const u64 *s, u64 p, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    sc_bits_2 popped_1 = {{0}};
    u32 at_1 = 134 + (1 - p) * 3;
    u64 x_1 = sc_get(s, at_1, 3);
    if (0x31ull >> x_1 & 1) return;
    u32 at_2 = 4 + (1 - p) * 65;
    u64 test_1 = sc_get(s, 64 + at_2, 1);
    sc_bits_2 either_1 = (sc_bits_2){{0}};
    if (test_1) {
        u32 at_3 = 4 + (1 - p) * 65;
        if (!sc_get(s, 64 + at_3, 1)) { fail = SC_ERROR; goto next; }
        sc_bits_2 union_1 = {{0}};
        sc_put(union_1.w, 0, 64, (u64)((i64)((sc_get(s, at_3, 64)) - 9223372036854775808ull)) + 9223372036854775808ull);
        either_1 = union_1;
    } else {
        either_1 = (sc_bits_2){{0, 1}};
    }
    popped_1 = either_1;
    u32 at_4 = 4 + (1 - p) * 65;
    if (sc_get(s, 64 + at_4, 1)) {
        t = sc_fork(sc_target(out), s);
        u32 at_5 = 4 + (1 - p) * 65;
        sc_clear(t, at_5, 65);
    }
    if (t == s) t = sc_fork(sc_target(out), s);
    u32 at_6 = 134 + (1 - p) * 3;
    sc_put(t, at_6, 3, 5 /* 'crashed' */);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 9, instance);
        fail = 0;
    }
}

static const u8 there_1[] = {
    1, 1, 0,
};

static const u8 table_1[] = {
    1, 0, 0,
};

/* processes.py:38  yield "read" */
static void do_reader_read(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    u64 p = 0;
    i64 index_1 = 0;
    u64 copied_1 = 0;
    u64 each_2 = 0;
    u64 x_1 = (s[0] >> 2) & 3;
    if (x_1 != 0) return;
    p = s[0] & 3;
    /* processes.py:39  require(p in self.log) */
    if (!(p < 2)) return;
    if (p >= 2) { fail = SC_ERROR; goto next; }
    u64 e_1[2] = {p};
    if (!(sc_find(s, SC_SLOTS(142, 2, 1, 2), e_1, 0) < sc_length(s, SC_SLOTS(142, 2, 1, 2)))) return;
    /* processes.py:40  self.log.remove(p) */
    if (p >= 2) { fail = SC_ERROR; goto next; }
    u64 e_2[2] = {p};
    i64 i_1 = (i64)sc_find(s, SC_SLOTS(142, 2, 1, 2), e_2, 0);
    if ((u64)i_1 == sc_length(s, SC_SLOTS(142, 2, 1, 2))) { fail = SC_ERROR; goto next; }
    index_1 = i_1;
    t = sc_fork(sc_target(out), s);
    u64 length_1 = sc_length(t, SC_SLOTS(142, 2, 1, 2));
    if ((u64)index_1 >= length_1) { fail = SC_ERROR; goto next; }
    sc_delete(t, SC_SLOTS(142, 2, 1, 2), (u64)index_1);
    /* processes.py:37  for p in P: */
    if (!there_1[p]) { fail = SC_ERROR; goto next; }
    copied_1 = (u64)table_1[p];
    u64 length_2 = copied_1;
    for (u64 each_2_at = 0; each_2_at < length_2; each_2_at++) {
        u32 at_1 = (0 - each_2_at) * 0;
        each_2 = 0;
        p = 1 /* P1 */;
        /* processes.py:38  yield "read" */
        sc_put(t, 0, 2, p);
        sc_push(out, instance);
        return;
    }
    /* processes.py:41  yield "end" */
    sc_put(t, 0, 2, 2 /* None */);
    sc_put(t, 2, 2, 1 /* 'end' */);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 11, instance);
        fail = 0;
    }
}

/* processes.py:41  yield "end" */
static void do_reader_end(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    u64 x_1 = (s[0] >> 2) & 3;
    if (x_1 != 1) return;
    /* processes.py:42  if self.rounds < 2: */
    if (((i64)(((s[2] >> 12) & 3))) < 2) {
        /* processes.py:43  self.rounds += 1 */
        i64 n_1 = ((i64)(((s[2] >> 12) & 3))) + 1;
        if (n_1 > 2) { fail = SC_DOMAIN; goto next; }
        t = sc_fork(sc_target(out), s);
        sc_put(t, 140, 2, (u64)n_1);
    }
    /* processes.py:42  if self.rounds < 2: */
    if (t == s) t = sc_fork(sc_target(out), s);
    sc_put(t, 2, 2, 2 /* 'done' */);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 13, instance);
        fail = 0;
    }
}

/* processes.py:18  def writer(self, p: P) -> Steps: */
static void run_Processes_writer__restart(u64 *t, int *wrote, u64 p, int *fail)
{
    sc_bits_2 popped_1 = {{0}};
    u32 at_1 = 4 + (1 - p) * 65;
    u64 test_1 = sc_get(t, 64 + at_1, 1);
    sc_bits_2 either_1 = (sc_bits_2){{0}};
    if (test_1) {
        u32 at_2 = 4 + (1 - p) * 65;
        if (!sc_get(t, 64 + at_2, 1)) { *fail = SC_ERROR; return; }
        sc_bits_2 union_1 = {{0}};
        sc_put(union_1.w, 0, 64, (u64)((i64)((sc_get(t, at_2, 64)) - 9223372036854775808ull)) + 9223372036854775808ull);
        either_1 = union_1;
    } else {
        either_1 = (sc_bits_2){{0, 1}};
    }
    popped_1 = either_1;
    u32 at_3 = 4 + (1 - p) * 65;
    if (sc_get(t, 64 + at_3, 1)) {
        u32 at_4 = 4 + (1 - p) * 65;
        sc_clear(t, at_4, 65);
        *wrote = 1;
    }
    *wrote = 1;
    u32 at_5 = 134 + (1 - p) * 3;
    sc_put(t, at_5, 3, 0 /* 'idle' */);
    *wrote = 1;
}

/* processes.py:46  def again(self, p: P) -> None: */
static void do_again(const u64 *s, u64 p, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    int wrote = 0;
    u64 *t = (u64 *)s;
    /* processes.py:47  require(at(self.writer, p) == "crashed") */
    u32 at_1 = 134 + (1 - p) * 3;
    u64 x_1 = sc_get(s, at_1, 3);
    if (x_1 != 5) return;
    /* processes.py:48  if self.lock == p: */
    if ((s[2] >> 18) == p) {
        /* processes.py:49  self.lock = None */
        t = sc_fork(sc_target(out), s);
        sc_put(t, 146, 2, 2 /* None */);
        wrote = 1;
    }
    /* processes.py:50  restart(self.writer, p) */
    if (t == s) t = sc_fork(sc_target(out), s);
    run_Processes_writer__restart(t, &wrote, p, &fail);
    if (fail) goto next;
    if (!wrote) sc_mark(out, 24);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 15, instance);
        fail = 0;
    }
}

/* processes.py:18  def writer(self, p: P) -> Steps: */
static u64 ask__processes_ended(const u64 *s)
{
    u64 all_1 = 1;
    for (u64 value_3_at = 0; value_3_at < 2; value_3_at++) {
        u32 at_1 = 134 + (1 - value_3_at) * 3;
        u64 value_3 = sc_get(s, at_1, 3);
        if (!(value_3 >= 4)) { all_1 = 0; break; }
    }
    u64 both_1 = all_1;
    if (both_1) {
        u64 x_1 = (s[0] >> 2) & 3;
        both_1 = x_1 >= 2;
    }
    return both_1;
}

/* processes.py:53  def exclusive(self) -> bool: */
static u64 ask_exclusive(const u64 *s)
{
    /* processes.py:54  return sum(at(self.writer, p) in ("write", "release") for p in P) <= 1 */
    i64 sum_1 = 0;
    for (u64 each_2 = 0; each_2 < 2; each_2++) {
        u32 at_1 = 134 + (1 - each_2) * 3;
        u64 x_1 = sc_get(s, at_1, 3);
        sum_1 += (i64)(x_1 >= 2 && x_1 <= 3);
    }
    return sum_1 <= 1;
}

/* dict[P, int (64 bits)] (partial) */
static int order(sc_bits_3 a, sc_bits_3 b)
{
    i64 length_1 = 0;
    for (u64 i = 0; i < 2; i++) {
        u32 at_1 = (1 - i) * 65;
        length_1 += sc_get(a.w, 64 + at_1, 1);
    }
    i64 length_2 = length_1;
    i64 length_3 = 0;
    for (u64 i_2 = 0; i_2 < 2; i_2++) {
        u32 at_2 = (1 - i_2) * 65;
        length_3 += sc_get(b.w, 64 + at_2, 1);
    }
    i64 length_4 = length_3;
    if (length_2 != length_4) return length_2 < length_4 ? -1 : 1;
    for (u64 i_3 = 0; i_3 < 2; i_3++) {
        u32 at_3 = (1 - i_3) * 65;
        u32 at_4 = (1 - i_3) * 65;
        int has_1 = sc_get(a.w, 64 + at_3, 1);
        int has_2 = sc_get(b.w, 64 + at_4, 1);
        if (has_1 != has_2) return has_1 ? -1 : 1;
        if (!has_1) continue;
        i64 x_1 = (i64)((sc_get(a.w, at_3, 64)) - 9223372036854775808ull);
        i64 x_2 = (i64)((sc_get(b.w, at_4, 64)) - 9223372036854775808ull);
        int order_1 = (x_1 > x_2) - (x_1 < x_2);
        if (order_1) return order_1;
    }
    return 0;
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    u32 start = out->count, before = start;
    for (u64 p = 0; p < 2; p++)
        do_writer_idle(s, p, (u32)p, out);
    sc_counted(out, s, 0, before);
    before = out->count;
    for (u64 p = 0; p < 2; p++)
        do_writer_acquire_wait(s, p, 2 + (u32)p, out);
    sc_counted(out, s, 1, before);
    before = out->count;
    for (u64 p = 0; p < 2; p++)
        do_writer_write(s, p, 4 + (u32)p, out);
    sc_counted(out, s, 2, before);
    before = out->count;
    SC_UNROLL for (u64 p = 0; p < 2; p++)
        do_writer_release(s, p, 6 + (u32)p, out);
    sc_counted(out, s, 3, before);
    before = out->count;
    for (u64 p = 0; p < 2; p++)
        do_writer_crash(s, p, 8 + (u32)p, out);
    sc_counted(out, s, 4, before);
    before = out->count;
    do_reader_read(s, 10, out);
    sc_counted(out, s, 5, before);
    before = out->count;
    do_reader_end(s, 11, out);
    sc_counted(out, s, 6, before);
    before = out->count;
    for (u64 p = 0; p < 2; p++)
        do_again(s, p, 12 + (u32)p, out);
    sc_counted(out, s, 7, before);
    if (out->count != start || (out->found[0] & 0x1ffffull)) return;
    if (ask__processes_ended(s)) return;
    sc_mark(out, 25);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    if (sc_live(out, 27)) {
        if (!ask_exclusive(s)) sc_mark(out, 27);
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
    u64 x_1 = s[2] >> 18;
    u64 x_2 = after[2] >> 18;
    int order_1 = (x_1 > x_2) - (x_1 < x_2);
    if (order_1) return order_1;
    u64 x_3 = (s[2] >> 14) & 15;
    u64 x_4 = (after[2] >> 14) & 15;
    int order_2 = (x_3 > x_4) - (x_3 < x_4);
    if (order_2) return order_2;
    i64 x_5 = (i64)(((s[2] >> 12) & 3));
    i64 x_6 = (i64)(((after[2] >> 12) & 3));
    int order_3 = (x_5 > x_6) - (x_5 < x_6);
    if (order_3) return order_3;
    u64 x_7 = (s[2] >> 6) & 63;
    u64 x_8 = (after[2] >> 6) & 63;
    int order_4 = (x_7 > x_8) - (x_7 < x_8);
    if (order_4) return order_4;
    sc_bits_3 part_1 = {{0}};
    sc_copy(part_1.w, 0, s, 4, 130);
    sc_bits_3 part_2 = {{0}};
    sc_copy(part_2.w, 0, after, 4, 130);
    int order_5 = order(part_1, part_2);
    if (order_5) return order_5;
    u64 x_9 = (s[0] >> 2) & 3;
    u64 x_10 = (after[0] >> 2) & 3;
    int order_6 = (x_9 > x_10) - (x_9 < x_10);
    if (order_6) return order_6;
    u64 x_11 = s[0] & 3;
    u64 x_12 = after[0] & 3;
    int order_7 = (x_11 > x_12) - (x_11 < x_12);
    if (order_7) return order_7;
    return 0;
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 *s = from_s;
    const u64 *after = from_t;
    into[0] |= (u64)!sc_same(s, 146, after, 146, 2) << 0; /* lock */
    into[0] |= (u64)!sc_same(s, 142, after, 142, 4) << 1; /* log */
    into[0] |= (u64)!sc_same(s, 140, after, 140, 2) << 2; /* rounds */
    into[0] |= (u64)!sc_same(s, 134, after, 134, 6) << 3; /* writer.pc */
    into[0] |= (u64)!sc_same(s, 4, after, 4, 130) << 4; /* writer.n */
    into[0] |= (u64)!sc_same(s, 2, after, 2, 2) << 5; /* reader.pc */
    into[0] |= (u64)!sc_same(s, 0, after, 0, 2) << 6; /* reader.p */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 3, .bits = 148, .actions = 8, .instances = 14,
    .finds = 28, .flags = 0, .variables = 7,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
