"""Shows a pair side by side at a terminal or through a pipe, and reads what a person says of it."""

import sys
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dedup.explanation import Sentences
from guiyi.records import RECORD_ID
from pipelines.labelling.asking import Answer, Asked
from pipelines.language.messages import language, say

WORDS = {
    Answer.YES: ("y", "yes", "1", "是"),
    Answer.NO: ("n", "no", "0", "否", "不是"),
    Answer.UNSURE: ("u", "unsure", "?", "不确定"),
    Answer.BACK: ("b", "back", "返回"),
    Answer.QUIT: ("q", "quit", "exit", "退出"),
}
"""What may be typed for each answer."""
MEANT = {word: answer for answer, words in WORDS.items() for word in words}
SLIGHT = 0.5
"""Bits below which a field says too little to be shown in the short waterfall."""
MOST_STEPS = 6


class Dialogue:
    """A person at a terminal, or a program that feeds answers line by line."""

    def __init__(self, size: int, answers: TextIO, screen: TextIO) -> None:
        self.size, self.answers = size, answers
        self.screen = Console(file=screen, highlight=False, soft_wrap=False)
        self.sentences = Sentences(language())

    def answer(self, asked: Asked) -> Answer:
        """Show a pair and wait for an answer; the end of the input is as good as `q`."""
        self._show(asked)
        while True:
            self.screen.print(Text(say("label.prompt")), end="")
            self.screen.file.flush()
            line = self.answers.readline()
            if not line:
                self.screen.print()
                return Answer.QUIT
            answer = MEANT.get(line.strip().lower())
            if not self.answers.isatty():
                self.screen.print()
            if answer is not None:
                return answer
            self.screen.print(Text(say("label.again")))

    def _show(self, asked: Asked) -> None:
        title = say("label.title", number=asked.number, size=self.size)
        self.screen.print()
        self.screen.print(Text(f"{title} · {say('label.why.' + asked.question.why.name)}"))
        table = Table(box=None, pad_edge=False, show_header=True)
        for heading in ("", asked.left[RECORD_ID], "", asked.right[RECORD_ID]):
            table.add_column(Text(_shown(heading)), overflow="fold")
        for field in asked.left:
            if field == RECORD_ID:
                continue
            one, other = _shown(asked.left[field]), _shown(asked.right[field])
            if not one and not other:
                continue
            mark, style = _mark(one, other)
            table.add_row(
                Text(field),
                Text(one, style=style),
                Text(mark, style=style),
                Text(other, style=style),
            )
        self.screen.print(table)
        self.screen.print(Text(self._waterfall(asked)))

    def _waterfall(self, asked: Asked) -> str:
        """What the model makes of it: the strongest fields, and where they lead."""
        found = {
            name.removeprefix("weight."): float(value or 0.0)
            for name, value in asked.pair.items()
            if name.startswith("weight.")
        }
        strongest = sorted(found.items(), key=lambda item: (-abs(item[1]), item[0]))
        parts = [
            f"{name} {weight:+.1f}"
            for name, weight in strongest[:MOST_STEPS]
            if abs(weight) > SLIGHT
        ]
        probability = self.sentences.probability(asked.pair["match_probability"])
        return say("label.weights", steps=" · ".join(parts) or "–", probability=probability)


def _shown(value: object) -> str:
    """A value in one line, without what would upset a terminal."""
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else " " for c in text).strip()


def _mark(one: str, other: str) -> tuple[str, str]:
    """How two values stand to each other: equal, different, or one of them missing."""
    if not one or not other:
        return "·", "dim"
    if one.casefold() == other.casefold():
        return "=", ""
    return "≠", "bold yellow"


def dialogue(size: int, *, aside: bool) -> Dialogue:
    """A dialogue on standard input; it shows pairs on standard error if `aside`."""
    screen = sys.stderr if aside else sys.stdout
    return Dialogue(size, sys.stdin, screen)
