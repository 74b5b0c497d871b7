"""Lossy forms of texts as one word each: beginning, end, number and sound."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"

import numpy as np
from numba import njit

from dedup.kernels.postings import scatter

START = np.uint64(0xCBF29CE484222325)
PRIME = np.uint64(0x100000001B3)


@njit(cache=True, nogil=True)
def _between(chars, a, b):
    word = START
    for p in range(a, b):
        word = (word ^ np.uint64(chars[p])) * PRIME
    return scatter(word) | np.uint64(1) if b > a else np.uint64(0)


@njit(cache=True, nogil=True)
def end_forms(chars, offsets, some, length, last):
    """The first or last so many characters of some texts (FNV-1a, scattered); 0 for none."""
    out = np.zeros(len(some), np.uint64)
    for n in range(len(some)):
        text = some[n]
        if text < 0:
            continue
        a = offsets[text]
        b = offsets[text + 1]
        if last:
            a = max(a, b - length)
        else:
            b = min(b, a + length)
        out[n] = _between(chars, a, b)
    return out


@njit(cache=True, nogil=True)
def number_forms(chars, offsets, some):
    """The first run of digits in some texts; 0 where there is none."""
    out = np.zeros(len(some), np.uint64)
    for n in range(len(some)):
        text = some[n]
        if text < 0:
            continue
        a = offsets[text]
        end = offsets[text + 1]
        while a < end and not 48 <= chars[a] <= 57:
            a += 1
        b = a
        while b < end and 48 <= chars[b] <= 57:
            b += 1
        out[n] = _between(chars, a, b)
    return out


@njit(cache=True, nogil=True)
def sound_forms(chars, offsets, some, classes):
    """The sounds of some texts that survive misspelling, after Soundex (Russell 1918); 0: none.

    The first letter, and the next three classes of consonants that are not those before them.
    `classes` says of each ASCII character which: 0 is no letter, 7 a mute one; others stand for
    themselves, as letters beyond ASCII do.
    """
    out = np.zeros(len(some), np.uint64)
    for n in range(len(some)):
        text = some[n]
        if text < 0:
            continue
        word = START
        heard = 0
        before = -1
        for p in range(offsets[text], offsets[text + 1]):
            char = chars[p]
            sound = classes[char] if char < 128 else char
            if sound == 0:
                continue
            if heard == 0:
                word = (word ^ np.uint64(char)) * PRIME
                heard = 1
                continue
            if sound != 7 and (sound > 7 or sound != before):
                word = (word ^ np.uint64(sound)) * PRIME
                heard += 1
                if heard == 4:
                    break
            before = sound
        if heard:
            out[n] = scatter(word) | np.uint64(1)
    return out
