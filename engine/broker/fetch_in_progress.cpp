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
  answer.divergingEpoch = {};
  if (fetched.divergingEpoch) {
    answer.divergingEpoch.epoch = fetched.divergingEpoch->epoch;
    answer.divergingEpoch.endOffset = fetched.divergingEpoch->endOffset;
  }
}

}  // namespace

FetchPass readPartitions(FetchInProgress& fetch, const controller::MetadataImage& image, bool updateFollower) {
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
    PartitionFetched fetched = slot.partition->fetch(question);
    if (updateFollower && fetch.isFromFollower() && fetched.error == base::ErrorCode::NONE && !fetched.divergingEpoch) {
      const base::ErrorCode refused = slot.partition->updateFollower(fetch.replicaId, question, fetch.replicaEpoch);
      if (refused != base::ErrorCode::NONE) {
        fetched = {};
        fetched.error = refused;
      }
    }
    const auto size = static_cast<int64_t>(fetched.records.size());
    pass.bytes += size;
    pass.mustAnswerNow = pass.mustAnswerNow || fetched.error != base::ErrorCode::NONE || fetched.divergingEpoch;
    bytesLeft = std::max<int64_t>(0, bytesLeft - size);
    atLeastOneBatch = atLeastOneBatch && size == 0;
    fill(answer, std::move(fetched));
    if (answer.errorCode != 0 && fetch.reply.version >= kFetchLeaderHintVersion) {
      const base::TopicPartition& name = slot.partition->name();
      addLeaderHint(image, image.findPartition(name.topic, name.partition), fetch.response, answer);
    }
  }
  return pass;
}

}  // namespace streamscope::broker
