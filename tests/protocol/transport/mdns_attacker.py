"""What a stranger on the network may say over mDNS, written byte by byte."""

from __future__ import annotations

import socket
import struct

from protocol.transport.mdns import random_name


def dns_name(name: str) -> bytes:
    labels = [label.encode() for label in name.rstrip(".").split(".")]
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def datagram(
    instance: str, text: bytes, address: str, ttl: int = 120, label: bytes | None = None, port: int = 47_400
) -> bytes:
    """An mDNS answer as an attacker may write it: PTR, SRV, TXT and A of one instance."""
    service = dns_name("_kamizero._tcp.local")
    first = label if label is not None else instance.encode()
    name = bytes((len(first),)) + first + service
    host = dns_name(f"{random_name()}.local")

    def record(owner: bytes, kind: int, data: bytes) -> bytes:
        return owner + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data

    answers = [
        record(service, 12, name),
        record(name, 33, struct.pack("!HHH", 0, 0, port) + host),
        record(name, 16, text),
        record(host, 1, socket.inet_aton(address)),
    ]
    return struct.pack("!6H", 0, 0x8400, 0, len(answers), 0, 0) + b"".join(answers)


def attacker(host: str = "127.0.0.1") -> socket.socket:
    """A socket that says what it likes to everybody on loopback, from this address of it."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
    sender.bind((host, 0))
    return sender


GROUP = ("224.0.0.251", 5353)
