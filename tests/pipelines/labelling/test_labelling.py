"""A labelling session: what is asked, what is kept, and what an interruption cannot undo."""

import csv
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from guiyi.errors import GuiyiError, SourceError
from guiyi.spec import EntitySpec, MatchSpec
from pipelines.dedupe.evaluating import evaluate_labels
from pipelines.dedupe.matched import Matched, take_up
from pipelines.dedupe.run import dedupe
from pipelines.files.reading import read_places
from pipelines.labelling.asking import Answer, Asked, Labelling
from pipelines.labelling.labels_file import as_table, read_labels, write_labels

SYLLABLES = "ba do fi gu ka le mo nu pa re si tu va wo ze".split()  # noqa: SIM905


def silent(what: str, done: int, total: int | None) -> None:
    """Watch without a word."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file of people who are in it twice, one row after the other."""
    draw = np.random.default_rng(2)
    lines = ["name,key,mail,phone"]
    for who in range(120):
        given, family = ("".join(map(str, draw.choice(SYLLABLES, n))) for n in (2, 3))
        phone = f"0301{draw.integers(10**6, 10**7)}"
        lines.append(f"{given} {family},K{who},{given}.{family}@mail.net,{phone}")
        lines.append(f"{given} {family},L{who},{given}@mail.net,{phone if who % 2 else ''}")
    place = tmp_path_factory.mktemp("people") / "people.csv"
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(place)


@pytest.fixture(scope="module")
def matched(file: str) -> Matched:
    """The file, matched and ready to be asked about."""
    return take_up((file,), None, None, silent)


class Script:
    """A person who answers from a list, and with the truth when it is used up."""

    def __init__(self, *answers: Answer | type[BaseException]) -> None:
        self.answers = list(answers)
        self.seen: list[Asked] = []

    def answer(self, asked: Asked) -> Answer:
        self.seen.append(asked)
        if not self.answers:
            same = asked.pair["row_l"] // 2 == asked.pair["row_r"] // 2
            return Answer.YES if same else Answer.NO
        following = self.answers.pop(0)
        if isinstance(following, type):
            raise following
        return following


def kept(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs_of(rows: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(row["left"], row["right"]) for row in rows]


def test_every_answer_is_kept_with_its_pair(matched: Matched, tmp_path: Path) -> None:
    """Each answer is a line with record keys, rows, the answer and why it was asked."""
    out = tmp_path / "labels.csv"
    person = Script(Answer.YES, Answer.NO, Answer.UNSURE)
    session = Labelling(matched, out, 1).ask(person, 3)
    assert (session.answered, session.matches, session.others, session.unsure) == (3, 1, 1, 1)
    rows = kept(out)
    assert [row["match"] for row in rows] == ["true", "false", ""]
    assert pairs_of(rows) == [(a.pair["left"], a.pair["right"]) for a in person.seen]
    assert all(row["left"].startswith("people.csv:") for row in rows)
    assert [int(row["row_l"]) for row in rows] == [a.pair["row_l"] for a in person.seen]


def test_a_pair_is_shown_with_the_values_as_they_came(matched: Matched, tmp_path: Path) -> None:
    """Both records are shown whole, a column called `key` like any other."""
    person = Script()
    Labelling(matched, tmp_path / "labels.csv", 1).ask(person, 1)
    asked = person.seen[0]
    assert {"name", "key", "mail", "phone"} <= set(asked.left)
    assert asked.left["key"][0] in "KL"
    assert asked.left["record_id"] == asked.pair["left"]


def test_an_interruption_loses_nothing(matched: Matched, tmp_path: Path) -> None:
    """Whatever was answered before Ctrl-C is in the file, whole."""
    out = tmp_path / "labels.csv"
    with pytest.raises(KeyboardInterrupt):
        Labelling(matched, out, 1).ask(Script(Answer.YES, Answer.NO, KeyboardInterrupt), 10)
    assert [row["match"] for row in kept(out)] == ["true", "false"]
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]


def test_a_session_is_taken_up_again(matched: Matched, tmp_path: Path) -> None:
    """A second session asks about other pairs and adds to the file."""
    out = tmp_path / "labels.csv"
    Labelling(matched, out, 1).ask(Script(), 12)
    first = kept(out)
    session = Labelling(matched, out, 1).ask(Script(), 12)
    assert (session.answered, session.kept) == (12, 24)
    rows = kept(out)
    assert rows[:12] == first
    assert len(set(pairs_of(rows))) == 24


def test_back_takes_the_last_answer_back(matched: Matched, tmp_path: Path) -> None:
    """After `back` the same pair is asked again, and only the second answer is kept."""
    out = tmp_path / "labels.csv"
    person = Script(Answer.YES, Answer.BACK, Answer.NO, Answer.QUIT)
    session = Labelling(matched, out, 1).ask(person, 10)
    assert (session.answered, session.matches, session.others) == (1, 0, 1)
    assert person.seen[0].pair == person.seen[2].pair
    assert [row["match"] for row in kept(out)] == ["false"]


def test_back_before_the_first_answer_does_nothing(matched: Matched, tmp_path: Path) -> None:
    """There is nothing to take back at first, nor from an earlier session."""
    out = tmp_path / "labels.csv"
    Labelling(matched, out, 1).ask(Script(), 2)
    Labelling(matched, out, 1).ask(Script(Answer.BACK, Answer.BACK, Answer.QUIT), 10)
    assert len(kept(out)) == 2


def test_a_session_ends_when_every_pair_is_answered(matched: Matched, tmp_path: Path) -> None:
    """No pair is asked twice, however many answers are wanted."""
    few = Matched(matched.pairs.head(7), matched.records, matched.model, matched.document)
    session = Labelling(few, tmp_path / "labels.csv", 1).ask(Script(), 100)
    assert session.answered == 7


def test_other_columns_of_the_file_are_kept(matched: Matched, tmp_path: Path) -> None:
    """Labels that somebody else wrote, with columns of their own, stay as they are."""
    out = tmp_path / "labels.csv"
    left, right = matched.pairs.select("left", "right").row(0)
    out.write_text(f"left,right,match,by\n{left},{right},Yes,Ann\n", encoding="utf-8")
    person = Script()
    Labelling(matched, out, 1).ask(person, 5)
    rows = kept(out)
    assert (rows[0]["by"], rows[0]["match"]) == ("Ann", "true")
    assert (left, right) not in pairs_of(rows[1:])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("left,right\na:1,a:2\n", "no column `match`"),
        ("a,b,match\n1,2,true\n", "do not name their pairs"),
        ("left,right,match\na:1,a:2,true\na:1,a:3,perhaps\n", "csv:3: `match` is neither"),
        ("row_l,row_r,match\n1,x,true\n", "csv:2: `row_r` is not a row number"),
    ],
)
def test_a_file_that_holds_no_labels_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """What is wrong is said with its line, and never with the value."""
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=said) as error:
        read_labels(path)
    assert "perhaps" not in str(error.value)


def test_labels_are_written_and_read_alike(tmp_path: Path) -> None:
    """What is written comes back, and the table names pairs by key where all rows have one."""
    rows = [{"left": "a:1", "right": "a:2", "row_l": "0", "row_r": "1", "match": "true"}]
    path = tmp_path / "labels.csv"
    write_labels(path, rows)
    back = read_labels(path)
    assert as_table(back).columns == ["left", "right", "match"]
    assert as_table(back, by_row=True).rows() == [(0, 1, "true")]
    assert as_table([{"row_l": "4", "row_r": "5", "match": ""}]).rows() == [(4, 5, None)]


@pytest.fixture(scope="module")
def deduped(file: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished dedup of the file."""
    out = tmp_path_factory.mktemp("deduped") / "out"
    dedupe(read_places([file]), out, None, MatchSpec(), silent)
    return out


def test_a_finished_dedup_can_be_asked_about(
    matched: Matched, deduped: Path, tmp_path: Path
) -> None:
    """The folder of a dedup brings the same pairs, keys and questions as its files do."""
    again = take_up((str(deduped),), None, None, silent)
    assert again.pairs.select("left", "right").equals(matched.pairs.select("left", "right"))
    sessions = []
    for n, one in enumerate((matched, again)):
        Labelling(one, tmp_path / f"{n}.csv", 1).ask(Script(), 15)
        sessions.append(pairs_of(kept(tmp_path / f"{n}.csv")))
    assert sessions[0] == sessions[1]


def test_a_dedup_by_a_spec_is_asked_about_by_its_fields(file: str, tmp_path: Path) -> None:
    """Columns have the names of its fields, and two of its fields stay two, as in the dedup."""
    people = pl.read_csv(file, infer_schema=False)
    places = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    people[::2].rename({"name": "Full Name", "mail": "Mail"}).write_csv(places[0])
    people[1::2].rename({"name": "full_name"}).write_csv(places[1])
    fields = {"full_name": "person_name", "phone": "phone", "mail": "email", "Mail": "email"}
    out = tmp_path / "out"
    dedupe(
        read_places(places),
        out,
        EntitySpec.model_validate({"fields": fields}),
        MatchSpec(),
        silent,
    )
    asked = take_up((str(out),), None, None, silent)
    assert set(asked.records.columns) == {"record_id", "key", *fields}
    assert asked.records["full_name"].null_count() == 0


def test_labels_evaluate_a_dedup(matched: Matched, deduped: Path, tmp_path: Path) -> None:
    """Labels of one session measure the folder of a dedup."""
    out = tmp_path / "labels.csv"
    Labelling(matched, out, 1).ask(Script(), 60)
    evaluation = evaluate_labels(deduped, out)
    assert evaluation.counts["labelled"] == 60
    assert evaluation.pairwise.precision.value is not None
    assert evaluation.pairwise.precision.value > 0.9


def test_labels_by_row_only_teach_a_dedup(file: str, tmp_path: Path) -> None:
    """Labels may come from elsewhere, naming rows as clusters.csv counts them."""
    from guiyi.spec import MatchSpec
    from pipelines.dedupe.run import dedupe
    from pipelines.files.reading import read_places
    from pipelines.labelling.teaching import Teaching

    lines = ["row_l,row_r,match"]
    lines += [f"{2 * who},{2 * who + 1},true" for who in range(20)]
    lines += [f"{2 * who},{2 * who + 2},false" for who in range(20)]
    labels, model = tmp_path / "labels.csv", tmp_path / "kept.json"
    labels.write_text("\n".join(lines) + "\n", encoding="utf-8")
    teaching = Teaching(labels, None, model)
    outcome = dedupe(read_places([file]), tmp_path / "out", None, MatchSpec(), silent, teaching)
    assert outcome.labels is not None
    assert outcome.labels["labels"] == 40
    document = json.loads(model.read_text(encoding="utf-8"))
    assert document["labels"]["matches"] == 20
    again = dedupe(
        read_places([file]), tmp_path / "again", None, MatchSpec(), silent, Teaching(None, model)
    )
    assert again.clusters == outcome.clusters
    first, second = (pl.read_parquet(tmp_path / n / "pairs.parquet") for n in ("out", "again"))
    assert first.equals(second)


def test_paths_of_a_spec_start_from_its_folder(tmp_path: Path) -> None:
    """`match.labels` and `match.model` are found beside the spec; the command line comes first."""
    from guiyi.spec import MatchSpec
    from pipelines.labelling.teaching import Teaching

    declared = Teaching.of(MatchSpec(labels="labels.csv"), tmp_path)
    assert declared.labels == tmp_path / "labels.csv"
    assert declared.overridden(None, Path("m.json"), None) == Teaching(None, Path("m.json"), None)
    assert declared.overridden(None, None, Path("s.json")).labels == tmp_path / "labels.csv"
    with pytest.raises(GuiyiError, match="does not learn"):
        declared.overridden(Path("l.csv"), Path("m.json"), None)
    with pytest.raises(GuiyiError, match="no such file"):
        declared.read_labels()


def test_a_project_wants_labels_by_key(tmp_path: Path) -> None:
    """A project's records have no lasting rows, so labels by row are refused."""
    from pipelines.labelling.teaching import Teaching

    path = tmp_path / "labels.csv"
    path.write_text("row_l,row_r,match\n0,1,true\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no permanent row numbers"):
        Teaching(path).read_labels()


def test_files_without_likeness_have_nothing_to_ask(tmp_path: Path) -> None:
    """Where no two records are alike, that is said in one line."""
    file = tmp_path / "one.csv"
    file.write_text("name\nAnna\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no two records are alike"):
        take_up((str(file),), None, None, silent)
