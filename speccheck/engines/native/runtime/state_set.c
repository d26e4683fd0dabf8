#include "state_set.h"

#include <string.h>

#include "memory.h"

#define MOST_NARROW ((u64)1 << 36)       /* of the entries of a log: the directory must be laid out in advance */
#define MOST_WIDE (((u64)1 << 32) - 2)   /* a slot has 32 bits for an entry's number plus one */
#define HUGE_TABLE ((u64)4 << 20)        /* bytes from which on a table lies in huge pages; less is touched faster than a huge page is zeroed */

int sc_set_open(struct state_set *set, u32 bits, u64 slots, int huge)
{
    u32 bytes = (bits + 7) / 8;
    u32 stride = bits > 64 ? (bits + 63) / 64 * 8 : bytes < 4 ? 4 : bytes;
    *set = (struct state_set){.slot_size = bits <= 32 ? 4 : 8};
    if (!sc_log_open(&set->log, stride, bits > 64 ? MOST_WIDE : MOST_NARROW, huge))
        return 0;
    return sc_set_replace_table(set, slots);
}

void sc_set_close(struct state_set *set)
{
    sc_log_close(&set->log);
    sc_free(set->runs.all);
    sc_unmap(set->slots, set->slot_count * set->slot_size);
}

int sc_set_replace_table(struct state_set *set, u64 slots)
{
    u64 bytes = slots * set->slot_size;
    void *table = sc_map(bytes, set->log.huge && bytes >= HUGE_TABLE); /* takes memory when it is touched, after the old one is gone */
    if (!table)
        return 0;
    sc_unmap(set->slots, set->slot_count * set->slot_size);
    set->slots = table, set->slot_count = slots;
    return 1;
}

#define LARGE ((u64)1 << 24) /* slots */

/* Small tables grow fast, as filling them again costs time; large ones slowly, as room costs memory: a large table is at least half full. */
static u64 larger(u64 slots)
{
    return slots < LARGE ? 4 * slots : slots / 5 * 7;
}

/* 0.65 or 0.7 of the slots, less a number of 64th parts. Beyond that, what is not there is looked for in too many slots. */
static u64 entries_within(u64 slots, u32 less)
{
    u64 parts = (slots <= LARGE ? 42 : 45) - less;
    return slots / 64 * parts + slots % 64 * parts / 64;
}

int sc_set_fits(const struct state_set *set, u64 more)
{
    return set->log.tail + more <= entries_within(set->slot_count, 0);
}

u64 sc_set_slots_for(const struct state_set *set, u64 more)
{
    struct state_set grown = {.log.tail = set->log.tail, .slot_count = set->slot_count};
    while (!sc_set_fits(&grown, more))
        grown.slot_count = larger(grown.slot_count);
    return grown.slot_count;
}

u64 sc_set_bytes(const struct state_set *set, u64 first_slots, u64 states)
{
    u64 slots = first_slots;
    while (states > entries_within(slots, 1)) /* blocks that workers hold take a 64th part: the states within a limit never need the next larger table */
        slots = larger(slots);
    return slots * set->slot_size + states * set->log.stride;
}

void sc_set_read(const struct state_set *set, u64 entry, u64 *state)
{
    const char *at = sc_log_at(&set->log, entry);
    if (set->log.most == MOST_WIDE)
        memcpy(state, at, set->log.stride);
    else
        *state = sc_entry_read(at, set->log.stride);
}
