/* Conditions on the atoms of states, evaluated for 64 states at once. */
#include "graph.h"

#define DEPTH 128 /* of the stack: an operand that waits */

static u64 expanded_word(const struct sc_graph *graph, u64 word)
{
    u64 left = graph->expanded - 64 * word;
    return left >= 64 ? ~(u64)0 : ((u64)1 << left) - 1;
}

u64 sc_condition_word(const struct sc_graph *graph, const struct sc_condition *condition, u64 word)
{
    u64 stack[DEPTH] = {0};
    u32 top = 0; /* the place of the next operand */
    for (u32 i = 0; i < condition->length; i++) {
        u32 code = condition->code[i];
        switch (code) {
        case SC_CODE_FALSE: stack[top++] = 0; break;
        case SC_CODE_TRUE: stack[top++] = ~(u64)0; break;
        case SC_CODE_NOT: stack[top - 1] = ~stack[top - 1]; break;
        case SC_CODE_AND: top--, stack[top - 1] &= stack[top]; break;
        case SC_CODE_OR: top--, stack[top - 1] |= stack[top]; break;
        default: stack[top++] = sc_states_with(graph, code)[word];
        }
    }
    return stack[0] & expanded_word(graph, word);
}

u64 *sc_condition_states(struct sc_graph *graph, const struct sc_condition *condition)
{
    u64 *states = sc_graph_map(graph, graph->letter_words * sizeof *states);
    for (u64 word = 0; states && word < graph->letter_words; word++)
        states[word] = sc_condition_word(graph, condition, word);
    return states;
}
