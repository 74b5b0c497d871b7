"""Pictures of business cards become contacts, each field with its confidence."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources.card import CardSource
from connectors.sources.card.fields import read_card
from connectors.sources.card.layout import CardLine, lines
from connectors.sources.card.picture import Box
from guiyi.errors import SourceError
from tests.examples import examples

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def box(text: str, left: float, top: float, height: float = 30, confidence: float = 1.0) -> Box:
    return Box(text, confidence, left, top, left + height * len(text), top + height)


def test_pieces_side_by_side_are_a_line() -> None:
    """A line is read from left to right; what stands apart on it stays apart."""
    pieces = [
        box("销售总监", 300, 105, 20),
        box("张三", 60, 90, 50),
        box("甲公司", 60, 20),
        box("手机：138", 60, 200),
        box("00138000", 60 + 6 * 30 + 5, 202),
    ]
    assert [line.text for line in lines(pieces)] == [
        "甲公司",
        "张三   销售总监",
        "手机：138 00138000",
    ]


def test_a_line_is_as_sure_as_its_least_sure_piece() -> None:
    """One piece read badly makes its line doubtful, and no other."""
    pieces = [box("张三", 0, 0, 30, 0.99), box("经理", 300, 0, 30, 0.6), box("甲公司", 0, 90)]
    assert [line.confidence for line in lines(pieces)] == [0.6, 1.0]


def test_a_field_is_as_sure_as_its_lines() -> None:
    """A card's fields take the confidence of what they were read from."""
    card = read_card(
        [
            CardLine("甲科技有限公司", 0.99),
            CardLine("张三   经理", 0.8),
            CardLine("电话：0755-86123456", 0.97),
            CardLine("诚信为本，客户至上。", 0.99),
        ]
    )
    assert card.values == {
        "company": "甲科技有限公司", "name": "张三", "title": "经理", "phone": "0755-86123456",
    }  # fmt: skip
    assert card.confidence == {"company": 0.99, "name": 0.8, "title": 0.8, "phone": 0.97}
    assert card.unread == 1


@pytest.mark.parametrize(
    ("line", "field"),
    [("手机：1380013800", "mobile"), ("手机：138001380001", "mobile"), ("电话：86123", "phone")],
)
def test_a_value_of_the_wrong_shape_is_never_sure(line: str, field: str) -> None:
    """A digit lost or doubled is doubtful, however surely the rest was read."""
    assert read_card([CardLine("张三", 1.0), CardLine(line, 1.0)]).confidence[field] <= 0.5


@settings(deadline=None, max_examples=examples(60))
@given(st.lists(st.builds(box, st.text("张a1：@", min_size=1, max_size=5),
                          st.floats(0, 900), st.floats(0, 600), st.floats(1, 80))))  # fmt: skip
def test_no_piece_of_a_card_is_lost(pieces: list[Box]) -> None:
    """However pieces lie, each stands in one line."""
    text = "".join("".join(line.text.split()) for line in lines(pieces))
    assert sorted(text) == sorted("".join(piece.text for piece in pieces))


def test_without_the_extra_the_command_is_named(
    tmp_path: Path, read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has not installed the OCR engine is told how."""
    from connectors.sources.card import picture

    picture._loaded.cache_clear()
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(SourceError) as caught:
        read(CardSource(tmp_path))
    assert "pip install 'guiyi[ocr]'" in str(caught.value.hint)


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    """A folder that holds no picture is a mistake of the spec."""
    with pytest.raises(SourceError, match="no picture"):
        CardSource(tmp_path)


def drawn(path: Path, rows: list[tuple[str, int, int, int]], size: tuple[int, int]) -> None:
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for text, left, top, height in rows:
        pen.text((left, top), text, "black", ImageFont.truetype(str(NOTO), height, index=2))
    picture.save(path)


@pytest.fixture
def _engine() -> None:
    pytest.importorskip("rapidocr", reason="needs the extra guiyi[ocr]")
    if not NOTO.exists():
        pytest.skip("no Chinese font to draw with: apt install fonts-noto-cjk")


@pytest.mark.usefixtures("_engine")
def test_a_chinese_card_is_read(tmp_path: Path, read: Reader) -> None:
    """A drawn Chinese card comes out as it was written, every field sure."""
    drawn(tmp_path / "a.png", [
        ("深圳市华星科技有限公司", 40, 30, 34), ("张 三", 40, 120, 50), ("销售总监", 220, 142, 26),
        ("手机：13800138000", 40, 230, 24), ("传真：0755-86123457", 40, 270, 24),
        ("zhangsan@huaxing.example", 40, 310, 24),
    ], (700, 370))  # fmt: skip
    rows, damage = read(CardSource(tmp_path / "a.png"))
    card = rows.row(0, named=True)
    wanted = {"name": "张三", "title": "销售总监", "company": "深圳市华星科技有限公司",
              "mobile": "13800138000", "fax": "0755-86123457",
              "email": "zhangsan@huaxing.example"}  # fmt: skip
    assert {name: card[name] for name in wanted} == wanted
    assert min(json.loads(card["confidence"]).values()) >= 0.95
    assert damage.height == 0


@pytest.mark.usefixtures("_engine")
def test_what_is_no_card_is_a_row(tmp_path: Path, read: Reader) -> None:
    """A blank picture, a bomb and a broken file are rows, refused, and harm no other."""
    from PIL import Image

    drawn(tmp_path / "1 blank.png", [], (60, 60))
    Image.new("1", (20_000, 20_000)).save(tmp_path / "2 bomb.png")
    (tmp_path / "3 broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a picture")
    rows, damage = read(CardSource(tmp_path))
    assert rows.height == 3
    assert damage.select("_row", "problem").rows() == [
        (1, "unreadable: empty card"),
        (2, "unreadable: not a picture"),
        (3, "unreadable: not a picture"),
    ]
