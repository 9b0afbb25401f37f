#pragma once

#include <optional>

#include "base/result.h"
#include "hot_tail.h"

namespace streamscope::log {

/// What all logs of one log directory share.
struct DirectoryState {
  /// The first storage fault: from then on the whole directory is offline.
  std::optional<base::Error> failure;
  HotTailPool hotTails;
};

}  // namespace streamscope::log
