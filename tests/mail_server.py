"""A mail server on loopback that speaks SMTP, and can have a bad day."""

import socket
import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from typing import Self


class MailServer:
    """What it took is in `messages`, in the order in which it came. Use it in a with statement.

    `answers` holds what it says next instead of yes, one for each message: "refuse" takes no such
    address for good, "later" asks to come again, "take and die" keeps the message and ends the
    connection without a word, "hang" keeps the client waiting until `let_go` is called.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.answers: list[str] = []
        self.is_asked = threading.Event()
        self._released = threading.Event()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._server: socketserver.ThreadingTCPServer | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.let_go()
        self.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.messages]

    def start(self) -> Self:
        """Listen, at the same address each time."""
        served_by = self

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True
            block_on_close = False
            post_office = served_by

        self._server = Server(("127.0.0.1", self.port), _Conversation)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Refuse connections."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def mend(self) -> None:
        """As new: listening, and with nothing taken."""
        self.messages.clear()
        self.answers.clear()
        self.is_asked.clear()
        self._released.clear()
        if self._server is None:
            self.start()

    def let_go(self) -> None:
        """End the wait of those that are kept waiting."""
        self._released.set()


class _Conversation(socketserver.StreamRequestHandler):
    """One connection (RFC 5321), as far as a client of ours speaks it."""

    def handle(self) -> None:
        server: MailServer = self.server.post_office
        self._say("220 mail.example")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"RCPT":
                server.is_asked.set()
                answer = server.answers.pop(0) if server.answers else ""
                if answer == "hang":
                    server._released.wait(60)
                    return
                reply = {"refuse": "550 no such mailbox", "later": "451 try again"}
                self._say(reply.get(answer, "250 ok"))
            elif verb == b"DATA":
                self._say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                server.messages.append(message_from_bytes(b"".join(lines)))
                if answer == "take and die":
                    return
                self._say("250 taken")
            else:
                self._say("250 ok")

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")
