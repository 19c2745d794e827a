"""The words after `kamizero WORD`: what is not understood is said in both languages."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import NoReturn


class CommandLine(ArgumentParser):
    """`argparse`, which knows English only, with a sentence for who reads Japanese."""

    def error(self, message: str) -> NoReturn:
        """Says what is wrong and how to see what there is; exits with status 2."""
        self.print_usage(sys.stderr)
        what = "指定が正しくありません / this was not understood"
        where = "書き方 / what there is"
        self.exit(2, f"{self.prog}: {what}: {message}\n{where}: {self.prog} --help\n")
