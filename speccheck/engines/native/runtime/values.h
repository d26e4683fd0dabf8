/* Values as strings of bits: what compiled rules do with them. Included after model.h by every model, which defines SC_WORDS, the words of its states.
 *
 * A value lies at a bit offset of a string of 64-bit words, least significant first. Behind every string there is one word more that may be read and written, so
 * a field of up to 57 bits is one unaligned load. `slots` are the elements of a list, bag or sorted set: slot 0 is the highest one.
 */
#ifndef SPECCHECK_VALUES_H
#define SPECCHECK_VALUES_H

#include "model.h"


#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "compiled rules read bit fields in little-endian order"
#endif

#define SC_INLINE static inline __attribute__((always_inline, unused))
#define SC_PLAIN static __attribute__((unused))
#if defined(__clang__)
#define SC_UNROLL _Pragma("unroll")
#else
#define SC_UNROLL _Pragma("GCC unroll 16")
#endif

/* Why an evaluation ended early; 0 is that it did not. */
enum sc_failure { SC_NONE, SC_ERROR, SC_DOMAIN, SC_ASSERT, SC_BEYOND, SC_DISABLED, SC_STEP };

/* A value of more than 64 bits, and the word behind it. */
#define SC_BITS(N) typedef struct { u64 w[(N) + 1]; } sc_bits_##N;

/* ---------------------------------------------------------------- fields */

SC_INLINE u64 sc_mask(u32 width) { return width < 64 ? (1ull << width) - 1 : ~0ull; }

/* The field of `width` bits (0 to 64) at bit `off`. */
SC_INLINE u64 sc_get(const u64 *p, u64 off, u32 width)
{
    const u8 *at = (const u8 *)p + (off >> 3);
    u32 shift = off & 7;
    u64 v;
    __builtin_memcpy(&v, at, 8);
    v >>= shift;
    if (width > 57 && shift)
        v |= (u64)at[8] << (64 - shift);
    return v & sc_mask(width);
}

SC_INLINE void sc_put(u64 *p, u64 off, u32 width, u64 value)
{
    u8 *at = (u8 *)p + (off >> 3);
    u32 shift = off & 7;
    u64 v, mask = sc_mask(width);
    __builtin_memcpy(&v, at, 8);
    v = (v & ~(mask << shift)) | (value << shift);
    __builtin_memcpy(at, &v, 8);
    if (width > 57 && shift + width > 64) {
        u32 more = shift + width - 64;
        at[8] = (u8)((at[8] & ~((1u << more) - 1)) | (value >> (64 - shift)));
    }
}

/* Copy `bits` bits; source and destination do not overlap. */
SC_INLINE void sc_copy(u64 *d, u64 to, const u64 *s, u64 from, u64 bits)
{
    for (; bits > 56; bits -= 56, to += 56, from += 56)
        sc_put(d, to, 56, sc_get(s, from, 56));
    sc_put(d, to, (u32)bits, sc_get(s, from, (u32)bits));
}

SC_INLINE void sc_clear(u64 *d, u64 to, u64 bits)
{
    for (; bits > 56; bits -= 56, to += 56)
        sc_put(d, to, 56, 0);
    sc_put(d, to, (u32)bits, 0);
}

/* Compare two fields as numbers: negative, zero or positive. */
SC_INLINE int sc_compare(const u64 *a, u64 i, const u64 *b, u64 j, u64 bits)
{
    while (bits) {
        u32 some = bits > 56 ? 56 : (u32)bits;
        bits -= some;
        u64 x = sc_get(a, i + bits, some), y = sc_get(b, j + bits, some);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

SC_INLINE int sc_same(const u64 *a, u64 i, const u64 *b, u64 j, u64 bits)
{
    u64 other = 0;
    for (; bits > 56; bits -= 56, i += 56, j += 56)
        other |= sc_get(a, i, 56) ^ sc_get(b, j, 56);
    return !(other | (sc_get(a, i, (u32)bits) ^ sc_get(b, j, (u32)bits)));
}

/* ---------------------------------------------------------------- integers, as Python's */

SC_INLINE i64 sc_floordiv(i64 a, i64 b)
{
    i64 q = a / b;
    return q - (a % b != 0 && (a < 0) != (b < 0));
}

SC_INLINE i64 sc_modulo(i64 a, i64 b)
{
    i64 r;
    if (b == -1)
        return 0;
    r = a % b;
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

/* These say whether the result is beyond 64 bits. */
SC_INLINE int sc_add(i64 a, i64 b, i64 *r) { return __builtin_add_overflow(a, b, r); }
SC_INLINE int sc_subtract(i64 a, i64 b, i64 *r) { return __builtin_sub_overflow(a, b, r); }
SC_INLINE int sc_multiply(i64 a, i64 b, i64 *r) { return __builtin_mul_overflow(a, b, r); }

SC_INLINE int sc_divide(i64 a, i64 b, i64 *r)
{
    if (a == INT64_MIN && b == -1)
        return 1;
    *r = sc_floordiv(a, b);
    return 0;
}

SC_INLINE int sc_left(i64 a, i64 b, i64 *r)
{
    if (a == 0) {
        *r = 0;
        return 0;
    }
    if (b > 63)
        return 1;
    *r = (i64)((u64)a << b);
    return *r >> b != a;
}

SC_INLINE i64 sc_right(i64 a, i64 b) { return a >> (b > 63 ? 63 : b); }

SC_PLAIN int sc_power(i64 a, i64 b, i64 *r)
{
    i64 result = 1;
    if (b < 0)
        return 1; /* a float, or a division by zero: CPython says what comes of it */
    for (; b; b >>= 1) {
        if ((b & 1) && sc_multiply(result, a, &result))
            return 1;
        if (b > 1 && sc_multiply(a, a, &a))
            return 1;
    }
    *r = result;
    return 0;
}

/* ---------------------------------------------------------------- masks of more than 64 bits */

SC_INLINE u64 sc_bit(const u64 *p, u64 off, u64 i) { return p[(off + i) >> 6] >> ((off + i) & 63) & 1; }
SC_INLINE void sc_set(u64 *p, u64 off, u64 i) { p[(off + i) >> 6] |= 1ull << ((off + i) & 63); }
SC_INLINE void sc_unset(u64 *p, u64 off, u64 i) { p[(off + i) >> 6] &= ~(1ull << ((off + i) & 63)); }

SC_PLAIN u64 sc_ones(const u64 *p, u64 off, u64 bits)
{
    u64 n = 0;
    for (; bits > 56; bits -= 56, off += 56)
        n += (u64)__builtin_popcountll(sc_get(p, off, 56));
    return n + (u64)__builtin_popcountll(sc_get(p, off, (u32)bits));
}

/* The first bit from i on, `bits` if there is none. */
SC_PLAIN u64 sc_next(const u64 *p, u64 off, u64 i, u64 bits)
{
    while (i < bits) {
        u32 some = bits - i > 56 ? 56 : (u32)(bits - i);
        u64 x = sc_get(p, off + i, some);
        if (x)
            return i + (u64)__builtin_ctzll(x);
        i += some;
    }
    return bits;
}

/* ---------------------------------------------------------------- slots */

/* Where slots lie: the whole value at `off`, the length above them. Built where it is used, so that the compiler sees constants. */
struct sc_slots {
    u64 off;
    u32 capacity, width, length_width;
};
#define SC_SLOTS(off, capacity, width, length_width) ((struct sc_slots){(off), (capacity), (width), (length_width)})

SC_INLINE u64 sc_slot(struct sc_slots of, u64 i) { return of.off + (of.capacity - 1 - i) * of.width; }
SC_INLINE u64 sc_length(const u64 *p, struct sc_slots of) { return sc_get(p, of.off + (u64)of.capacity * of.width, of.length_width); }
SC_INLINE void sc_set_length(u64 *p, struct sc_slots of, u64 n) { sc_put(p, of.off + (u64)of.capacity * of.width, of.length_width, n); }

/* The index of the first slot from `i` on that holds e, or the length. */
SC_PLAIN u64 sc_find(const u64 *p, struct sc_slots of, const u64 *e, u64 i)
{
    u64 n = sc_length(p, of);
    while (i < n && !sc_same(p, sc_slot(of, i), e, 0, of.width))
        i++;
    return i;
}

/* Of sorted slots: how many hold less than e. */
SC_PLAIN u64 sc_below(const u64 *p, struct sc_slots of, const u64 *e)
{
    u64 n = sc_length(p, of), i = 0;
    while (i < n && sc_compare(p, sc_slot(of, i), e, 0, of.width) < 0)
        i++;
    return i;
}

SC_PLAIN u64 sc_count(const u64 *p, struct sc_slots of, const u64 *e)
{
    u64 n = sc_length(p, of), found = 0;
    for (u64 i = 0; i < n; i++)
        found += (u64)sc_same(p, sc_slot(of, i), e, 0, of.width);
    return found;
}

/* Put e before the slot i; 0 where there is no room. */
SC_PLAIN int sc_insert(u64 *p, struct sc_slots of, u64 i, const u64 *e)
{
    u64 n = sc_length(p, of);
    if (n >= of.capacity)
        return 0;
    for (u64 j = n; j > i; j--)
        sc_copy(p, sc_slot(of, j), p, sc_slot(of, j - 1), of.width);
    sc_copy(p, sc_slot(of, i), e, 0, of.width);
    sc_set_length(p, of, n + 1);
    return 1;
}

SC_PLAIN int sc_append(u64 *p, struct sc_slots of, const u64 *e) { return sc_insert(p, of, sc_length(p, of), e); }

SC_PLAIN void sc_delete(u64 *p, struct sc_slots of, u64 i)
{
    u64 n = sc_length(p, of);
    for (u64 j = i; j + 1 < n; j++)
        sc_copy(p, sc_slot(of, j), p, sc_slot(of, j + 1), of.width);
    sc_clear(p, sc_slot(of, n - 1), of.width);
    sc_set_length(p, of, n - 1);
}

/* Add e to a sorted set; 0 where it is not there and there is no room. */
SC_PLAIN int sc_include(u64 *p, struct sc_slots of, const u64 *e)
{
    u64 i = sc_below(p, of, e);
    if (i < sc_length(p, of) && sc_same(p, sc_slot(of, i), e, 0, of.width))
        return 1;
    return sc_insert(p, of, i, e);
}

/* Remove one e; 0 where there is none. */
SC_PLAIN int sc_exclude(u64 *p, struct sc_slots of, const u64 *e)
{
    u64 i = sc_find(p, of, e, 0);
    if (i == sc_length(p, of))
        return 0;
    sc_delete(p, of, i);
    return 1;
}

SC_PLAIN void sc_turn(u64 *p, struct sc_slots of, u64 *one, u64 *other)
{
    u64 n = sc_length(p, of);
    for (u64 i = 0; i + 1 < n - i; i++) {
        sc_copy(one, 0, p, sc_slot(of, i), of.width);
        sc_copy(other, 0, p, sc_slot(of, n - 1 - i), of.width);
        sc_copy(p, sc_slot(of, i), other, 0, of.width);
        sc_copy(p, sc_slot(of, n - 1 - i), one, 0, of.width);
    }
}

/* Merge two sorted sets of the same shape into r, which is empty: what is only in a, in both, only in b. 0 where r has no room. */
SC_PLAIN int sc_merge(u64 *r, struct sc_slots to, const u64 *a, struct sc_slots x, const u64 *b, struct sc_slots y, int left, int both, int right)
{
    u64 i = 0, j = 0, k = 0, n = sc_length(a, x), m = sc_length(b, y);
    while (i < n || j < m) {
        int order = i == n ? 1 : j == m ? -1 : sc_compare(a, sc_slot(x, i), b, sc_slot(y, j), x.width);
        if (order < 0 ? left : order > 0 ? right : both) {
            if (k == to.capacity)
                return 0;
            if (order <= 0)
                sc_copy(r, sc_slot(to, k++), a, sc_slot(x, i), to.width);
            else
                sc_copy(r, sc_slot(to, k++), b, sc_slot(y, j), to.width);
        }
        i += order <= 0;
        j += order >= 0;
    }
    sc_set_length(r, to, k);
    return 1;
}

/* Of two sorted sets: bit 0, something is only in a; bit 1, in both; bit 2, only in b. */
SC_PLAIN int sc_relation(const u64 *a, struct sc_slots x, const u64 *b, struct sc_slots y)
{
    u64 i = 0, j = 0, n = sc_length(a, x), m = sc_length(b, y);
    int found = 0;
    while (i < n || j < m) {
        int order = i == n ? 1 : j == m ? -1 : sc_compare(a, sc_slot(x, i), b, sc_slot(y, j), x.width);
        found |= order < 0 ? 1 : order > 0 ? 4 : 2;
        i += order <= 0;
        j += order >= 0;
    }
    return found;
}

/* Bounds of a slice of n elements, as Python's `slice.indices`. */
SC_INLINE i64 sc_bound(i64 at, i64 n, i64 step)
{
    i64 least = step < 0 ? -1 : 0, most = step < 0 ? n - 1 : n;
    if (at < 0)
        at = at < -n ? -1 : at + n;
    return at < least ? least : at > most ? most : at;
}

/* ---------------------------------------------------------------- steps */

SC_INLINE void sc_mark(struct sc_steps *out, u32 find) { out->found[find >> 6] |= 1ull << (find & 63); }
SC_INLINE u64 sc_live(const struct sc_steps *out, u32 find) { return out->live[find >> 6] >> (find & 63) & 1; }

/* Where the next target goes. */
SC_INLINE u64 *sc_target(struct sc_steps *out)
{
    if (__builtin_expect(out->count == out->room, 0))
        out->grow(out);
    return out->targets + (size_t)out->count * (SC_WORDS + 1);
}

/* The step to the state at the next target is completed. */
SC_INLINE void sc_push(struct sc_steps *out, u32 instance)
{
    if (__builtin_expect(out->instances != NULL, 0))
        out->instances[out->count] = instance;
    out->count++;
}

#if SC_WORDS == 1
SC_INLINE void sc_step(struct sc_steps *out, u64 t, u32 instance)
{
    *sc_target(out) = t;
    sc_push(out, instance);
}
#else
SC_INLINE u64 *sc_fork(u64 *t, const u64 *s) { return __builtin_memcpy(t, s, SC_WORDS * sizeof(u64)); }
SC_INLINE void sc_stay(struct sc_steps *out, const u64 *s, u32 instance)
{
    sc_fork(sc_target(out), s);
    sc_push(out, instance);
}
SC_INLINE int sc_equal(const u64 *s, const u64 *t) { return !__builtin_memcmp(s, t, SC_WORDS * sizeof(u64)); }
#endif

/* Count what an action pushed since there were `before`, and note whether something moved. */
SC_INLINE void sc_counted(struct sc_steps *out, const u64 *s, u32 action, u32 before)
{
    out->taken[action] += out->count - before;
    if (__builtin_expect(!out->moved[action], 0))
        for (size_t i = before; i < out->count && !out->moved[action]; i++)
            for (size_t w = 0; w < SC_WORDS; w++)
                out->moved[action] |= out->targets[i * (SC_WORDS + 1) + w] ^ s[w];
}

/* A step of an action errs; `finds` is the number of <action>.error, followed by that of <action>.assert. Being disabled is no failure. */
SC_PLAIN void sc_failed(struct sc_steps *out, int fail, u32 finds, u32 instance)
{
    if (fail != SC_DISABLED && out->erred != NULL)
        out->erred[instance >> 6] |= 1ull << (instance & 63);
    if (fail == SC_ERROR || fail == SC_ASSERT)
        sc_mark(out, finds + (fail == SC_ASSERT));
    else if (fail == SC_DOMAIN)
        sc_mark(out, 0);
}

/* An instance whose steps only CPython can tell: what it pushed since there were `before` is taken back. */
SC_PLAIN void sc_ask_steps(struct sc_steps *out, const u64 *s, u32 instance, u32 before)
{
    out->count = before;
    out->ask(out, SC_ASK_STEPS, instance, s, NULL);
}

/* ---------------------------------------------------------------- choices in loops and functions */

#define SC_CHOICES 64

/* The choices of an evaluation that is run from its start for each sequence of them. */
struct sc_choices {
    u32 at, depth;
    u32 index[SC_CHOICES], count[SC_CHOICES];
};

/* Which alternative is to be taken now. */
SC_INLINE u32 sc_wanted(const struct sc_choices *c) { return c->at < c->depth ? c->index[c->at] : 0; }

/* There are `count` alternatives; 0 where too many choices follow each other. */
SC_PLAIN int sc_chosen(struct sc_choices *c, u32 count)
{
    if (c->at == SC_CHOICES)
        return 0;
    if (c->at == c->depth) {
        c->index[c->at] = 0;
        c->count[c->at] = count;
        c->depth++;
    }
    c->at++;
    return 1;
}

/* Go on to the next sequence; 0 when there is none. */
SC_PLAIN int sc_advance(struct sc_choices *c)
{
    c->depth = c->at;
    while (c->depth && ++c->index[c->depth - 1] == c->count[c->depth - 1])
        c->depth--;
    c->at = 0;
    return c->depth != 0;
}

#define SC_ROUNDS (1 << 24) /* of a loop; one that goes on longer is CPython's to time */

#endif
