"""Word, Excel and PowerPoint asked over COM to save a document as PDF: the pages are just those that Office
itself prints.

Only on Windows. Written by Microsoft's documentation and, unlike everything else here, never run by its
makers.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Sequence
from pathlib import Path

from presenter import leash

WORD, SHEETS, SLIDES = "Word", "Excel", "PowerPoint"
KINDS = {
    **dict.fromkeys((".docx", ".doc", ".docm", ".odt", ".rtf"), WORD),
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".ods"), SHEETS),
    **dict.fromkeys((".pptx", ".ppt", ".pptm", ".odp"), SLIDES),
}
# AutomationSecurity 3: no macro runs. A wrong password is an error instead of a question.
# PowerPoint is one for everybody who asks: it is left running where somebody has something open in it.
SCRIPTS = {
    WORD: """
$app = New-Object -ComObject Word.Application
try {{
  $app.Visible = $false; $app.DisplayAlerts = 0; $app.AutomationSecurity = 3
  $doc = $app.Documents.Open('{document}', $false, $true, $false, 'x')
  $doc.ExportAsFixedFormat('{pdf}', 17)
  $doc.Close(0)
}} finally {{ $app.Quit() }}
""",
    SHEETS: """
$app = New-Object -ComObject Excel.Application
try {{
  $app.Visible = $false; $app.DisplayAlerts = $false; $app.AutomationSecurity = 3
  $doc = $app.Workbooks.Open('{document}', 0, $true, 5, 'x')
  $doc.ExportAsFixedFormat(0, '{pdf}')
  $doc.Close($false)
}} finally {{ $app.Quit() }}
""",
    SLIDES: """
$app = New-Object -ComObject PowerPoint.Application
try {{
  $app.DisplayAlerts = 1; $app.AutomationSecurity = 3
  $doc = $app.Presentations.Open('{document}', -1, 0, 0)
  $doc.SaveAs('{pdf}', 32)
  $doc.Close()
}} finally {{ if ($app.Presentations.Count -eq 0) {{ $app.Quit() }} }}
""",
}
PROCESSES = {WORD: "WINWORD", SHEETS: "EXCEL", SLIDES: "POWERPNT"}
# Office is started by the system, not by us: what was not there before is named, so that it can be ended if
# it hangs. Not where somebody has started another one just now.
NAMED = """
$new = @(Get-Process {process} -ErrorAction 0 | Where-Object {{ $before -notcontains $_.Id }})
if ($new.Count -eq 1) {{ Set-Content -LiteralPath '{named}' -Value $new[0].Id -Encoding Ascii }}
"""
BEFORE = "$before = @(Get-Process {process} -ErrorAction 0 | ForEach-Object {{ $_.Id }})"


class OfficeByCom:
    """By a PowerShell that can be killed like any other process."""

    @staticmethod
    def is_there() -> bool:
        """Whether Office is installed here."""
        try:
            import winreg

            for name in (WORD, SHEETS, SLIDES):
                with winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, f"{name}.Application"):  # type: ignore[attr-defined]
                    pass
        except (ImportError, OSError):
            return False
        return shutil.which("powershell") is not None

    def command(self, document: Path, pdf: Path, folder: Path) -> Sequence[str]:
        """The script goes as base64, so that no name in it is ever read as anything else."""
        kind = KINDS[document.suffix.lower()]
        start, _, rest = SCRIPTS[kind].lstrip().partition("\n")
        script = "\n".join((BEFORE, start, NAMED, rest)).format(
            document=_quoted(document),
            pdf=_quoted(pdf),
            process=PROCESSES[kind],
            named=_quoted(document.with_name(leash.OFFICE)),
        )
        encoded = base64.b64encode(script.encode("utf-16-le")).decode()
        return ["powershell", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
