"""The address book of a colleague's phone: vCards of three versions in one file."""

from pathlib import Path
from quopri import encodestring
from random import Random

from pipelines.demo import data_entry
from pipelines.demo.firms import Firm, FirmScript
from pipelines.demo.people import ContactPerson
from pipelines.demo.truth import TruthNotes
from pipelines.demo.world import World


def write_cards(world: World, file: Path, seed: int) -> TruthNotes:
    """Write the address book, and say who is who in it."""
    rng, truth = Random(f"{seed}/cards"), TruthNotes("cards")
    chosen = [person for person in world.people if rng.random() < 0.1]
    chosen += [person for person in chosen if rng.random() < 0.06]
    cards: list[str] = []
    for number, person in enumerate(chosen, start=1):
        firm = world.firm[person.firm]
        cards.append(_card(rng, person, firm, world))
        truth.add(("contacts", number), "person", person.id, belongs_to=person.firm)
        truth.add(("contacts", number), "company", firm.id)
    file.write_bytes("".join(cards).encode())
    return truth


def _card(rng: Random, person: ContactPerson, firm: Firm, world: World) -> str:
    name = data_entry.person_name(rng, person, 0.75)
    company = data_entry.firm_name(rng, firm, world, 0.6).strip()
    mobile = person.mobile if rng.random() < 0.85 else None
    if person.former_mobile is not None and rng.random() < 0.4:
        mobile = person.former_mobile
    phone = (
        data_entry.phone(rng, firm.phone, 0.6) if rng.random() < 0.55 or mobile is None else None
    )
    values = {
        "name": name,
        "company": company,
        "title": person.title if rng.random() < 0.8 else "",
        "mobile": data_entry.phone(rng, mobile, 0.5) if mobile is not None else "",
        "phone": phone or "",
        "email": person.email if rng.random() < 0.6 else "",
        "street": f"{firm.address.road}{firm.address.number}号",
        "url": f"http://www.{firm.domain}" if rng.random() < 0.25 else "",
    }
    if firm.script is FirmScript.LATIN:
        values["street"] = f"{firm.address.number} {firm.address.road}"
    old = _older if firm.script is FirmScript.SIMPLIFIED and rng.random() < 0.5 else _old
    make = rng.choice((old, _middle, _middle, _new))
    lines = make(values, firm, rng.random() < 0.5)
    return "\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""])


def _name_parts(name: str) -> tuple[str, str]:
    """Family and given name as a phone splits what was typed in."""
    if name.isascii():
        first, _, last = name.rpartition(" ")
        return last, first
    return name[:1], name[1:]


def _older(values: dict[str, str], firm: Firm, placed: bool) -> list[str]:
    """VCard 2.1 of a phone that knows no Unicode."""
    return _old(values, firm, placed, "GBK")


def _old(values: dict[str, str], firm: Firm, placed: bool, charset: str = "UTF-8") -> list[str]:
    """VCard 2.1 of a feature phone: quoted-printable."""
    family, given = _name_parts(values["name"])
    properties = {"N": f"{family};{given};;;", "FN": values["name"], "ORG": values["company"]}
    properties |= {"TITLE": values["title"]} if values["title"] else {}
    lines = [
        "VERSION:2.1",
        *(_quoted(label, value, charset) for label, value in properties.items()),
    ]
    lines += _plain(values, "TEL;CELL", "TEL;WORK", "EMAIL;INTERNET", "URL")
    if placed:
        lines.append(_quoted("ADR;WORK", _place(values, firm), charset))
    return lines


def _middle(values: dict[str, str], firm: Firm, placed: bool) -> list[str]:
    """VCard 3.0 (RFC 2426)."""
    family, given = _name_parts(values["name"])
    lines = ["VERSION:3.0", f"N:{_escaped(family)};{_escaped(given)};;;"]
    lines += [f"FN:{_escaped(values['name'])}", f"ORG:{_escaped(values['company'])}"]
    if values["title"]:
        lines.append(f"TITLE:{_escaped(values['title'])}")
    lines += _plain(values, "TEL;TYPE=CELL", "TEL;TYPE=WORK,VOICE", "EMAIL;TYPE=INTERNET", "URL")
    if placed:
        lines.append(f"ADR;TYPE=WORK:{_place(values, firm)}")
    return lines


def _new(values: dict[str, str], firm: Firm, placed: bool) -> list[str]:
    """VCard 4.0 (RFC 6350)."""
    family, given = _name_parts(values["name"])
    lines = ["VERSION:4.0", f"FN:{_escaped(values['name'])}"]
    lines += [f"N:{_escaped(family)};{_escaped(given)};;;", f"ORG:{_escaped(values['company'])}"]
    if values["title"]:
        lines.append(f"TITLE:{_escaped(values['title'])}")
    lines += _plain(values, "TEL;TYPE=cell", "TEL;TYPE=work", "EMAIL;TYPE=work", "URL")
    if placed:
        lines.append(f"ADR;TYPE=work:{_place(values, firm)}")
    return lines


def _plain(values: dict[str, str], *labels: str) -> list[str]:
    fields = zip(labels, ("mobile", "phone", "email", "url"), strict=True)
    return [f"{label}:{values[field]}" for label, field in fields if values[field]]


def _place(values: dict[str, str], firm: Firm) -> str:
    """The seven parts of ADR: box, extended, street, locality, region, postcode, country."""
    at = firm.address
    country = getattr(firm.town, "country", "中国")
    street = f"{at.district}{values['street']}"
    return f";;{street};{at.city};{at.province};{at.postcode};{country}"


def _quoted(label: str, value: str, charset: str) -> str:
    """A quoted-printable property of vCard 2.1; its soft line breaks end in `=`."""
    if value.isascii():
        return f"{label}:{value}"
    code = encodestring(value.encode(charset)).decode("ascii").replace("\n", "\r\n")
    return f"{label};CHARSET={charset};ENCODING=QUOTED-PRINTABLE:{code}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
