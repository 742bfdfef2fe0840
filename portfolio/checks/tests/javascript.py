"""JavaScript and TypeScript tests: Jest, Vitest, Mocha, node:test, AVA, Playwright and their like."""

from portfolio.checks.tests.language import Language, Signs, by_lines, pattern

SIGNS = Signs(
    case=pattern(
        r"(?<![\w.$])(?:it|test|specify|x?it\.each|test\.each|fdescribe|describe\.each|Deno\.test|QUnit\.test)"
        r"(?:\.(?:only|concurrent|each|serial|failing|step)){0,2}\s*(?:\(|`)"
        r"|(?<![\w.$])(?:pluginTester|RuleTester|ruleTester\.run|tape)\s*\("
    ),
    assertion=pattern(
        r"(?<![\w$])(?:expect|expectTypeOf|expectType|assert\w*|cy)\s*[.(]|\.should\b|(?<![\w$])t\.(?:is|deepEqual|equal|true|false|"
        r"truthy|falsy|throws|like|snapshot|ok|same|not|regex)\w*\(|(?<![\w$])(?:screen|chai)\.|\bpluginTester\s*\("
    ),
    comment=pattern(r"^\s*(?://|\*)"),
    what="test case",
    asserts_alone=True,
)

#: jest's testMatch and vitest's include.
JAVASCRIPT = Language(
    name="JavaScript",
    endings=frozenset({"js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte"}),
    strong=pattern(
        r"(?:^|/)__tests__/(?:[^/]+/){0,8}[^/]+\.[cm]?[jt]sx?$|(?:^|[/.])(?:spec|test)\.[cm]?[jt]sx?$|[.](?:cy|e2e)\.[jt]sx?$"
    ),
    weak=pattern(
        r"(?:^|/)(?:tests?|specs?|e2e|cypress)/(?:[^/]+/){0,6}[^/]+\.[cm]?[jt]sx?$|(?:^|/)[^/]{0,255}[-_.]?tests?[-_.][^/]{0,255}\.[cm]?[jt]sx?$|"
        r"(?:^|/)[^/]{0,255}[-_](?:tests?|spec)\.[cm]?[jt]sx?$"
    ),
    never=pattern(
        r"\.min\.js$|\.d\.ts$|(?:^|/)(?:jest|vitest|karma|cypress|playwright)\.(?:config|setup)\.\w+$|(?:^|/)(?:__fixtures__|fixtures|__mocks__)/|"
        r"(?:^|/)(?:setupTests|jest[.-]setup)\.\w+$"
    ),
    examine=by_lines(SIGNS),
    command="npm test",
    assertion="expect(add(2, 2)).toBe(4)",
)
