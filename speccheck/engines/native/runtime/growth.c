/* Room for more states: blocks of the log, larger tables, and the limits.
 *
 * A table is replaced in a meeting: who needs it calls, all who are active come between two of their states (or while they wait for a block themselves), and fill
 * the new table together. Who has nothing left to do leaves, and is not waited for.
 */
#include "parts.h"

#define REFILLED_AT_ONCE 4096

void sc_end(struct sc_search *search, enum sc_code why)
{
    u32 nothing = SC_MORE;
    __atomic_compare_exchange_n(&search->ended, &nothing, (u32)why, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

enum sc_code sc_over_limit(const struct sc_search *search, u64 kept, u64 dropped)
{
    const struct sc_options *options = &search->options;
    if (options->states && kept > options->states)
        return SC_STATE_LIMIT;
    if (!options->memory)
        return SC_MORE;
    u64 first = (u64)1 << options->first_slots_log2, bytes = sc_set_bytes(&search->kept, first, kept);
    if (search->model->flags & SC_HAS_CONSTRAINT)
        bytes += sc_set_bytes(&search->dropped, first, dropped);
    return bytes > options->memory ? SC_MEMORY_LIMIT : SC_MORE;
}

/* The following hold the lock. */

static void tell_block(struct sc_search *search, struct state_set *set, struct block *block)
{
    struct run run = {block->first, block->next - block->first};
    u64 from = set == &search->kept ? search->begins[search->level] : 0;
    if (!run.count)
        return;
    if (!sc_runs_add(&set->runs, from, run))
        sc_end(search, SC_OUT_OF_MEMORY); /* the states are lost, but so is the level that they are of */
    set->told += run.count;
    block->first = block->next;
}

static void tell(struct worker *worker)
{
    tell_block(worker->search, &worker->search->kept, &worker->kept);
    tell_block(worker->search, &worker->search->dropped, &worker->dropped);
}

static void end_meeting(struct sc_search *search)
{
    search->growing = NULL;
    search->gathered = search->filling = 0;
    search->meeting++;
    __atomic_and_fetch(&search->signal, ~(u32)SC_SIGNAL_MEET, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&search->changed_state);
}

/* All have come: everything written is told, so that the runs have what the new table must have. */
static void begin_meeting(struct sc_search *search)
{
    struct state_set *set = search->growing;
    enum sc_code over = sc_over_limit(search, search->kept.told, search->dropped.told);
    if (over)
        sc_end(search, over);
    if (!__atomic_load_n(&search->ended, __ATOMIC_RELAXED)) {
        u64 more = sc_set_block(set, search->options.workers) * (search->options.workers + 1);
        if (sc_set_replace_table(set, sc_set_slots_for(set, more))) {
            search->refilled = (struct cursor){.runs = &set->runs, .end = set->runs.count, .part = REFILLED_AT_ONCE};
            search->filling = search->gathered;
            pthread_cond_broadcast(&search->changed_state);
            return;
        }
        sc_end(search, SC_OUT_OF_MEMORY);
    }
    end_meeting(search);
}

static void meet(struct worker *worker, struct state_set *set)
{
    struct sc_search *search = worker->search;
    u64 meeting = search->meeting;
    if (!search->gathered++) {
        search->growing = set;
        __atomic_or_fetch(&search->signal, SC_SIGNAL_MEET, __ATOMIC_RELAXED);
    }
    if (search->gathered == search->active)
        begin_meeting(search);
    while (search->meeting == meeting && !search->filling)
        pthread_cond_wait(&search->changed_state, &search->lock);
    if (search->meeting != meeting)
        return;
    pthread_mutex_unlock(&search->lock);
    search->width->refill(worker, search->growing);
    pthread_mutex_lock(&search->lock);
    if (!--search->filling)
        end_meeting(search);
    while (search->meeting == meeting)
        pthread_cond_wait(&search->changed_state, &search->lock);
}

/* Take a block, or say why not; -1 if the table has to grow before. */
static int try_to_reserve(struct sc_search *search, struct state_set *set, struct block *block)
{
    enum sc_code over = sc_over_limit(search, search->kept.told, search->dropped.told);
    if (!over && set->log.tail >= set->log.most)
        over = SC_FULL_INDEX;
    if (over)
        sc_end(search, over);
    if (__atomic_load_n(&search->ended, __ATOMIC_RELAXED))
        return 0;
    u64 want = sc_set_block(set, search->options.workers);
    if (!sc_set_fits(set, want))
        return -1;
    if (sc_log_take(&set->log, block, want))
        return 1;
    sc_end(search, SC_OUT_OF_MEMORY);
    return 0;
}

/* The following do not. */

int sc_reserve(struct worker *worker, struct state_set *set, struct block *block)
{
    struct sc_search *search = worker->search;
    if (__atomic_load_n(&search->ended, __ATOMIC_RELAXED))
        return 0;
    pthread_mutex_lock(&search->lock);
    tell(worker);
    int reserved;
    while ((reserved = try_to_reserve(search, set, block)) < 0)
        meet(worker, set);
    pthread_mutex_unlock(&search->lock);
    return reserved;
}

int sc_attend(struct worker *worker)
{
    struct sc_search *search = worker->search;
    pthread_mutex_lock(&search->lock);
    tell(worker);
    if (search->gathered)
        meet(worker, NULL);
    pthread_mutex_unlock(&search->lock);
    return !(__atomic_load_n(&search->signal, __ATOMIC_RELAXED) & SC_SIGNAL_STOP);
}

void sc_leave(struct worker *worker)
{
    struct sc_search *search = worker->search;
    pthread_mutex_lock(&search->lock);
    tell(worker);
    search->active--;
    if (search->gathered && search->gathered == search->active)
        begin_meeting(search);
    pthread_mutex_unlock(&search->lock);
}

int sc_cursor_take(struct sc_search *search, struct cursor *cursor, struct run *part)
{
    pthread_mutex_lock(&search->lock);
    int some = cursor->run < cursor->end;
    if (some) {
        const struct run *run = &cursor->runs->all[cursor->run];
        u64 left = run->count - cursor->offset;
        *part = (struct run){run->first + cursor->offset, left < cursor->part ? left : cursor->part};
        cursor->offset += part->count;
        if (cursor->offset == run->count)
            cursor->run++, cursor->offset = 0;
    }
    pthread_mutex_unlock(&search->lock);
    return some;
}
