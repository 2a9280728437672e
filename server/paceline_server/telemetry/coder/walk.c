/* A column, value after value: what is foretold of each, and the contexts of its surprise (docs/TELEMETRY.md). */
#include "column.h"

#include <stdlib.h>

static Models *new_models(void) {
    Models *models = malloc(sizeof *models);
    if (!models) return NULL;
    for (int each = 0; each < WEIGHT_SETS * MIXED; each++) models->weights[each / MIXED][each % MIXED] = FIRST_WEIGHT;
    for (int each = 0; each < HABITS * SLOTS; each++) models->habits[each / SLOTS][each % SLOTS] = EVEN;
    for (int each = 0; each < GUESSES * SLOTS; each++) models->guesses[each / SLOTS][each % SLOTS] = EVEN;
    for (int each = 0; each < MODELLED_RANKS * 8; each++) models->leading[each / 8][each % 8] = EVEN;
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
        more = code_number(coder, writing, more, models, &last);
        if (!writing) {
            if (more < 0 || more > 2 * HIGHEST) return OUT_OF_BOUNDS;
            listed[place] = listed[place - 1] + 1 + more;
            if (listed[place] > 2 * HIGHEST) return OUT_OF_BOUNDS;
            if (overrun(coder)) return TOO_SHORT;
        }
    }
    return WELL;
}

/* What a column remembers of its surprises. */
typedef struct {
    int64_t mean, latest, before;
    int signs;
} Habit;

INLINED void remember(Habit *habit, int64_t surprise) {
    int64_t size = surprise < 0 ? -surprise : surprise;
    size = size < LARGEST_SURPRISE ? size : LARGEST_SURPRISE;
    habit->before = habit->latest;
    habit->latest = size;
    habit->mean += (size * 64 - habit->mean) >> 2;
    habit->signs = habit->signs % 3 * 3 + (surprise > 0 ? 1 : surprise < 0 ? 2 : 0);
}

INLINED int rank_to_7(int64_t size) { return lower(rank_of((uint64_t)size), 7); }

INLINED Context context_of(const Habit *habit, const Hints *hints, int64_t last, int64_t apart) {
    return (Context){
        .habit = hints->rests && last == 0 ? HABITS - 2 : rank_to_7(habit->latest) * 8 + rank_to_7(habit->before),
        .guess = (rank_to_7(apart < 0 ? -apart : apart) * 2 + (apart < 0)) * 8 + rank_to_7(habit->mean >> 5),
        .signs = habit->signs,
    };
}

INLINED int64_t guess_of(const Hints *hints, size_t row, int64_t last, const int64_t *steps) {
    if (hints->kind == STEP_AGAIN) return last + steps[0];
    int64_t guess = hints->guess ? hints->guess[row] : 0;
    return hints->kind == VALUE_GIVEN ? guess : last + guess;
}

/* Code a value; false when it is out of bounds. */
INLINED bool code_value(
    Coder *coder, bool writing, int64_t *value, int64_t *surprise, int64_t foretold, int64_t last, const Choice *choice,
    Models *models, const Context *context
) {
    if (choice->form == PLAIN) {
        *surprise = code_number(coder, writing, *value - foretold, models, context);
        *value = writing ? *value : foretold + *surprise;
    } else {
        int64_t base = choice->form == STEPS_LISTED ? last : 0, count = (int64_t)choice->listed_count;
        int64_t place = nearest(choice->listed, choice->listed_count, foretold - base);
        *surprise = writing ? nearest(choice->listed, choice->listed_count, *value - base) - place : 0;
        *surprise = code_number(coder, writing, *surprise, models, context);
        if (place + *surprise < 0 || place + *surprise >= count) return false;
        *value = base + choice->listed[place + *surprise];
    }
    return *value > -HIGHEST && *value < HIGHEST;
}

INLINED int code_values(
    Coder *given, bool writing, size_t rows, int64_t first, Column *column, const Hints *hints, const Choice *choice,
    Models *models
) {
    Coder own = *given, *coder = &own;
    Habit habit = {.mean = 64};
    int64_t last = 0, steps[MOST_OWN] = {0};
    bool begun = false;
    for (size_t row = 0; row < rows; row++) {
        if (column->missing && column->gaps[row]) {
            column->values[row] = last;
            continue;
        }
        int64_t value = writing ? column->values[row] : first, surprise = 0;
        if (begun) {
            int64_t foretold = foretell(hints, choice->factors, steps, last, row);
            int64_t apart = within(guess_of(hints, row, last, steps) - foretold, LARGEST_HINT);
            Context context = context_of(&habit, hints, last, apart);
            if (!code_value(coder, writing, &value, &surprise, foretold, last, choice, models, &context)) {
                return OUT_OF_BOUNDS;
            }
            if (!writing && overrun(coder)) return TOO_SHORT;
            remember(&habit, surprise);
            steps[2] = steps[1];
            steps[1] = steps[0];
            steps[0] = within(value - last, LARGEST_HINT);
        }
        begun = true;
        column->values[row] = last = value;
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
