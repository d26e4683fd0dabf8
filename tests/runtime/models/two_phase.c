/* Two-phase commit with N resource managers, in 4 N + 4 bits: the state of each (2 bits: working, prepared, committed, aborted), the state of the transaction
 * manager (2 bits: it waits, committed, aborted), who it knows to be prepared, and the messages that were sent. */
#include "model.h"

#ifndef N
#define N 3
#endif
#define WAITS(s) (!((s) >> TM & 3))
#define TM (2 * N)
#define KNOWN (2 * N + 2)
#define PREPARED (3 * N + 2)
#define COMMIT (4 * N + 2)
#define ABORT (4 * N + 3)
#define BIT(n) ((u64)1 << (n))
#define RM(s, r) ((s) >> 2 * (r) & 3)

enum { RECEIVE, TM_COMMIT, TM_ABORT, PREPARE, CHOOSE_ABORT, OBEY_COMMIT, OBEY_ABORT, ACTIONS };

/* The instances of an action are one for each manager, but for those of the transaction manager alone. */
static const u32 first_instance[] = {0, N, N + 1, N + 2, 2 * N + 2, 3 * N + 2, 4 * N + 2};

static void push(struct sc_steps *out, u32 action, u32 manager, u64 s, u64 t)
{
    if (out->count == out->room)
        out->grow(out);
    if (out->instances)
        out->instances[out->count] = first_instance[action] + manager;
    out->targets[2 * out->count++] = t;
    out->taken[action]++;
    out->moved[action] |= s ^ t;
}

static void expand(const u64 *state, struct sc_steps *out)
{
    u64 s = *state;
    if (WAITS(s)) {
        for (u32 r = 0; r < N; r++)
            if (s >> (PREPARED + r) & 1)
                push(out, RECEIVE, r, s, s | BIT(KNOWN + r));
        if ((s >> KNOWN & (BIT(N) - 1)) == BIT(N) - 1)
            push(out, TM_COMMIT, 0, s, s | BIT(TM) | BIT(COMMIT));
        push(out, TM_ABORT, 0, s, s | BIT(TM + 1) | BIT(ABORT));
    }
    for (u32 r = 0; r < N; r++)
        if (!RM(s, r)) {
            push(out, PREPARE, r, s, s | BIT(2 * r) | BIT(PREPARED + r));
            push(out, CHOOSE_ABORT, r, s, s | (u64)3 << 2 * r);
        }
    for (u32 r = 0; r < N && s >> COMMIT & 1; r++)
        push(out, OBEY_COMMIT, r, s, (s & ~((u64)3 << 2 * r)) | (u64)2 << 2 * r);
    for (u32 r = 0; r < N && s >> ABORT & 1; r++)
        push(out, OBEY_ABORT, r, s, s | (u64)3 << 2 * r);
}

/* Find 0: some manager aborted while another committed (never). Find 1: all have committed. */
static void visit(const u64 *state, struct sc_steps *out)
{
    u64 pairs = BIT(2 * N) - 1, low = *state & pairs & 0x5555555555555555u, high = *state >> 1 & pairs & 0x5555555555555555u;
    if ((low & high) && (high & ~low))
        out->found[0] |= 1;
    if (high == (pairs & 0x5555555555555555u) && !low)
        out->found[0] |= 2;
}

static int compare(const u64 *a, const u64 *b)
{
    return (*a > *b) - (*a < *b);
}

/* Variables: managers, transaction manager, known, messages. */
static void changes(const u64 *s, const u64 *t, u64 *into)
{
    u64 d = *s ^ *t;
    *into |= (u64)!!(d & (BIT(TM) - 1)) | (u64)!!(d >> TM & 3) << 1 | (u64)!!(d >> KNOWN & (BIT(N) - 1)) << 2 | (u64)!!(d >> PREPARED) << 3;
}

/* Predicates: some manager is prepared; each of them has committed or aborted. */
static void letter(const u64 *s, u64 *holds, u64 *raised, u64 *needs, struct sc_steps *out)
{
    (void)raised, (void)needs, (void)out;
    u64 pairs = BIT(2 * N) - 1, low = *s & pairs & 0x5555555555555555u, high = *s >> 1 & pairs & 0x5555555555555555u;
    *holds |= (u64)((low & ~high) != 0) | (u64)(high == (pairs & 0x5555555555555555u)) << 1;
}

const struct sc_model speccheck_model = {
    .abi = SC_ABI, .words = 1, .bits = 4 * N + 4, .actions = ACTIONS, .instances = 5 * N + 2, .finds = 2, .variables = 4,
    .expand = expand, .visit = visit, .compare = compare, .changes = changes, .letter = letter, .atoms = 2,
};
