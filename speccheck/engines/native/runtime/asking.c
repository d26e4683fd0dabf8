/* What one may ask a graph. */
#include <string.h>

#include "graph.h"

void sc_graph_size(const struct sc_graph *graph, struct sc_graph_size *size)
{
    *size = (struct sc_graph_size){
        .states = graph->count,
        .expanded = graph->expanded,
        .steps = graph->steps,
        .masks = graph->masks.count,
        .bytes = __atomic_load_n(&graph->bytes, __ATOMIC_RELAXED),
        .stored = graph->light || graph->stored,
    };
}

void sc_graph_state(const struct sc_graph *graph, u64 number, u64 *out)
{
    memcpy(out, graph->states + number * graph->words, graph->words * sizeof(u64));
}

i64 sc_graph_number(const struct sc_graph *graph, const u64 *state)
{
    return (i64)sc_find_state(graph, state, sc_state_hash(state, graph->words), graph->words) - 1;
}

i64 sc_graph_steps(struct sc_graph *graph, u64 number, u32 *targets, u64 *signals, u64 room)
{
    graph->code = SC_MORE;
    graph->search->ended = SC_MORE;
    struct row row = sc_row(graph, number);
    for (u32 i = 0; i < row.count && i < room; i++) {
        targets[i] = row.targets[i];
        memcpy(signals + (u64)i * graph->signal_words, sc_row_signals(graph, &row, i), graph->signal_words * sizeof(u64));
    }
    return graph->code == SC_MORE ? (i64)row.count : -1;
}

void sc_graph_enabled(const struct sc_graph *graph, u64 number, u64 *signals)
{
    memcpy(signals, sc_enabled(graph, number), graph->signal_words * sizeof(u64));
}

void sc_graph_letter(const struct sc_graph *graph, u64 number, u64 *atoms)
{
    sc_forget(atoms, graph->atom_words);
    for (u32 atom = 0; atom < graph->options.atoms; atom++)
        if (sc_bit(sc_states_with(graph, atom), number))
            atoms[atom / 64] |= (u64)1 << atom % 64;
}

i64 sc_graph_raised(const struct sc_graph *graph, u32 predicate)
{
    return graph->raised_at[predicate] == ~(u64)0 ? -1 : (i64)graph->raised_at[predicate];
}

int sc_graph_needs_step(const struct sc_graph *graph, u32 predicate)
{
    return (int)graph->needs_step[predicate];
}

i64 sc_graph_somewhere(const struct sc_graph *graph, const struct sc_condition *condition)
{
    for (u64 word = 0; word < graph->letter_words; word++) {
        u64 states = sc_condition_word(graph, condition, word);
        if (states)
            return (i64)(64 * word + (u64)__builtin_ctzll(states));
    }
    return -1;
}
