#pragma once

#include <QKeySequence>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "lab/command.h"
#include "lab/snapshot.h"
#include "shell/selection.h"

namespace streamscope::ui {

/// One thing that can be done to the selection now.
struct LabAction {
  /// Stable, for tests and scripts: "kill", "cut-link-2".
  QString id;
  /// A whole sentence for menus and screen readers, "Kill Broker 2".
  QString text;
  /// For a button beside the thing's name, "Kill".
  QString shortText;
  /// Name of a file under resources/icons.
  QString icon;
  /// Without modifiers; works while the stage has the focus. Empty: none.
  QKeySequence shortcut;
  lab::Command command;
  /// Takes something away from the cluster; drawn as a warning.
  bool isFault = false;
  /// The sub menus it stands in, outermost first; empty: it stands for itself, with a key.
  QStringList group = {};
};

/// The table behind the context menu, the keyboard, the inspector's buttons and later the console: every Command that
/// makes sense for this selection in this picture, in the order a person expects.
std::vector<LabAction> actionsFor(const Selection& selection, const lab::Snapshot& snapshot);

/// The remedy the banner offers for a broker that does not run or is paused.
std::optional<LabAction> remedyFor(const lab::BrokerState& broker);
std::optional<LabAction> remedyFor(const lab::ControllerState& controller);

}  // namespace streamscope::ui
