"""Where the bundled files are: fonts, icons, sample papers, forms. Data only; nothing of ours is imported."""

from pathlib import Path

FOLDER = Path(__file__).parent
ICONS = FOLDER / "icons"
PAPERS = FOLDER / "papers"
FONTS = FOLDER / "fonts"
FORMS = FOLDER / "forms"

# What the screens are set in (full sets: a subset loses 𠮷 and rare names).
SCREEN_REGULAR = FONTS / "NotoSansJP-Regular.ttf"
SCREEN_BOLD = FONTS / "NotoSansJP-Bold.ttf"
# What stands in for Japanese fonts that a paper does not carry.
PAPER_GOTHIC = FONTS / "BIZUDPGothic-Regular.ttf"
PAPER_GOTHIC_BOLD = FONTS / "BIZUDPGothic-Bold.ttf"
PAPER_MINCHO = FONTS / "BIZUDPMincho-Regular.ttf"
# Their like with Latin letters and figures of half an em, as MS Gothic and MS Mincho have them: anything
# wider would run into its neighbour. (The licences beside the proportional ones are theirs too.)
PAPER_GOTHIC_FIXED = FONTS / "BIZUDGothic-Regular.ttf"
PAPER_GOTHIC_FIXED_BOLD = FONTS / "BIZUDGothic-Bold.ttf"
PAPER_MINCHO_FIXED = FONTS / "BIZUDMincho-Regular.ttf"

# Sample papers: A4 landscape with tables and charts, 16:9, A4 portrait with small text.
SAMPLE_BUDGET = PAPERS / "令和9年度 重点施策の予算案.pdf"
SAMPLE_WIDE = PAPERS / "打合せを紙から画面へ.pdf"
SAMPLE_MEMO = PAPERS / "災害対策本部の初動体制の見直し（案）.pdf"
