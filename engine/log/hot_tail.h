#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <optional>

#include "base/bytes.h"
#include "base/topic_partition.h"

namespace streamscope::log {

class HotTail;

/// What the hot tails of one log directory may hold together; the log appended to longest ago gives way first.
class HotTailPool {
 public:
  static constexpr size_t kBytesMax = 16 * 1024 * 1024;

 private:
  friend class HotTail;

  std::list<HotTail*> m_byLastAppend;
  size_t m_bytes = 0;
};

/// The last batches appended to one log, as the buffers they came in: followers and consumers at the tail get the
/// leader's own bytes and no file is read. Bounded per log and per directory. A log nobody reads at its end keeps
/// nothing after a while.
class HotTail {
 public:
  static constexpr size_t kBytesMax = 1024 * 1024;

  /// One or more whole batches in one buffer, and where they stand.
  struct Run {
    base::Offset firstOffset = 0;
    base::Offset endOffset = 0;
    base::Offset segmentBaseOffset = 0;
    uint64_t position = 0;
    base::SharedBytes bytes;
  };

  /// `pool` must outlive the tail.
  explicit HotTail(HotTailPool& pool);
  ~HotTail();
  HotTail(const HotTail&) = delete;
  HotTail& operator=(const HotTail&) = delete;

  /// Runs come in the order of their offsets; what a compacted leader no longer has is missing between them.
  void add(Run run);
  void clear();
  /// Somebody reads at the end of the log: what comes is worth keeping.
  void noteReader() { m_bytesSinceReader = 0; }

  /// As PartitionLog::read, none when the offset is not here. Several buffers become one, which then stands for them,
  /// so that the next reader of the same batches shares it.
  std::optional<Run> read(base::Offset from, base::Offset endExclusive, size_t bytesMax, bool atLeastOneBatch);

  /// Reads answered from here so far.
  uint64_t hits() const { return m_hits; }
  size_t bytesHeld() const { return m_bytesHeld; }

 private:
  static size_t cost(const Run& run);
  void dropFirst();
  /// The batches of `run` from the one containing `from` that may be read.
  static Run part(const Run& run, base::Offset from, base::Offset endExclusive, size_t bytesMax, bool atLeastOneBatch);
  Run gather(size_t index, base::Offset endExclusive, size_t bytesMax);

  HotTailPool& m_pool;
  std::list<HotTail*>::iterator m_place;
  std::deque<Run> m_runs;
  size_t m_bytesHeld = 0;
  uint64_t m_bytesSinceReader = 0;
  uint64_t m_hits = 0;
};

}  // namespace streamscope::log
