from django.urls import path

from accounts.views import invitations, mentorships, profile

app_name = "accounts"

urlpatterns = [
    path("settings/profile/", profile.profile, name="profile"),
    path("mentorships/", mentorships.mentorship_list, name="mentorships"),
    path("mentorships/invite/", mentorships.invite, name="invite"),
    path("mentorships/<int:pk>/end/", mentorships.end, name="end_mentorship"),
    path("invitations/<int:pk>/answer/", invitations.answer, name="answer_invitation"),
    path("invitations/<int:pk>/withdraw/", invitations.withdraw, name="withdraw_invitation"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
]
