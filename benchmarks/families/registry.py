"""Every family by its name, in the order the benchmark reports them.

FAMILIES["register"](7, rows=700).table
"""

from collections.abc import Callable, Mapping

from benchmarks.families import (
    contacts_en,
    contacts_zh,
    directory,
    firms_with_contact,
    households_zh,
    members_en_sparse,
    name_company_city,
    place_columns,
    register,
    sales_leads,
    split_dates,
    street,
    twins,
)
from benchmarks.families.family import Family

Draw = Callable[[int, int | None], Family]

FAMILIES: Mapping[str, Draw] = {
    "contacts_zh": contacts_zh.draw,
    "contacts_en": contacts_en.draw,
    "name_company_city": name_company_city.draw,
    "directory": directory.draw,
    "sales_leads": sales_leads.draw,
    "firms_with_contact": firms_with_contact.draw,
    "households_zh": households_zh.draw,
    "register": register.draw,
    "twins": twins.draw,
    "street": street.draw,
    "split_dates": split_dates.draw,
    "members_en_sparse": members_en_sparse.draw,
    "place_columns": place_columns.draw,
}
"""B2B first, then people at home."""
