#pragma once

#include <QImage>
#include <QSize>
#include <optional>
#include <vector>

#include "lab/snapshot.h"
#include "ui/appearance.h"
#include "world/trace.h"

namespace streamscope::ui {

/// A replica of a partition on one broker.
struct SelectedReplica {
  base::BrokerId broker = 0;
  base::TopicPartition partition;
};

/// A moment to be drawn without a screen.
struct Scene {
  lab::SnapshotPtr snapshot;
  /// Earlier snapshots, oldest first, some ten for each second: the charts and the rates come from these.
  std::vector<lab::SnapshotPtr> history;
  /// The events up to the moment, in order: messages on their way, flashes, the event list and the headline come from
  /// these. The last minute is enough.
  std::vector<world::TraceEvent> trace;
  bool isPaused = false;
  double speed = 1;
  /// What the inspector shows; without one, the cluster.
  std::optional<SelectedReplica> selected;
};

/// The whole window as it would look at that moment. Needs a QApplication; draws offscreen.
/// @param size  in logical pixels; the image has size x scale
/// @param scale device pixels for each logical one, 1 to 3
QImage renderScene(const Scene& scene, QSize size, double scale, const Appearance& appearance);

}  // namespace streamscope::ui
