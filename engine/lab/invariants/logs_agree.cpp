#include "logs_agree.h"

#include <algorithm>

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
      const base::Offset end = std::min(viewA->highWatermark, viewB->highWatermark);
      const base::Offset start = std::max(viewA->logStartOffset, viewB->logStartOffset);
      const auto headersA = ReplicaReader::batches(*m_replicas.log(replicas[a], partition), start, end);
      const auto headersB = ReplicaReader::batches(*m_replicas.log(replicas[b], partition), start, end);
      const std::string pair =
          partition.toString() + " on brokers " + std::to_string(replicas[a]) + " and " + std::to_string(replicas[b]);
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

}  // namespace streamscope::lab
