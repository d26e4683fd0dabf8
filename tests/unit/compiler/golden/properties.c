/* properties: its rules, compiled. A state has 7 bits:
 *        4 .. 6    come: dict[P, bool]
 *        2 .. 3    speaker: P | None
 *        0 .. 1    spoken: Range(0, 3)
 */
#include "model.h"
#define SC_WORDS 1
#include "values.h"

const struct sc_model *speccheck_abstract[1];
sc_refined *speccheck_allows;


/* properties.py:52  def arrive(self, p: P) -> None: */
static void do_arrive(u64 s, u64 p, u32 instance, struct sc_steps *out)
{
    u64 t = s;
    /* properties.py:53  require(not self.come[p]) */
    u32 at_1 = 4 + (2 - p);
    if ((t >> at_1) & 1) return;
    /* properties.py:54  self.come[p] = True */
    u32 at_2 = 4 + (2 - p);
    t |= 1ull << at_2; /* True */
    sc_step(out, t, instance);
}

/* properties.py:57  def speak(self, p: P) -> None: */
static void do_speak(u64 s, u64 p, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    u64 t = s;
    /* properties.py:58  require(self.come[p] and self.speaker is None) */
    u32 at_1 = 4 + (2 - p);
    if (!((t >> at_1) & 1)) return;
    if (((t >> 2) & 3) != 3) return;
    /* properties.py:59  self.speaker = p */
    t = (t & ~(3ull << 2)) | (p << 2);
    /* properties.py:60  self.spoken += 1 */
    i64 n_1 = ((i64)((t & 3))) + 1;
    if (n_1 > 3) { fail = SC_DOMAIN; goto next; }
    t = (t & ~3ull) | ((u64)n_1);
    sc_step(out, t, instance);
    return;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
}

/* properties.py:63  def stop(self) -> None: */
static void do_stop(u64 s, u32 instance, struct sc_steps *out)
{
    u64 t = s;
    /* properties.py:64  require(self.speaker is not None) */
    if (((t >> 2) & 3) == 3) return;
    /* properties.py:65  self.speaker = None */
    t |= 12ull; /* None */
    sc_step(out, t, instance);
}

/* properties.py:75  def over(self) -> bool: */
static u64 ask_over(u64 s)
{
    /* properties.py:76  return all(self.come.values()) and self.spoken == 2 */
    u64 all_1 = 1;
    for (u64 value_2_at = 0; value_2_at < 3; value_2_at++) {
        u32 at_1 = 4 + (2 - value_2_at);
        u64 value_2 = (s >> at_1) & 1;
        if (!value_2) { all_1 = 0; break; }
    }
    return all_1 && (((i64)((s & 3))) == 2);
}

/* properties.py:79  def present(self, p: P) -> bool: */
static u64 ask_present(u64 s, u64 p)
{
    /* properties.py:80  return self.speaker != p or self.come[p] */
    u64 any_1 = !(((s >> 2) & 3) == p);
    if (!any_1) {
        u32 at_1 = 4 + (2 - p);
        any_1 = (s >> at_1) & 1;
    }
    return any_1;
}

/* properties.py:63  def stop(self) -> None: */
static u64 enabled_stop(u64 s, int *failed)
{
    u64 t = s;
    /* properties.py:64  require(self.speaker is not None) */
    if (((t >> 2) & 3) == 3) return 0;
    /* properties.py:65  self.speaker = None */
    t |= 12ull; /* None */
    if (t != s) return 1;
    return 0;
    return 0;
}

/* properties.py:83  def possible(self) -> bool: */
static u64 ask_possible(u64 s, int *fail)
{
    /* properties.py:84  return enabled(self.stop) == (self.speaker is not None) */
    u64 enabled_1 = 0;
    if (!enabled_1) {
        enabled_1 = enabled_stop(s, fail);
    }
    if (*fail) return 0;
    return enabled_1 == !(((s >> 2) & 3) == 3);
}

/* properties.py:91  def heard(self, p: P) -> bool: */
static u64 ask_heard(u64 s, u64 p)
{
    /* properties.py:92  return self.speaker == p and self.spoken == 2 */
    return (((s >> 2) & 3) == p) && (((i64)((s & 3))) == 2);
}

/* properties.py:71  def few(self) -> bool: */
static u64 ask_few(u64 s)
{
    /* properties.py:72  return self.spoken < 3 */
    return ((i64)((s & 3))) < 3;
}

/* properties.py:52  def arrive(self, p: P) -> None: */
static u64 occurs_arrive(u64 s, u64 after, u64 p, int *failed)
{
    u64 t = s;
    /* properties.py:53  require(not self.come[p]) */
    u32 at_1 = 4 + (2 - p);
    if ((t >> at_1) & 1) return 0;
    /* properties.py:54  self.come[p] = True */
    u32 at_2 = 4 + (2 - p);
    t |= 1ull << at_2; /* True */
    if (t == after && s != after) return 1;
    return 0;
    return 0;
}

/* properties.py:87  def stays(self, after: "Meeting", p: P) -> bool: */
static u64 ask_stays(u64 s, u64 after, u64 p, int *fail)
{
    /* properties.py:88  return after.come[p] >= self.come[p] and (after.come[p] == self.come[p] or occurs(self.arrive, p)) */
    u32 at_1 = 4 + (2 - p);
    u32 at_2 = 4 + (2 - p);
    u64 both_1 = ((i64)((s >> at_1) & 1)) <= ((i64)((after >> at_2) & 1));
    if (both_1) {
        u32 at_3 = 4 + (2 - p);
        u32 at_4 = 4 + (2 - p);
        u64 any_1 = ((after >> at_3) & 1) == ((s >> at_4) & 1);
        if (!any_1) {
            u64 occurs_1 = 0;
            if (!occurs_1) {
                occurs_1 = occurs_arrive(s, after, p, fail);
            }
            if (*fail) return 0;
            any_1 = occurs_1;
        }
        both_1 = any_1;
    }
    return both_1;
}

/* properties.py:107  def counted(self) -> Counter: */
static u64 ask_counted(u64 s)
{
    /* properties.py:108  return Counter(n=sum(self.come[p] for p in P)) */
    i64 sum_1 = 0;
    for (u64 each_2 = 0; each_2 < 3; each_2++) {
        u32 at_1 = 4 + (2 - each_2);
        sum_1 += (i64)((s >> at_1) & 1);
    }
    return (u64)sum_1;
}

/* properties.py:96  return leads_to(lambda: self.come[p], lambda: self.spoken > 0 or not enabled(self.arrive, p)) */
static u64 ask_atom_0(u64 s)
{
    return s >> 6;
}

/* properties.py:52  def arrive(self, p: P) -> None: */
static u64 enabled_arrive(u64 s, u64 p, int *failed)
{
    u64 t = s;
    /* properties.py:53  require(not self.come[p]) */
    u32 at_1 = 4 + (2 - p);
    if ((t >> at_1) & 1) return 0;
    /* properties.py:54  self.come[p] = True */
    u32 at_2 = 4 + (2 - p);
    t |= 1ull << at_2; /* True */
    if (t != s) return 1;
    return 0;
    return 0;
}

/* properties.py:96  return leads_to(lambda: self.come[p], lambda: self.spoken > 0 or not enabled(self.arrive, p)) */
static u64 ask_atom_1(u64 s, int *fail)
{
    u64 any_1 = 0 < ((i64)((s & 3)));
    if (!any_1) {
        u64 enabled_1 = 0;
        if (!enabled_1) {
            enabled_1 = enabled_arrive(s, 0 /* P0 */, fail);
        }
        if (*fail) return 0;
        any_1 = !enabled_1;
    }
    return any_1;
}

/* properties.py:96  return leads_to(lambda: self.come[p], lambda: self.spoken > 0 or not enabled(self.arrive, p)) */
static u64 ask_atom_2(u64 s)
{
    return (s >> 5) & 1;
}

/* properties.py:96  return leads_to(lambda: self.come[p], lambda: self.spoken > 0 or not enabled(self.arrive, p)) */
static u64 ask_atom_3(u64 s, int *fail)
{
    u64 any_1 = 0 < ((i64)((s & 3)));
    if (!any_1) {
        u64 enabled_1 = 0;
        if (!enabled_1) {
            enabled_1 = enabled_arrive(s, 1 /* P1 */, fail);
        }
        if (*fail) return 0;
        any_1 = !enabled_1;
    }
    return any_1;
}

/* properties.py:96  return leads_to(lambda: self.come[p], lambda: self.spoken > 0 or not enabled(self.arrive, p)) */
static u64 ask_atom_4(u64 s)
{
    return (s >> 4) & 1;
}

/* properties.py:96  return leads_to(lambda: self.come[p], lambda: self.spoken > 0 or not enabled(self.arrive, p)) */
static u64 ask_atom_5(u64 s, int *fail)
{
    u64 any_1 = 0 < ((i64)((s & 3)));
    if (!any_1) {
        u64 enabled_1 = 0;
        if (!enabled_1) {
            enabled_1 = enabled_arrive(s, 2 /* P2 */, fail);
        }
        if (*fail) return 0;
        any_1 = !enabled_1;
    }
    return any_1;
}

/* properties.py:100  return implies(always_eventually(lambda: self.speaker is None), until(lambda: self.spoken == 0, lambda: any(self.come.val */
static u64 ask_atom_6(u64 s)
{
    return ((s >> 2) & 3) == 3;
}

/* properties.py:100  return implies(always_eventually(lambda: self.speaker is None), until(lambda: self.spoken == 0, lambda: any(self.come.val */
static u64 ask_atom_7(u64 s)
{
    return ((i64)((s & 3))) == 0;
}

/* properties.py:100  return implies(always_eventually(lambda: self.speaker is None), until(lambda: self.spoken == 0, lambda: any(self.come.val */
static u64 ask_atom_8(u64 s)
{
    u64 any_1 = 0;
    for (u64 value_2_at = 0; value_2_at < 3; value_2_at++) {
        u32 at_1 = 4 + (2 - value_2_at);
        u64 value_2 = (s >> at_1) & 1;
        if (value_2) { any_1 = 1; break; }
    }
    return any_1;
}

/* properties.py:104  return always(implies(lambda: self.spoken == 2, eventually(self.over))) */
static u64 ask_atom_9(u64 s)
{
    return ((i64)((s & 3))) == 2;
}

/* properties.py:75  def over(self) -> bool: */
static u64 ask_atom_10(u64 s)
{
    /* properties.py:76  return all(self.come.values()) and self.spoken == 2 */
    u64 all_1 = 1;
    for (u64 value_2_at = 0; value_2_at < 3; value_2_at++) {
        u32 at_1 = 4 + (2 - value_2_at);
        u64 value_2 = (s >> at_1) & 1;
        if (!value_2) { all_1 = 0; break; }
    }
    return all_1 && (((i64)((s & 3))) == 2);
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    u32 start = out->count, before = start;
    SC_UNROLL for (u64 p = 0; p < 3; p++)
        do_arrive(s, p, (u32)p, out);
    sc_counted(out, &s, 0, before);
    before = out->count;
    for (u64 p = 0; p < 3; p++)
        do_speak(s, p, 3 + (u32)p, out);
    sc_counted(out, &s, 1, before);
    before = out->count;
    do_stop(s, 6, out);
    sc_counted(out, &s, 2, before);
    if (out->count != start || (out->found[0] & 127)) return;
    if (ask_over(s)) return;
    sc_mark(out, 10);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    int fail = 0;
    if (sc_live(out, 14)) {
        for (u64 p = 0; p < 3; p++)
            if (!ask_present(s, p)) sc_mark(out, 14);
    }
    if (sc_live(out, 15)) {
        u64 says_1 = ask_possible(s, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 1, from_s, NULL);
        else if (fail || !says_1) sc_mark(out, 15);
        fail = 0;
    }
    {
        u32 find = 19;
        for (u64 p_2 = 0; p_2 < 3; p_2++) {
            if (sc_live(out, find)) {
                if (ask_heard(s, p_2)) sc_mark(out, find);
            }
            find++;
        }
    }
}

static int kept(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    int within = 1;
    within &= (int)ask_few(s);
    return within;
}

static void step(const u64 *from_s, const u64 *from_t, struct sc_steps *out)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    int fail = 0;
    if (sc_live(out, 16)) {
        for (u64 p = 0; p < 3; p++) {
            u64 says_1 = ask_stays(s, after, p, &fail);
            if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 2, from_s, from_t);
            else if (fail || !says_1) sc_mark(out, 16);
            fail = 0;
        }
    }
    if (sc_live(out, 18)) {
        u64 source = ask_counted(s);
        u64 target = ask_counted(after);
        int allowed = !(source != target) ? 1 : speccheck_allows(speccheck_abstract[0], (u64[2]){source}, (u64[2]){target});
        if (allowed < 0) out->ask(out, SC_ASK_PROPERTY, 7, from_s, from_t);
        else if (!allowed) sc_mark(out, 18);
    }
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
    into[0] |= (u64)(((s ^ after) & 112) != 0) << 0; /* come */
    into[0] |= (u64)(((s ^ after) & 12) != 0) << 1; /* speaker */
    into[0] |= (u64)(((s ^ after) & 3) != 0) << 2; /* spoken */
}

static void letter(const u64 *from_s, u64 *holds, u64 *raised, u64 *needs, struct sc_steps *out)
{
    const u64 s = *from_s;
    int fail = 0;
    if (ask_atom_0(s)) holds[0] |= 1ull << 0;
    u64 says_1 = ask_atom_1(s, &fail);
    if (fail) {
        int said = fail == SC_BEYOND ? out->ask(out, SC_ASK_ATOM, 1, from_s, NULL) : 2;
        if (said == 1) holds[0] |= 1ull << 1;
        if (said == 2) raised[0] |= 1ull << 1;
        fail = 0;
    }
    else if (says_1) holds[0] |= 1ull << 1;
    if (ask_atom_2(s)) holds[0] |= 1ull << 2;
    u64 says_2 = ask_atom_3(s, &fail);
    if (fail) {
        int said = fail == SC_BEYOND ? out->ask(out, SC_ASK_ATOM, 3, from_s, NULL) : 2;
        if (said == 1) holds[0] |= 1ull << 3;
        if (said == 2) raised[0] |= 1ull << 3;
        fail = 0;
    }
    else if (says_2) holds[0] |= 1ull << 3;
    if (ask_atom_4(s)) holds[0] |= 1ull << 4;
    u64 says_3 = ask_atom_5(s, &fail);
    if (fail) {
        int said = fail == SC_BEYOND ? out->ask(out, SC_ASK_ATOM, 5, from_s, NULL) : 2;
        if (said == 1) holds[0] |= 1ull << 5;
        if (said == 2) raised[0] |= 1ull << 5;
        fail = 0;
    }
    else if (says_3) holds[0] |= 1ull << 5;
    if (ask_atom_6(s)) holds[0] |= 1ull << 6;
    if (ask_atom_7(s)) holds[0] |= 1ull << 7;
    if (ask_atom_8(s)) holds[0] |= 1ull << 8;
    if (ask_atom_9(s)) holds[0] |= 1ull << 9;
    if (ask_atom_10(s)) holds[0] |= 1ull << 10;
}

static int map(u32 which, const u64 *from_s, u64 *out)
{
    const u64 s = *from_s;
    if (which == 0) {
        u64 mapped = ask_counted(s);
        *out = mapped;
        return 0;
    }
    return 1;
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 7, .actions = 3, .instances = 7,
    .finds = 22, .flags = SC_HAS_CONSTRAINT | SC_HAS_STEP, .variables = 3,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
    .letter = letter, .atoms = 11,
    .map = map,
};
