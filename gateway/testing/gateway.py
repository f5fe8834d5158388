"""A gateway under test: the whole service in this process, on free ports, with the demo data.

Rule: when `start` returns every port accepts, and when it is left nothing stays: no port, no file,
no bind. Its clock stands still until it is advanced. A bug of the gateway's fails whoever left it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock, get_ident
from typing import Any, Literal, cast

from twisted.internet.endpoints import HostnameEndpoint
from twisted.logger import ILogObserver, globalLogPublisher

from gateway.channels.core import Listener
from gateway.channels.desk import Failed
from gateway.domain.numbers import normalise_msisdn
from gateway.domain.port import Arrival
from gateway.menu.problems import suggest
from gateway.phone.http_api import HttpApi
from gateway.replay.api import Api
from gateway.replay.caller import Caller
from gateway.replay.cast import FIRST_MSISDN
from gateway.replay.network import Network
from gateway.service.clock import ADVANCE_SECONDS_MAX
from gateway.service.compose import Service
from gateway.service.config import DEMO_ACCOUNT
from gateway.service.logs import log_record
from gateway.service.secrets import chance, token
from gateway.testing.faults import Faults
from gateway.testing.pcap import Capture
from gateway.testing.phone import Phone
from gateway.testing.reactor import run, running_reactor
from gateway.testing.settings import File, configured
from gateway.testing.story import Story
from gateway.testing.watched import CallsReactor, WatchedReactor, watch
from gateway.testing.wires import Wires
from gateway.turn.outcome import Outcome
from gateway.wire.sip.login import Login

START_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 10.0
BUGS_TOLD = 20


class Clock:
    """The gateway's clock."""

    def __init__(self, api: Api, kind: str) -> None:
        self._api = api
        self._kind = kind

    def advance(self, seconds: float) -> None:
        """Move it; what is then due has been done when this returns. Raises ValueError for a step
        back or too far, and where the gateway runs by the system's clock."""
        if self._kind == "system":
            raise ValueError("the system's clock is not advanced: start with clock='manual'")
        if not 0 <= seconds <= ADVANCE_SECONDS_MAX:
            raise ValueError(f"a clock advances by 0 to {ADVANCE_SECONDS_MAX:.0f} seconds")
        run(self._api.advance, seconds)


class Gateway:
    """A gateway that runs. `ports` are by name: `smpp`, `http` and what else listens; `log` holds
    its log lines as dicts."""

    def __init__(self, file: File, settings: Mapping[str, Any]) -> None:
        """As `start`, which is how it is made."""
        self.ports: dict[str, int] = {}
        self.log: list[dict[str, Any]] = []
        self._reactor = running_reactor()
        self._wires = Wires(self._reactor)
        self.faults: Faults = self._wires.faults
        self._stories: dict[str, Story] = {}
        self._phones: dict[str, Phone] = {}
        self._networks: dict[str, Network] = {}
        self._callers: dict[Login | None, Caller] = {}
        self._opening = RLock()
        self._folder = TemporaryDirectory(prefix="gateway-testing-")
        self._testing = get_ident()
        self._observer = cast("ILogObserver", self._logged)
        globalLogPublisher.addObserver(self._observer)
        try:
            self.config = configured(Path(self._folder.name), file, settings)
            self._service: Service = run(self._serve, timeout=START_SECONDS_MAX)
        except BaseException:
            globalLogPublisher.removeObserver(self._observer)
            self._folder.cleanup()
            raise
        self.token = self._service.token
        address = f"{self.config.host}:{self.ports['http']}"
        self._api = run(lambda: Api(self._reactor, address, self.token))
        self.clock = Clock(self._api, self.config.clock)
        self._unused = map(str, range(FIRST_MSISDN, FIRST_MSISDN + self.config.subscribers))

    @classmethod
    def start(
        cls,
        *,
        menus: str | Path | None = None,
        database: str | None = None,
        subscribers: int = 0,
        clock: Literal["manual", "movable", "system"] = "manual",
        file: File = None,
        **settings: Any,
    ) -> Gateway:
        """Serve on free ports with the demo data, in a directory that goes with it.

        `menus` is a directory of menus, `subscribers` how many numbers more there are (79230000000
        and on, see `fresh_phone`), `file` a `--config` file or what would be in it as a dict;
        `database` is the URL of one that stays, and gets the demo data where it is empty. Anything
        else is by the name that `gateway config` shows: `limits_calls_max=10`. Raises TypeError for
        a name that there is not, Fault for what cannot be served."""
        own = {"menus": menus, "database": database, "subscribers": subscribers, "clock": clock}
        return cls(file, settings | own)

    def _serve(self) -> Service:
        watched, calls = (
            each(self._reactor, self._wires) for each in (WatchedReactor, CallsReactor)
        )
        service = Service(self.config, watched, self._said, calls)
        watch(service, self._wires)
        service.desk.observers.append(self._turned)
        service.start()
        return service

    # --- what a test uses -----------------------------------------------------------------------

    def phone(self, msisdn: str, *, bind: str = "", sip_user: str = "") -> Phone:
        """The phone of a number, the same one each time. When it is first asked for, `bind` says
        the SMPP account it is behind (none: that of the demo), `sip_user` the SIP account its calls
        log in with (none: it is trusted). Raises ValueError for what is no MSISDN or no account,
        Lost where it cannot bind."""
        number = normalise_msisdn(msisdn)
        if number is None:
            raise ValueError(f"{msisdn!r} is no MSISDN, as 79220000001")
        with self._opening:
            if number not in self._phones:
                behind = bind or DEMO_ACCOUNT.system_id
                network, login = self._network(behind), self._login(sip_user)
                story, now = self._story(number), self._reactor.seconds
                caller = partial(self._caller, login)
                phone = Phone(number, behind, network, self._api, story, now, caller)
                self._phones[number] = phone
            phone = self._phones[number]
            if bind not in ("", phone.bind):
                raise ValueError(f"the phone of {number} is behind {phone.bind!r} already")
            return phone

    def fresh_phone(self) -> Phone:
        """The phone of a number that none was asked for yet, of those that `subscribers` added:
        nothing was done with it, so no test meets what another one left. Raises ValueError where
        all were used."""
        with self._opening:
            unused = next((each for each in self._unused if each not in self._phones), None)
            if unused is None:
                raise ValueError(
                    "no number is left: start with more, Gateway.start(subscribers=100)"
                )
            return self.phone(unused)

    def api(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the HTTP API: the JSON of a success. Raises `phone.line.Refused` for a problem."""
        client = HttpApi(self.config.host, self.ports["http"], self.token)
        try:
            return client.ask(method, path, body)
        finally:
            client.close()

    def pcap(self, path: str | Path) -> Capture:
        """Capture SMPP, SIP, RTP and RTCP from now on into a file that Wireshark opens, until the
        capture is closed (it is a context manager) or the gateway is. Raises OSError."""
        capture = Capture(Path(path), time.time)
        self._wires.captures.append(capture)
        return capture

    def _network(self, system_id: str) -> Network:
        if system_id not in self._networks:
            passwords = {each.system_id: each.password for each in self.config.smpp_accounts}
            if system_id not in passwords:
                hint = suggest(system_id, passwords, "accounts")
                raise ValueError(f"there is no SMPP account {system_id!r}: {hint}")
            host, port = self.config.host, self.ports["smpp"]
            endpoint = HostnameEndpoint(self._reactor, host, port)
            login = (system_id, passwords[system_id].reveal())
            network = Network(endpoint, f"{host}:{port}", login, self._reactor)
            run(network.open)
            self._networks[system_id] = network
        return self._networks[system_id]

    def _login(self, user: str) -> Login | None:
        logins = {each.user: each.password for each in self.config.sip_accounts}
        if user and user not in logins:
            raise ValueError(f"there is no SIP account {user!r}: give it in sip_accounts")
        return Login(user, logins[user].reveal()) if user else None

    def _caller(self, login: Login | None) -> Caller:
        with self._opening:
            if login not in self._callers:
                address = self.config.host, self.ports["sip"]
                caller = Caller(self._reactor, address, token, chance(), login)
                run(caller.open)
                run(self._service.live.subscribe, _teller(caller))
                self._callers[login] = caller
        return self._callers[login]

    # --- what it hears --------------------------------------------------------------------------

    def _said(self, line: str) -> None:
        words = line.split()
        if words[0] == "listening":
            self.ports.setdefault(words[1], int(words[2].rpartition(":")[2]))

    def _turned(self, arrival: Arrival, outcome: Outcome | Failed, seconds: float) -> None:
        self._story(arrival.msisdn).turn(self._reactor.seconds(), outcome, arrival, seconds)

    def _story(self, msisdn: str) -> Story:
        return self._stories.setdefault(msisdn, Story())

    def _logged(self, event: Any) -> None:
        if get_ident() != self._testing:  # what a test does by itself is none of the gateway's
            self.log.append(log_record(event))

    # --- the end --------------------------------------------------------------------------------

    def close(self) -> None:
        """Stop it and remove its files. Raises AssertionError where a bug was logged: a line with
        a traceback."""
        self._stop()
        bugs = self._bugs()
        assert not bugs, bugs

    def _stop(self) -> None:
        self.faults.clear()
        try:
            for user in (*self._callers.values(), *self._networks.values(), self._api):
                run(user.close)
            run(self._service.stop, timeout=STOP_SECONDS_MAX)
        finally:
            run(self._service.close)
            for capture in self._wires.captures:
                capture.close()
            globalLogPublisher.removeObserver(self._observer)
            self._folder.cleanup()

    def _bugs(self) -> str:
        bugs = [line["traceback"] for line in self.log if "traceback" in line]
        return "\n".join(["the gateway logged:", *bugs[:BUGS_TOLD]]) if bugs else ""

    def __enter__(self) -> Gateway:
        return self

    def __exit__(self, _kind: object, raised: BaseException | None, _trace: object) -> None:
        if raised is None:
            self.close()
            return
        self._stop()
        if bugs := self._bugs():
            raised.add_note(bugs)  # what failed already stays what is told


def _teller(caller: Caller) -> Listener:
    """Tells of calls what `/v1/events` tells, without a connection of its own."""

    def tell(kind: str, fields: Mapping[str, object]) -> None:
        if kind == "turn" and fields["channel"] == "voice":
            caller.happened(fields)

    return tell
