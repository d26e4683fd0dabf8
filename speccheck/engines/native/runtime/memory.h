/* Memory: zeroed, or NULL where the system (or a test) refuses it. Nothing else here allocates. */
#ifndef SPECCHECK_MEMORY_H
#define SPECCHECK_MEMORY_H

#include "model.h"

/* Small things. */
void *sc_new(u64 count, u64 bytes);
void *sc_resized(void *, u64 count, u64 bytes); /* what is new is not zeroed; on failure the old memory stays */
void sc_free(void *);

/* Large things: pages that take no memory until they are touched. `huge` asks for huge pages, without which a large table misses the TLB at every look. */
void *sc_map(u64 bytes, int huge);
void sc_unmap(void *, u64 bytes);

#endif
