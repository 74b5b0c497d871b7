"""Chinese names, firms, places and numbers for the B2B families, frequent ones first."""

from dataclasses import dataclass

from benchmarks.families.words_kit import FULL_WIDTH, Bag, Dice

# character, pinyin, traditional form where it differs
_SURNAMES = """王wang 李li 张zhang張 刘liu劉 陈chen陳 杨yang楊 黄huang黃
赵zhao趙 吴wu吳 周zhou 徐xu 孙sun孫 马ma馬 朱zhu 胡hu 郭guo 何he 林lin 高gao 罗luo羅
郑zheng鄭 梁liang 谢xie謝 宋song 唐tang 许xu許 邓deng鄧 韩han韓 冯feng馮 曹cao
彭peng 曾zeng 肖xiao蕭 田tian 董dong 潘pan 袁yuan 蔡cai 蒋jiang蔣 余yu 于yu 杜du
叶ye葉 程cheng 魏wei 苏su蘇 吕lv呂 丁ding 任ren 卢lu盧 姚yao 沈shen 钟zhong鐘
姜jiang 崔cui 谭tan譚 陆lu陸 范fan 汪wang 廖liao 石shi 金jin 韦wei韋 贾jia賈 夏xia
付fu 方fang 邹zou鄒 熊xiong 白bai 孟meng 秦qin 邱qiu 侯hou 江jiang 尹yin 薛xue
闫yan閆 段duan 雷lei 龙long龍 黎li 史shi 陶tao 贺he賀 毛mao 郝hao 顾gu顧 龚gong龔
邵shao 万wan萬 覃qin 武wu 钱qian錢 戴dai 严yan嚴 莫mo 孔kong 向xiang 常chang
汤tang湯 康kang 易yi 乔qiao喬 赖lai賴 文wen 欧阳ouyang歐陽 上官shangguan
诸葛zhuge諸葛 司马sima司馬 涂tu塗 齐qi齊 庄zhuang莊 柯ke 翁weng 褚chu 柳liu 宁ning寧
蓝lan藍 阮ruan 司徒situ"""
_GIVEN = """伟wei偉 芳fang 娜na 敏min 静jing靜 丽li麗 强qiang強 磊lei
军jun軍 洋yang 勇yong 艳yan豔 杰jie傑 娟juan 涛tao濤 明ming 超chao 秀xiu 霞xia
平ping 刚gang剛 桂gui 英ying 华hua華 玉yu 萍ping 红hong紅 建jian 国guo國 志zhi 文wen
海hai 林lin 春chun 梅mei 晓xiao曉 小xiao 佳jia 宇yu 鑫xin 鹏peng鵬 飞fei飛 龙long龍
波bo 辉hui輝 斌bin 宁ning寧 浩hao 婷ting 雪xue 慧hui 莉li 玲ling 燕yan 凤feng鳳
兰lan蘭 云yun雲 洁jie潔 琴qin 丹dan 琳lin 欣xin 怡yi 梓zi 涵han 子zi 轩xuan軒 俊jun
峰feng 锋feng鋒 健jian 康kang 亮liang 东dong東 永yong 庆qing慶 德de 成cheng 新xin
胜sheng勝 利li 民min 生sheng 金jin 雨yu 思si 嘉jia 诗shi詩 瑶yao瑤 倩qian 颖ying穎
璐lu 瑞rui 睿rui 昊hao 天tian 翔xiang 博bo 凯kai凱 阳yang陽 旭xu 晨chen 彬bin 毅yi
威wei 振zhen 忠zhong 义yi義 信xin 仁ren 良liang 安an 家jia 兴xing興 荣rong榮 富fu
贵gui貴 玮wei瑋 薇wei 微wei 维wei維 卫wei衛 惠hui 会hui會 蕾lei 雷lei 珍zhen 真zhen
贞zhen貞 静jing靜 晶jing 京jing 婧jing 菁jing 彤tong 童tong 虹hong 宏hong 洪hong
鸿hong鴻 弘hong 莹ying瑩 盈ying 迎ying 影ying 娇jiao嬌 姣jiao 丽li麗 立li 力li 理li
礼li禮 跃yue躍 月yue 岳yue 悦yue悅 越yue 诚cheng誠 程cheng 承cheng 征zheng 正zheng
政zheng 群qun 泽ze澤 楠nan 南nan 男nan 学xue學 然ran 源yuan 远yuan遠 媛yuan 元yuan
圆yuan圓 坤kun 昆kun 松song 柏bai 竹zhu 冬dong 秋qiu 夏xia 志zhi 智zhi 芝zhi 之zhi
益yi 艺yi藝 逸yi 亦yi 羽yu 钰yu鈺 瑜yu 豪hao 皓hao 航hang 杭hang 达da達 大da"""
_BRAND = """华hua 瑞rui 恒heng 鑫xin 盛sheng 达da 通tong 宏hong 泰tai
丰feng 德de 信xin 诚cheng 安an 博bo 天tian 中zhong 联lian 金jin 科ke 汇hui 远yuan
创chuang 新xin 海hai 东dong 嘉jia 正zheng 明ming 宝bao 龙long 润run 利li 和he 兴xing
美mei 康kang 永yong 万wan 佳jia 凯kai 立li 力li 星xing 光guang 亚ya 元yuan 景jing
腾teng 飞fei 卓zhuo 锐rui 邦bang 航hang 雅ya 欧ou 格ge 迪di 尔er 思si 特te 威wei
洋yang 川chuan 源yuan 蓝lan 云yun 启qi 智zhi 众zhong 悦yue 森sen 林lin 禾he 沃wo
迈mai 拓tuo 凌ling 晨chen 奥ao 帝di 诺nuo 捷jie 速su 易yi 友you 优you 乐le 圣sheng
晟sheng"""
_CITIES = """上海021沪|浦东新区 徐汇区 闵行区 嘉定区
松江区;北京010京|朝阳区 海淀区 丰台区 大兴区; 深圳0755广东省|南山区 福田区 宝安区
龙岗区;广州020广东省|天河区 番禺区 白云区 越秀区; 苏州0512江苏省|工业园区 吴中区
昆山市 相城区;杭州0571浙江省|滨江区 余杭区 萧山区 西湖区; 东莞0769广东省|长安镇
虎门镇 南城街道 厚街镇;成都028四川省|高新区 武侯区 双流区 青羊区;
武汉027湖北省|洪山区 江夏区 汉阳区 武昌区;南京025江苏省|江宁区 鼓楼区 浦口区 栖霞区;
天津022津|滨海新区 西青区 武清区 南开区;宁波0574浙江省|鄞州区 北仑区 慈溪市 余姚市;
佛山0757广东省|顺德区 南海区 禅城区;青岛0532山东省|城阳区 黄岛区
市北区;重庆023渝|渝北区 江北区 九龙坡区; 无锡0510江苏省|新吴区 锡山区
江阴市;西安029陕西省|雁塔区 未央区 长安区;厦门0592福建省|湖里区 集美区 思明区;
合肥0551安徽省|包河区 蜀山区 经开区;温州0577浙江省|瓯海区 乐清市
瑞安市;济南0531山东省|历下区 历城区; 郑州0371河南省|金水区 中原区
管城区;长沙0731湖南省|岳麓区 雨花区 长沙县;沈阳024辽宁省|铁西区 浑南区;
大连0411辽宁省|金州区 甘井子区;常州0519江苏省|武进区 新北区;中山0760广东省|小榄镇
古镇镇;泉州0595福建省|晋江市 南安市; 嘉兴0573浙江省|南湖区
海宁市;石家庄0311河北省|长安区 裕华区;昆明0871云南省|官渡区
五华区;南通0513江苏省|崇川区 海门区"""
ROADS = Bag(
    """人民路 中山路 解放路 建设路 科技路 工业路 创业路 和平路
新华路 园区大道 科苑路 迎宾大道 文化路 长江路 黄河路 振兴路 兴业路 金港路 滨河路
学院路 环城南路 环城北路 开发大道 春风路 松山路 湖滨路 凤凰路 东方路 朝阳路 友谊路
胜利路 光明路 高新一路 高新二路 纬三路 经五路 张衡路 李冰路 牡丹江街 银杏大道 桂花路
莲花路 宝源路 民治大道""".split(),
    0.5,
)
ESTATES = (
    "科技园 创业大厦 国际中心 软件园 工业园 商务广场 万达广场 孵化基地 金融大厦 时代广场".split()
)
TRADES = Bag(
    """科技 贸易 实业 电子 机械 信息技术 机电设备 网络科技 国际贸易
商贸 自动化设备 生物科技 环保科技 物流 建材 电子科技 智能科技 精密机械 化工 包装材料
医疗器械 新材料 五金制品 塑料制品 服装 食品 广告传媒 装饰工程 咨询 汽车配件 仪器仪表
光电 能源科技 进出口 家具 电气 农业科技 教育科技 供应链管理 软件""".split(),
    0.6,
)
TITLES = Bag(
    """经理 销售经理 总经理 采购 采购经理 工程师 业务员 主管 总监
副总经理 市场经理 技术总监 助理 财务经理 人事经理 项目经理 董事长 会计 厂长 区域经理
客户经理 产品经理 采购主管 行政 研发经理 品质经理 销售代表 总经理助理""".split(),
    0.6,
)
DEPARTMENTS = """销售部 采购部 市场部 技术部 财务部 行政部 研发中心
人力资源部 生产部 总经办 品质部 国际业务部""".split()
ENGLISH = """David Kevin Jack Tony Michael Eric Jason Peter Leo Alex
Frank Andy Simon Steven Tom Daniel Lily Lucy Amy Grace Linda Cindy Vivian Jenny
Helen Annie Tina Coco Alice Joyce Emily Sunny Nancy Cherry Sophia Fiona""".split()
PREFIXES = """138 139 136 137 135 158 159 186 188 189 187 150 151 152 157
182 183 184 130 131 132 155 156 185 133 153 180 181 177 176 173 199 198 191 166 134
147""".split()
BAD_PREFIXES = "120 121 100 109 110 119 128".split()
PRIVATE = Bag(
    """qq.com 163.com 126.com gmail.com sina.com hotmail.com
foxmail.com 139.com outlook.com""".split(),
    1,
)
ROLES = "info sales service office admin contact marketing hr kefu".split()


def _split(block: str) -> list[tuple[str, str, str]]:
    out: dict[str, tuple[str, str, str]] = {}
    for token in block.split():
        sound = "".join(c for c in token if c.isascii())
        plain, _, other = token.partition(sound)
        out.setdefault(plain, (plain, sound, other or plain))
    return list(out.values())


SURNAMES, GIVEN, BRAND = _split(_SURNAMES), _split(_GIVEN), _split(_BRAND)
SURNAME_BAG, GIVEN_BAG = Bag(SURNAMES, 0.9), Bag(GIVEN, 0.35)
BRAND_BAG = Bag(BRAND, 0.3)
SOUND = {c: s for c, s, _ in BRAND + GIVEN}
TRADITIONAL = {c: t for c, _, t in GIVEN + SURNAMES}
ALIKE: dict[str, list[str]] = {}
for _c, _s, _ in GIVEN:
    ALIKE[_c] = [c for c, s, _ in GIVEN if s == _s and c != _c]


@dataclass(frozen=True)
class City:
    """A city with its area code, province and districts."""

    name: str
    code: str
    province: str
    districts: list[str]


def _city(text: str) -> City:
    head, _, districts = text.strip().partition("|")
    code = "".join(c for c in head if c.isdigit())
    name, _, province = head.partition(code)
    return City(name, code, province if len(province) > 1 else "", districts.split())


CITIES = Bag([_city(text) for text in _CITIES.split(";")], 0.7)


@dataclass(frozen=True)
class Name:
    """A Chinese person's name with its sounds."""

    surname: str
    given: str
    sur_sound: str
    given_sounds: tuple[str, ...]

    @property
    def full(self) -> str:
        return self.surname + self.given

    @property
    def sounds(self) -> tuple[str, ...]:
        return (self.sur_sound, *self.given_sounds)

    @property
    def traditional(self) -> str:
        return "".join(TRADITIONAL.get(p, p) for p in (self.surname, *self.given))

    def latin(self, dice: Dice) -> str:
        """The name as written abroad: Zhang Wei, Wei Zhang, ZHANG Xiaoming, zhangwei."""
        last, first = self.sur_sound.title(), "".join(self.given_sounds).title()
        return dice.pick(
            [
                f"{last} {first}",
                f"{first} {last}",
                f"{last.upper()} {first}",
                f"{last}{first}".lower(),
                f"{first}, {last}",
            ]
        )


def person(dice: Dice, surname: str = "") -> Name:
    """A name by frequency; `surname` keeps it in the family."""
    sur = next((s for s in SURNAMES if s[0] == surname), None) or dice.draw(SURNAME_BAG)
    first = dice.draw(GIVEN_BAG)
    if dice.chance(0.2):
        return Name(sur[0], first[0], sur[1], (first[1],))
    second = dice.draw(GIVEN_BAG)
    return Name(sur[0], first[0] + second[0], sur[1], (first[1], second[1]))


def homophone(dice: Dice, name: Name) -> str:
    """The name with one given character typed as another of the same sound."""
    places = [i for i, c in enumerate(name.given) if ALIKE.get(c)]
    if not places:
        return name.full
    i = dice.pick(places)
    return name.surname + name.given[:i] + dice.pick(ALIKE[name.given[i]]) + name.given[i + 1 :]


@dataclass(frozen=True)
class Firm:
    """A firm with its place, switchboard and mail domain."""

    city: City
    brand: str
    trade: str
    form: str
    style: int
    address: str
    board: str
    domain: str

    @property
    def full(self) -> str:
        if self.style == 0:
            return f"{self.brand}（{self.city.name}）{self.trade}{self.form}"
        return (
            f"{self.city.name}{'市' if self.style == 1 else ''}{self.brand}{self.trade}{self.form}"
        )

    def variant(self, dice: Dice) -> str:
        """Another way to write the firm that still says which one."""
        city, brand, trade, form = self.city.name, self.brand, self.trade, self.form
        other = {"有限公司": "有限责任公司", "有限责任公司": "有限公司"}.get(form, "公司")
        return dice.pick([
            f"{city}{brand}{trade}{other}", f"{city}市{brand}{trade}{form}",
            f"{brand}{trade}{form}",
            f"{brand}({city}){trade}{form}", f"{city}{brand}{trade}", f"{brand}{trade}",
            f"{city}{brand}", f"{brand}（{city}）{trade}{form}", f"{city} {brand} {trade}{form}",
            f"{self.city.province}{city}市{brand}{trade}{form}", f"{self.full} ",
        ])  # fmt: skip


def address(dice: Dice, city: City, district: str = "") -> str:
    """A street address of a firm, its city in front for most."""
    text = f"{district or dice.pick(city.districts)}{dice.draw(ROADS)}{dice.between(1, 899)}号"
    if dice.chance(0.5):
        text += f"{dice.pick(ESTATES)}{dice.pick('ABCD1235')}{'座' if dice.chance(0.6) else '栋'}"
        text += f"{dice.between(2, 30)}{dice.between(1, 20):02d}室"
    return f"{city.name}市{text}"


def firm(dice: Dice, taken: set[str], city: City | None = None, brand: str = "") -> Firm:
    """A firm whose brand and trade no other firm of the register has."""
    while True:
        place = city or dice.draw(CITIES)
        chars = [dice.draw(BRAND_BAG) for _ in range(3 if dice.chance(0.25) else 2)]
        name, trade = brand or "".join(c[0] for c in chars), dice.draw(TRADES)
        if name + trade not in taken and not (brand == "" and name in taken and dice.chance(0.8)):
            break
    taken.update((name, name + trade))
    sound = "".join(SOUND.get(c, "x") for c in name)
    tail = dice.pick(["", "", "group", "tech", "-cn", place.code.lstrip("0"), "china", "sz"])
    while sound + tail in taken:
        tail += str(dice.below(10))
    taken.add(sound + tail)
    form = dice.pick(["有限公司"] * 7 + ["有限责任公司", "股份有限公司"])
    number = dice.digits(7 if len(place.code) == 4 and dice.chance(0.3) else 8)
    board = f"{place.code}-{dice.between(2, 8)}{number[1:]}"
    domain = sound + tail + dice.pick([".com", ".com", ".cn", ".com.cn", ".net"])
    return Firm(place, name, trade, form, dice.below(5), address(dice, place), board, domain)


def mobile(dice: Dice, bad: float = 0.0) -> str:
    """A mobile number, its prefix made up for the share `bad`."""
    return dice.pick(BAD_PREFIXES if dice.chance(bad) else PREFIXES) + dice.digits(8)


def write_mobile(dice: Dice, number: str, odd: float) -> str:
    """The number as somebody typed it."""
    if not dice.chance(odd):
        return number
    a, b, c = number[:3], number[3:7], number[7:]
    return dice.pick(
        [
            f"{a}-{b}-{c}",
            f"{a} {b} {c}",
            f"+86 {number}",
            f"+86{number}",
            f"0{number}",
            f"0086-{number}",
            f"86{number}",
            f"(+86){a}-{b}-{c}",
            f"{number}.0",
            number.translate(FULL_WIDTH),
            f" {number}",
            f"'{number}",
            f"{a}.{b}.{c}",
        ]
    )


def write_board(dice: Dice, number: str, extension: str, odd: float) -> str:
    """A landline as somebody typed it, with an extension or without."""
    code, _, local = number.partition("-")
    if dice.chance(odd):
        number = dice.pick([f"({code}){local}", f"{code}{local}", f"{code} {local}", local,
                            f"+86-{code[1:]}-{local}", f"（{code}）{local}",
                            f"{code}-{local[:4]} {local[4:]}",
                            number.translate(FULL_WIDTH)])  # fmt: skip
    return number + (
        dice.pick(["转", "-", "ext.", " 转 ", "*", "分机"]) + extension if extension else ""
    )


def work_mail(name: Name, domain: str, style: int) -> str:
    """A work address by the firm's habit."""
    first, initials = "".join(name.given_sounds), "".join(s[0] for s in name.given_sounds)
    local = [f"{name.sur_sound}{first}", f"{first}.{name.sur_sound}", f"{name.sur_sound}{initials}",
             f"{name.sur_sound}.{first}", f"{initials}{name.sur_sound}"][style % 5]  # fmt: skip
    return f"{local}@{domain}"


def private_mail(dice: Dice, name: Name) -> str:
    """A private address, on QQ a number."""
    host = dice.draw(PRIVATE)
    if host == "qq.com" or dice.chance(0.15):
        return f"{dice.between(1, 9)}{dice.digits(dice.between(6, 9))}@{host}"
    first, year = "".join(name.given_sounds), dice.between(60, 99)
    local = dice.pick([name.sur_sound + first, first + name.sur_sound[0], first])
    return f"{local}{year}{dice.digits(2)}@{host}"
