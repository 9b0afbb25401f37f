#include "scripted_broker.h"

#include <variant>

#include "base/byte_writer.h"
#include "log/record_batch.h"
#include "protocol/message.h"

namespace streamscope::test {

using base::ErrorCode;

namespace {

/// The batch as it stands in a log: with offset and epoch, which the checksum does not cover.
base::SharedBytes placed(base::ByteView batch, base::Offset offset, base::LeaderEpoch epoch) {
  base::ByteWriter head;
  head.writeInt64(offset);
  head.writeBytes(batch.subspan(8, 4));
  head.writeInt32(epoch);
  head.writeBytes(batch.subspan(16));
  return base::SharedBytes(head.take());
}

class ScriptedBroker : public world::Node {
 public:
  ScriptedBroker(world::NodeContext& context, base::BrokerId id, ScriptedCluster& cluster)
      : m_context(context), m_id(id), m_cluster(cluster) {}

  void start() override {}

  void onRequest(world::IncomingRequest request) override {
    if (m_cluster.group != nullptr && m_cluster.group->answer(request, m_context.network)) return;
    std::visit([&](const auto& body) { answer(request, body); }, request.body);
  }

 private:
  void answer(const world::IncomingRequest& request, const protocol::MetadataRequest&) {
    ++m_cluster.metadataRequests;
    protocol::MetadataResponse response;
    for (const base::BrokerId broker : m_cluster.brokers) response.brokers.emplace_back().nodeId = broker;
    auto& topic = response.topics.emplace_back();
    topic.name = m_cluster.topic;
    topic.topicId = m_cluster.topicId;
    for (size_t index = 0; index < m_cluster.partitions.size(); ++index) {
      auto& partition = topic.partitions.emplace_back();
      partition.partitionIndex = static_cast<base::PartitionId>(index);
      partition.leaderId = m_cluster.partitions[index].leader;
      partition.leaderEpoch = m_cluster.partitions[index].epoch;
    }
    m_context.network.respond(request.reply, std::move(response));
  }

  void answer(const world::IncomingRequest& request, const protocol::InitProducerIdRequest&) {
    protocol::InitProducerIdResponse response;
    response.producerId = 1000;
    response.producerEpoch = 0;
    m_context.network.respond(request.reply, std::move(response));
  }

  void answer(const world::IncomingRequest& request, const protocol::ProduceRequest& body) {
    ++m_cluster.produceRequests;
    protocol::ProduceResponse response;
    auto& topic = response.responses.emplace_back();
    topic.topicId = m_cluster.topicId;
    for (const auto& produced : body.topicData.at(0).partitionData) {
      auto& result = topic.partitionResponses.emplace_back();
      result.index = produced.index;
      result.errorCode = static_cast<int16_t>(append(produced.index, produced.records->view(), result.baseOffset));
    }
    if (body.acks != 0 && !m_cluster.losesProduceResponse())
      m_context.network.respond(request.reply, std::move(response));
  }

  ErrorCode append(base::PartitionId index, base::ByteView batch, base::Offset& baseOffset) {
    baseOffset = -1;
    ScriptedCluster::Partition& partition = m_cluster.partitions.at(static_cast<size_t>(index));
    if (partition.leader != m_id) return ErrorCode::NOT_LEADER_OR_FOLLOWER;
    if (m_cluster.onProduce)
      if (const ErrorCode error = m_cluster.onProduce(index, batch); error != ErrorCode::NONE) return error;
    const log::BatchScan scan = log::scanBatch(batch, true);
    if (scan.end != log::BatchEnd::Complete) return ErrorCode::CORRUPT_MESSAGE;
    if (scan.header.producerId >= 0) {
      const int64_t producer = scan.header.producerId * 100'000 + scan.header.producerEpoch;
      int32_t& next = partition.nextSequence[producer];
      if (scan.header.baseSequence < next) return ErrorCode::DUPLICATE_SEQUENCE_NUMBER;
      if (scan.header.baseSequence > next) return ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER;
      next = scan.header.baseSequence + scan.header.recordCount;
    }
    baseOffset = partition.endOffset;
    partition.batches.push_back(placed(batch, partition.endOffset, partition.epoch));
    partition.endOffset += scan.header.lastOffsetDelta + 1;
    return ErrorCode::NONE;
  }

  void answer(const world::IncomingRequest& request, const protocol::FetchRequest& body) {
    ++m_cluster.fetchRequests;
    m_cluster.fetchedFrom.push_back(m_id);
    const auto found = m_cluster.readReplicas.find(body.rackId);
    const auto near = found == m_cluster.readReplicas.end() ? ScriptedCluster::ReadReplica{} : found->second;
    protocol::FetchResponse response;
    auto& topic = response.responses.emplace_back();
    topic.topicId = m_cluster.topicId;
    bool hasNews = false;
    for (const auto& asked : body.topics.at(0).partitions) {
      const ScriptedCluster::Partition& partition = m_cluster.partitions.at(static_cast<size_t>(asked.partition));
      auto& data = topic.partitions.emplace_back();
      data.partitionIndex = asked.partition;
      const bool isReadReplica = near.broker == m_id;
      if (isReadReplica && near.error != ErrorCode::NONE) {
        data.errorCode = static_cast<int16_t>(near.error);
      } else if (partition.leader != m_id && !isReadReplica) {
        data.errorCode = static_cast<int16_t>(ErrorCode::NOT_LEADER_OR_FOLLOWER);
      } else if (near.broker != base::kNoBroker && !isReadReplica) {
        data.highWatermark = partition.endOffset;
        data.preferredReadReplica = near.broker;
        data.records.emplace();
      } else if (asked.currentLeaderEpoch < partition.epoch) {
        data.errorCode = static_cast<int16_t>(ErrorCode::FENCED_LEADER_EPOCH);
      } else if (asked.fetchOffset > std::min(partition.endOffset, isReadReplica ? near.endOffset : INT64_MAX)) {
        data.errorCode = static_cast<int16_t>(ErrorCode::OFFSET_OUT_OF_RANGE);
      } else {
        data.highWatermark = std::min(partition.endOffset, partition.highWatermarkMax);
        data.records = recordsFrom(partition, asked.fetchOffset);
        if (body.isolationLevel == 1) {
          auto& aborted = data.abortedTransactions.emplace();
          for (const auto& [producerId, firstOffset] : partition.abortedTransactions)
            aborted.push_back({producerId, firstOffset});
        }
      }
      hasNews |= data.errorCode != 0 || !data.records->empty() || data.preferredReadReplica != base::kNoBroker;
    }
    if (hasNews) return m_context.network.respond(request.reply, std::move(response));
    m_context.timers.after(
        std::chrono::milliseconds(body.maxWaitMs),
        [this, reply = request.reply, response = std::move(response)] { m_context.network.respond(reply, response); });
  }

  static base::SharedBytes recordsFrom(const ScriptedCluster::Partition& partition, base::Offset offset) {
    base::Bytes bytes;
    for (const base::SharedBytes& batch : partition.batches)
      if (log::scanBatch(batch.view(), false).header.lastOffset() >= offset)
        bytes.insert(bytes.end(), batch.view().begin(), batch.view().end());
    return base::SharedBytes(std::move(bytes));
  }

  void answer(const world::IncomingRequest& request, const protocol::ListOffsetsRequest& body) {
    ++m_cluster.listOffsetsRequests;
    protocol::ListOffsetsResponse response;
    auto& topic = response.topics.emplace_back();
    topic.name = m_cluster.topic;
    for (const auto& asked : body.topics.at(0).partitions) {
      auto& found = topic.partitions.emplace_back();
      found.partitionIndex = asked.partitionIndex;
      found.offset =
          asked.timestamp == -2 ? 0 : m_cluster.partitions.at(static_cast<size_t>(asked.partitionIndex)).endOffset;
    }
    m_context.network.respond(request.reply, std::move(response));
  }

  void answer(const world::IncomingRequest& request, const protocol::OffsetForLeaderEpochRequest& body) {
    ++m_cluster.epochRequests;
    protocol::OffsetForLeaderEpochResponse response;
    auto& topic = response.topics.emplace_back();
    topic.topic = m_cluster.topic;
    for (const auto& asked : body.topics.at(0).partitions) {
      const ScriptedCluster::Partition& partition = m_cluster.partitions.at(static_cast<size_t>(asked.partition));
      auto& end = topic.partitions.emplace_back();
      end.partition = asked.partition;
      end.leaderEpoch = asked.leaderEpoch;
      const auto known = partition.epochEnds.find(asked.leaderEpoch);
      end.endOffset = known == partition.epochEnds.end() ? partition.endOffset : known->second;
    }
    m_context.network.respond(request.reply, std::move(response));
  }

  template <class Other>
  void answer(const world::IncomingRequest&, const Other&) {}

  world::NodeContext& m_context;
  const base::BrokerId m_id;
  ScriptedCluster& m_cluster;
};

}  // namespace

void ScriptedCluster::append(base::PartitionId index, const std::vector<std::string>& values) {
  Partition& partition = partitions.at(static_cast<size_t>(index));
  log::RecordBatchBuilder builder{log::RecordBatchBuilder::Options{}};
  for (const std::string& value : values) builder.append(1, std::nullopt, base::asBytes(value));
  partition.batches.push_back(placed(builder.build(), partition.endOffset, partition.epoch));
  partition.endOffset += static_cast<base::Offset>(values.size());
}

void ScriptedCluster::appendBatch(base::PartitionId index, base::ByteView batch) {
  Partition& partition = partitions.at(static_cast<size_t>(index));
  partition.batches.push_back(placed(batch, partition.endOffset, partition.epoch));
  partition.endOffset += log::scanBatch(batch, false).header.lastOffsetDelta + 1;
}

std::vector<std::string> ScriptedCluster::values(base::PartitionId index) const {
  std::vector<std::string> found;
  for (const base::SharedBytes& batch : partitions.at(static_cast<size_t>(index)).batches)
    (void)log::forEachRecord(batch.view(), [&](const log::RecordView& record) {
      found.emplace_back(base::asText(*record.value));
      return true;
    });
  return found;
}

void addScriptedBroker(world::World& world, base::BrokerId id, ScriptedCluster& cluster) {
  world.addNode(
      world::brokerAddress(id),
      [id, &cluster](world::NodeContext& context) { return std::make_unique<ScriptedBroker>(context, id, cluster); },
      nullptr);
  world.startNode(world::brokerAddress(id));
}

}  // namespace streamscope::test
