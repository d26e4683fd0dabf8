/* Reading what was found, against the direction of the search. Traces need no parent pointers: the least predecessor is found by taking the steps of a level
 * again. */
#include <string.h>

#include "memory.h"
#include "ordering.h"
#include "parts.h"

#define PART 256

static int leads_to_sought(struct worker *worker, u64 *scratch)
{
    const struct sc_search *search = worker->search;
    const u64 *target = worker->aside.targets;
    for (u32 i = 0; i < worker->aside.count; i++, target += worker->words + 1) {
        memcpy(scratch, target, worker->words * sizeof(u64));
        if (search->model->flags & SC_HAS_CANONICAL)
            search->model->canonical(scratch);
        if (!memcmp(scratch, search->sought, worker->words * sizeof(u64)))
            return 1;
    }
    return 0;
}

/* Comparing is cheaper than taking steps: only states that would be less than the best are tried. */
static void try_state(struct worker *worker)
{
    const struct sc_model *model = worker->search->model;
    if (worker->has_best && model->compare(worker->source, worker->best) >= 0)
        return;
    worker->aside.count = 0;
    model->expand(worker->source, &worker->aside);
    if (!leads_to_sought(worker, worker->scratch))
        return;
    memcpy(worker->best, worker->source, worker->words * sizeof(u64));
    worker->has_best = 1;
}

static void seek(struct worker *worker)
{
    struct sc_search *search = worker->search;
    struct run part;
    worker->has_best = 0;
    while (sc_cursor_take(search, &search->remaining, &part))
        for (u64 entry = part.first; entry < part.first + part.count && !__atomic_load_n(&search->ended, __ATOMIC_RELAXED); entry++) {
            sc_set_read(&search->kept, entry, worker->source);
            try_state(worker);
        }
    worker->lost = 0;
    sc_leave(worker);
}

static u64 end_of(const struct sc_search *search, u64 level)
{
    return level > search->level ? search->kept.runs.count : search->begins[level];
}

int sc_before(struct sc_search *search, u64 level, const u64 *target, u64 *out)
{
    const struct sc_model *model = search->model;
    u64 size = sc_level_size(search, level), bytes = model->words * sizeof(u64);
    if (!size)
        return 0;
    memcpy(search->sought, target, bytes);
    search->remaining = (struct cursor){&search->kept.runs, search->begins[level - 1], 0, end_of(search, level), PART};
    u32 ended = __atomic_exchange_n(&search->ended, SC_MORE, __ATOMIC_RELAXED); /* how the search ended does not matter here, what happens now does */
    for (u32 i = 0; i < search->options.workers; i++)
        search->workers[i]->has_best = 0;
    sc_crew_do(search, seek, size);
    const u64 *best = NULL;
    for (u32 i = 0; i < search->options.workers; i++)
        if (search->workers[i]->has_best && (!best || model->compare(search->workers[i]->best, best) < 0))
            best = search->workers[i]->best;
    if (__atomic_exchange_n(&search->ended, ended, __ATOMIC_RELAXED))
        return -1;
    if (best)
        memcpy(out, best, bytes);
    return best != NULL;
}

int sc_level_states(struct sc_search *search, u64 level, u64 *out)
{
    u64 count = sc_level_size(search, level), words = search->model->words, at = 0;
    if (!count)
        return SC_MORE;
    for (u64 run = search->begins[level - 1]; run < end_of(search, level); run++)
        for (u64 i = 0; i < search->kept.runs.all[run].count; i++)
            sc_set_read(&search->kept, search->kept.runs.all[run].first + i, out + at++ * words);
    return sc_sort_states(search->model, out, count) ? SC_MORE : SC_OUT_OF_MEMORY;
}
