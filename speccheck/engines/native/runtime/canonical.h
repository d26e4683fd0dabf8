/* The canonical form of a state under symmetry, a twin of engines/python/canonical.py. Included after values.h by models that are reduced by symmetry.
 *
 * Members are numbered through, those of linked sorts first (domains/mentions.py). What the model defines:
 *
 *     compare                   of model.h
 *     sc_exchange(s, i, j)      exchange two members of a sort in s
 *     SC_LINKED                 members of linked sorts, if there are so many permutations of them that colours are used; else 0
 *     sc_sums(s, starts, sums)  only with SC_LINKED: add to `sums` what s says of each member (domains/colours.py)
 */
#ifndef SPECCHECK_CANONICAL_H
#define SPECCHECK_CANONICAL_H

#include "values.h"

static int compare(const u64 *, const u64 *);
static void sc_exchange(u64 *s, u32 i, u32 j);

SC_INLINE void sc_assign(u64 *to, const u64 *from)
{
    for (u32 i = 0; i < SC_WORDS; i++)
        to[i] = from[i];
}

/* ---------------------------------------------------------------- parts of states */

/* The word with two fields exchanged. */
SC_INLINE u64 sc_swapped(u64 v, u64 a, u64 b, u32 width)
{
    u64 x = ((v >> a) ^ (v >> b)) & sc_mask(width);
    return v ^ (x << a) ^ (x << b);
}

/* Exchange two fields, which do not overlap. */
SC_INLINE void sc_swap(u64 *p, u64 a, u64 b, u64 bits)
{
    while (bits) {
        u32 some = bits > 56 ? 56 : (u32)bits;
        u64 x = sc_get(p, a, some), y = sc_get(p, b, some);
        sc_put(p, a, some, y);
        sc_put(p, b, some, x);
        a += some, b += some, bits -= some;
    }
}

/* ---------------------------------------------------------------- separate sorts: the least state */

/* Insert each member among those before it: it moves down while that makes the state less. */
SC_INLINE void sc_arrange(u64 *s, u32 first, u32 count)
{
    u64 t[SC_WORDS + 1];
    for (u32 last = first + 1; last < first + count; last++)
        for (u32 j = last; j > first; j--) {
            sc_assign(t, s);
            sc_exchange(t, j - 1, j);
            if (compare(t, s) >= 0)
                break;
            sc_assign(s, t);
        }
}

/* ---------------------------------------------------------------- linked sorts, few permutations: the least state */

SC_INLINE void sc_try_all(u64 *s, const u8 (*walk)[2], u32 steps)
{
    u64 t[SC_WORDS + 1];
    sc_assign(t, s);
    for (u32 i = 0; i < steps; i++) {
        sc_exchange(t, walk[i][0], walk[i][1]);
        if (compare(t, s) < 0)
            sc_assign(s, t);
    }
}

/* ---------------------------------------------------------------- linked sorts, many permutations: colours */

SC_INLINE u64 sc_mixed(u64 a, u64 b)
{
    u64 x = (a ^ b * 0x9E3779B97F4A7C15ull) * 0xD6E8FEB86659FD93ull + 0x2545F4914F6CDD1Dull;
    return x ^ x >> 32;
}

SC_INLINE u64 sc_folded(const u64 *words, u32 count)
{
    u64 look = 0;
    for (u32 i = 0; i < count; i++)
        look = sc_mixed(look, words[i]);
    return look;
}

#if SC_LINKED

static void sc_sums(const u64 *s, const u32 *starts, u64 *sums);

/* The members in order; by member, where its cell begins: members of one cell are not told apart. */
struct sc_cells {
    u32 order[SC_LINKED], starts[SC_LINKED];
};

/* The state whose leaves are compared, and the least of them so far. */
struct sc_leaves {
    const u64 *state;
    u64 best[SC_WORDS + 1];
    int any;
};

static void sc_sort_by_sums(struct sc_cells *cells, const u64 *sums)
{
    u32 *order = cells->order, *starts = cells->starts;
    for (u32 i = 1; i < SC_LINKED; i++) {
        u32 member = order[i], j = i;
        for (; j && starts[order[j - 1]] == starts[member] && sums[order[j - 1]] > sums[member]; j--)
            order[j] = order[j - 1];
        order[j] = member;
    }
}

/* Divide the cells by colours, again and again until that divides none. */
static void sc_refine(const u64 *s, struct sc_cells *cells)
{
    for (int divided = 1; divided;) {
        u64 sums[SC_LINKED] = {0};
        u32 finer[SC_LINKED];
        divided = 0;
        sc_sums(s, cells->starts, sums);
        sc_sort_by_sums(cells, sums);
        for (u32 at = 0; at < SC_LINKED; at++) {
            u32 member = cells->order[at], before = at ? cells->order[at - 1] : member;
            int same = at && cells->starts[before] == cells->starts[member] && sums[before] == sums[member];
            finer[member] = same ? finer[before] : at;
            divided |= finer[member] != cells->starts[member];
        }
        for (u32 i = 0; i < SC_LINKED; i++)
            cells->starts[i] = finer[i];
    }
}

/* Whether exchanging two members leaves the state as it is. */
static int sc_alike(const u64 *s, u32 a, u32 b)
{
    u64 t[SC_WORDS + 1];
    sc_assign(t, s);
    sc_exchange(t, a < b ? a : b, a < b ? b : a);
    for (u32 i = 0; i < SC_WORDS; i++)
        if (t[i] != s[i])
            return 0;
    return 1;
}

/* Write those of some members that are not alike; how many there are. */
static u32 sc_different(const u64 *s, const u32 *members, u32 count, u32 *found)
{
    u32 n = 0;
    for (u32 i = 0; i < count; i++) {
        u32 j = 0;
        while (j < n && !sc_alike(s, found[j], members[i]))
            j++;
        if (j == n)
            found[n++] = members[i];
    }
    return n;
}

/* Rename the members so that they are in this order. */
static void sc_leaf(struct sc_leaves *leaves, const u32 *order)
{
    u64 t[SC_WORDS + 1];
    u32 names[SC_LINKED], bearers[SC_LINKED]; /* what a member is called now, and who is called so */
    sc_assign(t, leaves->state);
    for (u32 i = 0; i < SC_LINKED; i++)
        names[i] = bearers[i] = i;
    for (u32 number = 0; number < SC_LINKED; number++) {
        u32 member = order[number], name = names[member], other = bearers[number];
        if (name == number)
            continue;
        sc_exchange(t, number, name);
        names[other] = name, bearers[name] = other;
        names[member] = number, bearers[number] = member;
    }
    if (!leaves->any || compare(t, leaves->best) < 0)
        sc_assign(leaves->best, t);
    leaves->any = 1;
}

/* Take a member out of its cell, and put it before the others. */
static void sc_put_first(struct sc_cells *cells, u32 at, u32 size, u32 member)
{
    u32 i = at;
    while (cells->order[i] != member)
        i++;
    for (; i > at; i--)
        cells->order[i] = cells->order[i - 1];
    cells->order[at] = member;
    for (i = at + 1; i < at + size; i++)
        cells->starts[cells->order[i]] = at + 1;
}

/* Look at the leaves below: where all members have a cell of their own. */
static void sc_branch(struct sc_leaves *leaves, struct sc_cells cells)
{
    sc_refine(leaves->state, &cells);
    for (u32 at = 0, size; at < SC_LINKED; at += size) {
        u32 different[SC_LINKED], count;
        for (size = 1; at + size < SC_LINKED && cells.starts[cells.order[at + size]] == at;)
            size++;
        count = size > 1 ? sc_different(leaves->state, cells.order + at, size, different) : 1;
        for (u32 i = 0; count > 1 && i < count; i++) {
            struct sc_cells finer = cells;
            sc_put_first(&finer, at, size, different[i]);
            sc_branch(leaves, finer);
        }
        if (count > 1)
            return;
        for (u32 i = at; i < at + size; i++) /* it does not matter which of them is which */
            cells.starts[cells.order[i]] = i;
    }
    sc_leaf(leaves, cells.order);
}

/* `starts` are those of the sorts. */
SC_PLAIN void sc_choose(u64 *s, const u32 *starts)
{
    struct sc_cells cells;
    struct sc_leaves leaves = {.state = s};
    for (u32 i = 0; i < SC_LINKED; i++)
        cells.order[i] = i, cells.starts[i] = starts[i];
    sc_branch(&leaves, cells);
    sc_assign(s, leaves.best);
}

#endif
#endif
