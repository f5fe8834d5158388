"""3GPP TS 23.038 (alphabets), TS 23.040 (concatenation) and TS 22.030 (strings dialled)."""
