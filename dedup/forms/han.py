"""The script Han, for which Python's regular expressions have no name."""

HAN = (
    r"\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufa6d\ufa70-\ufad9\U00020000-\U000323af"
)
"""The characters of Unicode's script Han (UAX #24), as ranges of a character class."""
RARE_HAN = r"\U00020000-\U000323af"
"""Those beyond the basic plane. What Unicode has added since 2021 is no letter to Python 3.11."""
