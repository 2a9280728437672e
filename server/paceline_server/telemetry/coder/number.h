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

/* The decision whether a number has more bits than `rank`. */
INLINED Mixed mix_more(const CoderTables *tables, Models *models, const Context *at, int rank) {
    int slot = lower(rank, RANK_SLOTS - 1);
    int32_t *weights = models->weights[lower(rank, SIGN_WEIGHTS - 1)];
    return mix(tables, models->habits[at->habit] + slot, models->guesses[at->guess] + slot, weights);
}

/* Code a number of at most MOST_RANK bits.

   Most time goes by waiting, behind a decision that the processor did not foretell, for what hangs on it. So chances
   of the sign and of the next decision are found first, and what was decided is learned afterwards. */
INLINED Number code_number(Coder *coder, bool writing, int64_t value, Models *models, const Context *at) {
    const CoderTables *tables = coder->tables;
    uint64_t magnitude = value < 0 ? (uint64_t)-value : (uint64_t)value;
    int wanted = writing ? rank_of(magnitude) : 0, rank = 1;
    Mixed more = mix_more(tables, models, at, 0);
    if (!narrow(coder, writing, true, more.chance, wanted > 0)) {
        learn(tables, &more, false);
        settle(coder, writing);
        return (Number){0, 0};
    }
    settle(coder, writing);
    PlacedModel *signs = models->signs[at->habit] + at->signs, *guessed = models->guesses[at->guess] + RANK_SLOTS;
    Mixed sign = mix(tables, signs, guessed, models->weights[SIGN_WEIGHTS]), next = mix_more(tables, models, at, 1);
    learn(tables, &more, true);
    for (more = next; rank < MOST_RANK && narrow(coder, writing, true, more.chance, wanted > rank); more = next) {
        settle(coder, writing);
        rank++;
        /* From here on the next decision asks the same weights, and at last the same models. */
        if (rank >= SIGN_WEIGHTS) learn(tables, &more, true);
        next = mix_more(tables, models, at, rank);
        if (rank < SIGN_WEIGHTS) learn(tables, &more, true);
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
