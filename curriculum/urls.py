from django.urls import path

from curriculum.views import (
    adverts,
    declarations,
    enrollments,
    plan,
    roadmap,
    roles,
    skills,
    study,
    units,
)

app_name = "curriculum"

urlpatterns = [
    path("roadmap/", roadmap.roadmap, name="roadmap"),
    path("modules/<slug:slug>/", roadmap.module_detail, name="module"),
    path("modules/<slug:slug>/skip/", roadmap.skip_module, name="skip_module"),
    path("modules/<slug:slug>/unskip/", roadmap.unskip_module, name="unskip_module"),
    path("units/<slug:slug>/", units.unit_detail, name="unit"),
    path("units/<slug:slug>/complete/", units.complete_unit, name="complete_unit"),
    path("units/<slug:slug>/reopen/", units.reopen_unit, name="reopen_unit"),
    path("units/<slug:slug>/skip/", units.skip_unit, name="skip_unit"),
    path("units/<slug:slug>/unskip/", units.unskip_unit, name="unskip_unit"),
    path("skills/", skills.skill_list, name="skills"),
    path("skills/<slug:slug>/", skills.skill_detail, name="skill"),
    path("skills/<slug:slug>/declare/", declarations.declare_skill, name="declare_skill"),
    path("skills/<slug:slug>/take-back/", declarations.take_back_skill, name="take_back_skill"),
    path("background/", declarations.background, name="background"),
    path("roles/new/", adverts.role_new, name="role_new"),
    path("roles/new/confirm/", adverts.role_confirm, name="role_confirm"),
    path("roles/<slug:slug>/edit/", adverts.role_edit, name="role_edit"),
    path("roles/<slug:slug>/delete/", adverts.role_delete, name="role_delete"),
    path("roles/<slug:slug>/aim/", roles.aim_for_role, name="aim_for_role"),
    path("ladder/", roles.ladder, name="ladder"),
    path("enrollment/", enrollments.enrollment, name="enrollment"),
    path("plan/", plan.plan, name="plan"),
    path("study/", study.study_calendar, name="study"),
]
