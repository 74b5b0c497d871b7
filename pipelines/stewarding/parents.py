"""To which entity a relation leads that a steward names."""

from guiyi.errors import SpecError
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.spec import Project


def parents_entity(project: Project, entity: str, relation: str) -> str:
    """The entity to which a relation leads. Raises SpecError where there is none."""
    if entity not in project.entities:
        raise SpecError(
            Message("no entity `{name}`", name=entity),
            place=str(project.file),
            hint=did_you_mean(entity, project.entities),
        )
    relations = project.relations(entity)
    if relation not in relations:
        raise SpecError(
            Message("no relation `{name}` of {entity}", name=relation, entity=entity),
            place=str(project.file),
            hint=did_you_mean(relation, relations),
        )
    return relations[relation]
