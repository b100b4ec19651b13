"""What the site itself keeps."""

from django.db import models


class Department(models.Model):
    """A department, and the hours a week that it can give away; its name is the `ref` of its pilot."""

    name = models.SlugField(unique=True)
    hours = models.PositiveIntegerField()  # a check of the database: it can never give away more than it has

    def __str__(self) -> str:
        return f"{self.name}"


class Vacancy(models.Model):
    """Work for some hours a week."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    title = models.CharField(max_length=200)
    hours = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.title}"
