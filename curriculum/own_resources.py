"""Put links of one's own beside those of the curriculum."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from curriculum import words
from curriculum.models import OwnResource, Unit

MOST_ON_A_UNIT = 30


class AlreadyListed(Exception):
    """The learner has that address on the unit already."""


class TooMany(Exception):
    """The learner has as many links on the unit as it takes."""


def all_of(learner: User) -> QuerySet[OwnResource]:
    """A learner's own links, each with its unit."""
    return learner.own_resources.select_related("unit")


def of(learner: User, unit: Unit) -> list[OwnResource]:
    """A learner's own links on a unit, in the order in which they were added."""
    return list(learner.own_resources.filter(unit=unit))


def found_by(learner: User, query: words.Query) -> list[int]:
    """The keys of the learner's own links that hold every word of a query."""
    texts = learner.own_resources.values_list("pk", "title", "why", "url")
    return [pk for pk, *text in texts if query.is_in("\n".join(text))]


@transaction.atomic
def add(learner: User, unit: Unit, *, title: str, url: str, why: str = "") -> OwnResource:
    """Add a link. The same one twice, as two presses send it, is added once.

    Raises AlreadyListed when the address is there with other words, and TooMany.
    """
    User.objects.select_for_update(of=("self",)).get(pk=learner.pk)  # one adds at a time
    own = learner.own_resources.filter(unit=unit)
    if len(own) >= MOST_ON_A_UNIT:
        raise TooMany
    try:
        with transaction.atomic():
            return OwnResource.objects.create(
                learner=learner, unit=unit, title=title, url=url, why=why
            )
    except IntegrityError:
        same = own.filter(url=url, title=title, why=why).first()
        if same is None:
            raise AlreadyListed from None
        return same


def change(resource: OwnResource, *, title: str, url: str, why: str = "") -> OwnResource:
    """Change what a link says and where it leads. Raises AlreadyListed."""
    resource.title, resource.url, resource.why = title, url, why
    try:
        with transaction.atomic():
            resource.save(update_fields=["title", "url", "why"])
    except IntegrityError:
        raise AlreadyListed from None
    return resource
