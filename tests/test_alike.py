"""Names of one thing that no rule joins, and names of two that look alike: the trained comparison, with its weights."""

from __future__ import annotations

import re

import pytest
from test_resolve import entities


@pytest.mark.parametrize(
    ("text", "names", "kind"),
    [
        (
            "中国农业银行云岭分行设立网点。农行云岭分行发放贷款。",
            ("中国农业银行云岭分行", "农行云岭分行"),
            "Organization",
        ),
        ("双眉湾村修路。双眉湾村分红。双湄湾村获评先进。", ("双眉湾村", "双湄湾村"), "Village"),
        (
            "第七届中国—云岭博览会开幕。第七届云博会闭幕。",
            ("第七届中国—云岭博览会", "第七届云博会"),
            "Event",
        ),
        ("青湾围巾产业协会办展。围巾协会有会员50家。", ("青湾围巾产业协会", "围巾协会"), "Organization"),
        ("印度尼西亚客商来访。印尼采购茶叶。", ("印度尼西亚", "印尼"), "AdministrativeArea"),
        ("青湾蜜桔上市。蜜桔卖到广州。", ("青湾蜜桔", "蜜桔"), "Product"),
        ("云岭岳纬新材扩产。云岭岳纬投资2亿元。", ("云岭岳纬新材", "云岭岳纬"), "Organization"),
        ("黎家夜校开课。夜校有学员30人。夜校免费。", ("黎家夜校", "夜校"), "Program"),
    ],
)
def test_one_thing(text: str, names: tuple[str, str], kind: str) -> None:
    found, log = entities(text, [(name, kind) for name in names])
    assert [(entity.name, entity.aliases) for entity in found] == [(names[0], [names[1]])]
    assert re.fullmatch(rf"{names[1]}={names[0]}:likely:0\.\d\d", log[0])  # the log says that it is no more than likely


@pytest.mark.parametrize(
    ("text", "names", "kind"),
    [
        ("青湾菌棒厂投产，青湾菌种厂在建。", ("青湾菌棒厂", "青湾菌种厂"), "Facility"),
        ("青湾第一小学和青湾第二小学招生。", ("青湾第一小学", "青湾第二小学"), "Organization"),
        ("青湾果业公司和青湾乳业公司签约。", ("青湾果业公司", "青湾乳业公司"), "Organization"),
        ("东坪村、西坪村修路。东坪村分红。", ("东坪村", "西坪村"), "Village"),
        (
            "青湾村与岭沽稻业合资成立云岭青湾岭沽稻香农业科技有限公司。",
            ("岭沽稻业", "云岭青湾岭沽稻香农业科技有限公司"),
            "Organization",
        ),
        ("王建国和王建军获奖。", ("王建国", "王建军"), "Person"),
    ],
)
def test_two_things(text: str, names: tuple[str, str], kind: str) -> None:
    found, log = entities(text, [(name, kind) for name in names])
    assert {entity.name for entity in found} == set(names)
    assert log == []


def test_several_forms_of_one_name_end_in_one_thing() -> None:
    forms = ["中国农业银行云岭分行", "农业银行云岭分行", "农行云岭分行"]
    text = "。".join(f"{form}发放贷款" for form in forms)
    found, log = entities(text, [(form, "Organization") for form in forms])
    assert [(entity.name, set(entity.aliases)) for entity in found] == [(forms[0], set(forms[1:]))]
    assert len(log) == 2
