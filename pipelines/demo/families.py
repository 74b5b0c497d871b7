"""Firms that share a name and are not one: banks and branches, groups, neighbours, namesakes."""

from dataclasses import replace
from random import Random

from pipelines.demo.firms import Firm
from pipelines.demo.founding import (
    Founding,
    found_chinese,
    found_english,
    found_taiwanese,
    place_in,
    reading,
    team_of,
)
from pipelines.demo.identifiers import landline_pattern, make_uscc
from pipelines.demo.vocabulary import City, cities, homophones, trades, words


def found_all(rng: Random, count: int) -> list[Firm]:
    """The world's firms: about a third of them have a look-alike."""
    world = Founding(rng)
    _banks(world, branches=max(2, count // 40))
    _groups(world, groups=max(1, count // 70))
    _look_alikes(world, pairs=max(1, count // 16))
    _abroad(world, count=max(3, count // 6))
    for _ in range(max(2, count // 23)):
        world.add(found_taiwanese(world))
    while len(world.firms) < count:
        world.add(found_chinese(world))
    firms = _mark_alone(world.firms)
    return [_with_history(rng, world, firm) for firm in firms]


def _banks(world: Founding, branches: int) -> None:
    rng = world.rng
    for brand, (name, home, sound) in words("firms")["banks"].items():
        city = next(city for city in cities() if city.name == home)
        head = replace(
            found_chinese(world),
            name=name,
            short=name.split("股份")[0],
            brand=brand,
            region="",
            form="股份有限公司",
            domain=world.new_domain(f"bank-{sound}"),
        )
        head = _moved_to(world, head, city)
        world.add(head)
        towns = rng.sample([c for c in cities() if c.name != home], branches // 2)
        for town in towns:
            ending = f"{town.name}{rng.choice(['分行', town.districts[0][:-1] + '支行'])}"
            branch = replace(head, id=world.new_id(), name=name + ending, short=head.short + ending)
            world.add(_moved_to(world, branch, town))


def _moved_to(world: Founding, firm: Firm, city: City) -> Firm:
    rng = world.rng
    return replace(
        firm,
        town=city,
        address=place_in(rng, city),
        phone=world.new_phone(landline_pattern(city.area_code, city.local_digits)),
        uscc=make_uscc(rng, city.code, all_digits=firm.numeric_uscc),
        team=team_of(city.province),
    )


def _groups(world: Founding, groups: int) -> None:
    """A group has its name in several cities and trades; each firm is a customer of its own."""
    rng = world.rng
    for _ in range(groups):
        head = found_chinese(world, form="集团有限公司")
        name = f"{head.town.name}{head.brand}集团有限公司"
        head = replace(head, name=name, short=f"{head.brand}集团", region=head.town.name)
        world.add(head)
        for city in rng.sample(cities(), rng.randint(2, 4)):
            trade = rng.choice([head.trade, rng.choice(trades())])
            child = replace(
                head,
                id=world.new_id(),
                name=f"{head.brand}（{city.name}）{trade.name}有限公司",
                short=f"{city.name}{head.brand}{trade.short}",
                region=city.name,
                trade=trade,
                form="有限公司",
            )
            world.add(_moved_to(world, child, city))


def _look_alikes(world: Founding, pairs: int) -> None:
    for number in range(pairs):
        first = found_chinese(world)
        if not world.add(first):
            continue
        town = first.town
        assert isinstance(town, City)
        match number % 3:
            case 0:
                brand = _one_apart(world, first.brand)
                world.add(found_chinese(world, brand=brand, city=town, trade=first.trade))
            case 1:
                other = world.rng.choice([city for city in cities() if city != town])
                world.add(found_chinese(world, brand=first.brand, city=other, trade=first.trade))
            case _:
                what = world.rng.choice([trade for trade in trades() if trade != first.trade])
                world.add(found_chinese(world, brand=first.brand, city=town, trade=what))


def _one_apart(world: Founding, brand: str) -> str:
    """A brand one character away; half of the time one that even sounds the same."""
    rng = world.rng
    place = rng.randrange(len(brand))
    alike = homophones().get(brand[place], ())
    syllables: list[str] = list(words("firms")["syllables"])
    options = [c for c in alike if c in syllables] if rng.random() < 0.5 else syllables
    for character in rng.sample(options, len(options)):
        other = brand[:place] + character + brand[place + 1 :]
        if other not in world.brands:
            return other
    return world.new_brand()


def _abroad(world: Founding, count: int) -> None:
    target = len(world.firms) + count
    while len(world.firms) < target:
        firm = found_english(world)
        world.add(firm)
        if world.rng.random() < 0.1:
            world.add(found_english(world, brand=firm.brand))


def _mark_alone(firms: list[Firm]) -> list[Firm]:
    count: dict[str, int] = {}
    for firm in firms:
        count[firm.brand] = count.get(firm.brand, 0) + 1
    return [replace(firm, alone=count[firm.brand] == 1) for firm in firms]


def _with_history(rng: Random, world: Founding, firm: Firm) -> Firm:
    """Some firms have moved within their city, and a few have taken a new name."""
    if isinstance(firm.town, City) and rng.random() < 0.1:
        firm = replace(firm, former_address=place_in(rng, firm.town))
    if firm.alone and isinstance(firm.town, City) and rng.random() < 0.03:
        brand = world.new_brand()
        former = firm.name.replace(firm.brand, brand)
        if reading(brand) and former not in world.names:
            firm = replace(firm, former_name=former)
            world.names.add(former)
    return firm
