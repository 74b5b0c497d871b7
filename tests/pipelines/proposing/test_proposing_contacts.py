"""What a source knows of its columns need not be guessed."""

from pathlib import Path

import yaml

from pipelines.files.reading import read_place
from pipelines.profiling.profile import profile_table
from pipelines.proposing.project import propose

NAMES = ("张伟", "王芳", "李娜")
CARD = """BEGIN:VCARD
FN:{name}
ORG:甲{n}科技有限公司
TEL;TYPE=CELL:1380013800{n}
TEL;TYPE=FAX:0755-8612345{n}
EMAIL:zhang{n}@jia.example
END:VCARD
"""


def test_columns_of_contacts_become_their_fields(tmp_path: Path) -> None:
    """Of a mailbox, message ids are no e-mail addresses; of a card, the fax is no phone."""
    (tmp_path / "mail").mkdir()
    for n in range(3):
        (tmp_path / "mail" / f"{n}.eml").write_text(
            f"From: zhang{n}@jia.example\nMessage-ID: <{n}@jia.example>\n\n"
            f"--\n{NAMES[n]}\n甲{n}科技有限公司\n手机：1380013800{n}\n",
            "utf-8",
        )
    (tmp_path / "cards.vcf").write_text(
        "".join(CARD.format(n=n, name=NAMES[n]) for n in range(3)), "utf-8"
    )
    places = [str(tmp_path / "mail"), str(tmp_path / "cards.vcf")]
    spec = yaml.safe_load(propose(places, tmp_path)["guiyi.yaml"])
    for source in spec["sources"].values():
        company, person = source["tables"]
        assert company["columns"]["name"] == "company"
        assert person["columns"]["name"] == "name"
        assert person["columns"]["email"] == "email"
        used = {
            c
            for t in source["tables"]
            for cs in t["columns"].values()
            for c in (cs if isinstance(cs, list) else [cs])
        }
        assert not {"fax", "message_ids", "origins", "messages"} & used
        assert {"fax", "message_ids", "origins"} <= set(company["ignore"])


def test_a_profile_believes_the_source(tmp_path: Path) -> None:
    """A name on a vCard is a person's, whatever three names alone look like."""
    cards = tmp_path / "cards.vcf"
    cards.write_text("".join(CARD.format(n=n, name="Royal Apple") for n in range(3)), "utf-8")
    table = read_place(str(cards))
    profile = profile_table(table.name, table.rows, table.damage, table.info)
    kinds = {column.column: column.kind.value for column in profile.columns}
    assert (kinds["name"], kinds["company"]) == ("person_name", "company_name")
    assert list(kinds) == table.data.columns
