#pragma once

#include <QString>
#include <vector>

#include "lab/snapshot.h"
#include "shell/selection.h"
#include "shell/theme.h"

namespace streamscope::ui {

/// One line of the inspector; a heading has no value.
struct Fact {
  QString name;
  QString value;
  bool isHeading = false;
  bool operator==(const Fact&) const = default;
};

/// The selected thing in words. Without a selection it is the cluster.
struct InspectedSubject {
  QString title;
  /// One word or two: "leader", "in sync", "stopped 4.1 s".
  QString state;
  Role stateRole = Role::TextMuted;
  std::vector<Fact> facts;
};

InspectedSubject inspect(const Selection& selection, const lab::Snapshot& snapshot);

}  // namespace streamscope::ui
