import math
from collections import Counter


def predict(points, labels, query, k):
    if not 1 <= k <= len(points):
        raise ValueError(k)
    nearest = sorted(range(len(points)), key=lambda i: math.dist(points[i], query))[:k]
    votes = Counter(labels[i] for i in nearest)
    return max(votes, key=votes.get)
