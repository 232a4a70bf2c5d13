"""What goes without saying: facts that names and the form of a text tell, without a reader of sentences."""

import pytest
from articles import context

from kg.relate import defaults

SYSTEM = "云坪镇构建“一核两翼”产业体系。"
KINDS = {
    "“一核两翼”产业体系": "Program",
    "云坪镇": "AdministrativeArea",
    "石桥村青岚茶叶专业合作社": "Organization",
    "石桥村": "Village",
    "河口冷链仓": "Facility",
    "南坡万亩茶园": "Place",
}


def parts(text: str) -> set[tuple[str, str, str]]:
    made = context(text, {name: kind for name, kind in KINDS.items() if name in text})
    found = defaults.find(made, [])
    return {(f.subject, f.object, f.evidence[0].rule) for f in found if f.predicate == "partOf"}


def test_what_explains_a_part_of_a_counted_name_belongs_to_the_whole() -> None:
    told = "“一核”即石桥村青岚茶叶专业合作社、河口冷链仓，年收入200万元；“两翼”为南坡万亩茶园及河口冷链仓。"
    whole = "“一核两翼”产业体系"
    assert parts(SYSTEM + told) == {
        ("石桥村青岚茶叶专业合作社", whole, "partOf:layout"),
        ("河口冷链仓", whole, "partOf:layout"),
        ("南坡万亩茶园", whole, "partOf:layout"),
    }


@pytest.mark.parametrize(
    "told",
    [
        "“三园”即河口冷链仓。",  # not of that name
        "“一核”不只是河口冷链仓。",
        "“一核”即以河口冷链仓为龙头的产业。",  # named in passing
        "“一核”即发展壮大集体经济，河口冷链仓已开工。",
    ],
)
def test_not_what_only_stands_near(told: str) -> None:
    assert parts(SYSTEM + told) == set()
