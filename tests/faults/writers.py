"""People who write one thing after another while something breaks."""

import re
import threading
import time
from typing import NamedTuple

import httpx

LOG = "/practice/asked/"  # topics of interviews: a line each, as many as one likes


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
        self.is_over = False

    def run(self):
        number = 0
        while not self.is_over:
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
