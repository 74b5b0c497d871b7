"""Takes a person out of a project and its CRM, and says what is held about one."""

from pipelines.erasing.access import held_about
from pipelines.erasing.again import ErasedAgain, erase_again
from pipelines.erasing.erasure import Erased, erase_person, planned

__all__ = ["Erased", "ErasedAgain", "erase_again", "erase_person", "held_about", "planned"]
