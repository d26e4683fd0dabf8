/* What the states of a graph map to, for the files of the runtime that hunt. */
#ifndef SPECCHECK_MAPPED_H
#define SPECCHECK_MAPPED_H

#include "graph.h"

struct sc_mapped {
    struct sc_graph *graph;
    u32 which;
    u32 *numbers;         /* [expanded] of abstract states */
    u64 mapped;           /* how many states have one */
    struct masks states;  /* the words of abstract states */
    struct masks pairs;   /* numbers of two of them, in a word */
    struct list origins;  /* the first state that maps to each */
    u64 *scratch;         /* an abstract state */
    u64 *source;          /* a state, and room for a word */
};

static inline u64 sc_mapped_key(u32 from, u32 to)
{
    return (u64)from << 32 | to;
}

/* The number of a pair, which there is for each step of the graph. */
static inline u32 sc_mapped_pair_number(const struct sc_mapped *mapped, u32 from, u32 to)
{
    u64 key = sc_mapped_key(from, to);
    return sc_masks_find(&mapped->pairs, &key);
}

#endif
