/* What a model asks CPython, and what CPython says. */
#include <string.h>

#include "parts.h"

void sc_on_question(struct sc_search *search, sc_answer *answer, void *owner)
{
    search->answer = answer, search->owner = owner;
}

int sc_ask(struct sc_steps *steps, enum sc_question question, u32 which, const u64 *s, const u64 *t)
{
    struct worker *worker = steps->owner;
    struct sc_search *search = worker->search;
    pthread_mutex_lock(&search->asking); /* whoever answers need not expect another worker */
    worker->asked = s;
    int answer = search->answer ? search->answer(search->owner, steps, (int)question, which, s, t) : -1;
    pthread_mutex_unlock(&search->asking);
    if (answer >= 0)
        return answer;
    sc_end(search, SC_UNANSWERED);
    __atomic_or_fetch(&search->signal, SC_SIGNAL_STOP, __ATOMIC_RELAXED);
    return question == SC_ASK_KEPT; /* nothing depends on it any more */
}

int sc_push(struct sc_steps *steps, const u64 *target, u32 instance)
{
    const struct worker *worker = steps->owner;
    if (steps->count == steps->room)
        steps->grow(steps);
    memcpy(steps->targets + (u64)steps->count * (worker->words + 1), target, worker->words * sizeof(u64));
    if (steps->instances)
        steps->instances[steps->count] = instance;
    steps->count++;
    return memcmp(worker->asked, target, worker->words * sizeof(u64)) != 0;
}

void sc_taken(struct sc_steps *steps, u32 action, int moved)
{
    steps->taken[action]++;
    if (moved)
        steps->moved[action] = 1;
}

void sc_erred(struct sc_steps *steps, u32 instance)
{
    if (steps->erred)
        steps->erred[instance / 64] |= (u64)1 << instance % 64;
}

void sc_find(struct sc_steps *steps, u32 find)
{
    steps->found[find / 64] |= (u64)1 << find % 64;
}
