from django.urls import path

from portfolio.views import (
    access,
    check_runs,
    desk,
    disputes,
    evidence,
    home,
    projects,
    public,
    reviews,
    roles,
    webhooks,
)

app_name = "portfolio"

urlpatterns = [
    path("", home.home, name="home"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/<slug:slug>/", projects.project_detail, name="project"),
    path("projects/<slug:slug>/edit/", projects.project_edit, name="project_edit"),
    path("projects/<slug:slug>/delete/", projects.project_delete, name="project_delete"),
    path("projects/<slug:slug>/repositories/", projects.repository_link, name="repository_link"),
    path(
        "projects/<slug:slug>/repositories/<int:pk>/unlink/",
        projects.repository_unlink,
        name="repository_unlink",
    ),
    path(
        "projects/<slug:slug>/repositories/<int:pk>/relink/",
        projects.repository_relink,
        name="repository_relink",
    ),
    path(
        "projects/<slug:slug>/repositories/<int:pk>/webhook/",
        webhooks.switch,
        name="switch_webhook",
    ),
    path(
        "projects/<slug:slug>/repositories/<int:pk>/access/",
        access.give_access,
        name="give_access",
    ),
    path(
        "projects/<slug:slug>/repositories/<int:pk>/access/withdraw/",
        access.withdraw_access,
        name="withdraw_access",
    ),
    path("webhooks/github/<int:pk>/", webhooks.receive, name="webhook"),
    path("projects/<slug:slug>/check/", check_runs.request_check_run, name="request_check_run"),
    path("projects/<slug:slug>/review/", reviews.request_review, name="request_review"),
    path("projects/<slug:slug>/review/withdraw/", reviews.withdraw_review, name="withdraw_review"),
    path("repositories/<int:pk>/checks/", check_runs.repository_checks, name="repository_checks"),
    path("checks/", check_runs.check_list, name="checks"),
    path("check-runs/<int:pk>/", check_runs.check_run_detail, name="check_run"),
    path("findings/<int:pk>/dispute/", disputes.dispute_finding, name="dispute_finding"),
    path("disputes/<int:pk>/", disputes.rule_on_dispute, name="dispute"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/compare/", roles.role_compare, name="role_compare"),
    path("roles/<slug:slug>/", roles.role_detail, name="role"),
    path("evidence/", evidence.evidence_list, name="evidence"),
    path("mentoring/", desk.desk, name="desk"),
    path("mentoring/<slug:handle>/", desk.learner_detail, name="learner"),
    path("@<slug:handle>/", public.profile_detail, name="profile"),
    path("@<slug:handle>/<slug:slug>/", public.project_detail, name="public_project"),
    path("@<slug:handle>/<slug:slug>/review/", reviews.write_review, name="write_review"),
]
