"""Look at a web address that a person typed, without being led into a network of our own.

Plain Python: whoever asks names the site, and may bring other eyes and hands for the network.
"""

from curriculum.reach.looks import MISSED, REACHED, SILENT, Look, Outcome, look
from curriculum.reach.manners import user_agent
from curriculum.reach.refusals import MAX_LENGTH, Reason, Refused
from curriculum.reach.web_addresses import host_of, parse

__all__ = [
    "MAX_LENGTH",
    "MISSED",
    "REACHED",
    "SILENT",
    "Look",
    "Outcome",
    "Reason",
    "Refused",
    "host_of",
    "look",
    "parse",
    "user_agent",
]
