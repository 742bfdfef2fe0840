from spam import NaiveBayes


def test_learn():
    model = NaiveBayes()
    model.learn("win a prize", True)
    print(model.words)


def test_odds():
    model = NaiveBayes()
    model.learn("win a prize", True)
    model.learn("see you at lunch", False)
    print(model.odds("a prize at lunch"))
