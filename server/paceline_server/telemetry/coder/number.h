/* A number <-> decisions (docs/TELEMETRY.md, "A number"). */
#ifndef PACELINE_NUMBER_H
#define PACELINE_NUMBER_H

#include "coder.h"

enum {
    HABITS = 66, GUESSES = 129,        /* contexts of the two models; the last of each is a list's */
    RANK_SLOTS = 24, SIGN_SLOTS = 9,
    SLOTS = RANK_SLOTS + 1,            /* of a context: for the rank, then the guess's for the sign */
    SIGN_WEIGHTS = 4, WEIGHT_SETS,     /* of ranks up to 3, of signs */
    MOST_RANK = 50,
    LEADING_BITS = 3,                  /* below the highest, that have models */
    MODELLED_RANKS = 32,
};

typedef struct {
    int32_t weights[WEIGHT_SETS][MIXED];
    PlacedModel habits[HABITS][SLOTS], guesses[GUESSES][SLOTS], signs[HABITS][SIGN_SLOTS];
    Model leading[MODELLED_RANKS][1 << LEADING_BITS];
} Models;

/* Where a number stands: its contexts, and that of its sign. */
typedef struct {
    int habit, guess, signs;
} Context;

typedef struct {
    int64_t value;
    int rank;  /* of its magnitude */
} Number;

/* The rank of a magnitude below 2^63. */
INLINED int rank_of(uint64_t magnitude) {
#if defined(__GNUC__)
    return 63 - __builtin_clzll(magnitude << 1 | 1);
#else
    int rank = 0;
    for (; magnitude; magnitude >>= 1) rank++;
    return rank;
#endif
}

INLINED int lower(int one, int other) { return one < other ? one : other; }

/* Code a number of at most MOST_RANK bits.

   Most time goes by waiting, behind a decision that the processor did not foretell, for what hangs on it. So the chance
   of the sign is found before the rank is known, and what can wait is learned afterwards. */
INLINED Number code_number(Coder *coder, bool writing, int64_t value, Models *models, const Context *at) {
    const CoderTables *tables = coder->tables;
    PlacedModel *habit = models->habits[at->habit], *guess = models->guesses[at->guess];
    PlacedModel *signs = models->signs[at->habit] + at->signs;
    uint64_t magnitude = value < 0 ? (uint64_t)-value : (uint64_t)value;
    int wanted = writing ? rank_of(magnitude) : 0, rank = 1;
    if (!mixed_bit(coder, writing, wanted > 0, habit, guess, models->weights[0])) return (Number){0, 0};
    Mixed sign = mix(tables, signs, guess + RANK_SLOTS, models->weights[SIGN_WEIGHTS]), more;
    for (; rank < MOST_RANK; rank++) {
        int slot = lower(rank, RANK_SLOTS - 1);
        more = mix(tables, habit + slot, guess + slot, models->weights[lower(rank, SIGN_WEIGHTS - 1)]);
        if (!narrow(coder, writing, true, more.chance, wanted > rank)) break;
        learn(tables, &more, true);
        settle(coder, writing);
    }
    settle(coder, writing);
    bool negative = narrow(coder, writing, false, sign.chance, value < 0);
    settle(coder, writing);
    if (rank < MOST_RANK) learn(tables, &more, false);
    learn(tables, &sign, negative);
    uint64_t found = 1;
    int left = rank - 1;
    Model *leading = models->leading[lower(rank, MODELLED_RANKS - 1)];
    for (int lead = 0; lead < LEADING_BITS && left > 0; lead++) {
        left--;
        found = found << 1 | plain_bit(coder, writing, false, magnitude >> left & 1, leading + found);
    }
    if (left > 0) found = found << left | raw_bits(coder, writing, magnitude, left);
    /* Without a branch, which nobody could foretell. */
    return (Number){((int64_t)found ^ -(int64_t)negative) + negative, rank};
}

#endif
