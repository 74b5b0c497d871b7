"""What a record does not say can be inferred at times, and at times only guessed; both are marked.

    filled = impute(clean, kinds, entity.imputations)     # FIELD.imputed, .method, .confidence
    observed(filled, kinds)                               # without what no source gave

Owns the filling in of missing values after cleaning, only where the spec asks (`impute`). A value
that a source gave is never touched, also where it is invalid. A person's gender is never imputed.
Does not know what becomes of the values: `observed` is how others keep them out of evidence.
"""

from cleansing.imputation.marking import observed
from cleansing.imputation.table import impute, imputed_fields

__all__ = ["impute", "imputed_fields", "observed"]
