"""E-mail out: one SMTP session by the settings' URL, and an honest word on what became of each message.

Everything up to the server's answer to DATA is safe to repeat: it has taken nothing. From the first byte of the
text until the answer to its last, a broken connection means that nobody knows: `Unknown`, never a silent repeat.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from types import TracebackType
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from goodstanding.kernel.errors import N_, Refused

SECONDS = 30  # for each answer of the server
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
LOCAL = ("localhost", "127.0.0.1", "::1")
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over, as GOODSTANDING_MAIL_URL says it."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: accepted, later (nothing was taken), rejected for good, or unknown."""

    kind: Literal["accepted", "later", "rejected", "unknown"]
    reply: str = ""


class NotReached(Refused):
    """The mail server can't be reached or doesn't let us in. No message was touched."""


def server_of(url: str) -> Server:
    """The server that a URL names. Refused "mail_url", with what is wrong and without the password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise _wrong(str(wrong)) from None
    if parts.scheme not in PORTS:
        raise _wrong(f"it begins with {', '.join(f'{scheme}://' for scheme in PORTS)}")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise _wrong("it is scheme://user:password@host:port and nothing more")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and parts.scheme == "smtp" and parts.hostname not in LOCAL:
        raise _wrong("a password goes only over smtps:// or smtp+tls://")
    return Server(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password)


def _wrong(why: str) -> Refused:
    return Refused("mail_url", N_("GOODSTANDING_MAIL_URL can't be used: {why}."), why=why)


class Post:
    """A session with the mail server, opened when it is needed and again when it broke."""

    def __init__(self, server: Server, seconds: float = SECONDS) -> None:
        self.server = server
        self.seconds = seconds
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def reach(self) -> None:
        """Be connected and signed in, or NotReached."""
        if self._open is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self._open.noop()[0] == 250:
                    return
            self.close()
        try:
            self._open = self._connect()
        except (smtplib.SMTPException, OSError) as broken:
            raise NotReached(
                "mail_not_reached",
                N_("The mail server {host}:{port} can't be used: {why}"),
                host=self.server.host,
                port=self.server.port,
                why=_said(broken),
            ) from broken

    def _connect(self) -> smtplib.SMTP:
        server, secure = self.server, ssl.create_default_context()
        opened: smtplib.SMTP = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=self.seconds, context=secure)
            if server.scheme == "smtps"
            else smtplib.SMTP(server.host, server.port, timeout=self.seconds)
        )
        try:
            if server.scheme == "smtp+tls":
                opened.starttls(context=secure)
            opened.ehlo_or_helo_if_needed()
            if server.user:
                opened.login(server.user, server.password)
        except BaseException:
            opened.close()
            raise
        return opened

    def deliver(self, sender: str, to: str, content: bytes) -> Outcome:
        """Hand one message over. Never raises for what the server or the network does."""
        if self._open is None:
            return Outcome("later", "not connected")
        wire = self._open
        steps: tuple[tuple[Callable[[], tuple[int, bytes]], tuple[int, ...]], ...] = (
            (lambda: wire.mail(parseaddr(sender)[1]), (250,)),
            (lambda: wire.rcpt(to), (250, 251)),
            (lambda: wire.docmd("DATA"), (354,)),
        )
        try:
            for step, good in steps:
                code, reply = step()
                if code not in good:
                    self._clear()
                    return _outcome(code, reply)
        except (smtplib.SMTPException, OSError) as broken:
            self.close()
            return Outcome("later", _said(broken))
        try:
            wire.send(_LINE_ENDS.sub(b"\r\n", content).replace(b"\r\n.", b"\r\n..").rstrip(b"\r\n") + b"\r\n.\r\n")
            code, reply = wire.getreply()
        except (smtplib.SMTPException, OSError) as broken:
            self.close()
            return Outcome("unknown", _said(broken))
        return Outcome("accepted", _text(code, reply)) if code == 250 else _outcome(code, reply)

    def close(self) -> None:
        """Leave; what was accepted stays accepted."""
        if self._open is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._open.quit()
            self._open.close()
            self._open = None

    def _clear(self) -> None:
        if self._open is not None:
            try:
                self._open.rset()
            except (smtplib.SMTPException, OSError):
                self.close()


def _outcome(code: int, reply: bytes) -> Outcome:
    """What a refusal means: 4xx later, 5xx never; an answer that is none of them tells nothing."""
    kind: Literal["later", "rejected", "unknown"] = (
        "later" if 400 <= code < 500 else "rejected" if 500 <= code < 600 else "unknown"
    )
    return Outcome(kind, _text(code, reply))


def _text(code: int, reply: bytes) -> str:
    words = reply.decode("utf-8", "replace").replace("\n", " ")
    return f"{code} {''.join(c for c in words if c.isprintable())}"[:300].strip()


def _said(broken: Exception) -> str:
    """What an error says, without bytes' quotes and never with a password."""
    if isinstance(broken, smtplib.SMTPResponseException):
        reply = broken.smtp_error
        return _text(broken.smtp_code, reply if isinstance(reply, bytes) else str(reply).encode())
    return f"{type(broken).__name__}: {broken}"[:300]
