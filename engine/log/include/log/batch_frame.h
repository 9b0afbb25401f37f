#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace streamscope::log {

/// How far the next batch in a client's bytes reaches, before anything in it is believed but its length and its magic.
/// Kafka: ByteBufferLogInputStream.
struct BatchFrame {
  enum class Kind : uint8_t {
    /// A batch of `sizeInBytes`, of any magic Kafka knows (0 to 2).
    Whole,
    /// Nothing, or the beginning of a batch whose end is missing: Kafka ignores it.
    Partial,
    /// A length no batch has, or an unknown magic.
    Damaged,
  };
  Kind kind = Kind::Partial;
  size_t sizeInBytes = 0;
  int8_t magic = 0;
  /// Why, for Partial and Damaged.
  std::string reason;
};

BatchFrame nextBatchFrame(base::ByteView bytes);

}  // namespace streamscope::log
