#include "blob.h"

#include <stdlib.h>
#include <string.h>

enum { FORM = 3, FITTED = 4, GAPS = 8, FINE = 16, FLAGS = 31, LONGEST_NUMBER = 10 };

static const uint8_t MAGIC[4] = {'P', 'L', 'T', 2};
static const int ORDER[COLUMNS] = {
    TIME, LATITUDE, LONGITUDE, ALTITUDE, HEART_RATE, CONFIDENCE, CADENCE, DISTANCE, SPEED, POWER,
};
/* The columns that tell of each, as bits. */
static const unsigned NEEDS[COLUMNS] = {
    [LONGITUDE] = 1u << LATITUDE,
    [DISTANCE] = 1u << LATITUDE | 1u << LONGITUDE,
    [SPEED] = 1u << TIME | 1u << LATITUDE | 1u << LONGITUDE | 1u << DISTANCE,
};

/* Bytes that are written one after the other. */
typedef struct {
    uint8_t *bytes;
    size_t length, room;
    bool failed;
} Bytes;

static void put(Bytes *to, const void *bytes, size_t length) {
    if (to->length + length > to->room) {
        size_t room = to->room * 2 + length + 64;
        uint8_t *more = realloc(to->bytes, room);
        if (!more) to->failed = true;
        if (to->failed) return;
        to->bytes = more;
        to->room = room;
    }
    if (length) memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
}

static void put_size(Bytes *to, uint64_t value) {
    uint8_t bytes[LONGEST_NUMBER];
    size_t length = 0;
    for (; value > 127; value >>= 7) bytes[length++] = (uint8_t)(value | 128);
    bytes[length++] = (uint8_t)value;
    put(to, bytes, length);
}

static void put_signed(Bytes *to, int64_t value) {
    put_size(to, value < 0 ? ((uint64_t)-value << 1) - 1 : (uint64_t)value << 1);
}

/* Bytes that are read one after the other. */
typedef struct {
    const uint8_t *at, *end;
    bool failed;
} Left;

static uint8_t take(Left *left) {
    if (left->at < left->end) return *left->at++;
    left->failed = true;
    return 0;
}

static uint64_t take_size(Left *left) {
    uint64_t value = 0;
    for (int shift = 0; shift < 56; shift += 7) {
        uint8_t byte = take(left);
        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return value;
    }
    left->failed = true;
    return 0;
}

static int64_t take_signed(Left *left) {
    uint64_t value = take_size(left);
    return value & 1 ? -(int64_t)(value >> 1) - 1 : (int64_t)(value >> 1);
}

int read_head(Blob *blob, const uint8_t *bytes, size_t length) {
    *blob = (Blob){0};
    if (length < HEAD_BYTES || memcmp(bytes, MAGIC, sizeof MAGIC) != 0) return UNKNOWN;
    uint32_t rows = bytes[4] | (uint32_t)bytes[5] << 8 | (uint32_t)bytes[6] << 16 | (uint32_t)bytes[7] << 24;
    if (rows > MOST_ROWS || rows / ROWS_IN_A_BYTE > length) return OUT_OF_BOUNDS;
    blob->rows = rows;
    Left left = {bytes + HEAD_BYTES, bytes + length, false};
    int columns[COLUMNS], count = bytes[8];
    if (count > COLUMNS) return OUT_OF_BOUNDS;
    uint64_t all = 0;
    for (int each = 0; each < count; each++) {
        columns[each] = take(&left);
        if (columns[each] >= COLUMNS || blob->lengths[columns[each]]) return OUT_OF_BOUNDS;
        blob->lengths[columns[each]] = (size_t)take_size(&left);
        all += blob->lengths[columns[each]];
        if (!blob->lengths[columns[each]] || left.failed || all > length) return TOO_SHORT;
    }
    if (all != (size_t)(left.end - left.at)) return TOO_SHORT;
    for (int each = 0; each < count; each++) {
        blob->bodies[columns[each]] = left.at;
        left.at += blob->lengths[columns[each]];
    }
    return WELL;
}

Column *new_column(size_t rows) {
    Column *column = calloc(1, sizeof *column);
    if (!column) return NULL;
    column->values = malloc((rows + 1) * sizeof *column->values);
    column->gaps = calloc(rows + 1, 1);
    if (column->values && column->gaps) return column;
    free(column->values);
    free(column->gaps);
    free(column);
    return NULL;
}

void free_column(Blob *blob, int number) {
    Column *column = blob->columns[number];
    if (!column) return;
    free(column->values);
    free(column->gaps);
    free(column);
    blob->columns[number] = NULL;
}

void free_blob(Blob *blob) {
    for (int number = 0; number < COLUMNS; number++) free_column(blob, number);
}

/* The column whose gaps tell of those of another. */
static const Column *beside(const Blob *blob, int number) {
    return number == LONGITUDE ? blob->columns[LATITUDE] : NULL;
}

static void set_first_factors(Choice *choice, const Hints *hints) {
    *choice = (Choice){0};
    if (hints->steady) choice->factors[0] = ONE;
}

static bool take_choice(Left *left, uint8_t flags, const Hints *hints, Choice *choice) {
    set_first_factors(choice, hints);
    if (flags & FITTED) {
        for (int factor = 0; factor < hints->own + hints->count; factor++) {
            choice->factors[factor] = (int32_t)within(take_signed(left), 32767);
        }
    }
    choice->form = flags & FORM;
    if (choice->form == PLAIN) return true;
    choice->listed_count = (size_t)take_size(left);
    int64_t first = take_signed(left);
    if (left->failed || !choice->listed_count || choice->listed_count > MOST_LISTED) return false;
    if (within(first, 2 * HIGHEST) != first) return false;
    choice->listed = malloc(choice->listed_count * sizeof *choice->listed);
    if (choice->listed) choice->listed[0] = first;
    return true;
}

static int read_column(Blob *blob, int number) {
    Left left = {blob->bodies[number], blob->bodies[number] + blob->lengths[number], false};
    uint8_t flags = take(&left);
    if (flags & ~FLAGS || (flags & FORM) > STEPS_LISTED || ((flags & FINE) && number != DISTANCE)) return OUT_OF_BOUNDS;
    int64_t first = take_signed(&left);
    if (left.failed || within(first, HIGHEST - 1) != first) return OUT_OF_BOUNDS;
    Column *column = blob->columns[number] = new_column(blob->rows);
    if (!column) return NO_MEMORY;
    column->fine = flags & FINE;
    Hints hints;
    Choice choice = {0};
    int wrong = prepare_hints(&hints, number, blob->rows, blob->columns) ? WELL : NO_MEMORY;
    if (wrong == WELL && !take_choice(&left, flags, &hints, &choice)) wrong = OUT_OF_BOUNDS;
    if (wrong == WELL && left.failed) wrong = TOO_SHORT;
    if (wrong == WELL && choice.form != PLAIN && !choice.listed) wrong = NO_MEMORY;
    if (wrong == WELL) {
        /* Only read: `writing` is false wherever this coder goes. */
        Stream stream = {.bytes = (uint8_t *)left.at, .room = (size_t)(left.end - left.at)};
        Coder coder = begin_reading(&stream);
        if (flags & GAPS) wrong = read_gaps(&coder, blob->rows, column, beside(blob, number));
        if (wrong == WELL && !sum_hints(&hints, choice.factors + hints.own, blob->rows)) wrong = NO_MEMORY;
        if (wrong == WELL) wrong = read_values(&coder, blob->rows, first, column, &hints, &choice);
        if (wrong == WELL && stream.length < stream.room) wrong = TOO_SHORT;
    }
    free(choice.listed);
    free_hints(&hints);
    return wrong;
}

int read_blob(Blob *blob, unsigned wanted) {
    for (int number = 0; number < COLUMNS; number++) {
        if (wanted >> number & 1) wanted |= NEEDS[number];
    }
    int wrong = WELL;
    for (int each = 0; each < COLUMNS && wrong == WELL && blob->rows; each++) {
        int number = ORDER[each];
        if (blob->bodies[number] && wanted >> number & 1) wrong = read_column(blob, number);
    }
    return wrong;
}

static void put_head(Bytes *to, const Column *column, size_t rows, int factors, const Choice *choice) {
    size_t row = 0;
    while (row < rows && column->gaps[row]) row++;
    uint8_t flags = (uint8_t)(choice->form | (choice->fitted ? FITTED : 0) | (column->missing ? GAPS : 0));
    if (column->fine) flags |= FINE;
    put(to, &flags, 1);
    put_signed(to, column->values[row]);
    for (int factor = 0; choice->fitted && factor < factors; factor++) put_signed(to, choice->factors[factor]);
    if (choice->form != PLAIN) {
        put_size(to, choice->listed_count);
        put_signed(to, choice->listed[0]);
    }
}

static int write_column(Blob *blob, int number, Bytes *to) {
    Column *column = blob->columns[number];
    Hints hints;
    Choice choice = {0};
    Stream stream;
    Coder coder = begin_writing(&stream);
    int wrong = prepare_hints(&hints, number, blob->rows, blob->columns) ? WELL : NO_MEMORY;
    if (wrong == WELL) {
        set_first_factors(&choice, &hints);
        if (!choose(&choice, number, blob->rows, column, &hints)) wrong = NO_MEMORY;
    }
    if (wrong == WELL && column->missing) wrong = write_gaps(&coder, blob->rows, column, beside(blob, number));
    if (wrong == WELL && !sum_hints(&hints, choice.factors + hints.own, blob->rows)) wrong = NO_MEMORY;
    if (wrong == WELL) wrong = write_values(&coder, blob->rows, column, &hints, &choice);
    if (wrong == WELL) {
        end_writing(&coder);
        put_head(to, column, blob->rows, hints.own + hints.count, &choice);
        put(to, stream.bytes, stream.length);
        if (stream.failed) wrong = NO_MEMORY;
    }
    free(stream.bytes);
    free(choice.listed);
    free_hints(&hints);
    return wrong;
}

int write_blob(Blob *blob, uint8_t **bytes, size_t *length) {
    Bytes head = {0}, bodies = {0};
    int wrong = WELL;
    uint8_t count = 0;
    Column *all[COLUMNS];
    memcpy(all, blob->columns, sizeof all);
    memset(blob->columns, 0, sizeof blob->columns);
    for (int each = 0; each < COLUMNS; each++) count += all[each] != NULL;
    put(&head, MAGIC, sizeof MAGIC);
    for (int byte = 0; byte < 4; byte++) put(&head, &(uint8_t){(uint8_t)(blob->rows >> (8 * byte))}, 1);
    put(&head, &count, 1);
    /* A column knows those before it only, as when it is read. */
    for (int each = 0; each < COLUMNS && wrong == WELL; each++) {
        int number = ORDER[each];
        if (!(blob->columns[number] = all[number])) continue;
        size_t before = bodies.length;
        wrong = write_column(blob, number, &bodies);
        put(&head, &(uint8_t){(uint8_t)number}, 1);
        put_size(&head, bodies.length - before);
    }
    memcpy(blob->columns, all, sizeof all);
    put(&head, bodies.bytes, bodies.length);
    if (head.failed || bodies.failed) wrong = NO_MEMORY;
    free(bodies.bytes);
    *bytes = head.bytes;
    *length = head.length;
    if (wrong != WELL) {
        free(head.bytes);
        *bytes = NULL;
    }
    return wrong;
}
