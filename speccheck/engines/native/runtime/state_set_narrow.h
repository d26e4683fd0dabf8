/* What a set of narrow states does. A template: SLOT is the type of a slot, NAME gives its functions names.
 *
 * The hash is Fibonacci's: states that differ little come to lie near each other, which is worth more than mixing all bits well.
 */

static inline u64 NAME(hash)(const struct worker *worker, const u64 *state)
{
    (void)worker;
    return state[0] * 0x9E3779B97F4A7C15u;
}

static inline void NAME(prefetch)(const struct state_set *set, u64 hash)
{
    __builtin_prefetch((SLOT *)set->slots + sc_scaled(hash, set->slot_count), 1);
}

static inline void NAME(prefetch_state)(const struct state_set *set, u64 hash)
{
    (void)set, (void)hash; /* the slot is the state */
}

static inline int NAME(has)(const struct worker *worker, const struct state_set *set, const u64 *state, u64 hash)
{
    (void)worker;
    SLOT mark = (SLOT)(state[0] + 1), *slots = set->slots;
    if (!mark)
        return __atomic_load_n(&set->all_ones, __ATOMIC_RELAXED) != 0;
    for (u64 at = sc_scaled(hash, set->slot_count);;) {
        SLOT slot = __atomic_load_n(slots + at, __ATOMIC_RELAXED);
        if (slot == mark || !slot)
            return slot == mark;
        if (++at == set->slot_count)
            at = 0;
    }
}

static inline void NAME(append)(const struct state_set *set, struct block *block, u64 state)
{
    u32 stride = sizeof(SLOT) == 4 ? 4 : set->log.stride;
    sc_entry_write(block->at, stride, state);
    block->at += stride, block->next++;
}

static int NAME(put_all_ones)(struct worker *worker, struct state_set *set, struct block *block, u64 state)
{
    if (__atomic_load_n(&set->all_ones, __ATOMIC_RELAXED))
        return SC_KNOWN;
    if (block->next == block->end && !sc_reserve(worker, set, block))
        return SC_NO_ROOM;
    if (__atomic_exchange_n(&set->all_ones, 1, __ATOMIC_RELAXED))
        return SC_KNOWN;
    NAME(append)(set, block, state);
    return SC_NEW;
}

static inline int NAME(put)(struct worker *worker, struct state_set *set, struct block *block, const u64 *state, u64 hash)
{
    SLOT mark = (SLOT)(state[0] + 1);
    if (__builtin_expect(!mark, 0))
        return NAME(put_all_ones)(worker, set, block, state[0]);
    for (;;) { /* once for each table: it may be replaced while a block is waited for */
        SLOT *slots = set->slots;
        for (u64 at = sc_scaled(hash, set->slot_count);;) {
            SLOT slot = __atomic_load_n(slots + at, __ATOMIC_RELAXED);
            if (slot == mark)
                return SC_KNOWN;
            if (!slot && block->next == block->end)
                break;
            if (!slot && __atomic_compare_exchange_n(slots + at, &slot, mark, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
                NAME(append)(set, block, state[0]);
                return SC_NEW;
            }
            if (slot == mark)
                return SC_KNOWN;
            if (++at == set->slot_count)
                at = 0;
        }
        if (!sc_reserve(worker, set, block))
            return SC_NO_ROOM;
    }
}

/* Enter a state of the log, which is not there, into a new table. */
static inline void NAME(refill_one)(struct state_set *set, const u64 *state, u64 hash, u64 entry)
{
    (void)entry;
    SLOT mark = (SLOT)(state[0] + 1), *slots = set->slots;
    if (!mark)
        return; /* it lies in no table */
    for (u64 at = sc_scaled(hash, set->slot_count);;) {
        SLOT empty = 0;
        if (!__atomic_load_n(slots + at, __ATOMIC_RELAXED) && __atomic_compare_exchange_n(slots + at, &empty, mark, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            return;
        if (++at == set->slot_count)
            at = 0;
    }
}

static inline void NAME(read)(const struct worker *worker, const struct state_set *set, u64 entry, u64 *state)
{
    (void)worker;
    state[0] = sc_entry_read(sc_log_at(&set->log, entry), sizeof(SLOT) == 4 ? 4 : set->log.stride);
}
