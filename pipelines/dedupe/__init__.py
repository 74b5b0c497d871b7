"""Dedup, linkage and look-up of plain files, with no project."""
