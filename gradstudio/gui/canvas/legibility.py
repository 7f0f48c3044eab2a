"""How large and in how many digits texts are written in a small picture, so that they can be read.

They grow in the steps of `LETTERS_PX` while nodes stay as they are; below `TEXT_SCALE` no text is
written at all.
"""

from __future__ import annotations

import math

TEXT_SCALE = 0.38
PLAIN_SCALE = 0.2
"""Below it nodes are plain boxes and edges straight lines."""
LETTERS_PX = (11, 12, 13, 14, 15, 16, 18, 20, 22, 24)
"""How high the letters of an edge's numbers are, in px at 100 %: the first is the usual."""
LETTERS_DIGITS = (4, 4, 4, 3, 3, 3, 3, 2, 2, 2)
"""In how many significant digits they are written: four down to 69 %, three to 50 %, then two."""
READABLE_PX = 9.0
"""What they are at least on the screen, down to `TEXT_SCALE`."""


def text_scale(scale: float) -> float:
    """Return how much larger than usual texts are drawn in a picture of this scale."""
    for letters in LETTERS_PX:
        if letters * scale >= READABLE_PX:
            break
    return letters / LETTERS_PX[0]


def digits_at(larger: float) -> int:
    """Return in how many digits numbers are written where texts are drawn so much larger."""
    return LETTERS_DIGITS[LETTERS_PX.index(round(larger * LETTERS_PX[0]))]


def far_scale(scale: float) -> float:
    """Return how much larger texts are drawn that must be read however small the picture is."""
    # In halves, so that few fonts are made.
    return math.ceil(2 * READABLE_PX / LETTERS_PX[0] / scale) / 2
