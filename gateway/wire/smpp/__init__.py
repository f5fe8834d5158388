"""SMPP 3.4 and 5.0: framing, PDUs, TLVs, sessions. Section numbers are those of the SMPP
specifications, Issue 1.2 (v3.4) and V5.0."""
