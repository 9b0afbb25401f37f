#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace streamscope::fuzz {

/// One of the samples, damaged in one to four ways: flipped bits, numbers at the edge of their range, pieces cut out,
/// repeated, inserted or taken from another sample, a lost end. One in 32 is nothing but noise.
base::Bytes mutate(const std::vector<base::Bytes>& samples, base::Random& random);

}  // namespace streamscope::fuzz
