"""The console's window over a house in memory."""

from __future__ import annotations

from pathlib import Path

from kiosk.fleet.adding import AddingPage
from kiosk.fleet.log_page import LogPage
from kiosk.fleet.model import Fleet
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.settings_page import SettingsPage
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.window import FleetWindow
from protocol.facilities import ConsoleCertificate, ConsoleRole

NOW = 1_795_500_000.0


def window(fleet: Fleet, role: ConsoleRole = ConsoleRole.FACILITIES) -> FleetWindow:
    who = ConsoleCertificate(bytes(32), role, "管財課 山﨑")
    folder = TemplateFolder(Path("no such folder"))
    page = SettingsPage(fleet, folder, Rollout(folder), role is not ConsoleRole.READ_ONLY)
    made = FleetWindow(
        fleet, who, LogPage([], 0), AddingPage(fleet, lambda: folder.current, "", 47_400), page
    )
    made.refresh(NOW)
    return made
