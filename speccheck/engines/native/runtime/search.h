/* The search of a compiled model, as Python calls it: breadth-first, level by level, exact, by any number of workers.
 *
 *     sc_open -> sc_on_question -> sc_seed -> sc_level while it answers SC_MORE -> sc_found, sc_before, sc_level_states, sc_counts -> sc_close
 *
 * Levels are numbered from 1, the initial states. Everything visible (counts after a level, finds, levels as sets) is the same for any number of workers.
 *
 * States go in and out as `words` words. A buffer for states needs one word more than they take, as the model may look there.
 *
 * What the runtime takes for granted of a model besides model.h: variables lie in bits of their own, so `changes` need only be asked about steps that change
 * a bit that no step had changed before.
 */
#ifndef SPECCHECK_SEARCH_H
#define SPECCHECK_SEARCH_H

#include "model.h"

struct sc_search;

/* Zero means the default everywhere. */
struct sc_options {
    u32 workers;          /* threads, the calling one included; default: one for each processor */
    u32 ring;             /* targets on their way from being hashed to being looked up; rounded up to a power of two, at most 256; default 32, 1 is off */
    u32 huge_pages;       /* 1: ask for them (default), 2: do not */
    u32 first_slots_log2; /* slots of the first table; default 16 */
    u64 memory;           /* bytes that tables and logs may take, the first tables included (two with a constraint); 0: no limit */
    u64 states;           /* most kept states; 0: no limit */
};

enum sc_code {
    SC_MORE,          /* there is a next level */
    SC_DONE,          /* nothing is left to do: no state in the next level, or the level was the last one */
    SC_STOPPED,       /* by sc_stop; counts are what was done, and what is known of the next level can be read as a level */
    SC_STATE_LIMIT,   /* the next level does not fit the limit: this level was completed, and the next one forgotten */
    SC_MEMORY_LIMIT,  /* likewise */
    SC_OUT_OF_MEMORY, /* the system refused memory: likewise, but if the steps of a state found no room, its finds are missing */
    SC_FULL_INDEX,    /* more states than the log can number (2^32 - 2 of more than 64 bits): likewise */
    SC_UNANSWERED,    /* a question of the model was answered with a negative number, or nobody was there to answer: the search stopped */
};

struct sc_progress {
    u64 level;     /* that is being looked at, or was the last */
    u64 generated; /* seeds and completed steps */
    u64 distinct;  /* kept states */
    u64 expanded;  /* states whose steps were taken */
    u64 queue;     /* kept states whose steps were not taken */
    u64 dropped;   /* different states outside of the constraint */
    u64 log_bytes, table_bytes;
};

/* Return a new search, or NULL without memory or for a model of another ABI. The model must outlive it. */
struct sc_search *sc_open(const struct sc_model *, const struct sc_options *);
void sc_close(struct sc_search *);

/* Who answers the questions of the model (see model.h); one at a time, on the thread that asks. A negative answer ends the search. */
typedef int sc_answer(void *owner, struct sc_steps *, int question, u32 which, const u64 *s, const u64 *t);
void sc_on_question(struct sc_search *, sc_answer *, void *owner);

/* For whoever answers SC_ASK_STEPS: add a completed step; whether it changes the state. Its action is then counted with sc_taken. */
int sc_push(struct sc_steps *, const u64 *target, u32 instance);
void sc_taken(struct sc_steps *, u32 action, int moved);
/* For whoever answers SC_ASK_STEPS: the instance erred, or some evaluation of it. */
void sc_erred(struct sc_steps *, u32 instance);
/* For whoever answers any question: mark a find. */
void sc_find(struct sc_steps *, u32 find);

/* Add initial states, `count` times `words` words; any number of calls, before the first sc_level. SC_MORE, or why the search is over. */
int sc_seed(struct sc_search *, const u64 *states, u64 count);
/* Visit and, unless it is the last one, expand every state of the next level. After any answer but SC_MORE the search is over: the answer stays the same. */
int sc_level(struct sc_search *, int last);
/* End soon. From any thread or signal handler, any number of times. */
void sc_stop(struct sc_search *);

/* From any thread, at any time. While a level is being looked at, numbers are approximate; sc_counts tells those of the levels before. */
void sc_progress(struct sc_search *, struct sc_progress *);
/* For each action the completed steps, and whether one changed the state; the bit set of variables that some step changed. Any pointer may be NULL. */
void sc_counts(struct sc_search *, u64 *taken, u64 *moved, u64 *changed);

/* The following are called between levels and after the last one, from one thread. */

/* The least state of the least level with this find: 1, or 0 if there is none. What is found in a dropped state is told of its canonical form. */
int sc_found(struct sc_search *, u32 find, u64 *state, u64 *level);
/* How many states a level has; the level after the last one has those that are known of it. */
u64 sc_level_size(struct sc_search *, u64 level);
/* The states of a level in domain order; `out` has room for all of them and a word. SC_MORE or SC_OUT_OF_MEMORY. */
int sc_level_states(struct sc_search *, u64 level, u64 *out);
/* The least state of a level with a step to the target (its canonical form, if the model has one): 1, 0 if there is none, -1 without memory or answer. */
int sc_before(struct sc_search *, u64 level, const u64 *target, u64 *out);

/* What `speccheck_allows` of a model with refinements is. */
int sc_allows(const struct sc_model *abstract, const u64 *s, const u64 *t);

/* For tests: the n-th allocation from now on fails, once; 0: none does. */
void sc_fail_allocation(u64 n);

#endif
