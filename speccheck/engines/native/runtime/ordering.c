/* Domain order: states are sorted by the model's comparison, which is dear, so what is in order already is found by few of them. */
#include <string.h>

#include "memory.h"
#include "ordering.h"

#define BLOCK 8 /* so many states are sorted by insertion at first */

/* A part of an array of states. */
struct part {
    u64 first, end;
};

static void insert_each(const struct sc_model *model, u64 *states, u64 count, u64 *held)
{
    u64 words = model->words, bytes = words * sizeof(u64);
    for (u64 i = 1; i < count; i++) {
        u64 at = i;
        while (at && model->compare(states + (at - 1) * words, states + i * words) > 0)
            at--;
        if (at == i)
            continue;
        memcpy(held, states + i * words, bytes);
        memmove(states + (at + 1) * words, states + at * words, (i - at) * bytes);
        memcpy(states + at * words, held, bytes);
    }
}

/* How many states at the beginning of a sorted part come before a state. */
static u64 before(const struct sc_model *model, const u64 *from, struct part part, const u64 *state)
{
    while (part.first < part.end) {
        u64 middle = part.first + (part.end - part.first) / 2;
        if (model->compare(from + middle * model->words, state) < 0)
            part.first = middle + 1;
        else
            part.end = middle;
    }
    return part.first;
}

/* Merge two sorted parts, one behind the other. What lies before the second one's least state, and behind the first one's greatest, stays where it is. */
static void merge(const struct sc_model *model, const u64 *from, u64 *to, struct part left, struct part right)
{
    u64 words = model->words, bytes = words * sizeof(u64), first = left.first, end = right.end;
    if (right.first < right.end && left.first < left.end) {
        left.first = before(model, from, left, from + right.first * words);
        if (left.first < left.end)
            right.end = before(model, from, right, from + (left.end - 1) * words);
        else
            right.end = right.first;
    } else {
        left.first = left.end, right.end = right.first;
    }
    memcpy(to + first * words, from + first * words, (left.first - first) * bytes);
    memcpy(to + right.end * words, from + right.end * words, (end - right.end) * bytes);
    for (u64 at = left.first; left.first < left.end || right.first < right.end; at++) {
        int take_left = right.first == right.end ||
                        (left.first < left.end && model->compare(from + left.first * words, from + right.first * words) <= 0);
        memcpy(to + at * words, from + (take_left ? left.first++ : right.first++) * words, bytes);
    }
}

int sc_sort_states(const struct sc_model *model, u64 *states, u64 count)
{
    u64 words = model->words, bytes = (count * words + words) * sizeof(u64), *other = sc_map(bytes, 0), *from = states, *to = other;
    if (!other)
        return 0;
    for (u64 first = 0; first < count; first += BLOCK)
        insert_each(model, states + first * words, count - first < BLOCK ? count - first : BLOCK, other);
    for (u64 width = BLOCK; width < count; width *= 2) {
        for (u64 first = 0; first < count; first += 2 * width) {
            u64 middle = first + width < count ? first + width : count, end = middle + width < count ? middle + width : count;
            merge(model, from, to, (struct part){first, middle}, (struct part){middle, end});
        }
        u64 *sorted = to;
        to = from, from = sorted;
    }
    if (from != states)
        memcpy(states, from, count * words * sizeof(u64));
    sc_unmap(other, bytes);
    return 1;
}
