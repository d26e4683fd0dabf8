/* An append-only log of states: entries of equal size, numbered from 0, that never move.
 *
 * It lies in pieces of a power of two of entries, found through a directory that is large enough from the start (pages of it that are not needed take no
 * memory), so that a reader needs no lock. Entries are handed out in blocks within one piece, and what was written is told in runs: a worker's part of a level.
 */
#ifndef SPECCHECK_LOG_H
#define SPECCHECK_LOG_H

#include "model.h"

struct run {
    u64 first, count; /* entries first ... first + count - 1 */
};

struct runs {
    struct run *all;
    u64 count, room;
};

struct log {
    char **pieces;
    u64 mapped;      /* pieces that are there */
    u64 most;        /* entries that may be numbered */
    u64 tail;        /* entries handed out */
    u32 shift, stride; /* log2 of the entries of a piece; bytes of an entry */
    int huge;
};

/* The part of a log that a worker may write. */
struct block {
    u64 first, next, end; /* first ... next - 1 are written and not yet told in a run */
    char *at;             /* entry `next` */
};

int sc_log_open(struct log *, u32 stride, u64 most, int huge);
void sc_log_close(struct log *);
/* Hand out up to `want` entries; 0 without memory. */
int sc_log_take(struct log *, struct block *, u64 want);
/* Append a run, joined to the last one if that is no earlier than `from` and it continues it. 0 without memory. */
int sc_runs_add(struct runs *, u64 from, struct run);

static inline char *sc_log_at(const struct log *log, u64 entry)
{
    return log->pieces[entry >> log->shift] + (entry & (((u64)1 << log->shift) - 1)) * log->stride;
}

#endif
