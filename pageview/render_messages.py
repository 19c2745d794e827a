"""What the screen and a caged render process say to each other over their pipe.

The caged side parses strangers' files, so the screen believes nothing of it: every reply is a typed, limited
value (never a pickle), answers the request that was sent, and a reply that does not decode ends the process.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from pageview.cage import Doors
from pageview.export_jobs import Job
from pageview.page_edits import Accepted, Change, Outcome
from pageview.page_text import PageText
from protocol.corrections import CORRECTIONS_LIMIT
from protocol.values import BlobLength, Extent, PageIndex, Rect, Sha256

MAX_PAGES = 10_000
MAX_LINES = 5_000
SIZES = 64
"""Of the letters of a page, at most."""
FONTS_NAMED, FONT_NAME, MADE_BY = 20, 100, 100
SHORT_REPLY = 8 * 2**20
"""The most bytes of a reply. A PDF comes after its reply, and only when one was asked for."""
TEXT_SHOWN = 400
TEXT_READ = 40_000
"""The most signs of a page that anybody searches."""
PARTS_READ = 3_000
MAX_WORDS = 8_000
PAGES_OF_WORDS = 8

Number = Annotated[int, Meta(ge=0, le=2**53)]
Pixels = Annotated[int, Meta(ge=1, le=32_768)]
FaultCode = Annotated[int, Meta(ge=0, le=999)]
Verdict = Annotated[str, Meta(pattern="^(password|damaged|refused)$")]


class Message(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A frozen value that travels as an array of exactly its fields."""


# --- to the render process ----------------------------------------------------------------------------------


class Setup(Message, frozen=True, tag=1):
    """First of all; the frame segment follows if ``frame_bytes`` is not 0. Then the cage is shut.

    With ``warm`` memory is put under the whole segment at once, before the first picture. With ``idle`` it
    gives way to what somebody waits for.
    """

    frame_bytes: Number
    parent: Number
    warm: bool
    idle: bool


class TakePaper(Message, frozen=True, tag=2):
    """A paper, whose segment follows; ``password`` opens it where it needs one."""

    sha256: Sha256
    length: BlobLength
    password: str | None


class DropPaper(Message, frozen=True, tag=3):
    """Forget a paper and unmap it."""

    sha256: Sha256


class Open(Message, frozen=True, tag=4):
    """Open a taken paper with ``password``; answered by Opened or CannotOpen."""

    n: Number
    sha256: Sha256
    password: str | None


class Draw(Message, frozen=True, tag=5):
    """Draw ``rect`` of page space to exactly ``width`` × ``height`` at ``offset`` of the frames; Drawn."""

    n: Number
    sha256: Sha256
    index: PageIndex
    rect: Rect
    width: Pixels
    height: Pixels
    offset: Number


class ReadLines(Message, frozen=True, tag=6):
    """The lines of text of a page; Lines."""

    n: Number
    sha256: Sha256
    index: PageIndex


class MakeSubset(Message, frozen=True, tag=7):
    """A PDF of this page alone; Pdf."""

    n: Number
    sha256: Sha256
    index: PageIndex


class Unlock(Message, frozen=True, tag=8):
    """The whole paper without its password; Pdf."""

    n: Number
    sha256: Sha256


class Slim(Message, frozen=True, tag=9):
    """Give back what can be drawn again: kept display lists and the store. No answer."""


class TryDoors(Message, frozen=True, tag=10):
    """Try every door of the cage from inside; Tried."""

    n: Number


class ReadCharacters(Message, frozen=True, tag=11):
    """The characters of a page; Characters."""

    n: Number
    sha256: Sha256
    index: PageIndex


class EditPage(Message, frozen=True, tag=12):
    """A PDF of this page alone with one change made; Edited. ``accepted``: what it may break."""

    n: Number
    sha256: Sha256
    index: PageIndex
    change: Change
    accepted: Accepted


class Export(Message, frozen=True, tag=14):
    """A PDF of what a job says, whose papers were taken before; Exported."""

    n: Number
    job: Job


class ReadLook(Message, frozen=True, tag=15):
    """What a page looks like, as a sum; Look."""

    n: Number
    sha256: Sha256
    index: PageIndex


class ReadWords(Message, frozen=True, tag=16):
    """The words alone of some pages in a row, which are read in a fraction of the time; Words."""

    n: Number
    sha256: Sha256
    index: PageIndex
    count: Annotated[int, Meta(ge=1, le=PAGES_OF_WORDS)]


class ReadText(Message, frozen=True, tag=17):
    """All words of a page, as they are shown; Text."""

    n: Number
    sha256: Sha256
    index: PageIndex


class ReadOffice(Message, frozen=True, tag=18):
    """All words of an office file that was taken as a paper; Parts."""

    n: Number
    sha256: Sha256


class ReadPicture(Message, frozen=True, tag=19):
    """A small picture of a page; Picture."""

    n: Number
    sha256: Sha256
    index: PageIndex


class AreYouThere(Message, frozen=True, tag=20):
    """Here, at once."""


class Survey(Message, frozen=True, tag=21):
    """What is to be known of a page before it is shown, and with page 0 of the paper; Surveyed."""

    n: Number
    sha256: Sha256
    index: PageIndex


class DrawImage(Message, frozen=True, tag=22):
    """Draw a picture file that was taken as a paper, upright and whole, at the start of the frames; no larger
    than it is, nor than ``width`` × ``height``. ImageDrawn."""

    n: Number
    sha256: Sha256
    width: Pixels
    height: Pixels


Reading = Survey | ReadLines | ReadCharacters | ReadLook | ReadPicture | ReadWords | ReadText | ReadOffice
OfPaper = Open | Draw | DrawImage | MakeSubset | Unlock | EditPage | Reading
Order = Setup | TakePaper | DropPaper | OfPaper | Export | Slim | TryDoors | AreYouThere


# --- from the render process --------------------------------------------------------------------------------


class Ready(Message, frozen=True, tag=32):
    """Fonts are loaded, the cage is shut as ``doors`` says; papers may come."""

    doors: Doors


class Opened(Message, frozen=True, tag=33):
    """Width and height of each page in 1/100 point, turn about."""

    n: Number
    sizes: Annotated[tuple[Extent, ...], Meta(min_length=2, max_length=2 * MAX_PAGES)]
    title: Annotated[str, Meta(max_length=300)]
    repaired: bool


class CannotOpen(Message, frozen=True, tag=34):
    """Why a paper cannot be shown."""

    n: Number
    verdict: Verdict
    fault: FaultCode


class Drawn(Message, frozen=True, tag=35):
    """The frame is complete; every pixel opaque."""

    n: Number


class Lines(Message, frozen=True, tag=36):
    """Boxes of lines from top to bottom, size of the small text (1/100 point, 0: none), the first words.
    ``letters``: a size of letters (1/100 point) and how many have it, turn about, the smallest first."""

    n: Number
    boxes: Annotated[tuple[Rect, ...], Meta(max_length=MAX_LINES)]
    small_text: Annotated[int, Meta(ge=0, le=10_000_000)]
    text: Annotated[str, Meta(max_length=TEXT_SHOWN)]
    letters: Annotated[tuple[Number, ...], Meta(max_length=2 * SIZES)] = ()


class Pdf(Message, frozen=True, tag=37):
    """A PDF made of a paper, whose bytes follow; width and height of its first page."""

    n: Number
    length: BlobLength
    width: Extent
    height: Extent


class Failed(Message, frozen=True, tag=38):
    """The request could not be met; the process goes on."""

    n: Number
    fault: FaultCode


class Tried(Message, frozen=True, tag=39):
    """Door → whether trying it was refused."""

    n: Number
    refused: Annotated[dict[str, bool], Meta(max_length=32)]


class Characters(Message, frozen=True, tag=40):
    """The text of a page."""

    n: Number
    text: PageText


class Edited(Message, frozen=True, tag=41):
    """What came of an edit. Where it was made, the PDF's bytes follow; width and height of its page."""

    n: Number
    outcome: Outcome
    length: Annotated[int, Meta(ge=0, le=500 * 2**20)]
    width: Extent
    height: Extent


class Exported(Message, frozen=True, tag=43):
    """A PDF whose bytes follow; numbers of corrections that it cannot show; whether a signature is lost."""

    n: Number
    length: BlobLength
    unplaced: Annotated[tuple[int, ...], Meta(max_length=CORRECTIONS_LIMIT)]
    signed: bool


class Text(Message, frozen=True, tag=46):
    """A page's words, a line feed after each line."""

    n: Number
    text: Annotated[str, Meta(max_length=TEXT_READ)]


class Parts(Message, frozen=True, tag=47):
    """The words of an office file: texts and tables in pieces, each slide."""

    n: Number
    parts: Annotated[tuple[Annotated[str, Meta(max_length=TEXT_READ)], ...], Meta(max_length=PARTS_READ)]


class Surveyed(Message, frozen=True, tag=50):
    """Fonts that the file does not carry, how many comments are left on the page, who made the paper."""

    n: Number
    fonts: Annotated[tuple[Annotated[str, Meta(max_length=FONT_NAME)], ...], Meta(max_length=FONTS_NAMED)]
    comments: Annotated[int, Meta(ge=0, le=10_000)]
    made_by: Annotated[str, Meta(max_length=MADE_BY)]


class Words(Message, frozen=True, tag=45):
    """The signs of each page in order, without spaces; of a longer one the first, of one that cannot be read
    none."""

    n: Number
    words: Annotated[tuple[Annotated[str, Meta(max_length=MAX_WORDS)], ...], Meta(max_length=PAGES_OF_WORDS)]


class Look(Message, frozen=True, tag=44):
    """Pages with the same sum look the same."""

    n: Number
    look: Sha256


class Picture(Message, frozen=True, tag=48):
    """A page in small: pixels in a row, and a byte for each of them, row by row."""

    n: Number
    width: Annotated[int, Meta(ge=1, le=4_096)]
    pixels: Annotated[bytes, Meta(min_length=1, max_length=2**20)]


class Here(Message, frozen=True, tag=49):
    """The process lives, and obeys."""


class ImageDrawn(Message, frozen=True, tag=51):
    """The frame is complete, its lines one after the other; every pixel opaque."""

    n: Number
    width: Pixels
    height: Pixels


Reply = (
    Ready
    | Here
    | Opened
    | CannotOpen
    | Drawn
    | ImageDrawn
    | Lines
    | Pdf
    | Failed
    | Tried
    | Characters
    | Edited
    | Exported
    | Text
    | Parts
    | Look
    | Picture
    | Words
    | Surveyed
)

encode = msgspec.msgpack.Encoder().encode
decode_order = msgspec.msgpack.Decoder(Order).decode
decode_reply = msgspec.msgpack.Decoder(Reply).decode
