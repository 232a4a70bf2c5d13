"""The gazetteer against facts from all over the country: names, codes, namesakes, search, an article's area."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.gazetteer import gazetteer, store
from kg.gazetteer import names as naming

G = gazetteer()


@pytest.mark.parametrize(
    ("name", "level", "stem"),
    [
        ("章丘区", "county", "章丘"),
        ("刁镇街道", "town", "刁镇"),
        ("刁镇", "town", "刁镇"),
        ("泾县", "county", "泾县"),
        ("威宁彝族回族苗族自治县", "county", "威宁"),
        ("双江拉祜族佤族布朗族傣族自治县", "county", "双江"),
        ("东乡族自治县", "county", "东乡"),
        ("鄂伦春自治旗", "county", "鄂伦春"),
        ("龙胜各族自治县", "county", "龙胜"),
        ("内蒙古自治区", "province", "内蒙古"),
        ("新疆维吾尔自治区", "province", "新疆"),
        ("香港特别行政区", "province", "香港"),
        ("巴音郭楞蒙古自治州", "city", "巴音郭楞"),
        ("阿勒泰地区", "city", "阿勒泰"),
        ("神农架林区", "county", "神农架"),
        ("滨海新区", "county", "滨海新区"),
        ("济南高新技术产业开发区", "county", "济南高新技术产业开发区"),
        ("清平社区居委会", "village", "清平"),
        ("王村村委会", "village", "王村"),
    ],
)
def test_stem(name: str, level: str, stem: str) -> None:
    assert naming.stem(name, level) == stem


@pytest.mark.parametrize(
    ("code", "full"),
    [
        ("370114016", "山东省济南市章丘区刁镇街道"),
        ("419001", "河南省济源市"),
        ("469025", "海南省白沙黎族自治县"),
        ("110101", "北京市东城区"),
        ("500236", "重庆市奉节县"),
        ("441900003", "广东省东莞市东城街道"),
        ("659001", "新疆维吾尔自治区石河子市"),
        ("110101001001", "北京市东城区东华门街道多福巷社区"),
        ("999999", ""),
    ],
)
def test_full_name(code: str, full: str) -> None:
    assert G.full_name(code) == full


def test_every_code_leads_to_a_province_and_no_pseudo_division_is_a_name() -> None:
    known = store.division_names()
    pseudo = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
    assert not pseudo & set(known.values())
    for code in known:
        above = code
        while parent := store.parent_code(above, known):
            above = parent
        assert store.level_of(above) == "province"


def test_children_and_parents_agree() -> None:
    for code in ("", "370000", "370100", "370114", "410000", "441900", "370114016"):
        children = G.children(code)
        assert children
        assert all(child.parent == code for child in children)
    assert [d.name for d in G.parents("370114016")] == ["章丘区", "济南市", "山东省"]


@pytest.mark.parametrize("city", ["1101", "3701", "4419", "4690", "5001", "6541"])
def test_villages_are_complete_and_in_order(city: str) -> None:
    for town, villages in store.villages(city).items():
        assert all(code.startswith(town) and len(code) == 12 and name.strip() for code, name in villages.items())
        assert list(villages) == sorted(villages)
    assert store.villages("0000") == {}


@pytest.mark.parametrize(
    ("name", "within", "codes"),
    [
        ("章丘区", "", ["370114"]),
        ("章丘", "", ["370114"]),
        ("章丘市", "", ["370114"]),
        ("襄樊市", "", ["420600"]),
        ("威宁县", "", ["520526"]),
        ("鼓楼区", "", ["320106", "320302", "350102", "410204"]),
        ("鼓楼区", "350000", ["350102"]),
        ("刁镇", "", ["370114016"]),
        ("那楼", "", ["450109101"]),
        ("姜家店", "220500", ["2205242"]),
        ("旧军村", "370114", ["370114016"]),
        ("没有这个县", "", []),
    ],
)
def test_lookup(name: str, within: str, codes: list[str]) -> None:
    found = G.lookup(name, within)
    assert [d.code[: len(code)] for d, code in zip(found, codes, strict=True)] == codes


@pytest.mark.parametrize(
    ("name", "context", "code"),
    [
        ("朝阳区", [], None),
        ("朝阳区", ["110101"], "110105"),
        ("朝阳区", ["220102"], "220104"),
        ("吉林", [], "220000"),
        ("吉林", ["220202"], "220200"),
        ("海南", [], "460000"),
        ("海南", ["632521"], "632500"),
        ("巨鹿", ["130529"], "130529"),
        ("城关镇", [], None),
        ("城关镇", ["370114"], None),
        ("刁镇", ["370114"], "370114016"),
        ("刁镇街道", [], "370114016"),
        ("刁镇街道", ["450110"], None),
        ("黄山市", ["341003"], "341000"),
        ("即墨市", [], "370215"),
        ("不存在镇", ["370114"], None),
        ("六库镇", ["533301"], "533301002"),
        ("六库镇", ["370114"], None),
    ],
)
def test_resolve(name: str, context: list[str], code: str | None) -> None:
    found = G.resolve(name, context)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("name", "within", "codes"),
    [
        ("刀镇", "370114", ["370114016"]),
        ("刀镇街道", "370100", ["370114016"]),
        ("刁镇街道", "370114", []),
        ("刀镇", "371681", []),
    ],
)
def test_near_differs_by_one_lookalike(name: str, within: str, codes: list[str]) -> None:
    assert [d.code for d in G.near(name, within)] == codes


FIND = [
    # text, context, [(name, code or None)]
    ("贵州省毕节市威宁彝族回族苗族自治县石门乡", [], ["520000", "520500", "520526", "520526210"]),
    ("威宁县石门乡", [], ["520526", "520526210"]),
    ("云南大理州大理市", [], ["530000", "532900", "532901"]),
    ("济南市市中区", [], ["370100", "370103"]),
    ("内江市市中区", [], ["511000", "511002"]),
    ("市中区", ["370114"], ["370103"]),
    ("和平发展,平安建设,公安部门,朝阳产业", [], []),
    ("推动新城镇化,走进大安市场,记住石门乡愁", [], []),
    ("中山路、南京路步行街", [], []),
    ("夕阳西下,搬迁安置", [], []),
    ("振兴乡村,打造特色乡村", [], []),
    ("发展中方能,和政府一道", [], []),
    ("城区和郊区", [], []),
    ("章丘市", [], ["370114"]),
    ("泾县檀溪镇", [], ["341823"]),  # 檀溪镇 lies in another county: not that one
    ("罗川区沙泉镇", [], []),  # nor in a county that there is not
    ("旧军村和清平社区", ["370114016"], ["370114016", "370114016"]),
    ("旧军村", [], []),
    ("旧军古城", ["370114016"], ["370114016"]),
    ("旧军古城", ["370114"], []),
    ("东旧军村", ["370114016"], []),
    ("明水街道旧军村修路。旧军村植树。", ["370114"], ["370114001"]),  # 旧军村 lies in another town: not that one
    ("旧军村修路。", ["370114001"], []),  # nor in an article of a town that has none
    ("刁镇街道和旧军村", ["370114001"], ["370114016", "370114016"]),
    ("安徽省宿州市埇桥区大店镇静安村", [], ["340000", "341300", "341302", "341302110"]),
    ("河南省濮阳县梨园乡", [], ["410000", "410928", "410928207"]),
    ("章丘区枣园镇", [], ["370114", "370114003"]),
    ("湖南省祁阳县", [], ["430000", "431181"]),
    ("琊川坝镇修路，琊川坝中学扩建。", ["520327"], []),  # 琊川 is another town
    ("建港沿镇种稻，建港沿镇养羊，建港沿镇办学。", ["310151"], []),  # another town, of a longer name
    ("在港沿镇种稻，在港沿镇养羊，在港沿镇办学。", ["310151"], ["310151108"] * 3),
    ("港沿镇种稻，建港沿镇粮仓。", ["310151"], ["310151108"] * 2),
    ("与凉水河子、驼腰岭、三源浦等乡镇相邻", ["220524"], ["220524110", "220524103", "220524101"]),
]


@pytest.mark.parametrize(("text", "context", "codes"), FIND)
def test_find(text: str, context: list[str], codes: list[str]) -> None:
    found = [f.division.code if f.division else None for f in G.find(text, context)]
    assert [code and code[: len(want)] for code, want in zip(found, codes, strict=False)] == codes
    assert len(found) == len(codes)


def test_bare_village_names_are_flagged() -> None:
    (found,) = G.find("旧军古城", ["370114016"])
    assert found.bare
    assert found.form == "bare"


_PIECES = [
    "章丘区",
    "章丘",
    "刁镇",
    "旧军",
    "村",
    "社区",
    "市",
    "乡",
    "和平",
    "镇",
    "、",
    "在",
    "\n",
    "a",
    "𠮷",
    "济南市",
    "石门乡",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=20).map("".join), st.sampled_from([[], ["370114"], ["370114016"]]))
@settings(max_examples=80, deadline=None)
def test_finds_quote_the_text_in_order(text: str, context: list[str]) -> None:
    found = G.find(text, context)
    assert all(text[f.start : f.end] == f.name for f in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(f.candidates and (f.division is None or f.division in f.candidates) for f in found)


HOME = [
    ("刁镇街道2024年工作\n章丘区刁镇街道聚焦产业发展,旧军村完成改造。", ["370114016"]),
    ("邹平市高新街道聚焦五大板块\n高新街道推进项目建设,西神坛村修路。", ["371681003"]),
    ("孤山子镇\n孤山子镇地处柳河县东南部,与通化县兴林镇接壤。", ["220524104"]),
    ("贵州威宁:推进乡村振兴\n贵州省毕节市威宁彝族回族苗族自治县立足新发展阶段。威宁县石门乡团结村修了路。", ["520526"]),
    ("泾县檀溪镇2022年工作\n檀溪镇围绕古村做文章,檀溪镇接待游客。", ["341823"]),
    ("阳信县柳坡镇的半年\n柳坡镇种梨,梨销往济南。", ["371622"]),
    ("怀柔区柳石峪镇工作巡礼\n柳石峪镇修路,柳石峪镇植树,柳石峪镇办学。", ["110116"]),
    ("凭宁市隘门镇上半年工作\n隘门镇修路。", []),
    ("企业发展的故事\n一家企业投产了。", []),
    ("东莞市东城街道办事处年终盘点\n东莞市东城街道加快改造。", ["441900003"]),
    (
        "济南市全力推进营商环境\n济南市出台政策,济南市章丘区、历城区、长清区、莱芜区、钢城区、济阳区都有新举措。济南市再加力。",
        ["370100"],
    ),
]


@pytest.mark.parametrize(("text", "codes"), HOME)
def test_home(text: str, codes: list[str]) -> None:
    assert [d.code for d in G.home(text)] == codes


def test_a_row_of_towns_without_suffixes_is_of_the_own_county() -> None:
    """青原 alone is a district in Jiangxi; 宝清县 has towns of these three names."""
    text = "在七星泡、青原、龙头3个镇建设农田。"
    found = [(one.name, one.division.code[:6]) for one in gazetteer().find(text, ["230523"]) if one.division]
    assert found == [("七星泡", "230523"), ("青原", "230523"), ("龙头", "230523")]
