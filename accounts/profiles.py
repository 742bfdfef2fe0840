"""Give every person a profile with a handle of their own."""

from collections.abc import Iterator

from django.db import IntegrityError, transaction

from accounts import names
from accounts.models import Profile, User


def create(user: User, *, name: str, handle: str = "") -> Profile:
    """The profile of a new person, with a free handle made from the one wished for or the name.

    Returns the one there is when the person has one already. Two people of one name who sign up in
    the same moment get different handles: the database decides, and the loser tries the next one.
    """
    if hasattr(user, "profile"):
        return user.profile
    name = names.clean(name) or "Learner"
    for free_handle in _handles(names.handle_from(handle or name)):
        if Profile.objects.filter(handle=free_handle).exists():
            continue
        try:
            with transaction.atomic():
                return Profile.objects.create(user=user, handle=free_handle, name=name)
        except IntegrityError:
            if Profile.objects.filter(user=user).exists():
                return Profile.objects.get(user=user)
    raise AssertionError("unreachable: numbers do not end")


def of(user: User) -> Profile:
    """A person's profile, made on the spot for people who came in by another door than sign-up.

    The first part of their e-mail address stands for the name until they change it.
    """
    if hasattr(user, "profile"):
        return user.profile
    words = user.email.partition("@")[0].partition("+")[0].replace(".", " ").replace("_", " ")
    return create(user, name=words.title())


def create_missing() -> int:
    """Give a profile to everybody who has none; how many they were."""
    people = list(User.objects.filter(profile=None))
    for user in people:
        of(user)
    return len(people)


def _handles(base: str) -> Iterator[str]:
    """base, base-2, base-3, …"""
    yield base
    number = 2
    while True:
        yield f"{base[: names.HANDLE_LENGTH - 7].rstrip('-')}-{number}"
        number += 1
