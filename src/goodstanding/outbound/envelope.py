"""A message as it goes over the wire: its headers, its text, its files."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from goodstanding.kernel.errors import N_, Refused

_POLICY = SMTP.clone(cte_type="7bit")  # what every server on the way can carry


@dataclass(frozen=True, slots=True)
class File:
    """An attachment with its bytes."""

    name: str
    media: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message for one recipient. `sender` may have a name: `Credit desk <credit@example.com>`."""

    sender: str
    to: str
    message_id: str  # without angle brackets
    subject: str
    body: str
    at: datetime
    name: str = ""  # of the recipient
    language: str = ""
    files: tuple[File, ...] = ()


def domain_of(sender: str) -> str:
    """The domain that messages of a sender are named in. Refused "mail_from" when the sender is no address."""
    address = parseaddr(sender)[1]
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or not address.isascii() or re.search(r"[\s\x00-\x1f,;<>]", address):
        raise Refused("mail_from", N_("GOODSTANDING_MAIL_FROM is not an e-mail address: {value}."), value=repr(sender))
    return domain


def written(envelope: Envelope) -> bytes:
    """The message as it goes over the wire. Refused "mail_text" for what would break out of its header."""
    name, address = parseaddr(envelope.sender)
    message = EmailMessage(policy=_POLICY)
    try:
        message["From"] = Address(name, addr_spec=address)
        message["To"] = Address(envelope.name, addr_spec=envelope.to)
        message["Subject"] = envelope.subject
        message["Date"] = format_datetime(envelope.at)
        message["Message-ID"] = f"<{envelope.message_id}>"
        if envelope.language:
            message["Content-Language"] = envelope.language
        message.set_content(envelope.body)
        for file in envelope.files:
            main, _, sub = file.media.partition("/")
            message.add_attachment(file.content, maintype=main, subtype=sub or "octet-stream", filename=file.name)
        return message.as_bytes()
    except (ValueError, MessageError, UnicodeError) as wrong:
        raise Refused("mail_text", N_("This can't be sent as mail: {why}"), why=str(wrong)) from wrong
