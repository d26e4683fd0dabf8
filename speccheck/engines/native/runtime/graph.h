/* The parts of a graph, for the files of the runtime that know of liveness.
 *
 * Steps lie in blocks: those of BLOCK consecutive states in one piece of memory, written by one worker. A *row* are the steps out of one state: targets in
 * ascending order, and for each the number of its set of signals. Where rows are not stored, a reader makes them when they are asked for.
 */
#ifndef SPECCHECK_GRAPH_H
#define SPECCHECK_GRAPH_H

#include "liveness.h"
#include "masks.h"
#include "parts.h"

#ifndef BLOCK_LOG2 /* a test makes it smaller */
#define BLOCK_LOG2 10
#endif
#define BLOCK (1u << BLOCK_LOG2) /* states; a multiple of 64, so that no two workers write the same word of a bit set */
#define SC_TAKEN_AT_ONCE 16u     /* states whose steps are taken before the first target is looked up: by then the memory has arrived */
#ifndef NARROW_MASKS /* likewise */
#define NARROW_MASKS 0xFFFFu     /* so many sets of signals have numbers of 16 bits */
#endif

/* Numbers that grow in number. */
struct list {
    u32 *all;
    u64 count, room;
};

struct row {
    const u32 *targets;
    const void *masks; /* u16 or, if the row is wide, u32 */
    u32 count, wide;
};

/* A row that was made, and is remembered. */
struct made {
    struct list targets, masks;
    u64 state; /* plus one */
};

/* One thread's way to take steps. */
struct reader {
    struct sc_graph *graph;
    struct worker *worker;
    struct sc_steps steps;
    u64 *source;           /* the state, and room for a word */
    u64 *changed;          /* [room * words] targets of the steps that change the state, for some states after each other */
    u32 *sets;             /* [room] of these steps: numbers of their sets of signals */
    u64 *keys;             /* [room] of a row: the number of a target, and that of the set of signals of a step to it */
    u32 taken, room;
    u32 returns;           /* some step led to a lesser state, as bits */
    u32 begins[SC_TAKEN_AT_ONCE + 1]; /* the first step of each state */
    u64 *enabled;          /* [SC_TAKEN_AT_ONCE * signal_words] of each state */
    u64 *joined;           /* a set of signals */
    u64 *holds, *raised, *needs; /* sets of predicates */
    u64 *raised_at, *needs_at, *step_raised_at; /* [predicates] the least state; ~0: none */
    u64 *known;            /* [KNOWN_MASKS * signal_words] sets of signals that were met, by hash */
    u32 *known_numbers;    /* plus one */
    struct list targets, masks; /* the rows that are being written */
    u64 row;                    /* where the last one begins */
    u64 block_steps;            /* of a block, stored or not */
    char *piece;                /* where the next block is stored */
    u64 piece_left, piece_bytes;
};

struct block_rows {
    u32 *begins; /* [BLOCK + 1], then the targets, then the numbers of sets */
};

/* Memory that blocks lie in. */
struct piece {
    void *memory;
    u64 bytes;
};

struct sc_graph {
    struct sc_search *search;
    const struct sc_model *model;
    struct sc_graph_options options;
    u32 words, signal_words, atom_words, predicate_words;
    u32 workers; /* as the search had it, which may be gone when the graph is closed */
    int huge;
    u64 *signals_of, *states; /* [states * words], and a word */
    u32 *predicates, *enabled_atoms, *step_signals;
    u64 *obliging, *of_predicates; /* sets of signals */

    u64 *firsts; /* [levels + 1] the first state of each level */
    u64 levels, count, expanded;

    u64 *slots; /* tag or state, and number plus one: where a state is */
    u64 slot_count;
    u32 exact;  /* the tag is the state */

    struct masks masks;
    u32 *instance_masks; /* [instances] numbers of their sets */
    u64 *instance_sets;  /* these sets, by number: they may be read while workers enter others */
    u32 wide;            /* numbers of sets have 32 bits */
    void *enabled;       /* [expanded] numbers of sets, u16 or u32 */
    u64 *letters;        /* [atoms][letter_words] for each atom the set of states where it holds */
    u64 letter_words;    /* of a set of expanded states */
    u64 *raised_at;      /* [predicates] */
    u32 *needs_step;     /* [predicates] */

    struct block_rows *blocks;
    u32 *lows; /* [blocks] the least target of a step out of a state of the block, or of a later one */
    u64 block_count;
    struct piece *pieces;
    u64 piece_count;
    u32 stored;
    u32 light;   /* steps were not needed yet: all lead to greater states */
    u32 returns; /* atomic: some do not */
    u64 steps;

    struct reader *readers; /* one for each worker */
    struct made *cache;     /* rows that are not stored */
    u32 cache_rows;

    u64 bytes;   /* atomic */
    u64 next;    /* atomic: the next level or block of a job */
    u32 code;    /* atomic, an sc_code: why there is no answer */
    u32 spilled; /* atomic: there is no room to store steps */
    u32 overflown; /* atomic: a number of a set was too large for 16 bits */
    pthread_mutex_t lock; /* of masks, while workers meet new ones */

    struct list prefix, loop; /* of the last lasso */
};

/* graph.c */
/* Account for memory; 0 if it would be more than allowed. */
int sc_graph_take(struct sc_graph *, u64 bytes);
void sc_graph_give(struct sc_graph *, u64 bytes);
/* Large memory that is accounted for; NULL: the code says why. */
void *sc_graph_map(struct sc_graph *, u64 bytes);
void sc_graph_unmap(struct sc_graph *, void *, u64 bytes);
/* Note why there is no answer, if nothing else was noted. */
void sc_graph_fail(struct sc_graph *, enum sc_code);
/* Whether there is something to stop for. */
int sc_graph_over(struct sc_graph *);

/* fill.c */
/* Take the steps of all expanded states, and note what is enabled and what holds there. 0: the code says why not. */
int sc_graph_take_all_steps(struct sc_graph *);
/* The same once they are needed, if they were not before. */
int sc_graph_need_steps(struct sc_graph *);
/* Store steps no longer: they take room that something else needs. Whether there were any. */
int sc_graph_unstore(struct sc_graph *);

/* conditions.c */
/* The states 64 * word ... 64 * word + 63 that satisfy a condition, of those that are expanded. */
u64 sc_condition_word(const struct sc_graph *, const struct sc_condition *, u64 word);
/* All of them, as a set of expanded states; NULL: the code says why. */
u64 *sc_condition_states(struct sc_graph *, const struct sc_condition *);

/* lists.c */
/* Make room for so many more. Returns why that cannot be done; SC_MORE if it was. */
enum sc_code sc_list_reserve(struct sc_graph *, struct list *, u64 more);
/* Make room for one more; 0: the code says why not. */
int sc_list_grow(struct sc_graph *, struct list *);
void sc_list_close(struct sc_graph *, struct list *);
void sc_sort_numbers(u32 *all, u64 count);

static inline int sc_list_add(struct sc_graph *graph, struct list *list, u32 number)
{
    if (__builtin_expect(list->count == list->room, 0) && !sc_list_grow(graph, list))
        return 0;
    list->all[list->count++] = number;
    return 1;
}

/* numbering.c */
/* Number the states, and make the table that finds them. 0: the code says why. */
int sc_graph_number_states(struct sc_graph *);

/* rows.c */
int sc_reader_open(struct reader *, struct sc_graph *, u32 number);
void sc_reader_close(struct reader *);
/* Take the steps of so many states, with what is enabled in each. 0 if that could not be done: the code says why. */
int sc_reader_take(struct reader *, u64 first, u32 count);
/* Append the row of a state, the one of this place among them, to what the reader has written. 0 likewise. */
int sc_reader_row(struct reader *, u64 number, u32 which);
/* What predicates that need steps say of the step from a state to another, or of no step, to itself: `holds` and `raised` of the reader. */
void sc_reader_step_letter(struct reader *, u64 source, u64 target);
/* The number of a set of signals; SC_NO_MASK without memory. */
u32 sc_reader_mask(struct reader *, const u64 *mask);
/* Make the row again, of a state whose steps are not stored. Without success it is empty, and the code says why. */
struct row sc_row_made(struct sc_graph *, u64 number);

/* The row of an expanded state: valid until the next one is asked for. */
static inline struct row sc_row(struct sc_graph *graph, u64 number)
{
    if (__builtin_expect(!graph->stored, 0))
        return sc_row_made(graph, number);
    const u32 *begins = graph->blocks[number >> BLOCK_LOG2].begins, *from = begins + (number & (BLOCK - 1)), *targets = begins + BLOCK + 1;
    const char *masks = (const char *)(targets + begins[BLOCK]);
    return (struct row){targets + from[0], masks + (u64)from[0] * (graph->wide ? 4 : 2), from[1] - from[0], graph->wide};
}

static inline u64 sc_enabled_bytes(const struct sc_graph *graph)
{
    return graph->expanded * (graph->wide ? 4 : 2);
}

static inline u32 sc_numbered(const void *masks, u64 at, u32 wide)
{
    return wide ? ((const u32 *)masks)[at] : ((const uint16_t *)masks)[at];
}

/* The signals of a step. */
static inline const u64 *sc_row_signals(const struct sc_graph *graph, const struct row *row, u32 at)
{
    return sc_mask(&graph->masks, sc_numbered(row->masks, at, row->wide));
}

static inline const u64 *sc_enabled(const struct sc_graph *graph, u64 number)
{
    return sc_mask(&graph->masks, sc_numbered(graph->enabled, number, graph->wide));
}

/* Whether a state may lie on a cycle: some step out of its block, or out of a later one, must lead to it or before it. */
static inline int sc_may_return(const struct sc_graph *graph, u64 number)
{
    return number >= graph->lows[number >> BLOCK_LOG2];
}

/* Note for each bit of a word that it was met at a number, if that is the least one so far. */
static inline void sc_note_least(u64 *least, u64 bits, u64 number)
{
    for (; bits; bits &= bits - 1) {
        u64 *at = least + __builtin_ctzll(bits);
        *at = *at < number ? *at : number;
    }
}

static inline int sc_bit(const u64 *bits, u64 number)
{
    return bits[number >> 6] >> (number & 63) & 1;
}

static inline const u64 *sc_states_with(const struct sc_graph *graph, u32 atom)
{
    return graph->letters + atom * graph->letter_words;
}

/* ---------------------------------------------------------------- where a state is */

static inline u64 sc_state_hash(const u64 *state, u32 words)
{
    return words == 1 ? state[0] * 0x9E3779B97F4A7C15u : sc_words_hash(state, words);
}

static inline u64 sc_state_tag(const struct sc_graph *graph, const u64 *state, u64 hash)
{
    return (graph->exact ? state[0] : hash) << 32;
}

static inline int sc_same_state(const u64 *a, const u64 *b, u32 words)
{
    u64 differ = 0;
    for (u32 i = 0; i < words; i++)
        differ |= a[i] ^ b[i];
    return !differ;
}

/* The number of a state plus one, 0 if it has none. */
static inline u64 sc_find_state(const struct sc_graph *graph, const u64 *state, u64 hash, u32 words)
{
    u64 tag = sc_state_tag(graph, state, hash);
    for (u64 at = sc_scaled(hash, graph->slot_count);;) {
        u64 slot = graph->slots[at];
        if (!slot)
            return 0;
        if ((slot ^ tag) >> 32 == 0 && (graph->exact || sc_same_state(graph->states + ((u32)slot - 1) * (u64)words, state, words)))
            return (u32)slot;
        if (++at == graph->slot_count)
            at = 0;
    }
}

#endif
