"""``kamizero record BRIEFING``: the record of an unclosed briefing, or of an archived one, on a form."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pageview.command_line import CommandLine
from pageview.exporter import CannotExport, Exporter
from pageview.segments import SegmentStore
from pageview.whole_file import write_whole
from pageview.wording import both, register, say, set_language
from presenter.archive.composing import RECORD, papers_in
from presenter.archive.log_lines import check_log
from presenter.at_rest import AtRestKey
from presenter.briefing_named import NotOne, briefing_named, complain
from presenter.console_state import Words
from presenter.english import ENGLISH
from presenter.export import paper_job
from presenter.not_written import why_not
from presenter.options import state_and_settings
from presenter.read_back import folded, load_copy
from presenter.record.draft import drafted
from presenter.record.forms import USUAL, read_form
from presenter.record.gathering import Occasion, facts_of
from presenter.record.outputs import EVERY, Output, made
from presenter.record.record import Record, decoded
from presenter.record.template import NoTemplate, Template
from presenter.record.thumbnails import Thumbnail, lacking_words, thumbnails
from presenter.settings import Settings, read_settings
from protocol import journal
from protocol.errors import Refusal
from protocol.model import Briefing
from protocol.registers import Registers
from protocol.values import OWNER

RECORD_SUFFIX, LOG_SUFFIX = ".json", ".jsonl"


def parser() -> CommandLine:
    """The words after `kamizero record`."""
    register(ENGLISH)
    made = CommandLine(prog="kamizero record", description=both("打合せ記録を作る"))
    add = made.add_argument
    add(
        "briefing",
        nargs="?",
        metavar="BRIEFING",
        help=both("終えていない説明の、フォルダか資料の名前。又は、保管した記録（.json）"),
    )
    add("--folder", type=Path, metavar="DIR", help=both("書き出す先のフォルダ"))
    for output, words in (
        (Output.DOCX, "様式に書き込んだWordの文書"),
        (Output.PDF, "打合せ記録のPDF"),
        (Output.TEXT, "打合せ記録の文字だけのファイル"),
        (Output.CHAT, "チャットに貼り付ける連絡文"),
    ):
        word = "text" if output is Output.TEXT else output.value
        add(f"--{word}", action="append_const", dest="outputs", const=output, help=both(words))
    add("--thumbnails", action="store_true", help=both("説明したページの縮小画像を、WordとPDFに付ける"))
    add("--form", action="append", default=[], metavar="FORM", help=both("様式の名前、又はそのファイル"))
    add("--subject", default="", metavar="TEXT", help=both("件名（指定しないときは、資料の名前）"))
    add("--attendee", action="append", default=[], metavar="NAME", help=both("出席者を加える"))
    add("--check", type=Path, metavar="FILE", help=both("様式の欄の名前、又は経過の記録を確かめる"))
    add("--state", type=Path, metavar="DIR", help=both("鍵、手元メモ、終えていない説明を置くフォルダ"))
    add("--config", type=Path, metavar="FILE", help=both("設定ファイル（TOML）"))
    add("--language", choices=("ja", "en"), help=both("結果の言葉"))
    return made


def main(words: list[str]) -> int:
    """0 when everything asked for was written, 1 otherwise, with a sentence."""
    wanted = parser()
    given = wanted.parse_intermixed_args(words)
    state, config = state_and_settings(given)
    settings, _ = read_settings(config)
    set_language(given.language or settings.language)
    if given.check is not None:
        return check(given.check)
    if given.briefing is None or given.folder is None:
        wanted.error(both("説明と、書き出す先のフォルダを指定してください"))
    try:
        return _write(_recorded(given, state, settings), given, settings)
    except NotOne as not_one:
        return complain(not_one.sentence, not_one.found)
    except OSError as refused:
        told, values = why_not(refused, str(refused.filename or given.folder))
        return complain(say(told, **values))


def check(file: Path) -> int:
    """Tells what is wrong with the fields of a form, or with a log; 1 when it cannot be used."""
    if file.suffix == LOG_SUFFIX:
        return _check_log(file)
    try:
        problems = Template(read_form(file)).problems
    except NoTemplate as refused:
        for words, values in refused.told:
            print(say(words, **values), file=sys.stderr)
        return 1
    except OSError:
        return complain(say("様式「{form}」を読めません。", form=str(file)))
    for problem in problems:
        words, values = problem.told
        print(say(words, **values))
    if not problems:
        print(say("様式の欄は、全て正しく書かれています。"))
    return 1 if any(problem.fatal for problem in problems) else 0


def _check_log(file: Path) -> int:
    try:
        checked = check_log(file.read_bytes())
    except OSError:
        return complain(say("「{name}」を読めません。", name=file.name))
    if checked.whole:
        print(say("経過の記録は、{n}行とも、書いたときのままです。", n=checked.lines))
        return 0
    if checked.broken is None:
        return complain(say("経過の記録が、{n}行で途切れています。", n=checked.lines))
    return complain(say("経過の記録の{line}行目が、書いたときと違います。", line=checked.broken))


@dataclass(frozen=True)
class _Recorded:
    """A record, and what gives the papers that it is about."""

    record: Record
    papers: Callable[[SegmentStore, Exporter], Callable[[str], bytes | None]]


def _recorded(given: argparse.Namespace, state: Path, settings: Settings) -> _Recorded:
    file = Path(given.briefing)
    if file.suffix == RECORD_SUFFIX and file.is_file():
        try:
            record = decoded(file.read_bytes())
            stem = file.name.removesuffix(RECORD)
            return _Recorded(record, lambda _store, _exporter: papers_in(file.parent, record.facts, stem))
        except ValueError:
            raise NotOne(say("「{name}」は、打合せ記録のファイルではありません。", name=file.name)) from None
    left, key = briefing_named(given.briefing, state)
    content = journal.read(left.records)
    try:
        briefing = folded(content.log, content.registers or Registers())
    except Refusal:
        raise NotOne(say("前回の説明の記録を読めません。資料を選び直してください。")) from None
    occasion = Occasion(settings.department, settings.name, given.subject, tuple(given.attendee))
    record = drafted(facts_of(briefing, content.entries, occasion))
    return _Recorded(
        record, lambda store, exporter: _papers_now(briefing, left.folder, key, store, exporter, settings)
    )


def _papers_now(
    briefing: Briefing,
    folder: Path,
    key: AtRestKey,
    store: SegmentStore,
    exporter: Exporter,
    settings: Settings,
) -> Callable[[str], bytes | None]:
    """The papers of an unclosed briefing with what was written on them."""
    for blob in briefing.blobs().values():
        load_copy(store, folder / "papers", key, blob)
    names = {**briefing.names, OWNER: settings.name or say("説明者")}

    @cache
    def paper_of(title: str) -> bytes | None:
        paper = next((paper for paper in briefing.papers if paper.title == title), None)
        job = paper_job(briefing, paper, names) if paper is not None else None
        try:
            return exporter.make(job).pdf if job is not None else None
        except CannotExport:
            return None

    return paper_of


def _write(recorded: _Recorded, given: argparse.Namespace, settings: Settings) -> int:
    store, record = SegmentStore(), recorded.record
    exporter = Exporter(store)
    try:
        pictures: Sequence[Thumbnail] = ()
        if given.thumbnails:
            pictures, lacking = thumbnails(record.facts, recorded.papers(store, exporter))
            _tell(lacking_words(lacking), wrong=True)
        outputs = frozenset(given.outputs or EVERY)
        forms = given.form or [USUAL]
        out = made(record, outputs, forms, settings.forms_folder, exporter, pictures=pictures)
    finally:
        exporter.close()
        store.wipe()
    _tell(out.told, wrong=out.missing)
    for name, data in out.files.items():
        write_whole(data, given.folder / name)
        print(given.folder / name)
    return 1 if out.missing or not out.files else 0


def _tell(told: Sequence[Words], *, wrong: bool) -> None:
    for words, values in told:
        print(say(words, **values), file=sys.stderr if wrong else sys.stdout)
