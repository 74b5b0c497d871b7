"""Takes a person out of a project and its CRM, and says what is held about one."""

from pipelines.erasing.access import held_about
from pipelines.erasing.erasure import Erased, erase_person, planned

__all__ = ["Erased", "erase_person", "held_about", "planned"]
