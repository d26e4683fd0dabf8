#include "log.h"

#include "memory.h"

#define PIECE ((u64)2 << 20) /* at least so many bytes: a huge page */
#define LEAST_SHIFT 11       /* at least so many entries, log2: blocks fit, and a piece is whole pages of 16 KiB */
#define GROUP 16             /* pieces that are mapped at once, at most */

static u64 piece_bytes(const struct log *log)
{
    return (u64)log->stride << log->shift;
}

static u64 directory_room(const struct log *log)
{
    return (log->most >> log->shift) + 1;
}

int sc_log_open(struct log *log, u32 stride, u64 most, int huge)
{
    *log = (struct log){.most = most, .stride = stride, .shift = LEAST_SHIFT, .huge = huge};
    while (piece_bytes(log) < PIECE)
        log->shift++;
    log->pieces = sc_map(directory_room(log) * sizeof *log->pieces, 0);
    return log->pieces != NULL;
}

void sc_log_close(struct log *log)
{
    if (!log->pieces)
        return;
    for (u64 i = 0; i < log->mapped; i++)
        sc_unmap(log->pieces[i], piece_bytes(log));
    sc_unmap(log->pieces, directory_room(log) * sizeof *log->pieces);
}

/* The first pieces are single and of small pages, so that a small search touches little; later ones come in groups, as a system maps a limited number of areas. */
static int extend(struct log *log)
{
    u64 group = log->mapped < 8 ? 1 : log->mapped / 8 < GROUP ? log->mapped / 8 : GROUP;
    u64 left = directory_room(log) - log->mapped;
    if (group > left)
        group = left;
    char *memory = sc_map(group * piece_bytes(log), log->huge && log->mapped);
    if (!memory)
        return 0;
    for (u64 i = 0; i < group; i++)
        log->pieces[log->mapped++] = memory + i * piece_bytes(log);
    return 1;
}

int sc_log_take(struct log *log, struct block *block, u64 want)
{
    u64 piece = log->tail >> log->shift;
    if (piece == log->mapped && !extend(log))
        return 0;
    u64 end = (piece + 1) << log->shift;
    if (end > log->most)
        end = log->most;
    if (end > log->tail + want)
        end = log->tail + want;
    *block = (struct block){log->tail, log->tail, end, sc_log_at(log, log->tail)};
    log->tail = end;
    return 1;
}

int sc_runs_add(struct runs *runs, u64 from, struct run run)
{
    struct run *last = runs->count > from ? &runs->all[runs->count - 1] : NULL;
    if (last && last->first + last->count == run.first) {
        last->count += run.count;
        return 1;
    }
    if (runs->count == runs->room) {
        u64 room = runs->room ? 2 * runs->room : 64;
        struct run *all = sc_resized(runs->all, room, sizeof *all);
        if (!all)
            return 0;
        runs->all = all, runs->room = room;
    }
    runs->all[runs->count++] = run;
    return 1;
}
