"""Asks people about pairs, keeps what they say, and hands it to a matching."""
