#include "committed_metadata_survives.h"

#include <algorithm>

namespace streamscope::lab {
namespace {

/// A run of days writes millions.
constexpr size_t kBatchesKept = 20'000;

}  // namespace

void CommittedMetadataSurvives::onEvent(const world::TraceEvent& event) {
  m_untrusted.onEvent(event);
  if (const auto* cut = std::get_if<world::LogTruncated>(&event.payload)) {
    const auto known = m_ends.find(cut->node);
    if (known == m_ends.end() || m_untrusted.isAnyOf(world::NodeKind::Controller)) return;
    if (cut->to < known->second)
      broken(cut->node.toString() + " cut its metadata log to " + std::to_string(cut->to) + ", and had up to " +
             std::to_string(known->second) + " what was committed");
    known->second = std::min(known->second, cut->to);
  } else if (std::holds_alternative<world::PartitionChanged>(event.payload) ||
             std::holds_alternative<world::BrokerRegistered>(event.payload) ||
             std::holds_alternative<world::ControllerElected>(event.payload) ||
             std::holds_alternative<world::QuorumRoleChanged>(event.payload)) {
    look();
  }
}

void CommittedMetadataSurvives::look() {
  for (const auto& [address, node] : m_replicas.controllers()) {
    const log::PartitionLog* const log = node->metadataLog();
    const base::Offset end = m_ends[address];
    if (log == nullptr || node->highWatermark() <= end) continue;
    // What only a snapshot has is taken on trust.
    const base::Offset from = std::max(end, log->logStartOffset());
    for (const auto& [offset, header] : ReplicaReader::batches(*log, from, node->highWatermark()))
      if (offset >= end && header.nextOffset() <= node->highWatermark())
        onCommitted(address, offset, header.nextOffset(), {header.partitionLeaderEpoch, header.crc});
    m_ends[address] = std::max(end, node->highWatermark());
  }
}

void CommittedMetadataSurvives::onCommitted(world::Address controller, base::Offset baseOffset, base::Offset nextOffset,
                                            const Batch& batch) {
  if (m_untrusted.isAnyOf(world::NodeKind::Controller)) return;
  const auto [known, isNew] = m_batches.try_emplace(baseOffset, batch);
  if (!isNew && known->second != batch)
    broken(controller.toString() + " has another batch at offset " + std::to_string(baseOffset) +
           " of the metadata log than the one of epoch " + std::to_string(known->second.epoch) +
           " that was committed there");
  m_end = std::max(m_end, nextOffset);
  m_ends[controller] = std::max(m_ends[controller], nextOffset);
  if (m_batches.size() > kBatchesKept) m_batches.erase(m_batches.begin());
}

void CommittedMetadataSurvives::compareEnd(world::Address active, base::Offset highWatermark) {
  if (highWatermark < m_end)
    broken(active.toString() + " is active and has committed the metadata log up to " + std::to_string(highWatermark) +
           "; it was committed up to " + std::to_string(m_end));
}

void CommittedMetadataSurvives::check() {
  if (m_untrusted.isAnyOf(world::NodeKind::Controller)) return;
  look();
  for (const auto& [address, node] : m_replicas.controllers())
    if (node->isActive() && node->role() == controller::QuorumRole::Leader) compareEnd(address, node->highWatermark());
}

}  // namespace streamscope::lab
