/* paceline_server.telemetry.native: the blob's coder for Python, by the stable interface of 3.11. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <math.h>
#include <stdlib.h>

#include "blob.h"

static const double PER_UNIT[COLUMNS] = {1000, 1e6, 1e6, 5, 100, 1, 1, 1, 10, 1};
static const double FINE_PER_M = 100;

static double per_unit(int number, bool fine) { return number == DISTANCE && fine ? FINE_PER_M : PER_UNIT[number]; }

static PyObject *raise(int wrong) {
    static const char *const SAID[] = {
        [OUT_OF_BOUNDS] = "a value is out of bounds",
        [TOO_SHORT] = "it holds another number of rows or bytes than it says",
        [UNKNOWN] = "this is no telemetry of a version that is known",
    };
    if (wrong == NO_MEMORY) return PyErr_NoMemory();
    PyErr_SetString(PyExc_ValueError, SAID[wrong]);
    return NULL;
}

/* Make a column of numbers in its unit, NaN for none. NULL when there are only such, or when *wrong says so. */
static Column *column_of(const double *real, size_t rows, double unit, int *wrong) {
    Column *column = new_column(rows);
    if (!column) {
        *wrong = NO_MEMORY;
        return NULL;
    }
    int64_t last = 0;
    for (size_t row = 0; row < rows; row++) {
        double value = rint(real[row] * unit);
        if (isnan(value)) {
            column->gaps[row] = 1;
            column->missing++;
        } else if (fabs(value) < (double)HIGHEST) {
            last = (int64_t)value;
        } else {
            *wrong = OUT_OF_BOUNDS;
        }
        column->values[row] = last;
    }
    if (column->missing < rows) return column;
    Blob alone = {.columns = {column}};
    free_blob(&alone);
    return NULL;
}

static void fill(double *real, size_t rows, const Column *column, double unit) {
    if (!column) {
        for (size_t row = 0; row < rows; row++) real[row] = NAN;
        return;
    }
    for (size_t row = 0; row < rows; row++) real[row] = (double)column->values[row] / unit;
    for (size_t row = 0; row < rows && column->missing; row++) {
        if (column->gaps[row]) real[row] = NAN;
    }
}

/* Look at the arrays of a tuple; false with an exception. Release `taken` views in any case. */
static bool look(PyObject *columns, Py_buffer views[COLUMNS], bool taken[COLUMNS], size_t *rows) {
    Py_ssize_t length = -1;
    for (int number = 0; number < COLUMNS; number++) {
        PyObject *given = PyTuple_GetItem(columns, number);
        if (!given) return false;
        if (given == Py_None) continue;
        if (PyObject_GetBuffer(given, &views[number], PyBUF_CONTIG_RO | PyBUF_FORMAT) < 0) return false;
        taken[number] = true;
        const char *format = views[number].format;
        if (!format || format[0] != 'd' || format[1] || (length >= 0 && length != views[number].len)) {
            PyErr_SetString(PyExc_ValueError, "columns are arrays of doubles of one length");
            return false;
        }
        length = views[number].len;
    }
    *rows = length < 0 ? 0 : (size_t)length / sizeof(double);
    if (*rows <= MOST_ROWS) return true;
    PyErr_SetString(PyExc_ValueError, "more rows than a blob holds");
    return false;
}

PyDoc_STRVAR(pack_doc, "pack(columns, fine) -> bytes");
static PyObject *pack(PyObject *self, PyObject *arguments) {
    PyObject *columns, *packed = NULL;
    int fine;
    (void)self;
    if (!PyArg_ParseTuple(arguments, "O!p:pack", &PyTuple_Type, &columns, &fine)) return NULL;
    Py_buffer views[COLUMNS];
    bool taken[COLUMNS] = {false};
    Blob blob = {0};
    if (look(columns, views, taken, &blob.rows)) {
        uint8_t *bytes = NULL;
        size_t length = 0;
        int wrong = WELL;
        Py_BEGIN_ALLOW_THREADS;
        for (int number = 0; number < COLUMNS && wrong == WELL && blob.rows; number++) {
            if (!taken[number]) continue;
            blob.columns[number] = column_of(views[number].buf, blob.rows, per_unit(number, fine), &wrong);
        }
        if (blob.columns[DISTANCE]) blob.columns[DISTANCE]->fine = fine;
        if (wrong == WELL) wrong = write_blob(&blob, &bytes, &length);
        Py_END_ALLOW_THREADS;
        packed = wrong == WELL ? PyBytes_FromStringAndSize((const char *)bytes, (Py_ssize_t)length) : raise(wrong);
        free(bytes);
    }
    free_blob(&blob);
    for (int number = 0; number < COLUMNS; number++) {
        if (taken[number]) PyBuffer_Release(&views[number]);
    }
    return packed;
}

/* Return a tuple of bytearrays of doubles for the wanted columns, None for the others. Columns are freed meanwhile. */
static PyObject *arrays_of(Blob *blob, unsigned wanted) {
    PyObject *columns = PyTuple_New(COLUMNS);
    for (int number = 0; columns && number < COLUMNS; number++) {
        PyObject *column;
        if (wanted >> number & 1) {
            column = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)(blob->rows * sizeof(double)));
            if (!column) {
                Py_DECREF(columns);
                return NULL;
            }
            const Column *known = blob->columns[number];
            double unit = per_unit(number, known && known->fine);
            fill((double *)(void *)PyByteArray_AsString(column), blob->rows, known, unit);
            free_column(blob, number);
        } else {
            column = Py_None;
            Py_INCREF(column);
        }
        PyTuple_SetItem(columns, number, column);
    }
    return columns;
}

PyDoc_STRVAR(unpack_doc, "unpack(blob, wanted) -> tuple of bytearray | None");
static PyObject *unpack(PyObject *self, PyObject *arguments) {
    Py_buffer view;
    unsigned wanted;
    (void)self;
    if (!PyArg_ParseTuple(arguments, "y*I:unpack", &view, &wanted)) return NULL;
    Blob blob;
    int wrong;
    Py_BEGIN_ALLOW_THREADS;
    wrong = read_head(&blob, view.buf, (size_t)view.len);
    if (wrong == WELL) wrong = read_blob(&blob, wanted);
    Py_END_ALLOW_THREADS;
    PyObject *columns = wrong == WELL ? arrays_of(&blob, wanted) : raise(wrong);
    free_blob(&blob);
    PyBuffer_Release(&view);
    return columns;
}

PyDoc_STRVAR(sizes_doc, "sizes(blob) -> tuple of rows, and the bytes of each column");
static PyObject *sizes(PyObject *self, PyObject *arguments) {
    Py_buffer view;
    (void)self;
    if (!PyArg_ParseTuple(arguments, "y*:sizes", &view)) return NULL;
    Blob blob;
    int wrong = read_head(&blob, view.buf, (size_t)view.len);
    PyBuffer_Release(&view);
    if (wrong != WELL) return raise(wrong);
    PyObject *found = PyTuple_New(1 + COLUMNS);
    for (int place = 0; found && place <= COLUMNS; place++) {
        PyTuple_SetItem(found, place, PyLong_FromSize_t(place ? blob.lengths[place - 1] : blob.rows));
    }
    return found;
}

static PyMethodDef METHODS[] = {
    {"pack", pack, METH_VARARGS, pack_doc},
    {"unpack", unpack, METH_VARARGS, unpack_doc},
    {"sizes", sizes, METH_VARARGS, sizes_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef MODULE = {
    PyModuleDef_HEAD_INIT, "native", "The telemetry blob's coder.", -1, METHODS, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_native(void) {
    fill_coder_tables();
    fill_walk_tables();
    return PyModule_Create(&MODULE);
}
