"""Ways of writing code that let somebody in: none of them stands in the product.

Each rule is shown to find what it is for and to leave the right way alone, on two samples. What ruff's own
rules find (`S` in pyproject.toml) is not repeated here.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from accounts import register

ROOT = Path(settings.BASE_DIR)
PRODUCT = ["accounts", "config", "curriculum", "portfolio"]
#: Models whose rows go with a person: their rows are never fetched without saying whose.
PERSONAL = {line.rows.__name__ for line in register.LINES.values() if line.of}
SECRET_NAMES = re.compile(r"(^|_)(token|secret|password|signature|authorization)$", re.IGNORECASE)
OF_THE_REQUEST = {"GET", "POST", "META", "COOKIES", "headers", "FILES", "body"}


@dataclass(frozen=True)
class Rule:
    """What is looked for, in which files, and a sample of the wrong and of the right way."""

    name: str
    find: Callable[[ast.AST], Iterator[ast.AST]]
    bad: str
    good: str
    where: str = ""  # part of a path


RULES: list[Rule] = []


def rule(name: str, *, bad: str, good: str, where: str = "") -> Callable:
    def declare(find):
        RULES.append(Rule(name, find, bad, good, where))
        return find

    return declare


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """The calls of a function or method of one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and last_name(node.func) in names:
            yield node


def last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def imports(tree: ast.AST, *modules: str) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        named = []
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            named = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        if any(
            name == module or name.startswith(f"{module}.") for name in named for module in modules
        ):
            yield node


def arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def is_of_the_request(node: ast.AST) -> bool:
    return any(
        isinstance(inner, ast.Attribute)
        and inner.attr in OF_THE_REQUEST
        and last_name(inner.value) == "request"
        for inner in ast.walk(node)
    )


def is_made_up(node: ast.AST) -> bool:
    """A text that is put together: an f-string with a value in it, %, +, format()."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(value, ast.FormattedValue) for value in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod | ast.Add)
    return isinstance(node, ast.Call) and last_name(node.func) == "format"


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def decorators(function: ast.FunctionDef) -> set[str]:
    return {
        last_name(each.func if isinstance(each, ast.Call) else each)
        for each in function.decorator_list
    }


# Who


@rule(
    "a view is excused from the token of its form",
    bad="@csrf_exempt\ndef view(request): ...",
    good="@csrf_protect\ndef view(request): ...",
)
def _(tree):
    return (node for node in ast.walk(tree) if last_name(node) == "csrf_exempt")


@rule(
    "a row of somebody is fetched without saying whose",
    bad="get_object_or_404(Project, slug=slug)",
    good="get_object_or_404(Project.objects.visible_to(user), slug=slug)",
    where="views",
)
def _(tree):
    for call in calls(tree, "get_object_or_404", "get_list_or_404"):
        of_somebody = call.args and last_name(call.args[0]) in PERSONAL
        if of_somebody and not any(is_owner(keyword) for keyword in call.keywords):
            yield call


@rule(
    "a row of somebody is asked for by its key alone",
    bad="Review.objects.get(pk=pk)",
    good="Review.objects.visible_to(user).get(pk=pk)",
    where="views",
)
def _(tree):
    for call in calls(tree, "get", "filter", "all", "first"):
        manager = call.func.value if isinstance(call.func, ast.Attribute) else None
        if (
            isinstance(manager, ast.Attribute)
            and manager.attr in ("objects", "_default_manager")
            and last_name(manager.value) in PERSONAL
            and not any(is_owner(keyword) for keyword in call.keywords)
        ):
            yield call


def is_owner(keyword: ast.keyword) -> bool:
    """It is said whose, or the key is that of a row which was fetched for them."""
    by_key = keyword.arg in ("pk", "id", "slug", "handle", "pk__in", "id__in")
    return (bool(keyword.arg) and isinstance(keyword.value, ast.Attribute)) or not by_key


@rule(
    "a page that is only read writes",
    bad="@require_safe\ndef view(request):\n    request.user.notes.create(words='')",
    good="@require_POST\ndef view(request):\n    request.user.notes.create(words='')",
    where="views",
)
def _(tree):
    for function in functions(tree):
        if "require_safe" in decorators(function):
            yield from calls(function, "save", "create", "delete", "update", "bulk_create")


# What people send


@rule(
    "a form takes every field of its model",
    bad="class Meta:\n    fields = '__all__'",
    good="class Meta:\n    fields = ['title']",
)
def _(tree):
    options = (
        node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == "Meta"
    )
    for node in (line for each in options for line in each.body if isinstance(line, ast.Assign)):
        name, value = last_name(node.targets[0]), node.value
        if name == "exclude" or (
            name == "fields" and isinstance(value, ast.Constant) and value.value == "__all__"
        ):
            yield node


@rule(
    "a redirect goes where the request says",
    bad="redirect(request.GET['next'])",
    good="redirect('curriculum:home')",
)
def _(tree):
    for call in calls(tree, "redirect", "HttpResponseRedirect", "HttpResponsePermanentRedirect"):
        if any(is_of_the_request(argument) for argument in arguments(call)):
            yield call


@rule(
    "the page before is believed",
    bad="back = request.META['HTTP_REFERER']",
    good="back = reverse('curriculum:home')",
)
def _(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and str(node.value).lower() in (
            "http_referer",
            "referer",
        ):
            yield node


@rule(
    "an address is made from what the request calls this host",
    bad="link = request.build_absolute_uri('/x/')",
    good="link = settings.SITE_URL + '/x/'",
)
def _(tree):
    return calls(tree, "build_absolute_uri", "get_host", "get_current_site")


@rule(
    "a file is opened that the request names",
    bad="open(ROOT / request.GET['file'])",
    good="open(ROOT / 'icons.svg')",
)
def _(tree):
    for call in calls(tree, "open", "Path", "FileResponse", "read_text", "read_bytes"):
        if any(is_of_the_request(argument) for argument in arguments(call)):
            yield call


@rule(
    "SQL is put together from texts",
    bad="cursor.execute(f'SELECT {name}')",
    good="cursor.execute('SELECT %s', [name])",
)
def _(tree):
    for call in calls(tree, "execute", "executemany", "raw", "RawSQL"):
        if call.args and is_made_up(call.args[0]):
            yield call
    yield from calls(tree, "extra")


@rule(
    "a lookup is named by the request",
    bad="Project.objects.filter(**request.GET)",
    good="Project.objects.filter(title=request.GET['title'])",
)
def _(tree):
    for call in calls(tree, "filter", "exclude", "get", "order_by", "create", "update"):
        unpacked = [keyword.value for keyword in call.keywords if keyword.arg is None]
        ordered = call.args if last_name(call.func) == "order_by" else []
        if any(is_of_the_request(argument) for argument in (*unpacked, *ordered)):
            yield call


@rule(
    "a pattern is put together while a request is answered, from what is not escaped",
    bad="def find(name):\n    return re.search(rf'\\b{name}\\b', text)",
    good="def find(name):\n    return re.search(rf'\\b{re.escape(name)}\\b', text)",
)
def _(tree):
    """What stands outside of functions is put together from our own words, before anybody asks."""
    for function in functions(tree):
        for call in calls(function, *PATTERNS):
            of_re = isinstance(call.func, ast.Attribute) and last_name(call.func.value) == "re"
            if of_re and call.args and any(map(is_unescaped, parts_of(call.args[0]))):
                yield call


PATTERNS = (
    "compile",
    "search",
    "match",
    "fullmatch",
    "sub",
    "subn",
    "split",
    "findall",
    "finditer",
)


def parts_of(text: ast.expr) -> list[ast.expr]:
    """What a text is put together from."""
    if isinstance(text, ast.JoinedStr):
        return [part.value for part in text.values if isinstance(part, ast.FormattedValue)]
    if isinstance(text, ast.BinOp):
        return [*parts_of(text.left), *parts_of(text.right)]
    return [text]


def is_unescaped(part: ast.expr) -> bool:
    """Neither written here, nor a constant of the module, nor escaped."""
    escaped = isinstance(part, ast.Call) and last_name(part.func) == "escape"
    return not (escaped or isinstance(part, ast.Constant) or last_name(part).isupper())


@rule(
    "words of a row or of a request are a format",
    bad="words = review.comment % {'name': name}",
    good="words = _('%(name)s said') % {'name': name}",
)
def _(tree):
    """A sentence of ours is a constant, or was chosen from some; a row's field is somebody's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            text = node.left
        elif isinstance(node, ast.Call) and last_name(node.func) in ("format", "format_map"):
            text = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        else:
            continue
        if isinstance(text, ast.Call) and last_name(text.func) == "str":
            text = text.args[0]
        if isinstance(text, ast.Attribute) or is_of_the_request(text):
            yield node


@rule(
    "an archive is unpacked as it says itself",
    bad="archive.extractall(folder)",
    good="archive.open(name)",
)
def _(tree):
    yield from calls(tree, "extractall", "unpack_archive")
    yield from imports(tree, "tarfile")


@rule(
    "data becomes objects or code",
    bad="yaml.load(text)",
    good="yaml.safe_load(text)",
)
def _(tree):
    for call in calls(tree, "load", "load_all", "unsafe_load", "full_load"):
        if isinstance(call.func, ast.Attribute) and last_name(call.func.value) == "yaml":
            safe = any("Safe" in last_name(argument) for argument in arguments(call))
            if not safe:
                yield call
    yield from imports(tree, "pickle", "marshal", "shelve", "dill")
    for call in calls(tree, "eval", "exec"):
        if isinstance(call.func, ast.Name):
            yield call


@rule(
    "a shell reads a command",
    bad="subprocess.run(command, shell=True)",
    good="subprocess.run(['git', 'log'])",
)
def _(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "shell":
            yield node.value
    yield from calls(tree, "system", "popen")


@rule(
    "XML is read by a parser that follows entities",
    bad="from xml.etree import ElementTree",
    good="from xml.sax.saxutils import escape",
)
def _(tree):
    return imports(tree, "xml.etree", "xml.dom", "xml.sax.make_parser", "lxml")


# What goes out


@rule(
    "markup is made from what is not constant",
    bad="format_html('<b>' + name + '</b>')",
    good="format_html('<b>{}</b>', name)",
)
def _(tree):
    for call in calls(tree, "format_html", "format_html_join", "mark_safe", "SafeString"):
        texts = call.args[:2] if last_name(call.func) == "format_html_join" else call.args[:1]
        if any(is_made_up(text) for text in texts):
            yield call


@rule(
    "a table is written that a spreadsheet may obey",
    bad="csv.writer(response)",
    good="spreadsheets.table(rows)",
)
def _(tree):
    return calls(tree, "writer", "DictWriter")


@rule(
    "a request leaves by another way than the guarded ones",
    bad="import httpx",
    good="from curriculum import reach",
)
def _(tree):
    return imports(
        tree, "httpx", "requests", "urllib3", "urllib.request", "http.client", "socket", "smtplib"
    )


@rule(
    "a secret is written into the log",
    bad="logger.info('signed in', token=token)",
    good="logger.info('signed in', user=user.pk)",
)
def _(tree):
    for call in calls(tree, "debug", "info", "warning", "error", "exception", "critical"):
        named = [keyword.arg or "" for keyword in call.keywords]
        valued = [last_name(argument) for argument in arguments(call)]
        if any(SECRET_NAMES.search(name) for name in (*named, *valued)):
            yield call


@rule(
    "a secret is compared letter by letter",
    bad="if token == given: pass",
    good="if constant_time_compare(token, given): pass",
)
def _(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            sides = [node.left, *node.comparators]
            constant = any(isinstance(side, ast.Constant) for side in sides)
            if not constant and any(SECRET_NAMES.search(last_name(side)) for side in sides):
                yield node


@rule(
    "a task is handed more than keys",
    bad="check.delay(run, token)",
    good="check.delay(run.pk)",
)
def _(tree):
    for call in calls(tree, "delay", "apply_async"):
        for argument in call.args:
            of_list = argument.elts if isinstance(argument, ast.List | ast.Tuple) else [argument]
            if not all(re.search(r"(^|_)(pk|id|key)$", last_name(each)) for each in of_list):
                yield call


@rule(
    "a task waits by a clock of the broker, which may run it twice",
    bad="check.apply_async([run.pk], countdown=60)",
    good="check.apply_async([run.pk])",
)
def _(tree):
    for call in calls(tree, "apply_async", "retry", "send_task"):
        if any(keyword.arg in ("countdown", "eta") for keyword in call.keywords):
            yield call


@rule(
    "an answer for one is kept for all",
    bad="@cache_page(60)\ndef view(request): ...",
    good="@never_cache\ndef view(request): ...",
)
def _(tree):
    return (node for node in ast.walk(tree) if last_name(node) in ("cache_page", "cache_control"))


@rule(
    "a cookie is made by hand",
    bad="response.set_cookie('seen', '1')",
    good="request.session['seen'] = 1",
)
def _(tree):
    return calls(tree, "set_cookie", "set_signed_cookie")


#: The modules that connect to something, and to what.
OUTGOING = {
    "accounts/letters.py": "the mail server of the settings",
    "config/management/commands/devserver.py": "its own site",
    "config/processes.py": "its own processes",
    "config/programs.py": "a free port of its own machine",
    "curriculum/reach/connections.py": "the guarded fetcher itself",
    "curriculum/reach/looks.py": "the guarded fetcher itself",
    "curriculum/reach/web_addresses.py": "reads addresses",
    "portfolio/connection.py": "GitHub, by the address of the settings",
    "portfolio/github/client.py": "GitHub, by the address of the settings",
    "portfolio/github/connection.py": "GitHub, by the address of the settings",
}

#: Where a rule does not hold, and why that is right.
ALLOWED = {
    ("a view is excused from the token of its form", "portfolio/views/webhooks.py"):
        "GitHub has no form; each delivery is signed",
    ("a view is excused from the token of its form", "accounts/views/unsubscribing.py"):
        "one click in a mail program has no form; the link is signed",
    ("a row of somebody is fetched without saying whose", "portfolio/views/webhooks.py"):
        "the signature says whose",
    ("an address is made from what the request calls this host", "accounts/adapters.py"):
        "allauth asks for it; the letters say SITE_URL",
    ("a table is written that a spreadsheet may obey", "portfolio/spreadsheets.py"): "the one place",
    ("words of a row or of a request are a format", "accounts/kinds.py"):
        "the sentences of kinds stand in that module",
    **{
        (
            "a pattern is put together while a request is answered, from what is not escaped",
            path,
        ): "called once for each list of words that stands in the code"
        for path in (
            "curriculum/adverts/sentences.py", "portfolio/checks/tests/language.py",
            "portfolio/checks/training.py", "portfolio/checks/vocabulary.py",
        )
    },
    ("a cookie is made by hand", "accounts/views/share_links.py"):
        "a new link on its way to the one page that shows it",
    **{
        ("a request leaves by another way than the guarded ones", path): why
        for path, why in OUTGOING.items()
    },
}  # fmt: skip


def guilty(rule: Rule, tree: ast.AST) -> list[int]:
    return sorted({node.lineno for node in rule.find(tree)})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_finds_the_wrong_way_and_leaves_the_right_one(rule):
    assert guilty(rule, ast.parse(rule.bad)), rule.bad
    assert not guilty(rule, ast.parse(rule.good)), rule.good


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_code_of_ours_is_written_that_way(rule):
    found = {}
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        if rule.where in name and (lines := guilty(rule, parsed(path))):
            found[name] = lines
    allowed = {path for what, path in ALLOWED if what == rule.name}

    assert {name: lines for name, lines in found.items() if name not in allowed} == {}
    assert allowed <= found.keys(), "excused without need"


TREES: dict[Path, ast.AST] = {}


def sources() -> Iterator[Path]:
    for app in PRODUCT:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not {"migrations", "content"} & set(path.parts):
                yield path


def parsed(path: Path) -> ast.AST:
    if path not in TREES:
        TREES[path] = ast.parse(path.read_text(encoding="utf-8"))
    return TREES[path]


# Templates


IN_TEMPLATES = {
    "words are declared safe": (
        r"\|\s*safe\b|\|\s*safeseq\b|\{%\s*autoescape\s+off",
        "{{ name|safe }}", "{{ name }}",
    ),
    "a form that writes has no token": (
        r"<form(?=[^>]*method=\"post\")(?:(?!csrf_token|</form>).)*</form>",
        '<form method="post"><button>Go</button></form>',
        '<form method="post">{% csrf_token %}<button>Go</button></form>',
    ),
    "something is fetched from elsewhere": (
        r"<(?:script|img|iframe|link|source|video)\b[^>]*(?:src|href)=\"(?:https?:)?//",
        '<img src="https://example.org/a.png">', "<img src=\"{% static 'a.png' %}\">",
    ),
    "an attribute has no quotes around what people wrote": (
        r"<[^>]*\s[\w-]+=\{\{", "<a title={{ name }}>", '<a title="{{ name }}">',
    ),
    "words of people become an address that may run": (
        r"href=\"\{\{\s*(?:\w+\.)*(?:body|words|text|note)\s*[|}]",
        '<a href="{{ line.words }}">', '<a href="{{ line.url }}">',
    ),
    "a page is opened that can reach back": (
        r"target=\"_blank\"(?![^>]*rel=\"[^\"]*noopener)", '<a target="_blank" href="/">',
        '<a target="_blank" rel="noopener" href="/">',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("pattern", "bad", "good"), IN_TEMPLATES.values(), ids=IN_TEMPLATES)
def test_no_template_of_ours_is_written_that_way(pattern, bad, good):
    looked_for = re.compile(pattern, re.DOTALL)
    assert looked_for.search(bad)
    assert not looked_for.search(good)

    found = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.suffix in (".html", ".xml", ".svg") and looked_for.search(path.read_text("utf-8"))
    ]

    assert found == []


# Secrets in files


KEYS = re.compile(
    r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,}|AKIA[0-9A-Z]{16}|xox[abp]-[\w-]{20,}"
    r"|sk-[A-Za-z0-9]{32,}|AIza[\w-]{35}|eyJ[\w-]{20,}\.eyJ[\w-]{20,}\."
    r"|-----BEGIN (?:RSA |EC |OPENSSH |)PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{40,}"
    r"|django-insecure-\S{20,}|(?i:password|secret|token)\s*[=:]\s*[\"'](?=[^\"']*\d)(?=[^\"']*[a-zA-Z])[\w+/=-]{40,}[\"']"
)


@pytest.mark.parametrize(
    "text",
    ["ghp_" + "aB3" * 12, "AKIA" + "ABCD" * 4, "-----BEGIN PRIVATE KEY-----\n" + "MIIE" * 20,
     "SECRET" + ' = "' + "a1B2" * 10 + '"', "django-insecure-" + "x9" * 12],
)  # fmt: skip
def test_what_looks_like_a_key_is_found(text):
    assert KEYS.search(text)


def test_no_file_of_the_project_holds_a_key():
    """Those that are made up say so: SAMPLE, EXAMPLE."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = set(path.relative_to(ROOT).parts)
        if parts & {".git", ".venv", "var", "__pycache__"} or any(
            p.startswith(".") and p != ".ci" for p in parts
        ):
            continue
        if path == Path(__file__):
            continue
        if path.is_file() and path.stat().st_size < 2_000_000:
            text = path.read_bytes().decode("utf-8", errors="ignore")
            found += [
                f"{path.relative_to(ROOT)}: {hit[0][:12]}…"
                for hit in KEYS.finditer(text)
                if not re.search("SAMPLE|EXAMPLE", hit[0])
            ]

    assert found == []
