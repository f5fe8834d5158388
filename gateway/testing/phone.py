"""A subscriber's phone, expected of as by pexpect: what comes is taken in its order, once.

Rule: it is one of many behind the network's binds, and does nothing that a handset cannot. Doing
never waits (but for the end of a call, which is settled then), expecting does; what went wrong
with the doing is told by the next expectation.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from twisted.internet.defer import TimeoutError

from gateway.replay.api import Api
from gateway.replay.caller import Caller
from gateway.replay.handset import Action, Charged, Lost, NotPlayed, Received, Verb
from gateway.replay.network import Network
from gateway.testing.call import Call
from gateway.testing.handset import Handset
from gateway.testing.matchers import Matcher, matcher
from gateway.testing.reactor import run
from gateway.testing.story import Came, Ended, Screen, Story, Trouble, Unexpected

WITHIN_SECONDS = 5.0
"""How long an expectation waits where it says nothing."""
QUIET_SECONDS = 0.3
ENDED_SECONDS = 30.0
"""How long the end of a call is waited for: its last words are heard before."""
_STRANGER = """
  the number is no subscriber's: demo data has 79220000001 and on; Gateway.start(subscribers=100)
  adds 79230000000 to 79230000099"""


class Phone:
    """One subscriber. Methods that do or expect something return the phone itself."""

    def __init__(
        self,
        msisdn: str,
        bind: str,
        network: Network,
        api: Api,
        story: Story,
        now: Callable[[], float],
        caller: Callable[[], Caller],
    ) -> None:
        """`bind` names the account of `network`; `now` gives monotonic seconds; `caller` what makes
        calls, which may raise Lost."""
        self.msisdn = msisdn
        self.bind = bind
        self.story = story
        self._api = api
        self._now = now
        self._caller = caller
        self._call: Call | None = None
        self._screens: SimpleQueue[Came | Exception] = SimpleQueue()
        self._unread: SimpleQueue[Received] = SimpleQueue()
        self._inbox: list[Received] = []
        self._handset = run(lambda: network.attach(Handset(msisdn, network, self)))

    # --- what a subscriber does -----------------------------------------------------------------

    def dial(self, code: str) -> Phone:
        """Open a dialogue with the whole string dialled: `*105#`."""
        return self._do("dial", code)

    def send(self, text: str) -> Phone:
        """Answer the page on show."""
        return self._do("answer", text)

    def sms(self, to: str, text: str) -> Phone:
        """Write to a short number; a long text goes in parts."""
        return self._do("sms", text, to)

    def call(self, number: str) -> Phone:
        """Call over SIP: `0505`. Raises Lost where the gateway serves no voice."""
        caller = self._caller()

        def begin() -> None:
            if self._call is not None and self._call.up:
                raise NotPlayed("a call is under way")
            self._call = Call(self.msisdn, number, caller, self.came)

        return self._act(Action("call", _text(number)), begin)

    def press(self, keys: str) -> Phone:
        """Press keys in a call, as telephone-events over RTP: `1`, `79220000001#`."""
        return self._act(Action("press", _text(keys)), lambda: self._in_call().press(keys))

    def hang_up(self) -> Phone:
        """End the call, or else the dialogue. Raises Unexpected where the gateway does not take
        the end of a call."""
        call = self._call
        if call is None or not call.up:
            return self._do("hang_up")
        self._act(Action("hang_up"), call.hang_up)
        return self._ended(call, WITHIN_SECONDS)

    def drop(self) -> Phone:
        """The network loses the call, or else the dialogue: `end` waits until it is noticed."""
        call = self._call
        if call is None or not call.up:
            return self._do("drop")
        return self._act(Action("drop"), call.drop)

    def move(self, plmn: str, region: str = "") -> Phone:
        """Register in a network (MCC and MNC) and region of it."""
        run(self._api.locate, self.msisdn, plmn, region)
        return self

    def _do(self, verb: Verb, text: str = "", to: str = "") -> Phone:
        if verb == "dial" and self._call is not None and not self._call.up:
            self._call = None
        action = Action(verb, _text(text), _text(to))
        return self._act(action, lambda: self._handset.perform(action))

    def _act(self, action: Action, begin: Callable[[], None]) -> Phone:
        def tried() -> None:
            self.story.add(self._now(), str(action))
            try:
                begin()
            except (NotPlayed, Lost) as fault:
                self.came(Trouble(str(fault)))

        run(tried)
        return self

    def _in_call(self) -> Call:
        if self._call is None:
            raise NotPlayed("no call is under way")
        return self._call

    # --- what is expected -----------------------------------------------------------------------

    def expect(
        self, *wanted: str | Matcher, prompt: str = "", within: float = WITHIN_SECONDS
    ) -> Phone:
        """The next page, or what a call says next, comes within so many seconds and is as all of
        `wanted` say; a string is contained in it. What a call says must be heard too, and `prompt`
        be the id of one of its recordings. Raises Unexpected."""
        heard: list[str] = []
        matchers = tuple(map(matcher, wanted))
        if prompt:
            matchers += (Matcher(f"with the prompt {prompt}", lambda _text: prompt in heard),)
        screen = self._next(self._screens, matchers, within)
        if not isinstance(screen, Screen):
            raise Unexpected(self._told(matchers, str(screen), within))
        heard += screen.prompts
        return self._judge(matchers, screen.text, within)

    def expect_prompt(self, prompt: str, *, within: float = WITHIN_SECONDS) -> Phone:
        """What a call says next has the recording of this id. Raises Unexpected."""
        return self.expect(prompt=prompt, within=within)

    def expect_refused(self, status: str, *, within: float = WITHIN_SECONDS) -> Phone:
        """What was done last is refused with a status of SMPP (`ESME_RTHROTTLED`) or SIP (`480`).
        Raises Unexpected."""
        wanted = (Matcher(f"refusing it with {status!r}", lambda text: status in text),)
        came = self._next(self._screens, wanted, within)
        if not isinstance(came, Trouble):
            raise Unexpected(self._told(wanted, _words(came), within))
        return self._judge(wanted, _words(came), within)

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
        """No page comes, and no call says anything, for so many seconds. Raises Unexpected."""
        try:
            came = self._taken(self._screens, within, ends=False)
        except Empty:
            return self
        raise Unexpected(self._told(None, _words(came), within))

    def end(self, *, within: float = ENDED_SECONDS) -> Phone:
        """The call is over within so many seconds, and what it cost is settled; or the page taken
        last ended the dialogue. Raises Unexpected."""
        if self._call is not None:
            return self._ended(self._call, within)
        screens = self.story.screens
        if not screens or screens[-1].more:
            raise Unexpected(f"the dialogue is not over\n{self._told((), None, 0)}")
        return self

    def _ended(self, call: Call, within: float) -> Phone:
        if not call.wait(within):
            raise Unexpected(f"the call is not over\n{self._told((), None, within)}")
        return self

    def _next(self, queue: SimpleQueue[Any], wanted: tuple[Matcher, ...], within: float) -> Any:
        try:
            return self._taken(queue, within, ends=True)
        except Empty:
            raise Unexpected(self._told(wanted, None, within)) from None

    def _taken(self, queue: SimpleQueue[Any], within: float, ends: bool) -> Any:
        """What comes next; of the ends of calls only that of the one under way, where `ends`."""
        until = monotonic() + within
        while True:
            came = queue.get(timeout=max(0.0, until - monotonic()))
            if isinstance(came, Exception):
                raise came
            if not isinstance(came, Ended) or (ends and came.call is self._call):
                return came

    def _judge(self, wanted: tuple[Matcher, ...], text: str, within: float) -> Phone:
        if all(each.fits(text) for each in wanted):
            return self
        raise Unexpected(self._told(wanted, text, within))

    def _told(self, wanted: tuple[Matcher, ...] | None, got: str | None, within: float) -> str:
        told = self.story.unexpected(self.msisdn, wanted, got, within)
        try:
            run(self._api.balance, self.msisdn)
        except NotPlayed:
            return told + _STRANGER
        except (Lost, TimeoutError):
            pass  # what is told is not about that
        return told

    # --- what there is --------------------------------------------------------------------------

    @property
    def screen(self) -> str:
        """The last page that came, or words that were heard; empty where none were."""
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

    # --- called by the handset and the call, in the reactor's thread ----------------------------

    def came(self, what: Came | Exception) -> None:
        """A page, words, or what is wrong."""
        self.story.add(self._now(), str(what))
        if isinstance(what, Screen):
            self.story.screens.append(what)
        self._screens.put(what)

    def texted(self, received: Received) -> None:
        """An SMS."""
        self.story.add(self._now(), f"sms from {received.sender}: {received.text}")
        self._inbox.append(received)
        self._unread.put(received)


def _words(came: Came) -> str:
    return came.text if isinstance(came, Screen) else str(came)


def _text(given: str) -> str:
    if not isinstance(given, str):
        raise TypeError(f"what a phone does is text, as '*105#', not {given!r}")
    return given
