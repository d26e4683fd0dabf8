/* Search the model that is linked in and tell everything that can be seen, one thing a line. What a sanitizer finds goes to stderr.
 *
 *     tell workers ring first_slots_log2 states memory levels ones [failing]
 *
 * The initial state has all bits if `ones`, else its words are numbered; it is given twice.
 * `failing`: search again and again, the n-th allocation failing, until nothing fails; tell only
 * the codes, whether everything could be told, and the bit set of the first finds.
 */
#include <stdio.h>
#include <stdlib.h>

#include "search.h"

extern const struct sc_model speccheck_model;
static const struct sc_model *const model = &speccheck_model;

static void tell_state(const u64 *state)
{
    for (u32 i = 0; i < model->words; i++)
        printf("%s%llx", i ? "." : " ", (unsigned long long)state[i]);
}

static void tell_numbers(const char *name, const u64 *numbers, u32 count)
{
    printf("%s", name);
    for (u32 i = 0; i < count; i++)
        printf(" %llu", (unsigned long long)numbers[i]);
    printf("\n");
}

static void tell_counts(struct sc_search *search)
{
    struct sc_progress p;
    u64 taken[64], moved[64], changed[2] = {0, 0};
    sc_progress(search, &p);
    sc_counts(search, taken, moved, changed);
    u64 counts[] = {p.level, p.generated, p.distinct, p.expanded, p.queue, p.dropped};
    tell_numbers("counts", counts, 6);
    tell_numbers("taken", taken, model->actions);
    tell_numbers("moved", moved, model->actions);
    tell_numbers("changed", changed, 1);
}

static int tell_levels(struct sc_search *search, int quiet)
{
    u64 size;
    for (u64 level = 1; (size = sc_level_size(search, level)) != 0; level++) {
        u64 *states = malloc((size * model->words + 1) * sizeof *states);
        if (!states || sc_level_states(search, level, states)) {
            free(states);
            return 0;
        }
        if (!quiet) {
            printf("level");
            for (u64 i = 0; i < size; i++)
                tell_state(states + i * model->words);
            printf("\n");
        }
        free(states);
    }
    return 1;
}

/* Each find, and the way back from it. */
static int tell_finds(struct sc_search *search, int quiet)
{
    u64 *state = calloc(model->words + 1, sizeof *state), level;
    int before = 0;
    for (u32 find = 0; state && find < model->finds; find++) {
        if (!sc_found(search, find, state, &level))
            continue;
        if (!quiet)
            printf("find %u %llu", find, (unsigned long long)level);
        do {
            if (!quiet)
                tell_state(state);
        } while (--level && (before = sc_before(search, level, state, state)) == 1);
        if (!quiet)
            printf("\n");
        if (before < 0)
            break;
    }
    free(state);
    return before >= 0;
}

/* All bits of a state, or its words numbered. */
static void set_first(u64 *state, u64 ones)
{
    for (u32 i = 0; i < model->words; i++)
        state[i] = ones ? ~(u64)0 : i;
    if (ones)
        state[model->words - 1] >>= (64 - model->bits % 64) % 64;
}

static enum sc_code run(struct sc_search *search, u64 ones, u64 levels)
{
    u64 *seeds = calloc(2 * model->words + 1, sizeof *seeds);
    if (!seeds)
        return SC_OUT_OF_MEMORY;
    set_first(seeds, ones);
    set_first(seeds + model->words, ones); /* once more: to be counted, but no other state */
    enum sc_code code = (enum sc_code)sc_seed(search, seeds, 2);
    for (u64 level = 1; code == SC_MORE; level++)
        code = (enum sc_code)sc_level(search, level == levels);
    free(seeds);
    return code;
}

static int run_with_failures(const struct sc_options *options, u64 ones, u64 levels)
{
    for (u64 n = 1;; n++) {
        sc_fail_allocation(n);
        struct sc_search *search = sc_open(model, options);
        enum sc_code code = search ? run(search, ones, levels) : SC_OUT_OF_MEMORY;
        int told = search && tell_finds(search, 1) && tell_levels(search, 1);
        u64 found = 0, level, *state = calloc(model->words + 1, sizeof *state);
        for (u32 find = 0; search && state && find < 64; find++)
            found |= (u64)sc_found(search, find, state, &level) << find;
        free(state);
        sc_close(search);
        printf("code %d %d %llu\n", (int)code, told, (unsigned long long)found);
        if (code == SC_DONE && told)
            break;
    }
    sc_fail_allocation(0);
    return 0;
}

int main(int count, char **given)
{
    u64 n[9] = {0};
    for (int i = 1; i < count && i < 9; i++)
        n[i] = strtoull(given[i], NULL, 0);
    struct sc_options options = {.workers = (u32)n[1], .ring = (u32)n[2], .first_slots_log2 = (u32)n[3], .states = n[4], .memory = n[5]};
    if (n[8])
        return run_with_failures(&options, n[7], n[6]);
    struct sc_search *search = sc_open(model, &options);
    if (!search)
        return 1;
    printf("code %d\n", (int)run(search, n[7], n[6]));
    tell_counts(search);
    int told = tell_levels(search, 0) && tell_finds(search, 0);
    sc_close(search);
    return !told;
}
