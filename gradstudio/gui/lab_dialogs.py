"""What is asked about a lab: who the student is, what a hint is worth, what stays, what is open."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gradstudio.gui.wording import error_text
from gradstudio.lab.submission import id_refusal

MOST_LETTERS = 64


class StudentDialog(QDialog):
    """Asks for the id, which gives the variant, and the name; both are remembered."""

    def __init__(self, lab: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Open lab"))
        settings = QSettings()
        title = QLabel(lab, self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("role", "title")
        title.setWordWrap(True)
        self.said = QLabel(self)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setProperty("role", "muted")
        self.said.setWordWrap(True)
        self.id_field = QLineEdit(str(settings.value("lab/student", "")), self)
        self.name_field = QLineEdit(str(settings.value("lab/name", "")), self)
        for field, name in (
            (self.id_field, self.tr("Student id")),
            (self.name_field, self.tr("Name")),
        ):
            field.setMaxLength(MOST_LETTERS)
            field.setAccessibleName(name)
        buttons = QDialogButtonBox(self)
        self._begin = QPushButton(self.tr("Begin"), self)
        self._begin.setDefault(True)
        buttons.addButton(self._begin, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("Student id"), self.id_field)
        form.addRow(self.tr("Name"), self.name_field)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(title)
        column.addWidget(self.said)
        column.addLayout(form)
        column.addWidget(buttons)
        self.setMinimumWidth(360)
        self.id_field.textChanged.connect(self._judge)
        self._judge()

    def _judge(self) -> None:
        student = self.id_field.text().strip()
        wrong = id_refusal(student)
        self._begin.setEnabled(bool(student) and wrong is None)
        self.said.setText(
            self.tr("Your id gives you numbers of your own.")
            if wrong is None
            else error_text(wrong)
        )

    @classmethod
    def ask(cls, lab: str, parent: QWidget) -> tuple[str, str] | None:
        """Return the id and the name of who does the lab called `lab`, or None."""
        dialog = cls(lab, parent)
        done = dialog.exec() == QDialog.DialogCode.Accepted
        student, name = dialog.id_field.text().strip(), dialog.name_field.text().strip()
        dialog.deleteLater()
        if not done:
            return None
        QSettings().setValue("lab/student", student)
        QSettings().setValue("lab/name", name)
        return student, name


class GoOn(QMessageBox):
    """Asks whether to go on with work that was done on a lab before."""

    @classmethod
    def ask(cls, lab: str, parent: QWidget) -> bool | None:
        """Return whether to go on with the work on `lab`, not begin anew; None for neither."""
        box = cls(parent)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Question)
        text = QCoreApplication.translate("GoOn", "You have worked on “{lab}” before.")
        box.setText(text.format(lab=lab))
        role = QMessageBox.ButtonRole
        on = box.addButton(QCoreApplication.translate("GoOn", "Go on"), role.AcceptRole)
        anew = box.addButton(QCoreApplication.translate("GoOn", "Begin anew"), role.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(on)
        box.exec()
        chosen = box.clickedButton()
        box.deleteLater()
        return True if chosen is on else False if chosen is anew else None


class HintPrice(QMessageBox):
    """Asks before points are given for a hint."""

    @classmethod
    def ask(cls, price: str, parent: QWidget) -> bool:
        """Return whether to take a hint that costs `price` points."""
        one = QCoreApplication.translate("HintPrice", "This hint costs 1 point. Take it?")
        text = QCoreApplication.translate("HintPrice", "This hint costs {price} points. Take it?")
        return _agreed(cls(parent), one if price == "1" else text.format(price=price))


class KeepAnswer(QMessageBox):
    """Asks before an answer that may be wrong is kept for good."""

    @classmethod
    def ask(cls, parent: QWidget) -> bool:
        """Return whether to keep it."""
        text = QCoreApplication.translate(
            "KeepAnswer",
            "Keep this answer? It is graded as it stands and cannot be changed any more. "
            "The numbers that only this task asks for are shown then.",
        )
        return _agreed(cls(parent), text, cls.StandardButton.No)


class OpenItems(QMessageBox):
    """Asks before a lab is handed in with tasks that are open."""

    @classmethod
    def ask(cls, items: str, parent: QWidget) -> bool:
        """Return whether to hand in although `items` are open."""
        text = QCoreApplication.translate("OpenItems", "Still open: {items}. Submit all the same?")
        return _agreed(cls(parent), text.format(items=items))


def _agreed(
    box: QMessageBox,
    text: str,
    default: QMessageBox.StandardButton = QMessageBox.StandardButton.Yes,
) -> bool:
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.Question)
    box.setText(text)
    button = QMessageBox.StandardButton
    box.setStandardButtons(button.Yes | button.No)
    box.setDefaultButton(default)
    agreed = box.exec() == button.Yes
    box.deleteLater()
    return agreed
