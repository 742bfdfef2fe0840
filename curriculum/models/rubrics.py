"""How work is judged: a rubric has criteria, a criterion has ratings."""

from django.db import models

from curriculum.models.content import Content


class Rubric(Content):
    title = models.CharField(max_length=120)
    used_by = models.CharField(max_length=200)
    pass_rule = models.CharField(max_length=300)
    guidance = models.CharField(max_length=300)

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title


class Criterion(models.Model):
    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    slug = models.SlugField(max_length=50)
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField(default=1)
    question = models.CharField(max_length=300)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["rubric", "slug"], name="criterion_once_per_rubric"),
        ]

    def __str__(self):
        return self.title


class Rating(models.Model):
    """What one level of a criterion looks like."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="ratings")
    value = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)

    class Meta:
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "value"], name="rating_once_per_value"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.value}"
