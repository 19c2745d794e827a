"""Who joins a briefing on their own PC: the join code, letting in, who is in; at the owner's."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine
from typing import Any, Protocol

from protocol.errors import CloseCode
from protocol.join_codes import JoinCodes
from protocol.messages import FloorDeclined
from protocol.ops import Allow
from protocol.pairing import Mode, PeerFacts
from protocol.transport.handshake import NOT_CHOSEN, CodeEvent, Greeted
from protocol.transport.join_events import (
    JoinCodeWrong,
    JoiningState,
    LeftReason,
    ParticipantFacts,
    ParticipantGone,
    ParticipantSeen,
)
from protocol.transport.link import Link
from protocol.transport.owner_participant import OwnerParticipant, ParticipantHost
from protocol.transport.resuming import JoiningSecret
from protocol.values import PeerId, Role

log = logging.getLogger(__name__)

LIMIT = 400
"""Participants at once. Who has the code may invent devices, but not without end."""


class JoiningHost(ParticipantHost, Protocol):
    """What joining needs of the owner, beyond what its guests do. All in the loop."""

    def has_room(self, number: int) -> bool:
        """Whether that room belongs to the briefing."""

    def begun(self, number: int) -> bool:
        """Whether the briefing has begun in that room."""

    def joining_changed(self) -> None:
        """Another code, or opened, or closed, or somebody may do something else: kept at once, for after a
        crash."""

    def participants_counted(self) -> None:
        """How many there are has changed."""

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Run this in the loop."""


class OwnerParticipants:
    """The presenter's wishes come as calls in the loop thread (``runner.call``); answers are events."""

    def __init__(self, host: JoiningHost) -> None:
        self.codes = JoinCodes(secrets.randbelow)
        self._host = host
        self._approval = False
        self._participants: dict[bytes, OwnerParticipant] = {}
        self._leaving: set[OwnerParticipant] = set()
        self._barred: set[bytes] = set()
        self._shut = False

    # --- the presenter's wishes -------------------------------------------------------------------------

    def open(self, approval: bool = False) -> None:
        """People may join by the code; ``approval``: each waits until the presenter lets them in."""
        self.codes.open()
        self.ask_approval(approval)

    def close(self) -> None:
        """Nobody new may join. Who is in stays."""
        self.codes.close()
        self._tell_state()
        self._host.joining_changed()

    def new_code(self) -> None:
        """新しい番号にする: who is in stays, the old code is good for nobody."""
        self.codes.renew()
        self._tell_state()
        self._host.joining_changed()

    def ask_approval(self, wanted: bool) -> None:
        """承認してから入れる. False lets in everybody who waits, but those who were sent away before."""
        self._approval = wanted
        self._tell_state()
        if not wanted:
            for participant in self.all():
                if not participant.approved and participant.device_id not in self._barred:
                    participant.approve()
        self._host.joining_changed()

    def approve(self, peer: PeerId) -> None:
        """Let this one in."""
        participant = self._known(peer)
        if participant is not None and not participant.approved:
            self._barred.discard(participant.device_id)
            participant.approve()
            self._host.joining_changed()

    def decline(self, peer: PeerId) -> None:
        """Do not let this one in. With the code it may ask again."""
        self._send_away(peer, LeftReason.DECLINED)

    def remove(self, peer: PeerId) -> None:
        """Out: its screen is wiped. With the code it may ask to be let in again."""
        self._send_away(peer, LeftReason.REMOVED)

    def decline_floor(self, peer: PeerId) -> None:
        """It asked to present: not now."""
        participant = self._known(peer)
        if participant is not None:
            participant.say(FloorDeclined())

    def allow(self, peer: PeerId, saving: bool, takeover: bool, minutes: bool, finds: bool = False) -> None:
        """What it may do beyond its role, recorded in the log with its name."""
        participant = self._known(peer)
        if participant is not None:
            self._host.session.edit(Allow(peer, participant.name or "", saving, takeover, minutes, finds))
            self._host.session.named(participant)
            self.tell(participant)

    def let_write(self, peer: PeerId, wanted: bool) -> None:
        """Whether it may draw, for everybody to see; for whoever presents it counts afterwards."""
        participant = self._known(peer)
        if participant is not None:
            participant.writes = wanted
            if self._host.session.role_of(participant) is not Role.PRESENTER:
                self._host.session.grant(peer, participant.role)
            self.tell(participant)
            self._host.joining_changed()

    def no_longer_presents(self, peer: PeerId) -> None:
        """The floor is back: it may do what it might do before."""
        participant = self._known(peer)
        if participant is not None:
            self._host.session.grant(peer, participant.role)
            self.tell(participant)

    # --- for the owner ----------------------------------------------------------------------------------

    def recover(self, kept: JoiningSecret) -> None:
        """As it stood before this program crashed: who was in may resume, the code is good again."""
        self._approval = kept.approval
        self._barred = set(kept.barred)
        self.codes.recover(kept.code)
        for one in kept.participants:
            participant = OwnerParticipant(one.device_id, one.room, one.approved, self._host, self)
            participant.writes = one.writes
            self._participants[one.device_id] = participant
            self._host.session.admit(participant, one.peer)
            participant.recover(one)
        if kept.open:
            self.open(kept.approval)
        else:
            self._host.joining_changed()

    @property
    def kept(self) -> JoiningSecret:
        """What `recover` needs, should this program crash."""
        kept = (participant.kept for participant in self.all())
        return JoiningSecret(
            self.codes.kept,
            self.code is not None,
            self._approval,
            tuple(sorted(self._barred)),
            tuple(each for each in kept if each is not None),
        )

    def name_of(self, peer: PeerId) -> str | None:
        """What that participant calls itself; None when there is none such."""
        participant = self._known(peer)
        return None if participant is None else participant.name

    def tell_walls(self) -> None:
        """The briefing's walls are others than before."""
        for participant in self.all():
            participant.tell_walls()

    @property
    def code(self) -> str | None:
        """The join code; None while nobody may join."""
        return self.codes.code or None

    @property
    def count(self) -> int:
        """How many take part, or will as soon as it begins."""
        return sum(participant.approved for participant in self.all())

    def all(self) -> tuple[OwnerParticipant, ...]:
        """Everybody who proved the code and is not out."""
        return tuple(self._participants.values())

    def on_code(self, event: CodeEvent) -> None:
        """What a guess did."""
        if event is CodeEvent.WRONG:
            self._host.emit(JoinCodeWrong())

    def secret_for(self, peer: PeerFacts) -> bytes | None:
        """The secret that this device joined with."""
        participant = self._participants.get(peer.device_id)
        return None if participant is None else participant.secret

    def role_changed(self, peer: PeerId) -> None:
        """The presenter gave it another role."""
        participant = self._known(peer)
        if participant is not None:
            self.tell(participant)

    def room_started(self) -> None:
        """The briefing has begun in one more room: some may have waited for that."""
        for participant in self.all():
            participant.look_again()
        self._host.participants_counted()

    def shut(self, seconds: float) -> None:
        """Cut every link, and take none for so long."""
        self._shut = True
        asyncio.get_running_loop().call_later(seconds, self._reopen)
        self.cut()

    def _reopen(self) -> None:
        self._shut = False

    def cut(self) -> None:
        """Cut every link; they come back by themselves."""
        for participant in self.all():
            participant.cut()

    def check(self) -> None:
        """The network may have changed."""
        for participant in self.all():
            participant.check()

    async def end(self) -> tuple[int, int]:
        """終了: everybody wipes. How many said so, and how many did not in time. The code is forgotten."""
        everybody = self.all()
        for participant in everybody:
            participant.end(LeftReason.ENDED)
        self._participants.clear()
        self._barred.clear()
        self.codes.forget()
        self._approval = False
        self._tell_state()
        self._host.joining_changed()
        await asyncio.gather(*(self._see_off(participant) for participant in everybody))
        wiped = sum(participant.wiped for participant in everybody)
        return wiped, len(everybody) - wiped

    async def stop(self) -> None:
        """Every link ends; who is in may resume while this program lives."""
        await asyncio.gather(*(each.close() for each in (*self.all(), *self._leaving)))
        self._participants.clear()

    # --- links ------------------------------------------------------------------------------------------

    async def greeted(self, greeted: Greeted) -> None:
        """A participant dialled. Returns when that link is over."""
        peer = greeted.peer
        if self._shut:
            await greeted.close(NOT_CHOSEN)
            return
        if greeted.mode is Mode.PAIR:
            if not self._welcome(peer):
                await greeted.close(CloseCode.AUTH)
                return
            self._paired(await greeted.answer())
        else:
            participant = self._participants.get(peer.device_id)
            link = await greeted.prove_secret()
            if participant is None or participant.gone:
                await link.close(NOT_CHOSEN)
            elif greeted.mode is Mode.BULK:
                await participant.serve_papers(link)
            else:
                participant.arrived(link)
        await greeted.ended()

    def _welcome(self, peer: PeerFacts) -> bool:
        room = self._host.has_room(peer.room_number)
        return room and (peer.device_id in self._participants or len(self._participants) < LIMIT)

    def _paired(self, link: Link) -> None:
        device = link.peer.device_id
        participant = self._participants.get(device)
        if participant is None:
            approved = not self._approval and device not in self._barred
            participant = OwnerParticipant(device, link.peer.room_number, approved, self._host, self)
            self._participants[device] = participant
            participant.peer = self._host.session.admit(participant)
        participant.arrived(link)

    # --- what participants tell -------------------------------------------------------------------------

    def begun(self, room: int) -> bool:
        """Whether the briefing has begun there."""
        return self._host.begun(room)

    def tell(self, participant: OwnerParticipant) -> None:
        """How this participant is now."""
        allowance = self._host.session.allowance_of(participant)
        self._host.emit(
            ParticipantSeen(
                ParticipantFacts(
                    peer=participant.peer,
                    name=participant.name or "",
                    room=participant.room,
                    device=participant.letters,
                    approved=participant.approved,
                    link=participant.link,
                    role=self._host.session.role_of(participant),
                    writes=participant.writes,
                    saving=allowance is not None and allowance.saving,
                    takeover=allowance is not None and allowance.takeover,
                    minutes=allowance is not None and allowance.minutes,
                    finds=allowance is not None and allowance.finds,
                )
            )
        )
        self._host.participants_counted()

    def out(self, participant: OwnerParticipant, reason: LeftReason) -> None:
        """It is no part of the briefing any more, by itself."""
        self._forget(participant, reason)
        self._host.spawn(self._see_off(participant))

    def _send_away(self, peer: PeerId, reason: LeftReason) -> None:
        participant = self._known(peer)
        if participant is not None:
            self._barred.add(participant.device_id)
            participant.end(reason)
            self._forget(participant, reason)
            self._host.joining_changed()
            self._host.spawn(self._see_off(participant))

    def _forget(self, participant: OwnerParticipant, reason: LeftReason) -> None:
        self._participants.pop(participant.device_id, None)
        self._host.session.left(participant, for_good=True)
        if participant.name is not None:
            self._host.emit(ParticipantGone(participant.peer, participant.name, reason))
        self._host.participants_counted()

    async def _see_off(self, participant: OwnerParticipant) -> None:
        """Its link stays until it has said that it wiped."""
        self._leaving.add(participant)
        try:
            await participant.over()
        finally:
            self._leaving.discard(participant)

    def _known(self, peer: PeerId) -> OwnerParticipant | None:
        return next((each for each in self.all() if each.peer == peer), None)

    def _tell_state(self) -> None:
        self._host.emit(JoiningState(self.code, self._approval))
