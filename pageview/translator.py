"""Carries the language of `pageview.wording` to Qt's own dialogs and, as LanguageChange, to every widget."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from pageview import wording

_NAME = "qtbase_ja"


def install(app: QApplication) -> None:
    """From now on Qt's own words follow `wording.set_language`; every widget gets LanguageChange.

    An application has one such translator, however often this is called.
    """
    known = app.findChild(QTranslator, _NAME)
    qt_japanese = known if isinstance(known, QTranslator) else QTranslator(app)
    if qt_japanese is not known:
        qt_japanese.setObjectName(_NAME)
        qt_japanese.load(_NAME, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))

    def follow(language: wording.Language) -> None:
        # Installing or removing a translator makes Qt send LanguageChange; an empty one is not installed.
        if qt_japanese.isEmpty():
            QCoreApplication.postEvent(app, QEvent(QEvent.Type.LanguageChange))
        elif language == "ja":
            app.installTranslator(qt_japanese)
        else:
            app.removeTranslator(qt_japanese)

    wording.on_language_change(follow)
    if wording.language() == "ja":
        follow("ja")
