"""What an authenticated gateway may ask of the wearable, beside reading the journal."""

from paceline_protocol import messages
from paceline_protocol.alias import SALT_SIZE, make_alias
from paceline_protocol.errors import LinkError

from ..calendar import UNIX_2020_S
from ..clock import GATEWAY, PHONE
from ..errors import Refused
from ..recorder import BY_COMMAND

_UTC_2100_MS = 4_102_444_800_000
_SETTINGS, _PLAN, _ASSISTANCE = 1, 2, 3  # kinds of blobs


class Requests:
    """The wearable as its connections see it; `battery` has millivolt and percent."""

    def __init__(self, device_id: bytes, device_key: bytes, version, journal, clock, recorder, blobs, battery) -> None:
        self.device_id = device_id
        self.device_key = device_key
        self.journal = journal
        self.renew_alias(bytes(SALT_SIZE))
        self._version = bytes(version)
        self._clock = clock
        self._recorder = recorder
        self._blobs = blobs
        self._battery = battery

    def request(self, kind: int, fields) -> "bytes | None":
        """Do what a message asks and return the answer; LinkError says what was wrong with it."""
        if kind == messages.GET_STATUS:
            return self.status()
        if kind == messages.ACK:
            self.check_epoch(fields.epoch)
            if fields.confirmed > self.journal.end:
                raise LinkError("not_held", self.journal.end, "confirmed lies behind the journal's end")
            self.journal.confirm(fields.confirmed)
            return None
        if kind == messages.SET_TIME:
            return self._set_time(fields.utc_ms)
        if kind == messages.PUT:
            held = self._blobs.put(fields.kind, fields.version, fields.total, fields.offset, fields.data)
            return messages.encode(messages.PUT_OK, kind=fields.kind, version=fields.version, offset=held)
        if kind == messages.COMMAND:
            return self._command(fields)
        raise LinkError("malformed", 0, f"message kind {kind} is not for the wearable")

    def status(self) -> bytes:
        """Return the STATUS message."""
        utc_2020_s = self._clock.utc_2020_s()
        return messages.encode(
            messages.STATUS,
            epoch=self.journal.epoch,
            start=self.journal.start,
            end=self.journal.end,
            confirmed=self.journal.confirmed,
            t_s=self._clock.t_s(),
            utc_s=utc_2020_s + UNIX_2020_S if utc_2020_s else 0,
            battery_percent=self._battery.percent,
            battery_millivolt=self._battery.millivolt,
            recording=self._recorder.state,
            session=self._recorder.session,
            firmware=self._version,
            fix=self._recorder.fix,
            user=self._recorder.user,
            settings_version=self._blobs.version(_SETTINGS),
            plan_version=self._blobs.version(_PLAN),
            assistance_version=self._blobs.version(_ASSISTANCE),
        )

    def renew_alias(self, salt: bytes) -> bytes:
        """Take and return another alias; it tells nobody without the key that it is the same wearable."""
        self.alias = make_alias(self.device_key, salt)
        return self.alias

    @property
    def timeless(self) -> bool:
        """Whether the time of any phone would be better than what the clock has."""
        return self._clock.source in (0, PHONE)

    def phone_time(self, utc_2020_s: int) -> None:
        """Take the time from a phone that has proved nothing."""
        self._clock.told(utc_2020_s, PHONE)

    def check_epoch(self, epoch: int) -> None:
        """Raise LinkError("wrong_epoch") for another journal than ours."""
        if epoch != self.journal.epoch:
            raise LinkError("wrong_epoch", 0, f"the journal's epoch is {self.journal.epoch}")

    def _set_time(self, utc_ms: int) -> None:
        if not UNIX_2020_S * 1000 < utc_ms < _UTC_2100_MS:
            raise LinkError("refused", 1, "the time is not of this century")
        self._clock.told((utc_ms + 500) // 1000 - UNIX_2020_S, GATEWAY)

    def _command(self, fields) -> bytes:
        recorder = self._recorder
        action = fields.action
        try:
            if action == messages.START:
                session = recorder.start(fields.sport, fields.user)
            elif action == messages.STOP:
                session = recorder.stop()
            elif action == messages.MARK_LAP:
                session = recorder.lap(BY_COMMAND)
            elif action == messages.PAUSE:
                session = recorder.pause(BY_COMMAND)
            elif action == messages.RESUME:
                session = recorder.resume(BY_COMMAND)
            else:
                raise Refused(f"action {action} is not known")
        except Refused as refusal:
            raise LinkError("refused", 1, refusal.reason)  # noqa: B904 (MicroPython keeps no cause)
        return messages.encode(messages.COMMAND_OK, action=action, session=session)
