"""A WebM film of key frames, with the index that seeking needs (RFC 9559): no encoder is needed, a lossy WebP picture is a VP8 key frame."""

import struct


def frame_of_webp(picture):
    """The VP8 frame in a lossy WebP file (RFC 9649)."""
    at = 12
    while at < len(picture):
        name, size = picture[at:at + 4], struct.unpack("<I", picture[at + 4:at + 8])[0]
        if name == b"VP8 ":
            return picture[at + 8:at + 8 + size]
        at += 8 + size + size % 2
    raise ValueError("no lossy picture")


def element(identifier, data):
    return bytes.fromhex(identifier) + struct.pack(">Q", len(data) | 1 << 56) + data


def unsigned(identifier, value):
    return element(identifier, struct.pack(">Q", value))


def text(identifier, value):
    return element(identifier, value.encode())


def film(frames, width, height, milliseconds):
    """Each frame is shown so long, in a cluster of its own."""
    clusters = [
        element("1f43b675", unsigned("e7", i * milliseconds) + element("a3", b"\x81" + struct.pack(">hB", 0, 0x80) + frame)) for i, frame in enumerate(frames)]
    info = element("1549a966", unsigned("2ad7b1", 1000000) + element("4489", struct.pack(">d", len(frames) * milliseconds)) + text("4d80", "test") + text("5741", "test"))
    video = element("e0", unsigned("b0", width) + unsigned("ba", height))
    tracks = element("1654ae6b", element("ae", unsigned("d7", 1) + unsigned("73c5", 1) + unsigned("83", 1) + text("86", "V_VP8") + video))

    def cues(first):
        points, position = b"", first
        for i, cluster in enumerate(clusters):
            points += element("bb", unsigned("b3", i * milliseconds) + element("b7", unsigned("f7", 1) + unsigned("f1", position)))
            position += len(cluster)
        return element("1c53bb6b", points)

    index = cues(len(info) + len(tracks) + len(cues(0)))  # its own length does not depend on the numbers in it
    head = element("1a45dfa3", unsigned("4286", 1) + unsigned("42f7", 1) + unsigned("42f2", 4) + unsigned("42f3", 8) + text("4282", "webm")
                   + unsigned("4287", 2) + unsigned("4285", 2))
    return head + element("18538067", info + tracks + index + b"".join(clusters))
