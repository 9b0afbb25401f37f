#include "logs_agree.h"

#include <algorithm>

#include "compacted_view.h"

namespace streamscope::lab {

void LogsAgree::check() {
  const controller::MetadataImage* image = m_replicas.image();
  if (image == nullptr) return;
  for (const auto& [id, topic] : image->topics())
    for (const auto& [index, registration] : topic.partitions)
      comparePartition({topic.name, index}, registration.replicas);
}

void LogsAgree::comparePartition(const base::TopicPartition& partition, const std::vector<base::BrokerId>& replicas) {
  for (size_t a = 0; a < replicas.size(); ++a)
    for (size_t b = a + 1; b < replicas.size(); ++b) {
      const auto viewA = m_replicas.view(replicas[a], partition);
      const auto viewB = m_replicas.view(replicas[b], partition);
      if (!viewA || !viewB) continue;
      const log::PartitionLog& logA = *m_replicas.log(replicas[a], partition);
      const log::PartitionLog& logB = *m_replicas.log(replicas[b], partition);
      const base::Offset end = std::min(viewA->highWatermark, viewB->highWatermark);
      const base::Offset start = std::max(viewA->logStartOffset, viewB->logStartOffset);
      const std::string pair =
          partition.toString() + " on brokers " + std::to_string(replicas[a]) + " and " + std::to_string(replicas[b]);
      if (logA.config().cleanupCompact) {
        compareCompacted(pair, {logA, start, end, viewA->highWatermark}, {logB, start, end, viewB->highWatermark});
        continue;
      }
      const auto headersA = ReplicaReader::batches(logA, start, end);
      const auto headersB = ReplicaReader::batches(logB, start, end);
      for (const auto& [offset, header] : headersA) {
        const auto other = headersB.find(offset);
        const bool isSame = other != headersB.end() && other->second.crc == header.crc &&
                            other->second.partitionLeaderEpoch == header.partitionLeaderEpoch &&
                            other->second.lastOffset() == header.lastOffset();
        if (!isSame) return broken(pair + " differs at offset " + std::to_string(offset));
      }
      if (headersA.size() != headersB.size()) return broken(pair + " holds a different number of batches");
    }
}

/// Every broker cleans its own replica when it finds the time: batches and records may be missing in one and not in the
/// other, but not the last record of a key.
void LogsAgree::compareCompacted(const std::string& pair, const CompactedReplica& a, const CompactedReplica& b) {
  const auto headersB = ReplicaReader::batches(b.log, b.start, b.commonEnd);
  for (const auto& [offset, header] : ReplicaReader::batches(a.log, a.start, a.commonEnd)) {
    const auto other = headersB.find(offset);
    if (other == headersB.end()) continue;
    if (other->second.partitionLeaderEpoch != header.partitionLeaderEpoch ||
        other->second.lastOffset() != header.lastOffset())
      return broken(pair + " differs at offset " + std::to_string(offset));
  }
  // One may have cleaned away a record for the sake of a later one that an unclean election then took.
  if (!m_promises.isHistoryKept(a.log.partition())) return;
  // What the other has beyond the common end may have overwritten a record.
  for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    const CompactedView latest = compactedView(one->log, one->start, one->commonEnd);
    if (const base::Bytes* key = firstMissingIn(compactedView(other->log, other->start, other->highWatermark), latest))
      return broken(pair + " do not both have the record at offset " + std::to_string(latest.at(*key).offset) +
                    ", the last one of its key");
  }
}

}  // namespace streamscope::lab
