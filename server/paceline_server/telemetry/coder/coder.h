/* Decisions <-> bytes by an adaptive binary range coder (docs/TELEMETRY.md, "The coder").

   Integers only: every machine makes the same bytes. The same functions write and read; `writing` is a constant where
   they are inlined. Reading never goes beyond the bytes: zeros follow them, and `overrun` tells of too many. */
#ifndef PACELINE_CODER_H
#define PACELINE_CODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define INLINED static inline __attribute__((always_inline))
#define SELDOM(condition) __builtin_expect(condition, 0)
#else
#define INLINED static inline
#define SELDOM(condition) (condition)
#endif

_Static_assert((-1 >> 1) == -1, "right shifts keep the sign");

enum {
    MIXED = 2,           /* models that foretell a decision together */
    FIRST_WEIGHT = 32768,
    LEARNING = 3,
    LEAST_CHANCE = 24,
    MOST_SETTLED = 60,
    STRETCHED = 2047,    /* the highest of a chance's logarithmic places */
    MOST_BEYOND = 7,     /* zeros that a reader may need behind the last byte */
};

/* The chance of a 1 in 1/65536, and how often it was asked, at most MOST_SETTLED. */
typedef struct {
    uint16_t chance, seen;
} Model;
#define EVEN ((Model){.chance = 32768})

/* A model of a mixed decision, with the place of its chance on the curve: what is looked up early is not waited for. */
typedef struct {
    Model model;
    int32_t place;
} PlacedModel;
#define EVEN_PLACED ((PlacedModel){.model = EVEN})

/* Bytes that grow while they are written; or those that are read, which are never changed. */
typedef struct {
    uint8_t *bytes;
    size_t length, room;  /* written or read so far; room: of the buffer, or of all there is to read */
    bool failed;          /* no memory; or more was read than was ever written */
} Stream;

typedef struct {
    int16_t stretch[4096];
    uint16_t squash[4096];
    struct {
        uint16_t rate, seen;  /* of learning; how often a model was asked when it has learned */
    } next[MOST_SETTLED + 1];
} CoderTables;

/* Where coding stands. It is kept in a variable of its own, which stays in registers. */
typedef struct {
    uint64_t low, range;  /* low: where writing stands, or how far the code is above it when reading */
    Stream *stream;
    const CoderTables *tables;
} Coder;

extern CoderTables paceline_tables;

void fill_coder_tables(void);
Coder begin_writing(Stream *stream);
Coder begin_reading(Stream *stream);
void end_writing(Coder *coder);
void write_word(Stream *stream, uint32_t word);
void carry(Stream *stream);
uint32_t read_last_word(Stream *stream);

/* More was read than was ever written: the bytes are damaged. */
INLINED bool overrun(const Coder *coder) { return coder->stream->failed; }

INLINED uint32_t read_word(Stream *stream) {
    if (stream->length + 4 > stream->room) return read_last_word(stream);
    const uint8_t *at = stream->bytes + stream->length;
    stream->length += 4;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Split the range where a decision has the chance of a 1 of chance / 65536, neither 0 nor 65536; then `settle`.

   `likely` decisions are those that a processor foretells better than it waits for. */
INLINED bool narrow(Coder *coder, bool writing, bool likely, uint32_t chance, bool bit) {
    uint64_t bound = (coder->range >> 16) * chance;
    if (writing) {
        if (bit) {
            coder->range = bound;
        } else {
            coder->low += bound;
            if (coder->low < bound) carry(coder->stream);
            coder->range -= bound;
        }
    } else if (likely) {
        bit = coder->low < bound;
        if (bit) {
            coder->range = bound;
        } else {
            coder->low -= bound;
            coder->range -= bound;
        }
    } else {
        uint64_t above = (uint64_t)0 - (coder->low >= bound);
        coder->low -= bound & above;
        coder->range = bound + ((coder->range - 2 * bound) & above);
        bit = !above;
    }
    return bit;
}

/* Bring the range back to 32 bits at least. */
INLINED void settle(Coder *coder, bool writing) {
    if (SELDOM(coder->range >> 32 == 0)) {
        if (writing) {
            write_word(coder->stream, (uint32_t)(coder->low >> 32));
            coder->low <<= 32;
        } else {
            coder->low = coder->low << 32 | read_word(coder->stream);
        }
        coder->range <<= 32;
    }
}

/* Return the new chance. The first, which is even, is learned from by 40960 / 65536, others by less than half: so all
   that is between fits 32 bits. */
INLINED int32_t adapt(const CoderTables *tables, Model *model, bool bit) {
    uint32_t seen = model->seen;
    int32_t chance = model->chance, wrong = ((int32_t)bit << 16) - chance;
    chance += (wrong * tables->next[seen].rate) >> 16;
    model->chance = (uint16_t)chance;
    model->seen = tables->next[seen].seen;
    return chance;
}

/* A decision that two models foretell, mixed by weights that learn. */
typedef struct {
    PlacedModel *models[MIXED];
    int32_t *weights;
    uint32_t chance;
} Mixed;

INLINED Mixed mix(const CoderTables *tables, PlacedModel *one, PlacedModel *other, int32_t weights[MIXED]) {
    int64_t sum = (int64_t)weights[0] * one->place + (int64_t)weights[1] * other->place;
    uint64_t place = (uint64_t)(sum >> 16) + 2048;
    if (SELDOM(place - 1 > 2 * STRETCHED)) place = sum < 0 ? 2048 - STRETCHED : 2048 + STRETCHED;
    return (Mixed){{one, other}, weights, tables->squash[place]};
}

INLINED void learn(const CoderTables *tables, const Mixed *mixed, bool bit) {
    int32_t wrong = (((int32_t)bit << 16) - (int32_t)mixed->chance) * LEARNING;
    for (int each = 0; each < MIXED; each++) {
        PlacedModel *model = mixed->models[each];
        uint32_t more = (uint32_t)((model->place * wrong + 32768) >> 16);
        mixed->weights[each] = (int32_t)((uint32_t)mixed->weights[each] + more);
        model->place = tables->stretch[adapt(tables, &model->model, bit) >> 4];
    }
}

/* Code a decision that one model foretells. */
INLINED bool plain_bit(Coder *coder, bool writing, bool likely, bool bit, Model *model) {
    uint32_t chance = model->chance;
    if (SELDOM(chance - LEAST_CHANCE > 65536 - 2 * LEAST_CHANCE)) {
        chance = chance < LEAST_CHANCE ? LEAST_CHANCE : 65536 - LEAST_CHANCE;
    }
    bit = narrow(coder, writing, likely, chance, bit);
    adapt(coder->tables, model, bit);
    settle(coder, writing);
    return bit;
}

/* Code the lowest bits of a number, which nothing foretells. */
INLINED uint64_t raw_bits(Coder *coder, bool writing, uint64_t value, int bits) {
    uint64_t found = 0;
    while (bits-- > 0) {
        found = found << 1 | narrow(coder, writing, false, 32768, value >> bits & 1);
        settle(coder, writing);
    }
    return found;
}

#endif
