"""A customer that is there is found, however it is typed; one that only resembles it is not."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result

from cleansing import clean_values
from governance import open_ledger
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from pipelines.finding import CustomerFinder

Guiyi = Callable[..., Result]
LANTIAN = "苏州蓝天机械有限责任公司"

COMPANIES = [
    ({"name": "苏州蓝天机械有限公司"}, "match", LANTIAN),
    ({"name": "蘇州藍天機械有限公司", "phone": "0512 6500 1234"}, "match", LANTIAN),
    ({"name": "无锡长江贸易有限责任公司"}, "match", "无锡長江貿易有限公司"),
    ({"name": "苏州蓝天机械有限公司", "phone": "0512-65001243"}, "match", LANTIAN),
    ({"name": "苏州蓝天机械有限公司昆山分公司"}, "match", "苏州蓝天机械有限公司昆山分公司"),
    ({"name": "苏州蓝海机械有限公司"}, "match", "苏州蓝海机械有限公司"),
    ({"name": "苏州兰天机械有限公司"}, "possible", None),
    ({"name": "苏州蓝田机械有限公司"}, "possible", None),
    ({"name": "苏州蓝田机械有限公司", "phone": "0512-61230000", "address": "苏州市姑苏区人民路5号"},
     "none", None),
    ({"name": "苏州蓝天机械有限公司常熟分公司"}, "none", None),
    ({"name": "苏州蓝天机械有限公司常熟分公司", "phone": "0512-52889900"}, "none", None),
    ({"name": "南京蓝天机械有限公司"}, "none", None),
    ({"name": "无锡长江商贸有限公司"}, "none", None),
]  # fmt: skip
PERSONS = [
    ({"name": "王小明"}, "possible"),
    ({"name": "王小明", "firm": "苏州蓝天机械有限公司"}, "match"),
    ({"name": "王小明", "mobile": "138 6123 7742"}, "match"),
    ({"name": "王晓明", "firm": "苏州蓝天机械有限公司"}, "possible"),
    ({"name": "王小明", "firm": "无锡长江贸易有限公司", "mobile": "13900001111"}, "none"),
    ({"name": "李雷", "firm": "苏州蓝天机械有限公司"}, "none"),
]


def test_customers_are_told_from_those_that_resemble_them(run_once: Path) -> None:
    """Script and legal form do not matter; a branch is not its parent, 兰天 is not called 蓝天, a
    namesake at another firm is another, and a person's name alone is never sure.
    """
    with CustomerFinder.of(run_once) as finder:
        for record, verdict, name in COMPANIES:
            answer = finder.find("company", record)
            assert (record, answer.verdict) == (record, verdict)
            if name is not None:
                assert answer.customers[0].values["name"] == name
        for record, verdict in PERSONS:
            assert (record, finder.find("person", record).verdict) == (record, verdict)


def _key(name: str) -> str | None:
    key: str | None = clean_values(pl.Series([name]), Kind.COMPANY_NAME)["key"][0]
    return key


def test_the_same_name_key_is_no_better(run_once: Path) -> None:
    """A look-up by the comparison key of the name tells firms apart no better, and finds nobody
    whose name was typed with a slip but whose telephone is right.
    """
    with CustomerFinder.of(run_once) as finder, open_ledger(folder=run_once) as ledger:
        images = ledger.golden_fields("company")["fields"]
        golden = [json.loads(image) for image in images]
        keys = {_key(own["name"]) for own in golden}
        ours = dumb = 0
        for own in golden[:40]:
            if own["phone"] is None:
                continue
            name = own["name"]
            slipped = name[:2] + name[3] + name[2] + name[4:]
            asked = {"name": slipped, "phone": own["phone"]}
            found = finder.find("company", asked).customers
            ours += bool(found) and found[0].verdict != "none" and found[0].values["name"] == name
            dumb += _key(slipped) in keys
        for record, verdict, _ in COMPANIES:
            ours += finder.find("company", record).verdict == verdict
            dumb += (_key(record["name"]) in keys) == (verdict == "match")
    assert ours > dumb


def test_a_former_telephone_still_finds_the_customer(run_once: Path) -> None:
    """The golden record has one telephone; the records it is made of have others."""
    with CustomerFinder.of(run_once) as finder:
        one = finder.find("company", {"phone": "0512-65001234"}).customers[0]
        other = finder.find("company", {"phone": "13861237742"}).customers[0]
    assert one.golden_id == other.golden_id
    assert one.sources == ("erp", "fair")


def test_the_command_says_by_its_exit_code_what_it_found(project: Path, guiyi: Guiyi) -> None:
    """0 nobody, 1 somebody, 3 perhaps; values of masked kinds are masked."""
    for name, code in (("苏州蓝天机械", 1), ("苏州兰天机械", 3), ("某某不存在", 0)):
        found = guiyi("find", project, "--entity", "company", "--field", f"name={name}有限公司")
        assert found.return_value == code, found.output
    shown = guiyi(
        "find", project, "--entity", "company", "--record", '{"phone": "0512-65001234"}', "--json"
    )
    customer = json.loads(shown.output)["customers"][0]
    assert "65001234" not in shown.output
    assert customer["values"]["name"] == "苏州蓝天机械有限责任公司"
    assert customer["reasons"]
    assert customer["since"]


def test_an_unmasked_look_is_written_down(project: Path, guiyi: Guiyi) -> None:
    """Who has seen which customers; a masked one leaves nothing."""
    words = ("find", project, "--entity", "company", "--field", "name=苏州蓝天机械有限公司")
    with open_ledger(folder=project) as ledger:
        before = ledger.audit_trail().height
        guiyi(*words)
        assert ledger.audit_trail().height == before
        assert "+8651265001234" in guiyi(*words, "--unmasked", "--who", "李雷").output
        entry = ledger.audit_trail().row(-1, named=True)
    assert (entry["action"], entry["who"]) == ("read.unmasked", "李雷")
    assert "蓝天" not in entry["details"]


def test_many_are_found_from_a_file(project: Path, guiyi: Guiyi) -> None:
    """Each row is answered; the exit code is that of the surest."""
    file, out = project / "new.csv", project / "found.csv"
    file.write_text(
        "name,note\n苏州蓝天机械有限公司,x\n某某不存在有限公司,y\n,z\n", encoding="utf-8"
    )
    found = guiyi("find", project, "--entity", "company", "--file", file, "--out", out)
    assert found.return_value == 1, found.output
    table = pl.read_csv(out)
    assert table["verdict"].to_list() == ["match"]


def test_a_customer_is_shown_by_its_id_or_record(project: Path, guiyi: Guiyi) -> None:
    """Followed to the one that lives."""
    found = guiyi("find", project, "--id", "fair:fair/F1", "--json")
    assert json.loads(found.output)["values"]["name"] == "苏州蓝天机械有限责任公司"


def test_what_cannot_be_asked_is_refused(run_once: Path, guiyi: Guiyi) -> None:
    """An unknown field or entity, an empty record, two ways at once."""
    with CustomerFinder.of(run_once) as finder:
        for entity, record in (("firm", {"name": "x"}), ("company", {"nme": "x"}), ("company", {})):
            with pytest.raises(SpecError):
                finder.find(entity, record)
    both = guiyi("find", run_once, "--entity", "company", "--field", "name=x", "--id", "y")
    assert isinstance(both.exception, SpecError)
