"""Look at a web address that a person typed, without being led into a network of our own.

Plain Python: whoever asks names the site, and may bring other eyes and hands for the network.
"""

from curriculum.reach.looks import Look, Outcome, look
from curriculum.reach.refusals import Reason, Refused
from curriculum.reach.web_addresses import host_of, parse

__all__ = ["Look", "Outcome", "Reason", "Refused", "host_of", "look", "parse"]
