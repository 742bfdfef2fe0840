"""A review that one side tells staff about."""

import pytest
from django.contrib.messages import get_messages

from portfolio import reports, reviews
from portfolio.models import Report
from tests.factories import make_check_run, make_project


@pytest.fixture
def review(ada, grace):
    project = make_project(ada, slug="engine", title="Engine")
    run = make_check_run(project)
    return reviews.submit(project, reviewer=grace, verdict="approved", body="Good.", check_run=run)


def test_the_learner_reports_and_the_mentor_is_not_told(review, ada, grace, as_user):
    address = f"/reviews/{review.pk}/report/"
    answer = as_user(ada).post(address, {"reason": "unkind", "text": "It calls me names."})

    assert answer.status_code == 302
    report = Report.objects.get()
    assert (report.reporter, report.reason, report.text) == (ada, "unkind", "It calls me names.")
    assert "Reported." in as_user(ada).get(f"/reviews/{review.pk}/").content.decode()
    page = as_user(grace).get(f"/reviews/{review.pk}/").content.decode()
    assert "calls me names" not in page
    assert "Reported" not in page


def test_a_mentor_reports_too(review, grace, as_user):
    as_user(grace).post(f"/reviews/{review.pk}/report/", {"reason": "copied"})
    assert Report.objects.get().reporter == grace


def test_telling_again_changes_the_words_of_the_one_report(review, ada):
    reports.report(review, ada, reason="unkind", text="Names.")
    reports.report(review, ada, reason="unfair", text="It is about my accent.")

    assert Report.objects.get().text == "It is about my accent."


def test_after_staff_looked_there_may_be_another(review, ada, katherine):
    reports.report(review, ada, reason="unkind")
    assert reports.settle(Report.objects.all(), katherine) == 1
    assert reports.settle(Report.objects.all(), katherine) == 0

    reports.report(review, ada, reason="unkind", text="Again.")

    assert Report.objects.count() == 2
    assert Report.objects.get(text="").handled_by == katherine


def test_what_is_wrong_has_to_be_said_and_words_are_kept(review, ada, as_user):
    answer = as_user(ada).post(f"/reviews/{review.pk}/report/", {"text": "Look at it."})

    assert answer.status_code == 422
    assert "Choose what is wrong" in answer.content.decode()
    assert "Look at it." in answer.content.decode()
    assert not Report.objects.exists()


def test_a_stranger_has_no_such_page(review, eve, as_user):
    assert (
        as_user(eve).post(f"/reviews/{review.pk}/report/", {"reason": "other"}).status_code == 404
    )


def test_staff_read_it_and_say_that_they_looked(review, ada, katherine, as_user):
    reports.report(review, ada, reason="unkind", text="It calls me names.")
    client = as_user(katherine)

    assert (
        "calls me names"
        in client.get(f"/admin/portfolio/report/{Report.objects.get().pk}/change/").content.decode()
    )
    answer = client.post(
        "/admin/portfolio/report/",
        {"action": "settle", "_selected_action": [Report.objects.get().pk]},
    )

    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["1 settled."]
    assert Report.objects.get().handled_by == katherine
