/* Fair strongly connected components: where a behavior can stay for ever (semantics 6.3). The twin of fair_scc.py.
 *
 * A component is *good* if it has a step, contains every required mark, and for each strong assumption contains a step that takes it or no state that enables
 * it. One that fails only strong assumptions is cut at the states that enable them and decomposed again.
 *
 * Sources: R. Tarjan, "Depth-first search and linear graph algorithms" (1972), here without recursion; the refinement for Streett conditions is that of E. A.
 * Emerson and C.-L. Lei (1987).
 */
#include <string.h>

#include "hunt.h"
#include "memory.h"

/* A spot whose steps are being followed. */
struct frame {
    u32 spot, low;
    u32 step, move;
};

struct decomposition {
    struct hunt *hunt;
    struct frame *frames;
    u64 depth, room;
    struct list stack;   /* spots that have an index and no component yet */
    u32 last;            /* index that was given out */
    struct list waiting; /* parts to be decomposed, one after the other */
    struct list parts;   /* how many spots each of them has */
    u64 *have_weak, *have_strong, *failing; /* [signal_words] of a component */
};

static struct sc_graph *graph_of(const struct decomposition *d)
{
    return d->hunt->graph;
}

/* ---------------------------------------------------------------- judging */

/* Gather what the steps inside of a component have, and what is enabled in it. Its own marks are returned. */
static u64 gather(struct decomposition *d, const u32 *spots, u64 count)
{
    const struct hunt *hunt = d->hunt;
    u32 words = graph_of(d)->signal_words;
    u64 marks = 0;
    sc_forget(d->have_weak, words);
    sc_forget(d->have_strong, words);
    sc_forget(d->failing, words);
    for (u64 i = 0; i < count; i++) {
        struct course course = sc_course(hunt, spots[i]);
        struct taken taken;
        for (u32 word = 0; word < words; word++)
            d->failing[word] |= course.enabled[word];
        while (sc_next(hunt, &course, &taken)) {
            if (hunt->index[taken.target] != INSIDE)
                continue;
            sc_marked(hunt, &course, &taken);
            marks |= taken.marks;
            for (u32 word = 0; word < words; word++) {
                d->have_weak[word] |= sc_weakly(hunt, course.enabled, taken.signals, word);
                d->have_strong[word] |= taken.signals[word];
            }
        }
    }
    return marks;
}

static int is_cut(const struct decomposition *d, u32 spot)
{
    const u64 *enabled = sc_enabled(graph_of(d), spot / d->hunt->width);
    u64 cut = 0;
    for (u32 word = 0; word < graph_of(d)->signal_words; word++)
        cut |= enabled[word] & d->failing[word];
    return cut != 0;
}

static int put_off_rest(struct decomposition *d, const u32 *spots, u64 count)
{
    u64 before = d->waiting.count;
    for (u64 i = 0; i < count; i++)
        if (!is_cut(d, spots[i]) && !sc_list_add(graph_of(d), &d->waiting, spots[i]))
            return 0;
    return sc_list_add(graph_of(d), &d->parts, (u32)(d->waiting.count - before));
}

static int keep(struct decomposition *d, const u32 *spots, u64 count)
{
    struct hunt *hunt = d->hunt;
    for (u64 i = 0; i < count; i++)
        if (!sc_list_add(hunt->graph, &hunt->good, spots[i]))
            return 0;
    return sc_list_add(hunt->graph, &hunt->component_ends, (u32)hunt->good.count);
}

/* Judge a component whose spots are marked INSIDE: it is good, discarded, or cut and decomposed again later. */
static int judge(struct decomposition *d, const u32 *spots, u64 count)
{
    const struct sc_fairness *fair = &d->hunt->fairness;
    u64 lacks = d->hunt->required & ~gather(d, spots, count), fails = 0;
    for (u32 word = 0; word < graph_of(d)->signal_words; word++) {
        lacks |= fair->weak[word] & ~d->have_weak[word];
        d->failing[word] &= fair->strong[word] & ~d->have_strong[word];
        fails |= d->failing[word];
    }
    if (lacks)
        return 1;
    return fails ? put_off_rest(d, spots, count) : keep(d, spots, count);
}

/* ---------------------------------------------------------------- decomposing */

static int grow_frames(struct decomposition *d)
{
    u64 room = d->room ? 2 * d->room : 64, bytes = (room - d->room) * sizeof *d->frames;
    struct frame *frames = NULL;
    enum sc_code code = sc_graph_take(graph_of(d), bytes) ? SC_MORE : SC_MEMORY_LIMIT;
    if (!code && !(frames = sc_resized(d->frames, room, sizeof *frames))) {
        sc_graph_give(graph_of(d), bytes);
        code = SC_OUT_OF_MEMORY;
    }
    if (code) {
        sc_graph_fail(graph_of(d), code);
        return 0;
    }
    d->frames = frames, d->room = room;
    return 1;
}

static int enter(struct decomposition *d, u32 spot)
{
    struct hunt *hunt = d->hunt;
    u32 state = spot / hunt->width;
    if (d->depth == d->room && !grow_frames(d))
        return 0;
    if (!sc_list_add(hunt->graph, &d->stack, spot))
        return 0;
    hunt->index[spot] = ++d->last;
    d->frames[d->depth++] = (struct frame){spot, d->last, 0, hunt->begins[spot - state * hunt->width]};
    return 1;
}

/* Follow the steps of the spot on top until one leads to a spot without an index, which is returned; after the last one, the count of spots is. */
static u64 follow(struct decomposition *d)
{
    struct hunt *hunt = d->hunt;
    struct frame *frame = d->frames + d->depth - 1;
    struct course course = sc_course(hunt, frame->spot);
    struct taken taken;
    course.step = frame->step, course.move = frame->move;
    while (sc_next(hunt, &course, &taken)) {
        u32 index = hunt->index[taken.target];
        if (index == OPEN) {
            frame->step = course.step, frame->move = course.move;
            return taken.target;
        }
        if (index && index < frame->low) /* what is done with has 0 */
            frame->low = index;
    }
    return hunt->spots;
}

/* The spot on top begins a component: take it off. */
static int take_off(struct decomposition *d, u32 root)
{
    struct hunt *hunt = d->hunt;
    u64 first = d->stack.count;
    while (d->stack.all[--first] != root)
        hunt->index[d->stack.all[first]] = INSIDE;
    hunt->index[root] = INSIDE;
    u64 count = d->stack.count - first;
    int judged = count == 1 || judge(d, d->stack.all + first, count); /* no step leads to the state that it comes from */
    for (u64 i = 0; i < count; i++)
        hunt->index[d->stack.all[first + i]] = 0;
    d->stack.count = first;
    return judged;
}

static int decompose_from(struct decomposition *d, u32 root)
{
    struct hunt *hunt = d->hunt;
    if (!enter(d, root))
        return 0;
    for (u32 round = 1; d->depth; round++) {
        u64 next = follow(d);
        if (next < hunt->spots) {
            if (!enter(d, (u32)next))
                return 0;
        } else {
            struct frame done = d->frames[--d->depth];
            if (d->depth && done.low < d->frames[d->depth - 1].low)
                d->frames[d->depth - 1].low = done.low;
            if (done.low == hunt->index[done.spot] && !take_off(d, done.spot))
                return 0;
        }
        if (!(round & 4095) && sc_graph_over(hunt->graph))
            return 0;
    }
    return !sc_graph_over(hunt->graph);
}

static int decompose(struct decomposition *d, const u32 *spots, u64 count)
{
    d->last = OPEN;
    for (u64 i = 0; i < count; i++)
        if (d->hunt->index[spots[i]] == OPEN && !decompose_from(d, spots[i]))
            return 0;
    return 1;
}

/* Parts are decomposed one by one; until it is its turn, a part's spots are as if they were done with. */
static int decompose_all(struct decomposition *d)
{
    struct hunt *hunt = d->hunt;
    for (u64 i = 0; i < hunt->reached.count; i++)
        if (!sc_may_return(hunt->graph, hunt->reached.all[i] / hunt->width))
            hunt->index[hunt->reached.all[i]] = 0;
    if (!decompose(d, hunt->reached.all, hunt->reached.count))
        return 0;
    struct list part = {0};
    int done = 1;
    while (done && d->parts.count) {
        u64 count = d->parts.all[--d->parts.count], first = d->waiting.count - count;
        part.count = 0;
        for (u64 i = 0; done && i < count; i++) {
            done = sc_list_add(hunt->graph, &part, d->waiting.all[first + i]);
            hunt->index[d->waiting.all[first + i]] = OPEN;
        }
        d->waiting.count = first;
        done = done && decompose(d, part.all, part.count);
    }
    sc_list_close(hunt->graph, &part);
    return done;
}

static void number_components(struct hunt *hunt)
{
    u64 at = 0;
    for (u64 component = 0; component < hunt->component_ends.count; component++)
        for (; at < hunt->component_ends.all[component]; at++)
            hunt->index[hunt->good.all[at]] = (u32)component + 1;
}

int sc_good_components(struct hunt *hunt)
{
    struct sc_graph *graph = hunt->graph;
    struct decomposition d = {.hunt = hunt};
    d.have_weak = sc_new(3 * (u64)graph->signal_words, sizeof(u64));
    int done = d.have_weak != NULL;
    if (done) {
        d.have_strong = d.have_weak + graph->signal_words, d.failing = d.have_strong + graph->signal_words;
        done = decompose_all(&d);
    } else
        sc_graph_fail(graph, SC_OUT_OF_MEMORY);
    sc_graph_give(graph, d.room * sizeof *d.frames);
    sc_free(d.frames);
    sc_free(d.have_weak);
    sc_list_close(graph, &d.stack);
    sc_list_close(graph, &d.waiting);
    sc_list_close(graph, &d.parts);
    if (done)
        number_components(hunt);
    return done;
}
