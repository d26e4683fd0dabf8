/* Numbers of states: level by level, within a level in domain order, whatever the order of discovery was. And the table that tells the number of a state. */
#include <string.h>

#include "graph.h"
#include "memory.h"
#include "ordering.h"

#define DIGIT 11    /* bits that are sorted by at once */
#define FEW 200     /* so few states are sorted by insertion */
#define ENTERED 4096 /* states that a worker enters into the table at once */
#define AHEAD 16

/* ---------------------------------------------------------------- domain order */

static void insert_each(u64 *states, u64 count)
{
    for (u64 i = 1; i < count; i++) {
        u64 state = states[i], at = i;
        for (; at && states[at - 1] > state; at--)
            states[at] = states[at - 1];
        states[at] = state;
    }
}

/* Sort states of one word as numbers; 0 without memory. */
static int sort_as_numbers(u64 *states, u64 count, u32 bits)
{
    if (count < FEW) {
        insert_each(states, count);
        return 1;
    }
    u64 *other = sc_map(count * sizeof *other, 1), *from = states, *to = other;
    if (!other)
        return 0;
    for (u32 shift = 0; shift < bits; shift += DIGIT) {
        u64 places[1 << DIGIT] = {0}, sum = 0;
        for (u64 i = 0; i < count; i++)
            places[from[i] >> shift & ((1 << DIGIT) - 1)]++;
        for (u32 digit = 0; digit < 1 << DIGIT; digit++) {
            u64 here = places[digit];
            places[digit] = sum, sum += here;
        }
        for (u64 i = 0; i < count; i++)
            to[places[from[i] >> shift & ((1 << DIGIT) - 1)]++] = from[i];
        u64 *sorted = to;
        to = from, from = sorted;
    }
    if (from != states)
        memcpy(states, from, count * sizeof *states);
    sc_unmap(other, count * sizeof *other);
    return 1;
}

static int in_order(const struct sc_model *model, const u64 *states, u64 count)
{
    for (u64 i = 1; i < count; i++)
        if (model->compare(states + (i - 1) * model->words, states + i * model->words) >= 0)
            return 0;
    return 1;
}

static void read_level(const struct sc_graph *graph, u64 level, u64 *out)
{
    const struct sc_search *search = graph->search;
    u64 end = level > search->level ? search->kept.runs.count : search->begins[level];
    for (u64 run = search->begins[level - 1]; run < end; run++)
        for (u64 i = 0; i < search->kept.runs.all[run].count; i++, out += graph->words)
            sc_set_read(&search->kept, search->kept.runs.all[run].first + i, out);
}

/* Most domain orders are those of the bits, or nearly so: sorting these is cheap, and so is seeing what is left to do. */
static int sort_level(struct sc_graph *graph, u64 level)
{
    u64 count = graph->firsts[level] - graph->firsts[level - 1], *out = graph->states + graph->firsts[level - 1] * graph->words;
    read_level(graph, level, out);
    if (graph->words == 1) {
        if (!sort_as_numbers(out, count, graph->model->bits))
            return 0;
        if (in_order(graph->model, out, count))
            return 1;
    }
    return sc_sort_states(graph->model, out, count);
}

static void sort_levels(struct worker *worker)
{
    struct sc_graph *graph = worker->search->graph;
    u64 level;
    while ((level = __atomic_add_fetch(&graph->next, 1, __ATOMIC_RELAXED)) <= graph->levels && !sc_graph_over(graph))
        if (!sort_level(graph, level))
            sc_graph_fail(graph, SC_OUT_OF_MEMORY);
    sc_leave(worker);
}

/* ---------------------------------------------------------------- the table */

static void enter(struct sc_graph *graph, u64 number)
{
    const u64 *state = graph->states + number * graph->words;
    u64 hash = sc_state_hash(state, graph->words), mark = sc_state_tag(graph, state, hash) | (number + 1);
    for (u64 at = sc_scaled(hash, graph->slot_count);;) {
        u64 empty = 0;
        if (!__atomic_load_n(graph->slots + at, __ATOMIC_RELAXED) &&
            __atomic_compare_exchange_n(graph->slots + at, &empty, mark, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            return;
        if (++at == graph->slot_count)
            at = 0;
    }
}

static void enter_states(struct worker *worker)
{
    struct sc_graph *graph = worker->search->graph;
    u64 first;
    while ((first = __atomic_fetch_add(&graph->next, ENTERED, __ATOMIC_RELAXED)) < graph->count && !sc_graph_over(graph)) {
        u64 end = first + ENTERED < graph->count ? first + ENTERED : graph->count;
        for (u64 number = first; number < end; number++) {
            if (number + AHEAD < end) {
                u64 hash = sc_state_hash(graph->states + (number + AHEAD) * graph->words, graph->words);
                __builtin_prefetch(graph->slots + sc_scaled(hash, graph->slot_count), 1);
            }
            enter(graph, number);
        }
    }
    sc_leave(worker);
}

/* ---------------------------------------------------------------- levels */

/* Levels, and how many states were expanded: those of levels that were expanded as a whole. */
static int measure_levels(struct sc_graph *graph)
{
    struct sc_search *search = graph->search;
    graph->levels = search->level + (sc_level_size(search, search->level + 1) != 0);
    graph->firsts = sc_new(graph->levels + 1, sizeof(u64));
    if (!graph->firsts)
        return 0;
    for (u64 level = 1; level <= graph->levels; level++) {
        graph->firsts[level] = graph->firsts[level - 1] + sc_level_size(search, level);
        if (level <= search->level && graph->firsts[level] <= search->expanded)
            graph->expanded = graph->firsts[level];
    }
    graph->count = graph->firsts[graph->levels];
    return 1;
}

int sc_graph_number_states(struct sc_graph *graph)
{
    if (!measure_levels(graph)) {
        sc_graph_fail(graph, SC_OUT_OF_MEMORY);
        return 0;
    }
    if (graph->count >= UINT32_MAX - 1) {
        sc_graph_fail(graph, SC_FULL_INDEX);
        return 0;
    }
    graph->exact = graph->words == 1 && graph->model->bits <= 32;
    graph->slot_count = graph->count + graph->count / 2 + 16;
    graph->states = sc_graph_map(graph, (graph->count * graph->words + 1) * sizeof(u64));
    graph->slots = sc_graph_map(graph, graph->slot_count * sizeof(u64));
    if (!graph->states || !graph->slots)
        return 0;
    graph->next = 0;
    sc_crew_do(graph->search, sort_levels, graph->count);
    graph->next = 0;
    if (!sc_graph_over(graph))
        sc_crew_do(graph->search, enter_states, graph->count);
    return !sc_graph_over(graph);
}
