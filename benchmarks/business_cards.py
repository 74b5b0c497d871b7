"""How surely business cards are read: drawn cards, spoiled as photographs are, and their truth.

    python -m benchmarks.business_cards --cards 12

Prints, for each way of spoiling, the share of fields read right to the last character, and how
the confidence parts right fields from wrong ones. Needs `guiyi[ocr]` and fonts-noto-cjk.
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from connectors.sources.card import CardSource
from guiyi.spec import TableSpec
from pipelines.demo.firms import Firm, FirmScript
from pipelines.demo.people import ContactPerson
from pipelines.demo.world import build_world

FONTS = Path("/usr/share/fonts/opentype/noto")
SIZE = (1000, 600)
FIELDS = ("name", "title", "company", "mobile", "phone", "email")


@dataclass(frozen=True)
class Drawn:
    """A card's lines and what they mean."""

    image: Image.Image
    truth: dict[str, str]


def draw(rng: Random, person: ContactPerson, firm: Firm) -> Drawn:
    """Draw a card in one of two layouts."""
    chinese = firm.script is not FirmScript.LATIN
    truth = {"name": person.name, "title": person.title, "company": firm.name}
    truth |= {"phone": firm.phone, "email": person.email}
    if person.mobile is not None:
        truth["mobile"] = person.mobile
    labels = ("手机：", "电话：", "邮箱：") if chinese else ("Mobile: ", "Tel: ", "Email: ")
    numbers = [
        f"{label}{truth[field]}"
        for label, field in zip(labels, ("mobile", "phone", "email"), strict=True)
        if field in truth
    ]
    image = Image.new("RGB", SIZE, rng.choice(["white", "#f6f1e4", "#eef3f8"]))
    pen, ink = ImageDraw.Draw(image), rng.choice(["black", "#123a6b", "#333333"])
    left = rng.choice([60, 420])
    for text, size, at in (
        (firm.name, 38, (60, 50)),
        (person.name, 56, (left, 190)),
        (person.title, 28, (left, 275)),
        *((line, 26, (left, 350 + 46 * n)) for n, line in enumerate(numbers)),
    ):
        pen.text(at, text, fill=ink, font=_font(text, size))
    return Drawn(image, truth)


def _font(text: str, size: int) -> ImageFont.FreeTypeFont:
    weight = "Bold" if size > 30 else "Regular"
    return ImageFont.truetype(str(FONTS / f"NotoSansCJK-{weight}.ttc"), size, index=2)


def _noisy(image: Image.Image) -> Image.Image:
    noise = Image.effect_noise(image.size, 70).convert("RGB")
    return Image.blend(image, noise, 0.25)


SPOILED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as drawn": lambda image: image,
    "tilted by 4°": lambda image: image.rotate(4, expand=True, fillcolor="gray"),
    "noisy": _noisy,
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(2.2)),
    "400 pixels wide": lambda image: image.resize((400, 240)),
    "280 pixels wide": lambda image: image.resize((280, 168)),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=12)
    count = parser.parse_args().cards
    rng, world = Random("cards"), build_world(11, 0.5)
    pairs = [(person, firm) for firm in world.firms for person in world.staff[firm.id]]
    drawn = [draw(rng, *pair) for pair in rng.sample(pairs, count)]
    judged: list[tuple[float, bool]] = []
    print("| cards | " + " | ".join(FIELDS) + " | all fields right |")
    print("|---|" + "---:|" * (len(FIELDS) + 1))
    for how, spoil in SPOILED.items():
        with tempfile.TemporaryDirectory() as folder:
            for number, card in enumerate(drawn):
                spoil(card.image).save(Path(folder, f"{number:04}.jpg"), quality=80)
            _report(how, drawn, _read(Path(folder)), judged)
    for limit in (0.8, 0.9, 0.95):
        kept = [right for sure, right in judged if sure >= limit]
        review = [right for sure, right in judged if sure < limit]
        print(
            f"confidence ≥ {limit}: {len(kept)} fields, {sum(kept) / max(1, len(kept)):.4f} right; "
            f"below: {len(review)}, {sum(review) / max(1, len(review)):.4f} right"
        )


def _read(folder: Path) -> list[dict[str, str | None]]:
    table = TableSpec.model_construct(table="contacts", query=None)
    return [row for batch in CardSource(folder).read(table) for row in batch.rows.to_dicts()]


def _report(
    how: str,
    drawn: list[Drawn],
    rows: list[dict[str, str | None]],
    judged: list[tuple[float, bool]],
) -> None:
    right: dict[str, list[bool]] = {field: [] for field in FIELDS}
    for card, row in zip(drawn, rows, strict=True):
        sure = json.loads(row["confidence"] or "{}")
        for field, value in card.truth.items():
            same = _bare(row[field]) == _bare(value)
            right[field].append(same)
            if row[field] is not None:
                judged.append((sure[field], same))
    everything = [one for found in right.values() for one in found]
    shares = " | ".join(f"{sum(right[f]) / len(right[f]):.2f}" for f in FIELDS)
    print(f"| {how} | {shares} | {sum(everything) / len(everything):.3f} |")


def _bare(value: str | None) -> str:
    return "".join((value or "").split())


if __name__ == "__main__":
    main()
