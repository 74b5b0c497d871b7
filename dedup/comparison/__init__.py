"""How two values of one kind are compared: the levels, what they are worth, the keys they give."""
