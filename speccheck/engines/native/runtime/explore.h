/* Looking at states and settling where their steps lead. A template, for each width of states: needs the functions of a set (state_set_narrow.h or
 * state_set_wide.h), and WORDS, the words of a state.
 *
 * A target is hashed when it comes out of the model, and looked up when a ring's length of others has come after it: by then the memory has arrived.
 * `flags` are those of the model; they are constants where a model has none, so that the plain search has no code for what it does not need.
 */

/* A place of the ring: the target (canonical); its hash in the word after, which a model may have used; and, if any flag needs it, the target as it was. */
#define PLACE(flags) ((flags) ? 2 * ((u64)(WORDS) + 1) : (u64)(WORDS) + 1)

static inline void NAME(copy)(const struct worker *worker, u64 *to, const u64 *from)
{
    (void)worker;
    for (u32 i = 0; i < WORDS; i++)
        to[i] = from[i];
}

/* A state outside of the constraint is kept in a set of its own, to be counted and looked at once. `raw` is the target as it was reached. */
static void NAME(settle_constrained)(struct worker *worker, const u64 *state, u64 hash, const u64 *raw)
{
    struct sc_search *search = worker->search;
    const struct sc_model *model = search->model;
    struct sc_steps *aside = &worker->aside;
    if (!sc_is_whole(search) || NAME(has)(worker, &search->kept, state, hash) || NAME(has)(worker, &search->dropped, state, hash))
        return;
    sc_forget(aside->found, search->find_words);
    if (model->kept(raw, aside)) {
        if (NAME(put)(worker, &search->kept, &worker->kept, state, hash) == SC_NEW)
            sc_count(&worker->fresh, 1);
    } else {
        enum sc_put put = NAME(put)(worker, &search->dropped, &worker->dropped, state, hash);
        if (put == SC_NEW)
            sc_count(&worker->cast_out, 1);
        if (put != SC_KNOWN) /* where there is no room, again and again: nothing is missed */
            model->visit(state, aside);
    }
    sc_finds_note(worker, aside->found, state, search->level + 1);
}

static inline __attribute__((always_inline)) void NAME(settle)(struct worker *worker, const u64 *place, u32 flags)
{
    u64 hash = place[WORDS];
    if (flags & SC_HAS_CONSTRAINT)
        NAME(settle_constrained)(worker, place, hash, flags & SC_HAS_CANONICAL ? place + WORDS + 1 : place);
    else if (NAME(put)(worker, &worker->search->kept, &worker->kept, place, hash) == SC_NEW)
        sc_count(&worker->fresh, 1);
}

static inline __attribute__((always_inline)) void NAME(reach)(struct worker *worker, const u64 *target, u32 flags)
{
    struct sc_search *search = worker->search;
    u64 *place = worker->ring + (worker->head & worker->ring_last) * PLACE(flags);
    if (worker->held > worker->ring_last)
        NAME(settle)(worker, place, flags);
    else
        worker->held++;
    NAME(copy)(worker, place, target);
    if (flags & SC_HAS_CANONICAL) {
        NAME(copy)(worker, place + WORDS + 1, target);
        search->model->canonical(place);
    }
    u64 hash = NAME(hash)(worker, place);
    place[WORDS] = hash;
    NAME(prefetch)(&search->kept, hash);
    if (flags & SC_HAS_CONSTRAINT)
        NAME(prefetch)(&search->dropped, hash);
    worker->head++;
    u32 half = (worker->ring_last + 1) / 2;
    if (worker->held > half) {
        u64 earlier = worker->ring[((worker->head - half - 1) & worker->ring_last) * PLACE(flags) + (WORDS)];
        NAME(prefetch_state)(&search->kept, earlier);
        if (flags & SC_HAS_CONSTRAINT)
            NAME(prefetch_state)(&search->dropped, earlier);
    }
}

static void NAME(drain)(struct worker *worker)
{
    u32 flags = worker->search->model->flags;
    while (worker->held) {
        NAME(settle)(worker, worker->ring + ((worker->head - worker->held) & worker->ring_last) * PLACE(flags), flags);
        worker->held--;
    }
}

static void NAME(note_change)(struct worker *worker, const u64 *s, const u64 *t)
{
    worker->search->model->changes(s, t, worker->changed);
    u32 count = 0;
    for (u32 i = 0; i < worker->search->change_words; i++)
        count += (u32)__builtin_popcountll(worker->changed[i]);
    for (u32 i = 0; i < WORDS; i++)
        worker->ever_changed[i] = count == worker->search->model->variables ? ~(u64)0 : worker->ever_changed[i] | (s[i] ^ t[i]);
}

static inline __attribute__((always_inline)) void NAME(follow)(struct worker *worker, u32 flags)
{
    const u64 *s = worker->source, *previous = s, *t = worker->steps.targets;
    u32 count = worker->steps.count;
    for (u32 i = 0; i < count; i++, t += WORDS + 1) {
        u64 differs = 0, anew = 0, fresh = 0;
        for (u32 w = 0; w < WORDS; w++) {
            u64 change = s[w] ^ t[w];
            differs |= change;
            anew |= t[w] ^ previous[w];
            fresh |= change & ~worker->ever_changed[w];
        }
        if (!differs || !anew)
            continue;
        if (__builtin_expect(fresh != 0, 0))
            NAME(note_change)(worker, s, t);
        if (flags & SC_HAS_STEP)
            worker->search->model->step(s, t, &worker->steps);
        NAME(reach)(worker, t, flags);
        previous = t;
    }
}

static inline __attribute__((always_inline)) void NAME(look)(struct worker *worker, u32 flags)
{
    struct sc_search *search = worker->search;
    struct sc_steps *steps = &worker->steps;
    sc_forget(steps->found, search->find_words);
    search->model->visit(worker->source, steps);
    if (!search->last) {
        steps->count = 0;
        search->model->expand(worker->source, steps);
        if (__builtin_expect(worker->lost, 0)) { /* half of its steps would tell of a deadlock that is none */
            worker->lost = 0;
            return;
        }
        sc_count(&worker->generated, steps->count);
        sc_count(&worker->expanded, 1);
        NAME(follow)(worker, flags);
    }
    if (sc_any(steps->found, search->find_words))
        sc_finds_note(worker, steps->found, worker->source, search->level);
}

static int NAME(look_at_part)(struct worker *worker, struct run part)
{
    struct sc_search *search = worker->search;
    u32 flags = search->model->flags;
    for (u64 entry = part.first; entry < part.first + part.count; entry++) {
        if (__builtin_expect(__atomic_load_n(&search->signal, __ATOMIC_RELAXED), 0) && !sc_attend(worker))
            return 0;
        NAME(read)(worker, &search->kept, entry, worker->source);
        if (flags)
            NAME(look)(worker, flags);
        else
            NAME(look)(worker, 0);
    }
    return 1;
}

static void NAME(explore)(struct worker *worker)
{
    struct run part;
    while (sc_cursor_take(worker->search, &worker->search->remaining, &part) && NAME(look_at_part)(worker, part)) {
    }
    if (sc_is_whole(worker->search))
        NAME(drain)(worker);
    worker->held = 0;
    sc_leave(worker);
}

static void NAME(seed)(struct worker *worker, const u64 *state)
{
    NAME(reach)(worker, state, worker->search->model->flags);
    NAME(drain)(worker);
}

#define AHEAD 32 /* states that are prefetched before the first is entered */

static void NAME(refill)(struct worker *worker, struct state_set *set)
{
    struct run part;
    while (sc_cursor_take(worker->search, &worker->search->refilled, &part)) {
        if (__atomic_load_n(&worker->search->signal, __ATOMIC_RELAXED) & SC_SIGNAL_STOP)
            sc_end(worker->search, SC_STOPPED); /* a large table takes long to fill */
        if (!sc_is_whole(worker->search))
            return;
        for (u64 first = part.first, end = first + part.count; first < end; first += AHEAD) {
            u64 hashes[AHEAD];
            u32 count = end - first < AHEAD ? (u32)(end - first) : AHEAD;
            for (u32 i = 0; i < count; i++) {
                NAME(read)(worker, set, first + i, worker->scratch);
                hashes[i] = NAME(hash)(worker, worker->scratch);
                NAME(prefetch)(set, hashes[i]);
            }
            for (u32 i = 0; i < count; i++) {
                NAME(read)(worker, set, first + i, worker->scratch);
                NAME(refill_one)(set, worker->scratch, hashes[i], first + i);
            }
        }
    }
}

static const struct width NAME(width) = {NAME(explore), NAME(seed), NAME(refill)};

#undef AHEAD
#undef PLACE
