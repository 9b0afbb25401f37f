#pragma once

#include <QRectF>
#include <QSizeF>
#include <string>
#include <vector>

#include "lab/snapshot.h"
#include "shell/selection.h"

namespace streamscope::ui {

/// How much of a replica fits into its lane.
enum class LaneDetail : uint8_t {
  /// Name, state and epoch above the strip, offsets below.
  Full,
  /// One line: mark, name, strip, log end offset.
  Row,
  /// The strip alone, as heat.
  Heat,
};

struct LaneBox {
  base::TopicPartition partition;
  /// Index into BrokerState::replicas.
  size_t replica = 0;
  QRectF rect;
  /// Parts of `rect`; label and offsets are empty where the detail has no room for them.
  QRectF label, strip, offsets;
};

struct BrokerBox {
  base::BrokerId id = 0;
  /// Index into Snapshot::brokers.
  size_t index = 0;
  int row = 0, column = 0;
  QRectF rect, header;
  std::vector<LaneBox> lanes;
};

struct ClientBox {
  enum class Kind : uint8_t { Producer, Consumer, External };
  Kind kind = Kind::Producer;
  /// Index into producers, consumers or externalGroups().
  size_t index = 0;
  Selection selection;
  QRectF rect;
  bool isOnTheRight = false;
};

/// A frame around the consumers of one group.
struct GroupBox {
  std::string name;
  QRectF rect, header;
};

struct ControllerBox {
  int32_t id = 0;
  QRectF rect;
};

/// Where everything stands, in stage coordinates from (0, 0). Pure geometry: the same picture, size and scale give the
/// same layout.
///
///     title              controllers
///     producers | broker | broker | broker | consumers
///               | broker | broker | ...
///
/// Brokers stand in as many rows as legible columns need. Between the columns and rows run gutters for the links.
struct StageLayout {
  QSizeF size;
  double scale = 1;
  QRectF title;
  LaneDetail detail = LaneDetail::Full;
  std::vector<ControllerBox> controllers;
  std::vector<BrokerBox> brokers;
  std::vector<ClientBox> clients;
  std::vector<GroupBox> groups;
  /// Left edges of the gutters: before column 0, 1, ... and after the last.
  std::vector<double> gutterX;
  double gutterWidth = 0;
  /// Top edges of the gutters: above row 0, 1, ... and below the last.
  std::vector<double> gutterY;
  double gutterHeight = 0;
  QRectF leftColumn, rightColumn;

  const BrokerBox* broker(base::BrokerId id) const;
  const LaneBox* lane(base::BrokerId id, const base::TopicPartition& partition) const;
  /// The rectangle that stands for a selection; empty when it is not on the stage.
  QRectF rectOf(const Selection& selection) const;
};

/// @param viewport  the visible size; the layout grows beyond it when lanes would become illegible
/// @param zoom      1 fits the viewport; 2 makes everything twice as large
/// @param textScale 1 to 2, Appearance::textScale
StageLayout layOutStage(const lab::Snapshot& snapshot, QSizeF viewport, double zoom, double textScale);

/// Changes when the layout must be made anew: nodes, replicas or clients came or went.
size_t topologyOf(const lab::Snapshot& snapshot);

}  // namespace streamscope::ui
