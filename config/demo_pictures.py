"""A picture that Ada's case study shows in the demonstration."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).resolve().parents[1] / "portfolio" / "fonts" / "DejaVuSans.ttf"
#: Mean error in bikes an hour, at 6, 9, 12, 15, 18 and 21 o'clock: the crew's rule, and the forecast.
HOURS = {6: (41, 29), 9: (92, 51), 12: (48, 33), 15: (52, 36), 18: (97, 56), 21: (37, 27)}
WIDTH, HEIGHT, MARGIN, FOOT = 1200, 620, 70, 90
RULE, FORECAST, INK = "#9aa3ad", "#0b6e6e", "#20262c"


def error_by_hour() -> bytes:
    """A PNG: the error of the crew's rule and of the forecast by the hour of the day."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), 24)
    floor, step = HEIGHT - FOOT, (WIDTH - 2 * MARGIN) / len(HOURS)
    scale = (floor - MARGIN) / 100
    for place, (hour, errors) in enumerate(HOURS.items()):
        left = MARGIN + place * step + 20
        for number, (error, colour) in enumerate(zip(errors, (RULE, FORECAST), strict=True)):
            x = left + number * 68
            draw.rectangle((x, floor - error * scale, x + 60, floor), fill=colour)
            draw.text((x + 30, floor - error * scale - 6), str(error), INK, font, anchor="ms")
        draw.text((left + 64, floor + 34), f"{hour}:00", INK, font, anchor="ms")
    draw.line((MARGIN, floor, WIDTH - MARGIN, floor), fill=INK, width=2)
    for x, colour, words in ((MARGIN, RULE, "the crew’s rule"), (380, FORECAST, "the forecast")):
        draw.rectangle((x, 18, x + 24, 42), fill=colour)
        draw.text((x + 36, 39), words, INK, font, anchor="ls")
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
