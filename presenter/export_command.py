"""``kamizero export BRIEFING``: the papers of an unclosed briefing as they are now, and its corrections."""

from __future__ import annotations

import sys
from pathlib import Path

from pageview.command_line import CommandLine
from pageview.exporter import CannotExport, Exporter
from pageview.segments import SegmentStore
from pageview.wording import both, register, say, set_language
from presenter.at_rest import AtRestKey
from presenter.briefing_named import NotOne, briefing_named, complain
from presenter.briefings import Left
from presenter.english import ENGLISH
from presenter.export import USUAL, Kind, plan
from presenter.export_files import Originals, Outcome, export
from presenter.options import state_and_settings
from presenter.read_back import folded, load_copy
from presenter.settings import Settings, read_settings
from protocol import journal
from protocol.errors import Refusal
from protocol.model import Briefing
from protocol.registers import Registers

TABLE_KINDS = (Kind.TABLE_PDF, Kind.TABLE_DOCX, Kind.TABLE_CSV)


def parser() -> CommandLine:
    """The words after `kamizero export`."""
    register(ENGLISH)
    made = CommandLine(prog="kamizero export", description=both("説明の資料を書き出す"))
    add = made.add_argument
    add("briefing", metavar="BRIEFING", help=both("終えていない説明の、フォルダの名前か、資料の名前"))
    add("--folder", type=Path, required=True, metavar="DIR", help=both("書き出す先のフォルダ"))
    add("--clean", action="append_const", dest="kinds", const=Kind.CLEAN, help=both("溶け込み（PDF）"))
    add(
        "--marked-up", action="append_const", dest="kinds", const=Kind.MARKED_UP, help=both("見え消し（PDF）")
    )
    add(
        "--annotated",
        action="append_const",
        dest="kinds",
        const=Kind.ANNOTATED,
        help=both("書き込み（PDFの注釈）"),
    )
    add(
        "--flattened",
        action="append_const",
        dest="kinds",
        const=Kind.FLATTENED,
        help=both("書き込み（紙面に固定）"),
    )
    tables = [kind.value for kind in TABLE_KINDS]
    add("--table", action="append", default=[], choices=tables, help=both("修正一覧"))
    add("--state", type=Path, metavar="DIR", help=both("鍵、手元メモ、終えていない説明を置くフォルダ"))
    add("--config", type=Path, metavar="FILE", help=both("設定ファイル（TOML）"))
    add("--language", choices=("ja", "en"), help=both("結果の言葉"))
    return made


def main(words: list[str]) -> int:
    """0 when everything asked for was written, 1 otherwise, with a sentence."""
    given = parser().parse_intermixed_args(words)
    state, config = state_and_settings(given)
    settings, _ = read_settings(config)
    set_language(given.language or settings.language)
    kinds = frozenset([*(given.kinds or ()), *map(Kind, given.table)]) or USUAL
    store = SegmentStore()
    try:
        return _run(given.briefing, given.folder.absolute(), kinds, state, settings, store)
    except OSError as error:
        print(
            say("保存先 {folder} を使えません。システム担当に連絡してください。", folder=state),
            file=sys.stderr,
        )
        print(error.strerror or error, file=sys.stderr)
        return 1
    finally:
        store.wipe()


def _run(
    name: str, folder: Path, kinds: frozenset[Kind], state: Path, settings: Settings, store: SegmentStore
) -> int:
    try:
        left, key = briefing_named(name, state)
    except NotOne as not_one:
        return complain(not_one.sentence, not_one.found)
    try:
        briefing = _read(left, key, store)
    except Refusal:
        return complain(say("前回の説明の記録を読めません。資料を選び直してください。"))
    presenter = settings.name or say("説明者")
    originals = Originals((), (paper.blob for paper in briefing.papers))
    exporter = Exporter(store)
    try:
        outcome = export(plan(briefing, kinds, presenter), folder, exporter, originals, _show)
    except CannotExport:
        return complain(say("書き出しをやめました。"))
    finally:
        exporter.close()
    return _tell(outcome)


def _read(left: Left, key: AtRestKey, store: SegmentStore) -> Briefing:
    """The briefing as its journal tells it, its papers in ``store``; one without its copy is named later."""
    content = journal.read(left.records)
    briefing = folded(content.log, content.registers or Registers())
    for blob in briefing.blobs().values():
        load_copy(store, left.folder / "papers", key, blob)
    return briefing


def _show(done: int, of: int, name: str) -> None:
    if name:
        print(f"{done + 1}/{of}  {name}", flush=True)


def _tell(outcome: Outcome) -> int:
    for words, values in outcome.told:
        print(say(words, **values), file=sys.stderr if outcome.failed else sys.stdout)
    return 1 if outcome.failed or not outcome.written else 0
