"""The last lines of a mail: name, title, firm, numbers, as each person has set them up once."""

from dataclasses import dataclass
from random import Random

from pipelines.demo import data_entry
from pipelines.demo.firms import Firm, FirmScript
from pipelines.demo.people import ContactPerson
from pipelines.demo.world import World


@dataclass(frozen=True)
class Signature:
    """The signature of one person, and from whose mailbox it is sent."""

    name: str
    """The name shown as sender."""
    email: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """As plain text."""
        return "\n".join(self.lines)


def sign(rng: Random, person: ContactPerson, firm: Firm, world: World, email: str) -> Signature:
    """Set up somebody's signature."""
    company = data_entry.firm_name(rng, firm, world, 0.75)
    if firm.script is FirmScript.LATIN:
        return _english(rng, person, firm, company.strip(), email)
    return _chinese(rng, person, firm, company.strip(), email)


def _chinese(rng: Random, person: ContactPerson, firm: Firm, company: str, email: str) -> Signature:
    write = (lambda text: text) if firm.script is FirmScript.SIMPLIFIED else _as_there
    mobile_label, phone_label, fax_label = rng.choice(
        [("手机：", "电话：", "传真："), ("M: ", "T: ", "F: "), ("Mobile: ", "Tel: ", "Fax: ")]
    )
    head = rng.choice(
        [[f"{person.name}  {person.title}"], [person.name, person.title], [person.name]]
    )
    department = person.department if rng.random() < 0.5 else ""
    place = [f"{company} {department}".strip()] if rng.random() < 0.5 else [company]
    if department and len(place[0]) == len(company):
        place = [department, company]
    numbers = []
    mobile = person.mobile
    if person.former_mobile is not None and rng.random() < 0.3:
        mobile = person.former_mobile
    if mobile is not None and rng.random() < 0.85:
        numbers.append(f"{mobile_label}{data_entry.phone(rng, mobile, 0.9)}")
    if rng.random() < 0.7:
        extension = person.extension if rng.random() < 0.4 else None
        numbers.append(f"{phone_label}{data_entry.phone(rng, firm.phone, 0.9, extension)}")
    if rng.random() < 0.2:
        numbers.append(f"{fax_label}{_fax(firm.phone)}")
    if len(numbers) > 1 and rng.random() < 0.3:
        numbers = [f"{numbers[0]}  {numbers[1]}", *numbers[2:]]
    tail = []
    if rng.random() < 0.5:
        tail.append(f"邮箱：{email}")
    if rng.random() < 0.6:
        tail.append(f"地址：{data_entry.address(rng, firm, 0.8)}")
    if rng.random() < 0.4:
        tail.append(f"网址：www.{firm.domain}")
    lines = tuple(write(line) for line in [*head, *place, *numbers, *tail])
    return Signature(person.name, email, lines)


def _as_there(line: str) -> str:
    """Labels in the script of Taiwan; what is written already stays."""
    labels = {"手机：": "手機：", "电话：": "電話：", "传真：": "傳真：", "邮箱：": "信箱："}
    labels |= {"网址：": "網址："}
    for ours, theirs in labels.items():
        line = line.replace(ours, theirs)
    return line


def _fax(number: str) -> str:
    """The fax stands next to the phone: same line, last digit raised by one."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _english(rng: Random, person: ContactPerson, firm: Firm, company: str, email: str) -> Signature:
    name = person.name
    if person.nickname is not None and rng.random() < 0.25:
        name = f"{person.nickname} {person.surname}"
    lines = [name, person.title, company]
    if rng.random() < 0.25:
        lines[1] = f"{person.title}, {person.department}"
    if rng.random() < 0.15:
        lines = [f"{name} | {person.title} | {company}"]
    if rng.random() < 0.8:
        extension = person.extension if rng.random() < 0.3 else None
        lines.append(f"T: {data_entry.phone(rng, firm.phone, 0.9, extension)}")
    if person.mobile is not None and rng.random() < 0.7:
        lines.append(f"M: {person.mobile}")
    if rng.random() < 0.5:
        lines.append(f"E: {email}")
    if rng.random() < 0.6:
        lines.append(data_entry.address(rng, firm, 1.0))
    if rng.random() < 0.5:
        lines.append(f"www.{firm.domain}")
    return Signature(name, email, tuple(lines))
