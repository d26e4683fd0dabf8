/* Search the model that is linked in and say how long it took: measure [workers [ring [huge_pages [first_slots_log2 [words of the initial state ...]]]]] */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "search.h"

extern const struct sc_model speccheck_model;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static u32 number(int count, char **given, int which)
{
    return which < count ? (u32)strtoul(given[which], NULL, 0) : 0;
}

int main(int count, char **given)
{
    struct sc_options options = {number(count, given, 1), number(count, given, 2), number(count, given, 3), number(count, given, 4), 0, 0};
    u64 *seed = calloc(speccheck_model.words + 1, sizeof *seed);
    for (u32 i = 0; seed && i < speccheck_model.words; i++)
        seed[i] = 5 + (int)i < count ? strtoull(given[5 + i], NULL, 0) : i;
    double begun = now();
    struct sc_search *search = sc_open(&speccheck_model, &options);
    if (!search || !seed || sc_seed(search, seed, 1))
        return 1;
    while (sc_level(search, 0) == SC_MORE) {
    }
    double seconds = now() - begun;
    struct sc_progress p;
    sc_progress(search, &p);
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("%llu distinct, %llu generated, %llu levels: %.3f s (%.3f of processors), %.2f M distinct/s, %.1f M generated/s; bytes/state: table %.1f, log %.1f, resident %.1f\n",
           (unsigned long long)p.distinct, (unsigned long long)p.generated, (unsigned long long)p.level, seconds,
           (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6, (double)p.distinct / seconds / 1e6,
           (double)p.generated / seconds / 1e6, (double)p.table_bytes / (double)p.distinct, (double)p.log_bytes / (double)p.distinct,
           (double)used.ru_maxrss * 1024 / (double)p.distinct);
    sc_close(search);
    free(seed);
    return 0;
}
