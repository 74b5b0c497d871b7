"""Guiyi measured beside its peers in one run: reading, cleansing and matching.

python -m benchmarks [reading|cleansing|matching|all] [--rows N]
"""
