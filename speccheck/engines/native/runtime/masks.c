#include "masks.h"

#include <string.h>

#include "memory.h"

int sc_masks_open(struct masks *masks, u32 words)
{
    *masks = (struct masks){.words = words, .room = 64, .slot_count = 256};
    masks->all = sc_new((u64)masks->room * words, sizeof(u64));
    masks->slots = sc_new(masks->slot_count, sizeof(u32));
    return masks->all && masks->slots;
}

void sc_masks_close(struct masks *masks)
{
    sc_free(masks->all);
    sc_free(masks->slots);
}

static u32 *slot_of(const struct masks *masks, u32 *slots, u32 slot_count, const u64 *mask)
{
    u32 at = (u32)(sc_words_hash(mask, masks->words) >> 32) & (slot_count - 1);
    while (slots[at] && memcmp(sc_mask(masks, slots[at] - 1), mask, masks->words * sizeof(u64)))
        at = (at + 1) & (slot_count - 1);
    return slots + at;
}

/* Twice the room, and a table that is at most a quarter full. 0 without memory: then everything is as it was. */
static int grow(struct masks *masks)
{
    u32 slot_count = 2 * masks->slot_count;
    u64 *all = masks->room >= SC_NO_MASK / 16 ? NULL : sc_resized(masks->all, 2 * (u64)masks->room * masks->words, sizeof(u64));
    if (!all)
        return 0;
    masks->all = all;
    u32 *slots = sc_new(slot_count, sizeof(u32));
    if (!slots)
        return 0;
    for (u32 number = 0; number < masks->count; number++)
        *slot_of(masks, slots, slot_count, sc_mask(masks, number)) = number + 1;
    sc_free(masks->slots);
    masks->slots = slots, masks->slot_count = slot_count, masks->room *= 2;
    return 1;
}

u32 sc_masks_find(const struct masks *masks, const u64 *mask)
{
    return *slot_of(masks, masks->slots, masks->slot_count, mask) - 1;
}

u32 sc_masks_number(struct masks *masks, const u64 *mask)
{
    u32 *slot = slot_of(masks, masks->slots, masks->slot_count, mask);
    if (*slot)
        return *slot - 1;
    if (masks->count == masks->room) {
        if (!grow(masks))
            return SC_NO_MASK;
        slot = slot_of(masks, masks->slots, masks->slot_count, mask);
    }
    memcpy(masks->all + (u64)masks->count * masks->words, mask, masks->words * sizeof(u64));
    *slot = ++masks->count;
    return masks->count - 1;
}
