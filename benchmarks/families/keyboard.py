"""Slips of the keyboard, which all families make alike."""

BESIDE = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "s v x s w d f g u h j k n b i o w e a r y c q z t x".split(),
        strict=True,
    )
)
"""The key beside each letter."""
SHORT = 4
"""Shorter texts have their last letter doubled, whatever is drawn."""


def slip(text: str, u: float, v: float) -> str:
    """One slip, by two draws from 0 to 1: letters swapped, doubled, lost, or the one beside."""
    if len(text) < SHORT:
        return text + text[-1:]
    i, kind = 1 + int(u * (len(text) - 2)), int(v * 4)
    if kind == 0 and text[i] != text[i + 1]:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    if kind == 1:
        return text[:i] + text[i] + text[i:]
    if kind == 2:
        return text[:i] + text[i + 1 :]
    if text[i].isdigit():
        return text[:i] + text[i] + text[i:]
    return text[:i] + BESIDE.get(text[i].lower(), "e") + text[i + 1 :]
