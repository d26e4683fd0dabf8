/* The workers, and the threads they run on. The calling thread is worker 0; the others are started when there is first work enough for them. */
#define _GNU_SOURCE /* pthread_sigmask */
#include <signal.h>

#include "memory.h"
#include "parts.h"

#define WORTH_WAKING 2000 /* states: fewer are looked at before another thread has woken up */
#define FIRST_STEPS 64    /* steps of a state that there is room for at first */

/* Twice the room. If there is no memory the steps of this state are given up, so that the model can go on writing. */
static void grow(struct sc_steps *steps)
{
    struct worker *worker = steps->owner;
    u64 room = 2 * (u64)steps->room, each = worker->words + 1;
    u64 *targets = room > UINT32_MAX ? NULL : sc_resized(steps->targets, room * each + 1, sizeof *targets);
    if (targets) {
        steps->targets = targets, steps->room = (u32)room;
        return;
    }
    sc_end(worker->search, SC_OUT_OF_MEMORY);
    worker->lost = 1;
    steps->count = 0;
}

static int open_steps(struct worker *worker, struct sc_steps *steps)
{
    const struct sc_search *search = worker->search;
    *steps = (struct sc_steps){.room = FIRST_STEPS, .live = search->live, .grow = grow, .ask = sc_ask, .owner = worker};
    steps->targets = sc_new((u64)FIRST_STEPS * (worker->words + 1) + 1, sizeof(u64));
    steps->taken = sc_new(search->model->actions, sizeof(u64));
    steps->moved = sc_new(search->model->actions, sizeof(u64));
    steps->found = sc_new(search->find_words, sizeof(u64));
    return steps->targets && steps->taken && steps->moved && steps->found;
}

static void close_steps(struct sc_steps *steps)
{
    sc_free(steps->targets);
    sc_free(steps->taken);
    sc_free(steps->moved);
    sc_free(steps->found);
}

struct worker *sc_worker_open(struct sc_search *search, u32 number)
{
    struct worker *worker = sc_new(1, sizeof *worker);
    if (!worker)
        return NULL;
    u32 words = search->model->words;
    *worker = (struct worker){.search = search, .words = words, .number = number, .ring_last = search->options.ring - 1, .watches_changes = 1};
    worker->ring = sc_new((u64)search->options.ring * 2 * (words + 1), sizeof(u64));
    worker->source = sc_new(words + 1, sizeof(u64));
    worker->scratch = sc_new(words + 1, sizeof(u64));
    worker->best = sc_new(words + 1, sizeof(u64));
    worker->ever_changed = sc_new(words, sizeof(u64));
    worker->changed = sc_new(search->change_words, sizeof(u64));
    int complete = worker->ring && worker->source && worker->scratch && worker->best && worker->ever_changed && worker->changed;
    if (complete && open_steps(worker, &worker->steps) && open_steps(worker, &worker->aside) && sc_finds_open(&worker->finds, search->model))
        return worker;
    sc_worker_close(worker);
    return NULL;
}

void sc_worker_close(struct worker *worker)
{
    if (!worker)
        return;
    u64 *own[] = {worker->ring, worker->source, worker->scratch, worker->best, worker->ever_changed, worker->changed};
    for (u32 i = 0; i < sizeof own / sizeof *own; i++)
        sc_free(own[i]);
    close_steps(&worker->steps);
    close_steps(&worker->aside);
    sc_finds_close(&worker->finds);
    sc_free(worker);
}

/* A thread waits for jobs. It takes part if the team is large enough to need it. */
static void *serve(void *argument)
{
    struct worker *worker = argument;
    struct sc_search *search = worker->search;
    u64 done = 0;
    pthread_mutex_lock(&search->lock);
    for (;;) {
        while (!search->closing && search->job_number == done)
            pthread_cond_wait(&search->changed_state, &search->lock);
        if (search->closing)
            break;
        done = search->job_number;
        if (worker->number >= search->team)
            continue;
        pthread_mutex_unlock(&search->lock);
        search->job(worker);
        pthread_mutex_lock(&search->lock);
        if (!--search->working)
            pthread_cond_broadcast(&search->changed_state);
    }
    pthread_mutex_unlock(&search->lock);
    return NULL;
}

/* Signals are for the thread that calls: Python expects them there. Where the system refuses threads, those there are have to do. */
static void start_threads(struct sc_search *search)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (search->thread_count + 1 < search->options.workers) {
        if (pthread_create(&search->threads[search->thread_count], NULL, serve, search->workers[search->thread_count + 1]))
            break;
        search->thread_count++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void sc_crew_do(struct sc_search *search, void (*job)(struct worker *), u64 work)
{
    int alone = work < WORTH_WAKING || search->options.workers == 1;
    if (!alone && !search->thread_count)
        start_threads(search);
    pthread_mutex_lock(&search->lock);
    search->job = job;
    search->team = alone ? 1 : search->thread_count + 1;
    search->active = search->team;
    search->working = search->team - 1;
    if (search->working) {
        search->job_number++;
        pthread_cond_broadcast(&search->changed_state);
    }
    pthread_mutex_unlock(&search->lock);
    job(search->workers[0]);
    pthread_mutex_lock(&search->lock);
    while (search->working)
        pthread_cond_wait(&search->changed_state, &search->lock);
    pthread_mutex_unlock(&search->lock);
}

void sc_crew_close(struct sc_search *search)
{
    pthread_mutex_lock(&search->lock);
    search->closing = 1;
    pthread_cond_broadcast(&search->changed_state);
    pthread_mutex_unlock(&search->lock);
    for (u32 i = 0; i < search->thread_count; i++)
        pthread_join(search->threads[i], NULL);
}
