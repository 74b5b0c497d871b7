"""Names, firms and numbers of ten tongues for the sales leads, frequent first."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from benchmarks.families.words_kit import Bag, Dice

SPECIAL = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "ı": "i", "ß": "ss"})


@dataclass(frozen=True)
class Tongue:
    """How people and firms of a country are called."""

    name: str
    country: str
    code: str
    tld: str
    firsts: Bag[str]
    lasts: Bag[str]
    cities: list[str]
    words: list[str]
    forms: list[str]


def _tongue(text: str) -> Tongue:
    head, firsts, lasts, cities, words, forms = (part.strip() for part in text.strip().split("\n/"))
    name, country, code, tld = head.split()
    split = [[w.replace("_", " ") for w in t.split()] for t in (cities, words, forms)]
    return Tongue(name, country.replace("_", " "), code, tld,
                  Bag([w.replace("_", " ") for w in firsts.split()], 0.5),
                  Bag([w.replace("_", " ") for w in lasts.split()], 0.5), *split)  # fmt: skip


TONGUES = [_tongue(block) for block in """es Spain 34 es
/José María Antonio Carmen Manuel Ana Francisco Isabel Juan Laura David Cristina Javier Marta
Daniel Lucía
Carlos Elena Miguel Pilar Rafael Raquel Pedro Rocío Ángel Beatriz Sergio Nuria José_Luis
María_José Óscar
/García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz
Hernández Díaz
Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Ramírez
Serrano
Blanco Molina Suárez Castro Ortega Delgado Ortiz Marín Rubio Núñez Medina Iglesias Peña Cortés
Fuentes
/Madrid Barcelona Valencia Sevilla Zaragoza Málaga Bilbao Murcia Alicante Vigo
/Textiles Industrias Comercial Suministros Construcciones Alimentos Muebles Cerámicas Hierros
Bodegas
/S.L. S.A. S.L.U. Hermanos
;mx Mexico 52 mx
/Juan Guadalupe Luis Verónica Jorge Leticia Roberto Alejandra Ricardo Gabriela Fernando Patricia
Eduardo
Adriana Arturo Claudia Héctor Silvia Raúl Yolanda Gerardo Norma Enrique Rosa Martín Alicia Víctor
Diana
/Hernández García Martínez López González Pérez Rodríguez Sánchez Ramírez Cruz Flores Gómez
Morales Vázquez
Reyes Jiménez Torres Díaz Gutiérrez Ruiz Mendoza Aguilar Ortiz Moreno Castillo Romero Álvarez
Méndez Chávez
/Ciudad_de_México Guadalajara Monterrey Puebla Tijuana León Querétaro Mérida
/Distribuidora Grupo Plásticos Aceros Transportes Empaques Refacciones Servicios Agro Químicos
/S.A._de_C.V. S._de_R.L. SA_CV
;de Germany 49 de
/Thomas Andreas Michael Sabine Stefan Petra Peter Monika Christian Claudia Jürgen Susanne
Wolfgang Birgit
Klaus Anja Bernd Katrin Matthias Nicole Jörg Heike Frank Ulrike Uwe Stefanie Günter Silke Björn
Käthe Heinz
/Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer
Richter Klein
Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner
Krause Maier
Lehmann Köhler Herrmann Walter König Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung
Groß
/Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Nürnberg Dortmund Würzburg
/Maschinenbau Elektrotechnik Bau Handel Logistik Metallbau Kunststofftechnik Werkzeugbau Möbel
Druck
/GmbH GmbH_&_Co._KG AG KG e.K.
;pl Poland 48 pl
/Anna Piotr Maria Krzysztof Katarzyna Andrzej Małgorzata Tomasz Agnieszka Paweł Barbara Marcin
Ewa Michał
Krystyna Jan Magdalena Grzegorz Elżbieta Łukasz Joanna Stanisław Aleksandra Zbigniew Zofia
Wojciech Teresa
/Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak
Dąbrowski
Kozłowski Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając
Pawłowski
Michalski Król Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień Malinowski
Jaworski Adamczyk
/Warszawa Kraków Łódź Wrocław Poznań Gdańsk Szczecin Katowice Lublin
/Zakład Przedsiębiorstwo Hurtownia Meble Stal Budownictwo Transport Elektro Opakowania
/Sp._z_o.o. S.A. s.c. Sp.j.
;ar UAE 971 ae
/Mohammed Ahmed Ali Fatima Omar Khalid Youssef Hassan Aisha Ibrahim Abdullah Mariam Hussein
Mahmoud Nour
Saeed Layla Abdulrahman Khaled Tariq Zainab Rashid Hamza Amina Faisal Salma Walid Samir Huda
Nasser Jamal
/Al-Mansouri Al-Hashimi Hussein Khalil Ibrahim Al-Maktoum Saleh Haddad Al-Zaabi Nasser Mahmoud
Al-Suwaidi
Abdallah Rahman Qasim El-Sayed Al-Shamsi Aziz Hamdan Al-Ketbi Farouk Mansour Al-Nuaimi Othman
Bakr Al-Harbi
/Dubai Abu_Dhabi Sharjah Ajman Ras_Al_Khaimah
/Trading Contracting Emirates Gulf_Trading Building_Materials Electromechanical Foodstuff Star
/LLC FZE Est. L.L.C. FZCO
;vi Vietnam 84 vn
/Văn_Hùng Thị_Lan Minh_Tuấn Thị_Hương Quốc_Anh Thanh_Hà Văn_Nam Thị_Mai Đức_Anh Ngọc_Linh
Hoàng_Long
Thị_Thu Văn_Dũng Thị_Hoa Quang_Huy Phương_Thảo Tuấn_Anh Thị_Nga Văn_Thành Kim_Ngân Hải_Yến
Xuân_Trường
/Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý
/Hà_Nội Hồ_Chí_Minh Đà_Nẵng Hải_Phòng Cần_Thơ Bình_Dương
/Thương_Mại Sản_Xuất Xây_Dựng Dệt_May Thực_Phẩm Điện_Tử Gỗ Nhựa
/Co.,_Ltd JSC TNHH Company_Limited
;ja Japan 81 jp
/Hiroshi Takashi Yuko Kenji Shin'ichi Keiko Akira Yoko Jun'ichi Naoko Kazuo Tomoko Yuuki Ryota
Emi Shota
Kaori Daisuke Mayumi Satoshi Yumi Koji Haruka Taro Ryoko Makoto Junko Tsuyoshi Chiyo Ken'ichi
Kyoko
/Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki
Yamaguchi
Matsumoto Inoue Kimura Hayashi Shimizu Saito Ohno Endo Aoki Fujita Nishimura Fukuda Ohta Miura
Goto Okada
/Tokyo Osaka Nagoya Yokohama Kobe Fukuoka Kyoto
/Seisakusho Kogyo Shoji Denki Sangyo Kikai Kagaku Shokuhin Seiki
/Co.,_Ltd. K.K. Corporation Inc.
;zh China 86 cn
/Wei Fang Xiaoming Li Jing Min Jun Yan Xiuying Qiang Lei Na Yong Juan Tao Chao Ping Gang Guiying
Jianhua
Haiyan Zhiqiang Xiaoli Wenjie Yuting Hao Xin Lingling Guoqiang Jiayi Zihan Mingyu Bin Dongmei
Chunhua
/Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang
Xie Song
Tang Deng Han Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng Wei Su Lu Ding
Ren Yao
/Shenzhen Guangzhou Shanghai Ningbo Yiwu Foshan Dongguan Qingdao Xiamen
/Technology Electronics Trading Machinery Industrial Import_&_Export Hardware Plastic Lighting
Optoelectronics
/Co.,_Ltd. Co.,Ltd Limited Co._Ltd.
;fr France 33 fr
/Jean Marie Pierre Nathalie Michel Isabelle Philippe Sylvie Alain Catherine Nicolas Valérie
Christophe Céline
Frédéric Hélène Stéphane Aurélie Jérôme Françoise François Chloé Benoît Léa Jean-Pierre
Anne-Marie Thérèse
/Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre
Michel Garcia
David Bertrand Roux Vincent Fournier Morel Girard André Mercier Dupont Lambert Bonnet François
Martínez Noël
/Paris Lyon Marseille Toulouse Lille Nantes Strasbourg Bordeaux
/Bâtiment Transports Industries Boulangerie Mécanique Électricité Distribution Menuiserie
Plasturgie
/SARL SAS SA EURL
;tr Turkey 90 tr
/Mehmet Fatma Mustafa Ayşe Ahmet Emine Ali Hatice Hüseyin Zeynep Hasan Elif İbrahim Meryem Murat
Şerife
Özgür Gökhan Çiğdem Ömer Büşra Yusuf Gül Serkan Tuğba Emre Deniz Burak Selin Kemal
/Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan
Çetin Kara Koç
Kurt Özkan Şimşek Polat Korkmaz Özcan Erdoğan Güneş Aksoy Kaplan Bulut Turan Ünal
/İstanbul Ankara İzmir Bursa Antalya Gaziantep
/Tekstil Makina Gıda İnşaat Plastik Otomotiv Metal Mobilya
/A.Ş. Ltd._Şti. San._ve_Tic._A.Ş.""".split("\n;")]  # fmt: skip
BRANDS = """Nova Delta Sol Alfa Orion Astra Vega Omega Prima Euro Inter
Global Royal Star Sigma Tech Max Terra Luna Titan Mega Ultra Uni Pro Eco Bio Aqua
Metro Atlas Victoria Fortuna Gamma Polar Vital Optima""".split()
TAILS = "tec mar pol dor lin com plast nor san tex ros val met bel".split()
RESPELL = {"Mohammed": "Muhammad Mohamed Mohammad", "Ahmed": "Ahmad",
           "Youssef": "Yousef Yusuf Yousuf",
           "Hussein": "Husain Hussain", "Abdulrahman": "Abdul_Rahman Abdurrahman",
           "Fatima": "Fatma",
           "Khalid": "Khaled", "Omar": "Umar", "Aisha": "Ayesha", "Mariam": "Maryam",
           "Abdullah": "Abdallah", "Tariq": "Tarek", "Qasim": "Kassem", "Layla": "Leila",
           "Sato": "Satoh", "Ito": "Itoh", "Kato": "Katoh", "Saito": "Saitoh", "Ohno": "Ono Oono",
           "Endo": "Endoh", "Ohta": "Ota", "Goto": "Gotoh", "Yuuki": "Yuki", "Koji": "Kouji",
           "Taro": "Tarou", "Ryota": "Ryouta", "Yoko": "Yohko", "Lu": "Lv Lyu"}  # fmt: skip
TITLES = Bag(
    "Buyer|Owner|Export Manager|CEO|Gerente|Einkauf|Director|Manager|Jefe de Compras|"
    "Geschäftsführer|"
    "Kierownik|Sales|Directeur|Engineer|Purchasing|Müdür|GM|Procurement Manager".split("|"),
    0.4,
)
INTERESTS = "LED|Pumps|Valves|Packaging|Textile|Furniture|Tools|Cables|Solar|Spare parts".split("|")
REMARKS = "call back|wants catalogue|price list sent|met at booth|distributor?|MOQ".split("|")
STATUSES = "new|contacted|qualified|lost|won".split("|")
HOSTS = Bag(
    "gmail.com yahoo.com hotmail.com outlook.com icloud.com qq.com 163.com web.de".split(), 0.9
)
ROLES = "info sales contact office export ventas kontakt".split()
GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


@cache
def plain(text: str) -> str:
    """The text without its marks."""
    split = unicodedata.normalize("NFD", text.translate(SPECIAL))
    return "".join(c for c in split if not unicodedata.combining(c))


def respell(dice: Dice, text: str, tongue: str) -> str:
    """A name as another clerk or transliteration spells it."""
    if tongue == "de" and dice.chance(0.6):
        return text.translate(GERMAN)
    if tongue == "ar" and text.startswith(("Al-", "El-")):
        tail = text[3:]
        return dice.pick([f"Al {tail}", f"Al{tail.lower()}", f"El-{tail}", tail])
    if text in RESPELL:
        return dice.pick(RESPELL[text].split()).replace("_", " ")
    return plain(text).replace("'", "")


def firm(dice: Dice, tongue: Tongue, taken: set[str]) -> tuple[str, str, str]:
    """A firm's core name, its form, and its mail domain; no other is called so."""
    while True:
        kind = dice.below(3)
        core = dice.pick(BRANDS) + dice.pick(["", dice.pick(TAILS), " " + dice.pick(BRANDS)])
        if kind == 0:
            core = dice.draw(tongue.lasts)
        word = dice.pick(tongue.words)
        core = f"{word} {core}" if dice.chance(0.5) else f"{core} {word}"
        local = "".join(c for c in plain(core).lower() if c.isalnum())
        if local not in taken:
            break
        core = f"{core} {dice.pick(tongue.cities)}"
        local = "".join(c for c in plain(core).lower() if c.isalnum())
        if local not in taken:
            break
    taken.add(local)
    return core, dice.pick(tongue.forms), f"{local}.{dice.pick([tongue.tld, 'com', 'com'])}"
