/* The loop of a lasso: from the entry to a step with each mark that the component owes, in the order of the marks, and back. All ties go to lower numbers. */
#include <assert.h>

#include "hunt.h"
#include "memory.h"

/* A mark: a weak assumption, a strong one, or one of the hunt's own, in this order. */
enum kind { WEAK, STRONG, OWN, BACK /* no mark: the goal is a spot */ };

struct wanted {
    enum kind kind;
    u32 number; /* of the mark, or the spot */
};

struct walk {
    struct hunt *hunt;
    u32 entry, here;
    u64 *weak, *strong, own; /* marks of the steps so far */
    u64 *available;          /* strong assumptions that some step inside takes */
    struct list level, met;  /* of a search for a way */
};

static int is_wanted(const struct hunt *hunt, const struct course *course, struct taken *taken, struct wanted wanted)
{
    if (wanted.kind == BACK)
        return taken->target == wanted.number;
    sc_marked(hunt, course, taken);
    switch (wanted.kind) {
    case WEAK: return sc_weakly(hunt, course->enabled, taken->signals, wanted.number / 64) >> wanted.number % 64 & 1;
    case STRONG: return sc_bit(taken->signals, wanted.number);
    default: return taken->marks >> wanted.number & 1;
    }
}

/* Take the first step of a spot that leads to the target, and is wanted, if that is said: note its marks. */
static int take_step(struct walk *walk, u32 spot, u32 target, const struct wanted *wanted)
{
    const struct hunt *hunt = walk->hunt;
    struct course course = sc_course(hunt, spot);
    struct taken taken;
    while (sc_next(hunt, &course, &taken)) {
        if (taken.target != target || (wanted && !is_wanted(hunt, &course, &taken, *wanted)))
            continue;
        sc_marked(hunt, &course, &taken);
        for (u32 word = 0; word < hunt->graph->signal_words; word++) {
            walk->weak[word] |= sc_weakly(hunt, course.enabled, taken.signals, word);
            walk->strong[word] |= taken.signals[word];
        }
        walk->own |= taken.marks;
        walk->here = target;
        return sc_list_add(hunt->graph, &hunt->graph->loop, target / hunt->width);
    }
    return 0;
}

/* Follow the search back from a spot to where the walk is, and walk there. */
static int walk_to(struct walk *walk, u32 spot)
{
    struct hunt *hunt = walk->hunt;
    struct list way = {0};
    int done = 1;
    for (u32 at = spot; done && at != walk->here; at = hunt->index[at] - 1)
        done = sc_list_add(hunt->graph, &way, at);
    while (done && way.count)
        done = take_step(walk, walk->here, way.all[--way.count], NULL);
    sc_list_close(hunt->graph, &way);
    return done;
}

/* Look at the steps of a spot: those that lead to spots that were not met are noted. 1 if one is wanted, then its target is told. */
static int look(struct walk *walk, u32 spot, struct wanted wanted, u32 *target)
{
    struct hunt *hunt = walk->hunt;
    struct course course = sc_course(hunt, spot);
    struct taken taken;
    while (sc_next(hunt, &course, &taken)) {
        u32 index = hunt->index[taken.target];
        if (!index)
            continue;
        if (is_wanted(hunt, &course, &taken, wanted)) {
            *target = taken.target;
            return 1;
        }
        if (index != INSIDE || taken.target == walk->here)
            continue;
        hunt->index[taken.target] = spot + 1;
        if (!sc_list_add(hunt->graph, &walk->met, taken.target))
            return -1;
    }
    return 0;
}

/* Search breadth-first for the least spot at the shortest distance with a step that is wanted: 1, and its step's target; else no memory, or stopped. */
static int search_spot(struct walk *walk, struct wanted wanted, u32 *spot, u32 *target)
{
    struct sc_graph *graph = walk->hunt->graph;
    walk->level.count = walk->met.count = 0;
    int found = sc_list_add(graph, &walk->level, walk->here) ? 0 : -1;
    while (!found) {
        u64 first = walk->met.count;
        assert(walk->level.count && "a good component contains what it owes");
        for (u64 i = 0; !found && i < walk->level.count; i++) {
            *spot = walk->level.all[i];
            found = look(walk, *spot, wanted, target);
        }
        if (found || sc_graph_over(graph))
            break; /* where steps could not be taken again, something may look like missing */
        walk->level.count = 0;
        for (u64 i = first; i < walk->met.count; i++)
            if (!sc_list_add(graph, &walk->level, walk->met.all[i]))
                return 0;
        sc_sort_numbers(walk->level.all, walk->level.count);
    }
    return found == 1;
}

/* Walk the shortest way whose last step is wanted. */
static int walk_until(struct walk *walk, struct wanted wanted)
{
    u32 spot = walk->here, target = 0;
    int done = search_spot(walk, wanted, &spot, &target) && walk_to(walk, spot) && take_step(walk, spot, target, &wanted);
    for (u64 i = 0; i < walk->met.count; i++)
        walk->hunt->index[walk->met.all[i]] = INSIDE;
    return done;
}

static int walk_until_each(struct walk *walk, enum kind kind, const u64 *owed, const u64 *have, u32 words)
{
    for (u32 number = 0; number < 64 * words; number++)
        if (sc_bit(owed, number) && !sc_bit(have, number) && !walk_until(walk, (struct wanted){kind, number}))
            return 0;
    return 1;
}

static int walk_around(struct walk *walk)
{
    struct hunt *hunt = walk->hunt;
    u32 words = hunt->graph->signal_words;
    if (!walk_until_each(walk, WEAK, hunt->fairness.weak, walk->weak, words) || !walk_until_each(walk, STRONG, walk->available, walk->strong, words) ||
        !walk_until_each(walk, OWN, &hunt->required, &walk->own, 1))
        return 0;
    if (walk->here == walk->entry && hunt->graph->loop.count)
        return 1;
    return walk_until(walk, (struct wanted){BACK, walk->entry});
}

/* Mark the component of the entry; a strong assumption that no step inside takes is enabled nowhere, and owes nothing. */
static void enter_component(struct walk *walk)
{
    struct hunt *hunt = walk->hunt;
    u32 component = hunt->index[walk->entry];
    for (u64 i = 0; i < hunt->good.count; i++) {
        u32 *index = hunt->index + hunt->good.all[i];
        *index = *index == component ? INSIDE : 0;
    }
    for (u64 i = component > 1 ? hunt->component_ends.all[component - 2] : 0; i < hunt->component_ends.all[component - 1]; i++) {
        struct course course = sc_course(hunt, hunt->good.all[i]);
        struct taken taken;
        while (sc_next(hunt, &course, &taken)) {
            if (hunt->index[taken.target] != INSIDE)
                continue;
            sc_marked(hunt, &course, &taken);
            for (u32 word = 0; word < hunt->graph->signal_words; word++)
                walk->available[word] |= taken.signals[word] & hunt->fairness.strong[word];
        }
    }
}

int sc_find_loop(struct hunt *hunt, u32 entry)
{
    struct sc_graph *graph = hunt->graph;
    struct walk walk = {.hunt = hunt, .entry = entry, .here = entry};
    walk.weak = sc_new(3 * (u64)graph->signal_words, sizeof(u64));
    if (!walk.weak) {
        sc_graph_fail(graph, SC_OUT_OF_MEMORY);
        return 0;
    }
    walk.strong = walk.weak + graph->signal_words, walk.available = walk.strong + graph->signal_words;
    enter_component(&walk);
    int done = walk_around(&walk) && !sc_graph_over(graph);
    sc_list_close(graph, &walk.level);
    sc_list_close(graph, &walk.met);
    sc_free(walk.weak);
    return done;
}
