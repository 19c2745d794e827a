"""The summary goes to a real HTTP server that takes it, breaks, sends away, hangs, or talks rubbish."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pageview.wording import say
from presenter.hand_off import SHAPE, BadShape, HandOff, body
from presenter.settings import is_address

WAITS_S = (0.05,)


class Chat:
    """Answers each post with the next of ``answers``, the last for all further ones."""

    def __init__(self) -> None:
        self.answers: list[int] = [200]
        self.posts: list[tuple[str, bytes]] = []
        self.hangs = threading.Event()
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                chat.posts.append((self.path, data))
                answer = chat.answers.pop(0) if len(chat.answers) > 1 else chat.answers[0]
                if answer == 0:
                    chat.hangs.wait(30)
                    return
                if answer == 1:
                    self.wfile.write(b"\x00rubbish\r\n\r\n")
                    return
                self.send_response(answer)
                if answer == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                chat.posts.append((self.path, b""))
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    def close(self) -> None:
        self.hangs.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def chat() -> Iterator[Chat]:
    made = Chat()
    yield made
    made.close()


@pytest.fixture
def hand_off(tmp_path: Path, qtbot: QtBot) -> Iterator[HandOff]:
    made = HandOff(tmp_path / "posts", WAITS_S, answer_s=0.3)
    yield made
    made.close()


@pytest.mark.bad_input(row=66)
def test_a_post_that_fails_is_tried_until_the_chat_takes_it(
    chat: Chat, hand_off: HandOff, qtbot: QtBot, tmp_path: Path
) -> None:
    chat.answers = [500, 0, 1, 429, 200]
    with qtbot.waitSignal(hand_off.sent):
        hand_off.send("a", chat.address, body(SHAPE, {"summary": "決定：𠮷"}))
    assert [json.loads(data) for _, data in chat.posts] == [{"text": "決定：𠮷"}] * 5
    assert not list((tmp_path / "posts").iterdir())


@pytest.mark.parametrize("answer", [302, 404, 400])
@pytest.mark.bad_input(row=66)
def test_a_chat_that_sends_it_elsewhere_or_does_not_know_it_is_said_once(
    chat: Chat, hand_off: HandOff, qtbot: QtBot, answer: int
) -> None:
    chat.answers = [answer]
    with qtbot.waitSignal(hand_off.told) as told:
        hand_off.send("a", chat.address, b"{}")
    words, values = told.args[0]
    assert f"（{answer}）" in say(words, **values)
    assert [path for path, _ in chat.posts] == ["/hook"], "nothing goes elsewhere"


def test_what_nobody_took_is_tried_at_the_next_start(chat: Chat, qtbot: QtBot, tmp_path: Path) -> None:
    first = HandOff(tmp_path, (600.0,), answer_s=0.3)
    first.send("a", "http://127.0.0.1:9/", b'{"text": "x"}')
    first.close()
    (kept,) = tmp_path.glob("*.json")
    kept.write_text(kept.read_text("utf-8").replace("http://127.0.0.1:9/", chat.address), "utf-8")
    second = HandOff(tmp_path, WAITS_S)
    with qtbot.waitSignal(second.sent):
        second.begin()
    second.close()
    assert chat.posts == [("/hook", b'{"text": "x"}')]


@pytest.mark.expected_logs("cannot be read")
def test_a_broken_file_stops_no_other(chat: Chat, hand_off: HandOff, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "0.json").write_bytes(b"{")
    with qtbot.waitSignal(hand_off.sent):
        hand_off.send("a", chat.address, b"{}")


def test_the_shape_is_the_chats_own() -> None:
    shape = '{"blocks": [{"type": "x", "text": {"text": "{title}\\n{summary}"}}], "n": 1}'
    made = json.loads(body(shape, {"summary": '"引用"', "title": "案", "place": ""}))
    assert made == {"blocks": [{"type": "x", "text": {"text": '案\n"引用"'}}], "n": 1}
    with pytest.raises(BadShape):
        body("{", {})
    with pytest.raises(BadShape):
        body("[" * 100_000, {})


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://chat.example/hook", True),
        ("file:///etc/passwd", False),
        ("file://server/share", False),
        ("http://", False),
        ("http://[", False),
    ],
)
def test_what_is_an_address(text: str, good: bool) -> None:
    assert is_address(text) is good
