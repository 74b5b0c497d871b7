"""Given names, surnames, streets and towns for the families of persons, frequent ones first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """The names of people of one origin."""

    male: list[str]
    female: list[str]
    surnames: list[str]


_ENGLISH_MALE = """
David John Michael James Peter Robert Paul Andrew William Thomas Stephen Mark Richard
Daniel Christopher Matthew Jack George Joseph Alan Anthony Kevin Brian Harry Oliver Ian
Simon Gary Philip Samuel Benjamin Charles Adam Edward Alexander Jonathan Graham Martin
Keith Colin Nicholas Ryan Luke Joshua Lewis Callum Liam Jake Connor Neil Stuart Craig
Scott Lee Darren Jason Dean Carl Wayne Barry Roger Derek Raymond Kenneth Ronald Dennis
Leonard Frederick Albert Ernest Walter Arthur Stanley Norman Donald Gordon Douglas
Trevor Geoffrey Malcolm Clive Nigel Adrian Russell Duncan Howard Leslie Maurice Gerald
Terence Vincent Francis Henry Archie Alfie Charlie Freddie Noah Leo Oscar Max Theo Ethan
Jacob Isaac Logan Mason Finley Toby Elliot Reuben Jude Felix Hugo Rory Angus Hamish
Fraser Gavin Ross Alistair Euan Owen Rhys Dylan Gareth Huw Evan Aled Ivor Cedric Horace
Cyril Percy Cuthbert Barnaby Rupert Giles Piers Quentin Jasper"""
_ENGLISH_FEMALE = """
Susan Margaret Sarah Elizabeth Patricia Mary Emma Karen Helen Julie Christine Jane
Jacqueline Amanda Linda Rebecca Laura Jennifer Claire Emily Charlotte Jessica Hannah
Sophie Olivia Amy Lucy Katherine Catherine Victoria Nicola Joanne Sharon Tracey Deborah
Alison Michelle Lisa Angela Barbara Carol Sandra Anne Ann Janet Jean Joan Dorothy Doreen
Joyce Irene Sheila Maureen Kathleen Brenda Pamela Gillian Judith Hilary Rosemary Marion
Beryl Edith Florence Ethel Doris Gladys Ivy Violet Hilda Winifred Vera Edna Marjorie
Audrey Sylvia Valerie Wendy Lesley Lynn Diane Jill Heather Fiona Kirsty Gemma Stacey
Kelly Natalie Samantha Kimberley Leanne Donna Lorraine Paula Theresa Frances Teresa
Alice Grace Ruby Isabella Ella Mia Lily Amelia Freya Poppy Evie Isla Daisy Chloe Megan
Bethany Abigail Georgia Molly Eleanor Phoebe Imogen Harriet Matilda Beatrice Martha
Naomi Ruth Esther Rachel Leah Miriam Bronwen Sian Carys Ffion Nerys Morag Eilidh Shona
Catriona Philippa Henrietta Arabella Cordelia Penelope Rosalind Tabitha Verity Prudence
Clementine"""
_ENGLISH_SURNAMES = """
Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans
Walker White Roberts Green Hall Wood Jackson Clarke Thomas Hughes Edwards Lewis Turner
Hill Harris Martin Clark Cooper Ward Morris Moore Hill King Watson Baker Harrison Morgan
Allen Scott Mitchell Anderson Phillips Young James Lee Parker Bennett Cook Shaw
Richardson Carter Collins Marshall Bailey Gray Cox Adams Wilkinson Foster Chapman Mason
Russell Powell Webb Rogers Hunt Mills Holmes Palmer Matthews Fisher Barnes Knight Lloyd
Butler Price Barker Dixon Fletcher Ellis Stevens Murray Graham Reynolds Simpson Ford
Gibson Ellison Owen Saunders Pearson Harvey Fox Day Kelly Murphy Brooks Cole West
Jenkins Perry Dawson Wells Hart Bird Lane Hudson Spencer Payne Pearce Burton Arnold
Stone Berry Watts Andrews Francis Hawkins Harding Newman Hopkins Bradley Carr Cross
Lawrence Elliott Lowe Ryan Bell Gill Read Freeman Austin Peters Grant Hayes Atkinson
Crawford Stewart Campbell MacDonald Robertson Reid Ross Hamilton Fraser McKenzie
Ferguson Duncan Henderson Burns Sutherland MacLeod Cameron Paterson Walsh Byrne Doyle
Gallagher Kennedy Lynch Quinn Nolan Griffiths Rees Parry Pritchard Vaughan Bowen Howells
Beynon Nicholson Sharp Bishop Parsons Porter Woods Abbott Barton Bates Booth Bull
Buckley Chambers Dale Dean Doherty Farrell Fuller Garner Giles Goodwin Hammond Heath
Hewitt Hobbs Hooper Hyde Kemp Kirk Lamb Little Long Moss Norris Osborne Page Peacock
Poole Potter Pratt Savage Short Skinner Sims Stokes Swift Sykes Thornton Townsend Tucker
Wade Warren Weston Whittaker Wilkins Winter Woodward Yates Steele Stephens Stevenson
Sutton Tyler Vincent Wallis Walton"""
_ROOTS = """Ash Ayl Bar Beck Bick Birk Black Brad Bram Bran Brook Buck Burn Cald Cart Chad Clay
Cleve Clif Cole Cran Craw Dal Den Dun Eas Ed Ell Farn Fen Gar Gold Gran Green Had Hal
Ham Har Has Hather Haz Hel Hind Hol Hors Hun Kel Ken Kirk Lang Lap Law Leigh Lin Lock
Mal Mar Mel Mil Mor Mos New Nor Oak Old Pad Pem Pick Pres Rad Ram Raw Red Rock Row Rush
San Sel Shel Sher Shir Skel Stan Staf Stock Strat Sul Swan Tar Tem Thorn Til Tur Up Wad
Wal War Wes Wet Whit Wick Wil Win Wool Wor Wy York"""
_ENDS = """ton ley ford well wood worth field by ham bury den combe dale hurst more land man son
wick ridge shaw thorpe stead bridge croft gate ward bourne cott mere stone"""
_SOUTH_ASIAN = (
    """Mohammed Muhammad Ali Imran Amir Hassan Ahmed Raj Sanjay Amit Rahul Vijay Arjun Suresh
Ramesh Anil Harpreet Gurpreet Manjit Balvinder Usman Bilal Tariq Khalid Asif Zahid
Naveed Faisal Rohan Dev Kiran Nikhil Yusuf Hamza Ibrahim Ravi Deepak Ashok Prakash
Mukesh Waqas Shahid Iqbal Javed Kamran""",
    """Fatima Aisha Ayesha Priya Anita Sunita Nisha Pooja Shabana Nasreen Samina Zainab Maryam
Khadija Amina Harpreet Gurpreet Manjit Jasvinder Simran Kavita Meera Deepa Lakshmi Rekha
Geeta Usha Saima Sadia Farah Nazia Shazia Rukhsana Parveen Bushra Hina Anjali Divya
Sneha Radha""",
    """Patel Khan Singh Ahmed Ali Hussain Begum Kaur Shah Akhtar Mahmood Malik Iqbal Hussein
Chaudhry Mistry Sharma Gupta Desai Mehta Joshi Rahman Uddin Miah Islam Chowdhury Mirza
Qureshi Siddiqui Butt Sheikh Rashid Bhatti Dhillon Gill Sandhu Sidhu Grewal Bains Nair
Reddy Rao Iyer Fernando Perera Silva Aziz Rehman Mughal""",
)
_POLISH = (
    """Piotr Krzysztof Tomasz Paweł Marcin Michał Łukasz Grzegorz Jakub Mateusz Kamil Wojciech
Rafał Dariusz Andrzej Jan Adam Dawid Bartosz Przemysław Sławomir Zbigniew Stanisław
Maciej Artur""",
    """Anna Katarzyna Małgorzata Agnieszka Magdalena Joanna Monika Aleksandra Natalia Karolina
Ewa Dorota Beata Justyna Paulina Sylwia Iwona Zofia Julia Marta Elżbieta Grażyna Halina
Żaneta""",
    """Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański
Woźniak Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski Krawczyk Kaczmarek Piotrowski
Grabowski Zając Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Stępień Malinowski
Górski Rutkowski Sikora Baran Duda Szewczyk Tomaszewski""",
)
_AFRICAN = (
    """Emmanuel Samuel Kwame Kofi Chukwuemeka Oluwaseun Babatunde Tunde Femi Chidi Ifeanyi
Kwabena Yaw Abdi Mohamed Omar Tendai Tafadzwa Blessing Segun Olumide Adebayo Ikenna
Obinna Godwin Sunday""",
    """Blessing Grace Ngozi Chioma Adaeze Folake Yetunde Abena Akosua Ama Efua Amaka Chinwe
Ifeoma Hodan Fadumo Rudo Tsitsi Comfort Patience Mercy Joy Temitope Oluwakemi Titilayo
Funmilayo""",
    """Okafor Adeyemi Mensah Owusu Boateng Asante Osei Okonkwo Nwosu Eze Adebayo Balogun
Ogunleye Appiah Agyeman Amoah Mohamed Abdi Hassan Moyo Ncube Sibanda Dube Chukwu Obi
Nwachukwu Oyelaran Afolabi Bello Ibrahim""",
)
_IBERIAN = (
    """José João Carlos António Luís Manuel Miguel Pedro Jorge Rui Tiago André Nuno Javier
Sergio Andrés Álvaro Raúl Iván Óscar Fernando Ricardo Diogo Gonçalo Mário""",
    """María Ana Carmen Isabel Inês Beatriz Sofía Lucía Marta Cristina Rosa Teresa Catarina
Joana Mariana Patrícia Sónia Conceição Fátima Pilar Dolores Mónica Verónica Andreia
Raquel""",
    """Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Fernandes Gonçalves Gomes
Lopes Marques García Martínez López Sánchez Pérez González Fernández Álvarez Muñoz
Jiménez Ruiz Núñez Peña Ibáñez Araújo""",
)
_CHINESE = (
    """Wei Jun Ming Chi-Keung Ka-Ming Wai-Man Hao Lei Jian Tao Kin-Wah Siu-Ming Yong Bo Feng
Peng Chun-Hei""",
    """Mei Ling Xiuying Fang Na Li Mei-Ling Siu-Fong Wai-Yee Ka-Yan Jing Yan Hui Lai-Kuen
Suk-Yee Xiaoyan""",
    """Wong Chan Lee Li Wang Chen Zhang Liu Lam Leung Ng Cheung Ho Yang Huang Zhou Wu Xu Lau
Tang Tsang Kwok""",
)
_GREEK = (
    """Andreas Georgios Nikos Dimitrios Mehmet Mustafa Ahmet Hüseyin Emre Burak Cem Özgür
Yiannis Kostas Stavros Panayiotis Savvas Kyriacos Murat Serkan Çağlar""",
    """Eleni Maria Androulla Katerina Ayşe Fatma Emine Zeynep Elif Gül Şule Özlem Despina
Chrystalla Sofia Vasiliki Hatice Meryem Sevgi Çiğdem""",
    """Georgiou Christodoulou Ioannou Yılmaz Kaya Demir Şahin Çelik Öztürk Papadopoulos
Constantinou Michael Demetriou Kyriakou Aydın Yıldız Doğan Arslan Hadjigeorgiou Nicolaou
Savva Charalambous""",
)


def _tongue(male: str, female: str, surnames: str, more: list[str] | None = None) -> Tongue:
    names = list(dict.fromkeys(surnames.split() + (more or [])))
    return Tongue(male.split(), female.split(), names)


_COMPOSED = [root + end for end in _ENDS.split() for root in _ROOTS.split()]
_COMPOSED = [_COMPOSED[(i * 1009) % len(_COMPOSED)] for i in range(len(_COMPOSED))]
TONGUES = [
    _tongue(_ENGLISH_MALE, _ENGLISH_FEMALE, _ENGLISH_SURNAMES, _COMPOSED),
    _tongue(*_SOUTH_ASIAN),
    _tongue(*_POLISH),
    _tongue(*_AFRICAN),
    _tongue(*_IBERIAN),
    _tongue(*_CHINESE),
    _tongue(*_GREEK),
]
_NICK = """David:Dave,Davy John:Jack,Johnny Michael:Mike,Mick James:Jim,Jamie Peter:Pete
Robert:Bob,Rob Andrew:Andy,Drew William:Bill,Will Thomas:Tom,Tommy Stephen:Steve
Richard:Rick,Dick Daniel:Dan,Danny Christopher:Chris Matthew:Matt Joseph:Joe
Anthony:Tony Philip:Phil Samuel:Sam Benjamin:Ben Charles:Charlie Edward:Ed,Ted
Alexander:Alex,Sandy Jonathan:Jon Nicholas:Nick Joshua:Josh Kenneth:Ken Ronald:Ron
Dennis:Den Leonard:Len Frederick:Fred Albert:Bert Walter:Wally Arthur:Art Stanley:Stan
Norman:Norm Donald:Don Douglas:Doug Trevor:Trev Geoffrey:Geoff Terence:Terry
Vincent:Vince Francis:Frank Henry:Harry Raymond:Ray Gerald:Gerry Leslie:Les Archie:Arch
Jacob:Jake Susan:Sue Margaret:Maggie,Peggy,Meg Elizabeth:Liz,Beth,Betty
Patricia:Pat,Trish Mary:Molly Christine:Chris Jacqueline:Jackie Amanda:Mandy Linda:Lin
Rebecca:Becky,Becca Jennifer:Jenny,Jen Jessica:Jess Katherine:Kate,Kathy
Catherine:Cathy,Kate Victoria:Vicky Nicola:Nicky Joanne:Jo Deborah:Debbie,Debs
Michelle:Shell Angela:Angie Barbara:Barb Sandra:Sandie Dorothy:Dot,Dotty Kathleen:Kath
Pamela:Pam Gillian:Gill Judith:Judy Rosemary:Rose Florence:Flo Winifred:Win Valerie:Val
Samantha:Sam Kimberley:Kim Lorraine:Lori Theresa:Terri Frances:Fran Teresa:Tess
Isabella:Bella Amelia:Millie Abigail:Abby Eleanor:Ellie,Nell Harriet:Hattie
Matilda:Tilly Beatrice:Bea Philippa:Pippa Penelope:Penny Mohammed:Mo Muhammad:Mo
Balvinder:Bal Jasvinder:Jas Emmanuel:Manny Katarzyna:Kasia Małgorzata:Gosia
Agnieszka:Aga Magdalena:Magda Joanna:Asia Aleksandra:Ola Piotr:Piotrek Krzysztof:Krzys
Tomasz:Tomek Grzegorz:Grzes Jakub:Kuba José:Pepe Francisco:Paco María:Mari Dolores:Lola
Georgios:George Dimitrios:Jimmy Eleni:Helen Oluwaseun:Seun Babatunde:Tunde
Chukwuemeka:Emeka Temitope:Temi Oluwakemi:Kemi"""
NICKNAMES = {k: v.split(",") for k, v in (pair.split(":") for pair in _NICK.split())}
STREETS = [
    f"{base} {kind}"
    for kind in """Road Street Avenue Close Lane Drive Way Crescent
    Gardens Grove Place Terrace""".split()
    for base in """High Station Church Victoria Park Mill Green Manor Kings Queens New London
    Chapel School
Grange Albert George York Windsor Alexandra Springfield Orchard Meadow North West South
East Elm Oak Ash Beech Chestnut Hawthorn Laurel Willow Cedar Maple Highfield Woodlands
Hillside Fairfield Greenfield Northfield Westfield Abbey Castle Bridge River Brook Wood
Hill Heath Common Vicarage Rectory Priory Nelson Wellington Clarence Stanley Cambridge
Oxford Warwick Derby Lincoln Durham Richmond Rosemary Sycamore Poplar Juniper Lime Birch
Holly Ivy Primrose Bramble Fern Kingsway Churchill Gladstone""".split()
]
ABBREVIATED = {
    "Road": "Rd", "Street": "St", "Avenue": "Ave", "Close": "Cl", "Lane": "Ln", "Drive": "Dr",
    "Crescent": "Cres", "Gardens": "Gdns", "Grove": "Gr", "Place": "Pl", "Terrace": "Terr",
}  # fmt: skip


@dataclass(frozen=True)
class Town:
    """A town with what hangs on it."""

    name: str
    county: str
    region: str
    area: str
    dial: str
    lat: float
    lng: float


_REGIONS = {
    "WM": "West Midlands",
    "EM": "East Midlands",
    "YH": "Yorkshire",
    "NW": "North West",
    "NE": "North East",
    "SW": "South West",
    "SE": "South East",
    "EA": "East",
    "SC": "Scotland",
    "WA": "Wales",
    "LO": "London",
}
_TOWNS = """London,Greater London,LO,SE,020,51.49,-0.07
Birmingham,West Midlands,WM,B,0121,52.48,-1.90
Leeds,West Yorkshire,YH,LS,0113,53.80,-1.55
Glasgow,Lanarkshire,SC,G,0141,55.86,-4.25
Sheffield,South Yorkshire,YH,S,0114,53.38,-1.47
Manchester,Greater Manchester,NW,M,0161,53.48,-2.24
Bradford,West Yorkshire,YH,BD,01274,53.80,-1.75
Liverpool,Merseyside,NW,L,0151,53.41,-2.98
Edinburgh,Midlothian,SC,EH,0131,55.95,-3.19
Bristol,Avon,SW,BS,0117,51.45,-2.59
Cardiff,South Glamorgan,WA,CF,029,51.48,-3.18
Leicester,Leicestershire,EM,LE,0116,52.63,-1.13
Coventry,West Midlands,WM,CV,024,52.41,-1.51
Nottingham,Nottinghamshire,EM,NG,0115,52.95,-1.15
Newcastle upon Tyne,Tyne and Wear,NE,NE,0191,54.98,-1.61
Sunderland,Tyne and Wear,NE,SR,0191,54.91,-1.38
Brighton,East Sussex,SE,BN,01273,50.82,-0.14
Hull,East Yorkshire,YH,HU,01482,53.74,-0.33
Plymouth,Devon,SW,PL,01752,50.37,-4.14
Stoke-on-Trent,Staffordshire,WM,ST,01782,53.00,-2.18
Wolverhampton,West Midlands,WM,WV,01902,52.59,-2.11
Derby,Derbyshire,EM,DE,01332,52.92,-1.48
Swansea,West Glamorgan,WA,SA,01792,51.62,-3.94
Southampton,Hampshire,SE,SO,023,50.90,-1.40
Aberdeen,Aberdeenshire,SC,AB,01224,57.15,-2.09
Portsmouth,Hampshire,SE,PO,023,50.80,-1.09
York,North Yorkshire,YH,YO,01904,53.96,-1.08
Dundee,Angus,SC,DD,01382,56.46,-2.97
Oxford,Oxfordshire,SE,OX,01865,51.75,-1.26
Cambridge,Cambridgeshire,EA,CB,01223,52.21,0.12
Norwich,Norfolk,EA,NR,01603,52.63,1.30
Ipswich,Suffolk,EA,IP,01473,52.06,1.16
Exeter,Devon,SW,EX,01392,50.72,-3.53
Gloucester,Gloucestershire,SW,GL,01452,51.86,-2.24
Lincoln,Lincolnshire,EM,LN,01522,53.23,-0.54
Chester,Cheshire,NW,CH,01244,53.19,-2.89
Preston,Lancashire,NW,PR,01772,53.76,-2.70
Blackpool,Lancashire,NW,FY,01253,53.82,-3.05
Carlisle,Cumbria,NW,CA,01228,54.89,-2.93
Durham,County Durham,NE,DH,0191,54.78,-1.57
Bath,Somerset,SW,BA,01225,51.38,-2.36
Taunton,Somerset,SW,TA,01823,51.02,-3.10
Truro,Cornwall,SW,TR,01872,50.26,-5.05
Inverness,Highland,SC,IV,01463,57.48,-4.22
Perth,Perthshire,SC,PH,01738,56.40,-3.44
Wrexham,Clwyd,WA,LL,01978,53.05,-2.99
Shrewsbury,Shropshire,WM,SY,01743,52.71,-2.75
Worcester,Worcestershire,WM,WR,01905,52.19,-2.22
Hereford,Herefordshire,WM,HR,01432,52.06,-2.72
Canterbury,Kent,SE,CT,01227,51.28,1.08
Maidstone,Kent,SE,ME,01622,51.27,0.52
Guildford,Surrey,SE,GU,01483,51.24,-0.57
Reading,Berkshire,SE,RG,0118,51.45,-0.97
Luton,Bedfordshire,EA,LU,01582,51.88,-0.42
Northampton,Northamptonshire,EM,NN,01604,52.24,-0.90
Peterborough,Cambridgeshire,EA,PE,01733,52.57,-0.24
Southend-on-Sea,Essex,EA,SS,01702,51.54,0.71
Colchester,Essex,EA,CO,01206,51.89,0.90
Bolton,Greater Manchester,NW,BL,01204,53.58,-2.43
Huddersfield,West Yorkshire,YH,HD,01484,53.65,-1.78"""


def _town(line: str) -> Town:
    name, county, region, area, dial, lat, lng = line.split(",")
    return Town(name, county, _REGIONS[region], area, dial, float(lat), float(lng))


MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
TOWNS = [_town(line) for line in _TOWNS.splitlines()]
MAIL = """gmail.com hotmail.co.uk yahoo.co.uk btinternet.com outlook.com hotmail.com icloud.com
sky.com live.co.uk talktalk.net virginmedia.com aol.com ntlworld.com tiscali.co.uk
protonmail.com""".split()
