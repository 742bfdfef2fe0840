OK_FORMAT = True

test = {
    "name": "q1",
    "points": 2,
    "suites": [
        {
            "cases": [{"code": ">>> round(predict(2, 1, 3), 2)\n7"}],
            "scored": True,
            "type": "doctest",
        }
    ],
}
