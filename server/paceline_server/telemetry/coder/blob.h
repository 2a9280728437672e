/* Columns of numbers <-> a blob of the second version (docs/TELEMETRY.md). */
#ifndef PACELINE_BLOB_H
#define PACELINE_BLOB_H

#include "column.h"

enum { HEAD_BYTES = 9, MOST_ROWS = 4000000, ROWS_IN_A_BYTE = 16384 };

typedef struct {
    size_t rows;
    Column *columns[COLUMNS];        /* NULL: none, or not asked for */
    const uint8_t *bodies[COLUMNS];  /* when reading: the bytes of each column */
    size_t lengths[COLUMNS];
} Blob;

/* Say how many rows a blob has and where its columns lie; anything but WELL when it is none of ours. */
int read_head(Blob *blob, const uint8_t *bytes, size_t length);
/* Read the columns whose bits are set, and what they need; the caller frees the blob in any case. */
int read_blob(Blob *blob, unsigned wanted);
Column *new_column(size_t rows);
void free_column(Blob *blob, int number);
void free_blob(Blob *blob);
/* Write the columns; the bytes are the caller's to free. */
int write_blob(Blob *blob, uint8_t **bytes, size_t *length);

#endif
