"""Some columns of place are of a kind that places do not own: house numbers, stores, coordinates.

A code is an identifier and an amount is anything, as a rule. The number of a door, the store that
serves a customer and the degrees of a map say where someone is: whoever lives there shares them.
"""

import re

import polars as pl

from cleansing.coded import Coded
from cleansing.column_sample import fold_header
from guiyi.kinds import Kind

OF_ANY_KIND = frozenset({Kind.CODE, Kind.AMOUNT, Kind.TEXT, Kind.INDUSTRY})
"""Kinds that say nothing of what a value is about."""
_HEADER = re.compile(
    r"\b(?:house|street|apt|apartment|(?<!business )(?<!price )unit|flat|room|door|suite|floor)\b"
    r"(?: ?(?:no|nr|num|nbr|number|#))?$|\b(?:block|building|bldg)\b"
    r"(?: ?(?:no|nr|num|nbr|number|#))?$|^(?:hno|h no|housenumber|hausnummer|hausnr)$"
    r"|\b(?:store|shop|branch|outlet|site|territory|county|region|district|area|zone|borough)\b"
    r"(?: ?(?:no|nr|num|number|code|id|name))?$"
    r"|\b(?:lat|lng|lon|latitude|longitude)$|^(?:lat )?long$|\b(?:coordinates?|geo|gps)\b"
    r"|门牌|房号|房间|室号|楼号|栋号|楼层|单元|门店|店铺|网点|分店|区域|大区|片区|经度|纬度|經度|緯度|坐标"
)
_DEGREES = r"^-?\d{1,3}[.,]\d{4,}$"
PRECISE = 0.9
"""Of coordinates under a header that says nothing, so many have four decimals and more."""


def is_of_place(header: str, kind: Kind, values: Coded) -> bool:
    """Whether a column of a kind that says nothing holds something about a place."""
    if kind not in OF_ANY_KIND:
        return False
    if _HEADER.search(fold_header(header)):
        return True
    texts = values.values.cast(pl.String)
    degrees = texts.str.contains(_DEGREES) & (
        texts.str.replace(",", ".").cast(pl.Float64, strict=False).abs() <= 180
    )
    return kind is Kind.AMOUNT and bool(values.filled) and values.share(degrees) >= PRECISE
