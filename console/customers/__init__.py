"""What a steward does about one customer: values, corrections, records, parents, merging, notes."""
