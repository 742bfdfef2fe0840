"""What a password may not be, beside what Django's own rules refuse."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Words by which this site and its subject are known: the first that somebody tries who guesses.
WORDS = (
    "milepost", "password", "passwort", "machine", "learning", "engineer", "python", "roadmap", "portfolio",
    "project", "learner", "mentor", "organiser", "admin", "welcome", "github",
)  # fmt: skip
#: Characters that have to be left without them.
LEAST = 6


def words_of_the_site() -> set[str]:
    """WORDS, with the site's name and host."""
    own = [*settings.SITE_NAME.split(), *(urlsplit(settings.SITE_URL).hostname or "").split(".")]
    return {*WORDS, *(word.casefold() for word in own if len(word) > 3)}


class SiteWordsValidator:
    """Refuses a password that is little more than words of the site."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        rest = password.casefold()
        for word in sorted(words_of_the_site(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < LEAST:
            raise ValidationError(
                _("This password is little more than words of this site: add others."),
                code="password_of_site_words",
            )

    def get_help_text(self) -> str:
        return _("Your password can’t be little more than words of this site.")
