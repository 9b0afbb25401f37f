#pragma once

#include <QString>
#include <optional>

#include "base/virtual_time.h"

namespace streamscope::app {

/// Virtual time as a person types it: "90" (seconds), "1.5s", "250ms", "20 s", "2m", "1h30m", "01:30", "00:01:30.250".
/// None for anything else, and for more than a year.
std::optional<base::Duration> parseDuration(const QString& text);

}  // namespace streamscope::app
