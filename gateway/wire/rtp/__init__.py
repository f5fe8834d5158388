"""RTP audio of a call, sans-IO: packets, reports, G.711, and key presses whichever way they come.
RFC 3550 and 3551 (RTP, RTCP), RFC 4733 (telephone events), ITU-T G.711, Q.23 and Q.24 (tones).

A datagram that is not what it should be is read as None and counted by whoever read it: there is
nobody to answer, so nothing here raises for what a peer sent.
"""
