/* From what violates a claim, a shape or an automaton, to what a hunt walks on. The twin of liveness.py. */
#include <stdlib.h>
#include <string.h>

#include "hunt.h"
#include "memory.h"

#define MOST_MARKS 64

/* ---------------------------------------------------------------- tails */

int sc_is_quiet(const struct sc_graph *graph, const struct sc_fairness *fairness, u32 state)
{
    const u64 *enabled = sc_enabled(graph, state);
    u64 some = 0;
    for (u32 word = 0; word < graph->signal_words; word++)
        some |= enabled[word] & (fairness->weak[word] | fairness->strong[word]);
    return !some;
}

/* What is reached from a state of the automaton by at least one of the moves, as a set of its states. */
static void reach_states(const struct hunt *hunt, const u64 *moves, u32 from, u64 *set, u32 *pending)
{
    u32 count = 0;
    sc_forget(set, (hunt->width + 63) / 64);
    pending[count++] = from;
    while (count) {
        u32 q = pending[--count];
        for (u32 i = hunt->begins[q]; i < hunt->begins[q + 1]; i++) {
            u32 target = hunt->moves[i].target;
            if (!sc_bit(moves, i) || sc_bit(set, target))
                continue;
            set[target / 64] |= (u64)1 << target % 64;
            pending[count++] = target;
        }
    }
}

/* Whether the cycles through a state of the automaton have all marks between them. `reached` has for each state what is reached from it. */
static int has_marks_around(const struct hunt *hunt, const u64 *moves, u32 state, const u64 *reached)
{
    u32 words = (hunt->width + 63) / 64;
    u64 marks = 0;
    if (!sc_bit(reached + (u64)state * words, state))
        return 0;
    for (u32 q = 0; q < hunt->width; q++)
        for (u32 i = hunt->begins[q]; i < hunt->begins[q + 1]; i++) {
            u32 target = hunt->moves[i].target; /* both on a cycle through the state, if each reaches it and is reached */
            if (sc_bit(moves, i) && sc_bit(reached + (u64)state * words, q) && sc_bit(reached + (u64)target * words, state))
                marks |= hunt->moves[i].marks;
        }
    return !(hunt->required & ~marks);
}

/* Find the states of the automaton from which a run that reads the same letter for ever accepts; `moves` are those that read it. 0 without memory. */
static int find_accepting(const struct hunt *hunt, const u64 *moves, u64 *accepting)
{
    u32 words = (hunt->width + 63) / 64;
    u64 *reached = sc_new((u64)hunt->width * words + words, sizeof *reached), *good = reached + (u64)hunt->width * words;
    u32 *pending = sc_new((u64)hunt->width + 1, sizeof *pending);
    if (reached && pending) {
        for (u32 q = 0; q < hunt->width; q++)
            reach_states(hunt, moves, q, reached + (u64)q * words, pending);
        for (u32 q = 0; q < hunt->width; q++)
            if (has_marks_around(hunt, moves, q, reached))
                good[q / 64] |= (u64)1 << q % 64;
        for (u32 q = 0; q < hunt->width; q++) {
            u64 some = good[q / 64] >> q % 64 & 1;
            for (u32 word = 0; word < words; word++)
                some |= reached[(u64)q * words + word] & good[word];
            if (some)
                accepting[q / 64] |= (u64)1 << q % 64;
        }
    }
    sc_free(reached);
    sc_free(pending);
    return reached && pending;
}

/* Whether a move reads the letter of a state where nothing happens any more: no action occurs, but predicates that ask what occurs may hold. */
static int reads_rest(const struct hunt *hunt, const struct move *move, u32 state)
{
    const struct sc_graph *graph = hunt->graph;
    if (move->reads && !sc_bit(move->reads, state))
        return 0;
    if (!move->taken)
        return 1;
    for (u32 word = 0; word < graph->signal_words; word++)
        if (move->taken[word] & ~graph->of_predicates[word])
            return 0;
    for (u32 i = 0; graph->model->step_letter && i < graph->model->atoms; i++) {
        u32 signal = graph->step_signals[i];
        int holds = signal != SC_NO_SIGNAL && sc_bit(sc_states_with(graph, graph->predicates[i]), state);
        if (signal != SC_NO_SIGNAL && sc_bit(holds ? move->untaken : move->taken, signal))
            return 0;
    }
    return 1;
}

/* The number of what reads the letter of a state where nothing happens any more, as a set of moves; what accepts it is known afterwards. */
static u32 letter_of(struct hunt *hunt, u32 state, u64 *moves)
{
    u32 words = (hunt->width + 63) / 64, before = hunt->letters.count;
    sc_forget(moves, hunt->letters.words);
    for (u32 i = 0; i < hunt->begins[hunt->width]; i++) {
        if (reads_rest(hunt, hunt->moves + i, state))
            moves[i / 64] |= (u64)1 << i % 64;
    }
    u32 number = sc_masks_number(&hunt->letters, moves);
    if (number == SC_NO_MASK || number < before)
        return number;
    if (number == hunt->accepting_room) {
        u64 room = 2 * hunt->accepting_room + 16, *accepting = sc_resized(hunt->accepting, room * words, sizeof *accepting);
        if (!accepting)
            return SC_NO_MASK;
        hunt->accepting = accepting, hunt->accepting_room = room;
    }
    sc_forget(hunt->accepting + (u64)number * words, words);
    return find_accepting(hunt, moves, hunt->accepting + (u64)number * words) ? number : SC_NO_MASK;
}

static int accepts_for_ever(struct hunt *hunt, u32 state, u32 q)
{
    u32 number = letter_of(hunt, state, hunt->letter);
    if (number != SC_NO_MASK)
        return sc_bit(hunt->accepting + (u64)number * ((hunt->width + 63) / 64), q);
    sc_graph_fail(hunt->graph, SC_OUT_OF_MEMORY);
    return -1;
}

int sc_is_tail(struct hunt *hunt, u32 spot)
{
    u32 state = spot / hunt->width;
    if (!sc_is_quiet(hunt->graph, &hunt->fairness, state))
        return 0;
    if (hunt->refined)
        return sc_ends(hunt, spot);
    return hunt->automaton ? accepts_for_ever(hunt, state, spot % hunt->width) : sc_bit(hunt->again, state);
}

static int open_index(struct hunt *hunt)
{
    hunt->spots = hunt->graph->count * hunt->width;
    if (hunt->spots >= UINT32_MAX - 1) {
        hunt->spots = 0;
        sc_graph_fail(hunt->graph, SC_FULL_INDEX);
        return 0;
    }
    hunt->index = sc_graph_map(hunt->graph, hunt->spots * sizeof(u32));
    return hunt->index != NULL;
}

/* Where there is no cycle, a lasso is a tail: whether some expanded state could be one, wherever it is reached from. -1 without memory: the code says so. */
static int may_be_tail(struct hunt *hunt)
{
    const struct sc_graph *graph = hunt->graph;
    for (u64 state = 0; state < graph->expanded; state++) {
        if (hunt->again && !(hunt->again[state >> 6] & hunt->stay[state >> 6])) {
            state |= 63; /* none of these */
            continue;
        }
        if ((hunt->stay && !sc_bit(hunt->stay, state)) || !sc_is_quiet(graph, &hunt->fairness, (u32)state))
            continue;
        for (u32 q = 0; q < hunt->width; q++) {
            int tail = sc_is_tail(hunt, (u32)state * hunt->width + q);
            if (tail)
                return tail;
        }
    }
    return 0;
}

static int find_lasso(struct hunt *hunt, struct sc_lasso *lasso)
{
    if (hunt->graph->light) {
        int tail = may_be_tail(hunt);
        if (!tail)
            return SC_NO_LASSO;
        if (tail < 0 || !sc_graph_need_steps(hunt->graph))
            return (int)hunt->graph->code;
    }
    return open_index(hunt) ? sc_find_lasso(hunt, lasso) : (int)hunt->graph->code;
}


/* ---------------------------------------------------------------- hunts */

static void close_hunt(struct hunt *hunt)
{
    struct sc_graph *graph = hunt->graph;
    u64 bytes = graph->letter_words * sizeof(u64);
    u64 *sets[] = {hunt->start, hunt->stay, hunt->again, hunt->other};
    for (u32 i = 0; i < sizeof sets / sizeof *sets; i++)
        sc_graph_unmap(graph, sets[i], bytes);
    sc_graph_unmap(graph, hunt->index, hunt->spots * sizeof(u32));
    sc_list_close(graph, &hunt->reached);
    sc_list_close(graph, &hunt->good);
    sc_list_close(graph, &hunt->component_ends);
    sc_free(hunt->distances);
    sc_masks_close(&hunt->letters);
    sc_free(hunt->accepting);
    sc_free(hunt->letter);
}

static int hunt_shape(struct hunt *hunt, const struct sc_shape *shape, struct sc_lasso *lasso)
{
    static const u32 begins[] = {0, 1};
    struct sc_graph *graph = hunt->graph;
    hunt->start = sc_condition_states(graph, &shape->start);
    hunt->stay = sc_condition_states(graph, &shape->stay);
    hunt->again = sc_condition_states(graph, &shape->again);
    hunt->other = sc_graph_map(graph, graph->letter_words * sizeof(u64));
    if (!hunt->start || !hunt->stay || !hunt->again || !hunt->other)
        return (int)graph->code;
    u64 lacking = 0;
    for (u64 word = 0; word < graph->letter_words; word++) {
        hunt->start[word] &= hunt->stay[word];
        hunt->other[word] = hunt->stay[word] & ~hunt->again[word];
        lacking |= hunt->other[word];
    }
    /* A step out of a state that satisfies `again` has the mark. */
    const struct move moves[] = {{0, 1, NULL, NULL, NULL}}, two[] = {{0, 1, hunt->again, NULL, NULL}, {0, 0, hunt->other, NULL, NULL}};
    static const u32 two_begins[] = {0, 2};
    hunt->moves = lacking ? two : moves, hunt->begins = lacking ? two_begins : begins, hunt->plain = !lacking;
    return find_lasso(hunt, lasso);
}

static int by_target_and_marks(const void *a, const void *b)
{
    const struct move *x = a, *y = b;
    return x->target != y->target ? (x->target > y->target) - (x->target < y->target) : (x->marks > y->marks) - (x->marks < y->marks);
}

/* The states whose letters a move reads; NULL, and no trouble, if it is all of them. */
static int read_states(struct sc_graph *graph, const struct sc_move *move, u64 **reads)
{
    *reads = NULL;
    if (!sc_any(move->demanded, graph->atom_words) && !sc_any(move->forbidden, graph->atom_words))
        return 1;
    u64 *states = sc_graph_map(graph, graph->letter_words * sizeof *states);
    if (!states)
        return 0;
    memset(states, 0xFF, graph->letter_words * sizeof *states);
    for (u32 atom = 0; atom < graph->options.atoms; atom++) {
        int demanded = sc_bit(move->demanded, atom), forbidden = sc_bit(move->forbidden, atom);
        for (u64 word = 0; (demanded || forbidden) && word < graph->letter_words; word++) {
            u64 with = sc_states_with(graph, atom)[word];
            states[word] &= (demanded ? with : ~(u64)0) & (forbidden ? ~with : ~(u64)0);
        }
    }
    *reads = states;
    return 1;
}

static int hunt_moves(struct hunt *hunt, struct move *moves, u64 **reads, struct sc_lasso *lasso)
{
    struct sc_graph *graph = hunt->graph;
    const struct sc_automaton *automaton = hunt->automaton;
    u32 count = automaton->begins[automaton->states];
    for (u32 i = 0; i < count; i++) {
        const struct sc_move *from = automaton->moves + i;
        if (hunt->refined) { /* its first mark is that of a step that the mapping sees */
            moves[i] = (struct move){from->target, from->marks << 1 | 1, hunt->refined->reads + (u64)i * hunt->refined->letter_words, NULL, NULL};
            continue;
        }
        int speaks = sc_any(from->taken, graph->signal_words) || sc_any(from->untaken, graph->signal_words);
        if (!read_states(graph, from, reads + i))
            return (int)graph->code;
        moves[i] = (struct move){from->target, from->marks, reads[i], speaks ? from->taken : NULL, speaks ? from->untaken : NULL};
    }
    for (u32 q = 0; q < automaton->states; q++)
        if (automaton->begins[q + 1] > automaton->begins[q])
            qsort(moves + automaton->begins[q], automaton->begins[q + 1] - automaton->begins[q], sizeof *moves, by_target_and_marks);
    hunt->moves = moves, hunt->begins = automaton->begins, hunt->width = automaton->states;
    u32 marks = automaton->marks + (hunt->refined != NULL);
    hunt->required = marks < MOST_MARKS ? ((u64)1 << marks) - 1 : ~(u64)0;
    hunt->letter = sc_new(count / 64 + 1, sizeof(u64));
    if (!sc_masks_open(&hunt->letters, count / 64 + 1) || !hunt->letter) {
        sc_graph_fail(graph, SC_OUT_OF_MEMORY);
        return (int)graph->code;
    }
    return find_lasso(hunt, lasso);
}

static int hunt_automaton(struct hunt *hunt, struct sc_lasso *lasso)
{
    struct sc_graph *graph = hunt->graph;
    u32 count = hunt->automaton->begins[hunt->automaton->states];
    struct move *moves = sc_new(count, sizeof *moves);
    u64 **reads = sc_new(count, sizeof *reads);
    if (!moves || !reads)
        sc_graph_fail(graph, SC_OUT_OF_MEMORY);
    int code = moves && reads ? hunt_moves(hunt, moves, reads, lasso) : (int)graph->code;
    for (u32 i = 0; reads && i < count; i++)
        sc_graph_unmap(graph, reads[i], graph->letter_words * sizeof(u64));
    sc_free(reads);
    sc_free(moves);
    return code;
}

/* Hunt; where stored steps leave no room for what a hunt needs, hunt once more without them. */
static int hunted(struct sc_graph *graph, const struct sc_fairness *fairness, const struct sc_shape *shape, const struct sc_automaton *automaton,
                  const struct sc_refined *refined, struct sc_lasso *lasso)
{
    int code;
    do {
        graph->code = SC_MORE;
        graph->search->ended = SC_MORE;
        struct hunt hunt = {.graph = graph, .fairness = *fairness, .required = 1, .width = 1, .automaton = automaton, .refined = refined,
                            .at_once = shape && shape->at_once};
        code = sc_graph_over(graph) ? (int)graph->code : shape ? hunt_shape(&hunt, shape, lasso) : hunt_automaton(&hunt, lasso);
        close_hunt(&hunt);
    } while (code == SC_MEMORY_LIMIT && sc_graph_unstore(graph));
    return code;
}

int sc_hunt_shape(struct sc_graph *graph, const struct sc_fairness *fairness, const struct sc_shape *shape, struct sc_lasso *lasso)
{
    return hunted(graph, fairness, shape, NULL, NULL, lasso);
}

int sc_hunt_automaton(struct sc_graph *graph, const struct sc_fairness *fairness, const struct sc_automaton *automaton, struct sc_lasso *lasso)
{
    return hunted(graph, fairness, NULL, automaton, NULL, lasso);
}

int sc_hunt_refined(struct sc_graph *graph, const struct sc_fairness *fairness, const struct sc_automaton *automaton, const struct sc_refined *refined,
                    struct sc_lasso *lasso)
{
    return hunted(graph, fairness, NULL, automaton, refined, lasso);
}
