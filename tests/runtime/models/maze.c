/* A model that is nothing but arithmetic, so that a test can say the same in Python: a state is a number x below SIZE.
 *
 * Whatever a search has to do with states happens here: self-loops, repeated targets, steps that find, states that are dropped, orbits, an order of its own.
 * The bits of a state are those of x, inverted: the first state, 0, has all bits of BITS set; wide states repeat them in each word.
 */
#include "model.h"

#ifndef BITS
#define BITS 64
#endif
#ifndef SIZE
#define SIZE 5000
#endif
#ifndef FLAGS
#define FLAGS 0
#endif
#ifndef ASKS
#define ASKS 0 /* every so many-th state asks CPython for its steps */
#endif
#define WORDS ((BITS + 63) / 64)
#define LAST_BITS ((BITS - 1) % 64 + 1)
#define ALL_ONES (~(u64)0)
#define ACTIONS 4
#define FINDS 70
#define NEVER 7 /* a find of what cannot happen */
#define ORDER 7919 /* no factor of a SIZE */

static u64 number(const u64 *state)
{
    return ~state[0] & (ALL_ONES >> (BITS < 64 ? 64 - BITS : 0));
}

static void become(u64 *state, u64 x)
{
    for (u32 i = 0; i < WORDS; i++)
        state[i] = i ? ~x << i | ~x >> (64 - i) : ~x;
    state[WORDS - 1] &= ALL_ONES >> (64 - LAST_BITS);
    state[WORDS] = 0xABCD; /* what a model may do to the word beyond */
}

static void find(struct sc_steps *out, u32 which)
{
    out->found[which / 64] |= (u64)1 << which % 64;
}

static void push(struct sc_steps *out, u32 action, u64 x, u64 y)
{
    if (out->count == out->room)
        out->grow(out);
    become(out->targets + (u64)(WORDS + 1) * out->count++, y);
    out->taken[action]++;
    out->moved[action] |= x != y;
}

static void expand(const u64 *state, struct sc_steps *out)
{
    u64 x = number(state);
    if (ASKS && x % (ASKS + !ASKS) == 0) {
        out->ask(out, SC_ASK_STEPS, (u32)(x % 1000), state, NULL);
        return;
    }
    if (x % 17 == 4) {
        find(out, 2);
        return;
    }
    push(out, 0, x, (2 * x + 1) % SIZE);
    if (x % 3 == 0)
        push(out, 1, x, x); /* the action never moves */
    for (u64 i = 0; i < x % 4; i++)
        push(out, 2, x, (3 * x + 5 * (i / 2)) % SIZE);
    if (x == 0)
        push(out, 3, x, 253);
    if (x % 500 == 252)
        for (u64 i = 0; i < 300; i++)
            push(out, 3, x, (x + i) % SIZE);
    if (!out->count || (x % 500 == 252 && out->count < 300))
        find(out, NEVER); /* unless steps were lost */
}

static void visit(const u64 *state, struct sc_steps *out)
{
    u64 x = number(state) / 2;
    if (x % 13 == 1)
        find(out, 0);
    if (!(out->live[0] & 1))
        find(out, 1);
    if (x % 997 % 31 == 5)
        find(out, (u32)(20 + x % 997 / 31));
}

static int kept(const u64 *state, struct sc_steps *out)
{
    u64 x = number(state) / 2;
    if (x % 211 == 3)
        find(out, 4);
    return x % 6 != 5;
}

static void step(const u64 *s, const u64 *t, struct sc_steps *out)
{
    if ((number(s) + number(t)) % 501 == 7)
        find(out, 3);
    if (number(s) == number(t))
        find(out, NEVER);
}

static int compare(const u64 *a, const u64 *b)
{
    u64 x = number(a) * ORDER % SIZE, y = number(b) * ORDER % SIZE;
    return (x > y) - (x < y);
}

/* Variables: the lowest bit, the others, one that never changes. */
static void changes(const u64 *s, const u64 *t, u64 *into)
{
    u64 change = number(s) ^ number(t);
    *into |= (change & 1) | (u64)(change > 1) << 1;
}

static void canonical(u64 *state)
{
    become(state, number(state) & ~(u64)1);
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = WORDS, .bits = BITS, .actions = ACTIONS, .instances = ACTIONS, .finds = FINDS, .flags = FLAGS, .variables = 3,
    .expand = expand, .visit = visit, .kept = kept, .step = step, .compare = compare, .changes = changes, .canonical = canonical,
};
