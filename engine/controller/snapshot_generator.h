#pragma once

#include <cstdint>
#include <string>

#include "base/virtual_time.h"
#include "controller/controller_node.h"
#include "world/node.h"

namespace streamscope::controller {

/// Decides when the metadata log deserves a snapshot: after so many bytes of records or so much time since the last
/// one, and only with a record in hand (a log that stands still needs none). Kafka: SnapshotGenerator.
class SnapshotGenerator {
 public:
  SnapshotGenerator(const world::Clock& clock, const ControllerConfig& config);

  /// The image has grown by a batch of so many bytes. Says why it is time now, or nothing.
  std::string onRecords(uint64_t bytes);
  /// A snapshot was written, or the whole log was loaded.
  void reset();

  /// A record was passed over: a snapshot would lose it, so there are none from here on.
  void disable() { m_isDisabled = true; }

 private:
  const world::Clock& m_clock;
  const ControllerConfig& m_config;
  uint64_t m_bytesSinceLast = 0;
  base::VirtualTime m_lastTime{};
  bool m_isDisabled = false;
};

}  // namespace streamscope::controller
