"""People who write one thing after another while something breaks."""

import re
import threading
import time
from typing import NamedTuple

import httpx

from accounts.middleware import SENT_BY_ONE

LOG = "/practice/asked/"  # topics of interviews: a line each, as many as one likes
BREATH = 60 / SENT_BY_ONE + 0.05  # seconds between two, so that the site takes nobody for a program


class Answer(NamedTuple):
    words: str
    began: float
    seconds: float
    status: int  # 0: none
    text: str


class Writer(threading.Thread):
    """Writes down one question after another, and remembers which were said to be kept."""

    def __init__(self, http: httpx.Client):
        super().__init__(daemon=True)
        self.http = http
        page = http.get(LOG).raise_for_status().text
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        self.answers: list[Answer] = []
        self._over = threading.Event()

    def end(self) -> None:
        """Send nothing more, and wait for the last answer."""
        self._over.set()
        if self.ident:
            self.join(30)

    def run(self):
        number = 0
        while not self._over.wait(BREATH if number else 0):
            number += 1
            words = f"Question {number}"
            began = time.monotonic()
            try:
                answer = self.http.post(
                    LOG,
                    data={
                        "csrfmiddlewaretoken": self.token, "words": words, "format": "coding",
                        "asked_on": "2026-01-01",
                    },
                    headers={"Referer": str(self.http.base_url)},
                )  # fmt: skip
                status, text = answer.status_code, answer.text
            except httpx.HTTPError as error:
                status, text = 0, repr(error)
            self.answers.append(Answer(words, began, time.monotonic() - began, status, text))

    def kept_since(self, moment: float) -> list[str]:
        return [a.words for a in self.answers if a.status == 302 and a.began > moment]
