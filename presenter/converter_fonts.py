"""The fonts that LibreOffice sets Japanese documents in where the machine has none (fontconfig: Linux and its
kin). A fresh Debian draws every letter as a box."""

from __future__ import annotations

import os
from pathlib import Path
from xml.sax.saxutils import escape

import assets

USUAL = "/etc/fonts/fonts.conf"
# What documents of offices name, and what stands in for it where it is not installed.
LIKE = {
    "BIZ UDMincho": ("MS Mincho", "ＭＳ 明朝"),
    "BIZ UDPMincho": ("MS PMincho", "ＭＳ Ｐ明朝", "Yu Mincho", "游明朝", "HGS明朝E", "ヒラギノ明朝 ProN"),
    "BIZ UDGothic": ("MS Gothic", "ＭＳ ゴシック"),
    "BIZ UDPGothic": (
        *("MS PGothic", "ＭＳ Ｐゴシック", "Yu Gothic", "游ゴシック", "Meiryo", "メイリオ"),
        *("Meiryo UI", "HGP創英角ｺﾞｼｯｸUB", "ヒラギノ角ゴ ProN"),
    ),
}


def font_settings(folder: Path) -> Path:
    """Writes fontconfig's settings into ``folder``: what the system has, and behind it what is bundled."""
    lines = [
        '<?xml version="1.0"?>',
        "<fontconfig>",
        f'<include ignore_missing="yes">{escape(os.environ.get("FONTCONFIG_FILE") or USUAL)}</include>',
        f"<dir>{escape(str(assets.FONTS))}</dir>",
        f"<cachedir>{escape(str(folder / 'fonts'))}</cachedir>",
    ]
    for ours, names in LIKE.items():
        for name in names:
            lines.append(
                f'<alias binding="same"><family>{name}</family>'
                f"<accept><family>{ours}</family></accept></alias>"
            )
    file = folder / "fonts.conf"
    file.write_text("\n".join([*lines, "</fontconfig>", ""]), encoding="utf-8")
    return file
