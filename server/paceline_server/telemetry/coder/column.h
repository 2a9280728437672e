/* A column of a blob while it is coded, and what others tell of it. */
#ifndef PACELINE_COLUMN_H
#define PACELINE_COLUMN_H

#include "number.h"

/* A column's number in the blob. */
enum { TIME, LATITUDE, LONGITUDE, ALTITUDE, SPEED, HEART_RATE, CONFIDENCE, CADENCE, DISTANCE, POWER, COLUMNS };

enum { STEP_GIVEN, VALUE_GIVEN, STEP_AGAIN };    /* what the other guess is: a step, a value, the last step again */
enum { PLAIN, VALUES_LISTED, STEPS_LISTED };     /* how values are told */
enum { MOST_OWN = 3, MOST_TOLD = 9, MOST_FACTORS = MOST_OWN + MOST_TOLD };
enum { LARGEST_SURPRISE = 100000, MOST_LISTED = 65535, ONE = 4096 /* a factor */ };
enum { WELL, NO_MEMORY, OUT_OF_BOUNDS, TOO_SHORT, UNKNOWN }; /* what came of it */

#define HIGHEST ((int64_t)1 << 48)  /* no value is as large */
#define LARGEST_HINT ((int64_t)1 << 40)

/* A column that is known, a value for each row. */
typedef struct {
    int64_t *values;  /* the last one held where there is none, 0 before the first */
    uint8_t *gaps;    /* 1 where there is no value */
    size_t missing;   /* rows without a value */
    bool fine;        /* distance: in 0.01 m, else in 0.1 m */
} Column;

/* What is told of each row of a column. */
typedef struct {
    int own, count;                   /* own last steps; hints from other columns */
    bool relative;                    /* hints are values: the last value is taken from them */
    bool steady, rests;               /* foretold to step on; seldom leaves 0 */
    int kind;                         /* of `guess` */
    const int64_t *told[MOST_TOLD];
    const int64_t *guess;             /* NULL: 0 on all rows */
    bool far;                         /* some hint is not within half of LARGEST_HINT */
    bool wide;                        /* far and relative: `sums` would not do */
    const int32_t *factors;           /* of hints */
    const int64_t *sums;              /* of hints by their factors, for each row; NULL without hints */
    int64_t slope;                    /* relative: `sums` are less by this times the last value */
    int64_t *kept[3];                 /* what the arrays lie in */
} Hints;

/* How a column is written. */
typedef struct {
    int32_t factors[MOST_FACTORS];  /* of ONE */
    bool fitted;
    int form;
    int64_t *listed;
    size_t listed_count;
} Choice;

void fill_walk_tables(void);
bool prepare_hints(Hints *hints, int number, size_t rows, Column *const known[COLUMNS]);
bool sum_hints(Hints *hints, const int32_t *factors, size_t rows);
void free_hints(Hints *hints);

bool choose(Choice *choice, int number, size_t rows, const Column *column, const Hints *hints);

int write_gaps(Coder *coder, size_t rows, const Column *column, const Column *beside);
int read_gaps(Coder *coder, size_t rows, Column *column, const Column *beside);
int write_values(Coder *coder, size_t rows, Column *column, const Hints *hints, const Choice *choice);
int read_values(Coder *coder, size_t rows, int64_t first, Column *column, const Hints *hints, Choice *choice);

INLINED int64_t within(int64_t value, int64_t most) { return value > most ? most : value < -most ? -most : value; }

/* The place of the listed value that is nearest; of equally near ones the lower. */
static inline int64_t nearest(const int64_t *listed, size_t count, int64_t value) {
    size_t from = 0, to = count - 1;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (listed[middle] < value) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    if (from > 0 && value - listed[from - 1] <= listed[from] - value) from--;
    return (int64_t)from;
}

/* What hints tell of a row by their factors, in 1/ONE. */
static inline int64_t sum_of_hints(const Hints *hints, int64_t last, size_t row) {
    int64_t sum = 0, less = hints->relative ? last : 0;
    for (int hint = 0; hint < hints->count; hint++) {
        sum += hints->factors[hint] * within(hints->told[hint][row] - less, LARGEST_HINT);
    }
    return sum;
}

#endif
