"""Finds the golden records a customer may be before it is entered, and keeps who reported it.

with CustomerFinder.of("crm/") as finder:                    # keeps its indexes warm
answer = finder.find("company", {"name": "苏州蓝天机械", "phone": "138 6123 7742"})
answer.verdict                                           # match, possible or none
finder.register("company", {"name": "苏州蓝天机械"}, who="李雷")
"""

from pipelines.finding.answers import FoundCustomer, Protection, RegisterOutcome, SearchAnswer
from pipelines.finding.finder import CustomerFinder

__all__ = ["CustomerFinder", "FoundCustomer", "Protection", "RegisterOutcome", "SearchAnswer"]
