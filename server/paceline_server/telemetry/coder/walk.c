/* A column, value after value: what is foretold of each, and the contexts of its surprise (docs/TELEMETRY.md). */
#include "column.h"

#include <stdlib.h>
#include <string.h>

enum { FURTHEST = 127 /* all that is above it has the rank of it */ };

static Models fresh_models;
static uint8_t ranks_to_7[FURTHEST + 1];

void fill_walk_tables(void) {
    Models *models = &fresh_models;
    for (int each = 0; each < WEIGHT_SETS * MIXED; each++) models->weights[each / MIXED][each % MIXED] = FIRST_WEIGHT;
    for (int each = 0; each < HABITS * SLOTS; each++) models->habits[each / SLOTS][each % SLOTS] = EVEN_PLACED;
    for (int each = 0; each < GUESSES * SLOTS; each++) models->guesses[each / SLOTS][each % SLOTS] = EVEN_PLACED;
    for (int each = 0; each < HABITS * SIGN_SLOTS; each++) {
        models->signs[each / SIGN_SLOTS][each % SIGN_SLOTS] = EVEN_PLACED;
    }
    for (int each = 0; each < MODELLED_RANKS * 8; each++) models->leading[each / 8][each % 8] = EVEN;
    for (int size = 0; size <= FURTHEST; size++) ranks_to_7[size] = (uint8_t)rank_of((uint64_t)size);
}

static Models *new_models(void) {
    Models *models = malloc(sizeof *models);
    if (models) memcpy(models, &fresh_models, sizeof *models);
    return models;
}

INLINED int code_gaps(Coder *given, bool writing, size_t rows, Column *column, const Column *beside) {
    Coder own = *given, *coder = &own;
    Model models[8];
    for (int each = 0; each < 8; each++) models[each] = EVEN;
    unsigned before = 0;
    column->missing = writing ? column->missing : 0;
    for (size_t row = 0; row < rows; row++) {
        Model *model = models + (before << 1 | (beside ? beside->gaps[row] : 0));
        bool gap = plain_bit(coder, writing, true, column->gaps[row], model);
        if (!writing) {
            column->gaps[row] = gap;
            column->missing += gap;
            if (overrun(coder)) return TOO_SHORT;
        }
        before = (before << 1 & 2) | gap;
    }
    *given = own;
    return WELL;
}

int write_gaps(Coder *coder, size_t rows, const Column *column, const Column *beside) {
    Column same = *column;
    return code_gaps(coder, true, rows, &same, beside);
}

int read_gaps(Coder *coder, size_t rows, Column *column, const Column *beside) {
    return code_gaps(coder, false, rows, column, beside);
}

/* Code a list that ascends, of which the first is known. */
INLINED int code_list(Coder *coder, bool writing, Choice *choice, Models *models) {
    const Context last = {.habit = HABITS - 1, .guess = GUESSES - 1};
    int64_t *listed = choice->listed;
    for (size_t place = 1; place < choice->listed_count; place++) {
        int64_t more = writing ? listed[place] - listed[place - 1] - 1 : 0;
        more = code_number(coder, writing, more, models, &last).value;
        if (!writing) {
            if (more < 0 || more > 2 * HIGHEST) return OUT_OF_BOUNDS;
            listed[place] = listed[place - 1] + 1 + more;
            if (listed[place] > 2 * HIGHEST) return OUT_OF_BOUNDS;
            if (overrun(coder)) return TOO_SHORT;
        }
    }
    return WELL;
}

/* What a column remembers of its values, and of its surprises. */
typedef struct {
    int64_t last, steps[MOST_OWN];  /* the latest first */
    bool large;                     /* the last value is */
    int64_t mean;
    int latest, before;             /* rank_to_7 of the last surprises */
    int signs[2];                   /* of the last surprises, the latest first: 0, 1 above, 2 below 0 */
} Past;

INLINED int rank_to_7(int64_t size) { return ranks_to_7[size < FURTHEST ? size : FURTHEST]; }

/* Steps between values that are not large, and what is foretold of them, need not be held within bounds. */
INLINED bool is_large(int64_t value) { return (uint64_t)value + LARGEST_HINT / 2 >= (uint64_t)LARGEST_HINT; }

INLINED void remember(Past *past, int64_t value, Number surprise) {
    int64_t size = surprise.value < 0 ? -surprise.value : surprise.value;
    past->before = past->latest;
    past->latest = lower(surprise.rank, 7);
    past->mean += ((size < LARGEST_SURPRISE ? size : LARGEST_SURPRISE) * 64 - past->mean) >> 2;
    past->signs[1] = past->signs[0];
    past->signs[0] = (surprise.rank > 0) + (surprise.value < 0);
    int64_t step = value - past->last;
    bool large = is_large(value);
    if (SELDOM(large || past->large)) step = within(step, LARGEST_HINT);
    past->large = large;
    past->steps[2] = past->steps[1];
    past->steps[1] = past->steps[0];
    past->steps[0] = step;
    past->last = value;
}

/* What the step to a value is foretold to be. `factors` are of the column's own steps, 0 of those that it has not. */
INLINED int64_t foretell(const Hints *hints, const int32_t factors[MOST_OWN], const Past *past, size_t row) {
    /* The latest step last: it is waited for. */
    int64_t sum = ONE / 2;
    for (int back = MOST_OWN - 1; back >= 0; back--) sum += factors[back] * past->steps[back];
    if (SELDOM(past->large || hints->wide)) {
        sum += sum_of_hints(hints, past->last, row);
        return within(past->last + (sum >> 12), HIGHEST - 1) - past->last;
    }
    if (hints->sums) sum += hints->sums[row] - hints->slope * past->last;
    return sum >> 12;
}

INLINED int64_t guess_of(const Hints *hints, const Past *past, size_t row) {
    if (hints->kind == STEP_AGAIN) return past->steps[0];
    int64_t guess = hints->guess ? hints->guess[row] : 0;
    return hints->kind == VALUE_GIVEN ? guess - past->last : guess;
}

INLINED Context context_of(const Hints *hints, const Past *past, int64_t apart) {
    return (Context){
        .habit = hints->rests && past->last == 0 ? HABITS - 2 : past->latest * 8 + past->before,
        .guess = (rank_to_7(apart < 0 ? -apart : apart) * 2 + (apart < 0)) * 8 + rank_to_7(past->mean >> 5),
        .signs = past->signs[0] + 3 * past->signs[1],
    };
}

/* Code a value; false when it is out of bounds. */
INLINED bool code_value(
    Coder *coder, bool writing, int64_t *value, Number *surprise, int64_t foretold, int64_t last, const Choice *choice,
    Models *models, const Context *context
) {
    if (choice->form == PLAIN) {
        *surprise = code_number(coder, writing, writing ? *value - foretold : 0, models, context);
        *value = foretold + surprise->value;
    } else {
        int64_t base = choice->form == STEPS_LISTED ? last : 0, count = (int64_t)choice->listed_count;
        int64_t place = nearest(choice->listed, choice->listed_count, foretold - base);
        int64_t away = writing ? nearest(choice->listed, choice->listed_count, *value - base) - place : 0;
        *surprise = code_number(coder, writing, away, models, context);
        place += surprise->value;
        if (place < 0 || place >= count) return false;
        *value = base + choice->listed[place];
    }
    return *value > -HIGHEST && *value < HIGHEST;
}

INLINED int code_values(
    Coder *given, bool writing, size_t rows, int64_t first, Column *column, const Hints *hints, const Choice *choice,
    Models *models
) {
    Coder own = *given, *coder = &own;
    const Hints told = *hints; /* which nothing that is written here can be */
    hints = &told;
    const uint8_t *gaps = column->missing ? column->gaps : NULL;
    int64_t *values = column->values;
    int32_t factors[MOST_OWN] = {0};
    for (int back = 0; back < hints->own; back++) factors[back] = choice->factors[back];
    size_t row = 0;
    for (; gaps && row < rows && gaps[row]; row++) values[row] = 0;
    if (row == rows) return WELL;
    if (!writing) values[row] = first;
    Past past = {.last = values[row], .large = is_large(values[row]), .mean = 64};
    for (row++; row < rows; row++) {
        if (gaps && gaps[row]) {
            values[row] = past.last;
            continue;
        }
        int64_t value = writing ? values[row] : 0, step = foretell(hints, factors, &past, row);
        Context context = context_of(hints, &past, guess_of(hints, &past, row) - step);
        Number surprise;
        if (!code_value(coder, writing, &value, &surprise, past.last + step, past.last, choice, models, &context)) {
            return OUT_OF_BOUNDS;
        }
        if (!writing && overrun(coder)) return TOO_SHORT;
        values[row] = value;
        remember(&past, value, surprise);
    }
    *given = own;
    return WELL;
}

int write_values(Coder *coder, size_t rows, Column *column, const Hints *hints, const Choice *choice) {
    Models *models = new_models();
    if (!models) return NO_MEMORY;
    Choice same = *choice;
    int wrong = choice->form == PLAIN ? WELL : code_list(coder, true, &same, models);
    if (wrong == WELL) wrong = code_values(coder, true, rows, 0, column, hints, choice, models);
    free(models);
    return wrong;
}

int read_values(Coder *coder, size_t rows, int64_t first, Column *column, const Hints *hints, Choice *choice) {
    Models *models = new_models();
    if (!models) return NO_MEMORY;
    int wrong = choice->form == PLAIN ? WELL : code_list(coder, false, choice, models);
    if (wrong == WELL) wrong = code_values(coder, false, rows, first, column, hints, choice, models);
    free(models);
    return wrong;
}
