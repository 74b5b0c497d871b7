"""Address books as Outlook and Google export them: a CSV with ninety columns a person.

Owns turning those columns, English and Chinese, into `contacts`; names are put together, several
numbers and addresses are kept, and a column that has no place in `contacts` stays as it is.

    source = AddressBookSource(Path("contacts.csv"))
    next(source.read(table)).rows    one row a person
"""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.sources.address_book.columns import is_address_book
    from connectors.sources.address_book.source import AddressBookSource
else:
    __getattr__ = lazily(
        __name__,
        {
            "is_address_book": "connectors.sources.address_book.columns",
            "AddressBookSource": "connectors.sources.address_book.source",
        },
    )

__all__ = ["AddressBookSource", "is_address_book"]
