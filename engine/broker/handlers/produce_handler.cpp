#include "handlers.h"

#include <algorithm>

#include "leader_hint.h"
#include "log/batch_frame.h"
#include "log/record_batch.h"
#include "produce_answer.h"
#include "topic_names.h"

namespace streamscope::broker {
namespace {

constexpr int16_t kFirstVersionWithTopicIds = 13;
constexpr int16_t kFirstVersionWithZstd = 7;
/// The client id that Kafka lets write to internal topics.
constexpr std::string_view kInternalAdminClient = "__admin_client";

constexpr int8_t kMagic = 2;

using Kind = log::BatchFrame::Kind;
using PartitionAnswer = protocol::ProduceResponse::PartitionProduceResponse;

bool isTransactional(base::ByteView batch) {
  return log::scanBatch(batch, false).header.isTransactional();
}

/// What ends the whole request before any partition is looked at: each partition's first batch is walked to in search
/// of transactional ones. Kafka: KafkaApis.handleProduceRequest, RequestUtils.hasTransactionalRecords.
base::Status checkRequest(const protocol::ProduceRequest& request) {
  for (const auto& topic : request.topicData) {
    for (const auto& partition : topic.partitionData) {
      const base::ByteView records = partition.records->view();
      const log::BatchFrame frame = log::nextBatchFrame(records);
      if (frame.kind == Kind::Damaged)
        return base::fail(base::ErrorCode::CORRUPT_MESSAGE, "The request holds something that is no record batch: " +
                                                                frame.reason + "; build the batch anew.");
      if (frame.kind != Kind::Whole || frame.magic < 2 || !isTransactional(records)) continue;
      if (request.transactionalId) return {};
      return base::fail(base::ErrorCode::TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                        "The request has a transactional batch but no transactional id; give the producer one.");
    }
  }
  return {};
}

/// Produce takes exactly one batch of format 2 for each partition. Kafka: ProduceRequest.validateRecords.
base::Status checkRecords(base::ByteView records, int16_t version) {
  using base::ErrorCode;
  const log::BatchFrame first = log::nextBatchFrame(records);
  if (first.kind != Kind::Whole)
    return base::fail(ErrorCode::INVALID_RECORD,
                      "The request has no whole record batch for this partition: " + first.reason + "; send one.");
  if (first.magic != kMagic)
    return base::fail(ErrorCode::INVALID_RECORD, "The records have the magic " + std::to_string(first.magic) +
                                                     " of an older format; send batches of format 2.");
  const log::BatchScan scan = log::scanBatch(records, false);
  if (scan.header.compression() == log::Compression::Zstd && version < kFirstVersionWithZstd)
    return base::fail(ErrorCode::UNSUPPORTED_COMPRESSION_TYPE,
                      "zstd needs Produce version 7 or later; use another codec or a newer client.");
  const log::BatchFrame second = log::nextBatchFrame(records.subspan(first.sizeInBytes));
  if (second.kind == Kind::Damaged)
    return base::fail(ErrorCode::CORRUPT_MESSAGE,
                      "What follows the record batch is none: " + second.reason + "; send exactly one.");
  if (second.kind == Kind::Whole)
    return base::fail(ErrorCode::INVALID_RECORD,
                      "The request has more than one record batch for this partition; send exactly one.");
  if (scan.header.isTransactional())
    return base::fail(ErrorCode::INVALID_TXN_STATE,
                      "The batch belongs to a transaction this cluster did not begin; begin one first.");
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
    m_wholeRequest = checkRequest(m_asked);
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
    if (!m_wholeRequest) {
      refuse(partition.get(), answer, m_wholeRequest.error());
      if (m_wholeRequest.error().code == base::ErrorCode::CORRUPT_MESSAGE)
        answer.errorMessage = m_wholeRequest.error().message;
      return;
    }
    const base::ErrorCode unknown =
        partition == nullptr ? refuseUnknown(topic, data.index, answer) : base::ErrorCode::NONE;
    if (unknown != base::ErrorCode::NONE && unknown != base::ErrorCode::NOT_LEADER_OR_FOLLOWER) return;
    if (const auto may = checkRecords(data.records->view(), m_request.header.version); !may)
      return refuse(partition.get(), answer, may.error());
    if (m_asked.acks < -1 || m_asked.acks > 1)
      return refuse(partition.get(), answer,
                    {base::ErrorCode::INVALID_REQUIRED_ACKS,
                     "The request asks for acks=" + std::to_string(m_asked.acks) + "; use -1 (all), 0 or 1."});
    if (partition == nullptr) return;
    if (isInternalTopic(partition->name().topic) && m_request.header.clientId != kInternalAdminClient)
      return refuse(partition.get(), answer,
                    {base::ErrorCode::INVALID_TOPIC_EXCEPTION,
                     "Clients may not write to the internal topic " + partition->name().topic + "; use another one."});
    m_append.partitions.push_back(
        {std::move(partition), std::move(*data.records), m_append.response.responses.size() - 1, index});
  }

  /// Told in the trace where the partition is one of this broker's.
  void refuse(const Partition* partition, PartitionAnswer& answer, const base::Error& error) {
    refuseProduce(answer, error.code);
    if (partition == nullptr) return;
    m_context.node.trace.record(
        world::RecordsRefused{m_context.node.self, partition->name(), codeOf(error.code), error.message});
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
    refuseProduce(answer, error);
    if (m_request.header.version >= kProduceLeaderHintVersion)
      addLeaderHint(image, registration, m_append.response, answer);
    return error;
  }

  HandlerContext& m_context;
  world::IncomingRequest& m_request;
  protocol::ProduceRequest& m_asked;
  const bool m_byId;
  ReplicaManager::Append m_append;
  /// Why no partition may be written to, if so.
  base::Status m_wholeRequest;
};

bool hasNullRecords(const protocol::ProduceRequest& request) {
  for (const auto& topic : request.topicData)
    if (std::ranges::any_of(topic.partitionData, [](const auto& partition) { return !partition.records; })) return true;
  return false;
}

}  // namespace

void handleProduce(HandlerContext& context, world::IncomingRequest request) {
  // Allowed by the format, but nothing Kafka's broker has an answer for.
  if (hasNullRecords(std::get<protocol::ProduceRequest>(request.body)))
    return context.node.network.disconnect(request.reply, "A produce request had no records for a partition.");
  context.replicaManager.append(ProduceIntake(context, request).take());
}

}  // namespace streamscope::broker
