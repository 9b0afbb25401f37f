#pragma once

#include <QMenu>

#include "shell/actions.h"
#include "shell/theme.h"

namespace streamscope::ui {

/// The entry of an action in a menu, in the sub menus its group names, which are made when they are not there yet.
QAction* addToMenu(QMenu* menu, const LabAction& action, const Theme& theme);

}  // namespace streamscope::ui
