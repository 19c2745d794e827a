"""The desk's style sheet, made from the tokens of `pageview.theme`."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

import assets

if TYPE_CHECKING:
    from pageview.theme import Desk

# Borders are 2 px transparent where a state adds one, so that nothing moves when the state comes.
_SHEET = Template("""
* { font-family: "$family"; }
QWidget { color: $TEXT; font-size: ${px18}; }
QMainWindow, QDialog, QWidget[role="page"] { background: $BG; }
QToolTip { background: $TEXT; color: #FFFFFF; border: 0; padding: 8px 12px; font-size: ${px16}; }

QLabel { background: transparent; }
QLabel[role="h1"] { font-size: ${px28}; font-weight: 700; }
QLabel[role="h2"] { font-size: ${px22}; font-weight: 700; }
QLabel[role="title"] { font-size: ${px18}; font-weight: 700; }
QLabel[role="body"] { color: $BODY; }
QLabel[role="secondary"] { font-size: ${px16}; color: $TEXT2; }
QLabel[role="chip"] { font-size: ${px15}; border-radius: 6px; padding: 3px 10px; background: $BG; }
QLabel[tone="ok"] { color: $OK_TEXT; }
QLabel[tone="warn"] { color: $WARN_TEXT; }
QLabel[tone="err"] { color: $ERR; font-weight: 700; }
QLabel[tone="muted"] { color: $TEXT2; }
QLabel[role="chip"][tone="ok"] { background: $OK_BG; }
QLabel[role="chip"][tone="warn"] { background: $WARN; color: $TEXT; }
QLabel[role="chip"][tone="err"] { background: $ERR_BG; }
QLabel[role="keycap"] {
  font-size: ${px14}; color: $TEXT2; background: $CARD;
  border: 1px solid $BORDER; border-radius: 4px; padding: 0 5px;
}

QFrame[role="card"] { background: $CARD; border: 1px solid $LINE; border-radius: 12px; }
QFrame[role="sunk"] { background: $SUNK; border: 1px solid $LINE; border-radius: 8px; }
QFrame[role="warn"] { background: $WARN_BG; border: 2px solid $WARN_BORDER; border-radius: 12px; }
QFrame[role="header"] { background: $CARD; border: 0; border-bottom: 1px solid $LINE; }
QFrame[role="footer"] { background: $CARD; border: 0; border-top: 1px solid $LINE; }
QFrame[role="line"] { background: $LINE; border: 0; max-height: 1px; min-height: 1px; }
QFrame[role="vline"] { background: $LINE; border: 0; max-width: 1px; min-width: 1px; }

QPushButton {
  min-height: ${h48}; padding: 0 20px; border-radius: 8px; font-size: ${px18}; font-weight: 700;
  border: 1px solid $PRIMARY; background: $CARD; color: $PRIMARY;
}
QPushButton[buttonSize="lg"] { min-height: ${h56}; padding: 0 28px; font-size: ${px20}; }
QPushButton[buttonSize="sm"] { min-height: ${h44}; padding: 0 14px; font-size: ${px16}; }
QPushButton:hover {
  background: $PRIMARY_WEAK; color: $HOVER; border-color: $HOVER; text-decoration: underline;
}
QPushButton:pressed { background: $PRIMARY_WEAK2; color: $ACTIVE; border-color: $ACTIVE; }
QPushButton:checked { background: $PRIMARY_WEAK2; color: $HOVER; border-color: $PRIMARY_WEAK2; }
QPushButton:disabled { background: $CARD; color: $DISABLED_TEXT; border-color: #B3B3B3; }
QPushButton[kind="primary"] { background: $PRIMARY; color: #FFFFFF; border-color: $PRIMARY; }
QPushButton[kind="primary"]:hover { background: $HOVER; border-color: $HOVER; }
QPushButton[kind="primary"]:pressed { background: $ACTIVE; border-color: $ACTIVE; }
QPushButton[kind="primary"]:disabled {
  background: $DISABLED_BG; color: $DISABLED_TEXT; border-color: $DISABLED_BG;
}
QPushButton[kind="danger"] { color: $ERR; border-color: $ERR; }
QPushButton[kind="danger"]:hover { background: $ERR_BG; color: #A90000; border-color: #A90000; }
QPushButton[kind="danger"]:pressed { background: #FFD7D7; color: #850000; border-color: #850000; }
QPushButton, QToolButton, QRadioButton, QCheckBox { outline: none; }
QPushButton[kind="text"], QPushButton[kind="tool"] { background: transparent; border-color: transparent; }
QPushButton[kind="text"]:hover, QPushButton[kind="tool"]:hover { background: $PRIMARY_WEAK; }
QPushButton[kind="text"]:pressed, QPushButton[kind="tool"]:pressed { background: $PRIMARY_WEAK2; }
QPushButton[kind="text"]:disabled, QPushButton[kind="tool"]:disabled { background: transparent; }
QPushButton[kind="tool"] { color: $BODY; font-weight: 400; padding: 0 12px; }
QPushButton[kind="tool"]:checked { background: $PRIMARY_WEAK2; color: $HOVER; font-weight: 700; }

QToolButton {
  min-width: ${h44}; min-height: ${h44}; border: 0; border-radius: 8px; background: transparent;
  color: $BODY; font-size: ${px16};
}
QLineEdit QToolButton { min-width: 0; min-height: 0; }
QToolButton:hover { background: $PRIMARY_WEAK; color: $HOVER; }
QToolButton:pressed, QToolButton:checked { background: $PRIMARY_WEAK2; color: $HOVER; font-weight: 700; }
QToolButton:disabled { color: $DISABLED_TEXT; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QComboBox {
  background: $CARD; color: $TEXT; border: 1px solid $BORDER; border-radius: 8px; padding: 0 12px;
  selection-background-color: $PRIMARY; selection-color: #FFFFFF;
}
QLineEdit, QSpinBox, QComboBox { min-height: ${h48}; }
QSpinBox { padding: 0; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; border: 0; }
QSpinBox QLineEdit { border: 0; padding: 0; min-height: 0; background: transparent; }
QPlainTextEdit, QTextEdit { padding: 8px 10px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QComboBox:hover { border-color: #1A1A1A; }
QLineEdit:disabled, QLineEdit:read-only, QComboBox:disabled {
  background: $BG; color: $DISABLED_TEXT; border-color: $LINE;
}
QLineEdit[state="error"] { border: 2px solid $ERR; padding: 0 11px; }
QComboBox::drop-down { border: 0; width: 36px; }
QComboBox::down-arrow { image: url("$icons/keyboard_arrow_down.svg"); width: 22px; height: 22px; }

QCheckBox, QRadioButton {
  spacing: 10px; min-height: ${target}; padding-right: 8px; background: transparent;
}
QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator {
  width: 22px; height: 22px; border: 2px solid $BORDER; border-radius: 4px; background: $CARD;
}
QRadioButton::indicator { border-radius: 13px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover {
  border-color: $PRIMARY; background: $PRIMARY_WEAK;
}
QCheckBox::indicator:checked, QTableView::indicator:checked {
  background: $PRIMARY; border-color: $PRIMARY; image: url("$icons/tick_white.svg");
}
QRadioButton::indicator:checked { border-color: $PRIMARY; image: url("$icons/dot_blue.svg"); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: #B3B3B3; background: $BG; }

QListView, QTreeView, QTableView {
  background: $CARD; border: 1px solid $LINE; border-radius: 12px; outline: 0;
}
QListView::item, QTreeView::item { color: $TEXT; }
QListView::item:hover { background: $PRIMARY_WEAK; }
QListView::item:selected { background: $PRIMARY_WEAK; color: $TEXT; }
QHeaderView::section { background: #F2F2F2; border: 0; border-bottom: 1px solid #949494; padding: 12px 16px; }

QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 14px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 14px; margin: 0; }
QScrollBar::handle {
  background: #949494; border-radius: 4px; margin: 3px; min-height: 44px; min-width: 44px;
}
QScrollBar::handle:hover { background: #666666; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenu { background: $CARD; border: 1px solid $LINE; border-radius: 8px; padding: 8px 0; }
QMenu::item { padding: 10px 24px; min-height: 24px; }
QMenu::item:selected { background: $PRIMARY_WEAK; color: $HOVER; }
QMenu::item:disabled { color: $DISABLED_TEXT; }
QMenu::separator { height: 1px; background: $LINE; margin: 8px 0; }

QProgressBar { background: $LINE; border: 0; border-radius: 4px; max-height: 8px; min-height: 8px; }
QProgressBar::chunk { background: $PRIMARY; border-radius: 4px; }
$CONTRAST
""")

_CONTRAST = """
QFrame[role="card"], QFrame[role="sunk"], QListView, QTreeView, QTableView { border-color: #000000; }
QLabel[role="secondary"], QLabel[tone="muted"] { color: #000000; }
"""


def desk_sheet(tokens: type[Desk], family: str, scale: float, contrast: bool) -> str:
    """The sheet for these tokens; text and the heights that hold it grow with `scale` (1.0…2.0)."""
    values = {name: value for name, value in vars(tokens).items() if isinstance(value, str)}
    values |= {f"px{size}": f"{round(size * scale)}px" for size in (14, 15, 16, 18, 20, 22, 28)}
    # A button's height includes the border that a style sheet counts separately.
    values |= {f"h{height}": f"{round(height * scale) - 2}px" for height in (44, 48, 56)}
    values["target"] = f"{round(tokens.TARGET * scale)}px"  # what has no border
    return _SHEET.substitute(
        values, family=family, icons=assets.ICONS.as_posix(), CONTRAST=_CONTRAST if contrast else ""
    )
