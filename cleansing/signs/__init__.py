"""Each kind leaves signs in its values: a function a kind, in one table.

Owns the evidence by which `cleansing.inference` guesses, and asks the cleaners that can prove a
value. Decides nothing: the guess is made where the signs of all kinds are compared.

    score, why = SIGNS[Kind.EMAIL](take_sample(distinct_of(values), "contact"))
"""

from collections.abc import Callable, Mapping

from cleansing.column_sample import Sample
from cleansing.signs import contacts, identifiers, names, numbers, places
from cleansing.signs.declared import declared
from cleansing.signs.evidence import Sign, header_says
from guiyi.kinds import Kind

__all__ = ["SIGNS", "declared", "header_says"]

SIGNS: Mapping[Kind, Callable[[Sample], Sign]] = {
    Kind.EMAIL: contacts.email,
    Kind.URL: contacts.url,
    Kind.USCC: identifiers.uscc,
    Kind.ID_CARD: identifiers.id_card,
    Kind.DATE: numbers.date,
    Kind.PHONE: contacts.phone,
    Kind.POSTCODE: numbers.postcode,
    Kind.REGION: places.region,
    Kind.INDUSTRY: places.industry,
    Kind.ADDRESS: places.address,
    Kind.COMPANY_NAME: names.company_name,
    Kind.PERSON_NAME: names.person_name,
    Kind.AMOUNT: numbers.amount,
    Kind.KEY: numbers.key,
    Kind.CODE: numbers.code,
    Kind.TEXT: names.text,
}
"""In the order in which ties are decided: the kinds hardest to mistake come first."""
