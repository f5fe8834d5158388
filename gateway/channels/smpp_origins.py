"""Which bind a dialogue or a message came by: what answers it leaves by the same one.

One account may be bound by several programs at once; each expects its own answers.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.channels.smpp_peer import SmppPeer

ORIGINS_MAX = 20_000
"""Remembered for one account; the answer to an older one leaves by any bind."""


class Origins:
    """Key of a dialogue, or trace of a message -> its bind."""

    def __init__(self) -> None:
        self._peers: OrderedDict[str, SmppPeer] = OrderedDict()

    def remember(self, key: str, peer: SmppPeer) -> None:
        """The latest bind counts."""
        peers = self._peers
        peers[key] = peer
        if len(peers) > ORIGINS_MAX:
            peers.popitem(last=False)

    def find(self, key: str) -> SmppPeer | None:
        """The bind, while it takes what we send."""
        peer = self._peers.get(key)
        return peer if peer is not None and peer.receives else None

    def forget(self, key: str) -> None:
        """It did not answer: any bind will do."""
        self._peers.pop(key, None)
