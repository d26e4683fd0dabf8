/* records: its rules, compiled. A state has 21 bits:
 *       11 .. 20   members: dict[Node, Member]
 *        0 .. 10   net: set[Ask | Answer | Literal['stop']]
 */
#include "model.h"
#define SC_WORDS 1
#include "values.h"

const struct sc_model *speccheck_abstract[1];
sc_refined *speccheck_allows;


/* records.py:33  def grow(self, term: Term) -> None: */
static void run_Member_grow(u64 *t, int *wrote, u32 self, i64 term, int *fail)
{
    /* records.py:34  self.term = max(self.term, term) */
    i64 n_1 = (((i64)((((*t) >> (2 + self)) & 3))) < term) ? term : ((i64)((((*t) >> (2 + self)) & 3)));
    if (n_1 < 1) { *fail = SC_BEYOND; return; }
    if (n_1 > 2) { *fail = SC_DOMAIN; return; }
    (*t) = ((*t) & ~(3ull << (2 + self))) | ((u64)((u64)n_1) << (2 + self));
    *wrote = 1;
    /* records.py:35  self.friends = set() */
    (*t) &= ~(3ull << self);
    *wrote = 1;
}

/* records.py:52  def ask(self, n: Node) -> None: */
static void do_ask(u64 s, u64 n, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    u32 me = 0;
    u64 each_1 = 0;
    u64 other = 0;
    /* records.py:53  me = self.members[n] */
    u32 at_1 = 11 + (1 - n) * 5;
    me = at_1;
    /* records.py:54  require(me.term < 2 and "stop" not in self.net) */
    if (!(((i64)(((t >> (2 + me)) & 3))) < 2)) return;
    if ((t >> 10) & 1) return;
    /* records.py:55  me.grow(me.term + 1) */
    run_Member_grow(&t, &wrote, me, ((i64)(((t >> (2 + me)) & 3))) + 1, &fail);
    if (fail) goto next;
    /* records.py:56  for other in Node: */
    for (u64 each_1_at = 0; each_1_at < 2; each_1_at++) {
        each_1 = each_1_at;
        other = each_1;
        /* records.py:57  if other != n: */
        if (!(other == n)) {
            /* records.py:58  self.net.add(Ask(other, me.term)) */
            u64 element_1 = other * 3 + (u64)((i64)(((t >> (2 + me)) & 3)));
            t |= 1ull << element_1;
            wrote = 1;
        }
    }
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

/* records.py:33  def grow(self, term: Term) -> None: */
static void run_Member_grow_2(u64 *t, int *wrote, u32 self, i64 term)
{
    /* records.py:34  self.term = max(self.term, term) */
    (*t) = ((*t) & ~(3ull << (2 + self))) | ((u64)((u64)((((i64)((((*t) >> (2 + self)) & 3))) < term) ? term : ((i64)((((*t) >> (2 + self)) & 3))))) << (2 + self));
    *wrote = 1;
    /* records.py:35  self.friends = set() */
    (*t) &= ~(3ull << self);
    *wrote = 1;
}

/* records.py:73  def handle(self, member: Member, message: Ask) -> None: */
static void run_Election_handle(u64 *t, int *wrote, u32 member, u64 message, int *fail)
{
    /* records.py:74  member.grow(message.term) */
    run_Member_grow_2(t, wrote, member, (i64)((message % 3)));
    /* records.py:75  self.net.add(Answer(message.to, member.role == "follower")) */
    u64 x_1 = ((*t) >> (4 + member)) & 1;
    u64 element_1 = (u64)((message / 3) * 2 + (x_1 == 0)) + 6;
    (*t) |= 1ull << element_1;
    *wrote = 1;
    /* records.py:76  self.net.discard(replace(message, term=0)) */
    u64 element_2 = (message / 3) * 3;
    (*t) &= ~(1ull << element_2);
    *wrote = 1;
}

/* records.py:96  def handle(self, member: Member, message: Ask) -> None: */
static void run_Careful_handle(u64 *t, int *wrote, u32 member, u64 message, int *fail)
{
    /* records.py:97  if message.term > 0: */
    if (0 < ((i64)((message % 3)))) {
        /* records.py:98  super().handle(member, message) */
        run_Election_handle(t, wrote, member, message, fail);
        if (*fail) return;
    }
}

/* records.py:61  def receive(self) -> None: */
static void do_receive(u64 s, u32 instance, struct sc_steps *out)
{
    u32 before = out->count;
    u32 last = 0;
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    u64 choice_1_ats = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    u64 message = 0;
    u64 to = 0;
    i64 term = 0;
    /* records.py:62  message = choose(self.net) */
    choice_1_ats = t & 0x7ff;
    last_1 = last;
    last = 1;
again_1:;
    if (!(choice_1_ats)) { last = last_1; goto next; }
    choice_1 = (u64)__builtin_ctzll(choice_1_ats);
    choice_1_ats &= choice_1_ats - 1;
    t = s;
    wrote = 0;
    message = choice_1;
    /* records.py:64  case Ask(to, term) if self.members[to].term <= term: */
    u64 both_1 = message < 6;
    if (both_1) {
        if (message >= 6) { fail = SC_ERROR; goto next; }
        u32 at_1 = 11 + (1 - ((message / 3))) * 5;
        if (message >= 6) { fail = SC_ERROR; goto next; }
        both_1 = ((i64)(((t >> (2 + at_1)) & 3))) <= ((i64)((message % 3)));
    }
    if (both_1) {
        if (message >= 6) { fail = SC_ERROR; goto next; }
        to = message / 3;
        if (message >= 6) { fail = SC_ERROR; goto next; }
        term = (i64)((message % 3));
        /* records.py:65  self.handle(self.members[to], message) */
        u32 at_2 = 11 + (1 - to) * 5;
        if (message >= 6) { fail = SC_ERROR; goto next; }
        run_Careful_handle(&t, &wrote, at_2, message, &fail);
        if (fail) goto next;
    } else {
        /* records.py:66  case Answer(to=to, yes=True): */
        u64 both_2 = message >= 6 && message < 10;
        if (both_2) {
            if (message < 6 || message >= 10) { fail = SC_ERROR; goto next; }
            both_2 = ((u64)message - 6) & 1;
        }
        if (both_2) {
            if (message < 6 || message >= 10) { fail = SC_ERROR; goto next; }
            to = ((u64)message - 6) >> 1;
            /* records.py:67  self.members[to].role = "leader" */
            u32 at_3 = 11 + (1 - to) * 5;
            t |= 1ull << (4 + at_3); /* 'leader' */
            wrote = 1;
        } else {
            /* records.py:68  case Ask() | Answer(): */
            if ((message < 6) || (message >= 6 && message < 10)) {
                /* records.py:69  self.net.remove(message) */
                if (!((t >> message) & 1)) { fail = SC_ERROR; goto next; }
                t &= ~(1ull << message);
                wrote = 1;
            } else {
                /* records.py:71  self.net = set() */
                t &= ~2047ull;
                wrote = 1;
            }
        }
    }
    if (!wrote) sc_mark(out, 6);
    sc_step(out, t, instance);
    goto again_1;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { sc_ask_steps(out, (u64[2]){s}, instance, before); return; }
        sc_failed(out, fail, 3, instance);
        fail = 0;
    }
    if (last) goto again_1;
}

/* records.py:79  def typed(self) -> bool: */
static u64 ask_typed(u64 s)
{
    /* records.py:80  return all(isinstance(one, Ask | Answer) or one == "stop" for one in self.net) */
    u64 all_1 = 1;
    for (u64 each_2s = s & 0x7ff; each_2s; each_2s &= each_2s - 1) {
        u64 each_2 = (u64)__builtin_ctzll(each_2s);
        if (!((each_2 < 10) || (each_2 == 10))) { all_1 = 0; break; }
    }
    return all_1;
}

/* records.py:91  def leader(self) -> Leader: */
static u64 ask_leader(u64 s, int *fail)
{
    /* records.py:92  return Leader(who=next((n for n in Node if self.members[n].role == "leader"), None)) */
    u64 first_1 = 0;
    int some_1 = 0;
    for (u64 each_2 = 0; each_2 < 2; each_2++) {
        u32 at_1 = 11 + (1 - each_2) * 5;
        u64 x_1 = (s >> (4 + at_1)) & 1;
        if (!(x_1 == 1)) continue;
        first_1 = each_2;
        some_1 = 1;
        break;
    }
    if (!some_1) {
        first_1 = 2 /* None */;
    }
    return first_1;
}

/* records.py:61  def receive(self) -> None: */
static u64 occurs_receive(u64 s, u64 after, int *failed)
{
    u32 last = 0;
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    u64 choice_1_ats = 0;
    u32 last_1 = 0;
    u64 choice_1 = 0;
    u64 message = 0;
    u64 to = 0;
    i64 term = 0;
    /* records.py:62  message = choose(self.net) */
    choice_1_ats = t & 0x7ff;
    last_1 = last;
    last = 1;
again_1:;
    if (!(choice_1_ats)) { last = last_1; goto next; }
    choice_1 = (u64)__builtin_ctzll(choice_1_ats);
    choice_1_ats &= choice_1_ats - 1;
    t = s;
    wrote = 0;
    message = choice_1;
    /* records.py:64  case Ask(to, term) if self.members[to].term <= term: */
    u64 both_1 = message < 6;
    if (both_1) {
        if (message >= 6) { fail = SC_ERROR; goto next; }
        u32 at_1 = 11 + (1 - ((message / 3))) * 5;
        if (message >= 6) { fail = SC_ERROR; goto next; }
        both_1 = ((i64)(((t >> (2 + at_1)) & 3))) <= ((i64)((message % 3)));
    }
    if (both_1) {
        if (message >= 6) { fail = SC_ERROR; goto next; }
        to = message / 3;
        if (message >= 6) { fail = SC_ERROR; goto next; }
        term = (i64)((message % 3));
        /* records.py:65  self.handle(self.members[to], message) */
        u32 at_2 = 11 + (1 - to) * 5;
        if (message >= 6) { fail = SC_ERROR; goto next; }
        run_Careful_handle(&t, &wrote, at_2, message, &fail);
        if (fail) goto next;
    } else {
        /* records.py:66  case Answer(to=to, yes=True): */
        u64 both_2 = message >= 6 && message < 10;
        if (both_2) {
            if (message < 6 || message >= 10) { fail = SC_ERROR; goto next; }
            both_2 = ((u64)message - 6) & 1;
        }
        if (both_2) {
            if (message < 6 || message >= 10) { fail = SC_ERROR; goto next; }
            to = ((u64)message - 6) >> 1;
            /* records.py:67  self.members[to].role = "leader" */
            u32 at_3 = 11 + (1 - to) * 5;
            t |= 1ull << (4 + at_3); /* 'leader' */
            wrote = 1;
        } else {
            /* records.py:68  case Ask() | Answer(): */
            if ((message < 6) || (message >= 6 && message < 10)) {
                /* records.py:69  self.net.remove(message) */
                if (!((t >> message) & 1)) { fail = SC_ERROR; goto next; }
                t &= ~(1ull << message);
                wrote = 1;
            } else {
                /* records.py:71  self.net = set() */
                t &= ~2047ull;
                wrote = 1;
            }
        }
    }
    if (t == after && s != after) return 1;
    goto again_1;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { *failed = fail; return 0; }
        fail = 0;
    }
    if (last) goto again_1;
    return 0;
}

/* records.py:52  def ask(self, n: Node) -> None: */
static u64 occurs_ask(u64 s, u64 after, u64 n, int *failed)
{
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    u32 me = 0;
    u64 each_1 = 0;
    u64 other = 0;
    /* records.py:53  me = self.members[n] */
    u32 at_1 = 11 + (1 - n) * 5;
    me = at_1;
    /* records.py:54  require(me.term < 2 and "stop" not in self.net) */
    if (!(((i64)(((t >> (2 + me)) & 3))) < 2)) return 0;
    if ((t >> 10) & 1) return 0;
    /* records.py:55  me.grow(me.term + 1) */
    run_Member_grow(&t, &wrote, me, ((i64)(((t >> (2 + me)) & 3))) + 1, &fail);
    if (fail) goto next;
    /* records.py:56  for other in Node: */
    for (u64 each_1_at = 0; each_1_at < 2; each_1_at++) {
        each_1 = each_1_at;
        other = each_1;
        /* records.py:57  if other != n: */
        if (!(other == n)) {
            /* records.py:58  self.net.add(Ask(other, me.term)) */
            u64 element_1 = other * 3 + (u64)((i64)(((t >> (2 + me)) & 3)));
            t |= 1ull << element_1;
            wrote = 1;
        }
    }
    if (t == after && s != after) return 1;
    return 0;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { *failed = fail; return 0; }
        fail = 0;
    }
    return 0;
}

/* records.py:83  def only_receiving_leads(self, after: "Election") -> bool: */
static u64 ask_only_receiving_leads(u64 s, u64 after, int *fail)
{
    /* records.py:84  return after.members == self.members or occurs(self.receive) or occurs(self.ask) */
    u64 any_1 = (after >> 11) == (s >> 11);
    if (!any_1) {
        u64 occurs_1 = 0;
        if (!occurs_1) {
            occurs_1 = occurs_receive(s, after, fail);
        }
        if (*fail) return 0;
        any_1 = occurs_1;
    }
    u64 any_2 = any_1;
    if (!any_2) {
        u64 occurs_2 = 0;
        if (!occurs_2) {
            for (u64 n = 0; n < 2; n++) {
                occurs_2 = occurs_ask(s, after, n, fail);
                if (occurs_2) break;
            }
        }
        if (*fail) return 0;
        any_2 = occurs_2;
    }
    return any_2;
}

/* set[Node] */
static int order_4(u64 a, u64 b)
{
    i64 length_1 = (i64)__builtin_popcountll(a);
    i64 length_2 = (i64)__builtin_popcountll(b);
    if (length_1 != length_2) return length_1 < length_2 ? -1 : 1;
    u64 differing = a ^ b;
    if (!differing) return 0;
    return a & (differing & -differing) ? -1 : 1;
}

/* Member */
static int order_2(u64 a, u64 b)
{
    u64 x_1 = a >> 4;
    u64 x_2 = b >> 4;
    int order_1 = (x_1 > x_2) - (x_1 < x_2);
    if (order_1) return order_1;
    i64 x_3 = (i64)(((a >> 2) & 3));
    i64 x_4 = (i64)(((b >> 2) & 3));
    int order_3 = (x_3 > x_4) - (x_3 < x_4);
    if (order_3) return order_3;
    u64 x_5 = a & 3;
    u64 x_6 = b & 3;
    int order_5 = order_4(x_5, x_6);
    if (order_5) return order_5;
    return 0;
}

/* dict[Node, Member] */
static int order(u64 a, u64 b)
{
    for (u64 i = 0; i < 2; i++) {
        u32 at_1 = (1 - i) * 5;
        u32 at_2 = (1 - i) * 5;
        u64 x_1 = (a >> at_1) & 31;
        u64 x_2 = (b >> at_2) & 31;
        int order_1 = order_2(x_1, x_2);
        if (order_1) return order_1;
    }
    return 0;
}

/* set[Ask | Answer | Literal['stop']] */
static int order_6(u64 a, u64 b)
{
    i64 length_1 = (i64)__builtin_popcountll(a);
    i64 length_2 = (i64)__builtin_popcountll(b);
    if (length_1 != length_2) return length_1 < length_2 ? -1 : 1;
    u64 differing = a ^ b;
    if (!differing) return 0;
    return a & (differing & -differing) ? -1 : 1;
}

/* records.py:52  def ask(self, n: Node) -> None: */
static u64 enabled_ask(u64 s, u64 n, int *failed)
{
    int fail = 0;
    int wrote = 0;
    u64 t = s;
    u32 me = 0;
    u64 each_1 = 0;
    u64 other = 0;
    /* records.py:53  me = self.members[n] */
    u32 at_1 = 11 + (1 - n) * 5;
    me = at_1;
    /* records.py:54  require(me.term < 2 and "stop" not in self.net) */
    if (!(((i64)(((t >> (2 + me)) & 3))) < 2)) return 0;
    if ((t >> 10) & 1) return 0;
    /* records.py:55  me.grow(me.term + 1) */
    run_Member_grow(&t, &wrote, me, ((i64)(((t >> (2 + me)) & 3))) + 1, &fail);
    if (fail) goto next;
    /* records.py:56  for other in Node: */
    for (u64 each_1_at = 0; each_1_at < 2; each_1_at++) {
        each_1 = each_1_at;
        other = each_1;
        /* records.py:57  if other != n: */
        if (!(other == n)) {
            /* records.py:58  self.net.add(Ask(other, me.term)) */
            u64 element_1 = other * 3 + (u64)((i64)(((t >> (2 + me)) & 3)));
            t |= 1ull << element_1;
            wrote = 1;
        }
    }
    if (t != s) return 1;
    return 0;
next:;
    if (fail) {
        if (fail == SC_BEYOND) { *failed = fail; return 0; }
        if (fail != SC_DISABLED) return 1;
        fail = 0;
    }
    return 0;
}

/* records.py:88  return leads_to(lambda: enabled(self.ask, n), lambda: self.members[n].term > 0) */
static u64 ask_atom_0(u64 s, int *fail)
{
    u64 enabled_1 = 0;
    if (!enabled_1) {
        enabled_1 = enabled_ask(s, 0 /* Node0 */, fail);
    }
    if (*fail) return 0;
    return enabled_1;
}

/* records.py:88  return leads_to(lambda: enabled(self.ask, n), lambda: self.members[n].term > 0) */
static u64 ask_atom_1(u64 s)
{
    return 0 < ((i64)(((s >> 18) & 3)));
}

/* records.py:88  return leads_to(lambda: enabled(self.ask, n), lambda: self.members[n].term > 0) */
static u64 ask_atom_2(u64 s, int *fail)
{
    u64 enabled_1 = 0;
    if (!enabled_1) {
        enabled_1 = enabled_ask(s, 1 /* Node1 */, fail);
    }
    if (*fail) return 0;
    return enabled_1;
}

/* records.py:88  return leads_to(lambda: enabled(self.ask, n), lambda: self.members[n].term > 0) */
static u64 ask_atom_3(u64 s)
{
    return 0 < ((i64)(((s >> 13) & 3)));
}

static void expand(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    u32 start = out->count, before = start;
    for (u64 n = 0; n < 2; n++)
        do_ask(s, n, (u32)n, out);
    sc_counted(out, &s, 0, before);
    before = out->count;
    do_receive(s, 2, out);
    sc_counted(out, &s, 1, before);
}

static void visit(const u64 *from_s, struct sc_steps *out)
{
    const u64 s = *from_s;
    int fail = 0;
    if (sc_live(out, 9)) {
        if (!ask_typed(s)) sc_mark(out, 9);
    }
    {
        u64 mapped = ask_leader(s, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 3, from_s, NULL);
        else if (fail) sc_mark(out, 8);
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
    const u64 s = *from_s;
    const u64 after = *from_t;
    int fail = 0;
    if (sc_live(out, 10)) {
        u64 says_1 = ask_only_receiving_leads(s, after, &fail);
        if (fail == SC_BEYOND) out->ask(out, SC_ASK_PROPERTY, 1, from_s, from_t);
        else if (fail || !says_1) sc_mark(out, 10);
        fail = 0;
    }
    if (sc_live(out, 11)) {
        u64 source = ask_leader(s, &fail);
        u64 target = ask_leader(after, &fail);
        int allowed = fail == SC_BEYOND ? -1 : fail || !(source != target) ? 1 : speccheck_allows(speccheck_abstract[0], (u64[2]){source}, (u64[2]){target});
        if (allowed < 0) out->ask(out, SC_ASK_PROPERTY, 3, from_s, from_t);
        else if (!allowed) sc_mark(out, 11);
        fail = 0;
    }
}

static int compare(const u64 *from_s, const u64 *from_t)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    u64 x_1 = s >> 11;
    u64 x_2 = after >> 11;
    int order_1 = order(x_1, x_2);
    if (order_1) return order_1;
    u64 x_3 = s & 0x7ff;
    u64 x_4 = after & 0x7ff;
    int order_3 = order_6(x_3, x_4);
    if (order_3) return order_3;
    return 0;
}

static void changes(const u64 *from_s, const u64 *from_t, u64 *into)
{
    const u64 s = *from_s;
    const u64 after = *from_t;
    into[0] |= (u64)(((s ^ after) & 0x1ff800ull) != 0) << 0; /* members */
    into[0] |= (u64)(((s ^ after) & 2047) != 0) << 1; /* net */
}

static void letter(const u64 *from_s, u64 *holds, u64 *raised, u64 *needs, struct sc_steps *out)
{
    const u64 s = *from_s;
    int fail = 0;
    u64 says_1 = ask_atom_0(s, &fail);
    if (fail) {
        int said = fail == SC_BEYOND ? out->ask(out, SC_ASK_ATOM, 0, from_s, NULL) : 2;
        if (said == 1) holds[0] |= 1ull << 0;
        if (said == 2) raised[0] |= 1ull << 0;
        fail = 0;
    }
    else if (says_1) holds[0] |= 1ull << 0;
    if (ask_atom_1(s)) holds[0] |= 1ull << 1;
    u64 says_2 = ask_atom_2(s, &fail);
    if (fail) {
        int said = fail == SC_BEYOND ? out->ask(out, SC_ASK_ATOM, 2, from_s, NULL) : 2;
        if (said == 1) holds[0] |= 1ull << 2;
        if (said == 2) raised[0] |= 1ull << 2;
        fail = 0;
    }
    else if (says_2) holds[0] |= 1ull << 2;
    if (ask_atom_3(s)) holds[0] |= 1ull << 3;
}

static int map(u32 which, const u64 *from_s, u64 *out)
{
    const u64 s = *from_s;
    int fail = 0;
    if (which == 0) {
        u64 mapped = ask_leader(s, &fail);
        *out = mapped;
        return fail;
    }
    return 1;
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 21, .actions = 2, .instances = 3,
    .finds = 12, .flags = SC_HAS_STEP, .variables = 2,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes,
    .letter = letter, .atoms = 4,
    .map = map,
};
