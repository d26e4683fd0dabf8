#define _GNU_SOURCE /* madvise, MAP_ANONYMOUS */
#include "memory.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "search.h"

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0 /* macOS reserves nothing anyway */
#endif

#define HUGE_PAGE ((u64)2 << 20)
#define PAGE ((u64)64 << 10) /* no system has larger ones */

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

static u64 in_pages(u64 bytes)
{
    return (bytes + PAGE - 1) / PAGE * PAGE;
}

static char *mapped(u64 bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

#ifdef MADV_HUGEPAGE
/* A huge page begins at a multiple of its size: map more, and give back what is before and after. */
static char *mapped_huge(u64 bytes)
{
    char *memory = mapped(bytes + HUGE_PAGE);
    if (!memory)
        return NULL;
    u64 before = -(u64)(uintptr_t)memory % HUGE_PAGE;
    if (before)
        munmap(memory, before);
    munmap(memory + before + bytes, HUGE_PAGE - before);
    madvise(memory + before, bytes, MADV_HUGEPAGE);
    return memory + before;
}
#else
static char *mapped_huge(u64 bytes)
{
    return mapped(bytes);
}
#endif

void *sc_map(u64 bytes, int huge)
{
    if (refused())
        return NULL;
    return huge ? mapped_huge(in_pages(bytes)) : mapped(in_pages(bytes));
}

void sc_unmap(void *memory, u64 bytes)
{
    if (memory)
        munmap(memory, in_pages(bytes));
}
