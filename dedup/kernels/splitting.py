"""Where the words of texts stand: runs of digits or letters, and pairs of Han characters."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"
# ruff: noqa: C901

import numpy as np
from numba import njit

OTHER, DIGIT, SMALL, LETTER, HAN = range(5)
"""What a character is: part of no word, a digit, a to z, another letter, a Chinese character."""


@njit(cache=True, nogil=True)
def split_words(chars, offsets, shapes, most):
    """The distinct words of each text, `most` at most: where those of each begin, and each word.

    `shapes` says of each code point what it is. A word is given by its first character's place and
    its length. A letter of a to z behind digits belongs to them; Chinese characters make a word by
    two, after all others, and one alone if it is the whole text.
    """
    texts = len(offsets) - 1
    starts = np.zeros(texts + 1, np.int64)
    places = np.empty(most, np.int64)
    lengths = np.empty(most, np.int32)
    for n in range(texts):
        found = _words(chars, offsets[n], offsets[n + 1], shapes, places, lengths)
        starts[n + 1] = starts[n] + found
    all_places = np.empty(starts[texts], np.int64)
    all_lengths = np.empty(starts[texts], np.int32)
    for n in range(texts):
        own = slice(starts[n], starts[n + 1])
        _words(chars, offsets[n], offsets[n + 1], shapes, places, lengths)
        all_places[own] = places[: starts[n + 1] - starts[n]]
        all_lengths[own] = lengths[: starts[n + 1] - starts[n]]
    return starts, all_places, all_lengths


@njit(cache=True, nogil=True)
def _words(chars, a, b, shapes, places, lengths):
    """Write down the words of one text; returns how many there are."""
    count = 0
    han = False
    p = a
    while p < b and count < len(places):
        shape = shapes[chars[p]]
        q = p + 1
        if shape == DIGIT:
            while q < b and shapes[chars[q]] == DIGIT:
                q += 1
            if q < b and shapes[chars[q]] == SMALL:
                q += 1
            count = _noted(chars, p, q - p, places, lengths, count)
        elif shape in (SMALL, LETTER):
            while q < b and shapes[chars[q]] in (SMALL, LETTER):
                q += 1
            count = _noted(chars, p, q - p, places, lengths, count)
        elif shape == HAN:
            han = True
            if b - a == 1:
                count = _noted(chars, p, 1, places, lengths, count)
        p = q
    if han:
        for p in range(a, b - 1):
            if count == len(places):
                break
            if shapes[chars[p]] == HAN and shapes[chars[p + 1]] == HAN:
                count = _noted(chars, p, 2, places, lengths, count)
    return count


@njit(cache=True, nogil=True)
def _noted(chars, place, length, places, lengths, count):
    """Write down one more word unless it is there already; returns how many there are."""
    for n in range(count):
        if lengths[n] == length:
            i = 0
            while i < length and chars[places[n] + i] == chars[place + i]:
                i += 1
            if i == length:
                return count
    places[count] = place
    lengths[count] = length
    return count + 1
