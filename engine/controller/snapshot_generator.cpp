#include "snapshot_generator.h"

#include <chrono>

namespace streamscope::controller {

SnapshotGenerator::SnapshotGenerator(const world::Clock& clock, const ControllerConfig& config)
    : m_clock(clock), m_config(config) {}

void SnapshotGenerator::reset() {
  m_bytesSinceLast = 0;
  m_lastTime = m_clock.now();
}

std::string SnapshotGenerator::onRecords(uint64_t bytes) {
  m_bytesSinceLast += bytes;
  if (m_isDisabled) return {};
  const auto bytesMax = m_config.metadataLogMaxRecordBytesBetweenSnapshots;
  if (m_bytesSinceLast >= static_cast<uint64_t>(bytesMax))
    return std::to_string(m_bytesSinceLast) +
           " bytes of records (metadata.log.max.record.bytes.between.snapshots = " + std::to_string(bytesMax) + ")";
  const base::Duration interval = m_config.metadataLogMaxSnapshotInterval;
  if (interval == base::Duration::zero() || m_clock.now() - m_lastTime < interval) return {};
  return "metadata.log.max.snapshot.interval.ms = " +
         std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(interval).count());
}

}  // namespace streamscope::controller
