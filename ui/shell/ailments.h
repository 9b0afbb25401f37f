#pragma once

#include <QString>
#include <QStringList>

#include "lab/snapshot.h"

namespace streamscope::ui {

/// What is wrong with a machine, in a few words each: "slow disk", "clock +1 h". Empty when it is well.
QStringList ailmentsOf(const lab::DiskState& disk, const lab::ClockState& clock);

/// How a link carries otherwise than usual: "100 ms", "5 % lost".
QString conditionsText(const world::LinkConditions& conditions);

}  // namespace streamscope::ui
