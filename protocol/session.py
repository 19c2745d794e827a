"""One session from both ends: the `Authority` orders what happens, a `Replica` follows and hurries ahead.

The authority is in the presenter's process and commits the owner's own edits at once. A replica shows what is
confirmed with its own pending edits on top. Neither sends: what is to go waits in outboxes. Time is the
caller's monotonic clock, in seconds.
"""

from __future__ import annotations

from protocol.authority import Authority
from protocol.changes import Change
from protocol.replica import Replica

__all__ = ["Authority", "Change", "Replica"]
