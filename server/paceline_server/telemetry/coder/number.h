/* A number <-> decisions (docs/TELEMETRY.md, "A number"). */
#ifndef PACELINE_NUMBER_H
#define PACELINE_NUMBER_H

#include "coder.h"

enum {
    HABITS = 66, GUESSES = 129,        /* contexts of the two models; the last of each is a list's */
    RANK_SLOTS = 24, SIGN_SLOTS = 9,   /* of a context */
    SLOTS = RANK_SLOTS + SIGN_SLOTS,
    SIGN_WEIGHTS = 4, WEIGHT_SETS,     /* of ranks up to 3, of signs */
    MOST_RANK = 50,
    LEADING_BITS = 3,                  /* below the highest, that have models */
    MODELLED_RANKS = 32,
};

typedef struct {
    int32_t weights[WEIGHT_SETS][MIXED];
    Model habits[HABITS][SLOTS], guesses[GUESSES][SLOTS], leading[MODELLED_RANKS][1 << LEADING_BITS];
} Models;

/* Where a number stands: its contexts, and that of its sign. */
typedef struct {
    int habit, guess, signs;
} Context;

INLINED int rank_of(uint64_t magnitude) {
#if defined(__GNUC__)
    return magnitude == 0 ? 0 : 64 - __builtin_clzll(magnitude);
#else
    int rank = 0;
    for (; magnitude; magnitude >>= 1) rank++;
    return rank;
#endif
}

INLINED int lower(int one, int other) { return one < other ? one : other; }

/* Code a number of at most MOST_RANK bits. */
INLINED int64_t code_number(Coder *coder, bool writing, int64_t value, Models *models, const Context *at) {
    Model *habit = models->habits[at->habit], *guess = models->guesses[at->guess];
    uint64_t magnitude = value < 0 ? (uint64_t)-value : (uint64_t)value;
    int wanted = rank_of(magnitude), rank = 0;
    for (; rank < MOST_RANK; rank++) {
        int slot = lower(rank, RANK_SLOTS - 1);
        Model *const more[MIXED] = {habit + slot, guess + slot};
        int32_t *weights = models->weights[lower(rank, SIGN_WEIGHTS - 1)];
        if (!mixed_bit(coder, writing, true, wanted > rank, more, weights)) break;
    }
    if (rank == 0) return 0;
    Model *const signs[MIXED] = {habit + RANK_SLOTS + at->signs, guess + RANK_SLOTS};
    bool negative = mixed_bit(coder, writing, false, value < 0, signs, models->weights[SIGN_WEIGHTS]);
    uint64_t found = 1;
    int left = rank - 1;
    Model *leading = models->leading[lower(rank, MODELLED_RANKS - 1)];
    while (left > 0 && found < 1 << LEADING_BITS) {
        left--;
        found = found << 1 | plain_bit(coder, writing, false, magnitude >> left & 1, leading + found);
    }
    if (left > 0) found = found << left | raw_bits(coder, writing, magnitude, left);
    return negative ? -(int64_t)found : (int64_t)found;
}

#endif
