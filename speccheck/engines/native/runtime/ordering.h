#ifndef SPECCHECK_ORDERING_H
#define SPECCHECK_ORDERING_H
#include "model.h"

/* Sort distinct states by the model's comparison; it is quick where most of them are in order already. 0 without memory. */
int sc_sort_states(const struct sc_model *, u64 *states, u64 count);

#endif
