"""How the firms of the made-up world come into being, no two of the same name or number."""

from dataclasses import dataclass, field, replace
from random import Random

from pipelines.demo.firms import Address, Firm, FirmScript
from pipelines.demo.identifiers import fill_pattern, landline_pattern, make_uscc
from pipelines.demo.vocabulary import (
    City,
    Trade,
    cities,
    taiwan,
    towns_abroad,
    trades,
    traditional,
    words,
)

STATUSES = ("A", "A", "A", "A", "A", "A", "P", "S", "C")
"""Status codes as the old system has them: active, paused, stopped, potential."""


@dataclass
class Founding:
    """Founds firms one after another, no two of the same name."""

    rng: Random
    firms: list[Firm] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    brands: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    def add(self, firm: Firm) -> bool:
        """Enter a firm into the world, unless its name is taken."""
        if firm.name in self.names or firm.short in self.names:
            return False
        self.names |= {firm.name, firm.short}
        self.brands.add(firm.brand)
        self.firms.append(firm)
        return True

    def new_id(self) -> str:
        """The true id of the next firm."""
        return f"F{len(self.firms) + 1:04d}"

    def new_brand(self) -> str:
        """A brand nobody has yet."""
        syllables = list(words("firms")["syllables"])
        while True:
            brand = "".join(self.rng.sample(syllables, 3 if self.rng.random() < 0.25 else 2))
            if brand not in self.brands:
                return brand

    def new_phone(self, pattern: str) -> str:
        """A phone number of a pattern such as `+44 20 7946 0###` that nobody has yet."""
        while (number := fill_pattern(self.rng, pattern)) in self.numbers:
            pass
        self.numbers.add(number)
        return number

    def new_domain(self, stem: str) -> str:
        """A mail domain under the ending that never resolves (RFC 2606)."""
        domain, count = f"{stem}.example", 1
        while domain in self.domains:
            count += 1
            domain = f"{stem}{count}.example"
        self.domains.add(domain)
        return domain


def reading(text: str) -> str:
    """How a brand sounds, in letters, for its mail domain."""
    syllables = words("firms")["syllables"]
    return "".join(syllables.get(character, "") for character in text)


def place_in(rng: Random, city: City) -> Address:
    """An address in a mainland city."""
    places = words("places")
    room = ""
    if rng.random() < 0.55:
        building = rng.choice(places["buildings"])
        room = f"{building}{rng.randint(1, 9)}号楼{rng.randint(2, 26)}{rng.randint(1, 18):02d}室"
        if rng.random() < 0.4:
            room = f"{rng.randint(2, 26)}楼{rng.choice('ABCD')}座"
    return Address(
        city.province,
        city.name + "市",
        rng.choice(city.districts),
        rng.choice(places["roads"]),
        rng.randint(1, 1999),
        room,
        f"{city.postcode}{rng.randint(0, 99):02d}",
    )


def team_of(province: str) -> str:
    """The sales team that serves a province."""
    teams = words("firms")["teams"]
    return next((code for code, (_, _, served) in teams.items() if province in served), "S06")


def found_chinese(
    world: Founding,
    *,
    brand: str | None = None,
    city: City | None = None,
    trade: Trade | None = None,
    form: str | None = None,
) -> Firm:
    """A mainland firm; a brand, city or trade that is given makes it look like another."""
    rng = world.rng
    city = city or _any_city(rng)
    trade = trade or rng.choice(trades())
    if brand is None and form is None and rng.random() < 0.05:
        form = rng.choice(words("firms")["small_forms"])
    form = form or rng.choice(words("firms")["forms"])
    brand = brand or world.new_brand()
    name, region = _name_in(rng, city, brand, trade, form)
    numeric = rng.random() < 0.3
    return Firm(
        id=world.new_id(),
        script=FirmScript.SIMPLIFIED,
        name=name,
        short=brand + trade.short,
        brand=brand,
        region=region,
        trade=trade,
        form=form,
        town=city,
        address=place_in(rng, city),
        phone=world.new_phone(landline_pattern(city.area_code, city.local_digits)),
        domain=world.new_domain(reading(brand)),
        uscc=make_uscc(rng, city.code, all_digits=numeric),
        numeric_uscc=numeric,
        status=rng.choice(STATUSES),
        team=team_of(city.province),
        customer_since=rng.randint(30, 3600),
    )


def _any_city(rng: Random) -> City:
    east = [city for city in cities() if city.east]
    return rng.choice(east) if rng.random() < 0.4 else rng.choice(cities())


def _name_in(rng: Random, city: City, brand: str, trade: Trade, form: str) -> tuple[str, str]:
    chance = rng.random()
    if chance < 0.65:
        return f"{city.name}{brand}{trade.name}{form}", city.name
    if chance < 0.78:
        return f"{brand}（{city.name}）{trade.name}{form}", city.name
    if chance < 0.9 and not city.municipality:
        return f"{city.province[:-1]}{brand}{trade.name}{form}", city.province[:-1]
    if chance < 0.96:
        return f"{city.name}市{brand}{trade.name}{form}", city.name + "市"
    return f"{brand}{trade.name}{form}", ""


def found_taiwanese(world: Founding) -> Firm:
    """A firm that writes traditional characters."""
    rng = world.rng
    town, trade, brand = rng.choice(taiwan()), rng.choice(trades()), world.new_brand()
    form = rng.choice(town.forms)
    road = rng.choice(words("places")["taiwan_roads"])
    place = Address(
        "臺灣", town.name, rng.choice(town.districts), road, rng.randint(1, 400), "", town.postcode
    )
    if rng.random() < 0.6:
        place = replace(place, room=f"{rng.randint(2, 20)}樓")
    return Firm(
        id=world.new_id(),
        script=FirmScript.TRADITIONAL,
        name=traditional(f"{brand}{trade.name}{form}"),
        short=traditional(brand + trade.short),
        brand=traditional(brand),
        region="",
        trade=trade,
        form=form,
        town=town,
        address=place,
        phone=world.new_phone(town.phone),
        domain=world.new_domain(reading(brand)),
        uscc=None,
        numeric_uscc=False,
        status=rng.choice(STATUSES),
        team="S06",
        customer_since=rng.randint(30, 2500),
    )


def found_english(world: Founding, *, brand: str | None = None, trade: str | None = None) -> Firm:
    """A firm abroad."""
    rng, vocabulary = world.rng, words("firms")
    town = rng.choice(towns_abroad())
    brand = brand or rng.choice(vocabulary["english_brands"])
    what = trade or rng.choice(vocabulary["english_trades"])
    form = rng.choice(town.forms)
    place = Address(
        town.state,
        town.name,
        "",
        rng.choice(words("places")["streets"]),
        rng.randint(1, 980),
        f"Suite {rng.randint(100, 990)}" if rng.random() < 0.3 else "",
        _postcode(rng, town.postcode),
    )
    return Firm(
        id=world.new_id(),
        script=FirmScript.LATIN,
        name=f"{brand} {what} {form}",
        short=f"{brand} {what}",
        brand=brand,
        region="",
        trade=Trade(what, what, "F", what),
        form=form,
        town=town,
        address=place,
        phone=world.new_phone(town.phone),
        domain=world.new_domain(f"{brand}-{what}".lower()),
        uscc=None,
        numeric_uscc=False,
        status=rng.choice(STATUSES),
        team="S06",
        customer_since=rng.randint(30, 2500),
    )


def _postcode(rng: Random, pattern: str) -> str:
    if pattern[:2] in {"EC", "LS", "BS"}:
        letters = "ABDEFGHJLN"
        head = pattern.split()[0]
        head = fill_pattern(rng, head.replace("A", rng.choice(letters)))
        return f"{head} {rng.randint(1, 9)}{rng.choice(letters)}{rng.choice(letters)}"
    return fill_pattern(rng, pattern)
