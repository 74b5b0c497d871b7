"""What stewards do with the ledger of a project: look up ids, decide, work through review lists.

Owns the views and the review workbook. Does not match, merge or load: a decision is carried out by
the next run.
"""
