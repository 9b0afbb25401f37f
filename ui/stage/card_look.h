#pragma once

#include <QRectF>
#include <QString>
#include <vector>

#include "lab/snapshot.h"
#include "shell/theme.h"
#include "stage/stage_layout.h"
#include "stage/state_pill.h"

namespace streamscope::ui {

/// The words and bar of a card (a broker's header, a client, a controller), resolved from the snapshot. A card whose
/// look did not change is not painted again.
struct CardLook {
  QRectF rect;
  QString icon{};
  QString title{};
  /// Of a controller, where the title has no room.
  QString shortTitle{};
  /// Right of the title.
  QString aside{};
  Role asideRole = Role::TextMuted;
  bool asideIsMono = false;
  QString line{};
  /// Between title and aside: a controller's part in the quorum.
  QString badge{};
  StatePill::Style badgeStyle = StatePill::Style::Outlined;
  /// The third line, beside or above the bar.
  QString value{};
  Role valueRole = Role::TextMuted;
  /// Filled part in thousandths; -1: no bar.
  int barPermille = -1;
  Role barRole = Role::Accent;
  /// Drawn dashed and dim: it does not run.
  bool isStopped = false;

  bool operator==(const CardLook&) const = default;
};

CardLook brokerHeaderLook(const BrokerBox& box, const lab::Snapshot& snapshot);
CardLook controllerLook(const ControllerBox& box, const lab::Snapshot& snapshot);
/// @param lagScale the lag that fills a bar
CardLook clientLook(const ClientBox& box, const lab::Snapshot& snapshot, int64_t lagScale);
/// "orders" and "3 partitions · RF 3 · min.insync.replicas 2".
CardLook titleLook(const QRectF& rect, const lab::Snapshot& snapshot);
/// The lag that fills a consumer's bar: a round number above the largest lag, at least 100.
int64_t lagScaleOf(const lab::Snapshot& snapshot);
int64_t lagOf(const lab::ConsumerState& consumer);

}  // namespace streamscope::ui
