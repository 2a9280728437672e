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
#else
#define INLINED static inline
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

/* The chance of a 1 in 1/65536 << 7 | how often it was asked, at most MOST_SETTLED. */
typedef uint32_t Model;
#define EVEN ((Model)32768 << 7)

/* Bytes that grow while they are written; or those that are read, which are never changed. */
typedef struct {
    uint8_t *bytes;
    size_t length, room;  /* written or read so far; room: of the buffer, or of all there is to read */
    bool failed;          /* no memory */
} Stream;

/* Where coding stands. It is kept in a variable of its own, which stays in registers. */
typedef struct {
    uint64_t low, range;  /* low: where writing stands, or how far the code is above it when reading */
    Stream *stream;
} Coder;

typedef struct {
    int16_t stretch[4096];
    uint16_t squash[4096], rates[MOST_SETTLED + 1];
} CoderTables;

extern CoderTables paceline_tables;

void fill_coder_tables(void);
Coder begin_writing(Stream *stream);
Coder begin_reading(Stream *stream);
void end_writing(Coder *coder);
void write_word(Stream *stream, uint32_t word);
void carry(Stream *stream);
uint32_t read_last_word(Stream *stream);

/* More was read than was ever written: the bytes are damaged. */
INLINED bool overrun(const Coder *coder) { return coder->stream->length > coder->stream->room + MOST_BEYOND; }

INLINED uint32_t read_word(Stream *stream) {
    if (stream->length + 4 > stream->room) return read_last_word(stream);
    const uint8_t *at = stream->bytes + stream->length;
    stream->length += 4;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Code a decision whose chance of a 1 is chance / 65536, neither 0 nor 65536.

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
    if (coder->range >> 32 == 0) {
        if (writing) {
            write_word(coder->stream, (uint32_t)(coder->low >> 32));
            coder->low <<= 32;
        } else {
            coder->low = coder->low << 32 | read_word(coder->stream);
        }
        coder->range <<= 32;
    }
    return bit;
}

INLINED void adapt(Model *model, bool bit) {
    uint32_t seen = *model & 127;
    int32_t chance = (int32_t)(*model >> 7);
    /* 65536 - chance times a rate of at most 65535 needs 33 bits. */
    chance += (int32_t)(((int64_t)(((int32_t)bit << 16) - chance) * paceline_tables.rates[seen]) >> 16);
    *model = (Model)chance << 7 | (seen + (seen < MOST_SETTLED));
}

/* Code a decision that two models foretell, mixed by weights that learn. */
INLINED bool mixed_bit(
    Coder *coder, bool writing, bool likely, bool bit, Model *const models[MIXED], int32_t weights[MIXED]
) {
    int32_t told[MIXED];
    int64_t sum = 0;
    for (int each = 0; each < MIXED; each++) {
        told[each] = paceline_tables.stretch[*models[each] >> 11];
        sum += (int64_t)weights[each] * told[each];
    }
    sum >>= 16;
    sum = sum > STRETCHED ? STRETCHED : sum < -STRETCHED ? -STRETCHED : sum;
    uint32_t chance = paceline_tables.squash[sum + 2048];
    bit = narrow(coder, writing, likely, chance, bit);
    int32_t wrong = (((int32_t)bit << 16) - (int32_t)chance) * LEARNING;
    for (int each = 0; each < MIXED; each++) {
        uint32_t more = (uint32_t)((told[each] * wrong + 32768) >> 16);
        weights[each] = (int32_t)((uint32_t)weights[each] + more);
        adapt(models[each], bit);
    }
    return bit;
}

/* Code a decision that one model foretells. */
INLINED bool plain_bit(Coder *coder, bool writing, bool likely, bool bit, Model *model) {
    uint32_t chance = *model >> 7;
    chance = chance < LEAST_CHANCE ? LEAST_CHANCE : chance > 65536 - LEAST_CHANCE ? 65536 - LEAST_CHANCE : chance;
    bit = narrow(coder, writing, likely, chance, bit);
    adapt(model, bit);
    return bit;
}

/* Code the lowest bits of a number, which nothing foretells. */
INLINED uint64_t raw_bits(Coder *coder, bool writing, uint64_t value, int bits) {
    uint64_t found = 0;
    while (bits-- > 0) found = found << 1 | narrow(coder, writing, false, 32768, value >> bits & 1);
    return found;
}

#endif
