/* What the states of a graph map to in a refinement: abstract states by number, and the pairs of them that steps lie between. The twin of refined_liveness.py. */
#include "mapped.h"

#include <string.h>

#include "hunt.h"
#include "memory.h"

#define BETWEEN 4095 /* so many states lie between two looks at whether to end */

static int is_short_of_memory(struct sc_graph *graph)
{
    sc_graph_fail(graph, SC_OUT_OF_MEMORY);
    return (int)graph->code;
}

/* What is noted of a graph for an earlier call does not matter any more. */
static void begin(struct sc_graph *graph)
{
    graph->code = SC_MORE;
    graph->search->ended = SC_MORE;
}

struct sc_mapped *sc_mapped_open(struct sc_graph *graph, u32 which, u32 words, int *code)
{
    struct sc_mapped *mapped = sc_new(1, sizeof *mapped);
    *code = SC_OUT_OF_MEMORY;
    if (!mapped)
        return NULL;
    begin(graph);
    mapped->graph = graph, mapped->which = which;
    mapped->scratch = sc_new((u64)words + 1, sizeof(u64));
    mapped->source = sc_new((u64)graph->words + 1, sizeof(u64));
    int opened = sc_masks_open(&mapped->states, words) && sc_masks_open(&mapped->pairs, 1) && mapped->scratch && mapped->source;
    if (opened) {
        mapped->numbers = sc_graph_map(graph, graph->expanded * sizeof(u32));
        if (!mapped->numbers && graph->code == SC_MEMORY_LIMIT && sc_graph_unstore(graph)) {
            begin(graph);
            mapped->numbers = sc_graph_map(graph, graph->expanded * sizeof(u32));
        }
        *code = (int)graph->code;
    }
    if (mapped->numbers)
        return mapped;
    sc_mapped_close(mapped);
    return NULL;
}

void sc_mapped_close(struct sc_mapped *mapped)
{
    if (!mapped)
        return;
    sc_graph_unmap(mapped->graph, mapped->numbers, mapped->graph->expanded * sizeof(u32));
    sc_list_close(mapped->graph, &mapped->origins);
    sc_masks_close(&mapped->states);
    sc_masks_close(&mapped->pairs);
    sc_free(mapped->scratch);
    sc_free(mapped->source);
    sc_free(mapped);
}

/* ---------------------------------------------------------------- states */

static int number_state(struct sc_mapped *mapped, u64 state, const u64 *abstract)
{
    u32 before = mapped->states.count, number = sc_masks_number(&mapped->states, abstract);
    if (number == SC_NO_MASK)
        return is_short_of_memory(mapped->graph);
    if (number == before && !sc_list_add(mapped->graph, &mapped->origins, (u32)state))
        return (int)mapped->graph->code;
    mapped->numbers[state] = number;
    mapped->mapped = state + 1;
    return SC_MORE;
}

int sc_mapped_map(struct sc_mapped *mapped, u64 *state)
{
    struct sc_graph *graph = mapped->graph;
    begin(graph);
    for (; mapped->mapped < graph->expanded;) {
        *state = mapped->mapped;
        memcpy(mapped->source, graph->states + *state * graph->words, graph->words * sizeof(u64));
        if (graph->model->map(mapped->which, mapped->source, mapped->scratch))
            return SC_UNANSWERED;
        int code = number_state(mapped, *state, mapped->scratch);
        if (code || (!(*state & BETWEEN) && sc_graph_over(graph)))
            return (int)graph->code;
    }
    return SC_MORE;
}

int sc_mapped_tell(struct sc_mapped *mapped, u64 state, const u64 *abstract)
{
    return number_state(mapped, state, abstract);
}

/* ---------------------------------------------------------------- pairs */

static int enter(struct sc_mapped *mapped, u32 from, u32 to)
{
    u64 key = sc_mapped_key(from, to);
    return sc_masks_number(&mapped->pairs, &key) != SC_NO_MASK;
}

int sc_mapped_pair(struct sc_mapped *mapped, const struct sc_fairness *fairness)
{
    struct sc_graph *graph = mapped->graph;
    begin(graph);
    if (!sc_graph_need_steps(graph))
        return (int)graph->code;
    for (u64 state = 0; state < graph->expanded; state++) {
        u32 from = mapped->numbers[state];
        if (sc_is_quiet(graph, fairness, (u32)state) && !enter(mapped, from, from))
            return is_short_of_memory(graph);
        struct row row = sc_row(graph, state);
        for (u32 i = 0; i < row.count; i++)
            if (row.targets[i] < graph->expanded && !enter(mapped, from, mapped->numbers[row.targets[i]]))
                return is_short_of_memory(graph);
        if (!(state & BETWEEN) && sc_graph_over(graph))
            break;
    }
    return (int)graph->code;
}

/* ---------------------------------------------------------------- what came out */

void sc_mapped_size(const struct sc_mapped *mapped, struct sc_mapped_size *size)
{
    *size = (struct sc_mapped_size){mapped->states.count, mapped->pairs.count};
}

const u32 *sc_mapped_numbers(const struct sc_mapped *mapped)
{
    return mapped->numbers;
}

u64 sc_mapped_state(const struct sc_mapped *mapped, u64 number, u64 *out)
{
    memcpy(out, sc_mask(&mapped->states, (u32)number), mapped->states.words * sizeof(u64));
    return mapped->origins.all[number];
}

void sc_mapped_pair_of(const struct sc_mapped *mapped, u64 pair, u32 *out)
{
    u64 key = *sc_mask(&mapped->pairs, (u32)pair);
    out[0] = (u32)(key >> 32), out[1] = (u32)key;
}
