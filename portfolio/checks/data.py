"""Whether a reader can get the very data: versioned, said where they come from, or small and kept here."""

import re
from posixpath import basename

from portfolio.checks import code, completeness, files, training
from portfolio.checks.check import Check, Group
from portfolio.checks.results import Confidence, Evidence, Outcome, Result, quoted
from portfolio.github import texts
from portfolio.github.snapshot import Snapshot

NAME = "data-versioning"

#: What DVC, DataLad and lakeFS write into a repository for the data they keep (their documentation).
VERSIONED = re.compile(
    r"^(?:[^/]{1,200}/){0,20}(?:dvc\.lock|[^/]{1,200}\.dvc)$|^\.datalad/config$|"
    r"^(?:\.?lakectl\.ya?ml|\.lakefs_ref\.ya?ml)$",
    re.IGNORECASE,
)
#: Written by "dvc init", before there are any data.
PREPARED = re.compile(
    r"^(?:\.dvc/config|\.dvcignore|(?:[^/]{1,200}/){0,20}dvc\.yaml)$", re.IGNORECASE
)
#: Git LFS in .gitattributes: "*.csv filter=lfs diff=lfs merge=lfs -text".
LFS = re.compile(r"^(?!\s*#)(\S{1,200})\s[^\n]{0,200}?filter=lfs", re.MULTILINE)
#: Places that keep data sets, each data set at an address of its own.
HOSTS = re.compile(
    r"kaggle\.com/(?!code/|learn|docs|notebooks)[\w-]+/[\w-]+|archive(?:-beta)?\.ics\.uci\.edu|"
    r"huggingface\.co/datasets/|openml\.org/|zenodo\.org/|figshare\.com/|dataverse\.|physionet\.org/|"
    r"data\.world/|registry\.opendata\.aws|drive\.google\.com/|storage\.googleapis\.com/|"
    r"\bs3[.-][\w.-]{0,40}amazonaws\.com|\.s3\.amazonaws\.com|data\.mendeley\.com/|"
    r"paperswithcode\.com/dataset|tensorflow\.org/datasets|commoncrawl\.org|osf\.io/|ourworldindata\.org|"
    r"yann\.lecun\.com/exdb|cs\.toronto\.edu/~kriz|image-net\.org|cocodataset\.org|grouplens\.org/datasets|"
    r"insideairbnb\.com|nyc\.gov/site/tlc|\bdata\.(?:gov|[\w-]{1,40}\.(?:gov|org|eu|uk|fr|de))\b",
    re.IGNORECASE,
)
#: A data set told by its publisher's name and no link.
KNOWN = re.compile(
    r"\b(?:UCI|Kaggle|OpenML|Zenodo|Hugging ?Face|MovieLens|ImageNet|MNIST|CIFAR-?100?)\b[^.]{0,80}\bdata\s?sets?\b|"
    r"\bdata\s?sets?\b[^.]{0,80}\b(?:UCI|Kaggle|OpenML|Zenodo|Hugging ?Face)\b"
)
#: A README beside the data says what they are: data/README.md.
BESIDE = re.compile(r"(?:^|/)data(?:sets?)?/readme(?:\.\w{1,10})?$", re.IGNORECASE)
#: Calls that can be given an address in place of a path.
READS = r"(?:pandas|polars|dask\.dataframe|geopandas|duckdb)\.(?:read|scan)_\w+"
#: Calls that fetch a data set, so that its source is in the code.
FETCHES = (
    *training.LIBRARY_DATA,
    training.sign("data are read from an address", READS, word="://"),
    training.sign(
        "data are downloaded",
        r"kagglehub\.\w*download|[\w.]*\.dataset_download_files?|gdown\.\w*download\w*",
    ),
    training.sign(
        "data are downloaded",
        r"urllib\.request\.urlretrieve|wget\.download|yfinance\.download",
    ),
)  # fmt: skip
#: download_data.py, get-dataset.sh: a script named for fetching what the project needs.
SCRIPT = re.compile(
    r"^(?:download|fetch|get|scrape)[-_]?(?:\w{0,30}[-_])?(?:data(?:sets?)?|corpus)\.(?:py|sh|R|ipynb|ps1)$|"
    r"^download\.(?:py|sh)$",
    re.IGNORECASE,
)
TABLES = frozenset([
    "csv", "tsv", "parquet", "feather", "arrow", "jsonl", "ndjson", "xls", "xlsx", "npy", "npz", "mat", "h5",
    "hdf5", "arff", "db", "sqlite", "sqlite3", "tfrecord",
])  # fmt: skip
PICTURES = frozenset([
    "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "wav", "mp3", "flac", "ogg", "mp4", "avi",
])  # fmt: skip
#: Files with the ending of a table that a program keeps for itself: mlflow.db, Django's db.sqlite3;
#: and weights, which Keras writes as .h5.
OWN_RECORDS = re.compile(
    r"^(?:mlflow|optuna|airflow|db|test|app|chroma|prefect|metaflow)[\w.-]{0,40}\.(?:db|sqlite3?)$|"
    r"(?:model|weight|checkpoint)\w{0,60}\.(?:h5|hdf5|npz)$|^metrics[\w.-]{0,40}\.csv$",
    re.IGNORECASE,
)
#: What a folder or file is called that holds the data rather than what was made of them.
DATA_WORD = re.compile(r"(?:^|[/_-])(?:raw|inputs?|data(?:sets?)?)(?=[/_.-])", re.IGNORECASE)
#: Bytes of tables, and how many pictures or sounds, up to which git itself keeps data well enough.
SMALL, FEW = 10 * 1024 * 1024, 300
#: GitHub warns of a file above 50 MiB ("About large files on GitHub").
LARGE_FILE = 50 * 1024 * 1024


def check_data(snapshot: Snapshot) -> Result:
    """Data are versioned, documented with a source, or small and committed."""
    if versioned := _versioned(snapshot):
        return Result(
            NAME,
            Outcome.PASSED,
            "versioned",
            f"Data are versioned with {versioned[0].what} ({versioned[0].path}).",
            evidence=versioned,
        )
    size, pictures, tables = _committed(snapshot)
    is_heavy = size > SMALL or pictures > FEW
    documented = _documented(snapshot)
    details = {"bytes": size, "pictures": pictures}
    if documented:
        fix = _lighter(size, pictures) if is_heavy else ""
        return Result(
            NAME,
            Outcome.PASSED,
            "documented",
            "It says where the data come from.",
            fix=fix,
            evidence=documented,
            details=details,
        )
    if tables and not is_heavy:
        return Result(
            NAME,
            Outcome.PASSED,
            "committed",
            f"The data are in the repository itself, {_megabytes(size)}.",
            Confidence.MEDIUM,
            fix="Say in the README where they come from and when you took them.",
            evidence=tuple(Evidence(path, what="data") for path in tables[:3]),
            details=details,
        )
    if not tables and not pictures and not code.has_code(snapshot):
        return Result(
            NAME,
            Outcome.NOT_APPLICABLE,
            "not_applicable",
            "Neither data nor Python code that reads any was found.",
        )
    return _undocumented(snapshot, tables, is_heavy=is_heavy, size=size, pictures=pictures)


def _undocumented(
    snapshot: Snapshot, tables: list[str], *, is_heavy: bool, size: int, pictures: int
) -> Result:
    sources = code.sources(snapshot)
    reads = training.find(sources, training.READS_DATA)
    if not tables and not pictures and code.is_known(snapshot) and reads is None:
        return Result(
            NAME, Outcome.NOT_APPLICABLE, "not_applicable", "The files that were read use no data."
        )
    if completeness.unseen(snapshot) or not _readme_is_known(snapshot):
        return Result(
            NAME,
            Outcome.UNKNOWN,
            "partial",
            "Where the data come from is not known: not every file could be seen.",
            fix=completeness.FIX,
        )
    prepared = [entry.path for entry in files.within(snapshot) if PREPARED.match(entry.path)]
    lookalikes = (
        *(Evidence(path, what="DVC is set up, but keeps no data yet") for path in prepared[:1]),
        *(Evidence(path, what="data, without a word about their source") for path in tables[:3]),
    )
    if reads and not lookalikes:
        lookalikes = (reads,)
    summary = (
        "Where the data come from was not found: no link to a data set, no script that fetches them, "
        "no data version control."
    )
    return Result(
        NAME,
        Outcome.FAILED,
        "heavy" if is_heavy else "none_lookalike" if lookalikes else "none",
        summary,
        Confidence.MEDIUM,
        fix=_lighter(size, pictures)
        if is_heavy
        else "Say in the README where the data come from, with a link, and which version you used; or add a "
        "script that downloads them.",
        lookalikes=lookalikes,
        details={"bytes": size, "pictures": pictures},
    )


def _versioned(snapshot: Snapshot) -> tuple[Evidence, ...]:
    environments = files.environments(snapshot)
    found = [
        Evidence(entry.path, what=_tool(entry.path))
        for entry in files.within_or_at_root(snapshot)
        if entry.is_file
        and VERSIONED.match(entry.path)
        and not files.why_not_own(entry.path, environments)
    ]
    text = snapshot.files.get(".gitattributes", "")
    for match in LFS.finditer(text):
        ending = match[1].rpartition(".")[2].lower()
        if ending in TABLES | PICTURES or "data" in match[1].lower():
            line = text.count("\n", 0, match.start()) + 1
            found.append(Evidence(".gitattributes", line, what="Git LFS", quote=quoted(match[0])))
            break
    return tuple(found[:4])


def _tool(path: str) -> str:
    """Which tool writes a file of this name."""
    if "datalad" in path:
        return "DataLad"
    return "lakeFS" if "lake" in basename(path).lower() else "DVC"


def _documented(snapshot: Snapshot) -> tuple[Evidence, ...]:
    """Links to data in a README, calls that fetch data by name, and scripts that download them."""
    found: list[Evidence] = []
    for path, text in snapshot.files.items():
        if not texts.is_readme(basename(path)):
            continue
        for number, row in enumerate(text.splitlines(), 1):
            says = HOSTS.search(row[:2000]) or KNOWN.search(row[:2000])
            if says and not row.lstrip().startswith("[!["):
                found.append(
                    Evidence(path, number, what="where the data come from", quote=quoted(row))
                )
                break
    if fetched := training.find(code.sources(snapshot), FETCHES):
        found.append(fetched)
    environments = files.environments(snapshot)
    found += [
        Evidence(entry.path, what="a README beside the data")
        for entry in files.within(snapshot)
        if entry.is_file
        and BESIDE.search(entry.path)
        and not files.why_not_own(entry.path, environments)
    ][:1]
    scripts = [
        entry.path
        for entry in files.within(snapshot)
        if entry.is_file
        and SCRIPT.match(basename(entry.path))
        and not files.why_not_own(entry.path, environments)
    ]
    found += [
        Evidence(path, what="a script that gets the data") for path in files.spread(scripts)[:2]
    ]
    return tuple(found[:4])


def _committed(snapshot: Snapshot) -> tuple[int, int, list[str]]:
    """Bytes of tables, number of pictures and sounds in folders of many, and the tables' paths."""
    environments = files.environments(snapshot)
    size = 0
    tables: list[str] = []
    by_folder: dict[str, int] = {}
    for entry in files.within(snapshot):
        ending = files.place(entry.path).ending
        if not entry.is_file or ending not in TABLES | PICTURES:
            continue
        folder = entry.path.rpartition("/")[0]  # data/test.csv is a part of the data
        if files.why_not_own(entry.path, environments) or files.TEST_WORD.search(folder):
            continue
        if OWN_RECORDS.search(basename(entry.path)):
            continue
        if ending in TABLES:
            size += entry.size or 0
            tables.append(entry.path)
        else:
            by_folder[folder] = by_folder.get(folder, 0) + 1
    tables = sorted(files.spread(tables), key=lambda path: not DATA_WORD.search(path))
    return size, sum(count for count in by_folder.values() if count > 20), tables


def _readme_is_known(snapshot: Snapshot) -> bool:
    return not any(texts.is_readme(basename(path)) for path in snapshot.unread)


def _megabytes(size: int) -> str:
    return f"{max(0.1, size / 1024 / 1024):.1f} MB"


def _lighter(size: int, pictures: int) -> str:
    many = f"{pictures} pictures or sounds" if pictures > FEW else f"{_megabytes(size)} of tables"
    return (
        f"{many} make every clone slow. Take them out of git (“git lfs track”, or “dvc add”), "
        "and say in the README how to get them."
    )


def wanted(snapshot: Snapshot) -> list[str]:
    """.gitattributes, and what tells how data are read."""
    entry = snapshot.entry(".gitattributes")
    is_new = ".gitattributes" not in snapshot.files and ".gitattributes" not in snapshot.unread
    first = [".gitattributes"] if entry and entry.is_file and is_new else []
    return [*first, *code.wanted(snapshot)]


CHECKS = (
    Check(
        NAME,
        "Data",
        Group.LIFECYCLE,
        10,
        check_data,
        "A result can be repeated only with the data that gave it.",
        wanted=wanted,
    ),
)
