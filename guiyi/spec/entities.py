"""What an entity is made of, how its records are matched and which value survives."""

import re
from enum import StrEnum
from math import nan
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.records import RESERVED
from guiyi.spec.base import FieldName, Spec
from guiyi.spec.survivorship import SurvivorshipRules, check_rules


class ImputationMethod(StrEnum):
    """How a missing value is filled in."""

    INFERRED = "inferred"
    MEAN = "mean"
    MEDIAN = "median"
    MODE = "mode"
    NEAREST = "nearest"


class Imputation(Spec):
    """How the missing values of one field are filled in; never those of a person's gender."""

    methods: Annotated[
        tuple[ImputationMethod, ...], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)
    ] = (ImputationMethod.INFERRED,)
    """Tried in this order: `inferred` from the record's other fields (a region from its address or
    its phone's area code, a company from its mail domain seen elsewhere), then statistically:
    `mode`, `mean` or `median` of the group, or the `nearest` records."""
    by: Annotated[
        tuple[FieldName, ...], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)
    ] = ()
    """The fields that make the group, or in which the nearest records are near: an industry, a
    region."""
    neighbours: int = Field(default=5, ge=1)
    """How many nearest records are asked."""
    least: float = Field(default=0.6, ge=0, le=1)
    """A value less sure than this is not filled in."""


def _methods_alone(value: object) -> object:
    return {"methods": value} if isinstance(value, (str, list, tuple)) else value


_STATISTICAL = frozenset({Kind.CODE, Kind.REGION, Kind.INDUSTRY, Kind.AMOUNT})
"""Kinds whose values similar records share; a name or a number belongs to one record."""
_INFERRED = frozenset({Kind.REGION, Kind.COMPANY_NAME})
_GENDER = re.compile(r"(?i)gender|(?:^|[_ ])sex(?:$|[_ ])|性别|性別")


class FieldSpec(Spec):
    """One field of an entity."""

    kind: Kind
    """What the field holds."""
    match: bool = True
    """Whether the field is evidence when records are compared."""
    impute: Annotated[Imputation, BeforeValidator(_methods_alone)] | None = None
    """How missing values are filled in; not at all if not given."""
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    """Of a phone: the country (ISO 3166-1, as NL) of numbers whose record names none."""

    @model_validator(mode="after")
    def _of_a_country(self) -> "FieldSpec":
        if self.country is not None and self.kind is not Kind.PHONE:
            raise ValueError(
                Message("only a `phone` has a country, not a `{kind}`", kind=self.kind)
            )
        if self.country is not None:
            from phonenumbers import SUPPORTED_REGIONS

            if self.country not in SUPPORTED_REGIONS:
                if self.country == "UK":
                    raise ValueError(
                        Message("no country UK in ISO 3166-1; the United Kingdom is GB")
                    )
                raise ValueError(
                    Message("no country {country} in ISO 3166-1", country=self.country)
                )
        return self

    @model_validator(mode="after")
    def _imputable(self) -> "FieldSpec":
        for method in self.impute.methods if self.impute else ():
            if method is ImputationMethod.INFERRED and self.kind not in _INFERRED:
                raise ValueError(
                    Message(
                        "a `{kind}` cannot be inferred from other fields; only {kinds} can",
                        kind=self.kind,
                        kinds=_listed(_INFERRED),
                    )
                )
            if method is not ImputationMethod.INFERRED and self.kind not in _STATISTICAL:
                raise ValueError(
                    Message(
                        "a `{kind}` cannot be imputed from similar records; only {kinds} can",
                        kind=self.kind,
                        kinds=_listed(_STATISTICAL),
                    )
                )
            averaged = method in (ImputationMethod.MEAN, ImputationMethod.MEDIAN)
            if averaged and self.kind is not Kind.AMOUNT:
                raise ValueError(
                    Message(
                        "a `{kind}` has no `{method}`: use `mode` or `nearest`",
                        kind=self.kind,
                        method=method,
                    )
                )
        return self


def _listed(kinds: frozenset[Kind]) -> str:
    return ", ".join(sorted(kinds))


def _kind_alone(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


def _bar(value: object) -> object:
    """A match probability to compare with, or `auto`."""
    if value == "auto":
        return value
    try:
        bar = float(str(value))
    except ValueError:
        bar = nan
    if isinstance(value, bool) or not 0 <= bar <= 1:
        if 1 < bar <= 100:
            raise ValueError(
                Message(
                    "`{value}` is not a probability: give a number from 0 to 1, as "
                    "{share:g} for {percent:g} %, or auto",
                    value=value,
                    share=bar / 100,
                    percent=bar,
                )
            )
        raise ValueError(
            Message(
                "`{value}` is not a probability: give a number from 0 to 1, or auto", value=value
            )
        )
    return bar


Bar = Annotated[Annotated[float, Field(ge=0, le=1)] | Literal["auto"], BeforeValidator(_bar)]


class MatchSpec(Spec):
    """How records of an entity are matched. The defaults are meant to be right."""

    enabled: bool = True
    """False for transactions such as orders: every record is its own golden record."""
    entity: Literal["auto", "person", "company"] = "auto"
    """What a record is: a person (company, address and switchboard are shared by colleagues) or a
    company (a person in it is a contact). `auto` decides by headers and content, and says why."""
    roles: dict[FieldName, Literal["identifies", "shared", "describes"]] = {}
    """What a field says about who a record is, where the usual role of its kind is wrong: it
    `identifies` the entity, is `shared` by a group (a switchboard), or only `describes`. The role
    of one column of a date in several is that of the date. A saved model keeps its own roles:
    another one beside it is refused."""
    engine: Literal["guiyi", "recordlinkage"] = "guiyi"
    """What judges the candidate pairs: Guiyi's own model, or the classifiers of recordlinkage (ECM,
    with labels logistic regression), which know neither frequencies nor households and cannot be
    saved. Candidates, clusters and reports are the same."""
    match_at: Bar = "auto"
    """Match probability from which a pair is a match; `auto` chooses on whole clusters. At 1 no
    two rows are merged that differ."""
    review_at: Bar = "auto"
    """Match probability from which a pair is a steward's to decide."""
    blocking: tuple[tuple[FieldName, ...], ...] | Literal["auto"] = "auto"
    """Sets of fields whose comparison keys must agree for a pair to be proposed; also fields with
    `match: false`."""
    max_pairs: int | None = Field(default=None, ge=1)
    """The pair budget; if not given 3 million, or 25 a record up to 10 million, or 12 a record:
    more finds more in a noisy table and takes longer."""
    seed: int = 20260101
    """Fixes every draw; the same data and seed give the same clusters."""
    labels: str | None = None
    """A CSV of labelled pairs to learn from, as `guiyi label` writes it."""
    model: str | None = None
    """A model to use as it is, as `--save-model` or a run wrote it; it does not learn."""

    @model_validator(mode="before")
    @classmethod
    def _no_incremental(cls, given: object) -> object:
        if isinstance(given, dict) and "incremental" in given:
            raise ValueError(
                Message(
                    "take `incremental` out: every run compares only what has changed since the "
                    "last published one, and `guiyi run --match-all` compares everything"
                )
            )
        return given

    @model_validator(mode="after")
    def _one_teacher(self) -> "MatchSpec":
        if self.labels is not None and self.model is not None:
            raise ValueError("give either `labels` or `model`: a saved model does not learn")
        if self.engine == "recordlinkage" and self.model is not None:
            raise ValueError("give either `engine` or `model`: a saved model is Guiyi's own")
        return self


def _not_reserved(name: str) -> str:
    if name in RESERVED:
        raise ValueError(Message("`{name}` is reserved; give the field another name", name=name))
    return name


class ProtectionSpec(Spec):
    """How long a customer that somebody has reported is theirs (报备保护期)."""

    days: int = Field(default=90, ge=1, le=3650)
    """Days that a registration protects a customer, where whoever reports it does not say."""
    tell_who: bool = False
    """Whether others learn who has reported it; until when it is protected they always learn."""


OwnerFields = Annotated[
    tuple[FieldName, ...], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)
]


class EntitySpec(Spec):
    """A kind of thing the records describe: company, person, order, or one of your own."""

    fields: dict[
        Annotated[FieldName, AfterValidator(_not_reserved)],
        Annotated[FieldSpec, BeforeValidator(_kind_alone)],
    ] = Field(min_length=1)
    """The fields, by name."""
    match: MatchSpec = MatchSpec()
    """How its records are matched."""
    updated: FieldName | None = None
    """The date field that says which record is most recent; `extracted_at` if not given."""
    survivorship: SurvivorshipRules = {}
    """The rule by field, or by group of fields; `default` for the rest (most_frequent if not
    given)."""
    protection: ProtectionSpec = ProtectionSpec()
    """How long a customer that somebody has reported is theirs."""
    owner: OwnerFields = ()
    """The fields that hold whose customer a record is, by name or department (客户经理, 部门), or a
    relation to a customer whose owner is its own: a role with `rows: own` sees the values of these
    alone."""
    head_office: FieldName | None = None
    """A relation from a branch to its head office, found by their company names
    (招商银行杭州分行 → 招商银行) where no source gives it. A mapping may use it."""

    @model_validator(mode="after")
    def _head_offices_have_names(self) -> "EntitySpec":
        if self.head_office is not None and Kind.COMPANY_NAME not in self.kinds.values():
            raise ValueError(
                Message("`head_office` needs a field of the kind `company_name`: it goes by names")
            )
        return self

    @model_validator(mode="after")
    def _imputed_by_known_fields(self) -> "EntitySpec":
        for name, field in self.fields.items():
            if field.impute is None:
                continue
            if _GENDER.search(name):
                raise ValueError(Message("{name}: gender is never imputed", name=name))
            for other in field.impute.by:
                if other == name or other not in self.fields:
                    raise ValueError(
                        Message("{name}: no other field is called {other}", name=name, other=other)
                    )
            if ImputationMethod.NEAREST in field.impute.methods and not field.impute.by:
                raise ValueError(
                    Message(
                        "{name}: `nearest` needs `by`: the fields in which records must be close",
                        name=name,
                    )
                )
        return self

    @model_validator(mode="after")
    def _rules_of_own_fields(self) -> "EntitySpec":
        check_rules(self.survivorship, self.kinds)
        return self

    @property
    def imputations(self) -> dict[str, Imputation]:
        """How missing values are filled in, by field; only the fields that ask for it."""
        return {name: field.impute for name, field in self.fields.items() if field.impute}

    @property
    def homes(self) -> dict[str, str]:
        """The country of telephones whose record names none, by field; only where it is given."""
        return {name: field.country for name, field in self.fields.items() if field.country}

    @property
    def kinds(self) -> dict[str, Kind]:
        """The field kinds, by field."""
        return {name: field.kind for name, field in self.fields.items()}

    @property
    def matched_kinds(self) -> dict[str, Kind]:
        """The kinds of those fields that are evidence, by field."""
        return {name: field.kind for name, field in self.fields.items() if field.match}

    @property
    def key_kinds(self) -> dict[str, Kind]:
        """The kinds of those fields that only propose pairs: blocked on, but no evidence."""
        sets = () if self.match.blocking == "auto" else self.match.blocking
        named = {name for fields in sets for name in fields}
        return {n: f.kind for n, f in self.fields.items() if n in named and not f.match}
