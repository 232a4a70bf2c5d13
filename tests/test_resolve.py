"""Mentions to entities: which names of an article are one thing, and which are not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kg import repair
from kg.model import Document, Entity, Mention, Source, Span
from kg.recognize.tagger import INNER_RULE
from kg.resolve import resolve
from kg.resolve.entities import Likely
from kg.resolve.same import RULES, reason


@pytest.mark.parametrize(
    ("short", "long", "kind", "why"),
    [
        ("旧军", "旧军村", "Village", "ending"),
        ("章丘", "章丘区", "AdministrativeArea", "ending"),
        ("日月化工", "日月化工有限公司", "Organization", "ending"),
        ("圣泉集团", "济南圣泉集团股份有限公司", "Organization", "company"),
        ("长者助餐", "“长者助餐”品牌", "Program", "quoted"),
        ("森林村居", "滨州市森林村居", "Honor", "opening"),
        ("国家级绿色工厂", "第八批国家级绿色工厂", "Honor", "opening"),
        ("便民服务中心", "党建工作区便民服务中心", "Facility", "tail"),
        ("化工园区", "刁镇化工产业园区", "Place", "subsequence"),
        ("刀镇", "刁镇", "AdministrativeArea", "lookalike"),
        ("末来科技", "未来科技", "Organization", "lookalike"),
        ("“一站式”平台", "“一站式”调处平台", "Program", "quoted"),
        ("红旗渠改造", "红旗渠现代化改造", "Project", "omission"),
        ("云岭医疗保障局", "云岭壮族自治区医疗保障局", "Organization", "filler"),
        ("青湾法庭", "云岭市人民法院青湾人民法庭", "Organization", "filler"),
        ("青湾合作社", "云岭市青湾蓝莓种植专业合作社", "Organization", "company"),
        ("青湾文旅公司", "云岭青湾文化旅游发展有限公司", "Organization", "contraction"),
        ("云岭农商银行青湾支行", "云岭农村商业银行股份有限公司青湾支行", "Organization", "contraction"),
        ("茶博馆", "青湾茶博馆布展", "Project", "work"),
        ("云岭高院", "云岭省高级人民法院", "Organization", "abbreviation"),
        ("云岭", "重庆云岭汽车配件有限公司", "Organization", "brand"),
        ("中国", "中国云岭机车有限公司", "Organization", ""),
        ("青岭", "青岭山脉", "Place", "ending"),
        ("青岭山", "青岭山脉", "Place", "ending"),
        ("云镜", "云镜湖", "Place", "ending"),
        ("柳湾化工产业园区", "青岚柳湾化工产业园", "Place", "abbreviation"),
        ("老李", "李建国", "Person", "called"),
        ("李书记", "李建国", "Person", "called"),
        ("建国", "李建国", "Person", "given"),
        ("卡里木", "艾山·卡里木", "Person", "part"),
        ("徐毛村", "徐毛社区", "Village", ""),
        ("“一站式”平台", "“一站式”志愿队", "Program", ""),
        ("红旗渠改造", "红旗渠二期改造", "Project", ""),
        ("云岭市教育局", "云岭市青河区教育局", "Organization", ""),
        ("王书记", "李建国", "Person", ""),
        ("创新金属", "创新精密", "Organization", ""),
        ("云岭银行", "云岭农业银行", "Organization", ""),
        ("青湾小学", "青湾镇第二小学", "Organization", ""),
        ("青岚镇", "红岚镇", "AdministrativeArea", ""),
        ("李聪", "李明聪", "Person", ""),
        ("污水处理厂", "垃圾处理厂", "Facility", ""),
    ],
)
def test_one_thing_or_two(short: str, long: str, kind: str, why: str) -> None:
    assert reason(short, long, kind) == why


def entities(text: str, names: list[tuple[str, str]]) -> tuple[list[Entity], list[str]]:
    article: Document = repair.document(Source("test.txt", text, "0" * 64))
    mentions = []
    for name, kind in names:
        at = article.text.find(name)
        while at >= 0:
            mentions.append(Mention(Span(at, at + len(name)), name, kind, "test", 0.9))
            at = article.text.find(name, at + 1)
    mentions = [m for m in mentions if not any(o.span != m.span and o.span.contains(m.span) for o in mentions)]
    found, log = resolve(article, mentions)
    return found, [f"{merge.merged}={merge.kept}:{merge.reason}" for merge in log]


def test_a_misread_name_joins_the_usual_one_and_the_log_says_why() -> None:
    text = "柳泊镇召开会议。柳泊镇推进项目。柳洎镇获评先进。"
    found, log = entities(text, [("柳泊镇", "AdministrativeArea"), ("柳洎镇", "AdministrativeArea")])
    assert [(e.name, e.aliases) for e in found] == [("柳泊镇", ["柳洎镇"])]
    assert log == ["柳洎镇=柳泊镇:lookalike"]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("云岭锌铟集团股份有限公司（以下简称“滇锌”）扩建。滇锌投资3亿元。", "滇锌"),
        ("云岭锌铟集团股份有限公司(下称滇锌)扩建。滇锌投资3亿元。", "滇锌"),
        ("云岭锌铟集团股份有限公司（简称：“滇锌”“公司”）扩建。滇锌投资3亿元。", "滇锌"),
        ("云岭锌铟集团股份有限公司（YLXY）扩建。YLXY投资3亿元。", "YLXY"),
    ],
)
def test_a_short_form_announced_in_brackets_is_its_name(text: str, short: str) -> None:
    found, log = entities(text, [("云岭锌铟集团股份有限公司", "Organization"), (short, "Project")])
    assert [(e.type, e.name, e.aliases) for e in found] == [("Organization", "云岭锌铟集团股份有限公司", [short])]
    assert log == [f"{short}=云岭锌铟集团股份有限公司:announced"]


@pytest.mark.parametrize(("inner", "names"), [("胄岚镇", ["青岚镇"]), ("东岚镇", ["青岚镇", "东岚镇"])])
def test_an_unknown_area_once_inside_a_name_is_a_misread_one(inner: str, names: list[str]) -> None:
    text = f"青岚镇种茶。青岚镇修路。青岚镇招商。{inner}卫生院扩建。"
    mentions = [
        Mention(Span(at, at + 3), "青岚镇", "AdministrativeArea", "test", 0.9)
        for at in range(len(text))
        if text.startswith("青岚镇", at)
    ]
    at = text.index(inner)
    mentions.append(Mention(Span(at, at + 3), inner, "AdministrativeArea", INNER_RULE, 0.9))
    found, _ = resolve(repair.document(Source("test.txt", text, "0" * 64)), mentions)
    assert [e.name for e in found] == names


def test_brackets_that_only_point_announce_nothing() -> None:
    text = "云岭锌铟集团股份有限公司（以下简称“公司”）扩建。"
    found, log = entities(text, [("云岭锌铟集团股份有限公司", "Organization")])
    assert [e.aliases for e in found] == [[]]
    assert log == []


def first_mentions(text: str, names: list[tuple[str, str]]) -> list[Mention]:
    """Each name where it stands first; a comma in front of one is not of it."""
    mentions = []
    for name, kind in names:
        bare = name.strip("，")
        start = text.index(name) + len(name) - len(bare)
        mentions.append(Mention(Span(start, start + len(bare)), bare, kind, "test", 0.9))
    return mentions


def test_an_unknown_area_is_the_village_of_that_name() -> None:
    text = "柳湾村种梨。今年，柳湾丰收，石桥也丰收。"
    names = [("柳湾村", "Village"), ("，柳湾", "AdministrativeArea"), ("石桥", "AdministrativeArea")]
    mentions = first_mentions(text, names)
    found, log = resolve(repair.document(Source("test.txt", text, "0" * 64)), mentions)
    assert [(e.type, e.name, e.aliases) for e in found] == [
        ("Village", "柳湾村", ["柳湾"]),
        ("AdministrativeArea", "石桥", []),
    ]
    assert [merge.reason for merge in log] == ["ending"]


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("重庆云岭汽车配件有限公司投产。云岭招工。", [("云岭", "Person")], ["重庆云岭汽车配件有限公司"]),
        ("金岭集团扩建。金岭招工。", [("金岭", "AdministrativeArea")], ["金岭集团"]),
        ("柳湾镇修路。柳湾招商。", [("柳湾", "Person")], ["柳湾镇"]),
        ("柳湾镇、柳湾社区修路。柳湾招商。", [("柳湾", "Person")], ["柳湾镇", "柳湾社区", "柳湾"]),
        ("柳河镇修路。柳河涨水。", [("柳河", "Place")], ["柳河镇", "柳河"]),
        ("“增绿”行动启动。增绿千亩。", [("增绿", "Product")], ["“增绿”行动"]),
    ],
)
def test_a_short_form_taken_for_another_kind_joins_its_name(
    text: str, names: list[tuple[str, str]], left: list[str]
) -> None:
    whole = {
        "重庆云岭汽车配件有限公司": "Organization",
        "金岭集团": "Organization",
        "柳湾镇": "AdministrativeArea",
        "柳湾社区": "Village",
        "柳河镇": "AdministrativeArea",
        "“增绿”行动": "Program",
    }
    found, _ = entities(text, [(name, kind) for name, kind in whole.items() if name in text] + names)
    assert [e.name for e in found] == left


def test_short_forms_of_short_forms_are_not_lost() -> None:
    text = "柳湾村社区修路。柳湾村种茶。柳湾招商。"
    names = [("柳湾村社区", "AdministrativeArea"), ("柳湾村", "Place"), ("柳湾", "Person")]
    found, _ = entities(text, names)
    assert sorted(m.text for e in found for m in e.mentions) == ["柳湾", "柳湾村", "柳湾村社区"]


def test_a_known_county_is_no_short_form_of_a_firm() -> None:
    text = "云岭县招商。云岭酒业公司扩建。云岭丰收。"
    bare = Mention(Span(15, 17), "云岭", "AdministrativeArea", "test", 0.9, code="530722")
    firm = Mention(Span(6, 12), "云岭酒业公司", "Organization", "test", 0.9)
    assert text[15:17] == "云岭"
    found, _ = resolve(repair.document(Source("test.txt", text, "0" * 64)), [firm, bare])
    assert [e.name for e in found] == ["云岭酒业公司", "云岭"]


def test_a_bare_head_is_the_last_name_that_ends_in_it() -> None:
    text = "青岚画坊开门。柳湾工坊和石桥工坊开工。工坊里热闹。"
    found, log = entities(text, [(name, "Facility") for name in ("青岚画坊", "柳湾工坊", "石桥工坊", "工坊")])
    assert [e.name for e in found] == ["青岚画坊", "柳湾工坊", "石桥工坊"]
    assert found[2].aliases == ["工坊"]
    assert log == ["工坊=石桥工坊:head"]


def test_zones_and_bureaus_have_short_forms() -> None:
    text = "云河高新技术产业开发区扩园，云河高新区招商。云河县住房和城乡建设局修路，县住建局植树。"
    kinds = {"云河高新技术产业开发区": "Place", "云河高新区": "Place"}
    bodies = {"云河县住房和城乡建设局": "Organization", "县住建局": "Organization"}
    found, log = entities(text, [*kinds.items(), *bodies.items()])
    assert [e.name for e in found] == ["云河高新技术产业开发区", "云河县住房和城乡建设局"]
    assert [merge.rpartition(":")[2] for merge in log] == ["abbreviation", "abbreviation"]


def test_the_rarer_of_two_names_around_one_quotation_joins_the_other() -> None:
    text = "“红管家”工作法推广。“红管家”工作法获奖，“红管家”网格工作法来了。“红管家”合作社分红。"
    names = ["“红管家”工作法", "“红管家”网格工作法", "“红管家”合作社"]
    found, log = entities(text, [(name, "Program") for name in names])
    assert [e.name for e in found] == ["“红管家”网格工作法", "“红管家”合作社"]
    assert log == ["“红管家”工作法=“红管家”网格工作法:quoted"]


def test_a_place_and_a_facility_of_one_name_are_one_thing() -> None:
    text = "云河县鲜果种植基地占地百亩，鲜果种植基地用上滴灌。云河大桥通车，云河大桥维修启动。"
    kinds = {
        "云河县鲜果种植基地": "Place",
        "，鲜果种植基地": "Facility",
        "云河大桥": "Facility",
        "云河大桥维修": "Project",
    }
    mentions = first_mentions(text, list(kinds.items()))
    found, log = resolve(repair.document(Source("test.txt", text, "0" * 64)), mentions)
    assert [(e.type, e.name) for e in found] == [
        ("Place", "云河县鲜果种植基地"),
        ("Facility", "云河大桥"),
        ("Project", "云河大桥维修"),
    ]
    assert [merge.reason for merge in log] == ["tail"]


def test_two_hosts_leave_a_short_name_alone() -> None:
    text = "东平医养中心开业。西平医养中心开工。医养中心受欢迎。"
    found, log = entities(text, [("东平医养中心", "Facility"), ("西平医养中心", "Facility"), ("医养中心", "Facility")])
    assert len(found) == 3
    assert log == []


def test_equal_names_of_groups_are_two_groups() -> None:
    found, _ = entities("甲改造等3个项目竣工。乙改造等3个项目开工。", [("3个项目", "ProjectGroup")])
    assert len(found) == 2


def test_a_name_has_one_type() -> None:
    text = "暖心家园开放。暖心家园揭牌。"
    article = repair.document(Source("test.txt", text, "0" * 64))
    mentions = [
        Mention(Span(0, 4), "暖心家园", "Facility", "test", 0.9),
        Mention(Span(7, 11), "暖心家园", "Program", "test", 0.4),
    ]
    found, _ = resolve(article, mentions)
    assert [(e.type, len(e.mentions)) for e in found] == [("Facility", 2)]


@pytest.mark.parametrize(
    ("land", "kind", "firm"),
    [
        ("云岭村", "Village", "云岭村股份经济合作社"),
        ("云岭", "Village", ""),
        ("云岭乡", "AdministrativeArea", "云岭乡兴农发展有限公司"),
        ("青石河", "Place", "青石河水务有限公司"),
    ],
)
def test_a_village_or_area_is_no_short_form_of_its_cooperative(land: str, kind: str, firm: str) -> None:
    whole = firm or "云岭茶叶专业合作社"
    text = f"{land}种茶。{whole}卖茶。"
    found, _ = entities(text, [(whole, "Organization"), (land, kind)])
    assert [e.name for e in found] == ([land, whole] if firm else [whole])


@pytest.mark.parametrize(
    ("text", "names", "joined"),
    [
        # a firm's brand labelled as a product
        ("湖北青坪富硒食品公司扩建。青坪富硒招工。", ["湖北青坪富硒食品公司 Organization", "青坪富硒 Product"], 1),
        ("青岚果业公司扩建。青岚蜜桃上市。", ["青岚果业公司 Organization", "青岚蜜桃 Product"], 2),
        # what a longer name quotes
        ("建成“国兰说事”调解室。国兰说事每周开门。", ["“国兰说事”调解室 Facility", "国兰说事 Program"], 1),
        # misread once, beside a name that stands more often, whatever it was labelled as
        ("双棉村种棉。双棉村修路。双棉材获奖。", ["双棉村 Village", "双棉材 Organization"], 1),
        ("双棉村种棉。双棉材获奖。", ["双棉村 Village", "双棉材 Organization"], 1),
        ("上棉村种棉。上棉村修路。下棉村获奖。", ["上棉村 Village", "下棉村 Village"], 2),
    ],
)
def test_mistaken_names_join_what_they_are_forms_of(text: str, names: list[str], joined: int) -> None:
    pairs = [(name, kind) for name, _, kind in (one.partition(" ") for one in names)]
    found, log = entities(text, pairs)
    assert len(found) == joined
    assert len(log) == len(names) - joined


def test_a_town_that_is_never_called_one_is_the_village_of_its_name() -> None:
    text = "厢白村修路。今年，厢白获奖。"
    stem = Mention(Span(9, 11), "厢白", "AdministrativeArea", "gazetteer:stem", 0.7, code="231226202")
    village = Mention(Span(0, 3), "厢白村", "Village", "test", 0.9)
    found, _ = resolve(repair.document(Source("test.txt", text, "0" * 64)), [village, stem])
    assert [(e.type, e.name, e.aliases, e.code) for e in found] == [("Village", "厢白村", ["厢白"], "")]


def test_a_village_and_a_community_of_its_name_are_two() -> None:
    text = "徐毛村修路。徐毛社区办食堂。徐毛美。"
    mentions = [
        Mention(Span(at, at + len(name)), name, "Village", "test", 0.9, code="371681003207")
        for name in ("徐毛村", "徐毛社区", "徐毛")
        for at in [text.rindex(name)]
    ]
    found, _ = resolve(repair.document(Source("test.txt", text, "0" * 64)), mentions)
    assert [(e.name, e.aliases, e.code) for e in found] == [
        ("徐毛村", ["徐毛"], "371681003207"),
        ("徐毛社区", [], ""),
    ]


def test_what_a_rule_relates_is_always_compared() -> None:
    """Names are not each compared with all others; none that a rule would join may be passed over."""
    names = {
        "Organization": [
            "警方",
            "云岭市公安局",
            "管委会",
            "青湾开发区管理委员会",
            "市一中",
            "云岭市第一中学",
            "青医院",
        ],
        "Place": ["高新区", "青岚高新技术产业开发区", "市经开区", "云岭市经济开发区"],
        "Person": ["老李", "李书记", "李建国", "建国", "卡里木", "艾山·卡里木", "小木"],
        "AdministrativeArea": ["刀镇", "刁镇", "青岚镇", "青岗镇"],
        "Product": ["茶", "“茶”", "“茶”礼盒", "“茶 ”大礼盒"],
    }
    for path in sorted((Path(__file__).parent.parent / "examples").glob("*.yaml")):
        for entity in yaml.safe_load(path.read_text(encoding="utf-8"))["entities"]:
            names.setdefault(entity["type"], []).extend([entity["name"], *entity.get("also", [])])
    related = 0
    for kind in RULES:
        named = [Entity(str(at), kind, name) for at, name in enumerate(dict.fromkeys(names[kind]))]
        likely = Likely(named)
        for at, entity in enumerate(named):
            forms_of = [other for other in named if reason(entity.name, other.name, kind)]
            compared = likely.hosts(at, {})
            assert [other.name for other in forms_of if other not in compared] == [], entity.name
            related += len(forms_of)
    assert related > 300


def test_each_of_many_names_finds_its_own() -> None:
    brands = [first + second for first in "青红蓝紫云柳石林" for second in "岚湾岭溪泉峰"]
    text = "".join(f"重庆{brand}汽车配件有限公司扩建。{brand}招工。{brand}镇修路。" for brand in brands)
    text += "柳泊镇召开会议。柳泊镇推进项目。柳洎镇获评先进。"
    kinds = {"重庆{}汽车配件有限公司": "Organization", "{}": "Product", "{}镇": "AdministrativeArea"}
    names = [(form.format(brand), kind) for brand in brands for form, kind in kinds.items()]
    towns = [("柳泊镇", "AdministrativeArea"), ("柳洎镇", "AdministrativeArea")]
    found, log = entities(text, [*names, *towns])
    assert {e.name: e.aliases for e in found} == {
        **{f"重庆{brand}汽车配件有限公司": [brand] for brand in brands},
        **{f"{brand}镇": [] for brand in brands},
        "柳泊镇": ["柳洎镇"],
    }
    assert log == ["柳洎镇=柳泊镇:lookalike", *(f"{brand}=重庆{brand}汽车配件有限公司:brand" for brand in brands)]
