"""What people have said of pairs, what that teaches the model, which pairs to ask about next."""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.labels.answers import Answers
    from dedup.labels.questions import Question, Questions
else:
    __getattr__ = lazily(
        __name__,
        {
            "Answers": "dedup.labels.answers",
            "Question": "dedup.labels.questions",
            "Questions": "dedup.labels.questions",
        },
    )

__all__ = [
    "Answers",
    "Question",
    "Questions",
]
