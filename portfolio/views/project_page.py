"""One project as its owner, a mentor or a reader sees it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.mentorships import mentors_of
from portfolio import demo_links, verdicts
from portfolio.forms import ReviewRequestForm
from portfolio.models import CheckRun, Project, Review
from portfolio.verdicts import Reader


def project_page(
    request: HttpRequest, project: Project, form: ReviewRequestForm | None = None
) -> HttpResponse:
    """The page of a project that the person may see; what they may do there depends on who they are.

    The form is a request for a review that was not accepted: its words are kept on the page.
    """
    reader = verdicts.reader_of(project, request.user)
    is_owner, is_mentor = reader == Reader.OWNER, reader == Reader.MENTOR
    repositories = list(project.repositories.select_related("access"))
    pictures = verdicts.of_many(repositories, reader=reader)
    reviews = list(project.reviews.select_related("reviewer__profile", "check_run__repository"))
    context = {
        "project": project,
        "is_owner": is_owner,
        "is_mentor": is_mentor,
        "is_insider": is_owner or is_mentor,
        "demo": demo_links.of(project),
        "pictures": verdicts.in_detail((pictures[r.pk] for r in repositories), project),
        "shows_repository": len(repositories) > 1,
        "runs": CheckRun.objects.visible_to(request.user).of(project).latest_runs(),
        "reviews": [r for r in reviews if r.status == Review.Status.SUBMITTED],
        "open_request": next((r for r in reviews if r.is_open), None),
        "has_mentor": is_owner and mentors_of(project.owner).exists(),
        "review_request_form": form or (ReviewRequestForm() if is_owner else None),
    }
    return render(request, "portfolio/project.html", context, status=422 if form else 200)
