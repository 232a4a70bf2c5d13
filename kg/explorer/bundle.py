"""The page's JavaScript modules as one script, without a bundler.

Each file under ``assets/js`` is an ES module of ours that runs as it is in Node (tests) and under ESLint. For the page
the files are laid end to end, imported ones first, without their ``import`` and ``export`` words; all share one scope,
so a name may be declared at the top of one file only (checked here).
"""

from __future__ import annotations

import re
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) )", re.MULTILINE)
_TOP = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) \*?(\w+)", re.MULTILINE)


def script(entry: str = "main.js", folder: Path = ASSETS / "js") -> str:
    """``entry`` and all it imports as one classic script; ValueError names the file that cannot be laid in."""
    order: list[str] = []
    sources: dict[str, str] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError(f"{name} imports itself through {' → '.join(path)}; break the circle")
        if name in sources and name in order:
            return
        sources[name] = (folder / name).read_text(encoding="utf-8").replace("\r\n", "\n")
        for _, other in _IMPORT.findall(sources[name]):
            visit(other, (*path, name))
        order.append(name)

    visit(entry, ())
    owner: dict[str, str] = {}
    parts = []
    for name in order:
        for top in _TOP.findall(sources[name]):
            if owner.setdefault(top, name) != name:
                raise ValueError(f"{top} is declared in {owner[top]} and in {name}; rename one")
        body = _EXPORT.sub("", _IMPORT.sub("", sources[name]))
        if re.search(r"^(?:import|export)\b", body, re.MULTILINE):
            raise ValueError(f'{name}: only `import {{ a }} from "./b.js";` and `export function|const|let|class`')
        parts.append(f"// {name}\n{body.strip()}\n")
    text = "\n".join(parts)
    if re.search(r"</script|<!--", text, re.IGNORECASE):
        raise ValueError("a module holds </script or <!--, which would end the page's script; write it in two parts")
    return f'(function () {{\n"use strict";\n{text}}})();\n'
