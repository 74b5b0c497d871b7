"""Drives the stages of a run: in this process, as a Prefect flow, on a schedule, by hand."""
