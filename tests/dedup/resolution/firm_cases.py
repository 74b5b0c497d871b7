"""Named cases of contacts and firms that share nearly everything, beside the right answers."""

from tests.dedup.resolution.case_tables import Case, Record, lines, words


def contact(name: str, firm: str, **more: str | None) -> Record:
    """A contact at a firm; what is not given is empty."""
    fields = ("职务", "手机", "电话", "邮箱", "地址")
    return {"姓名": name, "公司": firm, **{field: more.get(field) for field in fields}}


JOBS = [
    ("林晓峰", "13901877412", "上海启明光电科技有限公司", "杭州云栖数据有限公司"),
    ("欧阳倩", "13818450926", "苏州德隆精密机械有限公司", "无锡华测仪器有限公司"),
    ("贺志远", "13705186633", "南京长江物流有限公司", "南京苏宁易达贸易有限公司"),
    ("段雨桐", "18980651147", "成都天府软件有限公司", "重庆渝新信息技术有限公司"),
    ("尹国栋", "13564412890", "上海浦江化工有限公司", "宁波海曙塑料有限公司"),
    ("龚丽萍", "13958023371", "杭州西湖茶业有限公司", "杭州龙井食品有限公司"),
    ("覃海涛", "13770905548", "南京紫金电子有限公司", "苏州金鸡湖半导体有限公司"),
    ("邵敏", "13482219067", "上海申江医药有限公司", "上海复华生物制药有限公司"),
]


def job_changers() -> dict[str, Case]:
    """Same name and mobile; firm, title, switchboard, work mail and address are all new."""
    return {
        f"job changer {name}": Case(
            [
                contact(
                    name, one, 职务="销售经理", 手机=mobile, 电话=f"021-5{n}31880{n}",
                    邮箱=f"sales{n}.one@corp{n}.com", 地址=f"上海市漕宝路{100 + n}号",
                ),
                contact(
                    name, other, 职务="总监", 手机=mobile, 电话=f"0571-8{n}22907{n}",
                    邮箱=f"d{n}.two@firm-{n}.cn", 地址=f"杭州市文三路{300 + n}号",
                ),
            ],
            "aa",
        )
        for n, (name, mobile, one, other) in enumerate(JOBS)
    }  # fmt: skip


TWENTY = words(
    "白晓燕 蔡文博 常志刚 崔丽丽 戴明辉 丁一凡 范小雨 方建军 龚思远 顾海燕 "
    "韩雪梅 侯大勇 黄佳慧 贾振宇 江南 康乐 孔令杰 赖春生 雷婷婷 黎光明"
)
TWENTY_MORE = words(
    "陆文静 毛建新 孟祥云 倪萍萍 潘越 裴志强 秦岚 邱晨曦 任永刚 沈佳怡 "
    "石磊 苏丹丹 汤国庆 田甜 汪洋 魏东升 夏雨荷 肖克俭 严冬梅 姚启圣"
)
LETTERS = "abcdefghijklmnopqrst"


def colleagues() -> dict[str, Case]:
    """Twenty on one switchboard: each with an extension of their own, or with the number alone."""
    firm, place = "上海汇鸿国际贸易有限公司", "上海市延安西路1566号龙峰大厦12楼"
    other, there = "宁波博信进出口有限公司", "宁波市鄞州区首南路88号"
    extended = [
        contact(name, firm, 职务="业务员", 电话=f"021-62958800转{8000 + n}", 地址=place)
        for n, name in enumerate(TWENTY)
    ]
    bare = [
        contact(name, other, 职务="业务员", 电话="0574-87190066", 地址=there)
        for name in TWENTY_MORE
    ]
    return {
        "twenty colleagues, extensions": Case(extended, LETTERS),
        "twenty colleagues, one number": Case(bare, LETTERS),
    }


NAMESAKES = lines("""
王伟 | 苏科 | 锦里
李娜 | 宁泰 | 川西
张敏 | 江北 | 武侯
刘洋 | 玄武 | 青羊
康文斌 | 秦淮 | 金沙
聂小倩 | 栖霞 | 府河
""")


def namesakes() -> dict[str, Case]:
    """Two of one name and title; firm, switchboard and address differ, and nothing is shared."""
    return {
        f"namesakes {name}": Case(
            [
                contact(
                    name, f"南京{one}设备有限公司", 职务="采购主管", 电话=f"025-8{n}73310{n}",
                    地址=f"南京市中华路{40 + n}号",
                ),
                contact(
                    name, f"成都{other}用品有限公司", 职务="采购主管", 电话=f"028-6{n}40927{n}",
                    地址=f"成都市蜀汉路{700 + n}号",
                ),
            ],
            "ab",
        )
        for n, (name, one, other) in enumerate(NAMESAKES)
    }  # fmt: skip


def customer(name: str, **more: str | None) -> Record:
    """A firm; what is not given is empty."""
    fields = ("统一社会信用代码", "电话", "地址", "联系人")
    return {"客户名称": name, **{field: more.get(field) for field in fields}}


AGENTS = [
    ("13817702245", "上海市嘉定区曹安公路4671号B区208室", "陆永康",
     ("上海盈禾商贸有限公司", "上海拓岚文化传播有限公司", "上海贝格机电设备有限公司")),
    ("13661480932", "上海市奉贤区金海公路6055号11幢5层", "钱学敏",
     ("上海柏翰实业有限公司", "上海语桐信息科技有限公司", "上海卓屹建筑工程有限公司")),
    ("0755-83279016", "深圳市前海深港合作区前湾一路1号A栋201室", "温嘉豪",
     ("深圳市朗星供应链有限公司", "深圳市绿野农业科技有限公司", "深圳市衡正投资咨询有限公司")),
    ("13590311874", "珠海市横琴新区宝华路6号105室", None,
     ("珠海横琴沐晨贸易有限公司", "珠海横琴锐腾软件有限公司", "珠海横琴合颂餐饮管理有限公司")),
    ("028-85107733", "成都市高新区天府大道中段1388号", "冉启明",
     ("成都蜀韵广告有限公司", "成都科瑞检测技术有限公司", "成都百味源食品有限公司")),
    ("13905710064", "杭州市拱墅区莫干山路1418号", "章一诺",
     ("杭州清越茶叶有限公司", "杭州铭创网络科技有限公司", "杭州同益纺织品有限公司")),
]  # fmt: skip


def agents() -> dict[str, Case]:
    """Three firms registered at one agent's address, with the agent's telephone and name."""
    return {
        f"one agent, {names[0]}": Case(
            [customer(name, 电话=phone, 地址=place, 联系人=person) for name in names], "abc"
        )
        for phone, place, person, names in AGENTS
    }


CHAINS = [
    ("味千里面馆", "400-820-6177", ("人民路店", "南京东路店", "虹口龙之梦店"), "食品"),
    ("康仁堂大药房", "025-84417790", ("中山北路店", "新街口店", "江宁店"), "药房"),
    ("鲜丰果园", "400-168-0571", ("文三路店", "城西银泰店", "滨江店"), "水果"),
    ("锦程快捷酒店", "021-63330988", ("火车站店", "虹桥店", "外滩店"), "酒店"),
]


def chains() -> dict[str, Case]:
    """Stores that list the head office's telephone; each stands in a street of its own."""
    return {
        f"chain {brand}": Case(
            [
                customer(f"{brand}{store}", 电话=phone, 地址=f"{brand[0]}安路{17 * n + 8}号")
                for n, store in enumerate(stores)
            ],
            "abc",
        )
        for brand, phone, stores, _ in CHAINS
    } | {
        f"chain {brand}（店）": Case(
            [
                customer(f"上海{brand}餐饮管理有限公司（{store}）", 电话=phone, 联系人="万里")
                for store in stores
            ],
            "abc",
        )
        for brand, phone, stores in [
            ("巷口老灶", "021-52990016", ("静安寺店", "五角场店", "徐家汇店")),
            ("青禾小馆", "021-64450219", ("打浦桥店", "七宝店", "金桥店")),
        ]
    }  # fmt: skip


BRANCHES = lines("""
杭州恒远建设工程有限公司 | 上海分公司 | 0571-88097712 | 杭州市西湖区文二路391号 | 史建华
江苏苏源电力设备股份有限公司 | 南京分公司 | 025-83190045 | 南京市鼓楼区中央路258号 | 陶勇
成都蓉城物业管理有限公司 | 绵阳分公司 | 028-86621130 | 成都市青羊区顺城大街206号 | 谭静
上海瑞欣保险代理有限公司 | 苏州分公司 | 021-58769921 | 上海市浦东新区张杨路828号 | 殷洁
深圳市安捷速运有限公司 | 东莞分公司 | 0755-27880063 | 深圳市宝安区西乡大道302号 | 麦志文
浙江天台药材有限公司 | 北京第二分公司 | 0576-83901127 | 台州市天台县赤城路10号 | 裘国平
""")


def branches() -> dict[str, Case]:
    """A 分公司 beside its 总公司, with the head office's telephone and contact; two branches."""
    cases = {}
    for n, (firm, branch, phone, place, person) in enumerate(BRANCHES):
        rows = [
            customer(firm, 电话=phone, 地址=place, 联系人=person),
            customer(firm + branch, 电话=phone, 地址=place if n % 2 else None, 联系人=person),
        ]
        if n >= 4:
            rows.append(customer(firm + "武汉分公司", 电话=phone, 联系人=person))
        cases[f"branch {firm}{branch}"] = Case(rows, "abc"[: len(rows)])
    return cases


LIKE_BRANDS = [
    ("上海鑫达贸易有限公司", "上海鑫远贸易有限公司"),
    ("南京华诚机械有限公司", "南京华城机电有限公司"),
    ("杭州嘉利纺织有限公司", "杭州嘉莉纺织有限公司"),
    ("深圳市宏泰电子有限公司", "深圳市宏图电子有限公司"),
    ("成都金牛食品有限公司", "成都金马食品有限公司"),
    ("苏州永兴物流有限公司", "苏州永新物流有限公司"),
    ("青岛海润水产有限公司", "青岛海瑞水产有限公司"),
    ("武汉长盛汽配有限公司", "武汉长胜汽配有限公司"),
]


def like_brands() -> dict[str, Case]:
    """Two firms whose brands differ in one character, with one contact person and one mobile."""
    return {
        f"like brands {one} {other}": Case(
            [
                customer(name, 电话=f"1390{n}17{n}5521", 联系人=f"{'柯闵桑卓'[n % 4]}一鸣")
                for name in (one, other)
            ],
            "ab",
        )
        for n, (one, other) in enumerate(LIKE_BRANDS)
    }  # fmt: skip


CONTACT_SETS = {
    "job changers": job_changers(),
    "colleagues": colleagues(),
    "namesakes": namesakes(),
}
"""The cases about contacts, by set and name."""
FIRM_SETS = {
    "one agent": agents(),
    "chains": chains(),
    "branches": branches(),
    "like brands": like_brands(),
}
"""The cases about firms, by set and name."""
