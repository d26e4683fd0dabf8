#define _GNU_SOURCE /* sysconf */
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "parts.h"

#define PART 1024           /* states that a worker takes from a level at once, at most */
#define A_STATE 125         /* nanoseconds that a state takes, until it is known */
#define PARTS_PER_WORKER 16 /* so many parts at least, where a level is large enough: the last one keeps the others waiting */

/* ---------------------------------------------------------------- opening and closing */

static struct sc_options completed(const struct sc_options *given)
{
    struct sc_options options = given ? *given : (struct sc_options){0};
    if (!options.workers) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        options.workers = processors > 0 ? (u32)processors : 1;
    }
    u32 wanted = !options.ring ? 32 : options.ring > 256 ? 256 : options.ring;
    for (options.ring = 1; options.ring < wanted; options.ring *= 2) {
    }
    if (!options.first_slots_log2)
        options.first_slots_log2 = 16;
    if (options.first_slots_log2 < 4)
        options.first_slots_log2 = 4;
    if (options.first_slots_log2 > 40)
        options.first_slots_log2 = 40;
    return options;
}

static int open_sets(struct sc_search *search)
{
    u64 slots = (u64)1 << search->options.first_slots_log2;
    int huge = search->options.huge_pages != 2;
    if (!sc_set_open(&search->kept, search->model, slots, huge))
        return 0;
    return !(search->model->flags & SC_HAS_CONSTRAINT) || sc_set_open(&search->dropped, search->model, slots, huge);
}

static int open_parts(struct sc_search *search)
{
    const struct sc_model *model = search->model;
    search->begins_room = 64;
    search->begins = sc_new(search->begins_room, sizeof(u64));
    search->live = sc_new(search->find_words, sizeof(u64));
    search->sought = sc_new(model->words + 1, sizeof(u64));
    search->taken = sc_new(model->actions, sizeof(u64));
    search->moved = sc_new(model->actions, sizeof(u64));
    search->changed = sc_new(search->change_words, sizeof(u64));
    search->threads = sc_new(search->options.workers, sizeof *search->threads);
    search->workers = sc_new(search->options.workers, sizeof *search->workers);
    if (!(search->begins && search->live && search->sought && search->taken && search->moved && search->changed && search->threads && search->workers))
        return 0;
    for (u32 i = 0; i < search->options.workers; i++)
        if (!(search->workers[i] = sc_worker_open(search, i)))
            return 0;
    return sc_finds_open(&search->finds, model) && open_sets(search);
}

struct sc_search *sc_open(const struct sc_model *model, const struct sc_options *options)
{
    struct sc_search *search = model->abi == SC_ABI && model->words ? sc_new(1, sizeof *search) : NULL;
    if (!search)
        return NULL;
    search->model = model;
    search->width = sc_width_of(model);
    search->options = completed(options);
    search->nanoseconds = A_STATE;
    search->change_words = (model->variables + 63) / 64;
    search->find_words = (model->finds + 63) / 64;
    pthread_mutex_init(&search->lock, NULL);
    pthread_mutex_init(&search->asking, NULL);
    pthread_cond_init(&search->changed_state, NULL);
    if (open_parts(search))
        return search;
    sc_close(search);
    return NULL;
}

void sc_close(struct sc_search *search)
{
    if (!search)
        return;
    sc_crew_close(search);
    for (u32 i = 0; search->workers && i < search->options.workers; i++)
        sc_worker_close(search->workers[i]);
    sc_set_close(&search->kept);
    sc_set_close(&search->dropped);
    sc_finds_close(&search->finds);
    u64 *own[] = {search->begins, search->live, search->sought, search->taken, search->moved, search->changed};
    for (u32 i = 0; i < sizeof own / sizeof *own; i++)
        sc_free(own[i]);
    sc_free(search->threads);
    sc_free(search->workers);
    pthread_mutex_destroy(&search->lock);
    pthread_mutex_destroy(&search->asking);
    pthread_cond_destroy(&search->changed_state);
    sc_free(search);
}

/* ---------------------------------------------------------------- what workers did */

/* Counts of others may be read at any time: they are added before they are taken away, and never seen half. */
static void collect(struct sc_search *search)
{
    pthread_mutex_lock(&search->lock);
    for (u32 i = 0; i < search->options.workers; i++) {
        struct worker *worker = search->workers[i];
        search->generated += worker->generated, sc_count(&worker->generated, -worker->generated);
        search->expanded += worker->expanded, sc_count(&worker->expanded, -worker->expanded);
        search->distinct += worker->fresh, sc_count(&worker->fresh, -worker->fresh);
        search->cast_out += worker->cast_out, sc_count(&worker->cast_out, -worker->cast_out);
        for (u32 action = 0; action < search->model->actions; action++) {
            search->taken[action] += worker->steps.taken[action];
            search->moved[action] |= worker->steps.moved[action] != 0;
            worker->steps.taken[action] = 0; /* told; the model only adds */
        }
        for (u32 word = 0; word < search->change_words; word++)
            search->changed[word] |= worker->changed[word];
        sc_finds_merge(search, &worker->finds);
    }
    pthread_mutex_unlock(&search->lock);
}

/* The next level does not fit: this one is complete, and of that one nothing is known. */
static void forget_next_level(struct sc_search *search, u64 distinct, u64 cast_out)
{
    pthread_mutex_lock(&search->lock);
    search->distinct = distinct;
    search->cast_out = cast_out;
    search->kept.runs.count = search->begins[search->level];
    pthread_mutex_unlock(&search->lock);
}

static int stopped(const struct sc_search *search)
{
    return (__atomic_load_n(&search->signal, __ATOMIC_RELAXED) & SC_SIGNAL_STOP) != 0;
}

/* What the workers did, judged, when they have finished; counts before that are given. */
static enum sc_code conclude(struct sc_search *search, u64 distinct, u64 cast_out)
{
    collect(search);
    enum sc_code code = __atomic_load_n(&search->ended, __ATOMIC_RELAXED);
    if (code == SC_MORE && !stopped(search))
        code = sc_over_limit(search, search->distinct, search->cast_out);
    if (code != SC_MORE && code != SC_STOPPED)
        forget_next_level(search, distinct, cast_out);
    return stopped(search) && code != SC_UNANSWERED ? SC_STOPPED : code;
}

/* ---------------------------------------------------------------- levels */

int sc_seed(struct sc_search *search, const u64 *states, u64 count)
{
    u64 *state = search->workers[0]->source;
    if (search->code || search->level)
        return search->code;
    sc_finds_live(search, 1);
    search->active = 1;
    for (u64 i = 0; i < count && !stopped(search); i++) {
        memcpy(state, states + i * search->model->words, search->model->words * sizeof(u64));
        search->width->seed(search->workers[0], state);
        sc_count(&search->workers[0]->generated, 1);
    }
    sc_leave(search->workers[0]);
    search->code = conclude(search, 0, 0);
    return search->code;
}

/* Make the states that are not in a level one. 0 without memory. */
static int begin_level(struct sc_search *search)
{
    if (search->level + 2 > search->begins_room) {
        u64 *begins = sc_resized(search->begins, 2 * search->begins_room, sizeof *begins);
        if (!begins)
            return 0;
        search->begins = begins, search->begins_room *= 2;
    }
    search->begins[search->level + 1] = search->kept.runs.count;
    __atomic_store_n(&search->level, search->level + 1, __ATOMIC_RELAXED);
    return 1;
}

/* A walk along a level, in parts that are small enough to be shared evenly. */
static struct cursor walk(const struct sc_search *search, u64 level, u64 size)
{
    u64 part = size / (PARTS_PER_WORKER * search->options.workers) + 1;
    return (struct cursor){&search->kept.runs, search->begins[level - 1], 0, search->begins[level], part < PART ? part : PART};
}

static int level_ends(struct sc_search *search, int last)
{
    u64 size = sc_level_size(search, search->level + 1), distinct = search->distinct, cast_out = search->cast_out;
    if (!size)
        return SC_DONE;
    if (stopped(search))
        return SC_STOPPED;
    if (!begin_level(search))
        return SC_OUT_OF_MEMORY;
    search->last = last;
    sc_finds_live(search, search->level);
    search->remaining = walk(search, search->level, size);
    sc_crew_do(search, search->width->explore, size);
    enum sc_code code = conclude(search, distinct, cast_out);
    if (code == SC_MORE && (last || !sc_level_size(search, search->level + 1)))
        code = SC_DONE;
    return code;
}

int sc_level(struct sc_search *search, int last)
{
    if (search->code == SC_MORE)
        search->code = level_ends(search, last);
    return search->code;
}

void sc_stop(struct sc_search *search)
{
    __atomic_or_fetch(&search->signal, SC_SIGNAL_STOP, __ATOMIC_RELAXED);
}

/* ---------------------------------------------------------------- numbers */

void sc_progress(struct sc_search *search, struct sc_progress *progress)
{
    pthread_mutex_lock(&search->lock);
    u64 generated = search->generated, expanded = search->expanded, distinct = search->distinct, cast_out = search->cast_out;
    for (u32 i = 0; i < search->options.workers; i++) {
        const struct worker *worker = search->workers[i];
        generated += __atomic_load_n(&worker->generated, __ATOMIC_RELAXED);
        expanded += __atomic_load_n(&worker->expanded, __ATOMIC_RELAXED);
        distinct += __atomic_load_n(&worker->fresh, __ATOMIC_RELAXED);
        cast_out += __atomic_load_n(&worker->cast_out, __ATOMIC_RELAXED);
    }
    const struct state_set *kept = &search->kept, *dropped = &search->dropped;
    *progress = (struct sc_progress){
        .level = __atomic_load_n(&search->level, __ATOMIC_RELAXED),
        .generated = generated,
        .distinct = distinct,
        .expanded = expanded,
        .queue = distinct > expanded ? distinct - expanded : 0,
        .dropped = cast_out,
        .log_bytes = kept->log.tail * kept->log.stride + dropped->log.tail * dropped->log.stride,
        .table_bytes = kept->slot_count * kept->slot_size + dropped->slot_count * dropped->slot_size,
    };
    pthread_mutex_unlock(&search->lock);
}

void sc_counts(struct sc_search *search, u64 *taken, u64 *moved, u64 *changed)
{
    pthread_mutex_lock(&search->lock);
    for (u32 action = 0; action < search->model->actions; action++) {
        if (taken)
            taken[action] = search->taken[action];
        if (moved)
            moved[action] = search->moved[action];
    }
    for (u32 word = 0; changed && word < search->change_words; word++)
        changed[word] = search->changed[word];
    pthread_mutex_unlock(&search->lock);
}

u64 sc_level_size(struct sc_search *search, u64 level)
{
    u64 size = 0;
    if (!level || level > search->level + 1)
        return 0;
    u64 end = level > search->level ? search->kept.runs.count : search->begins[level];
    for (u64 run = search->begins[level - 1]; run < end; run++)
        size += search->kept.runs.all[run].count;
    return size;
}
