"""The user's corrections: each verb, that it survives new articles, and what is told of one that meets nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from articles import article, fact

from kg.across import Resolution, resolve
from kg.article import Article
from kg.check import check_graph
from kg.corrections import Corrections, CorrectionsError, read
from kg.graph import assemble

TOWN, OTHER = "370114016", "371681003"


def corrected(tmp_path: Path, text: str, *articles: Article) -> tuple[Resolution, list[Article]]:
    path = tmp_path / "corrections.toml"
    path.write_text(text, encoding="utf-8")
    corrections = read(path)
    apart = [corrections.separate(made) for made in articles]
    return resolve(apart, corrections), apart


def ids(resolution: Resolution) -> set[str]:
    return {cluster.id for cluster in resolution.clusters}


def test_merge_keeps_the_first_name_and_logs_why(tmp_path: Path) -> None:
    text = '[[merge]]\ntype = "Organization"\nnames = ["圣泉集团", "圣泉新材料"]'
    one = article(1, TOWN, [["Organization", "圣泉新材料", {"subtype": "Company"}]])
    two = article(2, OTHER, [["Organization", "圣泉集团", {"subtype": "Company"}]])
    resolution, _ = corrected(tmp_path, text, one, two)
    assert ids(resolution) == {"organization/圣泉集团"}
    assert resolution.clusters[0].aliases == ["圣泉新材料"]
    assert [(m.kept, m.merged, m.reason) for m in resolution.merges] == [
        ("圣泉集团", "圣泉新材料", "the corrections file says so")
    ]
    assert resolution.unmatched == []


def test_merge_of_one_known_name_waits_for_the_other(tmp_path: Path) -> None:
    text = '[[merge]]\ntype = "Organization"\nnames = ["圣泉集团", "圣泉新材料"]'
    one = article(1, TOWN, [["Organization", "圣泉新材料", {"subtype": "Company"}]])
    resolution, _ = corrected(tmp_path, text, one)
    assert ids(resolution) == {"organization/圣泉新材料"}
    assert resolution.unmatched == ["merge Organization 圣泉集团 / 圣泉新材料"]


def test_split_forbids_a_merge_across_articles(tmp_path: Path) -> None:
    company = {"subtype": "Company"}
    one = article(1, TOWN, [["Organization", "济南圣泉集团股份有限公司", company]])
    two = article(2, TOWN, [["Organization", "圣泉集团", company]])
    merged, _ = corrected(tmp_path, "", one, two)
    assert len(merged.clusters) == 1
    text = '[[split]]\ntype = "Organization"\nnames = ["圣泉集团", "济南圣泉集团股份有限公司"]'
    resolution, _ = corrected(tmp_path, text, one, two)
    assert len(resolution.clusters) == 2
    assert resolution.unmatched == []


def test_split_undoes_an_alias_within_an_article(tmp_path: Path) -> None:
    """The places that print the alias, and what is said in sentences that have it alone, become the alias's own."""
    made = article(
        1, TOWN, [["Organization", "圣泉集团", {"aliases": ["圣泉新材料"]}], ["Honor", "绿色工厂"], ["Honor", "冠军"]]
    )
    made.facts += [
        fact(1, "Organization:圣泉集团", "receivedHonor", "Honor:绿色工厂", "圣泉集团获评绿色工厂。"),
        fact(1, "Organization:圣泉集团", "receivedHonor", "Honor:冠军", "圣泉新材料摘得冠军。"),
    ]
    text = '[[split]]\ntype = "Organization"\nnames = ["圣泉集团", "圣泉新材料"]'
    resolution, articles = corrected(tmp_path, text, made)
    graph = assemble(articles, resolution)
    assert {"organization/圣泉集团", "organization/圣泉新材料"} <= set(graph)
    honours = {
        (graph.nodes[s]["name"], graph.nodes[t]["name"]) for s, t, key in graph.edges(keys=True) if key != "mentions"
    }
    assert honours >= {("圣泉集团", "绿色工厂"), ("圣泉新材料", "冠军")}


def test_split_by_area_tells_namesakes_apart(tmp_path: Path) -> None:
    company = {"subtype": "Company"}
    one, two = (article(n, home, [["Organization", "海润新材料", company]]) for n, home in ((1, TOWN), (2, OTHER)))
    text = '[[split]]\ntype = "Organization"\nnames = ["海润新材料"]\nby = "area"'
    resolution, _ = corrected(tmp_path, text, one, two)
    assert ids(resolution) == {f"organization/海润新材料@{TOWN}", f"organization/海润新材料@{OTHER}"}


def test_rename_keeps_the_old_name_as_alias_and_obeys_scope(tmp_path: Path) -> None:
    one, two = (article(n, home, [["Village", "刀镇村", {"scope": home}]]) for n, home in ((1, TOWN), (2, OTHER)))
    text = f'[[rename]]\ntype = "Village"\nname = "刀镇村"\nscope = "{TOWN}"\nto = "刁镇村"'
    resolution, _ = corrected(tmp_path, text, one, two)
    assert ids(resolution) == {f"village/刁镇村@{TOWN}", f"village/刀镇村@{OTHER}"}
    renamed = next(cluster for cluster in resolution.clusters if cluster.scope == TOWN)
    assert renamed.aliases == ["刀镇村"]


def test_rename_onto_another_makes_one(tmp_path: Path) -> None:
    made = article(1, TOWN, [["Village", "刀镇村", {"scope": TOWN}], ["Village", "刁镇村", {"scope": TOWN}]])
    resolution, _ = corrected(tmp_path, '[[rename]]\ntype = "Village"\nname = "刀镇村"\nto = "刁镇村"', made)
    assert ids(resolution) == {f"village/刁镇村@{TOWN}"}
    assert len(resolution.merges) == 1


def test_drop_takes_the_facts_along(tmp_path: Path) -> None:
    made = article(
        1, TOWN, [["Program", "三大战役", {"scope": TOWN}], ["AdministrativeArea", "刁镇街道", {"code": TOWN}]]
    )
    made.facts.append(fact(1, "AdministrativeArea:刁镇街道", "runs", "Program:三大战役"))
    text = '[[drop]]\ntype = "Program"\nname = "“三大战役”"'
    resolution, articles = corrected(tmp_path, text, made)
    graph = assemble(articles, resolution)
    assert not any(data["type"] == "Program" for _, data in graph.nodes(data=True))
    assert not any(key == "runs" for _, _, key in graph.edges(keys=True))
    assert resolution.unmatched == []


def test_retype_moves_all_articles_entities(tmp_path: Path) -> None:
    scope = {"scope": TOWN}
    one = article(1, TOWN, [["Place", "医养中心", scope]])
    two = article(2, TOWN, [["Facility", "医养中心", scope]])
    text = '[[retype]]\ntype = "Place"\nname = "医养中心"\nto = "Facility"'
    resolution, _ = corrected(tmp_path, text, one, two)
    assert ids(resolution) == {f"facility/医养中心@{TOWN}"}
    assert len(resolution.clusters[0].parts) == 2


def test_retype_leaves_out_and_counts_what_the_new_type_may_not_have(tmp_path: Path) -> None:
    """kg check would refuse the facts; those that hold for the new type as well stay."""
    scope = {"scope": TOWN}
    made = article(1, TOWN, [["Project", "医养中心", scope], ["Organization", "海润集团"], ["Honor", "鲁班奖"]])
    made.facts += [
        fact(1, "Project:医养中心", "undertakenBy", "Organization:海润集团"),
        fact(1, "Project:医养中心", "receivedHonor", "Honor:鲁班奖"),
        fact(1, made.id, "reportsStatus", "Project:医养中心", status="completed"),
    ]
    path = tmp_path / "corrections.toml"
    path.write_text('[[retype]]\ntype = "Project"\nname = "医养中心"\nto = "Organization"', encoding="utf-8")
    corrections = read(path)
    separated = corrections.separate(made)
    graph = assemble([separated], resolve([separated], corrections))
    problems = [problem for problem in check_graph(graph, {made.id: ""}) if problem.kind == "contract"]
    assert problems == []
    (node,) = [node for node, data in graph.nodes(data=True) if data["name"] == "医养中心"]
    assert graph.nodes[node]["type"] == "Organization"
    assert "status" not in graph.nodes[node]
    assert [key for _, _, key in graph.out_edges(node, keys=True)] == ["receivedHonor"]
    assert corrections.left_out() == ["retype Project 医养中心 to Organization: 2 facts left out"]


def test_a_correction_that_meets_nothing_is_told(tmp_path: Path) -> None:
    made = article(1, TOWN, [["Village", "徐毛村", {"scope": TOWN}]])
    text = '[[drop]]\ntype = "Village"\nname = "王村"\n\n[[merge]]\ntype = "Village"\nnames = ["甲村", "乙村"]'
    resolution, _ = corrected(tmp_path, text, made)
    assert sorted(resolution.unmatched) == ["drop Village 王村", "merge Village 甲村 / 乙村"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[merge]", "is not TOML"),
        ('[[join]]\ntype = "Village"', "there is no correction [[join]]; there are merge, split"),
        ('[[merge]]\ntype = "Village"', "needs names, type"),
        ('[[merge]]\ntype = "Village"\nnames = ["甲村"]', "needs at least two names"),
        ('[[drop]]\ntype = "Town"\nname = "甲镇"', "has the type 'Town'; there are AdministrativeArea, Village"),
        ('[[drop]]\ntype = "Village"\nname = "甲村"\nid = "x"', "has id; it may have name, reason, scope, type"),
        ('[[split]]\ntype = "Village"\nnames = ["甲村"]\nby = "day"', 'has by = "day"'),
        ('[[retype]]\ntype = "Village"\nname = "甲村"\nto = "Figure"', "has the type 'Figure'"),
        (
            '[[retype]]\ntype = "Place"\nname = "甲"\nto = "Organization"\nsubtype = "Choir"',
            "has the subtype 'Choir'; of Organization there are Company",
        ),
        (
            '[[retype]]\ntype = "Place"\nname = "甲"\nto = "Honor"\nsubtype = "Company"',
            "has the subtype 'Company'; of Honor there are none",
        ),
        ('[[rename]]\ntype = "Village"\nname = "甲村"\nto = " "', "of 甲村 needs a name with letters or digits in to"),
        ('[[rename]]\ntype = "Village"\nname = "甲村"\nto = 5', "of 甲村 needs a name with letters or digits in to"),
        ('[[drop]]\ntype = "Organization"\nname = "·"', "needs a name with letters or digits"),
        ('[[merge]]\ntype = "Village"\nnames = ["甲村", "《》"]', "needs at least two names in a list with letters"),
    ],
)
def test_a_bad_file_is_told_in_a_sentence(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorrectionsError) as caught:
        read(path)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorrectionsError, match="cannot be read"):
        read(tmp_path / "none.toml")


def test_the_documented_example_is_valid(tmp_path: Path) -> None:
    """What a user copies from docs/corrections.md."""
    document = (Path(__file__).parent.parent / "docs" / "corrections.md").read_text(encoding="utf-8")
    path = tmp_path / "corrections.toml"
    path.write_text(document.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    assert [entry.verb for entry in read(path).entries] == ["merge", "split", "split", "rename", "drop", "retype"]


def test_no_corrections_change_nothing() -> None:
    made = article(1, TOWN, [["Village", "徐毛村", {"scope": TOWN}]])
    assert Corrections().separate(made) is made
