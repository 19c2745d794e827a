"""Every packet that leaves or reaches this machine: those that a house does not allow (AF_PACKET).

``python -m tests.net.sniffer HOUSE``: runs until standard input ends; then one JSON list of what was sent or
asked beyond mDNS, ARP, neighbour discovery and TCP within the network HOUSE (10.77.0.0/24). Loopback counts
where something else than this machine's own addresses is meant, and for DNS, which asks a resolver there.
"""

from __future__ import annotations

import ipaddress
import json
import selectors
import socket
import struct
import sys

_ALL = 0x0003
_IPV4, _IPV6, _ARP = 0x0800, 0x86DD, 0x0806
_TCP, _UDP, _ICMP, _IGMP, _ICMPV6 = 6, 17, 1, 2, 58
_DNS, _MDNS = (53, 853, 137, 5355), 5353


def beyond(frame: bytes, protocol: int, house: ipaddress.IPv4Network) -> str | None:
    """What this packet is, when it is not of a house that keeps to itself."""
    if protocol == _ARP:
        return None
    if protocol == _IPV4:
        kind, start = frame[9], (frame[0] & 15) * 4
        source, target = (ipaddress.ip_address(frame[at : at + 4]) for at in (12, 16))
    elif protocol == _IPV6:
        kind, start = frame[6], 40
        source, target = (ipaddress.ip_address(frame[at : at + 16]) for at in (8, 24))
        if kind == 0:  # hop-by-hop: multicast listener reports
            kind = frame[40]
    else:
        return f"protocol {protocol:#06x}"
    said = f"{source} → {target} {kind}"
    if kind in (_IGMP, _ICMPV6):
        return None if target.is_multicast or target.is_link_local else said
    port = struct.unpack_from("!H", frame, start + 2)[0] if kind in (_TCP, _UDP) else 0
    at_home = target.is_loopback or target.is_link_local or target in house
    if kind == _UDP and port == _MDNS and (target.is_multicast or at_home):
        return None
    if kind == _TCP and at_home and port not in _DNS:
        return None
    if kind == _ICMP and at_home:
        return None
    return f"{said}:{port}"


def main(house: ipaddress.IPv4Network) -> None:
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL))
    sock.setblocking(False)
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    selector.register(sock, selectors.EVENT_READ)
    print("ready", flush=True)
    seen, count, ended = [], 0, False
    while not ended:
        ended = any(key.fileobj == 0 and not sys.stdin.readline() for key, _ in selector.select())
        while True:
            try:
                frame, (_, protocol, *_) = sock.recvfrom(65_535)
            except BlockingIOError:
                break
            count += 1
            found = beyond(frame, protocol, house)
            if found is not None:
                seen.append(found)
    print(json.dumps({"packets": count, "beyond": seen}), flush=True)


if __name__ == "__main__":
    main(ipaddress.IPv4Network(sys.argv[1]))
