from portfolio.models.check_runs import CheckRun, Finding
from portfolio.models.projects import Project
from portfolio.models.repositories import Repository
from portfolio.models.reviews import Review

__all__ = ["CheckRun", "Finding", "Project", "Repository", "Review"]
