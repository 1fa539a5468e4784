"""Makes a screenshot a third of its size: a palette of the 256 colours that are most of it, and deflate at its best."""

import collections
import struct
import zlib


def shrink(png):
    width, height, pixels = read(png)
    counts = collections.Counter(pixels)
    palette = [colour for colour, _ in counts.most_common(256)]
    nearest = {colour: min(range(len(palette)), key=lambda i: distance(palette[i], colour)) for colour in counts}
    indexes = bytes(nearest[pixel] for pixel in pixels)
    lines = b"".join(b"\0" + indexes[y * width:(y + 1) * width] for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
            + chunk(b"PLTE", b"".join(bytes(colour) for colour in palette)) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def distance(a, b):
    return sum((x - y) ** 2 for x, y in zip(a, b))


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def read(png):
    """Width, height and the pixels as red, green, blue of a picture with 8 bits each and no interlace, which a browser's is."""
    at, data = 8, b""
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + size]
        at += 12 + size
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            data += body
    step = {2: 3, 6: 4}[colour]
    lines = list(unfiltered(zlib.decompress(data), width * step, step))
    return width, height, [tuple(line[x:x + 3]) for line in lines for x in range(0, width * step, step)]


def unfiltered(data, stride, step):
    """PNG's filters, RFC 2083 section 6, undone line by line."""
    above = bytearray(stride)
    for start in range(0, len(data), stride + 1):
        kind, line = data[start], bytearray(data[start + 1:start + 1 + stride])
        for i in range(stride):
            left, up, corner = (line[i - step] if i >= step else 0), above[i], (above[i - step] if i >= step else 0)
            line[i] = (line[i] + (0, left, up, (left + up) // 2, paeth(left, up, corner))[kind]) & 255
        yield line
        above = line


def paeth(left, up, corner):
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))
