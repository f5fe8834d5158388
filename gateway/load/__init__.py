"""Load from flow files: an open model, what it measures, and how it is told.

Rule: plays begin when the schedule says, however slow the gateway is, and time runs from that
moment: a gateway that stalls is not given fewer plays, nor are those that waited left out
(coordinated omission). Everything here is given its clock.
"""
