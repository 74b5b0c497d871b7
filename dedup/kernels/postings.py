"""Texts found by bisection, and the rows that share a blocking key with one record."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, inline="always")
def scatter(x):
    """Spread a word over 64 bits (splitmix64, Steele, Lea and Flood 2014)."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True, nogil=True)
def find_text(chars, offsets, count, text):
    """The place of a text among `count` texts sorted by code points; −1 if it is not there."""
    low = 0
    high = count
    while low < high:
        middle = (low + high) >> 1
        a = offsets[middle]
        la = offsets[middle + 1] - a
        n = min(la, len(text))
        i = 0
        while i < n and chars[a + i] == text[i]:
            i += 1
        before = chars[a + i] < text[i] if i < n else la < len(text)
        if before:
            low = middle + 1
        else:
            high = middle
    if low >= count or offsets[low + 1] - offsets[low] != len(text):
        return -1
    a = offsets[low]
    for i in range(len(text)):
        if chars[a + i] != text[i]:
            return -1
    return low


@njit(cache=True, nogil=True, inline="always")
def short(x):
    """The upper half of a word, never 0."""
    return np.uint32(x >> np.uint64(32)) | np.uint32(1)


@njit(cache=True, nogil=True, inline="always")
def folded(total, word):
    """A running key with one more form in it; 0 for good where there is none."""
    return scatter(total ^ scatter(word)) if total != 0 and word != 0 else np.uint64(0)


@njit(cache=True, nogil=True)
def record_keys(words, parts, splits, out):
    """The keys of one record: for each set of forms its key, and the one split finer; 0: none."""
    for k in range(len(parts)):
        total = np.uint64(k + 1)
        for p in range(parts.shape[1]):
            if parts[k, p] >= 0:
                total = folded(total, words[parts[k, p]])
        key = short(total) if total != 0 else np.uint32(0)
        finer = np.uint64(0)
        if splits[k] >= 0:
            finer = folded(np.uint64(key), words[splits[k]])
        out[k, 0] = key
        out[k, 1] = short(finer) if finer != 0 else np.uint32(0)


@njit(cache=True, nogil=True)
def rows_of_keys(keys, starts, hashes, rows, alive, out):
    """Write the living rows that share a key; returns how many, some of them more than once."""
    count = 0
    for k in range(len(keys)):
        for which in range(2):
            wanted = keys[k, which]
            if wanted == 0:
                continue
            low = starts[k]
            high = starts[k + 1]
            while low < high:
                middle = (low + high) >> 1
                if hashes[middle] < wanted:
                    low = middle + 1
                else:
                    high = middle
            while low < starts[k + 1] and hashes[low] == wanted:
                if count == len(out):
                    return -1
                if alive[rows[low]]:
                    out[count] = rows[low]
                    count += 1
                low += 1
    return count
