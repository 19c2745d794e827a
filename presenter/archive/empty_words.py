"""Words in names that do not say what they seem to: 最終, 修正2, コピー, (1)."""

from __future__ import annotations

import re

NAMELESS = "無題"
"""The name of what has none."""
_APART = r"_\-　 （）()【】\[\]"
_JOINED = r"(?:最終(?:版|案|稿)?|確定版|最新版|修正(?:版|後|済み?|\d+)|差替え?版?|のコピー|\(\d+\)|（\d+）)"
_ALONE = r"(?:修正|最新|旧版|新版|コピー|copy|final|latest|new|old|v(?:er)?\.?\d+)"
VAGUE = re.compile(
    # alone in its brackets, wherever they stand
    rf"[_\-　 ]*(?:（(?:{_JOINED}|{_ALONE})）|\((?:{_JOINED}|{_ALONE})\)"
    rf"|【(?:{_JOINED}|{_ALONE})】|\[(?:{_JOINED}|{_ALONE})\])"
    # joined to what stands before it
    rf"|[{_APART}]*{_JOINED}[{_APART}]*(?=[{_APART}]|$)"
    # a word of its own
    rf"|(?:^|(?<=[{_APART}])|[{_APART}]+){_ALONE}[{_APART}]*(?=[{_APART}]|$)",
    re.IGNORECASE,
)
EDITION = re.compile(rf"[{_APART}]*第\d+版[{_APART}]*$")
"""An edition's number at the end; the rule puts the right one."""
MEETING = re.compile(r"第[0-9一二三四五六七八九十]{1,4}回")
"""Which meeting on a subject it is; the subject is the same."""
