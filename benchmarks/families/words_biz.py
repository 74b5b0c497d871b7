"""English names, firms, places and telephone numbers for the B2B families, frequent first."""

from dataclasses import dataclass

from benchmarks.families.words_kit import Bag, Dice, slip

_MEN = """James=Jim,Jimmy Robert=Bob,Rob,Bobby John=Jack,Johnny
Michael=Mike,Mick David=Dave William=Bill,Will Richard=Rick,Dick Joseph=Joe
Thomas=Tom Charles=Charlie,Chuck Christopher=Chris Daniel=Dan,Danny Matthew=Matt
Anthony=Tony Mark Donald=Don Steven=Steve Paul Andrew=Andy,Drew Joshua=Josh
Kenneth=Ken Kevin=Kev Brian George Timothy=Tim Ronald=Ron Edward=Ed,Ted Jason=Jay
Jeffrey=Jeff Ryan Jacob=Jake Gary Nicholas=Nick Eric Jonathan=Jon Stephen=Steve
Larry=Lawrence Justin Scott Brandon Benjamin=Ben Samuel=Sam Gregory=Greg
Alexander=Alex,Al Patrick=Pat Frank Raymond=Ray Dennis Jerry Tyler Aaron Jose=Pepe
Adam Nathan=Nate Henry=Harry Douglas=Doug Zachary=Zach Peter=Pete Kyle Walter=Walt
Ethan Carl Roger Keith Gerald=Gerry Arthur=Art Lawrence=Larry Sean Christian
Albert=Al Vincent=Vince Philip=Phil Russell=Russ Leonard=Len Marcus Hector Omar Ivan
Mohammed Rajesh=Raj Sanjay Wei Hiroshi Dmitri Giovanni=Gio Francisco=Paco Luis
Carlos Liam Stuart=Stu"""
_WOMEN = """Mary=Molly Patricia=Pat,Trish Jennifer=Jen,Jenny Linda
Elizabeth=Liz,Beth,Betty Barbara=Barb Susan=Sue,Suzie Jessica=Jess Sarah=Sally Karen
Lisa Nancy Sandra=Sandy Margaret=Maggie,Peggy Ashley Kimberly=Kim Emily=Em Donna
Michelle=Shelly Carol Amanda=Mandy Melissa=Mel Deborah=Deb,Debbie Stephanie=Steph
Dorothy=Dot Rebecca=Becky Sharon Laura Cynthia=Cindy Amy Kathleen=Kathy,Kate
Angela=Angie Shirley Brenda Emma Anna Pamela=Pam Nicole=Nikki Samantha=Sam
Katherine=Kate,Kathy,Katie Christine=Chris Helen Debra=Debbie Rachel Carolyn
Janet=Jan Maria Catherine=Cathy,Kate Heather Diane Olivia=Liv Julie Joyce
Victoria=Vicky,Tori Ruth Virginia=Ginny Lauren Kelly Christina=Tina Joan Evelyn
Judith=Judy Andrea Hannah Cheryl Megan=Meg Jacqueline=Jackie Gloria Teresa=Terri
Sara Janice Ann Abigail=Abby Priya Fatima Mei Yuki Olga Giulia Carmen Lucia Siobhan
Ingrid Theresa=Tess Gabriella=Gabby Alison=Ali"""
_LASTS = """Smith Johnson Williams Brown Jones Garcia Miller Davis
Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor Moore
Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson
Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson
Baker Hall Rivera Campbell Mitchell Carter Roberts Patel Khan Singh Murphy Kelly
O'Brien Cohen Kim Chen Wang Park Schmidt Schneider Kowalski Novak Rossi Russo
Ferrari Silva Santos Costa Petrov Ivanov Haddad Hassan Ahmed Ali Okafor Mensah
Tanaka Sato Tran Pham MacDonald McCarthy Fitzgerald Van_Dyke De_Luca St._John
O'Connor Fischer Weber Larsson Hansen Jensen Nielsen Olsen Virtanen Papadopoulos
Stavros Reddy Gupta Sharma Mukherjee Zhang Huang Choi Yamamoto Delgado Fuentes
Dubois Lefebvre Moreau"""
_HEADS = """Ash Brad Cal Har Hol Kings Lang Mar New North Pem Red Shel
Stan Thorn Wal West Win Wood Black Broad Crom Dun Elm Fair Gold Hart Kem Lind Mid
Nor Oak Pres Rad Sud Ter Up Whit Wy Bex""".split()
_TAILS = "ford ton ley well wood man son field worth by ham den stone croft burn gate".split()
_CITIES = """New_York|NY|212 646 718;Los_Angeles|CA|213 310
323;Chicago|IL|312 773;Houston|TX|713 281; Phoenix|AZ|602 480;Philadelphia|PA|215
267;San_Antonio|TX|210;San_Diego|CA|619 858;Dallas|TX|214 972;
Austin|TX|512;Jacksonville|FL|904;Columbus|OH|614;Charlotte|NC|704;Seattle|WA|206;Denver|CO|303
720; Boston|MA|617
857;Portland|OR|503;Portland|ME|207;Detroit|MI|313;Nashville|TN|615;Memphis|TN|901;
Baltimore|MD|410;Milwaukee|WI|414;Atlanta|GA|404
678;Kansas_City|MO|816;Kansas_City|KS|913;Miami|FL|305;
Minneapolis|MN|612;Cleveland|OH|216;Tampa|FL|813;St._Louis|MO|314;Pittsburgh|PA|412;Cincinnati|OH|513;
Springfield|IL|217;Springfield|MA|413;Richmond|VA|804;Des_Moines|IA|515;Boise|ID|208;Omaha|NE|402"""
STREETS = Bag(
    """Main Oak Maple Market Park Washington Elm Lake Hill Church
Broad Commerce Industrial Franklin Center Highland Jefferson Lincoln Mill River
Spring Union Walnut Cedar Chestnut Pine Sunset Jackson Adams Technology Corporate
Enterprise Innovation Harbor Airport Prospect Madison Monroe Bridge Canal""".split(),
    0.4,
)
KINDS = [
    "Street",
    "Street",
    "Avenue",
    "Road",
    "Drive",
    "Boulevard",
    "Lane",
    "Parkway",
    "Way",
    "Court",
]
SHORT = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Boulevard": "Blvd",
         "Lane": "Ln", "Parkway": "Pkwy"}  # fmt: skip
_BRANDS = """Apex Summit Pioneer Atlas Vertex Nova Delta Horizon Granite
Liberty Titan Cascade Harbor Beacon Sterling Falcon Keystone Meridian Evergreen
Redwood Lakeside Midwest Pacific Atlantic Northern Precision Quantum Vector Sigma
Omega Orion Polaris Zenith Phoenix Heritage Patriot Eagle Crown Diamond Silver
Cobalt Copper Iron Blue Ridge Canyon Prairie Sierra Alpine Coastal United Global
National Premier Advanced Superior Integrated Allied Dynamic Modern Standard
Universal American Tri Inter Omni Ever""".split()
_TRADES = """Systems Solutions Manufacturing Logistics Consulting
Construction Electric Industries Supply Plastics Foods Partners Engineering Medical
Software Technologies Insurance Realty Financial Design Packaging Steel Controls
Instruments Printing Energy Freight Marketing Staffing Security Chemical Automotive
Aerospace Dental Hardware Interiors Networks Landscaping Roofing Textiles""".split()
TITLES = Bag(
    [
        title.replace("_", " ")
        for title in """Sales_Manager President Account_Executive Purchasing_Manager CEO Engineer
Director_of_Operations Vice_President Office_Manager Buyer Marketing_Manager Project_Manager CFO
Controller IT_Manager Owner HR_Manager Plant_Manager Senior_Engineer Administrative_Assistant
General_Manager Director_of_Sales Facilities_Manager Quality_Manager Consultant Partner Analyst
Accountant Director VP_Sales""".split()
    ],
    0.6,
)
TITLE_SHORT = {"Manager": "Mgr", "Director": "Dir.", "Vice President": "VP", "Senior": "Sr.",
               "Administrative": "Admin.", "President": "Pres.", "Engineer": "Eng."}  # fmt: skip
PRIVATE = Bag(
    "gmail.com yahoo.com hotmail.com aol.com outlook.com icloud.com comcast.net".split(), 1
)
ROLES = "info sales office contact admin service purchasing hr".split()


def _names(block: str) -> list[tuple[str, list[str]]]:
    pairs = (token.partition("=") for token in block.split())
    return [(name, [n for n in nicks.split(",") if n]) for name, _, nicks in pairs]


MEN, WOMEN = Bag(_names(_MEN), 0.7), Bag(_names(_WOMEN), 0.7)
NICKS = dict(_names(_MEN) + _names(_WOMEN))
LASTS = Bag(
    [n.replace("_", " ") for n in _LASTS.split()] + [h + t for t in _TAILS for h in _HEADS], 0.75
)
CITIES = Bag(
    [
        (city.replace("_", " "), state, codes.split())
        for city, state, codes in (part.strip().split("|") for part in _CITIES.split(";"))
    ],
    0.5,
)


def first_name(dice: Dice) -> tuple[str, bool]:
    """A given name, and whether a woman bears it."""
    woman = dice.chance(0.48)
    return dice.draw(WOMEN if woman else MEN)[0], woman


@dataclass(frozen=True)
class Firm:
    """A firm with its seat, switchboard (bare digits) and mail domain."""

    core: str
    trade: str
    form: str
    street: str
    city: str
    state: str
    area: str
    board: str
    domain: str

    @property
    def full(self) -> str:
        return " ".join(part for part in (self.core, self.trade, self.form) if part)

    def variant(self, dice: Dice) -> str:
        """Another way to write the firm that still says which one."""
        long = {"Inc.": "Incorporated", "Corp.": "Corporation", "Co.": "Company"}
        bare = f"{self.core} {self.trade}".strip()
        return dice.pick([
            bare, bare, f"{bare}, {self.form or 'Inc.'}",
            f"{bare} {long.get(self.form, self.form)}",
            f"The {bare}", bare.replace(" & ", " and "), f"{bare} {self.form.rstrip('.')}",
            f"{bare} - {self.city}", self.full.lower(), f"{slip(dice, self.core)} {self.trade}",
            self.core if " " in self.core else bare, f"{bare} {self.form} ({self.state})",
        ]).strip()  # fmt: skip


def phone(dice: Dice, area: str, bad: float = 0.0) -> str:
    """Ten digits; for the share `bad` such as no exchange has."""
    if dice.chance(bad):
        area = dice.pick(["000", "155", "555", area])
        return area + dice.pick(["555", "011", "123", "100"]) + dice.digits(4)
    exchange = f"{dice.between(2, 9)}{dice.between(2, 9)}{dice.between(2, 9)}"
    return area + exchange + dice.digits(4)


def write_phone(dice: Dice, number: str, extension: str, style: int, odd: float) -> str:
    """A telephone number in the style of a system, or oddly."""
    a, b, c = number[:3], number[3:6], number[6:]
    forms = [f"({a}) {b}-{c}", f"{a}-{b}-{c}", number, f"{a}.{b}.{c}", f"+1 {a} {b} {c}"]
    text = forms[style % 5]
    if dice.chance(odd):
        text = dice.pick(
            [
                *forms,
                f"1-{a}-{b}-{c}",
                f"001{number}",
                f"{a}/{b}-{c}",
                f"{b}-{c}",
                f"+1{number}",
                f"tel: {a} {b} {c}",
                f"{number}.0",
                f"{a} {b}{c}",
            ]
        )
    return text + (dice.pick([" x", " ext. ", " ext ", "x", ", "]) + extension if extension else "")


def street(dice: Dice) -> str:
    """A street address, for part of them with the suite."""
    text = f"{dice.between(1, 9999)} {dice.draw(STREETS)} {dice.pick(KINDS)}"
    if dice.chance(0.4):
        text += f"{dice.pick([', Suite', ' Ste', ' #'])} {dice.between(1, 900)}"
    return text


def restreet(dice: Dice, text: str) -> str:
    """The street address as another clerk writes it."""
    words = [SHORT.get(w, w) if dice.chance(0.7) else w for w in text.split(" ")]
    text = " ".join(words)
    return text.split(",")[0] if dice.chance(0.3) else text.upper() if dice.chance(0.2) else text


def firm(dice: Dice, taken: set[str], surname: str = "") -> Firm:
    """A firm no other of the register is called like; `surname` names it for its owner."""
    while True:
        city, state, areas = dice.draw(CITIES)
        kind = dice.below(5)
        core = dice.pick(_BRANDS)
        if surname or kind == 0:
            core = surname or dice.draw(LASTS)
            core += dice.pick(["", "", " & Sons", " Brothers", " & " + dice.draw(LASTS)])
        elif kind == 1:
            core += dice.pick([" ", ""]) + dice.pick(_BRANDS).lower().title()
        elif kind == 2:
            core = f"{city if dice.chance(0.4) else dice.pick(_BRANDS)} {dice.draw(LASTS)}"
        trade = dice.pick(_TRADES)
        if f"{core} {trade}" not in taken:
            break
    taken.add(f"{core} {trade}")
    form = dice.pick(["Inc.", "Inc.", "LLC", "LLC", "Corp.", "Co.", "Ltd.", "Group", "", ""])
    local = "".join(c for c in core.lower() if c.isalnum())
    local += dice.pick(["", trade.lower(), trade.lower()[:4], state.lower(), "-" + trade.lower()])
    while local in taken:
        local += dice.pick(["usa", "inc", "corp", "1", "group"])
    taken.add(local)
    area = dice.pick(areas)
    return Firm(core, trade, form, street(dice), city, state, area, phone(dice, area),
                local + dice.pick([".com", ".com", ".com", ".net", ".biz", ".us"]))  # fmt: skip


def letters(text: str) -> str:
    """The letters of a name in lower case, as they stand in an address."""
    return "".join(c for c in text.lower() if c.isascii() and c.isalpha())


def work_mail(first: str, last: str, domain: str, style: int) -> str:
    """A work address by the firm's habit."""
    f, n = letters(first), letters(last)
    return [f"{f}.{n}", f"{f[:1]}{n}", f"{f}{n[:1]}", f"{f}_{n}", f"{n}.{f}", f"{f}"][
        style % 6
    ] + f"@{domain}"


def private_mail(dice: Dice, first: str, last: str) -> str:
    """A private address."""
    f, n, year = letters(first), letters(last), str(dice.between(50, 99))
    local = dice.pick([f"{f}.{n}{year}", f"{f}{n}{dice.digits(3)}", f"{n}{f[:1]}{dice.digits(3)}",
                       f"{f}{year}{dice.digits(2)}", f"{f[:1]}{n}{dice.digits(4)}"])  # fmt: skip
    return f"{local}@{dice.draw(PRIVATE)}"


def short_title(title: str) -> str:
    """A job title abbreviated."""
    for word, less in TITLE_SHORT.items():
        title = title.replace(word, less)
    return title
