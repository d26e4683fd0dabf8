/* Filling a graph: the steps of all expanded states are taken again, block by block, by all workers. */
#include <string.h>

#include "graph.h"
#include "memory.h"

#define LEAST_PIECE ((u64)1 << 16) /* bytes of steps that memory is taken for at once */
#define MOST_PIECE ((u64)2 << 20)

/* ---------------------------------------------------------------- where steps are stored */

/* A piece of memory for steps: NULL if there is no room for it, which is no failure. Not for several threads at once. */
static void *new_piece(struct sc_graph *graph, u64 bytes)
{
    struct piece *pieces = sc_resized(graph->pieces, graph->piece_count + 1, sizeof *pieces);
    if (!pieces)
        return NULL;
    graph->pieces = pieces;
    void *memory = sc_graph_take(graph, bytes) ? sc_map(bytes, graph->huge) : NULL;
    if (memory)
        pieces[graph->piece_count++] = (struct piece){memory, bytes};
    return memory;
}

int sc_graph_unstore(struct sc_graph *graph)
{
    int some = graph->piece_count != 0;
    while (graph->piece_count) {
        struct piece *piece = graph->pieces + --graph->piece_count;
        sc_graph_unmap(graph, piece->memory, piece->bytes);
    }
    for (u32 i = 0; graph->readers && i < graph->workers; i++)
        graph->readers[i].piece_left = 0;
    graph->stored = 0;
    return some;
}

/* ---------------------------------------------------------------- filling */

static u64 block_bytes(const struct sc_graph *graph, u64 steps)
{
    return ((BLOCK + 1 + steps) * sizeof(u32) + steps * (graph->wide ? 4 : 2) + 7) / 8 * 8;
}

static int spilled(const struct sc_graph *graph)
{
    return __atomic_load_n(&graph->spilled, __ATOMIC_RELAXED) != 0;
}

static void spill(struct sc_graph *graph)
{
    __atomic_store_n(&graph->spilled, 1, __ATOMIC_RELAXED);
}

/* Room for the steps of a block, from the piece of memory that the reader is filling, or a new one: twice as large, so that there are few. */
static u32 *room_for(struct reader *reader, u64 bytes)
{
    struct sc_graph *graph = reader->graph;
    if (reader->piece_left < bytes) {
        u64 next = 2 * reader->piece_bytes, size = next < LEAST_PIECE ? LEAST_PIECE : next > MOST_PIECE ? MOST_PIECE : next;
        if (size < bytes)
            size = bytes;
        pthread_mutex_lock(&graph->lock);
        char *memory = new_piece(graph, size);
        pthread_mutex_unlock(&graph->lock);
        if (!memory)
            return NULL;
        reader->piece = memory, reader->piece_left = size, reader->piece_bytes = size;
    }
    void *room = reader->piece;
    reader->piece += bytes, reader->piece_left -= bytes;
    return room;
}

/* Store the steps of a block, unless there is no room for them. */
static void store_block(struct reader *reader, u64 block, const u32 *begins)
{
    struct sc_graph *graph = reader->graph;
    u64 steps = reader->targets.count;
    __atomic_add_fetch(&graph->steps, reader->block_steps, __ATOMIC_RELAXED);
    if (spilled(graph))
        return;
    u32 *rows = room_for(reader, block_bytes(graph, steps));
    if (!rows) {
        spill(graph);
        return;
    }
    graph->blocks[block].begins = rows;
    memcpy(rows, begins, (BLOCK + 1) * sizeof *rows);
    if (steps)
        memcpy(rows + BLOCK + 1, reader->targets.all, steps * sizeof *rows);
    uint16_t *narrow = (uint16_t *)(void *)(rows + BLOCK + 1 + steps);
    for (u64 i = 0; !graph->wide && i < steps; i++)
        narrow[i] = (uint16_t)reader->masks.all[i];
    if (graph->wide && steps)
        memcpy(rows + BLOCK + 1 + steps, reader->masks.all, steps * sizeof *rows);
}

static int note_enabled(struct reader *reader, u64 number, const u64 *enabled)
{
    struct sc_graph *graph = reader->graph;
    u32 mask = sc_reader_mask(reader, enabled);
    if (mask == SC_NO_MASK)
        return 0;
    if (graph->wide)
        ((u32 *)graph->enabled)[number] = mask;
    else
        ((uint16_t *)graph->enabled)[number] = (uint16_t)mask;
    for (u32 i = 0; i < graph->options.enabled_count; i++)
        if (sc_bit(enabled, graph->enabled_atoms[2 * i + 1]))
            graph->letters[graph->enabled_atoms[2 * i] * graph->letter_words + (number >> 6)] |= (u64)1 << (number & 63);
    return 1;
}

static void note_holding(struct reader *reader, u64 number)
{
    struct sc_graph *graph = reader->graph;
    for (u32 word = 0; word < graph->predicate_words; word++)
        for (u64 bits = reader->holds[word] & ~reader->raised[word]; bits; bits &= bits - 1)
            graph->letters[graph->predicates[64 * word + (u32)__builtin_ctzll(bits)] * graph->letter_words + (number >> 6)] |= (u64)1 << (number & 63);
}

/* What predicates that need a step say if nothing happens any more; that they raise matters where a behavior may stutter. */
static void note_rest(struct reader *reader, u64 number, const u64 *enabled)
{
    const struct sc_graph *graph = reader->graph;
    u64 obliges = 0;
    sc_reader_step_letter(reader, number, number);
    note_holding(reader, number);
    for (u32 word = 0; word < graph->signal_words; word++)
        obliges |= enabled[word] & graph->obliging[word];
    for (u32 word = 0; word < graph->predicate_words && !obliges; word++)
        sc_note_least(reader->step_raised_at + 64 * word, reader->raised[word], number);
}

static void note_letter(struct reader *reader, u64 number)
{
    struct sc_graph *graph = reader->graph;
    u32 words = graph->predicate_words;
    memcpy(reader->source, graph->states + number * graph->words, graph->words * sizeof(u64));
    sc_forget(reader->holds, words);
    sc_forget(reader->raised, words);
    sc_forget(reader->needs, words);
    graph->model->letter(reader->source, reader->holds, reader->raised, reader->needs, &reader->steps);
    note_holding(reader, number);
    for (u32 word = 0; word < words; word++) {
        sc_note_least(reader->raised_at + 64 * word, reader->raised[word], number);
        sc_note_least(reader->needs_at + 64 * word, reader->needs[word], number);
    }
}

/* Take in some states of a block, from `number` on. */
static int fill_some(struct reader *reader, u64 number, u32 count, u32 *begins)
{
    struct sc_graph *graph = reader->graph;
    u32 *low = graph->lows + (number >> BLOCK_LOG2);
    if (!sc_reader_take(reader, number, count))
        return 0;
    for (u32 i = 0; i < count; i++) {
        if (!note_enabled(reader, number + i, reader->enabled + (u64)i * graph->signal_words))
            return 0;
        if (graph->model->letter)
            note_letter(reader, number + i);
        if (graph->model->step_letter)
            note_rest(reader, number + i, reader->enabled + (u64)i * graph->signal_words);
    }
    for (u32 i = 0; i < count && !graph->light; i++) {
        if (spilled(graph))
            reader->targets.count = reader->masks.count = 0;
        begins[i] = (u32)reader->targets.count;
        if (!sc_reader_row(reader, number + i, i))
            return 0;
        if (reader->row < reader->targets.count && reader->targets.all[reader->row] < *low)
            *low = reader->targets.all[reader->row];
        reader->block_steps += reader->targets.count - reader->row;
    }
    return 1;
}

static int fill_block(struct reader *reader, u64 block)
{
    struct sc_graph *graph = reader->graph;
    u32 begins[BLOCK + 1];
    u64 first = block * BLOCK, left = graph->expanded - first;
    u32 count = left < BLOCK ? (u32)left : BLOCK;
    reader->targets.count = reader->masks.count = reader->block_steps = 0;
    graph->lows[block] = UINT32_MAX;
    for (u32 i = 0; i < count; i += SC_TAKEN_AT_ONCE)
        if (!fill_some(reader, first + i, count - i < SC_TAKEN_AT_ONCE ? count - i : SC_TAKEN_AT_ONCE, begins + i))
            return 0;
    if (graph->light)
        return 1;
    for (u32 i = count; i <= BLOCK; i++)
        begins[i] = (u32)reader->targets.count;
    store_block(reader, block, begins);
    return 1;
}

/* Whether all has to be done once more: numbers of sets were cut, or steps are needed after all. */
static int must_begin_again(const struct sc_graph *graph)
{
    return (!graph->wide && __atomic_load_n(&graph->overflown, __ATOMIC_RELAXED)) || (graph->light && __atomic_load_n(&graph->returns, __ATOMIC_RELAXED));
}

static void fill(struct worker *worker)
{
    struct sc_graph *graph = worker->search->graph;
    struct reader *reader = graph->readers + worker->number;
    u64 block;
    reader->returns = 0;
    while ((block = __atomic_fetch_add(&graph->next, 1, __ATOMIC_RELAXED)) < graph->block_count && !sc_graph_over(graph) && !must_begin_again(graph)) {
        if (!fill_block(reader, block) && !sc_graph_over(graph))
            sc_graph_fail(graph, SC_OUT_OF_MEMORY);
        if (reader->returns)
            __atomic_store_n(&graph->returns, 1, __ATOMIC_RELAXED);
    }
    sc_leave(worker);
}

/* What is stored of steps is for nothing, but what is enabled and holds is known. */
static void begin_again(struct sc_graph *graph)
{
    sc_graph_unstore(graph);
    graph->light = graph->light && !graph->returns;
    if (!graph->overflown || graph->wide)
        return;
    sc_graph_unmap(graph, graph->enabled, sc_enabled_bytes(graph));
    graph->enabled = NULL, graph->wide = 1;
}

int sc_graph_take_all_steps(struct sc_graph *graph)
{
    do {
        if (!graph->enabled && !(graph->enabled = sc_graph_map(graph, sc_enabled_bytes(graph))))
            return 0;
        graph->next = graph->steps = 0;
        graph->spilled = graph->options.steps == SC_STEPS_UNSTORED;
        sc_crew_do(graph->search, fill, graph->expanded);
        if (graph->search->ended) /* a predicate was asked for in vain */
            sc_graph_fail(graph, graph->search->ended);
        if (sc_graph_over(graph))
            return 0;
    } while (must_begin_again(graph) && (begin_again(graph), 1));
    if (graph->light)
        return 1;
    graph->stored = !graph->spilled;
    if (graph->spilled)
        sc_graph_unstore(graph);
    for (u64 block = graph->block_count; block-- > 1;)
        if (graph->lows[block] < graph->lows[block - 1])
            graph->lows[block - 1] = graph->lows[block];
    return 1;
}

int sc_graph_need_steps(struct sc_graph *graph)
{
    if (!graph->light)
        return 1;
    graph->light = 0;
    graph->search->graph = graph;
    int done = sc_graph_take_all_steps(graph);
    graph->search->graph = NULL;
    if (!done) { /* then it is as before */
        sc_graph_unstore(graph);
        graph->light = 1;
    }
    return done;
}
