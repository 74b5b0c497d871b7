"""The steward's queue: pairs to decide, and records held back."""
