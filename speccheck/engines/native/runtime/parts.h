/* The parts of a search, for the files of the runtime. */
#ifndef SPECCHECK_PARTS_H
#define SPECCHECK_PARTS_H

#include <pthread.h>

#include "search.h"
#include "state_set.h"

/* The least level of each find, and its least state there. */
struct finds {
    u64 *levels; /* [finds] 0: not found */
    u64 *states; /* [finds * words], and a word */
    u64 latest;  /* the greatest level that something was noted for since the last merge (or ever, in those of the search) */
};

/* A walk along runs, shared by workers who take parts of it. */
struct cursor {
    const struct runs *runs;
    u64 run, offset; /* where the next part begins */
    u64 end;         /* first run beyond */
    u64 part;        /* states of a part, at most */
};

/* One thread's own things. Others read only its counts. */
struct worker {
    struct sc_search *search;
    u32 words, number;
    u32 lost;            /* the steps of the current state found no room */
    u32 held, head;      /* targets in the ring; where the next one goes */
    u32 ring_last;       /* places of the ring less one */
    u64 *ring;           /* places: a state, its hash in the word after, and as much again for the target before it was made canonical */
    u64 *source;         /* the state that is being looked at */
    u64 *scratch;        /* a state of the log, while a table is filled */
    u64 *ever_changed;   /* bits of a state that some step changed */
    u64 *changed;        /* variables that some step changed */
    int watches_changes; /* some variable never changed yet */
    struct sc_steps steps;
    struct sc_steps aside; /* for what is asked about another state than the source; its steps and counts are forgotten */
    const u64 *asked;      /* the state that CPython takes steps of */
    struct block kept, dropped;
    struct finds finds;
    u64 *best; /* the least state that leads to the one that is sought, if `has_best` */
    int has_best;
    u64 generated, expanded, fresh, cast_out; /* in this level: completed steps, states looked at, states kept and dropped */
};

/* What depends on the width of a state. */
struct width {
    void (*explore)(struct worker *);                       /* take part in looking at the level */
    void (*seed)(struct worker *, const u64 *state);        /* an initial state */
    void (*refill)(struct worker *, struct state_set *);    /* take part in filling a new table */
};

struct sc_search {
    const struct sc_model *model;
    struct sc_graph *graph; /* that is being made of it (graph.h) */
    const struct width *width;
    struct sc_options options;
    u32 change_words, find_words; /* of the bit sets of variables and finds */

    struct state_set kept, dropped;
    u64 *begins;     /* [levels + 1] first run of each level, and of the next one */
    u64 begins_room;
    u64 level;       /* number of the current level, or of the last one */
    int last;        /* do not expand it */
    u64 nanoseconds; /* that a state takes, as seen last */

    struct finds finds;
    u64 *live;
    u64 *sought;     /* the state that sc_before looks for the least predecessor of */
    u64 *taken, *moved, *changed;

    /* totals of the levels before */
    u64 generated, expanded, distinct, cast_out;
    enum sc_code code;

    sc_answer *answer;
    void *owner;
    pthread_mutex_t asking;

    struct worker **workers;
    struct cursor remaining; /* of the level */

    /* everything from here on is guarded by the lock, unless it is atomic */
    pthread_mutex_t lock;
    pthread_cond_t changed_state;
    u32 signal;  /* atomic: SC_SIGNAL_... */
    u32 ended;   /* atomic, an sc_code: why no more states are taken in; SC_MORE while they are */
    u32 active;  /* workers that take part in what is being done */
    /* a meeting, in which all active workers replace a table */
    u32 gathered; /* workers that have come */
    u32 filling;  /* workers that still fill the new table */
    u64 meeting;  /* number of the meeting */
    struct state_set *growing;
    struct cursor refilled;
    /* the crew */
    pthread_t *threads;
    u32 thread_count;
    u32 working;   /* threads that have not finished the job */
    u32 team;      /* workers of the job */
    u64 job_number;
    void (*job)(struct worker *);
    int closing;
};

enum {
    SC_SIGNAL_STOP = 1, /* end at once */
    SC_SIGNAL_MEET = 2, /* come to the meeting */
};

/* workers.c */
struct worker *sc_worker_open(struct sc_search *, u32 number);
void sc_worker_close(struct worker *);
/* Have the job done on so many states: by the calling thread, and by all workers if they are expected to take long enough. */
void sc_crew_do(struct sc_search *, void (*job)(struct worker *), u64 states);
void sc_crew_close(struct sc_search *);

/* growth.c */
/* Get the worker a new block; waits for others if the table has to grow. 0 if no more states are taken in. */
int sc_reserve(struct worker *, struct state_set *, struct block *);
/* Follow a signal; 0 if it was to stop. */
int sc_attend(struct worker *);
/* Take no further part; what was written is told. */
void sc_leave(struct worker *);
/* Take a part of a walk; 0 if nothing is left. */
int sc_cursor_take(struct sc_search *, struct cursor *, struct run *part);
/* Take no more states in, for this reason, unless there is one already. */
void sc_end(struct sc_search *, enum sc_code);
/* Why so many states kept and dropped are too many; SC_MORE if they are not. */
enum sc_code sc_over_limit(const struct sc_search *, u64 kept, u64 dropped);

/* finds.c */
int sc_finds_open(struct finds *, const struct sc_model *);
void sc_finds_close(struct finds *);
/* Keep what was found in a state of a level, where it is less than what is known. */
void sc_finds_note(struct worker *, const u64 *found, const u64 *state, u64 level);
void sc_finds_merge(struct sc_search *, struct finds *);
/* Write down which finds were not found before a level; called for each level. */
void sc_finds_live(struct sc_search *, u64 level);

/* questions.c */
int sc_ask(struct sc_steps *, enum sc_question, u32 which, const u64 *s, const u64 *t);

/* explore.c */
const struct width *sc_width_of(const struct sc_model *);

/* Whether the tables have all that was found: filling a new one is given up when the search is stopped. */
static inline int sc_is_whole(const struct sc_search *search)
{
    return __atomic_load_n(&search->ended, __ATOMIC_RELAXED) != SC_STOPPED;
}

static inline void sc_forget(u64 *bits, u32 words)
{
    for (u32 i = 0; i < words; i++)
        bits[i] = 0;
}

static inline int sc_any(const u64 *bits, u32 words)
{
    u64 any = 0;
    for (u32 i = 0; i < words; i++)
        any |= bits[i];
    return any != 0;
}

/* A count that only its worker changes, and anyone may read. */
static inline void sc_count(u64 *count, u64 more)
{
    __atomic_store_n(count, *count + more, __ATOMIC_RELAXED);
}

#endif
