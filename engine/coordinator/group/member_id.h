#pragma once

#include <string>

#include "base/random.h"

namespace streamscope::coordinator {

/// "till-1b671a64-40d5-491e-99b0-da01ff1f3341": a name and a random UUID, which Kafka makes member ids of.
std::string newMemberId(const std::string& name, base::Random& random);

}  // namespace streamscope::coordinator
