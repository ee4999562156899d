"""What the documents and the code name as a document exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"\bdocs/[\w/-]+\.md\b")
LINK = re.compile(r"\]\(([^)#:\s]+)\)")


def test_every_document_named_exists() -> None:
    sources = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "benchmarks").glob("*.py"),
    ]
    named = {(source, name) for source in sources for name in NAMED.findall(source.read_text("utf-8"))}
    assert len(named) > 20
    assert {(str(source), name) for source, name in named if not (ROOT / name).is_file()} == set()


def test_every_link_leads_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = {(document, target) for document in documents for target in LINK.findall(document.read_text("utf-8"))}
    assert len(links) > 5
    assert {(str(document), target) for document, target in links if not (document.parent / target).exists()} == set()
