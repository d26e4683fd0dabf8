/* Refinement: does the abstract model have a step between two of its states? Called by compiled rules through `sc_refined`. */
#include <stdlib.h>
#include <string.h>

#include "search.h"

/* The steps out of one abstract state; `unknown`: only CPython can tell them. */
struct abstract_steps {
    struct sc_steps steps;
    u32 stride;
    int failed, unknown;
};

static void grow(struct sc_steps *steps)
{
    struct abstract_steps *all = steps->owner;
    u32 room = steps->room ? 2 * steps->room : 32;
    u64 *targets = realloc(steps->targets, (size_t)room * all->stride * sizeof(u64));
    if (targets) {
        steps->targets = targets, steps->room = room;
        return;
    }
    all->failed = 1;
    steps->count = 0; /* what is pushed next has room; the answer is no longer asked for */
}

static int ask(struct sc_steps *steps, enum sc_question question, u32 which, const u64 *s, const u64 *t)
{
    (void)question, (void)which, (void)s, (void)t;
    ((struct abstract_steps *)steps->owner)->unknown = 1;
    return 0;
}

int sc_allows(const struct sc_model *abstract, const u64 *s, const u64 *t)
{
    u32 words = (abstract->finds + 63) / 64 + 1, actions = abstract->actions + 1;
    u64 counts[2 * actions + 2 * words];
    memset(counts, 0, sizeof counts);
    struct abstract_steps all = {.stride = abstract->words + 1};
    all.steps = (struct sc_steps){.taken = counts, .moved = counts + actions, .found = counts + 2 * actions, .live = counts + 2 * actions + words,
                                  .grow = grow, .ask = ask, .owner = &all};
    grow(&all.steps);
    if (all.failed)
        return -1;
    abstract->expand(s, &all.steps);
    int allowed = all.unknown || all.failed ? -1 : 0;
    for (u32 i = 0; i < all.steps.count && !allowed; i++)
        allowed = !memcmp(all.steps.targets + (size_t)i * all.stride, t, abstract->words * sizeof(u64));
    free(all.steps.targets);
    return allowed;
}
