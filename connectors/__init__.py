"""Systems ↔ record batches: `sources` reads customers' systems, `targets` writes the CRM.

Knows file formats, databases and APIs; knows nothing of scope, cleansing or matching.

    from connectors.sources import open_source
    for batch in open_source("legacy", spec.sources["legacy"], project.folder).read(table): ...
"""

__all__: list[str] = []
