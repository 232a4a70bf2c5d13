"""Puts the page together: pyvis's Network and its vis-network script in a template of ours, with the data inside.

Nothing in the page is fetched. Its Content-Security-Policy names each script and style by its hash and allows
nothing else, so text from articles cannot run even if it were taken for markup.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import networkx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pyvis.network import Network

from kg.explorer.bundle import ASSETS, script
from kg.explorer.model import View, view
from kg.explorer.overview import First, first_view
from kg.rdf.names import VOCABULARY, base_of
from kg.schema import schema, toml

VIS = "lib/vis-9.1.2/vis-network.min.js"


def page(graph: networkx.MultiDiGraph, documents: Mapping[str, str] | None = None, title: str = "") -> str:
    """The explorer of ``graph`` as one HTML text.

    ``documents`` maps Document node ids to the articles' texts, for reading them in place; without it the page has the
    quotes of the evidence only. ``title`` is set above the graph; without it the page says what it holds.
    """
    shown = view(graph, documents or {})
    overview = toml("explorer.toml")["overview"]
    first = first_view(shown, overview["shares"], overview["ties"])
    return _render(shown, first, title, base_of(graph))


def _network(first: First) -> Network:
    """The first view as a pyvis network: places are given, so there is no physics to wait for."""
    network = Network(directed=True, height="100%", width="100%", cdn_resources="in_line")
    for node in first.nodes:
        fields = {k: v for k, v in node.items() if k not in ("id", "label")}
        network.add_node(node["id"], label=node["label"], shape="custom", color="#2c5f66", physics=False, **fields)
    for edge in first.edges:
        network.add_edge(edge["from"], edge["to"], **{k: v for k, v in edge.items() if k not in ("from", "to")})
    network.set_options(json.dumps(_OPTIONS))
    return network


_OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "multiselect": True,
        "navigationButtons": False,
        "keyboard": False,
        "tooltipDelay": 3600000,
        "zoomSpeed": 0.6,
    },
    "nodes": {"chosen": False, "shape": "custom"},
    "edges": {"chosen": False, "smooth": False, "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}}, "width": 1},
}


def _render(shown: View, first: First, title: str, base: str) -> str:
    network = _network(first)
    vis = _vis_script()
    own = script()
    style = (ASSETS / "page.css").read_text(encoding="utf-8").replace("\r\n", "\n")
    blocks: dict[str, Any] = {"core": shown.core, "evidence": shown.evidence}
    blocks |= {f"texts-{i}": chunk for i, chunk in enumerate(shown.texts)}
    environment = Environment(
        loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["json"] = _json
    environment.globals.update(
        page_title=title or _title(shown),
        meta=_meta(shown, title) | {"rdf": {"base": base, "vocabulary": VOCABULARY}},
        strings=toml("explorer-strings.toml"),
        options_json=_OPTIONS,
        style=Markup(style),
        vis=Markup(vis),
        script=Markup(own),
        policy=_policy([vis, own], [style]),
        blocks=[(name, _pack(block)) for name, block in blocks.items()],
    )
    network.templateEnv, network.path = environment, "page.html"
    text = str(network.generate_html("graph.html"))
    return text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates of damaged files


def _vis_script() -> str:
    """vis-network as pyvis's own wheel ships it."""
    spec = find_spec("pyvis")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("pyvis is not installed; pip install pyvis")
    path = Path(spec.origin).parent / VIS
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; install pyvis 0.3.2, whose wheel holds it")
    return path.read_text(encoding="utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _json(value: Any) -> Markup:
    """JSON that cannot end the script element that it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _pack(value: Any) -> str:
    """Compressed and in base64; no clock in the header, so the same data gives the same text."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone surrogate (from a damaged file) has no UTF-8; the page shows it as the replacement character.
    data = text.encode("utf-8", "replace")
    return base64.b64encode(gzip.compress(data, 6, mtime=0)).decode("ascii")


def _policy(scripts: list[str], styles: list[str]) -> str:
    def hashes(texts: list[str]) -> str:
        return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}'" for t in texts)

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; img-src data: blob:; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def _title(shown: View) -> str:
    """The largest areas' names, for a page that was given no title."""
    count = Counter(shown.home[n] for n in range(shown.entities) if shown.home[n] >= 0)
    names = [shown.names[a] for a in sorted(count, key=lambda a: (-count[a], a))[:3]]
    more = "等地" if len(count) > 3 else ""
    return f"{'、'.join(names)}{more}知识图谱" if names else "知识图谱 Knowledge graph"


def _meta(shown: View, title: str) -> dict[str, Any]:
    """What the page must know before its data is decoded: labels, colours, counts."""
    known, looks, relations, statuses = schema().types, toml("explorer.toml"), schema().relations, schema().statuses
    counts = Counter(shown.types)
    core = shown.core
    return {
        "title": title or _title(shown),
        "types": [
            {
                "name": t,
                "zh": known[t].zh if t in known else t,
                "en": known[t].en if t in known else t,
                "comment_zh": known[t].comment_zh if t in known else "",
                "comment_en": known[t].comment_en if t in known else "",
                "count": counts[t],
            }
            | looks["types"].get(t, looks["types"]["Other"])
            for t in core["typeNames"]
        ],
        "predicates": [
            {"name": p}
            | (
                {k: getattr(relations[p], k) for k in ("zh", "en", "inverse_zh", "inverse_en")}
                if p in relations
                else {"zh": p, "en": p, "inverse_zh": f"← {p}", "inverse_en": f"← {p}"}
            )
            for p in core["predicateNames"]
        ],
        "statuses": [
            {"name": s, "zh": statuses[s].zh if s in statuses else s, "en": statuses[s].en if s in statuses else s}
            for s in core["statusNames"]
        ],
        "subtypes": {n: {"zh": s["zh"], "en": s["en"]} for n, s in toml("alignment.toml")["subtypes"].items()},
        "counts": {
            "entities": shown.entities,
            "relations": sum(p not in ("mentions", "figureOf", "reportsStatus") for _, _, p in shown.edges),
            "figures": counts["Figure"],
            "documents": counts["Document"],
            "dates": sorted({y for n, t in enumerate(shown.types) if t == "Document" for y in core["years"][n]}),
            "latest": max(core["documents"]["date"], default="") if all(core["documents"]["date"]) else "",
        },
        "texts": len(shown.texts),
    }
