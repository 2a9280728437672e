/* What the columns that were coded before tell of the next one (docs/TELEMETRY.md, "Hints"). Integers only. */
#include "column.h"

#include <math.h>
#include <stdlib.h>

enum { PAD = 2 /* rows before the first and behind the last, which are held */ };

static const int OWN_STEPS[COLUMNS] = {1, 3, 3, 2, 3, 2, 0, 2, 3, 2};

/* 65536 times the cosine of whole degrees. */
static const int32_t COSINES[92] = {
    65536, 65526, 65496, 65446, 65376, 65287, 65177, 65048, 64898, 64729, 64540, 64332, 64104, 63856,
    63589, 63303, 62997, 62672, 62328, 61966, 61584, 61183, 60764, 60326, 59870, 59396, 58903, 58393,
    57865, 57319, 56756, 56175, 55578, 54963, 54332, 53684, 53020, 52339, 51643, 50931, 50203, 49461,
    48703, 47930, 47143, 46341, 45525, 44695, 43852, 42995, 42126, 41243, 40348, 39441, 38521, 37590,
    36647, 35693, 34729, 33754, 32768, 31772, 30767, 29753, 28729, 27697, 26656, 25607, 24550, 23486,
    22415, 21336, 20252, 19161, 18064, 16962, 15855, 14742, 13626, 12505, 11380, 10252, 9121, 7987,
    6850, 5712, 4572, 3430, 2287, 1144, 0, -1144,
};

static int64_t floor_divided(int64_t value, int64_t by) { return value / by - (value % by < 0); }

static int64_t step(const int64_t *values, size_t row) { return row ? values[row] - values[row - 1] : 0; }

/* Return an array of a value a row that can be looked at PAD rows beyond its ends; NULL without memory. */
static int64_t *series(Hints *hints, size_t rows) {
    int64_t **kept = hints->kept;
    while (*kept) kept++;
    *kept = malloc((rows + 2 * PAD) * sizeof **kept);
    return *kept ? *kept + PAD : NULL;
}

static void hold_ends(Hints *hints, int64_t *values, size_t rows) {
    const uint64_t half = LARGEST_HINT / 2;
    for (size_t row = 0; row < rows; row++) hints->far |= (uint64_t)values[row] + half > 2 * half;
    for (int away = 1; away <= PAD; away++) {
        values[-away] = values[0];
        values[rows - 1 + away] = values[rows - 1];
    }
}

static void tell(Hints *hints, const int64_t *values, int from, int to) {
    for (int later = from; later >= to; later--) hints->told[hints->count++] = values + later;
}

/* The way to each row from the one before it, in 1/16 cm, on a plane. */
static void measure_ways(int64_t *ways, size_t rows, const int64_t *latitudes, const int64_t *longitudes) {
    const int64_t longest = 1 << 20;
    for (size_t row = 0; row < rows; row++) {
        int64_t south = within(step(latitudes, row), longest) * 16, east = within(step(longitudes, row), longest);
        int64_t latitude = llabs(within(latitudes[row], 90000000)), degrees = latitude / 1000000;
        int64_t cosine = COSINES[degrees];
        cosine += floor_divided((COSINES[degrees + 1] - cosine) * (latitude % 1000000), 1000000);
        east = (east * cosine) >> 12;
        /* Below 2^53 a square root is rounded exactly on every machine, and so its floor is the same. */
        ways[row] = ((int64_t)sqrt((double)(east * east + south * south)) * 2847) >> 8;
    }
}

static bool hint_longitude(Hints *hints, size_t rows, const Column *latitude) {
    int64_t *steps = series(hints, rows);
    if (!steps) return false;
    for (size_t row = 0; row < rows; row++) steps[row] = step(latitude->values, row);
    hold_ends(hints, steps, rows);
    tell(hints, steps, 1, -1);
    return true;
}

static bool hint_distance(Hints *hints, size_t rows, Column *const known[COLUMNS], const Column *distance) {
    int64_t *ways = series(hints, rows), *guess = series(hints, rows), unit = distance->fine ? 16 : 160;
    if (!ways || !guess) return false;
    measure_ways(ways, rows, known[LATITUDE]->values, known[LONGITUDE]->values);
    for (size_t row = 0; row < rows; row++) {
        guess[row] = (ways[row] + unit / 2) / unit;
        ways[row] >>= 4;
    }
    hold_ends(hints, ways, rows);
    tell(hints, ways, 1, -1);
    hints->guess = guess;
    return true;
}

static int64_t elapsed_ms(const Column *time, size_t row) {
    int64_t elapsed = step(time->values, row);
    return elapsed > 1 ? elapsed : 1;
}

static bool hint_speed(Hints *hints, size_t rows, Column *const known[COLUMNS], bool placed) {
    const Column *distance = known[DISTANCE];
    hints->relative = true;
    hints->kind = VALUE_GIVEN;
    if (placed) {
        int64_t *speeds = series(hints, rows);
        if (!speeds) return false;
        measure_ways(speeds, rows, known[LATITUDE]->values, known[LONGITUDE]->values);
        for (size_t row = 0; row < rows; row++) speeds[row] = (speeds[row] * 1000 / elapsed_ms(known[TIME], row)) >> 4;
        hold_ends(hints, speeds, rows);
        tell(hints, speeds, 2, -1);
        hints->guess = speeds;
    }
    if (distance) {
        int64_t *speeds = series(hints, rows), unit = distance->fine ? 1000 : 10000;
        if (!speeds) return false;
        for (size_t row = 0; row < rows; row++) {
            speeds[row] = floor_divided(step(distance->values, row) * unit, elapsed_ms(known[TIME], row));
        }
        hold_ends(hints, speeds, rows);
        tell(hints, speeds, 2, -2);
        hints->guess = speeds;
    }
    return true;
}

/* Gather what known columns tell of a column, which is among them; false without memory. Free them in any case. */
bool prepare_hints(Hints *hints, int number, size_t rows, Column *const known[COLUMNS]) {
    bool placed = known[LATITUDE] && known[LONGITUDE];
    *hints = (Hints){
        .own = OWN_STEPS[number],
        .steady = number == TIME || number == LATITUDE || number == LONGITUDE || number == DISTANCE,
        .rests = number == SPEED || number == CADENCE || number == POWER,
        .kind = number == LATITUDE || number == LONGITUDE ? STEP_AGAIN : STEP_GIVEN,
    };
    if (number == LONGITUDE && known[LATITUDE]) return hint_longitude(hints, rows, known[LATITUDE]);
    if (number == DISTANCE && placed) return hint_distance(hints, rows, known, known[DISTANCE]);
    if (number == SPEED && known[TIME] && (placed || known[DISTANCE])) return hint_speed(hints, rows, known, placed);
    return true;
}

void free_hints(Hints *hints) {
    for (int each = 0; each < 3; each++) free(hints->kept[each]);
}

/* Sum up hints by their factors, which must stay; false without memory. */
bool sum_hints(Hints *hints, const int32_t *factors, size_t rows) {
    hints->factors = factors;
    hints->wide = hints->far && hints->relative;
    if (!hints->count || hints->wide) return true;
    int64_t *sums = series(hints, rows);
    if (!sums) return false;
    for (size_t row = 0; row < rows; row++) {
        int64_t sum = hints->far ? sum_of_hints(hints, 0, row) : 0;
        for (int hint = 0; hint < hints->count && !hints->far; hint++) sum += factors[hint] * hints->told[hint][row];
        sums[row] = sum;
    }
    for (int hint = 0; hint < hints->count && hints->relative; hint++) hints->slope += factors[hint];
    hints->sums = sums;
    return true;
}
