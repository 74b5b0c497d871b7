"""From pairs to groups: components and average linkage."""

# numba compiles these functions: they read like C on purpose, and stay untyped for it.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"
# ruff: noqa: C901

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def join_components(parents, left, right):
    """Join the two rows of every pair (union–find, path halving; the smaller row is root)."""
    for p in range(len(left)):
        a = left[p]
        b = right[p]
        while parents[a] != a:
            parents[a] = parents[parents[a]]
            a = parents[a]
        while parents[b] != b:
            parents[b] = parents[parents[b]]
            b = parents[b]
        if a < b:
            parents[b] = a
        elif b < a:
            parents[a] = b
    for row in range(len(parents)):
        root = row
        while parents[root] != root:
            root = parents[root]
        parents[row] = root


@njit(cache=True, nogil=True)
def join_within(parents, left, right, most):
    """Join the two rows of every pair in turn, unless their group would have more than `most`.

    `parents` holds the smallest row of each group, and does so again afterwards.
    """
    sizes = np.zeros(len(parents), np.int64)
    for row in range(len(parents)):
        sizes[parents[row]] += 1
    for p in range(len(left)):
        a = np.int64(left[p])
        b = np.int64(right[p])
        while parents[a] != a:
            parents[a] = parents[parents[a]]
            a = parents[a]
        while parents[b] != b:
            parents[b] = parents[parents[b]]
            b = parents[b]
        if a == b or sizes[a] + sizes[b] > most:
            continue
        if b < a:
            a, b = b, a
        parents[b] = a
        sizes[a] += sizes[b]
    for row in range(len(parents)):
        root = row
        while parents[root] != root:
            root = parents[root]
        parents[row] = root


@njit(cache=True, nogil=True)
def average_link(starts, odds_starts, odds, least, labels):
    """Merge, within each component, the two groups with the best mean log odds while it is enough.

    `odds` holds each component's full square matrix; `labels` receives, by member, the position of
    the first member of its group.
    """
    for c in range(len(starts) - 1):
        n = starts[c + 1] - starts[c]
        base = odds_starts[c]
        size = np.ones(n, np.int64)
        owner = np.arange(n)
        while True:
            best = least
            x = -1
            y = -1
            for i in range(n):
                if size[i] == 0:
                    continue
                for j in range(i + 1, n):
                    if size[j] == 0:
                        continue
                    mean = odds[base + i * n + j] / (size[i] * size[j])
                    if mean > best:
                        best = mean
                        x = i
                        y = j
            if x < 0:
                break
            for k in range(n):
                if size[k] > 0 and k != x and k != y:
                    total = odds[base + x * n + k] + odds[base + y * n + k]
                    odds[base + x * n + k] = total
                    odds[base + k * n + x] = total
            size[x] += size[y]
            size[y] = 0
            for k in range(n):
                if owner[k] == y:
                    owner[k] = x
        for i in range(n):
            labels[starts[c] + i] = owner[i]
