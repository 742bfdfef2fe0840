"""Where staff look when something is stuck. Records of checks and reviews are read, not edited."""

from django.contrib import admin
from django.db import models

from accounts.admin import Watched
from portfolio import reports
from portfolio.models import (
    CheckRun,
    DemoLink,
    Dispute,
    Finding,
    Project,
    Report,
    Repository,
    Review,
)


class ReadOnly:
    """Rows that only the product writes."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class RepositoryInline(admin.TabularInline):
    model = Repository
    extra = 0
    fields = ["full_name", "ref", "folder", "standing", "standing_since"]
    readonly_fields = ["standing", "standing_since"]


@admin.register(Project)
class ProjectAdmin(Watched, admin.ModelAdmin):
    of_whom = ["owner"]
    list_display = ["title", "owner", "visibility", "created_at"]
    list_filter = ["visibility"]
    search_fields = ["title", "slug", "owner__email", "owner__profile__handle"]
    autocomplete_fields = ["owner"]
    raw_id_fields = ["brief"]
    inlines = [RepositoryInline]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


class FindingInline(ReadOnly, admin.TabularInline):
    model = Finding
    extra = 0
    fields = ["check_name", "outcome", "state", "confidence", "summary"]
    can_delete = False


@admin.register(CheckRun)
class CheckRunAdmin(Watched, ReadOnly, admin.ModelAdmin):
    of_whom = ["repository.project.owner"]
    list_display = ["repository", "status", "conclusion", "reason", "requested_at", "attempts"]
    list_filter = ["status", "conclusion", "reason"]
    list_select_related = ["repository"]
    search_fields = ["repository__full_name", "head_sha"]
    date_hierarchy = "requested_at"
    inlines = [FindingInline]


@admin.register(Review)
class ReviewAdmin(Watched, ReadOnly, admin.ModelAdmin):
    of_whom = ["project.owner"]
    exclude = ["helpfulness", "helpfulness_note"]  # for the learner's own eyes
    list_display = ["project", "reviewer", "status", "verdict", "requested_at", "submitted_at"]
    list_filter = ["status", "verdict", "is_asked"]
    list_select_related = ["project", "reviewer"]
    search_fields = ["project__title", "reviewer__email"]


@admin.register(Report)
class ReportAdmin(Watched, ReadOnly, admin.ModelAdmin):
    """Reviews that somebody told staff about; what is open stands first."""

    of_whom = ["review.project.owner", "reporter"]

    list_display = ["review", "reason", "reporter", "reported_at", "handled_at", "handled_by"]
    list_filter = [("handled_at", admin.EmptyFieldListFilter), "reason"]
    list_select_related = ["review__project", "reporter", "handled_by"]
    ordering = ["handled_at", "-reported_at"]
    actions = ["settle"]

    @admin.action(description="Looked into", permissions=["view"])
    def settle(self, request, queryset):
        count = reports.settle(queryset, request.user)
        self.message_user(request, f"{count} settled.")


@admin.register(Dispute)
class DisputeAdmin(Watched, ReadOnly, admin.ModelAdmin):
    of_whom = ["repository.project.owner"]
    list_display = ["repository", "check_name", "disputed_by", "ruling", "ruled_by", "disputed_at"]
    list_filter = ["ruling", "check_name"]
    list_select_related = ["repository", "disputed_by", "ruled_by"]
    search_fields = ["repository__full_name", "sentence"]


@admin.register(DemoLink)
class DemoLinkAdmin(Watched, ReadOnly, admin.ModelAdmin):
    of_whom = ["project.owner"]
    list_display = ["project", "url", "outcome", "status", "looked_at", "next_look_at"]
    list_filter = ["outcome"]
    list_select_related = ["project"]
    search_fields = ["url", "project__title"]
