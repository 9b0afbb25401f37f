#include "decision_trace.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "partition_reassignment.h"

namespace streamscope::controller {

namespace {

using protocol::BrokerRegistrationChangeRecord;
using protocol::ConfigRecord;
using protocol::MetadataRecord;
using protocol::PartitionChangeRecord;
using protocol::PartitionRecord;
using protocol::RegisterBrokerRecord;
using protocol::RemoveTopicRecord;
using protocol::TopicRecord;

const PartitionRegistration* findPartition(const MetadataImage& image, const base::Uuid& topicId,
                                           base::PartitionId partition) {
  const TopicImage* topic = image.findTopic(topicId);
  return topic == nullptr ? nullptr : image.findPartition(topic->name, partition);
}

std::string resourceText(const ConfigRecord& record) {
  switch (static_cast<ConfigResourceType>(record.resourceType)) {
    case ConfigResourceType::Topic:
      return "topic " + record.resourceName;
    case ConfigResourceType::Broker:
      return record.resourceName.empty() ? "brokers" : "broker " + record.resourceName;
    default:
      return "resource " + record.resourceName;
  }
}

template <class T>
std::optional<T> copyOf(const T* value) {
  return value == nullptr ? std::nullopt : std::optional<T>(*value);
}

}  // namespace

DecisionTrace::DecisionTrace(world::Trace& trace, const MetadataImage& image, std::string fencingReason)
    : m_trace(trace), m_image(image), m_fencingReason(std::move(fencingReason)) {}

void DecisionTrace::begin(const std::vector<MetadataRecord>& records) {
  for (const MetadataRecord& record : records) {
    const auto* topic = std::get_if<TopicRecord>(&record);
    if (topic == nullptr) continue;
    world::TopicCreated created{topic->name};
    for (const MetadataRecord& other : records) {
      const auto* partition = std::get_if<PartitionRecord>(&other);
      if (partition == nullptr || partition->topicId != topic->topicId) continue;
      ++created.partitions;
      created.replicationFactor = static_cast<int16_t>(partition->replicas.size());
    }
    m_trace.record(std::move(created));
  }
  tellGrowth(records);
}

void DecisionTrace::tellGrowth(const std::vector<MetadataRecord>& records) {
  std::map<base::Uuid, int32_t> added;
  for (const MetadataRecord& record : records)
    if (const auto* partition = std::get_if<PartitionRecord>(&record)) ++added[partition->topicId];
  for (const auto& [topicId, count] : added) {
    // One that is new has told of its partitions.
    const TopicImage* topic = m_image.findTopic(topicId);
    if (topic == nullptr) continue;
    const auto before = static_cast<int32_t>(topic->partitions.size());
    m_trace.record(world::PartitionsAdded{topic->name, before, before + count});
  }
}

void DecisionTrace::before(const MetadataRecord& record) {
  m_partitionBefore.reset();
  m_brokerBefore.reset();
  if (const auto* change = std::get_if<PartitionChangeRecord>(&record))
    m_partitionBefore = copyOf(findPartition(m_image, change->topicId, change->partitionId));
  else if (const auto* registration = std::get_if<RegisterBrokerRecord>(&record))
    m_brokerBefore = copyOf(m_image.findBroker(registration->brokerId));
  else if (const auto* brokerChange = std::get_if<BrokerRegistrationChangeRecord>(&record))
    m_brokerBefore = copyOf(m_image.findBroker(brokerChange->brokerId));
  else if (const auto* removed = std::get_if<RemoveTopicRecord>(&record))
    m_trace.record(world::TopicDeleted{m_image.findTopic(removed->topicId)->name});
  else if (const auto* config = std::get_if<ConfigRecord>(&record))
    m_trace.record(world::ConfigChanged{resourceText(*config), config->name, config->value.value_or(""),
                                        !config->value.has_value()});
}

void DecisionTrace::after(const MetadataRecord& record) {
  if (const auto* partition = std::get_if<PartitionRecord>(&record))
    tellPartition(partition->topicId, partition->partitionId);
  else if (const auto* change = std::get_if<PartitionChangeRecord>(&record))
    tellPartition(change->topicId, change->partitionId);
  else if (const auto* registration = std::get_if<RegisterBrokerRecord>(&record))
    tellBroker(registration->brokerId);
  else if (const auto* brokerChange = std::get_if<BrokerRegistrationChangeRecord>(&record))
    tellBroker(brokerChange->brokerId);
}

void DecisionTrace::tellBroker(base::BrokerId broker) {
  const BrokerRegistration& now = *m_image.findBroker(broker);
  const bool wasFenced = !m_brokerBefore || m_brokerBefore->fenced;
  if (now.fenced && !wasFenced) m_trace.record(world::BrokerFenced{world::brokerAddress(broker), m_fencingReason});
  if (!m_brokerBefore || m_brokerBefore->epoch != now.epoch)
    m_trace.record(world::BrokerRegistered{world::brokerAddress(broker), now.epoch});
  if (!now.fenced && wasFenced) m_trace.record(world::BrokerUnfenced{world::brokerAddress(broker)});
}

void DecisionTrace::tellPartition(const base::Uuid& topicId, base::PartitionId partition) {
  const PartitionRegistration& now = *findPartition(m_image, topicId, partition);
  world::PartitionChanged changed;
  changed.partition = {m_image.findTopic(topicId)->name, partition};
  if (m_partitionBefore) {
    changed.leaderBefore = m_partitionBefore->leader;
    changed.isrBefore = m_partitionBefore->isr;
  }
  changed.leader = now.leader;
  changed.leaderEpoch = now.leaderEpoch;
  changed.partitionEpoch = now.partitionEpoch;
  changed.isr = now.isr;
  const base::TopicPartition name = changed.partition;
  tellReassignment(changed.partition, now);
  m_trace.record(std::move(changed));
  if (m_partitionBefore && m_partitionBefore->replicas == now.replicas)
    tellDirectories(name, m_partitionBefore->directories, now);
}

void DecisionTrace::tellDirectories(const base::TopicPartition& name, const std::vector<base::Uuid>& before,
                                    const PartitionRegistration& now) {
  for (size_t place = 0; place < now.directories.size(); ++place)
    if (place >= before.size() || before[place] != now.directories[place])
      m_trace.record(world::ReplicaDirectoryAssigned{world::brokerAddress(now.replicas[place]), name,
                                                     now.directories[place].toString()});
}

void DecisionTrace::tellReassignment(const base::TopicPartition& partition, const PartitionRegistration& now) {
  if (!m_partitionBefore) return;
  const PartitionReassignment before = reassignmentOf(*m_partitionBefore), after = reassignmentOf(now);
  const bool isSame =
      before.replicas == after.replicas && before.adding == after.adding && before.removing == after.removing;
  if (isSame) return;
  // A rearranged assignment is complete at once.
  std::string change = after.isInProgress() ? "started" : "completed";
  if (before.isInProgress() && !after.isInProgress()) {
    const auto& replicas = after.replicas;
    const bool leftOut = std::any_of(before.adding.begin(), before.adding.end(), [&](base::BrokerId broker) {
      return std::find(replicas.begin(), replicas.end(), broker) == replicas.end();
    });
    const bool keptIn = std::any_of(before.removing.begin(), before.removing.end(), [&](base::BrokerId broker) {
      return std::find(replicas.begin(), replicas.end(), broker) != replicas.end();
    });
    if (leftOut || keptIn) change = "cancelled";
  }
  m_trace.record(world::PartitionReassigned{partition, change, after.replicas, after.adding, after.removing});
}

}  // namespace streamscope::controller
