#include "decision_trace.h"

#include <utility>
#include <variant>

namespace streamscope::controller {

namespace {

using protocol::BrokerRegistrationChangeRecord;
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

}  // namespace streamscope::controller
