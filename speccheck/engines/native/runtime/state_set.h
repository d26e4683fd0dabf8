/* A set of states: a table that answers whether a state is there, and a log of the states, in the order of discovery.
 *
 * The table is open addressing with linear probing; a slot is taken with one compare-and-swap and never changed. There are two kinds:
 *   narrow (one word): the slot is the state itself plus one, in 32 or 64 bits (state_set_narrow.h);
 *   wide: the slot is a 32-bit tag and the number of the log's entry plus one (state_set_wide.h).
 * A hash is scaled to the number of slots by a multiplication, so that this need be no power of two. As the log has every state, a table that grows is replaced:
 * the old one is not needed to fill the new one, and the two never take memory at the same time.
 */
#ifndef SPECCHECK_STATE_SET_H
#define SPECCHECK_STATE_SET_H

#include "log.h"

enum sc_put {
    SC_KNOWN,   /* the state was there */
    SC_NEW,     /* now it is */
    SC_NO_ROOM, /* it is not, and the set takes no more */
};

struct state_set {
    struct log log;
    struct runs runs; /* what is in the log */
    u64 told;         /* states in the runs */
    void *slots;
    u64 slot_count;
    u32 slot_size;
    u32 all_ones; /* the one state whose slot would look empty is there */
};

int sc_set_open(struct state_set *, u32 bits, u64 slots, int huge);
void sc_set_close(struct state_set *);
/* Replace the table by an empty one. 0 without memory: then the old one stays. */
int sc_set_replace_table(struct state_set *, u64 slots);
/* The slots with which the next `more` entries fit. */
u64 sc_set_slots_for(const struct state_set *, u64 more);
/* Whether so many entries more fit the table. */
int sc_set_fits(const struct state_set *, u64 more);
/* Bytes of a table and a log with so many states: depends on nothing else, so that a limit of memory is reached at the same level with any number of workers. */
u64 sc_set_bytes(const struct state_set *, u64 first_slots, u64 states);
/* Copy an entry of the log out. */
void sc_set_read(const struct state_set *, u64 entry, u64 *state);

/* Entries that a worker takes at a time: few while the table is small, so that what the others hold but do not use stays below a part in 64 of it. */
static inline u64 sc_set_block(const struct state_set *set, u32 workers)
{
    u64 block = set->slot_count / 64 / workers;
    return block < 1 ? 1 : block > 1024 ? 1024 : block;
}

static inline u64 sc_scaled(u64 hash, u64 slots)
{
    return (u64)(((unsigned __int128)hash * slots) >> 64);
}

/* Entries of the narrow log are not aligned, and a neighbour may be being written: exactly their bytes are read and written, as two overlapping parts. */
static inline u64 sc_entry_read(const char *at, u32 stride)
{
    u32 low, high;
    __builtin_memcpy(&low, at, 4);
    __builtin_memcpy(&high, at + stride - 4, 4);
    return low | (u64)high << (8 * (stride - 4));
}

static inline void sc_entry_write(char *at, u32 stride, u64 state)
{
    u32 low = (u32)state, high = (u32)(state >> (8 * (stride - 4)));
    __builtin_memcpy(at, &low, 4);
    __builtin_memcpy(at + stride - 4, &high, 4);
}

#endif
