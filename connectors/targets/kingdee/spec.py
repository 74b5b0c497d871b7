"""The keys of a target `kingdee` in guiyi.yaml."""

from typing import Literal

from pydantic import Field, model_validator

from connectors.targets.http.spec import HttpTargetSpec
from guiyi.spec.base import Name, Spec


class KingdeeLoginSpec(Spec):
    """How the program logs in: 第三方系统登录授权. Secrets are named as `${NAME}`."""

    method: Literal["signed", "session"] = "signed"
    """Every request signed (from patch PT136657 on), or a session by `LoginByAppSecret`."""
    account_set: str
    """The id of the account set (账套 ID, 数据中心 ID)."""
    user: str
    """The user that the authorisation is for (集成用户)."""
    app_id: str
    """The application (应用 ID)."""
    app_secret: str
    """Its secret (应用密钥)."""
    language: int = 2052
    """The language of what the site answers; 2052 is Chinese."""
    organisation: str = ""
    """The number of the organisation to work in (组织编码); the user's own if empty."""


class KingdeeFormSpec(Spec):
    """A CRM entity as a form (业务对象)."""

    form: Name
    """Its FormId, such as `BD_Customer`."""
    id: Name
    """The field of its internal id (内码), such as `FCUSTID`."""
    number: Name = "FNumber"
    """The field of its number (编码); `FBillNo` of documents."""
    fields: dict[str, Literal["text", "number", "boolean", "date", "datetime"]] = Field(
        default_factory=dict
    )
    """Column → what it holds; text where it is not named."""
    longest: dict[str, int] = Field(default_factory=dict)
    """Column → the most characters it takes."""
    required: tuple[str, ...] = ()
    """Columns that a new row must have a value of."""
    base_data: tuple[str, ...] = ()
    """Columns that hold numbers of base data (基础资料), such as FGroup: sent as `{FNumber: …}`."""
    relations: dict[str, Name] = Field(default_factory=dict)
    """Column → the CRM entity it points to, by that row's number."""
    constants: dict[str, str | dict[str, str]] = Field(default_factory=dict)
    """What every new row gets besides, such as `FCreateOrgId: {FNumber: "100"}`."""


class KingdeeTargetSpec(HttpTargetSpec):
    """Kingdee Cloud Galaxy (金蝶云星空), over its WebAPI.

    `url` is the site with its path, such as `https://erp.example.com/k3cloud/`. `external_id` names
    the field that holds the golden id: a text field of your own, or `FNumber` itself.
    """

    kind: Literal["kingdee"]
    """What it is."""
    login: KingdeeLoginSpec
    """How the program logs in."""
    entities: dict[str, KingdeeFormSpec]
    """CRM entity → its form."""
    submit: bool = False
    """Whether rows are submitted and audited once they are saved (提交、审核); one that is audited
    is un-audited before it is changed or deleted."""
    batch: int = Field(default=50, ge=1, le=500)
    """Rows of a `BatchSave`."""

    @model_validator(mode="after")
    def _logs_in(self) -> "KingdeeTargetSpec":
        if self.auth.method != "none":
            raise ValueError(
                "Kingdee logs in by `login`, not by `auth`: login: {account_set: …, user: …,"
                " app_id: '${KD_APP}', app_secret: '${KD_SECRET}'}"
            )
        if self.tables:
            raise ValueError("Kingdee's forms are named in `entities`: take out `tables`")
        return self
