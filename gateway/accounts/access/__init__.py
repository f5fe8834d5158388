"""Ways into the cabinet: logins, captchas, tokens, the secret word, the chosen web password.

Each checks in two halves where a password has to be hashed: the attempt is counted durably in one
turn, the service verifies outside any, and a second turn tells the book how it ended.
"""
