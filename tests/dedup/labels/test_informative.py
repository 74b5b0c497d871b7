"""The pairs that are asked about are those whose answers matter, and a fair share is random."""

from collections import Counter

import numpy as np
import pytest

from dedup.comparison.levels import CONTEXTS, WIDTH
from dedup.labels.answers import Answers
from dedup.labels.questions import Questions, Why
from dedup.model.mixture import Mixture

LABELS = ("missing", "different", "alike", "equal, common value", "equal", "equal, rare value")


def mixture() -> Mixture:
    """Two fields; each is equal in nine matches of ten, and by chance in one pair of a hundred."""

    def cells(*shares: float) -> np.ndarray:
        out = np.full((CONTEXTS, WIDTH), 1e-9)
        out[:, 0] = 1
        out[:, 1 : 1 + len(shares)] = shares
        return out.reshape(-1)

    m, u = cells(0.05, 0.05, 1e-9, 0.9, 1e-9), cells(0.95, 0.04, 1e-9, 0.01, 1e-9)
    near = np.isin(np.arange(WIDTH), [3, 4, 5])
    return Mixture(
        ("a", "b"), (LABELS, LABELS), ((), ()), (near, near), 0.02, [m, m], [u, u], [], 1e6
    )


PATTERNS = np.array([[4, 4], [4, 2], [4, 1], [2, 2], [1, 1], [1, 2]], np.uint8)
LEVELS = np.repeat(PATTERNS, [200, 60, 300, 10, 400, 30], axis=0)
NONE = Answers(LEVELS[:0], np.zeros(0), np.zeros(0, np.int64))
UNASKED = np.zeros(len(LEVELS), np.bool_)


def test_no_pair_is_asked_twice() -> None:
    """Pairs already asked about are left out, and a batch holds no pair twice."""
    asked = np.random.default_rng(1).random(len(LEVELS)) < 0.5
    chosen = Questions(mixture(), LEVELS, 1).next(NONE, asked, 200)
    places = [question.at for question in chosen]
    assert len(set(places)) == 200
    assert not asked[places].any()


def test_a_share_is_drawn_at_random() -> None:
    """One in five pairs is drawn at random, whatever the model thinks."""
    chosen = Questions(mixture(), LEVELS, 1).next(NONE, UNASKED, 50)
    assert Counter(question.why for question in chosen) == {
        Why.DISAGREEMENT: 20,
        Why.POPULOUS: 10,
        Why.RANDOM: 10,
        Why.NEAR: 10,
    }


def test_doubt_is_asked_about_before_certainty() -> None:
    """The pairs not drawn at random are mostly of patterns whose verdict an answer may change."""
    model = mixture()
    chosen = Questions(model, LEVELS, 1).next(NONE, UNASKED, 40)
    picked = LEVELS[[q.at for q in chosen if q.why is not Why.RANDOM]]
    p = 1 / (1 + np.exp(-model.log_odds(picked)))
    everywhere = 1 / (1 + np.exp(-model.log_odds(LEVELS)))
    assert np.minimum(p, 1 - p).mean() > 2 * np.minimum(everywhere, 1 - everywhere).mean()


def test_answers_move_the_questions_on() -> None:
    """A pattern that has been answered often, always alike, is asked about less."""
    questions = Questions(mixture(), LEVELS, 1)
    first = questions.next(NONE, UNASKED, 1)[0]
    pattern = (LEVELS[first.at] == LEVELS).all(axis=1)
    known = np.flatnonzero(pattern)[:40]
    asked = UNASKED.copy()
    asked[known] = True
    answers = Answers(LEVELS[known], np.ones(len(known)), np.arange(len(known)))
    after = questions.next(answers, asked, 20)
    assert sum(pattern[q.at] for q in after if q.why is Why.DISAGREEMENT) <= 4


def test_the_same_session_asks_the_same() -> None:
    """The same answers and seed bring the same questions."""
    one, other = (Questions(mixture(), LEVELS, 7).next(NONE, UNASKED, 30) for _ in range(2))
    assert one == other
    assert one != Questions(mixture(), LEVELS, 8).next(NONE, UNASKED, 30)


@pytest.mark.parametrize("left", [0, 1, 5])
def test_no_more_is_asked_than_there_is(left: int) -> None:
    """When few pairs are left, fewer are asked."""
    asked = np.ones(len(LEVELS), np.bool_)
    asked[:left] = False
    chosen = Questions(mixture(), LEVELS, 1).next(NONE, asked, 30)
    assert sorted(question.at for question in chosen) == list(range(left))
