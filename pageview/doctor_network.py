"""What ``kamizero doctor`` finds out about the network: interfaces, multicast, ports, firewall."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pageview.doctor import KIOSK_PORT, RENDEZVOUS_PORT, Finding, Verdict, good
from pageview.wording import say
from protocol.transport.addresses import Interface, IPNetwork, networks, own_interfaces
from protocol.transport.self_test import hears_itself, port_is_taken
from protocol.transport.settings import PRIVATE_NETWORKS

UFW = Path("/etc/ufw/ufw.conf")
FIREWALLD = Path("/run/firewalld.pid")
NFT_S = 5.0


def interfaces(own_networks: Sequence[str] = PRIVATE_NETWORKS, only: Sequence[str] = ()) -> Iterator[Finding]:
    """Each interface of the house's own networks, and whether multicast comes back on it. ``only``: those
    that have one of these addresses."""
    own = networks(own_networks)
    found = own_interfaces(own, only)
    if not only and all(interface.loopback for interface in found):
        advice = say("ケーブルか無線LANを確かめてください。庁内の番号が要ります")
        yield Finding("network", Verdict.BAD, say("庁内ネットワークにつながっていません"), advice)
    for interface in found:
        yield _multicast(interface, own)


def _multicast(interface: Interface, own: Sequence[IPNetwork]) -> Finding:
    where = f"{interface.name} {', '.join(interface.addresses)}"
    advice = say(
        "会議室の一覧には出ないことがあります。会議室番号の代わりに、画面の下のアドレスを入力してください"
    )
    try:
        heard = hears_itself(interface, own)
    except OSError as error:
        found = say("マルチキャストが使えません：{where}", where=where)
        return Finding("multicast", Verdict.LOOK, f"{found} ({error.strerror})", advice)
    if not heard:
        return Finding(
            "multicast", Verdict.LOOK, say("マルチキャストが返ってきません：{where}", where=where), advice
        )
    return good("multicast", say("会議室を探せます：{where}", where=where))


def ports() -> Iterator[Finding]:
    """The two ports of a room's display. A presenter's machine takes any free one."""
    for port in (KIOSK_PORT, RENDEZVOUS_PORT):
        try:
            taken = port_is_taken(port)
        except OSError as error:
            found = say("ポート{port}が使えません", port=port)
            yield Finding("ports", Verdict.LOOK, f"{found} ({error.strerror})", _other_port())
            continue
        if taken:
            found = say("ポート{port}は使われています", port=port)
            advice = say(
                "会議室ディスプレイが動いていれば、そのままで構いません。ほかのプログラムなら、止めてください"
            )
            yield Finding("ports", Verdict.LOOK, found, advice)
        else:
            yield good("ports", say("ポート{port}が使えます", port=port))


def _other_port() -> str:
    return say("会議室ディスプレイの設定の network.port を、別の番号にしてください")


def firewall() -> Iterator[Finding]:
    """Whether a firewall is known to be on; from inside nobody can see what it lets through."""
    name = _firewall()
    if name is None:
        yield good("firewall", say("この端末には、ファイアウォールが見当たりません"))
        return
    advice = say(
        "会議室ディスプレイなら、TCP {port}と{other}、UDP 5353の受信を許してください",
        port=KIOSK_PORT,
        other=RENDEZVOUS_PORT,
    )
    yield Finding("firewall", Verdict.LOOK, say("ファイアウォールが動いています：{name}", name=name), advice)


def _firewall() -> str | None:
    if sys.platform == "win32":
        return "Windows Defender"
    if UFW.exists() and "ENABLED=yes" in UFW.read_text(errors="replace"):
        return "ufw"
    if FIREWALLD.exists():
        return "firewalld"
    return "nftables" if _nftables_refuse() else None


def _nftables_refuse() -> bool:
    """Whether a chain of the kernel's own firewall lets something not in (also those that iptables made).

    Only an administrator may look; others see none.
    """
    program = shutil.which("nft") or shutil.which("nft", path="/usr/sbin:/sbin")
    if program is None:
        return False
    try:
        done = subprocess.run([program, "-j", "list", "ruleset"], capture_output=True, timeout=NFT_S)
        told = json.loads(done.stdout or b"{}").get("nftables", [])
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return False
    chains = [each["chain"] for each in told if "chain" in each]
    inward = {(c["family"], c["table"], c["name"]) for c in chains if c.get("hook") == "input"}
    rules = [each["rule"] for each in told if "rule" in each]
    refusing = [r for r in rules if any("drop" in part or "reject" in part for part in r["expr"])]
    return any(c.get("hook") == "input" and c.get("policy") == "drop" for c in chains) or any(
        (rule["family"], rule["table"], rule["chain"]) in inward for rule in refusing
    )
