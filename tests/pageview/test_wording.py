"""Every sentence exists in both languages, and a change of language reaches every widget."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontMetricsF, QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QWidget

from pageview import theme, translator, wording
from pageview.wording import say

ROOT = Path(__file__).parent.parent.parent
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ㐀-鿿]")
PACKAGES = (
    *("kiosk", "kiosk.fleet", "pageview", "presenter", "presenter.lookup", "presenter.join"),
    *("presenter.minutes", "presenter.record", "presenter.archive"),
)
SPEAKING = dict.fromkeys(("presenter.minutes", "presenter.record", "presenter.archive"), "presenter")
"""Packages whose English stands in another's table."""
BOTH_AT_ONCE = re.compile(r" / [A-Za-z]")
# Eras and days of the week, put into either language by the module itself; what is said on a terminal in both
# languages at once; the room of the demo; the names by which fonts are recognised.
OWN_WORDS = {
    *("kiosk/fleet/place_names.py", "kiosk/fleet/room_columns.py"),
    *("pageview/wording.py", "pageview/fonts_in_pdf.py", "pageview/text_selection.py"),
    *("pageview/word_setting.py", "presenter/converter_fonts.py"),
    "pageview/found_sheets.py",  # the units by which figures are known
    *(
        f"presenter/{name}.py"
        for name in ("demo", "demo_export", "demo_minutes", "demo_record", "demo_source", "stage")
    ),
    # What a record itself says: it is Japanese whatever the windows speak.
    *(f"presenter/record/{name}.py" for name in ("facts", "dates", "draft", "record", "plain", "fields")),
    *("presenter/record/pages.py", "presenter/record/forms.py"),
    # Names in the archive, whatever the windows speak.
    *(f"presenter/archive/{name}.py" for name in ("days", "empty_words", "kept_set", "composing")),
}


def english(package: str) -> dict[str, str | tuple[str, str]]:
    package = SPEAKING.get(package, package)
    table: dict[str, str | tuple[str, str]] = importlib.import_module(f"{package}.english").ENGLISH
    return table


def literals(package: str) -> Iterator[tuple[str, str]]:
    """(where, text) of every literal of the package that is not a docstring."""
    for file in sorted((ROOT / package.replace(".", "/")).glob("*.py")):
        where = str(file.relative_to(ROOT))
        if file.name.startswith("english") or where in OWN_WORDS:
            continue
        tree = ast.parse(file.read_bytes())
        bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in bare else None
            if isinstance(text, str):
                yield f"{where}:{node.lineno}", text


@pytest.mark.parametrize("package", PACKAGES)
def test_every_sentence_has_english(package: str) -> None:
    known = english(package) | english(package.partition(".")[0]) | english("pageview")
    missing = [
        f"{where} 「{text}」"
        for where, text in literals(package)
        if JAPANESE.search(text) and text not in known and not BOTH_AT_ONCE.search(text)
    ]
    assert not missing


def test_the_console_speaks_of_settings_as_displays_do() -> None:
    """Both tables are registered there: no sentence may have two English texts."""
    ours, theirs = english("kiosk.fleet"), english("kiosk")
    assert not [text for text in ours.keys() & theirs.keys() if ours[text] != theirs[text]]


def test_no_english_is_left_without_its_sentence() -> None:
    used = {text for package in PACKAGES for _, text in literals(package)}
    dead = [text for package in PACKAGES for text in english(package) if text not in used]
    assert not dead


@pytest.mark.parametrize("package", PACKAGES)
def test_both_languages_fill_in_the_same_names(package: str) -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    for japanese, text in english(package).items():
        one, many = text if isinstance(text, tuple) else (text, text)
        assert names(many) == names(japanese), japanese
        assert names(one) <= names(japanese), japanese


def test_say_chooses_language_and_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        wording, "_english", {"{n}ページ": ("1 page", "{n} pages"), "画面を隠す": "Hide screen"}
    )
    assert (say("{n}ページ", n=1), say("画面を隠す")) == ("1ページ", "画面を隠す")
    wording.set_language("en")
    assert [say("{n}ページ", n=n) for n in (0, 1, 24)] == ["0 pages", "1 page", "24 pages"]
    assert say("英語のない文") == "英語のない文"


def test_two_english_texts_for_one_sentence_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_english", {"開く": "Open"})
    wording.register({"開く": "Open"})
    with pytest.raises(ValueError, match="開く"):
        wording.register({"開く": "Unlock"})
    with pytest.raises(ValueError, match="開く"):
        wording.one_table({"開く": "Open"}, {"開く": "Unlock"})


@pytest.mark.parametrize(
    ("day", "japanese", "other"),
    [
        (date(2026, 11, 24), "令和8年11月24日（火）", "Tue 24 November 2026"),
        (date(2019, 5, 1), "令和元年5月1日（水）", "Wed 1 May 2019"),
        (date(2019, 4, 30), "平成31年4月30日（火）", "Tue 30 April 2019"),
        (date(1989, 1, 7), "1989年1月7日（土）", "Sat 7 January 1989"),
    ],
)
def test_dates_are_written_in_eras(day: date, japanese: str, other: str) -> None:
    assert wording.era_date(day) == japanese
    assert wording.era_date(day, year=False, weekday=False) == f"{day.month}月{day.day}日"
    wording.set_language("en")
    assert wording.era_date(day) == other


@pytest.fixture
def japanese_app(qapp: QApplication) -> QApplication:
    theme.load_fonts()
    return qapp


def test_a_change_of_language_reaches_hidden_and_shown_widgets_and_qts_own_words(
    japanese_app: QApplication, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wording, "_listeners", [])
    heard: list[str] = []

    class Words(QLabel):
        def changeEvent(self, event: QEvent) -> None:
            if event.type() == QEvent.Type.LanguageChange:
                heard.append(f"{self.objectName()} {wording.language()}")

    translator.install(japanese_app)
    window = QWidget()
    qtbot.addWidget(window)
    for name in ("shown", "hidden"):
        Words(window).setObjectName(name)
    window.findChild(Words, "hidden").hide()
    window.show()
    japanese_app.processEvents()
    heard.clear()
    wording.set_language("en")
    japanese_app.processEvents()
    assert set(heard) == {"shown en", "hidden en"}
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, window)
    cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
    assert cancel.text() == "Cancel"
    wording.set_language("ja")
    japanese_app.processEvents()
    assert cancel.text() == "キャンセル"


def lines(text: str, width: float) -> list[str]:
    layout = QTextLayout(text, theme.font(32))
    layout.setTextOption(QTextOption())
    layout.beginLayout()
    found = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        found.append(text[line.textStart() : line.textStart() + line.textLength()])
    layout.endLayout()
    return found


def visible(text: str) -> str:
    return text.replace("\u200b", "").replace("\u2060", "")


def test_lines_break_only_between_phrases_and_nothing_is_added_that_shows(japanese_app: QApplication) -> None:
    plain = "会議室の画面に出ている番号を入力してください。"
    marked = wording.phrase_break(plain)
    assert visible(marked) == plain
    broken = [visible(line) for line in lines(marked, 32 * 9)]
    assert broken == ["会議室の画面に", "出ている番号を", "入力してください。"]
    metrics = QFontMetricsF(theme.font(32))
    # Kerning between kana is lost, a missing glyph's box would be an em each.
    assert metrics.horizontalAdvance(marked) == pytest.approx(metrics.horizontalAdvance(plain), abs=16)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("財政課 令和8年11月24日 予算案の全体", "令和8年11月24日"),
        ("36か所のうち26か所を9年度に替える", "36か所"),
        ("総合政策局デジタル推進課第二打合せ室", "第二打合せ室"),
        ("消費生活センター 大会議室（分割利用のとき）・庁議室", "（分割利用のとき）・"),
    ],
)
def test_what_belongs_together_stays_on_one_line(text: str, whole: str) -> None:
    assert "".join(wording.phrases(text)) == text
    assert [phrase for phrase in wording.phrases(text) if whole in phrase]
    assert not [phrase for phrase in wording.phrases(text) if phrase[0] == "・"]
    assert not [phrase for phrase in wording.phrases(text) if " " in phrase.strip()]


def test_english_is_left_to_break_at_its_spaces() -> None:
    assert wording.phrase_break("Enter the code shown on the room's screen.").count(" ") == 7
    assert "\u2060" not in wording.phrase_break("Reconnecting. The page stays.")
