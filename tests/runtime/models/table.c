/* A model that is a table, filled in by a test: states, the evaluations out of them, what holds there. A state's place in the table is found by its value, a number
 * of 12 bits; further bits depend on the value, so that states of all widths can be made.
 */
#include "table.h"

#ifndef BITS
#define BITS 12
#endif
#ifndef FLAGS
#define FLAGS SC_HAS_CONSTRAINT
#endif
#ifndef ASKING
#define ASKING 0u /* the set of the predicates that ask what occurs: 4u, the last one, or none */
#endif
#define WORDS ((BITS + 63) / 64)
#define LAST (~(u64)0 >> (63 - (BITS - 1) % 64))

struct table speccheck_table;

static void become(u64 *state, u64 value)
{
    state[0] = value | value * 0x9E3779B97F4A7C15u << 12;
    for (u32 i = 1; i < WORDS; i++)
        state[i] = (value + i) * 0xD6E8FEB86659FD93u;
    state[WORDS - 1] &= LAST;
    state[WORDS] = 0xABCD; /* what a model may do to the word beyond */
}

static u64 value_of(const u64 *state)
{
    return state[0] & (TABLE_VALUES - 1);
}

static u32 place_of(const u64 *state)
{
    return speccheck_table.places[value_of(state)];
}

void table_state(u32 place, u64 *state)
{
    become(state, speccheck_table.values[place]);
}

static void expand(const u64 *state, struct sc_steps *out)
{
    const struct table *table = &speccheck_table;
    u32 place = place_of(state);
    if (table->asks[place]) {
        out->ask(out, SC_ASK_STEPS, place, state, NULL);
        return;
    }
    for (u32 i = table->begins[place]; i < table->begins[place + 1]; i++) {
        u32 instance = table->instances[i], target = table->targets[i];
        if (target == TABLE_ERRS) {
            out->found[0] |= 1;
            if (out->erred)
                out->erred[instance / 64] |= (u64)1 << instance % 64;
            continue;
        }
        if (out->count == out->room)
            out->grow(out);
        if (out->instances)
            out->instances[out->count] = instance;
        become(out->targets + (u64)(WORDS + 1) * out->count++, table->values[target]);
        out->taken[0]++;
        out->moved[0] |= target != place;
    }
}

static void visit(const u64 *state, struct sc_steps *out)
{
    (void)state, (void)out;
}

static int kept(const u64 *state, struct sc_steps *out)
{
    (void)out;
    return speccheck_table.kept[place_of(state)] != 0;
}

static int compare(const u64 *a, const u64 *b)
{
    u32 x = speccheck_table.ranks[value_of(a)], y = speccheck_table.ranks[value_of(b)];
    return (x > y) - (x < y);
}

static void changes(const u64 *s, const u64 *t, u64 *into)
{
    *into |= value_of(s) != value_of(t);
}

static void letter(const u64 *s, u64 *holds, u64 *raised, u64 *needs, struct sc_steps *out)
{
    (void)out;
    holds[0] |= speccheck_table.holds[place_of(s)] & ~ASKING;
    raised[0] |= speccheck_table.raised[place_of(s)] & ~ASKING;
    needs[0] |= ASKING;
}

/* To eight abstract states; of some states that is not known here. */
static int map(u32 which, const u64 *s, u64 *out)
{
    *out = value_of(s) % 8;
    return which || value_of(s) % 16 == 3;
}
#if ASKING
static void step_letter(const u64 *s, const u64 *t, u64 *holds, u64 *raised, struct sc_steps *out)
{
    (void)out;
    holds[0] |= (value_of(s) + value_of(t)) % 3 == 0 ? ASKING : 0;
    raised[0] |= speccheck_table.raised[place_of(s)] & ASKING;
}
#endif

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = WORDS, .bits = BITS, .actions = 1, .instances = TABLE_INSTANCES, .finds = 1, .flags = FLAGS, .variables = 1,
    .expand = expand, .visit = visit, .kept = kept, .compare = compare, .changes = changes, .letter = letter, .atoms = TABLE_PREDICATES,
    .map = map,
#if ASKING
    .step_letter = step_letter,
#endif
};
