"""The encoding of a text is found from its bytes, for the languages customers have."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources import encoding

HEAD = "name,city,who\n"
TEXTS = {
    "Russian": (
        "Общество с ограниченной ответственностью Ромашка;Москва;Иванов Пётр;ул. Ленина, д. 5\n"
        "Торговый дом Весна;Казань;Сидорова Анна;пр. Мира, 12\n",
        ["cp1251", "koi8_r", "cp866", "iso8859_5"],
    ),
    "Russian capitals": (
        "ООО РОМАШКА;МОСКВА;ИВАНОВ ПЕТР\nЗАО ВЕСНА;КАЗАНЬ;СИДОРОВА\n",
        ["cp1251", "koi8_r", "cp866"],
    ),
    "two Russian words": ("Ромашка;Москва\n", ["cp1251", "koi8_r", "cp866"]),
    "Ukrainian": ("Товариство Калина;Київ;Шевченко Іван\nЗавод Дніпро;Львів\n", ["cp1251"]),
    "French": (
        "Société Générale;Besançon;François Lefèvre\nHôtel Âne Doré;Orléans;Zoé Noël\n",
        ["cp1252", "cp850", "mac_roman", "iso8859_15"],
    ),
    "German": (
        "Müller GmbH;Düsseldorf;Jürgen Weiß\nKöhler & Söhne;Nürnberg;Käthe Groß\n",
        ["cp1252", "cp850", "cp437", "mac_roman"],
    ),
    "Spanish": (
        "Compañía Española;Málaga;José Muñoz\nAlmacén Peña;Córdoba;María Ibáñez\n",
        ["cp1252", "cp850"],
    ),
    "Polish": (
        "Żółta Łódź;Kraków;Święty Gąska\nSpółka Źródło;Łódź;Małgorzata Kowalczyk\n",
        ["cp1250", "iso8859_2", "cp852"],
    ),
    "Czech": (
        "Společnost Růže;Plzeň;Jiří Dvořák\nŽelezárny;Děčín;Tomáš Černý\n",
        ["cp1250", "iso8859_2", "cp852"],
    ),
    "Hungarian": (
        "Kereskedőház;Győr;Őze Tünde\nFűszer;Székesfehérvár;Kovács Ödön\n", ["cp1250"],
    ),
    "Turkish": ("Şirket İstanbul;Muğla;Gökçe Yıldız\nÇiğdem;Eskişehir;Ayşe Öztürk\n", ["cp1254"]),
    "Greek": ("Εταιρεία Ελλάς;Αθήνα;Γιώργος Παπαδόπουλος\nΚατάστημα;Μαρία\n", ["cp1253", "cp737"]),
    "Japanese": (
        "株式会社山田製作所,東京都千代田区,山田太郎\n有限会社さくら,大阪市北区,鈴木花子\n",
        ["cp932", "euc_jp", "iso2022_jp"],
    ),
    "Korean": (
        "삼성전자 주식회사,서울특별시 강남구,김민수\n현대자동차,부산광역시,이영희\n",
        ["cp949", "euc_kr"],
    ),
    "Chinese": (
        "深圳市华星科技有限公司,广东省深圳市南山区,张三\n北京东方贸易有限公司,北京,李四\n",
        ["gb18030", "gbk", "gb2312", "utf-16-le", "utf-16-be"],
    ),
    "Chinese names": ("张伟,王芳\n李娜,刘洋\n陈静,杨磊\n赵敏,黄强\n", ["gbk"]),
    "traditional Chinese": (
        "台灣電子股份有限公司,台北市中山北路,陳美玲\n華碩電腦股份有限公司,新竹市,林志明\n",
        ["big5", "big5hkscs", "utf-16-le"],
    ),
    "Thai": ("บริษัท สยาม จำกัด,กรุงเทพ,สมชาย\n", ["cp874"]),
    "Hebrew": ("חברת שלום,תל אביב,דוד כהן\nבית מסחר,ירושלים,רחל לוי\n", ["cp1255"]),
    "Arabic": ("شركة النور للتجارة,الرياض,محمد أحمد\nمؤسسة السلام,جدة,فاطمة علي\n", ["cp1256"]),
}  # fmt: skip
CASES = [(language, name) for language, (_, names) in TEXTS.items() for name in names]


@pytest.mark.parametrize(("language", "name"), CASES)
def test_a_text_is_read_as_it_was_written(tmp_path: Path, language: str, name: str) -> None:
    """Whatever the encoding, the detected one gives the same text."""
    text = HEAD + TEXTS[language][0]
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(name))
    found = encoding.detect(path)
    assert path.read_bytes().decode(found.name) == text
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32", "utf-8"])
def test_a_mark_at_the_start_is_certain(tmp_path: Path, name: str) -> None:
    """A byte order mark, or UTF-8 to the last byte, leaves no doubt."""
    path = tmp_path / "t.csv"
    path.write_bytes("编号,公司\n1,甲公司\n".encode(name))
    assert encoding.detect(path).confidence == 1.0


def test_little_text_is_little_evidence(tmp_path: Path) -> None:
    """The confidence of one short word is below that of a page."""
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    few.write_bytes("a,b\n1,é\n".encode("cp1252"))
    many.write_bytes((HEAD + TEXTS["French"][0]).encode("cp1252"))
    assert encoding.detect(few).confidence < encoding.detect(many).confidence


@settings(deadline=None)
@given(
    data=st.binary(max_size=200), declared=st.sampled_from([None, "gb2312", "big5", "x", "utf-7"])
)
def test_any_bytes_are_read_as_something(data: bytes, declared: str | None) -> None:
    """No bytes, and no declared encoding, make decoding fail."""
    assert isinstance(encoding.decode(data, declared), str)
    assert 0 <= encoding.detect_bytes(data).confidence <= 1
