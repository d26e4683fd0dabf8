/* The steps of a search as a graph of numbers: opened by taking all of them again, with all workers; asked by one thread at a time. */
#include <assert.h>
#include <string.h>

#include "graph.h"
#include "memory.h"

/* ---------------------------------------------------------------- memory, and ends */

int sc_graph_take(struct sc_graph *graph, u64 bytes)
{
    u64 taken = __atomic_add_fetch(&graph->bytes, bytes, __ATOMIC_RELAXED);
    if (!graph->options.memory || taken <= graph->options.memory)
        return 1;
    sc_graph_give(graph, bytes);
    return 0;
}

void sc_graph_give(struct sc_graph *graph, u64 bytes)
{
    __atomic_sub_fetch(&graph->bytes, bytes, __ATOMIC_RELAXED);
}

void *sc_graph_map(struct sc_graph *graph, u64 bytes)
{
    if (!sc_graph_take(graph, bytes)) {
        sc_graph_fail(graph, SC_MEMORY_LIMIT);
        return NULL;
    }
    void *memory = sc_map(bytes ? bytes : 1, graph->huge);
    if (!memory) {
        sc_graph_give(graph, bytes);
        sc_graph_fail(graph, SC_OUT_OF_MEMORY);
    }
    return memory;
}

void sc_graph_unmap(struct sc_graph *graph, void *memory, u64 bytes)
{
    if (!memory)
        return;
    sc_unmap(memory, bytes ? bytes : 1);
    sc_graph_give(graph, bytes);
}

void sc_graph_fail(struct sc_graph *graph, enum sc_code why)
{
    u32 nothing = SC_MORE;
    __atomic_compare_exchange_n(&graph->code, &nothing, (u32)why, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

int sc_graph_over(struct sc_graph *graph)
{
    if (graph->options.halted && __atomic_load_n(graph->options.halted, __ATOMIC_RELAXED))
        sc_graph_fail(graph, SC_STOPPED);
    return __atomic_load_n(&graph->code, __ATOMIC_RELAXED) != SC_MORE;
}

/* ---------------------------------------------------------------- opening and closing */

static void *copied(const void *from, u64 count, u64 bytes)
{
    void *copy = sc_new(count, bytes);
    if (copy && count)
        memcpy(copy, from, count * bytes);
    return copy;
}

static int copy_options(struct sc_graph *graph)
{
    const struct sc_graph_options *given = &graph->options;
    const struct sc_model *model = graph->model;
    graph->signals_of = copied(given->signals_of, (u64)model->instances * graph->signal_words, sizeof(u64));
    graph->predicates = copied(given->predicates, model->letter ? model->atoms : 0, sizeof(u32));
    graph->enabled_atoms = copied(given->enabled_atoms, 2 * (u64)given->enabled_count, sizeof(u32));
    graph->step_signals = copied(given->step_signals, model->step_letter ? model->atoms : 0, sizeof(u32));
    graph->obliging = copied(given->obliging, model->step_letter ? graph->signal_words : 0, sizeof(u64));
    graph->of_predicates = sc_new(graph->signal_words, sizeof(u64));
    graph->instance_masks = sc_new(model->instances, sizeof(u32));
    graph->raised_at = sc_new(model->atoms, sizeof(u64));
    graph->needs_step = sc_new(model->atoms, sizeof(u32));
    graph->readers = sc_new(graph->workers, sizeof *graph->readers);
    for (u32 i = 0; model->step_letter && graph->step_signals && graph->of_predicates && i < model->atoms; i++)
        if (graph->step_signals[i] != SC_NO_SIGNAL)
            graph->of_predicates[graph->step_signals[i] / 64] |= (u64)1 << graph->step_signals[i] % 64;
    return graph->signals_of && graph->predicates && graph->enabled_atoms && graph->step_signals && graph->obliging && graph->of_predicates &&
           graph->instance_masks && graph->raised_at && graph->needs_step && graph->readers;
}

static int open_parts(struct sc_graph *graph)
{
    if (!copy_options(graph) || !sc_masks_open(&graph->masks, graph->signal_words))
        return 0;
    for (u32 i = 0; i < graph->model->instances; i++)
        if ((graph->instance_masks[i] = sc_masks_number(&graph->masks, graph->signals_of + (u64)i * graph->signal_words)) == SC_NO_MASK)
            return 0;
    graph->wide = graph->masks.count > NARROW_MASKS;
    if (!(graph->instance_sets = copied(graph->masks.all, (u64)graph->masks.count * graph->signal_words, sizeof(u64))))
        return 0;
    for (u32 i = 0; i < graph->workers; i++)
        if (!sc_reader_open(graph->readers + i, graph, i))
            return 0;
    return 1;
}

static int open_letters(struct sc_graph *graph)
{
    graph->letter_words = (graph->expanded + 63) / 64;
    graph->block_count = (graph->expanded + BLOCK - 1) / BLOCK;
    graph->letters = sc_graph_map(graph, graph->options.atoms * graph->letter_words * sizeof(u64));
    graph->blocks = sc_graph_map(graph, graph->block_count * sizeof *graph->blocks);
    graph->lows = sc_graph_map(graph, graph->block_count * sizeof *graph->lows);
    return graph->letters && graph->blocks && graph->lows;
}

static u64 least(u64 a, u64 b)
{
    return a < b ? a : b;
}

/* A predicate is one of states until it needs a step for the first time; from then on it is asked at steps. */
static void gather_raised(struct sc_graph *graph)
{
    for (u32 i = 0; i < graph->model->atoms; i++) {
        u64 raised = ~(u64)0, needs = raised, at_step = raised;
        for (u32 number = 0; graph->model->letter && number < graph->workers; number++) {
            const struct reader *reader = graph->readers + number;
            raised = least(raised, reader->raised_at[i]), needs = least(needs, reader->needs_at[i]), at_step = least(at_step, reader->step_raised_at[i]);
        }
        graph->needs_step[i] = needs != ~(u64)0;
        graph->raised_at[i] = raised < needs ? raised : graph->needs_step[i] ? at_step : ~(u64)0;
    }
}

struct sc_graph *sc_graph_open(struct sc_search *search, const struct sc_graph_options *options, int *code)
{
    assert(!(search->model->flags & SC_HAS_CANONICAL) && "a loop of representatives need not be one of states");
    struct sc_graph *graph = sc_new(1, sizeof *graph);
    *code = SC_OUT_OF_MEMORY;
    if (!graph)
        return NULL;
    *graph = (struct sc_graph){.search = search, .model = search->model, .options = *options, .words = search->model->words};
    graph->signal_words = options->signals ? (options->signals + 63) / 64 : 1;
    graph->atom_words = options->atoms ? (options->atoms + 63) / 64 : 1;
    graph->predicate_words = (search->model->atoms + 63) / 64;
    graph->workers = search->options.workers, graph->huge = search->options.huge_pages != 2;
    pthread_mutex_init(&graph->lock, NULL);
    graph->light = options->steps == SC_STEPS_WHEN_NEEDED && !graph->model->step_letter; /* predicates may raise at steps */
    search->graph = graph;
    search->ended = SC_MORE; /* how the search ended does not matter here, what happens now does */
    int open = open_parts(graph) && sc_graph_number_states(graph) && open_letters(graph) && sc_graph_take_all_steps(graph);
    search->graph = NULL;
    if (open) {
        gather_raised(graph);
        return graph;
    }
    if (graph->code != SC_MORE)
        *code = (int)graph->code;
    sc_graph_close(graph);
    return NULL;
}

void sc_graph_close(struct sc_graph *graph)
{
    if (!graph)
        return;
    sc_graph_unstore(graph);
    sc_graph_unmap(graph, graph->enabled, sc_enabled_bytes(graph));
    sc_graph_unmap(graph, graph->states, (graph->count * graph->words + 1) * sizeof(u64));
    sc_graph_unmap(graph, graph->slots, graph->slot_count * sizeof(u64));
    sc_graph_unmap(graph, graph->letters, graph->options.atoms * graph->letter_words * sizeof(u64));
    sc_graph_unmap(graph, graph->blocks, graph->block_count * sizeof *graph->blocks);
    sc_graph_unmap(graph, graph->lows, graph->block_count * sizeof *graph->lows);
    for (u32 i = 0; graph->readers && i < graph->workers; i++)
        sc_reader_close(graph->readers + i);
    for (u32 i = 0; graph->cache && i < graph->cache_rows; i++) {
        sc_free(graph->cache[i].targets.all);
        sc_free(graph->cache[i].masks.all);
    }
    sc_list_close(graph, &graph->prefix);
    sc_list_close(graph, &graph->loop);
    sc_masks_close(&graph->masks);
    void *own[] = {graph->signals_of, graph->predicates, graph->enabled_atoms, graph->step_signals, graph->obliging, graph->of_predicates,
                   graph->instance_masks, graph->instance_sets, graph->raised_at, graph->needs_step, graph->readers, graph->cache, graph->firsts, graph->pieces};
    for (u32 i = 0; i < sizeof own / sizeof *own; i++)
        sc_free(own[i]);
    pthread_mutex_destroy(&graph->lock);
    sc_free(graph);
}
