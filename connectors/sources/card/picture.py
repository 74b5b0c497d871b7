"""A picture read by RapidOCR, offline: its models come in the wheel of the extra `guiyi[ocr]`."""

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from guiyi.errors import SourceError
from guiyi.messages import Message

LONG_SIDE = 2000
"""Pixels; larger pictures are made smaller, as a card needs no more (RapidOCR's own limit)."""
MAX_PIXELS = 100_000_000
"""A larger picture is refused: it would need gigabytes, and no camera takes it."""

MAX_BYTES = 1 << 26
"""The same limit for what is compressed."""
REMEMBERED = 1000
"""Pictures whose text is kept: reading one takes a second, and a project looks at each twice."""


@dataclass(frozen=True)
class Box:
    """A piece of text in a picture: where it stands, in pixels, and how surely it was read."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top


class NotPicture(Exception):
    """A file is no picture, or one too large to read."""


def read_picture(path: Path) -> list[Box]:
    """Read the text of a picture.

    Raises NotPicture, and SourceError where the extra is not installed.
    """
    engine = _engine(path)
    data = _bytes(path)
    digest = hashlib.sha256(data).digest()
    if digest not in _known:
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[digest] = _text(engine, data)
    return list(_known[digest])


_known: dict[bytes, tuple[Box, ...]] = {}


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise NotPicture(Message("more than {size} MB", size=MAX_BYTES >> 20))
        return path.read_bytes()
    except OSError as error:
        raise NotPicture("the file cannot be opened") from error


def _text(engine: Any, data: bytes) -> tuple[Box, ...]:
    found = engine(_pixels(data))
    if found.txts is None:
        return ()
    pieces = zip(found.boxes, found.txts, found.scores, strict=True)
    return tuple(_box(corners, text, float(sure)) for corners, text, sure in pieces if text.strip())


def _box(corners: Any, text: str, confidence: float) -> Box:
    across, down = [float(c[0]) for c in corners], [float(c[1]) for c in corners]
    return Box(text.strip(), confidence, min(across), min(down), max(across), max(down))


def _engine(path: Path) -> Any:
    try:
        return _loaded()
    except ImportError:
        raise SourceError(
            "business cards need OCR to be read",
            place=str(path),
            hint="pip install 'guiyi[ocr]', or in the project: uv sync --extra ocr",
        ) from None


@cache
def _loaded() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})


def _pixels(data: bytes) -> Any:
    import numpy as np
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise NotPicture(
                    Message("{width} × {height} pixels", width=opened.width, height=opened.height)
                )
            opened.draft("RGB", (LONG_SIDE, LONG_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONG_SIDE, LONG_SIDE))
            rgb = np.asarray(_on_white(upright))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotPicture("damaged, or not a picture") from error
    return np.ascontiguousarray(rgb[:, :, ::-1])


def _on_white(picture: Any) -> Any:
    from PIL import Image

    if "A" not in picture.getbands():
        return picture.convert("RGB")
    page = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(page, picture.convert("RGBA")).convert("RGB")
