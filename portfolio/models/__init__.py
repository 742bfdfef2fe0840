from portfolio.models.access import Access
from portfolio.models.check_runs import CheckRun, Finding
from portfolio.models.demo_links import DemoLink
from portfolio.models.disputes import Dispute
from portfolio.models.projects import Project
from portfolio.models.repositories import Repository
from portfolio.models.reviews import Review

__all__ = [
    "Access",
    "CheckRun",
    "DemoLink",
    "Dispute",
    "Finding",
    "Project",
    "Repository",
    "Review",
]
