"""Cleansing alone: a file in, the same table out with clean values."""
