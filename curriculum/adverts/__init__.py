"""Read a job advert: which skills it asks for, how well, and in which of its sentences.

Plain Python and no guessing: the same text gives the same answer, every proposal quotes the sentence
it came from, and a person confirms. docs/adverts.md says the rules in words.
"""

from curriculum.adverts.reading import (
    MOST_CHARACTERS,
    MOST_PROPOSALS,
    Degree,
    Proposal,
    Reading,
    Years,
    read,
)
from curriculum.adverts.vocabulary import Vocabulary, forms_of, vocabulary_of

__all__ = [
    "MOST_CHARACTERS",
    "MOST_PROPOSALS",
    "Degree",
    "Proposal",
    "Reading",
    "Vocabulary",
    "Years",
    "forms_of",
    "read",
    "vocabulary_of",
]
