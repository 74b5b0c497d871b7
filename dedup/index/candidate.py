"""What a look-up answers: a record that may be the same, how sure that is, and why."""

from dataclasses import dataclass

from dedup.explanation.sentences import Sentences
from dedup.verdict import Verdict

SLIGHT = 0.05
"""Weights below this many bits say nothing, as in `dedup.explanation.pairs`."""


@dataclass(frozen=True)
class ComparisonReason:
    """What one comparison says of the two records."""

    field: str
    level: str
    weight: float
    """In bits: for one entity if positive, against it if negative."""


@dataclass(frozen=True)
class Candidate:
    """A record of the index that may be the one looked up."""

    row: int
    """Its number, from 0 as the records were indexed, then as they were added."""
    key: str | None
    """Its record key, `source:record_id`, if the records have one."""
    match_weight: float
    """In bits, prior and circumstances included."""
    match_probability: float
    verdict: Verdict
    reasons: tuple[ComparisonReason, ...]
    """By comparison, the strongest first; a missing value gives none."""

    def sentences(self, language: str = "en") -> list[str]:
        """The reasons as sentences, in English or Chinese."""
        say = Sentences(language)
        sentences = []
        for reason in self.reasons:
            direction = "for" if reason.weight > 0 else "against"
            direction = "nothing" if abs(reason.weight) < SLIGHT else direction
            sentences.append(
                say(
                    f"step.{direction}",
                    field=reason.field,
                    level=say.level(reason.level),
                    times=say.times(abs(reason.weight)),
                )
            )
        return sentences

    def as_dict(self, language: str = "en") -> dict[str, object]:
        """The candidate as JSON can hold it."""
        say = Sentences(language)
        return {
            "row": self.row,
            "key": self.key,
            "match_weight": round(self.match_weight, 3),
            "match_probability": round(self.match_probability, 6),
            "verdict": str(self.verdict),
            "reasons": [
                {"field": r.field, "level": say.level(r.level), "weight": round(r.weight, 3)}
                for r in self.reasons
            ],
        }
