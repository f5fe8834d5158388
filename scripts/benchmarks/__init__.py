"""What the gateway reaches, measured: server and load in processes of their own, a core each.

Every measure gives medians with their spread, and a ratio to something that does less (a bare
loop, raw inserts, somebody else's codec), because a ratio survives another machine.
"""
