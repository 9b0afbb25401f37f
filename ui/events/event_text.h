#pragma once

#include <QString>

#include "lab/snapshot.h"
#include "shell/theme.h"
#include "world/trace.h"

namespace streamscope::ui {

/// How an event is filed: what changes the cluster, what nodes say to each other, and the small steps in between.
enum class EventKind : uint8_t { Change, Message, Detail };

EventKind kindOf(const world::EventPayload& payload);

/// An event in words.
struct EventText {
  QString node;
  QString text;
  /// Text for what is ordinary, the cluster's colours for trouble and recovery.
  Role role = Role::Text;
};

EventText describe(const world::TraceEvent& event, const lab::Snapshot& snapshot);

}  // namespace streamscope::ui
