"""The forms of a value, each computed once for every distinct value: codes, words, sounds, keys."""
