/* Two-phase commit whose state fills WIDTH words: every word after the first depends on the first, so that all of them are copied, hashed and compared. */
#include "model.h"

#define speccheck_model narrow_model
#include "two_phase.c"
#undef speccheck_model

#ifndef WIDTH
#define WIDTH 4
#endif

static void spread(u64 *state, u64 word)
{
    state[0] = word;
    for (u32 i = 1; i < WIDTH; i++)
        state[i] = word * 0x100000001u + i;
}

static void expand_wide(const u64 *s, struct sc_steps *out)
{
    u64 room[2 * (5 * N + 2)];
    u32 instances[5 * N + 2];
    struct sc_steps narrow = *out;
    narrow.targets = room, narrow.instances = instances, narrow.count = 0, narrow.room = 5 * N + 2;
    expand(s, &narrow);
    for (u32 i = 0; i < narrow.count; i++) {
        if (out->count == out->room)
            out->grow(out);
        if (out->instances)
            out->instances[out->count] = instances[i];
        spread(out->targets + (u64)(WIDTH + 1) * out->count++, room[2 * i]);
    }
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = WIDTH, .bits = 64 * WIDTH, .actions = ACTIONS, .instances = 5 * N + 2, .finds = 2, .variables = 4,
    .expand = expand_wide, .visit = visit, .compare = compare, .changes = changes, .letter = letter, .atoms = 2,
};
