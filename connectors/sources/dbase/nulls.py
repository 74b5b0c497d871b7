"""Visual FoxPro marks empty fields, and short texts, in bits of a hidden field at the end."""

from collections.abc import Sequence

from connectors.sources.dbase.header import DbfField, DbfHeader

_NULLABLE = 0x02
_VARYING = "VQ"


class NullFlags:
    """The bits of `_NullFlags`: a field that may be null has one, a varying text one before it."""

    NULL = b""
    """What stands for a value that is null, whatever its type."""

    def __init__(self, header: DbfHeader) -> None:
        self._flags = next((field for field in header.fields if field.kind == "0"), None)
        self._short: dict[str, int] = {}
        self._null: dict[str, int] = {}
        bit = 0
        for field in header.fields:
            name = f"{field.start}"
            if field.kind in _VARYING:
                self._short[name] = bit
                bit += 1
            if field.flags & _NULLABLE:
                self._null[name] = bit
                bit += 1

    def apply(
        self, field: DbfField, values: list[bytes], records: Sequence[tuple[int, bytes]]
    ) -> list[bytes]:
        """Blank the values that are null, and cut varying texts to their length."""
        name = f"{field.start}"
        if self._flags is None or not (name in self._short or name in self._null):
            return values
        return [
            self._one(name, value, record)
            for value, (_, record) in zip(values, records, strict=True)
        ]

    def _one(self, name: str, value: bytes, record: bytes) -> bytes:
        if self._set(self._null.get(name), record):
            return self.NULL
        if self._set(self._short.get(name), record):
            return value[: value[-1]] if value else value
        return value

    def _set(self, bit: int | None, record: bytes) -> bool:
        if bit is None or self._flags is None or bit >= 8 * self._flags.length:
            return False
        return bool(record[self._flags.start + bit // 8] >> (bit % 8) & 1)
