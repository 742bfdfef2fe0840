"""A wire between a program and its server that can be cut, held, and go dead without a word."""

import contextlib
import os
import selectors
import socket
import struct
import threading
from enum import Enum

CHUNK = 65536
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset, as a server that is gone


class State(Enum):
    """What becomes of what is sent."""

    WHOLE = "whole"
    CUT = "cut"  # whatever was open is reset, and nothing new is let in
    HELD = "held"  # nothing passes, and nothing is closed


class Wire:
    """Passes on what is sent to a port of this machine's loopback, to a TCP port or a socket file."""

    def __init__(self, target: tuple[str, int] | str):
        self.target = target
        self.state = State.WHOLE
        self._dead: set[socket.socket] = set()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._lock = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._server, selectors.EVENT_READ)
        self._wake, self._woken = os.pipe()
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._is_open = True
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """As a server that was stopped: open connections end, new ones are not answered."""
        with self._lock:
            self.state = State.CUT
            for one in list(self._pairs):
                self._close(one)

    def hold(self) -> None:
        """As a server that is frozen."""
        self._change(State.HELD)

    def mend(self) -> None:
        """All new connections are good again, and those that were held go on."""
        self._change(State.WHOLE)

    def forget(self) -> None:
        """As a router that lost its memory: whoever is connected hears nothing any more; new ones do."""
        with self._lock:
            self._dead |= set(self._pairs)

    def connections(self) -> int:
        """How many programs are connected and served."""
        with self._lock:
            return len([one for one in self._pairs if one not in self._dead]) // 2

    def close(self) -> None:
        self._is_open = False
        os.write(self._woken, b".")
        self._thread.join()
        with self._lock:
            for one in list(self._pairs):
                self._close(one)
        self._server.close()
        self._selector.close()
        os.close(self._wake)
        os.close(self._woken)

    def _change(self, state: State) -> None:
        with self._lock:
            self.state = state
        os.write(self._woken, b".")

    def _serve(self) -> None:
        while self._is_open:
            for key, _events in self._selector.select(0.05):
                with self._lock:
                    if key.fileobj is self._server:
                        self._accept()
                    elif key.fileobj == self._wake:
                        os.read(self._wake, 100)
                    elif self.state == State.WHOLE and key.fileobj not in self._dead:
                        self._pass_on(key.fileobj)
            if self.state == State.HELD or self._dead:
                threading.Event().wait(0.01)  # what lies there unread would wake us at once

    def _accept(self) -> None:
        near, _address = self._server.accept()
        if self.state == State.CUT:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            near.close()
            return
        family = socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET
        far = socket.socket(family, socket.SOCK_STREAM)
        try:
            far.connect(self.target)
        except OSError:
            near.close()
            far.close()
            return
        for one, other in ((near, far), (far, near)):
            self._pairs[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _pass_on(self, one: socket.socket) -> None:
        other = self._pairs.get(one)
        if other is None:
            return
        try:
            data = one.recv(CHUNK)
            if data:
                other.sendall(data)
                return
        except OSError:
            pass
        self._close(one)

    def _close(self, one: socket.socket) -> None:
        other = self._pairs.pop(one, None)
        if other is None:
            return
        self._pairs.pop(other, None)
        for each in (one, other):
            self._dead.discard(each)
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(each)
            with contextlib.suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            each.close()
