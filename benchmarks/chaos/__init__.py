"""Loads that are killed, cut off and disturbed: nothing lost, nothing doubled, no false success.

`python -m benchmarks.chaos --seeds 50 [--first 1] [--target odata]` (make chaos) shares the seeds
over the targets; the number of a seed alone says what happens in it.
"""
