"""What portfolio keeps of people: what they built, what we found in it, and what was said of it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.archives import Refused
from accounts.models import User
from accounts.register import (
    MACHINERY,
    OTHERS,
    SECRET,
    Back,
    Content,
    Entries,
    FilesBack,
    Line,
    Taken,
    add,
    add_files,
    add_texts,
)
from portfolio import images, pixels, resume_document, resume_formats, sources
from portfolio.forms import ImageForm, ImageWordsForm
from portfolio.models import CaseImage, Comment, Project, Review, Section, Story

MENTORS_WORDS = (
    "What a mentor wrote of a learner's work is the learner's: it stays, under “a former mentor”."
)
#: Images that one takeout brings: each takes up to a second, and the task has 75.
MOST_PICTURES = 60
FILES = "It is a copy of files of a repository, made for a review; the repository holds them."
AS_REVIEWED = "while a review needs it, and 30 days"
WORDS = {"type": "array", "maxItems": 100, "items": {"type": "string", "maxLength": 300}}
STORY = (
    "slug", "title", "summary", *Project.CASE_STUDY, "problem_kind", "demo_url", "brief", "created_at",
)  # fmt: skip
MEASURED = (
    "position", "metric", "result", "baseline", "baseline_words", "unit", "direction", "data_set",
    "repository", "path", "written_at",
)  # fmt: skip
RUN = dict.fromkeys(("due_at", "sent_at", "attempts", "lost_attempts", "requests"), MACHINERY)


def words_of(choices: Any) -> dict[str, Any]:
    """A list of some of these choices."""
    return {"type": "array", "maxItems": len(choices), "items": {"enum": choices.values}}


def sent(reviews: Any, person: User) -> Any:
    """Reviews that went out; of one that is still being written, its draft holds the words."""
    return reviews.submitted()


def told(comments: Any, person: User) -> Any:
    """Comments that the person may read: those of others only once they were sent."""
    return comments.told_to(person)


add(
    Line(
        "portfolio.Project",
        of=("owner",),
        taken=(Taken("projects", back=Back(values=STORY, put={"visibility": "private"})),),
    ),
    Line(
        "portfolio.Repository",
        of=("project__owner",),
        taken=(
            Taken(
                "projects.repositories",
                via="project",
                without={"webhook_nonce": SECRET, "next_look_at": MACHINERY},
                back=Back(values=("full_name", "ref", "folder")),
            ),
        ),
        named="full_name",
    ),
    Line("portfolio.Access", of=("repository__project__owner",), because=SECRET),
    Line(
        "portfolio.DemoLink",
        of=("project__owner",),
        taken=(
            Taken(
                "projects.demo_links",
                via="project",
                without={"attempts": MACHINERY, "next_look_at": MACHINERY},
            ),
        ),
    ),
    Line(
        "portfolio.Claim",
        of=("project__owner",),
        taken=(
            Taken(
                "projects.claims",
                via="project",
                back=Back(values=("skill", "level", "note", "claimed_at")),
            ),
        ),
    ),
    Line(
        "portfolio.CaseImage",
        of=("project__owner",),
        taken=(Taken("projects.images", via="project"),),
        remove=images.remove_all,
    ),
    Line(
        "portfolio.Contribution",
        of=("project__owner",),
        taken=(
            Taken(
                "projects.contributions",
                via="project",
                back=Back(values=("full_name", "number", "added_at")),
                without=dict.fromkeys(("tag", "misses", "attempts", "next_look_at"), MACHINERY),
            ),
        ),
    ),
    Line(
        "portfolio.Defence",
        of=("owner", "project__owner", "resume__owner"),
        taken=(Taken("defences", of=("owner",), back=Back()),),
    ),
    Line(
        "portfolio.Measurement",
        of=("project__owner",),
        taken=(
            Taken(
                "projects.measurements",
                via="project",
                back=Back(values=MEASURED),
                without={"due_at": MACHINERY, "attempts": MACHINERY},
            ),
        ),
    ),
    Line(
        "portfolio.CheckRun",
        of=("repository__project__owner",),
        taken=(Taken("projects.repositories.check_runs", via="repository", without=RUN),),
    ),
    Line(
        "portfolio.Finding",
        of=("check_run__repository__project__owner",),
        taken=(Taken("projects.repositories.check_runs.findings", via="check_run"),),
    ),
    Line(
        "portfolio.Dispute",
        of=("disputed_by",),
        taken=(Taken("projects.repositories.disputes", via="repository"),),
        loses=("ruled_by",),
        stays=MENTORS_WORDS,
    ),
    Line(
        "portfolio.Review",
        of=("project__owner",),
        taken=(
            Taken("projects.reviews", via="project"),
            Taken(
                "reviews-written",
                of=("reviewer",),
                without={"helpfulness": OTHERS, "helpfulness_note": OTHERS},
                only=sent,
            ),
        ),
        loses=("reviewer",),
        stays=MENTORS_WORDS,
    ),
    Line(
        "portfolio.Move",
        of=("review__project__owner",),
        taken=(Taken("projects.reviews.moves", via="review"),),
        loses=("moved_by",),
        stays=MENTORS_WORDS,
    ),
    Line(
        "portfolio.Score",
        of=("review__project__owner",),
        taken=(
            Taken("projects.reviews.scores", via="review"),
            Taken("reviews-written.scores", via="review"),
        ),
    ),
    Line(
        "portfolio.Endorsement",
        of=("review__project__owner",),
        taken=(
            Taken("projects.reviews.endorsements", via="review"),
            Taken("reviews-written.endorsements", via="review"),
        ),
    ),
    Line(
        "portfolio.Comment",
        of=("review__project__owner",),
        taken=(
            Taken("projects.reviews.comments", via="review", only=told),
            Taken("reviews-written.comments", via="review", only=told),
        ),
        loses=("author", "resolved_by"),
        stays=MENTORS_WORDS,
        goes="Comments that were not sent go, too.",
        also=lambda person: Comment.objects.filter(author=person, sent_at=None),
    ),
    Line(
        "portfolio.Draft",
        of=("mentor", "review__project__owner"),
        taken=(Taken("review-drafts", of=("mentor",)),),
    ),
    Line(
        "portfolio.Report",
        of=("review__project__owner",),
        taken=(Taken("reports", of=("reporter",), without={"handled_by": OTHERS}),),
        loses=("reporter", "handled_by"),
        stays="Staff look after what was reported, whoever did.",
    ),
    Line("portfolio.Snippet", of=("mentor",), taken=(Taken("snippets", back=Back()),)),
    Line(
        "portfolio.PrivateNote",
        of=("mentor", "learner"),
        taken=(Taken("private-notes", of=("mentor",)),),  # what one wrote; never what others did
    ),
    Line(
        "portfolio.Listing",
        of=("repository__project__owner",),
        because=FILES,
        kept=AS_REVIEWED,
        forget=sources.forget,
    ),
    Line(
        "portfolio.Source",
        of=("repository__project__owner",),
        because=FILES,
        kept=AS_REVIEWED,
        forget=sources.forget,
    ),
    Line(
        "portfolio.Story",
        of=("owner",),
        taken=(Taken("stories", back=Back(shapes={"themes": words_of(Story.Theme)})),),
    ),
    Line(
        "portfolio.Resume",
        of=("owner",),
        taken=(
            Taken(
                "resumes",
                back=Back(
                    put={"is_public": False},
                    shapes={"links": WORDS, "section_order": words_of(Section)},
                ),
            ),
        ),
    ),
    Line(
        "portfolio.ResumeEntry",
        of=("owner",),
        taken=(Taken("resume-entries", back=Back(shapes={"keywords": WORDS})),),
    ),
    Line(
        "portfolio.ResumeLine",
        of=("entry__owner",),
        taken=(Taken("resume-entries.lines", via="entry", back=Back(put={"proof_words": ""})),),
    ),
    Line(
        "portfolio.EntryChoice",
        of=("resume__owner",),
        taken=(Taken("resumes.entry_choices", via="resume", back=Back()),),
    ),
    Line(
        "portfolio.LineChoice",
        of=("resume__owner",),
        taken=(Taken("resumes.line_choices", via="resume", back=Back()),),
    ),
    Line(
        "portfolio.SkillChoice",
        of=("resume__owner",),
        taken=(Taken("resumes.skill_choices", via="resume", back=Back()),),
    ),
)


def case_studies(person: User) -> Iterator[tuple[str, str]]:
    """Each project as its page tells it."""
    for project in person.projects.prefetch_related("repositories"):
        lines = [f"# {project.title}", project.summary]
        lines += [
            f"<{settings.GITHUB_URL}/{found.full_name}>" for found in project.repositories.all()
        ]
        lines += [f"## {heading}\n\n{text}" for heading, text in project.case_study]
        yield f"case-studies/{project.slug}.md", _joined(lines)


def reviews(person: User) -> Iterator[tuple[str, str]]:
    """The reviews that a person received, by project, and those that they wrote."""
    answers = Review.objects.submitted().select_related("project", "reviewer__profile")
    answers = answers.prefetch_related("comments__author__profile").order_by("submitted_at", "pk")
    for project in person.projects.all():
        received = [_review(review, by=True) for review in answers.filter(project=project)]
        if received:
            title = f"# Reviews of {project.title}"
            yield f"reviews-received/{project.slug}.md", _joined([title, *received])
    written = [_review(review, by=False) for review in answers.filter(reviewer=person)]
    if written:
        yield "reviews-written.md", _joined(["# Reviews that I wrote", *written])


def stories(person: User) -> Iterator[tuple[str, str]]:
    """What a person tells in interviews, on one page."""
    told = [
        _joined(
            [
                f"## {story.title}",
                *(
                    f"**{part.capitalize()}.** {getattr(story, part)}"
                    for part in story.PARTS
                    if getattr(story, part).strip()
                ),
            ]
        )
        for story in person.stories.all()
    ]
    if told:
        yield "stories.md", _joined(["# Stories", *told])


def resumes(person: User) -> Iterator[tuple[str, str]]:
    """Each résumé as its owner downloads it."""
    for resume in person.resumes.select_related("owner__profile"):
        text = resume_formats.as_markdown(resume_document.of(resume))
        yield f"resumes/{slugify(resume.name) or 'resume'}-{resume.pk}.md", text


def _review(review: Review, *, by: bool) -> str:
    who = review.reviewer.get_full_name() if review.reviewer else "a former mentor"
    heading = (
        f"{review.get_verdict_display()}, {review.submitted_at:%d %B %Y}, at {review.short_sha}"
    )
    return _joined(
        [
            f"## {heading}" + (f", by {who}" if by else f": {review.project}"),
            *(f"**{name}.** {text}" for name, text in review.sentences),
            review.body,
            *(
                f"- `{comment.path}:{comment.line}` {comment.body}"
                for comment in review.comments.all()
                if comment.sent_at
            ),
        ]
    )


def _joined(paragraphs: list[str]) -> str:
    return "\n\n".join(text for text in paragraphs if text.strip())


add_texts("case-studies", case_studies)
add_texts("reviews", reviews)
add_texts("stories", stories)
add_texts("resumes", resumes)


def pictures(person: User) -> Iterator[tuple[str, bytes]]:
    """The images of one's case studies, by project; each named by its key, which the data name too."""
    for image in CaseImage.objects.filter(project__owner=person).select_related("project"):
        if data := images.bytes_of(image):
            yield f"images/{image.project.slug}/{image.key}.{image.kind}", data


def count_pictures(person: User, entries: Entries, content: Content) -> int:
    """How many images would come: of projects that have none here, as far as their files are there."""
    shown = set(person.projects.exclude(images=None).values_list("slug", flat=True))
    return sum(
        content(_path_of(slug, image)) is not None
        for slug, image, _where in _pictures_in(entries)
        if slug not in shown
    )


def bring_pictures(person: User, entries: Entries, content: Content) -> int:
    """Write the images of projects that have none here anew, as if they were uploaded; how many.

    Raises Refused for what is no image that we would keep, and for too many of them.
    """
    number = 0
    own = {project.slug: project for project in person.projects.filter(images=None)}
    for slug, image, where in _pictures_in(entries):
        if project := own.get(slug):
            number += _bring_picture(project, image, content, where)
            if number > MOST_PICTURES:
                raise Refused(where, _("There are more images than can be brought at once."))
    return number


def _pictures_in(entries: Entries) -> Iterator[tuple[str, Any, str]]:
    """Each image that the projects of a takeout name: its project's slug, what is said of it, and where.

    Of two projects with one slug the first counts, as with their rows.
    """
    seen = set()
    for place, entry in enumerate(entries.get("projects", []), 1):
        slug, said = str(entry.get("slug")), entry.get("images")
        if slug not in seen and isinstance(said, list):
            for each, image in enumerate(said, 1):
                yield slug, image, f"data/projects.json, entry {place}, images {each}"
        seen.add(slug)


def _path_of(slug: str, image: Any) -> str:
    """Where the file of an image lies in a takeout."""
    said = image if isinstance(image, dict) else {}
    return f"images/{slug}/{said.get('key')}.{said.get('kind')}"


def _bring_picture(project: Project, image: Any, content: Content, where: str) -> bool:
    """One image with its words; whether there was one."""
    words = ImageWordsForm(image if isinstance(image, dict) else {})
    if not words.is_valid():
        raise Refused(where, _("It needs words that stand for it."))
    data = content(_path_of(project.slug, image))
    if data is None:
        return False
    try:
        images.add(project, data, **words.cleaned_data, longest=pixels.LONGEST_KEPT)
    except pixels.Refused as error:
        if error.reason == pixels.Reason.TOO_MANY_PIXELS:
            raise Refused(where, _("It has more pixels than any image that was kept.")) from error
        raise Refused(where, str(ImageForm.WORDS[error.reason])) from error
    except images.TooMany as error:
        raise Refused(where, _("The project has as many images as it may.")) from error
    return True


add_files("images", pictures, back=FilesBack(count_pictures, bring_pictures))
