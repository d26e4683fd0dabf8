/* What the compiled rules of a model and the runtime know of each other.
 *
 * A model is a shared library that exports one `struct sc_model` named `speccheck_model`. The runtime, another library, searches any model through it.
 *
 * A state is a string of `bits` bits in `words` 64-bit words, least significant first. Unused bits are zero, so two states are equal exactly if their words are.
 * A model may read and write one word beyond the last (its value means nothing): whoever hands out a state makes room for `words + 1` words.
 */
#ifndef SPECCHECK_MODEL_H
#define SPECCHECK_MODEL_H

#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;

#define SC_ABI 1

/* What a model asks CPython where it cannot answer itself (an intermediate result beyond 64 bits). */
enum sc_question {
    SC_ASK_STEPS,     /* take all steps of instance `which` out of s: CPython pushes the targets and finds, exactly as `expand` would have; the answer is 0 */
    SC_ASK_PROPERTY,  /* what does property `which` (its number in the model) find in s (and in the step to t, if t is not NULL)? finds are marked; the answer is 0 */
    SC_ASK_KEPT,      /* is s within constraint `which`? the answer is 0 or 1 */
    SC_ASK_ATOM,      /* does predicate `which` of the letter hold in s (and the step to t, if t is not NULL)? the answer is 0 or 1, 2 if it raises, 3 if it needs a step */
};

/* What comes out of looking at one state. The runtime owns it, one for each worker; the model fills it.
 *
 * A *find* is something worth noting about a state: a false invariant, a witness, a step that errs, a step that writes nothing, a deadlock. Finds are numbered by
 * the model; of each, the runtime keeps the least state of the least level that has it. `live` says which finds still matter: those not found on an earlier level.
 */
struct sc_steps {
    u64 *targets;    /* the targets of the completed steps, (words + 1) words each; self-loops and repetitions included */
    u32 *instances;  /* NULL, or the number of the action instance of each step */
    u32 count, room; /* how many there are, and how many fit; `grow` makes room for at least one more */
    u64 *erred;      /* NULL, or the bit set of the instances that erred in this state; reset by whoever asks for it */
    u64 *taken;      /* [actions] completed steps so far; never reset */
    u64 *moved;      /* [actions] not zero if some step of the action changed the state; never reset */
    u64 *found;      /* bit set of the finds of this state; reset by the runtime for each state */
    const u64 *live; /* bit set of the finds that still matter */
    void (*grow)(struct sc_steps *);
    int (*ask)(struct sc_steps *, enum sc_question, u32 which, const u64 *s, const u64 *t);
    void *owner; /* of the runtime */
};

struct sc_model {
    u32 abi;       /* SC_ABI */
    u32 words;     /* of a state */
    u32 bits;      /* of a state */
    u32 actions;   /* actions in declaration order */
    u32 instances; /* action instances: actions with values of their parameters, in order */
    u32 finds;     /* things that can be found */
    u32 flags;     /* SC_HAS_... */

    /* Take every step out of s: push targets, count `taken`, mark `moved`, and mark what was found: erring and silent steps, and a deadlock. */
    void (*expand)(const u64 *s, struct sc_steps *out);
    /* Mark what is found in s itself: false or raising invariants, witnesses. */
    void (*visit)(const u64 *s, struct sc_steps *out);
    /* Whether s is within all constraints (only with SC_HAS_CONSTRAINT); a constraint that raises is a find in s, and s is kept. */
    int (*kept)(const u64 *s, struct sc_steps *out);
    /* Mark what is found in the changing step from s to t (only with SC_HAS_STEP): false or raising step invariants. */
    void (*step)(const u64 *s, const u64 *t, struct sc_steps *out);
    /* Compare two states in domain order: negative, zero or positive. */
    int (*compare)(const u64 *a, const u64 *b);
    /* Bit set (`variables` bits, in words) of the variables in which the states differ is OR-ed into `into`. */
    void (*changes)(const u64 *s, const u64 *t, u64 *into);
    u32 variables;
    /* Which of the `atoms` predicates of temporal formulas hold in s, which raise, and which need a step, as they ask what occurs: bit sets, reset by the
     * caller. NULL if there are none. */
    void (*letter)(const u64 *s, u64 *holds, u64 *raised, u64 *needs, struct sc_steps *out);
    u32 atoms;
    /* Write the abstract state that mapping `which` gives for s: 0. Not 0: only CPython can tell, or it raises. NULL if there are no mappings. */
    int (*map)(u32 which, const u64 *s, u64 *out);
    /* Replace s by the least state of its orbit under symmetry (only with SC_HAS_CANONICAL). */
    void (*canonical)(u64 *s);
    /* The same of those predicates that may need a step, for the step from s to t; if that is s itself, nothing happens any more. NULL if there are none. */
    void (*step_letter)(const u64 *s, const u64 *t, u64 *holds, u64 *raised, struct sc_steps *out);
};

/* A model with refinements exports `const struct sc_model *speccheck_abstract[]`, one for each, and `sc_refined *speccheck_allows`; whoever loads it fills them
 * in. 1 if the abstract model has a step from s to t, 0 if it has none, -1 if only CPython can tell.
 */
typedef int sc_refined(const struct sc_model *abstract, const u64 *s, const u64 *t);

enum sc_flags {
    SC_HAS_CONSTRAINT = 1,
    SC_HAS_STEP = 2,
    SC_HAS_CANONICAL = 4,
};

#endif
