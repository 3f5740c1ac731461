"""SMTP_URL: the mail server through which troubles are told, and a letter through it.

- `smtps://USER:PASSWORD@host` speaks TLS from the first byte (port 465)
- `smtp://USER:PASSWORD@host` begins TLS where the server offers it (port 587); a password goes without TLS to
  this very machine only

The @ of the user's name is written %40. `?from=ADDRESS` is the sender, by default the user.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

PATIENCE = 15.0  # seconds for each answer of the server
PORTS = {"smtp": 587, "smtps": 465}
LOCAL = ("localhost", "127.0.0.1", "::1")
EXPECTED = "must be smtps://USER:PASSWORD@host or smtp://…, with %40 for the @ of the user"


class MailNotSent(Exception):
    """The letter did not go; the text holds no secret."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are given in."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str

    @classmethod
    def of(cls, url: str) -> SmtpServer:
        """The server of an address. ValueError says what is wrong, and repeats nothing of it."""
        try:
            parts = urlsplit(url.strip())
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError(EXPECTED) from None
        if parts.scheme not in PORTS or not host:
            raise ValueError(EXPECTED)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        sender = parse_qs(parts.query).get("from", [user])[0]
        if "@" not in sender:
            raise ValueError("needs ?from=ADDRESS where the user is no e-mail address")
        return cls(parts.scheme, host, port or PORTS[parts.scheme], user, password, sender)

    def send(self, to: tuple[str, ...], subject: str, text: str) -> None:
        """Give a letter in; blocks. MailNotSent."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.sender, ", ".join(to), subject
        letter.set_content(text, cte="base64")  # not every server takes eight bits
        try:
            with self._connect() as server:
                server.send_message(letter)
        except (OSError, smtplib.SMTPException) as error:  # their texts may name addresses
            raise MailNotSent(type(error).__name__) from None

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        try:
            self._greet(server, context)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server.ehlo()
        safe = self.scheme == "smtps" or self.host in LOCAL
        if self.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            safe = True
        if self.user and self.password:
            if not safe:
                raise smtplib.SMTPNotSupportedError("no TLS")
            server.login(self.user, self.password)


def check(url: str) -> None:
    """ValueError if no server can be made of it."""
    SmtpServer.of(url)
