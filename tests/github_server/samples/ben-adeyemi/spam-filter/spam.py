"""Naive Bayes from scratch."""

import math
from collections import Counter


class NaiveBayes:
    def __init__(self):
        self.words = {True: Counter(), False: Counter()}
        self.messages = Counter()

    def learn(self, text, is_spam):
        self.messages[is_spam] += 1
        self.words[is_spam].update(text.lower().split())

    def odds(self, text):
        """The logarithm of how much likelier spam is than not."""
        score = math.log(self.messages[True] + 1) - math.log(self.messages[False] + 1)
        for word in text.lower().split():
            for is_spam, sign in ((True, 1), (False, -1)):
                total = sum(self.words[is_spam].values())
                score += sign * math.log((self.words[is_spam][word] + 1) / (total + 2))
        return score
