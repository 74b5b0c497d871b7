"""Where the two names of one record belong; see `comparison.people`."""

import numpy as np
import numpy.typing as npt

from dedup.comparison.base import NameOrder
from dedup.comparison.name_order import is_letter, misplaced
from dedup.forms.person_names import is_known

Counts = npt.NDArray[np.int64]


def exchanged(names: tuple[str, str], stood: tuple[Counts, Counts], order: NameOrder) -> bool:
    """Whether the words written as given name and as surname are in each other's place.

    `stood`: how often each of the two was written as a given name, and as a surname. `order`:
    how the table writes whole names.
    """
    given, surname = names
    turned = order is not NameOrder.GIVEN and is_known(surname) and not is_known(given)
    first, last = np.array([[1], [0]] if turned else [[0], [1]])
    letters = np.array([is_letter(name) for name in names])
    return bool(misplaced(*stood, first, last, letters)[0]) != turned
