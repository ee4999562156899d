"""Names of the sample book: places, firms and people, in Chinese and English."""

import numpy as np

TERRITORIES = (
    # name, currency abroad ("" at home), weight
    ("上海浦西 Shanghai West", "", 0.20),
    ("上海浦东 Shanghai East", "", 0.16),
    ("杭州 Hangzhou", "", 0.14),
    ("苏州 Suzhou", "", 0.12),
    ("南京 Nanjing", "", 0.11),
    ("宁波 Ningbo", "", 0.09),
    ("成都 Chengdu", "", 0.08),
    ("欧洲 Europe", "EUR", 0.045),
    ("美洲 Americas", "USD", 0.035),
    ("日本 Japan", "JPY", 0.02),
)
MANAGERS = (
    ("陈伟 Chen Wei", "林梅 Lin Mei"),
    ("赵晓燕 Zhao Xiaoyan", "周敏 Zhou Min"),
    ("沈一鸣 Shen Yiming", "单晓东 Shan Xiaodong"),
    ("顾琳 Gu Lin", "吴昊 Wu Hao"),
    ("曾静 Zeng Jing", "孙立 Sun Li"),
    ("王珂 Wang Ke", "许诺 Xu Nuo"),
    ("李蓉 Li Rong", "何川 He Chuan"),
    ("Anna Keller", "Marco Rossi"),
    ("Emily Carter", "Daniel Ruiz"),
    ("佐藤健 Ken Sato", "中村由美 Yumi Nakamura"),
)
KINDS = ("café", "shop", "kiosk", "hotel", "office")
SUFFIXES_ZH = {
    "café": ("咖啡馆", "咖啡", "咖啡屋", "茶咖", "烘焙咖啡"),
    "shop": ("便利店", "食品店", "精品超市", "商行", "生活馆"),
    "kiosk": ("小站", "咖啡亭", "窗口店", "饮品亭"),
    "hotel": ("酒店", "宾馆", "民宿", "公寓酒店"),
    "office": ("办公服务", "联合办公", "企业服务", "创意园"),
}
SUFFIXES_EN = {
    "café": ("Café", "Coffee House", "Espresso Bar", "Tea & Coffee", "Bakery"),
    "shop": ("Store", "Grocers", "Deli", "Market", "Provisions"),
    "kiosk": ("Kiosk", "Coffee Cart", "Corner Cup", "Coffee Window"),
    "hotel": ("Hotel", "Guest House", "Inn", "Suites"),
    "office": ("Offices", "Workspace", "Works", "Business Centre"),
}
WORDS_ZH = (
    "青禾", "莲花", "云上", "小满", "山野", "半夏", "北巷", "南枝", "拾光", "慢时", "初见", "归途", "木心", "白鹭", "晨曦", "梧桐", "听雨", "知味", "长乐", "永安", "和平", "春田", "海棠", "银杏", "星河", "橘子", "麦田", "蓝湾", "石库", "老街", "河畔", "竹里", "松间", "三味", "七号", "有光", "无间",
)  # fmt: skip
PLACES_ZH = (
    "清河路", "衡山路", "武康路", "永康路", "西湖", "平江", "老门东", "天一", "宽窄", "金桥", "世纪", "龙井", "观前", "夫子庙", "鼓楼", "玉林", "滨江", "徐汇", "静安", "长宁",
)  # fmt: skip
WORDS_EN = (
    "Harbour Light", "Old Mill", "Lotus", "North Pier", "Third Street", "Blue Door", "Morning Star", "Paper Crane", "Willow", "Copper Kettle", "Green Lane", "Sunday", "Little Owl", "Riverside", "Stone Bridge", "Quiet Corner", "Red Lantern", "Bright Water", "Cedar", "Two Rivers", "Garden Wall", "Lighthouse", "Maple", "High Street", "Silver Spoon", "Market Square", "Bamboo", "Fox & Bean", "Daily Grind", "First Light",
)  # fmt: skip
PLACES_EN = (
    "Central",
    "Riverside",
    "Park",
    "Station",
    "Bund",
    "Canal",
    "University",
    "Airport",
    "Old Town",
    "West End",
)
WORDS_ABROAD = {
    "EUR": ("Kaffeehaus Lindner", "Café Molière", "Bar Fiorentina", "Rösterei Süd", "Café Öresund", "Casa Lisboa"),
    "USD": ("Bay Street Coffee", "Pioneer Roast", "Café São Jorge", "Maple & Main", "Sunset Espresso", "Canyon Cup"),
    "JPY": ("喫茶 さくら Kissa Sakura", "珈琲 山手 Coffee Yamate", "京都珈琲 Kyoto Coffee", "喫茶 みなと Kissa Minato"),
}
SURNAMES_ZH = tuple(
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江单仇区"
)
GIVEN_ZH = (
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀英", "霞", "平", "刚", "桂英", "晓燕", "建国", "志强", "文博", "子涵", "雨桐", "思远", "一鸣", "佳怡", "浩然", "欣妍", "梓萱", "嘉豪",
)  # fmt: skip
PEOPLE_ABROAD = {
    "EUR": ("Sophie Laurent", "Jürgen Weiß", "Giulia Bianchi", "Lars Sørensen", "Inês Almeida", "Pieter de Vries"),
    "USD": ("Olivia Martin", "José Herrera", "Grace Thompson", "Noah O'Brien", "Ava Johnson", "Luis Fernández"),
    "JPY": ("田中 美咲 Misaki Tanaka", "鈴木 大輔 Daisuke Suzuki", "高橋 直子 Naoko Takahashi", "伊藤 翔 Sho Ito"),
}
ROLES = (("老板", "owner"), ("店长", "manager"), ("采购", "buyer"), ("财务", "accounts"))

# The first customers are always these, so that a reader of the tour meets them.
KNOWN = (
    ("Harbour Light Cafés", "café"),
    ("Summit Vending", "kiosk"),
    ("Old Mill Bakery", "café"),
    ("莲花茶舍 Lotus Tea House", "café"),
    ("清河路 14 号店 Qinghe Road Store 14", "shop"),
    ("Third Street Roastery", "café"),
    ("North Pier Kiosks", "kiosk"),
)


def customer_names(rng: np.random.Generator, kinds: list[str], abroad: list[str]) -> list[str]:
    """One name per customer, none twice: Chinese, English or both at home, the local tongue abroad."""
    draws = rng.integers(0, 1 << 30, size=(len(kinds), 6)).tolist()
    seen: dict[str, int] = {}
    names = []
    for place, (kind, currency, draw) in enumerate(zip(kinds, abroad, draws, strict=True)):
        name = KNOWN[place][0] if place < len(KNOWN) else _name(kind, currency, draw)
        seen[name] = count = seen.get(name, 0) + 1
        if count > 1:
            name = f"{name} ({count} 号店)" if _chinese(name) and not currency else f"{name} No. {count}"
        names.append(name)
    return names


def person_name(draw: list[int], currency: str) -> str:
    """A person's name from three random numbers."""
    if currency:
        return _pick(PEOPLE_ABROAD[currency], draw[0])
    return _pick(SURNAMES_ZH, draw[0]) + _pick(GIVEN_ZH, draw[1])


def _name(kind: str, currency: str, draw: list[int]) -> str:
    if currency:
        return f"{_pick(WORDS_ABROAD[currency], draw[0])} {_pick(PLACES_EN, draw[1])}"
    word = _pick(WORDS_ZH, draw[0])
    chinese = (_pick(PLACES_ZH, draw[1]) if draw[2] % 3 else "") + word + _pick(SUFFIXES_ZH[kind], draw[3])
    english = f"{_pick(WORDS_EN, draw[4])} {_pick(SUFFIXES_EN[kind], draw[3])}"
    if draw[5] % 20 < 11:
        return chinese
    if draw[5] % 20 < 15:
        return f"{english} {_pick(PLACES_EN, draw[1])}"
    return f"{chinese} {english}"


def _chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _pick(words: tuple[str, ...] | list[str], draw: int) -> str:
    return words[draw % len(words)]
