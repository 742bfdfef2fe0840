"""The bank of interview questions, and what a learner keeps on each."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from curriculum.models import Attempt, Card, Question, Skill

LATEST = 5  # answers that a question's page lists


def bank(
    format: str | None = None, difficulty: str | None = None, skill: Skill | None = None
) -> QuerySet[Question]:
    """The live questions of a format, difficulty and skill, or of any; in the order of the file."""
    found = Question.objects.live().prefetch_related("skills")
    if format:
        found = found.filter(format=format)
    if difficulty:
        found = found.filter(difficulty=difficulty)
    return found.filter(skills=skill) if skill else found


def with_cards(
    user: User | AnonymousUser, questions: Iterable[Question]
) -> list[tuple[Question, Card | None]]:
    """The questions, each with the person's card of it, if they have answered it."""
    questions = list(questions)
    if not user.is_authenticated:
        return [(question, None) for question in questions]
    cards = Card.objects.filter(learner=user, question__in=questions).exclude(last_on=None)
    by_question = {card.question_id: card for card in cards}
    return [(question, by_question.get(question.pk)) for question in questions]


def kept_on(question: Question, user: User | AnonymousUser) -> dict[str, Any]:
    """The person's card of a question and their last answers to it; nothing for who is signed out."""
    if not user.is_authenticated:
        return {}
    attempts = Attempt.objects.standing().filter(card__learner=user, card__question=question)
    return {
        "card": Card.objects.filter(learner=user, question=question).first(),
        "attempts": list(attempts[:LATEST]),
    }
