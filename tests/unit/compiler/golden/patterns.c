/* patterns: its rules, compiled. A state has 16 bits:
 *       12 .. 15   message: Put | Pair | P | Literal['stop', 7] | None
 *        6 .. 11   path: tuple[Range(0, 2), ...] of at most 2
 *        4 .. 5    point: tuple[P, bool]
 *        1 .. 3    box: Box | None
 *        0 .. 0    color: Color
 */
#include "model.h"
#define SC_WORDS 1
#include "values.h"

SC_BITS(1)

static const u8 converted_1[] = {
    12, 10, 11,
};

/* patterns.py:45  def send(self, p: P) -> None: */
static void do_send(u64 s, u64 p, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 t = s;
    sc_bits_1 made_1 = {{0}};
    u64 e_1[2] = {0};
    u64 e_2[2] = {0};
    u64 e_3[2] = {0};
    u64 e_4[2] = {0};
    u64 e_5[2] = {0};
    u64 c_1 = 0;
    sc_bits_1 kept_1 = {{0}};
    sc_bits_1 w_1 = {{0}};
    u64 c_2 = 0;
    u64 length_1 = 0;
    u64 seen_1 = 0;
    u64 choice_1_at = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    /* patterns.py:46  self.message = choose((Put(p), Pair(p, self.color), p, "stop", 7)) */
    made_1 = (sc_bits_1){{0}};
    e_1[0] = p * 3;
    if (!sc_append(made_1.w, SC_SLOTS(0, 5, 4, 3), e_1)) { fail = SC_BEYOND; goto next; }
    e_2[0] = (u64)(p * 2 + (t & 1)) + 6;
    if (!sc_append(made_1.w, SC_SLOTS(0, 5, 4, 3), e_2)) { fail = SC_BEYOND; goto next; }
    e_3[0] = (u64)p + 11;
    if (!sc_append(made_1.w, SC_SLOTS(0, 5, 4, 3), e_3)) { fail = SC_BEYOND; goto next; }
    e_4[0] = 10 /* 'stop' */;
    if (!sc_append(made_1.w, SC_SLOTS(0, 5, 4, 3), e_4)) { fail = SC_BEYOND; goto next; }
    e_5[0] = 13;
    if (!sc_append(made_1.w, SC_SLOTS(0, 5, 4, 3), e_5)) { fail = SC_BEYOND; goto next; }
    c_1 = made_1.w[0];
    kept_1 = (sc_bits_1){{0}};
    w_1 = (sc_bits_1){{0}};
    w_1.w[0] = c_1;
    sc_copy(kept_1.w, 0, w_1.w, 0, 23);
    c_2 = kept_1.w[0];
    length_1 = c_2 >> 20;
    seen_1 = 0;
    choice_1_at = 0;
    last_1 = last;
    last = 1;
again_1:;
    if (!(choice_1_at < length_1)) { last = last_1; goto next; }
    u32 at_1 = (4 - choice_1_at) * 4;
    choice_1 = (c_2 >> at_1) & 15;
    choice_1_at++;
    if (seen_1 >> choice_1 & 1) goto again_1;
    seen_1 |= 1ull << choice_1;
    t = s;
    u64 which_1 = choice_1 < 6 ? 0 : choice_1 < 10 ? 1 : choice_1 < 13 ? 2 : 3;
    u64 made_2 = 0;
    if (which_1 == 0) {
        made_2 = choice_1;
    }
    else if (which_1 == 1) {
        made_2 = (u64)(choice_1 - 6) + 6;
    }
    else if (which_1 == 2) {
        made_2 = (u64)converted_1[choice_1 - 10];
    }
    else if (which_1 == 3) {
        i64 n_1 = (i64)((0) + 7ull);
        made_2 = (u64)((u64)(n_1 - 6)) + 12;
    }
    t = (t & ~(15ull << 12)) | (made_2 << 12);
    /* patterns.py:47  self.path = (*self.path, 0)[-2:] */
    sc_bits_1 made_3 = {{0}};
    u64 length_2 = (t >> 10) & 3;
    for (u64 i = 0; i < length_2; i++) {
        u32 at_2 = 6 + (1 - i) * 2;
        u64 e_6[2] = {(u64)((i64)(((t >> at_2) & 3)))};
        if (!sc_append(made_3.w, SC_SLOTS(0, 3, 2, 2), e_6)) { fail = SC_BEYOND; goto next; }
    }
    u64 length_3 = 1;
    for (u64 i_2 = 0; i_2 < length_3; i_2++) {
        u32 at_3 = (0 - i_2) * 0;
        i64 n_2 = (i64)(0);
        u64 e_7[2] = {(u64)n_2};
        if (!sc_append(made_3.w, SC_SLOTS(0, 3, 2, 2), e_7)) { fail = SC_BEYOND; goto next; }
    }
    u64 c_3 = made_3.w[0];
    i64 length_4 = (i64)(c_3 >> 6);
    i64 bound_1 = -2;
    i64 first_1 = sc_bound(bound_1, length_4, 1);
    i64 end_1 = length_4;
    sc_bits_1 made_4 = {{0}};
    for (i64 i_3 = first_1; i_3 < end_1; i_3++) {
        u32 at_4 = (2 - i_3) * 2;
        u64 e_8[2] = {(u64)((i64)(((c_3 >> at_4) & 3)))};
        if (!sc_append(made_4.w, SC_SLOTS(0, 3, 2, 2), e_8)) { fail = SC_BEYOND; goto next; }
    }
    sc_bits_1 made_5 = {{0}};
    u64 c_4 = made_4.w[0];
    u64 length_5 = c_4 >> 6;
    for (u64 i_at = 0; i_at < length_5; i_at++) {
        u32 at_5 = (2 - i_at) * 2;
        u64 e_9[2] = {(u64)((i64)(((c_4 >> at_5) & 3)))};
        if (!sc_append(made_5.w, SC_SLOTS(0, 2, 2, 2), e_9)) { fail = SC_DOMAIN; goto next; }
    }
    t = (t & ~(63ull << 6)) | ((u64)(made_5.w[0]) << 6);
    sc_step(out, t, instance);
    goto again_1;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
    if (last) goto again_1;
}

/* patterns.py:50  def receive(self) -> None: */
static void do_receive(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    u64 subject_1 = 0;
    u64 taken_1 = 0;
    u64 by = 0;
    i64 n = 0;
    u64 put = 0;
    u64 left = 0;
    u64 p = 0;
    u64 other = 0;
    /* patterns.py:51  match self.message: */
    subject_1 = t >> 12;
    /* patterns.py:52  case Put(by, n) as put if n < 2: */
    taken_1 = 0 /* False */;
    if (subject_1 < 6) {
        if (subject_1 >= 6) { fail = SC_ERROR; goto next; }
        by = subject_1 / 3;
        if (subject_1 >= 6) { fail = SC_ERROR; goto next; }
        n = (i64)((subject_1 % 3));
        if (subject_1 >= 6) { fail = SC_ERROR; goto next; }
        put = subject_1;
        if (n < 2) {
            taken_1 = 1 /* True */;
            /* patterns.py:53  self.message = replace(put, by=by, n=n + 1) */
            i64 n_1 = (i64)((((by * 3 + ((u64)(n + 1) - 1ull)) % 3)) + 1ull);
            if (n_1 > 2) { fail = SC_DOMAIN; goto next; }
            t = (t & ~(15ull << 12)) | ((u64)(((by * 3 + ((u64)(n + 1) - 1ull)) / 3) * 3 + (u64)n_1) << 12);
            wrote = 1;
        }
    }
    /* patterns.py:52  case Put(by, n) as put if n < 2: */
    if (taken_1) {
    } else {
        /* patterns.py:54  case Pair(left, right=Color.RED): */
        u64 both_1 = subject_1 >= 6 && subject_1 < 10;
        if (both_1) {
            if (subject_1 < 6 || subject_1 >= 10) { fail = SC_ERROR; goto next; }
            u64 x_1 = ((u64)subject_1 - 6) & 1;
            both_1 = x_1 == 0;
        }
        if (both_1) {
            if (subject_1 < 6 || subject_1 >= 10) { fail = SC_ERROR; goto next; }
            left = ((u64)subject_1 - 6) >> 1;
            /* patterns.py:55  self.point = (left, True) */
            t = (t & ~(3ull << 4)) | ((u64)(left * 2 + 1 /* True */) << 4);
            wrote = 1;
        } else {
            /* patterns.py:56  case P() as p: */
            if (subject_1 >= 10 && subject_1 < 12) {
                if (subject_1 < 10 || subject_1 >= 12) { fail = SC_ERROR; goto next; }
                p = (u64)subject_1 - 10;
                /* patterns.py:57  self.message = Put(p, n=1) */
                t = (t & ~(15ull << 12)) | ((u64)(p * 3 + 1ull) << 12);
                wrote = 1;
            } else {
                /* patterns.py:58  case "stop" | 7: */
                u64 both_2 = subject_1 >= 12 && subject_1 < 14;
                if (both_2) {
                    if (subject_1 < 12 || subject_1 >= 14) { fail = SC_ERROR; goto next; }
                    u64 x_2 = (u64)subject_1 - 12;
                    both_2 = x_2 == 0;
                }
                u64 any_1 = both_2;
                if (!any_1) {
                    u64 both_3 = subject_1 >= 12 && subject_1 < 14;
                    if (both_3) {
                        if (subject_1 < 12 || subject_1 >= 14) { fail = SC_ERROR; goto next; }
                        u64 x_3 = (u64)subject_1 - 12;
                        both_3 = x_3 == 1;
                    }
                    any_1 = both_3;
                }
                if (any_1) {
                    /* patterns.py:59  self.message = None */
                    t = (t & ~61440ull) | 57344ull; /* None */
                    wrote = 1;
                } else {
                    /* patterns.py:60  case None: */
                    if (subject_1 == 14) {
                        /* patterns.py:61  self.box = None if self.box is None else Box(n=2) */
                        u64 x_4 = ((t >> 1) & 7) >> 2;
                        t = (t & ~(7ull << 1)) | ((u64)((x_4 == 1) ? 4 : 2) << 1);
                        wrote = 1;
                    } else {
                        /* patterns.py:62  case other: */
                        other = subject_1;
                        /* patterns.py:63  self.color = Color.BLUE if isinstance(other, Pair) else Color.RED */
                        t = (t & ~1ull) | ((other >= 6 && other < 10) ? 1 : 0);
                        wrote = 1;
                    }
                }
            }
        }
    }
    if (!wrote) sc_mark(out, 10);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
}

/* patterns.py:66  def walk(self) -> None: */
static void do_walk(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 t = s;
    u64 subject_1 = 0;
    u64 subject_2 = 0;
    i64 n = 0;
    i64 last_2 = 0;
    /* patterns.py:67  match self.path, self.color: */
    subject_1 = (t >> 6) & 63;
    subject_2 = t & 1;
    /* patterns.py:68  case (), _: */
    if (((i64)(subject_1 >> 4)) == 0) {
        /* patterns.py:69  self.path = (1,) */
        t = (t & ~4032ull) | 1280ull;
    } else {
        /* patterns.py:70  case (n,), Color.BLUE: */
        if ((((i64)(subject_1 >> 4)) == 1) && (subject_2 == 1)) {
            u64 length_1 = subject_1 >> 4;
            if (!(0ull < length_1)) { fail = SC_ERROR; goto next; }
            n = (i64)(((subject_1 >> 2) & 3));
            /* patterns.py:71  self.path = (n, n) */
            sc_bits_1 made_1 = {{0}};
            u64 e_1[2] = {(u64)n};
            if (!sc_append(made_1.w, SC_SLOTS(0, 2, 2, 2), e_1)) { fail = SC_BEYOND; goto next; }
            u64 e_2[2] = {(u64)n};
            if (!sc_append(made_1.w, SC_SLOTS(0, 2, 2, 2), e_2)) { fail = SC_BEYOND; goto next; }
            t = (t & ~(63ull << 6)) | ((u64)(made_1.w[0]) << 6);
        } else {
            /* patterns.py:72  case (0, last), _: */
            u64 both_1 = ((i64)(subject_1 >> 4)) == 2;
            if (both_1) {
                u64 length_2 = subject_1 >> 4;
                if (!(0ull < length_2)) { fail = SC_ERROR; goto next; }
                both_1 = ((i64)(((subject_1 >> 2) & 3))) == 0;
            }
            if (both_1) {
                u64 length_3 = subject_1 >> 4;
                if (!(1ull < length_3)) { fail = SC_ERROR; goto next; }
                last_2 = (i64)((subject_1 & 3));
                /* patterns.py:73  self.path = (last,) */
                sc_bits_1 made_2 = {{0}};
                u64 e_3[2] = {(u64)last_2};
                if (!sc_append(made_2.w, SC_SLOTS(0, 2, 2, 2), e_3)) { fail = SC_BEYOND; goto next; }
                t = (t & ~(63ull << 6)) | ((u64)(made_2.w[0]) << 6);
            } else {
                /* patterns.py:75  self.color = Color.BLUE */
                t |= 1ull;
            }
        }
    }
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 5, instance);
        fail = 0;
    }
}

/* patterns.py:78  def turn(self) -> None: */
static void do_turn(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    u64 it_1 = 0;
    u64 it_2 = 0;
    u64 it_3 = 0;
    u64 who = 0;
    u64 turned = 0;
    i64 value_1 = 0;
    i64 there_1 = 0;
    /* patterns.py:79  who, turned = self.point */
    it_1 = (t >> 4) & 3;
    it_2 = it_1 >> 1;
    it_3 = it_1 & 1;
    who = it_2;
    turned = it_3;
    /* patterns.py:81  case True: */
    if (turned) {
        /* patterns.py:82  self.point = who, False */
        t = (t & ~(3ull << 4)) | ((u64)(who * 2 + 0 /* False */) << 4);
        wrote = 1;
    } else {
        /* patterns.py:83  case False if self.box is not None: */
        if (!turned) {
            u64 x_1 = ((t >> 1) & 7) >> 2;
            if (!(x_1 == 1)) {
                /* patterns.py:84  self.box.n += 1 */
                if (((t >> 3) & 1) != 0) { fail = SC_ERROR; goto next; }
                value_1 = ((i64)(((t >> 1) & 3))) + 1;
                if (((t >> 3) & 1) != 0) { fail = SC_ERROR; goto next; }
                there_1 = (i64)(((t >> 1) & 3));
                if (value_1 > 2) { fail = SC_DOMAIN; goto next; }
                if (((t >> 3) & 1) != 0) { fail = SC_ERROR; goto next; }
                t = (t & ~(3ull << 1)) | ((u64)((u64)value_1) << 1);
                wrote = 1;
            }
        }
    }
    if (!wrote) sc_mark(out, 12);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 7, instance);
        fail = 0;
    }
}

/* patterns.py:87  def typed(self) -> bool: */
static u64 ask_typed(u64 s)
{
    /* patterns.py:88  return isinstance(self.message, Put | Pair | P | str | int) or self.message is None */
    return ((s >> 12) < 14) || ((s >> 12) == 14);
}

static const u8 table_1[] = {
    0, 1,
};

/* patterns.py:91  def named(self) -> bool: */
static u64 ask_named(u64 s, int *fail)
{
    /* patterns.py:92  return not isinstance(self.message, Pair) or (self.message.left in P and self.message.right.name in ("RED", "BLUE") and self */
    u64 x_1 = s >> 12;
    u64 any_1 = !(x_1 >= 6 && x_1 < 10);
    if (!any_1) {
        u64 union_1 = s >> 12;
        if (union_1 < 6 || union_1 >= 10) { *fail = SC_ERROR; return 0; }
        u64 x_2 = ((u64)union_1 - 6) >> 1;
        u64 both_1 = 1;
        if (both_1) {
            u64 union_2 = s >> 12;
            if (union_2 < 6 || union_2 >= 10) { *fail = SC_ERROR; return 0; }
            u64 k_1 = ((u64)union_2 - 6) & 1;
            u64 x_3 = (u64)table_1[k_1];
            both_1 = 1;
        }
        any_1 = both_1;
    }
    return any_1;
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    u32 start = out->count, before = start;
    for (u64 p = 0; p < 2; p++)
        do_send(s, p, (u32)p, out);
    sc_counted(out, &s, 0, before);
    before = out->count;
    do_receive(s, 2, out);
    sc_counted(out, &s, 1, before);
    before = out->count;
    do_walk(s, 3, out);
    sc_counted(out, &s, 2, before);
    before = out->count;
    do_turn(s, 4, out);
    sc_counted(out, &s, 3, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    int fail = 0;
    if (sc_live(out, 14)) {
        if (!ask_typed(s)) sc_mark(out, 14);
    }
    if (sc_live(out, 15)) {
        u64 says_1 = ask_named(s, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 1, from_s, NULL);
        else if (fail || !says_1) sc_mark(out, 15);
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
    into[0] |= (u64)(((s ^ after) & 61440) != 0) << 0; /* message */
    into[0] |= (u64)(((s ^ after) & 4032) != 0) << 1; /* path */
    into[0] |= (u64)(((s ^ after) & 48) != 0) << 2; /* point */
    into[0] |= (u64)(((s ^ after) & 14) != 0) << 3; /* box */
    into[0] |= (u64)(((s ^ after) & 1) != 0) << 4; /* color */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 16, .actions = 4, .instances = 5,
    .finds = 16, .flags = 0, .variables = 5,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
