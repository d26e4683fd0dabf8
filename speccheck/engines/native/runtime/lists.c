#include <stdlib.h>

#include "graph.h"
#include "memory.h"

enum sc_code sc_list_reserve(struct sc_graph *graph, struct list *list, u64 more)
{
    u64 room = list->room ? list->room : 64;
    while (room < list->count + more)
        room *= 2;
    if (room == list->room)
        return SC_MORE;
    if (!sc_graph_take(graph, (room - list->room) * sizeof(u32)))
        return SC_MEMORY_LIMIT;
    u32 *all = sc_resized(list->all, room, sizeof *all);
    if (!all) {
        sc_graph_give(graph, (room - list->room) * sizeof(u32));
        return SC_OUT_OF_MEMORY;
    }
    list->all = all, list->room = room;
    return SC_MORE;
}

int sc_list_grow(struct sc_graph *graph, struct list *list)
{
    enum sc_code code = sc_list_reserve(graph, list, 1);
    if (code)
        sc_graph_fail(graph, code);
    return code == SC_MORE;
}

void sc_list_close(struct sc_graph *graph, struct list *list)
{
    sc_free(list->all);
    sc_graph_give(graph, list->room * sizeof(u32));
    *list = (struct list){0};
}

static int by_number(const void *a, const void *b)
{
    u32 x = *(const u32 *)a, y = *(const u32 *)b;
    return (x > y) - (x < y);
}

void sc_sort_numbers(u32 *all, u64 count)
{
    for (u64 i = 1; i < count; i++)
        if (all[i - 1] > all[i]) { /* what is sorted already need not be sorted */
            qsort(all, count, sizeof *all, by_number);
            return;
        }
}
