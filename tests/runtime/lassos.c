/*     lassos [times [refined]] < cases
 *
 * Read cases, numbers separated by blanks, and tell of each what its graph is and which lassos are found. The model is table.c.
 *
 * A case: how many states, and of each its value, rank, kept, holds, raised; for each state how many evaluations, and of each instance and target; seeds; the level
 * that is not expanded, or 0; workers, steps, row_cache, memory; how many signals and atoms; signals of instances; predicates; enabled atoms; where
 * a predicate asks what occurs, the signals that oblige; hunts.
 * `times`: so many times, the n-th allocation failing in the n-th; `refined`: with a hunt on the mapped behavior instead, for one case.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "liveness.h"
#include "models/table.h"

extern const struct sc_model speccheck_model;

#define MOST 4096

static u64 number(void)
{
    unsigned long long n = 0;
    if (scanf("%llu", &n) != 1)
        exit(2);
    return n;
}

static u64 *numbers(u64 count)
{
    u64 *all = calloc(count + 1, sizeof *all);
    for (u64 i = 0; all && i < count; i++)
        all[i] = number();
    return all;
}

static u32 *small_numbers(u64 count)
{
    u32 *all = calloc(count + 1, sizeof *all);
    for (u64 i = 0; all && i < count; i++)
        all[i] = (u32)number();
    return all;
}

static void read_table(void)
{
    static u32 places[TABLE_VALUES], ranks[TABLE_VALUES], values[MOST], kept[MOST], asks[MOST], holds[MOST], raised[MOST], begins[MOST + 1];
    static u32 instances[16 * MOST], targets[16 * MOST];
    u32 count = (u32)number();
    for (u32 i = 0; i < count; i++) {
        values[i] = (u32)number(), places[values[i]] = i, ranks[values[i]] = (u32)number();
        kept[i] = (u32)number(), holds[i] = (u32)number(), raised[i] = (u32)number();
    }
    for (u32 i = 0; i < count; i++) {
        begins[i + 1] = begins[i] + (u32)number();
        for (u32 j = begins[i]; j < begins[i + 1]; j++)
            instances[j] = (u32)number(), targets[j] = (u32)number();
    }
    speccheck_table = (struct table){places, ranks, values, kept, asks, holds, raised, begins, instances, targets};
}

static struct sc_search *searched(void)
{
    u64 seeds = number(), *states = calloc(seeds * speccheck_model.words + 1, sizeof *states);
    for (u64 i = 0; i < seeds; i++)
        table_state((u32)number(), states + i * speccheck_model.words);
    u64 last = number();
    struct sc_options options = {.workers = (u32)number(), .first_slots_log2 = 4};
    struct sc_search *search = sc_open(&speccheck_model, &options);
    int code = sc_seed(search, states, seeds);
    for (u64 level = 1; code == SC_MORE; level++)
        code = sc_level(search, level == last);
    free(states);
    return search;
}

struct tables {
    struct sc_graph_options options;
    u64 *signals_of, *obliging;
    u32 *predicates, *enabled, *step_signals;
    u32 signal_words, atom_words;
};

static struct tables read_tables(void)
{
    struct tables t = {0};
    t.options.steps = (u32)number(), t.options.row_cache = (u32)number(), t.options.memory = number();
    t.options.signals = (u32)number(), t.options.atoms = (u32)number();
    t.signal_words = t.options.signals ? (t.options.signals + 63) / 64 : 1, t.atom_words = t.options.atoms ? (t.options.atoms + 63) / 64 : 1;
    t.signals_of = calloc((u64)TABLE_INSTANCES * t.signal_words, sizeof *t.signals_of);
    for (u64 count = number(); count; count--) {
        u64 instance = number();
        for (u32 i = 0; i < t.signal_words; i++)
            t.signals_of[instance * t.signal_words + i] = number();
    }
    t.predicates = small_numbers(TABLE_PREDICATES);
    t.options.enabled_count = (u32)number();
    t.enabled = small_numbers(2 * t.options.enabled_count);
    t.options.signals_of = t.signals_of, t.options.predicates = t.predicates, t.options.enabled_atoms = t.enabled;
    t.options.step_signals = t.step_signals = calloc(TABLE_PREDICATES, sizeof *t.step_signals);
    t.options.obliging = t.obliging = calloc(t.signal_words, sizeof *t.obliging);
    for (u32 i = 0; i < TABLE_PREDICATES; i++)
        t.step_signals[i] = SC_NO_SIGNAL;
    for (u32 i = 0; speccheck_model.step_letter && i < t.signal_words; i++)
        t.obliging[i] = number();
    if (speccheck_model.step_letter) /* of the last predicate, the last signal */
        t.step_signals[TABLE_PREDICATES - 1] = t.options.signals - 1;
    return t;
}

static void tell_words(const u64 *words, u32 count)
{
    for (u32 i = count; i-- > 0;)
        printf("%016llx", (unsigned long long)words[i]);
}

static void tell_graph(struct sc_graph *graph, const struct tables *t)
{
    struct sc_graph_size size;
    sc_graph_size(graph, &size);
    printf("graph %llu %llu %llu", (unsigned long long)size.states, (unsigned long long)size.expanded, (unsigned long long)size.steps);
    for (u32 i = 0; i < TABLE_PREDICATES; i++)
        printf(" %lld", (long long)sc_graph_raised(graph, i));
    printf("\nmemory %llu %llu\n", (unsigned long long)size.bytes, (unsigned long long)size.stored);
    u32 *targets = calloc(MOST, sizeof *targets);
    u64 *signals = calloc((u64)MOST * (t->signal_words + t->atom_words), sizeof *signals);
    for (u64 state = 0; state < size.expanded; state++) {
        sc_graph_enabled(graph, state, signals);
        printf("state ");
        tell_words(signals, t->signal_words);
        sc_graph_letter(graph, state, signals);
        printf(" ");
        tell_words(signals, t->atom_words);
        i64 count = sc_graph_steps(graph, state, targets, signals, MOST);
        for (i64 i = 0; i < count; i++) {
            printf(" %u ", targets[i]);
            tell_words(signals + i * t->signal_words, t->signal_words);
        }
        printf("\n");
    }
    free(targets);
    free(signals);
}

static int hunt_shape(struct sc_graph *graph, const struct sc_fairness *fair, struct sc_lasso *lasso)
{
    struct sc_shape shape = {.at_once = (u32)number()};
    struct sc_condition *parts[] = {&shape.start, &shape.stay, &shape.again};
    u32 *codes[3];
    for (u32 i = 0; i < 3; i++) {
        parts[i]->length = (u32)number();
        parts[i]->code = codes[i] = small_numbers(parts[i]->length);
    }
    int code = graph ? sc_hunt_shape(graph, fair, &shape, lasso) : -1;
    for (u32 i = 0; i < 3; i++)
        free(codes[i]);
    return code;
}

static int hunt_automaton(struct sc_graph *graph, const struct sc_fairness *fair, const struct tables *t, struct sc_lasso *lasso)
{
    struct sc_automaton automaton = {.states = (u32)number()};
    automaton.marks = (u32)number();
    u32 *begins = small_numbers(automaton.states + 1), count = begins[automaton.states];
    struct sc_move *moves = calloc(count + 1, sizeof *moves);
    u64 **sets = calloc(count + 1, sizeof *sets);
    for (u32 i = 0; i < count; i++) {
        moves[i].target = (u32)number(), moves[i].marks = number();
        sets[i] = numbers(2 * (u64)(t->atom_words + t->signal_words));
        moves[i].demanded = sets[i], moves[i].forbidden = sets[i] + t->atom_words;
        moves[i].taken = sets[i] + 2 * t->atom_words, moves[i].untaken = sets[i] + 2 * t->atom_words + t->signal_words;
    }
    automaton.begins = begins, automaton.moves = moves;
    int code = graph ? sc_hunt_automaton(graph, fair, &automaton, lasso) : -1;
    for (u32 i = 0; i < count; i++)
        free(sets[i]);
    free(sets);
    free(moves);
    free(begins);
    return code;
}

static void tell_lasso(int code, const struct sc_lasso *lasso)
{
    printf("code %d", code);
    for (u64 i = 0; code == SC_LASSO && i < lasso->prefix_count; i++)
        printf(" %u", lasso->prefix[i]);
    if (code == SC_LASSO)
        printf(" |");
    for (u64 i = 0; code == SC_LASSO && i < lasso->loop_count; i++)
        printf(" %u", lasso->loop[i]);
    printf("\n");
}

static int map_all(struct sc_mapped *mapped)
{
    u64 state = 0, three[2] = {3};
    int code;
    while ((code = sc_mapped_map(mapped, &state)) == SC_UNANSWERED)
        if ((code = sc_mapped_tell(mapped, state, three)) != SC_MORE)
            break;
    return code;
}

/* Hunt where an automaton of one state wants to read each of two kinds of letters again and again, or one that ends in some abstract states. */
static int hunt_mapped(struct sc_graph *graph, const struct sc_fairness *fair, const struct sc_mapped *mapped, struct sc_lasso *lasso)
{
    struct sc_mapped_size size;
    sc_mapped_size(mapped, &size);
    u32 *letters = calloc(size.pairs + 1, sizeof *letters), begins[] = {0, 2};
    u64 reads[] = {0x5, 0xf}, ends[] = {0x4};
    for (u64 i = 0; i < size.pairs; i++)
        letters[i] = i % 4;
    struct sc_move moves[] = {{.marks = 1}, {.marks = 0}};
    struct sc_automaton automaton = {1, 1, begins, moves};
    struct sc_refined refined = {mapped, letters, reads, 1, ends};
    int code = sc_hunt_refined(graph, fair, &automaton, &refined, lasso);
    free(letters);
    return code;
}

static void tell_mapped(struct sc_graph *graph, const struct tables *t)
{
    u64 *none = calloc(t->signal_words, sizeof *none);
    struct sc_fairness fair = {none, none};
    struct sc_lasso lasso = {0};
    int code = SC_MORE;
    struct sc_mapped *mapped = sc_mapped_open(graph, 0, 1, &code);
    if (mapped && (code = map_all(mapped)) == SC_MORE && (code = sc_mapped_pair(mapped, &fair)) == SC_MORE)
        code = 100 + hunt_mapped(graph, &fair, mapped, &lasso);
    if (code >= 100)
        tell_lasso(code - 100, &lasso);
    else
        printf("code %d\n", code);
    sc_mapped_close(mapped);
    free(none);
}

static void tell_hunt(struct sc_graph *graph, const struct tables *t)
{
    u64 *weak = numbers(t->signal_words), *strong = numbers(t->signal_words);
    struct sc_fairness fair = {weak, strong};
    struct sc_lasso lasso = {0};
    int code = number() ? hunt_automaton(graph, &fair, t, &lasso) : hunt_shape(graph, &fair, &lasso);
    tell_lasso(code, &lasso);
    free(weak);
    free(strong);
}

/* Open a graph and hunt in it `times` times, each time the next allocation failing. */
static void fail_each(struct sc_search *search, const struct tables *t, u64 hunts, long at, u64 times, int refined)
{
    for (u64 n = 1; n <= times; n++) {
        int code = SC_MORE;
        fseek(stdin, at, SEEK_SET);
        sc_fail_allocation(n);
        struct sc_graph *graph = sc_graph_open(search, &t->options, &code);
        printf("open %d\n", graph ? SC_MORE : code);
        for (u64 i = 0; i < hunts && !refined; i++)
            tell_hunt(graph, t);
        if (refined && graph)
            tell_mapped(graph, t);
        sc_graph_close(graph);
    }
    sc_fail_allocation(0);
}

int main(int count, char **given)
{
    for (u64 cases = number(); cases; cases--) {
        read_table();
        struct sc_search *search = searched();
        struct tables t = read_tables();
        int code = 0;
        u64 hunts = number();
        if (count > 1)
            fail_each(search, &t, hunts, ftell(stdin), strtoull(given[1], NULL, 0), count > 2);
        else {
            struct sc_graph *graph = sc_graph_open(search, &t.options, &code);
            if (graph)
                tell_graph(graph, &t);
            else
                printf("none %d\n", code);
            for (u64 i = 0; i < hunts; i++)
                tell_hunt(graph, &t);
            sc_graph_close(graph);
        }
        sc_close(search);
        free(t.signals_of), free(t.obliging), free(t.step_signals);
        free(t.predicates);
        free(t.enabled);
    }
    return 0;
}
