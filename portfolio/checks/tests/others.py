"""Languages that learners of machine learning use less often: one row each."""

import re

from portfolio.checks.tests.language import Language, Signs, by_lines, pattern

_C_COMMENT = re.compile(r"^\s*(?://|\*)")
_HASH_COMMENT = re.compile(r"^\s*#")
_LISP_COMMENT = re.compile(r"^\s*[;#]")

RUBY = Language(
    name="Ruby",
    endings=frozenset({"rb"}),
    strong=pattern(r"(?:^|/)(?:[^/]+_(?:spec|test)|test_[^/]+)\.rb$"),
    weak=pattern(r"(?:^|/)(?:tests?|spec)/(?:[^/]+/){0,6}[^/]+\.rb$"),
    never=pattern(r"_helper\.rb$"),
    examine=by_lines(
        Signs(
            case=re.compile(
                r"^\s*(?:it|specify|test|scenario|example)\s*[('\"{]|^\s*(?:it|test)\s+['\"]|^\s*def\s+test_\w+"
            ),
            assertion=re.compile(
                r"\b(?:expect|assert\w*|refute\w*|must_\w+|wont_\w+|should(?:_not)?|is_expected)\b"
            ),
            comment=_HASH_COMMENT,
            what="Ruby test",
            block_comments=(("=begin", "=end"),),
        )
    ),
)

PHP = Language(
    name="PHP",
    endings=frozenset({"php"}),
    strong=pattern(r"(?:^|/)[^/]+Test\.php$"),
    weak=pattern(r"(?:^|/)tests?/(?:[^/]+/){0,6}[^/]+\.php$"),
    examine=by_lines(
        Signs(
            case=re.compile(
                r"\bfunction\s+(?:test\w*|it_\w+)\s*\(|@test\b|#\[Test\]|(?<![\w$>])(?:it|test)\s*\(\s*['\"]"
            ),
            assertion=re.compile(
                r"(?:->|::)(?:assert\w*|expect\w*|should\w*)\s*\(|(?<![\w$])expect\s*\(|\bassert\s*\("
            ),
            comment=re.compile(r"^\s*(?://|\*(?!.*@test)|#(?!\[))"),
            what="PHPUnit test",
            block_comments=(),
        )
    ),
)

CSHARP = Language(
    name="C#",
    endings=frozenset({"cs", "fs", "vb"}),
    strong=pattern(
        r"(?:^|/)[^/]*Tests?\.(?:cs|fs|vb)$|(?:^|/)[^/]*\.?Tests?/(?:[^/]+/){0,8}[^/]+\.(?:cs|fs|vb)$"
    ),
    weak=pattern(r"(?:^|/)[^/]{0,255}(?:Tests?|Specs?)[^/]{0,255}\.(?:cs|fs|vb)$"),
    examine=by_lines(
        Signs(
            case=re.compile(
                r"\[<?(?:\w+\.)?(?:Fact|Theory|Test|TestMethod|TestCase|DataTestMethod|Property|Benchmark)\b|<Test(?:Method)?\(?"
            ),
            assertion=re.compile(
                r"\b(?:Assert|CollectionAssert|StringAssert)\.\w+|\.Should\w*\(|\bVerify\w*\(|\bshould\b|\bExpect\."
            ),
            comment=_C_COMMENT,
            what=".NET test",
        )
    ),
)

SWIFT = Language(
    name="Swift",
    endings=frozenset({"swift"}),
    strong=pattern(r"(?:^|/)[^/]*Tests?/(?:[^/]+/){0,6}[^/]+\.swift$|(?:^|/)[^/]+Tests?\.swift$"),
    examine=by_lines(
        Signs(
            case=re.compile(r"\bfunc\s+test\w*\s*\(|@Test\b"),
            assertion=re.compile(
                r"\bXCT(?:Assert|Fail|Unwrap)\w*\s*\(|#(?:expect|require)\b|\bexpect\("
            ),
            comment=_C_COMMENT,
            what="XCTest case",
        )
    ),
)

DART = Language(
    name="Dart",
    endings=frozenset({"dart"}),
    strong=pattern(r"_test\.dart$"),
    examine=by_lines(
        Signs(
            case=re.compile(r"(?<![\w.])(?:test|testWidgets|blocTest)(?:<[^<>]{0,80}>)?\s*\("),
            assertion=re.compile(r"\b(?:expect\w*|verify\w*)\s*\("),
            comment=_C_COMMENT,
            what="Dart test",
        )
    ),
)

ELIXIR = Language(
    name="Elixir",
    endings=frozenset({"exs"}),
    strong=pattern(r"_test\.exs$"),
    examine=by_lines(
        Signs(
            case=re.compile(r"^\s*(?:test|property|doctest)\b"),
            assertion=re.compile(r"\b(?:assert\w*|refute\w*|doctest|check all)\b"),
            comment=_HASH_COMMENT,
            what="ExUnit test",
            block_comments=(),
        )
    ),
)

HASKELL = Language(
    name="Haskell",
    endings=frozenset({"hs", "lhs"}),
    strong=pattern(r"(?:^|/)tests?/(?:[^/]+/){0,8}[^/]+\.l?hs$|(?:^|/)[^/]*Spec\.hs$"),
    weak=pattern(r"(?:^|/)[^/]*Tests?\.hs$"),
    examine=by_lines(
        Signs(
            case=re.compile(
                r"\b(?:it|specify|testCase|testProperty|prop|test|property|describe|TestCase|TestList|TestLabel|quickCheck\w*|testGroup)\b|^prop_\w+|~\?=|~=\?"
            ),
            assertion=re.compile(
                r"\b(?:should\w+|assert\w*|expect\w*|quickCheck\w*|property|prop|testProperty|hedgehog)\b|@\?=|@=\?|@\?|~\?=|~=\?|===|\bforAll\b|\bdoctest\b|^prop_\w+.{0,200}=="
            ),
            comment=re.compile(r"^\s*--|\s*import\b|\s*module\b"),
            what="Haskell test",
            block_comments=(("{-", "-}"),),
        )
    ),
)

OCAML = Language(
    name="OCaml",
    endings=frozenset({"ml", "mli"}),
    strong=pattern(
        r"(?:^|/)tests?/(?:[^/]+/){0,6}[^/]+\.ml$|(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?)\.ml$"
    ),
    examine=by_lines(
        Signs(
            case=re.compile(
                r"let%(?:test|expect_test|test_unit)|\btest_case\b|>::|\blet\s+(?:\(\)|test\w*|_)\s*[=:(]|\bTest\.make\b"
            ),
            assertion=re.compile(
                r"\bassert\w*\b|\bAlcotest\.check|\bcheck\b|\[%expect|let%test\b|\bTest\.make\b"
            ),
            comment=re.compile(r"^\s*\(\*"),
            what="OCaml test",
            block_comments=(("(*", "*)"),),
        )
    ),
)

CLOJURE = Language(
    name="Clojure",
    endings=frozenset({"clj", "cljs", "cljc"}),
    strong=pattern(r"(?:^|/)test/(?:[^/]+/){0,10}[^/]+\.clj[cs]?$"),
    examine=by_lines(
        Signs(
            case=re.compile(r"\((?:\w+/)?(?:deftest|defspec|facts?|testing)\b"),
            assertion=re.compile(r"\((?:\w+/)?(?:is|are)\s|=>|\bprop/for-all"),
            comment=_LISP_COMMENT,
            what="Clojure test",
            block_comments=(),
        )
    ),
)

LISP = Language(
    name="Lisp",
    endings=frozenset({"lisp", "lsp", "scm", "ss", "rkt", "janet", "el", "fnl", "hy"}),
    strong=pattern(
        r"(?:^|/)tests?/(?:[^/]+/){0,8}[^/]+\.(?:lisp|lsp|scm|ss|rkt|janet|el|fnl|hy)$|(?:^|/)(?:[^/]*[-_]tests?|test[-_][^/]*|tests?)\.(?:lisp|lsp|scm|ss|rkt|janet|el|fnl|hy)$"
    ),
    examine=by_lines(
        Signs(
            case=re.compile(
                r"\((?:[\w:/-]+/)?(?:deftest|def-test|define-test|ert-deftest|test-case|test|check-\w+|rackunit|assert\w*|test-\w+|is|expect|error|unless|when|if)\b"
            ),
            assertion=re.compile(
                r"\((?:[\w:/-]+/)?(?:is|should|check-\w+|assert\w*|test-(?:equal|assert|eq|eqv|error)\w*|expect|error|ok|true)\b"
            ),
            comment=_LISP_COMMENT,
            what="test with a check",
            block_comments=(("#|", "|#"),),
        )
    ),
)

LUA = Language(
    name="Lua",
    endings=frozenset({"lua"}),
    strong=pattern(
        r"(?:^|/)spec/(?:[^/]+/){0,6}[^/]+_spec\.lua$|(?:^|/)(?:test_[^/]*|[^/]*_test|tests?)\.lua$"
    ),
    weak=pattern(r"(?:^|/)tests?/(?:[^/]+/){0,6}[^/]+\.lua$"),
    examine=by_lines(
        Signs(
            case=re.compile(
                r"(?<![\w.])(?:it|test|describe)\s*\(\s*['\"]|\bfunction\s+(?:[\w.:]{0,60}[.:])?test\w*\s*\(|^\s*tests?\.[\w.]+\s*=\s*function"
            ),
            assertion=re.compile(
                r"\b(?:assert\w*|expect|luaunit\.\w+|lu\.\w+)\s*[.(]|\btester:(?:assert|eq|ne)\w*\("
            ),
            comment=re.compile(r"^\s*--"),
            what="Lua test",
            asserts_alone=True,
            block_comments=(("--[[", "]]"),),
        )
    ),
)

PERL = Language(
    name="Perl",
    endings=frozenset({"t"}),
    strong=pattern(r"(?:^|/)x?t/(?:[^/]+/){0,6}[^/]+\.t$"),
    examine=by_lines(
        Signs(
            case=re.compile(
                r"^\s*(?:ok|is|isnt|like|unlike|is_deeply|cmp_ok|subtest|lives_ok|dies_ok|throws_ok|isa_ok|can_ok)\b"
            ),
            assertion=re.compile(
                r"^\s*(?:ok|is|isnt|like|unlike|is_deeply|cmp_ok|lives_ok|dies_ok|throws_ok|isa_ok|can_ok)\b"
            ),
            comment=_HASH_COMMENT,
            what="Perl test",
            block_comments=(),
        )
    ),
)

MATLAB = Language(
    name="MATLAB",
    endings=frozenset({"m"}),
    strong=pattern(r"(?:^|/)(?:[Tt]est[^/]*|[^/]*(?:Test|_test))\.m$"),
    examine=by_lines(
        Signs(
            case=re.compile(
                r"^\s*function\s+(?:[\w\[\], ]{0,60}=\s*)?\w*[tT]est\w*|^%!(?:test|assert|error)\b"
                r"|^\s*methods\s*\(\s*Test"
            ),
            assertion=re.compile(
                r"\b(?:verify|assert|fatalAssert|assume)\w*\s*\(|^%!assert\b|^%!error\b"
            ),
            comment=re.compile(r"^\s*%(?!!)"),
            what="MATLAB test",
            block_comments=(("%{", "%}"),),
        )
    ),
)

OTHERS = (
    RUBY, PHP, CSHARP, SWIFT, DART, ELIXIR, HASKELL, OCAML, CLOJURE, LISP, LUA, PERL, MATLAB,
)  # fmt: skip
