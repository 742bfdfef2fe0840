def sample(stream, k, dice):
    kept = []
    for number, item in enumerate(stream):
        if number < k:
            kept.append(item)
        elif (slot := dice.randint(0, number)) < k:
            kept[slot] = item
    return kept
