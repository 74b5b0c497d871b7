"""A project proposed by looking at its sources: entities, field kinds, keys, mapping, suites.

files = propose(["customers.xlsx", "sqlite:///legacy.db"], Path("crm"))
files["guiyi.yaml"]
"""

from pipelines.proposing.project import propose

__all__ = ["propose"]
