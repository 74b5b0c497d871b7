"""The keys of a target `rest` in guiyi.yaml."""

from typing import Literal

from pydantic import Field, model_validator

from connectors.targets.http.spec import HttpTargetSpec
from connectors.targets.rest.templates import PathTemplate, QueryTemplate, places
from guiyi.messages import Message
from guiyi.spec.base import Name, Spec

Query = dict[str, QueryTemplate]


class RestPagingSpec(Spec):
    """How one page follows another."""

    by: Literal["none", "page", "offset", "cursor", "link"] = "none"
    """All rows in one answer; `{page}` or `{offset}` in the query; `{cursor}` in the query, taken
    from the answer before; or the whole address of the next page in the answer."""
    size: int = Field(default=100, ge=1, le=10_000)
    """Rows of a page: `{size}` in the query."""
    first: int = 1
    """The number of the first page."""
    next: str | None = None
    """Where in an answer the cursor or the link to the next page stands."""
    total: str | None = None
    """Where in an answer the number of all rows stands; then rows that are missing are noticed."""

    @model_validator(mode="after")
    def _names_next(self) -> "RestPagingSpec":
        if self.by in ("cursor", "link") and self.next is None:
            raise ValueError(Message("paging by `{by}` needs `next`", by=self.by))
        return self


class RestReadSpec(Spec):
    """How rows are read."""

    path: PathTemplate
    """The path, such as `items/{table}`."""
    query: Query = Field(default_factory=dict)
    """Parameters; sort by something that does not change, or pages may overlap."""
    rows: str = ""
    """Where in an answer the rows stand, such as `data`; nothing if the answer is the list."""
    paging: RestPagingSpec = RestPagingSpec()
    """How one page follows another."""

    @model_validator(mode="after")
    def _turns_pages(self) -> "RestReadSpec":
        by = self.paging.by
        found = {name for template in self.query.values() for name in places(template)}
        if by in ("page", "offset", "cursor") and by not in found:
            raise ValueError(
                Message("paging by `{by}` needs `{place}` in `query`", by=by, place="{" + by + "}")
            )
        return self


class RestFindSpec(Spec):
    """How rows are found by their golden ids; left out, all rows are read each time."""

    query: Query
    """Parameters beside those of `read`, with `{ids}` or `{ids_json}`."""
    many: int = Field(default=1, ge=1, le=1000)
    """The most golden ids in one request."""

    @model_validator(mode="after")
    def _asks_for_ids(self) -> "RestFindSpec":
        found = {name for template in self.query.values() for name in places(template)}
        if not found & {"ids", "ids_json"}:
            raise ValueError("`find` needs `{ids}` or `{ids_json}` in `query`")
        return self


class RestWriteSpec(Spec):
    """How rows are created, updated or deleted."""

    method: Literal["POST", "PUT", "PATCH", "DELETE"]
    """The method."""
    path: PathTemplate
    """The path; `{id}` is the system's own id of the row."""
    wrap: str | None = None
    """The key that the row, or the list of rows, stands under in the body."""
    many: int = Field(default=1, ge=1, le=1000)
    """The most rows in one request: a list of them, each with its own id, or of own ids to
    delete."""
    whole: bool = False
    """Whether an update takes the whole row: what is not sent would be emptied."""

    @model_validator(mode="after")
    def _one_or_many(self) -> "RestWriteSpec":
        if self.many > 1 and "id" in places(self.path):
            raise ValueError("a path with `{id}` is for one row: leave out `many`")
        return self


class RestErrorsSpec(Spec):
    """Where an answer says what went wrong. Its sentences are searched for known words, and never
    shown: they hold values.
    """

    code: str | None = None
    """Where a code stands, such as `errors.0.extensions.code`."""
    message: str | None = None
    """Where a sentence stands."""
    field: str | None = None
    """Where the property at fault stands."""
    success: str | None = None
    """Where a status of its own stands, for a service that answers 200 to everything."""
    success_is: tuple[str, ...] = ("0", "200", "true")
    """What stands there if all went well."""


class RestDescribeSpec(Spec):
    """How the properties of a table are asked for."""

    path: PathTemplate
    """The path, such as `fields/{table}`."""
    rows: str = ""
    """Where in the answer the properties stand."""
    name: str = "name"
    """Where in each its name stands."""
    longest: str | None = None
    """Where in each the most characters stand that it takes."""


class RestFieldSpec(Spec):
    """A column, where it is more than a property of the same name that holds text."""

    property: str | None = None
    """The property, if it has another name."""
    type: Literal["text", "number", "boolean", "date", "instant", "json"] = "text"
    """What JSON it is sent as, and how it is compared."""
    longest: int | None = Field(default=None, ge=1)
    """The most characters it takes."""
    required: bool = False
    """Whether it needs a value."""
    choices: tuple[str, ...] | None = None
    """The only values it takes."""
    refers_to: Name | None = None
    """The CRM entity whose own id it holds. A column without this that points to another row holds
    its golden id."""


class RestEntitySpec(Spec):
    """What is particular to one CRM entity."""

    fields: dict[str, RestFieldSpec] = Field(default_factory=dict)
    """Column → what it is."""
    read: RestReadSpec | None = None
    """How its rows are read, if not like those of the others."""
    find: RestFindSpec | None = None
    """How they are found."""
    create: RestWriteSpec | None = None
    """How they are created."""
    update: RestWriteSpec | None = None
    """How they are updated."""
    delete: RestWriteSpec | None = None
    """How they are deleted."""
    describe: RestDescribeSpec | None = None
    """How their properties are asked for."""


class RestTargetSpec(HttpTargetSpec):
    """A CRM behind a REST API that is described here."""

    kind: Literal["rest"]
    """What it is."""
    id: str = "id"
    """The property that holds the system's own id of a row."""
    inside: str | None = None
    """The object of a row that its other properties stand in, such as `fields`."""
    unique: bool = True
    """Whether the system itself sees to it that no two rows have the same golden id. If it does
    not, a row whose creation got no answer is waited for, as it may still come."""
    omits_nulls: bool = False
    """Whether rows leave out properties that have no value. If not, a property that is not there
    stops the load."""
    read: RestReadSpec
    """How rows are read."""
    find: RestFindSpec | None = None
    """How rows are found by their golden ids."""
    create: RestWriteSpec
    """How rows are created."""
    update: RestWriteSpec
    """How rows are updated."""
    delete: RestWriteSpec
    """How rows are deleted: a rollback needs it."""
    describe: RestDescribeSpec | None = None
    """How the properties of a table are asked for, if they can be."""
    errors: RestErrorsSpec = RestErrorsSpec()
    """Where an answer says what went wrong."""
    entities: dict[str, RestEntitySpec] = Field(default_factory=dict)
    """CRM entity → what is particular to it."""

    @model_validator(mode="after")
    def _addresses_rows(self) -> "RestTargetSpec":
        for entity, own in [("", self), *self.entities.items()]:
            for name in ("update", "delete"):
                call = getattr(own, name)
                if call is not None and call.many == 1 and "id" not in places(call.path):
                    where = f"entities.{entity}.{name}" if entity else name
                    raise ValueError(
                        Message(
                            "`{where}` needs `{place}` in `path`, or `many`",
                            where=where,
                            place="{id}",
                        )
                    )
        return self
