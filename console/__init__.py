"""The steward's console: web pages and an HTTP API over one project's ledger.

    guiyi serve PROJECT

`routes.py` is the table of all there is to ask: each route has one act, and the rights it needs. An
act takes what was asked (`asked.py`) and answers with content, which is a page for people and JSON
under /api/v1 for programs. What is shown of customers passes the ledger's door, by the role of
whoever asks; nothing is masked, or allowed, in a template.
"""
