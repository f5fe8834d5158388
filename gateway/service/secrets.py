"""Secrets: where they come from, where they are kept, and how they are digested.

Passwords are argon2id over HMAC-SHA256(pepper, binding ‖ secret): the pepper is a file outside
the database, so that a stolen database alone gives no six-digit password away. The only module
that draws random numbers.
"""

from __future__ import annotations

import hmac
import os
from collections import deque
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from random import SystemRandom
from secrets import token_hex, token_urlsafe
from threading import Condition, Thread

from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret, verify_secret

from gateway.service.errors import Fault

TOKEN_FILE = "api_token"
PEPPER_FILE = "pepper"
_TEXTS = b"texts of messages"
"""What a key made of the pepper is for; no two uses share one."""
KEPT_OCTETS_MAX = 4096
MINTED_DIGITS = 6
MINTED_MAX = 64
"""Passwords prepared beforehand; when more are asked for at once, the rest are made on the spot."""

# OWASP's least for argon2id: 23 ms on one core
_MEMORY_KIBIBYTES = 19_456
_PASSES = 2
_LANES = 1
_OWN = "msisdn"
"""The binding of a digest that belongs to one number; a minted one has a random binding."""


def _keep(path: Path, fresh: str) -> tuple[str, bool]:
    """The secret in a file, made of `fresh` where there is none; and whether it was made.

    Raises Fault for a file that others may read, or that holds nothing.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_secret(path), False
    except OSError as fault:
        raise Fault(f"{path}: {fault.strerror}") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(fresh + "\n")
        file.flush()
        os.fsync(handle)
    return fresh, True


def read_secret(path: Path) -> str:
    """The secret in a file of mode 0600. Raises Fault."""
    try:
        if path.stat().st_mode & 0o077:
            raise Fault(f"{path}: others may read it; chmod 600 it")
        text = path.read_bytes()[:KEPT_OCTETS_MAX].decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise Fault(f"{path}: {getattr(fault, 'strerror', None) or 'is not ASCII'}") from None
    if not text:
        raise Fault(f"{path}: is empty; remove it to have another made")
    return text


def keep_token(data: Path, given: str = "") -> tuple[str, bool]:
    """The API token given, or that of a data directory; and whether it was made just now (then
    print it). Raises Fault."""
    return (given, False) if given else _keep(data / TOKEN_FILE, token_urlsafe(32))


def keep_pepper(data: Path) -> bytes:
    """The pepper of a data directory; losing it makes every password in the database useless."""
    return _keep(data / PEPPER_FILE, token_hex(32))[0].encode()


def text_digest(pepper: bytes) -> Callable[[str], str]:
    """A keyed digest of 12 octets, as hexadecimal, for the text of a message: the same for the same
    text over restarts, and of no use to guess at passwords with (RFC 7693 §2.9)."""
    keyed = blake2b(digest_size=12, key=hmac.digest(pepper, _TEXTS, "sha256"))

    def digest(text: str) -> str:
        hashed = keyed.copy()  # half the time of keying anew
        hashed.update(text.encode("utf-16-le", "replace"))
        return hashed.hexdigest()

    return digest


def token() -> str:
    """A new token of letters and digits, 64 bits: a tag or branch of SIP (RFC 3261 §19.3)."""
    return token_hex(8)


def chance() -> Callable[[], float]:
    """Draws from [0, 1)."""
    return SystemRandom().random


class SystemRandomness:
    """Digits of one-operation codes, from the system's generator."""

    def __init__(self) -> None:
        self._random = SystemRandom()

    def digits(self, count: int) -> str:
        """So many random decimal digits."""
        return f"{self._random.randrange(10**count):0{count}d}"


class Argon2Hasher:
    """The account core's hasher. Thread-safe; `start` begins to prepare passwords."""

    def __init__(
        self, pepper: bytes, minted_max: int = MINTED_MAX, memory_kibibytes: int = _MEMORY_KIBIBYTES
    ) -> None:
        assert pepper, "an empty pepper protects nothing"
        self._pepper = pepper
        self._minted_max = minted_max
        self._memory_kibibytes = memory_kibibytes
        self._randomness = SystemRandomness()
        self._minted: deque[tuple[str, str]] = deque()
        self._wanted = Condition()
        self._thread: Thread | None = None
        self._stopping = False
        self.nobody = self._hash(token_hex(16), token_hex(16))
        """A digest that no password matches: verify it for a number that is unknown, so that
        timing tells nothing."""

    def mint(self, msisdn: str) -> tuple[str, str]:
        """A random password and its digest: prepared, or made now where none is left.

        The digest cannot be bound to `msisdn`, which was not known when it was prepared; it
        carries a random binding of its own.
        """
        with self._wanted:
            minted = self._minted.popleft() if self._minted else None
            self._wanted.notify()
        return minted or self._make()

    def digest(self, secret: str, msisdn: str) -> str:
        """The digest of a chosen password, good for this number alone. Takes tens of ms."""
        return self._hash(secret, _OWN, msisdn)

    def verify(self, digest: str, secret: str, msisdn: str) -> bool:
        """Whether the password is the digest's. Takes tens of ms; False for a broken digest."""
        binding, _, encoded = digest.partition("$")
        keyed = self._keyed(secret, msisdn if binding == _OWN else binding)
        try:
            return verify_secret(b"$" + encoded.encode(), keyed, Type.ID)
        except (VerificationError, InvalidHashError):
            return False

    def quick(self, text: str) -> str:
        """A peppered HMAC of a voucher or one-operation code, as hexadecimal."""
        return hmac.new(self._pepper, text.encode(), "sha256").hexdigest()

    def start(self) -> None:
        """Prepare passwords in a background thread from now on."""
        self._thread = Thread(target=self._prepare, daemon=True, name="passwords")
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        with self._wanted:
            self._stopping = True
            self._wanted.notify()
        if self._thread is not None:
            self._thread.join()

    def _prepare(self) -> None:
        while True:
            with self._wanted:
                while len(self._minted) >= self._minted_max and not self._stopping:
                    self._wanted.wait()
                if self._stopping:
                    return
            made = self._make()
            with self._wanted:
                self._minted.append(made)

    def _make(self) -> tuple[str, str]:
        secret = self._randomness.digits(MINTED_DIGITS)
        return secret, self._hash(secret, token_hex(16))

    def _hash(self, secret: str, binding: str, key: str = "") -> str:
        encoded = hash_secret(
            self._keyed(secret, key or binding),
            os.urandom(16),
            time_cost=_PASSES,
            memory_cost=self._memory_kibibytes,
            parallelism=_LANES,
            hash_len=32,
            type=Type.ID,
        )
        return binding + encoded.decode()

    def _keyed(self, secret: str, binding: str) -> bytes:
        return hmac.digest(self._pepper, f"{binding}\x00{secret}".encode(), "sha256")
