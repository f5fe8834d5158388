"""The house in which flows are rehearsed: the configured menus and prices over demo data in a
temporary SQLite file, of which no flow ever commits anything.
"""

from __future__ import annotations

import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from gateway.accounts.answers import Accounts
from gateway.accounts.demo import load_demo
from gateway.channels.ids import Ids
from gateway.charging.rating import Rater
from gateway.charging.roaming import place_of
from gateway.render.speech.phrases import VoiceLanguage, phrase_key
from gateway.replay.coverage import Visited, Witnessed
from gateway.replay.inside import InsideHandset, Task
from gateway.service.config import Config
from gateway.service.content import need_content
from gateway.service.prompts import MARKER, read_manifest, recording_file
from gateway.service.rules import need_policy, need_terms
from gateway.service.secrets import Argon2Hasher, SystemRandomness
from gateway.store.connection import UnitConnection
from gateway.store.engine import Database, open_database
from gateway.turn.unit import Unit
from gateway.turn.world import MenuVersions, World
from gateway.wire.rtp.g711 import SAMPLES_PER_SECOND

NOW = 1_780_300_800.0
"""1 June 2026, 13:00 at the operator's: every rehearsal begins then, so it never depends on the
day it is held."""
_PEPPER = b"a rehearsal keeps no secrets"
_HASH_KIBIBYTES = 8
"""The least argon2 takes: passwords of a rehearsal protect nothing."""

LANGUAGES: tuple[VoiceLanguage, ...] = ("ru", "en")
T = TypeVar("T")


class Rehearsal:
    """Gives handsets. A context manager: the file goes when it is left."""

    def __init__(
        self, config: Config, subscribers: int = 0, visited: Visited | None = None
    ) -> None:
        """`visited` is told what the flows go through. Raises Fault for menus, codes or prices
        that cannot be served."""
        content = need_content(config.menus, config.short_codes)
        menus = content.menus if visited is None else Witnessed(content.menus, visited)
        terms, policy = need_terms(config.tariffs), need_policy(config.policy)
        hasher = Argon2Hasher(_PEPPER, minted_max=0, memory_kibibytes=_HASH_KIBIBYTES)
        accounts = Accounts(hasher, SystemRandomness(), terms, config.utc_offset, policy=policy)
        self.world = World(
            MenuVersions(menus),
            content.codes,
            Rater(content.codes.charge_table, terms.zones),
            accounts,
        )
        self._visited = visited
        self._hasher = hasher
        self.prompts = recordings(config.prompts)
        self._directory = config.prompts
        self._seconds: dict[tuple[str, str], float] = {}
        self._terms = terms
        self._ids = Ids(1)
        self._folder = tempfile.TemporaryDirectory(prefix="gateway-rehearsal-")
        database = open_database(f"sqlite:///{Path(self._folder.name) / 'rehearsal.db'}")
        self._store = RolledBack(database)
        self._store.fill(lambda unit: load_demo(unit.book, hasher, NOW, subscribers, terms))

    def handset(self, msisdn: str) -> InsideHandset:
        """A handset on data as new; the one before it is over."""
        return InsideHandset(
            msisdn,
            self.world,
            self._store,
            self._locate,
            NOW,
            self._ids,
            (self._hasher.verify, self._recorded),
            self._visited,
        )

    def _recorded(self, language: str, words: str) -> tuple[str, float]:
        """The recording of a phrase and its length; `missing` where there is none."""
        key = language, phrase_key(words)
        id_ = self.prompts.get(key)
        if id_ is None:
            return MARKER.id, len(MARKER.octets) / SAMPLES_PER_SECOND
        if key not in self._seconds:
            file = recording_file(self._directory, language, id_)
            self._seconds[key] = file.stat().st_size / SAMPLES_PER_SECOND if file.exists() else 0.0
        return id_, self._seconds[key]

    def _locate(self, unit: Unit, msisdn: str, plmn: str, region: str) -> None:
        region, zone = place_of(plmn, region, self._terms)
        unit.book.update_subscriber(msisdn, {"plmn": plmn, "region": region, "zone": zone})

    def close(self) -> None:
        """Remove the file."""
        self._store.close()
        self._folder.cleanup()

    def __enter__(self) -> Rehearsal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def recordings(directory: Path) -> dict[tuple[str, str], str]:
    """(Language, key of the words) -> id of the recording; none where nothing is recorded."""
    manifest, _ = read_manifest(directory)
    if manifest is None:
        return {}
    return {
        (language, phrase_key(recording.text)): id_
        for language in LANGUAGES
        for id_, recording in manifest.recordings(language).items()
    }


class RolledBack:
    """One transaction that is undone and begun again for each flow. A `replay.inside.Store`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection = UnitConnection(database)
        self._unit = self._connection.begin()

    def fill(self, work: Task) -> None:
        """Make the data that every flow begins with."""
        work(self._unit)
        self._connection.commit()
        self._unit = self._connection.begin()

    def restart(self) -> None:
        self._connection.rollback()
        self._unit = self._connection.begin()

    def run(self, work: Task) -> Any:
        unit = self._unit
        return unit.attempt(lambda: work(unit))

    def close(self) -> None:
        """Undo, and close the database."""
        self._connection.rollback()
        self._connection.drop()
        self._database.close()


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits, as those over handsets in process are."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    raise AssertionError("a handset in process waits for nothing")
