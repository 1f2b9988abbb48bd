"""Small damages to bytes, as both protocols' fuzzers do them."""


def damage(data, chance, pieces):
    """Changes, removes or inserts something at one place of a bytearray."""
    at = chance.randrange(len(data) + 1)
    kind = chance.randrange(5)
    if kind == 0 and at < len(data):
        data[at] ^= 1 << chance.randrange(8)
    elif kind == 1 and at < len(data):
        data[at] = chance.randrange(256)
    elif kind == 2:
        del data[at:at + chance.choice((1, 1, 2, 10))]
    elif kind == 3:
        data[at:at] = chance.choice(pieces)
    elif len(data) > 4:
        del data[max(4, at):]
