"""What kind of organization a name shows."""

from __future__ import annotations

import pytest

from kg import subtypes


@pytest.mark.parametrize(
    ("name", "subtype"),
    [
        ("江河新能源有限公司", "Company"),
        ("云岭农商银行清河支行", "Company"),
        ("清河县供销合作社联合社", "Cooperative"),
        ("石桥果蔬种植专业合作社", "Cooperative"),
        ("石桥村党支部", "PartyBody"),
        ("清河县委", "PartyBody"),
        ("清河县委组织部", "PartyBody"),
        ("石桥村两委", "PartyBody"),
        ("清河县商会", "Association"),
        ("清河县妇联", "Association"),
        ("石桥镇人民政府", "GovernmentBody"),
        ("清河县农业农村局", "GovernmentBody"),
        ("交通运输部", "GovernmentBody"),
        ("石桥镇综合服务中心", "GovernmentBody"),
        ("石桥镇社区卫生服务中心", "Institution"),
        ("清河县第二中学", "Institution"),
        ("东川大学", "Institution"),
        ("清河东西", ""),
    ],
)
def test_an_organization_is_of_the_kind_that_its_name_shows(name: str, subtype: str) -> None:
    assert subtypes.of("Organization", [name]) == subtype


def test_the_first_name_that_shows_a_kind_decides() -> None:
    assert subtypes.of("Organization", ["石桥清泉", "石桥清泉有限公司"]) == "Company"


def test_other_types_have_no_such_kinds() -> None:
    assert subtypes.of("Facility", ["清河县人民医院"]) == ""
