"""What an interviewer asks."""

from django.db import models

from curriculum.models.content import Content
from curriculum.models.skills import Skill


class Question(Content):
    class Format(models.TextChoices):
        CODING = "coding", "Coding"
        THEORY = "theory", "ML theory"
        SYSTEM_DESIGN = "system-design", "ML system design"
        BEHAVIOURAL = "behavioural", "Behavioural"

    class Difficulty(models.TextChoices):
        EASY = "easy"
        MEDIUM = "medium"
        HARD = "hard"

    format = models.CharField(max_length=13, choices=Format)
    difficulty = models.CharField(max_length=6, choices=Difficulty)
    position = models.PositiveSmallIntegerField()
    prompt = models.CharField(max_length=300)
    outline = models.JSONField(default=list)  # a model answer in points
    follow_ups = models.JSONField(default=list)
    skills = models.ManyToManyField(Skill, related_name="questions")

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.prompt
