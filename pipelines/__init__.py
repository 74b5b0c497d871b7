"""The flows: stages in order, the CLI, reports and the demo.

Owns what runs when, and the effects at the edges. Knows every room; no room knows it. Nothing is
re-exported here, so that `guiyi --help` imports none of the heavy rooms.

    from pipelines.driving.driver import run_project
    from pipelines.stages.run import Options
    outcome = run_project(Path("project"), Options(dry_run=True))
"""

__all__: list[str] = []
