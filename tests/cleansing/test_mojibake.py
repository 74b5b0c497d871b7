"""Text read with the wrong encoding, and text that only looks so."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing.mojibake import repair, repair_mojibake

SALADS = [
    ("涓婃捣", "上海"),  # UTF-8 read as GBK
    ("ä¸Šæµ·", "上海"),  # UTF-8 read as Windows-1252
    ("ÉÏº£", "上海"),  # GBK read as Latin-1
    ("Ã©tÃ©", "été"),
    ("FranÃ§ois", "François"),
    ("MÃ¼ller GmbH", "Müller GmbH"),
    ("Itâ€™s", "It’s"),
    ("Ã\x81rpÃ¡d", "Árpád"),
    ("ĞÑ€Ğ¾Ñ", "ĞÑ€Ğ¾Ñ"),  # Windows-1254 as well: not certain
]

SOUND = [
    "联通", "Müller", "François Élan", "娜娜", "浙江", "Ærø Åland", "CAFÉ»", "«ÉLÈVE»", "50 Â",
    "naïve café", "ÄÖÜ", "São Paulo", "Đà Nẵng", "Škoda", "東京都", "£100", "5°C",
]  # fmt: skip


@pytest.mark.parametrize(("salad", "meant"), SALADS)
def test_mojibake_is_repaired_when_it_is_certain(salad: str, meant: str) -> None:
    """What was read with the wrong encoding is read again with the right one."""
    assert repair_mojibake(pl.Series([salad])).to_list() == [meant]


@pytest.mark.parametrize("sound", SOUND)
def test_sound_text_is_never_repaired(sound: str) -> None:
    """What reads well stays as it is."""
    assert repair_mojibake(pl.Series([sound])).to_list() == [sound]


@pytest.mark.parametrize("name", ["José Ángel", "上海华腾科技有限公司", "Łódź", "Владимир"])
@pytest.mark.parametrize("wrong", ["latin-1", "cp1252", "gb18030"])
def test_a_whole_salad_comes_back_or_stays(name: str, wrong: str) -> None:
    """Nothing is made of a salad but the text it was."""
    try:
        salad = name.encode().decode(wrong)
    except UnicodeError:
        return
    assert repair(salad) in (name, salad)


@given(st.text())
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    """A repaired text is a fixed point, unless it was garbled twice."""
    once = repair(text)
    assert len(once) <= len(text)
