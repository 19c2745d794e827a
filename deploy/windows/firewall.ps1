# Rules of the Windows firewall for a PC that is a room's display. Run once, as an administrator.
# (PCs of presenters and participants need none: they let nobody in. Not run on Windows by us.)
#
#   powershell -ExecutionPolicy Bypass -File firewall.ps1 -Program C:\Kamizero\python\pythonw.exe
#   powershell -ExecutionPolicy Bypass -File firewall.ps1 -Remove

param(
    [string]$Program = "C:\Kamizero\python\pythonw.exe",
    # The house's own networks, as in network.own_networks of the settings.
    [string[]]$House = @("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fe80::/10", "fc00::/7"),
    [int]$Port = 47400,
    [int]$RendezvousPort = 47401,
    [switch]$Remove
)

$ErrorActionPreference = "Stop"
$Group = "Kamizero"

Get-NetFirewallRule -Group $Group -ErrorAction SilentlyContinue | Remove-NetFirewallRule
if ($Remove) { return }

$Common = @{ Group = $Group; Program = $Program; RemoteAddress = $House; Profile = "Domain,Private" }
New-NetFirewallRule @Common -DisplayName "Kamizero: briefings and participants" `
    -Direction Inbound -Action Allow -Protocol TCP -LocalPort $Port, $RendezvousPort | Out-Null
New-NetFirewallRule @Common -DisplayName "Kamizero: rooms are found (mDNS)" `
    -Direction Inbound -Action Allow -Protocol UDP -LocalPort 5353 | Out-Null
# Nothing of the program leaves the house, whatever else this PC may do.
New-NetFirewallRule -Group $Group -Program $Program -Profile Any -DisplayName "Kamizero: not beyond the house" `
    -Direction Outbound -Action Block -RemoteAddress "Internet" | Out-Null
Get-NetFirewallRule -Group $Group | Select-Object DisplayName, Direction, Action, Enabled
