"""Text read with the wrong encoding, and text that only looks so."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing.divisions import divisions
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
    ("ÉîÛÚ", "深圳"),
    ("ÉîÛÚÊÐÄÏÉ½Çø¿Æ¼¼Â·1ºÅ", "深圳市南山区科技路1号"),
    ("娣卞湷", "深圳"),
    ("娣卞湷甯傚疂瀹夊尯 Acme Ltd.", "深圳市宝安区 Acme Ltd."),
    ("鈥滄繁鍦斥€�", "鈥滄繁鍦斥€�"),  # a byte is lost
    ("ÙñÖÝ", "亳州"),
    ("¶«Ý¸ÊÐ", "东莞市"),
    ("M眉ller", "Müller"),  # UTF-8 read as GBK
    ("Fran莽ois Dupr茅", "François Dupré"),
    ("M黮ler", "Müller"),  # Latin-1 read as GBK
    ("袙谢邪写懈屑懈褉", "Владимир"),
    ("FranÃƒÂ§ois", "François"),  # twice
    ("ĞÑ€Ğ¾Ñ", "ĞÑ€Ğ¾Ñ"),  # Windows-1254 as well: not certain
]

SOUND = [
    "联通", "Müller", "François Élan", "娜娜", "浙江", "Ærø Åland", "CAFÉ»", "«ÉLÈVE»", "50 Â",
    "naïve café", "ÄÖÜß", "±±±±", "ÈÂÀÍÎÂ", "Èâàíîâ", "Tom毛", "T恤衫", "K歌之王",
    "魏wei", "vivo毛绒", "袭校", "婵娟", "王淇", "骞腾", "濉溪县", "Jos茅",
    "ÄÖÜ", "São Paulo", "Đà Nẵng", "Škoda", "東京都", "£100", "5°C",
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


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("utf-8", "gb18030"), ("utf-8", "latin-1"), ("gb18030", "latin-1")],
)
def test_a_place_comes_back_whatever_was_mistaken(right: str, wrong: str) -> None:
    """All places of the country, in the name of a firm: none becomes another text."""
    names = [f"{name}商贸有限公司" for name in divisions()["district"].drop_nulls().unique()]
    back = []
    for name in names:
        try:
            salad = name.encode(right).decode(wrong)
        except UnicodeError:  # a byte that the wrong encoding does not have
            continue
        assert repair(salad) in (name, salad)
        back.append(repair(salad) == name)
    assert sum(back) >= 0.98 * len(back) > 0


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=4))
def test_short_chinese_is_read_again_only_as_letters_or_chinese(text: str) -> None:
    """What comes of a repair is a text that people write."""
    again = repair(text)
    assert again == text or again.isprintable()


@given(st.text())
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    """A repaired text is a fixed point, unless it was garbled twice."""
    once = repair(text)
    assert len(once) <= len(text)
