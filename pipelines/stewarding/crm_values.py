"""Values of CRM fields as a reader may see them: masked as the fields are that they come from."""

from collections.abc import Sequence

import polars as pl

from governance import Door
from governance.masking import mask
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.spec import SpecPlace
from guiyi.spec.expressions import parse


def masked_values(
    door: Door, crm_entity: str, table: pl.DataFrame, columns: Sequence[str]
) -> pl.DataFrame:
    """A table whose rows are of one CRM field each, named in `column`, with the values in some
    columns masked.
    """
    crm = door.project.mapping[crm_entity]
    kinds = door.kinds(crm.entity)
    known = {name: kinds.get((of.field or "").split(".")[0]) for name, of in crm.fields.items()}
    plain = {name: kind for name, kind in known.items() if kind is not None}
    shown = door.masking.by_field(table, "column", plain, columns)
    made = [name for name in crm.fields if _is_made_of_hidden(door, crm_entity, name)]
    if not made:
        return shown
    hidden = pl.col("column").is_in(made)
    stars = [(column, mask(pl.col(column), Kind.TEXT)) for column in columns]
    whole = [pl.when(hidden).then(text).otherwise(name).alias(name) for name, text in stars]
    return even_chunks(shown.with_columns(whole))


def _is_made_of_hidden(door: Door, crm_entity: str, name: str) -> bool:
    """Whether an expression makes a CRM field of a field that is hidden."""
    crm = door.project.mapping[crm_entity]
    expression = crm.fields[name].expr
    if expression is None:
        return False
    place = SpecPlace(door.project.file, f"mapping.{crm_entity}.fields.{name}.expr")
    roots = parse(expression, place).meta.root_names()
    kinds = door.kinds(crm.entity)
    return any(door.masking.hides(kinds.get(root.split(".")[0])) for root in roots)
