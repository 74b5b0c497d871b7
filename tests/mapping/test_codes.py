"""Code lists are files people keep by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiyi.errors import SpecError
from guiyi.spec import Project
from mapping import read_codes
from mapping.codes import _parse

Make = Callable[..., Project]
MAPPING = {"account": {"entity": "company", "fields": {"name": "name"}}}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("code,value\n1,open\n2,closed\n", {"1": "open", "2": "closed"}),
        ("value,code,note\nopen,1,first\n", {"1": "open"}),
        ("code,value\r\n 01 , 浙江 \r\n\r\n,\r\n", {"01": "浙江"}),
        ('code,value\n1,"a, b"\n', {"1": "a, b"}),
        ("code,value\nX,\n", {"X": None}),
        ("code,value\n", {}),
    ],
)
def test_a_code_list_is_read(make_project: Make, text: str, values: dict[str, str]) -> None:
    """Cells are trimmed, blank lines skipped, other columns ignored; a code may mean nothing."""
    assert read_codes(make_project(MAPPING, {"s": text}))["s"].values == values


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_saved_by_a_chinese_excel_is_read(make_project: Make, encoding: str) -> None:
    """UTF-8 with or without a mark, or GB18030."""
    project = make_project(MAPPING, {"s": "code,value\n"})
    (project.folder / "s.csv").write_bytes("code,value\n1,浙江省\n".encode(encoding))
    assert read_codes(project)["s"].values == {"1": "浙江省"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no column `code`"),
        ("kode,value\n1,2\n", 1, "did you mean `kode`?"),
        ("code,value,value\n", 1, "more than one column `value`"),
        ("code,value\n1,a\n2,b\n1,c\n", 4, "the code `1` is already on line 2"),
        ("code,value\n1,a,b\n", 2, "3 cells under 2 columns"),
        ("code,value\n,a\n", 2, "no code"),
        ('code,value\n1,"a\n', 2, "not CSV"),
    ],
)
def test_a_bad_code_list_is_named_by_file_and_line(
    make_project: Make, text: str, line: int, words: str
) -> None:
    """A duplicate, a missing column or a ragged line stops the run before it starts."""
    project = make_project(MAPPING, {"s": text})
    with pytest.raises(SpecError) as caught:
        read_codes(project)
    assert f"s.csv:{line}: " in str(caught.value)
    assert words in str(caught.value)


def test_a_missing_code_list_is_named_by_its_place_in_the_spec(make_project: Make) -> None:
    """The spec's line, not only the file that is not there."""
    project = make_project(MAPPING, {"s": "code,value\n"})
    (project.folder / "s.csv").unlink()
    with pytest.raises(SpecError, match=r"guiyi\.yaml:\d+: codes\.s: no such file"):
        read_codes(project)


WORD = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@given(st.dictionaries(WORD, WORD, max_size=8))
def test_every_distinct_code_is_kept(values: dict[str, str]) -> None:
    """Reading a list gives back exactly the pairs written."""
    text = "code,value\n" + "".join(f"{code},{value}\n" for code, value in values.items())
    assert _parse(Path("codes.csv"), text) == values
