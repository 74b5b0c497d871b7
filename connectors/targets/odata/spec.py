"""The keys of a target `odata` in guiyi.yaml."""

from typing import Literal

from pydantic import Field

from connectors.targets.http.spec import HttpTargetSpec
from guiyi.spec.base import Name, Spec


class ODataLookupSpec(Spec):
    """A column that points to a row of another entity set (a lookup)."""

    navigation: str
    """The navigation property, in the spelling of $metadata; written as `NAME@odata.bind`."""
    to: str
    """The CRM entity whose rows it points to."""
    foreign_key: str | None = None
    """The property that holds the other row's primary key, for services that take no
    `@odata.bind`; it is written instead."""


class ODataEntitySpec(Spec):
    """How a CRM entity is written, where that differs from the others."""

    key: Name | None = None
    """The property that holds the golden id; without it `target.external_id`."""
    upsert: Literal["auto", "key", "search"] = "auto"
    """`key`: rows are addressed by the golden id (an alternate key), as Dataverse can; `search`:
    looked for first, then created or changed by their primary key; `auto`: by the golden id if
    $metadata declares it as a key."""
    lookups: dict[str, ODataLookupSpec] = Field(default={})
    """Column → the lookup it is."""


class ODataTargetSpec(HttpTargetSpec):
    """A CRM behind an OData V4 service, such as Dataverse (Dynamics 365). `tables` names the entity
    sets, `external_id` the property that holds the golden id.
    """

    kind: Literal["odata"]
    """What it is."""
    entities: dict[str, ODataEntitySpec] = Field(default={})
    """CRM entity → how it is written."""
    page_size: int = Field(default=1000, ge=1, le=5000)
    """Rows asked for at a time; the service may give fewer."""
    batch_size: int = Field(default=100, ge=1, le=1000)
    """Rows written by one request; Dataverse takes 1000 at the most."""
    batch: Literal["auto", "json", "multipart", "none"] = "auto"
    """How rows share a request (`$batch`): as JSON, as multipart/mixed, not at all, or the first of
    these that the service takes."""
    search: Literal["or", "in"] = "or"
    """How rows are asked for by several golden ids: `a eq 1 or a eq 2`, which any service takes, or
    `a in (1,2)`, which is shorter."""
