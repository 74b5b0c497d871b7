"""Two runs compared: which golden records were merged, split or changed, and why."""

from console.asked import Answer, Ask, Refused, ShownPage, page_of
from governance.run_folder import CLUSTERS, RunFolder, kept_runs
from pipelines.stewarding.run_comparison import compare_runs

PAGE = 100


def compared(asked: Ask) -> Answer:
    """A run beside an earlier one: the one named (`with`), else the last before it."""
    kept = [folder for folder in kept_runs(asked.desk.project.folder) if _entities(folder)]
    later = next((one for one in kept if one.path.name == asked.path["run"]), None)
    if later is None:
        raise Refused(404, "this run has matched nothing, or its folder is not kept")
    wanted = asked.given("with")
    earlier = next((one for one in kept if _is_before(one, later, wanted)), None)
    if earlier is None:
        raise Refused(404, "there is no such run to compare with")
    able = [name for name in _entities(later) if name in _entities(earlier)]
    able = [name for name in asked.desk.project.entities if name in able]
    entity = asked.given("entity") or next(iter(able), "")
    if entity not in able:
        raise Refused(404, "these runs have no such entity in common")
    found, page = compare_runs(asked.door, earlier, later, entity), page_of(asked)
    content = {
        "earlier": earlier.path.name,
        "later": later.path.name,
        "entity": entity,
        "able": able,
        "counts": found.counts,
        "changes": found.changes.slice((page - 1) * PAGE, PAGE).to_dicts(),
        "fields": found.fields,
        "causes": found.causes,
        "page": page,
        "pages_all": -(-found.changes.height // PAGE),
    }
    return ShownPage("runs/compare.html.j2", content)


def _is_before(folder: RunFolder, later: RunFolder, wanted: str) -> bool:
    name = folder.path.name
    return name < later.path.name and wanted in ("", name)


def _entities(folder: RunFolder) -> list[str]:
    return folder.names(CLUSTERS)
