/* N counters modulo 10, of 4 bits each; SHIFT moves them up in the word. */
#include "model.h"

#ifndef N
#define N 7
#endif
#ifndef SHIFT
#define SHIFT 0
#endif

static void expand(const u64 *state, struct sc_steps *out)
{
    u64 s = *state;
    for (u32 i = 0; i < N; i++) {
        u64 digit = s >> (4 * i + SHIFT) & 15, next = digit == 9 ? 0 : digit + 1;
        if (out->count == out->room)
            out->grow(out);
        if (out->instances)
            out->instances[out->count] = i;
        out->targets[2 * out->count++] = s ^ (digit ^ next) << (4 * i + SHIFT);
        out->taken[0]++;
        out->moved[0] = 1;
    }
}

/* Find 0: a digit is no digit (never). */
static void visit(const u64 *state, struct sc_steps *out)
{
    for (u32 i = 0; i < N; i++)
        if ((*state >> (4 * i + SHIFT) & 15) > 9)
            out->found[0] |= 1;
}

static int compare(const u64 *a, const u64 *b)
{
    return (*a > *b) - (*a < *b);
}

static void changes(const u64 *s, const u64 *t, u64 *into)
{
    for (u32 i = 0; i < N; i++)
        *into |= (u64)(((*s ^ *t) >> (4 * i + SHIFT) & 15) != 0) << i;
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 4 * N + SHIFT, .actions = 1, .instances = N, .finds = 1, .variables = N,
    .expand = expand, .visit = visit, .compare = compare, .changes = changes,
};
