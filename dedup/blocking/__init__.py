"""Which pairs are looked at: blocking keys, and the blocks they make under a budget of pairs."""
