/* Search two_phase.c and look for a lasso of "prepared leads to decided" under eight weak assumptions, and say how long each part took.
 *
 *     measure_liveness [workers [memory]]
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "liveness.h"

extern const struct sc_model speccheck_model;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Signals: one for each of the seven actions, on all managers; and one for all of them. */
static void fill_signals(u64 *signals_of)
{
    u32 managers = (speccheck_model.instances - 2) / 5, first[] = {0, 1, 1, 0, 0, 0, 0}, instance = 0;
    for (u32 action = 0; action < 7; action++)
        for (u32 i = first[action] ? managers - 1 : 0; i < managers; i++)
            signals_of[instance++] = (u64)1 << action | 1 << 7;
}

int main(int count, char **given)
{
    struct sc_options options = {.workers = count > 1 ? (u32)atoi(given[1]) : 0};
    u64 *seed = calloc(speccheck_model.words + 1, sizeof *seed), *signals_of = calloc(speccheck_model.instances, sizeof *signals_of);
    for (u32 i = 1; seed && i < speccheck_model.words; i++)
        seed[i] = i;
    double begun = now();
    struct sc_search *search = sc_open(&speccheck_model, &options);
    if (!search || !seed || !signals_of || sc_seed(search, seed, 1))
        return 1;
    while (sc_level(search, 0) == SC_MORE) {
    }
    double searched = now();
    fill_signals(signals_of);
    u32 predicates[] = {0, 1};
    struct sc_graph_options tables = {
        .signals = 8, .atoms = 2, .signals_of = signals_of, .predicates = predicates, .memory = count > 2 ? strtoull(given[2], NULL, 0) : 0};
    int code;
    struct sc_graph *graph = sc_graph_open(search, &tables, &code);
    double opened = now();
    u64 weak = 255, strong = 0;
    u32 start[] = {0, 1, SC_CODE_NOT, SC_CODE_AND}, stay[] = {1, SC_CODE_NOT}, again[] = {SC_CODE_TRUE};
    struct sc_shape shape = {{start, 4}, {stay, 2}, {again, 1}, 0};
    struct sc_lasso lasso = {0};
    if (!graph)
        return 1;
    code = sc_hunt_shape(graph, &(struct sc_fairness){&weak, &strong}, &shape, &lasso);
    double hunted = now();
    struct sc_graph_size size;
    sc_graph_size(graph, &size);
    printf("%llu states, %llu steps, %llu sets of signals, %.1f bytes/state%s: safety %.1f ms, graph %.1f ms, hunt %.1f ms (%s); in all %.2f of the safety search\n",
           (unsigned long long)size.states, (unsigned long long)size.steps, (unsigned long long)size.masks, (double)size.bytes / (double)size.states,
           size.stored ? "" : ", steps taken again", (searched - begun) * 1e3, (opened - searched) * 1e3, (hunted - opened) * 1e3,
           code == SC_LASSO ? "a lasso" : code == SC_NO_LASSO ? "no lasso" : "no answer", (hunted - begun) / (searched - begun));
    sc_graph_close(graph);
    sc_close(search);
    free(seed);
    free(signals_of);
    return 0;
}
