/* numbers: its rules, compiled. A state has 71 bits:
 *       68 .. 70   a: Range(0, 6)
 *       65 .. 67   b: Range(-3, 3)
 *        1 .. 64   large: int (64 bits)
 *        0 .. 0    odd: bool
 */
#include "model.h"
#define SC_WORDS 2
#include "values.h"


/* numbers.py:18  def compute(self) -> None: */
static void do_compute(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    /* numbers.py:19  self.b = (self.a * 2 - 7) // (self.b or 2) % 4 */
    i64 divisor_1 = !(((i64)((((s[1] >> 1) & 7)) - 3ull)) == 0) ? ((i64)((((s[1] >> 1) & 7)) - 3ull)) : 2;
    if (divisor_1 == 0) { fail = SC_ERROR; goto next; }
    i64 n_1 = 0;
    if (sc_divide((((i64)((s[1] >> 4))) * 2) - 7, divisor_1, &n_1)) { fail = SC_BEYOND; goto next; }
    t = sc_fork(sc_target(out), s);
    sc_put(t, 65, 3, (u64)(sc_modulo(n_1, 4)) + 3ull);
    /* numbers.py:20  self.a = self.a & 5 | 2 ^ self.a >> 1 */
    i64 n_2 = (((i64)((t[1] >> 4))) & 5) | (2 ^ sc_right((i64)((t[1] >> 4)), 1));
    if (n_2 > 6) { fail = SC_DOMAIN; goto next; }
    sc_put(t, 68, 3, (u64)n_2);
    /* numbers.py:21  self.large = 1 << self.a */
    i64 n_3 = 0;
    if (sc_left(1, (i64)((t[1] >> 4)), &n_3)) { fail = SC_BEYOND; goto next; }
    sc_put(t, 1, 64, (u64)n_3 + 9223372036854775808ull);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
}

/* numbers.py:24  def outgrow(self) -> None: */
static void do_outgrow(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    /* numbers.py:25  self.large = (self.large * self.large + 5) % 7 - -(self.b**2) */
    i64 n_1 = 0;
    if (sc_multiply((i64)((sc_get(s, 1, 64)) - 9223372036854775808ull), (i64)((sc_get(s, 1, 64)) - 9223372036854775808ull), &n_1)) { fail = SC_BEYOND; goto next; }
    i64 n_2 = 0;
    if (sc_add(n_1, 5, &n_2)) { fail = SC_BEYOND; goto next; }
    i64 n_3 = 0;
    if (sc_power((i64)((((s[1] >> 1) & 7)) - 3ull), 2, &n_3)) { fail = SC_BEYOND; goto next; }
    t = sc_fork(sc_target(out), s);
    sc_put(t, 1, 64, (u64)(sc_modulo(n_2, 7) - (0 - n_3)) + 9223372036854775808ull);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
}

/* numbers.py:28  def measure(self) -> None: */
static void do_measure(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    i64 it_1 = 0;
    i64 it_2 = 0;
    i64 quotient = 0;
    i64 rest = 0;
    /* numbers.py:29  quotient, rest = divmod(self.a, 3) */
    it_1 = ((i64)((s[1] >> 4))) / 3;
    it_2 = ((i64)((s[1] >> 4))) % 3;
    quotient = it_1;
    rest = it_2;
    /* numbers.py:30  self.a = abs(quotient - rest) + max(self.b, 0) + min(rest, 2, self.a) */
    i64 n_1 = ((quotient - rest) < 0) ? (0 - (quotient - rest)) : (quotient - rest);
    if (n_1 < 0) { fail = SC_BEYOND; goto next; }
    i64 n_2 = (((i64)((((s[1] >> 1) & 7)) - 3ull)) < 0) ? 0 : ((i64)((((s[1] >> 1) & 7)) - 3ull));
    if (n_2 < 0) { fail = SC_BEYOND; goto next; }
    i64 n_3 = (((i64)((s[1] >> 4))) < rest) ? ((i64)((s[1] >> 4))) : rest;
    if (n_3 > 2) { fail = SC_BEYOND; goto next; }
    i64 n_4 = (n_1 + n_2) + n_3;
    if (n_4 > 6) { fail = SC_DOMAIN; goto next; }
    t = sc_fork(sc_target(out), s);
    sc_put(t, 68, 3, (u64)n_4);
    /* numbers.py:31  self.odd = self.a % 2 == 1 */
    sc_put(t, 0, 1, (((i64)((t[1] >> 4))) % 2) == 1);
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 5, instance);
        fail = 0;
    }
}

static const int16_t table_1[] = {
    1, 2, 4, 1, 2, 4,
};

/* numbers.py:34  def assign(self, odd: bool) -> None: */
static void do_assign(const u64 *s, u64 odd, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 *t = (u64 *)s;
    i64 it_1 = 0;
    i64 low = 0;
    i64 high = 0;
    i64 it_2 = 0;
    i64 it_3 = 0;
    i64 price = 0;
    /* numbers.py:35  low = high = self.a */
    it_1 = (i64)((s[1] >> 4));
    low = it_1;
    high = it_1;
    /* numbers.py:36  low -= 1 */
    i64 n_1 = 0;
    if (sc_subtract(low, 1, &n_1)) { fail = SC_BEYOND; goto next; }
    low = n_1;
    /* numbers.py:37  high += odd + self.odd */
    i64 n_2 = 0;
    if (sc_add(high, ((i64)odd) + ((i64)(s[0] & 1)), &n_2)) { fail = SC_BEYOND; goto next; }
    high = n_2;
    /* numbers.py:38  self.a, self.b = (low if low > 0 else 0), -self.b */
    it_2 = (0 < low) ? low : 0;
    it_3 = 0 - ((i64)((((s[1] >> 1) & 7)) - 3ull));
    if (it_2 < 0) { fail = SC_DOMAIN; goto next; }
    t = sc_fork(sc_target(out), s);
    sc_put(t, 68, 3, (u64)it_2);
    sc_put(t, 65, 3, (u64)it_3 + 3ull);
    /* numbers.py:39  self.odd ^= odd */
    sc_put(t, 0, 1, !((t[0] & 1) == odd));
    /* numbers.py:40  price: int = PRICES[self.a % 3] */
    u64 k_1 = (u64)(((i64)((t[1] >> 4))) % 3) + 3ull;
    price = (i64)table_1[k_1];
    /* numbers.py:41  self.a = min(price + int(high > 5), 6) */
    sc_put(t, 68, 3, (u64)(price + ((i64)(5 < high))));
    sc_push(out, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 7, instance);
        fail = 0;
    }
}

/* numbers.py:44  def pick(self) -> None: */
static void do_pick(const u64 *s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    u64 *t = (u64 *)s;
    i64 first_1 = 0;
    i64 choice_1_at = 0;
    u64 rounds = 0;
    u32 last_1 = 0;
    i64 choice_1 = 0;
    /* numbers.py:45  self.a = choose(range(self.b, 7, 2)) */
    first_1 = (i64)((((s[1] >> 1) & 7)) - 3ull);
    choice_1_at = first_1;
    rounds = first_1 < 7 ? ((u64)7 - (u64)first_1 + 1ull) / 2ull : 0;
    last_1 = last;
    last = 1;
again_1:;
    if (!(rounds)) { last = last_1; goto next; }
    choice_1 = choice_1_at;
    rounds--, choice_1_at = (i64)((u64)choice_1_at + (u64)2);
    t = (u64 *)s;
    if (choice_1 < 0) { fail = SC_DOMAIN; goto next; }
    t = sc_fork(sc_target(out), s);
    sc_put(t, 68, 3, (u64)choice_1);
    /* numbers.py:46  self.a <<= 1 */
    i64 n_1 = 0;
    if (sc_left((i64)((t[1] >> 4)), 1, &n_1)) { fail = SC_BEYOND; goto next; }
    if (n_1 > 6) { fail = SC_DOMAIN; goto next; }
    sc_put(t, 68, 3, (u64)n_1);
    /* numbers.py:47  self.b |= 1 */
    i64 n_2 = ((i64)((((t[1] >> 1) & 7)) - 3ull)) | 1;
    if (n_2 < (-3) || n_2 > 3) { fail = SC_DOMAIN; goto next; }
    sc_put(t, 65, 3, (u64)n_2 + 3ull);
    sc_push(out, instance);
    goto again_1;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, s, instance, before); return; }
        sc_failed(out, fail, 9, instance);
        fail = 0;
    }
    if (last) goto again_1;
}

/* numbers.py:50  def bounded(self) -> bool: */
static u64 ask_bounded(const u64 *s, int *fail)
{
    /* numbers.py:51  return (-2 <= self.b < self.a + 3 != self.large % 5 and (self.large > 0) <= self.odd) or not (self.odd or bool(self.a)) */
    return (((-2) <= ((i64)((((s[1] >> 1) & 7)) - 3ull))) && (((i64)((((s[1] >> 1) & 7)) - 3ull)) < (((i64)((s[1] >> 4))) + 3)) && !((((i64)((s[1] >> 4))) + 3) == sc_modulo((i64)((sc_get(s, 1, 64)) - 9223372036854775808ull), 5)) && (((i64)(0 < ((i64)((sc_get(s, 1, 64)) - 9223372036854775808ull)))) <= ((i64)(s[0] & 1)))) || !((s[0] & 1) || !(((i64)((s[1] >> 4))) == 0));
}

static const u8 there_1[] = {
    1, 1, 0, 0, 0, 0, 0,
};

static const u8 table_2[] = {
    0, 1, 0, 0, 0, 0, 0,
};

/* numbers.py:54  def named(self, n: Annotated[int, Range(0, 1)]) -> bool: */
static u64 ask_named(const u64 *s, i64 n, int *fail)
{
    /* numbers.py:55  return NAMES[n] != "two" and NAMES.get(self.a, "many") != "two" and ~self.a < 0 and +self.a == self.a */
    u64 test_1 = (((i64)((s[1] >> 4))) == 0) || (((i64)((s[1] >> 4))) == 1);
    u64 either_1 = 0;
    if (test_1) {
        u64 k_1 = (u64)((i64)((s[1] >> 4)));
        if (!there_1[k_1]) { *fail = SC_ERROR; return 0; }
        either_1 = (u64)table_2[k_1];
    } else {
        either_1 = 2 /* 'many' */;
    }
    return !0 && 1;
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    u32 start = out->count, before = start;
    do_compute(s, 0, out);
    sc_counted(out, s, 0, before);
    before = out->count;
    do_outgrow(s, 1, out);
    sc_counted(out, s, 1, before);
    before = out->count;
    do_measure(s, 2, out);
    sc_counted(out, s, 2, before);
    before = out->count;
    for (u64 odd = 0; odd < 2; odd++)
        do_assign(s, odd, 3 + (u32)odd, out);
    sc_counted(out, s, 3, before);
    before = out->count;
    do_pick(s, 5, out);
    sc_counted(out, s, 4, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 *s = from_s;
    int fail = 0;
    if (sc_live(out, 17)) {
        u64 says_1 = ask_bounded(s, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 0, from_s, NULL);
        else if (fail || !says_1) sc_mark(out, 17);
        fail = 0;
    }
    if (sc_live(out, 18)) {
        for (i64 n = 0; n <= 1; n++) {
            u64 says_2 = ask_named(s, n, &fail);
            if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 1, from_s, NULL);
            else if (fail || !says_2) sc_mark(out, 18);
            fail = 0;
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
    const u64 *s = from_s;
    const u64 *after = from_t;
    for (int i = SC_WORDS - 1; i >= 0; i--)
        if (s[i] != after[i]) return s[i] < after[i] ? -1 : 1;
    return 0;
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 *s = from_s;
    const u64 *after = from_t;
    into[0] |= (u64)!sc_same(s, 68, after, 68, 3) << 0; /* a */
    into[0] |= (u64)!sc_same(s, 65, after, 65, 3) << 1; /* b */
    into[0] |= (u64)!sc_same(s, 1, after, 1, 64) << 2; /* large */
    into[0] |= (u64)!sc_same(s, 0, after, 0, 1) << 3; /* odd */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 2, .bits = 71, .actions = 5, .instances = 6,
    .finds = 19, .flags = 0, .variables = 4,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
