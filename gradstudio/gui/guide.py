"""What the program says of itself: how to begin, and what it is."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from gradstudio import __version__
from gradstudio.gui.dialogs import Page


def how_to(window: QWidget) -> None:
    """Show how to begin, over `window`."""
    title = QCoreApplication.translate("Guide", "How to")
    text = QCoreApplication.translate(
        "Guide",
        "<h3>Build</h3><p>Drag nodes from the left, then drag from the right side of one "
        "node to the left side of another. Or type a formula at the top, such as "
        "<code>f = (x + y) * z</code>, and press Enter.</p>"
        "<h3>Read</h3><p>On every edge the value stands above, in green, and the gradient "
        "of the output below, in red. Select a node to see the chain rule there with its "
        "numbers. The buttons at the top left go through the graph one node at a time, "
        "forward and then backward.</p>"
        "<h3>Change</h3><p>Double-click a leaf to type another value: all numbers "
        "follow. Every change can be undone.</p>"
        "<h3>Find your way</h3><p>The wheel zooms at the pointer; drag with the middle "
        "button, or with Space held, to pan; on a trackpad two fingers do both. F shows "
        "all, Ctrl+F finds a node by name, operation or value, and the map at the lower "
        "right shows where you are.</p>"
        "<h3>Keep it tidy</h3><p>Ctrl+L lays everything out. Nodes that you drag snap to "
        "their neighbours; hold Alt to let them go freely. The menu Arrange lines up what "
        "is selected.</p>"
        "<h3>Train</h3><p>Make weights parameters, mark inputs as data, end in a loss, "
        "and press Train. Reset brings the first weights back.</p>",
    )
    Page.ask(title, text, window)


def about(window: QWidget) -> None:
    """Say what this is, over `window`."""
    title = QCoreApplication.translate("Guide", "About GradStudio")
    text = QCoreApplication.translate(
        "Guide",
        "<h3>GradStudio {version}</h3><p>Backpropagation, with every number in sight: a "
        "laboratory for computation graphs and their gradients.</p>",
    )
    Page.ask(title, text.format(version=__version__), window)
