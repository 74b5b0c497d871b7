"""Takes a person out of a project and its CRM, and says what is held about one."""

from pipelines.erasing.access import held_about
from pipelines.erasing.again import ErasedAgain, erase_again
from pipelines.erasing.erasure import Erased, ErasedBefore, erase_person, erased_before, planned

__all__ = [
    "Erased",
    "ErasedAgain",
    "ErasedBefore",
    "erase_again",
    "erase_person",
    "erased_before",
    "held_about",
    "planned",
]
