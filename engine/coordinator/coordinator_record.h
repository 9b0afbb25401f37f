#pragma once

#include <optional>

#include "base/bytes.h"

namespace streamscope::coordinator {

/// A record of an internal topic; without a value it says that what the key names is gone.
struct CoordinatorRecord {
  base::SharedBytes key;
  std::optional<base::SharedBytes> value;
};

}  // namespace streamscope::coordinator
