/* The search for each width of states: templates, filled in. Widths that are common have code of their own, as a constant number of words is worth much. */
#include "parts.h"

#define PASTE(a, b) a##b
#define JOINED(a, b) PASTE(a, b)

#define NAME(name) JOINED(name, _narrow_32)
#define SLOT u32
#define WORDS 1
#include "state_set_narrow.h"
#include "explore.h"
#undef NAME
#undef SLOT
#undef WORDS

#define NAME(name) JOINED(name, _narrow_64)
#define SLOT u64
#define WORDS 1
#include "state_set_narrow.h"
#include "explore.h"
#undef NAME
#undef SLOT
#undef WORDS

#define NAME(name) JOINED(name, _wide_2)
#define WORDS 2
#include "state_set_wide.h"
#include "explore.h"
#undef NAME
#undef WORDS

#define NAME(name) JOINED(name, _wide_3)
#define WORDS 3
#include "state_set_wide.h"
#include "explore.h"
#undef NAME
#undef WORDS

#define NAME(name) JOINED(name, _wide_4)
#define WORDS 4
#include "state_set_wide.h"
#include "explore.h"
#undef NAME
#undef WORDS

#define NAME(name) JOINED(name, _wide)
#define WORDS worker->words
#include "state_set_wide.h"
#include "explore.h"
#undef NAME
#undef WORDS

const struct width *sc_width_of(const struct sc_model *model)
{
    switch (model->words) {
    case 1: return model->bits <= 32 ? &width_narrow_32 : &width_narrow_64;
    case 2: return &width_wide_2;
    case 3: return &width_wide_3;
    case 4: return &width_wide_4;
    default: return &width_wide;
    }
}
