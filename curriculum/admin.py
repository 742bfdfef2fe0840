"""The curriculum in the admin: content to look at, since its files rule it, and enrollments."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest

from curriculum.models import (
    Brief,
    Criterion,
    Enrollment,
    Module,
    ModuleSkill,
    Question,
    Requirement,
    Resource,
    Roadmap,
    Role,
    Rubric,
    Rung,
    Skill,
    SkillCategory,
    Stage,
    Unit,
    UnitCompletion,
    UnitResource,
    UnitSkip,
)


class ReadOnly:
    """Nothing to add, change or delete: the content's files are the place for that."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ContentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "slug", "retired_at"]
    list_filter = [("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["slug", "title"]


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    extra = 0


class ModuleSkillInline(ReadOnlyInline):
    model = ModuleSkill


class UnitResourceInline(ReadOnlyInline):
    model = UnitResource


class BriefInline(ReadOnly, admin.StackedInline):
    model = Brief


class RequirementInline(ReadOnlyInline):
    model = Requirement
    fields = ["is_required", "position", "skill_names"]
    readonly_fields = ["skill_names"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("skills")

    @admin.display(description="skills")
    def skill_names(self, requirement: Requirement) -> str:
        return " or ".join(skill.name for skill in requirement.skills.all())


class CriterionInline(ReadOnlyInline):
    model = Criterion


class CompletionInline(ReadOnlyInline):
    model = UnitCompletion
    fields = ["unit", "completed_at", "reopened_at"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("unit")


class SkipInline(ReadOnlyInline):
    model = UnitSkip
    fields = ["unit", "reason", "skipped_at", "ended_at"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("unit")


@admin.register(Roadmap, Resource, SkillCategory)
class TitledAdmin(ContentAdmin):
    pass


@admin.register(Stage)
class StageAdmin(ContentAdmin):
    list_display = ["position", "title", "slug", "is_elective", "retired_at"]
    list_display_links = ["title"]


@admin.register(Module)
class ModuleAdmin(ContentAdmin):
    list_display = ["number", "title", "slug", "stage", "kind", "retired_at"]
    list_display_links = ["title"]
    list_select_related = ["stage"]
    list_filter = ["stage", "kind", ("retired_at", admin.EmptyFieldListFilter)]
    inlines = [ModuleSkillInline]


@admin.register(Unit)
class UnitAdmin(ContentAdmin):
    list_display = ["title", "slug", "module", "kind", "minutes", "retired_at"]
    list_select_related = ["module"]
    list_filter = ["kind", ("retired_at", admin.EmptyFieldListFilter), "module__stage"]
    inlines = [UnitResourceInline, BriefInline]


@admin.register(Skill)
class SkillAdmin(ContentAdmin):
    list_display = ["name", "slug", "category", "retired_at"]
    list_select_related = ["category"]
    list_filter = ["category", ("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["slug", "name"]


@admin.register(Role)
class RoleAdmin(ContentAdmin):
    list_display = ["title", "slug", "seniority", "rung", "retired_at"]
    list_select_related = ["rung"]
    inlines = [RequirementInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        """People's own roles are theirs alone."""
        return super().get_queryset(request).filter(owner=None)


@admin.register(Rung)
class RungAdmin(ContentAdmin):
    list_display = ["position", "title", "slug", "track", "retired_at"]
    list_display_links = ["title"]


@admin.register(Rubric)
class RubricAdmin(ContentAdmin):
    inlines = [CriterionInline]


@admin.register(Question)
class QuestionAdmin(ContentAdmin):
    list_display = ["prompt", "slug", "format", "difficulty", "retired_at"]
    list_filter = ["format", "difficulty", ("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["slug", "prompt"]


class RolesOfContentFilter(admin.RelatedFieldListFilter):
    """Choices of roles without people's own."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        return field.get_choices(include_blank=False, limit_choices_to=Q(owner=None))


@admin.register(Enrollment)
class EnrollmentAdmin(admin.ModelAdmin):
    """Somebody's own role stays unnamed here, and is not lost by a save."""

    list_display = ["learner", "roadmap", "aim", "weekly_hours", "enrolled_at"]
    list_select_related = ["learner", "roadmap", "target_role"]
    list_filter = [("target_role", RolesOfContentFilter)]
    search_fields = ["learner__email", "learner__profile__name", "learner__profile__handle"]
    autocomplete_fields = ["target_role"]
    readonly_fields = ["learner", "roadmap", "enrolled_at", "aim"]
    inlines = [CompletionInline, SkipInline]

    @admin.display(description="target role", ordering="target_role__position")
    def aim(self, enrollment: Enrollment) -> str:
        role = enrollment.target_role
        if role is None:
            return ""
        return "a role of their own" if role.is_own else role.title

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        role = "aim" if obj and obj.target_role and obj.target_role.is_own else "target_role"
        return ["learner", "roadmap", role, "weekly_hours", "enrolled_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
