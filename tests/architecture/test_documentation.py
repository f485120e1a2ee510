"""The documentation keeps up with the code: packages, commands, links, decisions."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def dependencies():
    with open(ROOT / "pyproject.toml", "rb") as file:
        project = tomllib.load(file)
    extras = project["project"]["optional-dependencies"]
    groups = [project["project"]["dependencies"], *extras.values(), *project["dependency-groups"].values()]
    return {re.match(r"[\w.-]+", requirement)[0].lower() for group in groups for requirement in group}


def test_each_dependency_has_its_row_and_each_row_its_dependency():
    rows = re.findall(r"^\| ([a-z0-9-]+) \|", (ROOT / "docs/dependencies.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(set(rows) - {"package", "---"}) == sorted(dependencies())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_each_command_is_named_in_the_documentation():
    said = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    commands = {path.stem for path in (ROOT / "src").rglob("management/commands/*.py")} - {"__init__"}
    assert sorted(command for command in commands if f"`{command}`" not in said) == []


def test_each_decision_is_listed():
    listed = LINK.findall((ROOT / "docs/adr/README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in (ROOT / "docs/adr").glob("0*.md"))
