"""A résumé: what its owner says, in the words they chose, and the facts behind each line.

Entries and lines are the owner's and are shared by all their résumés; each résumé chooses and orders
them. Whether something speaks for a line is never stored: portfolio.proofs computes it.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile


class ResumeQuerySet(models.QuerySet):
    def owned_by(self, user):
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def published_to(self, user):
        """The published ones of people whose portfolio page this person may open."""
        profiles = Profile.objects.visible_to(user)
        return self.filter(is_public=True, owner__profile__in=profiles)


class Resume(models.Model):
    """One variant, for one role: its words, what it holds in which order, and how it is printed."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="resumes")
    name = models.CharField(max_length=80)
    target_role = models.ForeignKey(
        "curriculum.Role", models.SET_NULL, null=True, blank=True, related_name="resumes"
    )
    headline = models.CharField(max_length=120, blank=True)
    summary = models.TextField(max_length=1000, blank=True)
    location = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)  # in the files that the owner downloads, nowhere else
    links = models.JSONField(default=list, blank=True)  # web addresses
    section_order = models.JSONField(default=list, blank=True)  # of Section; others follow
    pages = models.PositiveSmallIntegerField(default=1)
    include_unsupported = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    written_at = models.DateTimeField(default=timezone.now)  # its own words, as they are now

    objects = ResumeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="resume_has_a_name"),
            models.CheckConstraint(condition=Q(pages__in=(1, 2)), name="resume_has_1_or_2_pages"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_public=True), name="resume_published_once"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("portfolio:resume", args=[self.pk])

    @property
    def version(self) -> str:
        return self.written_at.isoformat()

    @property
    def sections(self) -> list["Section"]:
        """All sections, in the order of this résumé."""
        named = [Section(name) for name in self.section_order if name in Section.values]
        return [*named, *(section for section in Section if section not in named)]


class Section(models.TextChoices):
    """The parts of a résumé after its summary, in their usual order."""

    SKILLS = "skills", _("Skills")
    PROJECTS = "projects", _("Projects")
    EXPERIENCE = "experience", _("Experience")
    EDUCATION = "education", _("Education")
    VOLUNTEERING = "volunteering", _("Volunteering")
    PUBLICATIONS = "publications", _("Publications")
    CERTIFICATES = "certificates", _("Certificates")
    AWARDS = "awards", _("Awards")
    LANGUAGES = "languages", _("Languages")
    INTERESTS = "interests", _("Interests")


class ResumeEntry(models.Model):
    """A project, a job, a degree: what lines stand under. Its owner's word, but for the project's proof.

    `about` is the area of a degree, or what an employer does; `note` a level, a fluency, a mark.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="resume_entries"
    )
    section = models.CharField(max_length=12, choices=Section)
    project = models.ForeignKey(
        "Project", models.SET_NULL, null=True, blank=True, related_name="resume_entries"
    )
    title = models.CharField(max_length=160)
    organisation = models.CharField(max_length=160, blank=True)
    about = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=300, blank=True)
    starts_on = models.CharField(max_length=10, blank=True)  # 2024, 2024-03 or 2024-03-31
    ends_on = models.CharField(max_length=10, blank=True)
    summary = models.TextField(max_length=1000, blank=True)
    note = models.CharField(max_length=100, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "resume entries"
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="resume_entry_has_a_title"),
            models.CheckConstraint(
                condition=Q(project=None) | Q(section="projects"),
                name="resume_entry_of_a_project_is_among_projects",
            ),
            models.UniqueConstraint(
                fields=["owner", "project"], name="resume_entry_once_per_project"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def version(self) -> str:
        return self.written_at.isoformat()


class ResumeLine(models.Model):
    """A sentence under an entry, and the claim, measurement and contribution that it rests on, if any.

    `proof_words` name what it rested on when it was written, so that a line whose proof is gone can
    say what it was.
    """

    entry = models.ForeignKey(ResumeEntry, models.CASCADE, related_name="lines")
    words = models.CharField(max_length=500)
    claim = models.ForeignKey(
        "Claim", models.SET_NULL, null=True, blank=True, related_name="resume_lines"
    )
    measurement = models.ForeignKey(
        "Measurement", models.SET_NULL, null=True, blank=True, related_name="resume_lines"
    )
    contribution = models.ForeignKey(
        "Contribution", models.SET_NULL, null=True, blank=True, related_name="resume_lines"
    )
    proof_words = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="resume_line_has_words"),
        ]

    def __str__(self):
        return self.words

    @property
    def version(self) -> str:
        return self.written_at.isoformat()


class EntryChoice(models.Model):
    """An entry stands in a résumé, at its place among those of its section."""

    resume = models.ForeignKey(Resume, models.CASCADE, related_name="entry_choices")
    entry = models.ForeignKey(ResumeEntry, models.CASCADE, related_name="choices")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["resume", "entry"], name="entry_choice_once"),
        ]

    def __str__(self):
        return f"{self.resume}: {self.entry}"


class LineChoice(models.Model):
    """A line stands in a résumé, at its place among those of its entry."""

    resume = models.ForeignKey(Resume, models.CASCADE, related_name="line_choices")
    line = models.ForeignKey(ResumeLine, models.CASCADE, related_name="choices")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["resume", "line"], name="line_choice_once"),
        ]

    def __str__(self):
        return f"{self.resume}: {self.line}"


class SkillChoice(models.Model):
    """A skill that a résumé leaves out although it can be defended, or names although it cannot."""

    resume = models.ForeignKey(Resume, models.CASCADE, related_name="skill_choices")
    skill = models.ForeignKey("curriculum.Skill", models.CASCADE, related_name="resume_choices")
    is_shown = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resume", "skill"], name="skill_choice_once"),
        ]

    def __str__(self):
        return f"{self.resume}: {self.skill}"
