"""The curriculum in the admin: content to edit beside its files, and enrollments.

An edit here lives in the database until `export_curriculum` brings it into the files; a load does not
undo it unasked.
"""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import (
    CharField,
    Exists,
    Field,
    JSONField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    SlugField,
    Subquery,
    URLField,
)
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import Watched
from curriculum import loader
from curriculum.loader import edits, schemas
from curriculum.loader.files import UNWANTED_CHARACTER
from curriculum.models import (
    Brief,
    Criterion,
    Enrollment,
    FileEntry,
    MockInterview,
    Module,
    ModuleSkill,
    Question,
    Requirement,
    RequirementSkill,
    Resource,
    ResourceLink,
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

LONG = 120  # characters from which a text gets a box of several lines
#: What the files may hold under the name of a column; where the two names differ, see COLUMNS.
SCHEMAS: dict[type[Model], dict[str, Any]] = {
    Roadmap: schemas.SCHEMAS["roadmap"],
    Stage: schemas.STAGE,
    Module: schemas.MODULE,
    Unit: schemas.UNIT,
    Brief: schemas.BRIEF,
    UnitResource: schemas.READING,
    Resource: schemas.RESOURCE,
    Skill: schemas.SKILL,
    SkillCategory: schemas.TITLED,
    Role: schemas.ROLE,
    Rung: schemas.RUNG,
    Rubric: schemas.RUBRIC,
    Criterion: schemas.CRITERION,
    Question: schemas.QUESTION,
}
COLUMNS: dict[tuple[type[Model], str], str] = {
    (Skill, "behaviours"): "levels",
    (Unit, "questions"): "checks",
}
HELP: dict[str, Any] = {
    "slug": _("Its identity: small letters, digits and single hyphens. It cannot change later."),
    "position": _("Its place among its kind. Of two with the same number the older comes first."),
    "number": _("Its place along the whole roadmap; counted anew along the stages after a save."),
    "short_title": _("For drawings, at most 20 characters. May be left out."),
    "summary": _("What it is, in a sentence or two."),
    "goal": _("What it is for."),
    "choose": _("How to choose among electives. Only for an elective stage."),
    "minutes": _("Of study, a multiple of 15."),
    "outcome": _("What one can do afterwards, starting with a verb; no two units have the same."),
    "questions": _("JSON: a list of {\"prompt\": …, \"answer\": …}. A checkpoint must have some."),
    "acceptance": _("JSON: a list of {\"criterion\": …, \"text\": …}, the criterion from project-review."),
    "behaviours": _("JSON: what one can be seen doing at aware, working, practitioner and expert."),
    "expectations": _("JSON: a list of {\"skill\": …, \"level\": …}."),
    "prerequisites": _("Modules that it builds on directly. Advice to a learner, never a lock."),
    "part": _("Which part of it is meant; all of it, if blank."),
    "aliases": _("What job adverts call it, one a line."),
}  # fmt: skip
ONE_A_LINE = _("One a line.")


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 5, "cols": 100})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        if isinstance(value, list):
            return value
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Only ours: those of a text mean a text."""
        if value:
            for validator in self.validators:
                if isinstance(validator, FitsFile):
                    validator(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class JSONText(forms.JSONField):
    """JSON as people read it: indented, letters as they are."""

    widget = forms.Textarea(attrs={"rows": 10, "cols": 100})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):  # typed, and perhaps not JSON
            return value
        return json.dumps(value, indent=2, ensure_ascii=False)

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return [] if found is None else found


class TextField(forms.CharField):
    """A text with plain line ends, as the files have them."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class FitsFile:
    """A validator: what is typed here must be able to stand in the content files."""

    def __init__(self, schema: schemas.Schema):
        self.schema = schema

    def __call__(self, value: Any) -> None:
        found = list(schemas.complaints(self.schema, value))
        if unwanted := UNWANTED_CHARACTER.search(json.dumps(value, ensure_ascii=False)):
            found.append(f"holds the control character U+{ord(unwanted[0]):04X}")
        if found:
            raise ValidationError([f"{sentence[:1].upper()}{sentence[1:]}." for sentence in found])


def formfield(model: type[Model], field: Field, made: Callable[..., Any]) -> Any:
    """The form field of a column, checked as the files are; `made` makes Django's own."""
    key = COLUMNS.get((model, field.name), field.name)
    schema = SCHEMAS.get(model, {}).get("properties", {}).get(key)
    if schema is None or field.is_relation or field.choices:
        found = made()
    elif isinstance(field, JSONField):
        is_list = schema.get("items", {}).get("type") == "string"
        found = (LinesField if is_list else JSONText)(
            label=field.verbose_name.capitalize(),
            initial=field.get_default(),
            required=key in SCHEMAS[model]["required"] and bool(schema.get("minItems", 1)),
            help_text=ONE_A_LINE if is_list else "",
        )
        found.empty_values = [None, "", [], {}]
    elif model is Resource and field.name == "kind":
        found = forms.ChoiceField(choices=[(kind, kind) for kind in schemas.RESOURCE_KINDS])
    else:
        is_text = isinstance(field, CharField) and not isinstance(field, (SlugField, URLField))
        found = made(form_class=TextField) if is_text else made()
        if isinstance(field, CharField):
            found.required = key in SCHEMAS[model]["required"]
            if (field.max_length or 0) > LONG and not isinstance(field, URLField):
                found.widget = forms.Textarea(attrs={"rows": 3, "cols": 100})
    if found is None:
        return None
    if schema and not field.is_relation and not field.choices:
        found.validators = [*found.validators, FitsFile(schema)]
    found.help_text = HELP.get(field.name, found.help_text)
    return found


class LooksLikeFiles:
    """Form fields that take what the files take."""

    model: type[Model]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        made = super().formfield_for_dbfield  # type: ignore[misc]
        return formfield(
            self.model, db_field, lambda **more: made(db_field, request, **kwargs, **more)
        )


class Undeletable:
    """Learners have a history with content: it retires and is never deleted."""

    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(Undeletable):
    """Nothing to add, change or delete."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class FilesFilter(admin.SimpleListFilter):
    """Which entries are not as the files last held them."""

    title = _("files")
    parameter_name = "files"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("edited", _("edited here")),
            ("made", _("made here, in no file")),
            ("same", _("as in the files")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "edited":
                return queryset.filter(edited_here_at__isnull=False)
            case "made":
                return queryset.filter(is_in_files=False)
            case "same":
                return queryset.filter(is_in_files=True, edited_here_at=None)
        return queryset


class ContentAdmin(LooksLikeFiles, Undeletable, admin.ModelAdmin):
    list_display = ["__str__", "slug", "edited_here", "retired_at"]
    list_filter = [FilesFilter, ("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["slug", "title"]
    actions = ["retire", "bring_back"]
    save_on_top = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        held = FileEntry.objects.filter(kind=edits.KINDS[self.model], slug=OuterRef("slug"))
        edited = held.filter(edited_at__isnull=False).order_by("edited_at").values("edited_at")
        return (
            super()
            .get_queryset(request)
            .annotate(is_in_files=Exists(held), edited_here_at=Subquery(edited[:1]))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*(["slug"] if obj else []), "retired_at", "in_files"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        return ["in_files", *(name for name in fields if name != "in_files")]

    @admin.display(description=_("edited here"), ordering="edited_here_at")
    def edited_here(self, row: Any) -> str:
        if not row.is_in_files:
            return str(_("made here"))
        return (
            date_format(row.edited_here_at, "SHORT_DATETIME_FORMAT") if row.edited_here_at else ""
        )

    @admin.display(description=_("in the files"))
    def in_files(self, row: Any) -> str:
        if row.pk is None or (differing := edits.of(row)) is None:
            return str(_("In no file. export_curriculum writes it into one."))
        if differing:
            return str(
                _("Edited here: %(keys)s. export_curriculum brings that into the files.")
                % {"keys": ", ".join(differing)}
            )
        return str(_("As the files hold it."))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only what was typed is written: the rest may have been loaded meanwhile."""
        loader.lock()
        if not change:
            obj.save()
            return
        columns = {field.name for field in obj._meta.concrete_fields}
        if names := columns.intersection(form.changed_data):
            obj.save(update_fields=names)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        edits.write_down()

    @admin.action(description=_("Retire: learners keep what they did"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = edits.retire(queryset)
        words = ngettext("%(count)d retired.", "%(count)d retired.", count) % {"count": count}
        self.message_user(request, words, messages.SUCCESS)

    @admin.action(description=_("Bring back what is retired"), permissions=["change"])
    def bring_back(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = edits.bring_back(queryset)
        words = ngettext("%(count)d brought back.", "%(count)d brought back.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS)


class RowsBelow(LooksLikeFiles, admin.TabularInline):
    extra = 0


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    extra = 0


class ModuleSkillInline(RowsBelow):
    model = ModuleSkill


class UnitResourceInline(RowsBelow):
    model = UnitResource
    autocomplete_fields = ["resource"]


class BriefInline(Undeletable, LooksLikeFiles, admin.StackedInline):
    """Not to be deleted: projects point at it."""

    model = Brief
    extra = 0


class RequirementInline(ReadOnlyInline):
    """Clauses have their own page, where their skills are chosen."""

    model = Requirement
    fields = ["is_required", "position", "skill_names"]
    readonly_fields = ["skill_names"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("skills")

    @admin.display(description="skills")
    def skill_names(self, requirement: Requirement) -> str:
        return " or ".join(skill.name for skill in requirement.skills.all())


class RequirementSkillInline(admin.TabularInline):
    model = RequirementSkill
    extra = 0
    min_num = 1
    validate_min = True


class CriterionInline(Undeletable, RowsBelow):
    model = Criterion
    readonly_fields = ["slug", "retired_at"]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


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


class RolesOfContentFilter(admin.RelatedFieldListFilter):
    """Choices of roles without people's own."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        return field.get_choices(include_blank=False, limit_choices_to=Q(owner=None))


@admin.register(Roadmap)
class RoadmapAdmin(ContentAdmin):
    list_display = ["title", "slug", "position", "edited_here", "retired_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A roadmap begins as files: without stages it is none."""
        return False


@admin.register(Resource, SkillCategory)
class TitledAdmin(ContentAdmin):
    pass


@admin.register(ResourceLink)
class ResourceLinkAdmin(ReadOnly, admin.ModelAdmin):
    """What was seen, row by row; /staff/resources/ says what it means."""

    list_display = ["url", "outcome", "status", "looked_at", "failures", "next_look_at"]
    list_filter = ["outcome"]
    search_fields = ["url"]


@admin.register(Stage)
class StageAdmin(ContentAdmin):
    list_display = ["position", "title", "slug", "is_elective", "edited_here", "retired_at"]
    list_display_links = ["title"]
    list_filter = [*ContentAdmin.list_filter, "roadmap"]


@admin.register(Module)
class ModuleAdmin(ContentAdmin):
    list_display = ["number", "title", "slug", "stage", "kind", "edited_here", "retired_at"]
    list_display_links = ["title"]
    list_select_related = ["stage"]
    list_filter = [*ContentAdmin.list_filter, "kind", "stage"]
    autocomplete_fields = ["prerequisites"]
    inlines = [ModuleSkillInline]


@admin.register(Unit)
class UnitAdmin(ContentAdmin):
    list_display = ["title", "slug", "module", "kind", "minutes", "edited_here", "retired_at"]
    list_select_related = ["module"]
    list_filter = [*ContentAdmin.list_filter, "kind", "module__stage"]
    autocomplete_fields = ["module"]
    inlines = [UnitResourceInline, BriefInline]


@admin.register(Skill)
class SkillAdmin(ContentAdmin):
    list_display = ["name", "slug", "category", "edited_here", "retired_at"]
    list_select_related = ["category"]
    list_filter = [*ContentAdmin.list_filter, "category"]
    search_fields = ["slug", "name"]


@admin.register(Role)
class RoleAdmin(ContentAdmin):
    list_display = ["title", "slug", "seniority", "rung", "edited_here", "retired_at"]
    list_select_related = ["rung"]
    exclude = ["owner"]
    autocomplete_fields = ["next_roles"]
    inlines = [RequirementInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        """People's own roles are theirs alone."""
        return super().get_queryset(request).filter(owner=None)


@admin.register(Requirement)
class RequirementAdmin(admin.ModelAdmin):
    """One clause of a role: any one of its skills is enough."""

    list_display = ["role", "is_required", "position"]
    list_select_related = ["role"]
    list_filter = ["is_required", ("role", RolesOfContentFilter)]
    fields = ["role", "is_required", "position"]
    inlines = [RequirementSkillInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(role__owner=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["role", "is_required"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role":
            kwargs["queryset"] = Role.objects.of_content()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        loader.lock()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        edits.write_down()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        loader.lock()
        super().delete_model(request, obj)
        edits.write_down()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().delete_queryset(request, queryset)
        edits.write_down()


@admin.register(Rung)
class RungAdmin(ContentAdmin):
    list_display = ["position", "title", "slug", "track", "edited_here", "retired_at"]
    autocomplete_fields = ["next_rungs"]
    list_display_links = ["title"]


@admin.register(Rubric)
class RubricAdmin(ContentAdmin):
    inlines = [CriterionInline]


@admin.register(Question)
class QuestionAdmin(ContentAdmin):
    list_display = ["prompt", "slug", "format", "difficulty", "edited_here", "retired_at"]
    list_filter = [*ContentAdmin.list_filter, "format", "difficulty"]
    autocomplete_fields = ["skills"]
    search_fields = ["slug", "prompt"]


@admin.register(MockInterview)
class MockInterviewAdmin(Watched, ReadOnly, admin.ModelAdmin):
    """Who met whom and what became of it; what was said between the two is not shown here."""

    of_whom = ["learner", "interviewer"]
    fields = [
        "learner", "interviewer", "state", "formats", "minutes", "starts_at", "proposed_at",
        "changed_at",
    ]  # fmt: skip
    list_display = ["learner", "interviewer", "state", "starts_at", "proposed_at"]
    list_filter = ["state"]
    list_select_related = ["learner", "interviewer"]
    search_fields = ["learner__email", "interviewer__email"]


@admin.register(Enrollment)
class EnrollmentAdmin(Watched, admin.ModelAdmin):
    """Somebody's own role stays unnamed here, and is not lost by a save."""

    of_whom = ["learner"]

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
