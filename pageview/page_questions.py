"""What one can ask of a paper's pages beside a picture; the renderer's signals answer."""

from __future__ import annotations

from pageview.render_queue import Kind, Task


class PageQuestions:
    """Puts each question as a task; whoever is one takes it."""

    def _put(self, task: Task) -> None:
        raise NotImplementedError

    def ask_lines(self, blob: bytes, index: int) -> None:
        """Reads the lines of text of a page: ``lines``, with none for a page that cannot be read."""
        self._put(Task(Kind.LINES, blob, index))

    def ask_text(self, blob: bytes, index: int) -> None:
        """Reads all words of a page when nothing else is to be done: ``texts``, "" where there are none."""
        self._put(Task(Kind.TEXT, blob, index))

    def ask_survey(self, blob: bytes, index: int) -> None:
        """What is to be known of a page before it is shown, when nothing else is to be done: ``surveyed``."""
        self._put(Task(Kind.SURVEY, blob, index))

    def ask_subset(self, blob: bytes, index: int) -> None:
        """Makes a PDF of one page: ``subset_made`` or ``subset_failed``."""
        self._put(Task(Kind.SUBSET, blob, index))

    def ask_unlocked(self, blob: bytes) -> None:
        """Makes a PDF without the password that opened it: ``unlocked`` or ``refused``."""
        self._put(Task(Kind.UNLOCK, blob, 0))

    def ask_characters(self, blob: bytes, index: int) -> None:
        """Reads the characters of a page: ``characters``, without any for a page that cannot be read."""
        self._put(Task(Kind.CHARACTERS, blob, index))

    def ask_picture(self, blob: bytes, index: int) -> None:
        """A small picture of a page: ``pictures``, without pixels for a page that cannot be drawn."""
        self._put(Task(Kind.PICTURE, blob, index))
