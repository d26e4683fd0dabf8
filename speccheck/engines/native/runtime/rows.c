/* The steps out of a state, as a row: taken again by the model, their targets looked up, equal targets merged by the union of their signals (semantics 6.5). */
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

static int make_room(struct reader *reader, u64 count)
{
    u64 room = reader->room;
    while (room < count)
        room *= 2;
    if (room == reader->room)
        return 1;
    u64 *targets = room > UINT32_MAX ? NULL : sc_resized(reader->changed, room * reader->graph->words, sizeof *targets);
    if (targets)
        reader->changed = targets;
    u64 *keys = targets ? sc_resized(reader->keys, room, sizeof *keys) : NULL;
    if (keys)
        reader->keys = keys;
    u32 *sets = keys ? sc_resized(reader->sets, room, sizeof *sets) : NULL;
    if (!sets)
        return 0;
    reader->sets = sets, reader->room = (u32)room;
    return 1;
}

int sc_reader_open(struct reader *reader, struct sc_graph *graph, u32 number)
{
    u32 predicates = graph->model->letter ? graph->model->atoms : 0;
    *reader = (struct reader){.graph = graph, .worker = graph->search->workers[number], .room = FIRST_ROOM};
    reader->source = sc_new(graph->words + 1, sizeof(u64));
    reader->changed = sc_new((u64)FIRST_ROOM * graph->words, sizeof(u64));
    reader->keys = sc_new(FIRST_ROOM, sizeof(u64));
    reader->sets = sc_new(FIRST_ROOM, sizeof(u32));
    reader->enabled = sc_new((u64)SC_TAKEN_AT_ONCE * graph->signal_words, sizeof(u64));
    reader->joined = sc_new(graph->signal_words, sizeof(u64));
    reader->holds = sc_new(graph->predicate_words, sizeof(u64));
    reader->raised = sc_new(graph->predicate_words, sizeof(u64));
    reader->needs = sc_new(graph->predicate_words, sizeof(u64));
    u64 **least[] = {&reader->raised_at, &reader->needs_at, &reader->step_raised_at};
    for (u32 i = 0; i < sizeof least / sizeof *least; i++) {
        if (!(*least[i] = sc_new(predicates, sizeof(u64))))
            return 0;
        for (u32 predicate = 0; predicate < predicates; predicate++)
            (*least[i])[predicate] = ~(u64)0;
    }
    reader->known = sc_new((u64)KNOWN_MASKS * graph->signal_words, sizeof(u64));
    reader->known_numbers = sc_new(KNOWN_MASKS, sizeof(u32));
    return open_steps(reader) && reader->source && reader->changed && reader->keys && reader->sets && reader->enabled && reader->joined && reader->holds &&
           reader->raised && reader->needs && reader->known && reader->known_numbers;
}

void sc_reader_close(struct reader *reader)
{
    struct sc_steps *steps = &reader->steps;
    void *own[] = {steps->targets, steps->instances, steps->erred, steps->taken, steps->moved, steps->found, reader->source, reader->changed, reader->keys,
                   reader->sets, reader->enabled, reader->joined, reader->holds, reader->raised, reader->needs, reader->raised_at, reader->needs_at,
                   reader->step_raised_at, reader->known, reader->known_numbers, reader->targets.all, reader->masks.all};
    for (u32 i = 0; i < sizeof own / sizeof *own; i++)
        sc_free(own[i]);
}

/* ---------------------------------------------------------------- sets of signals */

/* Most sets were met before by the same reader: then nobody is waited for. */
u32 sc_reader_mask(struct reader *reader, const u64 *mask)
{
    struct sc_graph *graph = reader->graph;
    u32 words = graph->signal_words;
    u64 hash = words == 1 ? mask[0] * 0x9E3779B97F4A7C15u : sc_words_hash(mask, words), at = hash >> 32 & (KNOWN_MASKS - 1);
    u64 *known = reader->known + at * words, differs = 0;
    for (u32 i = 0; i < words; i++)
        differs |= known[i] ^ mask[i];
    if (reader->known_numbers[at] && !differs)
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

/* ---------------------------------------------------------------- steps */

/* Whether a state is less than another, as bits. */
static inline u32 is_less(const u64 *a, const u64 *b, u32 words)
{
    u32 less = 0;
    for (u32 i = 0; i < words; i++)
        less = a[i] < b[i] || (less && a[i] == b[i]);
    return less;
}

/* Note the steps that change the state, and what is enabled. `words` and `signal_words` are those of the graph: constants where that is worth it. */
static inline __attribute__((always_inline)) void find_changes(struct reader *reader, u64 *enabled, u32 words, u32 signal_words)
{
    const struct sc_graph *graph = reader->graph;
    const struct sc_steps *steps = &reader->steps;
    const u64 *target = steps->targets;
    u64 *changed = reader->changed + (u64)reader->taken * words;
    u32 *sets = reader->sets + reader->taken, count = 0, returns = 0;
    for (u32 i = 0; i < steps->count; i++, target += words + 1) {
        if (sc_same_state(reader->source, target, words))
            continue;
        u32 instance = steps->instances[i];
        returns |= is_less(target, reader->source, words);
        join(enabled, graph->signals_of + (u64)instance * signal_words, signal_words);
        for (u32 word = 0; word < words; word++)
            changed[word] = target[word];
        changed += words, sets[count++] = graph->instance_masks[instance];
        __builtin_prefetch(graph->slots + sc_scaled(sc_state_hash(target, words), graph->slot_count));
    }
    reader->taken += count;
    reader->returns |= returns;
}

static void note_erred(const struct reader *reader, u64 *enabled)
{
    const struct sc_graph *graph = reader->graph;
    for (u32 word = 0; word < (graph->model->instances + 63) / 64; word++)
        for (u64 bits = reader->steps.erred[word]; bits; bits &= bits - 1)
            join(enabled, graph->signals_of + (64 * word + (u64)__builtin_ctzll(bits)) * graph->signal_words, graph->signal_words);
}

static int take_steps(struct reader *reader, u64 number, u64 *enabled)
{
    struct sc_graph *graph = reader->graph;
    struct sc_steps *steps = &reader->steps;
    memcpy(reader->source, graph->states + number * graph->words, graph->words * sizeof(u64));
    steps->count = 0;
    sc_forget(steps->erred, (graph->model->instances + 63) / 64);
    sc_forget(enabled, graph->signal_words);
    graph->model->expand(reader->source, steps);
    enum sc_code ended = __atomic_load_n(&graph->search->ended, __ATOMIC_RELAXED);
    if (ended || reader->worker->lost || !make_room(reader, (u64)reader->taken + steps->count)) {
        reader->worker->lost = 0;
        sc_graph_fail(graph, ended ? ended : SC_OUT_OF_MEMORY);
        return 0;
    }
    if (graph->words == 1 && graph->signal_words == 1)
        find_changes(reader, enabled, 1, 1);
    else if (graph->words == 2 && graph->signal_words == 1)
        find_changes(reader, enabled, 2, 1);
    else
        find_changes(reader, enabled, graph->words, graph->signal_words);
    note_erred(reader, enabled);
    return 1;
}

int sc_reader_take(struct reader *reader, u64 first, u32 count)
{
    reader->taken = 0;
    for (u32 i = 0; i < count; i++) {
        reader->begins[i] = reader->taken;
        if (!take_steps(reader, first + i, reader->enabled + (u64)i * reader->graph->signal_words))
            return 0;
    }
    reader->begins[count] = reader->taken;
    return 1;
}

/* ---------------------------------------------------------------- rows */

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

void sc_reader_step_letter(struct reader *reader, u64 source, u64 target)
{
    const struct sc_graph *graph = reader->graph;
    sc_forget(reader->holds, graph->predicate_words);
    sc_forget(reader->raised, graph->predicate_words);
    graph->model->step_letter(graph->states + source * graph->words, graph->states + target * graph->words, reader->holds, reader->raised, &reader->steps);
    for (u32 word = 0; word < graph->predicate_words; word++)
        reader->holds[word] &= ~reader->raised[word];
}

/* Add the signals of the predicates that hold at a step to the joined set. */
static void join_step_letter(struct reader *reader, u64 source, u64 target)
{
    const struct sc_graph *graph = reader->graph;
    sc_reader_step_letter(reader, source, target);
    for (u32 word = 0; word < graph->predicate_words; word++) {
        for (u64 bits = reader->holds[word]; bits; bits &= bits - 1) {
            u32 signal = graph->step_signals[64 * word + (u32)__builtin_ctzll(bits)];
            reader->joined[signal / 64] |= (u64)1 << signal % 64;
        }
        sc_note_least(reader->step_raised_at + 64 * word, reader->raised[word], source);
    }
}

/* The set of signals of the steps first ... end - 1 of the sorted keys, which lead to one target. */
static u32 joined_mask(struct reader *reader, u64 source, u32 first, u32 end)
{
    const struct sc_graph *graph = reader->graph;
    const u64 *keys = reader->keys;
    u32 words = graph->signal_words, same = 1;
    for (u32 i = first + 1; i < end; i++)
        same &= keys[i] == keys[first];
    if (same && !graph->model->step_letter)
        return (u32)keys[first];
    sc_forget(reader->joined, words);
    for (u32 i = first; i < end; i++)
        join(reader->joined, graph->instance_sets + (u64)(u32)keys[i] * words, words);
    if (graph->model->step_letter)
        join_step_letter(reader, source, keys[first] >> 32);
    return sc_reader_mask(reader, reader->joined);
}

static int room_in(struct list *list, u64 more)
{
    u64 room = 2 * (list->count + more);
    if (list->count + more <= list->room)
        return 1;
    u32 *all = sc_resized(list->all, room, sizeof *all);
    if (!all)
        return 0;
    list->all = all, list->room = room;
    return 1;
}

static int write_row(struct reader *reader, u64 source, u32 keys)
{
    u32 ready = !reader->graph->model->step_letter; /* the set of a single step to a target is known */
    struct list *row = &reader->targets, *masks = &reader->masks;
    const u64 *key = reader->keys;
    reader->row = row->count;
    if (!room_in(row, keys) || !room_in(masks, keys))
        return 0;
    u32 *targets = row->all + row->count, *sets = masks->all + masks->count, count = 0;
    for (u32 first = 0, end; first < keys; first = end) {
        u32 target = (u32)(key[first] >> 32), mask = (u32)key[first];
        for (end = first + 1; end < keys && key[end] >> 32 == target; end++) {
        }
        if (end > first + ready && (mask = joined_mask(reader, source, first, end)) == SC_NO_MASK)
            return 0;
        targets[count] = target, sets[count++] = mask;
    }
    row->count += count, masks->count += count;
    return 1;
}

/* Look the targets of a state up; those that are not there were dropped, or not reached before the search was cut. Returns how many keys there are. */
static inline __attribute__((always_inline)) u32 find_targets(struct reader *reader, u32 first, u32 end, u32 words)
{
    const struct sc_graph *graph = reader->graph;
    const u64 *target = reader->changed + (u64)first * words;
    u64 *key = reader->keys;
    for (u32 i = first; i < end; i++, target += words) {
        u64 found = sc_find_state(graph, target, sc_state_hash(target, words), words);
        if (found)
            *key++ = (found - 1) << 32 | reader->sets[i];
    }
    return (u32)(key - reader->keys);
}

int sc_reader_row(struct reader *reader, u64 number, u32 which)
{
    struct sc_graph *graph = reader->graph;
    u32 first = reader->begins[which], end = reader->begins[which + 1];
    u32 keys = graph->words == 1   ? find_targets(reader, first, end, 1)
               : graph->words == 2 ? find_targets(reader, first, end, 2)
                                   : find_targets(reader, first, end, graph->words);
    sort_keys(reader->keys, keys);
    int written = write_row(reader, number, keys);
    enum sc_code ended = __atomic_load_n(&graph->search->ended, __ATOMIC_RELAXED); /* a predicate was asked for in vain */
    if (written && !ended)
        return 1;
    sc_graph_fail(graph, ended ? ended : SC_OUT_OF_MEMORY);
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
        struct reader *reader = graph->readers;
        reader->targets.count = reader->masks.count = 0;
        if (!sc_reader_take(reader, number, 1) || !sc_reader_row(reader, number, 0))
            return nothing;
        struct made before = *row; /* what the reader wrote becomes the remembered row, whose memory the reader takes for the next */
        *row = (struct made){reader->targets, reader->masks, number + 1};
        reader->targets = before.targets, reader->masks = before.masks;
    }
    return (struct row){row->targets.all, row->masks.all, (u32)row->targets.count, 1};
}
