"""The questions about a learner's own work: about a project, and about a line of a résumé.

Nothing is invented: a question names the number, the baseline, the file, the finding or the review that it
is about, and its answer lists what the learner wrote and what was seen.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from curriculum.models import Format
from curriculum.practice import Wording
from portfolio.evidence import Kind
from portfolio.models import Claim, Measurement, Project, Resume, Review
from portfolio.proofs import Proof, Standing
from portfolio.resume_document import Line

#: Of one project: numbers and claims that are asked about. Who asks about everything is asked nothing twice.
MOST_NUMBERS, MOST_CLAIMS = 3, 4
#: Of one résumé: lines that are asked about, from the top, as an interviewer goes through it.
MOST_LINES = 20
#: Letters of a prompt and of a point; the model holds 300 of each.
PROMPT, POINT = 300, 280
#: What the sources of these cards begin with.
KINDS = ("number/", "project/", "claim/", "line/")


@dataclass(frozen=True, slots=True)
class Question:
    """One question about a project or a line, and the source of its card."""

    source: str
    wording: Wording


def questions(project: Project) -> list[Question]:
    """What one could ask about a project, the numbers first. Wants it as `of` reads it."""
    found = [*_about_numbers(project), *_about_itself(project), *_about_claims(project)]
    return [Question(source, wording) for source, wording in found]


def about_lines(resume: Resume, lines: Iterable[Line]) -> list[Question]:
    """What one could ask about the lines that a résumé shows: one question a line, from the top."""
    return [
        Question(f"line/{line.line.pk}/true", _about_line(resume, line))
        for line in islice(lines, MOST_LINES)
    ]


def _about_line(resume: Resume, line: Line) -> Wording:
    proof = line.proof
    claim, measurement = line.line.claim, line.line.measurement
    if proof.standing == Standing.LOST:
        prompt = _("You write: “%(words)s”. Its proof is gone. Does the line still stand?")
    elif measurement:
        prompt = _("You write: “%(words)s”. Where is the number from, and compared with what?")
    elif proof.is_supported:
        prompt = _("You write: “%(words)s”. What was your part in it, and what was hard about it?")
    else:
        prompt = _(
            "You write: “%(words)s”. How could somebody who was not there see that it is true?"
        )
    points = [
        _("What speaks for it: %(words)s") % {"words": proof.words},
        *(_behind_number(measurement) if measurement else ()),
        *([_said(_("You say where to look"), claim.note)] if claim else ()),
        _("Your own part in it, and what others did."),
        _("What you tried first, and why it was not enough."),
        _("What you would cut from the line if you had to swear to it."),
    ]
    return Wording(
        format=Format.BEHAVIOURAL,
        prompt=Truncator(prompt % {"words": Truncator(line.words.rstrip(".")).chars(200)}).chars(
            PROMPT
        ),
        outline=tuple(Truncator(point).chars(POINT) for point in points if point),
        origin=Truncator(_("Defend: %(title)s") % {"title": resume.name}).chars(200),
        path=f"{resume.get_absolute_url()}#line-{line.line.pk}",
        facts={_("Line"): line.words, _("Proof"): _standing(proof)},
    )


def _behind_number(measurement: Measurement) -> list[str]:
    """Where a number was measured, and beside what."""
    if not measurement.baseline:
        return [
            _("You name no baseline: what happens today without your work?"),
            _proof(measurement),
        ]
    before = f"{measurement.baseline} {measurement.unit}".strip()
    values = {"before": before, "words": measurement.baseline_words}
    return [
        _("The baseline: %(before)s, %(words)s.") % values
        if measurement.baseline_words
        else _("The baseline: %(before)s. What it is you do not say.") % values,
        _proof(measurement),
    ]


def _standing(proof: Proof) -> str:
    """How a line stands, without the commit: a newer one that shows the same is no news."""
    if proof.standing == Standing.LOST:
        return _("lost")
    if not proof.is_supported:
        return _("your own word")
    if proof.demonstration is None:
        return _("number found in its file") if proof.measurement else _("merged")
    return _("endorsed") if proof.kind == Kind.ENDORSED else _("checks passed")


def _about_numbers(project: Project) -> Iterator[tuple[str, Wording]]:
    for measurement in list(project.measurements.all())[:MOST_NUMBERS]:
        number = f"{measurement.result} {measurement.unit}".strip()
        before = f"{measurement.baseline} {measurement.unit}".strip()
        values = {"metric": measurement.metric, "number": number, "before": before}
        facts = {
            _("Metric"): measurement.metric,
            _("Result"): number,
            _("Data"): measurement.data_set,
            _("File"): measurement.path,
        }
        if measurement.verdict and measurement.verdict != Measurement.Verdict.UNKNOWN:
            facts[_("Number in the file")] = _seen(measurement)
        yield (
            f"number/{measurement.pk}/metric",
            _wording(
                project,
                _("You say: %(metric)s %(number)s. Why this metric, and what does it hide?")
                % values,
                [
                    _("Which decision it serves, and what a worse value costs there."),
                    _said(_("The problem, in your words"), project.problem),
                    _("Measured on: %(data)s.") % {"data": measurement.data_set}
                    if measurement.data_set
                    else _("On which data it was measured: you do not say."),
                    _proof(measurement),
                    _("When this number would be good and the work still bad."),
                ],
                facts,
            ),
        )
        if measurement.baseline:
            prompt = _(
                "Your %(metric)s went from %(before)s to %(number)s. What was the baseline, and is it fair?"
            )
            points = [
                _("The baseline: %(words)s.") % {"words": measurement.baseline_words}
                if measurement.baseline_words
                else _("What the baseline is: you do not say."),
                _("Whether anybody uses it today, and how well a simpler idea would do."),
                _("That both were measured on the same data, in the same way."),
                _("How far chance alone moves the number."),
            ]
        else:
            prompt = _("You say: %(metric)s %(number)s. Compared with what?")
            points = [
                _("You name no baseline: what happens today without your work?"),
                _("The simplest thing that could do the job, and its number."),
                _("What an expert by hand reaches, if anybody does it by hand."),
            ]
        baseline = {_("Baseline"): before, _("What it is"): measurement.baseline_words}
        yield (
            f"number/{measurement.pk}/baseline",
            _wording(project, prompt % values, points, {_("Result"): number} | baseline),
        )


def _about_itself(project: Project) -> Iterator[tuple[str, Wording]]:
    title = {"title": Truncator(project.title).chars(100)}
    yield (
        f"project/{project.pk}/otherwise",
        _wording(
            project,
            _("What would you do differently in “%(title)s”, and what would it cost?") % title,
            [
                _said(_("What you chose, in your words"), project.approaches),
                _(
                    "One decision that you would take otherwise, and what you know now that you did not then."
                ),
                *_last_words(project),
                _("What you would leave as it is, and why."),
            ],
            {_("Approaches"): _there(project.approaches), _("Last review"): _last_verdict(project)},
        ),
    )
    failing = getattr(project, "failing", [])
    yield (
        f"project/{project.pk}/broke",
        _wording(
            project,
            _("What broke, or turned out wrong, on the way with “%(title)s”? How did you notice?")
            % title,
            [
                _("What you saw first, and how long it had been wrong."),
                _said(_("Your results, in your words"), project.results),
                _("The checks say today: %(checks)s.") % {"checks": ", ".join(failing)}
                if failing
                else _(
                    "No check that counts fails today; be ready to say which one would have caught it."
                ),
                _("What you built so that it cannot come back unnoticed."),
            ],
            {_("Failing checks"): ", ".join(failing), _("Results"): _there(project.results)},
        ),
    )


def _about_claims(project: Project) -> Iterator[tuple[str, Wording]]:
    for claim in list(project.claims.all())[:MOST_CLAIMS]:
        level = claim.get_level_display()
        values = {"skill": claim.skill.name, "level": level.lower(), "title": project.title}
        endorsed = _endorsed(claim, project)
        yield (
            f"claim/{claim.pk}/show",
            _wording(
                project,
                _("You claim %(skill)s (%(level)s) by “%(title)s”. Where in it do I see that?")
                % values,
                [
                    _said(_("You say where to look"), claim.note)
                    if claim.note
                    else _("A file and a line, from memory: you did not say where to look."),
                    endorsed or _("No mentor has confirmed it so far."),
                    _("The hardest question that you had to answer with it there."),
                    _("Where your knowledge of it ends."),
                ],
                {_("Level"): level, _("Where to look"): claim.note, _("Confirmed"): endorsed},
            ),
        )


def _wording(project: Project, prompt: str, points: list[str], facts: dict[str, str]) -> Wording:
    return Wording(
        format=Format.BEHAVIOURAL,
        prompt=Truncator(prompt).chars(PROMPT),
        outline=tuple(Truncator(point).chars(POINT) for point in points if point),
        origin=Truncator(_("Defend: %(title)s") % {"title": project.title}).chars(200),
        path=f"/projects/{project.slug}/",
        facts=facts,
    )


def _said(heading: str, text: str) -> str:
    """A heading with the beginning of what the learner wrote; "" where they wrote nothing."""
    words = " ".join(text.split())
    return f"{heading}: “{Truncator(words).chars(200)}”" if words else ""


def _there(text: str) -> str:
    """A text as a fact: that there is one. Who changed its words knows that they did."""
    return _("written") if text.strip() else ""


def _seen(measurement: Measurement) -> str:
    """What the last look at the file said."""
    if not measurement.has_proof:
        return _("no file named")
    return str(measurement.get_verdict_display()) if measurement.verdict else _("not looked at yet")


def _proof(measurement: Measurement) -> str:
    if measurement.is_verified:
        place = f"{measurement.path}:{measurement.line}" if measurement.line else measurement.path
        values = {"place": place, "sha": measurement.found_short_sha or measurement.short_sha}
        return _("It stands in %(place)s at %(sha)s.") % values
    if measurement.path:
        values = {"path": measurement.path, "seen": _seen(measurement)}
        return _("You name %(path)s: %(seen)s. Be ready for that.") % values
    return _("No file shows it: say how somebody could see it.")


def _last_review(project: Project) -> Review | None:
    answered = [review for review in project.reviews.all() if review.submitted_at]
    return max(answered, key=lambda review: (review.submitted_at, review.pk), default=None)


def _last_words(project: Project) -> list[str]:
    review = _last_review(project)
    return [_said(_("Your last review said"), review.gist)] if review else []


def _last_verdict(project: Project) -> str:
    review = _last_review(project)
    return f"{review.get_verdict_display()}, {review.short_sha}" if review else ""


def _endorsed(claim: Claim, project: Project) -> str:
    """Who confirmed the skill, at which level and commit; "" for nobody."""
    for review in sorted(project.reviews.all(), key=lambda each: each.pk, reverse=True):
        for endorsement in review.endorsements.all():
            if endorsement.skill_id == claim.skill_id:
                values = {
                    "name": review.reviewer.profile.name if review.reviewer else _("A mentor"),
                    "level": endorsement.get_level_display().lower(),
                    "sha": review.short_sha,
                }
                return _("%(name)s confirmed it (%(level)s) at %(sha)s.") % values
    return ""
