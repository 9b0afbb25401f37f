#include "fetch_in_progress.h"

#include <algorithm>

#include "leader_hint.h"

namespace streamscope::broker {
namespace {

/// From this version of Fetch on, a refusal tells the new leader (KIP-951).
constexpr int16_t kFetchLeaderHintVersion = 16;

void fill(protocol::FetchResponse::PartitionData& answer, PartitionFetched&& fetched) {
  answer.errorCode = static_cast<int16_t>(fetched.error);
  answer.highWatermark = fetched.highWatermark;
  answer.lastStableOffset = fetched.lastStableOffset;
  answer.logStartOffset = fetched.logStartOffset;
  answer.records = std::move(fetched.records);
  answer.abortedTransactions.reset();
  if (fetched.abortedTransactions) {
    auto& aborted = answer.abortedTransactions.emplace();
    for (const log::AbortedTransaction& transaction : *fetched.abortedTransactions)
      aborted.push_back({transaction.producerId, transaction.firstOffset});
  }
  answer.preferredReadReplica = fetched.preferredReadReplica;
  answer.divergingEpoch = {};
  if (fetched.divergingEpoch) {
    answer.divergingEpoch.epoch = fetched.divergingEpoch->epoch;
    answer.divergingEpoch.endOffset = fetched.divergingEpoch->endOffset;
  }
}

PartitionFetched fetchOrRefer(const FetchInProgress& fetch, const Partition& partition,
                              const PartitionFetch& question) {
  if (fetch.isFromFollower() || !fetch.clientRack) return partition.fetch(question);
  const base::BrokerId preferred = partition.preferredReadReplica(*fetch.clientRack, question.fetchOffset);
  if (preferred == base::kNoBroker) return partition.fetch(question);
  PartitionFetched fetched = partition.referToOtherReplica(question);
  if (fetched.error == base::ErrorCode::NONE) fetched.preferredReadReplica = preferred;
  return fetched;
}

}  // namespace

bool FetchSurroundings::shouldThrottle(const Partition& partition, base::BrokerId follower) const {
  const bool isInSync = std::ranges::find(partition.isr(), follower) != partition.isr().end();
  return !isInSync && leaderQuota.isThrottled(partition.name()) && leaderQuota.isExceeded();
}

void countThrottled(const FetchInProgress& fetch, const FetchSurroundings& surroundings) {
  if (!fetch.isFromFollower()) return;
  uint64_t bytes = 0;
  for (const FetchInProgress::Slot& slot : fetch.slots) {
    const auto& answer = fetch.response.responses[slot.topicIndex].partitions[slot.partitionIndex];
    if (slot.partition != nullptr && answer.records && surroundings.leaderQuota.isThrottled(slot.partition->name()))
      bytes += answer.records->size();
  }
  if (bytes > 0) surroundings.leaderQuota.record(bytes);
}

FetchPass readPartitions(FetchInProgress& fetch, const FetchSurroundings& surroundings, bool updateFollower) {
  FetchPass pass;
  int64_t bytesLeft = fetch.bytesMax;
  bool atLeastOneBatch = true;
  for (FetchInProgress::Slot& slot : fetch.slots) {
    auto& answer = fetch.response.responses[slot.topicIndex].partitions[slot.partitionIndex];
    if (slot.partition == nullptr) {
      pass.mustAnswerNow = true;
      continue;
    }
    PartitionFetch question = slot.question;
    question.bytesMax = std::min(question.bytesMax, static_cast<size_t>(bytesLeft));
    question.atLeastOneBatch = atLeastOneBatch;
    PartitionFetched fetched = fetchOrRefer(fetch, *slot.partition, question);
    if (updateFollower && fetch.isFromFollower() && fetched.error == base::ErrorCode::NONE && !fetched.divergingEpoch) {
      const base::ErrorCode refused = slot.partition->updateFollower(fetch.replicaId, question, fetch.replicaEpoch);
      if (refused != base::ErrorCode::NONE) {
        fetched = {};
        fetched.error = refused;
      }
    }
    if (fetch.isFromFollower() && surroundings.shouldThrottle(*slot.partition, fetch.replicaId)) fetched.records = {};
    const auto size = static_cast<int64_t>(fetched.records.size());
    pass.bytes += size;
    pass.mustAnswerNow = pass.mustAnswerNow || fetched.error != base::ErrorCode::NONE || fetched.divergingEpoch ||
                         fetched.preferredReadReplica != base::kNoBroker;
    bytesLeft = std::max<int64_t>(0, bytesLeft - size);
    atLeastOneBatch = atLeastOneBatch && size == 0;
    fill(answer, std::move(fetched));
    if (answer.errorCode != 0 && fetch.reply.version >= kFetchLeaderHintVersion) {
      const base::TopicPartition& name = slot.partition->name();
      addLeaderHint(surroundings.image, surroundings.image.findPartition(name.topic, name.partition), fetch.response,
                    answer);
    }
  }
  return pass;
}

}  // namespace streamscope::broker
