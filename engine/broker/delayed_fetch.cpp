#include "delayed_fetch.h"

#include <algorithm>

#include "log/record_batch.h"

namespace streamscope::broker {
namespace {

bool isDiverging(const Partition& partition, const PartitionFetch& question) {
  if (question.lastFetchedEpoch == base::kNoEpoch) return false;
  const auto end = partition.log().endOffsetForEpoch(question.lastFetchedEpoch);
  return end.epoch < question.lastFetchedEpoch || end.endOffset < question.fetchOffset;
}

}  // namespace

bool DelayedFetch::canComplete() {
  int64_t available = 0;
  for (const FetchInProgress::Slot& slot : m_fetch.slots) {
    const Partition& partition = *slot.partition;
    const PartitionFetch& question = slot.question;
    if (partition.checkEpochAndRole(question.currentLeaderEpoch, question.onlyFromLeader) != base::ErrorCode::NONE)
      return true;
    if (question.fetchOffset > partition.log().logEndOffset() || isDiverging(partition, question)) return true;
    if (question.fetchOffset >= partition.endOffset(question.isolation)) continue;
    if (m_fetch.isFromFollower() && m_surroundings.shouldThrottle(partition, m_fetch.replicaId)) continue;
    // Any batch is enough for most requests; only a larger minimum has to look how much there is.
    if (m_fetch.bytesMin <= static_cast<int64_t>(log::batch_layout::kRecords)) return true;
    // The log gives whole batches, so the look has to reach one batch beyond the minimum.
    PartitionFetch look = question;
    const int64_t enough = m_fetch.bytesMin - available + partition.log().config().maxMessageBytes;
    look.bytesMax = std::min(question.bytesMax, static_cast<size_t>(enough));
    look.atLeastOneBatch = true;
    available += static_cast<int64_t>(std::min(question.bytesMax, partition.fetch(look).records.size()));
    if (available >= m_fetch.bytesMin) return true;
  }
  return false;
}

void DelayedFetch::complete(bool) {
  readPartitions(m_fetch, m_surroundings, false);
  countThrottled(m_fetch, m_surroundings);
  m_network.respond(m_fetch.reply, std::move(m_fetch.response));
}

void DelayedFetch::abandon(const std::string& reason) {
  m_network.disconnect(m_fetch.reply, reason);
}

DelayedOperation::Description DelayedFetch::describe() const {
  const FetchInProgress::Slot& first = m_fetch.slots.front();
  return {protocol::ApiKey::Fetch, m_fetch.reply.correlationId, first.partition->name(), first.question.fetchOffset};
}

}  // namespace streamscope::broker
