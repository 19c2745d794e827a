"""Where the bundled files are: fonts, icons, sample papers. Data only; nothing of ours is imported here."""

from pathlib import Path

FOLDER = Path(__file__).parent
ICONS = FOLDER / "icons"
PAPERS = FOLDER / "papers"
FONTS = FOLDER / "fonts"

# What the screens are set in (full sets: a subset loses 𠮷 and rare names).
SCREEN_REGULAR = FONTS / "NotoSansJP-Regular.ttf"
SCREEN_BOLD = FONTS / "NotoSansJP-Bold.ttf"
# What stands in for Japanese fonts that a paper does not carry.
PAPER_GOTHIC = FONTS / "BIZUDPGothic-Regular.ttf"
PAPER_GOTHIC_BOLD = FONTS / "BIZUDPGothic-Bold.ttf"
PAPER_MINCHO = FONTS / "BIZUDPMincho-Regular.ttf"
