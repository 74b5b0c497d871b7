"""The likelihood of patterns under many classes at once, and the weight in each cell."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def class_likelihoods(cells, tables, sizes):
    """The log likelihood of each pattern under each class, one line a class.

    `cells` has one line a pattern; `tables` the log of each cell's share by class and field;
    `sizes` the log of each class's size.
    """
    patterns, fields = cells.shape
    classes = len(sizes)
    out = np.empty((classes, patterns))
    for p in range(patterns):
        for k in range(classes):
            found = sizes[k]
            for f in range(fields):
                found += tables[k, f, cells[p, f]]
            out[k, p] = found
    return out


@njit(cache=True, nogil=True)
def tally_cells(cells, weights, width):
    """The weight in each cell of every field, one line a field."""
    patterns, fields = cells.shape
    out = np.zeros((fields, width))
    for p in range(patterns):
        weight = weights[p]
        for f in range(fields):
            out[f, cells[p, f]] += weight
    return out
