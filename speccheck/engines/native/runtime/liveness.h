/* Liveness of a compiled model, as Python calls it: the steps of a search as a graph of numbers, and lassos in it (semantics 5 and 6).
 *
 *     sc_open ... sc_level -> sc_graph_open -> sc_hunt_shape, sc_hunt_automaton, as often as wanted -> sc_graph_close -> sc_close
 *
 * States are numbered level by level, within a level in domain order: the numbers of the Python engine, whose twin this is. So are the lassos.
 *
 * A *signal* is a set of action instances, by number: fairness assumptions and the atoms `enabled` and `occurs` speak of signals. Sets of signals are bit sets
 * of `signal_words` words, sets of atoms of `atom_words` words: as many as the numbers need, at least one.
 *
 * A predicate may ask what occurs: then it holds or not at a step. It has a signal of its own, which a step has if the predicate holds there; what it says where
 * nothing happens any more is an atom of the state.
 */
#ifndef SPECCHECK_LIVENESS_H
#define SPECCHECK_LIVENESS_H

#include "search.h"

struct sc_graph;

/* Which steps are stored. A space in which all steps lead to greater states, as bits, has no cycle: then steps are only needed if a behavior may stutter where it
 * would be a counterexample. */
enum sc_steps_stored {
    SC_STEPS_WHEN_NEEDED,
    SC_STEPS_AT_ONCE,
    SC_STEPS_UNSTORED, /* even where there is room */
};

struct sc_graph_options {
    u32 signals, atoms;       /* how many there are */
    const u64 *signals_of;    /* [instances of the model][signal_words] which signals an action instance belongs to */
    const u32 *predicates;    /* [atoms of the model] the number of the atom that each predicate of `letter` is */
    const u32 *enabled_atoms; /* [2 * enabled_count] atoms `enabled(...)`, each with its signal */
    u32 enabled_count;
    const u32 *step_signals;  /* [atoms of the model] with `step_letter`: the signal of each of its predicates, which no action instance belongs to; SC_NO_SIGNAL for the others */
    const u64 *obliging;      /* likewise: the signals, as a set, that oblige: a behavior may stutter where none of them is enabled */
    u32 steps;         /* SC_STEPS_... */
    u32 row_cache;     /* for tests: rows that are remembered where steps are taken again; 0: the default */
    const u32 *halted; /* NULL, or a number that becomes 1, from any thread, when everything on the graph shall end soon with SC_STOPPED */
    u64 memory;        /* bytes that liveness may take; 0: no limit */
};

#define SC_NO_SIGNAL UINT32_MAX

/* Fairness, as sets of signals, `signal_words` words each. */
struct sc_fairness {
    const u64 *weak, *strong;
};

/* Code of a condition on the atoms of a state, postfix: numbers of atoms below SC_CODE, and these. */
enum sc_code_word {
    SC_CODE = 0x80000000u,
    SC_CODE_FALSE = SC_CODE,
    SC_CODE_TRUE,
    SC_CODE_NOT,
    SC_CODE_AND,
    SC_CODE_OR,
};

struct sc_condition {
    const u32 *code;
    u32 length;
};

/* A counterexample begins in a state that satisfies `start` (an initial one, if `at_once`), stays within `stay`, and satisfies `again` again and again. */
struct sc_shape {
    struct sc_condition start, stay, again;
    u32 at_once;
};

/* A move reads a state that has the atoms `demanded` and lacks those `forbidden`, and a step of all signals `taken` and of none `untaken`. */
struct sc_move {
    u32 target;
    u64 marks;
    const u64 *demanded, *forbidden; /* [atom_words] */
    const u64 *taken, *untaken;      /* [signal_words] */
};

struct sc_automaton {
    u32 states; /* state 0 is initial */
    u32 marks;  /* at most 64 */
    const u32 *begins; /* [states + 1] the first move of each state */
    const struct sc_move *moves;
};

/* Numbers of states: `prefix` to the entry (included), `loop` from after the entry back to it (none: it stutters there for ever). */
struct sc_lasso {
    const u32 *prefix, *loop; /* theirs until the next hunt, or until the graph is closed */
    u64 prefix_count, loop_count;
};

/* The mapped behavior of a refinement: each expanded state has the number of the abstract state that it maps to. They have numbers in the order in which they are
 * met; so have *pairs*, of abstract states that a step leads from and to, or that a behavior may stutter in (a pair of the state and itself). */
struct sc_mapped;

/* What an automaton reads of a mapped behavior: letters, by number. A step that the mapping does not see is not read. */
struct sc_refined {
    const struct sc_mapped *mapped;
    const u32 *letters; /* [pairs] the letter of each pair */
    const u64 *reads;   /* [moves][letter_words] the letters that a move reads */
    u32 letter_words;
    const u64 *ends;    /* bit abstract state * states of the automaton + state: whether it accepts from there that the abstract state lasts for ever */
};

enum { SC_NO_LASSO = SC_DONE, SC_LASSO = SC_MORE };

/* Number the states of a search that is over and take all steps again, with the workers of the search. NULL and a code (sc_code) if that cannot be done: no
 * memory, too many states, stopped, no answer. The search must be without symmetry, and live as long as anything but the size is asked of the graph. Steps that
 * do not fit into `memory` are not stored, but taken again whenever they are needed.
 */
struct sc_graph *sc_graph_open(struct sc_search *, const struct sc_graph_options *, int *code);
void sc_graph_close(struct sc_graph *);

struct sc_graph_size {
    u64 states, expanded; /* those below `expanded` have steps, enabledness and letters */
    u64 steps, masks;     /* changing steps to kept states, 0 before they are needed; different sets of signals */
    u64 bytes;            /* that the graph takes */
    u64 stored;           /* 0: there was no room, steps are taken again whenever they are needed */
};
void sc_graph_size(const struct sc_graph *, struct sc_graph_size *);
/* The words of a state. */
void sc_graph_state(const struct sc_graph *, u64 number, u64 *out);
/* The number of a state; -1: there is none. */
i64 sc_graph_number(const struct sc_graph *, const u64 *state);
/* The changing steps out of an expanded state to kept ones, in the order of targets, each with its set of signals; returns how many there are, of which at most
 * `room` are written; -1: they could not be taken again. */
i64 sc_graph_steps(struct sc_graph *, u64 number, u32 *targets, u64 *signals, u64 room);
/* The signals that are enabled in an expanded state. */
void sc_graph_enabled(const struct sc_graph *, u64 number, u64 *signals);
/* The atoms that hold in an expanded state. */
void sc_graph_letter(const struct sc_graph *, u64 number, u64 *atoms);
/* The least expanded state in which a predicate of the model (by its number in `letter`) raised, or at a step out of it; -1: it never did. */
i64 sc_graph_raised(const struct sc_graph *, u32 predicate);
/* Whether a predicate needed a step somewhere. If it did not, it is one of states. */
int sc_graph_needs_step(const struct sc_graph *, u32 predicate);
/* The least expanded state that satisfies a condition; -1: there is none. */
i64 sc_graph_somewhere(const struct sc_graph *, const struct sc_condition *);

/* Look for the least lasso that is a counterexample. SC_LASSO, SC_NO_LASSO, or why there is no answer. */
int sc_hunt_shape(struct sc_graph *, const struct sc_fairness *, const struct sc_shape *, struct sc_lasso *);
int sc_hunt_automaton(struct sc_graph *, const struct sc_fairness *, const struct sc_automaton *, struct sc_lasso *);

/* Begin to map the expanded states by mapping `which` of the model, to states of so many words. NULL and a code if there is no memory. Close it before the graph. */
struct sc_mapped *sc_mapped_open(struct sc_graph *, u32 which, u32 words, int *code);
void sc_mapped_close(struct sc_mapped *);
/* Go on until a state cannot be mapped here: SC_UNANSWERED, then say what it maps to and go on. SC_MORE when all are mapped. */
int sc_mapped_map(struct sc_mapped *, u64 *state);
int sc_mapped_tell(struct sc_mapped *, u64 state, const u64 *abstract);
/* Find the pairs, once all are mapped. SC_MORE, or why that cannot be done. */
int sc_mapped_pair(struct sc_mapped *, const struct sc_fairness *);
struct sc_mapped_size {
    u64 states, pairs;
};
void sc_mapped_size(const struct sc_mapped *, struct sc_mapped_size *);
/* For each expanded state the number of its abstract state: theirs until it is closed. */
const u32 *sc_mapped_numbers(const struct sc_mapped *);
/* The words of an abstract state; returns the number of the first state that maps to it. */
u64 sc_mapped_state(const struct sc_mapped *, u64 number, u64 *out);
/* Two abstract states, by number. */
void sc_mapped_pair_of(const struct sc_mapped *, u64 pair, u32 *out);
/* The same hunt for what an abstract spec demands. The automaton has at most 63 marks; what its moves say of atoms and signals is not looked at. */
int sc_hunt_refined(struct sc_graph *, const struct sc_fairness *, const struct sc_automaton *, const struct sc_refined *, struct sc_lasso *);

#endif
