"""Other matchers, each a script of its own for an environment of its own, called as one would.

Each takes FILE OUT PLAN and writes `row,cluster_id`. None of them sees the truth.
"""
