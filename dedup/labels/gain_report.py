"""What labels brought, as a document and as a sentence."""

from typing import Any

from dedup.labels.answers import Answers
from dedup.labels.refit import LEAST_LABELS, LEAST_OF_EACH, Gain


def gain_document(gain: Gain) -> dict[str, Any]:
    """The gain as the model's JSON keeps it."""
    return {
        "labels": gain.labels,
        "matches": gain.matches,
        "refitted": gain.refitted,
        "match_at": gain.match_at,
        "cross_validation": {
            "f1_without": gain.f1[0],
            "f1_with": gain.f1[1],
            "f1_gain": gain.f1_gain.value,
            "f1_gain_low": gain.f1_gain.low,
            "f1_gain_high": gain.f1_gain.high,
            "bits_a_pair_without": gain.loss[0],
            "bits_a_pair_with": gain.loss[1],
            "spread": gain.spread,
        },
    }


def too_few(answers: Answers) -> str:
    """Say that there are not enough labels."""
    matches, others = answers.both
    return (
        f"{matches + others} labels ({matches} matches) are too few to learn from: it takes "
        f"{LEAST_LABELS}, {LEAST_OF_EACH} of either answer"
    )


def gain_sentence(gain: Gain) -> str:
    """Say what the labels brought, measured on labels the model had not seen."""
    head = f"{gain.labels} labels ({gain.matches} matches): "
    if not gain.refitted and gain.f1_gain.value == 0:
        return head + (
            f"no sure gain by cross-validation (F1 {gain.f1[0]:.3f}), so the model stays as it was"
        )
    value, low, high = gain.f1_gain.value or 0.0, gain.f1_gain.low or 0.0, gain.f1_gain.high or 0.0
    return head + (
        f"by cross-validation F1 goes from {gain.f1[0]:.3f} to {gain.f1[1]:.3f} "
        f"({value:+.3f}, 95 % interval {low:+.3f} to {high:+.3f}); records are merged from a "
        f"match probability of {gain.match_at:g}"
    )
