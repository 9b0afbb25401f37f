#include "handlers.h"
#include "leader_hint.h"
#include "log/record_batch.h"
#include "produce_answer.h"
#include "topic_names.h"

namespace streamscope::broker {
namespace {

constexpr int16_t kFirstVersionWithTopicIds = 13;
constexpr int16_t kFirstVersionWithZstd = 7;
/// The client id that Kafka lets write to internal topics.
constexpr std::string_view kInternalAdminClient = "__admin_client";

using PartitionAnswer = protocol::ProduceResponse::PartitionProduceResponse;

/// A refusal of one partition, before its log is asked.
struct Refusal {
  base::ErrorCode code = base::ErrorCode::NONE;
  std::string message;
};

/// Produce takes exactly one batch of format 2 for each partition.
Refusal refuseRecords(const std::optional<base::SharedBytes>& records, int16_t version) {
  using base::ErrorCode;
  if (!records || records->empty())
    return {ErrorCode::INVALID_RECORD, "The request has no record batch for this partition; send exactly one."};
  const log::BatchScan scan = log::scanBatch(records->view(), false);
  if (scan.end == log::BatchEnd::Torn)
    return {ErrorCode::INVALID_RECORD, "The record batch is cut short: " + scan.reason};
  if (scan.end == log::BatchEnd::Damaged) {
    const bool isOtherFormat =
        records->size() > log::batch_layout::kMagic && records->data()[log::batch_layout::kMagic] != 2;
    return {isOtherFormat ? ErrorCode::INVALID_RECORD : ErrorCode::CORRUPT_MESSAGE, scan.reason};
  }
  if (scan.header.sizeInBytes != records->size())
    return {ErrorCode::INVALID_RECORD,
            "The request has more than one record batch for this partition; send exactly one."};
  if (scan.header.compression() == log::Compression::Zstd && version < kFirstVersionWithZstd)
    return {ErrorCode::UNSUPPORTED_COMPRESSION_TYPE, "zstd needs Produce version 7 or later."};
  if (scan.header.isTransactional())
    return {ErrorCode::INVALID_TXN_STATE, "The batch belongs to a transaction this cluster did not begin."};
  return {};
}

class ProduceIntake {
 public:
  ProduceIntake(HandlerContext& context, world::IncomingRequest& request)
      : m_context(context),
        m_request(request),
        m_asked(std::get<protocol::ProduceRequest>(request.body)),
        m_byId(request.header.version >= kFirstVersionWithTopicIds) {}

  ReplicaManager::Append take() {
    m_append.reply = m_request.reply;
    m_append.acks = m_asked.acks;
    m_append.timeout = std::chrono::milliseconds(m_asked.timeoutMs);
    m_append.response.responses.reserve(m_asked.topicData.size());
    for (auto& topic : m_asked.topicData) takeTopic(topic);
    return std::move(m_append);
  }

 private:
  void takeTopic(protocol::ProduceRequest::TopicProduceData& topic) {
    auto& answers = m_append.response.responses.emplace_back();
    answers.name = topic.name;
    answers.topicId = topic.topicId;
    answers.partitionResponses.reserve(topic.partitionData.size());
    for (auto& partition : topic.partitionData) {
      PartitionAnswer& answer = answers.partitionResponses.emplace_back();
      answer.index = partition.index;
      takePartition(topic, partition, answer, answers.partitionResponses.size() - 1);
    }
  }

  void takePartition(const protocol::ProduceRequest::TopicProduceData& topic,
                     protocol::ProduceRequest::PartitionProduceData& data, PartitionAnswer& answer, size_t index) {
    auto partition = m_byId ? m_context.replicaManager.find(topic.topicId, data.index)
                            : m_context.replicaManager.find(topic.name, data.index);
    const base::ErrorCode unknown =
        partition == nullptr ? refuseUnknown(topic, data.index, answer) : base::ErrorCode::NONE;
    if (unknown != base::ErrorCode::NONE && unknown != base::ErrorCode::NOT_LEADER_OR_FOLLOWER) return;
    if (Refusal refusal = refuseRecords(data.records, m_request.header.version); refusal.code != base::ErrorCode::NONE)
      return refuseProduce(answer, refusal.code, std::move(refusal.message));
    if (m_asked.acks < -1 || m_asked.acks > 1)
      return refuseProduce(answer, base::ErrorCode::INVALID_REQUIRED_ACKS,
                           "acks is " + std::to_string(m_asked.acks) + "; use -1 (all), 0 or 1.");
    if (partition == nullptr) return;
    if (isInternalTopic(partition->name().topic) && m_request.header.clientId != kInternalAdminClient)
      return refuseProduce(answer, base::ErrorCode::INVALID_TOPIC_EXCEPTION,
                           "Clients may not write to the internal topic " + partition->name().topic + ".");
    m_append.partitions.push_back(
        {std::move(partition), std::move(*data.records), m_append.response.responses.size() - 1, index});
  }

  /// Not a replica of this broker: a topic nobody knows, or one that lives elsewhere.
  base::ErrorCode refuseUnknown(const protocol::ProduceRequest::TopicProduceData& topic, base::PartitionId id,
                                PartitionAnswer& answer) {
    const controller::MetadataImage& image = m_context.image;
    const controller::TopicImage* known = m_byId ? image.findTopic(topic.topicId) : image.findTopic(topic.name);
    const controller::PartitionRegistration* registration =
        known == nullptr ? nullptr : image.findPartition(known->name, id);
    base::ErrorCode error = base::ErrorCode::NOT_LEADER_OR_FOLLOWER;
    if (known == nullptr && m_byId)
      error = base::ErrorCode::UNKNOWN_TOPIC_ID;
    else if (registration == nullptr)
      error = base::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
    refuseProduce(answer, error, std::nullopt);
    if (m_request.header.version >= kProduceLeaderHintVersion)
      addLeaderHint(image, registration, m_append.response, answer);
    return error;
  }

  HandlerContext& m_context;
  world::IncomingRequest& m_request;
  protocol::ProduceRequest& m_asked;
  const bool m_byId;
  ReplicaManager::Append m_append;
};

}  // namespace

void handleProduce(HandlerContext& context, world::IncomingRequest request) {
  context.replicaManager.append(ProduceIntake(context, request).take());
}

}  // namespace streamscope::broker
