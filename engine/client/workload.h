#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/random.h"
#include "base/virtual_time.h"

namespace streamscope::client {

/// When a simulated application has its next record, and what is in it. Records come evenly timed; a record is an order
/// event as readable text of exactly `recordBytes` bytes.
class Workload {
 public:
  struct Options {
    double recordsPerSecond = 0;
    int32_t recordBytes = 0;
    int32_t keys = 0;
    int64_t recordsMax = 0;
  };
  Workload(Options options, base::VirtualTime start);

  bool isFinished() const { return m_options.recordsMax > 0 && m_index >= m_options.recordsMax; }
  /// When the next record is due.
  base::VirtualTime nextDue() const;
  /// When the application wakes up next: at the next record, but not more often than every 10 ms at high rates.
  base::VirtualTime nextTick() const;

  /// The key of the next record, none without keys. Views are valid until the next call of the same function.
  const std::optional<std::string>& key();
  const std::string& value(base::Random& random);
  /// The record was handed over.
  void advance() { ++m_index; }
  /// The application was blocked until now: it is late from here on, and does not hurry to make up for it.
  void restartAt(base::VirtualTime now);

 private:
  base::VirtualTime dueTime(int64_t index) const;

  Options m_options;
  /// Records in 1000 s, so that due times are exact integers.
  int64_t m_recordsPer1000Seconds;
  base::VirtualTime m_start;
  /// Index of the record that was due at m_start.
  int64_t m_startIndex = 0;
  int64_t m_index = 0;
  std::optional<std::string> m_key;
  std::string m_value;
};

}  // namespace streamscope::client
