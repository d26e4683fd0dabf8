/* The steps out of one state, as a row: taken again by the model, their targets looked up, equal targets merged by the union of their signals (semantics 6.5). */
#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "memory.h"

#define FIRST_ROOM 64    /* steps */
#define KNOWN_MASKS 1024 /* a power of two */
#define FEW 24           /* so few keys are sorted by insertion */
#define DEFAULT_CACHE 1024

/* ---------------------------------------------------------------- room */

/* Twice the room, for targets and instances alike. Without memory the steps are given up, so that the model can go on writing. */
static void grow(struct sc_steps *steps)
{
    struct worker *worker = steps->owner;
    u64 room = 2 * (u64)steps->room;
    u64 *targets = room > UINT32_MAX ? NULL : sc_resized(steps->targets, room * (worker->words + 1) + 1, sizeof *targets);
    if (targets)
        steps->targets = targets;
    u32 *instances = targets ? sc_resized(steps->instances, room, sizeof *instances) : NULL;
    if (instances)
        steps->instances = instances, steps->room = (u32)room;
    else {
        sc_end(worker->search, SC_OUT_OF_MEMORY);
        worker->lost = 1;
        steps->count = 0;
    }
}

static int open_steps(struct reader *reader)
{
    const struct sc_model *model = reader->graph->model;
    struct sc_steps *steps = &reader->steps;
    *steps = (struct sc_steps){.room = FIRST_ROOM, .live = reader->graph->search->live, .grow = grow, .ask = sc_ask, .owner = reader->worker};
    steps->targets = sc_new((u64)FIRST_ROOM * (model->words + 1) + 1, sizeof(u64));
    steps->instances = sc_new(FIRST_ROOM, sizeof(u32));
    steps->erred = sc_new((model->instances + 63) / 64, sizeof(u64));
    steps->taken = sc_new(model->actions, sizeof(u64));
    steps->moved = sc_new(model->actions, sizeof(u64));
    steps->found = sc_new((model->finds + 63) / 64, sizeof(u64));
    return steps->targets && steps->instances && steps->erred && steps->taken && steps->moved && steps->found;
}

static int make_room(struct reader *reader, u32 count)
{
    u64 room = reader->room;
    while (room < count)
        room *= 2;
    if (room == reader->room)
        return 1;
    u64 *hashes = sc_resized(reader->hashes, room, sizeof *hashes);
    if (hashes)
        reader->hashes = hashes;
    u64 *keys = sc_resized(reader->keys, room, sizeof *keys);
    if (keys)
        reader->keys = keys;
    u32 *which = sc_resized(reader->which, room, sizeof *which);
    if (which)
        reader->which = which;
    if (!hashes || !keys || !which)
        return 0;
    reader->room = (u32)room;
    return 1;
}

int sc_reader_open(struct reader *reader, struct sc_graph *graph, u32 number)
{
    u32 predicates = graph->model->letter ? graph->model->atoms : 0;
    *reader = (struct reader){.graph = graph, .worker = graph->search->workers[number], .room = FIRST_ROOM};
    reader->source = sc_new(graph->words + 1, sizeof(u64));
    reader->hashes = sc_new(FIRST_ROOM, sizeof(u64));
    reader->keys = sc_new(FIRST_ROOM, sizeof(u64));
    reader->which = sc_new(FIRST_ROOM, sizeof(u32));
    reader->enabled = sc_new(graph->signal_words, sizeof(u64));
    reader->joined = sc_new(graph->signal_words, sizeof(u64));
    reader->holds = sc_new(graph->predicate_words, sizeof(u64));
    reader->raised = sc_new(graph->predicate_words, sizeof(u64));
    reader->raised_at = sc_new(predicates, sizeof(u64));
    reader->known = sc_new((u64)KNOWN_MASKS * graph->signal_words, sizeof(u64));
    reader->known_numbers = sc_new(KNOWN_MASKS, sizeof(u32));
    for (u32 i = 0; reader->raised_at && i < predicates; i++)
        reader->raised_at[i] = ~(u64)0;
    return open_steps(reader) && reader->source && reader->hashes && reader->keys && reader->which && reader->enabled && reader->joined && reader->holds &&
           reader->raised && reader->raised_at && reader->known && reader->known_numbers;
}

void sc_reader_close(struct reader *reader)
{
    struct sc_steps *steps = &reader->steps;
    void *own[] = {steps->targets, steps->instances, steps->erred, steps->taken, steps->moved, steps->found, reader->source, reader->hashes, reader->keys,
                   reader->which, reader->enabled, reader->joined, reader->holds, reader->raised, reader->raised_at, reader->known, reader->known_numbers,
                   reader->row.targets, reader->row.masks};
    for (u32 i = 0; i < sizeof own / sizeof *own; i++)
        sc_free(own[i]);
    if (reader->graph) {
        sc_list_close(reader->graph, &reader->targets);
        sc_list_close(reader->graph, &reader->masks);
    }
}

/* ---------------------------------------------------------------- sets of signals */

/* Most sets were met before by the same reader: then nobody is waited for. */
u32 sc_reader_mask(struct reader *reader, const u64 *mask)
{
    struct sc_graph *graph = reader->graph;
    u32 words = graph->signal_words, at = (u32)(sc_words_hash(mask, words) >> 32) & (KNOWN_MASKS - 1);
    u64 *known = reader->known + (u64)at * words;
    if (reader->known_numbers[at] && !memcmp(known, mask, words * sizeof(u64)))
        return reader->known_numbers[at] - 1;
    pthread_mutex_lock(&graph->lock);
    u64 before = sc_masks_bytes(&graph->masks);
    u32 number = sc_masks_number(&graph->masks, mask);
    u64 more = sc_masks_bytes(&graph->masks) - before;
    enum sc_code trouble = number == SC_NO_MASK ? SC_OUT_OF_MEMORY : more && !sc_graph_take(graph, more) ? SC_MEMORY_LIMIT : SC_MORE;
    pthread_mutex_unlock(&graph->lock);
    if (trouble) {
        sc_graph_fail(graph, trouble);
        return SC_NO_MASK;
    }
    if (number >= NARROW_MASKS)
        __atomic_store_n(&graph->overflown, 1, __ATOMIC_RELAXED);
    memcpy(known, mask, words * sizeof(u64));
    reader->known_numbers[at] = number + 1;
    return number;
}

static inline void join(u64 *into, const u64 *mask, u32 words)
{
    for (u32 i = 0; i < words; i++)
        into[i] |= mask[i];
}

static const u64 *signals_of(const struct sc_graph *graph, u32 instance)
{
    return graph->signals_of + (u64)instance * graph->signal_words;
}

/* ---------------------------------------------------------------- one state */

/* Note what is enabled, and which steps change the state. */
static u32 find_changes(struct reader *reader)
{
    const struct sc_graph *graph = reader->graph;
    const struct sc_steps *steps = &reader->steps;
    const u64 *target = steps->targets;
    u32 changes = 0, words = graph->words;
    sc_forget(reader->enabled, graph->signal_words);
    for (u32 i = 0; i < steps->count; i++, target += words + 1) {
        if (sc_same_state(graph, target, reader->source))
            continue;
        join(reader->enabled, signals_of(graph, steps->instances[i]), graph->signal_words);
        u64 hash = sc_state_hash(graph, target);
        __builtin_prefetch(graph->slots + sc_scaled(hash, graph->slot_count));
        reader->hashes[changes] = hash;
        reader->which[changes++] = i;
    }
    for (u32 word = 0; word < (graph->model->instances + 63) / 64; word++)
        for (u64 bits = steps->erred[word]; bits; bits &= bits - 1)
            join(reader->enabled, signals_of(graph, 64 * word + (u32)__builtin_ctzll(bits)), graph->signal_words);
    return changes;
}

static int by_key(const void *a, const void *b)
{
    u64 x = *(const u64 *)a, y = *(const u64 *)b;
    return (x > y) - (x < y);
}

static void sort_keys(u64 *keys, u32 count)
{
    if (count > FEW) {
        qsort(keys, count, sizeof *keys, by_key);
        return;
    }
    for (u32 i = 1; i < count; i++) {
        u64 key = keys[i];
        u32 at = i;
        for (; at && keys[at - 1] > key; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

/* The set of signals of the steps first ... end - 1 of the sorted keys, which lead to one target. */
static u32 joined_mask(struct reader *reader, u32 first, u32 end)
{
    const struct sc_graph *graph = reader->graph;
    const u32 *instances = reader->steps.instances;
    u32 one = instances[(u32)reader->keys[first]], same = 1;
    for (u32 i = first + 1; i < end; i++)
        same &= instances[(u32)reader->keys[i]] == one;
    if (same)
        return graph->instance_masks[one];
    sc_forget(reader->joined, graph->signal_words);
    for (u32 i = first; i < end; i++)
        join(reader->joined, signals_of(graph, instances[(u32)reader->keys[i]]), graph->signal_words);
    return sc_reader_mask(reader, reader->joined);
}

static int row_room(struct made *row, u32 count)
{
    if (row->room >= count)
        return 1;
    u32 *targets = sc_resized(row->targets, 2 * (u64)count, sizeof *targets);
    if (targets)
        row->targets = targets;
    u32 *masks = sc_resized(row->masks, 2 * (u64)count, sizeof *masks);
    if (masks)
        row->masks = masks;
    if (!targets || !masks)
        return 0;
    row->room = 2 * count;
    return 1;
}

static int make_row(struct reader *reader, u32 keys)
{
    struct made *row = &reader->row;
    row->count = 0;
    if (!row_room(row, keys))
        return 0;
    sort_keys(reader->keys, keys);
    for (u32 first = 0, end; first < keys; first = end) {
        u32 target = (u32)(reader->keys[first] >> 32);
        for (end = first + 1; end < keys && reader->keys[end] >> 32 == target; end++) {
        }
        u32 mask = joined_mask(reader, first, end);
        if (mask == SC_NO_MASK)
            return 0;
        row->targets[row->count] = target;
        row->masks[row->count++] = mask;
    }
    return 1;
}

int sc_reader_take(struct reader *reader, u64 number)
{
    struct sc_graph *graph = reader->graph;
    struct sc_steps *steps = &reader->steps;
    memcpy(reader->source, graph->states + number * graph->words, graph->words * sizeof(u64));
    steps->count = 0;
    sc_forget(steps->erred, (graph->model->instances + 63) / 64);
    graph->model->expand(reader->source, steps);
    enum sc_code ended = __atomic_load_n(&graph->search->ended, __ATOMIC_RELAXED);
    if (ended || reader->worker->lost || !make_room(reader, steps->count)) {
        sc_graph_fail(graph, ended ? ended : SC_OUT_OF_MEMORY);
        return 0;
    }
    u32 changes = find_changes(reader), keys = 0;
    for (u32 i = 0; i < changes; i++) {
        u64 found = sc_find_state(graph, steps->targets + (u64)reader->which[i] * (graph->words + 1), reader->hashes[i]);
        if (found)
            reader->keys[keys++] = (found - 1) << 32 | reader->which[i];
    }
    if (make_row(reader, keys))
        return 1;
    sc_graph_fail(graph, SC_OUT_OF_MEMORY);
    return 0;
}

/* ---------------------------------------------------------------- rows that are not stored */

/* A search in depth comes back to a row that it was at a moment ago. */
static int open_cache(struct sc_graph *graph)
{
    u32 rows = graph->options.row_cache ? graph->options.row_cache : DEFAULT_CACHE;
    if (graph->cache)
        return 1;
    graph->cache = sc_new(rows, sizeof *graph->cache);
    graph->cache_rows = rows;
    return graph->cache != NULL;
}

struct row sc_row_made(struct sc_graph *graph, u64 number)
{
    struct row nothing = {.wide = 1};
    if (!open_cache(graph)) {
        sc_graph_fail(graph, SC_OUT_OF_MEMORY);
        return nothing;
    }
    struct made *row = graph->cache + number % graph->cache_rows;
    if (row->state != number + 1) {
        row->state = 0;
        if (!sc_reader_take(graph->readers, number))
            return nothing;
        struct made before = *row; /* the reader's row becomes the remembered one, whose memory it takes for the next */
        *row = graph->readers->row;
        graph->readers->row = before;
        row->state = number + 1;
    }
    return (struct row){row->targets, row->masks, row->count, 1};
}
