/* Lassos: the counterexample of a temporal property, as numbers of states (semantics 3 and 6). The twin of lasso.py.
 *
 * What a prefix may reach is walked breadth-first, distance by distance. The entry is the least spot of the first distance that has a tail or a spot of a good
 * component. No predecessors are remembered: there is a lasso once in a long while, and then the least one is found by looking at the distance before again.
 */
#include <string.h>

#include "hunt.h"
#include "memory.h"

/* ---------------------------------------------------------------- what is reached */

static int reach(struct hunt *hunt, u32 spot)
{
    hunt->index[spot] = OPEN;
    return sc_list_add(hunt->graph, &hunt->reached, spot);
}

static int reach_start(struct hunt *hunt, u32 state)
{
    if (hunt->automaton)
        return hunt->index[state * hunt->width] || reach(hunt, state * hunt->width);
    return !sc_bit(hunt->start, state) || hunt->index[state] || reach(hunt, state);
}

/* Where the counterexample may begin at this distance: a state without a letter, as it was not expanded, begins none. */
static int reach_starts(struct hunt *hunt, u64 distance)
{
    const struct sc_graph *graph = hunt->graph;
    if (distance >= graph->levels || (distance && (hunt->automaton || hunt->at_once)))
        return 1;
    for (u64 state = graph->firsts[distance]; state < graph->firsts[distance + 1] && state < graph->expanded; state++) {
        if (!hunt->automaton && !(state & 63) && !hunt->start[state >> 6]) {
            state += 63; /* none of these */
            continue;
        }
        if (!reach_start(hunt, (u32)state))
            return 0;
    }
    return 1;
}

static int may_enter(const struct hunt *hunt, u32 spot)
{
    u32 state = hunt->width == 1 ? spot : spot / hunt->width;
    return state < hunt->graph->expanded && (!hunt->stay || sc_bit(hunt->stay, state));
}

static int reach_from(struct hunt *hunt, u64 first, u64 end)
{
    for (u64 i = first; i < end; i++) {
        struct course course = sc_course(hunt, hunt->reached.all[i]);
        struct taken taken;
        while (sc_next(hunt, &course, &taken))
            if (!hunt->index[taken.target] && may_enter(hunt, taken.target) && !reach(hunt, taken.target))
                return 0;
        if (!(i & 4095) && sc_graph_over(hunt->graph))
            return 0;
    }
    return 1;
}

static int begin_distance(struct hunt *hunt)
{
    if (hunt->distance_count + 2 > hunt->distance_room) {
        u64 room = hunt->distance_room ? 2 * hunt->distance_room : 64, *distances = sc_resized(hunt->distances, room, sizeof *distances);
        if (!distances) {
            sc_graph_fail(hunt->graph, SC_OUT_OF_MEMORY);
            return 0;
        }
        hunt->distances = distances, hunt->distance_room = room;
    }
    hunt->distances[hunt->distance_count++] = hunt->reached.count;
    return 1;
}

static int reach_all(struct hunt *hunt)
{
    u64 first = 0, end = 0;
    do {
        u64 distance = hunt->distance_count;
        if (!begin_distance(hunt) || !reach_starts(hunt, distance) || !reach_from(hunt, first, end))
            return 0;
        first = end, end = hunt->reached.count;
    } while (end > first || hunt->distance_count < hunt->graph->levels);
    hunt->distances[hunt->distance_count] = end;
    return !sc_graph_over(hunt->graph);
}

/* ---------------------------------------------------------------- the prefix */

static int leads_to(struct hunt *hunt, u32 spot, u32 target)
{
    struct course course = sc_course(hunt, spot);
    struct taken taken;
    while (sc_next(hunt, &course, &taken))
        if (taken.target == target)
            return 1;
    return 0;
}

/* The least state of a level (from 0) with a step to a state; `most` if there is none below. */
static u32 least_state_before(struct hunt *hunt, u64 level, u32 target, u32 most)
{
    struct sc_graph *graph = hunt->graph;
    for (u64 state = graph->firsts[level]; state < graph->firsts[level + 1] && state < graph->expanded && state < most; state++) {
        struct row row = sc_row(graph, state);
        for (u32 i = 0; i < row.count && row.targets[i] <= target; i++)
            if (row.targets[i] == target)
                return (u32)state;
    }
    return most;
}

static u32 least_spot_before(struct hunt *hunt, u64 distance, u32 target)
{
    u32 best = UINT32_MAX;
    for (u64 i = hunt->distances[distance - 1]; i < hunt->distances[distance]; i++)
        if (hunt->reached.all[i] < best && leads_to(hunt, hunt->reached.all[i], target))
            best = hunt->reached.all[i];
    return best;
}

/* Write the states from an initial one to the entry. In a shape, a spot's predecessor may be a state before the start, which comes before the spot of the same
 * state; and before that there are only such. */
static int find_prefix(struct hunt *hunt, u32 entry, u64 distance)
{
    struct sc_graph *graph = hunt->graph;
    struct list *prefix = &graph->prefix;
    u32 spot = entry;
    int before_start = 0;
    prefix->count = 0;
    for (;; distance--) {
        if (!sc_list_add(graph, prefix, before_start ? spot : spot / hunt->width))
            return 0;
        if (!distance)
            break;
        u32 target = spot;
        if (!before_start) {
            spot = least_spot_before(hunt, distance, target);
            if (hunt->automaton || hunt->at_once || !sc_bit(hunt->start, target))
                continue;
        }
        u32 most = before_start || spot == UINT32_MAX ? UINT32_MAX : spot + 1;
        u32 state = least_state_before(hunt, distance - 1, target, most);
        if (state < most)
            spot = state, before_start = 1;
    }
    for (u64 i = 0, j = prefix->count - 1; i < j; i++, j--) {
        u32 state = prefix->all[i];
        prefix->all[i] = prefix->all[j], prefix->all[j] = state;
    }
    return !sc_graph_over(graph);
}

/* ---------------------------------------------------------------- the lasso */

struct entry {
    u32 spot;
    u64 distance;
};

/* Find the least entry at the shortest distance: 1, 0 if there is none, -1 without memory. */
static int find_entry(struct hunt *hunt, struct entry *entry)
{
    entry->spot = UINT32_MAX;
    for (u64 distance = 0; distance < hunt->distance_count && entry->spot == UINT32_MAX; distance++)
        for (u64 i = hunt->distances[distance]; i < hunt->distances[distance + 1]; i++) {
            u32 spot = hunt->reached.all[i];
            if (spot > entry->spot)
                continue;
            int is_entry = hunt->index[spot] ? 1 : sc_is_tail(hunt, spot);
            if (is_entry < 0)
                return -1;
            if (is_entry)
                *entry = (struct entry){spot, distance};
        }
    return entry->spot != UINT32_MAX;
}

static int found_lasso(struct hunt *hunt, const struct entry *entry, struct sc_lasso *lasso)
{
    struct sc_graph *graph = hunt->graph;
    int tail = sc_is_tail(hunt, entry->spot);
    u32 still = hunt->still;
    graph->loop.count = 0;
    hunt->still = 0; /* a prefix may take any step */
    if (tail < 0 || !find_prefix(hunt, entry->spot, entry->distance))
        return 0;
    hunt->still = still;
    if (!tail && !sc_find_loop(hunt, entry->spot))
        return 0;
    *lasso = (struct sc_lasso){graph->prefix.all, graph->loop.all, graph->prefix.count, graph->loop.count};
    return 1;
}

/* Where the mapped behavior moves on for ever, or stays where it is for ever: in spots where it may, by steps that the mapping does not see. */
static int find_entry_on(struct hunt *hunt, u32 still, u64 required, struct entry *entry)
{
    hunt->good.count = hunt->component_ends.count = 0;
    hunt->still = still, hunt->required = required;
    for (u64 i = 0; i < hunt->reached.count; i++)
        hunt->index[hunt->reached.all[i]] = !still || sc_ends(hunt, hunt->reached.all[i]) ? OPEN : 0;
    return sc_good_components(hunt) ? find_entry(hunt, entry) : -1;
}

/* Find the least entry on both grounds. The components are then those of its ground; where it has both, of the first. */
static int find_refined_entry(struct hunt *hunt, struct entry *entry)
{
    struct entry staying;
    u64 required = hunt->required;
    int stays = find_entry_on(hunt, 1, 0, &staying), moves = stays < 0 ? -1 : find_entry_on(hunt, 0, required, entry);
    if (moves < 0 || stays <= 0)
        return moves;
    if (moves && (entry->distance < staying.distance || (entry->distance == staying.distance && entry->spot <= staying.spot)))
        return 1;
    return find_entry_on(hunt, 1, 0, entry);
}

int sc_find_lasso(struct hunt *hunt, struct sc_lasso *lasso)
{
    struct entry entry;
    if (!reach_all(hunt) || (!hunt->refined && !sc_good_components(hunt)))
        return (int)hunt->graph->code;
    int found = hunt->refined ? find_refined_entry(hunt, &entry) : find_entry(hunt, &entry);
    if (!found)
        return SC_NO_LASSO;
    if (found < 0 || !found_lasso(hunt, &entry, lasso))
        return (int)hunt->graph->code;
    return SC_LASSO;
}
