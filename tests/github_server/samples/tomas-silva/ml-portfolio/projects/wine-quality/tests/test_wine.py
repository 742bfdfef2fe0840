from wine import mean_predictor, to_score


def test_the_mean_predictor_ignores_the_wine():
    predict = mean_predictor([5, 6, 7])
    assert predict({"alcohol": 9}) == predict({"alcohol": 14}) == 6


def test_scores_stay_between_0_and_10():
    assert [to_score(value) for value in (-1, 4.4, 12)] == [0, 4, 10]
