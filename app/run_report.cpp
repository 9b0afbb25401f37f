#include "run_report.h"

#include <QJsonArray>
#include <algorithm>

namespace streamscope::app {
namespace {

QString text(const std::string& utf8) {
  return QString::fromStdString(utf8);
}

QJsonArray ids(const std::vector<base::BrokerId>& brokers) {
  QJsonArray array;
  for (const base::BrokerId broker : brokers) array.append(broker);
  return array;
}

QString listed(const std::vector<base::BrokerId>& brokers) {
  QStringList parts;
  for (const base::BrokerId broker : brokers) parts << QString::number(broker);
  return "[" + parts.join(", ") + "]";
}

/// The replica of the partition's leader, null when there is none.
const lab::ReplicaState* leaderReplica(const lab::Snapshot& snapshot, const lab::PartitionState& partition) {
  for (const lab::BrokerState& broker : snapshot.brokers) {
    if (broker.id != partition.leader) continue;
    for (const lab::ReplicaState& replica : broker.replicas) {
      if (replica.partition == partition.partition) return &replica;
    }
  }
  return nullptr;
}

QJsonObject partitionReport(const lab::Snapshot& snapshot, const lab::PartitionState& partition) {
  QJsonArray replicas;
  for (const lab::BrokerState& broker : snapshot.brokers) {
    for (const lab::ReplicaState& replica : broker.replicas) {
      if (replica.partition != partition.partition) continue;
      replicas.append(QJsonObject{{"broker", broker.id},
                                  {"logStartOffset", static_cast<qint64>(replica.logStartOffset)},
                                  {"highWatermark", static_cast<qint64>(replica.highWatermark)},
                                  {"logEndOffset", static_cast<qint64>(replica.logEndOffset)},
                                  {"bytes", static_cast<qint64>(replica.bytes)},
                                  {"segments", static_cast<qint64>(replica.segments.size())}});
    }
  }
  return {{"partition", partition.partition.partition},
          {"leader", partition.leader},
          {"leaderEpoch", partition.leaderEpoch},
          {"replicas", ids(partition.replicas)},
          {"isr", ids(partition.isr)},
          {"logs", replicas}};
}

QJsonObject producerReport(const lab::ProducerState& producer) {
  return {{"name", text(producer.name)},
          {"topic", text(producer.topic)},
          {"acks", producer.acks},
          {"recordsSent", static_cast<qint64>(producer.recordsSent)},
          {"recordsAcknowledged", static_cast<qint64>(producer.recordsAcknowledged)},
          {"recordsFailed", static_cast<qint64>(producer.recordsFailed)},
          {"recordsInFlight", static_cast<qint64>(producer.recordsInFlight)},
          {"retries", static_cast<qint64>(producer.retries)}};
}

QJsonObject consumerReport(const lab::ConsumerState& consumer) {
  QJsonArray partitions;
  for (const lab::ConsumerPartitionState& partition : consumer.partitions) {
    partitions.append(QJsonObject{{"partition", text(partition.partition.toString())},
                                  {"position", static_cast<qint64>(partition.position)},
                                  {"lag", static_cast<qint64>(partition.lag())}});
  }
  return {{"name", text(consumer.name)},
          {"topic", text(consumer.topic)},
          {"recordsConsumed", static_cast<qint64>(consumer.recordsConsumed)},
          {"partitions", partitions}};
}

int64_t lagOf(const lab::ConsumerState& consumer) {
  int64_t lag = 0;
  for (const lab::ConsumerPartitionState& partition : consumer.partitions) lag += partition.lag();
  return lag;
}

}  // namespace

QStringList summaryOf(const lab::Snapshot& end) {
  QStringList lines;
  lines << QString("%1, seed %2, %3 of virtual time, %4 events")
               .arg(text(end.labName))
               .arg(end.seed)
               .arg(text(base::formatVirtualTime(end.time)))
               .arg(end.lastEvent);
  for (const lab::TopicState& topic : end.topics) {
    for (const lab::PartitionState& partition : topic.partitions) {
      const lab::ReplicaState* leader = leaderReplica(end, partition);
      lines << QString("  %1: leader %2, epoch %3, ISR %4 of %5, high watermark %6, log end offset %7")
                   .arg(text(partition.partition.toString()))
                   .arg(partition.leader)
                   .arg(partition.leaderEpoch)
                   .arg(listed(partition.isr), listed(partition.replicas))
                   .arg(leader ? leader->highWatermark : base::kNoOffset)
                   .arg(leader ? leader->logEndOffset : base::kNoOffset);
    }
  }
  for (const lab::ProducerState& producer : end.producers)
    lines << QString("  producer %1: %2 records acknowledged, %3 failed, %4 in flight, %5 retries")
                 .arg(text(producer.name))
                 .arg(producer.recordsAcknowledged)
                 .arg(producer.recordsFailed)
                 .arg(producer.recordsInFlight)
                 .arg(producer.retries);
  for (const lab::ConsumerState& consumer : end.consumers)
    lines << QString("  consumer %1: %2 records consumed, lag %3")
                 .arg(text(consumer.name))
                 .arg(consumer.recordsConsumed)
                 .arg(lagOf(consumer));
  return lines;
}

QJsonObject reportOf(const lab::Snapshot& end, const std::string& traceHash,
                     const std::vector<std::string>& violations) {
  QJsonArray topics, producers, consumers, broken;
  for (const std::string& violation : violations) broken.append(text(violation));
  for (const lab::TopicState& topic : end.topics) {
    QJsonArray partitions;
    for (const lab::PartitionState& partition : topic.partitions) partitions.append(partitionReport(end, partition));
    topics.append(QJsonObject{{"name", text(topic.name)},
                              {"id", text(topic.id.toString())},
                              {"minInsyncReplicas", topic.minInsyncReplicas},
                              {"partitions", partitions}});
  }
  for (const lab::ProducerState& producer : end.producers) producers.append(producerReport(producer));
  for (const lab::ConsumerState& consumer : end.consumers) consumers.append(consumerReport(consumer));
  return {{"lab", text(end.labName)},
          {"clusterId", text(end.clusterId)},
          // A number of JavaScript would lose digits.
          {"seed", QString::number(end.seed)},
          {"virtualTime", text(base::formatVirtualTime(end.time))},
          {"events", static_cast<qint64>(end.lastEvent)},
          {"traceSha256", text(traceHash)},
          {"brokenPromises", broken},
          {"underReplicatedPartitions", end.counters.underReplicatedPartitions},
          {"offlinePartitions", end.counters.offlinePartitions},
          {"topics", topics},
          {"producers", producers},
          {"consumers", consumers}};
}

}  // namespace streamscope::app
