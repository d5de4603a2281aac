import QtQuick
import Ponder.Ui

Item {
    required property RowData row
    implicitHeight: 17
    Rectangle { y: 8; width: parent.width; height: 1; color: Theme.border }
    Accessible.role: Accessible.Separator
    Accessible.name: qsTr("Rule")
}
