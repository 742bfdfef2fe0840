"""What speaks for each line of a résumé now. Computed from facts, never stored.

A line is *supported* when the claim that it rests on is demonstrated or endorsed at a commit
(portfolio.demonstrations) that still counts, when the number that it rests on was found in the file that
its owner names, in a repository of their own, or when its pull request was merged into a repository of
somebody else's (portfolio.contributions). One that rested on something that is gone is *lost*: the claim,
the measurement, the number in its file, the pull request, a repository that nobody can read any more. So
is one whose number was looked for and not found. All others are their owner's word: *unsupported*.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from curriculum.models import SkillLevel
from portfolio import contributions, demonstrations, ownership
from portfolio.demonstrations import AGES, Age, Demonstration, Hindrance, Work
from portfolio.evidence import HINDRANCES, NOTES, Kind, Viewer
from portfolio.models import Claim, Contribution, Measurement, Project, ResumeLine
from portfolio.ownership import Ownership


class Standing(StrEnum):
    """How a line stands."""

    SUPPORTED = "supported"
    LOST = "lost"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Proof:
    """What speaks for a line, or why nothing does; the sentence is for whoever reads the line."""

    standing: Standing
    words: str
    kind: Kind = Kind.DECLARED
    demonstration: Demonstration | None = None
    measurement: Measurement | None = None  # whose number was found
    claim: Claim | None = None
    contribution: Contribution | None = None  # that was merged

    @property
    def is_supported(self) -> bool:
        return self.standing == Standing.SUPPORTED

    @property
    def project(self) -> Project | None:
        if self.demonstration:
            return self.demonstration.project
        fact = self.measurement or self.contribution
        return fact.project if fact else None

    @property
    def mark(self) -> str:
        """The same in two words for the end of a printed line."""
        one = self.demonstration
        if self.standing == Standing.LOST:
            return _("proof lost")
        if self.is_supported and one is None and self.measurement:
            return _("number found at") + f" {self.measurement.short_sha}"
        if self.is_supported and one is None and self.contribution:
            return _("merged at") + f" {self.contribution.short_sha}"
        if not self.is_supported or one is None:
            return _("own word")
        words = _("endorsed at") if self.kind == Kind.ENDORSED else _("checked at")
        note = f" ({NOTES[one.age]})" if one.age == Age.STALE else ""
        return f"{words} {one.short_sha}{note}"

    @property
    def url(self) -> str:
        """Where anybody can look into it; "" while only some may."""
        if not self.is_supported or self.project is None:
            return ""
        if self.demonstration is None and self.measurement:
            return address_of(self.project, "portfolio:verify_measurement", self.measurement.pk)
        if self.demonstration is None and self.contribution:
            return "" if self.contribution.is_private else address_of(self.project)
        return address_of_skill(self.project, self.claim)


def address_of(project: Project, route: str = "", key: int = 0) -> str:
    """The full address of a project's public page, or of a claim in it; "" where it is not open to all."""
    if not project.is_open_to_all:
        return ""
    return settings.SITE_URL + (reverse(route, args=[key]) if route else project.get_absolute_url())


def address_of_skill(project: Project, claim: Claim | None) -> str:
    """Where anybody can look into a skill of a project; of who shows no skills, the project's page."""
    if claim and project.owner.profile.shows_skills:
        return address_of(project, "portfolio:verify_claim", claim.pk)
    return address_of(project)


def projects_of(owner: User, viewer: Viewer | None = None) -> QuerySet[Project]:
    """The projects of a person that the viewer may see; None is the owner."""
    projects = Project.objects.owned_by(owner)
    if viewer is None:
        return projects
    return projects.filter(pk__in=Project.objects.visible_to(viewer).values("pk"))


def work_of(owner: User, viewer: Viewer | None = None) -> Work:
    """What the projects of a person show, as far as the viewer may see them; None is the owner."""
    return demonstrations.of(owner, projects_of(owner, viewer))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person's work, and how much of it the reader is told."""

    shown: "Found"
    endorsed: "Found"
    hindered: dict[int, Hindrance]  # by claim
    claims: frozenset[int]  # that the reader may see
    projects: frozenset[int]  # that the reader may open
    owner_id: int
    account_id: int | None  # at GitHub
    is_own: bool  # read by its owner
    names_skills: bool


def facts_of(
    owner: User, work: Work, projects: frozenset[int], *, names_skills: bool, is_own: bool
) -> Facts:
    """In one query, beside what `work` took. Who shows no skills has them left out of sentences."""
    author = ownership.author_of(owner.pk)
    return Facts(
        shown=_strongest(work.shown),
        endorsed=_strongest(work.endorsed),
        hindered={hindrance.claim.pk: hindrance for hindrance in work.hindered},
        claims=frozenset(claim.pk for claim in work.claims),
        projects=projects,
        owner_id=owner.pk,
        account_id=author.id if author else None,
        is_own=is_own,
        names_skills=names_skills,
    )


def of_lines(
    owner: User,
    lines: Iterable[ResumeLine],
    work: Work,
    *,
    viewer: Viewer | None = None,
    names_skills: bool = True,
) -> dict[int, Proof]:
    """The proof of each line by its key, in two queries; None for a viewer is the owner.

    Wants each line's claim, measurement and contribution with what they are of (`RESTS_ON`).
    """
    projects = projects_of(owner, viewer).values_list("pk", flat=True)
    facts = facts_of(
        owner,
        work,
        frozenset(projects),
        names_skills=names_skills,
        is_own=viewer is None or viewer == owner,
    )
    return {line.pk: _proof(line, facts) for line in lines}


#: What select_related has to fetch for the proof of a line.
RESTS_ON = (
    "claim__skill",
    "claim__project__owner__profile",
    "measurement__project__owner__profile",
    "measurement__repository__project",
    "contribution__project__owner__profile",
)


#: The strongest of its kind by project and skill.
Found = dict[tuple[int, int], Demonstration]


def _strongest(found: Sequence[Demonstration]) -> Found:
    ranked = sorted(found, key=lambda one: (one.counts, one.level, -AGES.index(one.age)))
    return {(one.project.pk, one.skill.pk): one for one in ranked}


def _proof(line: ResumeLine, facts: Facts) -> Proof:
    number = _of_number(line.measurement, facts) if line.measurement else None
    pull = _of_contribution(line.contribution, facts) if line.contribution else None
    skill = _of_claim(line.claim, facts) if line.claim else None
    if number and number.standing == Standing.LOST:
        return number  # it was looked for and is not there: no claim makes up for that
    if pull and pull.standing == Standing.LOST:
        return pull
    supported = [one for one in (skill, number, pull) if one and one.is_supported]
    if supported:
        return replace(
            supported[0],
            words="; ".join(one.words for one in supported),
            measurement=line.measurement if number in supported else None,
            contribution=line.contribution if pull in supported else None,
        )
    if weaker := skill or number or pull:
        return weaker
    if line.proof_words:
        words = _("Its proof is gone: %(it)s.") % {"it": line.proof_words}
        return Proof(Standing.LOST, words if facts.names_skills else _("Its proof is gone."))
    return Proof(Standing.UNSUPPORTED, _("Your own word: no claim stands behind it."))


def _of_claim(claim: Claim, facts: Facts) -> Proof:
    key = claim.project_id, claim.skill_id
    for kind, found in ((Kind.ENDORSED, facts.endorsed), (Kind.DEMONSTRATED, facts.shown)):
        one = found.get(key)
        if one and one.counts:
            words = sentence(kind, one, facts.names_skills)
            return Proof(Standing.SUPPORTED, words, kind, one, claim=claim)
    if lost := facts.endorsed.get(key) or facts.shown.get(key):
        words = _("Its proof is lost: the repository of %(project)s can no longer be read.")
        return Proof(Standing.LOST, words % {"project": claim.project.title}, demonstration=lost)
    if claim.pk not in facts.claims:
        return Proof(Standing.UNSUPPORTED, _("Its proof cannot be seen by the reader."))
    hindrance = facts.hindered.get(claim.pk)
    reason = HINDRANCES[hindrance.reason] if hindrance else _("Nothing shows it yet.")
    return Proof(Standing.UNSUPPORTED, str(reason) % {"project": claim.project.title})


def _of_number(measurement: Measurement, facts: Facts) -> Proof:
    """A number counts while it stands in its file, in a readable repository of the owner's."""
    repository = measurement.repository
    if measurement.project_id not in facts.projects:
        return Proof(Standing.UNSUPPORTED, _("Its proof cannot be seen by the reader."))
    if repository is None or not measurement.path:
        return Proof(Standing.UNSUPPORTED, _("No file shows its number."))
    place = {"number": measurement.result, "commit": measurement.short_sha}
    if measurement.verdict in (Measurement.Verdict.ABSENT, Measurement.Verdict.MISSING):
        words = _("%(number)s was not found at %(commit)s, in the file named") % place
        return Proof(Standing.LOST, words)
    if measurement.verdict != Measurement.Verdict.NUMBER:
        return Proof(Standing.UNSUPPORTED, _("Nobody has seen its number in the file named yet."))
    if not Ownership(repository, facts.owner_id, facts.account_id).is_shown:
        words = _("Nothing shows yet that the repository with its number is yours.")
        return Proof(Standing.UNSUPPORTED, words)
    if demonstrations.is_lost(repository):
        words = _("Its proof is lost: the repository of %(project)s can no longer be read.")
        return Proof(Standing.LOST, words % {"project": measurement.project.title})
    words = _("%(number)s found in the file named, at %(commit)s") % place
    return Proof(Standing.SUPPORTED, words, measurement=measurement)


#: Why a pull request speaks for nothing.
UNMERGED = {
    contributions.State.NEW: gettext_lazy("GitHub has not been asked about the pull request yet."),
    contributions.State.OPEN: gettext_lazy("The pull request is still open."),
    contributions.State.CLOSED: gettext_lazy("The pull request was closed without being merged."),
    contributions.State.NOT_LINKED: gettext_lazy(
        "Nothing shows yet that the pull request is yours: no GitHub account is linked."
    ),
    contributions.State.NOT_THEIRS: gettext_lazy("The pull request is by another account."),
    contributions.State.OWN: gettext_lazy("It was merged into a repository of your own."),
}


def _of_contribution(contribution: Contribution, facts: Facts) -> Proof:
    """A pull request counts once it is merged into a repository of somebody else's."""
    hidden = contribution.is_private and not facts.is_own
    if contribution.project_id not in facts.projects or hidden:
        return Proof(Standing.UNSUPPORTED, _("Its proof cannot be seen by the reader."))
    state = contributions.state_of(contribution, facts.account_id)
    place = {
        "repository": contribution.full_name,
        "number": contribution.number,
        "commit": contribution.short_sha,
    }
    if state == contributions.State.MISSING:
        words = _("Its proof is lost: GitHub does not show %(repository)s#%(number)s any more.")
        return Proof(Standing.LOST, words % place)
    if state != contributions.State.VERIFIED:
        return Proof(Standing.UNSUPPORTED, str(UNMERGED[state]))
    words = _("%(repository)s#%(number)s merged at %(commit)s") % place
    return Proof(Standing.SUPPORTED, words, contribution=contribution)


def sentence(kind: Kind, one: Demonstration, names_skills: bool = True) -> str:
    """“Time series, working: endorsed by Grace Halloran at a1b2c3d”, and what aged it."""
    mentor = _("a former mentor")
    if one.review and one.review.reviewer:
        mentor = one.review.reviewer.get_full_name()
    said = {
        Kind.ENDORSED: _("endorsed by %(mentor)s at %(commit)s"),
        Kind.DEMONSTRATED: _("checks passed at %(commit)s"),
    }
    words = said[kind] % {"mentor": mentor, "commit": one.short_sha}
    if names_skills:
        level = one.level.label.lower()
        words = _("%(skill)s, %(level)s: %(words)s") % {
            "skill": one.skill.name,
            "level": level,
            "words": words,
        }
    note = NOTES.get(one.age)
    return f"{words} ({note})" if note else words


def words_of(
    claim: Claim | None, measurement: Measurement | None, contribution: Contribution | None = None
) -> str:
    """What a line rests on, kept beside it; "" for nothing."""
    words = []
    if claim:
        level = SkillLevel(claim.level).label.lower()
        words.append(f"{claim.skill.name}, {level}, {claim.project.title}")
    if measurement:
        number = f"{measurement.metric} {measurement.result} {measurement.unit}".strip()
        words.append(f"{number}, {measurement.project.title}")
    if contribution:
        words.append(str(contribution))
    return "; ".join(words)[:300]
