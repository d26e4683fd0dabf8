/* wide: its rules, compiled. A state has 275 bits:
 *      235 .. 274  visited: set[Site]
 *      200 .. 234  near: set[tuple[Site, Site]] of at most 3
 *      104 .. 199  tasks: list[Task] of at most 2
 *       64 .. 103  load: dict[Site, bool]
 *        0 .. 63   total: int (64 bits)
 */
#include "model.h"
#define SC_WORDS 5
#include "values.h"

SC_BITS(1)
SC_BITS(2)
SC_BITS(4)
SC_BITS(8)

static const u8 converted_1[] = {
    0, 20, 39,
};

/* wide.py:29  def visit(self) -> None: */
static void do_visit(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 *t = (u64 *)s;
    u64 choice_1_ats = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    u64 site = 0;
    sc_bits_2 added_1 = {{0}};
    /* wide.py:30  site = choose(SEEN) */
    choice_1_ats = 7;
    last_1 = last;
    last = 1;
again_1:;
    if (!(choice_1_ats)) { last = last_1; goto next; }
    choice_1 = (u64)__builtin_ctzll(choice_1_ats);
    choice_1_ats &= choice_1_ats - 1;
    t = (u64 *)s;
    site = choice_1;
    /* wide.py:31  require(site not in self.visited and len(self.visited) < 2) */
    if (!!sc_bit(s, 235, (u64)converted_1[site])) goto again_1;
    if (!(((i64)sc_ones(s, 235, 40)) < 2)) goto again_1;
    /* wide.py:32  self.near |= {(site, other) for other in self.visited} */
    sc_bits_2 made_1 = {{0}};
    for (u64 each_3s = sc_get(s, 235, 40); each_3s; each_3s &= each_3s - 1) {
        u64 each_3 = (u64)__builtin_ctzll(each_3s);
        sc_set(made_1.w, 0, site * 40 + each_3);
    }
    if ((i64)sc_ones(made_1.w, 0, 120) > 40) { fail = SC_BEYOND; goto next; }
    added_1 = made_1;
    sc_bits_8 made_2 = {{0}};
    u64 c_1 = (s[3] >> 8) & 0x7ffffffffull;
    u64 length_1 = c_1 >> 33;
    for (u64 i_at = 0; i_at < length_1; i_at++) {
        u32 at_1 = (2 - i_at) * 11;
        u64 e_1[2] = {(c_1 >> at_1) & 0x7ff};
        if (!sc_include(made_2.w, SC_SLOTS(0, 43, 11, 6), e_1)) { fail = SC_BEYOND; goto next; }
    }
    sc_bits_8 made_3 = {{0}};
    for (u64 i_at_2 = sc_next(added_1.w, 0, 0, 120); i_at_2 < 120; i_at_2 = sc_next(added_1.w, 0, i_at_2 + 1, 120)) {
        u64 e_2[2] = {((u64)converted_1[i_at_2 / 40]) * 40 + (i_at_2 % 40)};
        if (!sc_include(made_3.w, SC_SLOTS(0, 43, 11, 6), e_2)) { fail = SC_BEYOND; goto next; }
    }
    sc_bits_8 set_1 = {{0}};
    if (!sc_merge(set_1.w, SC_SLOTS(0, 43, 11, 6), made_2.w, SC_SLOTS(0, 43, 11, 6), made_3.w, SC_SLOTS(0, 43, 11, 6), 1, 1, 1)) { fail = SC_BEYOND; goto next; }
    sc_bits_1 made_4 = {{0}};
    u64 length_2 = set_1.w[7] >> 25;
    for (u64 i_at_3 = 0; i_at_3 < length_2; i_at_3++) {
        u32 at_2 = (42 - i_at_3) * 11;
        u64 e_3[2] = {sc_get(set_1.w, at_2, 11)};
        if (!sc_include(made_4.w, SC_SLOTS(0, 3, 11, 2), e_3)) { fail = SC_DOMAIN; goto next; }
    }
    t = sc_fork(sc_target(out), s);
    sc_put(t, 200, 35, made_4.w[0]);
    /* wide.py:33  self.visited.add(site) */
    u64 element_1 = (u64)converted_1[site];
    sc_set(t, 235, element_1);
    sc_push(out, instance);
    goto again_1;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
    if (last) goto again_1;
}

/* wide.py:36  def plan(self, n: Annotated[int, Range(0, 1)]) -> None: */
static void do_plan(const u64 *s, i64 n, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    /* wide.py:37  require(not self.tasks or self.tasks[-1].at is not None) */
    u64 any_1 = ((i64)((s[3] >> 6) & 3)) == 0;
    if (!any_1) {
        i64 i_1 = -1;
        if (i_1 < 0) i_1 += (i64)((s[3] >> 6) & 3);
        if ((u64)i_1 >= ((s[3] >> 6) & 3)) { fail = SC_ERROR; goto next; }
        u32 at_1 = 104 + (1 - i_1) * 47;
        any_1 = !(sc_get(s, 41 + at_1, 6) == 40);
    }
    if (!any_1) return;
    /* wide.py:38  self.tasks.append(Task(cost=500 * n, after=set(range(n, 30, 7)))) */
    sc_bits_1 made_1 = {{0}};
    i64 number_2 = n;
    for (u64 rounds = n < 30 ? ((u64)30 - (u64)n + 6ull) / 7ull : 0; rounds; rounds--, number_2 = (i64)((u64)number_2 + (u64)7)) {
        u64 e_1[2] = {(u64)number_2};
        if (!sc_include(made_1.w, SC_SLOTS(0, 5, 5, 3), e_1)) { fail = SC_BEYOND; goto next; }
    }
    u64 made_2 = 0;
    u64 c_1 = made_1.w[0];
    u64 length_1 = c_1 >> 25;
    for (u64 i_at = 0; i_at < length_1; i_at++) {
        u32 at_2 = (4 - i_at) * 5;
        made_2 |= 1ull << ((u64)((i64)(((c_1 >> at_2) & 31))));
    }
    t = sc_fork(sc_target(out), s);
    u64 e_2[2] = {40 /* None */ * 0x20000000000ull + ((u64)(500 * n)) * 0x80000000ull + made_2};
    if (!sc_append(t, SC_SLOTS(104, 2, 47, 2), e_2)) { fail = SC_DOMAIN; goto next; }
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
}

/* wide.py:41  def begin(self) -> None: */
static void do_begin(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    int wrote = 0;
    u64 *t = (u64 *)s;
    u32 each_1 = 0;
    u32 task = 0;
    i64 keys_1[40];
    /* wide.py:42  require(self.total < 3) */
    if (!(((i64)((s[0]) - 9223372036854775808ull)) < 3)) return;
    /* wide.py:43  for task in self.tasks: */
    u64 length_1 = (s[3] >> 6) & 3;
    for (u64 each_1_at = 0; each_1_at < length_1; each_1_at++) {
        u32 at_1 = 104 + (1 - each_1_at) * 47;
        each_1 = at_1;
        task = each_1;
        /* wide.py:44  if task.at is None: */
        if (sc_get(t, 41 + task, 6) == 40) {
            /* wide.py:45  task.at = min(self.visited, key=lambda site: len({a for a, b in self.near if b == site}), default=None) */
            u64 first_1 = 0;
            int some_1 = 0;
            sc_bits_4 made_1 = {{0}};
            for (u64 each_2s = sc_get(t, 235, 40); each_2s; each_2s &= each_2s - 1) {
                u64 each_2 = (u64)__builtin_ctzll(each_2s);
                u64 e_1[2] = {each_2};
                if (!sc_append(made_1.w, SC_SLOTS(0, 40, 6, 6), e_1)) { fail = SC_BEYOND; goto next; }
            }
            sc_bits_4 ordered_1 = {{0}};
            sc_copy(ordered_1.w, 0, made_1.w, 0, 246);
            u64 length_2 = ordered_1.w[3] >> 48;
            for (u64 i = 0; i < length_2; i++) {
                u32 at_2 = (39 - i) * 6;
                u64 each_3 = sc_get(ordered_1.w, at_2, 6);
                sc_bits_1 made_2 = {{0}};
                u64 length_3 = (t[3] >> 41) & 3;
                for (u64 each_4_at = 0; each_4_at < length_3; each_4_at++) {
                    u32 at_3 = 200 + (2 - each_4_at) * 11;
                    u64 each_4 = sc_get(t, at_3, 11);
                    if (!((each_4 % 40) == each_3)) continue;
                    u64 e_2[2] = {each_4 / 40};
                    if (!sc_include(made_2.w, SC_SLOTS(0, 3, 6, 2), e_2)) { fail = SC_BEYOND; goto next; }
                }
                u64 c_1 = made_2.w[0];
                i64 key_1 = (i64)(c_1 >> 18);
                u64 j = i;
                for (; j > 0; j--) {
                    i64 left_1 = keys_1[j - 1];
                    if (((left_1 > key_1) - (left_1 < key_1)) <= 0) break;
                    keys_1[j] = left_1;
                    u32 at_4 = (39 - ((j - 1))) * 6;
                    u64 left_2 = sc_get(ordered_1.w, at_4, 6);
                    u32 at_5 = (39 - j) * 6;
                    sc_put(ordered_1.w, at_5, 6, left_2);
                }
                keys_1[j] = key_1;
                u32 at_6 = (39 - j) * 6;
                sc_put(ordered_1.w, at_6, 6, each_3);
            }
            u64 length_4 = ordered_1.w[3] >> 48;
            for (u64 each_6_at = 0; each_6_at < length_4; each_6_at++) {
                u32 at_7 = (39 - each_6_at) * 6;
                u64 each_6 = sc_get(ordered_1.w, at_7, 6);
                first_1 = each_6;
                some_1 = 1;
                break;
            }
            if (!some_1) {
                first_1 = 40 /* None */;
            }
            if (t == s) t = sc_fork(sc_target(out), s);
            sc_put(t, 41 + task, 6, first_1);
            wrote = 1;
            /* wide.py:46  task.after -= {0, 7} */
            sc_put(t, task, 31, sc_get(t, task, 31) & ~129);
            /* wide.py:47  self.total += task.cost + len(task.after) */
            i64 n_1 = 0;
            if (sc_add((i64)((t[0]) - 9223372036854775808ull), ((i64)(sc_get(t, 31 + task, 10))) + ((i64)sc_ones(t, task, 31)), &n_1)) { fail = SC_BEYOND; goto next; }
            sc_put(t, 0, 64, (u64)n_1 + 9223372036854775808ull);
        }
    }
    if (!wrote) sc_mark(out, 9);
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

/* wide.py:50  def apart(self) -> bool: */
static u64 ask_apart(const u64 *s)
{
    /* wide.py:51  return all(a != b for a, b in self.near) and sum(self.load.values()) == 0 and self.total < 2000 */
    u64 all_1 = 1;
    u64 length_1 = (s[3] >> 41) & 3;
    for (u64 each_2_at = 0; each_2_at < length_1; each_2_at++) {
        u32 at_1 = 200 + (2 - each_2_at) * 11;
        u64 each_2 = sc_get(s, at_1, 11);
        if (!!((each_2 / 40) == (each_2 % 40))) { all_1 = 0; break; }
    }
    u64 both_1 = all_1;
    if (both_1) {
        i64 sum_1 = 0;
        for (u64 value_2_at = 0; value_2_at < 40; value_2_at++) {
            u32 at_2 = 64 + (39 - value_2_at);
            u64 value_2 = sc_get(s, at_2, 1);
            sum_1 += (i64)value_2;
        }
        both_1 = sum_1 == 0;
    }
    return both_1 && (((i64)((s[0]) - 9223372036854775808ull)) < 2000);
}

/* set[Site] */
static int order(u64 a, u64 b)
{
    i64 length_1 = (i64)__builtin_popcountll(a);
    i64 length_2 = (i64)__builtin_popcountll(b);
    if (length_1 != length_2) return length_1 < length_2 ? -1 : 1;
    u64 differing = a ^ b;
    if (!differing) return 0;
    return a & (differing & -differing) ? -1 : 1;
}

/* set[Range(0, 30)] */
static int order_5(u64 a, u64 b)
{
    i64 length_1 = (i64)__builtin_popcountll(a);
    i64 length_2 = (i64)__builtin_popcountll(b);
    if (length_1 != length_2) return length_1 < length_2 ? -1 : 1;
    u64 differing = a ^ b;
    if (!differing) return 0;
    return a & (differing & -differing) ? -1 : 1;
}

/* Task */
static int order_4(u64 a, u64 b)
{
    u64 x_1 = a >> 41;
    u64 x_2 = b >> 41;
    int order_1 = (x_1 > x_2) - (x_1 < x_2);
    if (order_1) return order_1;
    i64 x_3 = (i64)(((a >> 31) & 1023));
    i64 x_4 = (i64)(((b >> 31) & 1023));
    int order_2 = (x_3 > x_4) - (x_3 < x_4);
    if (order_2) return order_2;
    u64 x_5 = a & 0x7fffffffull;
    u64 x_6 = b & 0x7fffffffull;
    int order_6 = order_5(x_5, x_6);
    if (order_6) return order_6;
    return 0;
}

/* list[Task] of at most 2 */
static int order_3(sc_bits_2 a, sc_bits_2 b)
{
    i64 length_1 = (i64)(a.w[1] >> 30);
    i64 length_2 = (i64)(b.w[1] >> 30);
    if (length_1 != length_2) return length_1 < length_2 ? -1 : 1;
    u64 length_3 = a.w[1] >> 30;
    for (u64 i = 0; i < length_3; i++) {
        u32 at_1 = (1 - i) * 47;
        u32 at_2 = (1 - i) * 47;
        u64 x_1 = sc_get(a.w, at_1, 47);
        u64 x_2 = sc_get(b.w, at_2, 47);
        int order_1 = order_4(x_1, x_2);
        if (order_1) return order_1;
    }
    return 0;
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    u32 start = out->count, before = start;
    do_visit(s, 0, out);
    sc_counted(out, s, 0, before);
    before = out->count;
    for (i64 n = 0; n <= 1; n++)
        do_plan(s, n, 1 + (u32)n, out);
    sc_counted(out, s, 1, before);
    before = out->count;
    do_begin(s, 3, out);
    sc_counted(out, s, 2, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    if (sc_live(out, 11)) {
        if (!ask_apart(s)) sc_mark(out, 11);
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
    u64 x_1 = sc_get(s, 235, 40);
    u64 x_2 = sc_get(after, 235, 40);
    int order_1 = order(x_1, x_2);
    if (order_1) return order_1;
    u64 x_3 = (s[3] >> 8) & 0x7ffffffffull;
    u64 x_4 = (after[3] >> 8) & 0x7ffffffffull;
    int order_2 = (x_3 > x_4) - (x_3 < x_4);
    if (order_2) return order_2;
    sc_bits_2 part_1 = {{0}};
    sc_copy(part_1.w, 0, s, 104, 96);
    sc_bits_2 part_2 = {{0}};
    sc_copy(part_2.w, 0, after, 104, 96);
    int order_6 = order_3(part_1, part_2);
    if (order_6) return order_6;
    u64 x_5 = s[1] & 0xffffffffffull;
    u64 x_6 = after[1] & 0xffffffffffull;
    int order_7 = (x_5 > x_6) - (x_5 < x_6);
    if (order_7) return order_7;
    i64 x_7 = (i64)((s[0]) - 9223372036854775808ull);
    i64 x_8 = (i64)((after[0]) - 9223372036854775808ull);
    int order_8 = (x_7 > x_8) - (x_7 < x_8);
    if (order_8) return order_8;
    return 0;
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 *s = from_s;
    const u64 *after = from_t;
    into[0] |= (u64)!sc_same(s, 235, after, 235, 40) << 0; /* visited */
    into[0] |= (u64)!sc_same(s, 200, after, 200, 35) << 1; /* near */
    into[0] |= (u64)!sc_same(s, 104, after, 104, 96) << 2; /* tasks */
    into[0] |= (u64)!sc_same(s, 64, after, 64, 40) << 3; /* load */
    into[0] |= (u64)!sc_same(s, 0, after, 0, 64) << 4; /* total */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 5, .bits = 275, .actions = 3, .instances = 4,
    .finds = 12, .flags = 0, .variables = 5,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
