"""Commands on files of one's own: nothing replaced, nothing unsaid, in one's language."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from benchmarks.companies import customers
from guiyi.errors import GuiyiError
from guiyi.messages import Message, at_place, localised
from pipelines.cli.main import cli
from pipelines.profiling.lines import width

SHEET = "客户名称,联系电话\n深圳市腾飞电子有限公司,0755-88881234\n广州白云公司,020-33334444\n"


def run(*arguments: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def refused(*arguments: object) -> str:
    """Run a command that must be refused; what it says."""
    error = run(*arguments).exception
    assert isinstance(error, GuiyiError)
    return str(error)


def test_profile_speaks_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Headings, evidence and notes are Chinese, on the terminal and on the page."""
    monkeypatch.setenv("GUIYI_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "200")
    file, page = tmp_path / "kehu.csv", tmp_path / "p.html"
    file.write_text(SHEET, encoding="gb18030")
    shown = run("profile", file, "--why", "--html", page).output
    html = page.read_text(encoding="utf-8")
    for text in (shown, html):
        assert "列名相符" in text
        assert "编码 gb18030" in text
        assert not re.search(r"header agrees|distinct|repeated|confidence", text)
    assert "改写为标准格式" in html


def test_profile_prints_a_line_a_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eighty columns are enough for any header and pattern; the evidence is told where asked."""
    monkeypatch.setenv("COLUMNS", "80")
    file = tmp_path / "a.csv"
    columns = [
        "客户公司的完整中文名称（工商登记）",
        "a long header, the fourth of its kind",
        "电话",
    ]
    rows = [f"深圳华腾{n}有限公司,x{n}-{'ab-' * 20},138001380{n:02}" for n in range(20)]
    file.write_text("\n".join([",".join(f'"{c}"' for c in columns), *rows]) + "\n")
    lines = run("profile", file).output.splitlines()
    assert [line for line in lines if width(line) > 80] == []
    assert [line.split()[0][:3] for line in lines[2:5]] == ["客户公", "a", "电话"]
    assert "agrees" not in "".join(lines)
    why = run("profile", file, "--why").output.splitlines()
    assert len(why) == len(lines) + 3
    assert "the header agrees" in why[3]


def test_notes_are_told_once(tmp_path: Path) -> None:
    """What a source says and what is counted again is one line."""
    file = tmp_path / "a.csv"
    file.write_text("name,phone\nAnn Lee,1\nBob Ray,2,3,4\n")
    told = [line for line in run("profile", file).output.splitlines() if "ragged" in line]
    assert told == ["  unreadable: ragged row: 1"]


def test_clean_says_what_could_not_be_read(tmp_path: Path) -> None:
    """A line cut off at reading is told beside what was cleaned."""
    file = tmp_path / "a.csv"
    file.write_text(f"name,note\nAnn Lee,{'x' * 3_000_000}\nBob Ray,y\n")
    out = tmp_path / "b.csv"
    assert "unreadable: line too long: 1 (rows 2)" in run("clean", file, "--out", out).output
    told = json.loads(run("clean", file, "--out", out, "--json").output)
    assert told["damage"] == {"unreadable: line too long": 1}


def test_clean_never_replaces_its_source(tmp_path: Path) -> None:
    """Raw values stay what they were."""
    file = tmp_path / "a.csv"
    file.write_text("name,phone\nAnn Lee,(415) 555-0132\n")
    assert "would replace" in refused("clean", file, "--out", tmp_path / "." / "a.csv")
    assert file.read_text() == "name,phone\nAnn Lee,(415) 555-0132\n"


def test_link_of_files_without_a_common_column_is_refused(tmp_path: Path) -> None:
    """No link is no answer where nothing was compared."""
    (tmp_path / "a.csv").write_text("name\nAnn Lee\nBob Ray\n")
    (tmp_path / "b.csv").write_text("备注\n李安\n王波\n")
    said = refused("link", tmp_path / "a.csv", tmp_path / "b.csv", "--out", tmp_path / "o")
    assert "no column in common" in said
    assert "name | 备注" in said


def test_a_truth_with_fewer_rows_is_refused(tmp_path: Path) -> None:
    """The truth of another table gives no measure."""
    (tmp_path / "clusters.csv").write_text("row,cluster_id\n0,0\n1,1\n2,2\n")
    (tmp_path / "truth.csv").write_text("who\na\nb\n")
    said = refused("evaluate", tmp_path, "--truth", tmp_path / "truth.csv", "--column", "who")
    assert "the truth has 2 rows, and clusters.csv counts 3" in said


@pytest.mark.parametrize(
    ("clusters", "truth", "said"),
    [
        ("row,cluster_id\n0,0\n1,1\n", "who,name\n,a\n,b\n", "the column `who` is empty"),
        ("row,cluster_id\nx,y\n", "who\na\nb\n", "not a table of clusters"),
        ("row,cluster_id\n\x00\n", "who\na\nb\n", "not a table of clusters"),
        ("", "who\na\nb\n", "not a table of clusters"),
        ("a,b\n0,0\n", "who\na\nb\n", "no column cluster_id, row"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(
    clusters: str, truth: str, said: str, tmp_path: Path
) -> None:
    """An empty truth measures nothing, and a file that is no table of clusters is told as such."""
    (tmp_path / "clusters.csv").write_text(clusters)
    (tmp_path / "truth.csv").write_text(truth)
    place = tmp_path / "truth.csv"
    assert said in refused("evaluate", tmp_path, "--truth", place, "--column", "who")


def test_a_spec_of_other_columns_is_refused(tmp_path: Path) -> None:
    """A misspelt field is named; it is not that nothing could be compared."""
    (tmp_path / "a.csv").write_text("name,phone\nAnn Lee,1\nBob Ray,2\n")
    (tmp_path / "spec.yaml").write_text("fields: {nme: person_name, phone: phone}\n")
    spec, out = tmp_path / "spec.yaml", tmp_path / "o"
    said = refused("dedupe", tmp_path / "a.csv", "--spec", spec, "--out", out, "--quiet")
    assert "no column `nme` — did you mean `name`?" in said
    assert not any(out.iterdir())


def test_link_says_why_nothing_was_linked(tmp_path: Path) -> None:
    """One weak column is told, on the terminal and for machines."""
    file = tmp_path / "a.csv"
    file.write_text("name\n" + "Ann Lee\nBob Ray\n" * 20)
    told = run("link", file, file, "--out", tmp_path / "o", "--quiet").output
    assert "too few different values to distinguish 80 records" in told
    asked = run("link", file, file, "--out", tmp_path / "o", "--quiet", "--json").output
    assert len(json.loads(asked)["notes"]) == 1


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            Message(
                "{entity}: {note}",
                entity="company",
                note=Message(
                    "{field}: all values are the same, so it is not compared", field="uscc"
                ),
            ),
            "company：uscc：从不变化，没有鉴别力",
        ),
        (
            Message("{problem}: {count}", problem=Message("skipped: title row"), count=1),
            "已略过：标题行：1",
        ),
        (
            Message(
                "{why}; the header agrees",
                why=Message("{distinct} different values in {present} rows", distinct=2, present=7),
            ),
            "7 行中有 2 个不同的值；列名相符",
        ),
        (Message("cannot write `{suffix}`", suffix=""), "不能写 ``"),
        (
            at_place(
                "match.match_at",
                Message(
                    "`{value}` is not a probability: give a number from 0 to 1, "
                    "as {share:g} for {percent:g} %, or auto",
                    value=95,
                    share=0.95,
                    percent=95.0,
                ),
            ),
            "match.match_at：`95` 不是概率：请写 0 到 1 之间的数（95% 写作 0.95），或 auto",
        ),
    ],
)
def test_sentences_made_of_others_are_translated_whole(english: str, chinese: str) -> None:
    """A field's name before, a count behind, an order of its own: none is in the way."""
    assert localised(english, "zh") == chinese


def test_dedupe_says_what_could_not_be_read(tmp_path: Path) -> None:
    """Lines that do not split are named, on the terminal and for machines, and stay rows."""
    file = tmp_path / "a.csv"
    file.write_text("name,phone\nAnn Lee,1\nBob Ray,2,3,4\nCat Moe,5\n")
    told = run("dedupe", file, "--out", tmp_path / "o", "--quiet").output
    assert "· a.csv: unreadable: ragged row: 1 (rows 3), kept" in told
    asked = run("dedupe", file, "--out", tmp_path / "o", "--quiet", "--json").output
    (found,) = json.loads(asked)["damage"]
    assert (found["count"], found["rows"]) == (1, [3])
    assert json.loads(asked)["rows"] == 3


def test_an_index_that_is_kept_has_every_record(tmp_path: Path) -> None:
    """Nothing was looked up, so the last line does not say that nothing was found."""
    file = tmp_path / "kehu.csv"
    file.write_text(SHEET, encoding="utf-8")
    told = run("lookup", file, "--save", tmp_path / "index").stderr
    assert re.search(r"2 → 2\b", told)


def test_recordlinkage_judges_where_it_is_asked_to(tmp_path: Path) -> None:
    """The same files are written, the report among them; a model to keep is refused."""
    customers(120, 1).drop("entity").write_csv(tmp_path / "firms.csv")
    asked = ["dedupe", tmp_path / "firms.csv", "--engine", "recordlinkage", "--out", tmp_path / "o"]
    assert "Judged by recordlinkage" in run(*asked).output
    there = {file.name for file in (tmp_path / "o").iterdir()}
    assert {"clusters.csv", "pairs.parquet", "golden.csv", "members.csv", "report.html"} <= there
    assert "fits anew" in refused(*asked, "--save-model", tmp_path / "model.json")
