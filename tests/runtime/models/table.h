/* The table of table.c. A place is a number of a state in the table. */
#ifndef TABLE_H
#define TABLE_H

#include "model.h"

#define TABLE_VALUES 4096
#define TABLE_ERRS UINT32_MAX /* a target that is none */
#define TABLE_INSTANCES 300
#define TABLE_PREDICATES 3

struct table {
    const u32 *places;  /* [TABLE_VALUES] by value */
    const u32 *ranks;   /* [TABLE_VALUES] domain order, by value */
    const u32 *values;  /* by place, as all that follows */
    const u32 *kept;
    const u32 *asks;    /* CPython is asked for the steps */
    const u32 *holds, *raised; /* sets of predicates */
    const u32 *begins;  /* [states + 1] the first evaluation */
    const u32 *instances, *targets; /* of the evaluations */
};

extern struct table speccheck_table;
/* Write the state at a place. */
void table_state(u32 place, u64 *state);

#endif
