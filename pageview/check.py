"""``kamizero check FILE…``: whether each paper can be shown, tried in the same cage as on the wall."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from pageview import render_messages as wire
from pageview.asked_worker import AskedWorker, Gone
from pageview.command_line import CommandLine
from pageview.paper_words import clean_name, is_no_pdf, is_office_file, office_sentence, sentence
from pageview.segments import EmptyPaper, Segment, SegmentStore
from pageview.wording import both, say, set_language
from protocol.errors import Fault, Unavailable
from protocol.values import Rect

FRAME = (3840, 2160)
DEADLINE_S = 5.0
SHOWN_NAME = 300


@dataclass(frozen=True)
class Finding:
    """What was found of one file; ``verdict`` is ok, password, damaged or refused.

    ``first_page_ms`` runs from reading the file to its first page drawn for a 4K screen; None without one.
    """

    file: str
    verdict: str
    pages: int
    first_page_ms: float | None
    sentence: str


class Checker:
    """One caged process after the other, asked and waited for. Close it at the end."""

    def __init__(self, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        self._frames = Segment(FRAME[0] * FRAME[1] * 4)
        self._process = AskedWorker(self._frames)

    def close(self) -> None:
        """Ends the process and overwrites what it drew."""
        self._process.end()
        self._frames.wipe()
        self._frames.close()

    def check(self, path: Path, password: str | None = None) -> Finding:
        """Tries one file; never raises for what the file is."""
        name = str(path)
        if is_office_file(path):
            return Finding(name, "refused", 0, None, office_sentence())
        store = SegmentStore()
        try:
            if path.is_dir():
                return Finding(name, "refused", 0, None, say("フォルダーです。PDFのファイルを選んでください"))
            self._process.ready()  # its start is not counted
            began = time.perf_counter()
            sha256 = store.add_file(path)
            return self._try(name, store, sha256, password, began)
        except FileNotFoundError:
            return Finding(
                name, "refused", 0, None, say("ファイルがありません。場所と名前を確かめてください")
            )
        except OSError:
            return Finding(name, "refused", 0, None, say("読めません。ファイルの権限を確かめてください"))
        except EmptyPaper:
            return Finding(name, "damaged", 0, None, sentence(Fault.PAPER_DAMAGED))
        except Unavailable:
            return Finding(name, "refused", 0, None, sentence(Fault.TOO_LARGE))
        except Gone:
            self._process.end()
            return Finding(name, "refused", 0, None, sentence(Fault.PAGE_UNSHOWABLE))
        finally:
            store.wipe()

    def _try(
        self, name: str, store: SegmentStore, sha256: bytes, password: str | None, began: float
    ) -> Finding:
        try:
            opened = self._process.open(store, sha256, self._deadline_s, password)
            if isinstance(opened, wire.CannotOpen):
                if is_no_pdf(Path(name), store.data(sha256)):
                    return Finding(name, "refused", 0, None, office_sentence())
                return Finding(name, opened.verdict, 0, None, sentence(Fault(opened.fault)))
            width, height, pages = *opened.sizes[:2], len(opened.sizes) // 2
            scale = min(FRAME[0] / width, FRAME[1] / height)
            size = max(1, round(width * scale)), max(1, round(height * scale))
            order = wire.Draw(2, sha256, 0, Rect(0, 0, width, height), *size, 0)
            drawn, _ = self._process.ask(order, self._deadline_s)
            if not isinstance(drawn, wire.Drawn):
                return Finding(name, "damaged", pages, None, say("最初のページを表示できません"))
            words = say("壊れていた所を直して表示します") if opened.repaired else say("表示できます")
            return Finding(name, "ok", pages, round((time.perf_counter() - began) * 1000, 1), words)
        finally:
            self._process.take_all_back()


def main(arguments: list[str]) -> int:
    """Says of each file whether it can be shown; 0 when all can, 1 otherwise."""
    parser = CommandLine(prog="kamizero check", description=both("資料を映せるかどうかを確かめる"))
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help=both("確かめる資料（PDF）"))
    parser.add_argument("--json", action="store_true", help=both("1行に1つのJSONで書き出す"))
    parser.add_argument("--language", choices=("ja", "en"), default="ja", help=both("結果の言葉"))
    options = parser.parse_intermixed_args(arguments)
    set_language(options.language)
    try:
        checker = Checker()
    except Unavailable:
        print(
            say("メモリーが足りません。ほかのプログラムを閉じてからもう一度試してください"), file=sys.stderr
        )
        return 1
    all_ok = True
    try:
        for path in options.files:
            finding = checker.check(path)
            all_ok &= finding.verdict == "ok"
            print(_json(finding) if options.json else _line(finding), flush=True)
    except BrokenPipeError:
        # Whoever read this has gone, as `head` does; nothing is left to be written at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        checker.close()
    return 0 if all_ok else 1


def _json(finding: Finding) -> str:
    """The name exactly as it is, but nothing in it that a terminal or an encoding could stumble over."""
    text = json.dumps(asdict(finding), ensure_ascii=False)
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)


def _line(finding: Finding) -> str:
    name = clean_name(finding.file, SHOWN_NAME)
    if finding.first_page_ms is None:
        return f"×  {name}: {finding.sentence}"
    facts = say("{n}ページ、最初のページまで{ms}ミリ秒", n=finding.pages, ms=round(finding.first_page_ms))
    return f"○  {name}: {finding.sentence}（{facts}）"
