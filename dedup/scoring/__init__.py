"""From candidate pairs to patterns of levels and their weights."""
