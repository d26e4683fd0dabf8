/* Bit sets by number: equal ones have one number. Not for several threads at once. */
#ifndef SPECCHECK_MASKS_H
#define SPECCHECK_MASKS_H

#include "model.h"

#define SC_NO_MASK UINT32_MAX

struct masks {
    u64 *all;   /* [room * words] */
    u32 *slots; /* a table of numbers plus one */
    u32 words, count, room, slot_count;
};

int sc_masks_open(struct masks *, u32 words);
void sc_masks_close(struct masks *);
/* The number of a bit set, which is entered if it is new; SC_NO_MASK without memory. */
u32 sc_masks_number(struct masks *, const u64 *mask);

/* The same of one that was entered; SC_NO_MASK: it was not. */
u32 sc_masks_find(const struct masks *, const u64 *mask);

static inline const u64 *sc_mask(const struct masks *masks, u32 number)
{
    return masks->all + (u64)number * masks->words;
}

static inline u64 sc_masks_bytes(const struct masks *masks)
{
    return (u64)masks->room * masks->words * sizeof(u64) + (u64)masks->slot_count * sizeof(u32);
}

static inline u64 sc_words_hash(const u64 *state, u32 words)
{
    u64 hash = 0x9E3779B97F4A7C15u;
    for (u32 i = 0; i < words; i++) {
        unsigned __int128 product = (unsigned __int128)(state[i] ^ hash) * 0xD6E8FEB86659FD93u;
        hash = (u64)product ^ (u64)(product >> 64) ^ 0xE7037ED1A0B428DBu;
    }
    return hash * 0x9E3779B97F4A7C15u;
}

#endif
