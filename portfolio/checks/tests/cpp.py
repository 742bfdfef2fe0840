"""C and C++ tests: GoogleTest, Catch2, doctest, Boost.Test, Unity, and plain `assert` programs."""

import re

from portfolio.checks.tests.language import Language, Signs, by_lines, pattern

SIGNS = Signs(
    case=re.compile(
        r"^\s*(?:TYPED_|FRIEND_)?TEST(?:_F|_P|_CASE|_METHOD|_CASE_METHOD|_GROUP|_CASE_TEMPLATE)?\s*\(|^\s*(?:TEMPLATE_)?TEST_CASE\w*\s*\(|"
        r"^\s*SCENARIO\s*\(|\bBOOST_(?:AUTO|FIXTURE|PARAM)_TEST_CASE\b|\bSUBCASE\s*\(|^\s*(?:START_TEST|CTEST|MU_TEST|RUN_TEST)\s*\(|"
        r"^\s*(?:static\s+)?(?:void|int|bool)\s+test\w*\s*\(|^\s*QTEST_|^\s*CPPUNIT_TEST\s*\("
    ),
    assertion=re.compile(
        r"\b(?:EXPECT|ASSERT|REQUIRE|CHECK|BOOST_CHECK|BOOST_REQUIRE|BOOST_TEST|TEST_ASSERT|CPPUNIT_ASSERT|QVERIFY|QCOMPARE|mu_assert|ck_assert|"
        r"STATIC_REQUIRE|THEN|MU_ASSERT|cr_assert|assert_int|assert_str|assert_true|assert_memory)\w*\s*\(|\bassert\s*\("
    ),
    comment=re.compile(r"^\s*(?://|\*)|\s*#\s*(?:include|define)\b"),
    what="C++ test",
    asserts_alone=True,
)

CPP = Language(
    name="C or C++",
    endings=frozenset({"c", "cc", "cpp", "cxx", "h", "hpp", "hh", "cu", "cuh", "m", "mm"}),
    strong=re.compile(
        r"(?:^|/)(?:test_[^/]*|[^/]+_(?:unit)?tests?|[^/]+[a-z]Tests?)\.(?:cc|cpp|cxx|cu|mm)$"
    ),
    weak=pattern(
        r"(?:^|/)(?:tests?|unit_?tests?)/(?:[^/]+/){0,6}[^/]+\.(?:cc|cpp|cxx|c|cu|h|hpp|hh|m|mm)$|(?:^|/)(?:tests?[^/]*|[^/]+_tests?)\.(?:cc|cpp|cxx|c)$"
    ),
    never=pattern(r"(?:^|/)(?:catch|doctest|gtest[\w-]*|unity|picotest)\.(?:h|hpp|c|cc)$"),
    examine=by_lines(SIGNS),
    command="ctest",
    assertion="assert(add(2, 2) == 4)",
)
