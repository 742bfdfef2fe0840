"""Names, handles and initials: what may stand in a name, and what it becomes in an address."""

import re
import unicodedata

#: As GitHub's logins: 2 to 39 characters, single hyphens inside. Small letters only, so that case
#: never differs, and ASCII alone, so that no letter can pass for another.
HANDLE_PATTERN = r"\A[a-z0-9](?:-?[a-z0-9]){1,38}\Z"
HANDLE_LENGTH = 39
NAME_LENGTH = 80

#: Letters that show nothing, though Unicode does not file them under control or format characters.
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")

#: Format characters that turn the direction of what stands around them.
BIDI_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

#: Unicode's categories of characters that control, and of those that nobody sees.
CONTROL_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
UNSEEN_CATEGORIES = CONTROL_CATEGORIES | {"Cf", "Cn", "Co"}

#: More marks than this on one letter climb out of their line.
MARKS_ON_A_LETTER = 4

#: Words that an address of ours, or trust in a person, might be mistaken for.
RESERVED_HANDLES = frozenset([
    "about", "account", "accounts", "admin", "administration", "administrator", "api", "badge",
    "badges", "check-runs", "cohort", "cohorts", "contact", "demo", "employer", "enrollment", "everyone", "github",
    "healthz", "help", "home", "invitation", "invitations", "ladder", "learner", "learners",
    "login", "logout", "me", "media", "mentor", "mentoring", "mentors", "mentorships", "milepost",
    "moderator", "modules", "nobody", "none", "null", "official", "organiser", "organisers",
    "portfolio", "practice", "profile", "projects", "readyz", "repositories", "resume", "review",
    "reviews", "roadmap", "roles", "root", "security", "settings", "sign-in", "sign-up", "signup",
    "skills", "staff", "static", "styleguide", "support", "system", "undefined", "units", "user",
    "users", "verify", "webhooks",
])  # fmt: skip


def controls(text: str) -> set[str]:
    """Characters of a text that control instead of show: line ends, escapes, direction marks."""
    return _of_category(text, CONTROL_CATEGORIES) | (BIDI_MARKS & set(text))


def unseen(text: str) -> set[str]:
    """Characters of a text that nobody sees: control, zero width, unassigned and blank ones."""
    return _of_category(text, UNSEEN_CATEGORIES) | (BLANK_LETTERS & set(text))


def visible(text: str) -> str:
    """Other people's text with what cannot be seen in it, or turns it round, as a mark.

    Control characters become their Unicode pictures (␀, ␊), all others their number ([U+202E]).
    """
    return "".join(map(_visible_character, text))


def plain(text: str) -> str:
    """A text on one line, without characters that control or turn it: fit for a subject line."""
    line = " ".join(text.split())
    hidden = controls(line)
    return "".join(character for character in line if character not in hidden)


def is_visible(text: str) -> bool:
    """Whether there is anything to see in a text."""
    hidden = unseen(text)
    return any(not character.isspace() and character not in hidden for character in text)


def is_overloaded(text: str) -> bool:
    """Whether so many marks sit on one letter that they cover the lines around it."""
    run = 0
    for character in unicodedata.normalize("NFC", text):
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MARKS_ON_A_LETTER:
            return True
    return False


def is_readable(name: str) -> bool:
    """Whether a name has a letter or a digit, so that there is something to call the person."""
    return any(character.isalnum() and character not in BLANK_LETTERS for character in name)


def clean(name: str) -> str:
    """A name from elsewhere made fit for us: composed, on one line, without what cannot be seen.

    Empty when nothing readable is left.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    hidden = unseen(name)
    name = "".join(c for c in name if c not in hidden)[:NAME_LENGTH].strip()
    return name if is_readable(name) and not is_overloaded(name) else ""


def handle_from(name: str) -> str:
    """A well-formed handle made from a name; not yet checked for being free."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    handle = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:30].strip("-")
    if len(handle) < 2 or handle in RESERVED_HANDLES:
        return f"{handle or 'learner'}-1"
    return handle


def initials(name: str) -> str:
    """One or two capital letters: of the first and the last word of a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper() or "?"


def _of_category(text: str, categories: frozenset[str]) -> set[str]:
    return {character for character in text if unicodedata.category(character) in categories}


def _visible_character(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    is_hidden = (
        unicodedata.category(character) in CONTROL_CATEGORIES | {"Cf"} or character in BLANK_LETTERS
    )
    return f"[U+{code:04X}]" if is_hidden else character
