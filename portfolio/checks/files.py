"""What the files of a tree are: the learner's own, vendored or generated, code or data."""

import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from posixpath import basename, dirname, normpath, splitext
from typing import NamedTuple

from portfolio.github.snapshot import Snapshot, TreeEntry

#: The object id that git gives an empty file.
EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"

#: Folders that hold other people's code, by the name that package managers and habit give them.
VENDORED = {
    "node_modules": "installed packages",
    "bower_components": "installed packages",
    "site-packages": "installed packages",
    "dist-packages": "installed packages",
    "pods": "installed packages",
    "carthage": "installed packages",
    "vendor": "vendored code",
    "vendors": "vendored code",
    "vendored": "vendored code",
    "third_party": "vendored code",
    "third-party": "vendored code",
    "thirdparty": "vendored code",
    "3rdparty": "vendored code",
    "3rd_party": "vendored code",
    "external": "vendored code",
    "externals": "vendored code",
    "extern": "vendored code",
    "venv": "a virtual environment",
    ".venv": "a virtual environment",
    "virtualenv": "a virtual environment",
    ".tox": "a virtual environment",
    ".nox": "a virtual environment",
}

#: Folders that only tools write into.
GENERATED = {
    "__pycache__": "compiled files",
    ".eggs": "build output",
    ".ipynb_checkpoints": "notebook checkpoints",
    "mlruns": "experiment records",
    "mlartifacts": "experiment records",
    "lightning_logs": "experiment records",
    "wandb": "experiment records",
    ".git": "git's own files",
    ".mypy_cache": "a cache",
    ".pytest_cache": "a cache",
    "__macosx": "notes of a Mac's file manager",
}

#: Folders that tools write, and that can be own code elsewhere (an RL environment is often called
#: `env`), so they count as generated for tests only.
PERHAPS_GENERATED = {
    "env": "a virtual environment or build output",
    "build": "build output",
    "dist": "build output",
    "target": "build output",
}

#: File endings that hold data, pictures, models or prose, never test code.
DATA = frozenset(
    [
        "csv",
        "tsv",
        "json",
        "jsonl",
        "ndjson",
        "parquet",
        "feather",
        "arrow",
        "orc",
        "avro",
        "xml",
        "xls",
        "xlsx",
        "ods",
        "npy",
        "npz",
        "mat",
        "h5",
        "hdf5",
        "pkl",
        "pickle",
        "joblib",
        "db",
        "sqlite",
        "sqlite3",
        "txt",
        "log",
        "out",
        "dat",
        "data",
        "bin",
        "arff",
        "libsvm",
        "svm",
        "proto",
        "tfrecord",
        "record",
        "lmdb",
        "png",
        "jpg",
        "jpeg",
        "gif",
        "bmp",
        "tif",
        "tiff",
        "webp",
        "svg",
        "ico",
        "heic",
        "pgm",
        "ppm",
        "wav",
        "mp3",
        "ogg",
        "flac",
        "m4a",
        "mp4",
        "avi",
        "mov",
        "mkv",
        "webm",
        "zip",
        "tar",
        "gz",
        "tgz",
        "bz2",
        "xz",
        "7z",
        "rar",
        "onnx",
        "pt",
        "pth",
        "ckpt",
        "pb",
        "tflite",
        "keras",
        "safetensors",
        "model",
        "weights",
        "caffemodel",
        "pdf",
        "doc",
        "docx",
        "ppt",
        "pptx",
        "odt",
        "html",
        "htm",
        "md",
        "rst",
        "tex",
        "bib",
        "yaml",
        "yml",
        "toml",
        "ini",
        "cfg",
        "conf",
        "lock",
        "snap",
        "class",
        "jar",
        "pyc",
        "pyo",
        "so",
        "dll",
        "exe",
        "o",
        "a",
        "whl",
    ]
)

#: "test" as a word of a path, so that latest, contest and testimonials are none.
TEST_WORD = re.compile(r"(?:^|[/_.\- ])tests?(?=$|[/_.\- ])", re.IGNORECASE)


class Place(NamedTuple):
    """Where a file stands in a tree, as rules ask for it. Made for every path several times over."""

    path: str
    folders: tuple[str, ...]  # lower case, outermost first
    name: str  # as spelt
    ending: str  # lower case, without the dot; "" for none

    @property
    def stem(self) -> str:
        return splitext(self.name)[0]


@lru_cache(maxsize=8192)
def place(path: str) -> Place:
    """The parts of a path."""
    above, slash, name = path.rpartition("/")
    _, dot, ending = name.lstrip(".").rpartition(".")
    folders = tuple(above.lower().split("/")) if slash else ()
    return Place(path, folders, name, ending.lower() if dot else "")


def why_not_own(path: str, environments: Container[str] = frozenset()) -> str:
    """Why the learner did not write what is at this path, in a few words; "" when they may have.

    `environments` are the folders that hold a virtual environment under another name.
    """
    for folder in place(path).folders:
        if why := VENDORED.get(folder) or GENERATED.get(folder):
            return why
        if folder.endswith((".egg-info", ".dist-info")):
            return "build output"
    if place(path).name.startswith("._"):  # beside every file that a Mac packed
        return GENERATED["__macosx"]
    above = path
    while environments and (above := above.rpartition("/")[0]):
        if above in environments:
            return "a virtual environment or an installed package"
    return ""


def why_no_test(path: str, environments: Container[str] = frozenset()) -> str:
    """Like `why_not_own`, for a file that may be a test: perhaps generated folders count too."""
    for folder in place(path).folders:
        if why := PERHAPS_GENERATED.get(folder):
            return why
    return why_not_own(path, environments)


def environments(snapshot: Snapshot) -> frozenset[str]:
    """Folders that others filled: a virtual environment, known by its `pyvenv.cfg`, or a Python
    package as it was released, known by its `PKG-INFO`."""
    return snapshot.derived(_environments)


def _environments(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(
        dirname(entry.path)
        for entry in snapshot.entries
        if entry.path.endswith(("/pyvenv.cfg", "/PKG-INFO"))
        and not dirname(entry.path).endswith(".egg-info")
    )


def is_data(path: str) -> bool:
    """Whether a file of this name holds data or prose rather than code."""
    return place(path).ending in DATA


def is_notebook(path: str) -> bool:
    return place(path).ending == "ipynb"


def depth(path: str) -> int:
    return path.count("/")


def within(snapshot: Snapshot) -> Iterator[TreeEntry]:
    """The entries of the folder that the link named; all of them when it named none."""
    prefix = f"{snapshot.folder}/" if snapshot.folder else ""
    yield from (entry for entry in snapshot.entries if entry.path.startswith(prefix))


def within_or_at_root(snapshot: Snapshot) -> Iterator[TreeEntry]:
    """The entries of the linked folder, and the files at the root that may serve every folder."""
    yield from within(snapshot)
    if snapshot.folder:
        yield from (entry for entry in snapshot.entries if "/" not in entry.path)


def relative(snapshot: Snapshot, path: str) -> str:
    """A path as seen from the folder that the link named."""
    prefix = f"{snapshot.folder}/"
    return path[len(prefix) :] if snapshot.folder and path.startswith(prefix) else path


def spread(paths: Iterable[str]) -> list[str]:
    """The same paths, shallow before deep and the first of each folder before the second of any.

    Reading in this order sees every part of a repository early, where the alphabet would spend all
    its reads on one folder.
    """
    turns: dict[str, int] = {}
    ranked = []
    for path in sorted(paths, key=lambda path: (depth(path), path)):
        folder = dirname(path)
        turn = turns.get(folder, 0)
        turns[folder] = turn + 1
        ranked.append((turn, depth(path), path))
    return [path for _, _, path in sorted(ranked)]


def target(link: str, text: str) -> str | None:
    """The path that a symbolic link leads to; None when it leaves the repository."""
    text = text.strip("\n")
    if not text or "\n" in text or len(text) > 1000 or text.startswith("/"):
        return None
    path = normpath(f"{dirname(link)}/{text}" if dirname(link) else text)
    return None if path.startswith("..") or path == "." else path


def siblings(paths: Iterable[str], limit: int = 3) -> str:
    """Some names for a sentence: "a.py, b.py and 4 more". Files of one name keep their folders."""
    paths = list(paths)
    named = {basename(path) or path for path in paths}
    names = [basename(path) or path for path in paths] if len(named) == len(paths) else paths
    shown, more = names[:limit], len(names) - limit
    listed = ", ".join(shown)
    return f"{listed} and {more} more" if more > 0 else listed
