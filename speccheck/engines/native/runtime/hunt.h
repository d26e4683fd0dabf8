/* What a lasso is looked for in. A *spot* is a state together with what a hunt knows there: spot s * width + q is state s with state q of an automaton. For a
 * shape the width is 1, and a spot is a state after the start; states before it are no spots, as no loop can lie there.
 *
 * One array of numbers serves all that is asked of spots, one thing after the other:
 *     0                 not reached, or done with
 *     OPEN              reached, and a part of what is being decomposed
 *     others            an index of the depth-first search; a number of a good component; in a search for a way, where one came from
 */
#ifndef SPECCHECK_HUNT_H
#define SPECCHECK_HUNT_H

#include "graph.h"
#include "mapped.h"

#define OPEN 1u
#define INSIDE UINT32_MAX /* in the component that is being looked at */

/* A move, made ready: `reads` are the states whose letters it reads (NULL: all; in a refinement: the letters of steps), `taken` and `untaken` (NULL: none) what it wants of steps. */
struct move {
    u32 target;
    u64 marks;
    const u64 *reads, *taken, *untaken;
};

struct hunt {
    struct sc_graph *graph;
    struct sc_fairness fairness;
    u64 required; /* own marks, besides fairness, that a loop must have */
    u32 width;
    u32 plain; /* the only move reads everything */
    const u32 *begins;
    const struct move *moves; /* those of a state by target, then by marks */
    const struct sc_automaton *automaton; /* NULL: a shape */

    /* a refinement */
    const struct sc_refined *refined; /* NULL: none */
    u32 still; /* only steps that the mapping does not see */

    /* a shape: sets of states */
    u64 *start, *stay, *again, *other;
    u32 at_once;

    u32 *index; /* [spots] */
    u64 spots;
    struct list reached;      /* spots, by distance */
    u64 *distances;           /* [distance_count + 1] where each distance begins in `reached` */
    u64 distance_count, distance_room;
    struct list good;         /* spots of good components, one after the other */
    struct list component_ends;
    struct masks letters;     /* of tails: sets of moves that read a letter, and which states of the automaton accept it for ever */
    u64 *letter, *accepting;
    u64 accepting_room;
};

/* Where one is in the steps of a spot. */
struct course {
    struct row row;
    const u64 *enabled; /* in the state */
    u32 state, q, first, end; /* moves */
    u32 step, move;
};

/* A step out of a spot. */
struct taken {
    u32 target; /* a spot; it may be one that was never reached */
    u64 marks;
    const u64 *signals;
};

static inline struct course sc_course(const struct hunt *hunt, u32 spot)
{
    u32 state = hunt->width == 1 ? spot : spot / hunt->width, q = hunt->width == 1 ? 0 : spot % hunt->width;
    return (struct course){sc_row(hunt->graph, state), sc_enabled(hunt->graph, state), state, q, hunt->begins[q], hunt->begins[q + 1], 0, hunt->begins[q]};
}

static inline int sc_reads_step(const struct hunt *hunt, const struct move *move, const u64 *signals)
{
    u64 wrong = 0;
    for (u32 i = 0; i < hunt->graph->signal_words; i++)
        wrong |= (move->taken[i] & ~signals[i]) | (move->untaken[i] & signals[i]);
    return !wrong;
}

/* The same in a refinement: 0 after the last step to this target. A step that the mapping does not see leaves the automaton where it is. */
static inline int sc_next_refined(const struct hunt *hunt, struct course *course, struct taken *taken)
{
    u32 target = course->row.targets[course->step];
    if (target >= hunt->graph->expanded || course->move > course->end)
        return 0;
    u32 from = hunt->refined->mapped->numbers[course->state], to = hunt->refined->mapped->numbers[target];
    if (from == to) {
        course->move = course->end + 1; /* there is only one */
        *taken = (struct taken){.target = target * hunt->width + course->q};
        return 1;
    }
    if (hunt->still || course->move == course->end)
        return 0;
    u32 letter = hunt->refined->letters[sc_mapped_pair_number(hunt->refined->mapped, from, to)];
    while (course->move < course->end) {
        const struct move *move = hunt->moves + course->move++;
        if (!sc_bit(move->reads, letter))
            continue;
        *taken = (struct taken){.target = target * hunt->width + move->target, .marks = move->marks};
        return 1;
    }
    return 0;
}

/* Whether the mapped behavior may stay for ever where it is in this spot. */
static inline int sc_ends(const struct hunt *hunt, u32 spot)
{
    return sc_bit(hunt->refined->ends, (u64)hunt->refined->mapped->numbers[spot / hunt->width] * hunt->width + spot % hunt->width);
}

/* The next step of the course, in the order of spots, then of marks; 0 after the last one. */
static inline int sc_next(const struct hunt *hunt, struct course *course, struct taken *taken)
{
    if (hunt->plain) {
        if (course->step == course->row.count)
            return 0;
        taken->target = course->row.targets[course->step++];
        taken->marks = hunt->moves->marks;
        return 1;
    }
    for (; course->step < course->row.count; course->step++, course->move = course->first) {
        if (hunt->refined) {
            if (sc_next_refined(hunt, course, taken))
                return 1;
            continue;
        }
        while (course->move < course->end) {
            const struct move *move = hunt->moves + course->move++;
            if (move->reads && !sc_bit(move->reads, course->state))
                continue;
            if (move->taken && !sc_reads_step(hunt, move, sc_row_signals(hunt->graph, &course->row, course->step)))
                continue;
            taken->target = course->row.targets[course->step] * hunt->width + move->target;
            taken->marks = move->marks;
            return 1;
        }
    }
    return 0;
}

/* The signals of the step that `sc_next` just gave. */
static inline void sc_marked(const struct hunt *hunt, const struct course *course, struct taken *taken)
{
    taken->signals = sc_row_signals(hunt->graph, &course->row, hunt->plain ? course->step - 1 : course->step);
}

/* A weak assumption is content with a step that takes it, and with any out of a state where it is not enabled. */
static inline u64 sc_weakly(const struct hunt *hunt, const u64 *enabled, const u64 *signals, u32 word)
{
    return (signals[word] | ~enabled[word]) & hunt->fairness.weak[word];
}

/* claims.c */
/* Whether no assumption is enabled in a state: a behavior may stutter there for ever. */
int sc_is_quiet(const struct sc_graph *, const struct sc_fairness *, u32 state);
/* Whether a behavior may stutter in a reached spot for ever. -1 without memory: the code says so. */
int sc_is_tail(struct hunt *, u32 spot);

/* fair_scc.c */
/* Find the maximal good components of what was reached (semantics 6.3). Afterwards the index has numbers of components, from 1, and else 0. */
int sc_good_components(struct hunt *);

/* lasso.c */
int sc_find_lasso(struct hunt *, struct sc_lasso *);

/* loop.c */
/* Write a closed walk from the entry within its component, with all marks that are owed. */
int sc_find_loop(struct hunt *, u32 entry);

#endif
