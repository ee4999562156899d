"""Every word a person can see is in the Chinese catalogue, with the same placeholders; the tools tell when it isn't."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from goodstanding.config import catalogue
from goodstanding.web import words

WEB = Path(catalogue.PACKAGE) / "web"


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_the_catalogue_is_complete_and_its_placeholders_agree(language: str) -> None:
    found = [message for message in catalogue.extract() if message.id]
    print(f"{len(found)} messages")
    assert len(found) > 400
    assert catalogue.faults(language) == []


def test_the_catalogue_holds_nothing_that_is_no_longer_said() -> None:
    said = {(message.id if isinstance(message.id, str) else message.id[0]) for message in catalogue.extract()}
    kept = {(m.id if isinstance(m.id, str) else m.id[0]) for m in catalogue.read("zh_Hans")}
    assert kept - said - {""} == set()


def hidden(source: str) -> list[str]:
    """Words asked for inside an f-string, where extraction doesn't see them."""
    inside = [
        each for text in ast.walk(ast.parse(source)) if isinstance(text, ast.JoinedStr) for each in ast.walk(text)
    ]
    calls = [each for each in inside if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)]
    return [ast.unparse(each) for each in calls if each.func.id in catalogue.KEYWORDS]


def test_no_words_hide_from_extraction() -> None:
    assert hidden("f\"{gettext('Due')}\"") == ["gettext('Due')"]
    found = {str(path): hidden(path.read_text("utf-8")) for path in catalogue.PACKAGE.rglob("*.py")}
    assert len(found) > 200 and {path: calls for path, calls in found.items() if calls} == {}


def _po(body: str) -> str:
    return 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n' + body


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("", "not in the catalogue"),
        ('msgid "There is no row {key}."\nmsgstr ""\n', "not translated"),
        ('msgid "There is no row {key}."\nmsgstr "没有行 {name}。"\n', "placeholders differ"),
        ('msgid "There is no row {key}."\nmsgstr "没有这一行。"\n', "placeholders differ"),
        ('#, fuzzy\nmsgid "There is no row {key}."\nmsgstr "没有行 {key}。"\n', "not translated"),
    ],
)
def test_the_check_finds(body: str, fault: str, tmp_path: Path) -> None:
    path = catalogue.path_of("zh_Hans", root=tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(_po(body), encoding="utf-8")
    assert any(fault in each and "There is no row" in each for each in catalogue.faults("zh_Hans", root=tmp_path))


def test_updating_again_changes_nothing(tmp_path: Path) -> None:
    path = catalogue.path_of("zh_Hans", root=tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(catalogue.path_of("zh_Hans").read_bytes())
    catalogue.update("zh_Hans", root=tmp_path)
    once = path.read_bytes()
    catalogue.update("zh_Hans", root=tmp_path)
    assert path.read_bytes() == once


def test_compiled_words_are_spoken() -> None:
    catalogue.compile_all()
    with translation.override("zh-hans"):
        assert str(words.KINDS["invoice"]) == "发票"
        assert translation.ngettext("{days} day past due", "{days} days past due", 3) == "逾期 {days} 天"
        assert translation.pgettext("bucket", "Not due") == "未到期"


def test_templates_are_short_say_their_context_and_leave_no_words_untranslated() -> None:
    """Text between tags that holds letters is either translated, a name of ours, or a format's name."""
    names = {"Good Standing", "Ctrl K", "Ctrl", "Enter", "Esc", "CSV", "PDF", "Parquet", "Excel", ".xlsx", "EN", "中文"}
    templates = sorted(WEB.rglob("*.html"))
    assert len(templates) > 20
    for path in templates:
        if path.parent.name == "styleguide":  # for who builds pages, in development only
            continue
        source = path.read_text(encoding="utf-8")
        assert source.count("\n") <= 120, path
        assert "style=" not in source and "onclick" not in source and "<script>" not in source, path
        if path.name != "refused_bare.html":
            assert "{% comment %}" in source, f"{path} doesn't state its context"
        bare = re.sub(r"{% comment %}.*?{% endcomment %}", "", source, flags=re.S)
        bare = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", bare, flags=re.S)
        bare = re.sub(r"{[{%].*?[%}]}", "", bare, flags=re.S)
        bare = re.sub(r"<[^>]*>", "\n", bare)
        said = {line.strip(" ·\t") for line in bare.splitlines() if re.search(r"[^\W\d_]{2}", line)}
        assert said <= names, f"{path}: {said - names}"
