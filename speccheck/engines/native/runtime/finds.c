#include <string.h>

#include "memory.h"
#include "parts.h"

int sc_finds_open(struct finds *finds, const struct sc_model *model)
{
    finds->levels = sc_new(model->finds, sizeof(u64));
    finds->states = sc_new((u64)model->finds * model->words + 1, sizeof(u64));
    return finds->levels && finds->states;
}

void sc_finds_close(struct finds *finds)
{
    sc_free(finds->levels);
    sc_free(finds->states);
}

static void keep_less(struct finds *finds, const struct sc_model *model, u32 find, const u64 *state, u64 level)
{
    u64 *known = finds->states + (u64)find * model->words;
    u64 before = finds->levels[find];
    if (before && (before < level || (before == level && model->compare(known, state) <= 0)))
        return;
    finds->levels[find] = level;
    memcpy(known, state, model->words * sizeof(u64));
}

void sc_finds_note(struct worker *worker, const u64 *found, const u64 *state, u64 level)
{
    const struct sc_search *search = worker->search;
    for (u32 word = 0; word < search->find_words; word++)
        for (u64 bits = found[word] & search->live[word]; bits; bits &= bits - 1)
            keep_less(&worker->finds, search->model, 64 * word + (u32)__builtin_ctzll(bits), state, level);
}

void sc_finds_merge(struct sc_search *search, const struct finds *finds)
{
    const struct sc_model *model = search->model;
    for (u32 find = 0; find < model->finds; find++)
        if (finds->levels[find])
            keep_less(&search->finds, model, find, finds->states + (u64)find * model->words, finds->levels[find]);
}

void sc_finds_live(struct sc_search *search, u64 level)
{
    sc_forget(search->live, search->find_words);
    for (u32 find = 0; find < search->model->finds; find++)
        if (!search->finds.levels[find] || search->finds.levels[find] >= level)
            search->live[find / 64] |= (u64)1 << find % 64;
}

int sc_found(struct sc_search *search, u32 find, u64 *state, u64 *level)
{
    if (find >= search->model->finds || !search->finds.levels[find])
        return 0;
    memcpy(state, search->finds.states + (u64)find * search->model->words, search->model->words * sizeof(u64));
    *level = search->finds.levels[find];
    return 1;
}
