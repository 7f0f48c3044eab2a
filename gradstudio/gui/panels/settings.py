"""The editors of an op's settings, each of the kind the setting has."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from gradstudio.numbers import EntryError, plain_signs, read_number
from gradstudio.ops import Op, Setting, SettingValue


def read_setting(setting: Setting, text: str) -> SettingValue:
    """Read what was typed for `setting`; what is not of its kind is returned as it is.

    The graph then refuses it, and says so as it does everywhere.
    """
    text = plain_signs(text).strip()
    if setting.kind == "index":
        return text
    if not text:
        return setting.default
    bare = text.strip("()[] ").rstrip(",")
    try:
        if setting.kind == "int":
            return int(bare)
        if setting.kind == "float":
            return read_number(bare)
        if setting.kind == "axis" and "," not in text:
            return None if bare.casefold() == "none" else int(bare)
        if setting.kind == "axes" and bare.casefold() == "none":
            return None
        return tuple(int(part) for part in bare.split(",")) if bare else ()
    except (ValueError, EntryError):
        return text


def setting_text(value: SettingValue) -> str:
    """Return `value` as it is typed."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)


class SettingsForm(QWidget):
    """One field for each setting of an op."""

    edited = Signal(str, object)
    """The name of a setting and its new value, not yet checked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._op: type[Op] | None = None
        self.fields: dict[str, QLineEdit | QCheckBox] = {}

    def show_settings(self, op: type[Op], settings: dict[str, SettingValue]) -> None:
        """Show the fields of `op`, filled with `settings`."""
        if op is not self._op:
            self._rebuild(op)
        for setting in op.settings:
            field = self.fields[setting.name]
            value = settings.get(setting.name, setting.default)
            if isinstance(field, QCheckBox):
                blocked = field.blockSignals(True)
                field.setChecked(bool(value))
                field.blockSignals(blocked)
            elif not field.hasFocus() or not field.isModified():
                field.setText(setting_text(value))

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        if self._op is None:
            return
        for setting in self._op.settings:
            field = self.fields[setting.name]
            field.setAccessibleName(setting.name)
            if isinstance(field, QLineEdit):
                field.setPlaceholderText(self._hint(setting))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _rebuild(self, op: type[Op]) -> None:
        self._op = op
        while self._form.rowCount():
            self._form.removeRow(0)
        self.fields = {}
        for setting in op.settings:
            field = self._field(setting)
            field.setObjectName(f"setting_{setting.name}")
            self.fields[setting.name] = field
            self._form.addRow(setting.name, field)
        self.retranslate()

    def _field(self, setting: Setting) -> QLineEdit | QCheckBox:
        if setting.kind == "bool":
            box = QCheckBox(self)
            box.toggled.connect(lambda on: self.edited.emit(setting.name, on))
            return box
        field = QLineEdit(self)

        def take() -> None:
            if field.isModified():
                field.setModified(False)
                self.edited.emit(setting.name, read_setting(setting, field.text()))

        field.editingFinished.connect(take)
        field.setAlignment(Qt.AlignmentFlag.AlignLeft)
        return field

    def _hint(self, setting: Setting) -> str:
        hints = {
            "axis": QCoreApplication.translate("SettingsForm", "all axes"),
            "axes": QCoreApplication.translate("SettingsForm", "in reverse order"),
            "shape": QCoreApplication.translate("SettingsForm", "such as 3, -1"),
            "index": QCoreApplication.translate("SettingsForm", "such as 0, 1:3"),
            "equation": QCoreApplication.translate("SettingsForm", "such as ij,jk->ik"),
        }
        return hints.get(setting.kind, "")
