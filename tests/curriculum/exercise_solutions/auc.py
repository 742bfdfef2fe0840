def roc_auc(labels, scores):
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        raise ValueError("one class alone")
    rows = sorted(zip(scores, labels, strict=True))
    ranks, at = 0.0, 0
    while at < len(rows):
        end = at
        while end < len(rows) and rows[end][0] == rows[at][0]:
            end += 1
        ranks += (at + 1 + end) / 2 * sum(label for _, label in rows[at:end])
        at = end
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)
