"""One record looked up among many: an index over the batch's comparisons, keys and model.

index = Index.build(clean, entity.matched_kinds)
index.find(RecordCleaner(raw, entity.kinds).clean({"name": "张三"}))
"""

from dedup.index.candidate import Candidate, ComparisonReason
from dedup.index.index import Index
from dedup.index.sureness import is_sure

__all__ = ["Candidate", "ComparisonReason", "Index", "is_sure"]
