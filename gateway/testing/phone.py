"""A subscriber's phone, expected of as by pexpect: what comes is taken in its order, once.

Rule: it is one of many behind the network's binds, and does nothing that a handset cannot. Doing
never waits, expecting does; what went wrong with the doing is told by the next expectation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Any

from twisted.internet.defer import Deferred

from gateway.replay.api import Api
from gateway.replay.handset import Action, Charged, Lost, NotPlayed, Received, Wants
from gateway.replay.live import LiveHandset
from gateway.replay.network import Network
from gateway.testing.matchers import Matcher, contains, equal, matcher
from gateway.testing.reactor import run
from gateway.testing.story import Screen, Story, Trouble, Unexpected

WITHIN_SECONDS = 5.0
"""How long an expectation waits where it says nothing."""
QUIET_SECONDS = 0.3
_NOTHING_AWAITED = Wants(text=False)


class _Handset(LiveHandset):
    """Tells its phone whatever comes. In the reactor's thread."""

    def __init__(self, msisdn: str, network: Network, phone: Phone) -> None:
        super().__init__(msisdn, network, None)
        self._phone = phone
        self._clock = network.clock

    def page(self, text: str, more: bool) -> None:
        """A USSD page."""
        self._phone.came(Screen(text, more), f"page: {text}")

    def sms(self, received: Received) -> None:
        """A whole SMS."""
        self._phone.texted(received)

    def lost(self, fault: Lost) -> None:
        """No bind is left."""
        super().lost(fault)
        self._phone.came(Trouble(str(fault)), str(fault))

    def perform(self, action: Action) -> None:
        """Begin an action; what is wrong with it comes as Trouble."""
        self._phone.story.add(self._clock.seconds(), str(action))
        acting = Deferred.fromCoroutine(self.act(action, _NOTHING_AWAITED))
        acting.addErrback(self._failed)

    def _failed(self, failure: Any) -> None:
        failure.trap(NotPlayed, Lost)
        self._phone.came(Trouble(str(failure.value)), str(failure.value))


class Phone:
    """One subscriber. Methods that do or expect something return the phone itself."""

    def __init__(
        self, msisdn: str, network: Network, api: Api, story: Story, now: Callable[[], float]
    ) -> None:
        """`now` gives monotonic seconds."""
        self.msisdn = msisdn
        self.story = story
        self._api = api
        self._now = now
        self._screens: SimpleQueue[Screen | Trouble] = SimpleQueue()
        self._unread: SimpleQueue[Received] = SimpleQueue()
        self._inbox: list[Received] = []
        self._handset = run(lambda: network.attach(_Handset(msisdn, network, self)))

    # --- what a subscriber does -----------------------------------------------------------------

    def dial(self, code: str) -> Phone:
        """Open a dialogue with the whole string dialled: `*105#`."""
        return self._do(Action("dial", code))

    def send(self, text: str) -> Phone:
        """Answer the page on show."""
        return self._do(Action("answer", text))

    def sms(self, to: str, text: str) -> Phone:
        """Write to a short number; a long text goes in parts."""
        return self._do(Action("sms", text, to))

    def hang_up(self) -> Phone:
        """End the dialogue."""
        return self._do(Action("hang_up"))

    def move(self, plmn: str, region: str = "") -> Phone:
        """Register in a network (MCC and MNC) and region of it."""
        run(self._api.locate, self.msisdn, plmn, region)
        return self

    def _do(self, action: Action) -> Phone:
        run(self._handset.perform, action)
        return self

    # --- what is expected -----------------------------------------------------------------------

    def expect(self, *wanted: str | Matcher, within: float = WITHIN_SECONDS) -> Phone:
        """The next page comes within so many seconds and is as all of `wanted` say; a string is
        contained in it. Raises Unexpected."""
        matchers = tuple(map(matcher, wanted))
        screen = self._next(self._screens, matchers, within)
        if isinstance(screen, Trouble):
            raise Unexpected(self._told(matchers, screen.reason, within))
        return self._judge(matchers, screen.text, within)

    def expect_refused(self, status: str, *, within: float = WITHIN_SECONDS) -> Phone:
        """What was done last is refused with a status of SMPP: `ESME_RTHROTTLED`. Raises
        Unexpected."""
        wanted = (contains(status),)
        came = self._next(self._screens, wanted, within)
        text = came.reason if isinstance(came, Trouble) else came.text
        return self._judge(wanted if isinstance(came, Trouble) else (equal(status),), text, within)

    def expect_sms(
        self, *wanted: str | Matcher, sender: str = "", within: float = WITHIN_SECONDS
    ) -> Phone:
        """The next SMS comes, from `sender` where it is given. Raises Unexpected."""
        matchers = tuple(map(matcher, wanted))
        sms = self._next(self._unread, matchers, within)
        if sender and sms.sender != sender:
            wrong = self._told(matchers, sms.text, within)
            raise Unexpected(f"the SMS is from {sms.sender}, not from {sender}\n{wrong}")
        return self._judge(matchers, sms.text, within)

    def expect_nothing(self, *, within: float = QUIET_SECONDS) -> Phone:
        """No page comes for so many seconds. Raises Unexpected."""
        try:
            came = self._screens.get(timeout=within)
        except Empty:
            return self
        text = came.reason if isinstance(came, Trouble) else came.text
        raise Unexpected(self._told((equal(""),), text, within))

    def end(self) -> Phone:
        """The page taken last ended the dialogue. Raises Unexpected."""
        screens = self.story.screens
        if not screens or screens[-1].more:
            raise Unexpected(f"the dialogue is not over\n{self._told((), None, 0)}")
        return self

    def _next(self, queue: SimpleQueue[Any], wanted: Iterable[Matcher], within: float) -> Any:
        try:
            return queue.get(timeout=within)
        except Empty:
            raise Unexpected(self._told(wanted, None, within)) from None

    def _judge(self, wanted: tuple[Matcher, ...], text: str, within: float) -> Phone:
        if all(each.fits(text) for each in wanted):
            return self
        raise Unexpected(self._told(wanted, text, within))

    def _told(self, wanted: Iterable[Matcher], got: str | None, within: float) -> str:
        return self.story.unexpected(self.msisdn, tuple(wanted), got, within)

    # --- what there is --------------------------------------------------------------------------

    @property
    def screen(self) -> str:
        """The last page that came; empty where none did."""
        return self.story.screens[-1].text if self.story.screens else ""

    @property
    def inbox(self) -> list[Received]:
        """Every SMS that came, oldest first."""
        return list(self._inbox)

    @property
    def balance(self) -> int:
        """Kopecks."""
        found: int = run(self._api.balance, self.msisdn)
        return found

    def charges(self) -> list[Charged]:
        """Every charge, oldest first; a refusal and a free use are rows of 0."""
        found: list[Charged] = run(self._api.charges, self.msisdn)
        return found

    # --- called by the handset, in the reactor's thread -----------------------------------------

    def came(self, what: Screen | Trouble, said: str) -> None:
        """A page, or what is wrong."""
        self.story.add(self._now(), said)
        if isinstance(what, Screen):
            self.story.screens.append(what)
        self._screens.put(what)

    def texted(self, received: Received) -> None:
        """An SMS."""
        self.story.add(self._now(), f"sms from {received.sender}: {received.text}")
        self._inbox.append(received)
        self._unread.put(received)
