#pragma once

#include <cstdint>
#include <vector>

#include "base/uuid.h"

namespace streamscope::base {

/// Seeded random numbers, the same on every platform and compiler (the standard library's distributions are not).
/// Generator: xoshiro256** by Blackman and Vigna, seeded through splitmix64.
class Random {
 public:
  explicit Random(uint64_t seed);

  uint64_t next();
  /// Uniform in [0, bound); bound > 0. Lemire's unbiased multiplication method.
  uint64_t below(uint64_t bound);
  /// Uniform in [low, high], both included.
  int64_t between(int64_t low, int64_t high);
  /// True with probability numerator / denominator.
  bool chance(uint64_t numerator, uint64_t denominator) { return below(denominator) < numerator; }
  /// As Kafka draws them: never reserved, and its text never starts with '-'.
  Uuid uuid();
  /// An independent stream for a part of the world, so that one part drawing more does not shift another.
  Random fork(uint64_t streamId) const;

 private:
  uint64_t m_state[4];
};

}  // namespace streamscope::base
