"""Sources, schedules and roles, as guiyi.yaml has them: to be read here, and changed there."""

from datetime import UTC, datetime

from console.asked import Answer, Ask, ShownPage
from console.rights import rights_of
from governance.door import built_in
from pipelines.stewarding.schedules import schedules, source_tables


def shown(asked: Ask) -> Answer:
    """What the project reads, what it does by itself, and what roles see and may do."""
    project = asked.desk.project
    roles = {**built_in(), **project.privacy.roles}
    content = {
        "file": project.file.name,
        "sources": list(source_tables(project)),
        "schedules": schedules(project, datetime.now(UTC)),
        "roles": [
            {
                "role": name,
                "masks": [str(mask) for mask in role.masks],
                "whose": role.rows,
                "reason": role.reason,
                "may": sorted(rights_of(name)) if name != "anybody" else [],
            }
            for name, role in roles.items()
        ],
    }
    return ShownPage("setup/page.html.j2", content)
