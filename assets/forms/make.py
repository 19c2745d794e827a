"""Writes the forms that come with the program: ``python -m assets.forms.make``. Look and words are here.

A department makes its own in Word, or changes a copy of one of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FOLDER = Path(__file__).parent
MINCHO, GOTHIC = "ＭＳ 明朝", "ＭＳ ゴシック"
BODY = 10.5
WIDE = 170
"""Millimetres between the margins of an upright sheet."""
HEAD = "F2F2F2"
MADE = datetime(2026, 11, 24)


class Form:
    """A sheet being written, upright or lying."""

    def __init__(self, title: str, *, lying: bool = False) -> None:
        self.document = Document()
        section = self.document.sections[0]
        width, height = Mm(210), Mm(297)
        if lying:
            section.orientation = WD_ORIENT.LANDSCAPE
            width, height = height, width
        section.page_width, section.page_height = width, height
        section.left_margin = section.right_margin = Mm(20)
        section.top_margin, section.bottom_margin = Mm(20), Mm(18)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = MINCHO, Pt(BODY)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), MINCHO)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = 1.15
        about = self.document.core_properties
        about.title, about.author, about.comments, about.language = title, "", "", "ja-JP"
        about.created = about.modified = MADE
        self.wide = 257 if lying else WIDE
        self._foot(section)

    def line(
        self, words: str = "", *, at: str = "left", size: float = BODY, bold: bool = False, after: float = 0
    ) -> None:
        """A paragraph of one look."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = ALIGNED[at]
        paragraph.paragraph_format.space_after = Pt(after)
        _say(paragraph, words, size, bold)

    def heading(self, words: str) -> None:
        """The head of a part; never left alone at the foot of a sheet."""
        self.line(words, bold=True)
        paragraph = self.document.paragraphs[-1]
        paragraph.paragraph_format.space_before = Pt(10)
        paragraph.paragraph_format.space_after = Pt(3)
        paragraph.paragraph_format.keep_with_next = True

    def listed(self, field: str) -> None:
        """A field of several lines, each hanging behind its first sign."""
        self.document.add_paragraph()
        paragraph = self.document.paragraphs[-1]
        paragraph.paragraph_format.left_indent = Pt(2 * BODY)
        paragraph.paragraph_format.first_line_indent = Pt(-BODY)
        _say(paragraph, f"・{{{{{field}}}}}", BODY, False)

    def box(self, high: int) -> None:
        """An empty frame for handwriting, so many millimetres high."""
        self._table([1]).add_row().height = Mm(high)

    def pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        """A table of heads at the left and fields beside them."""
        table = self._table([28, self.wide - 28])
        for head, field in rows:
            made = table.add_row()
            _shade(made.cells[0])
            made.cells[0].vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            _say(made.cells[0].paragraphs[0], head, BODY, True)
            made.cells[0].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            _say(made.cells[1].paragraphs[0], field, BODY, False)

    def grid(self, name: str, columns: Sequence[tuple[str, str, int, bool]], *, tall: int = 0) -> None:
        """A table with a row that is repeated: (heading, column of ``name``, share of the width, centred)."""
        table = self._table([share for _, _, share, _ in columns])
        head, row = table.add_row(), table.add_row()
        head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for made in (head, row):
            made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if tall:
            row.height = Mm(tall)
        for place, (words, column, _, centred) in enumerate(columns):
            top, below = head.cells[place], row.cells[place]
            _shade(top)
            _say(top.paragraphs[0], words, BODY - 1, True)
            top.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            _say(below.paragraphs[0], f"{{{{{name}.{column}}}}}" if column else "", BODY - 1, False)
            below.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            if centred:
                below.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER

    def save(self, name: str) -> None:
        """Writes it beside this script."""
        self.document.save(str(FOLDER / f"{name}.docx"))

    def _table(self, shares: Sequence[int]) -> Any:
        """As wide as the sheet between its margins; its columns have these shares of it."""
        table = self.document.add_table(rows=0, cols=len(shares), style="Table Grid")
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Mm(self.wide * share / sum(shares))
        margins = OxmlElement("w:tblCellMar")
        for side, width in (("top", 45), ("left", 90), ("bottom", 45), ("right", 90)):
            edge = OxmlElement(f"w:{side}")
            edge.set(qn("w:w"), str(width))
            edge.set(qn("w:type"), "dxa")
            margins.append(edge)
        table._tbl.tblPr.append(margins)
        return table

    def _foot(self, section: Any) -> None:
        paragraph = section.footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = paragraph.add_run()
            run.font.size = Pt(9)
            if kind:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark = OxmlElement("w:instrText")
                mark.text = words
            run._r.append(mark)


ALIGNED = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "middle": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
TO_DO = (
    ("番号", "番号", 6, True),
    ("種別", "種別", 9, True),
    ("内容", "内容", 46, False),
    ("担当", "担当", 18, True),
    ("期限", "期限", 18, True),
)
CORRECTED = (
    ("番号", "番号", 6, True),
    ("ページ", "ページ", 20, True),
    ("修正前", "修正前", 29, False),
    ("修正後", "修正後", 29, False),
    ("状態", "状態", 12, True),
)


def _say(paragraph: Any, words: str, size: float, bold: bool) -> None:
    run = paragraph.add_run(words)
    run.font.size = Pt(size)
    if bold:
        run.font.name = GOTHIC
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), GOTHIC)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", HEAD)):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def record() -> None:
    """打合せ記録"""
    form = Form("打合せ記録")
    form.line("{{状態}}", at="right", size=9)
    form.line("打　合　せ　記　録", at="middle", size=16, bold=True, after=8)
    form.pairs(
        (
            ("件　　名", "{{件名}}"),
            ("日　　時", "{{日時}}"),
            ("場　　所", "{{場所}}"),
            ("説 明 者", "{{所属}}　{{説明者}}"),
            ("出 席 者", "{{出席者}}"),
            ("議題・資料", "{{資料}}"),
        )
    )
    form.heading("1　概要")
    form.listed("概要")
    form.heading("2　決定事項")
    form.listed("決定事項")
    form.heading("3　指示事項")
    form.listed("指示事項")
    form.heading("4　今後の対応")
    form.grid("今後の対応", TO_DO)
    form.heading("5　修正一覧")
    form.grid("修正", CORRECTED)
    form.heading("6　備考")
    form.listed("備考")
    form.save("打合せ記録")


def report() -> None:
    """復命書"""
    form = Form("復命書")
    form.line("{{状態}}", at="right", size=9)
    form.line("復　　命　　書", at="middle", size=16, bold=True, after=8)
    form.line("{{日付}}", at="right", after=6)
    form.line("　　　　　　　　　　様", after=6)
    form.line("{{所属}}　{{説明者}}　　", at="right", after=8)
    form.line("　次のとおり説明を行ったので、復命します。", after=8)
    form.line("記", at="middle", after=6)
    form.pairs(
        (
            ("用　　務", "{{件名}}"),
            ("日　　時", "{{日時}}"),
            ("場　　所", "{{場所}}"),
            ("出 席 者", "{{出席者}}"),
            ("使用資料", "{{資料}}"),
        )
    )
    form.heading("1　概要")
    form.listed("概要")
    form.heading("2　決定事項")
    form.listed("決定事項")
    form.heading("3　指示事項")
    form.listed("指示事項")
    form.heading("4　今後の対応")
    form.grid("今後の対応", TO_DO)
    form.heading("5　所見")
    form.box(28)
    form.save("復命書")


def instructions() -> None:
    """指示事項一覧"""
    form = Form("指示事項一覧", lying=True)
    form.line("{{状態}}", at="right", size=9)
    form.line("指　示　事　項　一　覧", at="middle", size=16, bold=True, after=8)
    form.pairs(
        (
            ("件　　名", "{{件名}}"),
            ("日　　時", "{{日時}}"),
            ("場　　所", "{{場所}}"),
            ("説 明 者", "{{所属}}　{{説明者}}"),
        )
    )
    form.heading("1　指示事項")
    form.grid(
        "指示事項",
        (
            ("番号", "番号", 7, True),
            ("指示者", "指示者", 13, True),
            ("指示の内容", "内容", 45, False),
            ("資料のページ", "ページ", 18, True),
            ("担当", "担当", 15, True),
            ("期限", "期限", 15, True),
            ("対応状況", "", 22, False),
        ),
        tall=12,
    )
    form.heading("2　今後の対応")
    form.grid("今後の対応", (*TO_DO, ("対応状況", "", 22, False)), tall=12)
    form.save("指示事項一覧")


def minutes() -> None:
    """議事録"""
    form = Form("議事録")
    form.line("{{状態}}", at="right", size=9)
    form.line("議　　事　　録", at="middle", size=16, bold=True, after=8)
    form.pairs(
        (
            ("会 議 名", "{{件名}}"),
            ("開催日時", "{{日時}}"),
            ("開催場所", "{{場所}}"),
            ("出 席 者", "{{出席者}}"),
            ("配布資料", "{{資料}}"),
        )
    )
    form.heading("1　議事")
    form.grid(
        "記録",
        (
            ("時刻", "時刻", 8, True),
            ("種別", "種別", 7, True),
            ("発言者", "発言者", 14, True),
            ("内容", "内容", 34, False),
            ("ページ", "ページ", 20, True),
            ("結果", "結果", 21, False),
        ),
    )
    form.heading("2　決定事項")
    form.listed("決定事項")
    form.heading("3　今後の対応")
    form.grid("今後の対応", TO_DO)
    form.heading("4　備考")
    form.listed("備考")
    form.line(after=6)
    form.line("記録者　{{所属}}　{{説明者}}", at="right")
    form.save("議事録")


if __name__ == "__main__":
    for make in (record, report, instructions, minutes):
        make()
