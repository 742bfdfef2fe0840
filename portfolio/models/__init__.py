from portfolio.models.access import Access
from portfolio.models.check_runs import CheckRun, Finding
from portfolio.models.claims import Claim, Endorsement
from portfolio.models.comments import Comment
from portfolio.models.contributions import Contribution
from portfolio.models.defences import Defence
from portfolio.models.demo_links import DemoLink
from portfolio.models.disputes import Dispute
from portfolio.models.images import CaseImage
from portfolio.models.measurements import Measurement
from portfolio.models.projects import Project
from portfolio.models.reports import Report
from portfolio.models.repositories import Repository
from portfolio.models.resumes import (
    EntryChoice,
    LineChoice,
    Resume,
    ResumeEntry,
    ResumeLine,
    Section,
    SkillChoice,
)
from portfolio.models.reviews import Draft, Move, Review, Score
from portfolio.models.snippets import PrivateNote, Snippet
from portfolio.models.sources import Listing, Source
from portfolio.models.stories import Story

__all__ = [
    "Access",
    "CaseImage",
    "CheckRun",
    "Claim",
    "Comment",
    "Contribution",
    "Defence",
    "DemoLink",
    "Dispute",
    "Draft",
    "Endorsement",
    "EntryChoice",
    "Finding",
    "LineChoice",
    "Listing",
    "Measurement",
    "Move",
    "PrivateNote",
    "Project",
    "Report",
    "Repository",
    "Resume",
    "ResumeEntry",
    "ResumeLine",
    "Review",
    "Score",
    "Section",
    "SkillChoice",
    "Snippet",
    "Source",
    "Story",
]
