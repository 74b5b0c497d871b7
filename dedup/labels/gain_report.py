"""What labels brought, as a document and as a sentence."""

from typing import Any

from dedup.labels.answers import Answers
from dedup.labels.refit import LEAST_LABELS, LEAST_OF_EACH, Gain
from guiyi.messages import Message


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
    return Message(
        "too few labels to learn from ({labels}, {matches}): at least {least} are needed, "
        "{of_each} of each answer",
        **_counted(matches + others, matches),
        least=LEAST_LABELS,
        of_each=LEAST_OF_EACH,
    )


def _counted(labels: int, matches: int) -> dict[str, Message]:
    return {
        "labels": Message.counted("{n} label", "{n} labels", n=labels),
        "matches": Message.counted("{n} match", "{n} matches", n=matches),
    }


def gain_sentence(gain: Gain) -> str:
    """Say what the labels brought, measured on labels the model had not seen."""
    if not gain.refitted and gain.f1_gain.value == 0:
        return Message(
            "{labels} ({matches}): no reliable gain in cross-validation "
            "(F1 {f1:.3f}), so the model stays as it was",
            **_counted(gain.labels, gain.matches),
            f1=gain.f1[0],
        )
    return Message(
        "{labels} ({matches}): by cross-validation F1 goes from {before:.3f} to "
        "{after:.3f} ({gain:+.3f}, 95 % interval {low:+.3f} to {high:+.3f}); records are merged "
        "from a match probability of {match_at:g}",
        **_counted(gain.labels, gain.matches),
        before=gain.f1[0],
        after=gain.f1[1],
        gain=gain.f1_gain.value or 0.0,
        low=gain.f1_gain.low or 0.0,
        high=gain.f1_gain.high or 0.0,
        match_at=gain.match_at,
    )
