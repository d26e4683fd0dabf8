/* calls: its rules, compiled. A state has 18 bits:
 *        4 .. 17   accounts: dict[P, Account]
 *        2 .. 3    last: P | None
 *        0 .. 1    audits: Range(0, 3)
 */
#include "model.h"
#define SC_WORDS 1
#include "values.h"

SC_BITS(1)

/* calls.py:46  def put(account: Account, coin: Coin) -> bool: */
static u64 run_put(u64 *t, int *wrote, u32 account, u64 coin, int *fail)
{
    /* calls.py:47  if len(account.coins) == 2: */
    if (((i64)(((*t) >> (5 + account)) & 3)) == 2) {
        /* calls.py:48  return False */
        return 0 /* False */;
    }
    /* calls.py:49  account.coins.append(coin) */
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = ((*t) >> (1 + account)) & 63;
    u64 e_1[2] = {coin};
    if (!sc_append(w_1.w, SC_SLOTS(0, 2, 2, 2), e_1)) { *fail = SC_DOMAIN; return 0; }
    (*t) = ((*t) & ~(63ull << (1 + account))) | ((u64)(w_1.w[0]) << (1 + account));
    *wrote = 1;
    /* calls.py:50  return True */
    return 1 /* True */;
}

/* calls.py:81  def note(self, p: P) -> None: */
static void run_Bank_note(u64 *t, int *wrote, u64 p)
{
    /* calls.py:82  self.last = p */
    (*t) = ((*t) & ~(3ull << 2)) | (p << 2);
    *wrote = 1;
}

/* calls.py:95  def note(self, p: P) -> None: */
static void run_Audited_note(u64 *t, int *wrote, u64 p, int *fail)
{
    /* calls.py:96  super().note(p) */
    run_Bank_note(t, wrote, p);
    /* calls.py:97  self.audits = (self.audits + 1) % 4 */
    (*t) = ((*t) & ~3ull) | ((u64)((((i64)(((*t) & 3))) + 1) % 4));
    *wrote = 1;
}

/* calls.py:106  def note(self, p: P) -> None: */
static void run_Strict_note(u64 *t, int *wrote, u64 p, int *fail)
{
    /* calls.py:107  if self.last != p: */
    if (!((((*t) >> 2) & 3) == p)) {
        /* calls.py:108  super().note(p) */
        run_Audited_note(t, wrote, p, fail);
        if (*fail) return;
    }
}

/* calls.py:58  def pay(self, p: P, n: Small) -> None: */
static void run_Bank_pay(u64 *t, int *wrote, u64 p, i64 n, int *fail)
{
    u32 account = 0;
    u64 result_1 = 0;
    /* calls.py:59  account = self.accounts[p] */
    u32 at_1 = 4 + (1 - p) * 7;
    account = at_1;
    /* calls.py:60  if not put(account, Coin(n)): */
    result_1 = run_put(t, wrote, account, (u64)n, fail);
    if (*fail) return;
    if (!result_1) {
        /* calls.py:61  account.open = False */
        (*t) &= ~(1ull << account); /* False */
        *wrote = 1;
    }
    /* calls.py:62  self.note(p) */
    run_Strict_note(t, wrote, p, fail);
    if (*fail) return;
}

/* calls.py:102  def pay(self, p: P, n: Small) -> None: */
static void do_pay(u64 s, u64 p, i64 n, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    /* calls.py:103  require(self.audits < 3) */
    if (!(((i64)((t & 3))) < 3)) return;
    /* calls.py:104  super().pay(p, n) */
    run_Bank_pay(&t, &wrote, p, n, &fail);
    if (fail) goto next;
    if (!wrote) sc_mark(out, 5);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 1, instance);
        fail = 0;
    }
}

/* calls.py:73  def somebody(self) -> P: */
static u64 run_Bank_somebody(u64 t, struct sc_choices *choices, int *fail)
{
    u64 choice_1 = 0;
    u64 p = 0;
    u32 self_1 = 0;
    /* calls.py:74  p = choose(P) */
    u32 wanted_1 = sc_wanted(choices);
    u32 alternatives_1 = 0;
    for (u64 choice_1_at = 0; choice_1_at < 2; choice_1_at++) {
        if (alternatives_1++ == wanted_1) choice_1 = choice_1_at;
    }
    if (!alternatives_1) { *fail = SC_DISABLED; return 0; }
    if (!sc_chosen(choices, alternatives_1)) { *fail = SC_BEYOND; return 0; }
    p = choice_1;
    /* calls.py:75  require(self.accounts[p].total > 1) */
    u32 at_1 = 4 + (1 - p) * 7;
    self_1 = at_1;
    i64 sum_1 = 0;
    u64 length_1 = (t >> (5 + self_1)) & 3;
    for (u64 each_3_at = 0; each_3_at < length_1; each_3_at++) {
        u32 at_2 = 1 + self_1 + (1 - each_3_at) * 2;
        u64 each_3 = (t >> at_2) & 3;
        sum_1 += (i64)(each_3);
    }
    if (!(1 < sum_1)) { *fail = SC_DISABLED; return 0; }
    /* calls.py:76  return p */
    return p;
}

/* calls.py:33  def take(self) -> Coin: */
static u64 run_Account_take(u64 *t, int *wrote, u32 self, int *fail)
{
    u64 popped_1 = 0;
    /* calls.py:34  require(self.open) */
    if (!(((*t) >> self) & 1)) { *fail = SC_DISABLED; return 0; }
    /* calls.py:35  return self.coins.pop() */
    i64 i_1 = -1;
    if (i_1 < 0) i_1 += (i64)(((*t) >> (5 + self)) & 3);
    if ((u64)i_1 >= (((*t) >> (5 + self)) & 3)) { *fail = SC_ERROR; return 0; }
    u32 at_1 = 1 + self + (1 - i_1) * 2;
    popped_1 = ((*t) >> at_1) & 3;
    sc_bits_1 w_1 = {{0}};
    w_1.w[0] = ((*t) >> (1 + self)) & 63;
    u64 length_1 = sc_length(w_1.w, SC_SLOTS(0, 2, 2, 2));
    i64 i_2 = -1;
    if (i_2 < 0) i_2 += (i64)length_1;
    if ((u64)i_2 >= length_1) { *fail = SC_ERROR; return 0; }
    sc_delete(w_1.w, SC_SLOTS(0, 2, 2, 2), (u64)i_2);
    (*t) = ((*t) & ~(63ull << (1 + self))) | ((u64)(w_1.w[0]) << (1 + self));
    *wrote = 1;
    return popped_1;
}

/* calls.py:65  def move(self) -> None: */
static void do_move(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    struct sc_choices choices = {0};
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    u64 result_1 = 0;
    u64 p = 0;
    u64 result_2 = 0;
    u64 coin = 0;
    u64 each_3 = 0;
    u64 q = 0;
    u64 decided_1 = 0;
    u64 result_3 = 0;
start:;
    t = s;
    wrote = 0;
    /* calls.py:66  p = self.somebody() */
    result_1 = run_Bank_somebody(t, &choices, &fail);
    if (fail) goto next;
    p = result_1;
    /* calls.py:67  require(self.holds(lambda coin: coin.n > 0, p)) */
    u64 any_1 = 0;
    u32 at_1 = 4 + (1 - p) * 7;
    u64 length_1 = (t >> (5 + at_1)) & 3;
    for (u64 each_2_at = 0; each_2_at < length_1; each_2_at++) {
        u32 at_2 = 1 + at_1 + (1 - each_2_at) * 2;
        u64 each_2 = (t >> at_2) & 3;
        if (0 < ((i64)(each_2))) { any_1 = 1; break; }
    }
    if (!any_1) goto next;
    /* calls.py:68  coin = self.accounts[p].take() */
    u32 at_3 = 4 + (1 - p) * 7;
    result_2 = run_Account_take(&t, &wrote, at_3, &fail);
    if (fail) goto next;
    coin = result_2;
    /* calls.py:69  for q in P: */
    for (u64 each_3_at = 0; each_3_at < 2; each_3_at++) {
        each_3 = each_3_at;
        q = each_3;
        /* calls.py:70  if q != p and put(self.accounts[q], coin): */
        decided_1 = !(q == p);
        if (decided_1) {
            u32 at_4 = 4 + (1 - q) * 7;
            result_3 = run_put(&t, &wrote, at_4, coin, &fail);
            if (fail) goto next;
            decided_1 = result_3;
        }
        if (decided_1) {
            /* calls.py:71  self.note(q) */
            run_Strict_note(&t, &wrote, q, &fail);
            if (fail) goto next;
        }
    }
    if (!wrote) sc_mark(out, 6);
    sc_step(out, t, instance);
    goto next;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
    if (sc_advance(&choices)) goto start;
}

/* calls.py:38  def most(coins: list[Coin]) -> int: */
static i64 ask_most(u64 s, u32 coins, int *fail)
{
    i64 best = 0;
    u64 each_1 = 0;
    u64 coin = 0;
    /* calls.py:39  best = 0 */
    best = 0;
    /* calls.py:40  for coin in coins: */
    u64 length_1 = (s >> (4 + coins)) & 3;
    for (u64 each_1_at = 0; each_1_at < length_1; each_1_at++) {
        u32 at_1 = coins + (1 - each_1_at) * 2;
        each_1 = (s >> at_1) & 3;
        coin = each_1;
        /* calls.py:41  if coin.worth() > best: */
        if (best < (((i64)(coin)) + 1)) {
            /* calls.py:42  best = coin.worth() */
            best = ((i64)(coin)) + 1;
        }
    }
    /* calls.py:43  return best */
    return best;
}

/* calls.py:85  def small(self, p: P) -> bool: */
static u64 ask_small(u64 s, u64 p, int *fail)
{
    /* calls.py:86  return most(self.accounts[p].coins) <= 3 and self.rich(p) <= self.rich(p, 1) */
    u32 at_1 = 4 + (1 - p) * 7;
    i64 got_1 = ask_most(s, 1 + at_1, fail);
    if (*fail) return 0;
    u64 both_3 = got_1 <= 3;
    if (both_3) {
        u64 any_1 = 0;
        u32 at_2 = 4 + (1 - p) * 7;
        u64 length_1 = (s >> (5 + at_2)) & 3;
        for (u64 each_2_at = 0; each_2_at < length_1; each_2_at++) {
            u32 at_3 = 1 + at_2 + (1 - each_2_at) * 2;
            u64 each_2 = (s >> at_3) & 3;
            if (2 <= ((i64)(each_2))) { any_1 = 1; break; }
        }
        u64 both_1 = any_1;
        if (both_1) {
            u32 at_4 = 4 + (1 - p) * 7;
            both_1 = (s >> at_4) & 1;
        }
        u64 any_2 = 0;
        u32 at_5 = 4 + (1 - p) * 7;
        u64 length_2 = (s >> (5 + at_5)) & 3;
        for (u64 each_4_at = 0; each_4_at < length_2; each_4_at++) {
            u32 at_6 = 1 + at_5 + (1 - each_4_at) * 2;
            u64 each_4 = (s >> at_6) & 3;
            if (1 <= ((i64)(each_4))) { any_2 = 1; break; }
        }
        u64 both_2 = any_2;
        if (both_2) {
            u32 at_7 = 4 + (1 - p) * 7;
            both_2 = (s >> at_7) & 1;
        }
        both_3 = ((i64)both_1) <= ((i64)both_2);
    }
    return both_3;
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    u32 start = out->count, before = start;
    u32 instance = 0;
    instance = 0;
    for (u64 p = 0; p < 2; p++)
        for (i64 n = 0; n <= 3; n++)
            do_pay(s, p, n, instance++, out);
    sc_counted(out, &s, 0, before);
    before = out->count;
    do_move(s, 8, out);
    sc_counted(out, &s, 1, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    int fail = 0;
    if (sc_live(out, 8)) {
        for (u64 p = 0; p < 2; p++) {
            u64 says_1 = ask_small(s, p, &fail);
            if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 0, from_s, NULL);
            else if (fail || !says_1) sc_mark(out, 8);
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
    const u64 s = *from_s;
    const u64 after = *from_t;
    return (s > after) - (s < after);
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    into[0] |= (u64)(((s ^ after) & 0x3fff0ull) != 0) << 0; /* accounts */
    into[0] |= (u64)(((s ^ after) & 12) != 0) << 1; /* last */
    into[0] |= (u64)(((s ^ after) & 3) != 0) << 2; /* audits */
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 18, .actions = 2, .instances = 9,
    .finds = 9, .flags = 0, .variables = 3,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
};
