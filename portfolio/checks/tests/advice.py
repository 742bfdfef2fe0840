"""Which first test to write, said with the names of the repository's own files."""

from collections import Counter
from posixpath import dirname, splitext

from portfolio.checks import files
from portfolio.github.snapshot import Snapshot, TreeEntry

#: By the ending of the code: where its first test goes ({stem} is the name of the file to be tested),
#: and what runs it.
FIRST = {
    "py": ("tests/test_{stem}.py", "pytest"),
    "r": ("tests/testthat/test-{stem}.R", "Rscript -e 'testthat::test_dir(\"tests/testthat\")'"),
    "jl": ("test/runtests.jl", "julia test/runtests.jl"),
    "js": ("{stem}.test.js", "npm test"),
    "jsx": ("{stem}.test.jsx", "npm test"),
    "ts": ("{stem}.test.ts", "npm test"),
    "tsx": ("{stem}.test.tsx", "npm test"),
    "go": ("{stem}_test.go", "go test ./..."),
    "rs": ("tests/{stem}.rs", "cargo test"),
    "java": ("src/test/java/{stem}Test.java", "mvn test"),
    "kt": ("src/test/kotlin/{stem}Test.kt", "gradle test"),
    "scala": ("src/test/scala/{stem}Spec.scala", "sbt test"),
}
#: Files that start or configure a program; a first test is easier for what they call.
NOT_FIRST = frozenset(
    [
        "__init__",
        "__main__",
        "setup",
        "manage",
        "conftest",
        "settings",
        "config",
        "main",
        "app",
        "index",
    ]
)


def first_test(snapshot: Snapshot) -> str:
    """One or two sentences: the file to create, what it should do, and the command that runs it."""
    sources = [entry for entry in files.within(snapshot) if _is_source(snapshot, entry)]
    endings = Counter(files.place(entry.path).ending for entry in sources)
    if not endings:
        return _from_notebook(snapshot)
    ending = max(endings, key=lambda ending: (endings[ending], ending))
    source = max(
        (entry for entry in sources if files.place(entry.path).ending == ending),
        key=lambda entry: (*_promise(entry), entry.path),
    )
    name, command = FIRST[ending]
    stem = splitext(files.place(source.path).name)[0]
    is_beside = "/" not in name  # Go and JavaScript keep a test beside what it tests
    folder = dirname(source.path) if is_beside else snapshot.folder
    path = f"{folder}/" if folder else ""
    path += name.format(stem=stem)
    start = "In" if snapshot.entry(path) else "Add"
    return f"{start} {path}: call a function of {source.path} and assert what it returns. “{command}” runs it."


def _is_source(snapshot: Snapshot, entry: TreeEntry) -> bool:
    place = files.place(entry.path)
    return (
        entry.is_file
        and place.ending in FIRST
        and not files.TEST_WORD.search(entry.path)
        and not files.why_no_test(entry.path)
    )


def _promise(entry: TreeEntry) -> tuple[bool, int, int]:
    """How good a source file is to start with: no entry file, shallow, long."""
    is_usual = files.place(entry.path).stem.lower() not in NOT_FIRST
    return is_usual, -files.depth(entry.path), entry.size or 0


def _from_notebook(snapshot: Snapshot) -> str:
    notebooks = [
        entry.path
        for entry in files.within(snapshot)
        if files.is_notebook(entry.path) and not files.why_no_test(entry.path)
    ]
    if notebooks:
        first = files.spread(notebooks)[0]
        return (
            f"Move one function out of {first} into a file of its own, such as features.py, and add "
            "tests/test_features.py that asserts what it returns. “pytest” runs it."
        )
    return (
        "Add a file such as tests/test_model.py with a function that calls your code and asserts what "
        "it returns. “pytest” runs it."
    )
