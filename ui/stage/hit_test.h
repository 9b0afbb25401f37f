#pragma once

#include <QPointF>
#include <vector>

#include "shell/selection.h"
#include "stage/stage_layout.h"

namespace streamscope::ui {

enum class Direction : uint8_t { Left, Right, Up, Down };

/// What stands at a point of the stage; nothing between things.
Selection hitTest(const StageLayout& layout, QPointF point);

/// Everything on the stage that can be selected, in reading order.
std::vector<Selection> selectablesOf(const StageLayout& layout);

/// Where an arrow key leads from a selection: the nearest thing in that direction; from nothing, the first broker. Up
/// from a broker's first lane leads to the broker itself. Stays where there is nothing further.
Selection neighbour(const StageLayout& layout, const Selection& selection, Direction direction);

}  // namespace streamscope::ui
