"""Which pairs of names are looked at, and what points back to a name of another sentence."""

from __future__ import annotations

import pytest
from articles import context

from kg import figures
from kg.relate import owners
from kg.relate.pairs import candidates

TEXT = (
    "青岚镇2024年工作\n\n"
    "柳湾村的青岚茶业公司去年投产。石桥村修了路。今年，该公司新建一座烘干房。镇里说，仓储中心由云河建设公司承建。"
)
NAMES = {
    "青岚镇": "AdministrativeArea",
    "柳湾村": "Village",
    "青岚茶业公司": "Organization",
    "石桥村": "Village",
    "烘干房": "Project",
    "仓储中心": "Project",
    "云河建设公司": "Organization",
}
ALLOWED = frozenset(
    {
        ("Project", "Organization"),
        ("Project", "ProjectGroup"),
        ("Project", "Village"),
        ("Person", "Organization"),
        ("Village", "AdministrativeArea"),
    }
)
APART = (
    "今年安排十件民生实事。\n\n柳湾村种茶，青岚茶业公司在村里收茶。\n\n石桥村修路，路长三里。\n\n烘干房已经动工。\n\n"
    "该公司建仓储中心。\n\n云河建设公司修桥。\n\n据董事长李建国介绍，桥很宽。"
)
APART_NAMES = {"十件民生实事": "ProjectGroup", **NAMES, "李建国": "Person"}


def modes(subject: str, object_: str, text: str = TEXT, kinds: dict[str, str] = NAMES) -> list[str]:
    names = list(kinds)
    pairs = candidates(context(text, kinds), ALLOWED)
    return [p.mode for p in pairs if (names[p.subject], names[p.object]) == (subject, object_)]


def test_the_last_name_of_each_type_is_looked_back_for() -> None:
    assert modes("仓储中心", "云河建设公司") == ["near"]
    assert modes("烘干房", "石桥村") == ["in-before"]
    assert modes("烘干房", "柳湾村") == []  # another village stands between


def test_works_are_looked_at_with_firms_of_other_sentences() -> None:
    assert modes("烘干房", "青岚茶业公司") == ["of-far"]  # two sentences back
    assert modes("烘干房", "云河建设公司") == ["of-after", "before"]


def test_names_of_other_paragraphs_are_looked_at_where_a_sentence_may_speak_of_them() -> None:
    assert modes("烘干房", "十件民生实事", APART, APART_NAMES) == ["of-group"]
    assert modes("烘干房", "石桥村", APART, APART_NAMES) == ["of-afar"]
    assert modes("烘干房", "柳湾村", APART, APART_NAMES) == []  # another village stands between
    assert modes("仓储中心", "青岚茶业公司", APART, APART_NAMES) == ["of-echo"]
    assert modes("李建国", "云河建设公司", APART, APART_NAMES) == ["of-afar"]


def test_every_pair_of_a_sentence_is_looked_at_once() -> None:
    pairs = [
        (p.subject, p.object, p.mode, p.at_subject, p.at_object) for p in candidates(context(TEXT, NAMES), ALLOWED)
    ]
    assert len(pairs) == len(set(pairs))


def test_what_a_sentence_repeats_of_a_name() -> None:
    made, names = context(TEXT, NAMES), list(NAMES)
    sentence = made.document.sentence_at(TEXT.index("该公司"))
    assert made.echo(names.index("青岚茶业公司"), sentence) == "公司"
    assert made.echo(names.index("仓储中心"), sentence) == ""
    last = made.document.sentence_at(TEXT.index("镇里说"))
    assert made.echo(names.index("青岚茶业公司"), last) == ""  # 公司 stands there in another firm's name only
    assert made.away(names.index("青岚茶业公司"), sentence.start) == 2
    assert made.away(names.index("云河建设公司"), sentence.start) == 0  # named only later


def test_the_last_name_whose_end_a_sentence_repeats_is_meant() -> None:
    made, names = context(TEXT, NAMES), list(NAMES)
    sentence = made.document.sentence_at(TEXT.index("该公司"))
    assert made.echoed(sentence.start) == {"公司": names.index("青岚茶业公司")}


@pytest.mark.parametrize(
    ("text", "home"),
    [
        (
            "云河县青岚镇2024年工作\n\n云河县连年丰收。云河县的水好，云河县的路也好。云河县人勤快，青岚镇修路。",
            "青岚镇",
        ),
        ("云河县2024年工作\n\n青岚镇修路，青岚镇种茶。云河县丰收，云河县招商。", "云河县"),
        ("丰收\n\n云河县青岚镇修路。云河县青岚镇种茶。云河县青岚镇招商。", "青岚镇"),
    ],
)
def test_an_article_reports_on_the_last_area_of_the_chain_in_its_title(text: str, home: str) -> None:
    made = context(text, dict.fromkeys(("云河县", "青岚镇"), "AdministrativeArea"))
    assert made.entities[made.home].name == home


@pytest.mark.parametrize(
    ("text", "home", "area"),
    [
        # named once more than the village, but the words around speak of a village
        (
            "好日子\n\n青岚镇修了路。白石村种茶。\n\n全村人都忙。我村办食堂，本村收成好。青岚镇下雨。",
            "白石村",
            "青岚镇",
        ),
        ("青岚镇上半年\n\n白石村种茶，白石村修渠。全镇办食堂，我镇收成好。", "青岚镇", "青岚镇"),
        (
            "云河茶叶产业园引来12家企业\n\n云河县修路。云河茶叶产业园投产，园区招商。云河县下雨。",
            "云河茶叶产业园",
            "云河茶叶产业园",
        ),
    ],
)
def test_a_village_or_a_zone_may_be_what_an_article_reports_on(text: str, home: str, area: str) -> None:
    kinds = {
        "云河县": "AdministrativeArea",
        "青岚镇": "AdministrativeArea",
        "白石村": "Village",
        "云河茶叶产业园": "Place",
    }
    made = context(text, {name: kind for name, kind in kinds.items() if name in text})
    assert made.entities[made.home].name == home
    assert made.entities[made.home_area].name == area


def test_an_area_inside_a_title_owns_no_figure() -> None:
    text = "青岚镇开展宣讲。青岚镇组织演练1770场，被评为云河市平安先进单位。云河市下拨奖金3万元。"
    kinds = {"青岚镇": "AdministrativeArea", "云河市平安先进单位": "Honor", "云河市": "AdministrativeArea"}
    made = context(text, kinds)
    quantities = figures.find(text, made.document.sentences, made.document.date, made.document.title)
    near = [{o.entity for o in owners.candidates(made, q) if o.mode == "near"} for q in quantities]
    assert near == [{0, 1}, {2}]
