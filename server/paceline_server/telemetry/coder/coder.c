#include "coder.h"

#include <stdlib.h>

/* The logistic curve in 1/65536 at every half from -8 to 8. */
static const int32_t CURVE[33] = {
    22,    36,    60,    98,    162,   267,   439,   720,   1179,  1921,  3108,
    4971,  7812,  11955, 17625, 24743, 32768, 40793, 47911, 53581, 57724, 60565,
    62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514,
};

CoderTables paceline_tables;

void fill_coder_tables(void) {
    CoderTables *tables = &paceline_tables;
    for (int place = 0; place < 4096; place++) {
        const int32_t *curve = CURVE + (place >> 7);
        int32_t part = place & 127, chance = (curve[0] * (128 - part) + curve[1] * part + 64) >> 7;
        if (chance < LEAST_CHANCE) chance = LEAST_CHANCE;
        if (chance > 65536 - LEAST_CHANCE) chance = 65536 - LEAST_CHANCE;
        tables->squash[place] = (uint16_t)chance;
    }
    int begun = 0;
    for (int place = 0; place < 4096; place++) {
        for (; begun <= tables->squash[place] >> 4; begun++) tables->stretch[begun] = (int16_t)(place - 2048);
    }
    for (; begun < 4096; begun++) tables->stretch[begun] = STRETCHED;
    for (int seen = 0; seen <= MOST_SETTLED; seen++) {
        tables->next[seen].rate = (uint16_t)(655360 / (10 * seen + 16));
        tables->next[seen].seen = (uint16_t)(seen + (seen < MOST_SETTLED));
    }
}

Coder begin_writing(Stream *stream) {
    *stream = (Stream){0};
    return (Coder){.range = UINT64_MAX, .stream = stream, .tables = &paceline_tables};
}

Coder begin_reading(Stream *stream) {
    uint64_t low = (uint64_t)read_word(stream) << 32;
    return (Coder){.low = low | read_word(stream), .range = UINT64_MAX, .stream = stream, .tables = &paceline_tables};
}

uint32_t read_last_word(Stream *stream) {
    uint32_t word = 0;
    for (int byte = 0; byte < 4; byte++, stream->length++) {
        word = word << 8 | (stream->length < stream->room ? stream->bytes[stream->length] : 0);
    }
    stream->failed = stream->length > stream->room + MOST_BEYOND;
    return word;
}

/* The low end passed 2^64: what was written goes up by one. Some byte is below 255, as all of it is below 1. */
void carry(Stream *stream) {
    size_t at = stream->length;
    while (at > 0 && ++stream->bytes[--at] == 0) {}
}

void write_word(Stream *stream, uint32_t word) {
    if (stream->length + 4 > stream->room) {
        size_t room = stream->room * 2 + 256;
        uint8_t *bytes = stream->failed ? NULL : realloc(stream->bytes, room);
        if (bytes == NULL) {
            stream->failed = true;
            stream->length = 0;
            return;
        }
        stream->bytes = bytes;
        stream->room = room;
    }
    uint8_t *at = stream->bytes + stream->length;
    for (int byte = 0; byte < 4; byte++) at[byte] = (uint8_t)(word >> (24 - 8 * byte));
    stream->length += 4;
}

/* Write the fewest bytes behind which zeros lead to a place within the range; at least one. */
void end_writing(Coder *coder) {
    int bits = 56;
    uint64_t place = coder->low;
    for (; bits > 0; bits -= 8) {
        uint64_t below = ((uint64_t)1 << bits) - 1;
        place = (coder->low + below) & ~below;
        if (place - coder->low < coder->range) break;
    }
    if (place < coder->low) carry(coder->stream);
    size_t length = coder->stream->length + (size_t)(64 - bits) / 8;
    write_word(coder->stream, (uint32_t)(place >> 32));
    write_word(coder->stream, (uint32_t)place);
    if (!coder->stream->failed) coder->stream->length = length;
}
