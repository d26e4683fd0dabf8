/* What a set of wide states does. A template: WORDS are the words of a state, a constant or an expression of `worker`; NAME gives its functions names.
 *
 * Publication needs no lock and no spinning: a worker writes the state into an entry of its own block and then offers it to a slot. Who comes second finds a tag
 * like his own, compares, and keeps his entry for the next state.
 */

static inline u64 NAME(folded)(u64 a, u64 b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (u64)product ^ (u64)(product >> 64);
}

/* Two lanes of folded multiplications (as wyhash does it), so that one need not wait for the other. */
static inline u64 NAME(hash)(const struct worker *worker, const u64 *state)
{
    (void)worker;
    u64 one = 0x9E3779B97F4A7C15u, two = 0xD6E8FEB86659FD93u;
    u32 i = 0, words = WORDS;
    for (; i + 4 <= words; i += 4) {
        one = NAME(folded)(state[i] ^ one, state[i + 1] ^ 0xE7037ED1A0B428DBu);
        two = NAME(folded)(state[i + 2] ^ two, state[i + 3] ^ 0x8EBC6AF09C88C6E3u);
    }
    if (words & 2)
        one = NAME(folded)(state[i] ^ one, state[i + 1] ^ 0xE7037ED1A0B428DBu), i += 2;
    if (words & 1)
        two = NAME(folded)(state[i] ^ two, 0x8EBC6AF09C88C6E3u);
    return NAME(folded)(one ^ two, 0x589965CC75374CC3u);
}

static inline void NAME(prefetch)(const struct state_set *set, u64 hash)
{
    __builtin_prefetch((u64 *)set->slots + sc_scaled(hash, set->slot_count), 1);
}

/* The slot should have arrived by now: if it looks like the state's, what it stands for will be compared. */
static inline void NAME(prefetch_state)(const struct state_set *set, u64 hash)
{
    u64 slot = __atomic_load_n((u64 *)set->slots + sc_scaled(hash, set->slot_count), __ATOMIC_ACQUIRE);
    if (slot >> 32 != (u32)hash || !slot)
        return;
    const char *at = sc_log_at(&set->log, (u32)slot - 1);
    for (u32 i = 0; i < set->log.stride; i += 64)
        __builtin_prefetch(at + i);
}

static inline int NAME(equal)(const struct worker *worker, const u64 *a, const u64 *b)
{
    (void)worker;
    u64 differ = 0;
    for (u32 i = 0; i < WORDS; i++)
        differ |= a[i] ^ b[i];
    return !differ;
}

static inline int NAME(is)(const struct worker *worker, const struct state_set *set, u64 slot, const u64 *state, u64 hash)
{
    return slot >> 32 == (u32)hash && NAME(equal)(worker, (const u64 *)(const void *)sc_log_at(&set->log, (u32)slot - 1), state);
}

static inline int NAME(has)(const struct worker *worker, const struct state_set *set, const u64 *state, u64 hash)
{
    u64 *slots = set->slots;
    for (u64 at = sc_scaled(hash, set->slot_count);;) {
        u64 slot = __atomic_load_n(slots + at, __ATOMIC_ACQUIRE);
        if (!slot)
            return 0;
        if (NAME(is)(worker, set, slot, state, hash))
            return 1;
        if (++at == set->slot_count)
            at = 0;
    }
}

static inline int NAME(put)(struct worker *worker, struct state_set *set, struct block *block, const u64 *state, u64 hash)
{
    for (;;) { /* once for each table: it may be replaced while a block is waited for */
        u64 *slots = set->slots;
        int written = 0;
        for (u64 at = sc_scaled(hash, set->slot_count);;) {
            u64 slot = __atomic_load_n(slots + at, __ATOMIC_ACQUIRE);
            if (!slot && block->next == block->end)
                break;
            if (!slot) {
                if (!written)
                    __builtin_memcpy(block->at, state, 8 * (size_t)(WORDS)), written = 1;
                if (__atomic_compare_exchange_n(slots + at, &slot, hash << 32 | (block->next + 1), 0, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE)) {
                    block->at += set->log.stride, block->next++;
                    return SC_NEW;
                }
            }
            if (NAME(is)(worker, set, slot, state, hash))
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
    (void)state;
    u64 *slots = set->slots;
    for (u64 at = sc_scaled(hash, set->slot_count);;) {
        u64 empty = 0;
        if (!__atomic_load_n(slots + at, __ATOMIC_RELAXED) &&
            __atomic_compare_exchange_n(slots + at, &empty, hash << 32 | (entry + 1), 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
            return;
        if (++at == set->slot_count)
            at = 0;
    }
}

static inline void NAME(read)(const struct worker *worker, const struct state_set *set, u64 entry, u64 *state)
{
    (void)worker;
    __builtin_memcpy(state, sc_log_at(&set->log, entry), 8 * (size_t)(WORDS));
}
