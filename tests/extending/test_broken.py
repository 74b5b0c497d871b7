"""A package that cannot be used is named in one sentence; what does not need it goes on."""

from pathlib import Path

import pytest

from tests.extending.garage import guiyi, install, run

PLACES = {
    "fails": ("guiyi.kinds", "no_such_module_here:KIND", "ModuleNotFoundError: No module named"),
    "shapeless": ("guiyi.kinds", "json:dumps", "`json:dumps` is a function, not a KindType"),
    "absent": ("guiyi.sources", "json:NOTHING", "AttributeError"),
    "strange": ("guiyi.sources", "json:dumps", "is a function, not a SourceType"),
    "phone": ("guiyi.kinds", "json:dumps", "Guiyi has one of its own by that name"),
}
"""Names of entry points, what they lead to, and what must be said of each."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with broken packages, one of them twice."""
    folder = tmp_path_factory.mktemp("site")
    for name, (group, place, _) in PLACES.items():
        install(folder, f"broken-{name}", {group: {name: place}})
    for rival in ("one", "two"):
        install(folder, f"rival-{rival}", {"guiyi.targets": {"twice": "json:dumps"}})
    return folder


def test_commands_that_do_not_need_them_go_on(site: Path, tmp_path: Path) -> None:
    """Cleaning a file says of each package that is left out why, in one line, and is done."""
    file = tmp_path / "a.csv"
    file.write_text("name,phone\nAnn Lee,13826512077\nBob Ray,13912345678\n")
    said = guiyi(site, "clean", file, "--out", tmp_path / "clean.csv").splitlines()
    for name, (_, _, why) in PLACES.items():
        (line,) = [line for line in said if f"package broken-{name}:" in line]
        assert f"`{name}` cannot be used: " in line
        assert why in line
    assert (tmp_path / "clean.csv").read_text().count("+86") == 2


SPEC = """\
project: x
sources:
  s:
    kind: {source}
    path: a.csv
    tables:
      - {{entity: person, columns: {{name: name}}}}
entities:
  person:
    fields: {{name: {kind}}}
target: {{kind: {target}}}
"""


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("source", "absent", "guiyi.yaml:4: sources.s.kind: package broken-absent: its source"),
        ("source", "shapeles", "guiyi.yaml:4: sources.s.kind: unknown source `shapeles`"),
        ("target", "twice", "the package rival-two offers the same name — uninstall one"),
        ("kind", "fails", "package broken-fails: its kind `fails` cannot be used: ModuleNotFound"),
    ],
)
def test_what_needs_them_says_so_in_one_line(
    site: Path, tmp_path: Path, key: str, value: str, said: str
) -> None:
    """A project that names what cannot be used ends with 2 and one line with the package."""
    (tmp_path / "a.csv").write_text("name,phone\nAnn Lee,13812345678\n")
    spec = SPEC.format(**{"source": "delimited", "kind": "text", "target": "sql", key: value})
    (tmp_path / "guiyi.yaml").write_text(spec)
    done = run(site, "guiyi", "check", tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_cleaner_of_another_shape_is_named(tmp_path: Path) -> None:
    """What a cleaner gives is looked at before it is believed."""
    site = tmp_path / "site"
    install(site, "odd-kind", {"guiyi.kinds": {"odd": "odd:ODD"}})
    (site / "odd.py").write_text(
        "import polars as pl\nfrom cleansing.kind_type import KindType\n"
        "PARTS = {'key': pl.String()}\n"
        "def clean(values): return pl.DataFrame({'value': values})\n"
        "def sign(sample): raise KeyError(sample.values[0])\n"
        "ODD = KindType(cleaner=__name__, sign=sign)\n"
    )
    file = tmp_path / "a.csv"
    file.write_text("name,phone\nAnn Lee,13812345678\n")
    said = guiyi(site, "clean", file, "--out", tmp_path / "clean.csv")
    assert "package odd-kind: its kind `odd` cannot be used: it fails with KeyError" in said
    assert "Ann" not in said
    code = (
        "import polars as pl; from cleansing import clean_values; from guiyi.kinds import Kind;"
        "from guiyi.errors import GuiyiError\n"
        "try: clean_values(pl.Series(['a']), Kind('odd'))\n"
        "except GuiyiError as error: print(error)"
    )
    (site / "ask.py").write_text(code)
    done = run(site, "ask")
    assert (
        "its cleaner must return, for each value, value: String, reason: String, key: String"
        in (done.stdout)
    )
