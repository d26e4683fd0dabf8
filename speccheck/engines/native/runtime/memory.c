#define _GNU_SOURCE /* madvise, MAP_ANONYMOUS */
#include "memory.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "search.h"

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0 /* macOS reserves nothing anyway */
#endif

#define HUGE_PAGE ((u64)2 << 20)

static u64 until_failure; /* allocations until one fails; 0: none will */

void sc_fail_allocation(u64 n)
{
    __atomic_store_n(&until_failure, n, __ATOMIC_RELAXED);
}

static int refused(void)
{
    u64 left = __atomic_load_n(&until_failure, __ATOMIC_RELAXED);
    while (left && !__atomic_compare_exchange_n(&until_failure, &left, left - 1, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
    return left == 1;
}

void *sc_new(u64 count, u64 bytes)
{
    return refused() ? NULL : calloc(count ? count : 1, bytes ? bytes : 1);
}

void *sc_resized(void *old, u64 count, u64 bytes)
{
    return refused() || count > SIZE_MAX / bytes ? NULL : realloc(old, count * bytes);
}

void sc_free(void *memory)
{
    free(memory);
}

static char *mapped(u64 bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void *sc_map(u64 bytes, int huge)
{
    if (refused())
        return NULL;
#ifdef MADV_HUGEPAGE
    if (huge && bytes >= HUGE_PAGE) {
        char *memory = mapped(bytes + HUGE_PAGE);
        if (!memory)
            return NULL;
        u64 before = -(u64)(uintptr_t)memory % HUGE_PAGE; /* pages before the first place where a huge page may begin */
        if (before)
            munmap(memory, before);
        u64 last = (bytes + 4095) & ~(u64)4095;
        if (HUGE_PAGE > before + (last - bytes))
            munmap(memory + before + last, HUGE_PAGE - before - (last - bytes));
        madvise(memory + before, bytes, MADV_HUGEPAGE);
        return memory + before;
    }
#endif
    (void)huge;
    return mapped(bytes);
}

void sc_unmap(void *memory, u64 bytes)
{
    if (memory)
        munmap(memory, bytes);
}
