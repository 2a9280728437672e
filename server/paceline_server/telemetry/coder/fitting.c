/* The writer's choice for a column: factors that foretell it well, and whether few values or steps are listed.

   Any choice can be read: nothing here need be the same elsewhere. Only what IEEE 754 rounds exactly is used, so that
   it is the same on most machines. */
#include "column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST = 50, SAMPLED = 700, ROUNDS = 4, LISTED_BITS = 5, WIDEST_LIST = 1 << 16, BIT = 256 };

/* Some values of a column with what is told of them. */
typedef struct {
    size_t count, room, values;  /* values: of the whole column */
    int factors;
    int64_t *last, *wanted;      /* the value before; the value */
    double (*given)[MOST_FACTORS];
} Sample;

static bool gather(Sample *sample, size_t rows, const Column *column, const Hints *hints) {
    size_t every = (sample->values - 1) / SAMPLED + 1, place = 0;
    int64_t last = 0, steps[MOST_OWN] = {0};
    for (size_t row = 0; row < rows; row++) {
        if (column->missing && column->gaps[row]) continue;
        int64_t value = column->values[row];
        if (place > 0) {
            if (place % every == 0 && sample->count < sample->room) {
                double *given = sample->given[sample->count];
                for (int back = 0; back < hints->own; back++) *given++ = (double)steps[back];
                int64_t less = hints->relative ? last : 0;
                for (int hint = 0; hint < hints->count; hint++) {
                    *given++ = (double)within(hints->told[hint][row] - less, LARGEST_HINT);
                }
                sample->last[sample->count] = last;
                sample->wanted[sample->count++] = value;
            }
            steps[2] = steps[1];
            steps[1] = steps[0];
            steps[0] = within(value - last, LARGEST_HINT);
        }
        last = value;
        place++;
    }
    return sample->count >= FEWEST / 2;
}

/* About how many bits a surprise takes, in 1/BIT. */
static int64_t bits_of(int64_t surprise) {
    uint64_t size = (uint64_t)llabs(surprise) + 1;
    int rank = rank_of(size) - 1;
    return rank * BIT + (int64_t)(rank < 8 ? size << (8 - rank) : size >> (rank - 8)) - BIT;
}

static double foretold_step(const Sample *sample, size_t each, const double *factors) {
    double sum = 0;
    for (int factor = 0; factor < sample->factors; factor++) sum += sample->given[each][factor] * factors[factor];
    return sum;
}

static int64_t foretold(const Sample *sample, size_t each, const int32_t *factors) {
    double sum = ONE / 2;
    for (int factor = 0; factor < sample->factors; factor++) sum += sample->given[each][factor] * factors[factor];
    return within(sample->last[each] + (int64_t)floor(sum / ONE), HIGHEST);
}

/* Solve square x = right by elimination; the square is symmetric with a diagonal above 0. */
static void solve(int size, double square[MOST_FACTORS][MOST_FACTORS], double *right) {
    for (int pivot = 0; pivot < size; pivot++) {
        for (int row = pivot + 1; row < size; row++) {
            double share = square[row][pivot] / square[pivot][pivot];
            for (int column = pivot; column < size; column++) square[row][column] -= share * square[pivot][column];
            right[row] -= share * right[pivot];
        }
    }
    for (int row = size - 1; row >= 0; row--) {
        for (int column = row + 1; column < size; column++) right[row] -= square[row][column] * right[column];
        right[row] /= square[row][row];
    }
}

/* Set factors to those of the least sum of squares, weighed by how surprising each value was by the factors before. */
static void fit(const Sample *sample, double *factors, bool forgiving) {
    int size = sample->factors;
    double square[MOST_FACTORS][MOST_FACTORS] = {{0}}, right[MOST_FACTORS] = {0};
    for (size_t each = 0; each < sample->count; each++) {
        const double *given = sample->given[each];
        double wanted = (double)(sample->wanted[each] - sample->last[each]);
        double surprise = fabs(wanted - foretold_step(sample, each, factors));
        double weight = forgiving ? 1 / ((surprise + 2) * sqrt(surprise + 2)) : 1 / (surprise + 0.7);
        for (int row = 0; row < size; row++) {
            double weighed = given[row] * weight;
            for (int column = row; column < size; column++) square[row][column] += weighed * given[column];
            right[row] += weighed * wanted;
        }
    }
    for (int row = 0; row < size; row++) {
        square[row][row] += 1e-5 * square[row][row] + 1e-6;
        for (int column = 0; column < row; column++) square[row][column] = square[column][row];
    }
    solve(size, square, right);
    for (int row = 0; row < size; row++) {
        double factor = right[row];
        factors[row] = factor > 7.9 ? 7.9 : factor < -7.9 ? -7.9 : factor == factor ? factor : 0;
    }
}

static int64_t bits_by(const Sample *sample, const int32_t *factors) {
    int64_t bits = 0;
    for (size_t each = 0; each < sample->count; each++) {
        bits += bits_of(sample->wanted[each] - foretold(sample, each, factors));
    }
    return bits;
}

/* Choose factors; return the bits that surprises by them take. */
static int64_t choose_factors(Choice *choice, const Sample *sample) {
    int64_t least = bits_by(sample, choice->factors);
    double factors[MOST_FACTORS];
    for (int factor = 0; factor < sample->factors; factor++) factors[factor] = choice->factors[factor] / (double)ONE;
    for (int round = 0; round < ROUNDS; round++) {
        fit(sample, factors, round >= 2);
        if (round != 1 && round != ROUNDS - 1) continue;
        int32_t tried[MOST_FACTORS] = {0};
        for (int factor = 0; factor < sample->factors; factor++) {
            tried[factor] = (int32_t)floor(factors[factor] * ONE + 0.5);
        }
        int64_t bits = bits_by(sample, tried);
        if (bits < least) {
            least = bits;
            memcpy(choice->factors, tried, sizeof tried);
            choice->fitted = true;
        }
    }
    return least;
}

/* List the values (or steps) that occur when they are few among those that could; *listed stays NULL when not. */
static bool list_few(int form, size_t rows, const Column *column, size_t values, int64_t **listed, size_t *count) {
    int64_t lowest = INT64_MAX, highest = INT64_MIN, last = 0;
    bool begun = false;
    uint8_t *seen = NULL;
    *listed = NULL;
    *count = 0;
    for (int round = 0; round < 2; round++) {
        for (size_t row = begun = 0; row < rows; row++) {
            if (column->missing && column->gaps[row]) continue;
            int64_t value = column->values[row], told = form == STEPS_LISTED ? value - last : value;
            last = value;
            if (!begun) {
                begun = true;
            } else if (round == 0) {
                lowest = told < lowest ? told : lowest;
                highest = told > highest ? told : highest;
            } else if (!seen[told - lowest]) {
                seen[told - lowest] = 1;
                ++*count;
            }
        }
        if (round == 0) {
            if (highest - lowest <= 2 || highest - lowest >= WIDEST_LIST) return true;
            seen = calloc((size_t)(highest - lowest) + 1, 1);
            if (!seen) return false;
        }
    }
    bool few = 10 * *count <= values && 2 * *count <= (size_t)(highest - lowest);
    if (few && (*listed = malloc(*count * sizeof **listed))) {
        size_t place = 0;
        for (int64_t told = lowest; told <= highest; told++) {
            if (seen[told - lowest]) (*listed)[place++] = told;
        }
    }
    free(seen);
    return !few || *listed;
}

static int64_t listed_bits(
    const Sample *sample, int form, const int32_t *factors, const int64_t *listed, size_t count
) {
    int64_t bits = 0;
    for (size_t each = 0; each < sample->count; each++) {
        int64_t base = form == STEPS_LISTED ? sample->last[each] : 0;
        int64_t place = nearest(listed, count, foretold(sample, each, factors) - base);
        bits += bits_of(nearest(listed, count, sample->wanted[each] - base) - place);
    }
    return bits;
}

static bool choose_form(Choice *choice, size_t rows, const Column *column, const Sample *sample, int64_t least) {
    for (int form = VALUES_LISTED; form <= STEPS_LISTED; form++) {
        int64_t *listed;
        size_t count;
        if (!list_few(form, rows, column, sample->values, &listed, &count)) return false;
        if (!listed) continue;
        int64_t bits = listed_bits(sample, form, choice->factors, listed, count);
        /* A sample takes its share of what the list takes. */
        bits += (int64_t)(count * LISTED_BITS * BIT * sample->count / sample->values);
        if (bits < least && count <= MOST_LISTED) {
            least = bits;
            free(choice->listed);
            choice->form = form;
            choice->listed = listed;
            choice->listed_count = count;
        } else {
            free(listed);
        }
    }
    return true;
}

/* Choose what is likely to make a column small, whose `factors` stand at their first; false without memory. */
bool choose(Choice *choice, int number, size_t rows, const Column *column, const Hints *hints) {
    bool listable = number == ALTITUDE || number == DISTANCE || number == SPEED;
    bool fittable = listable || number == LATITUDE || number == LONGITUDE;
    size_t values = rows - column->missing;
    if (values < FEWEST || !fittable) return true;
    size_t room = values < 2 * SAMPLED ? values : 2 * SAMPLED;
    Sample sample = {.room = room, .values = values, .factors = hints->own + hints->count};
    sample.last = malloc(room * sizeof *sample.last);
    sample.wanted = malloc(room * sizeof *sample.wanted);
    sample.given = malloc(room * sizeof *sample.given);
    bool well = sample.last && sample.wanted && sample.given;
    if (well && gather(&sample, rows, column, hints)) {
        int64_t least = choose_factors(choice, &sample);
        if (listable) well = choose_form(choice, rows, column, &sample, least);
    }
    free(sample.last);
    free(sample.wanted);
    free(sample.given);
    return well;
}
