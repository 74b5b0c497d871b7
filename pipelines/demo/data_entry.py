"""How different people write down one firm and its staff on different days."""

from random import Random

from pipelines.demo.firms import Address, Firm, FirmScript
from pipelines.demo.people import ContactPerson
from pipelines.demo.typos import mistype, sound_alike, weighted, widen
from pipelines.demo.vocabulary import City, simplified, traditional
from pipelines.demo.world import World


def firm_name(rng: Random, firm: Firm, world: World, care: float) -> str:
    """The firm's name as somebody wrote it; `care` is the chance that it is exact."""
    if rng.random() < care:
        return firm.name
    match firm.script:
        case FirmScript.LATIN:
            written = _latin_name(rng, firm)
        case FirmScript.TRADITIONAL:
            written = rng.choice([firm.name, simplified(firm.name), firm.short])
        case FirmScript.SIMPLIFIED:
            written = _chinese_name(rng, firm)
    return firm.name if written in world.names and written not in _own(firm) else written


def _own(firm: Firm) -> set[str]:
    return {firm.name, firm.short} if firm.alone else {firm.name}


def _chinese_name(rng: Random, firm: Firm) -> str:
    bare = firm.name.replace(f"（{firm.region}）", "") if firm.region else firm.name
    options = [
        (4.0, _other_form(firm.name)),
        (2.0, firm.name.replace("（", "(").replace("）", ")")),
        (2.0, firm.name.replace(firm.brand, sound_alike(rng, firm.brand), 1)),
        (1.0, traditional(firm.name)),
        (1.5, firm.name + rng.choice(["（老客户）", "-老客户", "（已迁址）", "（月结）"])),
        (1.0, f" {firm.name[:4]} {firm.name[4:]}"),
        (1.0, _lose_one(rng, firm.name, firm.brand)),
    ]
    if firm.alone:
        unplaced = bare.removeprefix(firm.region) if firm.region else bare
        options += [
            (3.0, unplaced),
            (3.0, firm.short),
            (1.5, f"{firm.brand}{firm.trade.name}"),
        ]
        if firm.region and bare == firm.name:
            options.append((2.0, f"{firm.brand}({firm.region}){unplaced[len(firm.brand) :]}"))
    if firm.former_name is not None:
        options.append((4.0, firm.former_name))
    if firm.name.endswith("行") and "银行" in firm.name:
        options.append((6.0, firm.name.replace("股份有限公司", "")))
    return weighted(rng, options)


def _other_form(name: str) -> str:
    if "有限责任公司" in name:
        return name.replace("有限责任公司", "有限公司")
    if name.endswith("股份有限公司"):
        return name.replace("股份有限公司", "股份公司")
    return name.replace("有限公司", "有限责任公司")


def _lose_one(rng: Random, name: str, brand: str) -> str:
    """Leave out one character behind the brand: without it the firm would be another."""
    start = name.index(brand) + len(brand) if brand in name else 0
    place = rng.randrange(start, len(name) - 1)
    return name[:place] + name[place + 1 :]


def _latin_name(rng: Random, firm: Firm) -> str:
    options = [
        (3.0, firm.name.upper()),
        (3.0, _other_latin_form(firm.name)),
        (2.0, f"{mistype(rng, firm.brand)}{firm.name[len(firm.brand) :]}"),
        (1.0, f"The {firm.name}"),
        (1.0, firm.name.replace(" ", "  ", 1)),
    ]
    if firm.alone:
        options.append((3.0, firm.short))
    return weighted(rng, options)


def _other_latin_form(name: str) -> str:
    swaps = (
        (" Limited", " Ltd."),
        (" Ltd", " Limited"),
        (" Inc.", ", Incorporated"),
        (" LLC", ", L.L.C."),
        (" Corp.", " Corporation"),
        (" Pty Ltd", " PTY. LTD."),
        (" Pte. Ltd.", " Pte Ltd"),
        (" GmbH", " G.m.b.H."),
    )
    for ending, other in reversed(swaps):
        if name.endswith(ending):
            return name.removesuffix(ending) + other
    return name


def address(rng: Random, firm: Firm, care: float, *, old: bool = False) -> str:
    """The firm's address on one line."""
    place = firm.former_address if old and firm.former_address is not None else firm.address
    if firm.script is FirmScript.LATIN:
        return _latin_address(place, firm)
    if firm.script is FirmScript.TRADITIONAL:
        return f"{place.city}{place.district}{place.road}{place.number}號{place.room}"
    return _chinese_address(rng, place, firm, care)


def _latin_address(place: Address, firm: Firm) -> str:
    street = f"{place.number} {place.road}"
    parts = [f"{street}, {place.room}" if place.room else street]
    if place.province:
        parts += [place.city, f"{place.province} {place.postcode}"]
    else:
        parts.append(f"{place.city} {place.postcode}")
    country = getattr(firm.town, "country", "")
    return ", ".join([*parts, country])


def _chinese_address(rng: Random, place: Address, firm: Firm, care: float) -> str:
    whole = isinstance(firm.town, City) and firm.town.municipality
    province = "" if whole else place.province
    street = f"{place.district}{place.road}{place.number}号"
    if rng.random() < care:
        return f"{province}{place.city}{street}{place.room}"
    return weighted(
        rng,
        [
            (4.0, f"{place.city}{street}{place.room}"),
            (2.0, f"{place.city[:-1]}{street}{place.room}"),
            (2.0, f"{street}{place.room}"),
            (2.0, f"{province}{place.city}{street}"),
            (1.0, widen(f"{province}{place.city}{street}{place.room}")),
            (1.0, f"{province} {place.city} {street} {place.room}".strip()),
            (1.0, f"{place.city}{place.road}{place.number}号{place.room}"),
        ],
    )


def phone(rng: Random, number: str, care: float, extension: str | None = None) -> str:
    """A phone number, punctuated as people do."""
    abroad = number.startswith(("+", "(", "09"))
    written = number
    if rng.random() >= care and not number.startswith(("(", "09")):
        written = _otherwise(rng, number)
    if extension is None:
        return written
    ways = [" ext. "] if abroad else ["转", "-", " ext. "]
    ways = ["#", " 分機"] if number.startswith("(") else ways
    if " " in written and "-" in ways:
        ways.remove("-")  # groups and a hyphen: it would be unclear where the extension begins
    return f"{written}{rng.choice(ways)}{extension}"


def _otherwise(rng: Random, number: str) -> str:
    if number.startswith("+"):
        return number.replace(" ", rng.choice(["-", " ", ""]))
    return _landline(rng, number) if "-" in number else _mobile(rng, number)


def _landline(rng: Random, number: str) -> str:
    area, local = number.split("-")
    half = len(local) - 4
    return rng.choice(
        [
            f"({area}){local}",
            f"（{area}）{local}",
            f"{area} {local[:half]} {local[half:]}",
            f"{area}{local}",
            f"+86-{area[1:]}-{local}",
            f"+86 {area[1:]} {local[:half]} {local[half:]}",
            widen(number),
            f"电话：{number}",
        ]
    )


def _mobile(rng: Random, number: str) -> str:
    return rng.choice(
        [
            f"{number[:3]} {number[3:7]} {number[7:]}",
            f"{number[:3]}-{number[3:7]}-{number[7:]}",
            f"+86 {number}",
            f"0086{number}",
            f"86-{number}",
            widen(number),
            f"手机:{number}",
        ]
    )


def person_name(rng: Random, person: ContactPerson, care: float) -> str:
    """Somebody's name as others write it."""
    if rng.random() < care:
        return person.name
    if person.nickname is not None or person.name.isascii():
        return _english_name(rng, person)
    sounds = f"{person.sounds[1].capitalize()} {person.sounds[0].capitalize()}"
    call = person.title if len(person.title) <= 3 else rng.choice(["先生", "女士", "老师"])
    return weighted(
        rng,
        [
            (3.0, person.surname + sound_alike(rng, person.given)),
            (2.0, sounds),
            (1.5, " ".join(person.name) if len(person.name) == 2 else person.name),
            (2.0, person.name + call),
            (1.0, f"{person.name}（采购）"),
            (1.0, traditional(person.name)),
        ],
    )


def _english_name(rng: Random, person: ContactPerson) -> str:
    first, last = person.given, person.surname
    options = [
        (2.0, f"{last}, {first}"),
        (1.0, f"{first[0]}. {last}"),
        (1.0, f"{rng.choice(['Mr.', 'Ms.', 'Dr.'])} {first} {last}"),
        (1.0, f"{first} {mistype(rng, last)}"),
        (1.0, person.name.upper()),
    ]
    if person.nickname is not None:
        options.append((4.0, f"{person.nickname} {last}"))
    return weighted(rng, options)
