"""What all parts of the spec share: frozen, unknown keys refused, a docstring under every key."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints


class Spec(BaseModel):
    """A part of guiyi.yaml."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        use_attribute_docstrings=True,
        validate_default=True,
    )


Name = Annotated[str, StringConstraints(pattern=r"^[^\W\d]\w*$")]
"""A name inside the project: letters of any script, digits and underscores."""

FieldName = Annotated[str, StringConstraints(pattern=r"^[^.\s][^.]*$")]
"""The name of a field: like a column's, but without dots, which separate a field from its parts."""


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


Columns = Annotated[tuple[str, ...], BeforeValidator(_one_or_many)]
"""One column, or several whose values are taken together."""
